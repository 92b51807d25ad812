"""Agencies in the file: seeded from the gazetteer, created when a directive names one that is not known yet.

An agency is matched by its folded name or one of its aliases, so "SỞ NỘI VỤ", "Sở nội vụ" and "So Noi vu" are one row. The name as the
directive has it stays in ``task_agencies.name``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracking.folding import fold_name

Origin = Literal["gazetteer", "document", "person"]


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """An agency (by name or alias) that belongs to a group from ``valid_from`` to ``valid_to``, both included, None where open."""

    name: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """One agency or group to be known by the file. One with ``members`` is a group."""

    name: str
    kind: str | None = None
    level: str | None = None
    province: str | None = None
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    members: tuple[MemberEntry, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class SuccessionEntry:
    """From ``since`` on, ``new`` does the work of ``old``; with ``subject`` only for that subject, otherwise by default.

    ``new`` None: the body ended and a person must decide who goes on, among ``candidates`` when they are known.
    """

    old: str
    new: str | None
    since: date
    subject: str | None = None
    source: str | None = None
    candidates: tuple[str, ...] = ()


def load_agencies(connection: sqlite3.Connection, entries: Iterable[AgencyEntry], successions: Iterable[SuccessionEntry] = ()) -> int:
    """Put agencies into the file; a second time it only adds what is new and refreshes kind, level and parent.

    Call it inside a transaction. Returns the number of entries. Agencies that documents brought in before become these
    when the names agree. Names in ``members``, ``parent`` and successions that no entry has are created.
    """
    listed = list(entries)
    ids = [_put(connection, entry) for entry in listed]
    for agency_id, entry in zip(ids, listed, strict=True):
        for alias in (entry.name, *entry.aliases):
            if folded := fold_name(alias):
                connection.execute("INSERT OR IGNORE INTO agency_aliases VALUES (?, ?, ?)", (agency_id, alias, folded))
    # Only now, since a parent or a member may be named by an alias of an entry further down.
    for agency_id, entry in zip(ids, listed, strict=True):
        if entry.parent:
            parent = agency_id_for(connection, entry.parent, origin="gazetteer")
            connection.execute("UPDATE agencies SET parent_id = ? WHERE id = ?", (parent, agency_id))
        for member in entry.members:
            member_id = agency_id_for(connection, member.name, origin="gazetteer")
            if member_id != agency_id:
                row = (agency_id, member_id, _iso(member.valid_from), _iso(member.valid_to))
                connection.execute(
                    "INSERT OR IGNORE INTO agency_members(group_id, member_id, valid_from, valid_to) VALUES (?, ?, ?, ?)", row
                )
    for succession in successions:
        old = agency_id_for(connection, succession.old, origin="gazetteer")
        new = agency_id_for(connection, succession.new, origin="gazetteer") if succession.new else None
        if old != new:
            connection.execute(
                "INSERT OR IGNORE INTO agency_successions(old_id, new_id, date, subject, source, candidates) VALUES (?, ?, ?, ?, ?, ?)",
                (old, new, succession.since.isoformat(), succession.subject, succession.source, _json(succession.candidates)),
            )
    return len(listed)


def _put(connection: sqlite3.Connection, entry: AgencyEntry) -> int:
    values = (entry.kind, entry.level, entry.province, _iso(entry.valid_from), _iso(entry.valid_to))
    folded = fold_name(entry.name)
    # The same agency, or one of that name that only documents had named so far.
    row = connection.execute(
        """SELECT id FROM agencies WHERE folded = ? AND (origin <> 'gazetteer'
            OR (coalesce(province, '') = ? AND coalesce(valid_from, '') = ?)) ORDER BY origin <> 'gazetteer', id""",
        (folded, entry.province or "", _iso(entry.valid_from) or ""),
    ).fetchone()
    if row is None:
        cursor = connection.execute(
            "INSERT INTO agencies(name, folded, kind, level, province, valid_from, valid_to, origin) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'gazetteer')",
            (entry.name, folded, *values),
        )
        return _id(cursor)
    connection.execute(
        "UPDATE agencies SET name = ?, kind = ?, level = ?, province = ?, valid_from = ?, valid_to = ?, origin = 'gazetteer' WHERE id = ?",
        (entry.name, *values, row["id"]),
    )
    return int(row["id"])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def find_agency(connection: sqlite3.Connection, name: str, *, issuer: str | None = None) -> int | None:
    """The agency of that name or alias; of several the one whose province the issuer names, then one without province, still valid."""
    folded = fold_name(name)
    rows = connection.execute(
        """SELECT a.id AS id, a.province AS province FROM agencies AS a WHERE a.id IN (
            SELECT id FROM agencies WHERE folded = :folded UNION SELECT agency_id FROM agency_aliases WHERE folded = :folded)
        ORDER BY a.folded <> :folded, a.province IS NOT NULL, a.valid_to IS NOT NULL, a.id""",
        {"folded": folded},
    ).fetchall()
    if not rows:
        return None
    place = f" {fold_name(issuer or '')} "
    for row in rows:
        if row["province"] and f" {fold_name(row['province'])} " in place:
            return int(row["id"])
    return int(rows[0]["id"])


def agency_id_for(connection: sqlite3.Connection, name: str, *, origin: Origin, issuer: str | None = None) -> int:
    """The agency of that name, created when there is none."""
    known = find_agency(connection, name, issuer=issuer)
    if known is not None:
        return known
    cursor = connection.execute(
        "INSERT INTO agencies(name, folded, origin) VALUES (?, ?, ?)", (" ".join(name.split()), fold_name(name), origin)
    )
    return _id(cursor)


def set_task_agencies(
    connection: sqlite3.Connection,
    task_id: int,
    role: str,
    names: Iterable[str],
    *,
    origin: Origin,
    issuer: str | None = None,
    candidates: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Make these the task's agencies in that role, in this order; names without a letter or digit are left out.

    ``candidates``: for a name that may be another's, those others.
    """
    connection.execute("DELETE FROM task_agencies WHERE task_id = ? AND role = ?", (task_id, role))
    for position, name in enumerate(names):
        if fold_name(name):
            agency = agency_id_for(connection, name, origin=origin, issuer=issuer)
            others = [other for other in (candidates or {}).get(name, ()) if fold_name(other) != fold_name(name)]
            connection.execute(
                "INSERT OR IGNORE INTO task_agencies(task_id, agency_id, role, name, position, candidates) VALUES (?, ?, ?, ?, ?, ?)",
                (task_id, agency, role, name, position, _json(others)),
            )


