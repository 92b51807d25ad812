"""Registers as Excel workbooks, ready to print on A4."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracking.exporting import COMBINED, combined_register, put_in_place, write_department, write_departments
from tracking.register import COLUMNS, TITLE, Cell, Register
from tracking.rows import DepartmentRow
from tracking.store import Store

HEADER_ROW = 5
"""Rows 1 to 4: agency, title, day, counts."""

RED = "FFC00000"
_FONT = "Times New Roman"
_LONGEST_TEXT = 32_767
"""Characters that Excel takes in one cell."""

_SUMMARY_COLUMNS = (
    ("Cơ quan, đơn vị", 40), ("Tổng số", 10), ("Hoàn thành đúng hạn", 12), ("Hoàn thành quá hạn", 12), ("Trong hạn", 10), ("Quá hạn", 10),
    ("Không thời hạn", 10), ("Trả lại, chuyển, dừng", 12), ("Tỷ lệ hoàn thành (%)", 12),
)  # fmt: skip
_THIN = Side(style="thin", color="FFBFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADER_FILL = PatternFill("solid", fgColor="FFD9E1F2")
_FILLS = {"overdue": PatternFill("solid", fgColor="FFFDE9E7"), "due_soon": PatternFill("solid", fgColor="FFFFF5D6")}
_FORMULA = ("=", "+", "-", "@")


def export_department(store: Store, agency: str, path: Path, as_of: date | None = None) -> Path:
    """Write the workbook of one department; an existing file is replaced.

    :raises NotFound: no agency has such a name. :raises FileAccessError: the file cannot be written.
    """
    return write_department(store, agency, path, as_of, _write)


def export_combined(store: Store, path: Path, as_of: date | None = None) -> Path:
    """Write one workbook for all: counts for each department, and every task once.

    :raises FileAccessError: the file cannot be written.
    """
    register, summary = combined_register(store, as_of), store.department_summary(as_of)
    return put_in_place(path, lambda temporary: _write(register, temporary, summary))


def export_all(store: Store, folder: Path, as_of: date | None = None, *, places: bool = False) -> list[Path]:
    """Write a workbook for each department and ``tong-hop.xlsx`` with all; the paths written.

    ``places``: also a file for each commune or province of a group, instead of one for the group.

    :raises FileAccessError: the folder or a file cannot be written.
    """
    written = write_departments(store, folder, "xlsx", as_of, _write, places=places)
    return [*written, export_combined(store, folder / f"{COMBINED}.xlsx", as_of)]


def _write(register: Register, path: Path, summary: Sequence[DepartmentRow] | None = None) -> None:
    workbook = Workbook()
    workbook.properties.creator = "dondoc"
    workbook.properties.title = f"{TITLE} - {register.agency}"
    sheet = workbook.worksheets[0]
    sheet.title = "Nhiệm vụ"
    if summary is not None:
        _fill_summary(workbook.create_sheet("Tổng hợp", 0), register, summary)
        workbook.active = 0
    _fill_tasks(sheet, register)
    workbook.save(path)


class _Styles:
    """Styles of body cells, each made once: openpyxl compares fonts and fills member by member for every cell that is given one."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._made: dict[tuple[str, str, bool], SheetCell] = {}

    def put(self, cell: SheetCell | MergedCell, state: str) -> None:
        """Style a cell that has its value already, by how its row stands."""
        kind = "date" if isinstance(cell.value, date) else "text" if isinstance(cell.value, str) else "number"
        quoted = kind == "text" and str(cell.value).lstrip().startswith(_FORMULA)
        key = (state, kind, quoted)
        if key not in self._made:
            self._made[key] = self._make(*key)
        cell._style = copy(self._made[key]._style)  # type: ignore[union-attr, attr-defined]

    def _make(self, state: str, kind: str, quoted: bool) -> SheetCell:
        sample = SheetCell(self._sheet, 1, 1)
        sample.font = Font(name=_FONT, size=11, color=RED if state == "overdue" else "FF000000")
        sample.border = _BORDER
        sample.alignment = Alignment(vertical="top", wrap_text=True, horizontal="left" if kind == "text" else "center")
        if state in _FILLS:
            sample.fill = _FILLS[state]
        if kind == "date":
            sample.number_format = "dd/mm/yyyy"
        # Keeps Excel from taking the text for a formula once somebody edits the cell.
        sample.quotePrefix = quoted
        return sample


def _fill_tasks(sheet: Worksheet, register: Register) -> None:
    _head(sheet, register, [(column.title, column.width) for column in COLUMNS])
    states = [row.task.state for row in register.rows]
    _put_rows(sheet, register.cells(), states)
    _finish(sheet, len(COLUMNS))


def _fill_summary(sheet: Worksheet, register: Register, summary: Sequence[DepartmentRow]) -> None:
    _head(sheet, register, _SUMMARY_COLUMNS)
    rows: list[list[Cell]] = []
    for row in summary:
        done = row.done_on_time + row.done_late
        counts = (row.total, row.done_on_time, row.done_late, row.in_time, row.overdue, row.no_deadline, row.closed_otherwise)
        rows.append([row.agency, *counts, round(100 * done / row.total)])
    _put_rows(sheet, rows, ["overdue" if row.overdue else "" for row in summary])
    _finish(sheet, len(_SUMMARY_COLUMNS))


def _put_rows(sheet: Worksheet, rows: Sequence[Sequence[Cell]], states: Sequence[str]) -> None:
    styles = _Styles(sheet)
    for number, (row, state) in enumerate(zip(rows, states, strict=True), HEADER_ROW + 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            _set(cell, value)
            styles.put(cell, state)


def _head(sheet: Worksheet, register: Register, columns: Sequence[tuple[str, int]]) -> None:
    last = get_column_letter(len(columns))
    lines = (
        (register.agency.upper(), Font(name=_FONT, size=12, bold=True)),
        (TITLE, Font(name=_FONT, size=14, bold=True)),
        (f"(Tính đến ngày {register.as_of:%d/%m/%Y})", Font(name=_FONT, size=12, italic=True)),
        (register.counted(), Font(name=_FONT, size=11)),
    )
    for number, (text, font) in enumerate(lines, 1):
        sheet.merge_cells(f"A{number}:{last}{number}")
        cell = sheet.cell(number, 1)
        _set(cell, text)
        cell.font = font
        cell.alignment = Alignment(horizontal="left" if number in (1, 4) else "center", vertical="center")
    for number, (title, width) in enumerate(columns, 1):
        cell = sheet.cell(HEADER_ROW, number)
        _set(cell, title)
        cell.font = Font(name=_FONT, size=11, bold=True)
        cell.fill, cell.border = _HEADER_FILL, _BORDER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = width


def _set(cell: SheetCell | MergedCell, value: Cell) -> None:
    """Put a value; a text stays a text whatever it begins with."""
    assert isinstance(cell, SheetCell)
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_TEXT]
    if cell.value:
        # openpyxl takes "=…" for a formula and "#N/A" for an error.
        cell.data_type = "s"


def _finish(sheet: Worksheet, columns: int) -> None:
    last = get_column_letter(columns)
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{max(sheet.max_row, HEADER_ROW)}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    assert sheet.oddFooter is not None
    sheet.oddFooter.center.text = "Trang &P/&N"
