"""What people fill in about a task, as plain texts that a workbook can carry out and bring back.

A task that several departments lead has one standing for each of them (``task_shares``); without a row of its own a department stands
as the task does. Values are canonical (:func:`canonical`): dates ISO, a status by its code, names joined by "; ", so that the value
that went out, the one that came back and the one that holds now can be compared.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tracking.agencies import find_agency
from tracking.views import STATUS_LABELS, parts_sql, responsible_sql

SHARED = ("status", "completed_on", "percent", "note")
"""Fields that each of several departments has for itself."""

FIELDS = ("status", "completed_on", "percent", "progress", "reply_number", "note", "due", "text", "lead", "coordinating")
"""All fields that a workbook brings back."""

LONGEST = 32_767
"""Characters that Excel takes in one cell; a longer text is compared by its beginning."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What a cell cannot hold."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The values of one task, or of one department's share of it (``agency``), when ``last_event`` was the task's newest event.

    ``values`` has every one of :data:`FIELDS`; None where nothing is filled in. Without a due date ``due`` has the deadline's words.
    ``own_due``: the department has a deadline of its own, which ``due`` then is.
    """

    task_id: int
    agency: str | None
    last_event: int
    values: Mapping[str, str | None]
    own_due: bool = False

    @property
    def status_label(self) -> str:
        """What a clerk reads for the status."""
        return STATUS_LABELS[self.values["status"] or "open"]

    def day(self, name: str) -> date | None:
        """The value as a date; None when there is none or, for ``due``, only words."""
        return as_day(self.values[name])


def as_day(value: str | None) -> date | None:
    """The date that an ISO text means, None for any other text."""
    try:
        return date.fromisoformat(value) if value and re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None
    except ValueError:  # no such day; the hidden sheet of a workbook may say anything
        return None


def shown(field: str, value: str | None) -> str:
    """The value as a clerk reads it; empty for None."""
    if value is None:
        return ""
    if field == "status":
        return STATUS_LABELS.get(value, value)
    if field == "percent":
        return f"{value}%"
    return f"{day:%d/%m/%Y}" if field in ("due", "completed_on") and (day := as_day(value)) else value


def cell_text(text: str) -> str:
    """The text as a cell can hold it."""
    return _NOT_IN_XML.sub("", text)[:LONGEST]


def canonical(text: str | None) -> str | None:
    """A text as it is compared: spreadsheet programs trim it, change line ends and may write letters decomposed; None when empty."""
    plain = unicodedata.normalize("NFC", cell_text(text or "").replace("_x000D_", " "))
    return " ".join(plain.split()) or None


def joined(names: Iterable[str]) -> str | None:
    """Names of agencies as one value."""
    return canonical("; ".join(names))


def standings(
    connection: sqlite3.Connection, keys: Iterable[tuple[int, str | None]], *, removed: bool = False
) -> dict[tuple[int, str | None], Standing]:
    """The standing of each (task, department) that exists; the department None for the task itself. ``removed``: also of removed tasks."""
    wanted = list(keys)
    ids = json.dumps(sorted({task_id for task_id, _ in wanted}))
    rows = {
        row["id"]: row
        for row in connection.execute(
            "SELECT * FROM tasks WHERE (? OR NOT removed) AND id IN (SELECT value FROM json_each(?))", (removed, ids)
        )
    }
    newest = dict(
        connection.execute(
            "SELECT task_id, max(id) FROM task_events WHERE task_id IN (SELECT value FROM json_each(?)) GROUP BY task_id", (ids,)
        ).fetchall()
    )
    roles: dict[tuple[int, str], list[str]] = {}
    for row in connection.execute(
        "SELECT task_id, role, name FROM task_agencies WHERE task_id IN (SELECT value FROM json_each(?)) ORDER BY task_id, position", (ids,)
    ):
        roles.setdefault((row["task_id"], row["role"]), []).append(row["name"])
    shares = {
        (row["task_id"], row["agency_id"]): row
        for row in connection.execute("SELECT * FROM task_shares WHERE task_id IN (SELECT value FROM json_each(?))", (ids,))
    }
    agencies = {name: find_agency(connection, name) for name in {agency for _, agency in wanted} if name is not None}
    found = {}
    for task_id, agency in wanted:
        if (row := rows.get(task_id)) is None:
            continue
        share = shares.get((task_id, agencies[agency] or 0)) if agency is not None else None
        names = {role: roles.get((task_id, role), ()) for role in ("lead", "coordinating")}
        own_due = share is not None and share["due"] is not None
        values = {
            "due": share["due"] if share is not None and own_due else row["due"] or canonical(row["deadline_text"]),
            "progress": canonical(row["progress"]),
            "reply_number": canonical(row["reply_number"]),
            "text": canonical(row["text"]),
        }
        own = row if share is None else share
        values |= {"status": own["status"], "completed_on": own["completed_on"], "note": canonical(own["note"])}
        values["percent"] = None if own["percent"] is None else str(own["percent"])
        values |= {role: joined(given) for role, given in names.items()}
        found[task_id, agency] = Standing(task_id, agency, newest.get(task_id, 0), values, own_due)
    return found


def shared_tasks(connection: sqlite3.Connection, as_of: date, *, places: bool = False) -> frozenset[tuple[int, str]]:
    """(task, department) for the departments that lead a task together with others, so that each has a standing of its own.

    Not where one of several successors still has to be chosen, and not for a group of places, which is many bodies in one list.
    """
    source = responsible_sql(":as_of", places=True) if places else parts_sql(":as_of", "role = 'lead'")
    rows = connection.execute(
        f"""WITH leading AS MATERIALIZED (SELECT task_id, agency_id FROM ({source}) WHERE role = 'lead' AND NOT needs_decision)
        SELECT l.task_id, a.name FROM leading AS l JOIN agencies AS a ON a.id = l.agency_id
        WHERE l.task_id IN (SELECT task_id FROM leading GROUP BY task_id HAVING count(*) > 1)
            AND l.agency_id NOT IN (SELECT group_id FROM agency_members WHERE is_place)""",  # noqa: S608 - built from constants
        {"as_of": as_of.isoformat()},
    )
    return frozenset((row[0], row[1]) for row in rows)
