"""The page of reminders: what would go out, what went out, and that nothing of a paper becomes markup."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import pytest
from docx import Document
from pages import Pages, accounts
from tracking_directive import DIRECTIVE, TASKS, make_document

from dondoc.workspace import Workspace
from tracking.reminding import Slot

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def office(workspace: Workspace) -> Workspace:
    with workspace.store() as store:
        tasks = (replace(TASKS[0], text=f"Rà soát {SCRIPT}", lead=("Sở Nội vụ",)), replace(TASKS[1], lead=("Sở Y tế",)))
        store.save(make_document(), replace(DIRECTIVE, tasks=tasks), file_name="a.pdf", received_at=datetime(2024, 1, 10))
    return workspace


def test_what_would_go_out_and_what_went_out(office: Workspace) -> None:
    pages = Pages(office)
    page = pages.get("/nhac-viec").text
    assert "1 nhiệm vụ quá hạn" in page
    assert "tệp so-noi-vu.docx" in page
    assert "Chưa nhắc việc lần nào" in page
    assert "/nhac-viec" in pages.get("/don-vi").text
    slot = Slot("Sở Nội vụ", date.today(), "docx")
    with office.store() as store:
        assert store.claim_reminder(slot, "so-noi-vu.docx", "hẹn giờ")
    assert "chưa xong, bắt đầu" in pages.get("/nhac-viec").text
    with office.store() as store:
        store.finish_reminder(slot)
    (office.reminders / date.today().isoformat()).mkdir(parents=True)
    (office.reminders / date.today().isoformat() / "so-noi-vu.docx").write_bytes(b"x")
    page = pages.get("/nhac-viec").text
    assert "hẹn giờ" in page
    assert page.count("Đã nhắc hôm nay") == 1


def test_addresses_are_shown_with_what_is_wrong_in_their_list(office: Workspace) -> None:
    office.settings_path.write_text('[smtp]\nhost = "mail.songlam.example"\nsender = "a@songlam.example"\n', "utf-8")
    (office.root / "thu-dien-tu.csv").write_text("cơ quan,địa chỉ\nSở Nội vụ,snv@songlam.example\nSở Lạ,x@songlam.example\n", "utf-8")
    page = Pages(office).get("/nhac-viec").text
    assert "snv@songlam.example" in page
    assert "không có cơ quan nào tên «Sở Lạ»" in page
    assert "mail.songlam.example" in page


@pytest.mark.parametrize("name", ["Sở Nội vụ", "Tổng hợp"])
def test_a_digest_is_shown_as_it_would_go_out(office: Workspace, name: str) -> None:
    pages = Pages(office)
    page = pages.get("/nhac-viec/ban-nhac", params={"ten": name}).text
    assert "&lt;script&gt;alert(1)" in page
    assert SCRIPT not in page
    assert "[Nhắc việc " in page
    paper = Document(io.BytesIO(pages.get("/nhac-viec/ban-nhac.docx", params={"ten": name}).content))
    assert any(SCRIPT in cell.text for table in paper.tables for row in table.rows for cell in row.cells)


@pytest.mark.parametrize("query", ["", "?ten=", "?ten=khong+co", "?ten=So+Tu+phap"])
def test_who_has_nothing_to_be_told_has_no_digest(office: Workspace, query: str) -> None:
    assert Pages(office).get(f"/nhac-viec/ban-nhac{query}").status_code == 404


def test_only_for_users(office: Workspace) -> None:
    accounts(office, Lan="admin", Hoa="view")
    pages = Pages(office, login=True)
    assert pages.get("/nhac-viec").status_code == 303
    pages.log_in("Hoa")
    assert pages.get("/nhac-viec").status_code == 200
