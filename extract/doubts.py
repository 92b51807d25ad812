"""What a person should look at again, in words a clerk understands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from extract.directive import Task

# Lines read with less than this confidence held a wrong word in the samples more often than not.
_UNSURE_READING = 0.7


def with_doubts(task: Task, dated: date | None) -> Task:
    """``task`` with the reasons for which a person should check it, and its confidence lowered by each."""
    reasons = []
    if not task.lead:
        reasons.append("Chưa xác định được cơ quan chủ trì.")
    if task.confidence < _UNSURE_READING:
        reasons.append("Chữ trên bản quét khó đọc, cần đối chiếu với bản gốc.")
    for deadline in task.deadlines:
        if deadline.due and dated and deadline.due < dated:
            reasons.append(f"Thời hạn {deadline.due:%d/%m/%Y} sớm hơn ngày ban hành văn bản.")
        if deadline.confidence < _UNSURE_READING:
            reasons.append(f"Thời hạn “{deadline.text}” cần kiểm tra lại.")
        if deadline.relative is not None:
            reasons.append(f"Thời hạn tính từ “{deadline.relative.anchor}”: cần nhập ngày bắt đầu.")
    if dated is None and any(deadline.due for deadline in task.deadlines):
        reasons.append("Không đọc được ngày ban hành văn bản; năm của thời hạn cần kiểm tra.")
    return replace(task, reasons=tuple(dict.fromkeys(reasons)), confidence=task.confidence * 0.8 ** len(set(reasons)))
