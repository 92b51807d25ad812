"""The rulings of a page: thin straight ink, whole or dotted, black or pale, on a copy of 150 dpi."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ingest.engine import Gray, PixelBox

WORK_DPI = 150
"""Pixels an inch of the copy on which rulings are sought: a hairline of 0.3 pt still stands out there, and a page takes a quarter
of the time of 300 dpi."""

_CONTRAST = 25
"""Grey levels by which a ruling is darker than the paper beside it: pale hairlines on a bad 150-dpi scan reach 35, noise 15."""

_THICK = 7
"""Pixels; what is thicker (2 pt and more) is no ruling."""


@dataclass(frozen=True, slots=True)
class Rulings:
    """Masks (255 on 0, WORK_DPI) of level and upright rulings; ``level`` and ``upright`` are all thin ink that might be part of one."""

    across: Gray
    down: Gray
    level: Gray
    upright: Gray

    @property
    def both(self) -> Gray:
        """The union."""
        return np.bitwise_or(self.across, self.down)

    def within(self, box: PixelBox) -> Rulings:
        """Those in ``box``."""
        left, top, right, bottom = box
        masks = (self.across, self.down, self.level, self.upright)
        return Rulings(*(np.ascontiguousarray(mask[top:bottom, left:right]) for mask in masks))


def rulings(small: Gray) -> Rulings:
    """The rulings of a picture of WORK_DPI: at least 0.5 in long across, 0.16 in down, with gaps up to 0.15 in.

    Underlines are among those across. Those down are empty where nothing speaks for a table; elsewhere a few are strokes of letters
    that touch from line to line: only what crosses others is a table's.
    """
    level, upright = _thin(small, 1), _thin(small, 0)
    # Where two rulings cross, neither stands out from what is beside it.
    across = _straight(level | _straight(upright, 0, 24), 1, 75)
    down = _straight(upright | across, 0, 24)
    if _is_promising(across, down):
        dots = _specks(small)
        across |= _straight(_bridged(dots[1], 1, 7), 1, 75)
        down |= _straight(_bridged(dots[0], 0, 7), 0, 37)
        return Rulings(_bridged(across, 1, 25), down, _bridged(level, 1, 7), _bridged(upright, 0, 7))
    return Rulings(across, np.zeros_like(down), level, upright)


def _kernel(axis: int, length: int) -> Gray:
    """A stroke of ``length`` along ``axis`` (1 across, 0 down)."""
    return np.ones((1, length) if axis else (length, 1), np.uint8)


def _thin(small: Gray, axis: int) -> Gray:
    """Ink that is darker than what lies a few pixels to both sides of it. Shaded cells and black borders are not."""
    hat = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, _kernel(1 - axis, _THICK))
    marks = cv2.threshold(hat, _CONTRAST, 255, cv2.THRESH_BINARY)[1]
    # Faxes and residual skew break a hairline into steps of one pixel: thicken before asking for straightness.
    return cv2.dilate(marks, _kernel(1 - axis, 3)).astype(np.uint8, copy=False)


def _straight(marks: Gray, axis: int, length: int) -> Gray:
    return cv2.morphologyEx(_bridged(marks, axis, 3), cv2.MORPH_OPEN, _kernel(axis, length)).astype(np.uint8, copy=False)


def _bridged(marks: Gray, axis: int, gap: int) -> Gray:
    return cv2.morphologyEx(marks, cv2.MORPH_CLOSE, _kernel(axis, gap)).astype(np.uint8, copy=False)


def _is_promising(across: Gray, down: Gray) -> bool:
    """Whether there may be a table: a ruling down that meets one across, or more long ones across than a head and a footnote have."""
    if down.any() and cv2.bitwise_and(cv2.dilate(across, _kernel(0, 7)), down).any():
        return True
    wide = np.asarray(cv2.erode(across[:, ::4], _kernel(1, WORK_DPI // 2))).max(axis=1) > 0
    return int(np.count_nonzero(wide[1:] & ~wide[:-1])) > 3


def _specks(small: Gray) -> tuple[Gray, Gray]:
    """Ink of which dotted rulings are made, down and across: spots no wider, no higher than 4 pixels."""
    hat = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((_THICK, _THICK), np.uint8))
    marks = cv2.threshold(hat, _CONTRAST, 255, cv2.THRESH_BINARY)[1]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marks.astype(np.uint8, copy=False), connectivity=8)
    narrow, low = (np.where(stats[:, side] <= 4, 255, 0).astype(np.uint8, copy=False) for side in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    return narrow[labels], low[labels]
