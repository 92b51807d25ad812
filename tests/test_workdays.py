from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.directive import RelativeTerm, RelativeUnit
from extract.workdays import (
    add_working_days,
    counts_from_this_document,
    due_of,
    is_working_day,
    last_day_before_tet,
    next_working_day,
    working_day_swaps,
)

DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        pytest.param("2023-06-30", True, id="a Friday"),
        pytest.param("2023-07-01", False, id="a Saturday"),
        pytest.param("2024-02-12", False, id="Tết"),
        pytest.param("2024-04-18", False, id="Giỗ Tổ, lunar"),
        pytest.param("2023-01-02", False, id="New Year on a Sunday, compensated"),
        pytest.param("2024-04-29", False, id="day off by swap"),
        pytest.param("2024-05-04", True, id="make-up Saturday of 2024"),
        pytest.param("2025-04-26", True, id="make-up Saturday of 2025"),
        pytest.param("2025-05-02", False, id="day off by swap 2025"),
        pytest.param("2026-08-22", True, id="make-up Saturday of 2026"),
        pytest.param("2026-08-31", False, id="day off by swap 2026"),
        pytest.param("2026-11-24", False, id="Ngày Văn hóa Việt Nam from 2026"),
        pytest.param("2025-11-24", True, id="24 November before 2026"),
    ],
)
def test_is_working_day(day: str, working: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("n", "unit", "anchor", "base", "due"),
    [
        pytest.param(5, "working_day", "ngày ký", "2023-06-28", "2023-07-05", id="over a weekend"),
        pytest.param(3, "working_day", "ngày ký", "2024-04-26", "2024-05-04", id="over a holiday with a make-up Saturday"),
        pytest.param(10, "day", "ngày nhận", "2023-06-21", "2023-07-03", id="days: the end on a Saturday moves to Monday"),
        pytest.param(7, "day", "ngày nhận", "2023-06-21", "2023-06-28", id="days: the first day is not counted"),
        pytest.param(1, "month", "ngày ký", "2024-01-31", "2024-02-29", id="a month: the last day where there is no 31st"),
        pytest.param(1, "year", "ngày ký", "2024-02-29", "2025-02-28", id="a year from 29 February"),
        pytest.param(2, "week", "ngày ký", "2023-06-20", "2023-07-04", id="weeks"),
        pytest.param(24, "hour", "khi nhận", "2023-06-20", "2023-06-21", id="24 hours are one day"),
        pytest.param(72, "hour", "khi nhận", "2023-06-19", "2023-06-22", id="72 hours are three days"),
        pytest.param(5, "day", "trước ngày họp", "2023-06-30", "2023-06-25", id="counted back, not moved"),
        pytest.param(2, "working_day", "trước ngày họp", "2023-07-03", "2023-06-29", id="working days counted back"),
        pytest.param(3, "working_day", "so với ngày họp", "2025-12-10", "2025-12-05", id="counted back from a meeting"),
        pytest.param(10, "working_day", "ngày ký", "2025-01-20", "2025-02-10", id="over Tết"),
    ],
)
def test_due_of_a_counted_term(n: int, unit: RelativeUnit, anchor: str, base: str, due: str) -> None:
    assert due_of(RelativeTerm(n, unit, anchor), date.fromisoformat(base)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("year", "day"),
    [
        pytest.param(2023, "2023-01-19", id="Quý Mão"),
        pytest.param(2024, "2024-02-07", id="Giáp Thìn"),
        pytest.param(2025, "2025-01-24", id="Ất Tỵ: the break begins on a Saturday"),
        pytest.param(2026, "2026-02-13", id="Bính Ngọ"),
    ],
)
def test_last_day_before_tet(year: int, day: str) -> None:
    assert last_day_before_tet(year) == date.fromisoformat(day)


@given(st.integers(2015, 2045))
def test_the_day_before_tet_is_a_working_day_of_january_or_february(year: int) -> None:
    day = last_day_before_tet(year)
    assert day is not None
    assert is_working_day(day)
    assert date(year, 1, 14) <= day <= date(year, 2, 20)


@pytest.mark.parametrize(
    ("anchor", "here"),
    [
        pytest.param("ngày ký", True, id="signing"),
        pytest.param("ngày ký ban hành Kế hoạch này", True, id="signing of this plan"),
        pytest.param("ngày nhận được văn bản này", True, id="receipt"),
        pytest.param("ngày Chỉ thị này được ban hành", True, id="this directive is issued"),
        pytest.param("ngày có Công điện này", True, id="this telegram"),
        pytest.param("ngày nhận đủ hồ sơ hợp lệ", False, id="an application"),
        pytest.param("ngày ký hợp đồng", False, id="a contract"),
        pytest.param("ngày Nghị quyết có hiệu lực", False, id="another document comes into force"),
        pytest.param("", False, id="nothing named"),
    ],
)
def test_terms_that_run_from_the_document_itself(anchor: str, here: bool) -> None:
    assert counts_from_this_document(RelativeTerm(5, "working_day", anchor)) is here


@given(DAYS)
def test_next_working_day_is_the_first(day: date) -> None:
    found = next_working_day(day)
    assert is_working_day(found)
    assert not any(is_working_day(day + timedelta(days=i)) for i in range((found - day).days))


@given(DAYS, st.integers(0, 60))
def test_added_working_days_can_be_counted(day: date, n: int) -> None:
    end = add_working_days(day, n)
    assert sum(is_working_day(day + timedelta(days=i)) for i in range(1, (end - day).days + 1)) == n
    assert n == 0 or is_working_day(end)


def test_swaps_name_their_source_and_pair_a_day_off_with_a_working_weekend() -> None:
    for day, working in working_day_swaps().items():
        assert working == (day.weekday() >= 5), day
