"""What is known of one agency besides its tasks: other names, members, groups, predecessors and heirs."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ingest.errors import NotFound
from tracking.agencies import find_agency
from tracking.folding import fold_name
from tracking.open_file import OpenFile
from tracking.rows import to_date


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a group (or a group of a member) with its days, both included, None where open; ``province`` where it says so."""

    name: str
    valid_from: date | None
    valid_to: date | None
    province: str | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """From ``since`` on ``new`` does the work of ``old``; None: a person must decide, among ``candidates`` where they are known.

    ``subject``: only the work that speaks of it.
    """

    old: str
    new: str | None
    since: date
    subject: str | None
    source: str | None
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgencyProfile:
    """One agency. ``level`` as in the gazetteer; ``tasks``: how many tasks name it."""

    name: str
    level: str | None
    valid_from: date | None
    valid_to: date | None
    aliases: tuple[str, ...]
    members: tuple[MemberRow, ...]
    groups: tuple[str, ...]
    heirs: tuple[StepRow, ...]
    predecessors: tuple[StepRow, ...]
    tasks: int

    @property
    def undecided(self) -> bool:
        """Whether it ended and who goes on is not settled."""
        general = {step.new for step in self.heirs if step.subject is None}
        return None in general or len(general) > 1


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """A group that tasks name: how many members and tasks it has."""

    name: str
    members: int
    tasks: int


class ProfileStore(OpenFile):
    """The part of the store behind the pages of departments."""

    def agency_profile(self, name: str) -> AgencyProfile:
        """The agency with that name or alias.

        :raises NotFound: there is none.
        """
        connection = self._connection
        agency = find_agency(connection, name)
        if agency is None:
            raise NotFound(f"không có cơ quan nào tên «{name}».")
        row = connection.execute("SELECT * FROM agencies WHERE id = ?", (agency,)).fetchone()
        aliases = connection.execute("SELECT text FROM agency_aliases WHERE agency_id = ? ORDER BY folded", (agency,)).fetchall()
        groups = connection.execute(
            "SELECT name FROM agencies WHERE id IN (SELECT group_id FROM agency_members WHERE member_id = ?) ORDER BY folded",
            (agency,),
        )
        tasks = connection.execute(
            "SELECT count(DISTINCT ta.task_id) FROM task_agencies AS ta JOIN tasks AS t ON t.id = ta.task_id "
            "WHERE ta.agency_id = ? AND NOT t.removed",
            (agency,),
        ).fetchone()[0]
        return AgencyProfile(
            row["name"],
            row["level"],
            to_date(row["valid_from"]),
            to_date(row["valid_to"]),
            tuple(alias for (alias,) in aliases if fold_name(alias) != row["folded"]),
            _members(connection, agency),
            tuple(group for (group,) in groups),
            _steps(connection, "old_id", agency),
            _steps(connection, "new_id", agency),
            tasks,
        )

    def named_groups(self) -> list[NamedGroup]:
        """The groups that tasks name, those with most tasks first."""
        rows = self._connection.execute(
            """SELECT a.name AS name, count(DISTINCT ta.task_id) AS tasks,
                (SELECT count(DISTINCT m.member_id) FROM agency_members AS m WHERE m.group_id = a.id) AS members
            FROM agencies AS a CROSS JOIN task_agencies AS ta ON ta.agency_id = a.id
            WHERE (a.kind LIKE '%group' OR EXISTS (SELECT 1 FROM agency_members AS m WHERE m.group_id = a.id))
                AND ta.task_id NOT IN (SELECT task_id FROM task_standing WHERE hidden > 0)
            GROUP BY a.id ORDER BY tasks DESC, a.folded"""
        )
        return [NamedGroup(row["name"], row["members"], row["tasks"]) for row in rows]

    def undecided_agencies(self, as_of: date | None = None) -> list[tuple[str, int]]:
        """Bodies that ended without one successor, as directives name them, with how many tasks wait for somebody to decide."""
        rows = self._connection.execute(
            """SELECT as_written AS name, count(DISTINCT task_id) AS n FROM responsible
            WHERE needs_decision AND hidden = 0 AND since <= :as_of AND :as_of < until GROUP BY 1 ORDER BY n DESC, 1""",
            {"as_of": (as_of or date.today()).isoformat()},
        )
        return [(row["name"], row["n"]) for row in rows]


def _members(connection: sqlite3.Connection, group: int) -> tuple[MemberRow, ...]:
    rows = connection.execute(
        """SELECT a.name, m.valid_from, m.valid_to, m.province FROM agency_members AS m JOIN agencies AS a ON a.id = m.member_id
        WHERE m.group_id = ? ORDER BY m.province, a.folded, m.valid_from""",
        (group,),
    )
    found: list[MemberRow] = []
    for name, first, last, province in rows:
        row = MemberRow(name, to_date(first), to_date(last), province or None)
        before = found[-1] if found else None
        follows = before and before.valid_to and row.valid_from and before.valid_to + timedelta(days=1) == row.valid_from
        if before and follows and (before.name, before.province) == (row.name, row.province):
            # The gazetteer has one row before and one after a reform.
            found[-1] = replace(before, valid_to=row.valid_to)
        else:
            found.append(row)
    return tuple(found)


def _steps(connection: sqlite3.Connection, column: str, agency: int) -> tuple[StepRow, ...]:
    rows = connection.execute(
        f"""SELECT o.name AS old, n.name AS new, s.date, s.subject, s.source, s.candidates FROM agency_successions AS s
        JOIN agencies AS o ON o.id = s.old_id LEFT JOIN agencies AS n ON n.id = s.new_id
        WHERE s.{column} = ? ORDER BY s.date, o.folded, s.id""",  # noqa: S608 - a name of ours
        (agency,),
    )
    return tuple(
        StepRow(old, new, date.fromisoformat(since), subject, source, tuple(json.loads(candidates)))
        for old, new, since, subject, source, candidates in rows
    )
