"""Text without diacritics, for comparing and searching: FTS5's ``remove_diacritics`` leaves đ as it is, so we fold ourselves."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_FOLDED_BY_UNICODE = {"đ": "d", "ð": "d", "ɖ": "d"}


@lru_cache(maxsize=4096)
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


def fold(text: str) -> str:
    """Lower case, no diacritics, đ as d. For NFC text without stray combining marks the length stays the same."""
    return "".join(map(_fold_character, unicodedata.normalize("NFC", text)))


def fold_name(text: str) -> str:
    """The folded words with single spaces between them, no punctuation: "Sở Nội vụ;" and "SỞ  NOI VU" are the same name."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def fold_number(text: str) -> str:
    """The folded document number without spaces ("12 /QĐ-UBND" → "12/qd-ubnd"); leading zeros do not count."""
    squeezed = re.sub(r"\s+", "", fold(text))
    return re.sub(r"^0+(?=\d)", "", squeezed)
