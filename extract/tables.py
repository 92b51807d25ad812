"""Task tables: which row is a heading, a section, a task, or the rest of the row before it.

Tables come as rows of cells (see ``ingest.document``): from rulings, or tab-separated. What their columns say is told by
``tables_columns``; a row that a page break tore has an empty ordinal, a cell that spans rows is empty below the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.folding import fold
from extract.paragraphs import Paragraph
from extract.phrases import opens_order
from extract.tables_columns import Columns, is_numbering, is_other_heading, read_heading_row, read_second_row

_ORDINAL = re.compile(r"^\W*(?:\d{1,3}(?:\.\d{1,3})*|[IVXlH1]{1,5}|[a-zđA-ZĐ])\s*[.)]?\W*$")
_SECTION_ORDINAL = re.compile(r"^\W*(?:[IVXlH]{1,5}|[A-ZĐ])\s*[.)]?\W*$")
_NUMBERED_HEADING = re.compile(r"^(?P<ordinal>[IVXlH]{1,5}|[A-ZĐ]|\d{1,2})\s*[.)/-]\s*(?P<text>\S.*)$")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_DITTO = re.compile(r"^\W*(?:nt|nhu tren|-nt-)\W*$|^\W*[\"”“]\W*$")
_CELLS = ("task", "lead", "coordinating", "deadline", "result", "basis")
_BULLET = re.compile(r"^[-–+•]\s*")


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


def read_table(rows: Sequence[Paragraph]) -> tuple[TableRow, ...]:
    """The task rows of one table; none when no heading row tells a task column and who or when."""
    columns: Columns | None = None
    heading: Sequence[str] = ()
    found: list[TableRow] = []
    section = section_ordinal = group = ""
    sections = 0
    fresh = False  # whether the row before was a heading
    for at, row in enumerate(rows):
        if (new := read_heading_row(row.cells)) is not None or (new := _over_two_rows(rows, at, columns)) is not None:
            if not fresh or columns is None or _says_more(new, columns):
                columns, heading = new, row.cells
            fresh = True
            continue
        if columns is not None and fresh and (new := read_second_row(row.cells, columns, heading)) is not None:
            columns = new
            continue
        if columns is None or not any(cell.strip() for cell in row.cells):
            continue
        if is_other_heading(row.cells) and not _repeats(row.cells, heading) and not fresh:
            columns = None
            continue
        cells = columns.aligned(row.cells)
        if is_numbering(cells) or (fresh and _repeats(cells, heading)):
            continue
        fresh = False
        ordinal = columns.cell(cells, "ordinal").strip(" .)|'") if "ordinal" in columns.roles else ""
        title = _section(columns, cells, ordinal, rows[at + 1 :]) or _next_section(columns, cells, ordinal, section_ordinal)
        if title is not None:
            section_ordinal, section = title
            sections += 1
            section_ordinal = _mended(section_ordinal, sections, section)
            group = ""
            continue
        if ordinal == "" and found and _continues(columns, cells):
            found[-1] = _merged(found[-1], columns, cells, row)
            continue
        group = columns.cell(cells, "group") or group
        found.append(_row(columns, cells, _with_point(ordinal, section_ordinal), group or section, section_ordinal, row))
        if len(found) > 1:
            found[-1] = _same_again(found[-1], found[-2])
        if (
            not found[-1].lead
            and len(found) > 1
            and found[-2].section_ordinal == section_ordinal
            and (group or found[-2].section == section)
        ):
            found[-1] = _spanned(found[-1], found[-2])
    return tuple(row for row in found if row.task)


def _over_two_rows(rows: Sequence[Paragraph], at: int, columns: Columns | None) -> Columns | None:
    """A heading that only two rows together make: "Nhiệm vụ | Tổ chức thực hiện |" over "| Chủ trì | Phối hợp"."""
    if columns is not None or at + 1 >= len(rows) or len(rows[at].cells) != len(rows[at + 1].cells) or len(rows[at].cells) < 3:
        return None
    below = rows[at + 1].cells
    if any(re.match(r"^\s*\d", cell) for cell in below):
        return None
    return read_heading_row([lower or upper for upper, lower in zip(rows[at].cells, below, strict=True)])


def _says_more(new: Columns, old: Columns) -> bool:
    """Whether a second whole heading row tells more columns apart than the first ("Chủ trì" and "Phối hợp" under one heading)."""
    return len(new.roles) == len(old.roles) and len(set(new.roles)) >= len(set(old.roles))


def _repeats(cells: Sequence[str], heading: Sequence[str]) -> bool:
    return [fold(cell) for cell in cells] == [fold(cell) for cell in heading]


def _section(columns: Columns, cells: Sequence[str], ordinal: str, following: Sequence[Paragraph]) -> tuple[str, str] | None:
    """Ordinal and title of a section row; None for a row that gives a task."""
    others = [cell for cell, role in zip(cells, columns.roles, strict=True) if role not in {"ordinal", "task", "group"} and cell.strip()]
    text = columns.cell(cells, "task") or columns.cell(cells, "group")
    if "ordinal" in columns.roles and ordinal and not text and not _ORDINAL.match(ordinal):
        # A heading over all columns stands in the first of them.
        match = _NUMBERED_HEADING.match(ordinal)
        ordinal, text = (match["ordinal"], match["text"]) if match else ("", ordinal)
    elif "ordinal" not in columns.roles and not others and (match := _NUMBERED_HEADING.match(text)):
        ordinal, text = match["ordinal"], match["text"]
        return (ordinal, text) if _SECTION_ORDINAL.match(ordinal) or _in_capitals(text) else None
    repeated = bool(others) and set(others) == {text}  # a merged cell repeated in each column
    if (others and not repeated) or (ordinal and not _ORDINAL.match(ordinal)) or not text:
        return None
    return (ordinal, text) if repeated or _opens_section(ordinal, text, following, columns) else None


def _next_section(columns: Columns, cells: Sequence[str], ordinal: str, before: str) -> tuple[str, str] | None:
    """A title alone that carries the number due after the last section's, where OCR lost the numbers of the rows below it."""
    text = columns.cell(cells, "task")
    alone = text and not any(cell.strip() for cell, role in zip(cells, columns.roles, strict=True) if role not in {"ordinal", "task"})
    due = before.isdigit() and ordinal.isdigit() and int(ordinal) == int(before) + 1
    return (ordinal, text) if alone and due else None


