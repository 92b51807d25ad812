"""Ink in the shape of text that lies in no word's box."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.engine import Gray, PixelBox, Recognised

_DPI = 150
"""Ink is looked at in a copy of this resolution: on twelve pages the places were those of the full picture, in a quarter of the time."""
_CONTRAST = 30
"""Levels of grey by which ink is darker than the paper around it."""
_PALE = 190
"""Grey above which nothing is ink: print of the other side shows through."""


def missed_lines(picture: Gray, words: Sequence[Recognised], dpi: int) -> list[PixelBox]:
    """Places (pixels) of ink that looks like a line of text and lies in no word's box; ``picture`` has no rulings.

    Fewer than four letters are a line only below another one, as the last words of a paragraph stand ("tháng 5.").
    """
    scale = max(1.0, dpi / _DPI)
    small = cv2.resize(picture, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA).astype(np.uint8) if scale > 1 else picture
    held = [_scaled(word.box, 1 / scale) for word in words]
    # Against the paper around it: under uneven light one threshold for the page takes shadows for ink and joins letters.
    reach = round(dpi / scale / 8) * 2 + 1
    marks = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, reach, _CONTRAST).astype(np.uint8)
    marks[small > _PALE] = 0
    return [_scaled(box, scale) for box in _places(marks, held, round(dpi / scale))]


def _scaled(box: PixelBox, scale: float) -> PixelBox:
    left, top, right, bottom = (round(side * scale) for side in box)
    return left, top, right, bottom


def _places(marks: Gray, words: list[PixelBox], dpi: int) -> list[PixelBox]:
    reach = dpi // 50
    for left, top, right, bottom in words:
        # A box much taller than a line is a misreading of a seal or signature and hides nothing.
        if bottom - top < dpi * 0.4:
            marks[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    letters = [box for box in map(_box, stats[1:]) if _is_letter(box, dpi)]
    # Joined by their waists: marks below one line and above the next reach into each other.
    waists = np.zeros_like(marks)
    for left, top, right, bottom in letters:
        quarter = (bottom - top) // 4
        waists[top + quarter : bottom - quarter, left:right] = 255
    joined = cv2.morphologyEx(waists, cv2.MORPH_CLOSE, np.ones((1, dpi // 6), np.uint8))
    labels = cv2.connectedComponents(joined, connectivity=8)[1]
    lines: dict[int, list[PixelBox]] = {}
    for box in letters:
        lines.setdefault(int(labels[(box[1] + box[3]) // 2, box[0]]), []).append(box)
    usual = median(bottom - top for _, top, _, bottom in words) if words else 0.0
    places = []
    for line in lines.values():
        box = _around(line)
        width, height = box[2] - box[0], box[3] - box[1]
        if dpi * 0.05 <= height <= dpi * 0.3 and (
            (len(line) >= 4 and width >= dpi * 0.25) or (0.6 * usual <= height <= 1.3 * usual and ends_a_paragraph(box, words))
        ):
            places.append(box)
    return places


def _box(stats: NDArray[np.int32]) -> PixelBox:
    left, top, width, height = (int(value) for value in stats[:4])
    return left, top, left + width, top + height


def _is_letter(box: PixelBox, dpi: int) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return 0.035 * dpi <= height <= 0.22 * dpi and 0.008 * dpi <= width <= 0.5 * dpi


def _around(boxes: Sequence[PixelBox]) -> PixelBox:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def ends_a_paragraph(box: PixelBox, words: Sequence[PixelBox]) -> bool:
    """Whether ``box`` stands where the last line of a paragraph begins: below a line of text (boxes of ``words``), at its beginning."""
    left, top, _, bottom = box
    size = bottom - top
    above = [word for word in words if -0.5 * size < top - word[3] < 2 * size]
    return any(abs(word[0] - left) <= size for word in above) and sum(word[0] > left for word in above) >= 4
