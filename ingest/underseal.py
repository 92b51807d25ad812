"""Doubtful lines of print under red ink, read again with what is left of the ink made paper.

JPEG keeps colour at half the resolution, so the edges of dark seals (the ring, the letters in it) stay as grey strokes when their red is
taken out, lighter than print. A steeper tone curve takes them away, and some thin strokes of letters with them: it is a second try.
"""

from __future__ import annotations

import cv2
import numpy as np

from ingest.engine import EngineError, Gray, Recognised
from ingest.ocr import Reader, plausible, trust
from ingest.secondlook import around, by_line, marks_in, read_line, runs_of

_CURVES = ((30, 140), (60, 170))
"""Greys that become black and white. On five scans with dark seals (150 dpi) 67 signs under them were wrong; with the first curve or the
second as the only second try 45 and 51, with both 44."""
_SURE = 0.85
"""Confidence from which a plausible word is not read again."""
_MOST = 12
"""Lines that are read again at most: a seal of 36 mm meets seven."""
_LEAST_TIME = 5.0


def read_under(picture: Gray, red: Gray, words: list[Recognised], reader: Reader) -> list[Recognised]:
    """``words`` with doubtful lines under red ink read again where that reading is better.

    ``picture`` is the level page, its red ink taken out; ``red`` is 0 where there was some. On 24 pages with two seals each, pale to nearly
    black, 62 signs under seals were wrong so (39 without a seal), and 95 without the second try. On 12 other pages, half of them with dark
    seals at 150 dpi, 79 instead of 99 (9 without a seal), none worse: such seals still cost much.
    """
    doubtful = [run for line in by_line(words) for run in runs_of(line) if any(_doubtful(word, red) for word in run)]
    if not doubtful:
        return words
    wide = cv2.erode(red, np.ones((3, 3), np.uint8)).astype(np.uint8)  # the pale side of the seal's edge, which the first picture may keep
    pictures = [_steeper(picture, wide, *curve) for curve in _CURVES]
    for run in sorted(doubtful, key=trust)[:_MOST]:
        box = around(word.box for word in run)
        if box[3] - box[1] > reader.dpi * 0.35:
            continue
        try:
            tries = [read_line(other, box, reader) for other in pictures if reader.time_left > _LEAST_TIME]
        except EngineError:
            break
        found = max(tries, key=trust, default=[])
        if trust(found) > max(0.55, trust(run) + 0.03) and marks_in(found) >= marks_in(run) - 1:
            gone = {id(word) for word in run}
            words = [word for word in words if id(word) not in gone] + found
    return words


def _doubtful(word: Recognised, red: Gray) -> bool:
    left, top, right, bottom = word.box
    return (word.confidence < _SURE or not plausible(word.text)) and int(red[top:bottom, left:right].min()) < 128


def _steeper(picture: Gray, red: Gray, black: int, white: int) -> Gray:
    """The picture with greys from ``black`` to ``white`` spread over all greys where red ink was."""
    curve = np.clip((np.arange(256) - black) * 255 / (white - black), 0, 255).astype(np.uint8)
    return np.where(red < 128, cv2.LUT(picture, curve), picture).astype(np.uint8)
