// Suggestions of agencies while one types: the editable combobox with a listbox of the ARIA Authoring Practices Guide.
// A field holds several names parted by ";"; suggestions concern the one at the caret. data-offer: names worth offering before anything is typed.
// data-single: the field holds one name. data-adds: what is chosen, or typed and entered, becomes a line of the textarea with that id.
"use strict";
(() => {
  let field = null, list = null, asked = 0, timer = 0;

  const part = () => {
    const text = field.value, caret = field.selectionStart ?? text.length;
    if ("single" in field.dataset) return { from: 0, to: text.length, words: text.trim() };
    const from = text.lastIndexOf(";", caret - 1) + 1;
    const end = text.indexOf(";", caret);
    return { from, to: end < 0 ? text.length : end, words: text.slice(from, end < 0 ? text.length : end).trim() };
  };
  const wholeSelected = () => field.selectionStart === 0 && field.selectionEnd === field.value.length && field.value.length > 0;

  const close = () => {
    clearTimeout(timer);
    asked += 1;
    if (!list) return;
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list && list.querySelector("[aria-selected=true]");
  const mark = (option) => {
    active()?.setAttribute("aria-selected", "false");
    if (!option) { field.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };

  const show = (found, choose) => {
    list.replaceChildren(...found.map(({ name, note }, at) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.role = "option";
      option.dataset.name = name;
      option.setAttribute("aria-selected", "false");
      option.append(name);
      if (note) {
        const small = document.createElement("small");
        small.textContent = ` ${note}`;
        option.append(small);
      }
      return option;
    }));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
    if (found.length && choose) mark(list.firstElementChild);
  };

  const offers = () => JSON.parse(field.dataset.offer || "[]");

  const ask = async () => {
    const words = part().words, turn = ++asked;
    if (!words) { show(offers(), false); return; }
    const answer = await fetch(`/co-quan?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
    if (turn !== asked || !answer.ok || answer.redirected) return;  // redirected: the session is over, saving will say so
    show(await answer.json(), true);
  };

  const add = (name) => {
    const lines = document.getElementById(field.dataset.adds);
    lines.value = [...lines.value.split("\n").filter((line) => line.trim()), name].join("\n");
    field.value = "";
    close();
  };
  const choose = (option) => {
    if (field.dataset.adds) { add(option.dataset.name); return; }
    const { from, to } = wholeSelected() ? { from: 0, to: field.value.length } : part();
    const before = field.value.slice(0, from), after = field.value.slice(to);
    const name = (before ? " " : "") + option.dataset.name;
    field.value = before + name + after;
    field.setSelectionRange(before.length + name.length, before.length + name.length);
    close();
  };

  document.addEventListener("focusin", (event) => {
    if (!event.target.matches("input[role=combobox]")) return;
    field = event.target;
    list = document.getElementById(field.getAttribute("aria-controls"));
    field.select();  // typing replaces the names; End goes on behind them
    if (offers().length) show(offers(), false);
  });
  document.addEventListener("focusout", (event) => { if (event.target === field) { close(); } });
  document.addEventListener("input", (event) => {
    if (event.target !== field || !field.matches("[role=combobox]")) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== field || !event.target.matches("[role=combobox]") || event.isComposing) return;
    const all = options(), at = all.indexOf(active());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { ask(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(all[(at + step + all.length) % all.length] ?? all[step > 0 ? 0 : all.length - 1]);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(all[at]);
    } else if (event.key === "Enter" && field.dataset.adds) {
      event.preventDefault();
      if (field.value.trim()) add(field.value.trim());
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopImmediatePropagation();
      close();
    } else if (event.key === "Tab" && !list.hidden && at >= 0) choose(all[at]);
    else if (event.key === ";") close();
  }, true);
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.("[role=option]");
    if (option && list && list.contains(option)) { event.preventDefault(); choose(option); }
  });
})();