def _opens_section(ordinal: str, text: str, following: Sequence[Paragraph], columns: Columns) -> bool:
    if (_SECTION_ORDINAL.match(ordinal) and ordinal) or _in_capitals(text):
        return True
    after = next((row.cells for row in following if any(cell.strip() for cell in row.cells)), ())
    below = columns.aligned(after)
    next_ordinal = columns.cell(below, "ordinal").strip(" .)|'") if after else ""
    if ordinal and (next_ordinal.startswith(ordinal + ".") or (next_ordinal == "a" and ordinal.isdigit())):
        return True
    if ordinal and next_ordinal == f"{ordinal}1" and columns.lead(below):
        return True  # "2.1" whose point OCR lost
    if not ordinal and next_ordinal in {"1", "1.1", "a"}:
        return True
    # Without ordinals a title says neither who nor when and orders nothing; rows with all of it follow.
    bare = "ordinal" not in columns.roles and not _BULLET.match(text) and text[:1].isupper() and not text.rstrip().endswith((".", ";"))
    return bare and not opens_order(text) and bool(after) and bool(columns.lead(below)) and len(text) < 80


def _in_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _mended(ordinal: str, count: int, title: str) -> str:
    """The ordinal of a section as printed where OCR read H for II, l or 1 for I: the number of the section confirms it."""
    wanted = _ROMAN[count - 1] if count <= len(_ROMAN) else ""
    read = ordinal.upper().replace("H", "II").replace("L", "I").replace("1", "I")
    damaged = ordinal != read and not re.fullmatch(r"[IVX]+|\d+(?:\.\d+)*", ordinal)
    if wanted and read == wanted and (damaged or (ordinal == "1" and _in_capitals(title))):
        return wanted
    return ordinal


def _with_point(ordinal: str, section: str) -> str:
    """The ordinal as printed: "21" below section 2 is "2.1" whose point OCR lost."""
    if section.isdigit() and ordinal.isdigit() and len(ordinal) == len(section) + 1 and ordinal.startswith(section):
        return f"{section}.{ordinal[len(section) :]}"
    return ordinal


def _continues(columns: Columns, cells: Sequence[str]) -> bool:
    """A row without a number goes on with the row before it, unless it is a whole row of its own: task, lead and term all set."""
    task = columns.cell(cells, "task")
    if task[:1].islower():
        return True
    if "ordinal" not in columns.roles:
        # Nothing but the words themselves tells: a new row opens with a capital.
        return not task and not columns.cell(cells, "group")
    needed = [columns.cell(cells, "task")]
    needed += [columns.lead(cells)] if {"lead", "both"} & set(columns.roles) else []
    needed += [columns.deadline(cells)] if {"deadline", "begin", "end", "period"} & set(columns.roles) else []
    return not all(needed)


def _same_again(row: TableRow, above: TableRow) -> TableRow:
    """The row with what the one above says wherever its cell says "nt" or "như trên"."""
    same = {name: getattr(above, name) for name in _CELLS if _DITTO.match(fold(getattr(row, name)))}
    return replace(row, **same) if same else row


def _row(columns: Columns, cells: Sequence[str], ordinal: str, section: str, section_ordinal: str, row: Paragraph) -> TableRow:
    task = columns.cell(cells, "task") or columns.cell(cells, "group")
    lead, coordinating, deadline = columns.lead(cells), columns.coordinating(cells), columns.deadline(cells)
    result, basis = columns.cell(cells, "result"), columns.cell(cells, "basis")
    return TableRow(ordinal, section, section_ordinal, task, lead, coordinating, deadline, result, basis, paragraph=row, last=row)


def _spanned(row: TableRow, above: TableRow) -> TableRow:
    """The row with the cells that span it from the row above: the lead's, and with it those of partners and term where they are empty."""
    if not above.lead:
        return row
    return replace(
        row,
        lead=above.lead,
        coordinating=row.coordinating or above.coordinating,
        deadline=row.deadline or above.deadline,
        lead_from_above=True,
    )


def _merged(before: TableRow, columns: Columns, cells: Sequence[str], row: Paragraph) -> TableRow:
    def both(old: str, new: str) -> str:
        return old if not new or new == old else f"{old} {new}".strip()

    return replace(
        before,
        last=row,
        task=both(before.task, columns.cell(cells, "task")),
        lead=both(before.lead, columns.lead(cells)),
        coordinating=both(before.coordinating, columns.coordinating(cells)),
        deadline=both(before.deadline, columns.deadline(cells)),
        result=both(before.result, columns.cell(cells, "result")),
        basis=both(before.basis, columns.cell(cells, "basis")),
    )
