"""Who stands today where a directive names a body: "giao: Sở Giao thông vận tải → hiện nay: Sở Xây dựng"."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class TaskAgency:
    """One agency of a task as the directive names it, in its role (lead or coordinating).

    ``now``: who does its work on that day, the name itself when nothing changed. ``needs_decision``: it ended and several could be meant;
    ``choices`` are those, when they are known. ``candidates``: what else the paper may name, likeliest first, last as it is written; a
    person confirms or corrects with ``assign``. ``members``: how many agencies the group has on the day of the directive, 0 for a single
    agency.
    """

    role: str
    name: str
    now: tuple[str, ...]
    needs_decision: bool = False
    choices: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    members: int = 0

    @property
    def changed(self) -> bool:
        """Whether somebody else does its work now, or nobody is known to."""
        return self.needs_decision or self.now != (self.name,)

    def as_json(self) -> dict[str, Any]:
        """All fields."""
        return {
            "role": self.role,
            "name": self.name,
            "now": list(self.now),
            "needs_decision": self.needs_decision,
            "choices": list(self.choices),
            "candidates": list(self.candidates),
            "members": self.members,
        }


@dataclass(frozen=True, slots=True)
class _Step:
    new: int | None
    name: str
    choices: tuple[str, ...]


def task_agencies(
    connection: sqlite3.Connection, as_of: date, task_ids: Sequence[int], *, members: bool = False
) -> dict[int, list[TaskAgency]]:
    """The agencies of these tasks, leads first; task id → agencies. ``members``: also count those of groups."""
    day, ids = as_of.isoformat(), json.dumps(list(task_ids))
    steps: dict[int, list[_Step]] = {}
    for row in connection.execute(
        """SELECT s.old_id AS old, s.new_id AS new, a.name AS name, s.candidates AS candidates FROM agency_successions AS s
        LEFT JOIN agencies AS a ON a.id = s.new_id WHERE s.subject IS NULL AND s.date <= ? ORDER BY s.date, s.id""",
        (day,),
    ):
        steps.setdefault(row["old"], []).append(_Step(row["new"], row["name"] or "", tuple(json.loads(row["candidates"]))))
    by_subject: dict[tuple[int, int], list[_Step]] = {}
    for row in connection.execute(
        """SELECT s.task_id AS task, s.old_id AS old, s.new_id AS new, a.name AS name FROM task_successions AS s
        JOIN agencies AS a ON a.id = s.new_id WHERE s.date <= ? AND s.task_id IN (SELECT value FROM json_each(?))""",
        (day, ids),
    ):
        by_subject.setdefault((row["task"], row["old"]), []).append(_Step(row["new"], row["name"], ()))
    found: dict[int, list[TaskAgency]] = {}
    for row in connection.execute(
        """SELECT ta.*, CASE WHEN NOT :members THEN 0 ELSE (SELECT count(DISTINCT m.member_id) FROM agency_members AS m
            WHERE m.group_id = ta.agency_id AND (m.province IS NULL OR m.province = d.province)
            AND coalesce(m.valid_from, '') <= coalesce(d.date, :day)
            AND coalesce(m.valid_to, '9999') >= coalesce(d.date, :day)) END AS members
        FROM json_each(:ids) AS w CROSS JOIN task_agencies AS ta ON ta.task_id = w.value JOIN tasks AS t ON t.id = ta.task_id
            JOIN documents AS d ON d.id = t.document_id
        ORDER BY w.key, ta.role <> 'lead', ta.position""",
        {"day": day, "ids": ids, "members": members},
    ):
        start = by_subject.get((row["task_id"], row["agency_id"])) or steps.get(row["agency_id"], [])
        now, choices, undecided = _ends(start, steps) if start else ((row["name"],), (), False)
        candidates = () if row["candidates"] == "[]" else tuple(json.loads(row["candidates"]))
        one = TaskAgency(row["role"], row["name"], now, undecided, choices, candidates, row["members"])
        found.setdefault(row["task_id"], []).append(one)
    return found


def _ends(start: list[_Step], steps: dict[int, list[_Step]]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The bodies at the ends of the chains, those to choose from, and whether a person must."""
    now: dict[str, None] = {}
    choices: dict[str, None] = {}
    undecided = False
    seen: set[int] = set()
    open_ends = list(start)
    while open_ends:
        step = open_ends.pop(0)
        if step.new is None:
            undecided = True
            choices |= dict.fromkeys(step.choices)
        elif step.new not in seen:
            seen.add(step.new)
            after = steps.get(step.new, [])
            open_ends += after
            if not after:
                now[step.name] = None
    if len(now) > 1:
        undecided = True
        choices = dict.fromkeys((*now, *choices))
    return tuple(now), tuple(choices), undecided
