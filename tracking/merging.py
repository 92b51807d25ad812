"""Several tasks that the paper means as one, joined by a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ingest.errors import UsageError
from tracking import followup
from tracking.acts import Act
from tracking.occurring import PERIODIC
from tracking.parting import still_there
from tracking.shares import Department, responsible
from tracking.views import OWED, OWED_SQL

_OF_THE_EARLIEST = ("due", "due_counted", "start", "deadline_text", "bound", "first_due")
_FIRST = ("recurrence", "expected_result")
_JOINED = ("progress", "reply_number", "note")

Standing = dict[str, Any]
"""status, completed_on, percent, due, requested_due, note: of a task or of one department's part in it."""


def merge(act: Act, task_ids: Sequence[int]) -> int:
    """Tasks of one document become the first of them: texts joined in order, agencies united, the earliest due date.

    Every department keeps what it has done and by when: where that differs from the whole, as its own part. The others are removed and
    name the one that took them up. Returns its id.
    """
    ids = list(dict.fromkeys(task_ids))
    if len(ids) < 2:
        raise UsageError("gộp cần ít nhất hai nhiệm vụ khác nhau.")
    rows = sorted((act.task(task_id) for task_id in ids), key=lambda row: (row["position"], row["id"]))
    if len({row["document_id"] for row in rows}) > 1:
        raise UsageError("chỉ gộp được các nhiệm vụ của cùng một văn bản.")
    rhythms = {row["recurrence"] for row in rows}
    if len(rhythms) > 1 and rhythms & set(PERIODIC):
        raise UsageError("chỉ gộp được các nhiệm vụ cùng chu kỳ.", remedy="Hãy sửa chu kỳ (recurrence) cho giống nhau trước.")
    for row in rows:
        still_there(row)
    kept, others = rows[0], rows[1:]
    parts = _parts(act, rows)
    whole = _together([dict(row) for row in rows])
    act.set(kept["id"], **_merged(rows), **{name: whole[name] for name in ("status", "completed_on", "requested_due", "percent")})
    for role in ("lead", "coordinating"):
        _unite(act.connection, kept["id"], [row["id"] for row in others], role)
    # Who leads one part does not only take part in the whole.
    act.connection.execute(
        """DELETE FROM task_agencies WHERE task_id = :id AND role = 'coordinating'
        AND agency_id IN (SELECT agency_id FROM task_agencies WHERE task_id = :id AND role = 'lead')""",
        {"id": kept["id"]},
    )
    _put_parts(act, int(kept["id"]), parts)
    _unite_occurrences(act.connection, kept["id"], [row["id"] for row in others])
    for row in others:
        act.set(row["id"], removed=1, merged_into=kept["id"])
    return int(kept["id"])


def _merged(rows: Sequence[sqlite3.Row]) -> dict[str, Any]:
    texts = [str(row["text"]) for row in rows]
    changes: dict[str, Any] = {"text": "; ".join(text.strip().rstrip(".;,") for text in texts[:-1]) + "; " + texts[-1].strip()}
    changes |= {name: next((row[name] for row in rows if row[name]), None) for name in (*_FIRST, "deadline_text", "start", "bound")}
    changes |= {name: _joined(row[name] for row in rows) for name in _JOINED}
    dues = [row for row in rows if row["due"]]
    if dues:
        earliest = min(dues, key=lambda row: str(row["due"]))
        changes |= {name: earliest[name] for name in _OF_THE_EARLIEST}
    cancelled = [row["superseded_by"] for row in rows]
    return changes | {"superseded_by": cancelled[0] if len(set(cancelled)) == 1 else None}


