"""What ties documents together: who cites whom, and which file is a second scan of a directive already taken in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from extract.directive import Reference
from tracking.folding import fold, fold_name, fold_number
from tracking.matching import Candidate, match


def put_citations(connection: sqlite3.Connection, document_id: int, references: Sequence[Reference]) -> None:
    """Make these the documents that ``document_id`` cites."""
    connection.execute("DELETE FROM citations WHERE document_id = ?", (document_id,))
    connection.executemany(
        "INSERT INTO citations(document_id, position, type, number, number_key, date, issuer) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                document_id,
                position,
                reference.type,
                reference.number,
                fold_number(reference.number) if reference.number else None,
                reference.date.isoformat() if reference.date else None,
                reference.issuer,
            )
            for position, reference in enumerate(references)
        ],
    )


def link_citations(connection: sqlite3.Connection, document_id: int, numbers: Iterable[str | None]) -> None:
    """Find the cited documents anew: for what ``document_id`` cites and for whatever cites one of these numbers."""
    keys = [number for number in numbers if number]
    rows = connection.execute(
        f"SELECT * FROM citations WHERE document_id = ? OR number_key IN ({', '.join('?' * len(keys))})",  # noqa: S608 - only marks
        (document_id, *keys),
    ).fetchall()
    for row in rows:
        connection.execute("UPDATE citations SET cited_document_id = ? WHERE id = ?", (_cited(connection, row), row["id"]))


def _cited(connection: sqlite3.Connection, citation: sqlite3.Row) -> int | None:
    """The one document meant; None when there is none or several could be meant (numbers repeat between offices and years)."""
    if not citation["number_key"]:
        return None
    candidates = connection.execute(
        "SELECT id, date, issuer FROM documents WHERE number_key = ? AND id <> ? AND duplicate_of IS NULL",
        (citation["number_key"], citation["document_id"]),
    ).fetchall()
    fitting = [row["id"] for row in candidates if _same_date(citation, row) and _same_issuer(citation, row)]
    return fitting[0] if len(fitting) == 1 else None


def _same_date(citation: sqlite3.Row, document: sqlite3.Row) -> bool:
    return not citation["date"] or not document["date"] or bool(citation["date"] == document["date"])


def _same_issuer(citation: sqlite3.Row, document: sqlite3.Row) -> bool:
    # "UBND tỉnh" in the text of a province is the same office as "UBND tỉnh Sông Lam" in the header.
    if citation["date"] and citation["date"] == document["date"]:
        return True
    one, other = fold_name(citation["issuer"] or ""), fold_name(document["issuer"] or "")
    return one in other or other in one


def link_duplicates(connection: sqlite3.Connection, keys: Iterable[str | None], document_id: int) -> None:
    """Among documents with the same issuer, number and date the first stands; the others and their common tasks point to it."""
    connection.execute("UPDATE documents SET duplicate_of = NULL WHERE id = ? OR duplicate_of = ?", (document_id, document_id))
    connection.execute("UPDATE tasks SET duplicate_of = NULL WHERE document_id = ?", (document_id,))
    for key in keys:
        if not key:
            continue
        ids = [row[0] for row in connection.execute("SELECT id FROM documents WHERE directive_key = ? ORDER BY id", (key,))]
        for later in ids[1:]:
            connection.execute("UPDATE documents SET duplicate_of = ? WHERE id = ?", (ids[0], later))
        for one in ids:
            connection.execute("UPDATE tasks SET duplicate_of = NULL WHERE document_id = ?", (one,))
        for later in ids[1:]:
            _link_tasks(connection, ids[0], later)


def _link_tasks(connection: sqlite3.Connection, first: int, later: int) -> None:
    pairs = match(_candidates(connection, first), _candidates(connection, later))
    connection.executemany("UPDATE tasks SET duplicate_of = ? WHERE id = ?", [(old, new) for new, old in pairs.items()])


def _candidates(connection: sqlite3.Connection, document_id: int) -> list[Candidate]:
    # By what was read, not by what people made of it; what they added themselves stands in no other scan.
    rows = connection.execute(
        "SELECT id, path, found_text FROM tasks WHERE document_id = ? AND origin = 'document' ORDER BY position, id", (document_id,)
    )
    return [Candidate(row["id"], row["path"], fold(row["found_text"])) for row in rows]
