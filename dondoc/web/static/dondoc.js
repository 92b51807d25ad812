// Keys that work on every page. data-key="x" names the key that moves to a field or presses a button or link.
"use strict";
document.documentElement.classList.add("js");
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Escape" && typing) { typing.blur(); return; }
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input:not([type=checkbox]), textarea, select")) target.focus(); else target.click();
});
// An answer that says what went wrong is shown too; htmx leaves answers of 400 and more aside otherwise.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
// An answer that never comes is told too: whoever saved something must know that it was not.
for (const failure of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, (event) => {
  if (event.detail.requestConfig.verb === "get") return;  // what pages ask for by themselves will be asked for again
  const said = document.createElement("p");
  said.className = "notice bad";
  said.setAttribute("role", "alert");
  said.textContent = "Không liên lạc được với máy chủ nên chưa ghi gì. Hãy kiểm tra mạng, hoặc dondoc serve còn chạy không, rồi thử lại.";
  document.getElementById("message").replaceChildren(said);
});
// A browser set to English writes 06/05 for the 5th of June: beside a date field stands its day as offices here write it.
const monthFirst = new Intl.DateTimeFormat().formatToParts(new Date()).find((part) => part.type === "day" || part.type === "month").type === "month";
function sayDay(field) {
  let said = field.nextElementSibling;
  if (!said || !said.matches(".said-day")) {
    if (!field.value) return;
    said = document.createElement("span");
    said.className = "soft said-day";
    field.after(said);
  }
  said.textContent = field.value && "ngày " + field.value.split("-").reverse().join("/");
}
if (monthFirst) {
  document.addEventListener("input", (event) => { if (event.target.matches("input[type=date]")) sayDay(event.target); });
  // Also for the page itself, once it is there.
  document.addEventListener("htmx:load", () => document.querySelectorAll("input[type=date]").forEach(sayDay));
}
