"""Ink in the shape of text that lies in no word's box."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np

from ingest.cleaning import ink
from ingest.engine import Gray, PixelBox, Recognised

_DPI = 150
"""Ink is looked at in a copy of this resolution: on twelve pages the places were those of the full picture, in a quarter of the time."""


def missed_lines(picture: Gray, words: Sequence[Recognised], dpi: int) -> list[PixelBox]:
    """Places (pixels) of ink that looks like a line of text and lies in no word's box; ``picture`` has no rulings.

    Fewer than four letters are a line only below another one, as the last words of a paragraph stand ("tháng 5.").
    """
    scale = max(1.0, dpi / _DPI)
    small = cv2.resize(picture, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA).astype(np.uint8) if scale > 1 else picture
    held = [_scaled(word.box, 1 / scale) for word in words]
    return [_scaled(box, scale) for box in _places(ink(small), held, round(dpi / scale))]


def _scaled(box: PixelBox, scale: float) -> PixelBox:
    left, top, right, bottom = (round(side * scale) for side in box)
    return left, top, right, bottom


def _places(marks: Gray, words: list[PixelBox], dpi: int) -> list[PixelBox]:
    reach = dpi // 50
    for left, top, right, bottom in words:
        # A box much taller than a line is a misreading of a seal or signature and hides nothing.
        if bottom - top < dpi * 0.4:
            marks[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    heights, widths = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    letters = (heights >= dpi * 0.035) & (heights <= dpi * 0.22) & (widths <= dpi * 0.5) & (widths >= dpi * 0.008)
    letters[0] = False
    if not letters.any():
        return []
    kept = np.where(letters[labels], 255, 0).astype(np.uint8)
    joined = cv2.morphologyEx(kept, cv2.MORPH_CLOSE, np.ones((1, dpi // 6), np.uint8))
    lines, which, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    usual = median(bottom - top for _, top, _, bottom in words) if words else 0.0
    places = []
    for index in range(1, lines):
        left, top, width, height = (int(boxes[index, k]) for k in range(4))
        if height > dpi * 0.3 or height < dpi * 0.05:
            continue
        box = (left, top, left + width, top + height)
        inside = np.unique(labels[top : box[3], left : box[2]][which[top : box[3], left : box[2]] == index])
        count = int(letters[inside].sum())
        if (count >= 4 and width >= dpi * 0.25) or (0.6 * usual <= height <= 1.3 * usual and _ends_a_paragraph(box, words)):
            places.append(box)
    return places


def _ends_a_paragraph(box: PixelBox, words: Sequence[PixelBox]) -> bool:
    """Whether a few signs stand where the last line of a paragraph begins: below a line of text, at its beginning."""
    left, top, _, bottom = box
    size = bottom - top
    above = [word for word in words if -0.5 * size < top - word[3] < 2 * size]
    return any(abs(word[0] - left) <= size for word in above) and sum(word[0] > left for word in above) >= 4
