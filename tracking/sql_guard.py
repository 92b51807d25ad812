"""What SQL that somebody typed may cost: limits, and functions whose time does not grow with the product of their arguments.

A time limit (SQLite's progress handler) is looked at between steps of a query, never inside a function. ``instr``, ``replace`` and ``trim``
of SQLite compare every place of one argument with all of the other: two texts of a few MB keep a processor busy for minutes and nothing
stops them (measured: ``instr`` of 4 MB and 2 MB did not end in 30 s). Python's are linear: 0.2 s. What ``LIKE`` and ``GLOB`` cost is
bounded by the length of the pattern: 10 s on a busy machine for the longest value and the longest pattern.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Any

from tracking.folding import fold

VALUE_LIMIT = 4 * 1024 * 1024
"""Bytes of the largest single value: ``zeroblob(1e9)`` would take the memory of the machine."""

_PATTERN_LIMIT = 200
"""Bytes of a pattern of LIKE and GLOB."""

_SQL_LIMIT = 100_000
"""Bytes of a statement."""


def guard(connection: sqlite3.Connection, value_limit: int = VALUE_LIMIT) -> None:
    """Set the limits and put our functions in the place of SQLite's; ``fold`` is new: lower case without diacritics."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, value_limit)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _PATTERN_LIMIT)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _SQL_LIMIT)
    connection.create_function("fold", 1, lambda value: fold(_text(value)), deterministic=True)
    connection.create_function("instr", 2, _instr, deterministic=True)
    connection.create_function("replace", 3, partial(_replace, value_limit), deterministic=True)
    for name, left, right in (("trim", True, True), ("ltrim", True, False), ("rtrim", False, True)):
        for arguments in (1, 2):
            connection.create_function(name, arguments, partial(_trim, left, right), deterministic=True)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _instr(value: Any, wanted: Any) -> int | None:
    if value is None or wanted is None:
        return None
    if isinstance(value, bytes) and isinstance(wanted, bytes):
        return value.find(wanted) + 1
    return _text(value).find(_text(wanted)) + 1


def _replace(limit: int, value: Any, old: Any, new: Any) -> Any:
    if value is None or old is None:
        return None
    text, before, after = _text(value), _text(old), _text(new)
    if not before:
        return value  # as SQLite has it, even when there is nothing to put in its place
    if new is None:
        return None
    # Python would make it first and be told afterwards.
    if len(text) + text.count(before) * (len(after) - len(before)) > limit:
        raise OverflowError  # SQLite's own "string or blob too big"
    return text.replace(before, after)


def _trim(left: bool, right: bool, value: Any, characters: Any = " ") -> str | None:
    if value is None or characters is None:
        return None
    text, unwanted = _text(value), set(_text(characters))
    first, last = 0, len(text)
    # str.strip looks through all the characters for each one of the text.
    while left and first < last and text[first] in unwanted:
        first += 1
    while right and last > first and text[last - 1] in unwanted:
        last -= 1
    return text[first:last]
