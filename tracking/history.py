"""What people did to tasks, as rows and as Vietnamese sentences."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from tracking.migrations_acts import NOT_FOLLOWED
from tracking.views import STATUS_LABELS

FIELDS = {
    "text": "nội dung", "deadline_text": "thời hạn ghi trong văn bản", "start": "ngày bắt đầu", "due": "thời hạn",
    "due_counted": "cách tính thời hạn", "bound": "loại thời hạn", "recurrence": "chu kỳ", "expected_result": "sản phẩm",
    "progress": "tiến độ", "percent": "mức hoàn thành", "reply_number": "số văn bản trả lời", "note": "ghi chú",
    "needs_review": "cần kiểm tra", "status": "trạng thái", "completed_on": "ngày hoàn thành", "requested_due": "thời hạn xin gia hạn",
    "first_due": "thời hạn ban đầu", "superseded_by": "văn bản thay thế", "lead": "cơ quan chủ trì", "coordinating": "cơ quan phối hợp",
    "candidates": "cách đọc khác của tên cơ quan", "reasons": "lý do cần kiểm tra", "removed": "bỏ khỏi danh mục",
    "merged_into": "gộp vào nhiệm vụ", "split_from": "tách từ nhiệm vụ", "task": "nhiệm vụ", "path": "mục trong văn bản", "page": "trang",
    "line_first": "dòng đầu", "line_last": "dòng cuối", "end_page": "trang cuối", "end_line": "dòng cuối ở trang cuối",
    "lead_source": "nơi ghi cơ quan chủ trì", "followed_from": "theo dõi các kỳ từ ngày",
    "warnings_checked": "cảnh báo đã đối chiếu",
    "number": "số, ký hiệu", "type": "loại văn bản", "issuer": "cơ quan ban hành", "date": "ngày ban hành", "place": "nơi ban hành",
    "subject": "trích yếu", "signer": "người ký", "signer_title": "chức vụ người ký", "incoming_number": "số đến", "urgency": "độ khẩn",
    "secrecy": "độ mật", "recipients": "nơi nhận", "addressees": "kính gửi", "aliases": "tên khác", "abbreviation": "viết tắt",
    "members": "thành viên", "successor": "cơ quan kế thừa", "valid_from": "từ ngày", "valid_to": "đến ngày", "level": "cấp",
    "agency": "cơ quan", "user": "người dùng", "role": "quyền", "password": "mật khẩu", "active": "được đăng nhập",
}  # fmt: skip
"""What a clerk reads for each field of ``task_events`` and ``office_events``."""

ACTS = {
    "done": "báo hoàn thành", "reopen": "mở lại", "status": "đổi trạng thái", "edit": "sửa", "assign": "giao lại",
    "request_extension": "xin gia hạn", "grant_extension": "gia hạn", "refuse_extension": "không cho gia hạn", "confirm": "xác nhận",
    "add": "thêm nhiệm vụ", "split": "tách nhiệm vụ", "merge": "gộp nhiệm vụ", "remove": "xóa nhiệm vụ", "bring_back": "khôi phục nhiệm vụ",
    "undo": "hoàn tác", "change_many": "sửa hàng loạt", "occurrence": "cập nhật một kỳ", "import": "nhập từ bảng tính",
    "edit_document": "sửa thông tin văn bản", "check_document": "đối chiếu văn bản với bản gốc",
    "recount": "tính lại thời hạn", "follow": "theo dõi các kỳ",
    "agencies": "sửa danh mục cơ quan", "user": "quản lý người dùng",
}  # fmt: skip
"""What a clerk reads for each kind of act (``what``)."""

VALUES = {
    "bound": {"before": "trước ngày", "by": "đến hết ngày", "within": "trong thời gian"},
    "recurrence": {
        "daily": "hằng ngày", "weekly": "hằng tuần", "monthly": "hằng tháng", "quarterly": "hằng quý", "half-yearly": "sáu tháng một lần",
        "yearly": "hằng năm", "biennial": "hai năm một lần", "continuous": "thường xuyên", "other": "định kỳ khác",
    },
    "status": STATUS_LABELS | {NOT_FOLLOWED: "Chưa theo dõi"},
    "needs_review": {"0": "không", "1": "có"},
    "removed": {"0": "không", "1": "có"},
}  # fmt: skip
"""What a clerk reads for values that are codes."""

_SELF_TELLING = {
    "done": {"status", "completed_on"},
    "reopen": {"status", "completed_on"},
    "grant_extension": {"due"},
    "request_extension": {"requested_due"},
    "remove": {"removed"},
    "bring_back": {"removed"},
    "recount": {"due"},
}
"""Fields that need no name beside the act: "gia hạn từ … đến …"."""


EVENTS_SQL = """SELECT e.*, a.name AS agency, o.scheduled AS occurrence_due FROM task_events AS e
    LEFT JOIN agencies AS a ON a.id = e.agency_id LEFT JOIN occurrences AS o ON o.id = e.occurrence_id"""
"""What :meth:`EventRow.from_row` takes."""


_TOLD_AT_MOST = 5


def undone(connection: sqlite3.Connection) -> set[int]:
    """The acts that are taken back now (an undo that was itself taken back counts for nothing)."""
    gone: set[int] = set()
    rows = connection.execute(
        """SELECT action, undoes FROM task_events WHERE undoes IS NOT NULL
        UNION SELECT action, undoes FROM office_events WHERE undoes IS NOT NULL ORDER BY action DESC"""
    )
    for row in rows:
        if row["action"] not in gone:
            gone.add(row["undoes"])
    return gone


@dataclass(frozen=True, slots=True)
class EventRow:
    """One change by a person: ``field`` went from ``old_value`` to ``new_value``; ``at`` is local time, ISO.

    The rows of one act share ``action``. ``agency_id`` and ``agency``: the department whose own standing changed; ``occurrence_id`` and
    ``occurrence_due``: the occurrence of a recurring task; ``undoes``: the action that this one takes back.
    """

    id: int
    task_id: int
    at: str
    who: str
    what: str
    field: str
    old_value: str | None
    new_value: str | None
    note: str | None
    action: int
    agency_id: int | None
    agency: str | None
    occurrence_id: int | None
    occurrence_due: date | None
    undoes: int | None

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> EventRow:
        """From a row of ``task_events`` with the names for its ids."""
        values = {name: row[name] for name in cls.__slots__}
        values["occurrence_due"] = date.fromisoformat(row["occurrence_due"]) if row["occurrence_due"] else None
        return cls(**values)

    @property
    def told(self) -> str:
        """The change as a sentence: "12/03/2026 09:15 – Lan: gia hạn từ 30/03/2026 đến 15/04/2026 (lý do thiếu số liệu)"."""
        words = ["hoàn tác:" if self.undoes is not None else "", ACTS.get(self.what, self.what) if self.undoes is None else ""]
        if self.agency:
            words.append(f"({self.agency})")
        if self.occurrence_due:
            words.append(f"(kỳ {self.occurrence_due:%d/%m/%Y})")
        if self.field not in _SELF_TELLING.get(self.what, ()) or self.undoes is not None:
            words.append(FIELDS.get(self.field, self.field))
        words.append(self._change())
        if self.note and not (self.field == "note" and self.note == self.new_value):
            words.append(f"(lý do {self.note})")
        at = datetime.fromisoformat(self.at)
        return f"{at:%d/%m/%Y %H:%M} – {self.who}: {' '.join(word for word in words if word)}"

    def _change(self) -> str:
        old, new = shown_value(self.field, self.old_value), shown_value(self.field, self.new_value)
        if self.what == "done" and self.field == "completed_on" and new:
            return f"ngày {new}" + (f", trước đó ghi {old}" if old else "")
        if old and new:
            return f"từ {old} đến {new}" if _is_date(self.old_value) else f"từ «{old}» thành «{new}»"
        if new:
            return f"đến {new}" if self.what.endswith("_extension") else f"là {new}" if _is_date(self.new_value) else f"là «{new}»"
        return f"bỏ «{old}»" if old else ""

    def as_json(self) -> dict[str, Any]:
        """All fields, dates ISO, and the sentence as ``told``."""
        due = self.occurrence_due
        return asdict(self) | {"occurrence_due": due.isoformat() if due else None, "told": self.told}


def shown_value(field: str, value: str | None) -> str:
    """A stored value as a clerk reads it: dates dd/mm/yyyy, codes in words, lists of names with semicolons; empty for none."""
    if not value:
        return ""
    if field in VALUES:
        return VALUES[field].get(value, value)
    if _is_date(value):
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if value.startswith("["):
        try:
            return "; ".join(map(str, json.loads(value)))
        except ValueError:
            return value
    return f"{value}%" if field == "percent" else value


def _is_date(value: str | None) -> bool:
    if value is None or len(value) != 10 or value[4:5] != "-":
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def tell(events: Sequence[sqlite3.Row]) -> str:
    """Events in a few words for a clerk: who changed which field of which task when."""
    return _told(f"{row['who']} sửa {field_label(row['field'])} của nhiệm vụ {row['task_id']} lúc {_when(row['at'])}" for row in events)


def tell_document(events: Sequence[sqlite3.Row]) -> str:
    """The same for rows of ``office_events``."""
    return _told(f"{row['who']} sửa {field_label(row['field'] or '')} lúc {_when(row['at'])}" for row in events)


def _told(sentences: Iterable[str]) -> str:
    different = list(dict.fromkeys(sentences))
    return "; ".join(different[-_TOLD_AT_MOST:])


def field_label(name: str) -> str:
    """What a clerk reads for a field."""
    return FIELDS.get(name, name)


def _when(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%H:%M ngày %d/%m/%Y")
