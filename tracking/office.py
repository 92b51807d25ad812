"""What people did to the office itself (its list of agencies, its users), beside what they did to tasks and documents."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from datetime import datetime

from ingest.errors import UsageError


class OfficeStore:
    """The part of the store that keeps changes which lie in other files than the database."""

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        raise NotImplementedError

    def note_change(
        self,
        who: str,
        what: str,
        subject: str,
        field: str | None = None,
        old: str | None = None,
        new: str | None = None,
        note: str | None = None,
    ) -> None:
        """Keep in ``office_events`` that somebody changed something; ``what`` and ``field`` as in :mod:`tracking.history`.

        :raises UsageError: nobody is named as the one who did it.
        """
        if not who.strip():
            raise UsageError("chưa rõ ai thực hiện thay đổi này.")
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO office_events(at, who, what, subject, field, old_value, new_value, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (datetime.now().isoformat(timespec="seconds"), who.strip(), what, subject, field, old, new, note),
            )
