"""What each part of the store may use of the open database; :class:`tracking.store.Store` gives it."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager

from extract.gazetteer import Gazetteer


class OpenFile:
    """The database as the parts of :class:`tracking.store.Store` see it."""

    @property
    def _connection(self) -> sqlite3.Connection:
        raise NotImplementedError

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that ends with what follows from it worked out; :class:`ingest.errors.WorkspaceError` when it cannot be written."""
        raise NotImplementedError

    def _names(self) -> Gazetteer:
        raise NotImplementedError
