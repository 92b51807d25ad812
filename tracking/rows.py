"""The values that the store gives: rows of its tables with dates as dates, and the filter for lists of tasks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from tracking.heirs import TaskAgency
from tracking.views import STATES, STATUS_LABELS


def to_date(value: str | None) -> date | None:
    """An ISO date out of the file."""
    return date.fromisoformat(value) if value else None


def strings(value: str | None) -> tuple[str, ...]:
    """A JSON list of strings out of the file."""
    return tuple(json.loads(value)) if value and value != "[]" else ()


def plain(value: Any) -> Any:
    """The same value in JSON's own types."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, tuple | list):
        return [plain(member) for member in value]
    return value


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What :meth:`tracking.Store.save` did.

    ``tasks_kept`` counts the tasks left as they were, those included that the machine no longer finds but a person had touched.
    ``duplicate_of`` is the document with the same issuer, number and date taken in earlier from another file, if there is one.
    """

    document_id: int
    created: bool
    tasks_new: int
    tasks_updated: int
    tasks_kept: int
    tasks_removed: int = 0
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One directive in the file. ``text_source``: text, text-layer, ocr or mixed; ``ocr_confidence`` 0 to 1, None without OCR.

    ``field_confidence``: the chance (0 to 1) that each header field that was read is right. ``secrecy``: Mật, Tối mật or Tuyệt mật for a
    paper that was taken in on purpose. ``warnings``: those that nobody has compared with the paper yet. ``archived_as``,
    ``searchable``: the file and its searchable copy, below the workspace.
    """

    id: int
    sha256: str
    file_name: str
    path: str
    kind: str
    number: str | None
    type: str | None
    issuer: str | None
    date: date | None
    place: str | None
    subject: str | None
    signer: str | None
    signer_title: str | None
    recipients: tuple[str, ...]
    addressees: tuple[str, ...]
    urgency: str | None
    parent: str | None
    issuers: tuple[str, ...]
    authority: tuple[str, ...]
    secrecy: str | None
    field_confidence: Mapping[str, float]
    page_count: int
    text_source: str
    ocr_confidence: float | None
    warnings: tuple[str, ...]
    status: str
    incoming_number: str | None
    received_at: str
    taken_in_at: str
    duplicate_of: int | None
    archived_as: str | None
    searchable: str | None
    tasks: int

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> DocumentRow:
        """From a row of ``documents`` with its number of tasks as ``tasks``."""
        values = {name: row[name] for name in cls.__slots__}
        values["date"] = to_date(row["date"])
        values["field_confidence"] = json.loads(row["field_confidence"])
        for name in ("recipients", "addressees", "issuers", "authority", "warnings"):
            values[name] = strings(row[name])
        compared = strings(row["warnings_checked"])
        values["warnings"] = tuple(warning for warning in values["warnings"] if warning not in compared)
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        """All fields, dates ISO."""
        return {name: plain(value) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as it stands on the day asked for.

    ``status`` is what a person set (``open`` at first), ``state`` what follows from it and the dates (:data:`tracking.views.STATES`).
    ``days_late`` is 0 when on time and None without a due date. ``due_counted``: the paper gives a term ("trong 05 ngày làm việc kể từ ngày
    ký"), ``due`` was counted from the document's date. ``missing`` means the last extraction no longer found it (kept because a
    person had worked on it). ``duplicate_of`` is the same task in an earlier scan of the same directive. ``lead_now``: who does the work of
    ``lead`` on that day; empty when the directive's names still hold. ``lead_source`` tells where the lead was read
    (:data:`extract.directive.LeadSource`; None: nowhere, or a person named it), the other ``lead_`` members on which lines when these are
    not the task's own. ``field_confidence``: the chance (0 to 1) that text, lead, coordinating, deadlines and references are right.
    ``due`` of a recurring task is that of its earliest occurrence still owed, None when none is. ``percent`` is 0 to 100, None when
    nobody said. ``first_due``: the paper's own date once an extension was granted; ``requested_due`` the one asked for; ``superseded_by``
    a document; ``origin`` document or person; ``removed`` tasks are in no list; ``split_from`` and ``merged_into`` are tasks;
    ``last_event`` is the newest row of ``task_events``, 0 for none.
    """

    id: int
    document_id: int
    document_number: str | None
    document_type: str | None
    document_date: date | None
    issuer: str | None
    incoming_number: str | None
    file_name: str
    path: str
    text: str
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    deadline_text: str | None
    start: date | None
    due: date | None
    due_counted: bool
    bound: str | None
    recurrence: str | None
    expected_result: str | None
    cited: tuple[str, ...]
    status: str
    state: str
    completed_on: date | None
    days_late: int | None
    progress: str | None
    reply_number: str | None
    note: str | None
    confidence: float
    needs_review: bool
    reasons: tuple[str, ...]
    page: int
    line_first: int
    line_last: int
    end_page: int | None
    end_line: int | None
    missing: bool
    duplicate_of: int | None
    lead_source: str | None
    lead_page: int | None
    lead_line_first: int | None
    lead_line_last: int | None
    lead_end_page: int | None
    lead_end_line: int | None
    field_confidence: Mapping[str, float]
    secrecy: str | None
    percent: int | None
    first_due: date | None
    requested_due: date | None
    superseded_by: int | None
    origin: str
    removed: bool
    split_from: int | None
    merged_into: int | None
    last_event: int
    lead_now: tuple[str, ...] = ()

    @classmethod
    def from_row(cls, row: sqlite3.Row, agencies: Sequence[TaskAgency]) -> TaskRow:
        """From a row of :func:`tracking.views.task_rows_sql` and who is responsible."""
        values = dict(zip(row.keys(), row, strict=True))  # by name a Row looks through all its columns each time
        for name in _DATES:
            values[name] = to_date(values[name])
        for name in ("cited", "reasons"):
            values[name] = strings(values[name])
        for name in ("due_counted", "needs_review", "missing", "removed"):
            values[name] = bool(values[name])
        for role in ("lead", "coordinating"):
            values[role] = tuple(agency.name for agency in agencies if agency.role == role)
        values["field_confidence"] = json.loads(values["field_confidence"])
        return cls(**values, lead_now=_lead_now(agencies))

    @property
    def overdue(self) -> bool:
        """Whether it is still owed and its date has passed."""
        return self.state == "overdue"

    @property
    def state_label(self) -> str:
        """What a clerk reads for ``state``, with the extension asked for or granted."""
        if self.status == "extension_requested":
            until = f" đến {self.requested_due:%d/%m/%Y}" if self.requested_due else ""
            return f"{STATES[self.state]} (đang xin gia hạn{until})"
        return STATES[self.state] + (" (đã gia hạn)" if self.extended else "")

    @property
    def status_label(self) -> str:
        """What a clerk reads for ``status``."""
        return STATUS_LABELS[self.status]

    @property
    def extended(self) -> bool:
        """Whether its date was put off; ``first_due`` is then the paper's."""
        return self.first_due is not None

    @property
    def lead_text(self) -> str:
        """Who leads as the directive has it, and who does that work today: "Sở Giao thông vận tải → hiện nay: Sở Xây dựng"."""
        named = "; ".join(self.lead)
        return f"{named} → hiện nay: {'; '.join(self.lead_now)}" if self.lead_now else named

    @property
    def lines(self) -> tuple[int, int]:
        """First and last line on its page, both included."""
        return self.line_first, self.line_last

    def as_json(self) -> dict[str, Any]:
        """All fields, dates ISO, with the Vietnamese label of the state."""
        return {name: plain(value) for name, value in asdict(self).items()} | {"state_label": self.state_label, "extended": self.extended}


_DATES = ("document_date", "start", "due", "completed_on", "first_due", "requested_due")


def _lead_now(agencies: Sequence[TaskAgency]) -> tuple[str, ...]:
    """Who leads today, when that is somebody else than the directive names."""
    leads = [agency for agency in agencies if agency.role == "lead"]
    if not any(agency.changed and agency.now for agency in leads):
        return ()
    return tuple(dict.fromkeys(name for agency in leads for name in agency.now or (agency.name,)))


@dataclass(frozen=True, slots=True)
class CitationRow:
    """A document cited by ``document_id``; ``cited_document_id`` once that document itself is in the file."""

    id: int
    document_id: int
    type: str | None
    number: str | None
    date: date | None
    issuer: str | None
    cited_document_id: int | None

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> CitationRow:
        """From a row of ``citations``."""
        values = {name: row[name] for name in cls.__slots__}
        values["date"] = to_date(row["date"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """How a department stands over the tasks it leads; ``closed_otherwise``: returned, transferred or cancelled."""

    agency: str
    total: int
    done_on_time: int
    done_late: int
    in_time: int
    overdue: int
    no_deadline: int
    closed_otherwise: int

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> DepartmentRow:
        """From a row of ``department_summary``."""
        return cls(**{name: row[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A page or a task in which all words occur; ``task_id`` None for a page. ``snippet`` has the first find between « and »."""

    document_id: int
    document_number: str | None
    file_name: str
    page: int
    task_id: int | None
    snippet: str


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a person's SQL gave; ``truncated`` when there were more rows than asked for."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool


ORDERS = ("due", "-due", "document", "agency", "status", "newest", "confidence")
"""How a list of tasks can be sorted. ``due`` earliest first, ``-due`` latest first, both with tasks without a date last; ``document`` by
its date, then as the tasks stand in it; ``agency`` by the first lead; ``status`` owed ones first, then by how they ended; ``newest`` last
found first; ``confidence`` least sure first."""


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks a list shows; every member that is set narrows it.

    ``agency`` matches whole words of a responsible agency's name with or without diacritics ("noi vu" finds "Sở Nội vụ"), through groups,
    aliases and successors; ``agency_exact`` is one of :meth:`tracking.Store.departments`, the tasks being those of its own list, each as
    that department stands with it; ``role`` lead or coordinating. ``document`` is an id or part of a number. ``status`` is a stored status
    or a computed state (``overdue``, ``due_soon`` …), ``active`` for everything still owed; ``states`` several of these, any of which will
    do. Periods include both days: ``due_``, ``completed_`` (the day of completion), ``issued_`` (the document's date), ``received_`` (the
    day it came in). ``upcoming_days`` keeps what is owed and due within so many days from ``as_of`` (today when None). ``words`` must all
    occur, with or without diacritics. ``ids`` are tasks. ``without_lead``: nobody is named to lead; ``unassigned``: nor to take part;
    ``undecided``: still owed, and of several successors of a lead somebody must choose. ``removed``: those that a person removed or merged
    into another, which no other list has.
    """

    agency: str | None = None
    role: str | None = None
    document: str | int | None = None
    status: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    as_of: date | None = None
    words: str | None = None
    overdue: bool = False
    upcoming_days: int | None = None
    without_deadline: bool = False
    needs_review: bool = False
    duplicates: bool = False
    limit: int | None = None
    offset: int = 0
    order: str = "due"
    agency_exact: str | None = None
    states: tuple[str, ...] = ()
    completed_from: date | None = None
    completed_to: date | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    received_from: date | None = None
    received_to: date | None = None
    ids: tuple[int, ...] | None = None
    without_lead: bool = False
    unassigned: bool = False
    undecided: bool = False
    removed: bool = False
