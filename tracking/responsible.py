"""Who is responsible for each task, day by day: the table ``responsible`` (see :mod:`tracking.derived`).

A group ("các sở, ban, ngành") becomes its members on the day of the directive, an abolished agency its successors: the one whose subject
the task speaks of, else those by default. With several of these all are given; with none it stays; both with ``needs_decision`` 1.
``as_written`` is the name in the directive. Groups of places ("UBND các xã, phường") have hundreds of members, so they stay one department.
:func:`tracking.views.responsible_sql` says the same for one day in SQL.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from tracking.views import ended_sql

EVER, FOREVER = "", "9999-12-31"
_DEPTH = 10
"""Successions followed one after another, as in the SQL; a circle ends there."""

_BATCH = 5000


@dataclass(frozen=True, slots=True)
class _Named:
    """An agency as a task names it."""

    agency_id: int
    name: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A department responsible over some days; ``sources`` are the bodies that it succeeded, itself included."""

    agency_id: int
    since: str
    until: str
    as_written: str
    in_group: bool
    needs_decision: bool
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    agency_id: int
    province: str | None
    first: str
    last: str
    is_place: bool


def refresh(connection: sqlite3.Connection) -> None:
    """Work out anew what the triggers marked; call it at the end of a transaction."""
    if connection.execute("SELECT 1 FROM responsible_stale LIMIT 1").fetchone() is None:
        return
    office = _Office(connection)
    ids = [row[0] for row in connection.execute(_STALE_TASKS)]
    for begin in range(0, len(ids), _BATCH):
        batch = json.dumps(ids[begin : begin + _BATCH])
        connection.execute("DELETE FROM responsible WHERE task_id IN (SELECT value FROM json_each(?))", (batch,))
        connection.execute(_BY_THE_PAPER, (batch,))
        connection.executemany(_INSERT, office.rows(batch))
        connection.execute(_OWN_STANDING, (batch,))
        if connection.execute(_BY_THE_PARTS, (batch,)).rowcount:
            connection.execute(_AS_THE_TASK, (batch,))
    connection.execute("DELETE FROM responsible_stale")


_INSERT = """INSERT INTO responsible SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, g.hidden, g.ended, g.due
    FROM task_standing AS g WHERE g.task_id = ?3"""
_OWN_STANDING = f"""UPDATE responsible AS r SET due = coalesce(h.due, r.due), ended = {ended_sql("h", "coalesce(h.due, r.due)")}
    FROM task_shares AS h WHERE r.task_id IN (SELECT value FROM json_each(?)) AND h.task_id = r.task_id AND h.agency_id = r.share_id"""  # noqa: S608

# Departments may have later days of their own. A task is due when the first of those who lead it and still owe it is; one that is done was
# late when one of them was.
_BATCH_ONCE = """g.task_id IN (SELECT value FROM json_each(?)) AND t.id = g.task_id
        AND (t.recurrence IS NULL OR NOT EXISTS (SELECT 1 FROM occurrences AS o WHERE o.task_id = t.id))"""
_BY_THE_PAPER = f"""UPDATE task_standing AS g SET due = t.due, due_last = coalesce(t.due, '9999-12-31'), ended = {ended_sql("t", "t.due")}
    FROM tasks AS t WHERE {_BATCH_ONCE} AND (g.due IS NOT t.due OR g.ended IS NOT {ended_sql("t", "t.due")})"""  # noqa: S608
_BY_THE_PARTS = """UPDATE task_standing AS g SET due = w.due, due_last = w.due, ended = CASE g.ended WHEN 0 THEN 0 ELSE w.ended END
    FROM (SELECT r.task_id, max(r.ended) AS ended, CASE t.status
                WHEN 'done' THEN coalesce(min(CASE r.ended WHEN 2 THEN r.due END), max(r.due)) ELSE min(CASE r.ended WHEN 0 THEN r.due END)
                END AS due
            FROM responsible AS r JOIN tasks AS t ON t.id = r.task_id
            WHERE r.task_id IN (SELECT h.task_id FROM task_shares AS h WHERE h.due IS NOT NULL
                    AND h.task_id IN (SELECT value FROM json_each(?)))
                AND r.role = 'lead' AND r.ended < 3
            GROUP BY r.task_id) AS w
    WHERE g.task_id = w.task_id AND g.ended < 3 AND w.due IS NOT NULL AND w.due <> g.due"""
_AS_THE_TASK = """UPDATE responsible AS r SET due = g.due, ended = g.ended FROM task_standing AS g
    WHERE r.task_id IN (SELECT value FROM json_each(?)) AND g.task_id = r.task_id AND r.share_id IS NULL AND r.due IS NOT g.due"""

