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


OWED = frozenset(code for code, _, active in STATUSES if active)
"""Statuses of work that is still to be done."""

OWED_SQL = ", ".join(f"'{code}'" for code, _, active in STATUSES if active)
"""The same after IN."""


def state_sql(today: str, of: str) -> str:
    """An expression: how the task, share or occurrence with the alias ``of`` (status, due, completed_on) stands on that day.

    One of: done_on_time, done_late, returned, transferred, cancelled, no_deadline, overdue, due_soon, in_time.
    """
    return f"""CASE
            WHEN {of}.status = 'done' AND ({of}.due IS NULL OR {of}.completed_on <= {of}.due) THEN 'done_on_time'
            WHEN {of}.status = 'done' THEN 'done_late'
            WHEN {of}.status NOT IN ({OWED_SQL}) THEN {of}.status
            WHEN {of}.due IS NULL THEN 'no_deadline'
            WHEN {of}.due < {today} THEN 'overdue'
            WHEN {of}.due <= date({today}, '+{SOON_DAYS} days') THEN 'due_soon'
            ELSE 'in_time' END"""


def ended_state_sql(today: str) -> str:
    """The same as :func:`state_sql` from ``ended`` and ``due`` of ``task_standing`` or ``responsible``."""
    return f"""CASE ended WHEN 1 THEN 'done_on_time' WHEN 2 THEN 'done_late' WHEN 3 THEN 'returned' WHEN 4 THEN 'transferred'
            WHEN 5 THEN 'cancelled' ELSE CASE WHEN due IS NULL THEN 'no_deadline' WHEN due < {today} THEN 'overdue'
                WHEN due <= date({today}, '+{SOON_DAYS} days') THEN 'due_soon' ELSE 'in_time' END END"""


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


def days_late_sql(today: str, of: str) -> str:
    """An expression: whole days after ``due`` (completion counts when done), 0 when on time, NULL without a due date."""
    last = f"CASE WHEN {of}.status = 'done' THEN {of}.completed_on ELSE {today} END"
    return f"max(0, CAST(julianday({last}) - julianday({of}.due) AS INTEGER))"


def ended_sql(of: str, due: str) -> str:
    """What ``task_standing.ended`` would be for a share."""
    return f"""CASE {of}.status WHEN 'done' THEN CASE WHEN {of}.completed_on > {due} THEN 2 ELSE 1 END
                WHEN 'returned' THEN 3 WHEN 'transferred' THEN 4 WHEN 'cancelled' THEN 5 ELSE 0 END"""


def share_due_sql(share: str, of: str) -> str:
    """By when a department must have done its part: its own day, else the task's, whatever days others have."""
    paper = f"(SELECT w.due FROM tasks AS w WHERE w.id = {share}.task_id AND w.recurrence IS NULL)"  # noqa: S608 - names of ours
    return f"coalesce({share}.due, {paper}, {of}.due)"


_LINES = "t.line_first || '-' || t.line_last"
_COLUMNS = (
    "id", "document_id", "path", "text", "deadline_text", "start", "due_counted", "bound", "recurrence", "expected_result",
    "cited", "status", "completed_on", "progress", "reply_number", "note", "confidence", "needs_review", "reasons", "page",
    "line_first", "line_last", "end_page", "end_line", "missing", "duplicate_of", "lead_source", "lead_page", "lead_line_first",
    "lead_line_last", "lead_end_page", "lead_end_line",
    "field_confidence", "percent", "first_due", "requested_due", "superseded_by", "origin",
    "removed", "split_from", "merged_into",
)  # fmt: skip


def task_rows_sql(today: str) -> str:
    """The tasks ``:ids`` (a JSON list) with all that a :class:`tracking.rows.TaskRow` needs but who is responsible."""
    columns = ", ".join(f"t.{name}" for name in _COLUMNS)
    own = "CASE WHEN t.recurrence IS NULL AND g.due IS NOT t.due THEN t.due END"  # those who owe it have later days
    columns = columns.replace("t.first_due", f"coalesce(t.first_due, {own}) AS first_due")
    return f"""SELECT {columns}, g.due AS due, d.number AS document_number, d.type AS document_type, d.date AS document_date,
            d.issuer AS issuer, d.incoming_number AS incoming_number, d.file_name AS file_name, d.secrecy AS secrecy,
            (SELECT coalesce(max(e.id), 0) FROM task_events AS e WHERE e.task_id = t.id) AS last_event,
            {state_sql(today, "g")} AS state, {days_late_sql(today, "g")} AS days_late
        FROM json_each(:ids) AS w CROSS JOIN tasks AS t ON t.id = w.value JOIN task_standing AS g ON g.task_id = t.id
            JOIN documents AS d ON d.id = t.document_id
        ORDER BY w.key"""  # noqa: S608 - built from constants of this module


