"""Tokens and word classes for the agency grammar: what the parser reads instead of characters.

Words are compared folded, so that lost or wrong marks do not hide a name; a single syllable that does carry marks must carry
the right ones ("số" is not "sở"). "Ủy ban nhân dân" and "Hội đồng nhân dân" become one token each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from extract import gazetteer
from extract.folding import fold_word

_TOKEN: Final = re.compile(
    r"\d[\w.]*(?:[/\-–]\s?[^\W_][\w&]*)+"  # document numbers and dates stay whole
    r"|https?://\S+"
    r"|\w+"
    r"|[^\w\s]|\t"  # a tab parts the cells of a table row
)
_MERGED: Final = {("uy", "ban", "nhan", "dan"): "ubnd", ("hoi", "dong", "nhan", "dan"): "hdnd"}
_DASHES: Final = frozenset("-–—‑")
UNITS: Final = ("tỉnh", "thành phố", "tp", "huyện", "quận", "thị xã", "xã", "phường", "đặc khu", "thị trấn")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark; ``key`` is folded, ``cap`` says that it begins with a capital.

    ``marked``: the text around it carries diacritics, so that a bare syllable is not a syllable that lost its marks.
    """

    text: str
    key: str
    begin: int
    end: int
    cap: bool
    marked: bool = True

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation."""
        return not self.text[0].isalnum()


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of ``text``."""
    out: list[Token] = []
    marked = not text.isascii() and len(text.encode()) - len(text) > len(text) // 12  # two bytes or three for a marked letter
    for hit in _TOKEN.finditer(text):
        word = hit.group()
        key = "-" if word in _DASHES else fold_word(word)
        out.append(Token(word, key, hit.start(), hit.end(), word[0].isupper(), marked))
        if len(out) >= 4 and (short := _MERGED.get((out[-4].key, out[-3].key, out[-2].key, out[-1].key))):
            first = out[-4]
            del out[-4:]
            out.append(Token(text[first.begin : hit.end()], short, first.begin, hit.end(), first.cap, marked))
    return tuple(out)


class Phrases:
    """A set of phrases, each with a value, found at a token by the longest match."""

    __slots__ = ("_root",)

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, phrase: str, value: Any = True) -> None:
        """Adds a phrase; the first value given to a phrase stays."""
        tokens = tokenize(phrase)
        node = self._root
        for token in tokens:
            node = node.setdefault(token.key, {})
        exact, kept = node.get("", (frozenset(), value))
        node[""] = (exact | {_plain(phrase)}, kept)

    def match(self, tokens: tuple[Token, ...], at: int, limit: int | None = None) -> tuple[int, Any]:
        """How many tokens the longest phrase at ``at`` takes (0: none), and its value."""
        node, best, value = self._root, 0, None
        for i in range(at, min(len(tokens), limit or len(tokens))):
            node = node.get(tokens[i].key)  # type: ignore[assignment]
            if node is None:
                break
            if "" in node and (i > at or _same_word(tokens[i], node[""][0])):
                best, value = i - at + 1, node[""][1]
        return best, value


def _plain(word: str) -> str:
    # Where the tone mark stands ("hoà", "hòa") is a matter of style.
    lower = word.lower()
    for old, new in (("òa", "oà"), ("óa", "oá"), ("ọa", "oạ"), ("ủy", "uỷ"), ("úy", "uý"), ("òe", "oè")):
        lower = lower.replace(old, new)
    return lower


def _same_word(token: Token, exact: frozenset[str]) -> bool:
    return (not token.marked and token.text.isascii()) or _plain(token.text) in exact


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word classes (see ``agency_words.csv``), gazetteer names, stems after Bộ/Sở/Phòng, places."""

    words: dict[str, Phrases]
    names: Phrases
    stems: dict[str, Phrases]
    units: Phrases
    places: dict[str, Phrases]

    def word(self, kind: str, tokens: tuple[Token, ...], at: int) -> int:
        """How many tokens the longest word of that class takes at ``at`` (0: none)."""
        return self.words[kind].match(tokens, at)[0]


def _phrases(items: Iterable[tuple[str, Any]]) -> Phrases:
    phrases = Phrases()
    for phrase, value in items:
        phrases.add(phrase, value)
    return phrases


@gazetteer.forgettable
@cache
def lexicon(extra: Path | None = None) -> Lexicon:
    """The lexicon of the package's gazetteer, with the user's names when ``extra`` is given; built once."""
    gaz = gazetteer.load(extra)
    words: dict[str, Phrases] = {}
    for row in gazetteer.rows("agency_words.csv"):
        words.setdefault(row["class"], Phrases()).add(row["phrase"])
    stems = {head: Phrases() for head in ("so", "bo", "phong")}
    for stem in gaz.stems:
        for head in stem.heads:
            for form in (stem.name, *stem.abbreviations):
                stems[head].add(form, stem.name)
    places: dict[str, Phrases] = {level: Phrases() for level in ("province", "district", "commune")}
    for place in reversed(gaz.places):  # the newest first: "thành phố Huế" rather than "tỉnh Thừa Thiên Huế" of the same name
        places[place.level].add(place.name, place)
    return Lexicon(
        words=words,
        names=_phrases(gaz.spellings()),
        stems=stems,
        units=_phrases((unit, "thành phố" if unit == "tp" else unit) for unit in UNITS),
        places=places,
    )
