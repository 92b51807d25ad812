"""Vietnamese letters: marks and tones taken apart, the shape of a syllable, the case of a token."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Case = Literal["lower", "title", "upper"]

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Combining grave, acute, tilde, hook, dot below."""

_BASE = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
VOWELS = "aăâeêioôơuưy"


def _tone_table() -> dict[str, tuple[str, str]]:
    table = {}
    for letter in VOWELS:
        for tone in ("", *TONES):
            table[unicodedata.normalize("NFC", letter + tone)] = (letter, tone)
    return table


TONED = _tone_table()
"""Each of the 72 vowels → (letter with its shape mark, tone or '')."""

ALPHABET = tuple(sorted({*_BASE, *TONED, *"fjwz"}))
"""Every lower-case letter of Vietnamese text, and the four of foreign words."""

_PLAIN = {ord(c): p for c in {*_BASE, *TONED} for p in [unicodedata.normalize("NFD", c)[0].replace("đ", "d")] if p != c}
_PLAIN |= {ord(chr(k).upper()): v.upper() for k, v in _PLAIN.items()}

_ONSETS = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|q|r|s|th|tr|t|v|x"
_NUCLEI = (
    "uyê|iêu|yêu|ươu|ươi|uôi|oai|oay|oeo|uây|uya|uyu|uye|uêu|oao|"
    "iê|yê|ươ|uô|ua|ưa|ia|oa|oă|oe|uâ|uê|uơ|uy|oo|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|"
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SHAPE = re.compile(f"(?:{_ONSETS})?(?:{_NUCLEI})(?:ch|nh|ng|c|m|n|p|t)?")

LATIN_ONLY = re.compile(r"[a-z]*(?:[fjwz]|[bcdghklmnpqrstvx]{4})[a-z]*")
"""A plain word that no Vietnamese syllable loses its marks to."""

SPECIFIC = frozenset(c for c in {*TONED, "đ"} if c not in "aeiouyáàâãéèêíìóòôõúùý")
"""Letters that only a Vietnamese reading writes: a Latin OCR knows é and ô, never ệ, ơ, ả or đ."""


def plain(text: str) -> str:
    """The text without any mark, đ as d, case kept."""
    return text.translate(_PLAIN)


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether a lower-case word can be a Vietnamese syllable: onset, nucleus, coda, at most one tone, stopped only by sắc or nặng."""
    letters, tones = [], []
    for c in word:
        letter, tone = TONED.get(c, (c, ""))
        letters.append(letter)
        if tone:
            tones.append(tone)
    bare = "".join(letters)
    if len(tones) > 1 or not _SHAPE.fullmatch(bare):
        return False
    if bare.endswith(("p", "t", "c", "ch")) and len(bare) > 1:
        return bool(tones) and tones[0] in "\u0301\u0323"
    return True


@lru_cache(maxsize=65536)
def is_foreign(word: str) -> bool:
    """Whether a lower-case word of plain letters cannot be a Vietnamese syllable even if its marks are lost."""
    return word.isascii() and word.isalpha() and not _SHAPE.fullmatch(word.replace("dd", "d"))


def case_of(token: str) -> Case:
    """The case pattern of a raw token; digits and symbols read for letters do not count against upper case."""
    letters = [c for c in token if c.isalpha()]
    if not letters or not letters[0].isupper():
        return "upper" if len(letters) > 2 and sum(c.isupper() for c in letters) / len(letters) > 0.7 else "lower"
    upper = sum(c.isupper() for c in letters)
    return "upper" if len(letters) > 1 and upper / len(letters) > 0.6 else "title"


def apply_case(word: str, case: Case) -> str:
    """The lower-case word in the given case."""
    if case == "upper":
        return word.upper()
    return word[:1].upper() + word[1:] if case == "title" else word
