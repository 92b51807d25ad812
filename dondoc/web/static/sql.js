// What Datasette's pages lack for keyboards and screen readers.
"use strict";
addEventListener("load", () => {
  for (const table of document.querySelectorAll(".table-wrapper")) {
    table.tabIndex = 0;
    table.role = "region";
    table.ariaLabel = "Bảng kết quả";
  }
  // The editor types into a field of its own.
  for (const field of document.querySelectorAll(".CodeMirror textarea")) field.ariaLabel = "Câu SQL";
});
