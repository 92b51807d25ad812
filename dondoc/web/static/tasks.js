// Marking rows: all at once, a range with Shift, and how many are marked.
"use strict";
let last = null;
const boxes = () => [...document.querySelectorAll('#many input[name="id"]')];
function told() {
  const marked = boxes().filter((box) => box.checked).length;
  document.querySelector("fieldset.many").classList.toggle("on", marked > 0);
  document.querySelector("[data-count]").textContent = `${marked} nhiệm vụ đã chọn`;
}
document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches || !box.matches('#many input[type="checkbox"]')) return;
  if (box.matches("[data-all]")) boxes().forEach((one) => { one.checked = box.checked; });
  else if (box.name === "id") {
    if (event.shiftKey && last && document.contains(last)) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    }
    last = box;
  }
  told();
});
// The list may come back with rows that are marked already.
document.addEventListener("htmx:afterSwap", () => { if (document.querySelector("#many fieldset.many")) told(); });
