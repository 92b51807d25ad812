"""A document with what was found in it → rows. Taking it in again renews what the machine found and keeps what people did."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from extract.directive import Directive, Task
from extract.gazetteer import Gazetteer
from ingest.document import Document, Line, Page
from tracking.agencies import prune_agencies, set_task_agencies
from tracking.decisive import counted_due, decisive
from tracking.expansion import expand, forget_unnamed
from tracking.folding import fold
from tracking.headers import corrected as corrected_header
from tracking.headers import with_keys
from tracking.history import undone
from tracking.judging import judge
from tracking.links import link_citations, link_duplicates, put_citations
from tracking.matching import Candidate, match
from tracking.occurring import keep_in_step
from tracking.rows import SaveResult
from tracking.search_index import forget_page, forget_task, index_page, index_task

LEAD_FIELDS = ("lead_source", "lead_page", "lead_line_first", "lead_line_last", "lead_end_page", "lead_end_line")
"""Columns that tell where the lead was read; a person's assignment empties them."""

DEADLINE_FIELDS = ("deadline_text", "start", "due", "due_counted", "bound", "recurrence")
"""Columns that stay together: when a person corrected one, the machine renews none of them."""


def save(
    connection: sqlite3.Connection,
    document: Document,
    directive: Directive,
    names: Gazetteer,
    *,
    file_name: str,
    received_at: datetime,
    now: datetime,
) -> SaveResult:
    """Write one document inside the caller's transaction; ``names`` says who belongs to its groups and who went on after whom."""
    known = connection.execute("SELECT id, directive_key, number_key FROM documents WHERE sha256 = ?", (document.sha256,)).fetchone()
    columns = _document_columns(document, directive) | {"taken_in_at": now.isoformat(timespec="seconds")}
    if known is not None:
        columns |= corrected_header(connection, known["id"])
    columns = with_keys(columns)
    if known is None:
        columns |= {"sha256": document.sha256, "file_name": file_name, "received_at": received_at.isoformat(timespec="seconds")}
        document_id = _insert(connection, "documents", columns)
    else:
        document_id = known["id"]
        _update(connection, "documents", document_id, columns)
    _put_pages(connection, document_id, document.pages)
    counts = _put_tasks(
        connection, document_id, directive, columns["issuer"], date.fromisoformat(columns["date"]) if columns["date"] else None
    )
    judge(connection, document_id)
    put_citations(connection, document_id, directive.references)
    link_duplicates(connection, {columns["directive_key"], known["directive_key"] if known else None}, document_id)
    link_citations(connection, document_id, {columns["number_key"], known["number_key"] if known else None})
    expand(connection, names, [document_id])
    forget_unnamed(connection)
    prune_agencies(connection)
    duplicate_of = connection.execute("SELECT duplicate_of FROM documents WHERE id = ?", (document_id,)).fetchone()[0]
    return SaveResult(document_id, known is None, *counts, duplicate_of=duplicate_of)


def _document_columns(document: Document, directive: Directive) -> dict[str, Any]:
    header = directive.header
    sources = {page.source for page in document.pages}
    recognised = [page.confidence for page in document.pages if page.source == "ocr"]
    warnings = tuple(dict.fromkeys((*document.warnings, *directive.warnings)))  # extraction repeats those of reading
    return {
        "path": document.path,
        "kind": document.kind,
        "number": header.number,
        "type": header.type,
        "issuer": header.issuer,
        "date": _iso(header.date),
        "place": header.place,
        "subject": header.subject,
        "signer": header.signer,
        "signer_title": header.signer_title,
        "recipients": _json(header.recipients),
        "addressees": _json(header.addressees),
        "urgency": header.urgency,
        "parent": header.parent,
        "issuers": _json(header.issuers),
        "authority": _json(header.authority),
        "secrecy": header.secrecy,
        "field_confidence": _json({name: round(value, 3) for name, value in directive.header_confidence}),
        "page_count": len(document.pages),
        "text_source": sources.pop() if len(sources) == 1 else "mixed",
        "ocr_confidence": sum(recognised) / len(recognised) if recognised else None,
        "warnings": _json(warnings),
        "status": "needs_review",  # until its tasks are known
    }


