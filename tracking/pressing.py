"""What a reminder has to tell: tasks late, near, asked more time for, or with such an occurrence; the others are not read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracking.filtering import select
from tracking.reading import as_department_has_it, shares_of, whole_rows
from tracking.rows import TaskFilter, TaskRow, to_date
from tracking.views import parts_sql, responsible_sql, standing_sql, with_standing_sql

_RECURRING = """SELECT o.task_id FROM occurrences AS o JOIN task_statuses AS os ON os.code = o.status
    WHERE os.active AND o.due <= :until"""
_PLACES = f"""SELECT r.*,
        (SELECT ts.agency_id FROM task_shares AS ts WHERE ts.task_id = r.task_id AND ts.agency_id = r.agency_id) AS share_id
    FROM ({responsible_sql(":as_of", places=True)}) AS r WHERE r.role = 'lead'"""  # noqa: S608 - built from constants


@dataclass(frozen=True, slots=True)
class Pressing:
    """A task still owed that ``agency`` leads, as it stands there; without an agency as it stands as a whole.

    ``share_id`` marks a department with a standing of its own. ``unchecked``: a person should look at it. ``secret``: its paper is marked.
    """

    task_id: int
    agency: str | None
    status: str
    due: date | None
    unchecked: bool
    secret: bool
    as_written: str = ""
    needs_decision: bool = False
    share_id: int | None = None
    led: bool = True


def pressing(connection: sqlite3.Connection, day: date, until: date, agency: str | None = None, *, places: bool = False) -> list[Pressing]:
    """Of each department that leads, or of that one: what is due up to ``until``, by the task's date.

    ``places``: each member of "UBND các xã, phường" is a department; takes half a minute with 100,000 tasks.
    """
    parameters: dict[str, object] = {"as_of": day.isoformat()}
    if agency is not None:
        selection = select(connection, TaskFilter(agency_exact=agency, role="lead", as_of=day))
        source, where, parameters = selection.source, selection.where, selection.parameters
    else:
        parts = with_standing_sql(_PLACES) if places else parts_sql(":as_of", "role = 'lead'")
        source, where = f"({standing_sql(parts)}) AS g", "g.hidden = 0"
    columns = "a.name, g.as_written, g.needs_decision, g.share_id, 1"
    return _found(connection, columns, f"{source} JOIN agencies AS a ON a.id = g.agency_id", where, parameters, until)


def pressing_as_a_whole(connection: sqlite3.Connection, day: date, until: date) -> list[Pressing]:
    """The same for every task once, whoever leads it, if anybody."""
    columns = "NULL, '', 0, NULL, g.lead IS NOT NULL"
    return _found(connection, columns, "task_standing AS g", "g.hidden = 0", {"as_of": day.isoformat()}, until)


def _found(
    connection: sqlite3.Connection, columns: str, source: str, where: str, parameters: dict[str, object], until: date
) -> list[Pressing]:
    rows = connection.execute(
        f"""SELECT g.task_id, g.status, g.due, g.needs_review, d.secrecy IS NOT NULL, {columns}
        FROM {source} JOIN documents AS d ON d.id = g.document_id
        WHERE {where} AND g.ended = 0 AND (g.due <= :until OR g.status = 'extension_requested' OR g.task_id IN ({_RECURRING}))
        ORDER BY g.due NULLS LAST, g.task_id""",  # noqa: S608 - built from constants
        parameters | {"until": until.isoformat()},
    )
    return [
        Pressing(task_id, agency, status, to_date(due), bool(unchecked), bool(secret), written, bool(undecided), share, bool(led))
        for task_id, status, due, unchecked, secret, agency, written, undecided, share, led in rows
    ]


def as_they_stand(connection: sqlite3.Connection, wanted: Iterable[Pressing], day: date) -> dict[Pressing, TaskRow]:
    """The tasks themselves, each as its department has it."""
    listed = list(wanted)
    ids = list(dict.fromkeys(one.task_id for one in listed))
    rows = {row.id: row for row in whole_rows(connection, ids, day)}
    shares = shares_of(connection, [one.task_id for one in listed if one.share_id is not None], day)
    found = {}
    for one in listed:
        share = None if one.share_id is None else shares.get((one.task_id, one.share_id))
        found[one] = as_department_has_it(rows[one.task_id], "lead", one.as_written, one.needs_decision, share).task
    return found
