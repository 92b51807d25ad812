"""Lists and single rows out of the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from extract.directive import Span
from ingest.errors import NotFound, UsageError
from tracking.agencies import find_agency, matching_agencies
from tracking.detail import DeadlineRow, OccurrenceRow, ShareRow, SourceLine, TaskDetail
from tracking.filtering import conditions
from tracking.folding import fold
from tracking.followup import stored_task
from tracking.heirs import TaskAgency, task_agencies
from tracking.history import EventRow
from tracking.rows import CitationRow, DepartmentRow, DocumentRow, TaskFilter, TaskRow
from tracking.views import occurrences_sql, responsible_sql, shares_sql, summary_sql, task_rows_sql

_BY_DUE = "due IS NULL, due, document_id, position, id"
_ORDERS = {
    "due": _BY_DUE,
    "-due": "due DESC, document_id, position, id",
    "document": "document_date IS NULL, document_date, document_id, position, id",
    "agency": f"json_extract(lead, '$[0]') IS NULL, json_extract(lead, '$[0]'), {_BY_DUE}",
    "status": f"NOT active, status, {_BY_DUE}",
    "newest": "id DESC",
    "confidence": "confidence, id",
}
_DOCUMENTS = "SELECT d.*, (SELECT count(*) FROM tasks WHERE document_id = d.id AND removed = 0) AS tasks FROM documents AS d"
_EVENTS = """SELECT e.*, a.name AS agency, o.due AS occurrence_due FROM task_events AS e
    LEFT JOIN agencies AS a ON a.id = e.agency_id LEFT JOIN occurrences AS o ON o.id = e.occurrence_id"""


@dataclass(frozen=True, slots=True)
class DepartmentTask:
    """A task as one department has it.

    ``role`` lead or coordinating; ``as_written`` what the directive calls the department (a group it belongs to, a body it succeeded);
    ``needs_decision`` when several successors could be meant.
    """

    task: TaskRow
    role: str
    as_written: str
    needs_decision: bool


def tasks(connection: sqlite3.Connection, wanted: TaskFilter) -> list[TaskRow]:
    """The tasks that pass the filter, in its order.

    :raises UsageError: a filter or an order that does not exist.
    """
    if wanted.order not in _ORDERS:
        raise UsageError(f"không sắp xếp được theo «{wanted.order}»; chọn một trong: {', '.join(_ORDERS)}.")
    clauses, parameters = conditions(connection, wanted)
    parameters["as_of"] = (wanted.as_of or date.today()).isoformat()
    parameters |= {"limit": -1 if wanted.limit is None else wanted.limit, "offset": wanted.offset}
    where, order = " AND ".join(clauses) or "1", _ORDERS[wanted.order]
    sql = f"SELECT * FROM ({task_rows_sql(':as_of')}) WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"  # noqa: S608
    rows = connection.execute(sql, parameters).fetchall()
    named = task_agencies(connection, wanted.as_of or date.today()) if rows else {}
    return [TaskRow.from_row(row, _lead_now(named.get(row["id"], []))) for row in rows]


def count_tasks(connection: sqlite3.Connection, wanted: TaskFilter) -> int:
    """How many tasks pass the filter, whatever its limit and offset."""
    clauses, parameters = conditions(connection, wanted)
    parameters["as_of"] = (wanted.as_of or date.today()).isoformat()
    where = " AND ".join(clauses) or "1"
    row = connection.execute(f"SELECT count(*) FROM ({task_rows_sql(':as_of')}) WHERE {where}", parameters).fetchone()  # noqa: S608
    return int(row[0])


def _lead_now(named: Sequence[TaskAgency]) -> tuple[str, ...]:
    """Who leads today, when that is somebody else than the directive names."""
    leads = [agency for agency in named if agency.role == "lead"]
    if not any(agency.changed and agency.now for agency in leads):
        return ()
    return tuple(dict.fromkeys(name for agency in leads for name in agency.now or (agency.name,)))


def overdue(connection: sqlite3.Connection, as_of: date | None, wanted: TaskFilter) -> list[TaskRow]:
    """Tasks still owed whose date has passed, longest overdue first."""
    return tasks(connection, replace(wanted, overdue=True, as_of=as_of or wanted.as_of))


def upcoming(connection: sqlite3.Connection, days: int, as_of: date | None, wanted: TaskFilter) -> list[TaskRow]:
    """Tasks still owed that fall due within so many days, the day itself included."""
    if days < 0:
        raise UsageError("số ngày phải từ 0 trở lên.")
    return tasks(connection, replace(wanted, upcoming_days=days, as_of=as_of or wanted.as_of))


def task_row(connection: sqlite3.Connection, task_id: int, as_of: date | None) -> TaskRow:
    """One task.

    :raises NotFound: no task has that id.
    """
    stored_task(connection, task_id)
    sql = f"SELECT * FROM ({task_rows_sql(':as_of')}) WHERE id = :id"  # noqa: S608
    day = as_of or date.today()
    named = task_agencies(connection, day, task_id).get(task_id, [])
    return TaskRow.from_row(connection.execute(sql, {"as_of": day.isoformat(), "id": task_id}).fetchone(), _lead_now(named))


def task_detail(connection: sqlite3.Connection, task_id: int, as_of: date | None) -> TaskDetail:
    """One task with everything around it.

    :raises NotFound: no task has that id.
    """
    task = task_row(connection, task_id, as_of)
    day = (as_of or date.today()).isoformat()
    deadlines = connection.execute("SELECT * FROM task_deadlines WHERE task_id = ? ORDER BY position", (task_id,))
    return TaskDetail(
        task,
        tuple(task_agencies(connection, as_of or date.today(), task_id).get(task_id, ())),
        tuple(DeadlineRow.from_row(row) for row in deadlines),
        _source_lines(connection, task.document_id, Span(task.page, task.line_first, task.line_last, task.end_page)),
        tuple(events(connection, task_id)),
        _source_lines(connection, task.document_id, span) if (span := _lead_span(task)) else (),
        tuple(ShareRow.from_row(row) for row in connection.execute(shares_sql(":as_of"), {"task": task_id, "as_of": day})),
        tuple(OccurrenceRow.from_row(row) for row in connection.execute(occurrences_sql(":as_of"), {"task": task_id, "as_of": day})),
    )


def _lead_span(task: TaskRow) -> Span | None:
    """Where the lead was read, when not in the task's own lines."""
    if task.lead_page is None or task.lead_line_first is None or task.lead_line_last is None:
        return None
    return Span(task.lead_page, task.lead_line_first, task.lead_line_last, task.lead_end_page)


