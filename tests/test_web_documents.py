"""Văn bản: the list, the paper beside its tasks, and everything that can be done to a task there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages import Pages, accounts
from paper_pdf import BOXES, keep, write_pdf
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from tracking_directive import DIRECTIVE, HEADER, TASKS, make_document, save

from dondoc.web.document_view import archived_file
from dondoc.web.pictures import DPI, PageToDraw, Pictures, _Drawer
from dondoc.workspace import Workspace
from ingest.errors import DamagedFile
from tracking import TaskRow

HX = {"hx-request": "true"}


@pytest.fixture
def pages(workspace: Workspace) -> Pages:
    return Pages(workspace)


def tasks_in(workspace: Workspace) -> list[TaskRow]:
    with workspace.store() as store:
        return store.tasks()


def first_task(workspace: Workspace) -> TaskRow:
    return min(tasks_in(workspace), key=lambda row: row.id)


def form_of(html: str) -> dict[str, str]:
    """The fields of a task's form as a browser would send them."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    found |= dict(re.findall(r'name="(lead|coordinating|due|deadline_text|percent|note|completed_on)"[^>]* value="([^"]*)"', html))
    found |= dict(re.findall(r'name="(due|completed_on|percent|note|deadline_text)" value="([^"]*)"', html))
    found["text"] = re.search(r"<textarea[^>]*>([^<]*)", html)[1]  # type: ignore[index]
    found["status"] = re.search(r'<option value="(\w+)" selected', html)[1]  # type: ignore[index]
    return found


class TestList:
    def test_newest_first_with_what_is_to_be_checked(self, workspace: Workspace, pages: Pages) -> None:
        keep(workspace, name="cu.pdf")
        with workspace.store() as store:
            header = replace(HEADER, number=None, subject="<script>alert(1)</script>", type="Chỉ thị")
            save(
                store,
                replace(DIRECTIVE, header=header, tasks=(replace(TASKS[0], lead=(), confidence=0.2, reasons=("Chưa rõ.",)),)),
                make_document("b" * 64),
            )
        page = pages.get("/van-ban").text
        assert page.index("Chỉ thị chưa rõ số") < page.index("Kế hoạch 07/KH-UBND")
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        checked = pages.get("/van-ban?kiem-tra=1").text
        assert "Chỉ thị chưa rõ số" in checked
        assert "07/KH-UBND" not in checked

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("tu=tiep cong dan", 1),
            ("tu=Tiếp công dân", 1),
            ("tu=07/kh", 1),
            ("tu=kh07.pdf", 1),
            ("tu=khong co chu nay", 0),
            ('tu="%2527) OR 1=1 --', 0),
            ("loai=Kế hoạch", 1),
            ("loai=Chỉ thị", 0),
            ("trang=99", 1),
            ("trang=x", 1),
        ],
    )
    def test_filters(self, workspace: Workspace, pages: Pages, query: str, found: int) -> None:
        keep(workspace)
        assert f"{found} văn bản" in pages.get(f"/van-ban?{query}").text

    def test_long_lists_have_pages_that_keep_the_filter(self, workspace: Workspace, pages: Pages) -> None:
        with workspace.store() as store:
            for number in range(51):
                save(store, replace(DIRECTIVE, tasks=()), make_document(f"{number:064x}", ("Một dòng.",)))
        page = pages.get("/van-ban?loai=K%E1%BA%BF+ho%E1%BA%A1ch").text
        assert "Trang 1/2" in page
        last = re.search(r'rel="next" href="([^"]+)"', page)
        assert last
        assert pages.get(last[1].replace("&amp;", "&")).text.count("<tr>") == 2  # the heading and one document


