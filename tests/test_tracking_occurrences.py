"""Recurring tasks as dated instances with a standing of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fresh_store import fresh
from hypothesis import given
from hypothesis import strategies as st
from tracking_directive import DIRECTIVE, HEADER, make_task, save

from extract.directive import Deadline
from ingest.errors import ConflictError, NotFound, UsageError
from tracking import Store
from tracking.occurring import PERIODIC, Rhythm

FIRST = date(2024, 1, 5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fresh(tmp_path) as opened:
        yield opened


def put(store: Store, *deadlines: Deadline, dated: date | None = FIRST) -> int:
    task = replace(make_task("1", "Báo cáo kết quả."), deadlines=deadlines)
    save(store, replace(DIRECTIVE, header=replace(HEADER, date=dated), tasks=(task,)))
    return 1


def days(store: Store, until: date, task: int = 1) -> list[str]:
    return [f"{each.due:%d/%m/%y}" for each in store.occurrences(task, until)]


HALF = date(2024, 6, 30)
RHYTHMS = [
    pytest.param(
        Deadline("hằng tháng trước ngày 20", recurrence="monthly", day=20),
        date(2024, 3, 31),
        ["20/01/24", "20/02/24", "20/03/24"],
        id="20th",
    ),
    pytest.param(
        Deadline("trước ngày 05 tháng sau", recurrence="monthly", day=5),
        date(2024, 3, 1),
        ["05/01/24", "05/02/24"],
        id="the document's own day counts",
    ),
    pytest.param(
        Deadline("ngày 03 hằng tháng", recurrence="monthly", day=3),
        date(2024, 3, 3),
        ["03/02/24", "03/03/24"],
        id="not before the document",
    ),
    pytest.param(Deadline("hằng tháng", recurrence="monthly"), date(2024, 3, 31), ["31/01/24", "29/02/24", "31/03/24"], id="end of month"),
    pytest.param(
        Deadline("ngày 31 hằng tháng", recurrence="monthly", day=31),
        date(2024, 4, 30),
        ["31/01/24", "29/02/24", "31/03/24", "30/04/24"],
        id="31st",
    ),
    pytest.param(
        Deadline("ngày làm việc cuối cùng của tháng", recurrence="monthly"),
        date(2024, 3, 31),
        ["31/01/24", "29/02/24", "29/03/24"],
        id="last working day",
    ),
    pytest.param(Deadline("ngày đầu tiên của tháng", recurrence="monthly"), date(2024, 3, 31), ["01/02/24", "01/03/24"], id="first day"),
    pytest.param(Deadline("hằng quý", recurrence="quarterly"), HALF, ["31/03/24", "30/06/24"], id="quarters"),
    pytest.param(
        Deadline("trước ngày 25 tháng cuối quý", recurrence="quarterly", day=25),
        HALF,
        ["25/03/24", "25/06/24"],
        id="last month of a quarter",
    ),
    pytest.param(
        Deadline("ngày 10 tháng đầu quý sau", recurrence="quarterly", day=10), HALF, ["10/01/24", "10/04/24"], id="first month of a quarter"
    ),
    pytest.param(Deadline("định kỳ 6 tháng", recurrence="half-yearly"), date(2024, 12, 31), ["30/06/24", "31/12/24"], id="halves"),
    pytest.param(
        Deadline("6 tháng (trước 15/6)", recurrence="half-yearly", day=15, month=6),
        date(2024, 12, 31),
        ["15/06/24", "15/12/24"],
        id="halves by a day",
    ),
    pytest.param(
        Deadline("trước 15/12 hằng năm", recurrence="yearly", day=15, month=12), date(2025, 12, 31), ["15/12/24", "15/12/25"], id="years"
    ),
    pytest.param(
        Deadline("tháng 3 hằng năm", recurrence="yearly", month=3), date(2025, 4, 1), ["31/03/24", "31/03/25"], id="month of the year"
    ),
    pytest.param(Deadline("hằng năm", recurrence="yearly"), date(2025, 12, 31), ["31/12/24", "31/12/25"], id="end of year"),
    pytest.param(Deadline("02 năm một lần", recurrence="biennial"), date(2027, 12, 31), ["31/12/25", "31/12/27"], id="two years"),
    pytest.param(Deadline("thứ Ba hằng tuần", recurrence="weekly", day=2), date(2024, 1, 17), ["09/01/24", "16/01/24"], id="weekday"),
    pytest.param(Deadline("hằng tuần", recurrence="weekly"), date(2024, 1, 12), ["05/01/24", "12/01/24"], id="week"),
    *(pytest.param(Deadline("x", recurrence=each), HALF, [], id=each) for each in ("daily", "continuous", "other")),
    pytest.param(Deadline("trong tháng 3", due=date(2024, 3, 31)), HALF, [], id="once"),
]


@pytest.mark.parametrize(("deadline", "until", "wanted"), RHYTHMS)
def test_days(store: Store, deadline: Deadline, until: date, wanted: list[str]) -> None:
    put(store, deadline)
    assert days(store, until) == wanted


def test_several_rhythms_of_one_task(store: Store) -> None:
    put(
        store,
        Deadline("hằng quý", recurrence="quarterly"),
        Deadline("6 tháng", recurrence="half-yearly"),
        Deadline("năm", recurrence="yearly"),
    )
    assert days(store, date(2024, 12, 31)) == ["31/03/24", "30/06/24", "30/09/24", "31/12/24"]


def test_a_day_that_is_repeated(store: Store) -> None:
    put(store, Deadline("Quý I/2024 và hằng năm", due=date(2024, 3, 31), recurrence="yearly"))
    assert days(store, date(2025, 12, 31)) == ["31/03/24", "31/03/25"]


def test_a_person_says_how_often(store: Store) -> None:
    put(store, Deadline("hằng quý", recurrence="quarterly", day=10))
    store.edit(1, who="An", recurrence="monthly", due="2024-02-15")
    assert days(store, date(2024, 4, 30)) == ["15/02/24", "15/03/24", "15/04/24"]
    store.edit(1, who="An", recurrence="weekly")
    assert days(store, date(2024, 2, 29)) == ["15/02/24", "22/02/24", "29/02/24"]
    store.edit(1, who="An", recurrence=None)
    assert days(store, HALF) == []


def test_without_a_date_they_begin_when_it_came_in(store: Store) -> None:
    put(store, Deadline("hằng tháng", recurrence="monthly", day=8), dated=None)
    assert days(store, date(2024, 2, 29)) == ["08/02/24"]


def test_reaching_a_year_ahead_without_being_asked(store: Store) -> None:
    put(store, Deadline("hằng tháng", recurrence="monthly"))
    assert store.occurrences(1)[-1].due > date.today() + timedelta(days=330)


class TestStanding:
    def test_each_has_its_own(self, store: Store) -> None:
        put(store, Deadline("hằng tháng", recurrence="monthly", day=20))
        first, second = store.occurrences(1, date(2024, 2, 20))
        store.set_occurrence(first.id, "done", date(2024, 1, 22), "An", "BC 3")
        found = store.occurrences(1, date(2024, 2, 20), as_of=date(2024, 2, 15))
        assert [(each.state, each.days_late, each.note) for each in found] == [("done_late", 2, "BC 3"), ("due_soon", 0, None)]
        event = store.events(1)[-1]
        assert (event.what, event.occurrence_due) == ("occurrence", date(2024, 1, 20))
        store.undo(event.action, "An")
        assert store.occurrences(1, date(2024, 1, 20))[0].status == "open"
        assert second.status == "open"

    def test_what_a_person_touched_outlives_the_rhythm(self, store: Store) -> None:
        put(store, Deadline("hằng tháng", recurrence="monthly", day=20))
        store.set_occurrence(store.occurrences(1)[0].id, "done", date(2024, 1, 19), "An")
        save(
            store,
            replace(
                DIRECTIVE, tasks=(replace(make_task("1", "Báo cáo kết quả."), deadlines=(Deadline("hằng quý", recurrence="quarterly"),)),)
            ),
        )
        assert days(store, HALF) == ["20/01/24", "31/03/24", "30/06/24"]

    def test_the_old_ones_are_followed_no_more(self, store: Store) -> None:
        put(store, Deadline("hằng tháng", recurrence="monthly", day=20))
        store.set_occurrence(store.occurrences(1)[0].id, "done", date(2024, 1, 19), "An")
        store.skip_occurrences(1, date(2024, 3, 31), "An", "chưa theo dõi")
        assert [each.status for each in store.occurrences(1, date(2024, 4, 30))] == ["done", "not_followed", "not_followed", "open"]
        action = store.last_action(1)
        assert action is not None
        store.undo(action, "An")
        assert [each.status for each in store.occurrences(1, date(2024, 4, 30))] == ["done", "open", "open", "open"]

    def test_what_fell_due_before_the_document_came_in_is_owed_by_nobody(self, store: Store) -> None:
        put(store, Deadline("hằng tháng", recurrence="monthly", day=8))
        with store._writing() as connection:
            connection.execute("UPDATE documents SET received_at = '2024-03-05T08:00:00'")
        store.edit(1, who="An", start="2024-01-01")
        found = store.occurrences(1, date(2024, 3, 31))
        assert [(each.status, each.label) for each in found] == [
            *[("not_followed", "Chưa theo dõi")] * 2,
            ("open", "Quá hạn chưa hoàn thành"),
        ]
        assert store.task(1).task.due == date(2024, 3, 8)
        assert store.occurrences_due(date(2024, 3, 31))[0].due == date(2024, 3, 8)
        # One of them was done, it turns out; and then not.
        store.set_occurrence(found[0].id, "done", date(2024, 1, 8), "An")
        assert [each.status for each in store.occurrences(1, date(2024, 3, 31))] == ["done", "not_followed", "open"]
        store.set_occurrence(found[0].id, "open", None, "An")
        assert [each.status for each in store.occurrences(1, date(2024, 3, 31))] == ["not_followed", "not_followed", "open"]
        # «this one is owed»: so are those after it.
        store.set_occurrence(found[1].id, "open", None, "An")
        assert [each.status for each in store.occurrences(1, date(2024, 3, 31))] == ["not_followed", "open", "open"]
        assert store.task(1).task.due == date(2024, 2, 8)
        store.undo(store.last_action(1) or 0, "An")
        assert [each.status for each in store.occurrences(1, date(2024, 3, 31))] == ["not_followed", "not_followed", "open"]

    def test_followed_from_a_day_on_whatever_the_rhythm(self, store: Store) -> None:
        put(store, Deadline("hằng tháng", recurrence="monthly", day=20))
        store.skip_occurrences(1, date(2024, 2, 25), "An")
        store.edit(1, who="An", due="2024-01-25")
        assert [each.status for each in store.occurrences(1, date(2024, 3, 31))] == ["not_followed", "not_followed", "open"]
        store.skip_occurrences(1, date(2024, 1, 31), "An")  # already so
        assert [each.status for each in store.occurrences(1, date(2024, 3, 31))] == ["not_followed", "not_followed", "open"]
        store.follow_occurrences(1, date(2024, 2, 1), "An")
        assert [each.status for each in store.occurrences(1, date(2024, 3, 31))] == ["not_followed", "open", "open"]
        assert "theo dõi các kỳ từ ngày" in store.events(1)[-1].told
        store.edit(1, who="An", recurrence=None)
        with pytest.raises(UsageError):
            store.follow_occurrences(1, date(2024, 2, 1), "An")

    def test_makes_no_sense(self, store: Store) -> None:
        put(store, Deadline("hằng tháng", recurrence="monthly", day=20))
        one = store.occurrences(1)[0].id
        for status, on, percent in (("done", None, None), ("open", FIRST, None), ("lost", None, None), ("open", None, 101)):
            with pytest.raises(UsageError):
                store.set_occurrence(one, status, on, "An", percent=percent)
        with pytest.raises(NotFound):
            store.set_occurrence(10**6, "open", None, "An")
        with pytest.raises(NotFound):
            store.occurrences(99)
        store.edit(1, who="Bình", note="x")
        with pytest.raises(ConflictError):
            store.set_occurrence(one, "done", FIRST, "An", expected=0)

    def test_a_removed_task_has_none(self, store: Store) -> None:
        put(store, Deadline("hằng tháng", recurrence="monthly", day=20))
        store.remove(1, "An")
        assert days(store, HALF) == []
        store.bring_back(1, "An")
        assert days(store, date(2024, 2, 1)) == ["20/01/24"]


class TestExtensions:
    """More time for a recurring task is more time for one of its instances."""

    @pytest.fixture
    def store(self, store: Store) -> Store:
        put(store, Deadline("hằng tháng", recurrence="monthly", day=20))
        return store

    def test_the_first_that_is_owed_is_put_off(self, store: Store) -> None:
        store.set_occurrence(store.occurrences(1)[0].id, "done", date(2024, 1, 19), "An")
        store.request_extension(1, date(2024, 3, 5), "An", "chờ số liệu")
        asked = store.occurrences(1, date(2024, 3, 31), as_of=date(2024, 2, 28))
        assert [each.label for each in asked] == [
            "Hoàn thành đúng hạn", "Quá hạn chưa hoàn thành (đang xin gia hạn đến 05/03/2024)", "Trong hạn",
        ]  # fmt: skip
        row = store.grant_extension(1, date(2024, 3, 5), "Bình")
        assert row.due == date(2024, 3, 5)
        granted = store.occurrences(1, date(2024, 3, 31), as_of=date(2024, 2, 28))
        assert [(each.scheduled, each.due, each.status, each.requested_due) for each in granted[1:]] == [
            (date(2024, 2, 20), date(2024, 3, 5), "in_progress", None),
            (date(2024, 3, 20), date(2024, 3, 20), "open", None),
        ]
        assert granted[1].label == "Sắp đến hạn (đã gia hạn đến 05/03/2024)"
        assert "gia hạn (kỳ 20/02/2024) từ 20/02/2024 đến 05/03/2024" in store.history(1)[0].told
        assert [day.due for day in store.occurrences_due(date(2024, 3, 10))] == [date(2024, 3, 5)]
        store.undo(store.last_action(1) or 0, "An")
        assert store.occurrences(1, date(2024, 3, 31), as_of=date(2024, 2, 28)) == asked

    def test_one_that_is_named_even_past_the_next(self, store: Store) -> None:
        _, second, third = store.occurrences(1, date(2024, 3, 20))
        store.grant_extension(1, third.due, "An", occurrence=second.id)
        assert [each.due.isoformat() for each in store.occurrences(1, date(2024, 3, 20))] == ["2024-01-20", "2024-03-20", "2024-03-20"]

    def test_it_outlives_reading_again(self, store: Store) -> None:
        store.grant_extension(1, date(2024, 2, 1), "An")
        put(store, Deadline("hằng tháng", recurrence="monthly", day=25))
        assert sorted(each.due.isoformat() for each in store.occurrences(1, date(2024, 2, 29))) == [
            "2024-01-25",
            "2024-02-01",
            "2024-02-25",
        ]

    def test_refused_it_is_as_before(self, store: Store) -> None:
        first = store.occurrences(1)[0]
        store.set_occurrence(first.id, "in_progress", None, "An")
        store.request_extension(1, date(2024, 2, 1), "An")
        store.refuse_extension(1, "Bình")
        now = store.occurrences(1)[0]
        assert (now.status, now.due, now.requested_due) == ("in_progress", first.due, None)

    def test_makes_no_sense(self, store: Store) -> None:
        first, second = store.occurrences(1, date(2024, 2, 20))
        store.set_occurrence(second.id, "done", date(2024, 2, 19), "An")
        for act in (
            lambda: store.grant_extension(1, first.due, "An"),
            lambda: store.grant_extension(1, date(2024, 5, 1), "An", occurrence=second.id),
            lambda: store.grant_extension(1, date(2024, 5, 1), "An", agency="Sở Nội vụ"),
            lambda: store.refuse_extension(1, "An"),
            lambda: store.refuse_extension(1, "An", occurrence=first.id),
            lambda: store.mark_done(1, first.due, "An") and store.grant_extension(1, date(2024, 5, 1), "An"),
        ):
            with pytest.raises(UsageError):
                act()


def test_reading_again_changes_none(store: Store) -> None:
    put(store, Deadline("hằng tháng", recurrence="monthly", day=20))
    before = store.occurrences(1)
    save(
        store,
        replace(
            DIRECTIVE,
            tasks=(replace(make_task("1", "Báo cáo kết quả."), deadlines=(Deadline("hằng tháng", recurrence="monthly", day=20),)),),
        ),
    )
    assert store.occurrences(1) == before


def test_opening_makes_those_that_are_missing(tmp_path: Path) -> None:
    with fresh(tmp_path) as store:
        put(store, Deadline("hằng tháng", recurrence="monthly", day=20))
        with store._writing() as connection:
            connection.execute("DELETE FROM occurrences WHERE due > '2024-03-01'")
            connection.execute("UPDATE seeds SET fingerprint = '2024-03-01' WHERE name = 'occurrences'")
    with Store.open(tmp_path / "dondoc.db") as store:
        assert store.query("SELECT max(due) > date('now', '+330 days') FROM occurrences").rows == ((1,),)


@given(
    rhythm=st.builds(
        Rhythm, st.sampled_from(PERIODIC), st.none() | st.integers(1, 31), st.none() | st.integers(1, 12), st.booleans(), st.booleans()
    ),
    first=st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    length=st.integers(0, 1500),
)
def test_days_lie_within_and_rise_by_about_the_period(rhythm: Rhythm, first: date, length: int) -> None:
    if rhythm.recurrence == "weekly":
        rhythm = replace(rhythm, day=(rhythm.day - 1) % 7 + 1 if rhythm.day else None)
    until = first + timedelta(days=length)
    found = list(rhythm.days(first, until))
    assert all(first <= day <= until for day in found)
    period = {"weekly": 7, "monthly": 30, "quarterly": 91, "half-yearly": 182, "yearly": 365, "biennial": 730}[rhythm.recurrence]
    assert all(abs((after - before).days - period) <= 13 for before, after in pairwise(found))
    assert len(found) >= length // period - 2
