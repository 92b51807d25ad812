"""The tables of ``dondoc.db`` as numbered migrations. One that has been released is never edited; a change is a new migration.

Here are 001 to 004; the next are in :mod:`tracking.migrations_following`, :mod:`tracking.derived` and :mod:`tracking.migrations_acts`,
each of which imports the one before it, so that they are applied in this order.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("dondoc")

STATUSES = (
    # code, what a clerk reads, whether the work is still owed. Union of the follow-up systems in use; "overdue" is never stored.
    ("open", "Chưa thực hiện", 1),
    ("in_progress", "Đang thực hiện", 1),
    ("extension_requested", "Xin gia hạn", 1),
    ("done", "Hoàn thành", 0),
    ("returned", "Trả lại (không đúng thẩm quyền)", 0),
    ("transferred", "Chuyển cơ quan kế thừa", 0),
    ("cancelled", "Dừng, hủy hoặc thay thế", 0),
)


@migrations(name="001_first")
def first(db: Database) -> None:
    """Documents, agencies, tasks, citations, history, full-text index."""
    db.executescript(
        """
        CREATE TABLE documents (
            id INTEGER PRIMARY KEY,
            sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) > 0),
            directive_key TEXT,
            duplicate_of INTEGER REFERENCES documents(id) ON DELETE SET NULL,
            file_name TEXT NOT NULL,
            path TEXT NOT NULL,
            kind TEXT NOT NULL,
            number TEXT,
            number_key TEXT,
            type TEXT,
            issuer TEXT,
            date TEXT CHECK (date IS NULL OR date(date) = date),
            place TEXT,
            subject TEXT,
            signer TEXT,
            signer_title TEXT,
            recipients TEXT NOT NULL DEFAULT '[]',
            addressees TEXT NOT NULL DEFAULT '[]',
            urgency TEXT,
            page_count INTEGER NOT NULL,
            text_source TEXT NOT NULL,
            ocr_confidence REAL,
            warnings TEXT NOT NULL DEFAULT '[]',
            status TEXT NOT NULL CHECK (status IN ('ok', 'needs_review')),
            incoming_number TEXT,
            received_at TEXT NOT NULL,
            taken_in_at TEXT NOT NULL
        );
        CREATE INDEX documents_directive_key ON documents(directive_key);
        CREATE INDEX documents_number_key ON documents(number_key);

        CREATE TABLE pages (
            id INTEGER PRIMARY KEY,
            document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            source TEXT NOT NULL,
            width REAL NOT NULL,
            height REAL NOT NULL,
            rotation INTEGER NOT NULL,
            skew REAL NOT NULL,
            confidence REAL NOT NULL,
            raw_text TEXT NOT NULL,
            text TEXT NOT NULL,
            words TEXT NOT NULL CHECK (json_valid(words)),
            warnings TEXT NOT NULL DEFAULT '[]',
            UNIQUE (document_id, number)
        );

        CREATE TABLE agencies (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,
            kind TEXT,
            level TEXT,
            province TEXT,
            parent_id INTEGER REFERENCES agencies(id),
            valid_from TEXT,
            valid_to TEXT,
            origin TEXT NOT NULL CHECK (origin IN ('gazetteer', 'document', 'person'))
        );
        CREATE UNIQUE INDEX agencies_identity ON agencies(folded, coalesce(province, ''), coalesce(valid_from, ''));
        CREATE TABLE agency_aliases (
            agency_id INTEGER NOT NULL REFERENCES agencies(id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            folded TEXT NOT NULL,
            PRIMARY KEY (agency_id, folded)
        );
        CREATE INDEX agency_aliases_folded ON agency_aliases(folded);
        CREATE TABLE agency_members (
            group_id INTEGER NOT NULL REFERENCES agencies(id) ON DELETE CASCADE,
            member_id INTEGER NOT NULL REFERENCES agencies(id) ON DELETE CASCADE,
            valid_from TEXT,
            valid_to TEXT,
            CHECK (group_id <> member_id)
        );
        CREATE UNIQUE INDEX agency_members_identity ON agency_members(group_id, member_id, coalesce(valid_from, ''));
        CREATE TABLE agency_successions (
            id INTEGER PRIMARY KEY,
            old_id INTEGER NOT NULL REFERENCES agencies(id) ON DELETE CASCADE,
            new_id INTEGER REFERENCES agencies(id) ON DELETE CASCADE,
            date TEXT NOT NULL CHECK (date(date) = date),
            subject TEXT,
            source TEXT,
            CHECK (old_id <> new_id)
        );
        CREATE UNIQUE INDEX agency_successions_identity
            ON agency_successions(old_id, coalesce(new_id, 0), date, coalesce(subject, ''));
        CREATE TABLE seeds (name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, loaded_at TEXT NOT NULL);

        CREATE TABLE task_statuses (code TEXT PRIMARY KEY, label TEXT NOT NULL, active INTEGER NOT NULL CHECK (active IN (0, 1)));

        CREATE TABLE tasks (
            id INTEGER PRIMARY KEY,
            document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            path TEXT NOT NULL,
            text TEXT NOT NULL,
            folded TEXT NOT NULL,
            found_text TEXT NOT NULL,
            deadline_text TEXT,
            start TEXT CHECK (start IS NULL OR date(start) = start),
            due TEXT CHECK (due IS NULL OR date(due) = due),
            due_counted INTEGER NOT NULL DEFAULT 0 CHECK (due_counted IN (0, 1)),
            bound TEXT,
            recurrence TEXT,
            expected_result TEXT,
            cited TEXT NOT NULL DEFAULT '[]',
            status TEXT NOT NULL DEFAULT 'open' REFERENCES task_statuses(code),
            completed_on TEXT CHECK (completed_on IS NULL OR date(completed_on) = completed_on),
            progress TEXT,
            reply_number TEXT,
            note TEXT,
            confidence REAL NOT NULL,
            needs_review INTEGER NOT NULL CHECK (needs_review IN (0, 1)),
            reasons TEXT NOT NULL DEFAULT '[]',
            page INTEGER NOT NULL,
            line_first INTEGER NOT NULL,
            line_last INTEGER NOT NULL,
            end_page INTEGER,
            missing INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1)),
            duplicate_of INTEGER REFERENCES tasks(id) ON DELETE SET NULL,
            CHECK ((status = 'done') = (completed_on IS NOT NULL))
        );
        CREATE INDEX tasks_document ON tasks(document_id);
        CREATE INDEX tasks_due ON tasks(due);
        CREATE INDEX tasks_duplicate ON tasks(duplicate_of);

        CREATE TABLE task_agencies (
            task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
            agency_id INTEGER NOT NULL REFERENCES agencies(id),
            role TEXT NOT NULL CHECK (role IN ('lead', 'coordinating')),
            name TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (task_id, role, agency_id)
        );
        CREATE INDEX task_agencies_agency ON task_agencies(agency_id);

        CREATE TABLE task_deadlines (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            decisive INTEGER NOT NULL CHECK (decisive IN (0, 1)),
            text TEXT NOT NULL,
            start TEXT,
            due TEXT,
            bound TEXT,
            recurrence TEXT,
            relative_n INTEGER,
            relative_unit TEXT,
            relative_from TEXT,
            day INTEGER,
            month INTEGER,
            time TEXT,
            confidence REAL NOT NULL
        );
        CREATE INDEX task_deadlines_task ON task_deadlines(task_id);

        CREATE TABLE citations (
            id INTEGER PRIMARY KEY,
            document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            type TEXT,
            number TEXT,
            number_key TEXT,
            date TEXT,
            issuer TEXT,
            cited_document_id INTEGER REFERENCES documents(id) ON DELETE SET NULL
        );
        CREATE INDEX citations_document ON citations(document_id);
        CREATE INDEX citations_number_key ON citations(number_key);
        CREATE INDEX citations_cited ON citations(cited_document_id);

        CREATE TABLE task_events (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks(id),
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            what TEXT NOT NULL CHECK (what IN ('done', 'reopen', 'status', 'edit', 'assign')),
            field TEXT NOT NULL,
            old_value TEXT,
            new_value TEXT,
            note TEXT
        );
        CREATE INDEX task_events_task ON task_events(task_id);
        CREATE TRIGGER task_events_no_update BEFORE UPDATE ON task_events
            BEGIN SELECT RAISE(ABORT, 'task_events is append-only'); END;
        CREATE TRIGGER task_events_no_delete BEFORE DELETE ON task_events
            BEGIN SELECT RAISE(ABORT, 'task_events is append-only'); END;
        -- INSERT OR REPLACE fires no delete trigger unless recursive_triggers is on, which plain sqlite3 does not set.
        CREATE TRIGGER task_events_no_replace BEFORE INSERT ON task_events
            WHEN EXISTS (SELECT 1 FROM task_events WHERE id = NEW.id)
            BEGIN SELECT RAISE(ABORT, 'task_events is append-only'); END;

        CREATE TABLE occurrences (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
            start TEXT,
            due TEXT NOT NULL CHECK (date(due) = due),
            status TEXT NOT NULL DEFAULT 'open' REFERENCES task_statuses(code),
            completed_on TEXT,
            note TEXT,
            UNIQUE (task_id, due)
        );

        -- rowid: 2 × pages.id for a page, 2 × tasks.id + 1 for a task.
        CREATE VIRTUAL TABLE search_index USING fts5(text, folded, tokenize = "unicode61 remove_diacritics 0");
        """
    )
    for code, label, active in STATUSES:
        db.execute("INSERT INTO task_statuses VALUES (?, ?, ?)", (code, label, active))


@migrations(name="002_agencies_in_their_province")
def second(db: Database) -> None:
    """Members of a group in one province, successions that follow from a place, heirs by subject, other readings of a name."""
    db.executescript(
        """
        ALTER TABLE documents ADD COLUMN province TEXT;
        ALTER TABLE agency_members ADD COLUMN province TEXT;
        ALTER TABLE agency_members ADD COLUMN is_place INTEGER NOT NULL DEFAULT 0;
        DROP INDEX agency_members_identity;
        CREATE UNIQUE INDEX agency_members_identity
            ON agency_members(group_id, member_id, coalesce(valid_from, ''), coalesce(province, ''));
        CREATE INDEX agency_members_member ON agency_members(member_id);
        ALTER TABLE agency_successions ADD COLUMN candidates TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE agency_successions ADD COLUMN derived INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE task_agencies ADD COLUMN candidates TEXT NOT NULL DEFAULT '[]';
        CREATE TABLE task_successions (
            task_id INTEGER NOT NULL REFERENCES tasks(id) ON DELETE CASCADE,
            old_id INTEGER NOT NULL REFERENCES agencies(id) ON DELETE CASCADE,
            new_id INTEGER NOT NULL REFERENCES agencies(id) ON DELETE CASCADE,
            date TEXT NOT NULL,
            PRIMARY KEY (task_id, old_id, new_id)
        );
        """
    )


@migrations(name="003_where_the_lead_was_read")
def third(db: Database) -> None:
    """More of the header, the source of a task's lead, how sure each field is."""
    db.executescript(
        """
        ALTER TABLE documents ADD COLUMN parent TEXT;
        ALTER TABLE documents ADD COLUMN issuers TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE documents ADD COLUMN authority TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE documents ADD COLUMN secrecy TEXT;
        ALTER TABLE documents ADD COLUMN field_confidence TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE tasks ADD COLUMN lead_source TEXT;
        ALTER TABLE tasks ADD COLUMN lead_page INTEGER;
        ALTER TABLE tasks ADD COLUMN lead_line_first INTEGER;
        ALTER TABLE tasks ADD COLUMN lead_line_last INTEGER;
        ALTER TABLE tasks ADD COLUMN lead_end_page INTEGER;
        ALTER TABLE tasks ADD COLUMN field_confidence TEXT NOT NULL DEFAULT '{}';
        """
    )


@migrations(name="004_where_the_file_lies")
def fourth(db: Database) -> None:
    """Where a document's file and its searchable copy lie in the archive, as paths below the workspace."""
    db.executescript("ALTER TABLE documents ADD COLUMN archived_as TEXT; ALTER TABLE documents ADD COLUMN searchable TEXT;")
