"""The one question put to underthesea: does this word still belong to the noun before it, or does the verb begin here?

Imported and loaded on first use (0.5 s); answers are kept, since directives repeat their phrases.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_SYLLABLE = re.compile(r"\w+")
_NOMINAL = ("N", "A", "M", "Z", "Np", "Nc", "Nu", "Ny", "FW")


@lru_cache(maxsize=1)
def _tagger() -> Any:
    from underthesea import pos_tag  # noqa: PLC0415 - half a second that most calls need not pay

    return pos_tag


@lru_cache(maxsize=8192)
def _word_at(window: str, tail: str) -> tuple[int, str]:
    """Syllables and tag of the word with which ``tail``, the end of ``window``, begins; (0, "") when it begins inside a word."""
    before = len(_SYLLABLE.findall(window)) - len(_SYLLABLE.findall(tail))
    seen = 0
    for word, tag in _tagger()(window):
        size = len(_SYLLABLE.findall(word))
        if not size:
            continue
        if seen == before:
            return size, tag
        if seen > before:
            break
        seen += size
    return 0, ""


def is_nominal(window: str, tail: str) -> int:
    """How many syllables at the start of ``tail`` (the end of ``window``) are a noun or adjective; 0 when a verb begins there."""
    size, tag = _word_at(window, tail)
    return size if tag in _NOMINAL else 0


def begins_word(window: str, tail: str) -> bool:
    """Whether a word begins with ``tail``, the end of ``window``, rather than running across."""
    return _word_at(window, tail)[0] > 0


def is_verb(window: str, tail: str) -> bool:
    """Whether a verb of two syllables or more begins ``tail``, the end of ``window``; single syllables are too often mistaken."""
    size, tag = _word_at(window, tail)
    return size > 1 and tag == "V"
