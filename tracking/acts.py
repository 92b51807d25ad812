"""One act of a person: what it changes is seen by comparing the rows before and after, written as events for people and as rows for undo.

A function that does something asks the act for each task it is about to touch (:meth:`Act.task`) and then changes the tables by plain SQL;
nobody has to remember to record anything. :func:`acting` writes the history when the act is over.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from extract.gazetteer import Gazetteer
from ingest.errors import ConflictError, NotFound, UsageError
from tracking import headers
from tracking.expansion import expand
from tracking.folding import fold
from tracking.history import tell, tell_document
from tracking.judging import judge
from tracking.migrations_acts import NOT_FOLLOWED
from tracking.occurring import keep_in_step
from tracking.search_index import forget_task, index_task

KEYS: dict[str, tuple[str, ...]] = {
    "documents": ("id",),
    "tasks": ("id",),
    "task_agencies": ("task_id", "role", "agency_id"),
    "task_shares": ("task_id", "agency_id"),
    "occurrences": ("task_id", "scheduled"),
}
"""The tables that acts change, with the columns that tell their rows apart. Of a document only the header."""

_SILENT = {
    "folded", "found_text", "due_counted", "reasons", "position", "path", "lead_source", "lead_page", "lead_line_first", "lead_line_last",
    "lead_end_page", "lead_end_line", "split_from",
}  # fmt: skip
"""Columns of a task that follow from others: they get an event of their own only when nothing else changed."""

_RHYTHMS_OWN = {"open", NOT_FOLLOWED}
_NEXT_ACTION = """SELECT 1 + max(coalesce((SELECT max(id) FROM task_events), 0), coalesce((SELECT max(action) FROM task_events), 0),
    coalesce((SELECT max(action) FROM office_events), 0), coalesce((SELECT max(action) FROM act_rows), 0))"""
_RHYTHM = {"recurrence", "start", "due", "removed", "followed_from", "occurrences"}

Rows = dict[tuple[str, str], dict[str, Any]]
"""(table, key as JSON) → columns."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after: all columns of one that came or went (the other side None), only the changed ones otherwise."""

    table: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def key_values(self) -> list[Any]:
        """The values of the columns in :data:`KEYS`."""
        values: list[Any] = json.loads(self.key)
        return values

    @property
    def of_document(self) -> bool:
        """Whether it is the header of a document."""
        return self.table == "documents"

    @property
    def task_id(self) -> int:
        """Every key begins with the task (:attr:`of_document`: with the document)."""
        return int(self.key_values[0])


@dataclass(frozen=True, slots=True)
class _Event:
    task_id: int
    field: str
    old: Any
    new: Any
    agency_id: int | None = None
    occurrence_id: int | None = None


