"""Reports and SQL, on the pages and on the command line: everything can be asked, nothing changed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import datasette
import pytest
from pages import Pages
from tracking_directive import DIRECTIVE, TASKS, save
from typer.testing import Result

from dondoc.web.sql_words import PHRASES
from dondoc.workspace import Workspace
from tracking.reports import reports

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def office(workspace: Workspace) -> Workspace:
    """A workspace with one directive, in which two tasks are long overdue and one has a text that would be a script."""
    with workspace.store() as store:
        save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], text=f"Báo cáo {SCRIPT}."), *TASKS[1:])))
    return workspace


@pytest.mark.parametrize("name", list(reports()))
def test_every_report_is_answered(office: Workspace, name: str) -> None:
    pages = Pages(office)
    page = pages.get(f"/sql/dondoc/{name}")
    assert page.status_code == 200
    assert reports()[name].title in page.text
    given = pages.get(f"/sql/dondoc/{name}.json?_shape=objects").json()
    assert given["ok"], given
    assert f'action="/sql/dondoc/{name}"' in pages.get("/sql").text


def test_parameters_take_words_without_diacritics(office: Workspace) -> None:
    rows = Pages(office).get("/sql/dondoc/qua-han.json?_shape=array&don_vi=noi+vu").json()
    assert {row["Đơn vị"] for row in rows} == {"Sở Nội vụ"}
    assert [row["Mã"] for row in rows] == [1, 2]
    assert Pages(office).get("/sql/dondoc/qua-han.json?_shape=array&don_vi=xay+dung").json() == []


def test_results_come_as_csv(office: Workspace) -> None:
    answer = Pages(office).get("/sql/dondoc/qua-han-theo-don-vi.csv?_stream=")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["Đơn vị"], row["Số nhiệm vụ quá hạn"]) for row in rows] == [("Sở Nội vụ", "2")]


@pytest.mark.parametrize(
    "address", ["/sql/dondoc/qua-han.csv", "/sql/dondoc/tasks.csv?_stream=on", "/sql/dondoc.csv?sql=select+text+from+tasks"]
)
@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", '=cmd|"/c calc"!A1'])
def test_csv_holds_no_formula(workspace: Workspace, address: str, text: str) -> None:
    with workspace.store() as store:
        save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], text=text),)))
    rows = list(csv.reader(io.StringIO(Pages(workspace).get(address).content.decode("utf-8-sig"))))
    cells = {cell for row in rows for cell in row}
    assert "'" + text in cells
    assert text not in cells


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM tasks",
        "WITH x AS (SELECT 1) INSERT INTO seeds SELECT 'x', 'x', 'x'",
        "WITH x AS (SELECT 1) DELETE FROM tasks",
        "SELECT 1; DELETE FROM tasks",
        "ATTACH 'other.db' AS other",
        "PRAGMA writable_schema = 1",
        "VACUUM INTO 'other.db'",
        "SELECT load_extension('x')",
        "SELECT writefile('other.db', 'x')",
        "EXPLAIN DELETE FROM tasks; DROP TABLE tasks",
    ],
)
def test_sql_that_would_change_something_is_refused(office: Workspace, sql: str) -> None:
    before = office.database_path.read_bytes()
    answer = Pages(office).get(f"/sql/dondoc.json?sql={quote(sql)}")
    assert not answer.json()["ok"]
    with office.store() as store:
        assert len(store.tasks()) == 3
    assert office.database_path.read_bytes() == before
    assert not list(office.root.glob("**/other.db"))


def test_a_query_without_end_is_stopped(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dondoc.web.sql.SECONDS", 0.1)
    sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    answer = Pages(office).get(f"/sql/dondoc.json?sql={quote(sql)}")
    assert not answer.json()["ok"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_datasette_is_only_read(office: Workspace, method: str) -> None:
    assert Pages(office).request(method, "/sql/dondoc/qua-han").status_code == 405


@pytest.mark.parametrize(
    "path", ["/sql/dondoc/tasks", "/sql/dondoc/qua-han", "/sql/dondoc/tasks/1", "/sql/dondoc?sql=select+text+from+tasks"]
)
def test_text_of_documents_is_no_script(office: Workspace, path: str) -> None:
    page = Pages(office).get(path).text
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("page", ["databases.json", "plugins", "threads", "settings.json", "metadata.json", "allow-debug", "actor.json"])
def test_what_datasette_tells_of_this_machine_is_not_there(office: Workspace, page: str) -> None:
    answer = Pages(office).get(f"/sql/-/{page}")
    assert answer.status_code == 404
    assert str(office.root) not in answer.text


@pytest.mark.parametrize("template", list(PHRASES))
def test_every_phrase_put_into_vietnamese_is_still_there(template: str) -> None:
    source = (Path(datasette.__file__).with_name("templates") / template).read_text("utf-8")
    assert [phrase for phrase in PHRASES[template] if phrase not in source] == []


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("qua-han", ["Tên đơn vị (một phần, không cần dấu)</label>", "Kết quả: 2 dòng", "Chạy câu lệnh", "xem câu SQL", ">Báo cáo</a>"]),
        ("qua-han?don_vi=khong", ["Không có dòng nào."]),
        ("tasks", ["3 dòng", "Tải dữ liệu dạng"]),
        ("tasks/1", ["Được nhắc trong bảng khác"]),
        ("khong-co", ["Không thực hiện được (404)"]),
    ],
)
def test_datasette_speaks_vietnamese(office: Workspace, path: str, shown: list[str]) -> None:
    page = Pages(office).get(f"/sql/dondoc/{path}").text
    assert [words for words in ['<html lang="vi">', *shown] if words not in page] == []
    assert [words for words in ("Run SQL", "This data as", "Query parameters", "row)", ">home<", " rows") if words in page] == []


def test_users_and_the_file_itself_are_out_of_reach(office: Workspace) -> None:
    pages = Pages(office)
    assert pages.get("/sql/dondoc.db").status_code == 403
    assert pages.get("/sql/users").status_code == 404


def test_the_command_line_has_the_same_reports(office: Workspace, dondoc: Callable[..., Result]) -> None:
    listed = dondoc("report").stdout
    assert all(name in listed for name in reports())
    rows = json.loads(dondoc("report", "qua-han", "don_vi=so noi vu", "--json", "-w", office.root).stdout)
    assert [row["Mã"] for row in rows] == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "told", "code"),
    [(["khong-co"], "không có báo cáo", 15), (["qua-han", "thang=3"], "không có tham số", 2), (["qua-han", "3"], "thiếu dấu bằng", 2)],
)
def test_what_a_report_does_not_take(office: Workspace, dondoc: Callable[..., Result], arguments: list[str], told: str, code: int) -> None:
    result = dondoc("report", *arguments, "-w", office.root)
    assert result.exit_code == code
    assert told in result.stderr
