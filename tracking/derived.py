"""Tables that follow from others, kept in the file so that lists of 100,000 tasks take milliseconds. Nobody but the file writes them.

``task_standing`` has one slim row for each task with what lists filter and sort by: a scan of all rows takes a tenth of what it takes in
``tasks``, with their texts. Triggers keep it, so it is right at any moment, whoever writes.

``responsible`` has one row for each task, role and department: groups expanded, successors followed. What it says depends on the day,
so a row holds ``since`` one day ``until`` (not on) another; when a succession takes effect overnight nothing has to be written. Triggers
only mark what must be worked out again (``responsible_stale``); :func:`tracking.responsible.refresh` does so before a transaction ends.

``department_counts`` has how many listed tasks of ``responsible`` are alike; triggers keep it.
"""

from __future__ import annotations

from sqlite_utils import Database

from tracking.migrations_following import migrations

__all__ = ["migrations"]

_DUE = """CASE WHEN t.recurrence IS NOT NULL AND t.status IN ('open', 'in_progress', 'extension_requested')
            AND EXISTS (SELECT 1 FROM occurrences AS o WHERE o.task_id = t.id)
        THEN (SELECT min(o.due) FROM occurrences AS o
            WHERE o.task_id = t.id AND o.status IN ('open', 'in_progress', 'extension_requested'))
        ELSE t.due END"""

STANDING = f"""INSERT INTO task_standing
    SELECT w.id, w.hidden, w.document_id, w.position, w.issued, w.received, w.status,
        CASE WHEN w.status = 'done' THEN CASE WHEN w.completed_on > w.due THEN 2 ELSE 1 END WHEN w.status = 'returned' THEN 3
            WHEN w.status = 'transferred' THEN 4 WHEN w.status = 'cancelled' THEN 5 ELSE 0 END,
        w.due, coalesce(w.due, '9999-12-31'), w.completed_on, w.needs_review, w.confidence, w.lead
    FROM (SELECT t.id, CASE WHEN t.removed OR t.merged_into IS NOT NULL THEN 2 WHEN t.duplicate_of IS NOT NULL THEN 1 ELSE 0 END AS hidden,
            t.document_id, t.position, d.date AS issued, substr(d.received_at, 1, 10) AS received, t.status, {_DUE} AS due,
            t.completed_on, t.needs_review, t.confidence,
            (SELECT a.folded FROM task_agencies AS ta JOIN agencies AS a ON a.id = ta.agency_id
                WHERE ta.task_id = t.id AND ta.role = 'lead' ORDER BY ta.position LIMIT 1) AS lead
        FROM tasks AS t JOIN documents AS d ON d.id = t.document_id WHERE WHICH) AS w"""  # noqa: S608 - constants

_WATCHED = "document_id, position, status, due, recurrence, completed_on, needs_review, confidence, duplicate_of, removed, merged_into"

_STANDING_TRIGGERS = (
    ("tasks_put", "INSERT ON tasks", "t.id = NEW.id"),
    ("tasks_changed", f"UPDATE OF {_WATCHED} ON tasks", "t.id = NEW.id"),
    ("documents_changed", "UPDATE OF date, received_at ON documents", "t.document_id = NEW.id"),
    ("occurrences_put", "INSERT ON occurrences", "t.id = NEW.task_id"),
    ("occurrences_changed", "UPDATE ON occurrences", "t.id = NEW.task_id"),
    ("occurrences_gone", "DELETE ON occurrences", "t.id = OLD.task_id"),
    ("agencies_put", "INSERT ON task_agencies WHEN NEW.role = 'lead'", "t.id = NEW.task_id"),
    ("agencies_gone", "DELETE ON task_agencies WHEN OLD.role = 'lead'", "t.id = OLD.task_id"),
)

_STALE_TRIGGERS = tuple(
    (f"{table}_{event.lower()}", f"{event} ON {table}", kind, f"{'OLD' if event == 'DELETE' else 'NEW'}.{column}")
    for table, kind, column in (
        ("task_agencies", "task", "task_id"),
        ("task_shares", "task", "task_id"),
        ("task_successions", "task", "task_id"),
        ("agency_members", "agency", "group_id"),
        ("agency_successions", "agency", "old_id"),
    )
    for event in ("INSERT", "UPDATE", "DELETE")
)


