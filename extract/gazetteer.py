"""The gazetteer: names of agencies, places, groups with their members, and who succeeded whom in 2025.

Everything comes from the CSV files in ``resources`` (each names its source in the first line) and, when given, from one CSV of
the office's own (see :func:`extract.gazetteer_files.own_agencies`), which is read again when it has changed. Dates are days on which
a name was in use: ``valid_from`` and ``valid_to`` both included, None where open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from extract.folding import fold
from extract.gazetteer_files import day, own_agencies, parts, rows
from extract.gazetteer_groups import Wordings, key_of
from extract.gazetteer_records import AgencyRecord, Group, Member, OwnAgency, Place, Stem, Succession
from extract.gazetteer_successions import REFORM, Successions

__all__ = [
    "CENTRAL", "AgencyRecord", "Gazetteer", "Group", "Member", "Place", "Stem", "Succession", "forgettable", "load", "refresh", "rows",
]  # fmt: skip

CENTRAL = "trung ương"
"""Where a central body speaks from, in place of a province's name (:meth:`Gazetteer.seat_of`)."""

_HEADS = {"bo": "Bộ", "so": "Sở", "phong": "Phòng"}
LAST_DAY_OF_DISTRICTS = REFORM - timedelta(days=1)
FIRST_DAY_OF_NEW_COMMUNES = REFORM


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
    wordings: Wordings = field(repr=False, compare=False)
    lineage: Successions = field(repr=False, compare=False)
    own: tuple[OwnAgency, ...] = ()
    written: tuple[tuple[str, str], ...] = ()

    def find(self, name: str) -> AgencyRecord | None:
        """The agency with that name or alias; case and diacritics do not count."""
        key = fold(name)
        return self.by_name.get(self.aliases.get(key, key))

    def spellings(self) -> Iterator[tuple[str, AgencyRecord]]:
        """Every written form (names, aliases, abbreviations, as they are spelled) with its agency."""
        for agency in self.agencies:
            yield agency.name, agency
        for spelling, key in self.written:
            yield spelling, self.by_name[key]

    def group(self, name: str) -> Group | None:
        """The group with that wording in the CSV; case, diacritics, commas and "các" do not count."""
        key = key_of(name)
        return next((group for group in self.groups if key_of(group.name) == key), None)

    def members_of(self, name: str, on: date, province: str | None = None, *, central: bool = False) -> tuple[str, ...]:
        """The agencies behind a group on that day, as a body of the province with that code says it, or a central one.

        Empty when the wording is none of a group, is open ("các cơ quan có liên quan"), or its places need a province that was not given.
        """
        known = next(
            (place.name for place in self.places if place.level == "province" and place.code == province and place.exists(on)), None
        )
        found = self.membership(name, CENTRAL if central else known)
        return tuple(dict.fromkeys(member.name for member in found if member.belongs(on)))

    def membership(self, name: str, seat: str | None = None) -> tuple[Member, ...]:
        """The agencies behind a group at any time, each with its days.

        ``seat`` is who says it: the name of a province, :data:`CENTRAL`, or None when that is not known. See :meth:`members_of`.
        """
        if (own := self._own_group(name)) is not None:
            return tuple(Member(record.name if (record := self.find(each)) else each) for each in own.members)
        meaning = self.wordings.meaning(name, central=seat == CENTRAL)
        if not meaning:
            return ()
        named = self.province(meaning.place) if meaning.place else None
        province = named.name if named else None if seat == CENTRAL else seat
        found = [
            Member(record.name, record.valid_from, record.valid_to)
            for code in meaning.codes
            for member_code, record in self.members
            if member_code == code
        ]
        for level, types in meaning.places:
            found += self._committees(level, types, province)
        if meaning.local:
            for level in ("province",) if seat == CENTRAL else ("district", "commune"):
                found += self._committees(level, frozenset(), province)
        return tuple(dict.fromkeys(found))

    def _own_group(self, name: str) -> OwnAgency | None:
        key = fold(name)
        return next((own for own in self.own if own.members and key in {fold(own.name), *map(fold, own.aliases)}), None)

    def _committees(self, level: str, types: frozenset[str], province: str | None) -> Iterator[Member]:
        """The UBND of the places of a level; below provinces only those that lay in the province while it had that name."""
        homes = [place for place in self.places if place.level == "province" and (level == "province" or place.name == province)]
        for place in homes if level == "province" else self.places:
            if place.level != level or (types and fold(place.type) not in types):
                continue
            if level == "province" or any(home.code == place.province and _overlap(home, place) for home in homes):
                yield Member(f"UBND {place.full_name}", place.valid_from, place.valid_to, is_place=True)

    def seat_of(self, issuer: str | None, place: str | None = None) -> str | None:
        """Where the issuer of a document speaks from: a province's name, :data:`CENTRAL`, or None (districts, communes, unknown).

        ``place`` is the place in the document's date line ("Hà Tĩnh"), for an issuer that does not name its province.
        """
        spoken = fold(issuer or "").replace("uy ban nhan dan", "ubnd")
        record = self.find(issuer) if issuer else None
        if record is not None and record.level == "central":
            return CENTRAL
        provinces = [home for home in self.places if home.level == "province"]
        inside = [
            home for home in provinces if spoken.endswith((f" {fold(home.full_name)}", f" tp {fold(home.name)}", f" tp. {fold(home.name)}"))
        ]
        if inside:
            return inside[-1].name
        below = any(f"{head} {unit} " in f"{spoken} " for head in ("ubnd", "hdnd") for unit in ("huyen", "quan", "thi xa", "xa", "phuong"))
        if below or spoken.startswith(("ubnd thanh pho ", "ubnd dac khu", "ubnd thi tran")):
            return None
        return next((home.name for home in reversed(provinces) if place and fold(home.name) == fold(place)), None)

    def steps(self, name: str) -> tuple[Succession, ...]:
        """The direct steps from a body to those that went on after it, also for a body with its place ("Sở Y tế tỉnh Hà Giang")."""
        return self.lineage.steps(name)

    def successors(self, name: str, on: date, subject: str | None = None) -> tuple[str, ...]:
        """Who does on that day what ``name`` did: the name itself when nothing changed, several when a person must choose.

        Chains are followed (Cục Thuế tỉnh → Chi cục Thuế khu vực → Thuế tỉnh). Empty when the body ended without one successor.
        """
        found: list[str] = []
        self._follow(name, on, subject, found, frozenset())
        return tuple(dict.fromkeys(found))

    def _follow(self, name: str, on: date, subject: str | None, found: list[str], seen: frozenset[str]) -> None:
        steps = [step for step in self.steps(name) if step.date <= on]
        if not steps or fold(name) in seen:
            found.append(name)
            return
        chosen = [step for step in steps if step.subject and subject and about(step.subject, subject)]
        chosen = chosen or _first([step for step in steps if step.subject is None])
        if not chosen:  # only some of its work went elsewhere
            found.append(name)
        for step in chosen:
            if step.new is not None:
                self._follow(step.new, on, subject, found, seen | {fold(name)})

    def province(self, name: str, on: date | None = None) -> Place | None:
        """The province with that short name ("Nghệ An"), on that day when one is given (else the newest)."""
        key = fold(name)
        hits = [p for p in self.places if p.level == "province" and fold(p.name) == key and (on is None or p.exists(on))]
        return hits[-1] if hits else None


