"""The files behind the gazetteer: CSV of this package, and the office's own list of agencies, which people write in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
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
    found = []
    for number, row in _own_rows(text, path):
        try:
            found.append(_own(row))
        except ValueError as error:
            raise UsageError(f"danh mục cơ quan bổ sung, dòng {number}: {error}.", path=path, remedy=_REMEDY) from error
    return tuple(found)


def _own_rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    numbered = [
        (number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip(" ,;\t") and not line.lstrip('"').startswith("#")
    ]
    if not numbered:
        return
    heading = numbered[0][1]
    separator = max(",;\t", key=heading.count)
    try:
        reader = csv.reader([line for _, line in numbered], delimiter=separator, strict=True)
        columns = [_COLUMNS.get(fold(cell).strip(), fold(cell).strip()) for cell in next(reader)]
        if "name" not in columns:
            raise UsageError("danh mục cơ quan bổ sung thiếu cột «tên» (name).", path=path, remedy=_REMEDY)
        if unknown := [cell for cell in columns if cell and cell not in _KNOWN]:
            raise UsageError(f"danh mục cơ quan bổ sung có cột không dùng được: {', '.join(unknown)}.", path=path, remedy=_REMEDY)
        for cells in reader:
            yield (
                numbered[reader.line_num - 1][0],
                {column: " ".join(cell.split()) for column, cell in zip(columns, cells, strict=False) if column},
            )
    except csv.Error as error:
        raise UsageError(f"không đọc được danh mục cơ quan bổ sung ({error}).", path=path, remedy=_REMEDY) from error


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
