"""How a command says what became of a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dondoc import screen

if TYPE_CHECKING:
    from tracking import TaskRow


def tell(row: TaskRow, *, as_json: bool) -> None:
    """One task after the change: as JSON, or in two lines."""
    if as_json:
        screen.write_json(row.as_json())
    else:
        _say(row)


def tell_all(rows: Sequence[TaskRow], *, as_json: bool) -> None:
    """Several tasks: a JSON list, or two lines each."""
    if as_json:
        screen.write_json([row.as_json() for row in rows])
        return
    for row in rows:
        _say(row)


def _say(row: TaskRow) -> None:
    lead = "; ".join(row.lead) or "(chưa rõ cơ quan)"
    facts = [
        f"Nhiệm vụ {row.id}: {row.state_label}",
        f"Chủ trì: {lead}",
        f"Thời hạn: {screen.day(row.due) or row.deadline_text or 'không có'}"
        + (f" (ban đầu {screen.day(row.first_due)})" if row.first_due else ""),
        f"Xin gia hạn đến {screen.day(row.requested_due)}" if row.requested_due else "",
        f"Đã làm {row.percent}%" if row.percent is not None else "",
        "Đã bỏ khỏi danh mục" if row.removed else "",
    ]
    screen.say(". ".join(filter(None, facts)) + ".")
    screen.say(row.text)
