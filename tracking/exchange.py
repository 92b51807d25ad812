"""The part of the store by which workbooks go out and come back (:mod:`tracking.exporting`, :mod:`tracking.importing`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from tracking import import_writing, standing
from tracking.agencies import find_agency
from tracking.folding import fold_name
from tracking.import_plan import ImportPlan, ImportResult
from tracking.open_file import OpenFile
from tracking.standing import Standing


class ExchangeStore(OpenFile):
    """What exports need to know of tasks, and writing what an import found."""

    @property
    def identity(self) -> str:
        """What tells this workspace from every other; a copy of the file has the same."""
        return str(self._connection.execute("SELECT id FROM workspace_identity").fetchone()[0])

    def standings(self, keys: Iterable[tuple[int, str | None]], *, removed: bool = False) -> dict[tuple[int, str | None], Standing]:
        """What is filled in for each (task, department) that exists; the department None for the task itself. ``removed``: also of those
        that were taken out of the lists.
        """
        return standing.standings(self._connection, keys, removed=removed)

    def shared_tasks(self, as_of: date | None = None, *, places: bool = False) -> frozenset[tuple[int, str]]:
        """(task, department) where several departments lead, each with a standing of its own.

        ``places``: a group of places ("UBND các xã, phường") is each of its members.
        """
        return standing.shared_tasks(self._connection, as_of or date.today(), places=places)

    def group_names(self) -> frozenset[str]:
        """The folded names that mean several bodies ("các sở, ban, ngành")."""
        rows = self._connection.execute("SELECT name FROM agencies WHERE id IN (SELECT group_id FROM agency_members)")
        return frozenset(fold_name(row["name"]) for row in rows)

    def unknown_agencies(self, names: Iterable[str]) -> list[str]:
        """The names that no agency has yet, neither as its name nor as another one."""
        return [name for name in names if find_agency(self._connection, name) is None]

    def write_import(self, plan: ImportPlan, who: str) -> ImportResult:
        """Write the changes of a filled-in workbook as one act; see :func:`tracking.importing.apply`."""
        with self._writing() as connection:
            return import_writing.write(connection, plan, who, self._names, datetime.now())
