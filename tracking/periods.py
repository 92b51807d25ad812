"""What people do to one instance of a recurring task (:mod:`tracking.occurring`): done, put off, from which one on they are followed.

Every function works inside an :class:`tracking.acts.Act`.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Any

from ingest.errors import UsageError
from tracking import followup, occurring
from tracking.acts import Act
from tracking.migrations_acts import NOT_FOLLOWED
from tracking.views import OWED_SQL


def set_status(act: Act, occurrence_id: int, status: str, *, on: date | None, percent: int | None) -> None:
    """Set the standing of one instance; None leaves its percentage, an act without note its note.

    One from before the days that are followed, which is said to be owed, is followed from now on, and with it all after it.
    """
    owed = followup.known_status(status)
    if (status == "done") != (on is not None):
        raise UsageError("ngày hoàn thành chỉ đi cùng trạng thái «done».")
    if percent is not None and not 0 <= percent <= 100:
        raise UsageError(f"tỷ lệ hoàn thành «{percent}» phải là số nguyên từ 0 đến 100.")
    row = _present(act, occurrence_id)
    if owed and row["status"] == NOT_FOLLOWED:
        act.set(row["task_id"], followed_from=row["scheduled"])
    percent = percent if percent is not None else followup.percent_after(row["percent"], status)
    asked = {} if status == "extension_requested" else {"requested_due": None}
    _change(act, occurrence_id, status=status, completed_on=on.isoformat() if on else None, percent=percent, **asked)


def follow_from(act: Act, task_id: int, day: date) -> None:
    """The instances before that day are nobody's concern, those from it on are owed unless something else was said of them."""
    task = act.task(task_id)
    if task["recurrence"] not in occurring.PERIODIC:
        raise UsageError("nhiệm vụ không có kỳ hạn để theo dõi.")
    act.set(task_id, followed_from=day.isoformat())


def skip_until(act: Act, task_id: int, day: date) -> None:
    """Follow no instance due up to that day; nothing changes where none is followed so far back."""
    first = (day + timedelta(days=1)).isoformat()
    if occurring.followed_from(act.connection, act.task(task_id)) < first:
        follow_from(act, task_id, day + timedelta(days=1))


def request_extension(act: Act, task_id: int, occurrence_id: int | None, until: date) -> None:
    """More time is asked for one instance, by default the first that is owed."""
    row = _extendable(act, task_id, occurrence_id, until)
    _change(act, row["id"], status="extension_requested", requested_due=until.isoformat())


def grant_extension(act: Act, task_id: int, occurrence_id: int | None, until: date) -> None:
    """One instance, by default the first that is owed, falls due on a later day; the others keep theirs."""
    row = _extendable(act, task_id, occurrence_id, until)
    _change(act, row["id"], status="in_progress", due=until.isoformat(), requested_due=None)


def refuse_extension(act: Act, task_id: int, occurrence_id: int | None) -> None:
    """The request for one instance, by default the first for which there is one, is turned down."""
    act.task(task_id)
    row = _present(act, occurrence_id, task_id) if occurrence_id is not None else _first(act, task_id, "status = 'extension_requested'")
    if row is None or row["status"] != "extension_requested":
        raise UsageError(f"nhiệm vụ {task_id} không có kỳ nào xin gia hạn.")
    _change(act, row["id"], status=followup.status_before_request(act, task_id, None, row["id"]), requested_due=None)


def _extendable(act: Act, task_id: int, occurrence_id: int | None, until: date) -> sqlite3.Row:
    task = act.task(task_id)
    row = _present(act, occurrence_id, task_id) if occurrence_id is not None else _first(act, task_id, f"status IN ({OWED_SQL})")
    if row is None:
        raise UsageError(f"nhiệm vụ {task_id} không có kỳ nào còn phải làm.")
    if row["status"] == NOT_FOLLOWED:
        raise UsageError("kỳ này chưa được theo dõi.", remedy="Hãy mở lại kỳ này trước.")
    if not followup.known_status(task["status"]):
        raise UsageError("nhiệm vụ đã kết thúc, không gia hạn được.", remedy="Hãy mở lại nhiệm vụ trước.")
    followup.check_extension(row["status"], row["due"], until)
    return row


def _present(act: Act, occurrence_id: int, task_id: int | None = None) -> sqlite3.Row:
    row = occurring.stored(act.connection, occurrence_id)
    if task_id is not None and row["task_id"] != task_id:
        raise UsageError("kỳ này không thuộc nhiệm vụ.")
    act.task(row["task_id"])
    return row


def _first(act: Act, task_id: int, condition: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = act.connection.execute(
        f"SELECT * FROM occurrences WHERE task_id = ? AND {condition} ORDER BY due LIMIT 1",  # noqa: S608 - conditions of ours
        (task_id,),
    ).fetchone()
    return row


def _change(act: Act, occurrence_id: int, **columns: Any) -> None:
    if act.note:
        columns["note"] = act.note
    assignments = ", ".join(f"{name} = ?" for name in columns)
    act.connection.execute(f"UPDATE occurrences SET {assignments} WHERE id = ?", (*columns.values(), occurrence_id))  # noqa: S608