def shares_sql(today: str) -> str:
    """The shares of the tasks ``:ids`` (a JSON list) as :class:`tracking.detail.ShareRow` has them."""
    return f"""SELECT h.*, {state_sql(today, "h")} AS state, {days_late_sql(today, "h")} AS days_late
        FROM (SELECT ts.task_id, ts.agency_id, a.name AS agency, ts.status, ts.completed_on, ts.percent, {share_due_sql("ts", "g")} AS due,
                ts.requested_due, ts.note
            FROM json_each(:ids) AS w CROSS JOIN task_shares AS ts ON ts.task_id = w.value
                JOIN task_standing AS g ON g.task_id = ts.task_id JOIN agencies AS a ON a.id = ts.agency_id) AS h
        ORDER BY h.agency"""  # noqa: S608


def occurrences_sql(today: str) -> str:
    """The occurrences of the task ``:task`` as :class:`tracking.detail.OccurrenceRow` has them."""
    return f"""SELECT o.*, {state_sql(today, "o")} AS state, {days_late_sql(today, "o")} AS days_late
        FROM occurrences AS o WHERE o.task_id = :task ORDER BY o.due"""  # noqa: S608


def _due_list_sql(condition: str, extra: str) -> str:
    leads = """(SELECT group_concat(name, '; ') FROM (SELECT ta.name FROM task_agencies AS ta
                WHERE ta.task_id = t.id AND ta.role = 'lead' ORDER BY ta.position))"""
    return f"""SELECT t.id AS id, d.number AS document, d.issuer AS issuer, t.text AS text, {leads} AS lead,
            g.due AS due, {extra}, t.page AS page, {_LINES} AS lines, t.path AS path
        FROM task_standing AS g JOIN tasks AS t ON t.id = g.task_id JOIN documents AS d ON d.id = t.document_id
        WHERE g.hidden = 0 AND g.ended = 0 AND {condition}
        ORDER BY g.due, t.id"""  # noqa: S608


def _overdue_view() -> str:
    return _due_list_sql(f"g.due < {TODAY}", f"{days_late_sql(TODAY, 'g')} AS days_late")


def _upcoming_view() -> str:
    left = f"CAST(julianday(g.due) - julianday({TODAY}) AS INTEGER) AS days_left"
    return _due_list_sql(f"g.due BETWEEN {TODAY} AND date({TODAY}, '+{UPCOMING_DAYS} days')", left)


def member_sql(today: str) -> str:
    """Over ``agency_members AS m``, ``task_agencies AS ta``, ``documents AS md``: whether m belonged to the group then and there."""
    return f"""m.group_id = ta.agency_id AND (m.province IS NULL OR m.province = md.province)
                AND coalesce(m.valid_from, '') <= coalesce(md.date, {today})
                AND coalesce(m.valid_to, '9999') >= coalesce(md.date, {today})"""


_NAMED = "task_agencies AS ta JOIN tasks AS mt ON mt.id = ta.task_id JOIN documents AS md ON md.id = mt.document_id"


