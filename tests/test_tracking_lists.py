"""Lists, filters, groups and successors, counts, and the views in plain SQLite."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tracking_directive import DIRECTIVE, HEADER, TASKS, TEXTS, make_task, save

from extract.directive import Directive
from ingest.errors import NotFound, UsageError
from tracking import AgencyEntry, MemberEntry, Store, SuccessionEntry, TaskFilter


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dondoc.db"


@pytest.fixture
def store(path: Path):
    with Store.open(path) as opened:
        yield opened


D = date(2024, 1, 5)


# Lists


@pytest.mark.parametrize(
    ("as_of", "paths"),
    [
        pytest.param(date(2024, 3, 14), [], id="day before"),
        pytest.param(date(2024, 3, 15), [], id="the day itself is on time"),
        pytest.param(date(2024, 3, 16), ["1/-1"], id="day after"),
        pytest.param(date(2024, 7, 1), ["1/-1", "1/-2"], id="both, never the one without a date"),
    ],
)
def test_overdue(store: Store, as_of: date, paths: list[str]) -> None:
    save(store)
    found = store.overdue(as_of)
    assert [task.path for task in found] == paths
    assert all(task.overdue and task.days_late == (as_of - task.due).days for task in found if task.due)


@pytest.mark.parametrize(
    ("days", "as_of", "n"), [(0, date(2024, 3, 15), 1), (0, date(2024, 3, 14), 0), (107, date(2024, 3, 15), 2), (7, date(2024, 3, 16), 0)]
)
def test_upcoming(store: Store, days: int, as_of: date, n: int) -> None:
    save(store)
    assert len(store.upcoming(days, as_of)) == n


FILTERS = {
    "folded agency": (TaskFilter(agency="noi vu"), {"1/-1", "1/-2", "2/-1"}),
    "agency of upper case": (TaskFilter(agency="SỞ TÀI CHÍNH"), {"1/-1", "1/-2"}),
    "agency and role": (TaskFilter(agency="tai chinh", role="lead"), set()),
    "whole words only": (TaskFilter(agency="noi v"), set()),
    "unknown agency": (TaskFilter(agency="Sở Không Có"), set()),
    "no word": (TaskFilter(agency="--"), set()),
    "role": (TaskFilter(role="coordinating"), {"1/-1", "1/-2"}),
    "number": (TaskFilter(document="7/kh-ubnd"), {"1/-1", "1/-2", "2/-1"}),
    "bare number": (TaskFilter(document="07"), {"1/-1", "1/-2", "2/-1"}),
    "id": (TaskFilter(document=1), {"1/-1", "1/-2", "2/-1"}),
    "file": (TaskFilter(document="kh07.pdf"), {"1/-1", "1/-2", "2/-1"}),
    "no document": (TaskFilter(document="99/x"), set()),
    "words": (TaskFilter(words="danh muc thủ tục"), {"1/-2"}),
    "words like SQL": (TaskFilter(words="%' OR 1=1 --"), set()),
    "range": (TaskFilter(due_from=date(2024, 3, 15), due_to=date(2024, 6, 29)), {"1/-1"}),
    "overdue": (TaskFilter(overdue=True, as_of=date(2024, 4, 1)), {"1/-1"}),
    "state": (TaskFilter(status="no_deadline"), {"2/-1"}),
    "status": (TaskFilter(status="done"), set()),
    "active": (TaskFilter(status="active"), {"1/-1", "1/-2", "2/-1"}),
    "limit": (TaskFilter(limit=1, offset=1), {"1/-2"}),
    "without deadline": (TaskFilter(without_deadline=True), {"2/-1"}),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters(store: Store, name: str) -> None:
    save(store)
    wanted, paths = FILTERS[name]
    assert {task.path for task in store.tasks(wanted)} == paths


@pytest.mark.parametrize("wanted", [TaskFilter(status="lost"), TaskFilter(role="boss")])
def test_filters_that_make_no_sense(store: Store, wanted: TaskFilter) -> None:
    with pytest.raises(UsageError):
        store.tasks(wanted)


GAZETTEER = (
    AgencyEntry(
        "khối thử nghiệm", "group", members=(MemberEntry("Sở Nội vụ"), MemberEntry("Sở KHĐT"), MemberEntry("Sở Y tế", date(2025, 3, 1)))
    ),
    AgencyEntry("Sở Nội vụ", "department", "province", aliases=("SNV",)),
    AgencyEntry("Sở Kế hoạch và Đầu tư", "department", "province", aliases=("Sở KHĐT", "Sở KH&ĐT"), valid_to=date(2025, 3, 1)),
    AgencyEntry("Sở Tài chính", "department", "province"),
    AgencyEntry("UBND huyện", "district", "district", valid_to=date(2025, 7, 1)),
)
SUCCESSIONS = (
    SuccessionEntry("Sở Kế hoạch và Đầu tư", "Sở Tài chính", date(2025, 3, 1)),
    SuccessionEntry("Sở Nội vụ", "Sở Dân tộc và Tôn giáo", date(2025, 3, 1), subject="tôn giáo"),
    SuccessionEntry("UBND huyện", "UBND xã", date(2025, 7, 1)),
    SuccessionEntry("UBND huyện", "UBND phường", date(2025, 7, 1)),
)


@pytest.mark.parametrize(
    ("name", "as_of", "now"),
    [
        pytest.param("Sở KH&ĐT", date(2024, 6, 1), {"Sở Kế hoạch và Đầu tư"}, id="alias before the reform"),
        pytest.param("SỞ KẾ HOẠCH VÀ ĐẦU TƯ", date(2025, 6, 1), {"Sở Tài chính"}, id="successor after"),
        pytest.param("Sở Nội vụ", date(2025, 6, 1), {"Sở Nội vụ"}, id="successor for one subject only"),
        pytest.param("Khối thử nghiệm", date(2025, 6, 1), {"Sở Nội vụ", "Sở Tài chính"}, id="group of that day, then successors"),
        pytest.param("UBND huyện", date(2025, 8, 1), {"UBND xã", "UBND phường"}, id="several successors"),
    ],
)
def test_groups_and_successors(store: Store, name: str, as_of: date, now: set[str]) -> None:
    for _ in range(2):
        assert store.load_agencies(GAZETTEER, SUCCESSIONS) == 5
    save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], lead=(name,), coordinating=()),)))
    assert set(store.departments(as_of)) == now
    for agency in now:
        (found,) = store.department_tasks(agency, as_of)
        assert (found.as_written, found.needs_decision) == (name, name == "UBND huyện")
        assert [task.id for task in store.tasks(TaskFilter(agency=agency, as_of=as_of))] == [1]
    assert store.tasks()[0].lead == (name,)


def test_successions_in_a_circle_end(store: Store) -> None:
    store.load_agencies((), (SuccessionEntry("A", "B", D), SuccessionEntry("B", "A", D), SuccessionEntry("A", "A", D)))
    save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], lead=("A",)),)))
    assert store.department_summary() is not None


def test_summary(store: Store) -> None:
    save(store)
    store.mark_done(1, date(2024, 3, 20), "An")
    rows = {row.agency: row for row in store.department_summary(date(2024, 7, 1))}
    noi_vu = rows["Sở Nội vụ"]
    assert (noi_vu.total, noi_vu.done_late, noi_vu.overdue, noi_vu.no_deadline, noi_vu.done_on_time, noi_vu.in_time) == (3, 1, 1, 1, 0, 0)
    assert rows["Thanh tra tỉnh"].total == 1
    assert "Sở Tài chính" not in rows


def test_tasks_of_nobody(store: Store) -> None:
    save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], lead=(), coordinating=()), TASKS[1])))
    assert [found.task.path for found in store.department_tasks(None)] == ["1/-1"]
    with pytest.raises(NotFound):
        store.department_tasks("Sở Không Có")


# Plain SQLite


def _today_directive() -> Directive:
    today = date.today()
    dues = (today - timedelta(days=10), today, today + timedelta(days=5), today + timedelta(days=400))
    tasks = tuple(make_task(str(i), f"{TEXTS[0]} {i * 1111}", due, i) for i, due in enumerate(dues, 1))
    return replace(DIRECTIVE, header=replace(HEADER, date=today - timedelta(days=90)), tasks=tasks)


def test_views_in_plain_sqlite(store: Store, path: Path) -> None:
    save(store, _today_directive())
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    (row,) = connection.execute("SELECT * FROM overdue_tasks").fetchall()
    assert row.keys() == ["id", "document", "issuer", "text", "lead", "due", "days_late", "page", "lines", "path"]
    assert (row["document"], row["lead"], row["days_late"], row["page"], row["lines"], row["path"]) == (
        "07/KH-UBND",
        "Sở Nội vụ",
        10,
        1,
        "1-1",
        "1",
    )
    assert [r["path"] for r in connection.execute("SELECT * FROM upcoming_tasks")] == ["2", "3"]
    assert len(connection.execute("SELECT * FROM task_list WHERE agency = 'Sở Tài chính' AND role = 'coordinating'").fetchall()) == 4
    (summary,) = connection.execute("SELECT * FROM department_summary").fetchall()
    assert (summary["total"], summary["overdue"], summary["in_time"]) == (4, 1, 3)
    connection.close()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 program is not installed")
def test_views_in_the_sqlite3_program(store: Store, path: Path) -> None:
    save(store, _today_directive())
    command = ["sqlite3", "-json", str(path), "SELECT * FROM overdue_tasks;"]
    (row,) = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert (row["path"], row["days_late"]) == ("1", 10)
