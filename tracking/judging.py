"""Whether a document as a whole still wants a person's eye."""

from __future__ import annotations

import sqlite3


def judge(connection: sqlite3.Connection, document_id: int) -> None:
    """Set ``documents.status``: ``ok`` when nothing was warned of, number and date are known and none of its tasks is to be checked."""
    connection.execute(
        """UPDATE documents SET status = CASE WHEN warnings <> '[]' OR number IS NULL OR date IS NULL
            OR EXISTS (SELECT 1 FROM tasks WHERE document_id = documents.id AND needs_review AND NOT removed)
            THEN 'needs_review' ELSE 'ok' END
        WHERE id = ?""",
        (document_id,),
    )
