"""Registers as Excel workbooks, ready to print on A4 and to be filled in.

Cells that a person may fill in are green; typing into others is refused. The sheet is not protected: neither Excel nor LibreOffice sorts
rows with locked cells. What was in the cells when the file was written stands in a hidden sheet (:mod:`tracking.workbook_base`), so that
``dondoc import`` can take the workbook back and see what is no department's to change.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracking import workbook_base
from tracking.exporting import COMBINED, combined_register, put_in_place, write_department, write_departments
from tracking.register import COLUMNS, PRINTED, TITLE, Cell, Register
from tracking.rows import DepartmentRow, TaskFilter
from tracking.standing import cell_text
from tracking.store import Store

HEADER_ROW = 6
"""Rows 1 to 5: agency, title, day, counts, how to fill it in."""

RED = "FFC00000"
_FONT = "Times New Roman"
_LEGEND = "Ô nền xanh: điền hoặc sửa, lưu tệp rồi gửi lại."
_SUMMARY_TITLE = "TỔNG HỢP TÌNH HÌNH THỰC HIỆN NHIỆM VỤ ĐƯỢC GIAO"
_SUMMARY_COLUMNS = (
    ("TT", 6), ("Cơ quan, đơn vị", 40), ("Tổng số", 10), ("Hoàn thành đúng hạn", 12), ("Hoàn thành quá hạn", 12), ("Trong hạn", 10),
    ("Quá hạn", 10), ("Không thời hạn", 10), ("Trả lại, chuyển, dừng", 12), ("Tỷ lệ hoàn thành (%)", 12), ("Tỷ lệ đúng hạn (%)", 12),
)  # fmt: skip
"""Both percentages are of the total, the second of what was done on time."""
_THIN = Side(style="thin", color="FFBFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADER_FILL = PatternFill("solid", fgColor="FFD9E1F2")
_FILL_IN = PatternFill("solid", fgColor="FFE8F5E4")
_FILL_IN_HEADER = PatternFill("solid", fgColor="FFC6E5BC")
_FILLS = {"overdue": PatternFill("solid", fgColor="FFFDE9E7"), "due_soon": PatternFill("solid", fgColor="FFFFF5D6")}
_FORMULA = ("=", "+", "-", "@")
_FORMATS = {"date": "dd/mm/yyyy", "number text": "@"}
"""``number text``: without the format Excel makes a date of the reply number "12/3"."""


def export_department(store: Store, agency: str | None, path: Path, as_of: date | None = None) -> Path:
    """Write the workbook of one department (None: of nobody); an existing file is replaced.

    :raises NotFound: no agency has such a name. :raises FileAccessError: the file cannot be written.
    """
    return write_department(store, agency, path, as_of, partial(write, store.identity))


def export_combined(store: Store, path: Path, as_of: date | None = None, wanted: TaskFilter | None = None) -> Path:
    """Write one workbook for all: counts for each department, and every task once; of a filter only its tasks.

    :raises FileAccessError: the file cannot be written.
    """
    register, summary = combined_register(store, as_of, wanted), None if wanted else store.department_summary(as_of)
    return put_in_place(path, lambda temporary: write(store.identity, register, temporary, summary))


def export_all(store: Store, folder: Path, as_of: date | None = None, *, places: bool = False) -> list[Path]:
    """Write a workbook for each department and ``tong-hop.xlsx`` with all; the paths written.

    ``places``: also a file for each commune or province of a group, instead of one for the group.

    :raises FileAccessError: the folder or a file cannot be written.
    """
    written = write_departments(store, folder, "xlsx", as_of, partial(write, store.identity), places=places)
    return [*written, export_combined(store, folder / f"{COMBINED}.xlsx", as_of)]


def write(workspace: str, register: Register, path: Path, summary: Sequence[DepartmentRow] | None = None) -> None:
    """Write a register as a workbook, with a sheet of counts when ``summary`` is given; ``workspace``: :attr:`Store.identity`."""
    workbook = Workbook()
    # The unit of column widths is a digit of this font; Excel and LibreOffice then agree on it.
    workbook._named_styles["Normal"].font = Font(name=_FONT, size=11)  # type: ignore[attr-defined]
    workbook.properties.creator = "dondoc"
    workbook.properties.title = f"{TITLE} - {register.agency}"
    sheet = workbook.worksheets[0]
    sheet.title = "Nhiệm vụ"
    if summary is not None:
        _fill_summary(workbook.create_sheet("Tổng hợp", 0), register, summary)
        workbook.active = 0
    _fill_tasks(sheet, register)
    workbook_base.write(workbook, workspace, ((row.given.role, row.standing) for row in register.rows), datetime.now())
    workbook.save(path)


class _Styles:
    """Styles of body cells, each made once: openpyxl compares fonts and fills member by member for every cell that is given one."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._made: dict[tuple[str, str, bool, bool, bool], SheetCell] = {}

    def put(self, cell: SheetCell | MergedCell, state: str, kind: str = "", *, fill_in: bool = False, late: bool = False) -> None:
        """Style a cell that has its value already, by how its row stands; ``kind``: date, text or number, by its value unless given.

        ``late``: it says so, when the row is overdue.
        """
        kind = kind or ("date" if isinstance(cell.value, date) else "text" if isinstance(cell.value, str) else "number")
        quoted = isinstance(cell.value, str) and str(cell.value).lstrip().startswith(_FORMULA)
        key = (state, kind, quoted, fill_in, late and state == "overdue")
        if key not in self._made:
            self._made[key] = self._make(*key)
        cell._style = copy(self._made[key]._style)  # type: ignore[union-attr, attr-defined]

    def _make(self, state: str, kind: str, quoted: bool, fill_in: bool, late: bool) -> SheetCell:
        sample = SheetCell(self._sheet, 1, 1)
        sample.font = Font(name=_FONT, size=11, color=RED if late else "FF000000")
        sample.border = _BORDER
        sample.alignment = Alignment(vertical="top", wrap_text=True, horizontal="left" if "text" in kind else "center")
        if fill_in:
            sample.fill = _FILL_IN
        elif state in _FILLS:
            sample.fill = _FILLS[state]
        if kind in _FORMATS:
            sample.number_format = _FORMATS[kind]
        # Keeps Excel from taking the text for a formula once somebody edits the cell.
        sample.quotePrefix = quoted
        return sample


