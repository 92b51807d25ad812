"""The SQL that says what is owed, overdue, near; shared by the views in the file and by the queries of the store.

A view takes no parameter and means the computer's own date; the store's queries put ``:as_of`` in the same text. The policy:
``due`` itself is the last day still on time, also for "trước ngày D" (due D), since offices count a report that arrives on D as on
time; a task is overdue from the day after. Only tasks still owed can be overdue (``task_statuses.active``). A task found again
in a second scan of the same directive (``tasks.duplicate_of``) is listed once, under the first.
"""

from __future__ import annotations

import sqlite3

from tracking.migrations import STATUSES

TODAY = "date('now', 'localtime')"

SOON_DAYS = 7
"""A task counts as due soon from this many days before its date (offices remind a week ahead)."""

UPCOMING_DAYS = 30
"""How far the view ``upcoming_tasks`` looks ahead."""


def _names(role: str, aggregate: str) -> str:
    named = f"SELECT ta.name FROM task_agencies AS ta WHERE ta.task_id = t.id AND ta.role = '{role}' ORDER BY ta.position"  # noqa: S608
    return f"(SELECT {aggregate} FROM ({named}))"  # noqa: S608 - built from constants of this module


def _names_joined(role: str) -> str:
    return _names(role, "group_concat(name, '; ')")


def _names_json(role: str) -> str:
    return _names(role, "json_group_array(name)")


def state_sql(today: str, of: str = "t", active: str = "s.active") -> str:
    """An expression: how the task, share or occurrence with the alias ``of`` (status, due, completed_on) stands on that day.

    One of: done_on_time, done_late, returned, transferred, cancelled, no_deadline, overdue, due_soon, in_time.
    """
    return f"""CASE
            WHEN {of}.status = 'done' AND ({of}.due IS NULL OR {of}.completed_on <= {of}.due) THEN 'done_on_time'
            WHEN {of}.status = 'done' THEN 'done_late'
            WHEN NOT {active} THEN {of}.status
            WHEN {of}.due IS NULL THEN 'no_deadline'
            WHEN {of}.due < {today} THEN 'overdue'
            WHEN {of}.due <= date({today}, '+{SOON_DAYS} days') THEN 'due_soon'
            ELSE 'in_time' END"""


STATES = {
    "done_on_time": "Hoàn thành đúng hạn",
    "done_late": "Hoàn thành quá hạn",
    "returned": "Trả lại (không đúng thẩm quyền)",
    "transferred": "Chuyển cơ quan kế thừa",
    "cancelled": "Dừng, hủy hoặc thay thế",
    "no_deadline": "Không xác định thời hạn",
    "overdue": "Quá hạn chưa hoàn thành",
    "due_soon": "Sắp đến hạn",
    "in_time": "Trong hạn",
}
"""What a clerk reads for each state."""

STATUS_LABELS = {code: label for code, label, _ in STATUSES}
"""What a clerk reads for each stored status."""


def days_late_sql(today: str, of: str = "t") -> str:
    """An expression: whole days after ``due`` (completion counts when done), 0 when on time, NULL without a due date."""
    last = f"CASE WHEN {of}.status = 'done' THEN {of}.completed_on ELSE {today} END"
    return f"max(0, CAST(julianday({last}) - julianday({of}.due) AS INTEGER))"


_JOINS = "tasks AS t JOIN documents AS d ON d.id = t.document_id JOIN task_statuses AS s ON s.code = t.status"
_LINES = "t.line_first || '-' || t.line_last"
_LISTED = "t.duplicate_of IS NULL AND t.removed = 0 AND t.merged_into IS NULL"


def task_rows_sql(today: str) -> str:
    """Every task with all that a :class:`tracking.rows.TaskRow` needs."""
    return f"""SELECT t.*, d.number AS document_number, d.type AS document_type, d.date AS document_date, d.issuer AS issuer,
            d.incoming_number AS incoming_number, d.file_name AS file_name, d.received_at AS received_at, d.secrecy AS secrecy,
            s.active AS active,
            {_names_json("lead")} AS lead, {_names_json("coordinating")} AS coordinating,
            (SELECT coalesce(max(e.id), 0) FROM task_events AS e WHERE e.task_id = t.id) AS last_event,
            {state_sql(today)} AS state, {days_late_sql(today)} AS days_late
        FROM {_JOINS}"""  # noqa: S608 - built from constants of this module


