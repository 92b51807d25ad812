"""Lists by department: groups expanded, successors followed, each with its own standing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ingest.errors import NotFound, UsageError
from tracking.agencies import find_agency, matching_agencies
from tracking.filtering import department_sql
from tracking.folding import fold
from tracking.reading import DepartmentTask, as_department_has_it, listed, shares_of, states, tasks
from tracking.rows import DepartmentRow, TaskFilter
from tracking.views import parts_sql, responsible_sql, summary_sql

_HAS_TASKS = """SELECT DISTINCT a.name FROM agencies AS a WHERE EXISTS (SELECT 1 FROM department_counts AS c
    WHERE c.role IN ('lead', 'coordinating') AND c.agency_id = a.id AND c.since <= :as_of AND :as_of < c.until AND c.n > 0)"""


def departments(connection: sqlite3.Connection, as_of: date | None) -> list[str]:
    """Every department that is responsible for or takes part in a task today, by name; a group of places is one."""
    rows = connection.execute(_HAS_TASKS, {"as_of": (as_of or date.today()).isoformat()})
    return sorted((row[0] for row in rows), key=lambda name: (fold(name), name))


def tasks_by_department(connection: sqlite3.Connection, as_of: date | None, *, places: bool = False) -> dict[str, list[DepartmentTask]]:
    """Department → its tasks: what it leads first, then what it takes part in, each by date. By folded name.

    ``places``: "UBND các xã, phường" becomes each of them; otherwise such a group is one department.
    """
    day = as_of or date.today()
    by_id = {row.id: row for row in tasks(connection, TaskFilter(as_of=day))}
    shares = shares_of(connection, list(by_id), day)
    parts = f"SELECT *, NULL AS share_id FROM ({responsible_sql(':as_of', places=True)})" if places else parts_sql(":as_of")  # noqa: S608
    found: dict[str, dict[int, DepartmentTask]] = {}
    for row in connection.execute(
        f"SELECT r.*, a.name AS department FROM ({parts}) AS r JOIN agencies AS a ON a.id = r.agency_id",  # noqa: S608
        {"as_of": day.isoformat()},
    ):
        task = by_id.get(row["task_id"])
        # Two rows of one name (a province before and after a merger) are one department here.
        given = found.setdefault(row["department"], {})
        # Who leads a task does not also take part in it (as a member of a group).
        if task is not None and (task.id not in given or row["role"] == "lead"):
            share = shares.get((task.id, row["agency_id"] if row["share_id"] is None else row["share_id"]))
            given[task.id] = as_department_has_it(task, row["role"], row["as_written"], bool(row["needs_decision"]), share)
    names = sorted((name for name, given in found.items() if given), key=lambda name: (fold(name), name))
    order = {task_id: index for index, task_id in enumerate(by_id)}
    return {name: _led_first(list(found[name].values()), order) for name in names}


def _led_first(given: list[DepartmentTask], order: dict[int, int]) -> list[DepartmentTask]:
    return sorted(given, key=lambda one: (one.role != "lead", order[one.task.id]))


def department_tasks(
    connection: sqlite3.Connection, agency: str | None, as_of: date | None, limit: int | None = None, offset: int = 0
) -> list[DepartmentTask]:
    """The tasks of one department, or, with None, of no department at all.

    :raises NotFound: no agency has such a name. :raises UsageError: several have.
    """
    return listed(connection, replace(_of(connection, agency, as_of), limit=limit, offset=offset), led_first=True)


def department_states(connection: sqlite3.Connection, agency: str | None, as_of: date | None) -> dict[str, int]:
    """How many of these tasks are in each state."""
    return states(connection, _of(connection, agency, as_of))


def _of(connection: sqlite3.Connection, agency: str | None, as_of: date | None) -> TaskFilter:
    if agency is None:
        return TaskFilter(unassigned=True, as_of=as_of)
    return TaskFilter(agency_exact=department_name(connection, agency, as_of), as_of=as_of)


def department_name(connection: sqlite3.Connection, agency: str, as_of: date | None) -> str:
    """The department meant: by full name or alias, else by words of the name of one with tasks; a body that ended gives its successor.

    :raises NotFound: no agency has such a name. :raises UsageError: several have.
    """
    exact = find_agency(connection, agency)
    ids = [exact] if exact is not None else matching_agencies(connection, agency)
    if not ids:
        raise NotFound(f"không có cơ quan nào tên «{agency}».")
    found = _with_tasks(connection, ids, as_of) or _with_tasks(connection, _successors(connection, ids), as_of)
    if len(found) == 1:
        return found.pop()
    if not found and exact is not None:
        return _names(connection, ids).pop()
    if not found:
        raise NotFound(f"không có cơ quan nào tên «{agency}» được giao nhiệm vụ.")
    raise UsageError(f"nhiều cơ quan có tên «{agency}»: {'; '.join(sorted(found))}.", remedy="Hãy ghi đủ tên.")


def _with_tasks(connection: sqlite3.Connection, ids: Sequence[int], as_of: date | None) -> set[str]:
    day = {"as_of": (as_of or date.today()).isoformat()}
    found = {
        agency_id
        for agency_id in ids
        if connection.execute(f"SELECT 1 FROM ({department_sql(connection, [agency_id], None)}) WHERE hidden = 0 LIMIT 1", day).fetchone()  # noqa: S608
    }
    return _names(connection, sorted(found))


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
