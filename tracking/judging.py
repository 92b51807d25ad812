"""Whether a document as a whole still wants a person's eye."""

from __future__ import annotations

import sqlite3


def judge(connection: sqlite3.Connection, document_id: int) -> None:
    """Set ``documents.status``: ``ok`` when each warning was compared with the paper and none of its tasks is to be checked.

    A number or date that is missing has a warning of its own (:mod:`extract.header_doubts`).
    """
    connection.execute(
        """UPDATE documents SET status = CASE
            WHEN EXISTS (SELECT value FROM json_each(warnings) EXCEPT SELECT value FROM json_each(warnings_checked))
            OR EXISTS (SELECT 1 FROM tasks WHERE document_id = documents.id AND needs_review AND NOT removed)
            THEN 'needs_review' ELSE 'ok' END
        WHERE id = ?""",
        (document_id,),
    )
