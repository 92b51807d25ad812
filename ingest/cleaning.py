"""Colour to grey, with red ink taken out, and the question whether there is ink at all."""

from __future__ import annotations

import cv2
import numpy as np

from ingest.engine import Colour, Gray


def to_gray(picture: Colour, *, suppress_red: bool) -> Gray:
    """The picture as grey; red ink (seals, red stamps) becomes paper, black print under it stays.

    In the red channel red ink is nearly as light as paper while black ink is as dark as ever, so red pixels take their
    value from there, stretched so that the palest of them become white.
    """
    gray: Gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    if not suppress_red:
        return gray
    red = picture[..., 0]
    other = np.maximum(picture[..., 1], picture[..., 2])
    mask = cv2.subtract(red, other) > 35  # JPEG leaves up to 20 around black letters
    if not mask.any():
        return gray
    # The seal's own edge is half red, half paper: take its neighbours too.
    wide = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    lifted = np.clip(red.astype(np.int32) * 255 // 200, 0, 255).astype(np.uint8)
    out = gray.copy()
    out[wide] = np.maximum(gray, lifted)[wide]
    return out


READABLE_DPI = 200
"""Fewest pixels per inch at which body text is read well: on five sample pages scanned at 150 dpi, enlarging to 200 gave 1825
right syllables, to 300 as many, and the renderer's own enlargement to 300 gave 1815."""


def enlarged(picture: Colour, dpi: int) -> tuple[Colour, int]:
    """The picture at READABLE_DPI if it is coarser than that, and its resolution."""
    if dpi >= READABLE_DPI - 10:
        return picture, dpi
    scale = READABLE_DPI / dpi
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.uint8), READABLE_DPI


def red_share(picture: Colour) -> float:
    """Share of the pixels (0 to 1) that are red ink."""
    small = picture[::4, ::4]
    return float(np.mean(cv2.subtract(small[..., 0], np.maximum(small[..., 1], small[..., 2])) > 60))


def ink(gray: Gray) -> Gray:
    """Ink as 255 on 0: Otsu's threshold, held in a range where paper shadows are no ink and pale print is."""
    level, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.where(gray < min(max(level, 90), 200), 255, 0).astype(np.uint8)


def is_blank(gray: Gray, dpi: int) -> bool:
    """Whether no part of the page inside its margins holds anything of a letter's size."""
    margin = dpi // 4
    inner = gray[margin:-margin, margin:-margin] if min(gray.shape) > 4 * margin else gray
    if inner.size == 0 or int(inner.min()) > 160:
        return True
    found, _, stats, _ = cv2.connectedComponentsWithStats(ink(inner), connectivity=8)
    least = max(3, dpi // 50)
    sizes = stats[1:found, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return not bool(np.any(sizes.max(axis=1) >= least)) if len(sizes) else True
