"""What the office looks at first in the morning: how much is owed, what is late, what must be decided."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from tracking.departments import department_summary
from tracking.reading import count_tasks, newest_documents, tasks
from tracking.rows import DepartmentRow, DocumentRow, TaskFilter, TaskRow

SHOWN = 10
"""How many newest documents and most overdue tasks the dashboard names."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """How the office stands on one day. The counts are of tasks still owed except ``done`` and ``to_check`` (every listed task).

    ``due_7``, ``due_15``, ``due_30``: due within so many days, the day itself included, each containing the one before.
    ``undecided``: tasks for which one of several successors of a lead must be chosen.
    """

    as_of: date
    open: int
    done: int
    overdue: int
    due_7: int
    due_15: int
    due_30: int
    without_deadline: int
    to_check: int
    undecided: int
    departments: tuple[DepartmentRow, ...]
    newest: tuple[DocumentRow, ...]
    most_overdue: tuple[TaskRow, ...]


def dashboard(connection: sqlite3.Connection, as_of: date | None) -> Dashboard:
    """The dashboard of that day (today when None)."""
    day = as_of or date.today()

    def count(**members: object) -> int:
        return count_tasks(connection, TaskFilter(as_of=day, **members))  # type: ignore[arg-type]

    return Dashboard(
        day,
        count(status="active"),
        count(status="done"),
        count(overdue=True),
        count(upcoming_days=7),
        count(upcoming_days=15),
        count(upcoming_days=30),
        count(status="no_deadline"),
        count(needs_review=True),
        count(undecided=True),
        tuple(department_summary(connection, day)),
        tuple(newest_documents(connection, SHOWN)),
        tuple(tasks(connection, TaskFilter(as_of=day, overdue=True, limit=SHOWN))),
    )
