"""What the first reading missed or misread: ink in the shape of text that gave no words, tangled lines, and lines of low confidence.

On real 300-dpi scans Tesseract's page segmentation drops whole lines without a word, joins lines of two columns that lie at the same
height into one that it cannot read, and takes two lines for one of twice the height. Each such line is cut out by its ink and read alone;
when there are many, all of them stacked into one picture. What is read takes its place among the words only where it can be believed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from statistics import median

import cv2
import numpy as np

from ingest.engine import EngineError, Gray, PixelBox, Recognised
from ingest.language import is_syllable
from ingest.missed import ends_a_paragraph, missed_lines
from ingest.ocr import Reader, moved, plausible, trust
from ingest.specks import without_specks

_LETTERS = re.compile(r"[^\W\d_]+")
_LEAST_TIME = 5.0
"""Seconds that must be left for another try."""
_NOTHING = 0.1
"""Trust under which a reading says nothing, not even how many marks stand over the letters."""
_STACK_HEIGHT = 6000
"""Most pixels of lines that are read in one picture."""


def look_again(picture: Gray, words: list[Recognised], reader: Reader, *, alone: int = 12) -> list[Recognised]:
    """``words`` with missed lines added, and tangled and doubtful ones replaced where a reading of the line alone is better.

    ``picture`` has no rulings. More than ``alone`` missed lines are read together, in one picture where they lie one below the other.
    """
    return with_missed(picture, _reread_doubtful(picture, without_specks(picture, words), reader, alone), reader, alone=alone)


def with_missed(picture: Gray, words: list[Recognised], reader: Reader, *, alone: int = 12, numbers: bool = True) -> list[Recognised]:
    """``words`` with missed lines added, as :func:`look_again` does; without ``numbers`` only what holds a syllable."""
    tangled = {id(word) for word in _tangled(words)}
    places = missed_lines(picture, [word for word in words if id(word) not in tangled], reader.dpi)
    for box, found in _read_places(picture, places, reader, alone):
        if found and _believable(found, box, reader.dpi) and (_holds_syllable(found) or (numbers and _belongs(found, box, words))):
            words = _with(words, found, tangled)
    return words


def _belongs(found: list[Recognised], box: PixelBox, words: list[Recognised]) -> bool:
    """Whether numbers and capitals without a syllable stand in the text: others are of stamps and signatures ("22/11", "NTH")."""
    return bool(line_beside(around(word.box for word in found), words)) or ends_a_paragraph(box, [word.box for word in words])


def _with(words: list[Recognised], found: list[Recognised], tangled: set[int]) -> list[Recognised]:
    """``words`` and ``found``, in place of the tangled words it was hidden under, and as part of the line that it stands in."""
    hidden = [word for word in words if id(word) in tangled and any(_middle_in(word, other) or _middle_in(other, word) for other in found)]
    if hidden and (trust(found) < 0.6 or _told(hidden) > _told(found)):
        return words
    kept = [word for word in words if word not in hidden]
    line = line_beside(around(word.box for word in found), [word for word in kept if id(word) not in tangled])
    return [*kept, *(replace(word, line=line) if line else word for word in found)]


def _told(words: list[Recognised]) -> float:
    return trust(words) * sum(len(word.text) for word in words)


def _middle_in(word: Recognised, other: Recognised) -> bool:
    """Whether the middle of ``word`` lies in the box of ``other``."""
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return other.box[0] <= x <= other.box[2] and other.box[1] <= y <= other.box[3]


def line_beside(box: PixelBox, words: Iterable[Recognised]) -> tuple[int, ...]:
    """The line of the nearest word that stands beside ``box`` no further than words do; () where none does."""
    left, top, right, bottom = box
    best: tuple[int, tuple[int, ...]] | None = None
    for word in words:
        shared = min(bottom, word.box[3]) - max(top, word.box[1])
        gap = max(left - word.box[2], word.box[0] - right)
        if shared >= 0.6 * min(bottom - top, word.box[3] - word.box[1]) and gap <= 0.7 * (bottom - top) and (best is None or gap < best[0]):
            best = gap, word.line
    return best[1] if best else ()


def _tangled(words: list[Recognised]) -> Iterator[Recognised]:
    """The words of lines that hold two lines of the paper: some of their words are twice as high as usual, and were hardly read."""
    if not words:
        return
    usual = median(word.box[3] - word.box[1] for word in words)
    for line in by_line(words):
        if any(word.box[3] - word.box[1] > 1.9 * usual and word.confidence < 0.5 for word in line):
            yield from line


def _believable(found: list[Recognised], box: PixelBox, dpi: int) -> bool:
    if _few_signs(box, dpi):  # dirt can look like them
        return all(plausible(word.text) and word.confidence >= 0.6 for word in found) and any(map(_says_something, found))
    return trust(found) >= 0.6 or _holds_marked_syllable(found)


def _says_something(word: Recognised) -> bool:
    if word.text in {"1", "1."}:
        return word.confidence >= 0.85  # any upright stroke of dirt
    return any(map(str.isdigit, word.text)) or any(len(part) > 1 for part in _LETTERS.findall(word.text))


def _sure_parts(words: list[Recognised]) -> Iterator[str]:
    return (part for word in words if word.confidence >= 0.5 for part in _LETTERS.findall(word.text))


def _holds_syllable(words: list[Recognised]) -> bool:
    return any(len(part) >= 2 and is_syllable(part) for part in _sure_parts(words))


def _holds_marked_syllable(words: list[Recognised]) -> bool:
    """Whether a word is surely there though dirt sticks to it ("Điều'1" under a seal)."""
    return any(len(part) >= 3 and not part.isupper() and not part.isascii() and is_syllable(part) for part in _sure_parts(words))


def _reread_doubtful(picture: Gray, words: list[Recognised], reader: Reader, most: int) -> list[Recognised]:
    doubtful = [run for line in by_line(words) for run in runs_of(line) if _doubtful(run)]
    for run in sorted(doubtful, key=trust)[:most]:
        if reader.time_left < _LEAST_TIME:
            break
        box = around(word.box for word in run)
        if box[3] - box[1] > reader.dpi * 0.35:
            continue
        found = read_line(picture, box, reader)
        keeps_marks = marks_in(found) >= marks_in(run) or trust(run) < _NOTHING
        if (
            any(_says_something(word) and plausible(word.text) for word in found)
            and trust(found) > max(0.55, trust(run) + 0.1)
            and keeps_marks
        ):
            gone = {id(word) for word in run}
            words = [word for word in words if id(word) not in gone] + found
    return words


def by_line(words: Iterable[Recognised]) -> list[list[Recognised]]:
    """The words of each of the engine's lines."""
    lines: dict[tuple[int, ...], list[Recognised]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def around(boxes: Iterable[PixelBox]) -> PixelBox:
    """The smallest box that holds all ``boxes`` (one at least)."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def marks_in(words: list[Recognised]) -> int:
    """How many marks stand over, under and in the letters."""
    # A line cropped too tightly reads well and has lost its diacritics.
    return sum(len(unicodedata.normalize("NFD", word.text)) - len(word.text) for word in words)


def runs_of(line: list[Recognised]) -> list[list[Recognised]]:
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
    # Lines with one doubtful word are left alone: of 4,208 words of bad scans 5 were read better so, for a tenth of the time.
    return trust(run) < 0.45


def _read_places(picture: Gray, places: list[PixelBox], reader: Reader, alone: int) -> Iterator[tuple[PixelBox, list[Recognised]]]:
    """What stands at each place, in no particular order; the engine's failure leaves out the rest."""
    try:
        if len(places) > alone:
            together = list(_read_stacked(picture, places, reader))
            yield from (pair for pair in together if trust(pair[1]) >= 0.6)
            places = [box for box, found in together if trust(found) < 0.6]
        for box in places[:alone]:
            if reader.time_left < _LEAST_TIME:
                return
            found = read_line(picture, box, reader)
            if any(len(part) > 2 for word in found for part in _LETTERS.findall(word.text)) and not _believable(found, box, reader.dpi):
                found = read_line(picture, box, reader, room=50)  # what lies around it spoilt it: a seal, the line above
            yield box, found
    except EngineError:
        return


def _read_stacked(picture: Gray, places: list[PixelBox], reader: Reader) -> Iterator[tuple[PixelBox, list[Recognised]]]:
    """The places one below the other in one picture, so that one call reads all of them."""
    pad = reader.dpi // 15
    paper = int(np.median(picture[::8, ::8]))
    rest = list(places)
    while rest:
        crops: list[tuple[PixelBox, PixelBox, int]] = []
        y = pad
        while rest and y < _STACK_HEIGHT:
            box = rest.pop(0)
            cut = _grown(box, picture, reader.dpi // 25)
            crops.append((box, cut, y))
            y += cut[3] - cut[1] + pad
        canvas = np.full((y, max(cut[2] - cut[0] for _, cut, _ in crops) + 2 * pad), paper, np.uint8)
        for _, cut, top in crops:
            canvas[top : top + cut[3] - cut[1], pad : pad + cut[2] - cut[0]] = picture[cut[1] : cut[3], cut[0] : cut[2]]
        read = reader.read(canvas, "block") if reader.time_left > _LEAST_TIME else []
        for box, cut, top in crops:
            inside = [word for word in read if top <= (word.box[1] + word.box[3]) / 2 < top + cut[3] - cut[1]]
            yield box, _on_page(inside, cut[0] - pad, cut[1] - top, cut, picture)


def read_line(picture: Gray, box: PixelBox, reader: Reader, *, room: int = 25) -> list[Recognised]:
    """The words of the line in ``box``, read alone, with a ``room``-th of an inch around it. Raises EngineError."""
    few = _few_signs(box, reader.dpi)  # read as a line, a lone "5." was five other things, whatever its size
    cut = _grown(box, picture, reader.dpi // (50 if few else room))
    pad = reader.dpi // 15
    part = picture[cut[1] : cut[3], cut[0] : cut[2]]
    crop = np.pad(part, pad, constant_values=int(np.median(part)))  # paper as it is: white around grey would be another shape
    found = reader.read(crop, "word" if few else "line")
    if few and found and _text(found) != _text(reader.read(cv2.resize(crop, None, fx=1.5, fy=1.5).astype(np.uint8), "word")):
        return []  # a wrong digit is worse than none
    return _on_page(found, cut[0] - pad, cut[1] - pad, cut, picture)


def _text(words: list[Recognised]) -> str:
    return "".join(word.text for word in words)


def _few_signs(box: PixelBox, dpi: int) -> bool:
    return box[2] - box[0] < 0.25 * dpi


def _grown(box: PixelBox, picture: Gray, grow: int) -> PixelBox:
    """The box with room for marks above and below the letters."""
    height, width = picture.shape
    return max(0, box[0] - grow), max(0, box[1] - grow), min(width, box[2] + grow), min(height, box[3] + grow)


def _on_page(words: Iterable[Recognised], dx: int, dy: int, cut: PixelBox, picture: Gray) -> list[Recognised]:
    height, width = picture.shape
    # The engine's own number would be that of a line of the page.
    return [replace(moved(word, dx, dy, (0, 0, width, height)), line=(-1, cut[1], cut[0])) for word in words]
