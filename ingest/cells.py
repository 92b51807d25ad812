"""From the boxes of cells and the words of a page to the rows of a table; the same for rulings drawn by a program and scanned ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document import CELL_SEPARATOR, Box, Word
from ingest.layout import bounds, rows_of


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the text of its cells, its words (merged cells only in their first row) and its box.

    ``given`` are the cells in the signs of the file where those were of an encoding before Unicode, else nothing.
    """

    cells: tuple[str, ...]
    words: tuple[Word, ...]
    box: Box
    given: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The cells joined by tabs."""
        return CELL_SEPARATOR.join(self.cells)

    @property
    def raw(self) -> str:
        """The cells as the file gives them, joined by tabs."""
        return CELL_SEPARATOR.join(self.given or self.cells)


def _edges(values: Sequence[float], tolerance: float) -> list[float]:
    merged: list[list[float]] = []
    for value in sorted(values):
        if merged and value - merged[-1][-1] <= tolerance:
            merged[-1].append(value)
        else:
            merged.append([value])
    return [sum(group) / len(group) for group in merged]


def _index(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))


def holds(box: Box, word: Word) -> bool:
    """Whether the centre of ``word`` lies in ``box``."""
    if word.box is None:
        return False
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def cell_text(words: Sequence[Word]) -> tuple[str, tuple[Word, ...]]:
    """The words of one cell in reading order, as text with spaces and as they are."""
    ordered = tuple(word for row in rows_of(words) for word in row)
    return " ".join(word.text.replace(CELL_SEPARATOR, " ") for word in ordered), ordered


def table_rows(cells: Sequence[Box], words: Sequence[Word], *, tolerance: float = 3.0) -> tuple[Row, ...]:
    """The rows of the table whose cells have the boxes ``cells`` (points).

    A cell over several rows is repeated in each; one over several columns stands in the first and leaves the others empty.
    Rows that hold nothing are left out; ``tolerance`` (points) is how far two rulings of one edge may lie apart.
    """
    columns = _edges([x for box in cells for x in (box[0], box[2])], tolerance)
    lines = _edges([y for box in cells for y in (box[1], box[3])], tolerance)
    grid = [[""] * (len(columns) - 1) for _ in range(len(lines) - 1)]
    owned: list[list[Word]] = [[] for _ in grid]
    for box in sorted(cells, key=lambda b: (b[1], b[0])):
        first, last = _index(lines, box[1]), max(_index(lines, box[3]) - 1, _index(lines, box[1]))
        column = _index(columns, box[0])
        if first >= len(grid) or column >= len(columns) - 1:
            continue
        text, ordered = cell_text([word for word in words if holds(box, word)])
        owned[first].extend(ordered)
        for row in range(first, min(last, len(grid) - 1) + 1):
            grid[row][column] = f"{grid[row][column]} {text}".strip()
    return tuple(
        Row(tuple(row), tuple(owned[index]), (columns[0], lines[index], columns[-1], lines[index + 1]))
        for index, row in enumerate(grid)
        if any(row)
    )


def table_box(cells: Sequence[Box]) -> Box:
    """The box around all cells."""
    return bounds(cells)
