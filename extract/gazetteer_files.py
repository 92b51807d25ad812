"""The files behind the gazetteer: CSV of this package, and the office's own list of agencies, which people write in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from io import StringIO
from pathlib import Path

from extract.folding import fold
from extract.gazetteer_records import LEVELS, OwnAgency
from ingest.errors import UsageError

_COLUMNS = {
    "ten": "name", "ten co quan": "name",
    "loai": "kind",
    "cap": "level",
    "viet tat": "abbreviation", "ten viet tat": "abbreviation",
    "ten khac": "aliases", "ten goi khac": "aliases",
    "tu ngay": "valid_from",
    "den ngay": "valid_to",
    "ke thua": "successor", "co quan ke thua": "successor",
    "thanh vien": "members",
}  # fmt: skip
"""Folded Vietnamese headings of the office's own file and the columns they stand for; the English names serve as well."""
_KNOWN = frozenset({*_COLUMNS.values(), "province", "note", "ghi chu"})
_LEVELS = {"trung uong": "central", "tinh": "province", "huyen": "district", "xa": "commune"}
_REMEDY = "Tệp phải là CSV UTF-8 có cột «tên»; ngày viết 2025-06-30 hoặc 30/6/2025. Hãy sửa tệp rồi chạy lại."


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one CSV of this package; lines that begin with # are comments."""
    text = resources.files("extract").joinpath("resources", name).read_text("utf-8")
    lines = (line for line in StringIO(text) if line.strip() and not line.startswith("#"))
    return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(lines)]


def parts(text: str, separator: str = "|") -> tuple[str, ...]:
    """The parts of a cell that holds several values."""
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def day(text: str) -> date | None:
    """An ISO date; None for an empty cell.

    :raises ValueError: it is no date.
    """
    return date.fromisoformat(text) if text else None


def own_agencies(path: Path) -> tuple[OwnAgency, ...]:
    """The office's own agencies.

    One line an agency, separated by commas, semicolons or tabs, as spreadsheets write them. The column ``name`` (or «tên») is needed; the
    others may be left out: ``kind``, ``level``, ``abbreviation``, ``aliases`` and ``members`` (several joined by "|"), ``valid_from``,
    ``valid_to``, ``successor`` (who goes on after ``valid_to``). Lines that begin with # are comments.

    :raises UsageError: the file cannot be read, or a line lacks a name or holds a value that cannot be used; the message names the line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"không đọc được danh mục cơ quan bổ sung ({error.strerror}).", path=path) from error
    except UnicodeDecodeError as error:
        raise UsageError("không đọc được danh mục cơ quan bổ sung: không phải UTF-8.", path=path, remedy=_REMEDY) from error
    return own_agencies_in(text, path)


def own_agencies_in(text: str, path: Path) -> tuple[OwnAgency, ...]:
    """The same of a file's text; ``path`` only for messages."""
    if (table := own_table(text, path)) is None:
        return ()
    found = []
    for row in table.rows:
        try:
            found.append(_own(table.values(row)))
        except ValueError as error:
            raise UsageError(f"danh mục cơ quan bổ sung, dòng {row.last}: {error}.", path=path, remedy=_REMEDY) from error
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One record of the office's own file: its first and last line, counted from 1, and its cells as written."""

    first: int
    last: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnTable:
    """The office's own file as a table: the line of headings, the column that each of its cells stands for ("" for none), the records."""

    separator: str
    heading: OwnRow
    columns: tuple[str, ...]
    rows: tuple[OwnRow, ...]

    def values(self, row: OwnRow) -> dict[str, str]:
        """Column → value of a record, white space made single; of two columns of one name the last counts."""
        return {column: " ".join(cell.split()) for column, cell in zip(self.columns, row.cells, strict=False) if column}


def own_table(text: str, path: Path) -> OwnTable | None:
    """Where the records of the office's own file stand; None when it has not even headings.

    :raises UsageError: it is no CSV, or has a column that is not known, or none for the name.
    """
    numbered = [
        (number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip(" ,;\t") and not line.lstrip('"').startswith("#")
    ]
    if not numbered:
        return None
    separator = max(",;\t", key=numbered[0][1].count)
    records: list[OwnRow] = []
    try:
        reader = csv.reader([line for _, line in numbered], delimiter=separator, strict=True)
        before = 0
        for cells in reader:
            records.append(OwnRow(numbered[before][0], numbered[reader.line_num - 1][0], tuple(cells)))
            before = reader.line_num
    except csv.Error as error:
        raise UsageError(f"không đọc được danh mục cơ quan bổ sung ({error}).", path=path, remedy=_REMEDY) from error
    heading, *rows_below = records
    columns = tuple(_COLUMNS.get(fold(cell).strip(), fold(cell).strip()) for cell in heading.cells)
    if "name" not in columns:
        raise UsageError("danh mục cơ quan bổ sung thiếu cột «tên» (name).", path=path, remedy=_REMEDY)
    if unknown := [cell for cell in columns if cell and cell not in _KNOWN]:
        raise UsageError(f"danh mục cơ quan bổ sung có cột không dùng được: {', '.join(unknown)}.", path=path, remedy=_REMEDY)
    return OwnTable(separator, heading, columns, tuple(rows_below))


def _own(row: dict[str, str]) -> OwnAgency:
    name = row.get("name", "")
    if not fold(name):
        raise ValueError("thiếu tên cơ quan")
    level = row.get("level", "") or "province"
    level = _LEVELS.get(fold(level), level)
    if level not in LEVELS:
        raise ValueError(f"cấp «{level}» không có (trung ương, tỉnh, huyện, xã)")
    found = OwnAgency(
        name,
        row.get("kind", "") or ("group" if row.get("members") else "other"),
        level,
        row.get("abbreviation") or None,
        _spreadsheet_day(row.get("valid_from", "")),
        _spreadsheet_day(row.get("valid_to", "")),
        aliases=tuple(_distinct(parts(row.get("aliases", "")), name)),
        members=tuple(_distinct(parts(row.get("members", "")), name)),
        successor=row.get("successor") or None,
    )
    if found.valid_from and found.valid_to and found.valid_from > found.valid_to:
        raise ValueError("«từ ngày» sau «đến ngày»")
    if found.successor and not found.valid_to:
        raise ValueError("có cơ quan kế thừa thì phải có «đến ngày»")
    return found


def _distinct(names: Iterable[str], own: str) -> Iterator[str]:
    seen = {fold(own)}
    for name in names:
        if fold(name) not in seen:
            seen.add(fold(name))
            yield name


def _spreadsheet_day(text: str) -> date | None:
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(f"«{text}» không phải ngày")
