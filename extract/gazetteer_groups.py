"""What the wording of a group means: "các sở, ban, ngành thuộc tỉnh", "UBND các xã, phường", "các bộ, ngành, địa phương".

A wording is a row of nouns and units of places ("sở, ban, ngành", "UBND các huyện, thị xã"), then perhaps where they are ("trên địa bàn
tỉnh"). Nouns that stand together in ``agency_groups.csv`` mean its members; separators, "các" and the scope do not count. A wording with
words of no list ("các sở, ngành liên quan") means some of them only and is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extract.folding import fold
from extract.gazetteer_records import Group

PLACES = ("@province", "@district", "@commune")
LOCAL = "@local"
"""The places one level below whoever speaks: provinces for the Government, districts (until 30/6/2025) or communes for a province."""

_WORD = re.compile(r"[^\W_]+")
_PLURAL = frozenset({"cac", "nhung"})
_UNITS = {
    ("tinh",): "province",
    ("thanh", "pho"): "city",
    ("tp",): "city",
    ("huyen",): "district",
    ("quan",): "district",
    ("thi", "xa"): "district",
    ("xa",): "commune",
    ("phuong",): "commune",
    ("thi", "tran"): "commune",
    ("dac", "khu"): "commune",
}
_TYPES = {"tp": "thanh pho"}
_SCOPE = frozenset(
    {
        "truc", "thuoc", "cua", "cap", "tren", "dia", "ban", "o", "tai", "ubnd", "tinh", "thanh", "pho", "tp", "trung", "uong", "tw",
        "chinh", "phu", "quan", "ly", "pham", "vi", "nay",
    }
)  # fmt: skip
"""Words that say where a group is and leave nobody out."""
_OWN_NOUN = re.compile(r"(?:[,;/–-]|\bva|\bcac)\s*dia phuong")
"""«địa phương» as a noun of its own, not behind the noun that it narrows."""
_LONGEST_PLACE = 4
"""Words of a place's name behind "tỉnh" or "thành phố"."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Member codes and levels of places that a wording stands for; ``types``: folded types of places ("xa"), empty for all.

    ``place``: the folded words behind the scope, perhaps a province's name.
    """

    codes: tuple[str, ...] = ()
    places: tuple[tuple[str, frozenset[str]], ...] = ()
    local: bool = False
    place: str = ""

    def __bool__(self) -> bool:
        return bool(self.codes or self.places or self.local)


def key_of(wording: str) -> tuple[str, ...]:
    """The words of a wording that count."""
    return tuple(word for word in _words(wording) if word not in _PLURAL and word != "va")


def _words(wording: str) -> list[str]:
    return _WORD.findall(fold(wording).replace("uy ban nhan dan", "ubnd").replace("toan bo cac", "cac").replace("toan the cac", "cac"))


class Wordings:
    """The groups of ``agency_groups.csv`` by their words, for one kind of speaker."""

    __slots__ = ("_central", "_province")

    def __init__(self, groups: Iterable[Group]) -> None:
        self._central: dict[tuple[str, ...], Group] = {}
        self._province: dict[tuple[str, ...], Group] = {}
        for group in groups:
            key = key_of(group.name)
            if group.level != "central":
                self._province.setdefault(key, group)
            if group.level != "province":
                self._central.setdefault(key, group)
        for key, group in self._central.items():
            self._province.setdefault(key, group)  # a province speaks of ministries too

    def meaning(self, wording: str, *, central: bool) -> Meaning:
        """What the wording means when a central body (or anybody else) says it; false when nobody in particular."""
        known = self._central if central else self._province
        words = key_of(wording)
        codes: dict[str, None] = {}
        places: list[tuple[str, frozenset[str]]] = []
        local = False
        at = nouns = 0
        while at < len(words):
            if (found := _units(words, at, alone=at == 0)) is not None:
                more, at, count = found
                places += more
                nouns += count
            elif (size := _longest(words, at, known)) > 0:
                members = known[words[at : at + size]].members
                if LOCAL in members and at and not _OWN_NOUN.search(fold(wording)):
                    return Meaning()  # "doanh nghiệp địa phương" are enterprises
                codes |= dict.fromkeys(code for code in members if not code.startswith("@"))
                places += [(code[1:], frozenset()) for code in members if code in PLACES]
                local = local or LOCAL in members
                at += size
                nouns += size
            else:
                break
        plural = nouns > 1 or bool(_PLURAL & set(_words(wording)))  # "UBND thành phố" is one office
        if not plural or (rest := _scope(words[at:])) is None:
            return Meaning()
        return Meaning(tuple(codes), tuple(places), local, rest)


def _longest(words: Sequence[str], at: int, known: Mapping[tuple[str, ...], Group]) -> int:
    for size in range(min(len(words) - at, 12), 0, -1):
        if tuple(words[at : at + size]) in known:
            return size
    return 0


def _units(words: Sequence[str], at: int, *, alone: bool) -> tuple[list[tuple[str, frozenset[str]]], int, int] | None:
    """As in "UBND huyện, thị xã, thành phố", "UBND cấp xã" or, at the head, "xã, phường": the places, where their words end, how many."""
    k = at
    if words[k] in {"ubnd", "hdnd"}:
        k += 1
    elif not alone:
        return None
    every = k < len(words) and words[k] == "cap"
    k += every
    units: list[tuple[str, str]] = []
    while (unit := _unit(words, k)) is not None:
        units.append((_UNITS[unit], _TYPES.get(" ".join(unit), " ".join(unit))))
        k += len(unit)
        every = every and k < len(words) and words[k] == "cap"
        k += every
    if not units or (k < len(words) and alone and words[at] not in {"ubnd", "hdnd"} and _place_words(words[k:])):
        return None
    levels = {level for level, _ in units}
    # A city stands beside provinces when the Government is meant, beside districts when a province is.
    city = "province" if "province" in levels else "district"
    found: dict[str, set[str]] = {}
    for level, type_ in units:
        found.setdefault(city if level == "city" else level, set()).add(type_)
    capped = "cap" in words[at:k]
    count = len(units) + capped
    return [(level, frozenset() if capped or level == "province" else frozenset(types)) for level, types in found.items()], k, count


def _unit(words: Sequence[str], at: int) -> tuple[str, ...] | None:
    for size in (2, 1):
        if (unit := tuple(words[at : at + size])) in _UNITS:
            return unit
    return None


def _place_words(words: Sequence[str]) -> bool:
    return bool(words) and words[0] not in _SCOPE


def _scope(words: Sequence[str]) -> str | None:
    """What stands behind "thuộc tỉnh" and the like; None when the words narrow the group in some other way."""
    k = 0
    while k < len(words) and words[k] in _SCOPE:
        k += 1
    rest = words[k:]
    if rest and (not k or len(rest) > _LONGEST_PLACE or "lien" in rest or words[k - 1] not in {"tinh", "pho", "tp"}):
        return None
    return " ".join(rest)
