"""Deadlines as an iCalendar file (RFC 5545): one all-day event for each day that is still owed, with reminders 7 days and 1 day before.

The UID of a deadline stays the same from export to export, so a calendar that takes the file again moves the event instead of doubling it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from tracking.exporting import COMBINED, combined_register, put_in_place, write_department, write_departments
from tracking.register import TITLE, Entry, Register, document_title
from tracking.rows import TaskFilter
from tracking.standing import cell_text
from tracking.store import Store

REMINDERS = (7, 1)
"""Days before the deadline, at eight in the morning."""

AHEAD = 366
"""How many days ahead the dates of recurring tasks are given."""

_TITLE_LENGTH = 90

Dates = Mapping[int, Sequence[date]]


def export_department(store: Store, agency: str | None, path: Path, as_of: date | None = None) -> Path:
    """Write the calendar of one department (None: of nobody); an existing file is replaced.

    :raises NotFound: no agency has such a name. :raises FileAccessError: the file cannot be written.
    """
    return write_department(store, agency, path, as_of, _writer(store, as_of))


def export_combined(store: Store, path: Path, as_of: date | None = None, wanted: TaskFilter | None = None) -> Path:
    """Write one calendar with every deadline once, or with those that pass the filter.

    :raises FileAccessError: the file cannot be written.
    """
    register = combined_register(store, as_of, wanted)
    return put_in_place(path, partial(_writer(store, as_of), register))


def export_all(store: Store, folder: Path, as_of: date | None = None, *, places: bool = False) -> list[Path]:
    """Write a calendar for each department and ``tong-hop.ics`` with all; the paths written.

    ``places``: also a file for each commune or province of a group, instead of one for the group.

    :raises FileAccessError: the folder or a file cannot be written.
    """
    written = write_departments(store, folder, "ics", as_of, _writer(store, as_of), places=places)
    return [*written, export_combined(store, folder / f"{COMBINED}.ics", as_of)]


def _writer(store: Store, as_of: date | None) -> partial[None]:
    recurring: dict[int, list[date]] = {}
    for occurrence in store.occurrences_due((as_of or date.today()) + timedelta(days=AHEAD)):
        recurring.setdefault(occurrence.task_id, []).append(occurrence.due)
    return partial(_write, store.identity, recurring)


def calendar(workspace: str, recurring: Dates, register: Register) -> Calendar:
    """The deadlines of a register that are still owed; ``recurring``: task id → its dates, for those that come again and again."""
    found = Calendar()
    found.add("prodid", "-//dondoc//dondoc//VI")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", f"{TITLE} - {cell_text(register.agency)}")
    stamp = datetime.now(UTC).replace(microsecond=0)
    for entry in register.rows:
        if entry.owed:
            days = recurring.get(entry.task.id, ()) if entry.task.recurrence else (entry.due,)
            for day in days:
                if day is not None:
                    found.add_component(_event(workspace, entry, day, stamp))
    return found


def _event(workspace: str, entry: Entry, day: date, stamp: datetime) -> Event:
    task = entry.task
    text = " ".join(cell_text(task.text).split())
    event = Event()
    occurrence = f"-{day:%Y%m%d}" if task.recurrence else ""
    event.add("uid", f"{workspace}-{task.id}{occurrence}@dondoc")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"Hạn: {text if len(text) <= _TITLE_LENGTH else text[:_TITLE_LENGTH] + '…'}")
    lines = [text, f"Văn bản: {document_title(task)}", f"Chủ trì: {task.lead_text}", f"Mã nhiệm vụ: {task.id}"]
    event.add("description", cell_text("\n".join(lines)))
    event.add("transp", "TRANSPARENT")
    for days in REMINDERS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"Còn {days} ngày: {text[:_TITLE_LENGTH]}")
        alarm.add("trigger", timedelta(hours=8) - timedelta(days=days))
        event.add_component(alarm)
    return event


def _write(workspace: str, recurring: Dates, register: Register, path: Path) -> None:
    path.write_bytes(calendar(workspace, recurring, register).to_ical())
