"""The half of the store behind the pages of inbox and documents: papers, agencies to choose from, what people did beside tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ingest.errors import ConflictError, NotFound, UsageError
from tracking import followup, paper, shares, undo
from tracking.paper import DocumentFilter, ListedDocument, PaperPage, Suggestion
from tracking.period_store import PeriodStore
from tracking.rows import TaskRow

_ALL = DocumentFilter()


class DeskStore(PeriodStore):
    """What somebody needs who has a document before them, beside single acts."""

    def correct(  # noqa: PLR0913 - what a form has
        self,
        task_id: int,
        *,
        who: str,
        fields: Mapping[str, object] | None = None,
        lead: Sequence[str] | None = None,
        coordinating: Sequence[str] | None = None,
        status: str | None = None,
        on: date | None = None,
        confirm: bool = False,
        expected: int | None = None,
    ) -> TaskRow:
        """All that somebody changed in the form of a task as one act: ``fields`` as :meth:`edit`, agencies as :meth:`assign`, a status
        (``on`` goes with ``done``), and that the task was checked. None leaves what it is.
        """
        roles = {"lead": lead, "coordinating": coordinating}
        with self._acting("edit", [task_id], who, None, expected) as act:
            if fields:
                followup.edit(act, task_id, fields)
            if any(names is not None for names in roles.values()):
                followup.assign(act, task_id, roles)
            if status is not None:
                followup.set_status(act, task_id, status, on=on)
            if confirm:
                followup.confirm(act, task_id)
        return self._row(task_id)

    def mark_parts_done(
        self, seen: Mapping[int, int | None], on: date, who: str, note: str | None, agency: str
    ) -> tuple[int | None, list[tuple[int, str]]]:
        """The department's part of each of these tasks was completed on that day, all as one act; ``seen`` as ``expected`` of each task.

        Returns the number of the act, and the tasks that cannot take it, each with the reason; the others are written.
        """
        refused: list[tuple[int, str]] = []
        with self._acting("done", [], who, note, None) as act:
            for task_id, newest in seen.items():
                act.connection.execute("SAVEPOINT one_task")
                try:
                    act.expect([task_id], newest)
                    shares.set_status(act, task_id, agency, "done", on=on)
                except (ConflictError, NotFound, UsageError) as error:
                    act.connection.execute("ROLLBACK TO one_task")
                    refused.append((task_id, error.message))
                act.connection.execute("RELEASE one_task")
        return act.action, refused

    def last_correction(self, document_id: int) -> int | None:
        """The newest act on the header of a document that was not taken back; None when there is none."""
        return undo.last_correction(self._connection, document_id)

    def list_documents(self, wanted: DocumentFilter = _ALL) -> tuple[list[ListedDocument], int]:
        """The documents that pass, newest first, and how many pass without ``limit``."""
        return paper.list_documents(self._connection, wanted)

    def document_types(self) -> list[str]:
        """The types of documents in the file, most frequent first."""
        return paper.document_types(self._connection)

    def pages(self, document_id: int) -> list[PaperPage]:
        """The pages of a document without their lines; :class:`ingest.errors.NotFound` when there is no such document."""
        return paper.pages(self._connection, document_id)

    def page(self, document_id: int, number: int) -> PaperPage | None:
        """One page with its lines; None when there is none of that number."""
        return paper.page(self._connection, document_id, number)

    def suggest_agencies(self, words: str, limit: int = 12) -> list[Suggestion]:
        """Agencies for what somebody has typed so far, likeliest first; with or without diacritics, also by alias ("SNV")."""
        return paper.suggest_agencies(self._connection, words, limit)

    def note_event(
        self,
        *,
        who: str,
        what: str,
        subject: str,
        note: str | None = None,
        field: str | None = None,
        old: str | None = None,
        new: str | None = None,
    ) -> None:
        """Write down what somebody did to anything but a task, such as ``upload`` or ``retry`` of a file, ``agencies`` or ``user``.

        ``field`` with ``old`` and ``new`` value where one thing was changed; codes as in :mod:`tracking.history`.
        """
        if not who.strip():
            raise UsageError("chưa rõ ai thực hiện thay đổi này.")
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO office_events(at, who, what, subject, note, field, old_value, new_value) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (datetime.now().isoformat(timespec="seconds"), who.strip(), what, subject, note, field, old, new),
            )

    def newest_event(self) -> int:
        """The id of the newest event of any task, 0 when there is none: what a list shows was true then (see ``expected`` of acts)."""
        return int(self._connection.execute("SELECT coalesce(max(id), 0) FROM task_events").fetchone()[0])

    def newest_office_event(self, subject: str) -> int:
        """The id of the newest event of that subject, 0 when there is none."""
        row = self._connection.execute("SELECT coalesce(max(id), 0) FROM office_events WHERE subject = ?", (subject,)).fetchone()
        return int(row[0])
