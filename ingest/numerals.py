"""Roman numerals by their strokes: the engine reads II as H, VII as VI and "Quý I" as "Quý 1", since it knows words better than shapes."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from ingest.engine import Gray, Recognised

_LIKE_NUMERAL = re.compile(r"(?P<before>[(]?)(?P<high>[VX]*)(?P<ones>[IHl1|!L]*)(?P<after>[.,;:)]?|/\d{4}[.,;)]?|[-–][VXI]+[.,;)]?)")


def mended(picture: Gray, words: list[Recognised]) -> list[Recognised]:
    """``words`` of ``picture`` with the ones of Roman numerals counted on the paper; a "1" becomes "I" only after "Quý"."""
    return [_counted(picture, word, before) for before, word in pairwise([None, *words]) if word is not None]


def _counted(picture: Gray, word: Recognised, before: Recognised | None) -> Recognised:
    match = _LIKE_NUMERAL.fullmatch(word.text)
    if match is None or not (match["high"] or match["ones"]):
        return word
    if match["ones"] in {"1", "11"} and not (before is not None and before.text.lower() == "quý"):
        return word
    left, top, right, bottom = word.box
    ones = stems(picture[top:bottom, left:right])
    # Behind the numeral stands what has no stems over the whole height, or a year, whose "1" would be counted: then only what was read.
    if match["after"].startswith("/"):
        width = (right - left) * len(match["ones"] or "I") // len(word.text)
        ones = min(3, stems(picture[top:bottom, left : left + width + (bottom - top) // 3])) or len(match["ones"])
    if not 1 <= ones <= 3:
        return word
    return replace(word, text=f"{match['before']}{match['high']}{'I' * ones}{match['after']}")


def stems(crop: Gray) -> int:
    """How many upright strokes without anything at half their height stand in ``crop``, from its right end on; 0 for other signs.

    The serifs of neighbours may touch: in the middle half of the height I is one stroke, H three, V and X lean; T is wider above than
    below.
    """
    if min(crop.shape) < 4:
        return 0
    level = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    dark = crop < level
    rows = np.flatnonzero(dark.any(axis=1))
    if not len(rows) or rows[-1] - rows[0] < 8:
        return 0
    dark = dark[rows[0] : rows[-1] + 1]
    height = len(dark)
    band = dark[height // 4 : height - height // 4]
    found, before = 0, len(band[0])
    for begin, end in reversed(_runs(band.mean(axis=0) > 0.5)):
        stroke = band[:, begin:end]
        wide = dark[:, max(0, begin - height // 3) : end + height // 3]
        head, foot = wide[: height // 6].sum(), wide[-(height // 6) :].sum()
        if end - begin > 0.35 * height or stroke.mean() < 0.8 or not 0.6 * foot <= head <= 1.6 * foot:
            break
        if found and band[:, end:before].all(axis=1).any():
            return 0
        found, before = found + 1, begin
    return found


def _runs(filled: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], filled, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