def shares_sql(today: str) -> str:
    """The shares of the task ``:task`` as :class:`tracking.detail.ShareRow` has them."""
    return f"""SELECT h.*, {state_sql(today, "h")} AS state, {days_late_sql(today, "h")} AS days_late
        FROM (SELECT ts.agency_id, a.name AS agency, ts.status, ts.completed_on, ts.percent, coalesce(ts.due, t.due) AS due,
                ts.requested_due, ts.note
            FROM task_shares AS ts JOIN tasks AS t ON t.id = ts.task_id JOIN agencies AS a ON a.id = ts.agency_id
            WHERE ts.task_id = :task) AS h JOIN task_statuses AS s ON s.code = h.status
        ORDER BY h.agency"""  # noqa: S608


def occurrences_sql(today: str) -> str:
    """The occurrences of the task ``:task`` as :class:`tracking.detail.OccurrenceRow` has them."""
    return f"""SELECT o.*, {state_sql(today, "o")} AS state, {days_late_sql(today, "o")} AS days_late
        FROM occurrences AS o JOIN task_statuses AS s ON s.code = o.status WHERE o.task_id = :task ORDER BY o.due"""  # noqa: S608


def _due_list_sql(condition: str, extra: str) -> str:
    return f"""SELECT t.id AS id, d.number AS document, d.issuer AS issuer, t.text AS text, {_names_joined("lead")} AS lead,
            t.due AS due, {extra}, t.page AS page, {_LINES} AS lines, t.path AS path
        FROM {_JOINS}
        WHERE s.active AND {_LISTED} AND {condition}
        ORDER BY t.due, t.id"""  # noqa: S608


def _overdue_view() -> str:
    return _due_list_sql(f"t.due < {TODAY}", f"{days_late_sql(TODAY)} AS days_late")


def _upcoming_view() -> str:
    left = f"CAST(julianday(t.due) - julianday({TODAY}) AS INTEGER) AS days_left"
    return _due_list_sql(f"t.due BETWEEN {TODAY} AND date({TODAY}, '+{UPCOMING_DAYS} days')", left)


def member_sql(today: str) -> str:
    """Over ``agency_members AS m``, ``task_agencies AS ta``, ``documents AS md``: whether m belonged to the group then and there."""
    return f"""m.group_id = ta.agency_id AND (m.province IS NULL OR m.province = md.province)
                AND coalesce(m.valid_from, '') <= coalesce(md.date, {today})
                AND coalesce(m.valid_to, '9999') >= coalesce(md.date, {today})"""


_NAMED = "task_agencies AS ta JOIN tasks AS mt ON mt.id = ta.task_id JOIN documents AS md ON md.id = mt.document_id"


