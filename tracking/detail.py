"""One task with all that belongs to it: deadlines, lines of the paper, what several departments did, what people changed."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tracking.heirs import TaskAgency
from tracking.history import EventRow
from tracking.migrations_acts import NOT_FOLLOWED
from tracking.rows import TaskRow, plain, to_date
from tracking.views import STATES

_OCCURRENCE_STATES = STATES | {NOT_FOLLOWED: "Chưa theo dõi"}


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One deadline as extracted; ``decisive`` marks the one that gave the task its own dates."""

    text: str
    decisive: bool
    start: date | None
    due: date | None
    bound: str | None
    recurrence: str | None
    relative_n: int | None
    relative_unit: str | None
    relative_from: str | None
    day: int | None
    month: int | None
    time: str | None
    confidence: float

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> DeadlineRow:
        """From a row of ``task_deadlines``."""
        values = {name: row[name] for name in cls.__slots__}
        values |= {"decisive": bool(row["decisive"]), "start": to_date(row["start"]), "due": to_date(row["due"])}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of the paper: ``raw`` as it was read, ``text`` as it was restored; ``box`` in points from the top left corner."""

    page: int
    number: int
    raw: str
    text: str
    confidence: float
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """How one department stands with a task that several lead, where that differs from the task.

    ``due`` is the department's own date, else the task's; ``state`` as in :data:`tracking.views.STATES`, ``days_late`` as in a task.
    """

    agency_id: int
    agency: str
    status: str
    completed_on: date | None
    percent: int | None
    due: date | None
    requested_due: date | None
    note: str | None
    state: str
    days_late: int | None

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> ShareRow:
        """From a row of :func:`tracking.views.shares_sql`."""
        values = {name: row[name] for name in cls.__slots__}
        for name in ("completed_on", "due", "requested_due"):
            values[name] = to_date(row[name])
        return cls(**values)

    @property
    def label(self) -> str:
        """What a clerk reads for ``state``."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class OccurrenceRow:
    """One time that a recurring task falls due; ``state`` as in :data:`tracking.views.STATES`, or ``not_followed``.

    ``scheduled`` is the day that the rhythm gives, ``due`` the one that counts, later after an extension.
    """

    id: int
    scheduled: date
    due: date
    requested_due: date | None
    status: str
    completed_on: date | None
    percent: int | None
    note: str | None
    state: str
    days_late: int | None

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> OccurrenceRow:
        """From a row of :func:`tracking.views.occurrences_sql`."""
        values = {name: row[name] for name in cls.__slots__}
        for name in ("scheduled", "due", "requested_due", "completed_on"):
            values[name] = to_date(row[name])
        return cls(**values)

    @property
    def label(self) -> str:
        """What a clerk reads for ``state``, with the extension asked for or granted."""
        if self.requested_due is not None:
            return f"{_OCCURRENCE_STATES[self.state]} (đang xin gia hạn đến {self.requested_due:%d/%m/%Y})"
        return _OCCURRENCE_STATES[self.state] + (f" (đã gia hạn đến {self.due:%d/%m/%Y})" if self.due != self.scheduled else "")


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """One task with its agencies, its deadlines, the lines of the paper it stands on, and what people did to it (oldest first).

    ``lead_lines`` are those of the heading or label that named the lead; empty when the task's own lines do. ``shares``: departments
    with a standing of their own; ``occurrences`` of a recurring task, earliest first.
    """

    task: TaskRow
    agencies: tuple[TaskAgency, ...]
    deadlines: tuple[DeadlineRow, ...]
    lines: tuple[SourceLine, ...]
    events: tuple[EventRow, ...]
    lead_lines: tuple[SourceLine, ...] = ()
    shares: tuple[ShareRow, ...] = ()
    occurrences: tuple[OccurrenceRow, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The task's fields with ``agencies``, ``deadlines``, ``source_lines``, ``events``, ``shares`` and ``occurrences``."""
        return self.task.as_json() | {
            "agencies": [agency.as_json() for agency in self.agencies],
            "deadlines": [plain(asdict(deadline)) for deadline in self.deadlines],
            "source_lines": [plain(asdict(line)) for line in self.lines],
            "lead_lines": [plain(asdict(line)) for line in self.lead_lines],
            "events": [event.as_json() for event in self.events],
            "shares": [plain(asdict(share)) | {"label": share.label} for share in self.shares],
            "occurrences": [plain(asdict(one)) | {"label": one.label} for one in self.occurrences],
        }
