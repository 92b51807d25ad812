"""What the tables of :mod:`tracking.derived` must say: the same as when they are made anew from the tables of people, on every day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

from tracking import responsible
from tracking.derived import STANDING
from tracking.views import ended_sql, responsible_sql

TABLES = ("task_standing", "responsible", "department_counts WHERE n <> 0")
_ALIKE = "role, agency_id, until, since, CASE role WHEN 'lead' THEN ended ELSE 0 END"
_COUNTS = f"""SELECT {_ALIKE}, CASE WHEN role = 'lead' AND ended = 0 THEN coalesce(due, '') ELSE '' END, count(*)
    FROM responsible WHERE hidden = 0 GROUP BY 1, 2, 3, 4, 5, 6"""
_AS_SHARED = f"""SELECT count(*) FROM responsible AS r JOIN task_standing AS g ON g.task_id = r.task_id
        LEFT JOIN task_shares AS h ON h.task_id = r.task_id AND h.agency_id = r.share_id
    WHERE r.hidden <> g.hidden OR r.due IS NOT coalesce(h.due, g.due)
        OR r.ended <> CASE WHEN h.status IS NULL THEN g.ended ELSE {ended_sql("h", "coalesce(h.due, g.due)")} END"""


def differences(path: Path, days: Iterable[date]) -> list[str]:
    """Where the kept tables of that file are wrong; empty when all is well."""
    with closing(sqlite3.connect(path)) as kept, closing(sqlite3.connect(":memory:")) as made:
        kept.backup(made)
        made.row_factory = sqlite3.Row
        made.execute("DELETE FROM task_standing")
        made.execute(STANDING.replace("WHICH", "1"))
        made.execute("INSERT OR IGNORE INTO responsible_stale SELECT 'document', id FROM documents")
        responsible.refresh(made)
        found = [table for table in TABLES if _rows(kept, table) != _rows(made, table)]
        if sorted(kept.execute("SELECT * FROM department_counts WHERE n <> 0")) != sorted(kept.execute(_COUNTS)):
            found.append("counts")
        if kept.execute(_AS_SHARED).fetchone()[0]:
            found.append("standing of departments")
        return found + [str(day) for day in days if _slow(kept, day) != _quick(kept, day)]


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return sorted(map(tuple, connection.execute(f"SELECT * FROM {table}")), key=repr)


def _slow(connection: sqlite3.Connection, day: date) -> set[tuple[object, ...]]:
    """Worked out for all tasks at once; who leads a task does not take part in it too."""
    rows = connection.execute(
        f"SELECT task_id, agency_id, role, in_group, needs_decision FROM ({responsible_sql(':day')})", {"day": day.isoformat()}
    ).fetchall()
    led = {(task, agency) for task, agency, role, *_ in rows if role == "lead"}
    return {tuple(row) for row in rows if row[2] == "lead" or (row[0], row[1]) not in led}


def _quick(connection: sqlite3.Connection, day: date) -> set[tuple[object, ...]]:
    rows = connection.execute(
        "SELECT task_id, agency_id, role, in_group, needs_decision FROM responsible WHERE since <= :day AND :day < until",
        {"day": day.isoformat()},
    )
    return {tuple(row) for row in rows}
