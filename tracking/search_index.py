"""Full text of pages and tasks, found with or without diacritics.

The index has each text twice: as it is and folded (đ as d). A query looks in the folded one, so everything is found either way; a
query typed with diacritics also looks in the exact one, so that exact finds come first.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable

from tracking.folding import fold
from tracking.rows import SearchHit

_SNIPPET = 60
"""Characters of context on each side of the find."""


def index_page(connection: sqlite3.Connection, page_id: int, text: str) -> None:
    """Put or replace a page."""
    _put(connection, 2 * page_id, text)


def index_task(connection: sqlite3.Connection, task_id: int, text: str) -> None:
    """Put or replace a task."""
    _put(connection, 2 * task_id + 1, text)


def forget_page(connection: sqlite3.Connection, page_id: int) -> None:
    """Take a page out."""
    connection.execute("DELETE FROM search_index WHERE rowid = ?", (2 * page_id,))


def forget_task(connection: sqlite3.Connection, task_id: int) -> None:
    """Take a task out."""
    connection.execute("DELETE FROM search_index WHERE rowid = ?", (2 * task_id + 1,))


def _put(connection: sqlite3.Connection, rowid: int, text: str) -> None:
    connection.execute("DELETE FROM search_index WHERE rowid = ?", (rowid,))
    connection.execute(
        "INSERT INTO search_index(rowid, text, folded) VALUES (?, ?, ?)", (rowid, unicodedata.normalize("NFC", text), fold(text))
    )


def match_expression(words: str) -> str | None:
    """The FTS5 query for a person's words, every one quoted so that none is syntax; None when there is no word in it.

    Words between double quotes stay together.
    """
    # SQLite's tokenizer keeps letters and digits; a phrase without any would match nothing and void the others.
    phrases = [phrase for phrase in _phrases(words) if re.search(r"[^\W_]", phrase)]
    if not phrases:
        return None
    folded = _all_of(fold(phrase) for phrase in phrases)
    exact = _all_of(phrases)
    return f"(folded : ({folded})) OR (text : ({exact}))"


def task_expression(words: str) -> str | None:
    """The FTS5 query for a filter of tasks: whole words in any order, with or without diacritics, the last one perhaps only begun.

    None when there is no word in it.
    """
    phrases = [phrase for phrase in _phrases(words) if re.search(r"[^\W_]", phrase)]
    if not phrases:
        return None
    # A single letter begins a tenth of all words and would make every list long and slow.
    begun = " *" if words.rstrip()[-1:] != '"' and len(phrases[-1]) > 1 else ""
    return f"folded : ({_all_of(fold(phrase) for phrase in phrases)}{begun})"


def _phrases(words: str) -> list[str]:
    """Words, and what stands between double quotes as one."""
    return [phrase for pair in re.findall(r'"([^"]*)"|([^\s"]+)', unicodedata.normalize("NFC", words)) for phrase in pair if phrase]


def _all_of(phrases: Iterable[str]) -> str:
    return " AND ".join('"' + phrase.replace('"', " ").replace("\0", " ") + '"' for phrase in phrases)


def search(connection: sqlite3.Connection, words: str, limit: int) -> tuple[SearchHit, ...]:
    """Pages and tasks that have all the words, best first."""
    expression = match_expression(words)
    if expression is None:
        return ()
    rows = connection.execute(
        """SELECT f.text AS text, f.folded AS folded, d.id AS document_id, d.number AS number, d.file_name AS file_name,
            coalesce(p.number, t.page) AS page, t.id AS task_id
        FROM (SELECT rowid AS id, text, folded, bm25(search_index, 5.0, 1.0) AS score
                FROM search_index WHERE search_index MATCH :words) AS f
            LEFT JOIN pages AS p ON f.id % 2 = 0 AND p.id = f.id / 2
            LEFT JOIN tasks AS t ON f.id % 2 = 1 AND t.id = f.id / 2 AND t.removed = 0 AND t.merged_into IS NULL
            JOIN documents AS d ON d.id = coalesce(p.document_id, t.document_id)
        ORDER BY f.score, f.id LIMIT :limit""",
        {"words": expression, "limit": limit},
    )
    wanted = [match for phrase in words.replace('"', " ").split() for match in re.findall(r"[^\W_]+", fold(phrase))]
    return tuple(
        SearchHit(
            row["document_id"], row["number"], row["file_name"], row["page"], row["task_id"], _snippet(row["text"], row["folded"], wanted)
        )
        for row in rows
    )


def _snippet(text: str, folded: str, wanted: list[str]) -> str:
    found = next((hit for word in wanted if (hit := re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", folded))), None)
    if found is None or len(text) != len(folded):
        return " ".join(text[: 2 * _SNIPPET].split())
    begin, end = max(0, found.start() - _SNIPPET), min(len(text), found.end() + _SNIPPET)
    marked = text[begin : found.start()] + "«" + text[found.start() : found.end()] + "»" + text[found.end() : end]
    return ("…" if begin else "") + " ".join(marked.split()) + ("…" if end < len(text) else "")
