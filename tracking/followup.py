"""What people do to a task as a whole: its status, extensions, corrected fields, who is responsible, that it was checked.

Every function works inside an :class:`tracking.acts.Act`, which sees to the history. What one of several responsible departments does
is in :mod:`tracking.shares`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, get_args

from extract.directive import Bound, Recurrence
from ingest.errors import NotFound, UsageError
from tracking.acts import Act
from tracking.agencies import set_task_agencies
from tracking.folding import fold_name
from tracking.views import OWED, OWED_SQL, STATUS_LABELS

EDITABLE = (
    "text", "deadline_text", "start", "due", "bound", "recurrence", "expected_result", "progress", "percent", "reply_number", "note",
    "needs_review",
)  # fmt: skip
"""Fields of a task that ``edit`` takes."""

_NO_LEAD_SOURCE: dict[str, None] = dict.fromkeys(
    ("lead_source", "lead_page", "lead_line_first", "lead_line_last", "lead_end_page", "lead_end_line")
)
_DATES = {"start", "due"}
_CHOICES: dict[str, tuple[str, ...]] = {"bound": get_args(Bound), "recurrence": get_args(Recurrence)}


def known_status(status: str) -> bool:
    """Whether work in that status is still owed.

    :raises UsageError: there is no such status.
    """
    if status not in STATUS_LABELS:
        raise UsageError(f"trạng thái «{status}» không có; các trạng thái: {', '.join(STATUS_LABELS)}.")
    return status in OWED


def set_status(act: Act, task_id: int, status: str, *, on: date | None = None, superseded_by: int | None = None) -> None:
    """Set a stored status; ``on`` is the day of completion and belongs to ``done`` only, ``superseded_by`` to ``cancelled`` only.

    The act's note also becomes the task's note. Completion makes a percentage that was reported 100, reopening takes that back. The
    parts of departments that still owed theirs stand as the task does once it is closed; those that were closed once it is owed again.
    """
    owed = known_status(status)
    if (status == "done") != (on is not None):
        raise UsageError("ngày hoàn thành chỉ đi cùng trạng thái «done».")
    row = act.task(task_id)
    changes: dict[str, Any] = {"status": status, "completed_on": on.isoformat() if on else None, "superseded_by": None}
    if superseded_by is not None:
        changes["superseded_by"] = _replacing(act, row["document_id"], superseded_by, status)
    if act.note:
        changes["note"] = act.note
    changes["percent"] = percent_after(row["percent"], status)
    if status != "extension_requested":
        changes["requested_due"] = None
    was_owed = known_status(row["status"])
    act.set(task_id, **changes)
    if owed != was_owed or not owed:
        _settle_parts(act, task_id, changes, active=not owed)


def percent_after(percent: int | None, status: str) -> int | None:
    """The percentage once work has that status: of what is done 100, where one was reported; of what is owed again no 100."""
    if status == "done":
        return percent if percent is None else 100
    return None if status in OWED and percent == 100 else percent


def _settle_parts(act: Act, task_id: int, task: Mapping[str, Any], *, active: bool) -> None:
    """The parts that are still owed (``active``), or those that are not, stand as the task does now; a later day of their own they keep."""
    which = f"task_id = :id AND status {'' if active else 'NOT '}IN ({OWED_SQL})"
    act.connection.execute(f"DELETE FROM task_shares WHERE due IS NULL AND {which}", {"id": task_id})  # noqa: S608 - constants
    act.connection.execute(
        f"UPDATE task_shares SET status = :status, completed_on = :on, percent = NULL, requested_due = NULL WHERE {which}",  # noqa: S608
        {"id": task_id, "status": task["status"], "on": task["completed_on"]},
    )


def _replacing(act: Act, document_id: int, other: int, status: str) -> int:
    if status != "cancelled":
        raise UsageError("văn bản thay thế chỉ đi cùng trạng thái «cancelled».")
    if other == document_id:
        raise UsageError("văn bản không tự thay thế chính nó.")
    if act.connection.execute("SELECT 1 FROM documents WHERE id = ?", (other,)).fetchone() is None:
        raise NotFound(f"không có văn bản mang mã {other}.")
    return other


def request_extension(act: Act, task_id: int, until: date) -> None:
    """The department asks for more time; the deadline stays until the extension is granted."""
    row = act.task(task_id)
    check_extension(row["status"], row["due"], until)
    act.set(task_id, status="extension_requested", requested_due=until.isoformat(), **_noted(act))


def grant_extension(act: Act, task_id: int, until: date) -> None:
    """A new deadline, asked for or not; the first one is kept in ``first_due`` and the work goes on."""
    row = act.task(task_id)
    check_extension(row["status"], row["due"], until)
    first = row["first_due"] or row["due"]
    act.set(
        task_id, due=until.isoformat(), due_counted=0, first_due=first, requested_due=None, status="in_progress", **_noted(act)
    )  # fmt: skip
    drop_earlier_days(act, task_id, until.isoformat())


def drop_earlier_days(act: Act, task_id: int, due: str) -> None:
    """A department with a day of its own after the task's keeps it; the others follow the task."""
    act.connection.execute("UPDATE task_shares SET due = NULL WHERE task_id = ? AND due <= ?", (task_id, due))


