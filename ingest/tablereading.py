"""Reads the cells of a scanned table, each by itself but all in one call."""

from __future__ import annotations

import re

import numpy as np

from ingest.engine import Gray, PixelBox, Recognised
from ingest.ocr import Reader, moved
from ingest.ruled import Grid


def read_cells(clean: Gray, grid: Grid, reader: Reader) -> list[Recognised]:
    """Words of a table in ``clean``, the page without its rulings.

    The cells' ink is stacked into one tall column, so that no line runs across a ruling and one call reads all cells.
    """
    dpi = reader.dpi
    crops = [crop for cell in grid.cells if (crop := _ink_box(clean, cell, dpi)) is not None]
    first_column = min(cell[2] for cell in grid.cells)
    words: list[Recognised] = []
    pad = dpi // 8
    index = 0
    while index < len(crops):
        batch: list[tuple[PixelBox, PixelBox]] = []
        y = pad
        while index < len(crops) and (not batch or y < 6000):
            left, top, right, bottom = crops[index]
            batch.append(((left, top, right, bottom), (pad, y, pad + right - left, y + bottom - top)))
            y += bottom - top + pad
            index += 1
        canvas = np.full((y + pad, max(to[2] for _, to in batch) + pad), 255, np.uint8)
        for (left, top, right, bottom), to in batch:
            canvas[to[1] : to[3], to[0] : to[2]] = clean[top:bottom, left:right]
        read = reader.read(canvas, "block")
        for source, to in batch:
            inside = [w for w in read if to[1] - pad / 2 <= (w.box[1] + w.box[3]) / 2 < to[3] + pad / 2]
            found = [moved(w, source[0] - to[0], source[1] - to[1], source) for w in inside]
            if not found or (source[0] < first_column and _odd_number(found)):
                found = _read_lone(clean, source, reader) or found
            words += found
    return words


_NUMBER = re.compile(r"\d{1,3}(\.\d{1,2})*[.)]?|[IVX]+\.?|[a-zđ][.)]?|S?TT", re.IGNORECASE)


def _odd_number(words: list[Recognised]) -> bool:
    """Whether a cell of the first column holds a few signs that are no number of a row ("2:2", "EP" for "5.1")."""
    text = "".join(word.text for word in words)
    return len(text) <= 4 and not _NUMBER.fullmatch(text)


def _read_lone(clean: Gray, box: PixelBox, reader: Reader) -> list[Recognised]:
    """Once more, alone: a single digit among lines of text is easily taken for dirt."""
    left, top, right, bottom = box
    if bottom - top < reader.dpi * 0.05 or reader.time_left < 5:
        return []
    pad = reader.dpi // 10
    crop = np.pad(clean[top:bottom, left:right], pad, constant_values=255)
    found = reader.read(crop, "line")
    return [moved(w, left - pad, top - pad, box) for w in found if any(map(str.isalnum, w.text)) and w.confidence > 0.3]


def _ink_box(clean: Gray, cell: PixelBox, dpi: int) -> PixelBox | None:
    """The part of a cell that holds ink, with a little paper around it; None for an empty cell."""
    inset = max(2, dpi // 75)
    left, top, right, bottom = cell[0] + inset, cell[1] + inset, cell[2] - inset, cell[3] - inset
    dark = clean[top:bottom, left:right] < 140
    if int(dark.sum()) < (dpi // 30) ** 2 // 2:
        return None
    ys, xs = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    margin = max(2, dpi // 60)
    return (
        max(cell[0], left + int(xs[0]) - margin),
        max(cell[1], top + int(ys[0]) - margin),
        min(cell[2], left + int(xs[-1]) + margin),
        min(cell[3], top + int(ys[-1]) + margin),
    )