def responsible_sql(today: str, *, places: bool = False) -> str:
    """Who is responsible today: one row for each task, role and department.

    A group ("các sở, ban, ngành") becomes its members on the day of the directive, an abolished agency its successors: the one whose
    subject the task speaks of, else those by default. With several of these all are given; with none it stays; both with
    ``needs_decision`` 1. ``as_written`` is the name in the directive. Groups of places ("UBND các xã, phường") have hundreds of members, so
    they stay one department unless ``places``.
    """
    whole = f"""
            UNION SELECT ta.task_id, ta.role, ta.agency_id, ta.name, 0 FROM {_NAMED}
            WHERE EXISTS (SELECT 1 FROM agency_members AS m WHERE m.is_place AND {member_sql(today)})"""  # noqa: S608
    return f"""WITH RECURSIVE
        named(task_id, role, agency_id, as_written, in_group) AS (
            SELECT ta.task_id, ta.role, coalesce(m.member_id, ta.agency_id), ta.name, m.member_id IS NOT NULL
            FROM {_NAMED} LEFT JOIN agency_members AS m ON {"" if places else "NOT m.is_place AND "}{member_sql(today)}
            {"" if places else whole}),
        members(task_id, role, agency_id, as_written, in_group) AS (
            SELECT w.task_id, w.role, coalesce(ts.new_id, w.agency_id), w.as_written, w.in_group
            FROM named AS w LEFT JOIN task_successions AS ts
                ON ts.task_id = w.task_id AND ts.old_id = w.agency_id AND ts.date <= {today}),
        over(old_id, new_id) AS (SELECT old_id, new_id FROM agency_successions WHERE subject IS NULL AND date <= {today}),
        chain(agency_id, current_id, depth) AS (
            SELECT agency_id, agency_id, 0 FROM (SELECT DISTINCT agency_id FROM members)
            UNION
            SELECT c.agency_id, o.new_id, c.depth + 1 FROM chain AS c JOIN over AS o ON o.old_id = c.current_id
            WHERE o.new_id IS NOT NULL AND c.depth < 10),
        ends(agency_id, current_id, undecided) AS (
            SELECT DISTINCT c.agency_id, c.current_id, EXISTS (SELECT 1 FROM over AS o WHERE o.old_id = c.current_id)
            FROM chain AS c WHERE NOT EXISTS (SELECT 1 FROM over AS o WHERE o.old_id = c.current_id AND o.new_id IS NOT NULL)),
        counted(agency_id, n) AS (SELECT agency_id, count(*) FROM ends GROUP BY agency_id)
        SELECT m.task_id AS task_id, m.role AS role, e.current_id AS agency_id, a.name AS agency,
            group_concat(DISTINCT m.as_written) AS as_written, max(m.in_group) AS in_group, max(n.n > 1 OR e.undecided) AS needs_decision
        FROM members AS m JOIN ends AS e ON e.agency_id = m.agency_id JOIN counted AS n ON n.agency_id = m.agency_id
            JOIN agencies AS a ON a.id = e.current_id
        GROUP BY m.task_id, m.role, e.current_id"""  # noqa: S608


def _task_list_view(*, places: bool = False) -> str:
    return f"""SELECT r.agency AS agency, r.role AS role, t.id AS task_id, d.number AS document, d.issuer AS issuer, t.text AS text,
            t.due AS due, {state_sql(TODAY)} AS state, s.label AS status, {days_late_sql(TODAY)} AS days_late,
            r.as_written AS as_written, r.needs_decision AS needs_decision, t.page AS page, {_LINES} AS lines, t.path AS path
        FROM {_JOINS} JOIN ({responsible_sql(TODAY, places=places)}) AS r ON r.task_id = t.id
        WHERE {_LISTED}
        ORDER BY r.agency, t.due IS NULL, t.due, t.id"""  # noqa: S608


def summary_sql(today: str) -> str:
    """Counts for each department over the tasks it leads; ``in_time`` includes those due soon."""
    return f"""SELECT agency, count(*) AS total,
            sum(state = 'done_on_time') AS done_on_time, sum(state = 'done_late') AS done_late,
            sum(state IN ('in_time', 'due_soon')) AS in_time, sum(state = 'overdue') AS overdue,
            sum(state = 'no_deadline') AS no_deadline,
            sum(state IN ('returned', 'transferred', 'cancelled')) AS closed_otherwise
        FROM (SELECT r.agency AS agency, {state_sql(today)} AS state
            FROM {_JOINS} JOIN ({responsible_sql(today)}) AS r ON r.task_id = t.id AND r.role = 'lead'
            WHERE {_LISTED})
        GROUP BY agency ORDER BY overdue DESC, agency"""  # noqa: S608


def _view_texts() -> dict[str, str]:
    return {
        "overdue_tasks": _overdue_view(),
        "upcoming_tasks": _upcoming_view(),
        "task_list": _task_list_view(),
        "task_list_members": _task_list_view(places=True),
        "department_summary": summary_sql(TODAY),
    }


def views_current(connection: sqlite3.Connection) -> bool:
    """Whether the views in the file have the text of this version."""
    stored = {row[0]: row[1] for row in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'")}
    return all(stored.get(name) == f"CREATE VIEW {name} AS {text}" for name, text in _view_texts().items())


def create_views(connection: sqlite3.Connection) -> None:
    """Put the views of this version in the place of older ones."""
    for name, text in _view_texts().items():
        connection.execute(f"DROP VIEW IF EXISTS {name}")
        connection.execute(f"CREATE VIEW {name} AS {text}")
