"""Rows of tables in a text whose cells were torn apart: by the copying of a web page, or by OCR that lost the rulings.

A cell of several paragraphs stands on lines of its own: a row then begins with its ordinal, alone on a line or before a tab; every
blank line or tab begins its next cell, until it has as many cells as the heading. Or every cell, the heading's too, has a line to
itself. Or the cells of a line are parted by runs of blanks. Only text sources are torn like this: tables of PDFs and scans come as
whole rows (see ``ingest.document``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from extract.folding import fold

if TYPE_CHECKING:
    from extract.paragraphs import PlacedLine

_ORDINAL_HEADING = re.compile(r"^(?:so )?(?:s?tt|so thu tu)$")
_ORDINAL = re.compile(r"^(\d{1,3})[.)]?$")
_SUB_ORDINAL = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})+|[IVX]{1,5}|[A-Za-zđĐ])[.)]?$")
_BLANKS = re.compile(r" {2,}")
# Lines and characters of a heading whose cells stand one below the other.
_HEADING_LINES = 20
_HEADING_CELL = 60
# Lines; no cell of a real table was longer.
_FAR = 60


@dataclass(slots=True)
class _Row:
    """A row under construction: its cells and the lines they stand on."""

    cells: list[str] = field(default_factory=list)
    lines: list[PlacedLine] = field(default_factory=list)

    def extend(self, parts: Sequence[str], line: PlacedLine, *, new_cell: bool) -> None:
        if new_cell or not self.cells:
            self.cells += parts
        else:
            self.cells[-1] = f"{self.cells[-1]} {parts[0]}".strip()
            self.cells += parts[1:]
        self.lines.append(line)


def torn_rows(lines: Sequence[PlacedLine]) -> Iterator[tuple[tuple[str, ...], list[PlacedLine]]]:
    """The lines of a text with the rows of its torn tables put together: (cells, lines of the row); a line outside has no cells.

    A table with an ordinal column only, since nothing else says where a row begins. Every line comes out exactly once, in order,
    except blank lines inside a row.
    """
    lines = _with_tabs(lines)
    width, expected = 0, 1
    row = _Row()
    after_blank = each_line = False
    skip = 0
    for at, line in enumerate(lines):
        if at < skip:
            continue
        cells = line.text.split("\t")
        if (lone := _lone_heading(lines, at)) is not None:
            yield from _finished(row)
            row, width, expected, each_line = _Row(), len(lone[0]), 1, lone[2]
            skip = at + lone[1]
            yield lone[0], list(lines[at:skip])
        elif len(cells) > 2 and _ORDINAL_HEADING.match(fold(cells[0]).strip(" .")):
            yield from _finished(row)
            row, width, expected, each_line = _Row(), len(cells), 1, False
            yield tuple(cells), [line]
        elif not width:
            yield (tuple(cells) if len(cells) > 1 else ()), [line]
        elif line.blank:
            after_blank = True
            if not row.lines:
                yield (), [line]
            continue
        elif (number := _opens_row(cells, expected, width, complete=not row.lines or len(row.cells) >= width)) is not None:
            yield from _finished(row)
            row = _Row()
            row.extend(cells, line, new_cell=True)
            expected = number + 1
        elif row.lines and (_row_ahead(lines, at, expected) or (len(row.cells) < width and (len(row.lines) > 1 or len(row.cells) == 1))):
            begins = after_blank or each_line or "\t" in row.lines[-1].text
            row.extend(cells, line, new_cell=len(row.cells) < width and begins)
        else:
            yield from _finished(row)
            row = _Row()
            if len(cells) > 1:
                yield tuple(cells), [line]
            else:
                width = width if _row_ahead(lines, at, expected) else 0
                yield (), [line]
        after_blank = False
    yield from _finished(row)


def _with_tabs(lines: Sequence[PlacedLine]) -> list[PlacedLine]:
    """The lines with tabs for the runs of blanks that part the cells of a table, from its heading to the first line that has none."""
    found, spaced = [], False
    for at, line in enumerate(lines):
        text = line.text.strip()
        spaced = _is_spaced_heading(lines, at) or (spaced and (not text or _BLANKS.search(text) is not None))
        found.append(replace(line, line=replace(line.line, text=_BLANKS.sub("\t", text))) if spaced and text else line)
    return found


def _lone_heading(lines: Sequence[PlacedLine], at: int) -> tuple[tuple[str, ...], int, bool] | None:
    """A heading whose cells stand one on a line from ``at`` on, up to the first ordinal: cells, lines, and whether no line was blank."""
    if "\t" in lines[at].text or not _ORDINAL_HEADING.match(fold(lines[at].text).strip(" .")):
        return None
    cells: list[str] = []
    blank = False
    for count, line in enumerate(lines[at : at + _HEADING_LINES]):
        text = line.text.strip()
        if text == "1" and len(cells) > 2:
            return tuple(cells), count, not blank
        if len(text) > _HEADING_CELL or "\t" in text:
            return None
        blank = blank or not text
        cells += [text] if text else []
    return None


def _is_spaced_heading(lines: Sequence[PlacedLine], at: int) -> bool:
    """Whether a heading and the first row below it are parted by runs of blanks into as many cells."""
    heading = _BLANKS.split(lines[at].text.strip())
    if len(heading) < 3 or "\t" in lines[at].text or not _ORDINAL_HEADING.match(fold(heading[0]).strip(" .")) or at + 1 >= len(lines):
        return False
    first = _BLANKS.split(lines[at + 1].text.strip())
    return len(first) >= 3 and first[0].rstrip(".)") == "1"


def _finished(row: _Row) -> Iterator[tuple[tuple[str, ...], list[PlacedLine]]]:
    if row.lines:
        yield tuple(row.cells), row.lines


def _opens_row(cells: Sequence[str], expected: int, width: int, *, complete: bool) -> int | None:
    """The ordinal with which a row begins here, None where none does: the next one, or any on a line that is a whole row."""
    match = _ORDINAL.match(cells[0].strip())
    if len(cells) > 1 and (len(cells) >= width - 1 or not cells[0].strip()):
        return int(match[1]) if match else expected - 1
    if match is None:
        return expected - 1 if len(cells) > 2 and _SUB_ORDINAL.match(cells[0].strip()) else None
    number = int(match[1])
    near = number in {expected, expected - 1, expected + 1} if len(cells) > 1 or complete else number == expected
    return number if near else None


def _row_ahead(lines: Sequence[PlacedLine], at: int, expected: int) -> bool:
    """Whether the row with the next ordinal follows, so that the table goes on."""
    for line in lines[at : at + _FAR]:
        cells = line.text.split("\t")
        if _ORDINAL_HEADING.match(fold(cells[0]).strip(" .")) and len(cells) > 2:
            return False
        match = _ORDINAL.match(cells[0].strip())
        if match is not None and int(match[1]) == expected:
            return True
    return False
