"""What others put on the paper: the ĐẾN stamp of the office that received it.

Nghị định 30/2020/NĐ-CP, Phụ lục IV: the ĐẾN stamp is a frame of 35 × 50 mm with the office's name above "ĐẾN", "Số: …", "Ngày: …",
"Chuyển: …", set on page 1 below the number or beside the trích yếu, often over the print. Its words are kept, but apart from the lines
they were stamped on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ingest.cleaning import ink
from ingest.engine import EngineError, Gray, Mode, PixelBox, Recognised
from ingest.language import plain
from ingest.ocr import Reader, plausible

_LABELS = tuple(
    map(
        re.compile,
        (
            r"\W*d?en\W*$",
            r"\W*ngay(?:\W*$|\W+\d|[:.…])",
            r"\W*chuy[eo]n\W*(?:[:.…]|$)",
            r"\W*gio\W*(?:[:.…]|$)",
            r"\W*so\W*[:.…]",
            r"\W*cv\W*$",
        ),
    )
)
"""What stands on an ĐẾN stamp; the first word is read as "ẾN" too."""
_DEN, _CHUYEN = 0, 2
_SURE = 0.6
"""Confidence from which a word under or of a stamp is believed."""

_NUMBER = re.compile(r"/\W*[A-ZĐ]{2,}")

# Millimetres: of three black ĐẾN stamps on real scans the frames measure 47 × 19, 55 × 19 and 56 × 20; the decree has 50 × 35.
_WIDTH = 28.0, 75.0
_HEIGHT = 12.0, 45.0
_LEAST_TIME = 5.0
"""Seconds that must be left to look for a stamp."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """An ĐẾN stamp: the box of its frame (pixels of the level picture) and its words as read by themselves."""

    box: PixelBox
    words: tuple[Recognised, ...]


def frames(picture: Gray, dpi: int) -> list[PixelBox]:
    """Rectangles (pixels) of rulings in the upper half of a level page that are as large as an ĐẾN stamp.

    On 17 first pages of real scans this finds the three black stamps and nothing else.
    """
    # A copy of 150 dpi that keeps the darkest pixels is enough for rulings and takes a sixth of the time of 300 dpi; 100 dpi is too coarse.
    step = max(1, dpi // 130)
    upper = picture[: picture.shape[0] // 2]
    small = cv2.erode(upper, np.ones((step, step), np.uint8))[::step, ::step].astype(np.uint8)
    return [_grown(box, step, picture) for box in _frames(small, dpi / step)]


def _grown(box: PixelBox, step: int, picture: Gray) -> PixelBox:
    height, width = picture.shape
    left, top, right, bottom = (side * step for side in box)
    return left, top, min(width, right + step), min(height, bottom + step)


def _frames(picture: Gray, dpi: float) -> list[PixelBox]:
    horizontal, vertical = _strokes(picture, dpi)
    if not vertical.any():
        return []
    reach = max(3, round(dpi / 12))
    joined = cv2.dilate(horizontal | vertical, np.ones((reach, reach), np.uint8))
    found, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes: list[PixelBox] = []
    for index in range(1, found):
        left, top, width, height = (int(stats[index, k]) for k in range(4))
        width, height = width - reach, height - reach
        if not (_WIDTH[0] <= width / dpi * 25.4 <= _WIDTH[1] and _HEIGHT[0] <= height / dpi * 25.4 <= _HEIGHT[1]):
            continue
        place = slice(top, top + height + reach), slice(left, left + width + reach)
        if int(((vertical[place] > 0) & (labels[place] == index)).any(axis=1).sum()) > 0.25 * dpi:
            boxes.append((left + reach // 2, top + reach // 2, left + reach // 2 + width, top + reach // 2 + height))
    return united(boxes)


def _strokes(picture: Gray, dpi: float) -> tuple[Gray, Gray]:
    """Straight ink across (at least .3 in long) and down (.22 in), thin as a frame: a stamp's rulings are shorter than a table's."""
    marks = ink(picture)
    down = _thin(marks, (1, 3), (int(dpi * 0.22), 1), dpi)
    # Most pages have no stroke down, and nothing more to look for.
    across = _thin(marks, (3, 1), (1, int(dpi * 0.3)), dpi) if down.any() else np.zeros_like(marks)
    return across, down


def _thin(marks: Gray, widened: tuple[int, int], straight: tuple[int, int], dpi: float) -> Gray:
    mask = cv2.morphologyEx(cv2.dilate(marks, np.ones(widened, np.uint8)), cv2.MORPH_OPEN, np.ones(straight, np.uint8))
    thick = max(3, int(dpi * 0.06))
    bars = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    return np.where(cv2.dilate(bars, np.ones((3, 3), np.uint8)) > 0, 0, mask).astype(np.uint8)


def united(boxes: Sequence[PixelBox]) -> list[PixelBox]:
    """Boxes that overlap become one: the frame and its inner lines may not touch."""
    out: list[PixelBox] = []
    for box in sorted(boxes):
        for index, other in enumerate(out):
            if box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]:
                out[index] = (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))
                break
        else:
            out.append(box)
    return out


def received(picture: Gray, reader: Reader) -> list[Stamp]:
    """The framed ĐẾN stamps of a level page: words that every one bears are read inside the frame."""
    stamps = []
    for box in frames(picture, reader.dpi):
        # Worn stamps over print: what one way of reading misses another finds.
        bare = without_frames(picture, [Stamp(box, ())], reader.dpi)
        tries: list[list[Recognised]] = []
        for source, mode in _WAYS:
            tries.append(read_inside(picture if source == "as it is" else bare, box, reader, mode))
            if is_received([word for words in tries for word in words]):
                stamps.append(Stamp(box, tuple(max(tries, key=lambda words: len(_labels(words))))))
                break
    return stamps


_WAYS: tuple[tuple[str, Mode], ...] = (
    ("as it is", "sparse"),
    ("without frame", "sparse"),
    ("without frame", "block"),
    ("as it is", "block"),
)


def read_inside(picture: Gray, box: PixelBox, reader: Reader, mode: Mode = "sparse") -> list[Recognised]:
    """The words inside ``box``, read by themselves; none when the engine fails or too little time is left."""
    if reader.time_left < _LEAST_TIME:
        return []
    pad = reader.dpi // 8
    left, top, right, bottom = box
    inner = picture[top:bottom, left:right]
    # Grey paper beside white padding would all count as ink.
    crop = np.pad(inner, pad, constant_values=int(np.percentile(inner, 80)))
    try:
        return [_placed(word, left - pad, top - pad) for word in reader.read(crop, mode)]
    except EngineError:
        return []


def without_frames(picture: Gray, stamps: Sequence[Stamp], dpi: int) -> Gray:
    """The picture without the rulings of ``stamps`` and what was surely read of them: the print beside and under them stays."""
    if not stamps:
        return picture
    out = picture.copy()
    for stamp in stamps:
        left, top, right, bottom = (max(0, side + grow) for side, grow in zip(stamp.box, (-6, -6, 6, 6), strict=True))
        part = out[top:bottom, left:right]
        paper = int(np.percentile(part, 80))
        across, down = _strokes(part, dpi)
        part[cv2.dilate(across | down, np.ones((3, 3), np.uint8)) > 0] = paper
        for word in stamp.words:
            if word.confidence >= _SURE:
                part[max(0, word.box[1] - top) : word.box[3] - top, max(0, word.box[0] - left) : word.box[2] - left] = paper
    return out


def apart(words: Iterable[Recognised], stamps: Sequence[Stamp]) -> list[Recognised]:
    """The words of a page without those of ``stamps``.

    A good word inside the frame stays when it joins the line that goes on outside: the print under the stamp; so does a document's
    own number ("Số: 12/UBND-NC").
    """
    if not stamps:
        return list(words)
    lines: dict[tuple[int, ...], list[Recognised]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return [word for line in lines.values() for word in _own(line, stamps)]


def _own(line: list[Recognised], stamps: Sequence[Stamp]) -> list[Recognised]:
    ordered = sorted(line, key=lambda word: word.box[0])
    kept = [not any(_within(word, stamp.box) for stamp in stamps) for word in ordered]
    if all(kept) or _NUMBER.search(" ".join(word.text for word in ordered)):
        return ordered
    for begin, step in ((len(ordered) - 1, -1), (0, 1)):
        for at in range(begin, len(ordered) - 1 - begin, step):
            if kept[at] and not kept[at + step] and plausible(ordered[at].text):
                _keep_print(ordered, kept, at, step)
                break
    return [word for word, keep in zip(ordered, kept, strict=True) if keep]


def _keep_print(line: list[Recognised], kept: list[bool], at: int, step: int) -> None:
    """Keep the words that go on from word ``at`` into the frame, over one that cannot be read if good ones in small letters follow."""
    last = at
    for place in range(at + step, len(line) if step > 0 else -1, step):
        word, near = line[place], line[place - step]
        if kept[place] or _gap(word, near) > 1.5 * (near.box[3] - near.box[1]) or abs(place - last) > 2:
            break
        if _is_print(word) and (abs(place - last) == 1 or word.text.islower()):
            for between in range(last, place + step, step):
                kept[between] = True
            last = place


def _within(word: Recognised, box: PixelBox) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _gap(one: Recognised, other: Recognised) -> int:
    return max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])


def _is_print(word: Recognised) -> bool:
    return word.confidence >= _SURE and plausible(word.text) and not word.text[0].isdigit() and not _labels([word])


def _labels(words: Iterable[Recognised]) -> set[int]:
    texts = [plain(word.text) for word in words]
    return {index for index, label in enumerate(_LABELS) for text in texts if label.match(text)}


def is_received(words: Sequence[Recognised]) -> bool:
    """Whether two of the labels were read, or ĐẾN in capitals or "Chuyển:" alone: nothing else in a frame of that size says so."""
    found = _labels(words)
    return len(found) >= 2 or _CHUYEN in found or any(_labels([word]) == {_DEN} and word.text.strip(" .|:").isupper() for word in words)


def _placed(word: Recognised, dx: int, dy: int) -> Recognised:
    left, top, right, bottom = word.box
    box = (max(0, left + dx), max(0, top + dy), max(1, right + dx), max(1, bottom + dy))
    return replace(word, box=box, line=(-2, *word.line))