@dataclass(slots=True)
class Act:
    """What one person does in one go. ``names`` gives the gazetteer, asked only when agencies change; ``undoes`` the act taken back.

    ``action`` is its number once it is finished, None when it changed nothing.
    """

    connection: sqlite3.Connection
    what: str
    who: str
    now: datetime
    names: Callable[[], Gazetteer]
    note: str | None = None
    undoes: int | None = None
    action: int | None = None
    _before: dict[int, Rows] = field(default_factory=dict)
    _headers: dict[int, Rows] = field(default_factory=dict)

    def document(self, document_id: int) -> sqlite3.Row:
        """The row of ``documents``, whose header may be changed from here on.

        :raises NotFound: no document has that id.
        """
        row: sqlite3.Row | None = self.connection.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is None:
            raise NotFound(f"không có văn bản mang mã {document_id}.")
        self._headers.setdefault(document_id, _header_of(row))
        return row

    def task(self, task_id: int) -> sqlite3.Row:
        """The row of ``tasks``, which from here on may be changed.

        :raises NotFound: no task has that id.
        """
        row = stored_task(self.connection, task_id)
        if task_id not in self._before:
            self._before[task_id] = _rows_of(self.connection, task_id)
        return row

    def set(self, task_id: int, **columns: Any) -> None:
        """Change columns of a task."""
        self.task(task_id)
        assignments = ", ".join(f"{name} = ?" for name in columns)
        self.connection.execute(f"UPDATE tasks SET {assignments} WHERE id = ?", (*columns.values(), task_id))  # noqa: S608 - names of ours

    def add(self, columns: Mapping[str, Any]) -> int:
        """A new task; its id."""
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        cursor = self.connection.execute(f"INSERT INTO tasks({names}) VALUES ({marks})", tuple(columns.values()))  # noqa: S608
        assert cursor.lastrowid is not None
        self._before[cursor.lastrowid] = {}
        return cursor.lastrowid

    def expect(self, task_ids: Iterable[int], newest: int | None) -> None:
        """Check that nobody changed these tasks after the event ``newest`` (0: after the beginning; None: no check).

        :raises ConflictError: somebody did; the message says who, what and when.
        """
        if newest is None:
            return
        listed = list(task_ids)
        marks = ", ".join("?" * len(listed))
        rows = self.connection.execute(
            f"SELECT * FROM task_events WHERE task_id IN ({marks}) AND id > ? ORDER BY id",  # noqa: S608 - only marks
            (*listed, newest),
        ).fetchall()
        if rows:
            raise ConflictError(f"trong lúc đó đã có thay đổi mới hơn: {tell(rows)}.", remedy="Hãy xem lại rồi làm lại nếu vẫn cần.")

    def expect_header(self, document_id: int, newest: int | None) -> None:
        """Check that nobody corrected the header after the event ``newest`` of ``office_events`` (0, None: as for :meth:`expect`).

        :raises ConflictError: somebody did; the message says who, what and when.
        """
        if newest is None:
            return
        rows = self.connection.execute(
            "SELECT * FROM office_events WHERE subject = ? AND id > ? ORDER BY id", (headers.subject_of(document_id), newest)
        ).fetchall()
        if rows:
            raise ConflictError(
                f"trong lúc đó đã có thay đổi mới hơn: {tell_document(rows)}.", remedy="Hãy xem lại rồi làm lại nếu vẫn cần."
            )

    @property
    def touched(self) -> list[int]:
        """The tasks that were asked for or made."""
        return list(self._before)

    def changes(self) -> list[RowChange]:
        """What differs from the beginning, headers first, then task by task."""
        found: list[RowChange] = []
        for document_id, before in self._headers.items():
            found += _differences(before, _header_of(self.document(document_id)))
        for task_id, before in self._before.items():
            found += _differences(before, _rows_of(self.connection, task_id))
        order = list(KEYS)
        return sorted(found, key=lambda change: (not change.of_document, change.task_id, order.index(change.table)))

    def finish(self) -> None:
        """Bring up to date what follows from the change, write the history."""
        self._bring_in_step()
        changes = [change for change in self.changes() if not _made_by_machine(change)]
        if not changes:
            return
        action = self.action = int(self.connection.execute(_NEXT_ACTION).fetchone()[0])
        at = self.now.isoformat(timespec="seconds")
        for change in (change for change in changes if change.of_document):
            subject = headers.subject_of(change.task_id)
            self.connection.executemany(
                """INSERT INTO office_events(at, who, what, subject, field, old_value, new_value, note, action, undoes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                [
                    (at, self.who, self.what, subject, name, (change.before or {})[name], value, self.note, action, self.undoes)
                    for name, value in (change.after or {}).items()
                    if name != headers.CHECKED or len(change.after or {}) == 1  # what was corrected tells it
                ],
            )
        for event in self._events([change for change in changes if not change.of_document]):
            values = (event.task_id, at, self.who, self.what, event.field, _text(event.old), _text(event.new), self.note, action)
            self.connection.execute(
                """INSERT INTO task_events(task_id, at, who, what, field, old_value, new_value, note, action, agency_id,
                    occurrence_id, undoes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (*values, event.agency_id, event.occurrence_id, self.undoes),
            )
        self.connection.executemany(
            "INSERT INTO act_rows(action, table_name, row_key, before, after) VALUES (?, ?, ?, ?, ?)",
            [(action, change.table, change.key, _json(change.before), _json(change.after)) for change in changes],
        )

    def _bring_in_step(self) -> None:
        touched: dict[int, set[str]] = {}
        for change in self.changes():
            columns = {**(change.before or {}), **(change.after or {})}
            if change.of_document:
                headers.follow(self.connection, change.task_id, columns.keys(), self.names)
            else:
                touched.setdefault(change.task_id, set()).update(columns if change.table == "tasks" else (change.table,))
        moved: set[int] = set()
        judged: set[int] = set()
        for task_id, names in touched.items():
            row = stored_task(self.connection, task_id)
            if names & {"text", "removed"}:
                self.connection.execute("UPDATE tasks SET folded = ? WHERE id = ?", (fold(row["text"]), task_id))
                if row["removed"]:
                    forget_task(self.connection, task_id)
                else:
                    index_task(self.connection, task_id, row["text"])
            if names & _RHYTHM:
                keep_in_step(self.connection, task_id)
            judged |= {row["document_id"]} if names & {"needs_review", "removed"} else set()
            moved |= {row["document_id"]} if names & {"task_agencies", "text"} else set()
        for document_id in judged:
            judge(self.connection, document_id)
        if moved:
            expand(self.connection, self.names(), sorted(moved))

    def _events(self, changes: Sequence[RowChange]) -> Iterator[_Event]:
        by_task: dict[int, list[RowChange]] = {}
        for change in changes:
            by_task.setdefault(change.task_id, []).append(change)
        for task_id, of_task in by_task.items():
            written = [event for change in of_task if change.table == "tasks" for event in _task_events(change, quiet=False)]
            written += self._agency_events(task_id, of_task)
            for change in of_task:
                if change.table == "task_shares":
                    written += self._share_events(change)
                elif change.table == "occurrences":
                    written += self._occurrence_events(change)
            # Every act leaves a trace, also one that only confirms.
            yield from written or [event for change in of_task for event in _task_events(change, quiet=True)]

    def _agency_events(self, task_id: int, changes: Sequence[RowChange]) -> list[_Event]:
        roles = sorted({str(change.key_values[1]) for change in changes if change.table == "task_agencies"}, reverse=True)
        now = _rows_of(self.connection, task_id)
        return [_Event(task_id, role, _names(self._before[task_id], role), _names(now, role)) for role in roles]

    def _share_events(self, change: RowChange) -> list[_Event]:
        task_id, agency_id = change.key_values
        # Without a row of its own the department stands as the task does.
        before = change.before if change.before is not None else _as_the_task(self._before[task_id], task_id)
        after = change.after if change.after is not None else _as_the_task(_rows_of(self.connection, task_id), task_id)
        return [
            _Event(task_id, name, before.get(name), after.get(name), agency_id=agency_id)
            for name in after | before
            if before.get(name) != after.get(name) and name not in KEYS["task_shares"]
        ]

    def _occurrence_events(self, change: RowChange) -> list[_Event]:
        row = self.connection.execute("SELECT id FROM occurrences WHERE task_id = ? AND scheduled = ?", change.key_values).fetchone()
        before, after = change.before or {}, change.after or {}
        number = row["id"] if row else None
        return [
            _Event(change.task_id, name, before.get(name), after.get(name), occurrence_id=number)
            for name in after | before
            if before.get(name) != after.get(name) and name not in ("id", "task_id", "scheduled")
        ]


@contextmanager
def acting(
    connection: sqlite3.Connection,
    what: str,
    *,
    who: str,
    names: Callable[[], Gazetteer],
    note: str | None = None,
    now: datetime | None = None,
    undoes: int | None = None,
) -> Iterator[Act]:
    """An act inside the caller's transaction; its history is written when the block ends well.

    :raises UsageError: nobody is named as the one who acts.
    """
    if not who.strip():
        raise UsageError("chưa rõ ai thực hiện thay đổi này.")
    act = Act(connection, what, who.strip(), now or datetime.now(), names, (note or "").strip() or None, undoes)
    yield act
    act.finish()


def stored_task(connection: sqlite3.Connection, task_id: int) -> sqlite3.Row:
    """The row of ``tasks``.

    :raises NotFound: no task has that id.
    """
    row: sqlite3.Row | None = connection.execute("SELECT * FROM tasks WHERE id = ?", (task_id,)).fetchone()
    if row is None:
        raise NotFound(f"không có nhiệm vụ mang mã {task_id}.", remedy="Hãy xem mã bằng «dondoc tasks».")
    return row


def _rows_of(connection: sqlite3.Connection, task_id: int) -> Rows:
    found: Rows = {}
    for table, key in list(KEYS.items())[1:]:
        order = "position" if table == "task_agencies" else "rowid"
        rows = connection.execute(f"SELECT * FROM {table} WHERE {key[0]} = ? ORDER BY {order}", (task_id,))  # noqa: S608 - names of ours
        for row in rows:
            columns = {name: row[name] for name in row.keys()}  # noqa: SIM118 - sqlite3.Row iterates over values
            found[table, json.dumps([row[name] for name in key])] = columns
    return found


def _header_of(row: sqlite3.Row) -> Rows:
    return {("documents", json.dumps([row["id"]])): {name: row[name] for name in (*headers.HEADER_FIELDS, headers.CHECKED)}}


def _differences(before: Rows, after: Rows) -> Iterator[RowChange]:
    for place in {**before, **after}:
        old, new = before.get(place), after.get(place)
        if old is not None and new is not None:
            names = [name for name in new if old[name] != new[name]]
            if names:
                yield RowChange(*place, {name: old[name] for name in names}, {name: new[name] for name in names})
        else:
            yield RowChange(*place, old, new)


def _made_by_machine(change: RowChange) -> bool:
    """Occurrences come and go with the rhythm, and are followed from a day on; only what people did with one is theirs."""
    if change.table != "occurrences":
        return False
    if change.before is None or change.after is None:
        return (change.before or change.after or {})["status"] in _RHYTHMS_OWN
    return change.after.keys() == {"status"} and {change.before["status"], change.after["status"]} == _RHYTHMS_OWN


def _task_events(change: RowChange, *, quiet: bool) -> list[_Event]:
    if change.table != "tasks" or change.after is None:
        return []
    if change.before is None:
        return [_Event(change.task_id, "text", None, change.after["text"])]
    return [_Event(change.task_id, name, change.before[name], value) for name, value in change.after.items() if (name in _SILENT) is quiet]


def _as_the_task(rows: Rows, task_id: int) -> dict[str, Any]:
    task = rows.get(("tasks", json.dumps([task_id])), {})
    return {name: task.get(name) for name in ("status", "completed_on", "requested_due")}


def _names(rows: Rows, role: str) -> str:
    named = [row for (table, _), row in rows.items() if table == "task_agencies" and row["role"] == role]
    return json.dumps([row["name"] for row in sorted(named, key=lambda row: row["position"])], ensure_ascii=False)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _json(columns: Mapping[str, Any] | None) -> str | None:
    return None if columns is None else json.dumps(columns, ensure_ascii=False)
