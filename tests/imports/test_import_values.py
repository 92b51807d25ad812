"""What a person types into the cells of a workbook, and what it means."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from filled_workbooks import AS_OF, FIELD_COLUMN, TODAY, cells_of, change, found
from openpyxl import load_workbook

from tracking import Store, export_xlsx
from tracking.importing import apply, plan


@pytest.mark.parametrize(
    ("name", "typed", "means"),
    [
        ("status", "HOAN THANH", "done"),
        ("status", "Đã hoàn thành", "done"),
        ("status", "hoàn thành đúng hạn", "done"),
        ("status", " đang  thực hiện ", "in_progress"),
        ("status", "trả lại", "returned"),
        ("status", "Dừng", "cancelled"),
        ("due", "30/9/2027", "2027-09-30"),
        ("due", "30-09-2027", "2027-09-30"),
        ("due", "2027-09-30", "2027-09-30"),
        ("due", "2027-09-30 00:00:00", "2027-09-30"),
        ("due", datetime(2027, 9, 30), "2027-09-30"),
        ("due", 46660, "2027-09-30"),
        ("due", None, None),
        ("percent", 50, "50"),
        ("percent", 50.0, "50"),
        ("percent", "50 %", "50"),
        ("percent", "50,0", "50"),
        ("reply_number", 12, "12"),
        ("note", "=1+1 là công thức"[1:], "1+1 là công thức"),
        ("lead", "Sở  Tài chính\nCông an tỉnh", "Sở Tài chính; Công an tỉnh"),
        ("coordinating", None, None),
        ("text", "Ho\u0300a gia\u0309i", "Hòa giải"),
    ],
)
def test_values_are_taken_in_every_form(store: Store, path: Path, name: str, typed: object, means: str | None) -> None:
    more = {(1, "completed_on"): "1/3/2026"} if means == "done" else {}
    proposed = plan(store, change(path, {(1, name): typed} | more), TODAY)
    assert proposed.problems == ()
    assert found(proposed.changes)[1, name] == means


def test_a_percentage_as_the_spreadsheet_has_it(store: Store, path: Path) -> None:
    workbook = load_workbook(path)
    sheet = workbook["Nhiệm vụ"]
    cell = sheet.cell(cells_of(sheet)[1], FIELD_COLUMN["percent"])
    cell.value, cell.number_format = 0.35, "0%"
    workbook.save(path)
    assert found(plan(store, path, TODAY).changes) == {(1, "percent"): "35"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"completed_on": "30/2/2026"}, "không có trong lịch"),
        ({"completed_on": "mai"}, "«mai» không phải ngày"),
        ({"completed_on": "3/4/26"}, "không phải ngày"),
        ({"completed_on": 12}, "không phải ngày"),
        ({"completed_on": "1/7/2026"}, "sau hôm nay"),
        ({"due": "hằng tháng"}, "không phải ngày"),
        ({"status": "Hoàn thành"}, "phải có ngày hoàn thành"),
        ({"status": "Đang thực hiện", "completed_on": "1/3/2026"}, "trạng thái phải là «Hoàn thành»"),
        ({"status": "xong rồi"}, "không có trạng thái «xong rồi»"),
        ({"status": None}, "không được để trống"),
        ({"text": " "}, "không được để trống"),
        ({"percent": 120}, "từ 0 đến 100"),
        ({"percent": 33.5}, "từ 0 đến 100"),
        ({"percent": "một nửa"}, "từ 0 đến 100"),
        ({"percent": "٥"}, "từ 0 đến 100"),
        ({"percent": True}, "TRUE"),
        ({"note": "=1+1"}, "công thức"),
        ({"note": "#REF!"}, "báo lỗi"),
        ({"reply_number": datetime(2026, 3, 12)}, "đã đổi số văn bản thành ngày"),
        ({"lead": ";-;"}, "tên cơ quan"),
    ],
    ids=str,
)
def test_what_cannot_be_taken_is_told_with_its_cell(store: Store, path: Path, values: dict[str, object], message: str) -> None:
    change(path, {(1, name): value for name, value in values.items()} | {(2, "note"): "được"})
    proposed = plan(store, path, TODAY)
    assert found(proposed.changes) == {(2, "note"): "được"}
    (problem,) = proposed.problems
    assert message in problem.message
    assert problem.cell.startswith("Nhiệm vụ!")
    assert problem.task_id == 1


def test_taking_the_day_away_from_what_is_done(store: Store, tmp_path: Path) -> None:
    store.mark_done(1, date(2026, 3, 1), "An")
    path = export_xlsx.export_combined(store, tmp_path / "x.xlsx", AS_OF)
    (problem,) = plan(store, change(path, {(1, "completed_on"): None}), TODAY).problems
    assert "vẫn là «Hoàn thành»" in problem.message
    reopened = plan(store, change(path, {(1, "status"): "Đang thực hiện"}), TODAY)
    assert (found(reopened.changes), reopened.problems) == ({(1, "status"): "in_progress"}, ())
    apply(store, reopened, "An")
    assert store.task(1).task.completed_on is None
    assert plan(store, path, TODAY).changes == ()


def test_words_for_a_deadline_are_no_date_that_was_taken_away(store: Store, path: Path) -> None:
    assert store.task(5).task.due is None
    proposed = plan(store, change(path, {(5, "due"): None, (10, "due"): "31/12/2026"}), TODAY)
    assert (found(proposed.changes), proposed.problems) == ({(10, "due"): "2026-12-31"}, ())
