"""The form that corrects one task: what it shows, what was changed in it, and what somebody else changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData

from dondoc.web.document_view import ShownTask
from ingest.errors import UsageError
from tracking.history import FIELDS, shown_value
from tracking.rows import TaskRow

if TYPE_CHECKING:
    from tracking import TaskDetail

PLAIN = ("text", "due", "deadline_text", "percent", "note")
"""Fields of the form that are stored as they stand."""

NAMES = (*PLAIN, "lead", "coordinating", "status", "completed_on")
FOCUS = ("lead", "coordinating", "due", "deadline_text", "note", "text")


@dataclass(frozen=True, slots=True)
class TaskForm:
    """A form for the template.

    ``was``: values when the form was given out; ``now``: what stands in it; ``offers``: agencies worth offering before anything is
    typed. After a newer change by somebody else ``conflict`` says so and ``differences`` are (field, theirs, ours).
    """

    task: ShownTask
    was: Mapping[str, str]
    now: Mapping[str, str]
    offers: Mapping[str, list[dict[str, str]]]
    focus: str = ""
    error: str = ""
    conflict: str = ""
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def values_of(row: TaskRow) -> dict[str, str]:
    """What a form for that task shows."""
    return {
        "text": row.text,
        "due": row.due.isoformat() if row.due else "",
        "deadline_text": row.deadline_text or "",
        "percent": "" if row.percent is None else str(row.percent),
        "note": row.note or "",
        "lead": "; ".join(row.lead),
        "coordinating": "; ".join(row.coordinating),
        "status": row.status,
        "completed_on": row.completed_on.isoformat() if row.completed_on else "",
    }


def offers(detail: TaskDetail) -> dict[str, list[dict[str, str]]]:
    """For each role what the paper may mean, and who may have succeeded those it names."""
    found: dict[str, list[dict[str, str]]] = {"lead": [], "coordinating": []}
    for agency in detail.agencies:
        listed = found[agency.role]
        for note, names in (("có thể là", agency.candidates), ("kế thừa", agency.choices if agency.needs_decision else ())):
            listed += [{"name": name, "note": note} for name in names if name not in [one["name"] for one in listed]]
    return found


def blank_form(task: ShownTask, detail: TaskDetail, focus: str) -> TaskForm:
    """The form of a task as it stands."""
    values = values_of(task.row)
    return TaskForm(task, values, values, offers(detail), focus if focus in FOCUS else "lead")


def submitted(form: FormData) -> tuple[dict[str, str], dict[str, str]]:
    """The values when the form was given out, and as they came back."""
    was = {name: _line(form.get(f"was-{name}")) for name in NAMES}
    return was, {name: _line(form.get(name), was[name]) for name in NAMES}


def _line(value: Any, absent: str = "") -> str:
    # Browsers send line ends in a text as \r\n.
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else absent


def changes(was: Mapping[str, str], now: Mapping[str, str]) -> dict[str, Any]:
    """What differs, as arguments of :meth:`tracking.Store.correct`.

    :raises UsageError: a date that is none.
    """
    found: dict[str, Any] = {}
    changed = {name for name in NAMES if now[name] != was[name]}
    fields: dict[str, object] = {name: now[name] or None for name in PLAIN if name in changed}
    if fields:
        found["fields"] = fields
    for role in ("lead", "coordinating"):
        if role in changed:
            found[role] = agency_names(now[role])
    if "status" in changed or ("completed_on" in changed and now["status"] == "done"):
        found["status"] = now["status"]
        if now["status"] == "done":
            found["on"] = _day(now["completed_on"]) if now["completed_on"] else date.today()
    elif "completed_on" in changed and now["completed_on"]:
        found["status"], found["on"] = "done", _day(now["completed_on"])
    return found


def agency_names(text: str) -> list[str]:
    """The names in a field of the form."""
    return [" ".join(name.split()) for name in text.split(";") if name.strip()]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"«{text}» không phải ngày.") from error


def differing(was: Mapping[str, str], now: Mapping[str, str], theirs: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Fields that somebody else changed since the form was given out: (name in words, theirs, ours)."""
    return [
        (FIELDS.get(name, name), shown_value(name, theirs[name]), shown_value(name, now[name]))
        for name in NAMES
        if theirs[name] != was[name]
    ]


def merged(was: Mapping[str, str], now: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """What we changed as we changed it, the rest as it is by now."""
    return {name: now[name] if now[name] != was[name] else theirs[name] for name in NAMES}
