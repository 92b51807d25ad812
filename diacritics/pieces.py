"""Takes a line apart into pieces that are restored and the text between them, which stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from diacritics.numbers import repaired
from diacritics.symbols import is_address, is_code, is_number, is_roman, is_symbol

Kind = Literal["word", "number", "symbol", "keep"]

_LEAD = "\"'“”‘’«([{<*+-–—•_|~^=°.,;:!?\\`…#>»·"
_TRAIL = "\"'“”‘’»)]}>*-–—_|~^=.,;:!?\\`…#·"
_FOOTNOTE = re.compile(r"\*?\[\d{1,3}\]?$")
_ROMAN_ITEM = re.compile(r"\([ivx]{1,4}\)")
_BULLETS = ("-", "+", "*", "–", "—", "•", "./.")
_INNER = re.compile(r"[/;,:.()–—\-“”\"]+")
_LIST_MARK = re.compile(r"\s*(?:[-+*•–]|\(?(?:[a-zđ]\d?|[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*)[.)])(?=\s|$)")
_RUBBISH = re.compile(r"[\\^~|_■¬¦°`•·*]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of a line: characters ``begin`` to ``end`` (excluded) of the raw line."""

    raw: str
    begin: int
    end: int
    kind: Kind


def tidied(line: str) -> str:
    """A damaged line without stray tokens at its ends, its numbers repaired (:func:`diacritics.numbers.repaired`)."""
    line = repaired(line)
    words = line.split()
    if words and all(_is_noise(w, "bcdghklmnpqrstvxBCDGHKLMNPRST", 2) for w in words):
        return ""
    first, last = 0, len(words)
    while last > first and _is_noise(words[last - 1], "rtljhvxNLHJ", 1):
        last -= 1
    while first < last and _is_noise(words[first], "rtljhvxNLHJ", 1):
        first += 1
    return line if last - first == len(words) else " ".join(words[first:last])


def _is_noise(word: str, letters: str, length: int) -> bool:
    """Stray symbols and consonants; not list marks, not the symbols that stand for vowels inside a line."""
    core = word.strip(_LEAD)
    if not core:
        return word not in _BULLETS and not set(word) <= set(".;:,/\"”“')(-")
    return len(core) <= length and set(core) <= set(letters) and not word.endswith((")", ".", ":", ",", ";"))


def _kind(core: str, before: str) -> Kind:
    if core.isalpha() and core.islower():
        return "word"
    if is_number(core):
        return "number"
    if is_symbol(core) or is_code(core, before):
        return "symbol"
    return "keep" if is_roman(core) else "word"


def pieces(line: str) -> list[Piece]:
    """The tokens of a line in order."""
    found: list[Piece] = []
    mark = _LIST_MARK.match(line)
    start = mark.end() if mark else 0
    before = ""
    for chunk in re.finditer(r"\S+", line[start:]):
        begin, core = start + chunk.start(), chunk.group()
        if _ROMAN_ITEM.match(core):
            continue
        bare = core.lstrip(_LEAD)
        begin += len(core) - len(bare)
        core = bare.rstrip(_TRAIL)
        # The mark of a footnote belongs to no word: quyền[1].
        core = core if is_address(core) else _FOOTNOTE.sub("", core)
        if not core:
            continue
        kind = _kind(core, before)
        # A bracket that closes nothing is a misread letter: gé)m = gồm.
        if kind != "word" or not _INNER.search(core if "(" in core else core.replace(")", "")):
            found.append(Piece(core, begin, begin + len(core), kind))
            before = core
            continue
        for part in re.finditer(r"[^/;,:.()–—\-“”\"]+", core):
            raw = part.group()
            found.append(Piece(raw, begin + part.start(), begin + part.end(), _kind(raw, before)))
            before = raw
    return found


def clean_gap(gap: str) -> str:
    """The text between two pieces of a damaged line without its noise characters; never empty where a space was."""
    return re.sub(r"\s+", " ", _RUBBISH.sub("", gap)) or gap[:1].strip("\\^~|_■¬¦°`•·*")


_LETTER_ITEM = re.compile(r"(\s*)([a-zđ])(?=[).]\s)")


def second_d(lines: Iterable[str]) -> list[str]:
    """Lines whose list marks lost the stroke: after ``d)`` another ``d)`` is ``đ)``."""
    found, last = [], ""
    for line in lines:
        mark = _LETTER_ITEM.match(line)
        second = mark is not None and mark[2] == last == "d"
        found.append(f"{mark[1]}đ{line[mark.end(2) :]}" if mark and second else line)
        last = mark[2] if mark else last
    return found
