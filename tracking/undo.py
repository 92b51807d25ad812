"""Taking an act back, whole: every row that it changed gets back what it had, unless somebody changed the same thing since.

An undo is an act itself and can be taken back (redo). A task that an act made cannot go away, since its history names it: undo leaves it
behind as removed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from ingest.errors import ConflictError, NotFound, UsageError
from tracking.acts import KEYS, Act, RowChange
from tracking.agencies import agency_id_for
from tracking.headers import subject_of
from tracking.history import field_label, tell, tell_document, undone

_RENEWED = {"position", "path", "page", "line_first", "line_last", "end_page", "end_line", "missing", "duplicate_of", "folded"}
"""Columns that taking a document in again may change without anybody having done something."""


def last_correction(connection: sqlite3.Connection, document_id: int) -> int | None:
    """The newest act on the header of a document that was not taken back; None when there is none."""
    gone = undone(connection)
    rows = connection.execute(
        "SELECT DISTINCT action FROM office_events WHERE subject = ? AND action IS NOT NULL AND undoes IS NULL ORDER BY action DESC",
        (subject_of(document_id),),
    )
    return next((row["action"] for row in rows if row["action"] not in gone), None)


def last_action(connection: sqlite3.Connection, task_id: int | None, who: str | None) -> int | None:
    """The newest act (of one task, of one person) that was not taken back and is no undo itself; None when there is none."""
    gone = undone(connection)
    rows = connection.execute(
        """SELECT action FROM task_events WHERE undoes IS NULL AND what <> 'recount' AND (:task IS NULL OR task_id = :task)
            AND (:who IS NULL OR who = :who)
        UNION SELECT action FROM office_events WHERE action IS NOT NULL AND undoes IS NULL AND :task IS NULL
            AND (:who IS NULL OR who = :who) ORDER BY action DESC""",
        {"task": task_id, "who": who},
    )
    return next((row["action"] for row in rows if row["action"] not in gone), None)


def undo(act: Act, action: int) -> None:
    """Take ``action`` back.

    :raises NotFound: no such act. :raises UsageError: it was taken back already, or stems from before acts could be.
    :raises ConflictError: a newer act changed the same field.
    """
    events = act.connection.execute("SELECT * FROM task_events WHERE action = ? ORDER BY id", (action,)).fetchall()
    corrections = act.connection.execute("SELECT * FROM office_events WHERE action = ? ORDER BY id", (action,)).fetchall()
    if not events and not corrections:
        raise NotFound(f"không có thao tác số {action}.", remedy="Hãy xem số thao tác bằng «dondoc history».")
    gone = undone(act.connection)
    if action in gone:
        raise UsageError(f"thao tác {action} đã được hoàn tác rồi.")
    changes = _changes(act.connection, action)
    if not changes:
        raise UsageError(f"thao tác {action} được ghi trước khi có chức năng hoàn tác.")
    for change in changes:
        (act.document if change.of_document else act.task)(change.task_id)
    newer = _newer(act.connection, action, events, gone)
    newer_corrections = _newer_corrections(act.connection, corrections, gone)
    if newer or newer_corrections:
        told = "; ".join(filter(None, (tell_document(newer_corrections), tell(newer))))
        raise ConflictError(f"không hoàn tác được vì sau đó {told}.", remedy="Hãy hoàn tác thay đổi mới hơn trước.")
    for change in changes:
        if not _as_it_became(act.connection, change):
            names = ", ".join(sorted(field_label(name) for name in change.after or change.before or ()))
            what = "văn bản" if change.of_document else "nhiệm vụ"
            raise ConflictError(f"không hoàn tác được vì {what} {change.task_id} đã thay đổi ({names}).")
    for change in changes:
        _restore(act, change)
    _forget_typed(act.connection, [change.key_values[2] for change in changes if change.table == "task_agencies" and change.before is None])


def _changes(connection: sqlite3.Connection, action: int) -> list[RowChange]:
    rows = connection.execute("SELECT * FROM act_rows WHERE action = ? ORDER BY id", (action,))
    return [RowChange(row["table_name"], row["row_key"], _columns(row["before"]), _columns(row["after"])) for row in rows]


def _columns(stored: str | None) -> dict[str, Any] | None:
    if stored is None:
        return None
    columns: dict[str, Any] = json.loads(stored)
    return columns


def _newer(connection: sqlite3.Connection, action: int, events: Sequence[sqlite3.Row], gone: set[int]) -> list[sqlite3.Row]:
    """Events of later acts that still count on the same fields; one department's part also hangs on the whole task's."""
    places = {(event["task_id"], event["field"], event["agency_id"], event["occurrence_id"]) for event in events}
    places |= {(task_id, name, None, None) for task_id, name, agency_id, _ in places if agency_id is not None}
    found = []
    for task_id in {event["task_id"] for event in events}:
        rows = connection.execute(
            "SELECT * FROM task_events WHERE task_id = ? AND action > ? AND undoes IS NULL ORDER BY id", (task_id, action)
        )
        found += [
            row for row in rows if row["action"] not in gone and (task_id, row["field"], row["agency_id"], row["occurrence_id"]) in places
        ]
    return found


def _newer_corrections(connection: sqlite3.Connection, events: Sequence[sqlite3.Row], gone: set[int]) -> list[sqlite3.Row]:
    """The same for the header of a document."""
    found: list[sqlite3.Row] = []
    for event in events:
        found += connection.execute(
            "SELECT * FROM office_events WHERE subject = ? AND field = ? AND action > ? AND undoes IS NULL ORDER BY id",
            (event["subject"], event["field"], event["action"]),
        )
    return [row for row in found if row["action"] not in gone]


def _current(connection: sqlite3.Connection, change: RowChange) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        f"SELECT * FROM {change.table} WHERE {_where(change.table)}",  # noqa: S608 - tables of ours
        change.key_values,
    ).fetchone()
    return row


def _where(table: str) -> str:
    if table not in KEYS:
        raise ValueError(table)
    return " AND ".join(f"{name} = ?" for name in KEYS[table])


def _as_it_became(connection: sqlite3.Connection, change: RowChange) -> bool:
    row = _current(connection, change)
    if change.after is None or row is None:
        return change.after is None and row is None
    return all(row[name] == value for name, value in change.after.items() if name not in _RENEWED)


def _restore(act: Act, change: RowChange) -> None:
    if change.table == "tasks":
        act.set(change.task_id, **(change.before if change.before is not None else {"removed": 1}))
    elif change.before is None:
        act.connection.execute(f"DELETE FROM {change.table} WHERE {_where(change.table)}", change.key_values)  # noqa: S608
    elif change.after is None:
        _insert(act.connection, change.table, change.before)
    else:
        assignments = ", ".join(f"{name} = ?" for name in change.before)
        act.connection.execute(
            f"UPDATE {change.table} SET {assignments} WHERE {_where(change.table)}",  # noqa: S608 - names of ours
            (*change.before.values(), *change.key_values),
        )


def _insert(connection: sqlite3.Connection, table: str, columns: dict[str, Any]) -> None:
    if table == "task_agencies" and connection.execute("SELECT 1 FROM agencies WHERE id = ?", (columns["agency_id"],)).fetchone() is None:
        # Nobody named it any more, so it was dropped.
        columns = columns | {"agency_id": agency_id_for(connection, columns["name"], origin="person")}
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    connection.execute(f"INSERT OR IGNORE INTO {table}({names}) VALUES ({marks})", tuple(columns.values()))  # noqa: S608


def _forget_typed(connection: sqlite3.Connection, agency_ids: Sequence[int]) -> None:
    """Drop those of the agencies that only an act taken back had named: a slip of the keyboard is no agency."""
    for agency_id in agency_ids:
        connection.execute(
            """DELETE FROM agencies WHERE id = :id AND origin = 'person'
            AND NOT EXISTS (SELECT 1 FROM agency_aliases WHERE agency_id = :id)
            AND NOT EXISTS (SELECT 1 FROM task_agencies WHERE agency_id = :id)
            AND NOT EXISTS (SELECT 1 FROM task_shares WHERE agency_id = :id)
            AND NOT EXISTS (SELECT 1 FROM task_events WHERE agency_id = :id)
            AND NOT EXISTS (SELECT 1 FROM agency_members WHERE member_id = :id)
            AND NOT EXISTS (SELECT 1 FROM agency_successions WHERE new_id = :id)
            AND NOT EXISTS (SELECT 1 FROM agencies AS child WHERE child.parent_id = :id)""",
            {"id": agency_id},
        )
