"""The tables that make lists quick say what the slow SQL says, whoever wrote last; pages, counts, shares, occurrences, removed tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from derived_tables import differences
from tracking_directive import DIRECTIVE, HEADER, make_document, make_task, save

from ingest.errors import UsageError
from tracking import AgencyEntry, EventRow, MemberEntry, Store, SuccessionEntry, TaskFilter
from tracking.rows import ORDERS

HA_TINH, NOW = "UBND tỉnh Hà Tĩnh", date(2026, 1, 1)
DAYS = (date(2024, 5, 6), date(2025, 2, 28), date(2025, 3, 1), date(2025, 7, 1), NOW, date(2030, 1, 1))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "dondoc.db") as opened:
        yield opened


def put(store: Store, number: str, dated: date | None, *leads: tuple[str, ...], coordinating: tuple[str, ...] = ()) -> list[int]:
    """A directive with one task for each tuple of leads; their ids."""
    tasks = tuple(
        make_task(str(i), f"Rà soát việc {i} {number}.", None, lead=lead, coordinating=coordinating) for i, lead in enumerate(leads)
    )
    header = replace(HEADER, issuer=HA_TINH, date=dated, place="Hà Tĩnh", number=number)
    found = save(store, replace(DIRECTIVE, header=header, tasks=tasks), make_document(number))
    return sorted(task.id for task in store.tasks(TaskFilter(document=found.document_id)))


def agrees(store: Store) -> bool:
    """Whether the tables hold somebody, and say the same as the slow SQL on every day."""
    assert differences(store.path, DAYS) == []
    return bool(store.departments(NOW))


def test_who_is_responsible_is_kept_right(store: Store) -> None:
    kinds = (
        ("Sở Giao thông vận tải", "Sở Xây dựng"),
        ("các sở, ban, ngành thuộc tỉnh",),
        ("UBND các xã, phường", "Sở Y tế"),
        ("UBND huyện Đức Thọ",),
    )
    first, second, *_ = put(store, "1/KH", date(2024, 5, 6), *kinds, coordinating=("Cục Thuế tỉnh",))
    put(store, "2/KH", None, *kinds)
    assert agrees(store)
    store.assign(first, who="An", lead=["các sở, ngành"], coordinating=["Sở Kế hoạch và Đầu tư"])
    assert agrees(store)
    store.load_agencies(
        (
            AgencyEntry(
                "khối thử", "group", members=(MemberEntry("Sở Y tế"), MemberEntry("Sở Xây dựng", date(2025, 3, 1), date(2025, 6, 30)))
            ),
        ),
        (SuccessionEntry("Sở Y tế", "Sở Sức khỏe", date(2025, 7, 1)), SuccessionEntry("Sở Sức khỏe", None, date(2029, 1, 1))),
    )
    assert agrees(store), "successions that came later reach the tasks of before"
    store.assign(second, who="An", lead=["khối thử"])
    put(store, "3/KH", None, ("khối thử",))
    assert agrees(store)
    put(store, "1/KH", date(2025, 8, 1), *kinds[1:])
    assert agrees(store), "a directive taken in again, with another date"


def test_a_succession_takes_effect_overnight(store: Store) -> None:
    put(store, "1/KH", date(2024, 5, 6), ("Tổ Đèn đường",))
    store.load_agencies((), (SuccessionEntry("Tổ Đèn đường", "Đội Chiếu sáng", date(2027, 1, 1)),))
    assert [store.departments(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [["Tổ Đèn đường"], ["Đội Chiếu sáng"]]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_of_every_order_make_up_the_list(store: Store, order: str) -> None:
    save(store)
    put(store, "9/KH", NOW, ("Sở Y tế",), (), ("Sở Xây dựng",))
    whole = [task.id for task in store.tasks(TaskFilter(order=order))]
    paged = [task.id for offset in range(0, 8, 2) for task in store.tasks(TaskFilter(order=order, limit=2, offset=offset))]
    assert paged == whole
    assert len(whole) == store.count_tasks(TaskFilter(order=order, limit=1, offset=3)) == 6


@pytest.mark.parametrize(
    "states", [(), ("active",), ("overdue",), ("due_soon", "overdue"), ("in_time",), ("no_deadline",), ("done",)], ids=str
)
@pytest.mark.parametrize("agency", [None, "Sở Nội vụ"])
def test_dates_sort_the_same_by_whichever_column(store: Store, states: tuple[str, ...], agency: str | None) -> None:
    save(store)
    ids = put(store, "9/KH", NOW, *[("Sở Nội vụ", "Sở Y tế")] * 9)
    for task, due in zip(ids, (None, date(2026, 3, 1), date(2025, 6, 30), None, date(2025, 6, 30), date(2026, 1, 5), NOW), strict=False):
        store.edit(task, who="An", due=due)
    store.mark_done(ids[1], date(2025, 1, 1), "An", agency="Sở Y tế")
    store.mark_done(ids[2], date(2025, 1, 1), "An", agency="Sở Nội vụ")
    store.mark_done(ids[6], date(2025, 1, 1), "An")
    store.mark_done(ids[5], date(2026, 2, 1), "An")
    for task, status in zip((ids[3], *ids[7:]), ("returned", "transferred", "cancelled"), strict=True):
        store.set_status(task, status, "An")
    by_date = TaskFilter(as_of=NOW, states=states, agency_exact=agency)
    found = store.tasks(by_date)
    last = date.max
    assert [task.id for task in found] == [task.id for task in sorted(found, key=lambda one: (one.due or last, one.document_id, one.id))]
    dated = [task.id for task in reversed(found) if task.due]
    assert [task.id for task in store.tasks(replace(by_date, order="-due"))] == dated + [
        task.id for task in reversed(found) if not task.due
    ]
    assert store.count_tasks(by_date) == len(found)
    if agency:
        assert store.department_states(agency, NOW) == Counter(given.task.state for given in store.department_tasks(agency, NOW))


def test_an_unknown_order_is_refused(store: Store) -> None:
    with pytest.raises(UsageError):
        store.tasks(TaskFilter(order="id; DROP TABLE tasks"))


FILTERS = {
    "completed": (TaskFilter(completed_from=date(2024, 3, 10), completed_to=date(2024, 3, 10)), [1]),
    "completed before": (TaskFilter(completed_to=date(2024, 3, 9)), []),
    "issued": (TaskFilter(issued_from=date(2024, 1, 5), issued_to=date(2024, 1, 5)), [1, 2, 3]),
    "issued later": (TaskFilter(issued_from=date(2024, 1, 6)), []),
    "received": (TaskFilter(received_from=date(2024, 1, 10), received_to=date(2024, 1, 10)), [1, 2, 3]),
    "states": (TaskFilter(states=("done_on_time", "no_deadline")), [1, 3]),
    "states and status": (TaskFilter(states=("done", "active"), status="open"), [2, 3]),
    "ids": (TaskFilter(ids=(3, 1, 99)), [1, 3]),
    "no ids": (TaskFilter(ids=()), []),
    "a word begun": (TaskFilter(words="thủ tu"), [2]),
    "not the middle of a word": (TaskFilter(words="hu tuc"), []),
    "words together": (TaskFilter(words='"danh muc thu tuc"'), [2]),
    "words apart are not together": (TaskFilter(words='"muc hanh chinh"'), []),
    "exact department": (TaskFilter(agency_exact="Sở Tài chính"), [1, 2]),
    "exact and role": (TaskFilter(agency_exact="Sở Tài chính", role="lead"), []),
    "exact is no part of a name": (TaskFilter(agency_exact="Tài chính"), []),
    "without lead": (TaskFilter(without_lead=True), []),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters(store: Store, name: str) -> None:
    save(store)
    store.mark_done(1, date(2024, 3, 10), "An")
    wanted, ids = FILTERS[name]
    assert sorted(task.id for task in store.tasks(wanted)) == ids
    assert store.count_tasks(wanted) == len(ids)
    for limit, offset in ((None, 0), (1, 0), (1, 1), (5, 9)):
        page = replace(wanted, limit=limit, offset=offset)
        assert store.page_of_tasks(page) == (store.tasks(page), len(ids))


def test_a_department_stands_as_its_share_does(store: Store) -> None:
    save(store)
    store.mark_done(3, date(2024, 2, 1), "An", agency="Thanh tra tỉnh")
    states = {
        name: [given.task.state for given in store.department_tasks(name, NOW) if given.task.id == 3]
        for name in ("Thanh tra tỉnh", "Sở Nội vụ")
    }
    assert states == {"Thanh tra tỉnh": ["done_on_time"], "Sở Nội vụ": ["no_deadline"]}
    assert [task.id for task in store.tasks(TaskFilter(agency_exact="Thanh tra tỉnh", status="done"))] == [3]
    (row,) = [row for row in store.department_summary(NOW) if row.agency == "Thanh tra tỉnh"]
    assert (row.total, row.done_on_time, row.no_deadline) == (1, 1, 0)
    assert store.task(3, NOW).task.status != "done"
    assert [(share.agency, share.label) for share in store.task(3, NOW).shares] == [("Thanh tra tỉnh", "Hoàn thành đúng hạn")]


def test_removed_tasks_are_nowhere_until_asked_for(store: Store) -> None:
    save(store)
    store.remove(2, "An")
    assert [task.id for task in store.tasks()] == [1, 3]
    assert [task.id for task in store.tasks(TaskFilter(removed=True))] == [2]
    assert {given.task.id for given in store.department_tasks("Sở Tài chính", NOW)} == {1}
    assert [hit.task_id for hit in store.search("danh muc thu tuc") if hit.task_id] == []
    assert store.query("SELECT count(*) FROM task_list WHERE task_id = 2").rows == ((0,),)
    assert store.task(2).task.removed


def test_the_dashboard_counts_what_the_lists_show(store: Store) -> None:
    save(store)
    store.mark_done(1, date(2024, 3, 10), "An")
    day = date(2024, 6, 20)
    found = store.dashboard(day)
    assert (found.open, found.done, found.overdue, found.without_deadline) == (2, 1, 0, 1)
    assert (found.due_7, found.due_15, found.due_30) == (0, 1, 1)
    assert [row.agency for row in found.departments] == [row.agency for row in store.department_summary(day)]
    assert [task.id for task in store.dashboard(date(2024, 7, 1)).most_overdue] == [2]


EVENT = EventRow(1, 1, "2026-03-12T09:15:00", "Lan", "edit", "due", "2026-03-30", "2026-04-15", None, 1, None, None, None, None, None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            {"what": "grant_extension", "note": "thiếu số liệu"},
            "gia hạn từ 30/03/2026 đến 15/04/2026 (lý do thiếu số liệu)",
            id="extension",
        ),
        pytest.param({}, "sửa thời hạn từ 30/03/2026 đến 15/04/2026", id="edit"),
        pytest.param({"new_value": None}, "sửa thời hạn bỏ «30/03/2026»", id="emptied"),
        pytest.param(
            {"what": "status", "field": "status", "old_value": "open", "new_value": "in_progress", "agency": "Sở Y tế"},
            "đổi trạng thái (Sở Y tế) trạng thái từ «Chưa thực hiện» thành «Đang thực hiện»",
            id="one-department",
        ),
        pytest.param({"undoes": 7}, "hoàn tác: thời hạn từ 30/03/2026 đến 15/04/2026", id="undone"),
    ],
)
def test_history_in_words(changes: dict[str, object], told: str) -> None:
    assert replace(EVENT, **changes).told == f"12/03/2026 09:15 – Lan: {told}"  # type: ignore[arg-type]
