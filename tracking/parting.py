"""Tasks made, divided, joined and taken away by a person. Taking the document in again leaves all of that as it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.errors import NotFound, UsageError
from tracking import followup
from tracking.acts import Act
from tracking.folding import fold

_INHERITED = (
    "document_id", "position", "path", "deadline_text", "start", "due", "due_counted", "bound", "recurrence", "expected_result", "cited",
    "status", "completed_on", "requested_due", "superseded_by", "percent", "confidence", "needs_review", "reasons", "page", "line_first",
    "line_last", "end_page", "end_line", "first_due", "lead_source", "lead_page", "lead_line_first", "lead_line_last", "lead_end_page",
    "lead_end_line", "field_confidence",
)  # fmt: skip
"""What the parts of a task that is split have from it."""

_PARTS = (
    ("task_agencies", "agency_id, role, name, position, candidates"),
    ("task_shares", "agency_id, status, completed_on, percent, due, requested_due, note"),
    (
        "task_deadlines",
        "position, decisive, text, start, due, bound, recurrence, relative_n, relative_unit, relative_from, day, month, time, confidence",
    ),
)
_FIRST_FIELDS = ("deadline_text", "start", "bound", "recurrence", "expected_result", "note")


def add(
    act: Act,
    document_id: int,
    *,
    text: str,
    page: int,
    line_first: int,
    line_last: int,
    roles: Mapping[str, Sequence[str]],
    fields: Mapping[str, object],
) -> int:
    """A task that the machine had not found, on those lines of a page (from 1); its id. ``fields`` as :func:`tracking.followup.edit`."""
    lines = _lines(act.connection, document_id, page)
    if not 1 <= line_first <= line_last or line_last > max(lines, 1):
        raise UsageError(f"trang {page} có {lines} dòng; dòng {line_first}–{line_last} không hợp lệ.")
    row = act.connection.execute(
        "SELECT coalesce(max(position), -1) AS position FROM tasks WHERE document_id = ? AND (page, line_first) <= (?, ?)",
        (document_id, page, line_first),
    ).fetchone()
    task_id = act.add(
        {
            "document_id": document_id, "position": max(row["position"], 0), "path": "", "text": _text(text), "folded": fold(_text(text)),
            "found_text": _text(text), "confidence": 1.0, "needs_review": 0, "page": page, "line_first": line_first,
            "line_last": line_last, "origin": "person",
        }
    )  # fmt: skip
    given = {name: value for name, value in fields.items() if value is not None}
    if given:
        followup.edit(act, task_id, given)
    named = {role: names for role, names in roles.items() if names}
    if named:
        followup.assign(act, task_id, named)
    return task_id


def _lines(connection: sqlite3.Connection, document_id: int, page: int) -> int:
    if connection.execute("SELECT 1 FROM documents WHERE id = ?", (document_id,)).fetchone() is None:
        raise NotFound(f"không có văn bản mang mã {document_id}.")
    row = connection.execute("SELECT words FROM pages WHERE document_id = ? AND number = ?", (document_id, page)).fetchone()
    if row is None:
        raise UsageError(f"văn bản {document_id} không có trang {page}.")
    return max((line["number"] for line in json.loads(row["words"])), default=0)


def split(act: Act, task_id: int, texts: Sequence[str]) -> list[int]:
    """The first text stays in the task, each other becomes a task of its own with the same agencies, deadline, standing and place.

    Returns the ids, the old one first.
    """
    given = [_text(text) for text in texts]
    if len(given) < 2:
        raise UsageError("tách nhiệm vụ cần ít nhất hai nội dung.")
    row = act.task(task_id)
    _present(row)
    ids = [task_id]
    for text in given[1:]:
        columns = {name: row[name] for name in _INHERITED}
        columns |= {"text": text, "folded": fold(text), "found_text": text, "origin": "person", "split_from": task_id}
        ids.append(act.add(columns))
        for table, names in _PARTS:
            act.connection.execute(
                f"INSERT INTO {table}(task_id, {names}) SELECT ?, {names} FROM {table} WHERE task_id = ?",  # noqa: S608 - names of ours
                (ids[-1], task_id),
            )
    act.set(task_id, text=given[0])
    return ids


def merge(act: Act, task_ids: Sequence[int]) -> int:
    """Tasks of one document become the first of them: texts joined in order, agencies united, the earliest due date.

    The others are removed and name the one that took them up. Returns its id.
    """
    ids = list(dict.fromkeys(task_ids))
    if len(ids) < 2:
        raise UsageError("gộp cần ít nhất hai nhiệm vụ khác nhau.")
    rows = sorted((act.task(task_id) for task_id in ids), key=lambda row: (row["position"], row["id"]))
    if len({row["document_id"] for row in rows}) > 1:
        raise UsageError("chỉ gộp được các nhiệm vụ của cùng một văn bản.")
    for row in rows:
        _present(row)
    kept, others = rows[0], rows[1:]
    changes: dict[str, Any] = {"text": _joined([row["text"] for row in rows])}
    changes |= {name: next((row[name] for row in rows if row[name]), None) for name in _FIRST_FIELDS}
    dues = [row for row in rows if row["due"]]
    if dues:
        earliest = min(dues, key=lambda row: str(row["due"]))
        changes |= {name: earliest[name] for name in ("due", "due_counted", "start", "deadline_text", "bound", "first_due")}
    owed = next((row["status"] for row in rows if followup.known_status(row["status"])), None)
    if owed is not None and not followup.known_status(kept["status"]):
        changes |= {"status": owed, "completed_on": None, "superseded_by": None}
    act.set(kept["id"], **changes)
    for role in ("lead", "coordinating"):
        _unite(act.connection, kept["id"], [row["id"] for row in others], role)
    # Who leads one part does not only take part in the whole.
    act.connection.execute(
        """DELETE FROM task_agencies WHERE task_id = :id AND role = 'coordinating'
        AND agency_id IN (SELECT agency_id FROM task_agencies WHERE task_id = :id AND role = 'lead')""",
        {"id": kept["id"]},
    )
    for row in others:
        act.set(row["id"], removed=1, merged_into=kept["id"])
    return int(kept["id"])


def _joined(texts: Sequence[str]) -> str:
    return "; ".join(text.strip().rstrip(".;,") for text in texts[:-1]) + "; " + texts[-1].strip()


def _unite(connection: sqlite3.Connection, kept: int, others: Sequence[int], role: str) -> None:
    for other in others:
        connection.execute(
            """INSERT OR IGNORE INTO task_agencies(task_id, agency_id, role, name, position, candidates)
            SELECT :kept, agency_id, role, name, position + 1 + (SELECT coalesce(max(position), -1) FROM task_agencies
                WHERE task_id = :kept AND role = :role), candidates
            FROM task_agencies WHERE task_id = :other AND role = :role""",
            {"kept": kept, "other": other, "role": role},
        )


def remove(act: Act, task_id: int) -> None:
    """The task is none (or not ours): no list shows it any more, its history stays."""
    _present(act.task(task_id))
    act.set(task_id, removed=1)


def bring_back(act: Act, task_id: int) -> None:
    """A removed task is there again; one that was merged into another stands by itself again."""
    if not act.task(task_id)["removed"]:
        raise UsageError(f"nhiệm vụ {task_id} không bị xóa.")
    act.set(task_id, removed=0, merged_into=None)


def _present(row: sqlite3.Row) -> None:
    if row["removed"]:
        raise UsageError(f"nhiệm vụ {row['id']} đã bị xóa.", remedy="Hãy khôi phục bằng «dondoc bring-back» trước.")


def _text(text: str) -> str:
    found = " ".join(text.split())
    if not found:
        raise UsageError("nội dung nhiệm vụ không được để trống.")
    return found
