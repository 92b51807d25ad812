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
    from tracking import Store, TaskRow
    from tracking.pressing import Pressing

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


def gather(store: Store, day: date, settings: RemindSettings, agency: str | None = None, *, most: int = MOST) -> list[Digest]:
    """A digest for every department that has something to be told, by name, and last the summary; with ``agency`` that one's only.

    ``most``: tasks told in a section; 0 only counts.

    :raises NotFound: no agency has such a name. :raises UsageError: several have.
    """
    from tracking.folding import fold  # noqa: PLC0415 - not for --help

    until = day + timedelta(days=settings.days)
    occurrences: dict[int, list[date]] = {}
    for occurrence in store.occurrences_due(until):
        occurrences.setdefault(occurrence.task_id, []).append(occurrence.due)
    finder = _Finder(store, day, settings, occurrences, most)
    if agency is not None:
        name = store.department_name(agency, day)
        return finder.digests({name: finder.places(store.pressing(day, until, name))})
    by_department: dict[str, dict[int, Pressing]] = {}
    for one in store.pressing(day, until, places=settings.members):
        # Two rows of one name (a province before and after a merger) are one department.
        by_department.setdefault(one.agency or "", {}).setdefault(one.task_id, one)
    found = {name: finder.places(by_department[name].values()) for name in sorted(by_department, key=lambda name: (fold(name), name))}
    told = finder.digests(found)
    whole = finder.places(store.pressing_as_a_whole(day, until), whole=True)
    known = {one.task.task_id for one in whole if one.kind == "extension"}
    # What single departments ask more time for, though others of the task do not.
    whole += [one for places in found.values() for one in places if one.kind == "extension" and one.task.task_id not in known]
    digests = finder.digests({EVERYBODY: whole, NOBODY: [one for one in whole if not one.task.led]})
    summary = [digest for digest in digests if digest.is_summary]
    standings = [Standing(clean(one.agency), one.counts(), _longest(one)) for one in (*told, *digests) if not one.is_summary]
    standings.sort(key=lambda one: (-one.counts.get("overdue", 0), -one.longest))
    return [*told, *(replace(digest, standings=tuple(standings)) for digest in summary)]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a task stands in a digest."""

    kind: Kind
    task: Pressing
    due: date | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Finder:
    store: Store
    day: date
    settings: RemindSettings
    occurrences: Mapping[int, Sequence[date]]
    most: int

    def places(self, tasks: Iterable[Pressing], *, whole: bool = False) -> list[_Place]:
        """Where each task stands, a recurring one with its occurrences; ``whole``: for the summary, which has unchecked ones always."""
        return [place for task in tasks if whole or self.settings.unchecked or not task.unchecked for place in self._of(task)]

    def digests(self, found: Mapping[str, Sequence[_Place]]) -> list[Digest]:
        """A digest for each name that has anything to be told."""
        told: dict[str, dict[Kind, tuple[list[_Place], int]]] = {}
        for name, places in found.items():
            sections = told[name] = {}
            for kind in HEADINGS:
                of_kind = [one for one in places if one.kind == kind and not one.task.secret]
                of_kind.sort(key=lambda one: (one.due is None, one.due, one.task.task_id))
                if of_kind:
                    sections[kind] = of_kind[: self.most], len(of_kind)
        shown = {one.task for sections in told.values() for places, _ in sections.values() for one in places}
        rows = self.store.as_they_stand(shown, self.day)
        return [
            Digest(
                name,
                self.day,
                self.settings.days,
                clean(self.settings.office),
                tuple(
                    Section(kind, tuple(self._item(one, rows[one.task]) for one in places), total)
                    for kind, (places, total) in told[name].items()
                ),
                len({one.task.task_id for one in found[name] if one.task.secret}),
            )
            for name in found
            if found[name]
        ]

    def _of(self, task: Pressing) -> list[_Place]:
        if dues := self.occurrences.get(task.task_id):
            missed = [due for due in dues if due < self.day]
            # A paper of years ago has dozens; the last one missed says that the report is owed.
            before = (f"còn {len(missed) - 1} kỳ trước đó chưa báo cáo",) if len(missed) > 1 else ()
            past = [_Place("recurring", task, missed[-1], before)] if missed else []
            return past + [_Place("recurring", task, due) for due in dues if due >= self.day]
        if task.status == "extension_requested":
            return [_Place("extension", task, task.due)]
        return [_Place("overdue" if task.due < self.day else "soon", task, task.due)] if task.due else []

    def _item(self, place: _Place, task: TaskRow) -> Item:
        from tracking.register import document_title  # noqa: PLC0415 - not for --help

        given, remarks = place.task, place.remarks
        if given.agency and given.as_written and given.as_written != given.agency:
            remarks += (f"văn bản ghi: {clean(given.as_written)}",)
        if given.needs_decision:
            remarks += ("chưa quyết định cơ quan kế thừa",)
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
        days = (self.day - place.due).days if place.due else None
        lead = given.agency if given.share_id is not None and given.agency else task.lead_text
        return Item(task.id, clean(task.text), clean(document_title(task)), clean(lead) or NOBODY, place.due, days, remarks)


def clean(text: str) -> str:
    """``text`` as one line without characters that steer a terminal, a mail header or the direction of reading."""
    # U+FFFE and U+FFFF are no characters and forbidden in XML.
    return " ".join(screen.safe(text).split()).translate({0xFFFE: "\N{REPLACEMENT CHARACTER}", 0xFFFF: "\N{REPLACEMENT CHARACTER}"})


def _longest(digest: Digest) -> int:
    return max((item.days or 0 for section in digest.sections for item in section.items), default=0)
