"""The half of the store behind the pages of inbox and documents: papers, agencies to choose from, what people did beside tasks."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from datetime import datetime

from ingest.errors import UsageError
from tracking import paper
from tracking.paper import DocumentFilter, ListedDocument, PaperPage, Suggestion

_ALL = DocumentFilter()


class DeskStore:
    """What somebody needs who has a document before them."""

    @property
    def _connection(self) -> sqlite3.Connection:
        raise NotImplementedError

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        raise NotImplementedError

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

    def note_event(self, *, who: str, what: str, subject: str, note: str | None = None) -> None:
        """Write down what somebody did to anything but a task, such as ``upload`` or ``retry`` of a file."""
        if not who.strip():
            raise UsageError("chưa rõ ai thực hiện thay đổi này.")
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO office_events(at, who, what, subject, note) VALUES (?, ?, ?, ?, ?)",
                (datetime.now().isoformat(timespec="seconds"), who.strip(), what, subject, note),
            )

    def newest_office_event(self, subject: str) -> int:
        """The id of the newest event of that subject, 0 when there is none."""
        row = self._connection.execute("SELECT coalesce(max(id), 0) FROM office_events WHERE subject = ?", (subject,)).fetchone()
        return int(row[0])
