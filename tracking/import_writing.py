"""Writing what :func:`tracking.importing.plan` found, as one act that can be undone as one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import date, datetime

from extract.gazetteer import Gazetteer
from ingest.errors import NotFound, UsageError
from tracking import followup, shares
from tracking.acts import Act, acting
from tracking.import_plan import PAIR, Change, Conflict, ImportPlan, ImportResult, Key, Problem
from tracking.standing import SHARED, Standing, standings

_ROLES = ("lead", "coordinating")


def write(connection: sqlite3.Connection, plan: ImportPlan, who: str, names: Callable[[], Gazetteer], now: datetime) -> ImportResult:
    """Write the changes inside the caller's transaction; those that somebody overtook since the plan was made are left out."""
    groups: dict[Key, list[Change]] = {}
    for change in plan.changes:
        groups.setdefault(change.key, []).append(change)
    current = standings(connection, groups)
    written: list[Change] = []
    late: list[Conflict] = []
    refused: list[Problem] = []
    before = _newest_act(connection)
    with acting(connection, "import", who=who, names=names, now=now) as act:
        for key, changes in groups.items():
            standing = current.get(key)
            fresh = [change for change in changes if standing is not None and not _overtaken(change, plan.seen[key], standing)]
            late += [_late(connection, change, standing) for change in changes if change not in fresh]
            if standing is None or not fresh:
                continue
            connection.execute("SAVEPOINT one_task")
            try:
                _write_task(act, standing, {change.field: change.new for change in fresh})
                written += fresh
            except (NotFound, UsageError) as error:
                # For instance a share of a department that no longer answers for the task; the other tasks go on.
                connection.execute("ROLLBACK TO one_task")
                refused.append(Problem(fresh[0].cell, error.message, key[0]))
            connection.execute("RELEASE one_task")
    action = _newest_act(connection)
    if action == before:
        return ImportResult(0, (), tuple(late), tuple(refused))
    connection.execute(
        "INSERT INTO office_events(at, who, what, subject, new_value) VALUES (?, ?, 'import', ?, ?)",
        (now.isoformat(timespec="seconds"), who, f"action:{action}", plan.source),
    )
    return ImportResult(action, tuple(written), tuple(late), tuple(refused))


def _newest_act(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(action), 0) FROM task_events").fetchone()[0])


def _overtaken(change: Change, seen: Standing, now: Standing) -> bool:
    fields = PAIR if change.field in PAIR else (change.field,)
    return any(now.values[name] != seen.values[name] for name in fields)


def _late(connection: sqlite3.Connection, change: Change, now: Standing | None) -> Conflict:
    event = connection.execute(
        "SELECT who, at FROM task_events WHERE task_id = ? AND field IN (?, ?) ORDER BY id DESC LIMIT 1",
        (change.task_id, change.field, PAIR[0] if change.field in PAIR else change.field),
    ).fetchone()
    return Conflict(change, now.values[change.field] if now else None, *(tuple(event) if event else (None, None)))


def _write_task(act: Act, now: Standing, values: Mapping[str, str | None]) -> None:
    """Agencies first, since a share is that of a department that answers for the task; the status before what it would overwrite."""
    task_id, agency = now.task_id, now.agency
    if roles := {role: (values[role] or "").split("; ") if values[role] else [] for role in _ROLES if role in values}:
        followup.assign(act, task_id, roles)
    if values.keys() & set(PAIR):
        day = values.get("completed_on")
        status = values.get("status") or ("done" if day else str(now.values["status"]))
        on = date.fromisoformat(day or str(now.values["completed_on"])) if status == "done" else None
        if agency is None:
            followup.set_status(act, task_id, status, on=on)
        else:
            shares.set_status(act, task_id, agency, status, on=on)
    own: dict[str, object] = {name: values[name] for name in ("percent", "note") if name in values}
    whole: dict[str, object] = {name: value for name, value in values.items() if name not in (*SHARED, *_ROLES)}
    if own and agency is not None:
        shares.edit(act, task_id, agency, own)
    elif own:
        whole |= own
    if whole:
        followup.edit(act, task_id, whole)
