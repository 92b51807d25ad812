"""The pages Tổng quan and Nhiệm vụ: what they list, what they change, what they refuse."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from pages import Pages, accounts
from tracking_directive import DIRECTIVE, HEADER, RECEIVED, TASKS, make_document, save

from dondoc.web.viewing import span, view_of
from dondoc.workspace import Workspace

SCRIPT = "<script>alert('x')</script>"
LATE = date(2024, 3, 15)


@pytest.fixture
def office(workspace: Workspace) -> Workspace:
    with workspace.store() as store:
        save(store)
        other = replace(HEADER, number=f"9/{SCRIPT}", subject=SCRIPT, issuer=SCRIPT)
        tasks = (replace(TASKS[0], text=f"Báo cáo {SCRIPT}", lead=(f"Ban {SCRIPT}",), confidence=0.2, reasons=(SCRIPT,)),)
        store.save(make_document("b" * 64), replace(DIRECTIVE, header=other, tasks=tasks), file_name=f"{SCRIPT}.pdf", received_at=RECEIVED)
    return workspace


def listed(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'name="id" value="(\d+)"', page)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [1, 4, 2, 3]),
        ("order=-due", [2, 4, 1, 3]),
        ("words=danh+muc+thu+tuc", [2]),
        ("words=danh+m%E1%BB%A5c", [2]),
        ("agency=S%E1%BB%9F+N%E1%BB%99i+v%E1%BB%A5&order=newest", [3, 2, 1]),
        ("agency=Thanh+tra+t%E1%BB%89nh", [3]),
        ("agency=S%E1%BB%9F+T%C3%A0i+ch%C3%ADnh&role=lead", []),
        ("state=no_deadline", [3]),
        ("state=no_deadline&state=done", [3]),
        ("state=overdue&document=07/KH", [1, 2]),
        ("from=2024-06-01&to=2024-06-30", [2]),
        ("period=issued&from=2024-01-05&to=2024-01-05", [1, 4, 2, 3]),
        ("period=issued&to=2024-01-04", []),
        ("needs_review=1", [4]),
        ("removed=1", []),
        ("upcoming=30", []),
    ],
)
def test_each_list_has_an_address(office: Workspace, query: str, ids: list[int]) -> None:
    page = Pages(office).get(f"/nhiem-vu?{query}")
    assert page.status_code == 200
    assert listed(page.text) == ids


@pytest.mark.parametrize(
    "query",
    ["state=x", "from=30/6/2024", "from=2024-06-30&to=2024-06-01", "page=0", "page=x", "order=x", "period=x", "quick=x", "upcoming=-1"],
)
def test_an_address_that_makes_no_sense_is_told(office: Workspace, query: str) -> None:
    page = Pages(office).get(f"/nhiem-vu?{query}")
    assert page.status_code == 400
    assert 'role="alert"' in page.text


@pytest.mark.parametrize(
    ("quick", "first", "last"),
    [
        ("tuan-nay", date(2026, 2, 23), date(2026, 3, 1)),
        ("thang-nay", date(2026, 2, 1), date(2026, 2, 28)),
        ("quy-nay", date(2026, 1, 1), date(2026, 3, 31)),
        ("nam-nay", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_quick_periods(quick: str, first: date, last: date) -> None:
    assert span(quick, date(2026, 2, 25)) == (first, last)
    wanted = view_of({"quick": quick, "period": "completed"}, date(2026, 2, 25)).wanted
    assert (wanted.completed_from, wanted.completed_to) == (first, last)


def test_headings_and_pages_keep_the_filter() -> None:
    view = view_of({"words": "báo cáo & tổng hợp", "page": "3", "size": "100", "order": ""})
    assert (view.wanted.offset, view.wanted.limit) == (200, 100)
    again = view_of(dict([part.split("=") for part in view.url(order="-due").partition("?")[2].replace("+", "%20").split("&")]) | {})
    assert again.wanted.order == "-due"
    assert view.url(page=4).endswith("size=100&page=4")
    assert view.url(words=None) == "/nhiem-vu?size=100"


@pytest.mark.parametrize("path", ["/", "/nhiem-vu", "/nhiem-vu/4", "/nhiem-vu?words=%3Cscript%3E", "/nhiem-vu?agency=%22%3E%3Cscript%3E"])
def test_text_from_a_scan_is_never_markup(office: Workspace, path: str) -> None:
    page = Pages(office).get(path)
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert not re.search(r"\son\w+=|\sstyle=", page.text)


def test_the_overview_counts_and_leads_to_the_lists(office: Workspace) -> None:
    pages = Pages(office)
    page = pages.get("/").text
    tiles = {
        address.replace("&amp;", "&"): int(count) for address, count in re.findall(r'class="tile[^"]*" href="([^"]+)"><strong>(\d+)', page)
    }
    assert tiles["/nhiem-vu?state=overdue"] == 3
    assert tiles["/nhiem-vu?needs_review=1"] == 1
    for address, count in tiles.items():
        if address.startswith("/nhiem-vu"):
            assert len(listed(pages.get(address).text)) == count, address
    assert "Sở Nội vụ" in page


def test_an_empty_office_is_told_where_to_begin(workspace: Workspace) -> None:
    page = Pages(workspace).get("/").text
    assert "Chưa có văn bản nào" in page
    assert 'href="/hop-thu"' in page


def test_many_are_changed_as_one_act_and_taken_back(office: Workspace) -> None:
    pages = Pages(office)
    sent = pages.submit("/nhiem-vu/doi?state=overdue", id=["1", "2"], status="done", on="2024-03-10", note="theo báo cáo 5")
    assert sent.headers["location"] == "/nhiem-vu?state=overdue&page=1"
    with office.store() as store:
        assert [store.task(number).task.completed_on for number in (1, 2, 3)] == [date(2024, 3, 10), date(2024, 3, 10), None]
        action = store.last_action(1)
        assert {event.who for event in store.events(1)} == {"Lan"}
    pages.submit("/nhiem-vu/hoan-tac", action=str(action))
    with office.store() as store:
        assert {store.task(number).task.status for number in (1, 2)} == {"open"}


def test_many_are_not_changed_over_what_somebody_did_meanwhile(office: Workspace) -> None:
    pages = Pages(office)
    seen = re.search(r'name="expected" value="(\d+)"', pages.get("/nhiem-vu").text)
    assert seen is not None
    with office.store() as store:
        store.mark_done(2, date(2024, 3, 9), "Minh <b>")
    answer = pages.submit("/nhiem-vu/doi", id=["1", "2"], percent="40", expected=seen[1], headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#list"
    assert "Chưa đổi nhiệm vụ nào: " in answer.text
    assert "Minh &lt;b&gt; sửa trạng thái của nhiệm vụ 2" in answer.text
    assert re.findall(r'value="(\d)" checked', answer.text) == ["1", "2"]
    with office.store() as store:
        assert store.task(1).task.percent is None
    again = re.search(r'name="expected" value="(\d+)"', answer.text)
    assert again is not None
    assert pages.submit("/nhiem-vu/doi", id=["1", "2"], percent="40", expected=again[1]).status_code == 303


def test_all_that_is_listed_can_be_changed_without_marking(office: Workspace) -> None:
    Pages(office).submit("/nhiem-vu/doi?state=overdue&document=07/KH", all="1", percent="40")
    with office.store() as store:
        assert [store.task(number).task.percent for number in (1, 2, 3, 4)] == [40, 40, None, None]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"id": "1"},
        {"id": "1", "on": "2024-03-10"},
        {"id": "1", "status": "x"},
        {"id": "1", "percent": "101"},
        {"id": "1", "due": "30/6/2024"},
        {"id": "1; DROP TABLE tasks", "percent": "5"},
    ],
    ids=str,
)
def test_a_change_that_makes_no_sense_changes_nothing(office: Workspace, form: dict[str, str]) -> None:
    assert Pages(office).submit("/nhiem-vu/doi", **form).status_code == 400
    with office.store() as store:
        assert store.events() == []


def test_a_task_is_followed_up_on_its_page(office: Workspace) -> None:
    pages = Pages(office)
    pages.submit("/nhiem-vu/1/trang-thai", status="in_progress", percent="30", note="đang xin ý kiến")
    pages.submit("/nhiem-vu/1/gia-han", act="ask", until="2024-04-30", note="thiếu số liệu")
    pages.submit("/nhiem-vu/1/gia-han", act="grant", until="2024-04-20")
    with office.store() as store:
        task = store.task(1).task
        assert (task.due, task.first_due, task.status) == (date(2024, 4, 20), LATE, "in_progress")
    page = pages.get("/nhiem-vu/1").text
    assert "đầu tiên 15/03/2024" in page
    assert "thiếu số liệu" in page
    newest = re.findall(r'name="action" value="(\d+)"', page)[0]
    pages.submit("/nhiem-vu/1/hoan-tac", action=newest)
    with office.store() as store:
        assert store.task(1).task.due == LATE


def test_each_lead_has_its_own_standing(office: Workspace) -> None:
    pages = Pages(office)
    assert "Từng đơn vị chủ trì" in pages.get("/nhiem-vu/3").text
    pages.submit("/nhiem-vu/3/trang-thai", status="done", on="2024-02-01", agency="Thanh tra tỉnh")
    with office.store() as store:
        assert store.task(3).task.status == "open"
        assert [(share.agency, share.status) for share in store.task(3).shares] == [("Thanh tra tỉnh", "done")]
    pages.submit("/nhiem-vu/3/trang-thai", status="done", on="2024-02-05", agency="Sở Nội vụ")
    with office.store() as store:
        assert store.task(3).task.completed_on == date(2024, 2, 5)


def test_a_newer_edit_is_not_overwritten(office: Workspace) -> None:
    pages = Pages(office)
    seen = re.findall(r'name="expected" value="(\d+)"', pages.get("/nhiem-vu/1").text)[0]
    with office.store() as store:
        store.edit(1, who="Nga", note="đã gọi điện")
    late = pages.submit("/nhiem-vu/1/trang-thai", status="done", expected=seen)
    assert late.status_code == 409
    assert "Nga" in late.text
    with office.store() as store:
        assert store.task(1).task.status == "open"


def test_a_removed_task_comes_back(office: Workspace) -> None:
    with office.store() as store:
        store.remove(2, "Nga")
    pages = Pages(office)
    assert listed(pages.get("/nhiem-vu").text) == [1, 4, 3]
    assert listed(pages.get("/nhiem-vu?removed=1").text) == [2]
    assert "Khôi phục" in pages.get("/nhiem-vu/2").text
    pages.submit("/nhiem-vu/2/khoi-phuc")
    assert listed(pages.get("/nhiem-vu").text) == [1, 4, 2, 3]


@pytest.mark.parametrize("path", ["/nhiem-vu/99", "/nhiem-vu/x", "/nhiem-vu/1/ky/5"])
def test_what_is_not_there(office: Workspace, path: str) -> None:
    assert Pages(office).get(path).status_code in (404, 405)


@pytest.mark.parametrize("path", ["/nhiem-vu/doi", "/nhiem-vu/1/trang-thai", "/nhiem-vu/1/gia-han", "/nhiem-vu/hoan-tac"])
def test_who_may_only_look_changes_nothing(office: Workspace, path: str) -> None:
    accounts(office, Lan="admin", Nga="view")
    pages = Pages(office, login=True)
    pages.log_in("Nga")
    token = re.findall(r'"X-CSRF-Token": "(\w+)"', pages.get("/nhiem-vu").text)[0]
    assert pages.submit(path, csrf=token, id="1", status="done", action="1", act="grant", until="2025-01-01").status_code == 403
    assert 'name="id"' not in pages.get("/nhiem-vu").text
    with office.store() as store:
        assert store.events() == []


def test_departments_and_their_lists(office: Workspace) -> None:
    pages = Pages(office)
    page = pages.get("/don-vi").text
    assert "Sở Nội vụ" in page
    assert "<script>" not in page
    for order in ("agency", "percent", "total"):
        assert pages.get(f"/don-vi?order={order}").status_code == 200
    assert pages.get("/don-vi?order=x").status_code == 400
    listing = pages.get("/don-vi/danh-sach?ten=so+noi+vu").text
    assert "DANH MỤC NHIỆM VỤ ĐƯỢC GIAO" in listing
    assert re.findall(r'href="/nhiem-vu/(\d+)"', listing) == ["1", "2", "3"]
    assert "Tổng số 3 nhiệm vụ" in listing
    assert "Không có nhiệm vụ nào" in pages.get("/don-vi/danh-sach").text
    assert pages.get("/don-vi/danh-sach?ten=khong+co").status_code == 404


def test_several_leads_are_done_at_once(office: Workspace) -> None:
    pages = Pages(office)
    with office.store() as store:
        store.assign(1, who="An", lead=["Sở Nội vụ", "Sở Y tế", "Sở Tư pháp"])
    assert 'name="agency" value="Sở Y tế" form="parts"' in pages.get("/nhiem-vu/1").text
    pages.submit("/nhiem-vu/1/phan-viec", agency=["Sở Nội vụ", "Sở Y tế"], on="2024-03-01", note="BC 7")
    with office.store() as store:
        assert [(share.agency, share.status, share.note) for share in store.task(1).shares] == [
            ("Sở Nội vụ", "done", "BC 7"),
            ("Sở Y tế", "done", "BC 7"),
        ]
        store.undo(store.last_action(1) or 0, "An")
        assert store.task(1).shares == ()
    assert pages.submit("/nhiem-vu/1/phan-viec", on="2024-03-01").status_code == 400


def test_times_of_a_recurring_task(office: Workspace) -> None:
    pages = Pages(office)
    with office.store() as store:
        store.edit(1, who="An", recurrence="monthly", due="2023-12-15")
        before, first, second = store.occurrences(1, date(2024, 2, 28))
    page = pages.get("/nhiem-vu/1").text
    assert page.count("Theo dõi từ kỳ này</button>") == 1
    pages.submit("/nhiem-vu/1/gia-han", act="grant", until="2024-03-01", occurrence=str(second.id))
    pages.submit(f"/nhiem-vu/1/ky/{before.id}", status="open")
    with office.store() as store:
        assert [(one.status, one.due) for one in store.occurrences(1, date(2024, 2, 28))] == [
            ("open", before.due), ("open", first.due), ("in_progress", date(2024, 3, 1)),
        ]  # fmt: skip
    assert "đã gia hạn đến 01/03/2024" in pages.get("/nhiem-vu/1").text
    pages.submit("/nhiem-vu/1/theo-doi-tu", since="2024-02-01")
    with office.store() as store:
        assert [one.status for one in store.occurrences(1, date(2024, 2, 28))] == ["not_followed", "not_followed", "in_progress"]
    assert pages.submit("/nhiem-vu/1/theo-doi-tu", since="").status_code == 400


def test_a_corrected_header_is_taken_back(office: Workspace) -> None:
    pages = Pages(office)
    assert "/van-ban/1/hoan-tac" not in pages.get("/van-ban/1").text
    with office.store() as store:
        number = store.document(1).number
        store.edit_document(1, who="An", number="99/KH-UBND")
    (action,) = re.findall(r'action="/van-ban/1/hoan-tac".*?name="action" value="(\d+)"', pages.get("/van-ban/1").text)
    pages.submit("/van-ban/1/hoan-tac", action=action)
    assert pages.submit("/van-ban/1/hoan-tac", action=action).status_code == 400
    with office.store() as store:
        assert store.document(1).number == number
