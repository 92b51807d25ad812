"""What people do to a task. Every change writes one row of ``task_events`` for each field, which nobody can change or delete."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args

from extract.directive import Bound, Recurrence
from ingest.errors import NotFound, UsageError
from tracking.agencies import set_task_agencies
from tracking.folding import fold, fold_name
from tracking.search_index import index_task

EDITABLE = (
    "text", "deadline_text", "start", "due", "bound", "recurrence", "expected_result", "progress", "reply_number", "note", "needs_review",
)  # fmt: skip
"""Fields of a task that ``edit`` takes."""

_NO_LEAD_SOURCE = """UPDATE tasks SET lead_source = NULL, lead_page = NULL, lead_line_first = NULL, lead_line_last = NULL,
    lead_end_page = NULL WHERE id = ?"""
_DATES = {"start", "due"}
_CHOICES: dict[str, tuple[str, ...]] = {"bound": get_args(Bound), "recurrence": get_args(Recurrence)}


def stored_task(connection: sqlite3.Connection, task_id: int) -> sqlite3.Row:
    """The row of ``tasks``.

    :raises NotFound: no task has that id.
    """
    row: sqlite3.Row | None = connection.execute("SELECT * FROM tasks WHERE id = ?", (task_id,)).fetchone()
    if row is None:
        raise NotFound(f"không có nhiệm vụ mang mã {task_id}.", remedy="Hãy xem mã bằng «dondoc tasks».")
    return row


def set_status(
    connection: sqlite3.Connection, task_id: int, status: str, *, on: date | None, who: str, note: str | None, what: str, now: datetime
) -> None:
    """Set a stored status; ``on`` is the day of completion and belongs to ``done`` only. ``note`` also becomes the task's note."""
    known = [row["code"] for row in connection.execute("SELECT code FROM task_statuses")]
    if status not in known:
        raise UsageError(f"trạng thái «{status}» không có; các trạng thái: {', '.join(known)}.")
    if (status == "done") != (on is not None):
        raise UsageError("ngày hoàn thành chỉ đi cùng trạng thái «done».")
    changes: dict[str, Any] = {"status": status, "completed_on": on.isoformat() if on else None}
    if note:
        changes["note"] = note
    _change(connection, task_id, what, changes, who=who, note=note, now=now)


def edit(
    connection: sqlite3.Connection, task_id: int, fields: Mapping[str, object], *, who: str, reason: str | None, now: datetime
) -> None:
    """Correct fields by hand; from then on extraction no longer touches them."""
    if not fields:
        raise UsageError("chưa có trường nào để sửa.", remedy=f"Sửa được: {', '.join(EDITABLE)}.")
    changes = {name: _checked(name, value) for name, value in fields.items()}
    row = stored_task(connection, task_id)
    start, due = (changes.get(name, row[name]) for name in ("start", "due"))
    if start and due and start > due:
        raise UsageError(f"ngày bắt đầu {_shown(start)} sau thời hạn {_shown(due)}.")
    _change(connection, task_id, "edit", changes, who=who, note=reason, now=now)
    if "due" in changes:
        connection.execute("UPDATE tasks SET due_counted = 0 WHERE id = ?", (task_id,))
    if "text" in changes:
        connection.execute("UPDATE tasks SET folded = ? WHERE id = ?", (fold(changes["text"]), task_id))
        index_task(connection, task_id, changes["text"])


def assign(
    connection: sqlite3.Connection,
    task_id: int,
    roles: Mapping[str, Sequence[str] | None],
    *,
    who: str,
    reason: str | None,
    now: datetime,
) -> None:
    """Say who is responsible: the names replace those of a role; None leaves the role as it is."""
    given = {role: [name.strip() for name in names] for role, names in roles.items() if names is not None}
    if not given:
        raise UsageError("chưa nêu cơ quan chủ trì hoặc phối hợp.")
    for names in given.values():
        if any(not fold_name(name) for name in names):
            raise UsageError("tên cơ quan không được để trống.")
    stored_task(connection, task_id)
    for role, names in given.items():
        rows = connection.execute(
            "SELECT name, candidates FROM task_agencies WHERE task_id = ? AND role = ? ORDER BY position", (task_id, role)
        ).fetchall()
        before = [row["name"] for row in rows]
        # The same names once more confirm what was only likely.
        if before == names and all(row["candidates"] == "[]" for row in rows):
            continue
        set_task_agencies(connection, task_id, role, names, origin="person")
        if role == "lead":
            connection.execute(_NO_LEAD_SOURCE, (task_id,))  # a person named it, not the paper
        _record(connection, task_id, "assign", (role, _list(before), _list(names)), who=who, note=reason, now=now)


def _checked(name: str, value: object) -> Any:
    if name not in EDITABLE:
        raise UsageError(f"không sửa được trường «{name}».", remedy=f"Sửa được: {', '.join(EDITABLE)}.")
    if name == "needs_review":
        if value not in (True, False, 0, 1, "0", "1", "true", "false"):
            raise UsageError("needs_review nhận 0 hoặc 1.")
        return int(value in (True, 1, "1", "true"))
    if value is None or value == "":
        if name == "text":
            raise UsageError("nội dung nhiệm vụ không được để trống.")
        return None
    if name in _DATES:
        return _iso_date(value)
    text = str(value).strip()
    if name in _CHOICES and text not in _CHOICES[name]:
        raise UsageError(f"{name} nhận một trong: {', '.join(_CHOICES[name])}.")
    return text


def _iso_date(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise UsageError(f"«{value}» không phải ngày; hãy viết năm-tháng-ngày, ví dụ 2025-06-30.") from error


def _change(
    connection: sqlite3.Connection, task_id: int, what: str, changes: Mapping[str, Any], *, who: str, note: str | None, now: datetime
) -> None:
    row = stored_task(connection, task_id)
    changed = {name: value for name, value in changes.items() if row[name] != value}
    for name, value in changed.items():
        _record(connection, task_id, what, (name, _text(row[name]), _text(value)), who=who, note=note, now=now)
    if changed:
        assignments = ", ".join(f"{name} = ?" for name in changed)
        connection.execute(f"UPDATE tasks SET {assignments} WHERE id = ?", (*changed.values(), task_id))  # noqa: S608 - names of ours


def _record(
    connection: sqlite3.Connection,
    task_id: int,
    what: str,
    change: tuple[str, str | None, str | None],
    *,
    who: str,
    note: str | None,
    now: datetime,
) -> None:
    if not who.strip():
        raise UsageError("chưa rõ ai thực hiện thay đổi này.")
    action = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM task_events").fetchone()[0]
    connection.execute(
        "INSERT INTO task_events(task_id, at, who, what, field, old_value, new_value, note, action) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (task_id, now.isoformat(timespec="seconds"), who.strip(), what, *change, note, action),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _list(names: Sequence[str]) -> str:
    return json.dumps(list(names), ensure_ascii=False)


def _shown(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d/%m/%Y")
