"""Why a person should look at tasks, counted and said in words for a clerk; where a task's lead was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracking import TaskRow

NO_LEAD = "no lead"

_DOUBTS = {
    NO_LEAD: "chưa rõ cơ quan chủ trì",
    "lead": "chưa chắc cơ quan chủ trì",
    "deadlines": "chưa chắc thời hạn",
    "text": "chưa chắc nội dung",
    "": "có dấu hiệu khác",
}

_PLACES = {
    "item": "chính nội dung nhiệm vụ",
    "label": "dòng ghi riêng",
    "cell": "ô của bảng",
    "cell above": "ô gộp phía trên trong bảng",
    "section": "dòng tiêu đề nhóm trong bảng",
    "heading": "đề mục",
    "addressee": "phần «Kính gửi»",
}


def weakest(lead: Sequence[str], confidence: Mapping[str, float]) -> str:
    """What of a task is least sure: :data:`NO_LEAD`, ``lead``, ``deadlines`` or ``text``; empty when no chances are known."""
    if not lead:
        return NO_LEAD
    judged = [name for name in ("lead", "deadlines", "text") if name in confidence]
    return min(judged, key=lambda name: confidence[name], default="")


def in_words(lead: Sequence[str], confidence: Mapping[str, float]) -> str:
    """What of a task is least sure, for a clerk: "chưa chắc thời hạn"; empty when that is not known."""
    found = weakest(lead, confidence)
    return _DOUBTS[found] if found else ""


def counted(doubts: Iterable[str]) -> str:
    """How many tasks of each doubt, the commonest first: "3 chưa chắc thời hạn, 1 chưa rõ cơ quan chủ trì"."""
    return ", ".join(f"{number} {_DOUBTS[doubt]}" for doubt, number in Counter(doubts).most_common())


def of_rows(rows: Iterable[TaskRow]) -> list[str]:
    """The doubts of those rows that need a person."""
    return [weakest(row.lead, row.field_confidence) for row in rows if row.needs_review]


def lead_origin(row: TaskRow) -> str:
    """Where the lead was read ("đề mục trang 2, dòng 5"); empty when a person named it or nothing did."""
    words = _PLACES.get(row.lead_source or "", "")
    if not words or row.lead_page is None:
        return words
    lines = f"{row.lead_line_first}" if row.lead_line_first == row.lead_line_last else f"{row.lead_line_first}–{row.lead_line_last}"
    if row.lead_end_page not in (None, row.lead_page):
        lines = f"{row.lead_line_first} đến trang {row.lead_end_page}, dòng {row.lead_end_line or 1}"
    return f"{words} trang {row.lead_page}, dòng {lines}"


def shares(confidence: Mapping[str, float]) -> str:
    """How sure each field is: "nội dung 99%, chủ trì 87%, thời hạn 99%"."""
    names = {"text": "nội dung", "lead": "chủ trì", "coordinating": "phối hợp", "deadlines": "thời hạn", "references": "căn cứ"}
    return ", ".join(f"{words} {confidence[name]:.0%}" for name, words in names.items() if name in confidence)
