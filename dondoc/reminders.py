"""What a department is reminded of on a day, and what the head of the office is told about all of them.

Only the lead of a task is reminded of it; who takes part has it in the department's list. A task stands in one section only: asked for more
time before overdue, overdue before due soon. Tasks of papers marked secret are counted, never told: a digest leaves the office. Texts come
from scans: here they lose their control characters and line breaks, so that no header, page or terminal has to guard itself again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from dondoc import screen
from dondoc.settings import RemindSettings

if TYPE_CHECKING:
    from tracking import DepartmentTask, Store, TaskRow
    from tracking.reminding import Share

Kind = Literal["overdue", "soon", "extension", "recurring"]

EVERYBODY = "Tổng hợp"
"""The name of the summary for the head of the office, in the list of addresses too."""

NOBODY = "Chưa rõ cơ quan thực hiện"

MOST = 100
"""Tasks told in one section (of a summary: in all departments together); the rest is counted: nobody reads a longer mail."""

HEADINGS: dict[Kind, str] = {
    "overdue": "Quá hạn chưa hoàn thành",
    "soon": "Sắp đến hạn",
    "extension": "Đã xin gia hạn, đang chờ quyết định",
    "recurring": "Việc định kỳ đến kỳ thực hiện",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A task in a digest. ``days``: late when positive, left when zero or less, None without a date. All texts are one clean line."""

    task_id: int
    text: str
    document: str
    lead: str
    due: date | None
    days: int | None
    remarks: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """«15/03/2024 – trễ 17 ngày», «15/03/2024 – còn 5 ngày»; «chưa xác định» without a date."""
        if self.due is None or self.days is None:
            return "chưa xác định"
        how = f"trễ {self.days} ngày" if self.days > 0 else f"còn {-self.days} ngày" if self.days else "hôm nay"
        return f"{screen.day(self.due)} – {how}"


@dataclass(frozen=True, slots=True)
class Section:
    """Tasks of one kind, the most pressing first; ``total`` counts also those beyond :data:`MOST`."""

    kind: Kind
    items: tuple[Item, ...]
    total: int

    @property
    def heading(self) -> str:
        """What a clerk reads above it."""
        return HEADINGS[self.kind]


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of the summary's table: how many tasks of each kind a department has, and the most days late."""

    agency: str
    counts: Mapping[Kind, int]
    longest: int


@dataclass(frozen=True, slots=True)
class Digest:
    """What goes to ``agency`` on ``day``. ``ahead``: how many days "soon" is. ``withheld``: tasks of secret papers, not told.

    ``office``: who reminds. ``standings``: of a summary only.
    """

    agency: str
    day: date
    ahead: int
    office: str
    sections: tuple[Section, ...]
    withheld: int = 0
    standings: tuple[Standing, ...] = ()

    @property
    def is_summary(self) -> bool:
        """Whether it is the summary for the head of the office."""
        return self.agency == EVERYBODY

    def counts(self) -> dict[Kind, int]:
        """Kind → number of tasks."""
        return {section.kind: section.total for section in self.sections}

    def counted(self) -> str:
        """«3 nhiệm vụ quá hạn, 1 sắp đến hạn trong 7 ngày tới»."""
        words: dict[Kind, str] = {
            "overdue": "nhiệm vụ quá hạn",
            "soon": f"nhiệm vụ đến hạn trong {self.ahead} ngày tới",
            "extension": "nhiệm vụ chờ quyết định gia hạn",
            "recurring": "kỳ của nhiệm vụ định kỳ",
        }
        parts = [f"{section.total} {words[section.kind]}" for section in self.sections]
        if self.withheld:
            parts.append(f"{self.withheld} nhiệm vụ trong văn bản mật")
        return ", ".join(parts)


def gather(store: Store, day: date, settings: RemindSettings, agency: str | None = None) -> list[Digest]:
    """A digest for every department that has something to be told, by name, and last the summary; with ``agency`` that one's only.

    :raises NotFound: no agency has such a name. :raises UsageError: several have.
    """
    from tracking import TaskFilter  # noqa: PLC0415 - not for --help

    if agency is not None:
        name = store.department_name(agency, day)
        by_department = {name: store.department_tasks(name, day)}
    else:
        by_department = store.tasks_by_department(day, places=settings.members)
    occurrences: dict[int, list[date]] = {}
    for occurrence in store.occurrences_due(day + timedelta(days=settings.days)):
        occurrences.setdefault(occurrence.task_id, []).append(occurrence.due)
    finder = _Finder(day, settings, occurrences, {(share.task_id, share.agency): share for share in store.shares()})
    found = {name: finder.of_department(name, tasks) for name, tasks in by_department.items()}
    told = [digest for name, of_department in found.items() if (digest := finder.digest(name, of_department)) is not None]
    if agency is None:
        everything = store.tasks(TaskFilter(as_of=day, status="active"))
        requests = [one for of_department in found.values() for one in of_department if one.kind == "extension"]
        if (summary := finder.summary(everything, told, requests)) is not None:
            told.append(summary)
    return told


@dataclass(frozen=True, slots=True)
class _Found:
    kind: Kind
    item: Item
    secret: bool