def _put_pages(connection: sqlite3.Connection, document_id: int, pages: Sequence[Page]) -> None:
    for row in connection.execute("SELECT id FROM pages WHERE document_id = ?", (document_id,)).fetchall():
        forget_page(connection, row["id"])
    connection.execute("DELETE FROM pages WHERE document_id = ?", (document_id,))
    for page in pages:
        columns = {
            "document_id": document_id,
            "number": page.number,
            "source": page.source,
            "width": page.width,
            "height": page.height,
            "rotation": page.rotation,
            "skew": page.skew,
            "confidence": page.confidence,
            "raw_text": "\n".join(line.raw for line in page.lines),
            "text": page.text,
            "words": _json([_line_json(line) for line in page.lines]),
            "warnings": _json(page.warnings),
        }
        index_page(connection, _insert(connection, "pages", columns), page.text)


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "raw": line.raw,
        "text": line.text,
        "box": _rounded(line.box),
        "confidence": round(line.confidence, 3),
        "words": [[word.text, _rounded(word.box), round(word.confidence, 3)] for word in line.words],
    }


def _put_tasks(
    connection: sqlite3.Connection, document_id: int, directive: Directive, issuer: str | None, dated: date | None
) -> tuple[int, int, int, int]:
    """New, updated, kept, removed; what people added themselves is none of the machine's business."""
    rows = connection.execute(
        "SELECT * FROM tasks WHERE document_id = ? AND origin = 'document' ORDER BY position, id", (document_id,)
    ).fetchall()
    old = {row["id"]: row for row in rows}
    pairs = match(
        [Candidate(row["id"], row["path"], fold(row["found_text"])) for row in rows],
        [Candidate(index, task.path, fold(task.text)) for index, task in enumerate(directive.tasks)],
    )
    new = updated = kept = removed = 0
    gone = undone(connection)
    for index, task in enumerate(directive.tasks):
        columns = _task_columns(index, task, dated)
        if index not in pairs:
            task_id = _insert(connection, "tasks", columns | {"document_id": document_id})
            _put_parts(connection, task_id, task, set(), issuer, dated)
            new += 1
        elif _renew(connection, old[pairs[index]], columns, task, issuer, dated, gone):
            updated += 1
        else:
            kept += 1
    for task_id in old.keys() - set(pairs.values()):
        if connection.execute("SELECT 1 FROM task_events WHERE task_id = ?", (task_id,)).fetchone():
            connection.execute("UPDATE tasks SET missing = 1 WHERE id = ?", (task_id,))
            kept += 1
        else:
            forget_task(connection, task_id)
            connection.execute("DELETE FROM tasks WHERE id = ?", (task_id,))
            removed += 1
    # The parts of a task that somebody split stand where it stands.
    connection.execute(
        """UPDATE tasks SET (position, page, line_first, line_last, end_page, end_line) =
            (SELECT position, page, line_first, line_last, end_page, end_line FROM tasks AS whole WHERE whole.id = tasks.split_from)
        WHERE document_id = ? AND split_from IS NOT NULL""",
        (document_id,),
    )
    for row in connection.execute("SELECT id, text, removed FROM tasks WHERE document_id = ?", (document_id,)).fetchall():
        if not row["removed"]:
            index_task(connection, row["id"], row["text"])
        keep_in_step(connection, row["id"])
    return new, updated, kept, removed


def _renew(
    connection: sqlite3.Connection,
    row: sqlite3.Row,
    columns: dict[str, Any],
    task: Task,
    issuer: str | None,
    dated: date | None,
    gone: set[int],
) -> bool:
    """Bring a known task up to date except for what a person corrected; whether anything changed. ``gone``: acts taken back."""
    corrected = _corrected(connection, row["id"], gone)
    fresh = {name: value for name, value in columns.items() if name not in corrected}
    changed = any(row[name] != value for name, value in fresh.items())
    if changed:
        _update(connection, "tasks", row["id"], fresh)
    before = _parts(connection, row["id"])
    _put_parts(connection, row["id"], task, corrected, issuer, dated)
    return changed or before != _parts(connection, row["id"])


