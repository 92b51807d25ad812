"""Migrations 010 and 011: headers corrected by acts that can be undone, extensions of one occurrence, from when a rhythm is followed."""

from __future__ import annotations

from sqlite_utils import Database

from tracking.derived import keep_standing, migrations

__all__ = ["NOT_FOLLOWED", "migrations"]

NOT_FOLLOWED = "not_followed"
"""The status of an occurrence from before ``tasks.followed_from``; no task and no share ever has it."""


@migrations(name="010_headers_and_occurrences")
def tenth(db: Database) -> None:
    """More of ``office_events``, ``occurrences`` and ``tasks``.

    ``occurrences.scheduled`` is the day that the rhythm gives, ``due`` the one that counts: the same until it is put off.
    """
    triggers = [row[0] for row in db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'occurrences'")]
    db.executescript(
        """
        ALTER TABLE office_events ADD COLUMN action INTEGER;   -- as in task_events; NULL for what undo does not take back
        ALTER TABLE office_events ADD COLUMN undoes INTEGER;
        CREATE INDEX office_events_action ON office_events(action) WHERE action IS NOT NULL;

        -- Those of warnings that a person compared with the paper.
        ALTER TABLE documents ADD COLUMN warnings_checked TEXT NOT NULL DEFAULT '[]';

        -- The last line on end_page, lead_end_page; line_last and lead_line_last count on the first page.
        ALTER TABLE tasks ADD COLUMN end_line INTEGER;
        ALTER TABLE tasks ADD COLUMN lead_end_line INTEGER;
        -- The first day whose occurrences are followed; NULL: the day on which the document came in.
        ALTER TABLE tasks ADD COLUMN followed_from TEXT CHECK (followed_from IS NULL OR date(followed_from) = followed_from);

        INSERT INTO task_statuses VALUES ('not_followed', 'Chưa theo dõi', 0);
        CREATE TEMP TABLE occurrences_010 AS SELECT * FROM occurrences;
        DROP TABLE occurrences;
        CREATE TABLE occurrences (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
            scheduled TEXT NOT NULL CHECK (date(scheduled) = scheduled),
            due TEXT NOT NULL CHECK (date(due) = due),
            requested_due TEXT CHECK (requested_due IS NULL OR date(requested_due) = requested_due),
            status TEXT NOT NULL DEFAULT 'open' REFERENCES task_statuses(code),
            completed_on TEXT CHECK (completed_on IS NULL OR date(completed_on) = completed_on),
            percent INTEGER CHECK (percent IS NULL OR percent BETWEEN 0 AND 100),
            note TEXT,
            UNIQUE (task_id, scheduled),
            CHECK ((status = 'done') = (completed_on IS NOT NULL))
        );
        """
    )
    for trigger in triggers:
        db.execute(trigger)
    db.executescript(
        """
        INSERT INTO occurrences(id, task_id, scheduled, due, status, completed_on, percent, note)
            SELECT o.id, o.task_id, o.due, o.due, CASE WHEN o.status = 'open' AND o.note IS NULL AND o.percent IS NULL
                AND o.due < substr(d.received_at, 1, 10) THEN 'not_followed' ELSE o.status END, o.completed_on, o.percent, o.note
            FROM occurrences_010 AS o JOIN tasks AS t ON t.id = o.task_id JOIN documents AS d ON d.id = t.document_id;
        DROP TABLE occurrences_010;
        """
    )


@migrations(name="011_dates_of_parts")
def eleventh(db: Database) -> None:
    """A task is due when the first of those who owe it is (:func:`tracking.responsible.refresh`); no rhythm, no occurrence that counts."""
    keep_standing(db)
    db.execute("UPDATE tasks SET due = due WHERE recurrence IS NULL AND id IN (SELECT task_id FROM occurrences)")  # fires them
    db.execute("INSERT OR IGNORE INTO responsible_stale SELECT 'task', task_id FROM task_shares")
