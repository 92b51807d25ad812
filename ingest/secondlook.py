"""What the first reading missed or misread: ink in the shape of text that gave no words, and lines of low confidence.

On real 300-dpi scans Tesseract's page segmentation drops whole lines without a word, and joins lines of two columns that
lie at the same height into one that it cannot read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import cv2
import numpy as np

from ingest.cleaning import ink
from ingest.engine import Gray, PixelBox, Recognised
from ingest.language import is_syllable
from ingest.ocr import Reader, moved, trust

_LETTERS = re.compile(r"[^\W\d_]+")
_LEAST_TIME = 5.0
"""Seconds that must be left for another try."""


def missed_lines(picture: Gray, words: list[Recognised], dpi: int) -> list[PixelBox]:
    """Places (pixels) of ink that looks like a line of text and lies in no word's box; ``picture`` has no rulings."""
    marks = ink(picture)
    reach = dpi // 50
    for word in words:
        left, top, right, bottom = word.box
        # A box much taller than a line is a misreading of a seal or signature and hides nothing.
        if bottom - top < dpi * 0.4:
            marks[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    heights, widths = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    letters = (heights >= dpi * 0.035) & (heights <= dpi * 0.22) & (widths <= dpi * 0.5) & (widths >= dpi * 0.008)
    letters[0] = False
    if int(letters.sum()) < 4:
        return []
    kept = np.where(letters[labels], 255, 0).astype(np.uint8)
    joined = cv2.morphologyEx(kept, cv2.MORPH_CLOSE, np.ones((1, dpi // 6), np.uint8))
    lines, which, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    places = []
    for index in range(1, lines):
        left, top, width, height = (int(boxes[index, k]) for k in range(4))
        if width < dpi * 0.25 or height > dpi * 0.3 or height < dpi * 0.05:
            continue
        inside = np.unique(labels[top : top + height, left : left + width][which[top : top + height, left : left + width] == index])
        if int(letters[inside].sum()) >= 4:
            places.append((left, top, left + width, top + height))
    return places


def look_again(picture: Gray, words: list[Recognised], reader: Reader, *, most: int = 12) -> list[Recognised]:
    """``words`` with missed lines added and doubtful ones replaced where a reading of the line alone is better.

    At most ``most`` lines are read again: more missing than that is a page to be read in another way by the caller.
    """
    words = _reread_doubtful(picture, words, reader, most)
    for box in missed_lines(picture, words, reader.dpi)[:most]:
        if reader.time_left < _LEAST_TIME:
            break
        found = _read_line(picture, box, reader)
        if found and (trust(found) >= 0.6 or _holds_syllable(found)):
            words = [*words, *found]
    return words


def _holds_syllable(words: list[Recognised]) -> bool:
    """Whether a word is surely there though dirt sticks to it ("Điều'1" under a seal)."""
    sure = [part for word in words if word.confidence >= 0.5 for part in _LETTERS.findall(word.text)]
    return any(len(part) >= 3 and not part.isupper() and not part.isascii() and is_syllable(part) for part in sure)


def _reread_doubtful(picture: Gray, words: list[Recognised], reader: Reader, most: int) -> list[Recognised]:
    lines: dict[tuple[int, ...], list[Recognised]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    doubtful = [run for line in lines.values() for run in _runs(line) if _doubtful(run)]
    for run in sorted(doubtful, key=trust)[:most]:
        if reader.time_left < _LEAST_TIME:
            break
        box = (min(w.box[0] for w in run), min(w.box[1] for w in run), max(w.box[2] for w in run), max(w.box[3] for w in run))
        if box[3] - box[1] > reader.dpi * 0.35:
            continue
        found = _read_line(picture, box, reader)
        if found and trust(found) > max(0.55, trust(run) + 0.1) and _marks(found) >= _marks(run):
            gone = {id(word) for word in run}
            words = [word for word in words if id(word) not in gone] + found
    return words


def _marks(words: list[Recognised]) -> int:
    # A line cropped too tightly reads well and has lost its diacritics.
    return sum(len(unicodedata.normalize("NFD", word.text)) - len(word.text) for word in words)


def _runs(line: list[Recognised]) -> list[list[Recognised]]:
    """A line cut at gaps wider than its letters are high: the two columns of a head or foot."""
    ordered = sorted(line, key=lambda word: word.box[0])
    runs = [[ordered[0]]]
    for word in ordered[1:]:
        last = runs[-1][-1]
        if word.box[0] - last.box[2] > 1.2 * max(last.box[3] - last.box[1], word.box[3] - word.box[1]):
            runs.append([])
        runs[-1].append(word)
    return runs


def _doubtful(run: list[Recognised]) -> bool:
    return trust(run) < 0.45


def _read_line(picture: Gray, box: PixelBox, reader: Reader) -> list[Recognised]:
    grow = reader.dpi // 25
    height, width = picture.shape
    left, top, right, bottom = max(0, box[0] - grow), max(0, box[1] - grow), min(width, box[2] + grow), min(height, box[3] + grow)
    pad = reader.dpi // 15
    crop = np.pad(picture[top:bottom, left:right], pad, constant_values=255)
    found = [moved(word, left - pad, top - pad, (0, 0, width, height)) for word in reader.read(crop, "line")]
    return [replace(word, line=(-1, top, left)) for word in found]  # the engine's own number is that of a line of the page
