"""Lines of print in the picture of a page, counted by the shape of the ink alone and apart from all code that reads.

A line is a chain of at least :data:`LETTERS` marks of a letter's size whose feet stand on one base line and whose heights agree. Seals
(a circle has no base line), signatures and notes by hand (colour, uneven heights), rulings, logos and specks are none. Built to be right
both ways: tests plant lines, drop their words and look for them; every line it reported on real scans was looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from ingest.engine import Colour, PixelBox

LETTERS = 5
"""Fewest letters of a line: under that a signature's strokes pass for one. Marks of three or four letters are not counted either way."""


@dataclass(frozen=True, slots=True)
class InkLine:
    """The letters (pixel boxes, left to right) of one line or one column's part of it."""

    letters: tuple[PixelBox, ...]

    @property
    def box(self) -> PixelBox:
        """The box around its letters."""
        lefts, tops, rights, bottoms = zip(*self.letters, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    def covered(self, words: Iterable[tuple[float, float, float, float]]) -> float:
        """Share of its letters (0 to 1) whose middle lies in one of the boxes ``words`` (pixels).

        A box over four letters high is no word but a misreading of a seal, a brace or several lines, and covers nothing.
        """
        left, top, right, bottom = self.box
        most = 4 * median(box[3] - box[1] for box in self.letters)
        near = [b for b in words if b[1] < bottom and b[3] > top and b[0] < right and b[2] > left and b[3] - b[1] <= most]
        held = sum(any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in near) for x, y in map(_middle, self.letters))
        return held / len(self.letters)


def ink_lines(picture: Colour, dpi: int) -> list[InkLine]:
    """The printed lines of an upright page whose lines lie level, top to bottom."""
    chains: list[list[PixelBox]] = []
    open_chains: list[list[PixelBox]] = []
    for letter in sorted(_letters(picture, dpi)):
        best, near = None, 0.0
        for chain in open_chains:
            shared = _shared(chain[-6:], letter)
            if letter[0] - chain[-1][2] <= 0.25 * dpi and shared > max(0.5, near):
                best, near = chain, shared
        if best is None:
            best = []
            chains.append(best)
            open_chains.append(best)
        best.append(letter)
        open_chains = [chain for chain in open_chains if letter[0] - chain[-1][2] <= 0.25 * dpi]
    return sorted((InkLine(tuple(chain)) for chain in chains if _is_print(chain)), key=lambda line: line.box[1])


def _letters(picture: Colour, dpi: int) -> list[PixelBox]:
    # Black is dark in every channel; the ink of seals, signatures and notes by hand is light in one of them.
    gray = picture.max(axis=2)
    level, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    marks = (gray < min(max(level, 90), 180)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    widths, heights, areas = stats[1:].T[2:]
    fits = (heights >= 0.04 * dpi) & (heights <= 0.22 * dpi) & (widths >= 0.008 * dpi) & (widths <= 0.5 * dpi) & (widths <= 6 * heights)
    solid = areas >= 0.12 * widths * heights
    return [(int(left), int(top), int(left + width), int(top + height)) for left, top, width, height in stats[1:][fits & solid][:, :4]]


def _shared(chain: Sequence[PixelBox], letter: PixelBox) -> float:
    """How much of the smaller height ``letter`` shares with the middling letter at the end of the chain (0 to 1)."""
    top, bottom = median(box[1] for box in chain), median(box[3] for box in chain)
    return (min(bottom, letter[3]) - max(top, letter[1])) / max(1.0, min(bottom - top, letter[3] - letter[1]))


def _is_print(chain: Sequence[PixelBox]) -> bool:
    if len(chain) < LETTERS:
        return False
    height = median(box[3] - box[1] for box in chain)
    xs, feet = np.array([box[0] for box in chain], float), np.array([box[3] for box in chain], float)
    slope = float(np.median(np.diff(feet) / np.maximum(1, np.diff(xs)))) if len(chain) > 2 else 0.0
    level = feet - np.clip(slope, -0.02, 0.02) * xs
    even = sum(0.5 * height <= box[3] - box[1] <= 1.7 * height for box in chain)
    stands = int((np.abs(level - np.median(level)) <= 0.15 * height).sum())
    return even >= 0.75 * len(chain) and stands >= 0.6 * len(chain)


def _middle(box: PixelBox) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