def _source_lines(connection: sqlite3.Connection, document_id: int, span: Span) -> tuple[SourceLine, ...]:
    """Lines of the span; over a page break: to the end of the first page, then up to the last line of the last."""
    last_page = span.end_page or span.page
    rows = connection.execute(
        "SELECT number, words FROM pages WHERE document_id = ? AND number BETWEEN ? AND ? ORDER BY number",
        (document_id, span.page, last_page),
    )
    found = []
    for row in rows:
        for line in json.loads(row["words"]):
            after = row["number"] > span.page or line["number"] >= span.first
            before = row["number"] < last_page or line["number"] <= span.last
            if after and before:
                box = tuple(line["box"]) if line["box"] else None
                found.append(SourceLine(row["number"], line["number"], line["raw"], line["text"], line["confidence"], box))
    return tuple(found)


def events(connection: sqlite3.Connection, task_id: int | None = None) -> list[EventRow]:
    """What people did, oldest first; to one task, or to all."""
    rows = connection.execute(f"{_EVENTS} WHERE :id IS NULL OR e.task_id = :id ORDER BY e.id", {"id": task_id})
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


def departments(connection: sqlite3.Connection, as_of: date | None) -> list[str]:
    """Every department that is responsible for or takes part in a task today, by name; a group of places is one."""
    return list(tasks_by_department(connection, as_of))


