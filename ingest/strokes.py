"""Roman numerals of upright strokes, counted: "III" is often read as "II", "II" as "H" or "I1", each with high confidence.

A wrong numeral is another quarter of the year or another section, and no dictionary knows better; the strokes stand in the picture.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import cv2
import numpy as np

from ingest.engine import Gray, Recognised

_NUMERAL = re.compile(r"([IlH|!1L]{1,4})(?=[./,;:)⁄]|$)")
_HEIGHT = 60
"""Pixels of height to which a word is enlarged before its strokes are counted: at 150 dpi serifs are one pixel."""
_QUARTER = re.compile(r"qu[yý]", re.IGNORECASE)


def counted(picture: Gray, words: list[Recognised]) -> list[Recognised]:
    """``words`` (in the engine's order) whose numerals have as many strokes as stand in ``picture``."""
    out = []
    for index, word in enumerate(words):
        found = _NUMERAL.match(word.text)
        after_quarter = index > 0 and bool(_QUARTER.fullmatch(unicodedata.normalize("NFC", words[index - 1].text)))
        if found and (after_quarter or not found[1].isdigit()):
            left, top, right, bottom = word.box
            count = strokes(picture[top:bottom, left:right])
            # One stroke is most often a 1; it is none where the engine saw the foot of an L before a full stop.
            sure = 2 <= count <= 3 or (count == 1 and (after_quarter or ("L" in found[1] and word.text[found.end() :].startswith("."))))
            if sure and found[1] != "I" * count:
                out.append(replace(word, text="I" * count + word.text[found.end() :], signs=()))
                continue
        out.append(word)
    return out


def strokes(crop: Gray) -> int:
    """How many capital I stand at the beginning of the picture of a word, before its end, a full stop or a slash; 0 if in doubt."""
    if min(crop.shape, default=0) < 4:
        return 0
    scale = max(1, round(_HEIGHT / crop.shape[0]))
    large = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    _, marks = cv2.threshold(large, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    found, labels, stats, _ = cv2.connectedComponentsWithStats(marks.astype(np.uint8), connectivity=8)
    height = max((int(stats[i, cv2.CC_STAT_HEIGHT]) for i in range(1, found)), default=0)
    total = 0
    for index in sorted(range(1, found), key=lambda i: int(stats[i, cv2.CC_STAT_LEFT])):
        left, top, width, tall, _ = (int(value) for value in stats[index])
        if tall < 0.5 * height:
            if top > 0.5 * height and min(width, tall) > 0.05 * height:
                return total  # a full stop
            continue  # a speck
        count = _stems(labels[top : top + tall, left : left + width] == index)
        if not count or tall < 0.55 * len(large):
            return total if _is_slash(labels[top : top + tall, left : left + width] == index) else 0
        total += count
    return total


def _is_slash(glyph: np.ndarray) -> bool:
    rows = round(0.2 * len(glyph)) or 1
    upper, lower = (np.flatnonzero(part.any(axis=0)) for part in (glyph[:rows], glyph[-rows:]))
    return bool(lower[-1] <= upper[0] + 1 and glyph.mean() < 0.5)


def _stems(glyph: np.ndarray) -> int:
    """The stems of a connected sign that is nothing but capital I's touching at their serifs; else 0."""
    height, width = glyph.shape
    band = glyph[round(0.3 * height) : round(0.7 * height)]
    upright = band.mean(axis=0) > 0.6
    edges = np.flatnonzero(np.diff(np.concatenate(([0], upright.astype(np.int8), [0]))))
    runs = [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    if not runs or any(end - begin > 0.4 * height for begin, end in runs) or width > 0.75 * height * len(runs):
        return 0
    # Between the stems there is nothing: the bar of an H, the bow of a U and the slope of an N are more.
    between = np.convolve(upright, np.ones(5), mode="same") == 0
    if between.any() and band[:, between].mean() > 0.05:
        return 0
    # A serif to both sides of the outer stems, above and below: 1, l, L, T and [ have it on one side only.
    rows = round(0.15 * height) or 1
    ends = [np.flatnonzero(part.any(axis=0)) for part in (glyph[:rows], glyph[-rows:])]
    serifs = [side > 0.04 * height for end in ends for side in (runs[0][0] - end[0], end[-1] + 1 - runs[-1][1])]
    return len(runs) if all(serifs) or not any(serifs) else 0
