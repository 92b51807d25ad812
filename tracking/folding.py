"""Text without diacritics, for comparing and searching: FTS5's ``remove_diacritics`` leaves đ as it is, so we fold ourselves."""

from __future__ import annotations

import re
import unicodedata

_NOT_FOLDED_BY_UNICODE = {"đ": "d", "ð": "d", "ɖ": "d"}


class _Folding(dict[int, str]):
    """A table for ``str.translate`` that works out each character once."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if unicodedata.combining(character):
        return ""
    lowered = character.lower()
    if len(lowered) != 1:
        # "İ".lower() is two characters; keeping the length lets a place in the folded text be a place in the text.
        lowered = lowered[0]
    lowered = _NOT_FOLDED_BY_UNICODE.get(lowered, lowered)
    decomposed = unicodedata.normalize("NFD", lowered)
    return decomposed[0] if all(unicodedata.combining(mark) for mark in decomposed[1:]) else lowered


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Lower case, no diacritics, đ as d. For NFC text without stray combining marks the length stays the same."""
    return unicodedata.normalize("NFC", text).translate(_FOLDING)


def fold_name(text: str) -> str:
    """The folded words with single spaces between them, no punctuation: "Sở Nội vụ;" and "SỞ  NOI VU" are the same name."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def fold_number(text: str) -> str:
    """The folded document number without spaces ("12 /QĐ-UBND" → "12/qd-ubnd"); leading zeros do not count."""
    squeezed = re.sub(r"\s+", "", fold(text))
    return re.sub(r"^0+(?=\d)", "", squeezed)