def _first(steps: list[Succession]) -> list[Succession]:
    """Of several steps those of the first day: a province's department was merged first, its province later."""
    return [step for step in steps if step.date == min(each.date for each in steps)]


def about(rule: str, subject: str) -> bool:
    """Whether a subject of a succession (phrases parted by commas) occurs in a text; case and diacritics do not count."""
    spoken = fold(subject)
    return any(fold(part) in spoken for part in rule.split(","))


def _overlap(one: Place, other: Place) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    return first <= min(one.valid_to or date.max, other.valid_to or date.max)


def _agency(row: Mapping[str, str]) -> AgencyRecord:
    return AgencyRecord(
        row["name"],
        row.get("kind") or "other",
        row.get("level") or "province",
        row.get("abbreviation") or None,
        day(row.get("valid_from", "")),
        day(row.get("valid_to", "")),
    )


def _places() -> Iterator[Place]:
    for row in rows("provinces.csv"):
        yield Place(
            row["name"],
            row["type"],
            row["code"],
            "province",
            row["code"],
            day(row["valid_from"]),
            day(row["valid_to"]),
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
                    yield f"{_HEADS[head]} {short}", target


class _Cached(Protocol):
    def cache_clear(self) -> None: ...


_C = TypeVar("_C", bound=_Cached)
_caches: list[_Cached] = []
_seen: dict[Path, tuple[int, int] | None] = {}


def forgettable(function: _C) -> _C:
    """Marks a cached function whose results hold names of the office's own file, to be forgotten when that file changes."""
    _caches.append(function)
    return function


def refresh(extra: Path | None) -> None:
    """Forget what was read from the office's own file if that file has changed since. Whoever takes ``extra`` calls it once a document."""
    if extra is None:
        return
    try:
        status = extra.stat()
        now = (status.st_mtime_ns, status.st_size)
    except OSError:
        now = None
    if _seen.setdefault(extra, now) != now:
        _seen[extra] = now
        for function in _caches:
            function.cache_clear()


@forgettable
@lru_cache(maxsize=8)
def load(extra: Path | None = None) -> Gazetteer:
    """The gazetteer of this package, with the office's own names when ``extra`` is a CSV (call :func:`refresh` first).

    :raises UsageError: the office's file cannot be read, or a line of it cannot be used.
    """
    own = own_agencies(extra) if extra is not None else ()
    general = [_agency(row) for row in rows("agencies.csv")]
    agencies = (*_own_records(own, general), *general)
    by_name: dict[str, AgencyRecord] = {}
    for agency in agencies:
        by_name.setdefault(fold(agency.name), agency)
    stems = tuple(Stem(row["stem"], parts(row["abbreviations"]), parts(row["heads"])) for row in rows("agency_stems.csv"))
    aliases: dict[str, str] = {}
    written: list[tuple[str, str]] = []
    pairs = chain(
        ((alias, fold(each.name)) for each in own for alias in (*each.aliases, each.abbreviation or "") if fold(alias)),
        ((row["alias"], fold(row["name"])) for row in rows("agency_aliases.csv")),
        _stem_aliases(stems, by_name),
        ((agency.abbreviation, fold(agency.name)) for agency in agencies if agency.abbreviation and len(agency.abbreviation) > 2),
    )
    for alias, name in pairs:
        key = fold(alias)
        if key not in by_name and aliases.setdefault(key, name) == name:
            written.append((alias, name))
    members = tuple(
        (row["code"], AgencyRecord(row["agency"], "member", "", None, day(row["valid_from"]), day(row["valid_to"])))
        for row in rows("agency_members.csv")
    )
    places = tuple(_places())
    groups = tuple(Group(row["name"], parts(row["members"], "+"), row["level"]) for row in rows("agency_groups.csv"))
    successions = tuple(_all_successions(own))
    return Gazetteer(
        agencies=agencies,
        aliases=MappingProxyType(aliases),
        places=places,
        groups=groups,
        members=members,
        successions=successions,
        stems=stems,
        by_name=MappingProxyType(by_name),
        wordings=Wordings(groups),
        lineage=Successions(successions, places),
        own=own,
        written=tuple(written),
    )


def _own_records(own: Iterable[OwnAgency], general: Iterable[AgencyRecord]) -> Iterator[AgencyRecord]:
    """The office's own agencies; one that this package knows too stays what it is unless the office says otherwise."""
    kinds = {fold(agency.name): agency.kind for agency in general}
    for each in own:
        record = each.record
        yield replace(record, kind=kinds.get(fold(each.name), record.kind)) if record.kind == "other" else record


def _all_successions(own: Iterable[OwnAgency]) -> Iterator[Succession]:
    """The office's own decisions stand in the place of the general ones."""
    decided = set()
    for each in own:
        if each.successor and each.valid_to:
            decided.add(fold(each.name))
            yield Succession(each.name, each.successor, each.valid_to + timedelta(days=1), source="danh mục của cơ quan")
    for row in rows("agency_successions.csv"):
        if fold(row["old"]) not in decided:
            yield Succession(
                row["old"], row["new"] or None, date.fromisoformat(row["date"]), row["subject"] or None, row.get("source") or None
            )
