"""What people do to tasks, and the history that nobody can rewrite."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from tracking_directive import save

from ingest.errors import NotFound, UsageError
from tracking import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dondoc.db"


@pytest.fixture
def store(path: Path):
    with Store.open(path) as opened:
        yield opened


D = date(2024, 1, 5)


def test_done_and_reopened(store: Store) -> None:
    save(store)
    done = store.mark_done(1, date(2024, 3, 15), "An", "CV 12/SNV-VP")
    assert (done.status, done.state, done.days_late, done.note) == ("done", "done_on_time", 0, "CV 12/SNV-VP")
    store.mark_done(1, date(2024, 3, 15), "An")
    assert store.overdue(date(2024, 4, 1)) == []
    late = store.mark_done(1, date(2024, 3, 18), "An")
    assert (late.state, late.days_late) == ("done_late", 3)
    assert store.reopen(1, "Bình", "chưa đủ").status == "open"
    assert [task.id for task in store.overdue(date(2024, 4, 1))] == [1]
    assert [(e.who, e.what, e.field, e.new_value) for e in store.events(1)] == [
        ("An", "done", "status", "done"),
        ("An", "done", "completed_on", "2024-03-15"),
        ("An", "done", "note", "CV 12/SNV-VP"),
        ("An", "done", "completed_on", "2024-03-18"),
        ("Bình", "reopen", "status", "open"),
        ("Bình", "reopen", "completed_on", None),
        ("Bình", "reopen", "note", "chưa đủ"),
    ]


@pytest.mark.parametrize(
    ("status", "owed"),
    [("in_progress", True), ("extension_requested", True), ("returned", False), ("transferred", False), ("cancelled", False)],
)
def test_statuses(store: Store, status: str, owed: bool) -> None:
    save(store)
    store.set_status(1, status, "An")
    assert (1 in {task.id for task in store.overdue(date(2024, 4, 1))}) is owed


WRONG_EDITS = [
    {"due": "31/12/2024"}, {"due": "2024-02-30"}, {"start": "2025-01-01"}, {"text": ""}, {"status": "done"}, {"id": 5}, {"bound": "soon"},
    {"recurrence": "often"}, {"needs_review": "maybe"}, {}, {"due = 1; --": "x"},
]  # fmt: skip


@pytest.mark.parametrize("fields", WRONG_EDITS, ids=str)
def test_edits_that_make_no_sense(store: Store, fields: dict[str, object]) -> None:
    save(store)
    with pytest.raises(UsageError):
        store.edit(1, who="An", **fields)
    assert store.events() == []


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.task(99),
        lambda s: s.mark_done(99, D, "An"),
        lambda s: s.reopen(99, "An"),
        lambda s: s.edit(99, who="An", note="x"),
        lambda s: s.assign(99, who="An", lead=["Sở Y tế"]),
        lambda s: s.document(99),
        lambda s: s.citations(99),
    ],
)
def test_not_found(store: Store, act) -> None:
    save(store)
    with pytest.raises(NotFound):
        act(store)


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.mark_done(1, D, " "),
        lambda s: s.assign(1, who="An"),
        lambda s: s.assign(1, who="An", lead=["…"]),
        lambda s: s.assign(1, who="An", lead="Sở Y tế"),
        lambda s: s.set_status(1, "done", "An"),
        lambda s: s.set_status(1, "lost", "An"),
    ],
)
def test_acts_that_make_no_sense(store: Store, act) -> None:
    save(store)
    with pytest.raises(UsageError):
        act(store)
    assert store.events() == []
    assert store.task(1).task.status == "open"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE task_events SET who = 'x'",
        "DELETE FROM task_events",
        "INSERT OR REPLACE INTO task_events(id, task_id, at, who, what, field, action)"
        " SELECT id, task_id, at, 'x', what, field, action FROM task_events",
        "REPLACE INTO task_events(id, task_id, at, who, what, field, action) VALUES (1, 1, '', 'x', 'done', 'status', 1)",
        "INSERT INTO task_events(id, task_id, at, who, what, field) VALUES (1, 1, '', 'x', 'done', '') ON CONFLICT DO UPDATE SET who = 'x'",
    ],
)
def test_history_cannot_be_rewritten_even_by_hand(store: Store, path: Path, sql: str) -> None:
    save(store)
    store.mark_done(1, D, "An")
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(sql)
    connection.close()
    assert {event.who for event in store.events()} == {"An"}
