"""The gazetteer of ``extract`` as agencies of the file: names, aliases, groups with members, successions.

It is put in when a file is opened and the CSV files have changed since the last time, so that a line corrected in a CSV takes effect.
Groups whose members are places ("UBND các xã, phường") stay as they are: which places depends on the province.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from pathlib import Path

from extract import gazetteer
from tracking.agencies import AgencyEntry, MemberEntry, SuccessionEntry, load_agencies

_FILES = ("agencies", "agency_aliases", "agency_groups", "agency_members", "agency_stems", "agency_successions")
_VERSION = b"1"
"""Raised when this module reads the same files differently."""


def fingerprint(own: Path | None) -> str:
    """Changes when a CSV of the gazetteer or the office's own CSV does."""
    digest = hashlib.sha256(_VERSION)
    for name in _FILES:
        digest.update(resources.files("extract").joinpath("resources", f"{name}.csv").read_bytes())
    if own is not None and own.is_file():
        digest.update(own.read_bytes())
    return digest.hexdigest()


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
    successions = (SuccessionEntry(step.old, step.new, step.date, step.subject) for step in names.successions)
    load_agencies(connection, (*_agencies(names), *_groups(names)), successions)
    connection.execute("INSERT OR REPLACE INTO seeds VALUES ('gazetteer', ?, ?)", (mark, now.isoformat(timespec="seconds")))


def _agencies(names: gazetteer.Gazetteer) -> Iterator[AgencyEntry]:
    aliases: dict[str, list[str]] = {}
    for alias, key in names.aliases.items():
        if key in names.by_name:
            aliases.setdefault(names.by_name[key].name, []).append(alias)
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
    for group in names.groups:
        members = tuple(
            MemberEntry(record.name, record.valid_from, record.valid_to) for code, record in names.members if code in group.members
        )
        yield AgencyEntry(group.name, "group", group.level, members=members)
