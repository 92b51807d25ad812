"""Filled-in workbooks, opened with care: an .xlsx is a zip of XML files that somebody else made."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel

from ingest.errors import DamagedFile, DondocError, EmptyFile, EncryptedFile, FileAccessError, PageTooLarge, UnsupportedFile
from tracking.folding import fold_name

LARGEST_FILE = 50 * 2**20
"""Bytes of the file. A workbook of 3,000 tasks has 0.34 MB."""
LARGEST_CONTENT = 300 * 2**20
"""Bytes of all parts unpacked; 3,000 tasks make 6.3 MB."""
MOST_PARTS = 2_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
HEADING_ROWS = 100
"""How far down the headings are looked for."""

_NOT_XLSX = "không phải sổ tính .xlsx."
_SAVE_AS = "Trong Excel hoặc LibreOffice hãy chọn «Lưu thành» (Save As) kiểu .xlsx, không đặt mật khẩu."
_DTD = [mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")]


@dataclass(frozen=True, slots=True)
class FilledCell:
    """One cell: where it is ("Nhiệm vụ!K12"), its value (``number_format`` tells a percentage), whether it is a formula or an error."""

    where: str
    value: object
    number_format: str = "General"
    kind: str = "n"

    @property
    def empty(self) -> bool:
        """Nothing but white space."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    def as_text(self) -> str:
        """What a person reads in the cell."""
        if isinstance(self.value, datetime | date):
            return f"{self.value:%d/%m/%Y}"
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row below the headings: heading (folded) → cell; ``where`` for the row as a whole."""

    where: str
    cells: dict[str, FilledCell]


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The workbook, read-only, after its archive was checked (:func:`check_archive`).

    :raises DondocError: it cannot be read, is no workbook, is damaged or too large.
    """
    check_archive(path)
    try:
        workbook = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl meets damage with whatever exception comes first
        raise DamagedFile("sổ tính bị hỏng, không mở được.", path=path, remedy="Hãy mở bằng Excel hoặc LibreOffice rồi lưu lại.") from error
    try:
        yield workbook
    except DondocError:
        raise
    except Exception as error:
        raise DamagedFile("sổ tính bị hỏng, không đọc được hết.", path=path, remedy="Hãy mở bằng Excel rồi lưu lại.") from error
    finally:
        workbook.close()


def check_archive(path: Path) -> None:
    """Refuse what is no workbook or would not stay small when unpacked.

    Office files hold no document type declaration, so one that does is made to attack the reader (entities that grow or fetch files).

    :raises DondocError: with the reason.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise FileAccessError(f"không đọc được tệp ({error.strerror}).", path=path) from error
    if not size:
        raise EmptyFile("tệp rỗng.", path=path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise EncryptedFile("sổ tính có mật khẩu hoặc ở định dạng .xls cũ.", path=path, remedy=_SAVE_AS)
    if size > LARGEST_FILE:
        raise PageTooLarge(f"sổ tính lớn hơn {LARGEST_FILE // 2**20} MB.", path=path)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise UnsupportedFile(_NOT_XLSX, path=path, remedy=_SAVE_AS)
            # zipfile never gives more bytes of a part than it declares.
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
                raise PageTooLarge("sổ tính quá lớn khi giải nén.", path=path)
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _refuse_declarations(archive, part, path)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if start.startswith(b"PK"):
            raise DamagedFile("sổ tính bị hỏng, không giải nén được.", path=path) from error
        raise UnsupportedFile(_NOT_XLSX, path=path, remedy=_SAVE_AS) from error


def _refuse_declarations(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    before = b""
    with archive.open(part) as stream:
        while block := stream.read(1 << 20):
            text = before + block
            if any(mark in text for mark in _DTD):
                raise UnsupportedFile("sổ tính có khai báo XML không được phép.", path=path, remedy=_SAVE_AS)
            before = block[-32:]


def tables(workbook: Any, heading: str) -> Iterator[FilledRow]:
    """The rows below a line of headings that has ``heading``, of every sheet with such a line; empty rows are left out.

    :raises PageTooLarge: a sheet has more than :data:`MOST_ROWS` rows.
    """
    wanted = fold_name(heading)
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        titles: dict[int, str] | None = None
        for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS), 1):
            if number > MOST_ROWS:
                raise PageTooLarge(f"trang tính «{sheet.title}» có hơn {MOST_ROWS} dòng.")
            if titles is None:
                titles = _titles(row, wanted)
                if titles is None and number >= HEADING_ROWS:
                    break
                continue
            places = {column: f"{sheet.title}!{get_column_letter(column)}{number}" for column in titles}
            cells = {
                titles[column]: FilledCell(places[column], cell.value, cell.number_format, cell.data_type)
                for column, cell in enumerate(row, 1)
                if column in titles and cell.value is not None
            }
            if cells:
                blank = {title: FilledCell(places[column], None) for column, title in titles.items()}
                yield FilledRow(f"{sheet.title}!{number}", blank | cells)


def _titles(row: Sequence[Any], wanted: str) -> dict[int, str] | None:
    """Column → folded heading, the first of two alike; None when this is not the line of headings."""
    found: dict[int, str] = {}
    for column, cell in enumerate(row, 1):
        title = fold_name(str(cell.value)) if cell.value is not None else ""
        if title and title not in found.values():
            found[column] = title
    return found if wanted in found.values() else None


def serial_day(value: float, epoch: datetime) -> date | None:
    """The date that a spreadsheet means by a plain number, when it is one of our time (1990 to 2100)."""
    if not 32_874 <= value <= 73_415:
        return None
    day = from_excel(value, epoch)
    return day.date() if isinstance(day, datetime) else None
