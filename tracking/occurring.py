"""Recurring tasks as dated instances: "hằng tháng trước ngày 20" is one row of ``occurrences`` for the 20th of each month.

Rows are made ahead up to a horizon and never shifted: the paper's day stands, also on a weekend. Rhythms without a day end with their
period (month, quarter, half, year; a week on Friday, the last day offices work). ``daily``, ``continuous`` and ``other`` have no
instances that anybody follows one by one. Instances that a person touched stay when the rhythm changes; the others are made anew.

Nobody knows what became of those that fell due before the document came in: they are there, ``not_followed`` and owed by nobody, until a
person says from which day on the task is followed (``tasks.followed_from``).
"""

from __future__ import annotations

import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from extract.workdays import is_working_day
from ingest.errors import NotFound
from tracking.folding import fold_name

AHEAD_DAYS = 400
"""How far instances are made ahead: lists look 30 days ahead, calendars a year."""

_RENEW_DAYS = 370
"""The horizon is moved when it is nearer than this, so that opening the file writes about once a month."""

_MONTHS = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12, "biennial": 24}
PERIODIC = ("weekly", *_MONTHS)
"""The values of ``recurrence`` that have instances."""

_MARK = "occurrences"
_UNTOUCHED = "status IN ('open', 'not_followed') AND note IS NULL AND percent IS NULL AND due = scheduled"
_FRIDAY = 5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, and on which day: of the month, or 1 (Monday) to 7 for ``weekly``; ``month`` of the year for longer periods.

    ``opening``: the day lies in the first month of a quarter or half ("ngày 05 tháng đầu quý sau") instead of the last.
    ``working``: the last working day of the period is meant.
    """

    recurrence: str
    day: int | None = None
    month: int | None = None
    opening: bool = False
    working: bool = False

    def days(self, first: date, until: date) -> Iterator[date]:
        """The days from ``first`` to ``until``, both included, earliest first."""
        if self.recurrence == "weekly":
            day = first + timedelta(days=((self.day or _FRIDAY) - first.isoweekday()) % 7)
            while day <= until:
                yield day
                day += timedelta(days=7)
            return
        step = _MONTHS[self.recurrence]
        last = {"monthly": 1, "quarterly": 3, "half-yearly": 6}.get(self.recurrence, 12)
        month = self.month or (1 if self.opening else last)
        # A term of two years that begins with the document's ends with the next.
        index = 12 * (first.year + (self.recurrence == "biennial")) + (month - 1) % min(step, 12)
        while (day := self._in_month(index)) <= until:
            if day >= first:
                yield day
            index += step

    def _in_month(self, index: int) -> date:
        year, month = index // 12, index % 12 + 1
        length = monthrange(year, month)[1]
        found = date(year, month, min(self.day or length, length))
        while self.working and not is_working_day(found):
            found -= timedelta(days=1)
        return found


def stored(connection: sqlite3.Connection, occurrence_id: int) -> sqlite3.Row:
    """The row of an instance.

    :raises NotFound: no instance has that id.
    """
    row: sqlite3.Row | None = connection.execute("SELECT * FROM occurrences WHERE id = ?", (occurrence_id,)).fetchone()
    if row is None:
        raise NotFound(f"không có kỳ báo cáo mang mã {occurrence_id}.", remedy="Hãy xem mã bằng «dondoc occurrences ID».")
    return row


def task_of(connection: sqlite3.Connection, occurrence_id: int) -> int:
    """The task of an instance.

    :raises NotFound: no instance has that id.
    """
    return int(stored(connection, occurrence_id)["task_id"])


def rhythms(connection: sqlite3.Connection, task: sqlite3.Row) -> list[tuple[Rhythm, date]]:
    """The rhythms of a task, each with the day from which it counts; empty without any.

    A task with a date of its own repeats that date; otherwise the paper's deadlines of this rhythm say on which day.
    """
    if task["recurrence"] not in PERIODIC or task["removed"]:
        return []
    if task["due"]:
        due = date.fromisoformat(task["due"])
        weekly = task["recurrence"] == "weekly"
        return [(Rhythm(task["recurrence"], due.isoweekday() if weekly else due.day, None if weekly else due.month), due)]
    row = connection.execute("SELECT date, received_at FROM documents WHERE id = ?", (task["document_id"],)).fetchone()
    first = date.fromisoformat(task["start"] or row["date"] or row["received_at"][:10])
    written = connection.execute(
        "SELECT recurrence, day, month, text FROM task_deadlines WHERE task_id = ? AND recurrence IS NOT NULL ORDER BY position",
        (task["id"],),
    ).fetchall()
    if not any(deadline["recurrence"] == task["recurrence"] for deadline in written):
        return [(Rhythm(task["recurrence"]), first)]  # a person's own
    return [(_written(deadline), first) for deadline in written if deadline["recurrence"] in PERIODIC]


def _written(deadline: sqlite3.Row) -> Rhythm:
    folded = fold_name(deadline["text"])
    opening = "thang dau quy" in folded or "quy sau" in folded
    day = deadline["day"] or (1 if "ngay dau tien" in folded else None)
    return Rhythm(deadline["recurrence"], day, deadline["month"], opening, "lam viec cuoi" in folded)


def followed_from(connection: sqlite3.Connection, task: sqlite3.Row) -> str:
    """The first day whose instances are followed: what a person said, else the day on which the document came in."""
    if task["followed_from"]:
        return str(task["followed_from"])
    return str(connection.execute("SELECT substr(received_at, 1, 10) FROM documents WHERE id = ?", (task["document_id"],)).fetchone()[0])


def keep_in_step(connection: sqlite3.Connection, task_id: int) -> None:
    """Make the instances of a task those of its rhythm up to the horizon, followed from its day on. Call it inside a transaction."""
    task = connection.execute("SELECT * FROM tasks WHERE id = ?", (task_id,)).fetchone()
    wanted = _wanted(connection, task, horizon(connection))
    known = connection.execute(f"SELECT id, scheduled, {_UNTOUCHED} AS untouched FROM occurrences WHERE task_id = ?", (task_id,)).fetchall()  # noqa: S608
    if not known and not wanted:
        return
    stale = [(row["id"],) for row in known if row["untouched"] and row["scheduled"] not in wanted]
    connection.executemany("DELETE FROM occurrences WHERE id = ?", stale)
    since = followed_from(connection, task)
    _insert(connection, task_id, wanted, since)
    connection.execute(
        """UPDATE occurrences SET status = CASE WHEN status = 'not_followed' THEN 'open' ELSE 'not_followed' END, requested_due = NULL
        WHERE task_id = :task AND CASE WHEN status = 'not_followed' THEN scheduled >= :since
            ELSE scheduled < :since AND status IN (SELECT code FROM task_statuses WHERE active) END""",
        {"task": task_id, "since": since},
    )


def _wanted(connection: sqlite3.Connection, task: sqlite3.Row, until: date) -> list[str]:
    return sorted({day.isoformat() for rhythm, first in rhythms(connection, task) for day in rhythm.days(first, until)})


def _insert(connection: sqlite3.Connection, task_id: int, days: Iterable[str], since: str) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO occurrences(task_id, scheduled, due, status) VALUES (?, ?, ?, ?)",
        [(task_id, day, day, "not_followed" if day < since else "open") for day in days],
    )


def horizon(connection: sqlite3.Connection) -> date:
    """Up to which day instances are made."""
    row = connection.execute("SELECT fingerprint FROM seeds WHERE name = ?", (_MARK,)).fetchone()
    return date.fromisoformat(row[0]) if row else date.today() + timedelta(days=AHEAD_DAYS)


def behind(connection: sqlite3.Connection, until: date | None = None) -> date | None:
    """The day up to which instances should be made now, None when there are enough."""
    row = connection.execute("SELECT fingerprint FROM seeds WHERE name = ?", (_MARK,)).fetchone()
    made = date.fromisoformat(row[0]) if row else date.min
    if until is not None:
        return until if until > made else None
    today = date.today()
    return today + timedelta(days=AHEAD_DAYS) if made < today + timedelta(days=_RENEW_DAYS) else None


def make(connection: sqlite3.Connection, until: date) -> None:
    """Make the instances of all tasks from the horizon up to that day, which becomes the horizon. Call it inside a transaction."""
    row = connection.execute("SELECT fingerprint FROM seeds WHERE name = ?", (_MARK,)).fetchone()
    made = row[0] if row else ""
    marks = ", ".join("?" * len(PERIODIC))
    for task in connection.execute(f"SELECT * FROM tasks WHERE recurrence IN ({marks}) AND NOT removed", PERIODIC).fetchall():  # noqa: S608
        days = [day for day in _wanted(connection, task, until) if day > made]
        if days:
            _insert(connection, task["id"], days, followed_from(connection, task))
    connection.execute("INSERT OR REPLACE INTO seeds VALUES (?, ?, datetime('now', 'localtime'))", (_MARK, until.isoformat()))
