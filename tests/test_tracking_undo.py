"""Acts are taken back whole: whatever people did, undoing it in reverse order gives the first state again, redoing it the last."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tracking_directive import DIRECTIVE, TASKS, TEXTS, make_document, make_task, save

from extract.directive import Deadline, Directive
from ingest.errors import DondocError
from tracking import Store

MORE = (
    make_task(
        "3/-1",
        "Báo cáo định kỳ kết quả thực hiện về Sở Nội vụ.",
        None,
        2,
        deadlines=(Deadline("hằng tháng", recurrence="monthly", day=20),),
    ),
    make_task("3/-2", "Các sở, ban, ngành rà soát hồ sơ.", date(2024, 5, 31), 3, lead=("Sở Y tế", "Sở Tư pháp", "Sở Nội vụ")),
)
START = Directive(DIRECTIVE.header, DIRECTIVE.references, (*TASKS, *MORE))
DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))
IDS = st.integers(1, 7)
WHO = st.sampled_from(["An", "Bình"])
NAMES = st.lists(
    st.sampled_from(["Sở Y tế", "Sở Tư pháp", "Sở Nội vụ", "Tổ công tác 07", "Sở Thông tin và Truyền thông"]), max_size=3, unique=True
)
AGENCY = st.sampled_from([None, None, "Sở Y tế", "Sở Tư pháp", "Sở Nội vụ", "Thanh tra tỉnh"])
STATUSES = st.sampled_from(["open", "in_progress", "extension_requested", "returned", "transferred", "cancelled"])
NOTES = st.sampled_from([None, "", "CV 12/SNV"])
WORDS = st.sampled_from(["Rà soát quy trình.", "Báo cáo kết quả", "Về giảm nghèo, trẻ em"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "text": WORDS,
        "due": st.none() | DAYS,
        "recurrence": st.sampled_from([None, "monthly", "weekly", "quarterly"]),
        "percent": st.integers(0, 100),
        "needs_review": st.booleans(),
        "progress": st.sampled_from(["đã trình", None]),
    },
)
Deed = Callable[[Store], object]


def _deed(name: str, *strategies: Any, **named: Any) -> st.SearchStrategy[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    return st.tuples(st.just(name), st.tuples(*strategies), st.fixed_dictionaries(named))


DEEDS = st.one_of(
    _deed("mark_done", IDS, DAYS, WHO, NOTES, AGENCY),
    _deed("reopen", IDS, WHO, NOTES, AGENCY),
    _deed("set_status", IDS, STATUSES, WHO, NOTES, AGENCY),
    _deed("request_extension", IDS, DAYS, WHO, NOTES, AGENCY),
    _deed("grant_extension", IDS, DAYS, WHO, NOTES, AGENCY),
    _deed("refuse_extension", IDS, WHO, NOTES, AGENCY),
    _deed("edit", IDS, who=WHO).flatmap(lambda deed: FIELDS.map(lambda fields: (deed[0], deed[1], deed[2] | fields))),
    _deed("edit", IDS, who=WHO, agency=AGENCY, percent=st.integers(0, 100)),
    _deed("assign", IDS, who=WHO, lead=NAMES, coordinating=st.none() | NAMES),
    _deed("confirm", IDS, WHO),
    _deed(
        "add_task",
        st.just(1),
        who=WHO,
        text=WORDS,
        page=st.just(1),
        line_first=st.just(1),
        line_last=st.just(2),
        lead=NAMES,
        due=st.none() | DAYS,
    ),
    _deed("split", IDS, st.lists(WORDS, min_size=2, max_size=3), WHO),
    _deed("merge", st.lists(IDS, min_size=2, max_size=3), WHO),
    _deed("remove", IDS, WHO),
    _deed("bring_back", IDS, WHO),
    _deed(
        "change_many",
        st.lists(IDS, min_size=1, max_size=4),
        WHO,
        status=st.sampled_from([None, "done", "in_progress"]),
        percent=st.none() | st.integers(0, 100),
        confirm=st.booleans(),
    ),
    _deed("set_occurrence", st.integers(1, 6), st.just("done"), DAYS, WHO),
    _deed("undo", st.integers(1, 30), WHO),
)
TABLES = {
    "documents": "id", "tasks": "id", "task_agencies": "task_id, role, agency_id", "task_shares": "task_id, agency_id",
    "task_deadlines": "id", "agencies": "id", "agency_aliases": "agency_id, folded", "agency_members": "group_id, member_id",
    "agency_successions": "old_id, new_id, date", "task_successions": "task_id, old_id, new_id",
}  # fmt: skip


def state(path: Path, tasks: int | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """All that the file holds but the history; without what hangs on tasks beyond the first ``tasks``, which undo leaves as removed."""
    last = tasks if tasks is not None else 10**6
    with closing(sqlite3.connect(path)) as connection:
        found = {}
        for table, order in TABLES.items():
            key = {"tasks": "id"}.get(table, "task_id" if "task_id" in order or table == "task_deadlines" else None)
            where = f"WHERE {key} <= {last}" if key else ""
            found[table] = connection.execute(f"SELECT * FROM {table} {where} ORDER BY {order}").fetchall()
        found["occurrences"] = connection.execute(
            "SELECT task_id, start, due, status, completed_on, note, percent FROM occurrences WHERE task_id <= ? ORDER BY 1, 3", (last,)
        ).fetchall()
        found["search"] = connection.execute("SELECT rowid, text, folded FROM search_index ORDER BY rowid").fetchall()
        found["left behind"] = connection.execute("SELECT id FROM tasks WHERE id > ? AND NOT removed", (last,)).fetchall()
        return found


def newest(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT coalesce(max(action), 0) FROM task_events").fetchone()[0])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("undo") / "template.db"
    with Store.open(path) as store:
        save(store, START, make_document(texts=(*TEXTS, *(task.text for task in MORE))))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEEDS, min_size=1, max_size=8))
def test_undoing_everything_gives_the_first_state_and_redoing_it_the_last(
    template: Path, tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, tuple[Any, ...], dict[str, Any]]]
) -> None:
    path = tmp_path_factory.mktemp("one") / "dondoc.db"
    shutil.copy(template, path)
    first = state(path)
    count = len(first["tasks"])
    with Store.open(path) as store:
        acts = []
        for name, values, named in deeds:
            before = newest(path)
            try:
                getattr(store, name)(*values, **named)
            except DondocError:
                assert newest(path) == before
            if newest(path) > before:
                acts.append(newest(path))
        last = state(path)
        back = []
        for action in reversed(acts):
            store.undo(action, "An")
            back.append(newest(path))
        assert state(path, count) == first | {"left behind": []}
        for action in reversed(back):
            store.undo(action, "An")
        assert state(path) == last
