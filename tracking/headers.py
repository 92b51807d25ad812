"""What people correct in the header of a document. Reading it again keeps what they wrote."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from extract.directive import Deadline, RelativeTerm
from extract.gazetteer import Gazetteer
from ingest.errors import ConflictError, NotFound, UsageError
from tracking.acts import acting, tell_document
from tracking.decisive import counted_due
from tracking.expansion import expand
from tracking.folding import fold_name, fold_number
from tracking.judging import judge
from tracking.links import link_citations, link_duplicates

HEADER_FIELDS = ("number", "type", "issuer", "date", "place", "subject", "signer", "signer_title", "incoming_number")
"""Fields of a document that ``edit_document`` takes."""


def subject_of(document_id: int) -> str:
    """How ``office_events`` names a document."""
    return f"document:{document_id}"


def directive_key(issuer: str | None, number: str | None, dated: date | None) -> str | None:
    """Issuer, number and date folded: the same for two scans of one paper. None when one of them is not known."""
    if not (number and dated and issuer):
        return None
    return f"{fold_name(issuer)}|{fold_number(number)}|{dated.isoformat()}"


def corrected(connection: sqlite3.Connection, document_id: int) -> dict[str, Any]:
    """The header fields that a person corrected, as they stand."""
    rows = connection.execute(
        "SELECT DISTINCT field FROM office_events WHERE subject = ? AND what = 'edit'", (subject_of(document_id),)
    ).fetchall()
    row = connection.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
    return {field: row[field] for (field,) in rows if field in HEADER_FIELDS}


def with_keys(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a document with the keys that follow from number, issuer and date."""
    number, dated = columns["number"], columns["date"]
    keys = {
        "number_key": fold_number(number) if number else None,
        "directive_key": directive_key(columns["issuer"], number, date.fromisoformat(dated) if dated else None),
    }
    return {**columns, **keys}


def edit_document(
    connection: sqlite3.Connection,
    document_id: int,
    fields: Mapping[str, object],
    *,
    who: str,
    note: str | None,
    expected: int | None,
    names: Callable[[], Gazetteer],
    now: datetime,
) -> None:
    """Correct header fields; links to and from other documents, duplicates, groups and counted terms follow.

    :raises NotFound: no such document. :raises UsageError: an unknown field or a value it does not take.
    :raises ConflictError: somebody corrected the header after the event ``expected``.
    """
    row = connection.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
    if row is None:
        raise NotFound(f"không có văn bản mang mã {document_id}.")
    if not who.strip():
        raise UsageError("chưa rõ ai thực hiện thay đổi này.")
    if not fields:
        raise UsageError("chưa có trường nào để sửa.", remedy=f"Sửa được: {', '.join(HEADER_FIELDS)}.")
    given = {name: _checked(name, value) for name, value in fields.items()}
    newer = connection.execute(
        "SELECT * FROM office_events WHERE subject = ? AND id > ? ORDER BY id", (subject_of(document_id), expected or 0)
    ).fetchall()
    if expected is not None and newer:
        raise ConflictError(f"trong lúc đó đã có thay đổi mới hơn: {tell_document(newer)}.", remedy="Hãy xem lại rồi làm lại nếu vẫn cần.")
    changed = {name: value for name, value in given.items() if row[name] != value}
    if not changed:
        return
    at = now.isoformat(timespec="seconds")
    connection.executemany(
        "INSERT INTO office_events(at, who, what, subject, field, old_value, new_value, note) VALUES (?, ?, 'edit', ?, ?, ?, ?, ?)",
        [(at, who.strip(), subject_of(document_id), name, row[name], value, note) for name, value in changed.items()],
    )
    fresh = with_keys({name: changed.get(name, row[name]) for name in HEADER_FIELDS})
    assignments = ", ".join(f"{name} = ?" for name in fresh)
    connection.execute(f"UPDATE documents SET {assignments} WHERE id = ?", (*fresh.values(), document_id))  # noqa: S608 - names of ours
    judge(connection, document_id)
    link_duplicates(connection, {row["directive_key"], fresh["directive_key"]}, document_id)
    link_citations(connection, document_id, {row["number_key"], fresh["number_key"]})
    if changed.keys() & {"issuer", "place", "date"}:
        expand(connection, names(), [document_id])
    if day := changed.get("date"):
        _recount(connection, document_id, date.fromisoformat(day), who=who, names=names, now=now)


def _checked(name: str, value: object) -> str | None:
    if name not in HEADER_FIELDS:
        raise UsageError(f"không sửa được trường «{name}».", remedy=f"Sửa được: {', '.join(HEADER_FIELDS)}.")
    text = " ".join(str(value).split()) if value is not None else ""
    if not text:
        return None
    if name != "date":
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"«{value}» không phải ngày; hãy viết năm-tháng-ngày, ví dụ 2025-06-30.") from error


def _recount(
    connection: sqlite3.Connection, document_id: int, dated: date, *, who: str, names: Callable[[], Gazetteer], now: datetime
) -> None:
    """Terms that run from the document's date ("trong 05 ngày làm việc kể từ ngày ký") end on another day now."""
    rows = connection.execute(
        """SELECT t.id AS task_id, dl.* FROM tasks AS t JOIN task_deadlines AS dl ON dl.task_id = t.id AND dl.decisive
        WHERE t.document_id = ? AND t.due_counted AND dl.relative_n IS NOT NULL""",
        (document_id,),
    ).fetchall()
    with acting(connection, "recount", who=who, names=names, note="tính lại theo ngày ban hành", now=now) as act:
        for row in rows:
            term = RelativeTerm(row["relative_n"], row["relative_unit"], row["relative_from"])
            due = counted_due(Deadline(row["text"], relative=term), dated)
            if due is not None:
                act.set(row["task_id"], due=due.isoformat())