# Whoever a touched agency succeeds is touched too, and so are the groups that these belong to.
_STALE_TASKS = """WITH RECURSIVE
    touched(id) AS (SELECT id FROM responsible_stale WHERE kind = 'agency'
        UNION SELECT s.old_id FROM touched AS w JOIN agency_successions AS s ON s.new_id = w.id),
    named(id) AS (SELECT id FROM touched UNION SELECT m.group_id FROM touched AS w JOIN agency_members AS m ON m.member_id = w.id)
    SELECT id FROM tasks WHERE id IN (SELECT id FROM responsible_stale WHERE kind = 'task')
    UNION SELECT id FROM tasks WHERE document_id IN (SELECT id FROM responsible_stale WHERE kind = 'document')
    UNION SELECT task_id FROM task_agencies WHERE agency_id IN (SELECT id FROM named)"""


class _Office:
    """Groups and successions, read once, and what was worked out from them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._steps: dict[int, list[tuple[str, int | None]]] = {}
        for row in connection.execute("SELECT old_id, new_id, date FROM agency_successions WHERE subject IS NULL ORDER BY date, id"):
            self._steps.setdefault(row["old_id"], []).append((row["date"], row["new_id"]))
        self._members: dict[int, list[_Member]] = {}
        self._ends: dict[tuple[int, str], tuple[tuple[int, bool], ...]] = {}
        self._dates: dict[int, frozenset[str]] = {}
        self._known: dict[tuple[object, ...], tuple[_Place, ...]] = {}

    def rows(self, ids: str) -> Iterator[tuple[object, ...]]:
        """The rows of these tasks (a JSON list)."""
        shares: dict[int, set[int]] = {}
        heirs: dict[int, list[tuple[int, int, str]]] = {}
        of_these = "task_id IN (SELECT value FROM json_each(?))"
        for row in self._connection.execute(f"SELECT task_id, agency_id FROM task_shares WHERE {of_these}", (ids,)):  # noqa: S608
            shares.setdefault(row[0], set()).add(row[1])
        for row in self._connection.execute(f"SELECT task_id, old_id, new_id, date FROM task_successions WHERE {of_these}", (ids,)):  # noqa: S608
            heirs.setdefault(row[0], []).append((row[1], row[2], row[3]))
        led: tuple[int, tuple[_Place, ...]] = (0, ())
        for task_id, role, dated, province, named in self._named(ids):
            places = self._places(named, dated, province, tuple(heirs.get(task_id, ())))
            if role == "lead":
                led = task_id, places
            own = shares.get(task_id)
            for place in _without(places, led[1]) if role != "lead" and led[0] == task_id else places:
                share = next((one for one in (place.agency_id, *place.sources) if one in own), None) if own else None
                yield (
                    role,
                    place.agency_id,
                    task_id,
                    place.since,
                    place.until,
                    place.as_written,
                    place.in_group,
                    place.needs_decision,
                    share,
                )

    def _named(self, ids: str) -> Iterator[tuple[int, str, str | None, str | None, tuple[_Named, ...]]]:
        rows = self._connection.execute(
            """SELECT ta.task_id, ta.role, d.date, d.province, ta.agency_id, ta.name
            FROM task_agencies AS ta JOIN tasks AS t ON t.id = ta.task_id JOIN documents AS d ON d.id = t.document_id
            WHERE ta.task_id IN (SELECT value FROM json_each(?)) ORDER BY ta.task_id, ta.role DESC, ta.position""",
            (ids,),
        )
        before: tuple[int, str, str | None, str | None] | None = None
        named: list[_Named] = []
        for task_id, role, dated, province, agency_id, name in rows.fetchall():
            key = (task_id, role, dated, province)
            if before is not None and key != before:
                yield (*before, tuple(named))
                named = []
            before = key
            named.append(_Named(agency_id, name))
        if before is not None:
            yield (*before, tuple(named))

    def _places(
        self, named: tuple[_Named, ...], dated: str | None, province: str | None, heirs: tuple[tuple[int, int, str], ...]
    ) -> tuple[_Place, ...]:
        # Only for a group does it matter when and where the directive was issued.
        grouped = any(self._members_of(one.agency_id) for one in named)
        key = (named, heirs, dated, province) if grouped else (named, heirs)
        if key not in self._known:
            self._known[key] = self._work_out(named, dated, province, heirs)
        return self._known[key]

    def _work_out(
        self, named: tuple[_Named, ...], dated: str | None, province: str | None, heirs: tuple[tuple[int, int, str], ...]
    ) -> tuple[_Place, ...]:
        begins = {EVER, *(day for _, _, day in heirs)}
        for one in named:
            for agency_id in (one.agency_id, *(member.agency_id for member in self._members_of(one.agency_id))):
                begins |= self._turns(agency_id)
            if dated is None:
                begins |= {turn for member in self._members_of(one.agency_id) for turn in (member.first, _day_after(member.last))}
        for _, new_id, _ in heirs:
            begins |= self._turns(new_id)
        days = [*sorted(begins - {FOREVER}), FOREVER]
        open_places: dict[int, _Place] = {}
        closed: list[_Place] = []
        for since, until in pairwise(days):
            now = {place.agency_id: place for place in self._on(since, until, named, dated, province, heirs)}
            for agency_id, place in now.items():
                before = open_places.get(agency_id)
                if before is not None and _same(before, place):
                    now[agency_id] = _Place(agency_id, before.since, until, place.as_written, *_rest(place))
                elif before is not None:
                    closed.append(before)
            closed += [place for agency_id, place in open_places.items() if agency_id not in now]
            open_places = now
        return (*closed, *open_places.values())

    def _on(
        self,
        day: str,
        until: str,
        named: tuple[_Named, ...],
        dated: str | None,
        province: str | None,
        heirs: tuple[tuple[int, int, str], ...],
    ) -> Iterator[_Place]:
        found: dict[int, list[tuple[str, bool, bool, int]]] = {}
        for one in named:
            for agency_id, in_group in self._meant(one.agency_id, dated or day, province):
                chosen = [new_id for old_id, new_id, since in heirs if old_id == agency_id and since <= day] or [agency_id]
                for begin in chosen:
                    ends = self._ends_of(begin, day)
                    for end, undecided in ends:
                        found.setdefault(end, []).append((one.name, in_group, undecided or len(ends) > 1, agency_id))
        for agency_id, ways in found.items():
            names = "; ".join(dict.fromkeys(name for name, _, _, _ in ways))
            sources = tuple(dict.fromkeys(source for _, _, _, source in ways))
            yield _Place(
                agency_id, day, until, names, any(grouped for _, grouped, _, _ in ways), any(open_ for _, _, open_, _ in ways), sources
            )

    def _meant(self, agency_id: int, day: str, province: str | None) -> Iterable[tuple[int, bool]]:
        """The members of a group on that day, or the agency itself."""
        fitting = [
            member
            for member in self._members_of(agency_id)
            if (member.province is None or member.province == province) and member.first <= day <= member.last
        ]
        single = [(member.agency_id, True) for member in fitting if not member.is_place]
        return single if len(single) == len(fitting) and single else [*single, (agency_id, False)]

    def _members_of(self, group_id: int) -> list[_Member]:
        if group_id not in self._members:
            rows = self._connection.execute(
                "SELECT member_id, province, valid_from, valid_to, is_place FROM agency_members WHERE group_id = ?", (group_id,)
            )
            self._members[group_id] = [_Member(row[0], row[1], row[2] or EVER, row[3] or FOREVER, bool(row[4])) for row in rows]
        return self._members[group_id]

    def _turns(self, agency_id: int) -> frozenset[str]:
        """The days on which what follows an agency may change."""
        if agency_id not in self._dates:
            seen, fresh, turns = {agency_id}, [agency_id], set()
            for _ in range(_DEPTH + 1):
                steps = [step for one in fresh for step in self._steps.get(one, ())]
                turns |= {day for day, _ in steps}
                fresh = [new for new in dict.fromkeys(new for _, new in steps if new is not None) if new not in seen]
                seen |= set(fresh)
            self._dates[agency_id] = frozenset(turns)
        return self._dates[agency_id]

    def _ends_of(self, agency_id: int, day: str) -> tuple[tuple[int, bool], ...]:
        """The bodies at the ends of the chains, each with whether a person must say who follows it."""
        key = (agency_id, day)
        if key not in self._ends:
            seen, fresh, ends = {agency_id}, [agency_id], dict[int, bool]()
            for _ in range(_DEPTH + 1):
                after: list[int] = []
                for one in fresh:
                    steps = [new for since, new in self._steps.get(one, ()) if since <= day]
                    known = [new for new in steps if new is not None]
                    if not known:
                        ends[one] = bool(steps)
                    after += known
                fresh = [one for one in dict.fromkeys(after) if one not in seen]
                seen |= set(fresh)
            # Successions in a circle have no end: the body stays and a person must decide.
            self._ends[key] = tuple(ends.items()) or ((agency_id, True),)
        return self._ends[key]


def _same(one: _Place, other: _Place) -> bool:
    return (one.as_written, *_rest(one)) == (other.as_written, *_rest(other))


def _rest(place: _Place) -> tuple[bool, bool, tuple[int, ...]]:
    return place.in_group, place.needs_decision, place.sources


def _without(places: Iterable[_Place], led: Iterable[_Place]) -> Iterator[_Place]:
    """The places on those days on which their agency has none among ``led``: who leads a task does not take part in it too."""
    taken: dict[int, list[_Place]] = {}
    for place in led:
        taken.setdefault(place.agency_id, []).append(place)
    for place in places:
        left = [place]
        for gone in taken.get(place.agency_id, ()):
            before = (replace(piece, until=min(piece.until, gone.since)) for piece in left if piece.since < gone.since)
            left = [*before, *(replace(piece, since=max(piece.since, gone.until)) for piece in left if gone.until < piece.until)]
        yield from left


def _day_after(day: str) -> str:
    return day if day in (EVER, FOREVER) else (date.fromisoformat(day) + timedelta(days=1)).isoformat()