class TestPaper:
    def test_the_picture_and_the_lines_of_tasks(self, workspace: Workspace, pages: Pages) -> None:
        page = pages.get(f"/van-ban/{keep(workspace)}").text
        box = BOXES[8]
        assert f'<rect data-line="1" class="t" x="{box[0] - 2}" y="{box[1] - 1}"' in page
        address = re.search(r'<img src="([^"]+)"', page)
        assert address
        drawn = pages.get(address[1])
        assert drawn.headers["cache-control"] == "private, max-age=31536000, immutable"
        picture = Image.open(BytesIO(drawn.content))
        assert (picture.format, picture.width, picture.height) == ("WEBP", 910, 1287)
        assert pages.get(address[1], headers={"if-none-match": drawn.headers["etag"]}).status_code == 304
        large = Image.open(BytesIO(pages.get(f"{address[1]}&lon=1").content))
        assert large.width == 1654

    def test_pages_far_down_come_when_they_are_scrolled_to(self, workspace: Workspace, pages: Pages) -> None:
        document = keep(workspace, pages=8)
        page = pages.get(f"/van-ban/{document}").text
        assert f'hx-get="/van-ban/{document}/trang/7" hx-trigger="intersect once"' in page
        assert "hx-get" not in pages.get(f"/van-ban/{document}/trang/7").text
        assert pages.get(f"/van-ban/{document}/trang/9").status_code == 404

    def test_text_without_a_picture_is_shown_as_text(self, workspace: Workspace, pages: Pages) -> None:
        with workspace.store() as store:
            document = save(store, document=replace(make_document(texts=("<b>một</b>", "hai", "ba")), kind="text")).document_id
        page = pages.get(f"/van-ban/{document}").text
        assert '<li data-line="1" value="1" class="t">&lt;b&gt;một&lt;/b&gt;</li>' in page
        assert "<img" not in page
        assert pages.get(f"/van-ban/{document}/trang/1.webp").status_code == 404

    @pytest.mark.parametrize("number", [0, 2, 99999])
    def test_no_picture_of_a_page_that_is_not_there(self, workspace: Workspace, pages: Pages, number: int) -> None:
        keep(workspace)
        assert pages.get(f"/van-ban/1/trang/{number}.webp").status_code == 404

    @pytest.mark.parametrize(
        "path", ["../outside.pdf", "/etc/passwd", "archive/../../outside.pdf", "archive/link.pdf", "", "archive", "a\0b"]
    )
    def test_no_file_outside_the_workspace_is_given_out(self, workspace: Workspace, pages: Pages, path: str) -> None:
        document = keep(workspace)
        outside = write_pdf(workspace.root.parent / "outside.pdf")
        (workspace.archive / "link.pdf").symlink_to(outside)
        with workspace.store() as store:
            store.note_files(document, path, path)
        assert archived_file(workspace, path) is None
        for part in ("tep", "tra-cuu", "trang/1.webp"):
            assert pages.get(f"/van-ban/{document}/{part}").status_code == 404

    def test_files_are_handed_over_and_never_shown(self, workspace: Workspace, pages: Pages) -> None:
        answer = pages.get(f"/van-ban/{keep(workspace, name='công văn.pdf')}/tep")
        assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''c%C3%B4ng")
        assert answer.content.startswith(b"%PDF")

    def test_a_damaged_file_is_told_and_the_next_page_drawn(self, workspace: Workspace) -> None:
        bad = workspace.archive / "bad.pdf"
        bad.write_bytes(b"%PDF-1.4 nothing")
        good = write_pdf(workspace.archive / "good.pdf")
        pictures = Pictures(workspace)
        try:
            with pytest.raises(DamagedFile):
                pictures.picture(PageToDraw(bad, "a" * 64, "pdf", 1))
            assert pictures.picture(PageToDraw(good, "b" * 64, "pdf", 1)).is_file()
        finally:
            pictures.stop()
        assert not list(pictures.folder.rglob("*.tmp"))


@pytest.mark.parametrize(("rotation", "skew"), [(0, 0.0), (90, 0.0), (180, 0.0), (270, 0.0), (0, 2.0)])
def test_boxes_of_the_upright_page_lie_on_its_picture(tmp_path: Path, rotation: int, skew: float) -> None:
    """A mark at a known place of the upright page, drawn as it lies on a sheet that was turned the other way."""
    width, height = (842, 595) if rotation in (90, 270) else (595, 842)
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(width, height))
    canvas.translate(width / 2, height / 2)
    canvas.rotate(rotation + skew)  # counterclockwise here, so that turning it clockwise makes it upright
    canvas.translate(-595 / 2, -842 / 2)
    canvas.rect(100, 842 - 130, 200, 30, fill=1)  # the box (100, 100, 300, 130) of the upright page
    canvas.showPage()
    canvas.save()
    target = tmp_path / "a.webp"
    assert _Drawer().draw(PageToDraw(tmp_path / "a.pdf", "a" * 64, "pdf", 1, rotation, skew), target)
    dark = np.argwhere(np.asarray(Image.open(target).convert("L")) < 128)
    top, left = dark.min(0) * 72 / DPI
    bottom, right = dark.max(0) * 72 / DPI
    assert (left, top, right, bottom) == pytest.approx((100, 100, 300, 130), abs=2)


