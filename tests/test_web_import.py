"""Filled-in workbooks come back by the page: shown first, written as shown, taken back whole."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from httpx import Response
from openpyxl import load_workbook
from pages import Pages, accounts
from tracking_directive import save

from dondoc.web import import_pages, import_plans
from dondoc.workspace import Workspace

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def office(workspace: Workspace) -> Workspace:
    with workspace.store() as store:
        save(store)
    return workspace


def filled(pages: Pages, values: Mapping[tuple[int, str], Any], query: str = "") -> bytes:
    """The exported workbook with (task, heading) → value filled in."""
    workbook = load_workbook(io.BytesIO(pages.get(f"/nhiem-vu/xuat.xlsx?{query}").content))
    sheet = workbook["Nhiệm vụ"]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "Mã nhiệm vụ" for cell in row))
    columns = {cell.value: number for number, cell in enumerate(head, 1)}
    rows = {sheet.cell(number, columns["Mã nhiệm vụ"]).value: number for number in range(head[0].row + 1, sheet.max_row + 1)}
    for (task, heading), value in values.items():
        sheet.cell(rows[task], columns[heading]).value = value
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def send(pages: Pages, content: bytes, name: str = "so-noi-vu.xlsx", *, csrf: str | None = None) -> Response:
    token = pages.csrf if csrf is None else csrf
    return pages.post("/nhap-lai/xem", data={"csrf": token}, files={"file": (name, content)})


def plan_of(page: str) -> str:
    found = re.search(r'name="plan" value="([\w-]+)"', page)
    assert found is not None
    return found[1]


def test_what_was_filled_in_is_shown_then_written_then_taken_back(office: Workspace) -> None:
    pages = Pages(office)
    done_on = datetime(2024, 3, 10)
    values = {(1, "Trạng thái"): "Hoàn thành", (1, "Ngày hoàn thành"): done_on, (2, "Ghi chú"): SCRIPT, (3, "Hoàn thành (%)"): 40}
    page = send(pages, filled(pages, values)).text
    assert "<strong>4</strong> thay đổi" in page
    assert "10/03/2024" in page
    assert "&lt;script&gt;alert" in page
    assert SCRIPT not in page
    assert "Nhiệm vụ!" in page
    with office.store() as store:
        assert store.events() == []
    done = pages.submit("/nhap-lai/ghi", plan=plan_of(page)).text
    assert "Đã ghi 4 thay đổi" in done
    with office.store() as store:
        rows = [store.task(number).task for number in (1, 2, 3)]
        assert (rows[0].completed_on, rows[1].note, rows[2].percent) == (date(2024, 3, 10), SCRIPT, 40)
        assert {event.who for event in store.events()} == {"Lan"}
        (act,) = [act for act in store.history() if act.subject]
        assert act.told == ("nhập từ bảng tính là «so-noi-vu.xlsx»",)
    action = re.findall(r'name="action" value="(\d+)"', done)[0]
    assert "Đã hoàn tác" in pages.submit("/nhap-lai/hoan-tac", action=action).text
    with office.store() as store:
        assert [store.task(number).task.status for number in (1, 2, 3)] == ["open"] * 3
        assert store.task(2).task.note is None


def test_nothing_is_written_that_was_not_shown(office: Workspace) -> None:
    pages = Pages(office)
    content = filled(pages, {(1, "Ghi chú"): "của đơn vị", (2, "Ghi chú"): "cũng vậy"})
    name = plan_of(send(pages, content).text)
    with office.store() as store:
        store.edit(1, who="Nga", note="Nga vừa ghi")
    done = pages.submit("/nhap-lai/ghi", plan=name).text
    assert "Đã ghi 1 thay đổi" in done
    assert "Nga vừa ghi" in done
    with office.store() as store:
        assert [store.task(number).task.note for number in (1, 2)] == ["Nga vừa ghi", "cũng vậy"]
    assert pages.submit("/nhap-lai/ghi", plan=name).status_code == 404


@pytest.mark.parametrize("take", [False, True])
def test_a_conflict_is_shown_with_both_values_and_asked(office: Workspace, take: bool) -> None:
    pages = Pages(office)
    content = filled(pages, {(1, "Ghi chú"): "theo tệp"})
    with office.store() as store:
        store.edit(1, who="Nga", note="theo Nga")
    page = send(pages, content).text
    assert "<strong>1</strong> xung đột" in page
    for said in ("theo tệp", "theo Nga", "Nga, "):
        assert said in page
    pages.submit("/nhap-lai/ghi", plan=plan_of(page), **({"take": "0"} if take else {}))
    with office.store() as store:
        assert store.task(1).task.note == ("theo tệp" if take else "theo Nga")


def test_what_cannot_be_read_is_named_by_its_cell(office: Workspace) -> None:
    pages = Pages(office)
    page = send(pages, filled(pages, {(1, "Hoàn thành (%)"): "nhiều", (2, "Trạng thái"): "xong xuôi", (3, "Ghi chú"): "được"})).text
    assert "<strong>2</strong> ô không đọc được" in page
    assert len(re.findall(r"<td>Nhiệm vụ![A-Z]+\d+</td>", page)) == 2
    done = pages.submit("/nhap-lai/ghi", plan=plan_of(page)).text
    assert "Đã ghi 1 thay đổi" in done
    assert "cần sửa lại trong tệp" in done


def test_an_unchanged_workbook_changes_nothing(office: Workspace) -> None:
    pages = Pages(office)
    page = send(pages, filled(pages, {})).text
    assert "Không có gì để ghi" in page


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Tệp rỗng"),
        (b"MZ\x90", "Không phải sổ tính"),
        (b"PK\x03\x04 hong", "bị hỏng"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "mật khẩu"),
    ],
    ids=["empty", "program", "damaged", "old-or-locked"],
)
def test_what_is_no_workbook_is_told(office: Workspace, content: bytes, says: str) -> None:
    got = send(Pages(office), content)
    assert got.status_code == 400
    assert says in got.text
    assert "dondoc-" not in got.text


def test_what_the_hidden_sheet_says_is_not_trusted(office: Workspace) -> None:
    pages = Pages(office)
    workbook = load_workbook(io.BytesIO(filled(pages, {(1, "Ghi chú"): "x", (2, "Thời hạn giải quyết"): datetime(2026, 12, 1)})))
    hidden = workbook["dondoc"]
    hidden["C1"].value = SCRIPT
    names = [cell.value for cell in hidden[3]]
    for row in hidden.iter_rows(min_row=4):
        row[names.index("due")].value = "2026-13-45"
        row[names.index("status")].value = SCRIPT
    made = io.BytesIO()
    workbook.save(made)
    page = send(pages, made.getvalue())
    assert page.status_code == 200
    assert SCRIPT not in page.text
    assert "xuất lúc không rõ" in page.text


def test_a_workbook_of_another_office_is_refused(office: Workspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    from dondoc.workspace import create  # noqa: PLC0415

    other, _ = create(tmp_path_factory.mktemp("khac") / "so-y-te")
    with other.store() as store:
        save(store)
    got = send(Pages(office), filled(Pages(other), {(1, "Ghi chú"): "x"}))
    assert got.status_code == 400
    assert "không gian làm việc khác" in got.text


def test_a_file_that_is_too_large_is_refused(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_pages, "LARGEST_FILE", 2000)
    got = send(Pages(office), filled(Pages(office), {}))
    assert got.status_code == 400
    assert "lớn hơn" in got.text


@pytest.mark.parametrize("name", ["../../../etc/cron.d/x.xlsx", "..\\x.xlsx", f"{SCRIPT}.xlsx", "=cmd|x.xlsx"])
def test_the_name_of_the_file_is_only_a_name(office: Workspace, name: str) -> None:
    pages = Pages(office)
    page = send(pages, filled(pages, {(1, "Ghi chú"): "x"}), name)
    assert page.status_code == 200
    assert SCRIPT not in page.text
    pages.submit("/nhap-lai/ghi", plan=plan_of(page.text))
    with office.store() as store:
        (act,) = [act for act in store.history() if act.subject]
    assert not set("/\\") & set(act.told[0])


def test_only_its_own_user_writes_a_plan(office: Workspace) -> None:
    accounts(office, Lan="admin", Nga="update", Hoa="view")
    lan, nga, hoa = Pages(office, login=True), Pages(office, login=True), Pages(office, login=True)
    nga.app, hoa.app = lan.app, lan.app  # the same server
    nga._transport, hoa._transport = lan._transport, lan._transport
    tokens = {}
    for pages, name in ((lan, "Lan"), (nga, "Nga"), (hoa, "Hoa")):
        pages.log_in(name)
        tokens[name] = re.findall(r'"X-CSRF-Token": "(\w+)"', pages.get("/nhiem-vu").text)[0]
    content = filled(lan, {(1, "Ghi chú"): "x"})
    name = plan_of(send(lan, content, csrf=tokens["Lan"]).text)
    assert nga.submit("/nhap-lai/ghi", csrf=tokens["Nga"], plan=name).status_code == 404
    assert send(hoa, content, csrf=tokens["Hoa"]).status_code == 403
    assert hoa.get("/nhap-lai").status_code == 403
    assert lan.submit("/nhap-lai/ghi", csrf=tokens["Nga"], plan=name).status_code == 403
    with office.store() as store:
        assert store.events() == []
    assert lan.submit("/nhap-lai/ghi", csrf=tokens["Lan"], plan=name).status_code == 200


def test_a_foreign_form_is_not_even_read(office: Workspace) -> None:
    pages = Pages(office)
    assert send(pages, b"x", csrf="0" * 64).status_code == 403
    elsewhere = {"Origin": "http://x.example"}
    sent = pages.post("/nhap-lai/xem", data={"csrf": pages.csrf}, files={"file": ("x", b"x")}, headers=elsewhere)
    assert sent.status_code == 403


def test_old_plans_make_room(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_plans, "MOST_KEPT", 1)
    pages = Pages(office)
    content = filled(pages, {(1, "Ghi chú"): "x"})
    first, second = (plan_of(send(pages, content).text) for _ in range(2))
    assert pages.submit("/nhap-lai/ghi", plan=first).status_code == 404
    monkeypatch.setattr(import_plans, "KEPT_SECONDS", -1.0)
    assert pages.submit("/nhap-lai/ghi", plan=second).status_code == 404


def test_a_plan_is_still_there_when_the_pages_were_started_again(office: Workspace) -> None:
    before = Pages(office)
    content = filled(before, {(1, "Ghi chú"): "theo tệp", (2, "Trạng thái"): "Hoàn thành", (2, "Ngày hoàn thành"): datetime(2024, 3, 10)})
    with office.store() as store:
        store.edit(1, who="Nga", note="theo Nga")
    name = plan_of(send(before, content).text)
    assert (office.imports.stat().st_mode & 0o777, [path.stat().st_mode & 0o777 for path in office.imports.iterdir()]) == (0o700, [0o600])
    after = Pages(office)
    assert "theo tệp" in after.get(f"/nhap-lai/xem?plan={name}").text
    assert "Đã ghi 3 thay đổi" in after.submit("/nhap-lai/ghi", plan=name, take="0").text
    with office.store() as store:
        assert (store.task(1).task.note, store.task(2).task.status) == ("theo tệp", "done")
    assert after.get(f"/nhap-lai/xem?plan={name}").status_code == 404
    assert list(office.imports.iterdir()) == []


@pytest.mark.parametrize("name", ["", "x", "../dondoc", "..%2f..%2fdondoc.toml", "a" * 32])
def test_no_other_file_is_a_plan(office: Workspace, name: str) -> None:
    assert Pages(office).get(f"/nhap-lai/xem?plan={name}").status_code == 404


def test_many_changes_are_shown_page_by_page_and_written_together(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_pages, "PAGE", 2)
    pages = Pages(office)
    values = {(number, heading): f"ghi {number}" for number in (1, 2, 3) for heading in ("Ghi chú", "Tiến độ giải quyết")}
    page = send(pages, filled(pages, values)).text
    name, shown = plan_of(page), []
    for number in (1, 2, 3):
        text = pages.get(f"/nhap-lai/xem?plan={name}&page={number}").text
        assert f"Trang {number}/3" in text
        shown += re.findall(r'class="new">(ghi \d)<', text)
    assert sorted(shown) == ["ghi 1", "ghi 1", "ghi 2", "ghi 2", "ghi 3", "ghi 3"]
    assert "Trang 3/3" in pages.get(f"/nhap-lai/xem?plan={name}&page=99").text
    assert "Đã ghi 6 thay đổi" in pages.submit("/nhap-lai/ghi", plan=name).text