def tasks_by_department(connection: sqlite3.Connection, as_of: date | None, *, places: bool = False) -> dict[str, list[DepartmentTask]]:
    """Department → its tasks: what it leads first, then what it takes part in, each by date. By folded name.

    ``places``: "UBND các xã, phường" becomes each of them; otherwise such a group is one department.
    """
    by_id = {row.id: row for row in tasks(connection, TaskFilter(as_of=as_of))}
    order = {task_id: index for index, task_id in enumerate(by_id)}
    # Two rows of one name (a province before and after a merger) are one department here.
    found: dict[str, dict[tuple[bool, int], DepartmentTask]] = {}
    for row in connection.execute(responsible_sql(":as_of", places=places), {"as_of": (as_of or date.today()).isoformat()}):
        if (task := by_id.get(row["task_id"])) is not None:
            place = (row["role"] == "coordinating", order[task.id])
            given = DepartmentTask(task, row["role"], row["as_written"], bool(row["needs_decision"]))
            found.setdefault(row["agency"], {})[place] = given
    for placed in found.values():
        # Who leads a task does not also take part in it (as a member of a group).
        for _, position in [place for place in placed if not place[0]]:
            placed.pop((True, position), None)
    names = sorted(found, key=lambda name: (fold(name), name))
    return {name: [found[name][place] for place in sorted(found[name])] for name in names}


def department_tasks(connection: sqlite3.Connection, agency: str | None, as_of: date | None) -> list[DepartmentTask]:
    """The tasks of one department, or, with None, of no department at all.

    :raises NotFound: no agency has such a name. :raises UsageError: several have.
    """
    if agency is None:
        named = {row[0] for row in connection.execute("SELECT task_id FROM task_agencies")}
        return [DepartmentTask(row, "", "", False) for row in tasks(connection, TaskFilter(as_of=as_of)) if row.id not in named]
    by_department = tasks_by_department(connection, as_of, places=may_be_a_place(connection, agency))
    return by_department.get(department_name(connection, agency, list(by_department)), [])


def count_nobodys(connection: sqlite3.Connection) -> int:
    """The number of listed tasks that name nobody."""
    sql = """SELECT count(*) FROM tasks AS t WHERE NOT t.removed AND t.duplicate_of IS NULL
        AND NOT EXISTS (SELECT 1 FROM task_agencies WHERE task_id = t.id)"""
    return int(connection.execute(sql).fetchone()[0])


def may_be_a_place(connection: sqlite3.Connection, agency: str) -> bool:
    """Whether the words may mean the member of a group of places, so that such groups have to be looked into."""
    ids = set(matching_agencies(connection, agency))
    return any(row[0] in ids for row in connection.execute("SELECT DISTINCT member_id FROM agency_members WHERE is_place"))


def department_name(connection: sqlite3.Connection, agency: str, with_tasks: Sequence[str]) -> str:
    """The department meant: by full name or alias, else by words of the name of one with tasks; a body that ended gives its successor.

    :raises NotFound: no agency has such a name. :raises UsageError: several have.
    """
    exact = find_agency(connection, agency)
    ids = [exact] if exact is not None else matching_agencies(connection, agency)
    if not ids:
        raise NotFound(f"không có cơ quan nào tên «{agency}».")
    found = _names(connection, ids) & set(with_tasks) or _names(connection, _successors(connection, ids)) & set(with_tasks)
    if len(found) == 1:
        return found.pop()
    if not found and exact is not None:
        return _names(connection, ids).pop()
    if not found:
        raise NotFound(f"không có cơ quan nào tên «{agency}» được giao nhiệm vụ.")
    raise UsageError(f"nhiều cơ quan có tên «{agency}»: {'; '.join(sorted(found))}.", remedy="Hãy ghi đủ tên.")


def _names(connection: sqlite3.Connection, ids: Sequence[int]) -> set[str]:
    marks = ", ".join("?" * len(ids))
    return {row[0] for row in connection.execute(f"SELECT name FROM agencies WHERE id IN ({marks})", ids)}  # noqa: S608 - only marks


def _successors(connection: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    known, fresh = set(ids), set(ids)
    steps = connection.execute("SELECT old_id, new_id FROM agency_successions WHERE subject IS NULL AND new_id IS NOT NULL").fetchall()
    while fresh:
        fresh = {step["new_id"] for step in steps if step["old_id"] in fresh} - known
        known |= fresh
    return sorted(known)


def department_summary(connection: sqlite3.Connection, as_of: date | None) -> list[DepartmentRow]:
    """How each department stands on that day, most overdue first."""
    rows = connection.execute(summary_sql(":as_of"), {"as_of": (as_of or date.today()).isoformat()})
    return [DepartmentRow.from_row(row) for row in rows]
