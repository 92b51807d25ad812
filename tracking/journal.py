"""Who did what when: acts, newest first, with their changes as sentences; those on headers of documents and on the office among them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from tracking.headers import subject_of
from tracking.history import ACTS, FIELDS, EventRow, shown_value
from tracking.undo import undone

_EVENTS = """SELECT e.*, a.name AS agency, o.due AS occurrence_due FROM task_events AS e
    LEFT JOIN agencies AS a ON a.id = e.agency_id LEFT JOIN occurrences AS o ON o.id = e.occurrence_id"""


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act of a person. ``action`` is its number for undo, None where it cannot be taken back (headers of documents, the office).

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
    rows = connection.execute(
        """SELECT DISTINCT e.action FROM task_events AS e JOIN tasks AS t ON t.id = e.task_id
        WHERE (:task IS NULL OR e.task_id = :task) AND (:document IS NULL OR t.document_id = :document) AND (:who IS NULL OR e.who = :who)
        ORDER BY e.action DESC LIMIT :limit""",
        {"task": task_id, "document": document_id, "who": who, "limit": -1 if limit is None else limit},
    ).fetchall()
    gone = undone(connection)
    found = [_act(connection, row["action"], gone) for row in rows]
    if task_id is None:
        found += _on_the_office(connection, document_id, who, limit)
    found.sort(key=lambda act: (act.at, act.action or 0), reverse=True)
    return found[:limit]


def _act(connection: sqlite3.Connection, action: int, gone: set[int]) -> ActRow:
    events = [EventRow.from_row(row) for row in connection.execute(f"{_EVENTS} WHERE e.action = ? ORDER BY e.id", (action,))]
    first = events[0]
    tasks = tuple(dict.fromkeys(event.task_id for event in events))
    told = tuple(
        event.told.partition(": ")[2] if len(tasks) == 1 else f"{event.task_id}: {event.told.partition(': ')[2]}" for event in events
    )
    return ActRow(action, first.at, first.who, first.what, first.note, first.undoes, action in gone, tasks, None, told)


def _on_the_office(connection: sqlite3.Connection, document_id: int | None, who: str | None, limit: int | None) -> list[ActRow]:
    rows = connection.execute(
        """SELECT * FROM office_events WHERE (:subject IS NULL OR subject = :subject) AND (:who IS NULL OR who = :who)
        ORDER BY id DESC LIMIT :limit""",
        {"subject": subject_of(document_id) if document_id is not None else None, "who": who, "limit": -1 if limit is None else limit},
    )
    return [
        ActRow(None, row["at"], row["who"], row["what"], row["note"], None, False, (), row["subject"], (_told(row),)) for row in rows
    ]  # fmt: skip


def _told(row: sqlite3.Row) -> str:
    field = row["field"] or ""
    old, new = shown_value(field, row["old_value"]), shown_value(field, row["new_value"])
    change = f"từ «{old}» thành «{new}»" if old and new else f"là «{new}»" if new else f"bỏ «{old}»" if old else ""
    return " ".join(filter(None, (ACTS.get(row["what"], row["what"]), FIELDS.get(field, field), change)))