@dataclass(frozen=True, slots=True)
class _Finder:
    day: date
    settings: RemindSettings
    occurrences: Mapping[int, Sequence[date]]
    shares: Mapping[tuple[int, str], Share]

    def of_department(self, agency: str, tasks: Iterable[DepartmentTask]) -> list[_Found]:
        """What one department is told: of tasks that several lead, as it stands itself."""
        found = []
        for given in tasks:
            task = given.task
            share = self.shares.get((task.id, agency))
            if given.role != "lead" or (share and not share.active) or (task.needs_review and not self.settings.unchecked):
                continue
            remarks = []
            if given.as_written and given.as_written != agency:
                remarks.append(f"văn bản ghi: {clean(given.as_written)}")
            if given.needs_decision:
                remarks.append("chưa quyết định cơ quan kế thừa")
            if share:
                due = share.due or task.due
                late = due is not None and due < self.day
                state = "no_deadline" if due is None else "overdue" if late else "in_time"
                task = replace(
                    task, status=share.status, state=state, due=due, requested_due=share.requested_due, lead=(agency,), lead_now=()
                )
            found += self._of(task, tuple(remarks))
        return found

    def summary(self, tasks: Iterable[TaskRow], told: Sequence[Digest], requests: Iterable[_Found]) -> Digest | None:
        """What the head of the office is told: every task once, what single departments ask for, and where the departments stand."""
        found, nobody = [], []
        for task in tasks:
            of_task = self._of(task, ())
            found += of_task
            if not task.lead:
                nobody += of_task
        known = {one.item.task_id for one in found if one.kind == "extension"}
        found += [one for one in requests if one.item.task_id not in known]
        digest = self.digest(EVERYBODY, found)
        if digest is None:
            return None
        if (unassigned := self.digest(NOBODY, nobody)) is not None:
            told = [*told, unassigned]
        standings = [Standing(clean(one.agency), one.counts(), _longest(one)) for one in told]
        standings.sort(key=lambda one: (-one.counts.get("overdue", 0), -one.longest))
        return replace(digest, standings=tuple(standings))

    def digest(self, agency: str, found: Sequence[_Found]) -> Digest | None:
        """What was found, in sections; None when nothing was."""
        if not found:
            return None
        sections = []
        for kind in HEADINGS:
            items = [one.item for one in found if one.kind == kind and not one.secret]
            items.sort(key=lambda item: (item.due is None, item.due, item.task_id))
            if items:
                sections.append(Section(kind, tuple(items[:MOST]), len(items)))
        withheld = len({one.item.task_id for one in found if one.secret})
        return Digest(agency, self.day, self.settings.days, clean(self.settings.office), tuple(sections), withheld)

    def _of(self, task: TaskRow, remarks: tuple[str, ...]) -> list[_Found]:
        """The task's place in a digest, of a recurring one those of its occurrences; none for what is neither late nor near."""
        if task.id in self.occurrences:
            placed: list[tuple[Kind, date | None, tuple[str, ...]]] = []
            dues = self.occurrences[task.id]
            if missed := [due for due in dues if due < self.day]:
                # A paper of years ago has dozens; the last one missed says that the report is owed.
                before = (f"còn {len(missed) - 1} kỳ trước đó chưa báo cáo",) if len(missed) > 1 else ()
                placed.append(("recurring", missed[-1], before))
            placed += [("recurring", due, ()) for due in dues if due >= self.day]
        else:
            kind = self._kind(task)
            placed = [(kind, task.due, ())] if kind else []
        return [_Found(kind, self._item(task, due, more + remarks), task.secrecy is not None) for kind, due, more in placed]

    def _kind(self, task: TaskRow) -> Kind | None:
        if task.status == "extension_requested":
            return "extension"
        if task.overdue:
            return "overdue"
        owed = task.state in ("due_soon", "in_time")
        return "soon" if owed and task.due and (task.due - self.day).days <= self.settings.days else None

    def _item(self, task: TaskRow, due: date | None, remarks: tuple[str, ...]) -> Item:
        from tracking.register import document_title  # noqa: PLC0415 - not for --help

        if task.requested_due:
            remarks += (f"xin gia hạn đến {screen.day(task.requested_due)}",)
        if task.first_due:
            remarks += (f"đã gia hạn, thời hạn ban đầu {screen.day(task.first_due)}",)
        if task.percent is not None:
            remarks += (f"đã thực hiện {task.percent}%",)
        if task.progress:
            remarks += (f"tiến độ: {clean(task.progress)}",)
        if task.needs_review:
            remarks += ("máy đọc chưa chắc, đang chờ kiểm tra lại",)
        days = (self.day - due).days if due else None
        return Item(task.id, clean(task.text), clean(document_title(task)), clean(task.lead_text) or NOBODY, due, days, remarks)


def clean(text: str) -> str:
    """``text`` as one line without characters that steer a terminal, a mail header or the direction of reading."""
    # U+FFFE and U+FFFF are no characters and forbidden in XML.
    return " ".join(screen.safe(text).split()).translate({0xFFFE: "\N{REPLACEMENT CHARACTER}", 0xFFFF: "\N{REPLACEMENT CHARACTER}"})


def _longest(digest: Digest) -> int:
    return max((item.days or 0 for section in digest.sections for item in section.items), default=0)
