"""The follow-up register as columns, the same for every kind of file.

The first seven are those of the register for following up incoming documents of Nghị định 30/2020/NĐ-CP (Phụ lục IV, mục VIII), in its
order; the rest say which task it is and where it stands on the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracking.reading import DepartmentTask
from tracking.rows import TaskRow

TITLE = "DANH MỤC NHIỆM VỤ ĐƯỢC GIAO"
ALL_AGENCIES = "Tất cả cơ quan, đơn vị"
NO_AGENCY = "Chưa rõ cơ quan thực hiện"
ROLES = {"lead": "Chủ trì", "coordinating": "Phối hợp", "": ""}

Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in characters, and its value for a task."""

    title: str
    width: int
    value: Callable[[DepartmentTask], Cell]


def document_title(task: TaskRow) -> str:
    """Type, number, date and issuer as one sentence part: "Kế hoạch số 7/KH-UBND ngày 05/01/2024 của UBND tỉnh Sông Lam"."""
    parts = [
        task.document_type or "Văn bản",
        f"số {task.document_number}" if task.document_number else "",
        f"ngày {task.document_date:%d/%m/%Y}" if task.document_date else "",
        f"của {task.issuer}" if task.issuer else "",
    ]
    return " ".join(part for part in parts if part)


def _deadline(given: DepartmentTask) -> Cell:
    return given.task.due or given.task.deadline_text


def _progress(given: DepartmentTask) -> str:
    task = given.task
    state = task.state_label
    if task.completed_on:
        state += f" ({task.completed_on:%d/%m/%Y})"
    return "; ".join(part for part in (state, task.progress) if part)


def _place(given: DepartmentTask) -> str:
    task = given.task
    first, last = task.lines
    if task.end_page:
        return f"trang {task.page} dòng {first} - trang {task.end_page} dòng {last}"
    return f"trang {task.page} dòng {first}" + (f"-{last}" if last != first else "")


def _doubts(given: DepartmentTask) -> str:
    task = given.task
    found = list(task.reasons) if task.needs_review else []
    if task.needs_review and not found:
        found.append("cần kiểm tra")
    if task.due_counted:
        found.append(f"thời hạn tính từ ngày văn bản ({task.deadline_text})")
    if task.missing:
        found.append("lần đọc lại gần nhất không còn thấy trong văn bản")
    if given.needs_decision:
        found.append(f"cần quyết định cơ quan kế thừa của {given.as_written}")
    return "; ".join(found)


COLUMNS = (
    Column("Số đến", 9, lambda given: given.task.incoming_number),
    Column("Tên loại, số và ký hiệu, ngày tháng, cơ quan ban hành văn bản", 30, lambda given: document_title(given.task)),
    Column("Đơn vị hoặc người nhận", 22, lambda given: given.task.lead_text),
    Column("Thời hạn giải quyết", 13, _deadline),
    Column("Tiến độ giải quyết", 18, _progress),
    Column("Số, ký hiệu văn bản trả lời", 14, lambda given: given.task.reply_number),
    Column("Ghi chú", 18, lambda given: given.task.note),
    Column("Mã nhiệm vụ", 9, lambda given: given.task.id),
    Column("Nội dung nhiệm vụ", 60, lambda given: given.task.text),
    Column("Vai trò", 10, lambda given: ROLES[given.role]),
    Column("Đơn vị phối hợp", 22, lambda given: "; ".join(given.task.coordinating)),
    Column("Số ngày quá hạn", 9, lambda given: given.task.days_late or None),
    Column("Vị trí trong văn bản", 15, _place),
    Column("Cần kiểm tra", 22, _doubts),
)
"""``Vai trò`` is the department's role in the task; in a list of all departments it is empty."""


@dataclass(frozen=True, slots=True)
class Register:
    """A list ready to be written: whose, on which day, with which tasks."""

    agency: str
    as_of: date
    rows: tuple[DepartmentTask, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings of all columns."""
        return tuple(column.title for column in COLUMNS)

    def cells(self) -> list[list[Cell]]:
        """One list of values for each task, in the order of the headings."""
        return [[column.value(row) for column in COLUMNS] for row in self.rows]

    def counted(self) -> str:
        """How many there are and how they stand, as one Vietnamese sentence part."""
        return count_sentence([row.task.state for row in self.rows])


def count_sentence(states: Sequence[str]) -> str:
    """«Tổng số 3 nhiệm vụ: hoàn thành đúng hạn 1; quá hạn 2»; states that do not occur are left out."""
    groups = {
        "hoàn thành đúng hạn": ("done_on_time",),
        "hoàn thành quá hạn": ("done_late",),
        "trong hạn": ("in_time", "due_soon"),
        "quá hạn": ("overdue",),
        "không thời hạn": ("no_deadline",),
        "trả lại, chuyển, dừng": ("returned", "transferred", "cancelled"),
    }
    counts = {label: sum(state in members for state in states) for label, members in groups.items()}
    listed = "; ".join(f"{label} {count}" for label, count in counts.items() if count)
    return f"Tổng số {len(states)} nhiệm vụ" + (f": {listed}" if listed else "")
