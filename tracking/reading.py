"""Lists and single rows out of the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from extract.directive import Span
from ingest.errors import NotFound, UsageError
from tracking.acts import stored_task
from tracking.detail import DeadlineRow, OccurrenceRow, ShareRow, SourceLine, TaskDetail
from tracking.filtering import Selection, select
from tracking.heirs import task_agencies
from tracking.history import EVENTS_SQL, EventRow
from tracking.rows import CitationRow, DocumentRow, TaskFilter, TaskRow
from tracking.views import ended_state_sql, occurrences_sql, shares_sql, task_rows_sql

_DOCUMENTS = "SELECT d.*, (SELECT count(*) FROM tasks WHERE document_id = d.id AND removed = 0) AS tasks FROM documents AS d"


@dataclass(frozen=True, slots=True)
class DepartmentTask:
    """A task as one department has it: status, dates, percent and note of ``task`` are the department's own where it has a ``share``.

    ``role`` lead or coordinating; ``as_written`` what the directive calls the department (a group it belongs to, a body it succeeded);
    ``needs_decision`` when several successors could be meant.
    """

    task: TaskRow
    role: str
    as_written: str
    needs_decision: bool
    share: ShareRow | None = None


def tasks(connection: sqlite3.Connection, wanted: TaskFilter) -> list[TaskRow]:
    """The tasks that pass the filter, in its order.

    :raises UsageError: a role, status or order that does not exist.
    """
    return [given.task for given in listed(connection, wanted)]


def page(connection: sqlite3.Connection, wanted: TaskFilter) -> tuple[list[TaskRow], int]:
    """The tasks that pass within limit and offset, and how many pass in all: looked for once where that is what takes the time.

    With 100,000 tasks a commune's list takes 61 ms so, list and count by themselves 110.
    """
    selection = select(connection, wanted)
    if selection.gathered:
        found = _found(connection, wanted, selection, selection.order, ", count(*) OVER () AS total")
        if found:
            return [given.task for given in _given(connection, wanted, found)], int(found[0]["total"])
    return tasks(connection, wanted), count_tasks(connection, wanted)


def listed(connection: sqlite3.Connection, wanted: TaskFilter, *, led_first: bool = False) -> list[DepartmentTask]:
    """The same, each as the department ``agency_exact`` has it; without one, role and name are empty. ``led_first``: then by the order."""
    selection = select(connection, wanted)
    order = f"g.role <> 'lead', {selection.order}" if led_first and selection.of_department else selection.order
    return _given(connection, wanted, _found(connection, wanted, selection, order))


def _found(connection: sqlite3.Connection, wanted: TaskFilter, selection: Selection, order: str, more: str = "") -> list[sqlite3.Row]:
    columns = "g.task_id, g.role, g.as_written, g.needs_decision, g.share_id" if selection.of_department else "g.task_id, '', '', 0, NULL"
    parameters = selection.parameters | {"limit": -1 if wanted.limit is None else wanted.limit, "offset": wanted.offset}
    return connection.execute(
        f"SELECT {columns}{more} FROM {selection.source} WHERE {selection.where} ORDER BY {order} LIMIT :limit OFFSET :offset",  # noqa: S608
        parameters,
    ).fetchall()


def _given(connection: sqlite3.Connection, wanted: TaskFilter, found: Sequence[sqlite3.Row]) -> list[DepartmentTask]:
    day = wanted.as_of or date.today()
    rows = {row.id: row for row in whole_rows(connection, [row[0] for row in found], day)}
    shares = shares_of(connection, [row[0] for row in found if row[4] is not None], day)
    return [as_department_has_it(rows[row[0]], row[1], row[2], bool(row[3]), shares.get((row[0], row[4]))) for row in found]


def as_department_has_it(task: TaskRow, role: str, as_written: str, needs_decision: bool, share: ShareRow | None) -> DepartmentTask:
    """The task with what the department's own share says."""
    if share is not None:
        own = {name: getattr(share, name) for name in ("status", "state", "completed_on", "percent", "due", "requested_due", "days_late")}
        paper = task.first_due or task.due
        first_due = paper if share.due != paper else None
        task = replace(task, **own, first_due=first_due, note=share.note or task.note)
    return DepartmentTask(task, role, as_written, needs_decision, share)


def whole_rows(connection: sqlite3.Connection, ids: Sequence[int], day: date) -> list[TaskRow]:
    """These tasks, in this order."""
    agencies = task_agencies(connection, day, ids)
    rows = connection.execute(task_rows_sql(":as_of"), {"as_of": day.isoformat(), "ids": json.dumps(ids)})
    return [TaskRow.from_row(row, agencies.get(row["id"], ())) for row in rows]


def shares_of(connection: sqlite3.Connection, ids: Sequence[int], day: date) -> dict[tuple[int, int], ShareRow]:
    """The shares of these tasks by task and agency."""
    rows = connection.execute(shares_sql(":as_of"), {"ids": json.dumps(list(dict.fromkeys(ids))), "as_of": day.isoformat()})
    return {(row["task_id"], row["agency_id"]): ShareRow.from_row(row) for row in rows}


def count_tasks(connection: sqlite3.Connection, wanted: TaskFilter) -> int:
    """How many tasks pass the filter, whatever its limit and offset."""
    selection = select(connection, wanted, counting=True)
    counted = f"FROM {selection.source} WHERE {selection.where}"
    if selection.of_department:
        # Kept a query of its own by the limit, it joins only the tables that the filter needs.
        counted = f"FROM (SELECT g.task_id {counted} LIMIT -1)"
    return int(connection.execute(f"SELECT count(*) {counted}", selection.parameters).fetchone()[0])