_LATE = ("Thời hạn giải quyết", "Số ngày quá hạn", "Tình trạng")
"""Columns that are red where the day has passed."""

_KINDS = {"reply_number": "number text", "due": "date", "completed_on": "date", "percent": "number", "status": "text"}
"""How a cell that is filled in looks, whatever is in it now; the others hold texts."""


def _fill_tasks(sheet: Worksheet, register: Register) -> None:
    _head(sheet, register, [(column.title, column.width) for column in COLUMNS], {n for n, column in enumerate(COLUMNS, 1) if column.field})
    _put(sheet, 5, _LEGEND, Font(name=_FONT, size=11, italic=True, color="FF2E6B1F"), PRINTED)
    styles = _Styles(sheet)
    for number, entry in enumerate(register.rows, HEADER_ROW + 1):
        state, fillable = entry.task.state, entry.fillable
        lines = 1
        for position, column in enumerate(COLUMNS, 1):
            cell = sheet.cell(number, position)
            _set(cell, column.value(entry))
            fill_in = fillable and column.field is not None
            styles.put(cell, state, _KINDS.get(column.field or "", "text") if fill_in else "", fill_in=fill_in, late=column.title in _LATE)
            if isinstance(cell.value, str):
                lines = max(lines, line_count(cell.value, column.width))
        sheet.row_dimensions[number].height = _height(lines)
    _finish(sheet, len(COLUMNS), PRINTED)
    _guide(sheet, HEADER_ROW + max(len(register.rows), 1))


def line_count(text: str, width: float) -> int:
    """Over how many lines a text runs in a column so wide: a unit of width shows 1.3 small letters of Times New Roman, capitals are
    twice as wide (measured on what LibreOffice prints of the samples).
    """
    room = int(1.3 * width) - 1
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        left = room
        for word in paragraph.split():
            size = len(word) + sum(map(str.isupper, word))
            if size > left and left < room:
                lines, left = lines + 1, room
            # A word longer than the line is broken.
            lines += (size - 1) // room
            left -= size % room + 1
    return lines


def _height(lines: int) -> float:
    """Points for a row: LibreOffice leaves rows of wrapped text one line high. Excel takes up to 409."""
    return min(14.5 * lines + 3, 408.0)


def _guide(sheet: Worksheet, last: int) -> None:
    """Drop-downs and checks for what is filled in; nothing is typed into the other columns."""
    checks = {
        "status": DataValidation("list", formula1=f"={workbook_base.STATUS_RANGE}", error="Hãy chọn một trạng thái trong danh sách."),
        "completed_on": _day_check("stop"),
        "due": _day_check("warning"),  # "hằng quý" stands there too
        None: DataValidation("custom", formula1="FALSE", error="Cột này không nhập lại được. Hãy điền vào các ô nền xanh."),
        "percent": DataValidation("whole", operator="between", formula1="0", formula2="100", error="Hãy ghi một số nguyên từ 0 đến 100."),
    }
    for position, column in enumerate(COLUMNS, 1):
        if column.field in checks:
            check = checks[column.field]
            letter = get_column_letter(position)
            check.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
            check.allow_blank, check.showErrorMessage = True, True
            if column.field:
                check.errorTitle, check.promptTitle, check.prompt, check.showInputMessage = column.title, column.title, check.error, True
    for check in checks.values():
        sheet.add_data_validation(check)