class TestActs:
    def test_one_act_corrects_many_fields_and_one_undo_takes_them_back(self, workspace: Workspace, pages: Pages) -> None:
        document = keep(workspace)
        before = first_task(workspace)
        base = f"/van-ban/{document}/nhiem-vu/{before.id}"
        sent = form_of(pages.get(f"{base}/sua").text) | {
            "lead": "Sở Y tế;  Sở Xây dựng ;",
            "due": "2024-04-01",
            "percent": "40",
            "confirm": "1",
        }
        answer = pages.post(f"{base}/sua", data=sent, headers=HX)
        assert answer.status_code == 200
        assert 'id="counts"' in answer.text
        after = first_task(workspace)
        assert (after.lead, after.due, after.percent, after.text) == (("Sở Y tế", "Sở Xây dựng"), date(2024, 4, 1), 40, before.text)
        with workspace.store() as store:
            assert len({event.action for event in store.events(before.id)}) == 1
        assert pages.submit(f"{base}/hoan-tac").status_code == 303
        assert replace(first_task(workspace), last_event=0, lead_now=()) == replace(before, last_event=0, lead_now=())

    def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_overwritten(self, workspace: Workspace, pages: Pages) -> None:
        document = keep(workspace)
        task = first_task(workspace)
        base = f"/van-ban/{document}/nhiem-vu/{task.id}"
        form = form_of(pages.get(f"{base}/sua").text)
        with workspace.store() as store:
            store.edit(task.id, who="Minh", due="2024-05-05", note="<i>gọi</i>")
        answer = pages.post(f"{base}/sua", data=form | {"due": "2024-06-06"}, headers=HX)
        assert (answer.status_code, answer.headers["hx-retarget"]) == (409, f"#nv-{task.id}")
        for words in ("Minh", "05/05/2024", "06/06/2024", "&lt;i&gt;gọi&lt;/i&gt;"):
            assert words in answer.text
        assert first_task(workspace).due == date(2024, 5, 5)
        again = form_of(answer.text)
        assert (again["due"], again["was-due"]) == ("2024-06-06", "2024-05-05")
        assert pages.post(f"{base}/sua", data=again, headers=HX).status_code == 200
        after = first_task(workspace)
        assert (after.due, after.note) == (date(2024, 6, 6), "<i>gọi</i>")

    @pytest.mark.parametrize(
        ("change", "words"),
        [({"due": "2024-13-45"}, "không phải ngày"), ({"percent": "140"}, "từ 0 đến 100"), ({"text": " "}, "không được để trống")],
    )
    def test_a_wrong_value_keeps_the_form_and_changes_nothing(
        self, workspace: Workspace, pages: Pages, change: dict[str, str], words: str
    ) -> None:
        document = keep(workspace)
        task = first_task(workspace)
        base = f"/van-ban/{document}/nhiem-vu/{task.id}"
        form = form_of(pages.get(f"{base}/sua").text)
        answer = pages.post(f"{base}/sua", data=form | {"note": "giữ lại"} | change, headers=HX)
        assert answer.status_code == 400
        assert words in answer.text
        assert 'value="giữ lại"' in answer.text
        assert first_task(workspace) == task

    def test_done_confirmed_divided_joined_removed(self, workspace: Workspace, pages: Pages) -> None:
        document = keep(workspace)
        first, second, third = sorted(row.id for row in tasks_in(workspace))
        base = f"/van-ban/{document}/nhiem-vu"
        for act in ("xac-nhan", "hoan-thanh"):
            assert pages.submit(f"{base}/{first}/{act}").status_code == 303
        assert (first_task(workspace).status, first_task(workspace).completed_on) == ("done", date.today())
        assert pages.submit(f"{base}/{second}/tach", texts="Việc một\r\n\r\nViệc hai").status_code == 303
        assert len(tasks_in(workspace)) == 4
        pages.submit(f"{base}/{third}/gop", **{"with": str(second)})
        pages.submit(f"{base}/{first}/xoa")
        assert {row.text.split(";")[0] for row in tasks_in(workspace)} == {"Việc một", "Việc hai"}
        removed = pages.get(f"{base}/{first}")
        assert removed.status_code == 404

    def test_a_task_of_another_document_is_not_reached(self, workspace: Workspace, pages: Pages) -> None:
        keep(workspace)
        task = first_task(workspace)
        other = keep(workspace, name="khac.pdf")
        assert pages.submit(f"/van-ban/{other}/nhiem-vu/{task.id}/hoan-thanh").status_code == 404

    def test_lines_of_the_paper_become_a_task(self, workspace: Workspace, pages: Pages) -> None:
        document = keep(workspace)
        form = pages.get(f"/van-ban/{document}/them?trang=1&tu=2&den=3").text
        assert "Cập nhật danh mục" in form
        assert "Thường xuyên kiểm tra" in form
        pages.submit(
            f"/van-ban/{document}/them", text="Việc mới", page="1", line_first="2", line_last="3", lead="Sở Y tế", due="2024-07-01"
        )
        added = next(row for row in tasks_in(workspace) if row.text == "Việc mới")
        assert (added.lead, added.due, added.page, added.lines) == (("Sở Y tế",), date(2024, 7, 1), 1, (2, 3))

    def test_without_the_right_or_the_token_nothing_is_done(self, workspace: Workspace) -> None:
        document = keep(workspace)
        task = first_task(workspace)
        accounts(workspace, Lan="view")
        owner, viewer = Pages(workspace), Pages(workspace, login=True)
        viewer.log_in("Lan")
        token = viewer.csrf
        acts = ("sua", "xac-nhan", "hoan-thanh", "tach", "gop", "xoa", "hoan-tac")
        for path in (*(f"nhiem-vu/{task.id}/{act}" for act in acts), "them", "thong-tin"):
            address = f"/van-ban/{document}/{path}"
            assert owner.submit(address, csrf="0" * 64).status_code == 403
            assert viewer.submit(address, csrf=token, texts="a\nb", text="x", number="1").status_code == 403
        assert "data-act" not in viewer.get(f"/van-ban/{document}").text
        assert first_task(workspace) == task

    def test_history_tells_each_change_once(self, workspace: Workspace, pages: Pages) -> None:
        document = keep(workspace)
        task = first_task(workspace)
        with workspace.store() as store:
            store.edit(task.id, who="Minh", note="<u>x</u>")
        told = pages.get(f"/van-ban/{document}/nhiem-vu/{task.id}/lich-su").text
        assert "Minh: sửa ghi chú là «&lt;u&gt;x&lt;/u&gt;»" in told
        assert told.count("hoan-tac") == 2  # one form: its action twice