@migrations(name="008_quick_lists")
def eighth(db: Database) -> None:
    """``task_standing``, ``responsible`` and the triggers that keep them."""
    db.executescript(
        """
        CREATE TABLE task_standing (
            task_id INTEGER PRIMARY KEY REFERENCES tasks(id) ON DELETE CASCADE,
            hidden INTEGER NOT NULL,     -- 0 in the lists, 1 a duplicate, 2 removed or merged into another
            document_id INTEGER NOT NULL,
            position INTEGER NOT NULL,
            issued TEXT,                 -- the document's date
            received TEXT NOT NULL,      -- the day it came in
            status TEXT NOT NULL,
            ended INTEGER NOT NULL,      -- 0 still owed, 1 done on time, 2 done late, 3 returned, 4 transferred, 5 cancelled
            due TEXT,                    -- of a recurring task: its earliest occurrence still owed; see also responsible.refresh
            due_last TEXT NOT NULL,      -- the same for sorting, a task without a date last
            completed_on TEXT,
            needs_review INTEGER NOT NULL,
            confidence REAL NOT NULL,
            lead TEXT                    -- folded name of the first lead
        );
        CREATE INDEX task_standing_due ON task_standing(hidden, due, document_id, position);
        CREATE INDEX task_standing_document ON task_standing(hidden, issued, document_id, position);
        CREATE INDEX task_standing_lead ON task_standing(hidden, lead, due_last, document_id, position);
        CREATE INDEX task_standing_ended ON task_standing(hidden, ended, due_last, document_id, position);
        CREATE INDEX task_standing_confidence ON task_standing(hidden, confidence);
        CREATE INDEX task_standing_review ON task_standing(hidden) WHERE needs_review = 1;
        CREATE INDEX task_standing_of ON task_standing(document_id);

        CREATE TABLE responsible (
            role TEXT NOT NULL,
            agency_id INTEGER NOT NULL,
            task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
            since TEXT NOT NULL,         -- holds from this day, '' from ever
            until TEXT NOT NULL,         -- up to the day before this one
            as_written TEXT NOT NULL,
            in_group INTEGER NOT NULL,
            needs_decision INTEGER NOT NULL,
            share_id INTEGER,            -- task_shares.agency_id, when the department has a standing of its own
            hidden INTEGER NOT NULL,     -- as in task_standing; ended and due as the department stands
            ended INTEGER NOT NULL,
            due TEXT,
            PRIMARY KEY (role, agency_id, task_id, since)
        ) WITHOUT ROWID;
        CREATE INDEX responsible_task ON responsible(task_id);
        CREATE INDEX responsible_undecided ON responsible(role, task_id) WHERE needs_decision;

        CREATE TABLE responsible_stale (kind TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
        -- So that the counts of all departments need one table only.
        CREATE TRIGGER responsible_follows AFTER INSERT ON task_standing BEGIN
            UPDATE responsible SET hidden = NEW.hidden, ended = NEW.ended, due = NEW.due WHERE task_id = NEW.task_id AND share_id IS NULL;
            INSERT OR IGNORE INTO responsible_stale
                SELECT 'task', NEW.task_id WHERE EXISTS (SELECT 1 FROM task_shares WHERE task_id = NEW.task_id);
        END;
        CREATE TRIGGER stale_documents_update AFTER UPDATE OF date, province ON documents
            WHEN NEW.date IS NOT OLD.date OR NEW.province IS NOT OLD.province
            BEGIN INSERT OR IGNORE INTO responsible_stale VALUES ('document', NEW.id); END;
        """
    )
    keep_standing(db)
    for name, event, kind, which in _STALE_TRIGGERS:
        mark = f"INSERT OR IGNORE INTO responsible_stale VALUES ('{kind}', {which})"  # noqa: S608 - names of ours
        db.execute(f"CREATE TRIGGER stale_{name} AFTER {event} BEGIN {mark}; END")
    db.execute(STANDING.replace("WHICH", "1"))
    db.execute("INSERT INTO responsible_stale SELECT 'document', id FROM documents")


