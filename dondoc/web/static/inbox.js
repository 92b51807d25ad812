// Files dropped or chosen are sent one by one, with their progress. Without this script the form sends them.
"use strict";
(() => {
  const form = document.getElementById("drop");
  if (!form) return;
  const list = document.getElementById("sending");
  const chooser = form.querySelector("input[type=file]");
  const most = Number(form.dataset.most) * 1e6;
  const queue = [];
  let sending = false;

  const refresh = () => htmx.trigger(document.body, "look");

  const say = (item, words, bad) => {
    item.querySelector("progress")?.remove();
    const text = item.querySelector("span");
    text.textContent = words;
    text.className = bad ? "late" : "soft";
  };

  const send = ({ file, item }) => new Promise((done) => {
    const body = new FormData();
    body.append("files", file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", form.elements.csrf.value);
    request.upload.addEventListener("progress", (event) => {
      const bar = item.querySelector("progress");
      if (bar && event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* an error page */ }
      if (request.status === 200 && answer && answer.saved.length) {
        const name = answer.saved[0];
        say(item, name === file.name ? "đã vào hộp thư" : `đã vào hộp thư với tên ${name}`);
        setTimeout(() => item.remove(), 8000);
      } else if (answer && answer.refused && answer.refused.length) say(item, answer.refused[0].reason, true);
      else if (request.responseURL.includes("/dang-nhap")) say(item, "hết phiên làm việc, hãy tải lại trang và đăng nhập lại", true);
      else say(item, request.status === 403 ? "trang đã cũ, hãy tải lại trang" : "không gửi được, hãy thử lại", true);
      done();
    });
    request.send(body);
  });

  const work = async () => {
    if (sending) return;
    sending = true;
    while (queue.length) { await send(queue.shift()); refresh(); }
    sending = false;
  };

  const take = (files) => {
    for (const file of files) {
      const item = document.createElement("li");
      const name = document.createElement("b");
      const text = document.createElement("span");
      name.textContent = file.name;
      item.append(name, text);
      list.append(item);
      if (file.size > most) { say(item, `lớn hơn ${form.dataset.most} MB nên không nhận`, true); continue; }
      const bar = document.createElement("progress");
      bar.max = 1; bar.value = 0;
      bar.setAttribute("aria-label", `Đang gửi ${file.name}`);
      item.insertBefore(bar, text);
      queue.push({ file, item });
    }
    work();
  };

  chooser.addEventListener("change", () => { take(chooser.files); chooser.value = ""; });
  form.addEventListener("submit", (event) => { event.preventDefault(); chooser.click(); });
  // The whole page takes files: one dropped beside the frame would otherwise be opened in place of the page.
  const bearsFiles = (event) => event.dataTransfer && event.dataTransfer.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (bearsFiles(event)) { event.preventDefault(); form.classList.add("over"); }
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!bearsFiles(event)) return;
    event.preventDefault();
    form.classList.remove("over");
    take([...event.dataTransfer.files].filter((file) => file.size || file.type));
  });
})();
