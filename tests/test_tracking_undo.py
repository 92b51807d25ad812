"""Acts are taken back whole: whatever people did, undoing it in reverse order gives the first state again, redoing it the last."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from derived_tables import differences
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tracking_directive import DIRECTIVE, TASKS, TEXTS, make_document, make_task, save

from extract.directive import Deadline, Directive
from ingest.errors import ConflictError, DondocError, NotFound, UsageError
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
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "number": st.sampled_from([None, "08/KH-UBND"]),
        "date": st.none() | DAYS,
        "issuer": st.sampled_from(["UBND tỉnh Sông Lam", "UBND thành phố Hà Nội"]),
        "place": st.sampled_from(["Hà Nội", None]),
    },
)
PARTS = st.lists(st.sampled_from(["Sở Y tế", "Sở Tư pháp", "Sở Nội vụ"]), min_size=1, max_size=2)
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
    _deed("change_many", st.lists(IDS, min_size=1, max_size=4), WHO, status=st.sampled_from(["done", "open"]), agencies=PARTS, note=NOTES),
    _deed("set_occurrence", st.integers(1, 6), st.just("done"), DAYS, WHO),
    _deed("set_occurrence", st.integers(1, 6), STATUSES, st.none(), WHO, NOTES),
    _deed("grant_extension", IDS, DAYS, WHO, NOTES, occurrence=st.integers(1, 6)),
    _deed("request_extension", st.just(4), DAYS, WHO, NOTES),
    _deed("refuse_extension", st.just(4), WHO),
    _deed("follow_occurrences", IDS, DAYS, WHO),
    _deed("edit_document", st.just(1), who=WHO).flatmap(lambda deed: HEADERS.map(lambda fields: (deed[0], deed[1], deed[2] | fields))),
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
            """SELECT task_id, scheduled, due, requested_due, status, completed_on, note, percent FROM occurrences
            WHERE task_id <= ? ORDER BY 1, 2""",
            (last,),
        ).fetchall()
        found["search"] = connection.execute("SELECT rowid, text, folded FROM search_index ORDER BY rowid").fetchall()
        found["left behind"] = connection.execute("SELECT id FROM tasks WHERE id > ? AND NOT removed", (last,)).fetchall()
        return found


def newest(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(
            connection.execute(
                "SELECT coalesce(max(action), 0) FROM (SELECT action FROM task_events UNION SELECT action FROM office_events)"
            ).fetchone()[0]
        )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("undo") / "template.db"
    with Store.open(path) as store:
        save(store, START, make_document(texts=(*TEXTS, *(task.text for task in MORE))))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        assert differences(path, (date(2024, 2, 1), date(2026, 1, 1))) == []
        back = []
        for action in reversed(acts):
            store.undo(action, "An")
            back.append(newest(path))
        assert state(path, count) == first | {"left behind": []}
        for action in reversed(back):
            store.undo(action, "An")
        assert state(path) == last


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(template, tmp_path / "dondoc.db")
    with Store.open(tmp_path / "dondoc.db") as opened:
        yield opened


def last(store: Store, task: int) -> int:
    action = store.last_action(task)
    assert action is not None
    return action


D1, D2 = date(2024, 3, 1), date(2024, 4, 2)
CONFLICTS: list[Any] = [
    pytest.param(
        lambda s: s.edit(1, who="An", due="2024-04-01"), lambda s: s.edit(1, who="Bình", due="2024-05-01"), "Bình sửa thời hạn", id="field"
    ),
    pytest.param(
        lambda s: s.assign(1, who="An", lead=["Sở Y tế"]),
        lambda s: s.assign(1, who="Bình", lead=["Sở Y tế", "Sở Tư pháp"]),
        "Bình sửa cơ quan chủ trì",
        id="one more lead",
    ),
    pytest.param(
        lambda s: s.mark_done(3, D1, "An", agency="Sở Nội vụ"),
        lambda s: s.mark_done(3, D2, "Bình", agency="Thanh tra tỉnh"),
        "Bình sửa trạng thái",
        id="a part that the completion hangs on",
    ),
    pytest.param(
        lambda s: s.grant_extension(1, D2, "An"), lambda s: s.mark_done(1, D1, "Bình"), "Bình sửa trạng thái", id="granted, then done"
    ),
    pytest.param(
        lambda s: s.split(1, ["một", "hai"], "An"), lambda s: s.edit(6, who="Bình", text="ba"), "Bình sửa nội dung", id="a part reworded"
    ),
    pytest.param(
        lambda s: s.split(1, ["một", "hai"], "An"), lambda s: s.mark_done(6, D1, "Bình"), "nhiệm vụ 6 đã thay đổi", id="a part done"
    ),
    pytest.param(lambda s: s.merge([1, 2], "An"), lambda s: s.bring_back(2, "Bình"), "Bình sửa bỏ khỏi danh mục", id="merged, then parted"),
]


@pytest.mark.parametrize(("act", "newer", "told"), CONFLICTS)
def test_a_newer_change_of_the_same_thing_stands_in_the_way(store: Store, tmp_path: Path, act: Deed, newer: Deed, told: str) -> None:
    act(store)
    action = last(store, 1 if store.events(1) else 3)
    newer(store)
    before = state(tmp_path / "dondoc.db")
    with pytest.raises(ConflictError, match=told):
        store.undo(action, "An")
    assert state(tmp_path / "dondoc.db") == before
    newest_action = store.last_action()
    assert newest_action is not None
    store.undo(newest_action, "An")
    store.undo(action, "An")  # now nothing stands in the way


def test_a_newer_change_of_something_else_does_not(store: Store) -> None:
    store.edit(1, who="An", due="2024-04-01")
    action = last(store, 1)
    store.edit(1, who="Bình", progress="đã trình")
    (row,) = store.undo(action, "An")
    assert (row.due, row.progress) == (date(2024, 3, 15), "đã trình")


def test_an_undo_is_told_and_can_be_undone_once(store: Store) -> None:
    store.edit(1, who="An", progress="đã trình")
    action = last(store, 1)
    store.undo(action, "Bình", "nhầm nhiệm vụ")
    event = store.events(1)[-1]
    assert (event.what, event.undoes, event.old_value, event.new_value, event.note) == ("undo", action, "đã trình", None, "nhầm nhiệm vụ")
    with pytest.raises(UsageError, match="đã được hoàn tác"):
        store.undo(action, "An")
    assert store.undo(event.action, "An")[0].progress == "đã trình"
    assert store.undo(action, "An")[0].progress is None


@pytest.mark.parametrize(("action", "error"), [(99, NotFound), (-1, NotFound)])
def test_no_such_act(store: Store, action: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        store.undo(action, "An")


def test_acts_of_a_version_without_undo(store: Store) -> None:
    with store._writing() as connection:
        connection.execute(
            """INSERT INTO task_events(task_id, at, who, what, field, new_value, action)
            VALUES (1, '2024-01-01', 'An', 'edit', 'note', 'x', 1)"""
        )
    with pytest.raises(UsageError, match="trước khi có chức năng hoàn tác"):
        store.undo(1, "An")


def test_the_last_act(store: Store) -> None:
    assert store.last_action() is None
    store.edit(1, who="An", progress="một")
    first = last(store, 1)
    store.edit(2, who="Bình", progress="hai")
    second = last(store, 2)
    assert (store.last_action(), store.last_action(1), store.last_action(who="An"), store.last_action(who="Lan")) == (
        second,
        first,
        first,
        None,
    )
    store.undo(second, "An")
    assert (store.last_action(), store.last_action(2)) == (first, None)


def test_a_correction_taken_back_is_the_machines_again(store: Store) -> None:
    store.edit(1, who="An", due="2024-04-01")
    store.edit(1, who="An", text="Rà soát.")
    store.undo(store.history(1)[1].action or 0, "An")
    save(store, replace(START, tasks=(make_task("1/-1", TEXTS[0] + " Đọc lại.", date(2024, 2, 2)), *START.tasks[1:])))
    row = store.task(1).task
    assert (row.due, row.text) == (date(2024, 2, 2), "Rà soát.")


def test_many_at_once_are_taken_back_at_once(store: Store) -> None:
    store.change_many([1, 2, 3], "An", status="done", on=D1)
    assert {row.status for row in store.undo(last(store, 2), "An")} == {"open"}


def test_an_agency_that_only_a_slip_had_named_goes_with_it(store: Store) -> None:
    store.assign(1, who="An", lead=["Sở Nôi vụ", "Sở Y tế"])
    store.undo(last(store, 1), "An")
    assert store.query("SELECT name FROM agencies WHERE name = 'Sở Nôi vụ'").rows == ()


class TestHistory:
    def test_newest_first_with_what_was_taken_back(self, store: Store) -> None:
        store.change_many([1, 2], "An", percent=10)
        store.edit_document(1, who="Bình", number="08/KH-UBND")
        store.undo(last(store, 1), "Bình")
        told = [(act.who, act.what, act.tasks, act.undone, act.undoes) for act in store.history()]
        assert sorted(told, key=str) == sorted(
            [("An", "change_many", (1, 2), True, None), ("Bình", "edit_document", (), False, None), ("Bình", "undo", (1, 2), False, 1)],
            key=str,
        )

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ({"task_id": 1}, 1), ({"task_id": 3}, 0), ({"document_id": 1}, 3), ({"document_id": 9}, 0), ({"who": "An"}, 2),
            ({"who": "Bình"}, 1), ({"limit": 2}, 2),
        ],
        ids=str,
    )  # fmt: skip
    def test_narrowed(self, store: Store, asked: dict[str, Any], count: int) -> None:
        store.edit(1, who="An", progress="một")
        store.edit(2, who="An", progress="hai")
        store.edit_document(1, who="Bình", subject="Rà soát")
        assert len(store.history(**asked)) == count

    def test_sentences(self, store: Store) -> None:
        store.mark_done(5, D1, "An", agency="Sở Y tế")
        store.edit_document(1, who="Bình", number="08/KH-UBND")
        told = {sentence for act in store.history() for sentence in act.told}
        assert told == {
            "báo hoàn thành (Sở Y tế) từ «Chưa thực hiện» thành «Hoàn thành»",
            "báo hoàn thành (Sở Y tế) ngày 01/03/2024",
            "sửa thông tin văn bản số, ký hiệu từ «07/KH-UBND» thành «08/KH-UBND»",
        }
