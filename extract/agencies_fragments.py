"""What a table cell or a sentence may hold where a name is looked for and that names nobody: dates, ends of sentences, whole ones."""

from __future__ import annotations

import re

from extract.agencies_parser import Parser
from extract.folding import fold

_LONGEST = 25
"""Syllables that a name may have."""
_SENTENCE = 10
"""From so many syllables on, words with a verb among them are a sentence."""
_DATED = re.compile(r"\s*\b\d{1,2}\s*/\s*\d{1,2}\s*/\s*\d{4}\b.*$", re.DOTALL)
_ORDERING = re.compile(r"^\s*(?:Đề nghị|Kính đề nghị|Yêu cầu|Giao|Mời)\s+(?=\S)", re.IGNORECASE)
_IN_NO_NAME = re.compile(
    r"\b(?:tang cuong|co trach nhiem|chiu trach nhiem|thuc hien nghiem|khan truong|hoan thanh|phan dau|dat ty le|khong duoc|dang to chuc)\b"
)
_SINGLE = frozenset({"sở", "bộ", "ban", "ngành", "phòng", "tỉnh", "huyện", "quận", "xã", "phường", "cục", "vụ", "viện", "trường", "báo"})
"""Nouns of one syllable that name a kind of agency; any other small syllable is the rest of a word."""
_BARE = frozenset({"co quan", "don vi"})
"""Nouns that alone say nothing about who is meant."""


def undated(text: str) -> str:
    """``text`` without an order before the name ("Đề nghị …") and without a date behind it, as cells run together have them."""
    return _DATED.sub("", _ORDERING.sub("", text))


def names_nobody(name: str) -> bool:
    """Whether ``name``, read or left over, can be no name: too long, no letters, a clause, half a bracket, a bare "cơ quan"."""
    folded = fold(name)
    if " " not in name and name[:1].islower() and name not in _SINGLE:
        return True
    if not any(char.isalpha() for char in name) or len(name.split()) > _LONGEST or name[0].isdigit() or "%" in name:
        return True
    return folded in _BARE or name.count(")") > name.count("(") or bool(_IN_NO_NAME.search(folded))


def is_clause(reader: Parser, first: int, stop: int) -> bool:
    """Whether the tokens say what is done, not who does it: they begin with a verb or a particle, or are long and hold a verb."""
    if reader.cap(first) and (reader.head(first) or reader.word("group", first)):
        return False
    if reader.word("function", first) or reader.word("opening", first) or reader.word("verb", first) > reader.word("group", first) > 0:
        return True
    if not reader.cap(first) and not reader.word("group", first) and (stop - first == 1 or reader.word("verb", first) == 1):
        return True
    if reader.word("verb", first) > 1 and not reader.word("weak", first):
        return True
    long = stop - first >= _SENTENCE
    return long and any(reader.word("verb", k) > 1 and not reader.word("weak", k) and not reader.cap(k) for k in range(first, stop))