def _joined(texts: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None


def _parts(act: Act, rows: Sequence[sqlite3.Row]) -> dict[int, list[Standing]]:
    """Department → how it stands with each of the tasks that it answers for, its own date or the task's as ``due``."""
    found: dict[int, list[Standing]] = {}
    for row in rows:
        own_rows = act.connection.execute("SELECT * FROM task_shares WHERE task_id = ?", (row["id"],))
        shares = {share["agency_id"]: share for share in own_rows}
        for agency_id in responsible(act.connection, row["id"], act.now.date()).keys() | shares.keys():
            own = shares.get(agency_id)
            standing = dict(own) if own is not None else dict(row) | {"note": None}
            found.setdefault(agency_id, []).append(standing | {"due": standing["due"] or row["due"]})
    return found


def _put_parts(act: Act, task_id: int, parts: Mapping[int, list[Standing]]) -> None:
    task = act.task(task_id)
    known = responsible(act.connection, task_id, act.now.date())
    leads = [one for one in known.values() if one.leads]
    act.connection.execute("DELETE FROM task_shares WHERE task_id = ?", (task_id,))
    for agency_id, standings in parts.items():
        if _alone(agency_id, leads):
            continue  # its part is the task
        own = _together(standings)
        if own["due"] is None or task["due"] is None or own["due"] <= task["due"]:
            own["due"] = None
        as_the_task = all(own[name] == task[name] for name in ("status", "completed_on", "requested_due"))
        if as_the_task and own["due"] is None and own["note"] is None:
            continue
        act.connection.execute(
            """INSERT INTO task_shares(task_id, agency_id, status, completed_on, percent, due, requested_due, note)
            VALUES (:task_id, :agency_id, :status, :completed_on, :percent, :due, :requested_due, :note)""",
            own | {"task_id": task_id, "agency_id": agency_id},
        )


def _alone(agency_id: int, leads: Sequence[Department]) -> bool:
    return [one.id for one in leads] == [agency_id]


def _together(standings: Sequence[Mapping[str, Any]]) -> Standing:
    """The standing with all of it: owed while any is, done on the latest day, by the earliest date."""
    statuses = [one["status"] for one in standings]
    owed = [status for status in statuses if status in OWED]
    if "extension_requested" in owed:
        status = "extension_requested"
    elif owed:
        status = "open" if set(statuses) == {"open"} else "in_progress"
    else:
        status = next((status for status in ("returned", "done") if status in statuses), statuses[0])
    reported = [one["percent"] for one in standings if one["percent"] is not None]
    known = [100 if one["status"] == "done" else one["percent"] for one in standings]
    percent = None if not reported or None in known else round(sum(known) / len(known))
    asked = [one["requested_due"] for one in standings if one["requested_due"]]
    return {
        "status": status,
        "completed_on": max(one["completed_on"] for one in standings if one["completed_on"]) if status == "done" else None,
        "percent": followup.percent_after(percent, status),
        "due": min((one["due"] for one in standings if one["due"]), default=None),
        "requested_due": max(asked, default=None) if status == "extension_requested" else None,
        "note": _joined(one["note"] for one in standings),
    }


def _unite(connection: sqlite3.Connection, kept: int, others: Sequence[int], role: str) -> None:
    for other in others:
        connection.execute(
            """INSERT OR IGNORE INTO task_agencies(task_id, agency_id, role, name, position, candidates)
            SELECT :kept, agency_id, role, name, position + 1 + (SELECT coalesce(max(position), -1) FROM task_agencies
                WHERE task_id = :kept AND role = :role), candidates
            FROM task_agencies WHERE task_id = :other AND role = :role""",
            {"kept": kept, "other": other, "role": role},
        )


def _unite_occurrences(connection: sqlite3.Connection, kept: int, others: Sequence[int]) -> None:
    """An instance is owed while that of the same day of one of the tasks is."""
    for other in others:
        connection.execute(
            f"""UPDATE occurrences AS o SET status = w.status, completed_on = NULL, percent = w.percent, requested_due = w.requested_due
            FROM occurrences AS w WHERE o.task_id = ? AND w.task_id = ? AND w.scheduled = o.scheduled AND w.status IN ({OWED_SQL})
                AND o.status NOT IN ({OWED_SQL})""",  # noqa: S608 - constants
            (kept, other),
        )
