"""The gazetteer: names of agencies, places, groups with their members, and who succeeded whom in 2025.

Everything comes from the CSV files in ``resources`` (each names its source in the first line) and, when given, from one CSV of
the user's own with the columns of ``agencies.csv`` plus ``aliases`` (several joined by ``|``). Dates are days on which a
name was in use: ``valid_from`` and ``valid_to`` both included, None where open.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from io import StringIO
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from extract.folding import fold
from ingest.errors import DondocError, UsageError


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """One agency. ``name`` is canonical ("UBND tỉnh"); ``level`` is central, province, district or commune."""

    name: str
    kind: str
    level: str
    abbreviation: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def in_use(self, on: date) -> bool:
        """Whether the name was in use on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Place:
    """A province, district or commune; ``province`` is the code of the province it lies in, ``successor`` the province it became."""

    name: str
    type: str
    code: str
    level: str
    province: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None

    @property
    def full_name(self) -> str:
        """Type and name: "tỉnh Nghệ An"."""
        return f"{self.type} {self.name}"


@dataclass(frozen=True, slots=True)
class Group:
    """A group as documents name it. ``members`` are member codes; ``@district`` and the like mean the places of the province."""

    name: str
    members: tuple[str, ...]
    level: str


@dataclass(frozen=True, slots=True)
class Succession:
    """``new`` took over from ``old`` on ``date``; for one ``subject`` only when that is set; ``new`` None: a person must decide."""

    old: str
    new: str | None
    date: date
    subject: str | None


@dataclass(frozen=True, slots=True)
class Stem:
    """What stands after "Bộ", "Sở" or "Phòng" ("Tài chính"), with its abbreviations; ``heads`` are the heads it goes with."""

    name: str
    abbreviations: tuple[str, ...]
    heads: tuple[str, ...]


_HEADS = {"bo": "Bộ", "so": "Sở", "phong": "Phòng"}
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
FIRST_DAY_OF_NEW_COMMUNES = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All names, and the questions the other stages put to them."""

    agencies: tuple[AgencyRecord, ...]
    aliases: Mapping[str, str]
    places: tuple[Place, ...]
    groups: tuple[Group, ...]
    members: tuple[tuple[str, AgencyRecord], ...]
    successions: tuple[Succession, ...]
    stems: tuple[Stem, ...]
    by_name: Mapping[str, AgencyRecord]

    def find(self, name: str) -> AgencyRecord | None:
        """The agency with that name or alias; case and diacritics do not count."""
        key = fold(name)
        return self.by_name.get(self.aliases.get(key, key))

    def spellings(self) -> Iterator[tuple[str, AgencyRecord]]:
        """Every written form (names and aliases) with its agency; the forms of ``aliases`` are folded."""
        for agency in self.agencies:
            yield agency.name, agency
        for alias, key in self.aliases.items():
            yield alias, self.by_name[key]

    def group(self, name: str) -> Group | None:
        """The group with that wording; case, diacritics and "các" in front do not count."""
        key = _group_key(name)
        return next((group for group in self.groups if _group_key(group.name) == key), None)

    def members_of(self, name: str, on: date, province: str | None = None) -> tuple[str, ...]:
        """The agencies behind a group on that day; of the province with that code where members are places.

        Empty when the group is unknown, open ("các cơ quan có liên quan"), or its places need a province that was not given.
        """
        group = self.group(name)
        if group is None:
            return ()
        found: list[str] = []
        for code in group.members:
            if code.startswith("@"):
                found += [f"UBND {place.full_name}" for place in self._places(code[1:], on, province, name)]
            else:
                found += [record.name for member_code, record in self.members if member_code == code and record.in_use(on)]
        return tuple(dict.fromkeys(found))

    def _places(self, level: str, on: date, province: str | None, wording: str) -> Iterator[Place]:
        if level != "province" and province is None:
            return
        wanted = fold(wording)
        for place in self.places:
            if place.level != level or (level != "province" and place.province != province) or not _valid(place, on):
                continue
            if level == "commune" and "xa" in wanted.split() and "cap" not in wanted.split() and fold(place.type) not in wanted:
                continue
            yield place

    def successors(self, name: str, on: date, subject: str | None = None) -> tuple[str, ...]:
        """Who does on that day what ``name`` did: the name itself when nothing changed, several when a person must choose.

        Chains are followed (Cục Thuế tỉnh → Chi cục Thuế khu vực → Thuế tỉnh). Empty when the body ended without one successor.
        """
        found: list[str] = []
        self._follow(name, on, subject, found, frozenset())
        return tuple(dict.fromkeys(found))

    def _follow(self, name: str, on: date, subject: str | None, found: list[str], seen: frozenset[str]) -> None:
        steps = [step for step in self.successions if fold(step.old) == fold(name) and step.date <= on]
        if not steps or fold(name) in seen:
            found.append(name)
            return
        chosen = [step for step in steps if step.subject and subject and _about(step.subject, subject)]
        chosen = chosen or [step for step in steps if step.subject is None]
        for step in chosen:
            if step.new is not None:
                self._follow(step.new, on, subject, found, seen | {fold(name)})

    def province(self, name: str, on: date | None = None) -> Place | None:
        """The province with that short name ("Nghệ An"), on that day when one is given (else the newest)."""
        key = fold(name)
        hits = [p for p in self.places if p.level == "province" and fold(p.name) == key and (on is None or _valid(p, on))]
        return hits[-1] if hits else None


def _group_key(name: str) -> str:
    return fold(name).removeprefix("cac ").replace("uy ban nhan dan", "ubnd")


def _about(rule: str, subject: str) -> bool:
    return any(fold(part) in fold(subject) for part in rule.split(","))


def _valid(place: Place, on: date) -> bool:
    return (place.valid_from is None or place.valid_from <= on) and (place.valid_to is None or on <= place.valid_to)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one CSV of this package; lines that begin with # are comments."""
    text = resources.files("extract").joinpath("resources", name).read_text("utf-8")
    return _rows(text)


