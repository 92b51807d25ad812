"""Inbox and documents in a real browser, worked with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browser import PATIENCE, assert_accessible, drop, opened, served, type_date
from paper_pdf import keep, write_pdf
from playwright.sync_api import Browser, Page, expect

from dondoc import workspace as workspaces
from dondoc.workspace import Workspace

expect.set_options(timeout=PATIENCE * 1000)


@dataclass(frozen=True)
class Desk:
    """One workspace and its served pages for all tests of this module; each brings its own document."""

    workspace: Workspace
    address: str
    chromium: Browser

    def opened(self, **how: Any) -> AbstractContextManager[Page]:
        return opened(self.chromium, self.address, **how)


@pytest.fixture(scope="module")
def desk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    place, _ = workspaces.create(tmp_path_factory.mktemp("browser") / "so-noi-vu")
    place.settings_path.write_text("[inbox]\nsettle_seconds = 0\n[processing]\nworkers = 1\n", "utf-8")
    (place.quarantine / "hong.pdf").write_bytes(b"x")
    with served(place) as address:
        yield Desk(place, address, chromium)


def settled(page: Page) -> None:
    """Wait until htmx has answered."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling')")


def press(page: Page, *keys: str) -> None:
    """Keys, one after another; ``type:words`` types."""
    for key in keys:
        if key.startswith("type:"):
            page.keyboard.type(key.removeprefix("type:"))
        else:
            page.keyboard.press(key)
        settled(page)


def test_from_the_dropped_file_to_the_task_done(desk: Desk, tmp_path: Path) -> None:
    paper = write_pdf(tmp_path / "cong van 1520.pdf")
    with desk.opened() as page:
        page.goto("/hop-thu")
        broken = tmp_path / "không phải.pdf"
        broken.write_text("chỉ là chữ", "utf-8")
        drop(page, "#drop", paper, broken)
        expect(page.locator("#sending")).to_contain_text("đã vào hộp thư")
        link = page.get_by_role("link", name="Công văn 1520/UBND-NC")
        expect(link).to_be_visible()
        assert not list(desk.workspace.inbox.glob("*.p*"))
        expect(page.get_by_role("row").filter(has_text="không phải.pdf")).to_contain_text("nội dung không phải PDF")
        assert_accessible(page)
        link.focus()
        press(page, "Enter")
        task = page.locator("article.task").first
        expect(task).to_contain_text("Kiểm tra việc chấp hành kỷ luật")
        number = int(task.get_attribute("data-task") or 0)

        # Three actions: open the lead, name it, save.
        press(page, "j", "k")
        page.keyboard.press("l")
        page.keyboard.type("so tai ch")
        expect(page.get_by_role("option", name="Sở Tài chính", exact=True)).to_be_visible()
        press(page, "Enter")
        press(page, "Enter")
        expect(task.locator("dd").first).to_have_text("Sở Tài chính")

        press(page, "h")
        expect(task.locator("input[name=due]")).to_be_focused()
        type_date(page, date(2026, 7, 15))
        press(page, "Enter")
        expect(task).to_contain_text("15/07/2026")

        press(page, "c")
        press(page, "k", "k", "k", "d")
        expect(task.locator(".badge").first).to_contain_text("Hoàn thành")
        with desk.workspace.store() as store:
            row = store.task(number).task
            told = [event.told for event in store.events(row.id)]
        assert (row.lead, str(row.due), row.status, row.needs_review) == (("Sở Tài chính",), "2026-07-15", "done", False)
        assert all(" – Lan: " in sentence for sentence in told)


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
        assert_accessible(page)
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


def test_a_conflict_shows_both_values_and_loses_none(desk: Desk) -> None:
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


@pytest.mark.parametrize("path", ["/hop-thu", "/van-ban", "/van-ban?kiem-tra=1&tu=khong-co"])
def test_pages_are_accessible(desk: Desk, path: str) -> None:
    keep(desk.workspace)
    with desk.opened() as page:
        page.goto(path)
        assert_accessible(page)


def test_without_scripts_files_are_sent_and_tasks_corrected(desk: Desk, tmp_path: Path) -> None:
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
