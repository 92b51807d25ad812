"""What follows for the file from who is named in a document: members of its groups, successors of bodies with a place, the right heir.

The gazetteer's own groups and successions are put in once (:mod:`tracking.seed`). A wording such as "các sở, ban, ngành thuộc tỉnh" or
"UBND các xã, phường" and a body such as "UBND huyện Đức Thọ" become known only when a document names them; what they mean depends on the
province of whoever issued it. That is worked out here when a document is saved or somebody is assigned, and for all documents once the
gazetteer has changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from extract.gazetteer import Gazetteer, Member, about
from tracking.agencies import agency_id_for
from tracking.folding import fold_name

UNKNOWN = ""
"""The province of documents whose issuer's province is not known. NULL in ``agency_members`` means every province."""


def expand(connection: sqlite3.Connection, names: Gazetteer, document_ids: Iterable[int] | None = None) -> None:
    """Bring what follows up to date for these documents, or for all. Call it inside a transaction."""
    for row in _documents(connection, document_ids):
        seat = names.seat_of(row["issuer"], row["place"])
        connection.execute("UPDATE documents SET province = ? WHERE id = ?", (seat or UNKNOWN, row["id"]))
        _expand_groups(connection, names, row["id"], seat)
        _follow(connection, names, row["id"])
        _choose(connection, row["id"])


def forget_unnamed(connection: sqlite3.Connection) -> None:
    """Drop members and successions of agencies that only a document had named and no task names any more."""
    connection.execute(
        """DELETE FROM agency_members WHERE group_id IN (SELECT id FROM agencies WHERE origin = 'document')
        AND NOT EXISTS (SELECT 1 FROM task_agencies WHERE agency_id = group_id)"""
    )
    while True:
        gone = connection.execute(
            """DELETE FROM agency_successions WHERE derived
            AND NOT EXISTS (SELECT 1 FROM task_agencies WHERE agency_id = old_id)
            AND NOT EXISTS (SELECT 1 FROM agency_members WHERE member_id = old_id)
            AND NOT EXISTS (SELECT 1 FROM agency_successions AS before WHERE before.new_id = agency_successions.old_id)"""
        )
        if not gone.rowcount:
            return


def _documents(connection: sqlite3.Connection, document_ids: Iterable[int] | None) -> list[sqlite3.Row]:
    if document_ids is None:
        return connection.execute("SELECT id, issuer, place FROM documents").fetchall()
    ids = list(document_ids)
    marks = ", ".join("?" * len(ids))
    return connection.execute(f"SELECT id, issuer, place FROM documents WHERE id IN ({marks})", ids).fetchall()  # noqa: S608 - only marks


def _named(connection: sqlite3.Connection, document_id: int) -> list[sqlite3.Row]:
    return connection.execute(
        """SELECT DISTINCT a.id AS id, a.name AS name FROM task_agencies AS ta JOIN tasks AS t ON t.id = ta.task_id
        JOIN agencies AS a ON a.id = ta.agency_id WHERE t.document_id = ?""",
        (document_id,),
    ).fetchall()


def _expand_groups(connection: sqlite3.Connection, names: Gazetteer, document_id: int, seat: str | None) -> None:
    for agency in _named(connection, document_id):
        known = connection.execute(
            "SELECT 1 FROM agency_members WHERE group_id = ? AND province = ? LIMIT 1", (agency["id"], seat or UNKNOWN)
        ).fetchone()
        if known is not None:
            continue
        for member in names.membership(agency["name"], seat):
            _put_member(connection, agency["id"], member, seat)


def _put_member(connection: sqlite3.Connection, group_id: int, member: Member, seat: str | None) -> None:
    member_id = _place_id(connection, member, seat) if member.is_place else agency_id_for(connection, member.name, origin="gazetteer")
    first, last = (day.isoformat() if day else None for day in (member.valid_from, member.valid_to))
    everywhere = connection.execute(
        "SELECT 1 FROM agency_members WHERE group_id = ? AND member_id = ? AND valid_from IS ? AND province IS NULL",
        (group_id, member_id, first),
    ).fetchone()
    if member_id == group_id or everywhere is not None:
        return
    connection.execute(
        "INSERT OR IGNORE INTO agency_members(group_id, member_id, valid_from, valid_to, province, is_place) VALUES (?, ?, ?, ?, ?, ?)",
        (group_id, member_id, first, last, seat or UNKNOWN, int(member.is_place)),
    )


def _place_id(connection: sqlite3.Connection, member: Member, seat: str | None) -> int:
    """The agency of a place; communes of one name lie in several provinces, so below provinces it is one of this province."""
    home = None if member.name.startswith(("UBND tỉnh ", "UBND thành phố ")) and not member.valid_to else seat
    row = connection.execute(
        "SELECT id FROM agencies WHERE folded = ? AND (province IS ? OR province IS NULL) ORDER BY province IS NULL LIMIT 1",
        (fold_name(member.name), home),
    ).fetchone()
    if row is not None:
        return int(row["id"])
    cursor = connection.execute(
        "INSERT INTO agencies(name, folded, kind, province, valid_from, valid_to, origin) VALUES (?, ?, 'committee', ?, ?, ?, 'gazetteer')",
        (
            member.name,
            fold_name(member.name),
            home,
            member.valid_from.isoformat() if member.valid_from else None,
            member.valid_to.isoformat() if member.valid_to else None,
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _follow(connection: sqlite3.Connection, names: Gazetteer, document_id: int) -> None:
    """Successions of the bodies that a document names, step by step to the last."""
    open_ends = {row["id"]: row["name"] for row in _named(connection, document_id)}
    seen: set[int] = set()
    while open_ends:
        agency_id, name = open_ends.popitem()
        seen.add(agency_id)
        known = connection.execute("SELECT new_id FROM agency_successions WHERE old_id = ?", (agency_id,)).fetchall()
        if known:
            continue
        for step in names.steps(name):
            new = agency_id_for(connection, step.new, origin="document") if step.new else None
            if new == agency_id:
                continue
            connection.execute(
                """INSERT OR IGNORE INTO agency_successions(old_id, new_id, date, subject, source, candidates, derived)
                VALUES (?, ?, ?, ?, ?, ?, 1)""",
                (agency_id, new, step.date.isoformat(), step.subject, step.source, json.dumps(step.candidates, ensure_ascii=False)),
            )
            if new is not None and new not in seen:
                open_ends[new] = step.new or ""


def _choose(connection: sqlite3.Connection, document_id: int) -> None:
    """Of several heirs the one whose subject the task speaks of ("giảm nghèo")."""
    connection.execute("DELETE FROM task_successions WHERE task_id IN (SELECT id FROM tasks WHERE document_id = ?)", (document_id,))
    rows = connection.execute(
        """SELECT t.id AS task_id, t.text AS text, s.old_id AS old_id, s.new_id AS new_id, s.date AS date, s.subject AS subject
        FROM tasks AS t JOIN task_agencies AS ta ON ta.task_id = t.id JOIN agency_successions AS s ON s.old_id = ta.agency_id
        WHERE t.document_id = ? AND s.subject IS NOT NULL AND s.new_id IS NOT NULL""",
        (document_id,),
    ).fetchall()
    for row in rows:
        if about(row["subject"], row["text"]):
            connection.execute(
                "INSERT OR IGNORE INTO task_successions VALUES (?, ?, ?, ?)", (row["task_id"], row["old_id"], row["new_id"], row["date"])
            )
