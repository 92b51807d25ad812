"""Files to take away from the pages: what is in them, what they are called, and that nothing in them is calculated."""

from __future__ import annotations

import csv
import io
import json
import secrets
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from docx import Document
from openpyxl import load_workbook
from pages import Pages, accounts
from tracking_directive import DIRECTIVE, HEADER, RECEIVED, TASKS, make_document, save

from dondoc.web.exports import download
from dondoc.web.parcels import ahead, packed
from dondoc.workspace import Workspace

FORMULA = '=HYPERLINK("http://x.example","bấm")'
TRICK = "../../etc/Ban <script>"


@pytest.fixture
def office(workspace: Workspace) -> Workspace:
    with workspace.store() as store:
        save(store)
        tasks = (replace(TASKS[0], text=FORMULA, lead=(TRICK,)),)
        other = replace(DIRECTIVE, header=replace(HEADER, number="9/CV"), tasks=tasks)
        store.save(make_document("b" * 64), other, file_name="b.pdf", received_at=RECEIVED)
    return workspace


def name_of(disposition: str) -> tuple[str, str]:
    plain, _, full = disposition.removeprefix('attachment; filename="').partition("\"; filename*=UTF-8''")
    return plain, unquote(full)


def ids(content: bytes, kind: str) -> list[int]:
    if kind == "json":
        return [task["id"] for task in json.loads(content)["tasks"]]
    if kind == "csv":
        return [int(row["Mã nhiệm vụ"]) for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
    sheet = load_workbook(io.BytesIO(content))["Nhiệm vụ"]
    column = next(cell.column for row in sheet.iter_rows(max_row=10) for cell in row if cell.value == "Mã nhiệm vụ")
    return [cell.value for (cell,) in sheet.iter_rows(min_col=column, max_col=column) if isinstance(cell.value, int)]


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
@pytest.mark.parametrize("query", ["", "order=-due", "document=07/KH&state=overdue", "words=khong+co+gi", "size=50&page=2"])
def test_a_view_goes_out_whole(office: Workspace, kind: str, query: str) -> None:
    pages = Pages(office)
    got = pages.get(f"/nhiem-vu/xuat.{kind}?{query}")
    assert got.status_code == 200
    listed = json.loads(pages.get(f"/nhiem-vu/xuat.json?{query}").content)["tasks"]
    assert ids(got.content, kind) == [task["id"] for task in listed]
    assert len(listed) == {"document=07/KH&state=overdue": 2, "words=khong+co+gi": 0}.get(query, 4)
    plain, full = name_of(got.headers["content-disposition"])
    assert full.startswith("Danh mục nhiệm vụ 20")
    assert plain.startswith("danh-muc-nhiem-vu-20")
    assert plain.endswith(f".{kind}")


def test_the_word_list_and_the_calendar_of_a_view(office: Workspace) -> None:
    pages = Pages(office)
    paper = Document(io.BytesIO(pages.get("/nhiem-vu/xuat.docx?document=07/KH").content))
    assert [row.cells[0].text for row in paper.tables[0].rows] == ["TT", "1", "2", "3"]
    calendar = pages.get("/nhiem-vu/xuat.ics?document=07/KH").text
    assert calendar.count("BEGIN:VEVENT") == 2


@pytest.mark.parametrize("kind", ["xlsx", "csv", "docx", "ics", "json"])
def test_a_department_takes_its_list(office: Workspace, kind: str) -> None:
    got = Pages(office).get(f"/don-vi/xuat.{kind}?ten=so+noi+vu")
    assert got.status_code == 200
    assert name_of(got.headers["content-disposition"])[1].startswith("Sở Nội vụ 20")
    if kind in ("xlsx", "csv", "json"):
        assert ids(got.content, kind) == [1, 2, 3]


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_what_names_nobody_and_what_was_removed_go_out_too(office: Workspace, kind: str) -> None:
    pages = Pages(office)
    with office.store() as store:
        store.assign(2, lead=(), coordinating=(), who="Lan")
        store.remove(3, "Lan")
    assert f'/don-vi/xuat.{kind}?ten="' in pages.get("/don-vi/danh-sach").text
    got = pages.get(f"/don-vi/xuat.{kind}?ten=")
    assert ids(got.content, kind) == [2]
    assert name_of(got.headers["content-disposition"])[1].startswith("Chưa rõ cơ quan thực hiện")
    assert ids(pages.get(f"/nhiem-vu/xuat.{kind}?removed=1").content, kind) == [3]


def test_letters(office: Workspace) -> None:
    pages = Pages(office)
    for kind, name in (("phieu-giao-viec", "Phiếu giao việc Sở Nội vụ"), ("cong-van-don-doc", "Công văn đôn đốc Sở Nội vụ")):
        got = pages.get(f"/don-vi/{kind}.docx?ten=so+noi+vu")
        assert got.status_code == 200
        assert name_of(got.headers["content-disposition"])[1].startswith(name)
        assert Document(io.BytesIO(got.content)).tables
    with office.store() as store:
        store.change_many([1, 2, 3], "Lan", status="done")
    none = pages.get("/don-vi/cong-van-don-doc.docx?ten=so+noi+vu")
    assert none.status_code == 404
    assert "không có công văn đôn đốc" in none.text


def test_the_whole_office_as_one_zip(office: Workspace) -> None:
    got = Pages(office).get("/don-vi/tat-ca.zip")
    names = zipfile.ZipFile(io.BytesIO(got.content)).namelist()
    assert {"tong-hop.xlsx", "tong-hop.ics", "so-noi-vu.xlsx", "so-noi-vu.phieu-giao-viec.docx"} <= set(names)
    assert not any("/" in name or "\\" in name or name.startswith(".") for name in names)


def test_a_template_that_cannot_be_used_is_told_before_the_zip_begins(office: Workspace) -> None:
    (office.root / "mau").mkdir()
    (office.root / "mau" / "cong-van-don-doc.docx").write_text("không phải Word")
    got = Pages(office).get("/don-vi/tat-ca.zip")
    assert got.status_code == 400
    assert "Mẫu văn bản không dùng được" in got.text


def test_a_template_that_needs_a_task_is_no_reason_to_refuse(office: Workspace) -> None:
    (office.root / "mau").mkdir()
    own = Document()
    own.add_paragraph("{{ nhiem_vu[0].noi_dung }}")
    own.save(str(office.root / "mau" / "phieu-giao-viec.docx"))
    assert Pages(office).get("/don-vi/tat-ca.zip").status_code == 200


def test_a_zip_is_made_while_it_goes_out_and_stops_when_nobody_asks(tmp_path: Path) -> None:
    made: list[Path] = []

    def files() -> Iterator[Path]:
        for number in range(100):
            made.append(tmp_path / f"{number}.txt")
            made[-1].write_bytes(secrets.token_bytes(1000))
            yield made[-1]

    chunks = ahead(lambda: packed(files()))
    assert next(chunks).startswith(b"PK")
    assert len(made) < 100
    chunks.close()  # type: ignore[attr-defined]
    for thread in threading.enumerate():
        if thread.name == "zip":
            thread.join(30)
    assert len(made) < 100
    whole = b"".join(ahead(lambda: packed(files())))
    assert len(zipfile.ZipFile(io.BytesIO(whole)).namelist()) == 100
    assert not any(path.exists() for path in made[-100:])


def test_what_goes_wrong_in_the_middle_breaks_the_zip_off() -> None:
    def files() -> Iterator[Path]:
        yield Path(__file__).parent / "no-such-file"

    with pytest.raises(FileNotFoundError):
        list(ahead(lambda: packed(files())))


def test_nothing_from_a_scan_is_calculated(office: Workspace) -> None:
    pages = Pages(office)
    cells = [cell for row in csv.reader(io.StringIO(pages.get("/nhiem-vu/xuat.csv").content.decode("utf-8-sig"))) for cell in row]
    assert f"'{FORMULA}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    sheet = load_workbook(io.BytesIO(pages.get("/nhiem-vu/xuat.xlsx").content))["Nhiệm vụ"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == FORMULA]
    assert len(found) == 1
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


@pytest.mark.parametrize("kind", ["xlsx", "csv", "docx"])
def test_a_name_from_a_scan_leads_nowhere(office: Workspace, kind: str) -> None:
    got = Pages(office).get(f"/don-vi/xuat.{kind}?ten={quote(TRICK)}")
    assert got.status_code == 200
    plain, full = name_of(got.headers["content-disposition"])
    assert not set('/\\<>"') & set(plain + full)
    assert not full.startswith(".")


@pytest.mark.parametrize(
    ("name", "plain", "full"),
    [
        ("Sở Nội vụ.xlsx", "so-noi-vu.xlsx", "Sở Nội vụ.xlsx"),
        ("..\\..\\x\r\nSet-Cookie: a=b.csv", "x-set-cookie-a-b.csv", "_.._x__Set-Cookie_ a=b.csv"),
        ("/.docx", "co-quan.docx", "_.docx"),
        (".json", "dondoc.json", "dondoc.json"),
        ("con.csv", "con-co-quan.csv", "con.csv"),
    ],
)
def test_names_of_files(name: str, plain: str, full: str) -> None:
    header = download(b"", name).headers["content-disposition"]
    assert name_of(header) == (plain, full)
    assert header.isascii()


@pytest.mark.parametrize(
    "path",
    [
        "/nhiem-vu/xuat.zip",
        "/nhiem-vu/xuat.exe",
        "/nhiem-vu/xuat.",
        "/don-vi/xuat.xlsx",
        "/don-vi/xuat.xlsx?ten=khong+co",
        "/don-vi/phieu-giao-viec.docx",
        "/don-vi/x.docx?ten=so+noi+vu",
        "/don-vi/..%2f..%2fdondoc.docx?ten=so+noi+vu",
    ],
)
def test_what_is_not_there(office: Workspace, path: str) -> None:
    assert Pages(office).get(path).status_code == 404


def test_a_view_that_makes_no_sense(office: Workspace) -> None:
    assert Pages(office).get("/nhiem-vu/xuat.csv?state=x").status_code == 400


@pytest.mark.parametrize("path", ["/nhiem-vu/xuat.csv", "/don-vi/xuat.csv?ten=so+noi+vu", "/don-vi/tat-ca.zip"])
def test_only_for_users(office: Workspace, path: str) -> None:
    accounts(office, Lan="admin", Hoa="view")
    pages = Pages(office, login=True)
    assert pages.get(path).status_code == 303
    pages.log_in("Hoa")
    assert pages.get(path).status_code == 200
