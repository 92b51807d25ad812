"""The names by which doubtful words are settled: every spelling that the gazetteer knows, found by its letters.

The letters of a name are its folded spelling without blanks and marks ("soyte"), so that words that OCR glued together or tore apart
("Ytế", "K ế hoạch") still lead to it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from extract import gazetteer
from extract.folding import fold_word

_WORD = re.compile(r"[^\W_]+")
_SHORT = re.compile(r"^(UBND|HĐND)\b|(?<=\s)(UBND|HĐND)\b")
_LONG = {"UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân"}
_HEADS = {"bo": "Bộ", "so": "Sở", "phong": "Phòng"}
_OLD_STYLE = (("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"), ("òe", "oè"), ("óe", "oé"), ("ọe", "oẹ"))
_OLD_STYLE_UY = (("ùy", "uỳ"), ("úy", "uý"), ("ủy", "uỷ"), ("ũy", "uỹ"), ("ụy", "uỵ"))


Kind = Literal["office", "bare place", "place", "commune"]
"""What a name names; a bare place has no "tỉnh" before it. The gazetteer does not have the communes before 2025: a spelling that it lacks
may be one of them."""


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling. ``starts`` are the places of its words among its letters; ``marks`` the places before which punctuation stands."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    marks: frozenset[int]
    letters: str
    kind: Kind

    @property
    def capitals(self) -> tuple[int, ...]:
        """The places among the letters of the first two words that begin with a capital."""
        return tuple(start for word, start in zip(self.words, self.starts, strict=True) if word[0].isupper())[:2]


def letters_of(text: str) -> str:
    """Folded letters and digits, nothing else."""
    return "".join(c for c in fold_word(text) if c.isalnum())


def spelled(text: str) -> str:
    """What counts when two spellings are compared: small letters, tone marks in one style, single blanks between words."""
    plain = " ".join(_WORD.findall(text.lower()))
    for old, new in (*_OLD_STYLE, *_OLD_STYLE_UY):
        plain = plain.replace(new, old)
    return plain


@dataclass(frozen=True, slots=True)
class Names:
    """All names by their letters (``keys`` are these sorted); ``by_first`` has the longer names of offices by their first word."""

    by_letters: dict[str, tuple[Name, ...]]
    by_first: dict[str, tuple[Name, ...]]
    keys: tuple[str, ...]

    def begin_with(self, letters: str) -> bool:
        """Whether the letters of any name begin so."""
        at = bisect_left(self.keys, letters)
        return at < len(self.keys) and self.keys[at].startswith(letters)


def _name(text: str, kind: Kind) -> Name:
    words: list[str] = []
    starts: list[int] = []
    marks: set[int] = set()
    letters, end = "", 0
    for hit in _WORD.finditer(text):
        if words and text[end : hit.start()].strip():
            marks.add(len(letters))
        words.append(hit.group())
        starts.append(len(letters))
        letters += letters_of(hit.group())
        end = hit.end()
    return Name(text, tuple(words), tuple(starts), frozenset(marks), letters, kind)


def _spellings(extra: Path | None) -> Iterator[tuple[str, Kind]]:
    gaz = gazetteer.load(extra)
    for record in gaz.agencies:
        yield record.name, "office"
    for _, record in gaz.members:
        yield record.name, "office"
    for row in gazetteer.rows("agency_aliases.csv"):
        yield row["alias"], "office"
    for own in gaz.own:
        yield from ((alias, "office") for alias in own.aliases if " " in alias)
    for stem in gaz.stems:
        for form in (stem.name, *(short for short in stem.abbreviations if " " in short)):
            yield from ((f"{_HEADS[head]} {form}", "office") for head in stem.heads)
            yield form, "office"
    for group in gaz.groups:
        yield group.name, "office"
    for place in gaz.places:
        yield place.full_name, "commune" if place.level == "commune" else "place"
        if place.level == "province":
            yield place.name, "bare place"
    for short in _LONG:
        yield short, "office"


def _without_abbreviations(text: str) -> Iterator[str]:
    yield text
    if _SHORT.search(text):
        yield _SHORT.sub(lambda hit: _LONG[hit.group()], text)


@gazetteer.forgettable
@lru_cache(maxsize=8)
def names(extra: Path | None = None) -> Names:
    """The names of the package's gazetteer, with the user's own when ``extra`` is given; built once."""
    found: dict[str, dict[str, Name]] = {}
    for spelling, kind in _spellings(extra):
        for text in _without_abbreviations(spelling):
            name = _name(text, kind)
            if len(name.words) > 1 and not re.search(r"\d", text):
                found.setdefault(name.letters, {}).setdefault(spelled(text), name)
    first: dict[str, list[Name]] = {}
    for same in found.values():
        for name in same.values():
            if len(name.words) > 3 and name.kind == "office":
                first.setdefault(letters_of(name.words[0]), []).append(name)
    return Names(
        {letters: tuple(same.values()) for letters, same in found.items()},
        {word: tuple(same) for word, same in first.items()},
        tuple(sorted(found)),
    )
