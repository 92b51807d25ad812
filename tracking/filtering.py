"""A :class:`tracking.rows.TaskFilter` as conditions on the columns of :func:`tracking.views.task_rows_sql`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.errors import UsageError
from tracking.agencies import matching_agencies
from tracking.folding import fold, fold_number
from tracking.rows import TaskFilter
from tracking.views import STATES, member_sql, responsible_sql

_Condition = tuple[str, dict[str, Any]]
_UNDECIDED = f"active AND id IN (SELECT task_id FROM ({responsible_sql(':as_of')}) WHERE needs_decision AND role = 'lead')"  # noqa: S608


def conditions(connection: sqlite3.Connection, wanted: TaskFilter) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions, all of which must hold, and their parameters; they may also use ``:as_of``.

    :raises UsageError: a role or status that does not exist.
    """
    clauses: list[str] = []
    parameters: dict[str, Any] = {}
    for clause, values in (*_simple(wanted), *_dates(wanted), *_looked_up(connection, wanted)):
        clauses.append(clause)
        parameters |= values
    return clauses, parameters


def _simple(wanted: TaskFilter) -> Iterator[_Condition]:
    for asked, clause in (
        (not wanted.duplicates, "duplicate_of IS NULL"),
        (wanted.overdue, "state = 'overdue'"),
        (wanted.without_deadline, "due IS NULL"),
        (wanted.needs_review, "needs_review = 1"),
        (wanted.without_lead, "id NOT IN (SELECT task_id FROM task_agencies WHERE role = 'lead')"),
        (wanted.undecided, _UNDECIDED),
    ):
        if asked:
            yield clause, {}
    gone = "(removed = 1 OR merged_into IS NOT NULL)"
    yield gone if wanted.removed else f"NOT {gone}", {}
    for index, word in enumerate(fold(wanted.words or "").split()):
        yield f"instr(folded, :word{index}) > 0", {f"word{index}": word}
    if wanted.ids is not None:
        yield f"id IN ({', '.join(str(int(one)) for one in wanted.ids)})", {}


def _dates(wanted: TaskFilter) -> Iterator[_Condition]:
    for column, name, first, last in (
        ("due", "due", wanted.due_from, wanted.due_to),
        ("completed_on", "completed", wanted.completed_from, wanted.completed_to),
        ("document_date", "issued", wanted.issued_from, wanted.issued_to),
        ("substr(received_at, 1, 10)", "received", wanted.received_from, wanted.received_to),
    ):
        if first:
            yield f"{column} >= :{name}_from", {f"{name}_from": first.isoformat()}
        if last:
            yield f"{column} <= :{name}_to", {f"{name}_to": last.isoformat()}
    if wanted.upcoming_days is not None:
        yield "active AND due BETWEEN :as_of AND date(:as_of, :ahead)", {"ahead": f"+{wanted.upcoming_days} days"}


def _looked_up(connection: sqlite3.Connection, wanted: TaskFilter) -> Iterator[_Condition]:
    if wanted.status is not None:
        yield _states(connection, (wanted.status,), "status")
    if wanted.states:
        yield _states(connection, wanted.states, "state")
    if wanted.document is not None:
        yield _document(wanted.document)
    if wanted.role not in (None, "lead", "coordinating"):
        raise UsageError(f"vai trò «{wanted.role}» không có; chọn lead (chủ trì) hoặc coordinating (phối hợp).")
    if wanted.agency_exact is not None:
        ids = [row[0] for row in connection.execute("SELECT id FROM agencies WHERE name = ?", (wanted.agency_exact,))]
        yield _agency(ids, wanted.role)
    if wanted.agency is not None:
        yield _agency(matching_agencies(connection, wanted.agency), wanted.role)
    elif wanted.role is not None and wanted.agency_exact is None:
        yield "id IN (SELECT task_id FROM task_agencies WHERE role = :role)", {"role": wanted.role}


def _states(connection: sqlite3.Connection, states: Sequence[str], name: str) -> _Condition:
    stored = [row["code"] for row in connection.execute("SELECT code FROM task_statuses")]
    clauses: list[str] = []
    parameters: dict[str, str] = {}
    for index, state in enumerate(states):
        key = f"{name}{index}"
        if state == "active":
            clauses.append("active")
        elif state in stored or state in STATES:
            clauses.append(f"{'status' if state in stored else 'state'} = :{key}")
            parameters[key] = state
        else:
            choices = ", ".join(dict.fromkeys(["active", *stored, *STATES]))
            raise UsageError(f"trạng thái «{state}» không có; các trạng thái: {choices}.")
    return f"({' OR '.join(clauses)})", parameters


def _document(document: str | int) -> _Condition:
    if isinstance(document, int):
        return "document_id = :document", {"document": document}
    key = fold_number(document)
    if key.isdecimal() and len(key) < 10:
        # "299" is the document with that id, or those numbered 299/…
        clause = "document_id IN (SELECT id FROM documents WHERE id = :document OR number_key LIKE :prefix)"
        return clause, {"document": int(key), "prefix": f"{key}/%"}
    clause = "document_id IN (SELECT id FROM documents WHERE instr(coalesce(number_key, ''), :key) > 0 OR file_name = :document)"
    return clause, {"document": document, "key": key}


def _agency(ids: Sequence[int], role: str | None) -> _Condition:
    listed = ", ".join(map(str, ids))
    of_role = " AND role = :role" if role else ""
    named = f"SELECT task_id FROM task_agencies WHERE agency_id IN ({listed}){of_role}"  # noqa: S608 - only numbers
    today = f"SELECT task_id FROM ({responsible_sql(':as_of')}) WHERE agency_id IN ({listed}){of_role}"  # noqa: S608
    # A commune is asked for by name: its groups of hundreds are looked up from the member, not expanded.
    grouped = f"""SELECT ta.task_id FROM task_agencies AS ta JOIN tasks AS mt ON mt.id = ta.task_id
        JOIN documents AS md ON md.id = mt.document_id JOIN agency_members AS m ON {member_sql(":as_of")}
        WHERE m.member_id IN ({listed}){of_role.replace("role", "ta.role", 1)}"""  # noqa: S608
    return f"id IN ({named} UNION {today} UNION {grouped})", {"role": role} if role else {}
