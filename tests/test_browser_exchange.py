"""Lists, exports and workbooks in a real browser; what a screen reader finds on each page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import PATIENCE, assert_accessible, opened, served
from openpyxl import load_workbook
from pages import PASSWORD, accounts
from playwright.sync_api import Browser, Page, expect
from pypdfium2 import PdfDocument
from tracking_directive import save

from dondoc import workspace as workspaces
from dondoc.workspace import Workspace

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    place, _ = workspaces.create(tmp_path_factory.mktemp("so") / "so-noi-vu")
    with place.store() as store:
        save(store)
    return place


@pytest.fixture(scope="module")
def address(office: Workspace) -> Iterator[str]:
    with served(office) as url:
        yield url


def saved(page: Page, link: str, folder: Path) -> Path:
    """What a link lets one keep, under the name that it gives."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def fill_in(path: Path, values: dict[tuple[int, str], object]) -> None:
    """As a person would in a spreadsheet program: (task, heading) → value."""
    workbook = load_workbook(path)
    sheet = workbook["Nhiệm vụ"]
    head = next(row for row in sheet.iter_rows() if any(cell.value == "Mã nhiệm vụ" for cell in row))
    columns = {cell.value: number for number, cell in enumerate(head, 1)}
    rows = {sheet.cell(number, columns["Mã nhiệm vụ"]).value: number for number in range(head[0].row + 1, sheet.max_row + 1)}
    for (task, heading), value in values.items():
        sheet.cell(rows[task], columns[heading]).value = value  # type: ignore[assignment]
    workbook.save(path)


def test_from_the_filter_to_the_workbook_and_back(office: Workspace, address: str, chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, address) as page:
        page.goto("/nhiem-vu")
        rows = page.locator("#list tbody tr")
        expect(rows).to_have_count(3)
        page.get_by_label("Lời văn").or_(page.locator("form.filters input[name=words]")).first.fill("danh muc")
        page.keyboard.press("Enter")
        expect(rows).to_have_count(1)
        assert "words=danh" in page.url
        page.goto("/nhiem-vu")
        page.get_by_role("link", name=re.compile("^Thời hạn")).click()
        expect(rows.first).to_contain_text("30/06/2024")

        page.keyboard.press("a")
        many = page.locator("fieldset.many")
        expect(many).to_contain_text("3 nhiệm vụ đã chọn")
        assert_accessible(page)
        many.get_by_label("Trạng thái").select_option("done")
        many.get_by_role("button", name="Ghi").click()
        expect(page.get_by_text("Đã đổi 3 nhiệm vụ.")).to_be_visible()
        expect(page.locator("#list .badge.done_late, #list .badge.done_on_time")).to_have_count(3)
        page.keyboard.press("u")
        expect(page.get_by_text("Đã hoàn tác ở 3 nhiệm vụ.")).to_be_visible()

        book = saved(page, "Excel", tmp_path)
        assert book.name.startswith("Danh mục nhiệm vụ ")
        fill_in(book, {(1, "Ghi chú"): "đã gọi điện", (2, "Hoàn thành (%)"): 60})
        with office.store() as store:
            store.edit(1, who="Nga", note="chờ ý kiến")
        page.goto("/nhiem-vu")
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
        with office.store() as store:
            assert (store.task(1).task.note, store.task(2).task.percent) == ("đã gọi điện", 60)
        page.keyboard.press("u")
        expect(page.get_by_text("Đã hoàn tác ở 2 nhiệm vụ.")).to_be_visible()
        with office.store() as store:
            assert (store.task(1).task.note, store.task(2).task.percent) == ("chờ ý kiến", None)


def test_a_department_from_its_list_to_the_printed_sheet(office: Workspace, address: str, chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, address) as page:
        page.goto("/don-vi")
        page.get_by_role("link", name="Sở Nội vụ", exact=True).click()
        assert saved(page, "Phiếu giao việc", tmp_path).name.startswith("Phiếu giao việc Sở Nội vụ")
        page.get_by_role("checkbox", name="Chọn nhiệm vụ 3").check()
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
        expect(page.get_by_role("checkbox", name="Chọn nhiệm vụ 3")).to_be_visible()


def test_lists_and_exports_work_without_scripts(address: str, chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, address, scripts=False) as page:
        page.goto("/nhiem-vu?words=bao+cao")
        assert saved(page, "CSV", tmp_path).read_bytes().startswith(b"\xef\xbb\xbf")
        page.goto("/don-vi/danh-sach?ten=so+noi+vu")
        page.get_by_role("checkbox", name="Chọn nhiệm vụ 1").check()
        page.get_by_role("button", name="Ghi hoàn thành").click()
        page.get_by_role("button", name="Hoàn tác").click()
        expect(page.get_by_role("checkbox", name="Chọn nhiệm vụ 1")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nhiem-vu",
        "/nhiem-vu/1",
        "/don-vi",
        "/don-vi/danh-sach?ten=so+noi+vu",
        "/don-vi/ho-so?ten=so+noi+vu",
        "/nhap-lai",
        "/nhac-viec",
        "/nhac-viec/ban-nhac?ten=so+noi+vu",
        "/sql",
    ],
)
def test_pages_are_accessible(address: str, chromium: Browser, path: str) -> None:
    with opened(chromium, address) as page:
        page.goto(path)
        assert_accessible(page)


def test_pages_behind_a_login_are_accessible(office: Workspace, chromium: Browser) -> None:
    accounts(office, Lan="admin", Nga="view")
    with served(office, login=True) as address, opened(chromium, address) as page:
        page.goto("/nguoi-dung")
        assert_accessible(page)
        page.get_by_label("Tên người dùng").fill("Lan")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Người dùng", exact=True)).to_be_visible()
        assert_accessible(page)
        page.goto("/mat-khau")
        assert_accessible(page)
