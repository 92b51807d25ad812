"""Tasks made, divided and taken away by a person. Taking the document in again leaves all of that as it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

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
    still_there(row)
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


def remove(act: Act, task_id: int) -> None:
    """The task is none (or not ours): no list shows it any more, its history stays."""
    still_there(act.task(task_id))
    act.set(task_id, removed=1)


def bring_back(act: Act, task_id: int) -> None:
    """A removed task is there again; one that was merged into another stands by itself again."""
    if not act.task(task_id)["removed"]:
        raise UsageError(f"nhiệm vụ {task_id} không bị xóa.")
    act.set(task_id, removed=0, merged_into=None)


def still_there(row: sqlite3.Row) -> None:
    """Refuse a task that was removed.

    :raises UsageError: it was.
    """
    if row["removed"]:
        raise UsageError(f"nhiệm vụ {row['id']} đã bị xóa.", remedy="Hãy khôi phục bằng «dondoc bring-back» trước.")


def _text(text: str) -> str:
    found = " ".join(text.split())
    if not found:
        raise UsageError("nội dung nhiệm vụ không được để trống.")
    return found
