"""Extensions, percentages, tasks made, divided, joined and taken away, several at once; and that reading again takes none of it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fresh_store import fresh
from tracking_directive import DIRECTIVE, TASKS, TEXTS, make_document, make_task, save

from extract.directive import Span
from ingest.errors import ConflictError, NotFound, UsageError
from tracking import Store, TaskFilter, TaskRow

PAPER, LATER, LATEST = date(2024, 3, 15), date(2024, 4, 15), date(2024, 5, 15)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fresh(tmp_path) as opened:
        save(opened)
        yield opened


def told(store: Store, task: int) -> list[tuple[str, str, str | None, str | None]]:
    return [(event.what, event.field, event.old_value, event.new_value) for event in store.events(task)]


class TestExtensions:
    def test_asked_for_and_granted(self, store: Store) -> None:
        asked = store.request_extension(1, LATER, "An", "chờ số liệu")
        assert (asked.status, asked.due, asked.requested_due, asked.note) == ("extension_requested", PAPER, LATER, "chờ số liệu")
        granted = store.grant_extension(1, LATER, "Bình")
        assert (granted.status, granted.due, granted.first_due, granted.requested_due) == ("in_progress", LATER, PAPER, None)
        assert store.overdue(date(2024, 4, 1)) == []

    def test_the_first_deadline_is_that_of_the_paper_whatever_follows(self, store: Store) -> None:
        store.grant_extension(1, LATER, "An")
        assert store.grant_extension(1, LATEST, "An").first_due == PAPER

    @pytest.mark.parametrize("before", ["open", "in_progress"])
    def test_refused(self, store: Store, before: str) -> None:
        store.set_status(1, before, "An")
        store.request_extension(1, LATER, "An")
        refused = store.refuse_extension(1, "Bình", "không có lý do")
        assert (refused.status, refused.due, refused.requested_due, refused.first_due) == (before, PAPER, None, None)

    @pytest.mark.parametrize(
        "act",
        [
            pytest.param(lambda s: s.grant_extension(1, PAPER, "An"), id="no-later"),
            pytest.param(lambda s: s.request_extension(1, date(2024, 1, 1), "An"), id="earlier"),
            pytest.param(lambda s: s.grant_extension(3, LATER, "An"), id="no-deadline"),
            pytest.param(lambda s: s.refuse_extension(1, "An"), id="nothing-asked-for"),
            pytest.param(lambda s: s.mark_done(1, PAPER, "An") and s.grant_extension(1, LATER, "An"), id="done"),
        ],
    )
    def test_makes_no_sense(self, store: Store, act: Callable[[Store], object]) -> None:
        with pytest.raises(UsageError):
            act(store)

    def test_a_request_ends_with_the_status(self, store: Store) -> None:
        store.request_extension(1, LATER, "An")
        assert store.mark_done(1, PAPER, "An").requested_due is None


class TestPercent:
    @pytest.mark.parametrize(("given", "stored"), [(0, 0), ("40", 40), ("100 %", 100), ("", None), (None, None)])
    def test_takes(self, store: Store, given: object, stored: int | None) -> None:
        assert store.edit(1, who="An", percent=given).percent == stored

    @pytest.mark.parametrize("given", [-1, 101, "nửa", 12.5, "٣"])
    def test_takes_not(self, store: Store, given: object) -> None:
        with pytest.raises(UsageError):
            store.edit(1, who="An", percent=given)

    def test_follows_completion_only_where_one_was_reported(self, store: Store) -> None:
        assert store.mark_done(2, PAPER, "An").percent is None
        store.edit(1, who="An", percent=40)
        assert store.mark_done(1, PAPER, "An").percent == 100
        assert store.reopen(1, "An").percent is None


class TestStopped:
    def test_by_another_document(self, store: Store) -> None:
        other = save(store, replace(DIRECTIVE, tasks=()), _other()).document_id
        stopped = store.set_status(1, "cancelled", "An", superseded_by=other)
        assert (stopped.state, stopped.superseded_by) == ("cancelled", other)
        assert store.reopen(1, "An").superseded_by is None

    @pytest.mark.parametrize(
        ("status", "document", "error"), [("cancelled", 99, NotFound), ("cancelled", 1, UsageError), ("returned", 1, UsageError)]
    )
    def test_by_none(self, store: Store, status: str, document: int, error: type[Exception]) -> None:
        with pytest.raises(error):
            store.set_status(1, status, "An", superseded_by=document)


def _other() -> Any:
    return make_document("b" * 64)


class TestParting:
    def test_split(self, store: Store) -> None:
        first, second = store.split(1, ["Rà soát quy trình.", "Báo cáo UBND tỉnh."], "An")
        assert (first.id, first.text, second.text) == (1, "Rà soát quy trình.", "Báo cáo UBND tỉnh.")
        shared = ("document_id", "lead", "coordinating", "due", "deadline_text", "page", "line_first", "line_last", "path", "status")
        assert [getattr(second, name) for name in shared] == [getattr(first, name) for name in shared]
        assert (second.origin, second.split_from) == ("person", 1)
        assert [row.id for row in store.tasks(TaskFilter(words="ra soat quy"))] == [1]
        assert {hit.task_id for hit in store.search("báo cáo ubnd") if hit.task_id} == {second.id}
        assert [deadline.due for deadline in store.task(second.id).deadlines] == [PAPER]

    def test_merge(self, store: Store) -> None:
        merged = store.merge([3, 1], "An")
        assert merged.id == 1
        assert merged.text == f"{TEXTS[0].rstrip('.')}; {TEXTS[2]}"
        assert (merged.lead, merged.coordinating, merged.due) == (("Sở Nội vụ", "Thanh tra tỉnh"), ("Sở Tài chính",), PAPER)
        gone = store.task(3).task
        assert (gone.removed, gone.merged_into) == (True, 1)
        assert [row.id for row in store.tasks()] == [1, 2]
        assert store.bring_back(3, "An").merged_into is None

    def test_what_is_owed_stays_owed_in_a_merged_task(self, store: Store) -> None:
        store.mark_done(1, PAPER, "An")
        assert store.merge([1, 2], "An").status == "in_progress"

    def test_add(self, store: Store) -> None:
        row = store.add_task(
            1, who="An", text=" Lập  danh sách ", page=1, line_first=2, line_last=3, lead=["Sở Y tế"], due=LATER, percent=10
        )
        assert (row.text, row.lead, row.due, row.percent, row.origin, row.lines) == (
            "Lập danh sách",
            ("Sở Y tế",),
            LATER,
            10,
            "person",
            (2, 3),
        )
        assert [line.number for line in store.task(row.id).lines] == [2, 3]
        assert [task.id for task in store.tasks()] == [1, 4, 2, 3]

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"document_id": 9}, NotFound), ({"page": 3}, UsageError), ({"line_last": 40}, UsageError), ({"line_first": 0}, UsageError),
            ({"line_first": 3, "line_last": 2}, UsageError), ({"text": " \n"}, UsageError), ({"due": "mai"}, UsageError),
            ({"lead": "Sở Y tế"}, UsageError), ({"status": "done"}, UsageError),
        ],
        ids=str,
    )  # fmt: skip
    def test_what_cannot_be_added(self, store: Store, changes: dict[str, Any], error: type[Exception]) -> None:
        given = {"document_id": 1, "who": "An", "text": "x", "page": 1, "line_first": 1, "line_last": 1} | changes
        with pytest.raises(error):
            store.add_task(given.pop("document_id"), **given)
        assert len(store.tasks()) == 3

    def test_remove_and_bring_back(self, store: Store) -> None:
        store.remove(2, "An", "chỉ là căn cứ")
        assert [row.id for row in store.tasks()] == [1, 3]
        assert [hit.task_id for hit in store.search("danh mục thủ tục") if hit.task_id] == []
        store.bring_back(2, "An")
        assert [hit.task_id for hit in store.search("danh mục thủ tục") if hit.task_id] == [2]

    @pytest.mark.parametrize(
        "act",
        [
            pytest.param(lambda s: s.split(1, ["một"], "An"), id="one-part"),
            pytest.param(lambda s: s.split(1, ["một", " "], "An"), id="empty-part"),
            pytest.param(lambda s: s.merge([1, 1], "An"), id="with-itself"),
            pytest.param(lambda s: s.merge([1, 4], "An"), id="two-documents"),
            pytest.param(lambda s: s.bring_back(1, "An"), id="not-removed"),
            pytest.param(lambda s: s.remove(1, "An") and s.remove(1, "An"), id="removed-twice"),
            pytest.param(lambda s: s.remove(1, "An") and s.merge([1, 2], "An"), id="merge-removed"),
            pytest.param(lambda s: s.remove(1, "An") and s.split(1, ["một", "hai"], "An"), id="split-removed"),
        ],
    )
    def test_makes_no_sense(self, store: Store, act: Callable[[Store], object]) -> None:
        save(store, replace(DIRECTIVE, tasks=TASKS[:1], header=replace(DIRECTIVE.header, number="99/KH-UBND")), _other())
        with pytest.raises(UsageError):
            act(store)


# The same paper once more, read worse: other text, lead and deadline.
AGAIN = replace(
    DIRECTIVE,
    tasks=tuple(
        replace(task, lead=("Sở Y tế",), deadlines=make_task("", "", date(2024, 2, 1)).deadlines, reasons=("mờ",)) for task in TASKS
    ),
)
DEEDS: dict[str, Callable[[Store], object]] = {
    "granted": lambda s: s.grant_extension(1, LATER, "An"),
    "refused": lambda s: (s.set_status(1, "in_progress", "An"), s.request_extension(1, LATER, "An"), s.refuse_extension(1, "An")),
    "split": lambda s: s.split(1, ["Rà soát.", "Báo cáo."], "An"),
    "merged": lambda s: s.merge([1, 2], "An"),
    "removed": lambda s: s.remove(1, "An"),
    "added": lambda s: s.add_task(1, who="An", text="Lập danh sách", page=1, line_first=1, line_last=1, lead=["Sở Y tế"]),
    "percent": lambda s: s.edit(1, who="An", percent=30),
    "stopped": lambda s: s.set_status(1, "cancelled", "An", "thôi"),
    "confirmed": lambda s: (s.edit(1, who="An", needs_review=1), s.confirm(1, "An")),
}
KEPT: dict[str, tuple[str, ...]] = {
    "granted": ("due", "first_due", "status", "deadline_text"), "refused": ("status", "requested_due"), "split": ("text",),
    "merged": ("text", "due", "removed", "merged_into"), "removed": ("removed",),
    "added": ("text", "lead", "due", "origin"), "percent": ("percent",), "stopped": ("status", "note"),
    "confirmed": ("text", "lead", "coordinating", "due", "needs_review"),
}  # fmt: skip


@pytest.mark.parametrize("deed", list(DEEDS))
def test_reading_again_takes_nothing_back(store: Store, deed: str) -> None:
    DEEDS[deed](store)
    before = {row.id: row for row in store.tasks(TaskFilter())}
    result = save(store, AGAIN)
    assert (result.tasks_new, result.tasks_removed) == (0, 0)
    after = {row.id: row for row in store.tasks(TaskFilter())}
    assert after.keys() == before.keys()
    touched = {event.task_id for event in store.events()} & after.keys()
    for task in touched:
        for name in KEPT[deed]:
            assert getattr(after[task], name) == getattr(before[task], name), name
    others = after.keys() - touched
    assert all(after[task].lead == ("Sở Y tế",) for task in others)


def test_a_task_that_a_person_made_outlives_all_that_were_found(store: Store) -> None:
    row = store.add_task(1, who="An", text=TEXTS[0], page=1, line_first=1, line_last=1)
    save(store, replace(DIRECTIVE, tasks=()))
    assert [task.id for task in store.tasks()] == [row.id]
    assert store.task(row.id).task.missing is False


def test_the_parts_of_a_task_move_with_it_and_are_taken_back_after_reading_again(store: Store) -> None:
    store.split(2, ["Cập nhật.", "Hoàn thành."], "An")
    action = store.last_action(2)
    assert action is not None
    save(
        store,
        replace(
            DIRECTIVE, tasks=(make_task("1/-0", "Báo cáo đầu tiên về Sở Y tế.", line=1), TASKS[0], replace(TASKS[1], span=Span(1, 3, 3)))
        ),
    )
    assert [(row.text, row.lines) for row in store.tasks(TaskFilter(order="document"))][2:4] == [
        ("Cập nhật.", (3, 3)),
        ("Hoàn thành.", (3, 3)),
    ]
    store.undo(action, "An")
    assert [row.text for row in store.tasks(TaskFilter(order="document"))][2:] == [TEXTS[1]]


def test_a_second_scan_knows_the_tasks_that_people_changed(store: Store) -> None:
    store.split(1, ["Rà soát.", "Báo cáo."], "An")
    store.remove(2, "An")
    other = save(store, DIRECTIVE, _other()).document_id
    assert [row.duplicate_of for row in store.tasks(TaskFilter(document=other, duplicates=True))] == [1, 2, 3]


class TestExpected:
    def test_an_act_on_what_was_seen(self, store: Store) -> None:
        row = store.edit(1, who="An", progress="đã trình", expected=0)
        assert store.mark_done(1, PAPER, "An", expected=row.last_event).status == "done"

    @pytest.mark.parametrize(
        "act",
        [
            pytest.param(lambda s: s.mark_done(1, PAPER, "An", expected=0), id="done"),
            pytest.param(lambda s: s.edit(1, who="An", note="x", expected=0), id="edit"),
            pytest.param(lambda s: s.assign(1, who="An", lead=["Sở Y tế"], expected=0), id="assign"),
            pytest.param(lambda s: s.grant_extension(1, LATER, "An", expected=0), id="grant"),
            pytest.param(lambda s: s.split(1, ["một", "hai"], "An", expected=0), id="split"),
            pytest.param(lambda s: s.merge([2, 1], "An", expected=0), id="merge"),
            pytest.param(lambda s: s.change_many([2, 1], "An", percent=5, expected=0), id="many"),
        ],
    )
    def test_somebody_was_quicker(self, store: Store, act: Callable[[Store], object]) -> None:
        store.edit(1, who="Bình", progress="đã trình")
        events = store.events()
        with pytest.raises(ConflictError, match="Bình sửa tiến độ của nhiệm vụ 1") as error:
            act(store)
        assert error.value.exit_code == 16
        assert store.events() == events


class TestMany:
    def test_one_act(self, store: Store) -> None:
        rows = store.change_many([1, 2], "An", due="2024-07-01", lead=["Sở Y tế"], percent=50, note="họp ngày 2/2", confirm=True)
        assert {(row.due, row.lead, row.percent, row.note) for row in rows} == {(date(2024, 7, 1), ("Sở Y tế",), 50, "họp ngày 2/2")}
        assert len({event.action for event in store.events()}) == 1
        assert {event.task_id for event in store.events()} == {1, 2}

    def test_done_on_a_day(self, store: Store) -> None:
        rows = store.change_many([1, 2], "An", status="done", on=PAPER)
        assert {row.state for row in rows} == {"done_on_time"}

    def test_all_or_none(self, store: Store) -> None:
        with pytest.raises(NotFound):
            store.change_many([1, 99], "An", percent=50)
        assert store.task(1).task.percent is None
        assert store.events() == []

    @pytest.mark.parametrize("wanted", [{}, {"status": "lost"}, {"on": PAPER}, {"status": "open", "on": PAPER}, {"percent": 101}], ids=str)
    def test_makes_no_sense(self, store: Store, wanted: dict[str, Any]) -> None:
        with pytest.raises(UsageError):
            store.change_many([1, 2], "An", **wanted)


def test_confirming_settles_names_that_may_be_others(store: Store) -> None:
    doubtful = replace(TASKS[0], lead=("Sở Nội vụ",), alternatives=(("Sở Nội vụ", ("Sở Ngoại vụ", "Sở Nôi vụ")),), reasons=("tên mờ",))
    save(store, replace(DIRECTIVE, tasks=(doubtful, *TASKS[1:])))
    assert store.task(1).agencies[0].candidates
    row: TaskRow = store.confirm(1, "An")
    assert row.needs_review is False
    assert store.task(1).agencies[0].candidates == ()
    assert told(store, 1) == [
        ("confirm", "needs_review", "1", "0"),
        ("confirm", "lead", json.dumps(["Sở Nội vụ"], ensure_ascii=False), json.dumps(["Sở Nội vụ"], ensure_ascii=False)),
    ]