def _rows(text: str) -> list[dict[str, str]]:
    lines = (line for line in StringIO(text) if line.strip() and not line.startswith("#"))
    return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(lines)]


def _parts(text: str, separator: str = "|") -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _agency(row: Mapping[str, str]) -> AgencyRecord:
    return AgencyRecord(
        row["name"],
        row.get("kind") or "other",
        row.get("level") or "province",
        row.get("abbreviation") or None,
        _day(row.get("valid_from", "")),
        _day(row.get("valid_to", "")),
    )


def _places() -> Iterator[Place]:
    for row in rows("provinces.csv"):
        yield Place(
            row["name"],
            row["type"],
            row["code"],
            "province",
            row["code"],
            _day(row["valid_from"]),
            _day(row["valid_to"]),
            row["successor"] or None,
        )
    for row in rows("districts.csv"):
        yield Place(row["name"], row["type"], row["code"], "district", row["province"], None, LAST_DAY_OF_DISTRICTS)
    for row in rows("communes.csv"):
        yield Place(row["name"], row["type"], row["code"], "commune", row["province"], FIRST_DAY_OF_NEW_COMMUNES)


def _stem_aliases(stems: Iterable[Stem], names: Mapping[str, AgencyRecord]) -> Iterator[tuple[str, str]]:
    """As in "Sở KH&CN" for "Sở Khoa học và Công nghệ", and so on."""
    for stem in stems:
        for head in stem.heads:
            target = fold(f"{_HEADS[head]} {stem.name}")
            if target in names:
                for short in stem.abbreviations:
                    yield fold(f"{_HEADS[head]} {short}"), target


def _extra_rows(extra: Path) -> list[dict[str, str]]:
    try:
        own = _rows(extra.read_text("utf-8-sig"))
        if any(not row.get("name") for row in own):
            raise UsageError("có dòng thiếu cột name (tên cơ quan).", path=extra, remedy="Bổ sung tên cơ quan rồi chạy lại.")
        for row in own:
            _agency(row)
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        if isinstance(error, DondocError):
            raise
        raise UsageError(f"không đọc được danh mục cơ quan bổ sung ({error}).", path=extra, remedy="Tệp phải là CSV UTF-8.") from error
    return own


@lru_cache(maxsize=8)
def load(extra: Path | None = None) -> Gazetteer:
    """The gazetteer of this package, with the user's own names when ``extra`` is a CSV.

    Cached by path: after editing that file call ``load.cache_clear()``.

    :raises UsageError: the user's file cannot be read or lacks a name.
    """
    own = _extra_rows(extra) if extra is not None else []
    agencies = tuple(_agency(row) for row in chain(own, rows("agencies.csv")))
    by_name: dict[str, AgencyRecord] = {}
    for agency in agencies:
        by_name.setdefault(fold(agency.name), agency)
    stems = tuple(Stem(row["stem"], _parts(row["abbreviations"]), _parts(row["heads"])) for row in rows("agency_stems.csv"))
    aliases: dict[str, str] = {}
    pairs = chain(
        ((fold(alias), fold(row["name"])) for row in own for alias in row.get("aliases", "").split("|") if alias.strip()),
        ((fold(row["alias"]), fold(row["name"])) for row in rows("agency_aliases.csv")),
        _stem_aliases(stems, by_name),
        ((fold(agency.abbreviation), fold(agency.name)) for agency in agencies if agency.abbreviation and len(agency.abbreviation) > 2),
    )
    for alias, name in pairs:
        if alias not in by_name:
            aliases.setdefault(alias, name)
    members = tuple(
        (row["code"], AgencyRecord(row["agency"], "member", "", None, _day(row["valid_from"]), _day(row["valid_to"])))
        for row in rows("agency_members.csv")
    )
    return Gazetteer(
        agencies=agencies,
        aliases=MappingProxyType(aliases),
        places=tuple(_places()),
        groups=tuple(Group(row["name"], _parts(row["members"], "+"), row["level"]) for row in rows("agency_groups.csv")),
        members=members,
        successions=tuple(
            Succession(row["old"], row["new"] or None, date.fromisoformat(row["date"]), row["subject"] or None)
            for row in rows("agency_successions.csv")
        ),
        stems=stems,
        by_name=MappingProxyType(by_name),
    )
