"""A :class:`tracking.rows.TaskFilter` as SQL over ``task_standing`` (see :mod:`tracking.derived`)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.errors import UsageError
from tracking.agencies import matching_agencies
from tracking.folding import fold_number
from tracking.rows import ORDERS, TaskFilter
from tracking.search_index import task_expression
from tracking.views import SOON_DAYS, STATES, STATUS_LABELS, member_sql, parts_sql, standing_sql, with_standing_sql

_ORDERS = dict(
    zip(
        ORDERS,
        (
            "g.due NULLS LAST, g.document_id, g.position, g.task_id",
            "g.due DESC, g.document_id DESC, g.position DESC, g.task_id DESC",
            "g.issued NULLS LAST, g.document_id, g.position, g.task_id",
            "g.lead NULLS LAST, g.due_last, g.document_id, g.position, g.task_id",
            "g.ended, g.due_last, g.document_id, g.position, g.task_id",
            "g.task_id DESC",
            "g.confidence, g.task_id",
        ),
        strict=True,
    )
)

_Condition = tuple[str, dict[str, Any]]

_SOON = f"date(:as_of, '+{SOON_DAYS} days')"
_STATE_CONDITIONS = {
    "done_on_time": "g.ended = 1",
    "done_late": "g.ended = 2",
    "no_deadline": "g.ended = 0 AND g.due_last = '9999-12-31'",
    "done": "g.ended IN (1, 2)",
    "overdue": "g.ended = 0 AND g.due_last < :as_of",
    "due_soon": f"g.ended = 0 AND g.due_last BETWEEN :as_of AND {_SOON}",
    "in_time": f"g.ended = 0 AND g.due > {_SOON}",
}
"""States, and "done", as indexes have them (:func:`tracking.views.state_sql`), quicker to test than to name."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What stands after FROM; ``g`` has the columns of ``task_standing``, of one department's standing when ``of_department``.

    ``gathered``: what passes is hard to find, so that it is better found once than for the list and again for its count.
    """

    source: str
    where: str
    order: str
    parameters: dict[str, Any]
    of_department: bool
    gathered: bool


def select(connection: sqlite3.Connection, wanted: TaskFilter, *, counting: bool = False) -> Selection:
    """The SQL for a filter; ``counting`` lets SQLite choose an index for what is only counted.

    :raises UsageError: a role, status or order that does not exist.
    """
    if wanted.order not in _ORDERS:
        raise UsageError(f"không sắp xếp được theo «{wanted.order}»; chọn một trong: {', '.join(_ORDERS)}.")
    if wanted.role not in (None, "lead", "coordinating"):
        raise UsageError(f"vai trò «{wanted.role}» không có; chọn lead (chủ trì) hoặc coordinating (phối hợp).")
    parameters: dict[str, Any] = {"as_of": (wanted.as_of or date.today()).isoformat(), "role": wanted.role}
    clauses: list[str] = []
    drivers: list[str] = []
    for found, conditions in ((drivers, _drivers(connection, wanted)), (clauses, (*_simple(wanted), *_dates(wanted), *_states(wanted)))):
        for clause, values in conditions:
            found.append(clause)
            parameters |= values
    gathered = bool(drivers)
    if wanted.agency_exact is not None:
        ids = [row[0] for row in connection.execute("SELECT id FROM agencies WHERE name = ?", (wanted.agency_exact,))]
        gathered |= bool(ids) and _is_place(connection, ids)
        source = f"({department_sql(connection, ids, wanted.role)}) AS g"
    elif drivers:
        source = f"({drivers.pop(0)}) AS w CROSS JOIN task_standing AS g ON g.task_id = w.task_id"
    else:
        source = "task_standing AS g" + (" NOT INDEXED" if _scanned(wanted, counting) else "")
    clauses += [f"g.task_id IN ({driver})" for driver in drivers]
    return Selection(source, " AND ".join(clauses), _order(wanted.order, clauses), parameters, wanted.agency_exact is not None, gathered)


def _scanned(wanted: TaskFilter, counting: bool) -> bool:
    """Whether all rows are read in the order of the table: newest first is that order, and no index has these days.

    SQLite knows no better than to walk some index and look up each row (100,000 tasks: 80 to 160 ms against 20).
    """
    unindexed = (wanted.completed_from, wanted.completed_to, wanted.received_from, wanted.received_to)
    return any(unindexed) or (wanted.order == "newest" and not counting)


def _order(name: str, clauses: Sequence[str]) -> str:
    """The order, by the column that the index of tasks still owed has where only such tasks pass."""
    single = [clause for clause in clauses if " OR " not in clause]
    if name == "due" and any("g.ended = 0" in clause for clause in single):
        return _ORDERS[name].replace("g.due NULLS LAST", "g.due_last")
    if name == "-due" and any("g.ended = 0 AND g.due_last" in clause for clause in single):  # all have a date, or none has
        return _ORDERS[name].replace("g.due DESC", "g.due_last DESC")
    return _ORDERS[name]


def department_sql(connection: sqlite3.Connection, ids: Sequence[int], role: str | None) -> str:
    """The tasks of the department with these ids on ``:as_of``, each once (as its lead when it has both roles), with its own standing."""
    listed = _numbers(ids)
    roles = f"'{role}'" if role else "'lead', 'coordinating'"
    own = parts_sql(":as_of", f"role IN ({roles}) AND agency_id IN ({listed})")
    places = bool(ids) and _is_place(connection, ids)
    if len(ids) == 1 and not places:
        return standing_sql(own)
    parts = f"{own} UNION ALL {with_standing_sql(_as_place(ids, roles))}" if places else own
    return f"SELECT *, min(role <> 'lead') FROM ({standing_sql(parts)}) GROUP BY task_id"  # noqa: S608 - only numbers


def _is_place(connection: sqlite3.Connection, ids: Sequence[int]) -> bool:
    return bool(
        connection.execute(
            f"SELECT 1 FROM agency_members WHERE is_place AND member_id IN ({_numbers(ids)}) LIMIT 1"  # noqa: S608
        ).fetchone()
    )


def _as_place(ids: Sequence[int], roles: str) -> str:
    """What a commune has as a member of "UBND các xã, phường": such groups are looked up from the member, not expanded."""
    return f"""SELECT ta.task_id, ta.role, m.member_id AS agency_id, ta.name AS as_written, 0 AS needs_decision,
            (SELECT ts.agency_id FROM task_shares AS ts WHERE ts.task_id = ta.task_id AND ts.agency_id = m.member_id) AS share_id
        FROM agency_members AS m JOIN task_agencies AS ta ON {member_sql(":as_of")} JOIN task_standing AS mt ON mt.task_id = ta.task_id
            JOIN documents AS md ON md.id = mt.document_id
        WHERE m.is_place AND m.member_id IN ({_numbers(ids)}) AND ta.role IN ({roles})"""  # noqa: S608


def _drivers(connection: sqlite3.Connection, wanted: TaskFilter) -> Iterator[_Condition]:
    """Selects of a column ``task_id`` (each once) that leave few tasks, the sharpest first."""
    if wanted.ids is not None:
        yield "SELECT DISTINCT value AS task_id FROM json_each(:ids)", {"ids": json.dumps([int(one) for one in wanted.ids])}
    if wanted.document is not None:
        yield _document(wanted.document)
    if wanted.agency is not None:
        yield _agency(connection, matching_agencies(connection, wanted.agency), wanted.role), {}
    if wanted.undecided:
        undecided = "SELECT DISTINCT task_id FROM responsible WHERE role = 'lead' AND needs_decision"
        yield f"{undecided} AND since <= :as_of AND :as_of < until", {}
    if wanted.words and wanted.words.strip():
        expression = task_expression(wanted.words)
        words = "SELECT rowid / 2 AS task_id FROM search_index WHERE search_index MATCH :words AND rowid % 2 = 1"
        yield (words, {"words": expression}) if expression else ("SELECT NULL AS task_id WHERE 0", {})


def _simple(wanted: TaskFilter) -> Iterator[_Condition]:
    yield ("g.hidden = 2" if wanted.removed else "g.hidden < 2" if wanted.duplicates else "g.hidden = 0"), {}
    named = wanted.agency is not None or wanted.agency_exact is not None
    for asked, clause in (
        (wanted.overdue, "g.ended = 0 AND g.due_last < :as_of"),
        (wanted.without_deadline, "g.due IS NULL"),
        (wanted.needs_review, "g.needs_review = 1"),
        (wanted.without_lead, "g.lead IS NULL"),
        (wanted.unassigned, f"g.lead IS NULL AND NOT {_TAKES_PART}"),
        (wanted.undecided, "g.ended = 0"),
        (wanted.role == "lead" and not named, "g.lead IS NOT NULL"),
        (wanted.role == "coordinating" and not named, _TAKES_PART),
    ):
        if asked:
            yield clause, {}


_TAKES_PART = "EXISTS (SELECT 1 FROM task_agencies AS ta WHERE ta.task_id = g.task_id AND ta.role = 'coordinating')"


def _dates(wanted: TaskFilter) -> Iterator[_Condition]:
    for column, name, first, last in (
        ("due", "due", wanted.due_from, wanted.due_to),
        ("completed_on", "completed", wanted.completed_from, wanted.completed_to),
        ("issued", "issued", wanted.issued_from, wanted.issued_to),
        ("received", "received", wanted.received_from, wanted.received_to),
    ):
        if first:
            yield f"g.{column} >= :{name}_from", {f"{name}_from": first.isoformat()}
        if last:
            yield f"g.{column} <= :{name}_to", {f"{name}_to": last.isoformat()}
    if wanted.upcoming_days is not None:
        yield "g.ended = 0 AND g.due_last BETWEEN :as_of AND date(:as_of, :ahead)", {"ahead": f"+{wanted.upcoming_days} days"}


def _states(wanted: TaskFilter) -> Iterator[_Condition]:
    for name, states in (("status", (wanted.status,) if wanted.status is not None else ()), ("state", wanted.states)):
        clauses: list[str] = []
        parameters: dict[str, str] = {}
        for index, state in enumerate(states):
            if state == "active":
                clauses.append("g.ended = 0")
            elif state in _STATE_CONDITIONS:
                clauses.append(f"({_STATE_CONDITIONS[state]})")
            elif state in STATUS_LABELS:
                clauses.append(f"g.status = :{name}{index}")
                parameters[f"{name}{index}"] = state
            else:
                choices = ", ".join(dict.fromkeys(["active", *STATUS_LABELS, *STATES]))
                raise UsageError(f"trạng thái «{state}» không có; các trạng thái: {choices}.")
        if clauses:
            yield f"({' OR '.join(clauses)})", parameters


def _document(document: str | int) -> _Condition:
    of = "SELECT task_id FROM task_standing WHERE document_id"
    if isinstance(document, int):
        return f"{of} = :document", {"document": document}
    key = fold_number(document)
    if key.isdecimal() and len(key) < 10:
        # "299" is the document with that id, or those numbered 299/…
        clause = f"{of} IN (SELECT id FROM documents WHERE id = :document OR number_key LIKE :prefix)"  # noqa: S608
        return clause, {"document": int(key), "prefix": f"{key}/%"}
    clause = f"{of} IN (SELECT id FROM documents WHERE instr(coalesce(number_key, ''), :key) > 0 OR file_name = :document)"  # noqa: S608
    return clause, {"document": document, "key": key}


def _agency(connection: sqlite3.Connection, ids: Sequence[int], role: str | None) -> str:
    listed = _numbers(ids)
    roles = f"'{role}'" if role else "'lead', 'coordinating'"
    named = f"SELECT task_id FROM task_agencies WHERE agency_id IN ({listed}) AND role IN ({roles})"  # noqa: S608 - only numbers
    today = f"SELECT task_id FROM ({parts_sql(':as_of', f'role IN ({roles}) AND agency_id IN ({listed})')})"  # noqa: S608
    either = f"{named} UNION {today}"
    return f"{either} UNION SELECT task_id FROM ({_as_place(ids, roles)})" if ids and _is_place(connection, ids) else either  # noqa: S608


def _numbers(ids: Sequence[int]) -> str:
    return ", ".join(str(int(one)) for one in ids)
