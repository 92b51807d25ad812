// The paper beside its tasks: choosing one shows the other; everything that can be done to a task has a key.
"use strict";
(() => {
  const desk = document.getElementById("desk");
  const paper = document.getElementById("paper");
  const may = desk.hasAttribute("data-may-update");
  const base = `/van-ban/${desk.dataset.document}`;
  let chosen = null;  // id of the task
  let gone = null;  // the task that was just removed: undo brings it back
  let afterwards = null;  // what to do once the answer is on the page

  const tasks = () => [...document.querySelectorAll("#tasks > .task")];
  const current = () => tasks().find((task) => task.dataset.task === chosen);
  const spans = (task) => task.dataset.lines.split(" ").map((span) => {
    const [page, lines] = span.split(":"), [first, last] = lines.split("-").map(Number);
    return { page, first, last };
  });
  const linesOf = (task) => spans(task).flatMap(({ page, first, last }) =>
    [...document.querySelectorAll(`#trang-${page} [data-line]`)].filter((line) => first <= line.dataset.line && line.dataset.line <= last));
  const tasksOn = (line) => {
    const page = line.closest(".page").dataset.page, number = Number(line.dataset.line);
    return tasks().filter((task) => spans(task).some((span) => span.page === page && span.first <= number && number <= span.last));
  };

  const paint = () => {
    for (const line of paper.querySelectorAll("[data-line]")) line.classList.remove("t", "q", "now");
    for (const task of tasks()) {
      const names = task.classList.contains("doubtful") ? ["t", "q"] : ["t"];
      for (const line of linesOf(task)) line.classList.add(...names);
    }
    for (const task of tasks()) {
      const now = task.dataset.task === chosen;
      task.classList.toggle("now", now);
      if (now) { task.setAttribute("aria-current", "true"); for (const line of linesOf(task)) line.classList.add("now"); }
      else task.removeAttribute("aria-current");
    }
  };

  const showPaper = (task) => {
    const lines = linesOf(task);
    if (!lines.length) { document.getElementById(`trang-${task.dataset.page}`)?.scrollIntoView({ block: "start" }); return; }
    const frame = paper.getBoundingClientRect(), top = lines[0].getBoundingClientRect(), end = lines[lines.length - 1].getBoundingClientRect();
    if (top.top < frame.top + 10 || end.bottom > frame.bottom - 10) {
      const room = Math.max(20, (frame.height - (end.bottom - top.top)) / 3);
      paper.scrollBy({ top: top.top - frame.top - room });
    }
    if (top.left < frame.left || top.right > frame.right) paper.scrollBy({ left: top.left - frame.left - 20 });
  };

  const choose = (task, { focus = true, scrollPaper = true } = {}) => {
    if (!task) return;
    chosen = task.dataset.task;
    paint();
    if (focus) { task.focus({ preventScroll: true }); task.scrollIntoView({ block: "nearest" }); }
    if (scrollPaper) showPaper(task);
  };

  const step = (by) => {
    const all = tasks(), at = all.indexOf(current());
    choose(all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))]);
  };
  const nextDoubtful = () => {
    const all = tasks(), at = all.indexOf(current());
    const found = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((task) => task.classList.contains("doubtful"));
    if (found) choose(found);
    return Boolean(found);
  };

  const send = (method, path, target, values, then) => {
    afterwards = then ?? null;
    htmx.ajax(method, path, { target, swap: target === "#tasks" || target.startsWith("#nv-") ? "outerHTML" : "innerHTML", values });
  };
  const seen = (task) => ({ expected: task.dataset.newest });
  // What is typed between the key that opens a form and the form's arrival belongs into the form.
  let early = null;
  addEventListener("keydown", (event) => {
    if (early === null || event.ctrlKey || event.altKey || event.metaKey || event.key === "Shift") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key.length === 1) early += event.key;
    else if (event.key === "Backspace") early = early.slice(0, -1);
  }, true);
  const typeEarly = (field) => {
    const text = early;
    early = null;
    if (!text || !field.matches("textarea, input:not([type=date], [type=number])")) return;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const edit = (task, field) => {
    early = "";
    send("GET", `${base}/nhiem-vu/${task.dataset.task}/sua?o=${field}`, `#nv-${task.dataset.task}`);
  };

  const acts = {
    edit: (task) => edit(task, "lead"),
    confirm: (task) => send("POST", `${base}/nhiem-vu/${task.dataset.task}/xac-nhan`, `#nv-${task.dataset.task}`, seen(task), nextDoubtful),
    done: (task) => send("POST", `${base}/nhiem-vu/${task.dataset.task}/hoan-thanh`, `#nv-${task.dataset.task}`, seen(task)),
    undo: (task) => send("POST", `${base}/nhiem-vu/${gone ?? task.dataset.task}/hoan-tac`, "#tasks", {}),
    split: (task) => send("GET", `${base}/nhiem-vu/${task.dataset.task}/tach`, `#more-${task.dataset.task}`),
    history: (task) => send("GET", `${base}/nhiem-vu/${task.dataset.task}/lich-su`, `#more-${task.dataset.task}`),
    merge: (task) => {
      const before = task.previousElementSibling;
      if (before) send("POST", `${base}/nhiem-vu/${task.dataset.task}/gop`, "#tasks", { with: before.dataset.task, expected: Math.max(task.dataset.newest, before.dataset.newest) },
        () => choose(document.getElementById(before.id)));
    },
    remove: (task) => {
      const next = task.nextElementSibling ?? task.previousElementSibling;
      send("POST", `${base}/nhiem-vu/${task.dataset.task}/xoa`, "#tasks", seen(task), () => choose(next && document.getElementById(next.id)));
    },
  };
  const add = (page, first, last) => send("GET", `${base}/them?trang=${page}&tu=${first}&den=${last}`, "#adding");
  const act = (name) => {
    if (name === "add") { const page = current()?.dataset.page ?? 1; add(page, 1, 1); return; }
    const task = current() ?? tasks()[0];
    if (!task && gone && name === "undo") { send("POST", `${base}/nhiem-vu/${gone}/hoan-tac`, "#tasks", {}); gone = null; return; }
    if (!task || task.classList.contains("editing")) return;
    if (task.dataset.task !== chosen) choose(task);
    acts[name](task);
    gone = name === "remove" ? task.dataset.task : null;
  };

  const dirty = (form) => [...form.elements].some((field) =>
    (field.matches("input:not([type=hidden]), textarea") && field.value !== field.defaultValue) ||
    (field.matches("select") && [...field.options].some((option) => option.selected !== option.defaultSelected)));
  const leave = (form) => {
    if (dirty(form) && !confirm("Bỏ các sửa đổi chưa lưu?")) return;
    const task = form.closest(".task.editing");
    if (task) { send("GET", `${base}/nhiem-vu/${task.dataset.task}`, `#nv-${task.dataset.task}`, undefined, () => choose(current())); return; }
    form.parentElement.replaceChildren();
    choose(current());
  };

  // Lines of the paper
  let picked = null;  // page, first, last
  const bar = document.getElementById("picked");
  const paintPicked = () => {
    for (const line of paper.querySelectorAll(".picked")) line.classList.remove("picked");
    if (bar) bar.hidden = !picked;
    if (!picked) return;
    for (const line of document.querySelectorAll(`#trang-${picked.page} [data-line]`)) {
      line.classList.toggle("picked", picked.first <= line.dataset.line && line.dataset.line <= picked.last);
    }
    bar.querySelector("span").textContent = `Trang ${picked.page}, dòng ${picked.first}–${picked.last}`;
  };
  paper.addEventListener("click", (event) => {
    const line = event.target.closest("[data-line]");
    if (!line) return;
    const on = tasksOn(line), page = line.closest(".page").dataset.page, number = Number(line.dataset.line);
    if (on.length && !event.shiftKey) {
      const at = on.findIndex((task) => task.dataset.task === chosen);
      choose(on[(at + 1) % on.length], { focus: true, scrollPaper: false });
      picked = null;
    } else if (may) {
      picked = picked && picked.page === page && (event.shiftKey || number === picked.last + 1 || number === picked.first - 1)
        ? { page, first: Math.min(picked.first, number), last: Math.max(picked.last, number) } : { page, first: number, last: number };
    }
    paintPicked();
  });
  document.getElementById("add-picked")?.addEventListener("click", () => { add(picked.page, picked.first, picked.last); picked = null; paintPicked(); });
  document.getElementById("drop-picked")?.addEventListener("click", () => { picked = null; paintPicked(); });

  // Zoom
  let zoom = 1;
  const zoomTo = (level) => {
    zoom = Math.min(3, Math.max(1, level));
    paper.classList.toggle("z2", zoom === 2);
    paper.classList.toggle("z3", zoom === 3);
    if (zoom > 1) for (const image of paper.querySelectorAll("img[data-large]")) { image.src = image.dataset.large; image.removeAttribute("data-large"); }
    const task = current();
    if (task) showPaper(task);
  };
  document.getElementById("zoom-in")?.addEventListener("click", () => zoomTo(zoom + 1));
  document.getElementById("zoom-out")?.addEventListener("click", () => zoomTo(zoom - 1));

  // Tasks
  const work = document.getElementById("work");
  work.addEventListener("click", (event) => {
    const value = event.target.closest("[data-edit]");
    const task = event.target.closest(".task");
    if (event.target.closest(".close")) {
      const form = event.target.closest("form");
      if (form) leave(form); else { event.target.closest("section").remove(); }
      return;
    }
    if (value && task) {
      event.preventDefault();
      choose(task, { focus: false });
      edit(task, value.dataset.edit);
    } else if (task && !event.target.closest("a, button, input, select, textarea, label")) {
      if (!String(getSelection())) choose(task, { focus: !task.classList.contains("editing") });
    }
    const button = event.target.closest("[data-act]");
    if (button) act(button.dataset.act);
  });
  work.addEventListener("focusin", (event) => {
    const task = event.target.closest(".task");
    if (task && task.dataset.task !== chosen) choose(task, { focus: false });
  });

  const keysDialog = document.getElementById("keys");
  document.getElementById("show-keys").addEventListener("click", () => keysDialog.showModal());

  document.addEventListener("keydown", (event) => {
    if (keysDialog.open || event.isComposing) return;
    const form = event.target.closest?.(".task-form");
    if (form) {
      if (event.key === "Escape") { event.preventDefault(); leave(form); }
      else if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); form.querySelector("button.primary").click(); }
      return;
    }
    if (event.target.closest?.("input, textarea, select, dialog") || event.ctrlKey || event.altKey || event.metaKey) return;
    const onTask = event.target === document.body || event.target.matches?.(".task, main, #paper, #work");
    const moves = { j: () => step(1), k: () => step(-1), n: nextDoubtful, "+": () => zoomTo(zoom + 1), "=": () => zoomTo(zoom + 1), "-": () => zoomTo(zoom - 1) };
    const fields = { l: "lead", h: "due", g: "note" };
    if (moves[event.key]) { event.preventDefault(); moves[event.key](); }
    else if (may && fields[event.key]) { event.preventDefault(); const task = current() ?? tasks()[0]; if (task) { choose(task); edit(task, fields[event.key]); } }
    else if (may && event.key === "Enter" && onTask && current()) { event.preventDefault(); act("edit"); }
    else if (may && event.key === "Delete" && onTask && current()) act("remove");
  });

  document.addEventListener("htmx:afterSettle", () => {
    paint();
    const then = afterwards;
    afterwards = null;
    const wanted = document.querySelector("#work [data-focus]");
    if (wanted) {
      wanted.removeAttribute("data-focus");
      wanted.focus();
      if (early !== null) typeEarly(wanted);
      wanted.closest(".task-form").scrollIntoView({ block: "nearest" });
    } else if (then && then() !== false) { /* it has chosen */ }
    else if (document.activeElement === document.body && current()) choose(current(), { scrollPaper: false });
    if (zoom > 1) zoomTo(zoom);
  });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, () => { afterwards = early = null; });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400) early = null;
    // Somebody else was quicker. What they did is said; the task is shown as it is by now, so that the same key then does it.
    if (xhr.status !== 409 || xhr.getResponseHeader("HX-Retarget") !== "#message") return;
    for (const task of [current(), current()?.previousElementSibling]) {
      if (task && !task.classList.contains("editing")) htmx.ajax("GET", `${base}/nhiem-vu/${task.dataset.task}`, { target: `#${task.id}`, swap: "outerHTML" });
    }
  });
  // What was said stays long enough to be read.
  let quiet = 0;
  new MutationObserver(() => {
    clearTimeout(quiet);
    quiet = setTimeout(() => document.getElementById("message").replaceChildren(), 12000);
  }).observe(document.getElementById("message"), { childList: true });
  addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll("#work .task-form")].some(dirty)) event.preventDefault();
  });

  paint();
  document.querySelector("#work [data-focus]")?.focus();
  const header = document.querySelector("#header form input:not([type=hidden])");
  const named = location.hash.startsWith("#nv-") && document.getElementById(location.hash.slice(1));
  if (header) header.focus();
  else if (named) choose(named, { focus: !named.classList.contains("editing") });
  // What the paper as a whole lacks stands at the top: the page stays there.
  else if (document.querySelector("#warnings form")) choose(tasks()[0], { focus: false, scrollPaper: false });
  else { const first = tasks().find((task) => task.classList.contains("doubtful")) ?? tasks()[0]; if (first) choose(first, { scrollPaper: Boolean(first.classList.contains("doubtful")) }); }
})();
