"""Tasks that several departments answer for: each one's part, and what the parts make of the task."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from fresh_store import fresh
from tracking_directive import DIRECTIVE, HEADER, TASKS, make_document, make_task, save

from ingest.errors import UsageError
from tracking import Store, TaskFilter
from tracking.shares import responsible
from tracking.views import responsible_sql

THREE = ("Sở Y tế", "Sở Tư pháp", "Sở Nội vụ")
DUE, LATER = date(2024, 5, 31), date(2024, 6, 30)
NOW = date(2026, 1, 1)
ONE, TWO, LAST = date(2024, 5, 2), date(2024, 5, 3), date(2024, 6, 4)


def put(store: Store, lead: tuple[str, ...] = THREE, coordinating: tuple[str, ...] = (), dated: date = HEADER.date) -> int:
    task = replace(make_task("1", "Rà soát hồ sơ.", DUE), lead=lead, coordinating=coordinating)
    header = replace(HEADER, issuer="UBND tỉnh Hà Tĩnh", date=dated, place="Hà Tĩnh", number=f"{lead}")
    found = save(store, replace(DIRECTIVE, header=header, tasks=(task,)), make_document(f"{lead}{coordinating}"))
    return store.tasks(TaskFilter(document=found.document_id))[0].id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fresh(tmp_path) as opened:
        yield opened


def parts(store: Store, task: int) -> dict[str, str]:
    return {share.agency: share.status for share in store.task(task).shares}


def test_done_when_every_leading_department_is_on_the_latest_day(store: Store) -> None:
    task = put(store)
    assert store.mark_done(task, ONE, "An", agency="Sở Y tế").status == "open"
    assert store.mark_done(task, LAST, "An", agency="so tu phap").status == "open"
    row = store.mark_done(task, TWO, "An", "BC 12", agency="nội vụ")
    assert (row.status, row.completed_on, row.state, row.note) == ("done", LAST, "done_late", None)
    assert parts(store, task) == dict.fromkeys(THREE, "done")
    last = [event for event in store.events(task) if event.action == store.last_action(task)]
    assert [(event.agency, event.field, event.new_value) for event in last if event.field == "status"] == [
        (None, "status", "done"),
        ("Sở Nội vụ", "status", "done"),
    ]


def test_a_part_owed_again_makes_the_task_owed_again(store: Store) -> None:
    task = put(store)
    store.mark_done(task, ONE, "An")
    row = store.reopen(task, "An", "thiếu phụ lục", agency="Sở Y tế")
    assert (row.status, row.completed_on) == ("in_progress", None)
    assert parts(store, task) == {"Sở Y tế": "open", "Sở Tư pháp": "done", "Sở Nội vụ": "done"}
    assert store.mark_done(task, LAST, "An", agency="Sở Y tế").completed_on == LAST


@pytest.mark.parametrize(("status", "finished"), [("transferred", True), ("cancelled", True), ("returned", False), ("in_progress", False)])
def test_who_is_waited_for(store: Store, status: str, finished: bool) -> None:
    task = put(store)
    store.set_status(task, status, "An", agency="Sở Y tế")
    store.mark_done(task, ONE, "An", agency="Sở Tư pháp")
    assert (store.mark_done(task, TWO, "An", agency="Sở Nội vụ").status == "done") is finished


def test_a_part_given_back_after_completion_makes_the_task_owed_again(store: Store) -> None:
    task = put(store)
    store.mark_done(task, ONE, "An")
    assert store.set_status(task, "returned", "An", agency="Sở Y tế").status == "in_progress"


def test_handing_on_alone_finishes_nothing(store: Store) -> None:
    task = put(store)
    for name in THREE:
        row = store.set_status(task, "transferred", "An", agency=name)
    assert row.status == "open"


def test_partners_are_not_waited_for(store: Store) -> None:
    task = put(store, ("Sở Y tế", "Sở Tư pháp"), ("Sở Tài chính",))
    assert store.mark_done(task, ONE, "An", agency="Sở Tài chính").status == "open"
    store.mark_done(task, ONE, "An", agency="Sở Y tế")
    assert store.mark_done(task, ONE, "An", agency="Sở Tư pháp").status == "done"
    assert store.reopen(task, "An", agency="Sở Tài chính").status == "done"


def test_who_leads_alone_answers_for_the_whole(store: Store) -> None:
    task = put(store, ("Sở Y tế",), ("Sở Tài chính",))
    row = store.mark_done(task, ONE, "An", "BC 12", agency="Sở Y tế")
    assert (row.status, row.note) == ("done", "BC 12")
    assert parts(store, task) == {}


class TestWholeTask:
    def test_closing_it_closes_the_parts_that_are_owed(self, store: Store) -> None:
        task = put(store)
        store.mark_done(task, ONE, "An", agency="Sở Y tế")
        store.edit(task, who="An", agency="Sở Tư pháp", percent=30)
        store.mark_done(task, LAST, "An")
        assert parts(store, task) == {"Sở Y tế": "done"}

    def test_opening_it_opens_the_parts(self, store: Store) -> None:
        task = put(store)
        for name in THREE:
            store.mark_done(task, ONE, "An", agency=name)
        store.reopen(task, "An")
        assert parts(store, task) == {}

    def test_going_on_leaves_the_parts(self, store: Store) -> None:
        task = put(store)
        store.mark_done(task, ONE, "An", agency="Sở Y tế")
        store.set_status(task, "in_progress", "An")
        assert parts(store, task) == {"Sở Y tế": "done"}


class TestExtensions:
    def test_of_one_department(self, store: Store) -> None:
        task = put(store)
        row = store.request_extension(task, LATER, "An", "chờ", agency="Sở Y tế")
        assert (row.status, row.requested_due) == ("open", None)
        store.grant_extension(task, LATER, "An", agency="Sở Y tế")
        (share,) = store.task(task).shares
        assert (share.status, share.due, share.requested_due, share.note) == ("in_progress", LATER, None, "chờ")
        assert store.task(task).task.due == DUE

    def test_refused(self, store: Store) -> None:
        task = put(store)
        store.request_extension(task, LATER, "An", agency="Sở Y tế")
        store.refuse_extension(task, "An", agency="Sở Y tế")
        assert parts(store, task) == {}  # as the task again
        store.set_status(task, "in_progress", "An", agency="Sở Y tế")
        store.request_extension(task, LATER, "An", agency="Sở Y tế")
        store.refuse_extension(task, "An", agency="Sở Y tế")
        (share,) = store.task(task).shares
        assert (share.status, share.due, share.requested_due) == ("in_progress", DUE, None)

    def test_the_whole_task_gets_more(self, store: Store) -> None:
        task = put(store)
        store.grant_extension(task, LATER, "An", agency="Sở Y tế")
        store.grant_extension(task, date(2024, 8, 1), "An")
        (share,) = store.task(task).shares
        assert share.due == date(2024, 8, 1)

    @pytest.mark.parametrize(
        "act",
        [
            pytest.param(lambda s, t: s.grant_extension(t, DUE, "An", agency="Sở Y tế"), id="no-later"),
            pytest.param(lambda s, t: s.refuse_extension(t, "An", agency="Sở Y tế"), id="nothing-asked-for"),
            pytest.param(
                lambda s, t: s.mark_done(t, ONE, "An", agency="Sở Y tế") and s.request_extension(t, LATER, "An", agency="Sở Y tế"),
                id="done",
            ),
        ],
    )
    def test_makes_no_sense(self, store: Store, act: Callable[[Store, int], object]) -> None:
        task = put(store)
        with pytest.raises(UsageError):
            act(store, task)


class TestWhoIsMeant:
    def test_a_stranger_is_told_who_is(self, store: Store) -> None:
        task = put(store)
        with pytest.raises(
            UsageError, match="«Sở Xây dựng» không được giao nhiệm vụ 1; các cơ quan được giao: Sở Nội vụ; Sở Tư pháp; Sở Y tế"
        ):
            store.mark_done(task, ONE, "An", agency="Sở Xây dựng")

    def test_a_name_that_fits_several(self, store: Store) -> None:
        task = put(store)
        with pytest.raises(UsageError, match="nhiều cơ quan"):
            store.mark_done(task, ONE, "An", agency="sở")

    @pytest.mark.parametrize("name", ["Sở Giao thông vận tải", "Sở Xây dựng", "xay dung"])
    def test_a_successor_by_its_own_and_its_old_name(self, store: Store, name: str) -> None:
        task = put(store, ("Sở Giao thông vận tải", "Sở Y tế"))
        store.mark_done(task, ONE, "An", agency=name)
        assert parts(store, task) == {"Sở Xây dựng": "done"}

    def test_a_member_of_a_group(self, store: Store) -> None:
        task = put(store, ("các sở, ban, ngành thuộc tỉnh",))
        store.mark_done(task, ONE, "An", agency="Sở Tư pháp")
        assert parts(store, task) == {"Sở Tư pháp": "done"}

    def test_a_commune_of_a_group_of_places(self, store: Store) -> None:
        task = put(store, ("UBND các xã, phường, đặc khu trên địa bàn tỉnh",), dated=date(2025, 9, 1))
        store.mark_done(task, ONE, "An", agency="UBND xã Đức Thọ")
        assert parts(store, task) == {"UBND xã Đức Thọ": "done"}
        with pytest.raises(UsageError, match=r"và \d+ cơ quan khác"):
            store.mark_done(task, ONE, "An", agency="Sở Y tế")

    def test_nobody_named(self, store: Store) -> None:
        task = put(store, ())
        with pytest.raises(UsageError, match="chưa có cơ quan nào"):
            store.mark_done(task, ONE, "An", agency="Sở Y tế")

    @pytest.mark.parametrize("fields", [{}, {"due": "2024-07-01"}, {"percent": 5, "text": "x"}], ids=str)
    def test_fields_that_no_department_has_alone(self, store: Store, fields: dict[str, object]) -> None:
        task = put(store)
        with pytest.raises(UsageError):
            store.edit(task, who="An", agency="Sở Y tế", **fields)

    def test_the_document_that_takes_its_place_is_the_whole_tasks(self, store: Store) -> None:
        task = put(store)
        with pytest.raises(UsageError):
            store.set_status(task, "cancelled", "An", agency="Sở Y tế", superseded_by=1)


@pytest.mark.parametrize(
    "lead",
    [
        THREE, ("các sở, ban, ngành thuộc tỉnh", "Sở Y tế"), ("UBND các xã, phường, đặc khu trên địa bàn tỉnh",), ("UBND huyện Đức Thọ",),
        ("Sở Giao thông vận tải", "Sở Lao động - Thương binh và Xã hội"), ("Cục Thuế tỉnh",), (),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize(
    ("dated", "day"), [(date(2024, 1, 5), date(2024, 2, 1)), (date(2024, 1, 5), NOW), (date(2025, 9, 1), NOW)], ids=str
)
def test_the_same_departments_as_in_the_lists(store: Store, lead: tuple[str, ...], dated: date, day: date) -> None:
    task = put(store, lead, ("các sở, ban, ngành có liên quan", "Sở Tài nguyên và Môi trường"), dated)
    connection = store._connection
    listed = connection.execute(
        f"""SELECT agency_id, agency, max(role = 'lead') AS leads FROM ({responsible_sql(":as_of", places=True)})
        WHERE task_id = :task GROUP BY agency_id""",
        {"as_of": day.isoformat(), "task": task},
    )
    found = responsible(connection, task, day)
    assert {(one.id, one.name, one.leads) for one in found.values()} == {
        (row["agency_id"], row["agency"], bool(row["leads"])) for row in listed
    }


def test_an_agency_with_a_part_outlives_the_document_that_named_it(store: Store) -> None:
    task = put(store, ("Tổ công tác 07", "Sở Y tế"))
    store.mark_done(task, ONE, "An", agency="Tổ công tác 07")
    document = store.task(task).task.document_id
    assert save(store, replace(DIRECTIVE, tasks=TASKS), make_document(store.document(document).sha256)).document_id == document
    assert parts(store, task) == {"Tổ công tác 07": "done"}
    assert [event.agency for event in store.events(task) if event.agency] == ["Tổ công tác 07", "Tổ công tác 07"]


class TestDatesOfTheWhole:
    """A task is due when the first of those who lead it and still owe it is."""

    @staticmethod
    def dues(store: Store, task: int, day: date) -> dict[str, tuple[str, date | None]]:
        """Whose list → state and date; «» for the task itself, as every list and count has them."""
        whole = store.task(task, day).task
        found = {"": (whole.state, whole.due)}
        for agency in ("Sở Nội vụ", "Sở Tư pháp", "Sở Y tế"):
            (one,) = (given.task for given in store.department_tasks(agency, day) if given.task.id == task)
            found[agency] = (one.state, one.due)
            assert [row.id for row in store.overdue(day, TaskFilter(agency_exact=agency))] == ([task] if one.overdue else [])
        assert [row.id for row in store.overdue(day)] == ([task] if whole.overdue else [])
        assert store.dashboard(day).overdue == whole.overdue
        late = {row.agency for row in store.department_summary(day) if row.overdue}
        assert late == {agency for agency, (state, _) in found.items() if state == "overdue" and agency}
        return found

    def test_later_days_count_for_the_task_once_nobody_owes_it_sooner(self, store: Store) -> None:
        task = put(store)
        after = DUE + timedelta(days=1)
        store.grant_extension(task, LATER, "An", agency="Sở Y tế")
        assert self.dues(store, task, after) == {
            "": ("overdue", DUE), "Sở Nội vụ": ("overdue", DUE), "Sở Tư pháp": ("overdue", DUE), "Sở Y tế": ("in_time", LATER),
        }  # fmt: skip
        store.change_many([task], "An", status="done", on=DUE, agencies=["Sở Nội vụ", "Sở Tư pháp"])
        assert self.dues(store, task, after) == {
            "": ("in_time", LATER), "Sở Nội vụ": ("done_on_time", DUE), "Sở Tư pháp": ("done_on_time", DUE), "Sở Y tế": ("in_time", LATER),
        }  # fmt: skip
        row = store.task(task).task
        assert (row.first_due, row.extended) == (DUE, True)
        store.undo(store.last_action(task) or 0, "An")
        assert self.dues(store, task, after)[""] == ("overdue", DUE)

    def test_a_part_taken_back_is_due_by_the_paper_again(self, store: Store) -> None:
        task = put(store)
        store.grant_extension(task, LATER, "An", agency="Sở Y tế")
        for agency in ("Sở Nội vụ", "Sở Tư pháp"):
            store.mark_done(task, ONE, "An", agency=agency)
        assert store.task(task).task.due == LATER
        store.undo(store.last_action(task) or 0, "An")
        assert store.task(task).task.due == DUE

    def test_done_by_its_own_day_is_done_on_time(self, store: Store) -> None:
        task = put(store)
        store.grant_extension(task, LATER, "An", agency="Sở Y tế")
        store.change_many([task], "An", status="done", on=DUE, agencies=["Sở Nội vụ", "Sở Tư pháp"])
        row = store.mark_done(task, LATER, "An", agency="Sở Y tế")
        assert (row.status, row.state, row.due) == ("done", "done_on_time", LATER)
        assert store.count_tasks(TaskFilter(status="done_on_time", as_of=LATER)) == 1
        store.set_status(task, "open", "An")
        assert self.dues(store, task, ONE) == {
            "": ("in_time", DUE), "Sở Nội vụ": ("in_time", DUE), "Sở Tư pháp": ("in_time", DUE), "Sở Y tế": ("in_time", LATER),
        }  # fmt: skip

    def test_one_that_was_late_makes_the_task_late(self, store: Store) -> None:
        task = put(store)
        store.grant_extension(task, LATER, "An", agency="Sở Y tế")
        store.change_many([task], "An", status="done", on=DUE + timedelta(days=3), agencies=["Sở Nội vụ", "Sở Tư pháp"])
        row = store.mark_done(task, LATER, "An", agency="Sở Y tế")
        assert (row.state, row.due) == ("done_late", DUE)

    def test_closed_as_a_whole_each_has_its_own_day(self, store: Store) -> None:
        task = put(store)
        store.grant_extension(task, LATER, "An", agency="Sở Y tế")
        store.mark_done(task, LATER, "An")
        found = self.dues(store, task, LATER)
        assert {agency: state for agency, (state, _) in found.items()} == {
            "": "done_late", "Sở Nội vụ": "done_late", "Sở Tư pháp": "done_late", "Sở Y tế": "done_on_time",
        }  # fmt: skip


def test_a_part_that_is_as_the_task_leaves_no_trace(store: Store) -> None:
    task = put(store)
    store.reopen(task, "An", agency="Sở Y tế")
    assert (parts(store, task), store.history()) == ({}, [])
    store.set_status(task, "in_progress", "An", agency="Sở Y tế")
    store.reopen(task, "An", agency="Sở Y tế")
    assert parts(store, task) == {}
    assert len(store.history()) == 2


def test_many_parts_at_once_are_one_act(store: Store) -> None:
    one, other = put(store), put(store, THREE[::-1])
    store.change_many([one, other], "An", status="done", on=ONE, note="BC 7", agencies=["Sở Y tế", "Sở Tư pháp"])
    assert parts(store, one) == parts(store, other) == {"Sở Tư pháp": "done", "Sở Y tế": "done"}
    assert {share.note for share in store.task(one).shares} == {"BC 7"}
    store.undo(store.last_action(one) or 0, "An")
    assert parts(store, one) == parts(store, other) == {}
    with pytest.raises(UsageError):
        store.change_many([one, other], "An", status="done", on=ONE, agencies=["Sở Y tế", "Sở Xây dựng"])
    assert parts(store, one) == {}
    for wrong in ({"confirm": True}, {"lead": ["Sở Y tế"]}, {"due": LATER}):
        with pytest.raises(UsageError, match="riêng một cơ quan"):
            store.change_many([one], "An", status="done", agencies=["Sở Y tế"], **wrong)
