"""Words that the engine read where no word stands: specks beside a line, the grain of the paper, a word once more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from statistics import median

import numpy as np

from ingest.engine import Gray, Recognised

_LEAST_INK = 0.06
"""Share of a word's box that is ink: under .04 in words that were none on bad scans, over .2 in all that were."""

_DOUBTED = 0.6
"""A smaller word in the box of another is a word of its own from this confidence on."""


def without_specks(picture: Gray, words: list[Recognised]) -> list[Recognised]:
    """``words`` but for those whose ink is a speck beside the others of its line, or no ink at all; "~" for a printed dash is "-"."""
    level = _ink_level(picture, words)
    heights: dict[tuple[int, ...], list[int]] = {}
    for word in words:
        heights.setdefault(word.line, []).append(word.box[3] - word.box[1])
    return [_dash(word, size) for word in words if not _is_speck(word, size := median(heights[word.line])) and _ink(picture, word, level)]


def once(words: list[Recognised]) -> list[Recognised]:
    """``words`` without those that the engine read in the ink of a surer word of their line ("Đồng Đồng ý" under a seal).

    Of 5 pairs of words on 35 scanned pages of which one lies in the other, two are one word read twice, two are "của" and half of it or a
    stroke; of the fifth both were printed and sure.
    """
    lines: dict[tuple[int, ...], list[Recognised]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return [word for word in words if not any(_is_again(word, other) for other in lines[word.line])]


def _is_again(word: Recognised, other: Recognised) -> bool:
    if word is other or (word.confidence, word.box) >= (other.confidence, other.box):
        return False
    width, others = word.box[2] - word.box[0], other.box[2] - other.box[0]
    across = min(word.box[2], other.box[2]) - max(word.box[0], other.box[0])
    down = min(word.box[3], other.box[3]) - max(word.box[1], other.box[1])
    lies_in = across >= 0.9 * width and down >= 0.5 * (word.box[3] - word.box[1])
    return lies_in and (across >= 0.9 * others or word.confidence < _DOUBTED)


def _ink_level(picture: Gray, words: Iterable[Recognised]) -> float:
    """Grey half way between the paper and the ink of words that were surely read."""
    sure = [word for word in words if word.confidence > 0.9 and len(word.text) > 1][:200:5]
    if not sure:
        return 255.0
    dark = median(float(np.percentile(_crop(picture, word), 10)) for word in sure)
    return (dark + float(np.median(picture[::8, ::8]))) / 2


def _crop(picture: Gray, word: Recognised) -> Gray:
    left, top, right, bottom = word.box
    return picture[top:bottom, left:right]


def _is_speck(word: Recognised, size: float) -> bool:
    width, height = word.box[2] - word.box[0], word.box[3] - word.box[1]
    sure = word.confidence >= 0.5 or (word.text == "-" and width >= 1.5 * height)
    return max(width, height) <= (0.2 if sure else 0.3) * size


def _ink(picture: Gray, word: Recognised, level: float) -> bool:
    # The box of a dash may be as high as its line.
    if word.confidence > (0.85 if word.text in {"-", "–", "+"} else 0.94):
        return True
    return float((_crop(picture, word) < level).mean()) >= _LEAST_INK


def _dash(word: Recognised, size: float) -> Recognised:
    width, height = word.box[2] - word.box[0], word.box[3] - word.box[1]
    if word.text in {"~", "~-", "-~"} and height <= 0.25 * size and 0.2 * size <= width <= 0.6 * size:
        return replace(word, text="-", signs=())
    return word