def responsible_sql(today: str, *, places: bool = False) -> str:
    """Who is responsible today, worked out for all tasks at once: one row for each task, role and department.

    What it means is told in :mod:`tracking.responsible`, whose table has the same rows unless ``places``, which gives each member of groups
    of places ("UBND các xã, phường") too. With 100,000 tasks it takes half a minute.
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


def standing_sql(parts: str) -> str:
    """Each of ``parts`` (from ``responsible``, or columns of the same names) with how that department stands with the task.

    The columns are those of ``task_standing``; status and dates are the department's own where it has a share. (Every task has a standing;
    what is joined LEFT is left out where nobody asks for its columns, as when counting.)
    """
    return f"""SELECT r.task_id, r.role, r.agency_id, r.as_written, r.needs_decision, r.share_id, r.hidden, g.document_id, g.position,
            g.issued, g.received, coalesce(h.status, g.status) AS status, r.ended, r.due, coalesce(r.due, '9999-12-31') AS due_last,
            CASE WHEN h.status IS NULL THEN g.completed_on ELSE h.completed_on END AS completed_on, g.needs_review, g.confidence, g.lead
        FROM ({parts}) AS r LEFT JOIN task_standing AS g ON g.task_id = r.task_id
            LEFT JOIN task_shares AS h ON h.task_id = r.task_id AND h.agency_id = r.share_id"""  # noqa: S608


def with_standing_sql(parts: str) -> str:
    """``parts`` without hidden, ended and due → with them, as ``responsible`` has them."""
    due = share_due_sql("h", "g")
    return f"""SELECT p.*, g.hidden, CASE WHEN h.status IS NULL THEN g.ended ELSE {ended_sql("h", due)} END AS ended, {due} AS due
        FROM ({parts}) AS p CROSS JOIN task_standing AS g ON g.task_id = p.task_id
            LEFT JOIN task_shares AS h ON h.task_id = p.task_id AND h.agency_id = p.share_id"""  # noqa: S608


def parts_sql(today: str, where: str = "1") -> str:
    """Who is responsible on that day, from the table."""
    return f"""SELECT task_id, role, agency_id, as_written, needs_decision, share_id, hidden, ended, due FROM responsible
                WHERE {where} AND since <= {today} AND {today} < until"""  # noqa: S608


_PLACES = f"""SELECT r.task_id, r.role, r.agency_id, r.as_written, r.needs_decision,
                (SELECT ts.agency_id FROM task_shares AS ts WHERE ts.task_id = r.task_id AND ts.agency_id = r.agency_id) AS share_id
            FROM ({responsible_sql(TODAY, places=True)}) AS r"""  # noqa: S608


def _task_list_view(parts: str) -> str:
    return f"""SELECT a.name AS agency, g.role AS role, t.id AS task_id, d.number AS document, d.issuer AS issuer, t.text AS text,
            g.due AS due, {state_sql(TODAY, "g")} AS state, s.label AS status, {days_late_sql(TODAY, "g")} AS days_late,
            g.as_written AS as_written, g.needs_decision AS needs_decision, t.page AS page, {_LINES} AS lines, t.path AS path
        FROM ({standing_sql(parts)}) AS g JOIN agencies AS a ON a.id = g.agency_id JOIN tasks AS t ON t.id = g.task_id
            JOIN documents AS d ON d.id = t.document_id JOIN task_statuses AS s ON s.code = g.status
        WHERE g.hidden = 0
        ORDER BY a.name, g.due IS NULL, g.due, t.id"""  # noqa: S608


def summary_sql(today: str) -> str:
    """Counts for each department over the tasks it leads; ``in_time`` includes those due soon."""
    sums = {
        "done_on_time": "n * (ended = 1)",
        "done_late": "n * (ended = 2)",
        "in_time": "(n - undated - late) * (ended = 0)",
        "overdue": "late",
        "no_deadline": "undated * (ended = 0)",
        "closed_otherwise": "n * (ended > 2)",
    }
    # First in the order of the table; two rows of one name (a province before and after a merger) are one department.
    return f"""SELECT a.name AS agency, sum(n) AS total, {", ".join(f"sum({value}) AS {name}" for name, value in sums.items())}
        FROM (SELECT agency_id, ended, sum(n) AS n, sum(iif(due = '', n, 0)) AS undated,
                sum(iif(due < {today} AND due <> '', n, 0)) AS late FROM department_counts
            WHERE role = 'lead' AND since <= {today} AND {today} < until AND n > 0 GROUP BY agency_id, until, since, ended) AS c
            JOIN agencies AS a ON a.id = c.agency_id
        GROUP BY a.name ORDER BY overdue DESC, a.name"""  # noqa: S608


def _view_texts() -> dict[str, str]:
    return {
        "overdue_tasks": _overdue_view(),
        "upcoming_tasks": _upcoming_view(),
        "task_list": _task_list_view(parts_sql(TODAY)),
        "task_list_members": _task_list_view(with_standing_sql(_PLACES)),
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
