"""Tasks joined by a person keep what each department had done of them, and by when it had to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fresh_store import fresh
from tracking_directive import DIRECTIVE, TEXTS, make_task, save

from extract.directive import Deadline
from ingest.errors import UsageError
from tracking import Store

EARLY, LATE, EXTENDED = date(2024, 3, 15), date(2024, 6, 30), date(2024, 9, 30)
MONTHLY = (Deadline("hằng tháng", recurrence="monthly", day=20),)
TASKS = (
    make_task("1", TEXTS[0], EARLY, lead=("Sở Nội vụ", "Sở Y tế"), coordinating=()),
    make_task("2", TEXTS[1], LATE, 2, lead=("Sở Tư pháp", "Sở Y tế"), coordinating=()),
    make_task("3", TEXTS[2], LATE, 3, lead=("Sở Y tế",), coordinating=("Sở Nội vụ",)),
    make_task("4", "Báo cáo định kỳ.", None, 3, lead=("Sở Y tế",), deadlines=MONTHLY),
    make_task("5", "Gửi danh sách kèm theo.", None, 3, lead=("Sở Y tế",), deadlines=MONTHLY),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fresh(tmp_path) as opened:
        save(opened, replace(DIRECTIVE, tasks=TASKS))
        yield opened


def parts(store: Store, task: int) -> dict[str, tuple[str, str, str]]:
    """Department → status, day of completion, its own deadline."""
    rows = store.query(
        """SELECT a.name, s.status, coalesce(s.completed_on, ''), coalesce(s.due, '') FROM task_shares AS s
        JOIN agencies AS a ON a.id = s.agency_id WHERE s.task_id = ?""",
        (task,),
    ).rows
    return {name: (status, completed, due) for name, status, completed, due in rows}


def test_a_part_that_is_done_stays_done_where_the_department_has_no_other(store: Store) -> None:
    store.mark_done(1, date(2024, 3, 1), "An", "CV 5", agency="Sở Nội vụ")
    store.mark_done(1, date(2024, 3, 2), "An", agency="Sở Y tế")
    merged = store.merge([1, 2], "An")
    assert (merged.status, merged.completed_on, merged.note) == ("in_progress", None, None)
    assert parts(store, 1) == {
        "Sở Nội vụ": ("done", "2024-03-01", ""),
        "Sở Tư pháp": ("open", "", "2024-06-30"),
    }
    assert [share.note for share in store.task(1).shares if share.agency == "Sở Nội vụ"] == ["CV 5"]
    store.mark_done(1, date(2024, 3, 10), "An", agency="Sở Y tế")
    assert store.mark_done(1, date(2024, 6, 1), "An", agency="Sở Tư pháp").status == "done"


def test_both_done_is_done_on_the_later_day(store: Store) -> None:
    store.mark_done(1, date(2024, 3, 1), "An")
    store.mark_done(2, date(2024, 6, 1), "An")
    assert store.merge([1, 2], "An").completed_on == date(2024, 6, 1)
    assert parts(store, 1)["Sở Nội vụ"] == ("done", "2024-03-01", "")


def test_more_time_of_one_department_is_kept(store: Store) -> None:
    store.grant_extension(2, EXTENDED, "An", agency="Sở Y tế")
    store.request_extension(1, EXTENDED, "An", "chờ số liệu", agency="Sở Nội vụ")
    merged = store.merge([1, 2], "An")
    assert merged.status == "open"
    assert parts(store, 1) == {
        "Sở Nội vụ": ("extension_requested", "", ""),
        "Sở Y tế": ("in_progress", "", ""),  # of its two dates the earlier, the task's
        "Sở Tư pháp": ("open", "", "2024-06-30"),
    }
    (share,) = (one for one in store.task(1).shares if one.agency == "Sở Nội vụ")
    assert (share.requested_due, share.note) == (EXTENDED, "chờ số liệu")


def test_who_leads_alone_has_no_part_of_its_own(store: Store) -> None:
    store.assign(2, who="An", lead=["Sở Y tế"])
    store.mark_done(2, date(2024, 5, 1), "An", "BC 1")
    merged = store.merge([2, 3], "An")
    assert (merged.status, merged.note) == ("in_progress", "BC 1")
    assert "Sở Y tế" not in parts(store, 2)


def test_what_people_reported_is_joined(store: Store) -> None:
    store.edit(1, who="An", progress="đã trình", percent=50)
    store.edit(2, who="An", progress="đang làm", percent=20)
    merged = store.merge([1, 2], "An")
    assert (merged.progress, merged.percent) == ("đã trình; đang làm", 35)


def test_a_rhythm_is_joined_with_the_same_only(store: Store) -> None:
    with pytest.raises(UsageError, match="cùng chu kỳ"):
        store.merge([3, 4], "An")
    for task in (4, 5):
        store.set_occurrence(store.occurrences(task)[0].id, "done", date(2024, 1, 19), "An")
    store.set_occurrence(store.occurrences(4)[1].id, "done", date(2024, 2, 19), "An")
    store.merge([4, 5], "An")
    assert [each.status for each in store.occurrences(4, date(2024, 3, 31))] == ["done", "open", "open"]
    assert [each.status for each in store.occurrences(5)] == ["done"]  # what was done of it stays known
    store.undo(store.last_action(4) or 0, "An")
    assert [each.status for each in store.occurrences(4, date(2024, 3, 31))] == ["done", "done", "open"]