def states(connection: sqlite3.Connection, wanted: TaskFilter) -> dict[str, int]:
    """How many tasks that pass the filter are in each state, whatever its limit and offset."""
    selection = select(connection, wanted, counting=True)
    # As in count_tasks only what the filter needs is joined.
    given = f"SELECT g.ended, g.due FROM {selection.source} WHERE {selection.where} LIMIT -1"  # noqa: S608 - values are parameters
    sql = f"SELECT {ended_state_sql(':as_of')}, count(*) FROM ({given}) GROUP BY 1"  # noqa: S608
    return dict(connection.execute(sql, selection.parameters).fetchall())


def overdue(connection: sqlite3.Connection, as_of: date | None, wanted: TaskFilter) -> list[TaskRow]:
    """Tasks still owed whose date has passed, longest overdue first."""
    return tasks(connection, replace(wanted, overdue=True, as_of=as_of or wanted.as_of))


def upcoming(connection: sqlite3.Connection, days: int, as_of: date | None, wanted: TaskFilter) -> list[TaskRow]:
    """Tasks still owed that fall due within so many days, the day itself included."""
    if days < 0:
        raise UsageError("số ngày phải từ 0 trở lên.")
    return tasks(connection, replace(wanted, upcoming_days=days, as_of=as_of or wanted.as_of))


def task_row(connection: sqlite3.Connection, task_id: int, as_of: date | None) -> TaskRow:
    """One task, even a removed one.

    :raises NotFound: no task has that id.
    """
    stored_task(connection, task_id)
    return whole_rows(connection, [task_id], as_of or date.today())[0]


def task_detail(connection: sqlite3.Connection, task_id: int, as_of: date | None) -> TaskDetail:
    """One task with everything around it.

    :raises NotFound: no task has that id.
    """
    day = as_of or date.today()
    task = task_row(connection, task_id, day)
    deadlines = connection.execute("SELECT * FROM task_deadlines WHERE task_id = ? ORDER BY position", (task_id,))
    occurrences = connection.execute(occurrences_sql(":as_of"), {"task": task_id, "as_of": day.isoformat()})
    return TaskDetail(
        task,
        tuple(task_agencies(connection, day, [task_id], members=True).get(task_id, ())),
        tuple(DeadlineRow.from_row(row) for row in deadlines),
        _source_lines(connection, task.document_id, Span(task.page, task.line_first, task.line_last, task.end_page, task.end_line)),
        tuple(events(connection, task_id)),
        _source_lines(connection, task.document_id, span) if (span := _lead_span(task)) else (),
        tuple(shares_of(connection, [task_id], day).values()),
        tuple(OccurrenceRow.from_row(row) for row in occurrences),
    )


def _lead_span(task: TaskRow) -> Span | None:
    """Where the lead was read, when not in the task's own lines."""
    if task.lead_page is None or task.lead_line_first is None or task.lead_line_last is None:
        return None
    return Span(task.lead_page, task.lead_line_first, task.lead_line_last, task.lead_end_page, task.lead_end_line)


def _source_lines(connection: sqlite3.Connection, document_id: int, span: Span) -> tuple[SourceLine, ...]:
    """Lines of the span."""
    rows = connection.execute(
        "SELECT number, words FROM pages WHERE document_id = ? AND number BETWEEN ? AND ? ORDER BY number",
        (document_id, span.page, span.end_page or span.page),
    )
    found = []
    for row in rows:
        for line in json.loads(row["words"]):
            if span.covers(row["number"], line["number"]):
                box = tuple(line["box"]) if line["box"] else None
                found.append(SourceLine(row["number"], line["number"], line["raw"], line["text"], line["confidence"], box))
    return tuple(found)


def events(connection: sqlite3.Connection, task_id: int | None = None) -> list[EventRow]:
    """What people did, oldest first; to one task, or to all."""
    rows = connection.execute(f"{EVENTS_SQL} WHERE :id IS NULL OR e.task_id = :id ORDER BY e.id", {"id": task_id})
    return [EventRow.from_row(row) for row in rows]


def documents(connection: sqlite3.Connection) -> list[DocumentRow]:
    """All documents in the order they were taken in."""
    return [DocumentRow.from_row(row) for row in connection.execute(f"{_DOCUMENTS} ORDER BY d.id")]


def newest_documents(connection: sqlite3.Connection, limit: int) -> list[DocumentRow]:
    """The documents last taken in, newest first."""
    return [DocumentRow.from_row(row) for row in connection.execute(f"{_DOCUMENTS} ORDER BY d.id DESC LIMIT ?", (limit,))]


def document(connection: sqlite3.Connection, document_id: int) -> DocumentRow:
    """One document.

    :raises NotFound: no document has that id.
    """
    row = connection.execute(f"{_DOCUMENTS} WHERE d.id = ?", (document_id,)).fetchone()
    if row is None:
        raise NotFound(f"không có văn bản mang mã {document_id}.")
    return DocumentRow.from_row(row)


def find_document(connection: sqlite3.Connection, sha256: str) -> DocumentRow | None:
    """The document taken in from a file with that content."""
    row = connection.execute(f"{_DOCUMENTS} WHERE d.sha256 = ?", (sha256,)).fetchone()
    return DocumentRow.from_row(row) if row else None


def citations(connection: sqlite3.Connection, document_id: int, *, citing: bool) -> list[CitationRow]:
    """What a document cites, or (``citing``) the citations in other documents that mean it."""
    document(connection, document_id)
    column = "cited_document_id" if citing else "document_id"
    rows = connection.execute(f"SELECT * FROM citations WHERE {column} = ? ORDER BY document_id, position", (document_id,))  # noqa: S608
    return [CitationRow.from_row(row) for row in rows]