def _corrected(connection: sqlite3.Connection, task_id: int, gone: set[int]) -> set[str]:
    """Columns and roles in which a person's word stands."""
    events = [
        event
        for event in connection.execute(
            """SELECT what, field, action FROM task_events WHERE task_id = ? AND undoes IS NULL AND what NOT IN ('recount', 'edit_document')
            AND agency_id IS NULL AND occurrence_id IS NULL""",
            (task_id,),
        )
        if event["action"] not in gone
    ]
    corrected = {event["field"] for event in events}
    kinds = {event["what"] for event in events}
    if kinds & {"confirm", "split", "merge"}:
        # Somebody weighed the task as a whole; its parts elsewhere stay as they are too.
        corrected |= {"text", "lead", "coordinating", "due", "expected_result"}
    if "confirm" in kinds:
        corrected.add("needs_review")
    if corrected & set(DEADLINE_FIELDS):
        corrected |= set(DEADLINE_FIELDS)
    if "lead" in corrected:
        corrected |= set(LEAD_FIELDS)
    if "text" in corrected:
        corrected.add("folded")
    if "needs_review" in corrected:
        corrected.add("reasons")
    return corrected


def _task_columns(position: int, task: Task, dated: date | None) -> dict[str, Any]:
    deadline = decisive(task.deadlines, dated)
    counted = counted_due(deadline, dated) if deadline else None
    place = task.lead_span
    return {
        "position": position,
        "path": task.path,
        "text": task.text,
        "folded": fold(task.text),
        "found_text": task.text,
        "deadline_text": deadline.text if deadline else None,
        "start": _iso(deadline.start) if deadline else None,
        "due": _iso(deadline.due or counted) if deadline else None,
        "due_counted": int(counted is not None),
        "bound": deadline.bound if deadline else None,
        "recurrence": deadline.recurrence if deadline else None,
        "expected_result": task.expected_result,
        "cited": _json(task.references),
        "confidence": task.confidence,
        "needs_review": int(task.needs_review),
        "reasons": _json(task.reasons),
        "page": task.span.page,
        "line_first": task.span.first,
        "line_last": task.span.last,
        "end_page": task.span.end_page,
        "end_line": task.span.end_line,
        "lead_source": None if task.lead_source == "none" else task.lead_source,
        "lead_page": place.page if place else None,
        "lead_line_first": place.first if place else None,
        "lead_line_last": place.last if place else None,
        "lead_end_page": place.end_page if place else None,
        "lead_end_line": place.end_line if place else None,
        "field_confidence": _json(task.field_confidence.as_json() if task.field_confidence else {}),
        "missing": 0,
    }


def _put_parts(
    connection: sqlite3.Connection, task_id: int, task: Task, corrected: set[str], issuer: str | None, dated: date | None
) -> None:
    for role, names in (("lead", task.lead), ("coordinating", task.coordinating)):
        if role not in corrected:
            others = dict(task.alternatives)
            set_task_agencies(connection, task_id, role, names, origin="document", issuer=issuer, candidates=others)
    chosen = decisive(task.deadlines, dated)
    connection.execute("DELETE FROM task_deadlines WHERE task_id = ?", (task_id,))
    for position, deadline in enumerate(task.deadlines):
        relative = deadline.relative
        columns = {
            "task_id": task_id,
            "position": position,
            "decisive": int(deadline is chosen),
            "text": deadline.text,
            "start": _iso(deadline.start),
            "due": _iso(deadline.due),
            "bound": deadline.bound,
            "recurrence": deadline.recurrence,
            "relative_n": relative.n if relative else None,
            "relative_unit": relative.unit if relative else None,
            "relative_from": relative.anchor if relative else None,
            "day": deadline.day,
            "month": deadline.month,
            "time": deadline.time,
            "confidence": deadline.confidence,
        }
        _insert(connection, "task_deadlines", columns)


def _parts(connection: sqlite3.Connection, task_id: int) -> list[tuple[Any, ...]]:
    agencies = connection.execute("SELECT role, name, candidates FROM task_agencies WHERE task_id = ? ORDER BY role, position", (task_id,))
    deadlines = connection.execute("SELECT * FROM task_deadlines WHERE task_id = ? ORDER BY position", (task_id,))
    return [*map(tuple, agencies), *(tuple(row)[2:] for row in deadlines)]


def _insert(connection: sqlite3.Connection, table: str, columns: dict[str, Any]) -> int:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    cursor = connection.execute(f"INSERT INTO {table}({names}) VALUES ({marks})", tuple(columns.values()))  # noqa: S608 - names of ours
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _update(connection: sqlite3.Connection, table: str, row_id: int, columns: dict[str, Any]) -> None:
    changes = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE {table} SET {changes} WHERE id = ?", (*columns.values(), row_id))  # noqa: S608 - names of ours


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _rounded(box: tuple[float, float, float, float] | None) -> list[float] | None:
    return [round(edge, 2) for edge in box] if box else None
