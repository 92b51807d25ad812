"""The pages of departments: their own part done, other names, members and heirs, the office's own list."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pages import Pages, accounts
from tracking_directive import DIRECTIVE, HEADER, RECEIVED, TASKS, make_document, save

from dondoc.web import departments
from dondoc.workspace import Workspace
from extract.gazetteer_files import own_agencies

SCRIPT = "<script>alert('x')</script>"
GROUP = "khối đê điều"


@pytest.fixture
def office(workspace: Workspace) -> Workspace:
    with workspace.store() as store:
        save(store)
        tasks = (
            replace(TASKS[0], text="Rà soát hạ tầng số.", lead=("Sở Thông tin và Truyền thông",)),
            replace(TASKS[0], path="2", text=f"Báo cáo {SCRIPT}", lead=(f"Ban {SCRIPT}",)),
            replace(TASKS[0], path="3", text="Kiểm tra đê.", lead=(GROUP,)),
        )
        other = replace(DIRECTIVE, header=replace(HEADER, number="9/CV"), tasks=tasks)
        store.save(make_document("b" * 64), other, file_name="b.pdf", received_at=RECEIVED)
    return workspace


def own_list(workspace: Workspace) -> Path:
    return workspace.root / "agencies.csv"


def edit(pages: Pages, name: str, **fields: str) -> int:
    page = pages.get(f"/don-vi/ho-so?ten={quote(name)}").text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    form = {"ten": name, "seen": seen[1], "level": "province"} | dict.fromkeys(("aliases", "members", "valid_to", "successor"), "")
    return pages.submit("/don-vi/ho-so/ghi", **(form | fields)).status_code


def told(workspace: Workspace) -> list[str]:
    with workspace.store() as store:
        return [f"{act.who}: {act.told[0]}" for act in reversed(store.history()) if act.subject]


def test_a_department_marks_its_own_part(office: Workspace) -> None:
    pages = Pages(office)
    page = pages.get("/don-vi/danh-sach?ten=so+noi+vu").text
    assert re.findall(r'name="id" value="(\d+)"', page) == ["1", "2", "3"]
    seen = re.findall(r'name="(seen-\d+)" value="(\d+)"', page)
    form: dict[str, Any] = {"ten": "Sở Nội vụ", "id": ["1", "3"], "on": "2024-02-01", "note": "báo cáo 12"} | dict(seen)
    done = pages.submit("/don-vi/danh-sach/hoan-thanh", **form).text
    assert "Đã ghi hoàn thành 2 nhiệm vụ" in done
    with office.store() as store:
        assert (store.task(1).task.status, store.task(3).task.status) == ("done", "open")
        assert [(share.agency, share.status, share.note) for share in store.task(3).shares] == [("Sở Nội vụ", "done", "báo cáo 12")]
    assert re.findall(r'name="id" value="(\d+)"', pages.get("/don-vi/danh-sach?ten=so+noi+vu").text) == ["2"]
    assert done.count("phần của đơn vị") == 1
    actions = re.findall(r'name="action" value="(\d+)"', done)
    pages.submit("/don-vi/danh-sach/hoan-tac", ten="Sở Nội vụ", action=actions)
    with office.store() as store:
        assert (store.task(1).task.status, store.task(3).shares) == ("open", ())


def test_a_long_list_comes_in_pages(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages(office)
    whole = re.findall(
        r'<td class="n">(\d+)</td>\s*<td class="text"><a href="/nhiem-vu/(\d+)"', pages.get("/don-vi/danh-sach?ten=so+noi+vu").text
    )
    assert [number for number, _ in whole] == ["1", "2", "3"]
    monkeypatch.setattr(departments, "ON_A_PAGE", 2)
    first, last, beyond = (pages.get(f"/don-vi/danh-sach?ten=so+noi+vu&trang={page}").text for page in (1, 2, 9))
    assert [re.findall(r'<td class="n">(\d+)</td>\s*<td class="text"><a href="/nhiem-vu/(\d+)"', page) for page in (first, last)] == [
        whole[:2],
        whole[2:],
    ]
    assert beyond.count("Trang 2/2") == last.count("Trang 2/2") == 2
    assert "Tổng số 3 nhiệm vụ" in first
    assert ("NGƯỜI LẬP" in first, "NGƯỜI LẬP" in last) == (False, True)
    assert 'href="/don-vi/danh-sach?ten=S%E1%BB%9F%20N%E1%BB%99i%20v%E1%BB%A5&amp;trang=2" rel="next"' in first
    assert pages.get("/don-vi/danh-sach?ten=so+noi+vu&trang=x").status_code == 400
    done = pages.submit("/don-vi/danh-sach/hoan-thanh", ten="Sở Nội vụ", trang="2", id=[whole[2][1]], on="2024-02-01").text
    assert "Trang 2/2" in done


def test_what_others_changed_meanwhile_is_not_overwritten(office: Workspace) -> None:
    pages = Pages(office)
    seen = dict(re.findall(r'name="(seen-\d+)" value="(\d+)"', pages.get("/don-vi/danh-sach?ten=so+noi+vu").text))
    with office.store() as store:
        store.edit(1, who="Nga", note="chờ ý kiến")
    page = pages.submit("/don-vi/danh-sach/hoan-thanh", ten="Sở Nội vụ", id=["1", "2"], on="2024-02-01", **seen).text
    assert "Đã ghi hoàn thành 1 nhiệm vụ" in page
    assert "Nhiệm vụ 1:" in page
    assert "Nga" in page
    with office.store() as store:
        assert (store.task(1).task.status, store.task(2).task.status) == ("open", "done")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"ten": "Sở Nội vụ"}, 400),
        ({"id": "1"}, 400),
        ({"ten": "Sở Nội vụ", "id": "x"}, 400),
        ({"ten": "Sở Nội vụ", "id": "1", "on": "1/2/2024"}, 400),
        ({"ten": "Sở không có", "id": "1"}, 404),
        ({"ten": "Sở Y tế", "id": "3"}, 200),
    ],
    ids=str,
)
def test_what_makes_no_sense_marks_nothing(office: Workspace, form: dict[str, str], status: int) -> None:
    assert Pages(office).submit("/don-vi/danh-sach/hoan-thanh", **form).status_code == status
    with office.store() as store:
        assert store.events() == []


def test_heirs_are_named_where_the_paper_names_who_was_before(office: Workspace) -> None:
    pages = Pages(office)
    page = pages.get("/don-vi/danh-sach?ten=so+khoa+hoc+va+cong+nghe").text
    assert "giao: Sở Thông tin và Truyền thông → hiện nay: Sở Khoa học và Công nghệ" in page
    profile = pages.get("/don-vi/ho-so?ten=so+thong+tin+va+truyen+thong").text
    assert re.search(r"giao: Sở Thông tin và Truyền thông → hiện nay: <a [^>]+>Sở Khoa học và Công nghệ</a>", profile)


def test_a_group_gets_members_and_its_task_goes_to_them(office: Workspace) -> None:
    pages = Pages(office)
    assert edit(pages, GROUP, members="Sở Y tế\nSở  Nội vụ\n\n") == 303
    assert "khối đê điều,,,,,,,Sở Y tế|Sở Nội vụ" in own_list(office).read_text("utf-8-sig")
    assert "Kiểm tra đê." in pages.get("/don-vi/danh-sach?ten=so+y+te").text
    assert told(office) == [
        f"Lan: sửa danh mục cơ quan cơ quan là «{GROUP}»",
        "Lan: sửa danh mục cơ quan thành viên là «Sở Y tế; Sở Nội vụ»",
    ]
    assert "Sở Y tế" in pages.get(f"/don-vi/ho-so?ten={quote(GROUP)}").text
    assert edit(pages, GROUP, act="forget") == 303
    assert own_agencies(own_list(office)) == ()
    assert len(list((office.root / "sao-luu").iterdir())) == 2


def test_the_members_of_a_known_group_are_there_to_be_corrected(office: Workspace) -> None:
    with office.store() as store:
        task = replace(TASKS[0], text="Báo cáo.", lead=("các sở, ban, ngành",))
        store.save(make_document("c" * 64), replace(DIRECTIVE, tasks=(task,)), file_name="c.pdf", received_at=RECEIVED)
    pages = Pages(office)
    address = f"/don-vi/ho-so?ten={quote('các sở, ban, ngành')}"
    page = pages.get(address).text
    assert page.count(">Sở Nội vụ</a>") == 1  # before and after the reform of 2025
    assert ">Sở Giao thông vận tải</a>" in page
    offered = re.findall(r'<textarea name="members"[^>]*>([^<]*)</textarea>', pages.get(f"{address}&sua=1").text)[0].splitlines()
    assert "Sở Nội vụ" in offered
    assert "Sở Giao thông vận tải" not in offered
    edit(pages, "các sở, ban, ngành", members="Sở Nội vụ\nSở Y tế")
    with office.store() as store:
        assert [member.name for member in store.agency_profile("các sở, ban, ngành").members] == ["Sở Nội vụ", "Sở Y tế"]
        (number,) = [row.id for row in store.tasks() if row.text == "Báo cáo."]
        assert store.responsible_departments(number) == ["Sở Nội vụ", "Sở Y tế"]


def test_another_name_is_known_at_once(office: Workspace) -> None:
    pages = Pages(office)
    assert pages.get("/don-vi/ho-so?ten=nha+snv").status_code == 200  # an administrator may add it
    assert edit(pages, "Sở Nội vụ", aliases="Nhà SNV") == 303
    page = pages.get("/don-vi/ho-so?ten=nha+snv").text
    assert "<h1>Sở Nội vụ</h1>" in page
    with office.store() as store:
        assert store.department_name("nhà snv") == "Sở Nội vụ"
        assert [row.agency for row in store.department_summary() if fold_same(row.agency)] == ["Sở Nội vụ"]


def fold_same(name: str) -> bool:
    return name.casefold() == "sở nội vụ"


def test_who_goes_on_is_decided(office: Workspace) -> None:
    pages = Pages(office)
    assert edit(pages, "Ban đê cũ", valid_to="2024-06-30", successor="Sở Xây dựng") == 303
    (own,) = own_agencies(own_list(office))
    assert (own.valid_to, own.successor) == (date(2024, 6, 30), "Sở Xây dựng")
    assert edit(pages, "Sở Xây dựng", valid_to="2025-06-30", successor="Ban đê cũ") == 400
    assert edit(pages, "Ban đê cũ", valid_to="2024-06-30", successor="Sở Nội vụ") == 303
    assert own_agencies(own_list(office))[0].successor == "Sở Nội vụ"


def test_undecided_bodies_are_asked_for(office: Workspace) -> None:
    with office.store() as store:
        task = replace(TASKS[0], text="Rà soát đất đai.", lead=("UBND huyện Đức Thọ",))
        header = replace(HEADER, number="10/CV", issuer="UBND tỉnh Hà Tĩnh")
        store.save(make_document("c" * 64), replace(DIRECTIVE, header=header, tasks=(task,)), file_name="c.pdf", received_at=RECEIVED)
    pages = Pages(office)
    page = pages.get("/don-vi").text
    assert "Cần quyết định cơ quan kế thừa" in page
    assert "UBND huyện Đức Thọ</a> (1)" in page
    profile = pages.get("/don-vi/ho-so?ten=UBND+huy%E1%BB%87n+%C4%90%E1%BB%A9c+Th%E1%BB%8D").text
    assert "cần quyết định" in profile
    assert 'href="/nhiem-vu?undecided=1"' in profile


@pytest.mark.parametrize(
    "fields",
    [
        {"ten": ""},
        {"ten": "# Ban"},
        {"ten": "=Ban"},
        {"aliases": "Một|Hai"},
        {"members": "+cmd"},
        {"level": "liên xã"},
        {"valid_to": "hôm nay"},
        {"successor": "Sở Nội vụ"},
        {"aliases": "x" * 400},
    ],
    ids=str,
)
def test_what_extraction_would_not_read_is_refused(office: Workspace, fields: dict[str, str]) -> None:
    before = own_list(office).read_bytes()
    assert edit(Pages(office), "Ban A", **fields) == 400
    assert own_list(office).read_bytes() == before
    assert told(office) == []


def test_somebody_else_was_quicker(office: Workspace) -> None:
    pages = Pages(office)
    own_list(office).write_text("tên\nTrạm A\n", "utf-8")
    assert edit(pages, "Trạm B") == 303
    assert edit(pages, "Trạm C", seen="0" * 64) == 409
    assert [own.name for own in own_agencies(own_list(office))] == ["Trạm A", "Trạm B"]


def test_what_somebody_wrote_by_hand_stays(office: Workspace) -> None:
    text = "tên;cấp;đến ngày;ghi chú;tên khác\r\n# của Lan\r\nTrạm A;tỉnh;30/6/2030;hỏi Nga;\r\n"
    own_list(office).write_text(text, "utf-8", newline="")
    assert edit(Pages(office), "Trạm A", valid_to="2030-06-30", aliases="TA") == 303
    assert own_list(office).read_bytes().decode() == text.replace("hỏi Nga;", "hỏi Nga;TA")


@pytest.mark.parametrize("path", ["/don-vi", "/don-vi/danh-sach?ten={}", "/don-vi/ho-so?ten={}", "/don-vi/ho-so?ten=%22%3E{}"])
def test_text_from_a_scan_is_never_markup(office: Workspace, path: str) -> None:
    page = Pages(office).get(path.format(quote(f"Ban {SCRIPT}")))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert not re.search(r"\son\w+=|\sstyle=", page.text)


def test_roles_and_foreign_forms(office: Workspace) -> None:
    accounts(office, Lan="admin", Nga="update", Hoa="view")
    before = own_list(office).read_bytes()
    for name, marks in (("Nga", 400), ("Hoa", 403)):
        pages = Pages(office, login=True)
        pages.log_in(name)
        token = re.findall(r'"X-CSRF-Token": "(\w+)"', pages.get("/don-vi").text)[0]
        assert pages.get("/don-vi/ho-so?ten=so+noi+vu").status_code == 200
        assert "Danh mục riêng" not in pages.get("/don-vi/ho-so?ten=so+noi+vu").text
        assert pages.get("/don-vi/ho-so?ten=khong+co").status_code == 404
        assert pages.submit("/don-vi/ho-so/ghi", csrf=token, ten="Ban A", seen="", level="province").status_code == 403
        assert pages.submit("/don-vi/danh-sach/hoan-tac", csrf=token, ten="Sở Nội vụ").status_code == marks
    assert own_list(office).read_bytes() == before
    assert Pages(office).submit("/don-vi/ho-so/ghi", csrf="0" * 64, ten="Ban A").status_code == 403
