"""The gazetteer of ``extract`` as agencies of the file: names, aliases, groups with members, successions.

It is put in when a file is opened and the CSV files have changed since the last time, so that a line corrected in a CSV takes effect.
Groups whose members are places ("UBND các xã, phường") get them with the documents that name them: see :mod:`tracking.expansion`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path

from extract import gazetteer
from tracking.agencies import AgencyEntry, MemberEntry, SuccessionEntry, load_agencies
from tracking.expansion import expand

_FILES = (
    "agencies", "agency_aliases", "agency_groups", "agency_members", "agency_stems", "agency_successions", "district_communes",
    "communes", "districts", "provinces",
)  # fmt: skip
_VERSION = b"3"
"""Raised when this module reads the same files differently."""


def fingerprint(own: Path | None) -> str:
    """Changes when a CSV of the gazetteer or the office's own CSV does."""
    digest = _shipped().copy()
    if own is not None and own.is_file():
        digest.update(own.read_bytes())
    return digest.hexdigest()


@cache
def _shipped() -> hashlib._Hash:
    """Over the gazetteer of this package, which a process reads once (:func:`extract.gazetteer.load`)."""
    digest = hashlib.sha256(_VERSION)
    for name in _FILES:
        digest.update(resources.files("extract").joinpath("resources", f"{name}.csv").read_bytes())
    return digest


def is_current(connection: sqlite3.Connection, wanted: str) -> bool:
    """Whether the file has the gazetteer with that fingerprint."""
    row = connection.execute("SELECT fingerprint FROM seeds WHERE name = 'gazetteer'").fetchone()
    return row is not None and row[0] == wanted


def seed(connection: sqlite3.Connection, own: Path | None, mark: str, now: datetime) -> None:
    """Put the gazetteer in the place of an older one. Agencies stay, since tasks point to them.

    :raises UsageError: the office's own CSV cannot be read.
    """
    gazetteer.refresh(own)
    names = gazetteer.load(own)
    for table in ("agency_successions", "agency_members", "agency_aliases"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    successions = (SuccessionEntry(step.old, step.new, step.date, step.subject, step.source) for step in names.successions)
    load_agencies(connection, (*_agencies(names), *_groups(names)), successions)
    expand(connection, names)
    connection.execute("INSERT OR REPLACE INTO seeds VALUES ('gazetteer', ?, ?)", (mark, now.isoformat(timespec="seconds")))


def _agencies(names: gazetteer.Gazetteer) -> Iterator[AgencyEntry]:
    aliases: dict[str, list[str]] = {}
    for spelling, key in names.written:
        if key in names.by_name:
            aliases.setdefault(names.by_name[key].name, []).append(spelling)
    for agency in names.agencies:
        yield AgencyEntry(
            agency.name,
            agency.kind,
            agency.level,
            aliases=tuple(aliases.get(agency.name, ())),
            valid_from=agency.valid_from,
            valid_to=agency.valid_to,
        )


def _groups(names: gazetteer.Gazetteer) -> Iterator[AgencyEntry]:
    """Known by name; who belongs to a group depends on who speaks of it."""
    for name in dict.fromkeys(group.name for group in names.groups):
        level = next(group.level for group in names.groups if group.name == name)
        yield AgencyEntry(name, "group", level)
    for own in names.own:
        if own.members:
            yield AgencyEntry(own.name, "group", own.level, members=tuple(MemberEntry(member) for member in own.members))
