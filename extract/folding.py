"""Folding: text as it looks when marks, case and extra white space do not count.

Bad scans lose diacritics first, so every comparison of names is made on folded text. :func:`fold_with_offsets` keeps the way
back to the original characters, which spans on the paper need.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LETTERS = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "Ɖ": "d"})


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; character ``i`` of ``text`` comes from ``original[starts[i]:ends[i]]``."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Offsets in the original for ``text[begin:end]`` (``begin < end``)."""
        return self.starts[begin], self.ends[end - 1]


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Lower case, no diacritics, đ as d; white space is left as it is."""
    plain = unicodedata.normalize("NFD", word.lower().translate(_LETTERS))
    # A few letters only decompose into a plain capital after lower(): fold until nothing changes.
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower().translate(_LETTERS)
    return unicodedata.normalize("NFC", plain)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case, without diacritics, đ as d, white space as single spaces, none at the ends."""
    return " ".join(" ".join(fold_word(word) for word in text.split()).split())


@lru_cache(maxsize=1024)
def fold_with_offsets(text: str) -> Folded:
    """Like :func:`fold`, with the place of each character in ``text``."""
    plain = "".join(map(fold_word, text))
    if len(plain) == len(text) and text == " ".join(text.split()) and all(map(fold_word, text)):
        return Folded(plain, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    return _fold_each(text)


def _fold_each(text: str) -> Folded:
    """The general case: letters that fold to none or several, and white space that becomes single."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, char in enumerate(text):
        if char.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                starts.append(at)
                ends.append(at + 1)
            elif out:
                ends[-1] = at + 1
            continue
        plain = fold_word(char)
        if not plain and ends:  # a combining mark belongs to the letter before it
            ends[-1] = at + 1
        for piece in plain:
            if piece.isspace():
                continue
            out.append(piece)
            starts.append(at)
            ends.append(at + 1)
    if out and out[-1] == " ":
        out.pop()
        starts.pop()
        ends.pop()
    return Folded("".join(out), tuple(starts), tuple(ends))
