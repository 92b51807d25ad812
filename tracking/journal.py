"""Who did what when: acts, newest first, with their changes as sentences; those on headers of documents and on the office among them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from tracking.headers import subject_of
from tracking.history import ACTS, EVENTS_SQL, FIELDS, EventRow, shown_value, undone


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act of a person. ``action`` is its number for undo, None where it cannot be taken back (agencies, users, files).

    ``undone``: it was taken back; ``undoes``: the act that it takes back. ``told``: its changes as Vietnamese sentences. ``subject``: the
    document or other thing that was changed, when it was no task.
    """

    action: int | None
    at: str
    who: str
    what: str
    note: str | None
    undoes: int | None
    undone: bool
    tasks: tuple[int, ...]
    subject: str | None
    told: tuple[str, ...]

    @property
    def label(self) -> str:
        """What a clerk reads for ``what``."""
        return ACTS.get(self.what, self.what)

    def as_json(self) -> dict[str, Any]:
        """All fields."""
        return {name: getattr(self, name) for name in self.__slots__} | {"tasks": list(self.tasks), "told": list(self.told)}


def journal(
    connection: sqlite3.Connection, *, task_id: int | None, document_id: int | None, who: str | None, limit: int | None
) -> list[ActRow]:
    """Acts on one task, on one document and its tasks, of one person, or all; newest first."""
    wanted = {
        "task": task_id, "document": document_id, "subject": None if document_id is None else subject_of(document_id), "who": who,
        "limit": -1 if limit is None else limit,
    }  # fmt: skip
    # An import of a workbook stands in both tables: as an act, and (without a number of its own) with the name of the file.
    rows = connection.execute(
        """SELECT e.action FROM task_events AS e JOIN tasks AS t ON t.id = e.task_id
            WHERE (:task IS NULL OR e.task_id = :task) AND (:document IS NULL OR t.document_id = :document)
                AND (:who IS NULL OR e.who = :who)
        UNION SELECT action FROM office_events WHERE action IS NOT NULL AND :task IS NULL AND (:subject IS NULL OR subject = :subject)
            AND (:who IS NULL OR who = :who)
        ORDER BY action DESC LIMIT :limit""",
        wanted,
    ).fetchall()
    gone = undone(connection)
    found = [_act(connection, row["action"], gone) for row in rows]
    if task_id is None:
        found += [
            ActRow(None, row["at"], row["who"], row["what"], row["note"], None, False, (), row["subject"], (_told(row),))
            for row in connection.execute(
                """SELECT * FROM office_events
                WHERE action IS NULL AND (:subject IS NULL OR subject = :subject) AND (:who IS NULL OR who = :who)
                ORDER BY id DESC LIMIT :limit""",
                wanted,
            )
        ]
    found.sort(key=lambda act: (act.at, act.action or 0), reverse=True)
    return found[:limit]


def _act(connection: sqlite3.Connection, action: int, gone: set[int]) -> ActRow:
    headers = connection.execute("SELECT * FROM office_events WHERE action = ? ORDER BY id", (action,)).fetchall()
    events = [EventRow.from_row(row) for row in connection.execute(f"{EVENTS_SQL} WHERE e.action = ? ORDER BY e.id", (action,))]
    tasks = tuple(dict.fromkeys(event.task_id for event in events))
    told = [_told(row) for row in headers]
    for event in events:
        sentence = event.told.partition(": ")[2]
        told.append(sentence if len(tasks) == 1 and not headers else f"{event.task_id}: {sentence}")
    if headers:
        first = headers[0]
        at, who, what, note, undoes = (first[name] for name in ("at", "who", "what", "note", "undoes"))
    else:
        at, who, what, note, undoes = events[0].at, events[0].who, events[0].what, events[0].note, events[0].undoes
    subject = headers[0]["subject"] if headers else None
    return ActRow(action, at, who, what, note, undoes, action in gone, tasks, subject, tuple(told))


def _told(row: sqlite3.Row) -> str:
    field = row["field"] or ""
    old, new = shown_value(field, row["old_value"]), shown_value(field, row["new_value"])
    change = f"từ «{old}» thành «{new}»" if old and new else f"là «{new}»" if new else f"bỏ «{old}»" if old else ""
    return " ".join(filter(None, (ACTS.get(row["what"], row["what"]), FIELDS.get(field, field), change)))
