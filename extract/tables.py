"""Task tables: which column says what, which row is a section, a task, or the rest of the row before it.

Tables come as rows of cells (see ``ingest.document``): from rulings, or tab-separated. Their headings come in any order and
wording ("Đơn vị chủ trì", "Cơ quan thực hiện", "Thời hạn", "Tiến độ"); a row that a page break tore has an empty ordinal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.folding import fold
from extract.paragraphs import Paragraph
from extract.phrases import phrases

_ORDINAL = re.compile(r"^\W*(?:\d{1,3}(?:\.\d{1,3})*|[IVXl]{1,5}|[a-zđA-ZĐ])\s*[.)]?\W*$")
_SECTION_ORDINAL = re.compile(r"^\W*(?:[IVXl]{1,5}|[A-ZĐ])\s*[.)]?\W*$")
# Characters of a heading cell.
_HEADING_CELL = 60
# A date or an ordinal: no heading has one.
_DATA = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|^\s*\d{1,3}[.)]?\s")
_COLUMN_NUMBERS = re.compile(r"^\(?\d{1,2}\)?$|^$")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One task row with its cells by role; ``section`` is the heading row above it, ``ordinal`` its number as printed.

    ``lead_from_above``: the cell of the lead spans this row from the one above.
    """

    ordinal: str
    section: str
    section_ordinal: str
    task: str
    lead: str
    coordinating: str
    deadline: str
    result: str
    basis: str
    paragraph: Paragraph
    last: Paragraph
    lead_from_above: bool = False


@dataclass(frozen=True, slots=True)
class _Columns:
    roles: tuple[str, ...]

    def cell(self, cells: Sequence[str], role: str) -> str:
        picked = [cells[at] for at, name in enumerate(self.roles) if name == role and at < len(cells) and cells[at].strip()]
        return " ".join(dict.fromkeys(picked))


def read_table(rows: Sequence[Paragraph]) -> tuple[TableRow, ...]:
    """The task rows of one table; none when no heading row tells a task column and who or when."""
    columns: _Columns | None = None
    found: list[TableRow] = []
    section = section_ordinal = ""
    for at, row in enumerate(rows):
        heading = _heading(row.cells) or (_second_heading(row.cells, columns) if columns is not None and not found else None)
        if heading is not None:
            columns = heading
            continue
        if columns is None or not any(cell.strip() for cell in row.cells):
            continue
        cells = _aligned(row.cells, columns)
        if all(_COLUMN_NUMBERS.match(cell.strip()) for cell in cells):
            continue
        ordinal = columns.cell(cells, "ordinal").strip(" .)") if "ordinal" in columns.roles else ""
        others = [cell for cell, role in zip(cells, columns.roles, strict=False) if role not in {"ordinal", "task"} and cell.strip()]
        if (
            not others
            and (ordinal == "" or _ORDINAL.match(ordinal))
            and _opens_section(ordinal, columns.cell(cells, "task"), rows[at + 1 :], columns)
        ):
            section, section_ordinal = columns.cell(cells, "task"), ordinal
            continue
        if ordinal == "" and "ordinal" in columns.roles and found and _continues(columns, cells):
            found[-1] = _merged(found[-1], columns, cells, row)
            continue
        found.append(_row(columns, cells, ordinal, section, section_ordinal, row))
        if not found[-1].lead and len(found) > 1 and found[-2].section == section:
            # The cell of the lead spans the rows below it.
            above = found[-2]
            found[-1] = replace(
                found[-1], lead=above.lead, coordinating=found[-1].coordinating or above.coordinating, lead_from_above=bool(above.lead)
            )
    return tuple(row for row in found if row.task)


def _heading(cells: Sequence[str]) -> _Columns | None:
    if len(cells) < 3 or _DATA.search(" ".join(cells)):
        return None
    roles = [_role(cell) for cell in cells]
    if max(len(cell) for cell in cells) > 2 * _HEADING_CELL:
        return None
    if "task" not in roles and "result" in roles:
        roles[roles.index("result")] = "task"
    if "task" not in roles or not {"lead", "deadline"} & set(roles):
        return None
    first = roles.index("task")
    return _Columns(tuple("note" if role == "task" and at != first else role for at, role in enumerate(roles)))


def _second_heading(cells: Sequence[str], columns: _Columns) -> _Columns | None:
    """The columns after a second heading row ("Đơn vị thực hiện" over "Chủ trì" and "Phối hợp"); None when this is no such row."""
    roles = [_role(cell) if cell.strip() else "" for cell in _aligned(cells, columns)]
    named = [role for role in roles if role]
    if not named or set(named) - {"lead", "coordinating", "deadline", "result"} or max(len(cell) for cell in cells) > _HEADING_CELL:
        return None
    return _Columns(tuple(new or old for new, old in zip(roles, columns.roles, strict=True)))


def _role(cell: str) -> str:
    folded = fold(cell).strip(" .:")
    return next((role for role, pattern in phrases().columns if folded and pattern.search(folded)), "note")


def _aligned(cells: Sequence[str], columns: _Columns) -> tuple[str, ...]:
    """The row with as many cells as its heading; a row of web text may lack empty cells at its end, or begin with one too many."""
    width = len(columns.roles)
    if len(cells) > width and not cells[0].strip():
        cells = cells[len(cells) - width :]
    return tuple(cells[:width]) + ("",) * (width - len(cells))


def _opens_section(ordinal: str, text: str, following: Sequence[Paragraph], columns: _Columns) -> bool:
    if _SECTION_ORDINAL.match(ordinal) and ordinal:
        return True
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > 0.8 * len(letters):
        return True
    after = next((row.cells for row in following if any(cell.strip() for cell in row.cells)), ())
    next_ordinal = columns.cell(_aligned(after, columns), "ordinal") if after else ""
    if ordinal and next_ordinal.startswith(ordinal + "."):
        return True
    return not ordinal and bool(next_ordinal.strip(" .") in {"1", "1.1", "a"})


def _continues(columns: _Columns, cells: Sequence[str]) -> bool:
    """A row without a number goes on with the row before it, unless it is a whole row of its own: task, lead and term all set."""
    if columns.cell(cells, "task")[:1].islower():
        return True
    needed = [role for role in ("task", "lead", "deadline") if role in columns.roles]
    return not all(columns.cell(cells, role) for role in needed)


def _row(columns: _Columns, cells: Sequence[str], ordinal: str, section: str, section_ordinal: str, row: Paragraph) -> TableRow:
    values = (columns.cell(cells, role) for role in ("task", "lead", "coordinating", "deadline", "result", "basis"))
    task, lead, coordinating, deadline, result, basis = values
    return TableRow(ordinal, section, section_ordinal, task, lead, coordinating, deadline, result, basis, paragraph=row, last=row)


def _merged(before: TableRow, columns: _Columns, cells: Sequence[str], row: Paragraph) -> TableRow:
    def both(role: str) -> str:
        old, new = str(getattr(before, role)), columns.cell(cells, role)
        return old if not new or new == old else f"{old} {new}".strip()

    return replace(
        before,
        last=row,
        task=both("task"),
        lead=both("lead"),
        coordinating=both("coordinating"),
        deadline=both("deadline"),
        result=both("result"),
        basis=both("basis"),
    )
