"""The gazetteer in the file, and several processes at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tracking_directive import DIRECTIVE, HEADER, TASKS, make_document, save

from ingest.errors import UsageError, WorkspaceError
from tracking import Store, TaskFilter


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dondoc.db"


@pytest.mark.parametrize(
    ("written", "dated", "as_of", "now"),
    [
        pytest.param("Sở KH&ĐT", date(2024, 1, 5), date(2024, 6, 1), {"Sở Kế hoạch và Đầu tư"}, id="abbreviation"),
        pytest.param("Sở Kế hoạch và Đầu tư", date(2024, 1, 5), date(2026, 1, 1), {"Sở Tài chính"}, id="merged in 2025"),
        pytest.param("Cục Thuế tỉnh", date(2024, 1, 5), date(2026, 1, 1), {"Thuế tỉnh"}, id="chain of two"),
        pytest.param("Ban Tự Đặt Tên", date(2024, 1, 5), date(2026, 1, 1), {"Ban Tự Đặt Tên"}, id="unknown"),
        pytest.param("UBND huyện", date(2024, 1, 5), date(2026, 1, 1), {"UBND huyện"}, id="no single successor"),
    ],
)
def test_the_gazetteer_is_in_the_file(path: Path, written: str, dated: date, as_of: date, now: set[str]) -> None:
    with Store.open(path) as store:
        task = replace(TASKS[0], lead=(written,), coordinating=())
        save(store, replace(DIRECTIVE, header=replace(HEADER, date=dated), tasks=(task,)))
        assert set(store.departments(as_of)) == now
        found = store.department_tasks(written, as_of)
        assert [given.needs_decision for given in found] == [written == "UBND huyện"]


def test_a_group_has_the_members_of_the_directives_day(path: Path) -> None:
    with Store.open(path) as store:
        task = replace(TASKS[0], lead=("Các sở, ban, ngành cấp tỉnh",), coordinating=())
        for sha, day in (("a" * 64, date(2024, 1, 5)), ("b" * 64, date(2025, 9, 1))):
            header = replace(HEADER, date=day)
            save(store, replace(DIRECTIVE, header=header, tasks=(task,)), make_document(sha))
        before = {row.document_id for row in store.tasks(TaskFilter(agency="giao thong van tai", as_of=date(2024, 6, 1)))}
        after = {row.document_id for row in store.tasks(TaskFilter(agency="so xay dung", as_of=date(2025, 12, 1)))}
        assert (before, after) == ({1}, {1, 2})


def test_an_office_has_agencies_of_its_own(path: Path, tmp_path: Path) -> None:
    own = tmp_path / "agencies.csv"
    own.write_text("name,kind,level,aliases\nTổ Đồng hành Sông Lam,unit,province,TĐHSL\n", encoding="utf-8")
    with Store.open(path) as store:
        save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], lead=("Tổ đồng hành Sông Lam",), coordinating=()),)))
        assert store.tasks(TaskFilter(agency="TĐHSL")) == []
    with Store.open(path, own) as store:
        assert len(store.tasks(TaskFilter(agency="TĐHSL"))) == 1
        assert store.departments() == ["Tổ Đồng hành Sông Lam"]
    own.write_text("name,kind,level,aliases\nTổ Đồng hành Sông Lam,unit,province,TĐH\n", encoding="utf-8")
    with Store.open(path, own) as store:
        assert len(store.tasks(TaskFilter(agency="TĐH"))) == 1
        assert store.tasks(TaskFilter(agency="TĐHSL")) == []
    own.write_text("name\n\nx,y\n,z\n", encoding="utf-8")
    with pytest.raises(UsageError):
        Store.open(path, own)


def test_opening_again_does_not_write(path: Path) -> None:
    Store.open(path).close()
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with Store.open(path) as store:
        assert store.documents() == []
    blocker.execute("ROLLBACK")
    blocker.close()


def test_writing_gives_up_with_a_clear_message(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.schema.BUSY_TIMEOUT_MS", 50)
    with Store.open(path) as store:
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(WorkspaceError, match="đang được chương trình khác ghi"):
            save(store)
        blocker.execute("ROLLBACK")
        blocker.close()
        assert save(store).created


def test_processes_that_write_at_once_wait_for_each_other(path: Path) -> None:
    program = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1], str(Path(sys.argv[1]).parent)]
from tracking_directive import make_document, save
from tracking import Store
with Store.open(sys.argv[2]) as store:
    for number in range(8):
        save(store, document=make_document(sys.argv[3] + str(number)))
        store.edit(1, who=sys.argv[3], note=sys.argv[3] + str(number))
"""
    command = [sys.executable, "-c", program, str(Path(__file__).parent), str(path)]
    running = [subprocess.Popen([*command, name], stderr=subprocess.PIPE) for name in "xy"]
    errors = [process.communicate(timeout=120)[1] for process in running]
    assert errors == [b"", b""]
    with Store.open(path) as store:
        assert len(store.documents()) == 16
        assert len(store.events(1)) == 16
