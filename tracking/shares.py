"""One department's own standing with a task that several answer for: its part done, given back, given more time.

A department without a row in ``task_shares`` stands as the task does. The task is done, on the latest day, once every leading department
has done its part; bodies whose part was handed on or stopped are not waited for, one that gave its part back is: somebody must decide
who does it instead. A part that is owed again makes the task owed again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.errors import UsageError
from tracking import followup
from tracking.acts import Act
from tracking.agencies import find_agency, matching_agencies
from tracking.folding import fold, fold_name

_FINISHED = {"done", "transferred", "cancelled"}
_NAMED_AT_MOST = 12
_FIELDS = ("percent", "note")


@dataclass(frozen=True, slots=True)
class Department:
    """A body that answers for a task today. ``meant_by``: the agencies of the directive that lead to it (a group, a predecessor)."""

    id: int
    name: str
    leads: bool
    meant_by: frozenset[int]


def responsible(connection: sqlite3.Connection, task_id: int, day: date) -> dict[int, Department]:
    """The departments of one task on that day: members of groups (also of groups of places) one by one, successors followed.

    The same as :func:`tracking.views.responsible_sql` with ``places`` says of all tasks at once.
    """
    today = day.isoformat()
    named = connection.execute(
        """SELECT ta.role AS role, ta.agency_id AS named, coalesce(m.member_id, ta.agency_id) AS agency
        FROM task_agencies AS ta JOIN tasks AS t ON t.id = ta.task_id JOIN documents AS d ON d.id = t.document_id
            LEFT JOIN agency_members AS m ON m.group_id = ta.agency_id AND (m.province IS NULL OR m.province = d.province)
                AND coalesce(m.valid_from, '') <= coalesce(d.date, :today) AND coalesce(m.valid_to, '9999') >= coalesce(d.date, :today)
        WHERE ta.task_id = :task""",
        {"task": task_id, "today": today},
    ).fetchall()
    chosen: dict[int, list[int]] = {}
    for row in connection.execute("SELECT old_id, new_id FROM task_successions WHERE task_id = ? AND date <= ?", (task_id, today)):
        chosen.setdefault(row["old_id"], []).append(row["new_id"])
    after: dict[int, list[int]] = {}
    for row in connection.execute(
        "SELECT old_id, new_id FROM agency_successions WHERE subject IS NULL AND new_id IS NOT NULL AND date <= ?", (today,)
    ):
        after.setdefault(row["old_id"], []).append(row["new_id"])
    leads: dict[int, bool] = {}
    meant: dict[int, set[int]] = {}
    for row in named:
        for start in chosen.get(row["agency"], [row["agency"]]):
            passed, ends = _follow(start, after)
            for end in ends:
                leads[end] = leads.get(end, False) or row["role"] == "lead"
                meant.setdefault(end, set()).update(passed, (row["agency"],))
    names = _names(connection, leads)
    return {agency: Department(agency, names[agency], leads[agency], frozenset(meant[agency])) for agency in sorted(leads)}


def _follow(start: int, after: dict[int, list[int]]) -> tuple[set[int], list[int]]:
    """All bodies on the way, and those at the ends of it."""
    passed, ends, ahead = {start}, [], [start]
    while ahead:
        body = ahead.pop()
        following = after.get(body, [])
        if not following:
            ends.append(body)
        ahead += [step for step in following if step not in passed]
        passed.update(following)
    return passed, ends


def _names(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, str]:
    listed = ", ".join(map(str, ids))
    return {row["id"]: row["name"] for row in connection.execute(f"SELECT id, name FROM agencies WHERE id IN ({listed})")}  # noqa: S608


def department(act: Act, task_id: int, agency: str) -> tuple[Department, dict[int, Department]]:
    """The department of the task that a name, an alias, words of a name or a predecessor's name means; and all of them.

    :raises UsageError: it does not answer for the task, or several could be meant; the message names those that do.
    """
    known = responsible(act.connection, act.task(task_id)["id"], act.now.date())
    exact = [one for one in known.values() if fold_name(one.name) == fold_name(agency)]
    meant = exact or _by_id(known, find_agency(act.connection, agency))
    if not meant:
        likely = set(matching_agencies(act.connection, agency))
        meant = [one for one in known.values() if one.id in likely] or [one for one in known.values() if one.meant_by & likely]
    if len(meant) == 1:
        return meant[0], known
    if meant:
        raise UsageError(f"nhiều cơ quan có tên «{agency}»: {_listed(meant)}.", remedy="Hãy ghi đủ tên.")
    if not known:
        raise UsageError(f"nhiệm vụ {task_id} chưa có cơ quan nào được giao.", remedy="Hãy giao bằng «dondoc assign».")
    raise UsageError(f"«{agency}» không được giao nhiệm vụ {task_id}; các cơ quan được giao: {_listed(known.values())}.")


def _by_id(known: dict[int, Department], agency_id: int | None) -> list[Department]:
    if agency_id is None:
        return []
    return [known[agency_id]] if agency_id in known else [one for one in known.values() if agency_id in one.meant_by]


def _listed(departments: Iterable[Department]) -> str:
    names = sorted({one.name for one in departments}, key=fold)
    more = f" và {len(names) - _NAMED_AT_MOST} cơ quan khác" if len(names) > _NAMED_AT_MOST else ""
    return "; ".join(names[:_NAMED_AT_MOST]) + more


def set_status(act: Act, task_id: int, agency: str, status: str, *, on: date | None = None) -> None:
    """Set the status of one department's part; of a task that it leads alone, the task's."""
    owed = followup.known_status(status)
    if (status == "done") != (on is not None):
        raise UsageError("ngày hoàn thành chỉ đi cùng trạng thái «done».")
    one, known = department(act, task_id, agency)
    if _alone(one, known):
        followup.set_status(act, task_id, status, on=on)
        return
    task = act.task(task_id)
    no_longer = owed or (task["status"] == "done" and status not in _FINISHED)
    reopens = one.leads and no_longer and not followup.known_status(task["status"])
    if reopens:
        for other in known.values():
            if other.leads:
                _own(act, task_id, other.id)  # those who had finished stay so
    row = _own(act, task_id, one.id)
    changes: dict[str, Any] = {"status": status, "completed_on": on.isoformat() if on else None} | _noted(act)
    changes |= {"percent": followup.percent_after(row["percent"], status)}
    if status != "extension_requested":
        changes["requested_due"] = None
    _change(act, task_id, one.id, **changes)
    _settle(act, task_id, known, reopens=reopens)


def _settle(act: Act, task_id: int, known: dict[int, Department], *, reopens: bool) -> None:
    """The task as its leading departments' parts make it."""
    task = act.task(task_id)
    parts = {row["agency_id"]: row for row in act.connection.execute("SELECT * FROM task_shares WHERE task_id = ?", (task_id,))}
    standing = [parts.get(one.id, task) for one in known.values() if one.leads]
    finished = bool(standing) and all(part["status"] in _FINISHED for part in standing)
    days = [part["completed_on"] for part in standing if part["status"] == "done"]
    active = followup.known_status(task["status"]) or reopens
    if finished and days and (active or task["status"] == "done"):
        percent = followup.percent_after(task["percent"], "done")
        act.set(task_id, status="done", completed_on=max(days), requested_due=None, superseded_by=None, percent=percent)
    elif reopens:
        status = "in_progress" if days else "open"
        percent = followup.percent_after(task["percent"], status)
        act.set(task_id, status=status, completed_on=None, superseded_by=None, percent=percent)


