"""One way of writing where Vietnamese has two: the place of the tone mark in open syllables with oa, oe, uy."""

from __future__ import annotations

import re
import unicodedata

from diacritics.letters import TONED, is_syllable

_OLD_STYLE = re.compile(r"(?<!\w)([^\W\d_]*?)([oO][àáảãạèéẻẽẹ]|[uU][ỳýỷỹỵ])(?!\w)", re.IGNORECASE)


def unified(text: str) -> str:
    """The text with each tone mark where offices write it now: ``hoà`` → ``hòa``, ``Thuỷ`` → ``Thủy``, ``UỶ`` → ``ỦY``; ``quý`` stays.

    Nothing else changes but that text not in NFC is composed; NFC text keeps its length, so that places in it stay right.
    """
    return _OLD_STYLE.sub(_moved, unicodedata.normalize("NFC", text))


def _moved(found: re.Match[str]) -> str:
    onset, first, second = found[1], found[2][0], found[2][1]
    letter, tone = TONED[second.lower()]
    moved = onset + unicodedata.normalize("NFC", first + tone) + (letter.upper() if second.isupper() else letter)
    return moved if onset[-1:].lower() != "q" and is_syllable(moved.lower()) else found[0]
