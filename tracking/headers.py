"""What people correct in the header of a document. Reading it again keeps what they wrote."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import TYPE_CHECKING, Any

from extract.directive import Deadline, RelativeTerm
from extract.gazetteer import Gazetteer
from extract.header_doubts import field_of
from ingest.errors import UsageError
from tracking.decisive import counted_due
from tracking.expansion import expand
from tracking.folding import fold_name, fold_number
from tracking.history import undone
from tracking.judging import judge
from tracking.links import link_citations, link_duplicates
from tracking.occurring import keep_in_step

if TYPE_CHECKING:
    from tracking.acts import Act

HEADER_FIELDS = ("number", "type", "issuer", "date", "place", "subject", "signer", "signer_title", "incoming_number")
"""Fields of a document that ``edit_document`` takes."""


CHECKED = "warnings_checked"
"""The column with those of the warnings that a person compared with the paper, a JSON list."""


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
    gone = undone(connection)
    events = connection.execute(
        # «edit»: from before they could be undone.
        "SELECT field, action FROM office_events WHERE subject = ? AND what IN ('edit', 'edit_document')",
        (subject_of(document_id),),
    ).fetchall()
    row = connection.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
    return {event["field"]: row[event["field"]] for event in events if event["field"] in HEADER_FIELDS and event["action"] not in gone}


def with_keys(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a document with the keys that follow from number, issuer and date."""
    number, dated = columns["number"], columns["date"]
    keys = {
        "number_key": fold_number(number) if number else None,
        "directive_key": directive_key(columns["issuer"], number, date.fromisoformat(dated) if dated else None),
    }
    return {**columns, **keys}


def edit(act: Act, document_id: int, fields: Mapping[str, object]) -> None:
    """Correct header fields; from then on reading the document again no longer touches them.

    :raises NotFound: no such document. :raises UsageError: an unknown field or a value it does not take.
    """
    if not fields:
        raise UsageError("chưa có trường nào để sửa.", remedy=f"Sửa được: {', '.join(HEADER_FIELDS)}.")
    given = {name: _checked(name, value) for name, value in fields.items()}
    row = act.document(document_id)
    _compared(act, row, lambda warning: field_of(warning) in given)
    assignments = ", ".join(f"{name} = ?" for name in given)
    act.connection.execute(f"UPDATE documents SET {assignments} WHERE id = ?", (*given.values(), document_id))  # noqa: S608 - names of ours
    if (day := given.get("date")) and day != row["date"]:
        _recount(act, document_id, date.fromisoformat(day))


def check(act: Act, document_id: int) -> None:
    """Say that everything the reading warned of was compared with the paper. A warning that a later reading adds counts again.

    :raises NotFound: no such document.
    """
    _compared(act, act.document(document_id), lambda _: True)


def _compared(act: Act, row: sqlite3.Row, which: Callable[[str], bool]) -> None:
    before = json.loads(row[CHECKED])
    now = [*before, *(warning for warning in json.loads(row["warnings"]) if which(warning) and warning not in before)]
    act.connection.execute(f"UPDATE documents SET {CHECKED} = ? WHERE id = ?", (json.dumps(now, ensure_ascii=False), row["id"]))  # noqa: S608


def follow(connection: sqlite3.Connection, document_id: int, changed: AbstractSet[str], names: Callable[[], Gazetteer]) -> None:
    """Bring up to date what follows from a header: keys, second scans, citations, members of groups, rhythms, whether to check it."""
    row = connection.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
    fresh = with_keys({name: row[name] for name in HEADER_FIELDS})
    keys = (fresh["number_key"], fresh["directive_key"], document_id)
    connection.execute("UPDATE documents SET number_key = ?, directive_key = ? WHERE id = ?", keys)
    judge(connection, document_id)
    link_duplicates(connection, {row["directive_key"], fresh["directive_key"]}, document_id)
    link_citations(connection, document_id, {row["number_key"], fresh["number_key"]})
    if changed & {"issuer", "place", "date"}:
        expand(connection, names(), [document_id])
    if "date" in changed:
        for task in connection.execute("SELECT id FROM tasks WHERE document_id = ?", (document_id,)).fetchall():
            keep_in_step(connection, task["id"])


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


def _recount(act: Act, document_id: int, dated: date) -> None:
    """Terms that run from the document's date ("trong 05 ngày làm việc kể từ ngày ký") end on another day now."""
    rows = act.connection.execute(
        """SELECT t.id AS task_id, dl.* FROM tasks AS t JOIN task_deadlines AS dl ON dl.task_id = t.id AND dl.decisive
        WHERE t.document_id = ? AND t.due_counted AND dl.relative_n IS NOT NULL""",
        (document_id,),
    ).fetchall()
    for row in rows:
        term = RelativeTerm(row["relative_n"], row["relative_unit"], row["relative_from"])
        due = counted_due(Deadline(row["text"], relative=term), dated)
        if due is not None:
            act.set(row["task_id"], due=due.isoformat())
