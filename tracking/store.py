"""The one door to ``dondoc.db``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from extract import gazetteer
from extract.directive import Directive
from extract.gazetteer import Gazetteer
from ingest.document import Document
from tracking import departments, intake, pressing, reading, readonly, reminding, schema, search_index, shares
from tracking.agencies import AgencyEntry, SuccessionEntry, load_agencies
from tracking.dashboard import Dashboard, dashboard
from tracking.desk import DeskStore
from tracking.detail import TaskDetail
from tracking.exchange import ExchangeStore
from tracking.folding import fold
from tracking.history import EventRow
from tracking.pressing import Pressing
from tracking.profile import ProfileStore
from tracking.reminding import OccurrenceDue, ReminderRow, Slot
from tracking.rows import CitationRow, DepartmentRow, DocumentRow, QueryResult, SaveResult, SearchHit, TaskFilter, TaskRow

_ALL = TaskFilter()


class Store(DeskStore, ExchangeStore, ProfileStore):
    """The workspace's database: takes documents in, answers questions, keeps what people did (:class:`tracking.acting.ActingStore`).

    Use it as a context manager. One store belongs to one thread; several processes may have the same file open (one writes at a time,
    the others wait up to ten seconds). Methods that write raise :class:`ingest.errors.WorkspaceError` when the file cannot be written.
    """

    def __init__(self, db: Database, path: Path, own_agencies: Path | None = None) -> None:
        self._db = db
        self.path = path
        self._own = own_agencies

    @classmethod
    def open(cls, path: Path | str, own_agencies: Path | None = None) -> Store:
        """Open the file, creating it or bringing its tables and gazetteer up to date.

        ``own_agencies`` is the office's own CSV of agencies, the one that ``extract`` reads too.

        :raises WorkspaceError: it cannot be opened or created, is not ours, damaged, locked, or of a newer version.
        """
        store = cls(schema.open_database(Path(path), own_agencies), Path(path), own_agencies)
        try:
            store.make_occurrences()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close the file; closing twice is harmless."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._db.conn

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with schema.writing(self._db) as connection:
                yield connection
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError):
                raise  # a mistake of ours, not the file's
            raise schema.as_workspace_error(error, self.path) from error

    def _names(self) -> Gazetteer:
        gazetteer.refresh(self._own)
        return gazetteer.load(self._own)

    # Taking in

    def save(self, document: Document, directive: Directive, *, file_name: str, received_at: datetime) -> SaveResult:
        """Keep a document and what was found in it, in one transaction.

        A document with the same ``sha256`` is the same document: what the machine found is renewed, what people did stays (status, notes,
        corrected fields, assignments). Tasks are recognised by path and similar text; one that is no longer found is removed unless a
        person had touched it. The first ``file_name`` and ``received_at`` stand.
        """
        with self._writing() as connection:
            now = datetime.now()
            return intake.save(connection, document, directive, self._names(), file_name=file_name, received_at=received_at, now=now)

    def note_files(self, document_id: int, archived_as: str, searchable: str | None = None) -> None:
        """Keep where a document's file now lies, and its searchable copy if a new one was made; paths below the workspace."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE documents SET archived_as = ?, searchable = coalesce(?, searchable) WHERE id = ?",
                (archived_as, searchable, document_id),
            )

    def load_agencies(self, entries: Iterable[AgencyEntry], successions: Iterable[SuccessionEntry] = ()) -> int:
        """Make more agencies, groups and successions known than the gazetteer has; returns the number of entries.

        Harmless to repeat. Their aliases, members and successions last until a CSV of the gazetteer changes and is read anew.
        """
        with self._writing() as connection:
            return load_agencies(connection, entries, successions)

    # Documents

    def find_document(self, sha256: str) -> DocumentRow | None:
        """The document taken in from a file with that content, or None."""
        return reading.find_document(self._connection, sha256)

    def documents(self) -> list[DocumentRow]:
        """All documents in the order they were taken in."""
        return reading.documents(self._connection)

    def document(self, document_id: int) -> DocumentRow:
        """One document; :class:`ingest.errors.NotFound` when there is none."""
        return reading.document(self._connection, document_id)

    def page_texts(self, document_id: int) -> list[str]:
        """The restored text of each page."""
        self.document(document_id)
        rows = self._connection.execute("SELECT text FROM pages WHERE document_id = ? ORDER BY number", (document_id,))
        return [row["text"] for row in rows]

    def citations(self, document_id: int) -> list[CitationRow]:
        """The documents that this one cites."""
        return reading.citations(self._connection, document_id, citing=False)

    def cited_by(self, document_id: int) -> list[CitationRow]:
        """The citations in other documents that mean this one."""
        return reading.citations(self._connection, document_id, citing=True)

    # Tasks

    def tasks(self, wanted: TaskFilter = _ALL) -> list[TaskRow]:
        """The tasks that pass the filter, in its order (earliest due first, those without a date last).

        :raises UsageError: a role, status or order that does not exist.
        """
        return reading.tasks(self._connection, wanted)

    def count_tasks(self, wanted: TaskFilter = _ALL) -> int:
        """How many tasks pass the filter; ``limit`` and ``offset`` do not count."""
        return reading.count_tasks(self._connection, wanted)

    def page_of_tasks(self, wanted: TaskFilter) -> tuple[list[TaskRow], int]:
        """:meth:`tasks` and :meth:`count_tasks` at once, which is quicker."""
        return reading.page(self._connection, wanted)

    def dashboard(self, as_of: date | None = None) -> Dashboard:
        """How the office stands on that day (today when None)."""
        return dashboard(self._connection, as_of)

    def overdue(self, as_of: date | None = None, wanted: TaskFilter = _ALL) -> list[TaskRow]:
        """Tasks still owed whose date is before ``as_of`` (today when None), longest overdue first."""
        return reading.overdue(self._connection, as_of, wanted)

    def upcoming(self, days: int, as_of: date | None = None, wanted: TaskFilter = _ALL) -> list[TaskRow]:
        """Tasks still owed and due from ``as_of`` to ``days`` days later, both included."""
        return reading.upcoming(self._connection, days, as_of, wanted)

    def task(self, task_id: int, as_of: date | None = None) -> TaskDetail:
        """One task with its source lines, deadlines and history; :class:`ingest.errors.NotFound` when there is none."""
        return reading.task_detail(self._connection, task_id, as_of)

    def responsible_departments(self, task_id: int, as_of: date | None = None) -> list[str]:
        """The departments that lead a task on a day: groups expanded, successors followed, by name."""
        known = shares.responsible(self._connection, task_id, as_of or date.today())
        return sorted((one.name for one in known.values() if one.leads), key=lambda name: (fold(name), name))

    def events(self, task_id: int | None = None) -> list[EventRow]:
        """What people did to one task or to all, oldest first."""
        return reading.events(self._connection, task_id)

    def departments(self, as_of: date | None = None) -> list[str]:
        """Names of all departments with tasks: groups expanded, successors followed."""
        return departments.departments(self._connection, as_of)

    def department_tasks(
        self, agency: str | None, as_of: date | None = None, limit: int | None = None, offset: int = 0
    ) -> list[reading.DepartmentTask]:
        """The tasks of one department, led ones first; None for the tasks that name nobody.

        :raises NotFound: no agency has such a name. :raises UsageError: several have.
        """
        return departments.department_tasks(self._connection, agency, as_of, limit, offset)

    def department_states(self, agency: str | None, as_of: date | None = None) -> dict[str, int]:
        """How many of these tasks are in each state."""
        return departments.department_states(self._connection, agency, as_of)

    def department_name(self, agency: str, as_of: date | None = None) -> str:
        """The full name of the department meant by a name, an alias, words of a name, or the name of a body that it succeeded.

        :raises NotFound: no agency has such a name. :raises UsageError: several have.
        """
        return departments.department_name(self._connection, agency, as_of)

    def tasks_by_department(self, as_of: date | None = None, *, places: bool = False) -> dict[str, list[reading.DepartmentTask]]:
        """The tasks of every department, in the order of :meth:`departments`.

        ``places``: a group of places ("UBND các xã, phường") is given as each of its members instead of as one department.
        """
        return departments.tasks_by_department(self._connection, as_of, places=places)

    def department_summary(self, as_of: date | None = None) -> list[DepartmentRow]:
        """Counts for each department."""
        return departments.department_summary(self._connection, as_of)

    # Reminders

    def claim_reminder(self, slot: Slot, address: str, who: str, *, again: bool = False) -> bool:
        """Whether this digest is now the caller's to send: nobody has (unless ``again``), nobody else is about to.

        Follow it with :meth:`finish_reminder` or :meth:`release_reminder`; a claim with neither lapses, unless it is of a mail
        (:data:`tracking.reminding.STALE`, :data:`tracking.reminding.MAIL`).
        """
        with self._writing() as connection:
            return reminding.claim(connection, slot, address, who=who, again=again, now=datetime.now())

    def finish_reminder(self, slot: Slot) -> None:
        """The claimed digest has gone out."""
        with self._writing() as connection:
            reminding.finish(connection, slot, datetime.now())

    def release_reminder(self, slot: Slot) -> None:
        """The claimed digest could not be sent."""
        with self._writing() as connection:
            reminding.release(connection, slot)

    def reminder_is_free(self, slot: Slot) -> bool:
        """Whether this digest is still to be sent; only :meth:`claim_reminder` makes sure."""
        return reminding.is_free(self._connection, slot, datetime.now())

    def reminder_broken_off(self, slot: Slot) -> str | None:
        """When a process began to send this digest and died, so that nobody knows whether it went out."""
        return reminding.broken_off(self._connection, slot, datetime.now())

    def reminders(self, agency: str | None = None, limit: int | None = None) -> list[ReminderRow]:
        """Digests that went out, newest first."""
        return reminding.history(self._connection, agency, limit)

    def occurrences_due(self, until: date) -> list[OccurrenceDue]:
        """Occurrences of recurring tasks still owed up to that day, earliest first."""
        return reminding.occurrences_due(self._connection, until)

    def pressing(self, day: date, until: date, agency: str | None = None, *, places: bool = False) -> list[Pressing]:
        """What departments, or that one, should be reminded of; see :func:`tracking.pressing.pressing`."""
        return pressing.pressing(self._connection, day, until, agency, places=places)

    def pressing_as_a_whole(self, day: date, until: date) -> list[Pressing]:
        """Every task once that is late, near, or asked more time for."""
        return pressing.pressing_as_a_whole(self._connection, day, until)

    def as_they_stand(self, wanted: Iterable[Pressing], day: date) -> dict[Pressing, TaskRow]:
        """The tasks themselves, each as its department has it."""
        return pressing.as_they_stand(self._connection, wanted, day)

    def known_as(self, agency: str) -> set[str]:
        """Names of the body exactly so called, or with that alias, and of its only heir; empty when there is none."""
        return reminding.known_as(self._connection, agency)

    # Looking for words, asking in SQL

    def search(self, words: str, limit: int = 50) -> tuple[SearchHit, ...]:
        """Pages and tasks with all the words, with or without diacritics, best first; words in double quotes stay together."""
        return search_index.search(self._connection, words, limit)

    def query(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = (), limit: int | None = 1000) -> QueryResult:
        """Run a person's SELECT; :class:`ingest.errors.UsageError` for anything that would write, is wrong, or runs too long."""
        return readonly.query(self.path, sql, params, limit)