def _day_check(style: Literal["stop", "warning"]) -> DataValidation:
    message = "Hãy ghi ngày/tháng/năm, ví dụ 30/06/2026."
    first, last = (str((day - date(1899, 12, 30)).days) for day in (date(1990, 1, 1), date(2100, 12, 31)))
    return DataValidation("date", operator="between", formula1=first, formula2=last, error=message, errorStyle=style)


def _fill_summary(sheet: Worksheet, register: Register, summary: Sequence[DepartmentRow]) -> None:
    _head(sheet, register, _SUMMARY_COLUMNS, title=_SUMMARY_TITLE)
    styles = _Styles(sheet)
    for number, row in enumerate(summary, 1):
        counts = (row.total, row.done_on_time, row.done_late, row.in_time, row.overdue, row.no_deadline, row.closed_otherwise)
        shares = [round(100 * part / row.total) for part in (row.done_on_time + row.done_late, row.done_on_time)]
        values: list[Cell] = [number, row.agency, *counts, *shares]
        for column, value in enumerate(values, 1):
            cell = sheet.cell(HEADER_ROW + number, column)
            _set(cell, value)
            late = _SUMMARY_COLUMNS[column - 1][0] == "Quá hạn" and bool(row.overdue)
            styles.put(cell, "overdue" if late else "", late=late)
        sheet.row_dimensions[HEADER_ROW + number].height = _height(line_count(row.agency, _SUMMARY_COLUMNS[1][1]))
    _finish(sheet, len(_SUMMARY_COLUMNS), len(_SUMMARY_COLUMNS))
    note = "Nhiệm vụ giao cho nhiều cơ quan được tính ở từng cơ quan, nên tổng các dòng có thể lớn hơn tổng số nhiệm vụ."
    _put(sheet, 5, note, Font(name=_FONT, size=11, italic=True), len(_SUMMARY_COLUMNS))


def _head(
    sheet: Worksheet, register: Register, columns: Sequence[tuple[str, int]], fill_in: Collection[int] = (), *, title: str = TITLE
) -> None:
    lines = (
        (register.agency.upper(), Font(name=_FONT, size=12, bold=True)),
        (title, Font(name=_FONT, size=14, bold=True)),
        (f"(Tính đến ngày {register.as_of:%d/%m/%Y})", Font(name=_FONT, size=12, italic=True)),
        (register.counted(), Font(name=_FONT, size=11)),
    )
    for number, (text, font) in enumerate(lines, 1):
        _put(sheet, number, text, font, min(len(columns), PRINTED), "left" if number in (1, 4) else "center")
    samples: dict[bool, SheetCell] = {}
    for number, (heading, width) in enumerate(columns, 1):
        cell = sheet.cell(HEADER_ROW, number)
        _set(cell, heading)
        if (green := number in fill_in) not in samples:
            cell.font, cell.border = Font(name=_FONT, size=11, bold=True), _BORDER
            cell.fill = _FILL_IN_HEADER if green else _HEADER_FILL
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            samples[green] = cell  # type: ignore[assignment]
        cell._style = copy(samples[green]._style)  # type: ignore[union-attr, attr-defined]
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[HEADER_ROW].height = _height(max(line_count(heading, 0.85 * width) for heading, width in columns))


def _put(sheet: Worksheet, row: int, text: str, font: Font, columns: int, side: Literal["left", "center"] = "left") -> None:
    """A line over the whole width."""
    sheet.merge_cells(f"A{row}:{get_column_letter(columns)}{row}")
    cell = sheet.cell(row, 1)
    _set(cell, text)
    cell.font, cell.alignment = font, Alignment(horizontal=side, vertical="center")


def _set(cell: SheetCell | MergedCell, value: Cell) -> None:
    """Put a value; a text stays a text whatever it begins with."""
    assert isinstance(cell, SheetCell)
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = cell_text(value)
    if cell.value:
        # openpyxl takes "=…" for a formula and "#N/A" for an error.
        cell.data_type = "s"


def _finish(sheet: Worksheet, columns: int, printed: int) -> None:
    last = get_column_letter(columns)
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{max(sheet.max_row, HEADER_ROW)}"
    sheet.print_area = f"A1:{get_column_letter(printed)}{max(sheet.max_row, HEADER_ROW)}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins  # inches
    margins.left = margins.right = margins.header = margins.footer = 0.4
    margins.top = margins.bottom = 0.8
    sheet.print_options.horizontalCentered = True
    assert sheet.oddFooter is not None
    sheet.oddFooter.center.text = "Trang &P/&N"
