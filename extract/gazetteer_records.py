"""The values of the gazetteer: agencies, places, groups, successions. Days are both included; None where open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LEVELS = ("central", "province", "district", "commune")


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
        return within(on, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class OwnAgency:
    """A line of the office's own file. One with ``members`` is a group; ``successor`` goes on the day after ``valid_to``."""

    name: str
    kind: str
    level: str
    abbreviation: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    successor: str | None = None

    @property
    def record(self) -> AgencyRecord:
        """As an agency like those of the package."""
        return AgencyRecord(self.name, self.kind, self.level, self.abbreviation, self.valid_from, self.valid_to)


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

    def exists(self, on: date) -> bool:
        """Whether it existed on that day."""
        return within(on, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Group:
    """A group as documents name it. ``members`` are member codes; ``@district`` and the like mean the places of the province."""

    name: str
    members: tuple[str, ...]
    level: str


@dataclass(frozen=True, slots=True)
class Member:
    """One agency of a group and when it belongs to it; ``is_place``: it stands for a place ("UBND xã Hồng Hà")."""

    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    is_place: bool = False

    def belongs(self, on: date) -> bool:
        """Whether it was a member on that day."""
        return within(on, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Succession:
    """``new`` took over from ``old`` on ``date``; for one ``subject`` only when that is set; ``new`` None: a person must decide.

    ``candidates`` are then those among whom the choice lies, when they are known; ``source`` the legal ground.
    """

    old: str
    new: str | None
    date: date
    subject: str | None = None
    source: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stem:
    """What stands after "Bộ", "Sở" or "Phòng" ("Tài chính"), with its abbreviations; ``heads`` are the heads it goes with."""

    name: str
    abbreviations: tuple[str, ...]
    heads: tuple[str, ...]


def within(on: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies in a period."""
    return (first is None or first <= on) and (last is None or on <= last)