class TestHeader:
    def test_only_changed_fields_are_corrected(self, workspace: Workspace, pages: Pages) -> None:
        document = keep(workspace)
        page = pages.get(f"/van-ban/{document}?sua=phan-dau").text
        sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        answer = pages.submit(f"/van-ban/{document}/thong-tin", **{k: v for k, v in sent.items() if k != "csrf"} | {"number": "08/KH-UBND"})
        assert answer.headers["location"] == f"/van-ban/{document}"
        with workspace.store() as store:
            assert store.document(document).number == "08/KH-UBND"
            changed = store.query("SELECT field, old_value, new_value FROM office_events").rows
        assert changed == (("number", "07/KH-UBND", "08/KH-UBND"),)

    def test_a_number_written_by_hand_is_typed_in_beside_its_warning(self, workspace: Workspace, pages: Pages) -> None:
        warnings = ("Số văn bản viết tay hoặc khó đọc (trang 1, dòng 3), cần nhập lại theo bản gốc.", "Trang 2 <mờ>.")
        with workspace.store() as store:
            save(store, replace(DIRECTIVE, header=replace(HEADER, number=None), warnings=warnings))
        page = pages.get("/van-ban/1").text
        form = page[page.index('id="warnings"') :].partition("</form>")[0]
        assert "viết tay" in form
        assert "Trang 2 &lt;mờ&gt;." in form
        assert set(re.findall(r'name="(\w+)"', form)) == {"csrf", "expected", "number"}
        pages.submit("/van-ban/1/thong-tin", expected="0", number="07/KH-UBND")
        page = pages.get("/van-ban/1").text
        assert "viết tay" not in page
        assert "Trang 2 &lt;mờ&gt;." in page
        assert "Kế hoạch 07/KH-UBND" in page
        assert pages.submit("/van-ban/1/doi-chieu").headers["location"] == "/van-ban/1"
        assert 'id="warnings"' not in pages.get("/van-ban/1").text

    def test_a_newer_correction_is_not_overwritten(self, workspace: Workspace, pages: Pages) -> None:
        document = keep(workspace)
        with workspace.store() as store:
            store.edit_document(document, who="Minh", number="09/KH-UBND")
            store.edit_document(document, who="Minh", signer="Lê Văn Hai")
        ours = {"was-number": "07/KH-UBND", "number": "10/KH-UBND", "was-signer": "Ai đó", "signer": "Ai đó"}
        answer = pages.submit(f"/van-ban/{document}/thong-tin", expected="0", **ours)
        assert answer.status_code == 409
        assert "Minh" in answer.text
        cells = re.findall(r"<td>([^<]*)</td>", answer.text)
        assert cells == ["Số, ký hiệu", "09/KH-UBND", "10/KH-UBND"]  # what both changed, and nothing else
        again = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', answer.text))
        assert (again["number"], again["signer"]) == ("10/KH-UBND", "Lê Văn Hai")
        again.pop("csrf")
        assert pages.submit(f"/van-ban/{document}/thong-tin", **again).status_code == 303
        with workspace.store() as store:
            now = store.document(document)
        assert (now.number, now.signer) == ("10/KH-UBND", "Lê Văn Hai")

    def test_what_is_no_date_keeps_the_form(self, workspace: Workspace, pages: Pages) -> None:
        document = keep(workspace)
        answer = pages.submit(f"/van-ban/{document}/thong-tin", number="11/KH-UBND", date="31/12")
        assert answer.status_code == 400
        assert 'value="11/KH-UBND"' in answer.text
        assert "người khác" not in answer.text


