"""How ``dondoc.db`` is opened and brought up to date: migrations, views, gazetteer.

Views are no part of a migration: they hold no data and are created anew whenever their text has changed (:mod:`tracking.views`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from ingest.errors import DondocError, WorkspaceError
from tracking import responsible, seed
from tracking.migrations_acts import migrations
from tracking.views import create_views, views_current

APPLICATION_ID = 0x646F6E64
"""``PRAGMA application_id`` ("dond"): tells our files from other SQLite databases."""

BUSY_TIMEOUT_MS = 10_000
"""How long one process waits for another one's transaction before it gives up."""

_RENAMED = {
    "007_quick_lists": "008_quick_lists",
    "008_counts_of_departments": "009_counts_of_departments",
    "009_headers_and_occurrences": "010_headers_and_occurrences",
}
"""Migrations that had another name before the first release."""

CACHE_KIB = 32 * 1024
"""Pages of the file kept in memory at most; SQLite's own 2 MB are less than one scan of ``task_standing`` with 100,000 tasks."""


def open_database(path: Path, own_agencies: Path | None = None) -> Database:
    """Open or create the workspace's database, bring its tables, views and gazetteer up to date.

    ``own_agencies`` is the office's own CSV of agencies (see :func:`extract.gazetteer.load`).

    :raises WorkspaceError: the file cannot be opened or created, is no database of dondoc, or was made by a newer dondoc.
    """
    if path.is_dir():
        raise WorkspaceError("đây là thư mục, không phải tệp cơ sở dữ liệu.", path=path)
    if not path.parent.is_dir():
        raise WorkspaceError("thư mục chứa cơ sở dữ liệu chưa có.", path=path, remedy="Hãy chạy «dondoc init» trước.")
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
        connection.row_factory = sqlite3.Row
        db = Database(connection, execute_plugins=False)
        _check_ours(connection, path)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            # Refused quietly on file systems without shared memory; the rollback journal works there.
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        _bring_up_to_date(db, own_agencies)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise as_workspace_error(error, path) from error
    except DondocError:
        if connection is not None:
            connection.close()
        raise
    return db


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application == APPLICATION_ID:
        known = {migration.name for migration in migrations._migrations}
        try:
            applied = {row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'dondoc'")}
        except sqlite3.OperationalError:
            applied = set()
        applied -= _RENAMED.keys()
        if applied - known:
            raise WorkspaceError("cơ sở dữ liệu do phiên bản dondoc mới hơn tạo ra.", path=path, remedy="Hãy nâng cấp dondoc.")
        return
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise WorkspaceError("tệp này là cơ sở dữ liệu của chương trình khác.", path=path, remedy="Hãy chọn tệp khác.")


def _bring_up_to_date(db: Database, own_agencies: Path | None) -> None:
    connection = db.conn
    mark = seed.fingerprint(own_agencies)
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    current = ours and not migrations.pending(db) and views_current(connection) and seed.is_current(connection, mark)
    if current and connection.execute("SELECT 1 FROM responsible_stale LIMIT 1").fetchone() is None:
        return
    with db.atomic():
        # A write as the first statement takes the lock: of two processes that open a fresh file one waits here for the other.
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        if ours:
            connection.executemany("UPDATE _sqlite_migrations SET name = ? WHERE name = ?", [(new, old) for old, new in _RENAMED.items()])
        migrations.apply(db)
        create_views(connection)
        if not seed.is_current(connection, mark):
            seed.seed(connection, own_agencies, mark, datetime.now())
        responsible.refresh(connection)


@contextmanager
def writing(db: Database) -> Iterator[sqlite3.Connection]:
    """One transaction that holds the write lock from its start.

    ``db.atomic()`` begins a deferred transaction; one that reads before it writes fails at once, without waiting, when another
    process wrote in between. A write as the first statement waits for its turn instead.
    """
    with db.atomic():
        db.conn.execute("DELETE FROM task_statuses WHERE 0")
        yield db.conn
        responsible.refresh(db.conn)


def as_workspace_error(error: sqlite3.Error, path: Path) -> WorkspaceError:
    """What went wrong with the file, in words for a clerk."""
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return WorkspaceError("tệp không phải cơ sở dữ liệu SQLite hoặc đã hỏng.", path=path, remedy="Hãy khôi phục từ bản sao lưu.")
    if "locked" in text or "busy" in text:
        return WorkspaceError("cơ sở dữ liệu đang được chương trình khác ghi.", path=path, remedy="Hãy thử lại sau ít phút.")
    if "readonly" in text or "unable to open" in text:
        return WorkspaceError("không mở được để ghi.", path=path, remedy="Hãy kiểm tra quyền đọc, ghi của tệp và thư mục.")
    return WorkspaceError(f"cơ sở dữ liệu không dùng được ({text}).", path=path)