def request_extension(act: Act, task_id: int, agency: str, until: date) -> None:
    """One department asks for more time."""
    one, known = department(act, task_id, agency)
    if _alone(one, known):
        followup.request_extension(act, task_id, until)
        return
    row = _with_deadline(act, task_id, one.id, until)
    _change(act, task_id, row["agency_id"], status="extension_requested", requested_due=until.isoformat(), **_noted(act))


def grant_extension(act: Act, task_id: int, agency: str, until: date) -> None:
    """A later day for one department; the task's own deadline stays."""
    one, known = department(act, task_id, agency)
    if _alone(one, known):
        followup.grant_extension(act, task_id, until)
        return
    row = _with_deadline(act, task_id, one.id, until)
    _change(act, task_id, row["agency_id"], status="in_progress", due=until.isoformat(), requested_due=None, **_noted(act))


def refuse_extension(act: Act, task_id: int, agency: str) -> None:
    """One department's request is turned down."""
    one, known = department(act, task_id, agency)
    if _alone(one, known):
        followup.refuse_extension(act, task_id)
        return
    row = _own(act, task_id, one.id)
    if row["status"] != "extension_requested":
        raise UsageError(f"{one.name} không xin gia hạn nhiệm vụ {task_id}.")
    _change(act, task_id, one.id, status=followup.status_before_request(act, task_id, one.id), requested_due=None, **_noted(act))


def edit(act: Act, task_id: int, agency: str, fields: Mapping[str, object]) -> None:
    """Percentage and note of one department's part."""
    wrong = [name for name in fields if name not in _FIELDS]
    if wrong or not fields:
        raise UsageError("của riêng một cơ quan chỉ sửa được: percent, note.")
    changes = {name: followup.checked(name, value) for name, value in fields.items()}
    one, known = department(act, task_id, agency)
    if _alone(one, known):
        followup.edit(act, task_id, fields)
        return
    _own(act, task_id, one.id)
    _change(act, task_id, one.id, **changes)


def _with_deadline(act: Act, task_id: int, agency_id: int, until: date) -> sqlite3.Row:
    task, row = act.task(task_id), _own(act, task_id, agency_id)
    followup.check_extension(row["status"], row["due"] or task["due"], until)
    return row


def _alone(one: Department, known: dict[int, Department]) -> bool:
    return one.leads and [other.id for other in known.values() if other.leads] == [one.id]


def _own(act: Act, task_id: int, agency_id: int) -> sqlite3.Row:
    """The department's row, made from the task's standing when it has none."""
    act.task(task_id)
    act.connection.execute(
        """INSERT OR IGNORE INTO task_shares(task_id, agency_id, status, completed_on, requested_due)
        SELECT id, ?, status, completed_on, requested_due FROM tasks WHERE id = ?""",
        (agency_id, task_id),
    )
    row: sqlite3.Row = act.connection.execute(
        "SELECT * FROM task_shares WHERE task_id = ? AND agency_id = ?", (task_id, agency_id)
    ).fetchone()  # fmt: skip
    return row


def _change(act: Act, task_id: int, agency_id: int, **columns: Any) -> None:
    """Change a department's row; one that says nothing but what the task says goes."""
    assignments = ", ".join(f"{name} = ?" for name in columns)
    act.connection.execute(
        f"UPDATE task_shares SET {assignments} WHERE task_id = ? AND agency_id = ?",  # noqa: S608 - names of ours
        (*columns.values(), task_id, agency_id),
    )
    act.connection.execute(
        """DELETE FROM task_shares WHERE task_id = ? AND agency_id = ?
            AND status = (SELECT status FROM tasks WHERE id = task_shares.task_id)
            AND completed_on IS NULL AND percent IS NULL AND due IS NULL AND requested_due IS NULL AND note IS NULL""",
        (task_id, agency_id),
    )


def _noted(act: Act) -> dict[str, str]:
    return {"note": act.note} if act.note else {}
