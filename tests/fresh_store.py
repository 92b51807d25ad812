"""An empty database, copied instead of made anew for each test: filling in the gazetteer takes a third of a second."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tracking import Store


@lru_cache(maxsize=1)
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        Store.open(path).close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()


def fresh(folder: Path) -> Store:
    """A store on a new, empty database in the folder."""
    path = folder / "dondoc.db"
    path.write_bytes(_empty())
    return Store.open(path)
