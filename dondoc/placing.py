"""Where each word of a restored line stands on the page: the boxes belong to the words as they were read, the text no longer does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import LCSseq, Levenshtein

from ingest.document import CELL_SEPARATOR, Box, Line


@dataclass(frozen=True, slots=True)
class Placed:
    """A restored word, in rare cases several with blanks between, and its box in points from the top left of the upright page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class _Given:
    """A word of the raw line; no box where the word belongs to another row (a merged cell is repeated, its words are not)."""

    text: str
    box: Box | None
    cell: int


def place(line: Line) -> list[Placed]:
    """The words of ``line.text`` (NFC) with their boxes, in the order of the text.

    Raw and restored words are mostly one to one. Where restoration has joined, parted, added or dropped words, letters are aligned
    (folded: "cua" and "của" are the same) and a box is shared out by letters. A line without boxes of words is spread over its own.
    """
    given = _given(line)
    cells = unicodedata.normalize("NFC", line.text).split(CELL_SEPARATOR)
    if len(cells) != line.raw.count(CELL_SEPARATOR) + 1:
        cells, given = [" ".join(cells)], [_Given(word.text, word.box, 0) for word in given]
    if not any(word.box for word in given):
        return _spread(" ".join(cells).split(), line.box)
    placed = []
    for number, cell in enumerate(cells):
        placed += _place_cell(cell.split(), [word for word in given if word.cell == number and word.box])
    return placed


def _given(line: Line) -> list[_Given]:
    """The words of ``line.raw`` with the boxes of ``line.words``: equal words in the same order belong together."""
    tokens = [(token, number) for number, cell in enumerate(line.raw.split(CELL_SEPARATOR)) for token in cell.split()]
    boxes: list[Box | None] = [None] * len(tokens)
    boxed = [part for word in line.words if word.box for part in _spread(word.as_given.text.split(), word.box)]
    # Cells whose tops differ by a hair may have given their words in another order than their text: what is left gets a second try.
    for _ in range(2):
        free = [index for index, box in enumerate(boxes) if box is None]
        if not free or not boxed:
            break
        pairs = [
            (free[step.src_start + offset], step.dest_start + offset)
            for step in LCSseq.opcodes([tokens[index][0] for index in free], [word.text for word in boxed])
            if step.tag == "equal"
            for offset in range(step.src_end - step.src_start)
        ]
        for index, number in pairs:
            boxes[index] = boxed[number].box
        used = {number for _, number in pairs}
        boxed = [word for number, word in enumerate(boxed) if number not in used]
    return [_Given(token, box, cell) for (token, cell), box in zip(tokens, boxes, strict=True)]


def _spread(words: Sequence[str], box: Box | None) -> list[Placed]:
    """Words side by side in ``box``, each as wide as it has letters."""
    if box is None or not words:
        return []
    step = (box[2] - box[0]) / (sum(map(len, words)) + len(words) - 1)
    placed, at = [], box[0]
    for word in words:
        placed.append(Placed(word, (at, box[1], at + step * len(word), box[3])))
        at += step * (len(word) + 1)
    return placed


def _place_cell(words: Sequence[str], given: Sequence[_Given]) -> list[Placed]:
    if not given:
        return []
    if len(words) == len(given) and all(_near(word, other.text) for word, other in zip(words, given, strict=True)):
        return [Placed(word, other.box) for word, other in zip(words, given, strict=True) if other.box]
    starts = _starts("".join(map(_folded, words)), "".join(_folded(word.text) for word in given))
    placed: list[Placed] = []
    waiting: list[str] = []  # words that no letter of the paper stands for, until one with a place comes
    at = 0
    ends = list(_ends(words, starts))
    for number, word in enumerate(words):
        begin, end = starts[at], ends[number]
        at += len(word)
        box = _box_between(given, begin, end)
        if box is not None:
            placed.append(Placed(" ".join([*waiting, word]), box))
            waiting = []
        elif placed:
            placed[-1] = Placed(f"{placed[-1].text} {word}", placed[-1].box)
        else:
            waiting.append(word)
    return placed or _spread(words, next(word.box for word in given))


def _near(word: str, other: str) -> bool:
    return word == other or Levenshtein.normalized_distance(_folded(word), _folded(other)) <= 0.5


def _folded(text: str) -> str:
    """Without marks and capitals, as many signs as before."""
    return "".join(map(_folded_sign, text))


@cache
def _folded_sign(sign: str) -> str:
    return unicodedata.normalize("NFD", sign)[0].lower()[0].replace("đ", "d")


def _starts(text: str, raw: str) -> list[int]:
    """For each letter of ``text``, and for its end, the letter of ``raw`` that it stands at."""
    starts = [0] * (len(text) + 1)
    for step in Levenshtein.opcodes(raw, text):
        for index in range(step.dest_start, step.dest_end):
            starts[index] = step.src_start + (0 if step.tag == "insert" else index - step.dest_start)
    starts[-1] = len(raw)
    return starts


def _ends(words: Sequence[str], starts: Sequence[int]) -> Iterator[int]:
    """Where each word ends: where the next one begins, so that letters that were dropped belong to somebody."""
    at = 0
    for word in words:
        at += len(word)
        yield starts[at]


def _box_between(given: Sequence[_Given], begin: int, end: int) -> Box | None:
    """The box of the letters ``begin`` to ``end`` of the raw words; of those on one line of the cell, the line with most letters."""
    parts: list[tuple[Box, int]] = []
    at = 0
    for word in given:
        first, last = max(begin, at) - at, min(end, at + len(word.text)) - at
        if last > first and word.box:
            left, top, right, bottom = word.box
            step = (right - left) / len(word.text)
            parts.append(((left + first * step, top, left + last * step, bottom), last - first))
        at += len(word.text)
    if not parts:
        return None
    rows: list[list[tuple[Box, int]]] = []
    for part in parts:
        if rows and beside(rows[-1][-1][0], part[0]):
            rows[-1].append(part)
        else:
            rows.append([part])
    best = [box for box, _ in max(rows, key=lambda row: sum(count for _, count in row))]
    return min(b[0] for b in best), min(b[1] for b in best), max(b[2] for b in best), max(b[3] for b in best)


def beside(one: Box, other: Box) -> bool:
    """Whether ``other`` goes on to the right of ``one`` on the same line of print."""
    middle, other_middle = (one[1] + one[3]) / 2, (other[1] + other[3]) / 2
    return other[0] > one[0] and (one[1] <= other_middle <= one[3] or other[1] <= middle <= other[3])
