"""The follow-up register as columns, the same for every kind of file.

The first seven are those of the register for following up incoming documents of Nghị định 30/2020/NĐ-CP (Phụ lục IV, mục VIII), in its
order; the rest say which task it is, how it stands, and where it is on the paper. In a workbook the columns with a ``field`` come back
(:mod:`tracking.importing`); their values are those of :class:`tracking.standing.Standing`, a department's own where several lead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tracking.reading import DepartmentTask
from tracking.rows import TaskRow
from tracking.standing import Standing
from tracking.views import OWED

TITLE = "DANH MỤC NHIỆM VỤ ĐƯỢC GIAO"
ALL_AGENCIES = "Tất cả cơ quan, đơn vị"
NO_AGENCY = "Chưa rõ cơ quan thực hiện"
SELECTION = "Danh sách đã lọc"
ROLES = {"lead": "Chủ trì", "coordinating": "Phối hợp", "": ""}

Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a register: the task as the department has it, and the values that people fill in."""

    given: DepartmentTask
    standing: Standing

    @property
    def task(self) -> TaskRow:
        """The task."""
        return self.given.task

    @property
    def owed(self) -> bool:
        """Whether the work is still to be done, by this department where several lead."""
        return self.standing.values["status"] in OWED

    @property
    def due(self) -> date | None:
        """The last day, this department's own where it was given more time."""
        return self.standing.day("due")

    @property
    def deadline(self) -> str:
        """The last day, or the words of the deadline."""
        return f"{self.due:%d/%m/%Y}" if self.due else self.task.deadline_text or ""

    @property
    def fillable(self) -> bool:
        """Whether it is the department's to report: one that only takes part does not answer for the task."""
        return self.given.role != "coordinating"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in characters, its value for a task, and which field a person fills in there, if any."""

    title: str
    width: int
    value: Callable[[Entry], Cell]
    field: str | None = None


def document_title(task: TaskRow) -> str:
    """Type, number, date and issuer as one sentence part: "Kế hoạch số 7/KH-UBND ngày 05/01/2024 của UBND tỉnh Sông Lam"."""
    parts = [
        task.document_type or "Văn bản",
        f"số {task.document_number}" if task.document_number else "",
        f"ngày {task.document_date:%d/%m/%Y}" if task.document_date else "",
        f"của {task.issuer}" if task.issuer else "",
    ]
    return " ".join(part for part in parts if part)


def _deadline(entry: Entry) -> Cell:
    return entry.due or entry.task.deadline_text


def _lead(entry: Entry) -> Cell:
    return entry.task.lead_text


def _percent(entry: Entry) -> Cell:
    percent = entry.standing.values["percent"]
    return int(percent) if percent else None


def _place(entry: Entry) -> str:
    task = entry.task
    first, last = task.lines
    if task.end_page:
        return f"trang {task.page} dòng {first} - trang {task.end_page} dòng {task.end_line or 1}"
    return f"trang {task.page} dòng {first}" + (f"-{last}" if last != first else "")


def _doubts(entry: Entry) -> str:
    given, task = entry.given, entry.task
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


def _filled(name: str) -> Callable[[Entry], Cell]:
    return lambda entry: entry.standing.values[name]


COLUMNS = (
    Column("Số đến", 7, lambda entry: entry.task.incoming_number),
    Column("Tên loại, số và ký hiệu, ngày tháng, cơ quan ban hành văn bản", 18, lambda entry: document_title(entry.task)),
    Column("Đơn vị hoặc người nhận", 15, _lead, "lead"),
    Column("Thời hạn giải quyết", 11, _deadline, "due"),
    Column("Tiến độ giải quyết", 14, _filled("progress"), "progress"),
    Column("Số, ký hiệu văn bản trả lời", 11, _filled("reply_number"), "reply_number"),
    Column("Ghi chú", 13, _filled("note"), "note"),
    Column("Mã nhiệm vụ", 8, lambda entry: entry.task.id),
    Column("Nội dung nhiệm vụ", 40, lambda entry: entry.task.text, "text"),
    Column("Trạng thái", 13, lambda entry: entry.standing.status_label, "status"),
    Column("Ngày hoàn thành", 11, lambda entry: entry.standing.day("completed_on"), "completed_on"),
    Column("Số ngày quá hạn", 8, lambda entry: entry.task.days_late or None),
    Column("Vai trò", 8, lambda entry: ROLES[entry.given.role]),
    Column("Đơn vị phối hợp", 14, lambda entry: "; ".join(entry.task.coordinating), "coordinating"),
    Column("Hoàn thành (%)", 8, _percent, "percent"),
    Column("Tình trạng", 14, lambda entry: entry.task.state_label),
    Column("Vị trí trong văn bản", 13, _place),
    Column("Cần kiểm tra", 20, _doubts),
)
"""``Vai trò`` is the department's role in the task; in a list of all departments it is empty. ``Trạng thái`` is what a person set,
``Tình trạng`` what follows from it and the dates. The first :data:`PRINTED` fit on an A4 sheet in letters of 8 points."""

PRINTED = 14

ID_TITLE = "Mã nhiệm vụ"


@dataclass(frozen=True, slots=True)
class Register:
    """A list ready to be written: whose, on which day, with which tasks. ``groups``: the folded names that mean several bodies."""

    agency: str
    as_of: date
    rows: tuple[Entry, ...]
    groups: frozenset[str] = frozenset()

    @property
    def named(self) -> bool:
        """Whether it is a department's, not that of all, of nobody or of a filter."""
        return self.agency not in (ALL_AGENCIES, NO_AGENCY, SELECTION)

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings of all columns."""
        return tuple(column.title for column in COLUMNS)

    def cells(self) -> list[list[Cell]]:
        """One list of values for each task, in the order of the headings."""
        return [[column.value(row) for column in COLUMNS] for row in self.rows]

    def counted(self) -> str:
        """How many there are and how they stand, as one Vietnamese sentence part."""
        coordinating = sum(row.given.role == "coordinating" for row in self.rows)
        return count_sentence(Counter(row.task.state for row in self.rows), coordinating)


def count_sentence(states: Mapping[str, int], coordinating: int = 0) -> str:
    """«Tổng số 3 nhiệm vụ (chủ trì 2, phối hợp 1): hoàn thành đúng hạn 1; quá hạn 2» for how many are in each state.

    States that do not occur are left out, and the roles where the department takes part in none (``coordinating``).
    """
    groups = {
        "hoàn thành đúng hạn": ("done_on_time",),
        "hoàn thành quá hạn": ("done_late",),
        "trong hạn": ("in_time", "due_soon"),
        "quá hạn": ("overdue",),
        "không thời hạn": ("no_deadline",),
        "trả lại, chuyển, dừng": ("returned", "transferred", "cancelled"),
    }
    counts = {label: sum(states.get(state, 0) for state in members) for label, members in groups.items()}
    listed = "; ".join(f"{label} {count}" for label, count in counts.items() if count)
    total = sum(states.values())
    roles = f" (chủ trì {total - coordinating}, phối hợp {coordinating})" if coordinating else ""
    return f"Tổng số {total} nhiệm vụ{roles}" + (f": {listed}" if listed else "")
