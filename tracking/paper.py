"""The paper behind the rows, as a page shows it: lists of documents, their pages with lines and boxes, agencies to choose from."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from tracking.detail import SourceLine
from tracking.folding import fold, fold_name, fold_number
from tracking.reading import document
from tracking.rows import DocumentRow
from tracking.search_index import match_expression


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents a list shows. ``words`` stand on one page, or are part of the number or the file's name; ``to_check``: a person
    should look at the header or at a task.
    """

    words: str = ""
    type: str = ""
    to_check: bool = False
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document with the number of its tasks to be checked, still owed, and overdue today. ``header_doubtful``: no number or no date."""

    document: DocumentRow
    to_check: int
    owed: int
    overdue: int

    @property
    def header_doubtful(self) -> bool:
        """Whether number or date could not be read."""
        return not (self.document.number and self.document.date)


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page; sizes in points, turned and levelled as :class:`ingest.document.Page` says. ``lines`` is empty unless asked for."""

    number: int
    width: float
    height: float
    rotation: int
    skew: float
    source: str
    confidence: float
    warnings: tuple[str, ...]
    lines: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An agency that a person may mean. ``also``: the alias that was typed; ``ended``: since when it is no more, ISO; ``group``: it has
    members.
    """

    name: str
    also: str = ""
    ended: str = ""
    group: bool = False


_LIVE = "t.document_id = d.id AND NOT t.removed AND t.merged_into IS NULL"

_TO_CHECK = f"(d.number IS NULL OR d.date IS NULL OR EXISTS (SELECT 1 FROM tasks AS t WHERE {_LIVE} AND t.needs_review))"  # noqa: S608


def list_documents(connection: sqlite3.Connection, wanted: DocumentFilter) -> tuple[list[ListedDocument], int]:
    """The documents that pass, newest first, and how many there are in all."""
    clauses, values = ["1"], {"limit": wanted.limit, "offset": wanted.offset, "type": wanted.type}
    if wanted.type:
        clauses.append("d.type = :type")
    if wanted.to_check:
        clauses.append(_TO_CHECK)
    if wanted.words.strip():
        clauses.append(_words_clause(wanted.words, values))
    where = " AND ".join(clauses)
    total = connection.execute(f"SELECT count(*) FROM documents AS d WHERE {where}", values).fetchone()[0]  # noqa: S608 - texts of ours
    rows = connection.execute(
        f"""SELECT d.*, count(t.id) AS tasks, total(t.needs_review) AS to_check, total(s.active) AS owed,
            total(s.active AND t.due < date('now', 'localtime')) AS overdue
        FROM (SELECT * FROM documents AS d WHERE {where} ORDER BY d.id DESC LIMIT :limit OFFSET :offset) AS d
            LEFT JOIN tasks AS t ON {_LIVE} LEFT JOIN task_statuses AS s ON s.code = t.status
        GROUP BY d.id ORDER BY d.id DESC""",  # noqa: S608 - texts of ours
        values,
    )
    return [ListedDocument(DocumentRow.from_row(row), int(row["to_check"]), int(row["owed"]), int(row["overdue"])) for row in rows], total


def _words_clause(words: str, values: dict[str, object]) -> str:
    found = []
    if expression := match_expression(words):
        values["expression"] = expression
        matching = "SELECT rowid / 2 FROM search_index WHERE search_index MATCH :expression AND rowid % 2 = 0"
        found.append(f"d.id IN (SELECT document_id FROM pages WHERE id IN ({matching}))")  # noqa: S608 - a text of ours
    if number := fold_number(words):
        values["number"] = number
        found.append("instr(coalesce(d.number_key, ''), :number) > 0")
    values["name"] = words.strip()
    found.append("instr(d.file_name, :name) > 0")
    return f"({' OR '.join(found)})"


def document_types(connection: sqlite3.Connection) -> list[str]:
    """The types of the documents in the file, most frequent first."""
    rows = connection.execute("SELECT type FROM documents WHERE type IS NOT NULL GROUP BY type ORDER BY count(*) DESC, type")
    return [row[0] for row in rows]


def pages(connection: sqlite3.Connection, document_id: int) -> list[PaperPage]:
    """The pages of a document without their lines.

    :raises NotFound: no such document.
    """
    document(connection, document_id)
    rows = connection.execute("SELECT * FROM pages WHERE document_id = ? ORDER BY number", (document_id,))
    return [_page(row, with_lines=False) for row in rows]


def page(connection: sqlite3.Connection, document_id: int, number: int) -> PaperPage | None:
    """One page with its lines; None when the document has none of that number."""
    row = connection.execute("SELECT * FROM pages WHERE document_id = ? AND number = ?", (document_id, number)).fetchone()
    return _page(row, with_lines=True) if row else None


def _page(row: sqlite3.Row, *, with_lines: bool) -> PaperPage:
    lines = tuple(
        SourceLine(
            row["number"], line["number"], line["raw"], line["text"], line["confidence"], tuple(line["box"]) if line["box"] else None
        )
        for line in (json.loads(row["words"]) if with_lines else ())
    )
    return PaperPage(
        row["number"], row["width"], row["height"], row["rotation"], row["skew"], row["source"], row["confidence"],
        tuple(json.loads(row["warnings"])), lines,
    )  # fmt: skip


def suggest_agencies(connection: sqlite3.Connection, words: str, limit: int = 12) -> list[Suggestion]:
    """Agencies for what somebody has typed so far: each word begins a word of the name or of an alias, diacritics do not matter.

    An alias typed in full comes first ("SNV"), then names that begin so, those that still exist before those that ended, those with
    more tasks first.
    """
    folded = fold_name(words)
    if not folded:
        return []
    parts = folded.split()[:8]
    values: dict[str, object] = {f"w{at}": f" {part}" for at, part in enumerate(parts)} | {"whole": folded, "limit": limit}
    begins = " AND ".join(f"instr(' ' || folded, :w{at}) > 0" for at in range(len(parts)))
    judged = "folded = :whole AS exact, instr(folded, :whole) = 1 AS first"
    rows = connection.execute(
        f"""SELECT a.name AS name, a.valid_to AS ended, f.also AS also,
            EXISTS (SELECT 1 FROM agency_members WHERE group_id = a.id) AS is_group
        FROM (SELECT id, '' AS also, {judged} FROM agencies WHERE {begins}
            UNION ALL SELECT agency_id, text, {judged} FROM agency_aliases WHERE {begins}) AS f
            JOIN agencies AS a ON a.id = f.id
        GROUP BY a.id ORDER BY max(f.exact) DESC, a.valid_to IS NOT NULL AND a.valid_to < date('now', 'localtime'), max(f.first) DESC,
            (SELECT count(*) FROM (SELECT 1 FROM task_agencies WHERE agency_id = a.id LIMIT 50)) DESC, length(a.name), a.name
        LIMIT :limit""",  # noqa: S608 - texts of ours and marks
        values,
    )
    found = []
    for row in rows:
        also = row["also"] if row["also"] and fold(row["also"]) != fold(row["name"]) else ""
        found.append(Suggestion(row["name"], also, row["ended"] or "", bool(row["is_group"])))
    return found