def matching_agencies(connection: sqlite3.Connection, words: str) -> list[int]:
    """Agencies whose name has these whole words side by side, or that have them as an alias; diacritics and case do not matter."""
    folded = fold_name(words)
    if not folded:
        return []
    rows = connection.execute(
        """SELECT id FROM agencies WHERE instr(' ' || folded || ' ', ' ' || :folded || ' ') > 0
        UNION SELECT agency_id FROM agency_aliases WHERE folded = :folded""",
        {"folded": folded},
    )
    return [row[0] for row in rows]


def prune_agencies(connection: sqlite3.Connection) -> None:
    """Drop agencies that only a document had named and no task names any more (a name misread the first time).

    One that has a part of a task of its own, or had, stays: the history names it.
    """
    connection.execute(
        """DELETE FROM agencies WHERE origin = 'document'
        AND NOT EXISTS (SELECT 1 FROM task_agencies WHERE agency_id = agencies.id)
        AND NOT EXISTS (SELECT 1 FROM task_shares WHERE agency_id = agencies.id)
        AND NOT EXISTS (SELECT 1 FROM task_events WHERE agency_id = agencies.id)
        AND NOT EXISTS (SELECT 1 FROM agency_members WHERE group_id = agencies.id OR member_id = agencies.id)
        AND NOT EXISTS (SELECT 1 FROM agency_successions WHERE old_id = agencies.id OR new_id = agencies.id)
        AND NOT EXISTS (SELECT 1 FROM agencies AS child WHERE child.parent_id = agencies.id)"""
    )


def _json(names: Iterable[str]) -> str:
    return json.dumps(list(names), ensure_ascii=False)


def _id(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
