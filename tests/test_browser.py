"""The pages in a real browser, behind a login: the clerk's whole way by keyboard, what a screen reader finds, paper, lists, workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browser import PATIENCE, assert_accessible, opened, served, settled, type_date
from openpyxl import load_workbook
from pages import PASSWORD, accounts
from paper_pdf import keep, write_pdf
from playwright.sync_api import Browser, Locator, Page, expect
from pypdfium2 import PdfDocument
from starlette.applications import Starlette
from starlette.routing import Route
from tracking_directive import DIRECTIVE, HEADER, make_document, save

from dondoc import workspace as workspaces
from dondoc.web.app import create_app
from dondoc.workspace import Workspace

expect.set_options(timeout=PATIENCE * 1000)


@dataclass(frozen=True)
class Desk:
    """One workspace and its served pages for all tests; each brings its own document. ``state``: Lan, an administrator, is logged in."""

    workspace: Workspace
    address: str
    chromium: Browser
    state: Any

    def opened(self, **how: Any) -> AbstractContextManager[Page]:
        return opened(self.chromium, self.address, **({"state": self.state} | how))


@pytest.fixture(scope="module")
def desk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    place, _ = workspaces.create(tmp_path_factory.mktemp("browser") / "so-noi-vu")
    place.settings_path.write_text("[inbox]\nsettle_seconds = 0\n[processing]\nworkers = 1\n", "utf-8")
    (place.quarantine / "hong.pdf").write_bytes(b"x")
    with place.store() as store:
        save(store)
    accounts(place, Lan="admin", Nga="view")
    with served(place, login=True) as address:
        with opened(chromium, address) as page:
            page.goto("/hop-thu")
            expect(page.get_by_label("Tên người dùng")).to_be_focused()
            assert_accessible(page)
            press(page, "type:lan", "Tab", f"type:{PASSWORD}", "Enter")
            expect(page).to_have_url(re.compile("/hop-thu$"))
            state = page.context.storage_state()
        yield Desk(place, address, chromium, state)


def press(page: Page, *keys: str) -> None:
    """Keys, one after another; ``type:words`` types."""
    for key in keys:
        if key.startswith("type:"):
            page.keyboard.type(key.removeprefix("type:"))
        else:
            page.keyboard.press(key)
        settled(page)


def tab_to(page: Page, target: Locator) -> None:
    """Tab until the target has the focus."""
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is out of reach of the keyboard")


def saved(page: Page, link: str, folder: Path) -> Path:
    """What a link lets one keep, under the name that it gives; reached and pressed by keyboard."""
    tab_to(page, page.get_by_role("link", name=link, exact=True))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def table_of(path: Path) -> tuple[Any, dict[str, int], dict[int, int]]:
    """The sheet of tasks in a workbook, its columns by heading, its rows by task."""
    sheet = load_workbook(path)["Nhiệm vụ"]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "Mã nhiệm vụ" for cell in row))
    columns = {str(cell.value): number for number, cell in enumerate(head, 1)}
    rows = {sheet.cell(number, columns["Mã nhiệm vụ"]).value: number for number in range(head[0].row + 1, sheet.max_row + 1)}
    return sheet, columns, rows


def test_a_clerks_whole_way_by_keyboard_alone(desk: Desk, tmp_path: Path) -> None:
    paper = write_pdf(tmp_path / "cong van 1520.pdf")
    broken = tmp_path / "không phải.pdf"
    broken.write_text("chỉ là chữ", "utf-8")
    with desk.opened() as page:
        page.goto("/hop-thu")
        tab_to(page, page.locator("input[type=file]"))
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Space")
        chooser.value.set_files([paper, broken])
        expect(page.locator("#sending")).to_contain_text("đã vào hộp thư")
        expect(page.locator(".reading li").first).to_be_visible()
        link = page.get_by_role("link", name="Công văn 1520/UBND-NC")
        expect(link).to_be_visible()
        expect(page.get_by_role("row").filter(has_text="không phải.pdf")).to_contain_text("nội dung không phải PDF")
        assert not list(desk.workspace.inbox.glob("*.p*"))
        tab_to(page, link)
        press(page, "Enter")
        task = page.locator("article.task").first
        expect(task).to_contain_text("Kiểm tra việc chấp hành kỷ luật")
        number = int(task.get_attribute("data-task") or 0)

        press(page, "j", "k")
        page.keyboard.press("l")
        page.keyboard.type("so tai ch")
        expect(page.get_by_role("option", name="Sở Tài chính", exact=True)).to_be_visible()
        press(page, "Enter", "Enter")
        expect(task.locator("dd").first).to_have_text("Sở Tài chính")
        press(page, "h")
        expect(task.locator("input[name=due]")).to_be_focused()
        type_date(page, date(2026, 7, 15))
        press(page, "Enter")
        expect(task).to_contain_text("15/07/2026")
        press(page, "c")
        press(page, "k", "k", "k", "d")
        expect(task.locator(".badge").first).to_contain_text("Hoàn thành")

        press(page, "/", "type:kiem tra chap hanh", "Enter")
        expect(page).to_have_url(re.compile("words=kiem"))
        expect(page.locator("#list tbody tr")).to_have_count(1)
        book = saved(page, "Excel", tmp_path)
        with desk.workspace.store() as store:
            row = store.task(number).task
            told = [event.told for event in store.events(number)]
    assert (row.lead, str(row.due), row.status, row.needs_review) == (("Sở Tài chính",), "2026-07-15", "done", False)
    assert all(" – Lan: " in sentence for sentence in told)
    sheet, _, rows = table_of(book)
    assert list(rows) == [number]
    cells = [getattr(cell.value, "date", lambda value=cell.value: value)() for cell in sheet[rows[number]]]
    assert {"Sở Tài chính", date(2026, 7, 15), date.today()} <= set(cells)


@pytest.mark.parametrize(
    ("keys", "lead", "due"),
    [
        pytest.param(["l", "ArrowDown", "Control+Enter"], "Sở Ngoại vụ", "2024-03-15", id="the lead that the paper may mean"),
        pytest.param(["l", "type:so tai ch", "Control+Enter"], "Sở Tài chính", "2024-03-15", id="another lead"),
        pytest.param(["h", "date:2026-07-15", "Enter"], "Sở Nội vụ", "2026-07-15", id="the deadline"),
        pytest.param(["c"], "Sở Nội vụ", "2024-03-15", id="nothing wrong"),
    ],
)
def test_one_task_is_corrected_and_confirmed_in_three_actions(desk: Desk, keys: list[str], lead: str, due: str) -> None:
    """A key (with the ones held) is an action, filling in one field is one; the page has chosen the first doubtful task by itself."""
    document = keep(desk.workspace, name=f"{'-'.join(keys)[:20]}.pdf".replace(":", ""), doubtful=("Sở Nội vụ", ("Sở Ngoại vụ",)))
    assert len(keys) <= 3
    with desk.opened() as page:
        page.goto(f"/van-ban/{document}")
        task = page.locator("article.now.doubtful")
        number = int(task.get_attribute("data-task") or 0)
        for key in keys:
            if key.startswith("date:"):
                type_date(page, date.fromisoformat(key.removeprefix("date:")))
            else:
                press(page, key)
            if key in ("l", "h"):
                expect(page.locator("[name=lead]:focus, [name=due]:focus")).to_have_count(1)
            elif key.startswith("type:"):
                expect(page.locator("[role=option][aria-selected=true]")).to_have_text(lead)
        expect(page.locator(f"#nv-{number}.doubtful")).to_have_count(0)
    with desk.workspace.store() as store:
        row = store.task(number).task
    assert (row.lead, str(row.due), row.needs_review) == ((lead,), due, False)


def test_the_paper_and_its_tasks_show_each_other(desk: Desk) -> None:
    document = keep(desk.workspace, name="nhin.pdf")
    with desk.opened() as page:
        page.goto(f"/van-ban/{document}")
        expect(page.locator(".sheet img")).to_have_js_property("naturalWidth", 910)
        press(page, "j")
        assert page.locator("article.now").get_attribute("data-lines") == "1:2-2"
        assert page.locator("rect.now").get_attribute("data-line") == "2"
        page.locator("rect[data-line='3']").click()
        assert page.locator("article.now").get_attribute("data-lines") == "1:3-3"
        press(page, "e")
        assert_accessible(page)
        press(page, "Escape", "x", "Escape", "?")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert_accessible(page)


def test_tasks_are_divided_joined_removed_and_all_taken_back(desk: Desk) -> None:
    document = keep(desk.workspace, name="tach.pdf")
    with desk.opened() as page:
        page.goto(f"/van-ban/{document}")
        tasks = page.locator("article.task")
        press(page, "j", "k", "x")
        press(page, "Home", "ArrowRight", "ArrowRight", "Enter", "Control+Enter")
        expect(tasks).to_have_count(4)
        press(page, "j", "m")
        expect(tasks).to_have_count(3)
        press(page, "u")
        expect(tasks).to_have_count(4)
        for _ in range(2):
            press(page, "Delete")
            expect(tasks).to_have_count(3)
            press(page, "u")
            expect(tasks).to_have_count(4)
        press(page, "Delete")
        expect(tasks).to_have_count(3)
        page.get_by_role("button", name="Hoàn tác", exact=True).click()
        expect(tasks).to_have_count(4)


def test_number_and_day_written_by_hand_are_typed_in_at_the_top(desk: Desk) -> None:
    header = replace(HEADER, number=None, date=None, about=date(2024, 1, 1))
    warnings = ("Số văn bản viết tay hoặc khó đọc (trang 1, dòng 3), cần nhập lại theo bản gốc.", "Không đọc được ngày ban hành văn bản.")
    with desk.workspace.store() as store:
        document = save(store, replace(DIRECTIVE, header=header, warnings=warnings), make_document("e" * 64)).document_id
    with desk.opened() as page:
        page.goto(f"/van-ban/{document}")
        expect(page.locator("#warnings")).to_be_in_viewport()
        assert_accessible(page)
        press(page, "i", "type:09/KH-UBND", "Tab")
        type_date(page, date(2024, 1, 15))
        press(page, "Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Kế hoạch 09/KH-UBND")
        expect(page.locator("#warnings")).to_have_count(0)
    with desk.workspace.store() as store:
        row = store.document(document)
        assert (row.number, row.date, row.status) == ("09/KH-UBND", date(2024, 1, 15), "ok")


@pytest.mark.parametrize(("locale", "said"), [("en-US", "ngày 05/06/2026"), ("vi-VN", None)])
def test_a_day_is_said_as_offices_write_it_where_the_browser_writes_the_month_first(desk: Desk, locale: str, said: str | None) -> None:
    document = keep(desk.workspace, name=f"ngay-{locale}.pdf")
    with desk.opened(locale=locale) as page:
        page.goto(f"/van-ban/{document}")
        press(page, "j", "h")
        type_date(page, date(2026, 6, 5))
        hint = page.locator("input[name=due] + .said-day")
        if said is None:
            expect(hint).to_have_count(0)
        else:
            expect(hint).to_have_text(said)
            page.goto("/nhiem-vu?from=2026-06-05")
            expect(page.locator("input[name=from] + .said-day")).to_have_text(said)


def test_a_conflict_shows_both_values_loses_none_and_can_be_settled(desk: Desk) -> None:
    document = keep(desk.workspace, name="xung-dot.pdf")
    with desk.opened(expected=(409,)) as page:
        page.goto(f"/van-ban/{document}")
        press(page, "j", "k", "h")
        task = page.locator("article.now")
        number = int(task.get_attribute("data-task") or 0)
        with desk.workspace.store() as store:
            store.edit(number, who="Minh", due="2026-01-31", note="đã gọi điện")
        type_date(page, date(2026, 2, 28))
        press(page, "Enter")
        expect(task.get_by_role("alert")).to_contain_text("Minh")
        expect(task.get_by_role("row").filter(has_text="hạn")).to_contain_text("31/01/2026")
        expect(task.locator("input[name=due]")).to_have_value("2026-02-28")
        expect(task.locator("input[name=note]")).to_have_value("đã gọi điện")
        task.locator("input[name=due]").focus()
        press(page, "Enter")
        with desk.workspace.store() as store:
            row = store.task(number).task
            assert (str(row.due), row.note) == ("2026-02-28", "đã gọi điện")
            store.edit(number, who="Minh", note="chờ trả lời")
        # A key says who was quicker and shows the task as it is by now; once more, and it is done.
        press(page, "d")
        expect(page.locator("#message")).to_contain_text("Minh")
        expect(task).to_contain_text("chờ trả lời")
        press(page, "d")
        expect(task.locator(".badge").first).to_contain_text("Hoàn thành")


def test_a_list_is_changed_at_once_and_a_workbook_comes_back(desk: Desk, tmp_path: Path) -> None:
    list_of_one = "/nhiem-vu?document_id=1"
    with desk.opened() as page:
        page.goto(list_of_one)
        page.get_by_role("link", name=re.compile("^Thời hạn")).click()
        expect(page.locator("#list tbody tr").first).to_contain_text("30/06/2024")
        page.wait_for_load_state()  # keys work once the scripts are there
        page.keyboard.press("a")
        many = page.locator("fieldset.many")
        expect(many).to_contain_text("3 nhiệm vụ đã chọn")
        assert_accessible(page)
        many.get_by_label("Trạng thái").select_option("done")
        many.get_by_role("button", name="Ghi").click()
        expect(page.get_by_text("Đã đổi 3 nhiệm vụ.")).to_be_visible()
        expect(page.locator("#list .badge.done_late, #list .badge.done_on_time")).to_have_count(3)
        settled(page)  # a key pressed before htmx has the new form sends it as browsers do, to a page without the sentence
        page.keyboard.press("u")
        expect(page.get_by_text("Đã hoàn tác ở 3 nhiệm vụ.")).to_be_visible()

        book = saved(page, "Excel", tmp_path)
        assert book.name.startswith("Danh mục nhiệm vụ ")
        sheet, columns, rows = table_of(book)
        sheet.cell(rows[1], columns["Ghi chú"]).value = "đã gọi điện"
        sheet.cell(rows[2], columns["Hoàn thành (%)"]).value = 60
        sheet.parent.save(book)
        with desk.workspace.store() as store:
            store.edit(1, who="Nga", note="chờ ý kiến")
        page.get_by_role("link", name="Nhập lại từ Excel").click()
        page.locator("input[type=file]").set_input_files(book)
        page.get_by_role("button", name="Xem trước thay đổi").click()
        expect(page.get_by_role("heading", name="Xem trước khi nhập")).to_be_visible()
        expect(page.get_by_role("row", name=re.compile("chờ ý kiến"))).to_contain_text("Nga")
        assert_accessible(page)
        page.get_by_role("checkbox", name=re.compile("Ghi chú của nhiệm vụ 1")).check()
        page.get_by_role("button", name=re.compile("^Ghi")).click()
        expect(page.get_by_text("Đã ghi 2 thay đổi.")).to_be_visible()
        assert_accessible(page)
        with desk.workspace.store() as store:
            assert (store.task(1).task.note, store.task(2).task.percent) == ("đã gọi điện", 60)
        page.keyboard.press("u")
        expect(page.get_by_text("Đã hoàn tác ở 2 nhiệm vụ.")).to_be_visible()
        with desk.workspace.store() as store:
            assert (store.task(1).task.note, store.task(2).task.percent) == ("chờ ý kiến", None)


def test_a_department_from_its_list_to_the_printed_sheet(desk: Desk, tmp_path: Path) -> None:
    with desk.opened() as page:
        page.goto("/don-vi")
        page.get_by_role("link", name="Sở Nội vụ", exact=True).click()
        assert saved(page, "Phiếu giao việc", tmp_path).name.startswith("Phiếu giao việc Sở Nội vụ")
        page.get_by_role("checkbox", name="Chọn nhiệm vụ 3", exact=True).check()
        page.get_by_label("Ghi chú", exact=True).fill("báo cáo 12")
        page.get_by_role("button", name="Ghi hoàn thành").click()
        expect(page.get_by_text("Đã ghi hoàn thành 1 nhiệm vụ của Sở Nội vụ.")).to_be_visible()
        sheet = tmp_path / "in.pdf"
        page.pdf(path=sheet, prefer_css_page_size=True)
        with PdfDocument(sheet) as paper:
            assert paper[0].get_size()[0] > paper[0].get_size()[1]  # A4 across
            text = paper[0].get_textpage().get_text_range()
        assert "DANH MỤC NHIỆM VỤ ĐƯỢC GIAO" in text
        for left_out in ("Xuất:", "Ghi hoàn thành", "Hoàn tác", "Tổng quan"):
            assert left_out not in text
        page.get_by_role("button", name="Hoàn tác").click()
        expect(page.get_by_role("checkbox", name="Chọn nhiệm vụ 3", exact=True)).to_be_visible()


def test_members_and_heirs_are_chosen_from_suggestions(desk: Desk) -> None:
    with desk.opened() as page:
        page.goto("/don-vi/ho-so?ten=Khối thi đua số 1")
        more = page.get_by_role("combobox", name="Thêm một thành viên")
        for typed, name in (("so tai ch", "Sở Tài chính"), ("so y t", "Sở Y tế")):
            more.focus()
            page.keyboard.type(typed)
            expect(page.locator("[role=option][aria-selected=true]")).to_have_text(name)
            page.keyboard.press("Enter")
        press(page, "type:Trại giam Đồi Sim")
        expect(page.locator("[role=option]")).to_have_count(0)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Thành viên, mỗi dòng")).to_have_value("Sở Tài chính\nSở Y tế\nTrại giam Đồi Sim")
        heir = page.get_by_role("combobox", name="Cơ quan kế thừa")
        heir.focus()
        page.keyboard.type("so noi v")
        expect(page.locator("[role=option][aria-selected=true]")).to_have_text("Sở Nội vụ")
        page.keyboard.press("Enter")
        expect(heir).to_have_value("Sở Nội vụ")


def test_without_scripts_files_are_sent_tasks_corrected_and_lists_kept(desk: Desk, tmp_path: Path) -> None:
    document = keep(desk.workspace, name="khong-js.pdf")
    paper = tmp_path / "ghi chu.txt"
    paper.write_text("x", "utf-8")
    with desk.opened(scripts=False) as page:
        page.goto("/hop-thu")
        page.set_input_files("input[type=file]", [paper])
        page.get_by_role("button", name="Đưa vào hộp thư").click()
        page.goto(f"/van-ban/{document}")
        page.locator("article.task a.value").first.click()
        page.fill("input[name=lead]", "Sở Y tế; Sở Xây dựng")
        page.get_by_role("button", name="Lưu và xác nhận").click()
        expect(page).to_have_url(re.compile(rf"/van-ban/{document}#nv-\d+$"))
        expect(page.locator("article.task dd").first).to_have_text("Sở Y tế; Sở Xây dựng")
        page.goto("/don-vi/danh-sach?ten=so+noi+vu")
        page.get_by_role("checkbox", name="Chọn nhiệm vụ 1", exact=True).check()
        page.get_by_role("button", name="Ghi hoàn thành").click()
        page.get_by_role("button", name="Hoàn tác").click()
        expect(page.get_by_role("checkbox", name="Chọn nhiệm vụ 1", exact=True)).to_be_visible()


SAMPLES = {"document": "1", "task": "1", "number": "1", "occurrence": "1"}
QUERIES = {
    "/don-vi/danh-sach": "?ten=so+noi+vu",
    "/don-vi/ho-so": "?ten=so+noi+vu",
    "/nhac-viec/ban-nhac": "?ten=Sở Nội vụ",
    "/co-quan": "?q=so",
    "/van-ban/{document:int}/them": "?trang=1&tu=1&den=1",
}
SEEN_ELSEWHERE = {"/nhap-lai/xem"}
"""Only there once a workbook was sent: looked at where that is done."""

FILES = re.compile(r"(\.\w+|\.\{\w+\}|/tep|/tra-cuu|/cach-ly)$")

MORE = (
    "/van-ban?kiem-tra=1&tu=khong-co",
    "/van-ban/1?sua=1",
    "/van-ban/1?sua=phan-dau",
    "/nhiem-vu?words=khong-co&needs_review=1",
    "/don-vi/ho-so?ten=Khối thi đua số 2",
    "/khong-co",
    "/sql/dondoc",
    "/sql/dondoc/qua-han",
    "/sql/dondoc/tasks/1",
)
"""States of pages that have no address of their own, what is not there, and Datasette's."""


def whole_pages(app: Starlette, page: Page) -> Iterator[str]:
    """The address of every page that the application has: of whatever answers GET with a whole HTML page."""
    for route in app.routes:
        if not isinstance(route, Route) or "GET" not in (route.methods or ()) or FILES.search(route.path) or route.path in SEEN_ELSEWHERE:
            continue
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: SAMPLES[found[1]], route.path) + QUERIES.get(route.path, "")
        answer = page.request.get(path)
        assert answer.status == 200, f"{path}: {answer.status}; name a sample of it in SAMPLES or QUERIES"
        if "<html" in answer.text():
            yield path


def test_every_page_is_accessible(desk: Desk) -> None:
    app = create_app(desk.workspace, person="Lan", login=True)
    with desk.opened(expected=(404,)) as page:
        found = list(whole_pages(app, page))
        assert len(found) >= 14
        for path in (*found, *MORE):
            page.goto(path)
            assert_accessible(page)
