"""Migrations 005 to 007: what following up needs (:mod:`tracking.acting`)."""

from __future__ import annotations

from uuid import uuid4

from sqlite_utils import Database

from tracking.migrations import migrations

__all__ = ["migrations"]


@migrations(name="005_following_up")
def fifth(db: Database) -> None:
    """Extensions, percent, each department's own standing, tasks by hand, acts that can be undone, changes beside tasks, reminders."""
    db.executescript(
        """
        ALTER TABLE tasks ADD COLUMN percent INTEGER CHECK (percent IS NULL OR percent BETWEEN 0 AND 100);
        ALTER TABLE tasks ADD COLUMN first_due TEXT CHECK (first_due IS NULL OR date(first_due) = first_due);
        ALTER TABLE tasks ADD COLUMN requested_due TEXT CHECK (requested_due IS NULL OR date(requested_due) = requested_due);
        ALTER TABLE tasks ADD COLUMN superseded_by INTEGER REFERENCES documents(id) ON DELETE SET NULL;
        ALTER TABLE tasks ADD COLUMN origin TEXT NOT NULL DEFAULT 'document' CHECK (origin IN ('document', 'person'));
        ALTER TABLE tasks ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));
        ALTER TABLE tasks ADD COLUMN split_from INTEGER REFERENCES tasks(id);
        ALTER TABLE tasks ADD COLUMN merged_into INTEGER REFERENCES tasks(id);

        -- How one department stands with a task that several lead; no row: as the task does.
        CREATE TABLE task_shares (
            task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
            agency_id INTEGER NOT NULL REFERENCES agencies(id),
            status TEXT NOT NULL DEFAULT 'open' REFERENCES task_statuses(code),
            completed_on TEXT CHECK (completed_on IS NULL OR date(completed_on) = completed_on),
            percent INTEGER CHECK (percent IS NULL OR percent BETWEEN 0 AND 100),
            due TEXT CHECK (due IS NULL OR date(due) = due),
            requested_due TEXT CHECK (requested_due IS NULL OR date(requested_due) = requested_due),
            note TEXT,
            PRIMARY KEY (task_id, agency_id),
            CHECK ((status = 'done') = (completed_on IS NOT NULL))
        );
        CREATE INDEX task_shares_agency ON task_shares(agency_id);

        -- The rows of one act share ``action``; an act that takes another back names it in ``undoes``. No CHECK on ``what``: kinds grow.
        CREATE TABLE events_005 (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks(id),
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            what TEXT NOT NULL,
            field TEXT NOT NULL,
            old_value TEXT,
            new_value TEXT,
            note TEXT,
            action INTEGER NOT NULL,
            agency_id INTEGER REFERENCES agencies(id),
            occurrence_id INTEGER,
            undoes INTEGER
        );
        INSERT INTO events_005 SELECT *, id, NULL, NULL, NULL FROM task_events;
        DROP TRIGGER task_events_no_update;
        DROP TRIGGER task_events_no_delete;
        DROP TRIGGER task_events_no_replace;
        DROP TABLE task_events;
        ALTER TABLE events_005 RENAME TO task_events;
        CREATE INDEX task_events_task ON task_events(task_id);
        CREATE INDEX task_events_action ON task_events(action);
        CREATE TRIGGER task_events_no_update BEFORE UPDATE ON task_events
            BEGIN SELECT RAISE(ABORT, 'task_events is append-only'); END;
        CREATE TRIGGER task_events_no_delete BEFORE DELETE ON task_events
            BEGIN SELECT RAISE(ABORT, 'task_events is append-only'); END;
        CREATE TRIGGER task_events_no_replace BEFORE INSERT ON task_events
            WHEN EXISTS (SELECT 1 FROM task_events WHERE id = NEW.id)
            BEGIN SELECT RAISE(ABORT, 'task_events is append-only'); END;

        -- What people did to anything but a task: a document's header, agencies, users, quarantine, imports, reminders.
        CREATE TABLE office_events (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            what TEXT NOT NULL,
            subject TEXT NOT NULL,
            field TEXT,
            old_value TEXT,
            new_value TEXT,
            note TEXT
        );
        CREATE INDEX office_events_subject ON office_events(subject);
        CREATE TRIGGER office_events_no_update BEFORE UPDATE ON office_events
            BEGIN SELECT RAISE(ABORT, 'office_events is append-only'); END;
        CREATE TRIGGER office_events_no_delete BEFORE DELETE ON office_events
            BEGIN SELECT RAISE(ABORT, 'office_events is append-only'); END;
        CREATE TRIGGER office_events_no_replace BEFORE INSERT ON office_events
            WHEN EXISTS (SELECT 1 FROM office_events WHERE id = NEW.id)
            BEGIN SELECT RAISE(ABORT, 'office_events is append-only'); END;

        -- Which digest went out to whom on which day, so that none goes twice. A claim that was never sent has no sent_at.
        CREATE TABLE reminders (
            agency TEXT NOT NULL,
            day TEXT NOT NULL CHECK (date(day) = day),
            channel TEXT NOT NULL,
            address TEXT,
            claimed_at TEXT NOT NULL,
            sent_at TEXT,
            who TEXT NOT NULL,
            PRIMARY KEY (agency, day, channel)
        );

        ALTER TABLE occurrences ADD COLUMN percent INTEGER CHECK (percent IS NULL OR percent BETWEEN 0 AND 100);
        """
    )


@migrations(name="006_what_an_act_changed")
def sixth(db: Database) -> None:
    """The rows that each act changed, as they were and as they became: what undo goes by. History for people stays in ``task_events``."""
    db.executescript(
        """
        CREATE TABLE act_rows (
            id INTEGER PRIMARY KEY,
            action INTEGER NOT NULL,
            table_name TEXT NOT NULL,
            row_key TEXT NOT NULL CHECK (json_valid(row_key)),
            before TEXT CHECK (before IS NULL OR json_valid(before)),
            after TEXT CHECK (after IS NULL OR json_valid(after))
        );
        CREATE INDEX act_rows_action ON act_rows(action);
        CREATE INDEX task_events_undoes ON task_events(undoes) WHERE undoes IS NOT NULL;
        """
    )


@migrations(name="007_identity")
def seventh(db: Database) -> None:
    """An identity, so that a workbook filled in for another workspace is not taken for one of this."""
    db.execute("CREATE TABLE workspace_identity (id TEXT NOT NULL PRIMARY KEY)")
    db.execute("INSERT INTO workspace_identity VALUES (?)", (uuid4().hex,))