class TestAgencies:
    @pytest.mark.parametrize(
        ("typed", "name"),
        [("so noi", "Sở Nội vụ"), ("Sở Nội v", "Sở Nội vụ"), ("SNV", "Sở Nội vụ"), ("noi vu so", "Sở Nội vụ"), ("so y t", "Sở Y tế")],
    )
    def test_the_likeliest_comes_first(self, pages: Pages, typed: str, name: str) -> None:
        found: list[dict[str, Any]] = pages.get("/co-quan", params={"q": typed}).json()
        assert found[0]["name"] == name
        assert len(found) <= 12

    @pytest.mark.parametrize("typed", ["", "   ", "'; DROP TABLE agencies; --", "%", "_" * 500, "🙂"])
    def test_odd_input_finds_nothing(self, pages: Pages, typed: str) -> None:
        assert pages.get("/co-quan", params={"q": typed}).json() == []

    def test_the_form_offers_what_the_paper_may_mean(self, workspace: Workspace, pages: Pages) -> None:
        with workspace.store() as store:
            task = replace(TASKS[0], alternatives=(("Sở Nội vụ", ("Sở Ngoại vụ", 'Thanh tra "tỉnh"')),))
            document = save(store, replace(DIRECTIVE, tasks=(task,))).document_id
        html = pages.get(f"/van-ban/{document}/nhiem-vu/{first_task(workspace).id}/sua").text
        offer = re.search(r'name="lead"[^>]*data-offer="([^"]*)"', html)
        assert offer
        listed = json.loads(offer[1].replace("&#34;", '"').replace("&amp;", "&"))
        assert listed == [{"name": "Sở Ngoại vụ", "note": "có thể là"}, {"name": 'Thanh tra "tỉnh"', "note": "có thể là"}]