def keep_standing(db: Database) -> None:
    """Make the triggers of ``task_standing`` those of this version."""
    for name, event, which in _STANDING_TRIGGERS:
        # Not INSERT OR REPLACE: the OR IGNORE of a statement that fires the trigger would take its place, and the old row would stay.
        old = f"DELETE FROM task_standing WHERE task_id IN (SELECT t.id FROM tasks AS t WHERE {which})"  # noqa: S608 - constants
        db.execute(f"DROP TRIGGER IF EXISTS standing_{name}")
        db.execute(f"CREATE TRIGGER standing_{name} AFTER {event} BEGIN {old}; {STANDING.replace('WHICH', which)}; END")


def _alike(row: str) -> str:
    """What ``department_counts`` tells apart: tasks still owed by their dates, others only by how they ended."""
    return f"""{row}.role, {row}.agency_id, {row}.until, {row}.since, CASE {row}.role WHEN 'lead' THEN {row}.ended ELSE 0 END,
        CASE WHEN {row}.role = 'lead' AND {row}.ended = 0 THEN coalesce({row}.due, '') ELSE '' END"""


_ONE_MORE = f"INSERT INTO department_counts SELECT {_alike('NEW')}, 1 WHERE NEW.hidden = 0 ON CONFLICT DO UPDATE SET n = n + 1;"
_ONE_LESS = f"""UPDATE department_counts SET n = n - 1
        WHERE OLD.hidden = 0 AND (role, agency_id, until, since, ended, due) = ({_alike("OLD")});"""  # noqa: S608 - constants


@migrations(name="009_counts_of_departments")
def ninth(db: Database) -> None:
    """``department_counts``; in ``responsible`` who leads a task does not take part in it too; triggers that no statement defeats."""
    keep_standing(db)
    db.execute("DELETE FROM task_standing")
    db.execute(STANDING.replace("WHICH", "1"))
    db.executescript(
        f"""
        -- With the column of their own condition, which SQLite would look up in the table.
        DROP INDEX responsible_undecided;
        CREATE INDEX responsible_undecided ON responsible(role, task_id, until, since, needs_decision) WHERE needs_decision;
        CREATE INDEX responsible_unsettled ON responsible(as_written, task_id, until, since, hidden, needs_decision) WHERE needs_decision;
        DROP INDEX task_agencies_agency;
        CREATE INDEX task_agencies_agency ON task_agencies(agency_id, task_id);

        CREATE TABLE department_counts (
            role TEXT NOT NULL,
            agency_id INTEGER NOT NULL,
            until TEXT NOT NULL,
            since TEXT NOT NULL,
            ended INTEGER NOT NULL,      -- 0 for all tasks in which a department only takes part
            due TEXT NOT NULL,           -- of tasks led and still owed, '' without a date
            n INTEGER NOT NULL,
            PRIMARY KEY (role, agency_id, until, since, ended, due)
        ) WITHOUT ROWID;
        CREATE TRIGGER counts_put AFTER INSERT ON responsible BEGIN {_ONE_MORE} END;
        CREATE TRIGGER counts_gone AFTER DELETE ON responsible BEGIN {_ONE_LESS} END;
        CREATE TRIGGER counts_changed AFTER UPDATE OF hidden, ended, due ON responsible BEGIN {_ONE_LESS} {_ONE_MORE} END;

        INSERT INTO department_counts SELECT {_alike("r")}, count(*) FROM responsible AS r WHERE hidden = 0 GROUP BY 1, 2, 3, 4, 5, 6;
        INSERT OR IGNORE INTO responsible_stale SELECT 'task', c.task_id FROM responsible AS c JOIN responsible AS l
            ON l.task_id = c.task_id AND l.agency_id = c.agency_id WHERE c.role = 'coordinating' AND l.role = 'lead';
        """  # noqa: S608 - constants
    )
