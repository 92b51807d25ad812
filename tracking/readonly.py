"""SQL that a person typed, with no way to change anything: a read-only connection, an authorizer, and limits on time and size."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.errors import UsageError, WorkspaceError
from tracking.rows import QueryResult
from tracking.sql_guard import guard

TIME_LIMIT_S = 10.0
"""Seconds a query may run; an unintended cross join would otherwise run for hours."""

RESULT_LIMIT = 64 * 1024 * 1024
"""Bytes of all texts and blobs of a result: a thousand rows of the largest values would take the memory of the machine."""

_STEPS_BETWEEN_CHECKS = 10_000
_READ = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
# Those that only tell; FTS5 itself asks for data_version.
_HARMLESS_PRAGMAS = frozenset({"table_info", "table_xinfo", "table_list", "index_list", "index_info", "foreign_key_list", "data_version"})
_FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "writefile", "readfile", "edit", "fts3_tokenizer"})


def query(path: Path, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), limit: int | None = 1000) -> QueryResult:
    """Run one statement that only reads.

    :raises UsageError: the statement would write or reach outside the file, is not valid SQL, or ran too long.
    :raises WorkspaceError: the file cannot be opened.
    """
    refused = False
    end = time.monotonic() + TIME_LIMIT_S

    def authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        nonlocal refused
        if action == sqlite3.SQLITE_FUNCTION:
            allowed = (second or "").lower() not in _FORBIDDEN_FUNCTIONS
        elif action == sqlite3.SQLITE_PRAGMA:
            allowed = (first or "").lower() in _HARMLESS_PRAGMAS
        else:
            allowed = action in _READ
        refused = refused or not allowed
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    connection = _open_for_reading(path)
    try:
        connection.set_authorizer(authorize)
        connection.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS_BETWEEN_CHECKS)
        cursor = connection.execute(sql, parameters)
        if cursor.description is None:
            return QueryResult((), (), False)
        rows = _fetched(cursor, limit)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        raise _as_usage_error(error, refused) from error
    finally:
        connection.close()
    truncated = limit is not None and len(rows) > limit
    columns = tuple(column[0] for column in cursor.description)
    return QueryResult(columns, tuple(rows[:limit] if truncated else rows), truncated)


def _fetched(cursor: sqlite3.Cursor, limit: int | None) -> list[tuple[Any, ...]]:
    """The rows, one more than ``limit`` when there are more."""
    rows: list[tuple[Any, ...]] = []
    size = 0
    for row in cursor if limit is None else islice(cursor, limit + 1):
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if size > RESULT_LIMIT:
            raise UsageError(f"kết quả lớn hơn {RESULT_LIMIT >> 20} MB.", remedy="Hãy chọn ít cột, ít dòng hơn.")
        rows.append(row)
    return rows


def _open_for_reading(path: Path) -> sqlite3.Connection:
    connection = None
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)
        # FTS5 declares its table on first use, which to an authorizer looks like a change of the schema: let it do so before.
        connection.execute("SELECT rowid FROM search_index LIMIT 0")
        guard(connection)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise WorkspaceError(f"không mở được để đọc ({error}).", path=path) from error
    return connection


def _as_usage_error(error: Exception, refused: bool) -> UsageError:
    if refused or "readonly" in str(error):
        return UsageError("câu lệnh này không chỉ đọc; «dondoc query» chỉ nhận SELECT.")
    if "interrupted" in str(error):
        return UsageError(f"câu lệnh chạy quá {TIME_LIMIT_S:.0f} giây.", remedy="Hãy thêm điều kiện cho câu lệnh.")
    if "one statement" in str(error):
        return UsageError("mỗi lần chỉ chạy một câu lệnh.")
    return UsageError(f"câu lệnh SQL không đúng ({error}).")