def refuse_extension(act: Act, task_id: int) -> None:
    """The request is turned down: the deadline stands, the status is the one before the request."""
    row = act.task(task_id)
    if row["status"] != "extension_requested":
        raise UsageError(f"nhiệm vụ {task_id} không xin gia hạn.")
    act.set(task_id, status=status_before_request(act, task_id, None), requested_due=None, **_noted(act))


def status_before_request(act: Act, task_id: int, agency_id: int | None, occurrence_id: int | None = None) -> str:
    """The status that the last request for more time came after."""
    row = act.connection.execute(
        f"""SELECT old_value FROM task_events WHERE task_id = ? AND field = 'status' AND new_value = 'extension_requested'
        AND agency_id IS ? AND occurrence_id IS ? AND old_value IN ({OWED_SQL}) AND old_value <> 'extension_requested'
        ORDER BY id DESC LIMIT 1""",  # noqa: S608 - constants
        (task_id, agency_id, occurrence_id),
    ).fetchone()
    return str(row["old_value"]) if row else "in_progress"


def check_extension(status: str, due: str | None, until: date) -> None:
    """Whether more time makes sense.

    :raises UsageError: the task is closed, has no deadline, or the new day is not after the present one.
    """
    if status not in OWED:
        raise UsageError("nhiệm vụ đã kết thúc, không gia hạn được.", remedy="Hãy mở lại nhiệm vụ trước.")
    if due is None:
        raise UsageError("nhiệm vụ chưa có thời hạn nên không gia hạn được.", remedy="Hãy ghi thời hạn bằng «dondoc edit ID due=…».")
    if until.isoformat() <= due:
        raise UsageError(f"ngày gia hạn {_shown(until.isoformat())} phải sau thời hạn hiện nay {_shown(due)}.")


def edit(act: Act, task_id: int, fields: Mapping[str, object]) -> None:
    """Correct fields by hand; from then on extraction no longer touches them."""
    if not fields:
        raise UsageError("chưa có trường nào để sửa.", remedy=f"Sửa được: {', '.join(EDITABLE)}.")
    changes = {name: checked(name, value) for name, value in fields.items()}
    row = act.task(task_id)
    start, due = (changes.get(name, row[name]) for name in ("start", "due"))
    if start and due and start > due:
        raise UsageError(f"ngày bắt đầu {_shown(start)} sau thời hạn {_shown(due)}.")
    if "due" in changes:
        changes["due_counted"] = 0
    act.set(task_id, **changes)
    if changes.get("due"):
        drop_earlier_days(act, task_id, changes["due"])


def assign(act: Act, task_id: int, roles: Mapping[str, Sequence[str] | None]) -> None:
    """Say who is responsible: the names replace those of a role; None leaves the role as it is."""
    given = {role: [name.strip() for name in names] for role, names in roles.items() if names is not None}
    if not given:
        raise UsageError("chưa nêu cơ quan chủ trì hoặc phối hợp.")
    for names in given.values():
        if any(not fold_name(name) for name in names):
            raise UsageError("tên cơ quan không được để trống.")
    act.task(task_id)
    for role, names in given.items():
        rows = act.connection.execute(
            "SELECT name, candidates FROM task_agencies WHERE task_id = ? AND role = ? ORDER BY position", (task_id, role)
        ).fetchall()
        # The same names once more confirm what was only likely.
        if [row["name"] for row in rows] == names and all(row["candidates"] == "[]" for row in rows):
            continue
        set_task_agencies(act.connection, task_id, role, names, origin="person")
        if role == "lead":
            act.set(task_id, **_NO_LEAD_SOURCE)  # a person named it, not the paper


def confirm(act: Act, task_id: int) -> None:
    """A person has checked the task: nothing is in doubt any more, and taking the document in again changes none of its fields."""
    act.set(task_id, needs_review=0)
    act.connection.execute("UPDATE task_agencies SET candidates = '[]' WHERE task_id = ?", (task_id,))


def checked(name: str, value: object) -> Any:
    """The value of a field as it is stored.

    :raises UsageError: no such field, or a value that it does not take.
    """
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
    if name == "percent":
        return _percent(value)
    if name in _DATES:
        return _iso_date(value)
    text = str(value).strip()
    if name == "text" and not text:
        raise UsageError("nội dung nhiệm vụ không được để trống.")
    if name in _CHOICES and text not in _CHOICES[name]:
        raise UsageError(f"{name} nhận một trong: {', '.join(_CHOICES[name])}.")
    return text


def _percent(value: object) -> int:
    text = str(value).strip().removesuffix("%").strip()
    if not text.isascii() or not text.isdigit() or int(text) > 100:
        raise UsageError(f"tỷ lệ hoàn thành «{value}» phải là số nguyên từ 0 đến 100.")
    return int(text)


def _iso_date(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise UsageError(f"«{value}» không phải ngày; hãy viết năm-tháng-ngày, ví dụ 2025-06-30.") from error


def _noted(act: Act) -> dict[str, str]:
    return {"note": act.note} if act.note else {}


def _shown(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d/%m/%Y")
