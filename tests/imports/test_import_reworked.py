"""What spreadsheet programs and people do to a workbook before it comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from filled_workbooks import AS_OF, COLUMN, FIELD_COLUMN, ID, TODAY, cells_of, change, found
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tracking import Store, export_xlsx
from tracking.export_xlsx import HEADER_ROW
from tracking.importing import apply, plan


def _texts(sheet: Worksheet) -> None:
    for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
        for cell in row:
            if isinstance(cell.value, datetime):
                cell.value, cell.number_format = f"{cell.value:%d/%m/%Y}", "General"
            elif cell.value is not None:
                cell.value = f" {cell.value} "


def _sorted(sheet: Worksheet) -> None:
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER_ROW + 1)]
    for row, values in zip(sheet.iter_rows(min_row=HEADER_ROW + 1), reversed(rows), strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value  # type: ignore[assignment]


def _columns_moved(sheet: Worksheet) -> None:
    sheet.insert_cols(1, 3)
    sheet.delete_cols(3 + COLUMN["Vị trí trong văn bản"], 2)


def _columns_deleted(sheet: Worksheet) -> None:
    for title in sorted(("Ghi chú", "Trạng thái", "Đơn vị phối hợp", "Thời hạn giải quyết"), key=COLUMN.get, reverse=True):  # type: ignore[arg-type]
        sheet.delete_cols(COLUMN[title])


def _empty_rows(sheet: Worksheet) -> None:
    sheet.insert_rows(HEADER_ROW + 3, 4)
    sheet.insert_rows(1, 2)
    sheet.cell(sheet.max_row + 500, 2).value = "Người lập biểu"


def _renamed(sheet: Worksheet) -> None:
    sheet.title = "Bản của tôi"
    assert sheet.parent is not None
    sheet.parent["dondoc"].sheet_state = "hidden"


@pytest.mark.parametrize("treat", [_texts, _sorted, _columns_moved, _columns_deleted, _empty_rows, _renamed], ids=lambda f: f.__name__)
def test_a_workbook_that_was_worked_over_still_says_the_same(store: Store, path: Path, treat: Callable[[Worksheet], None]) -> None:
    change(path, {(1, "progress"): "đã trình", (2, "completed_on"): datetime(2026, 3, 2), (3, "percent"): 40, (5, "reply_number"): "7/BC"})
    workbook = load_workbook(path)
    treat(workbook["Nhiệm vụ"])
    workbook.save(path)
    proposed = plan(store, path, TODAY)
    assert proposed.problems == ()
    wanted = {(1, "progress"): "đã trình", (2, "completed_on"): "2026-03-02", (3, "percent"): "40", (5, "reply_number"): "7/BC"}
    assert found(proposed.changes) == wanted


def test_rows_that_are_nobodys(store: Store, path: Path) -> None:
    workbook = load_workbook(path)
    sheet = workbook["Nhiệm vụ"]
    row = cells_of(sheet)[1]
    end = sheet.max_row
    for offset, values in enumerate([{"id": 999}, {"id": "mười"}, {"id": None, "note": "lạc"}, {"id": 1, "note": "khác"}], 1):
        for name, value in values.items():
            sheet.cell(end + offset, ID if name == "id" else FIELD_COLUMN[name]).value = value  # type: ignore[assignment]
    workbook.save(path)
    proposed = plan(store, path, TODAY)
    assert proposed.changes == ()
    assert [problem.cell.split("!")[1] for problem in proposed.problems] == [f"H{end + 1}", f"H{end + 2}", f"G{end + 3}", f"H{end + 4}"]
    assert row
    for problem, words in zip(proposed.problems, ("999", "mười", "không có mã nhiệm vụ", "hai dòng"), strict=True):
        assert words in problem.message


def test_a_task_that_was_removed_meanwhile(store: Store, path: Path) -> None:
    change(path, {(1, "note"): "x"})
    store.remove(1, "Bình")
    proposed = plan(store, path, TODAY)
    assert proposed.changes == ()
    assert ["không còn nhiệm vụ mang mã 1" in problem.message for problem in proposed.problems] == [True]


def test_a_department_that_only_takes_part_reports_nothing(store: Store, tmp_path: Path) -> None:
    path = change(export_xlsx.export_department(store, "Sở Tài chính", tmp_path / "x.xlsx", AS_OF), {(1, "status"): "Trả lại"})
    (problem,) = plan(store, path, TODAY).problems
    assert "chỉ phối hợp" in problem.message


def test_unknown_agencies_are_pointed_out(store: Store, path: Path) -> None:
    (one,) = plan(store, change(path, {(1, "lead"): "Sở Nội vụ; Tổ công tác Hoa Sen"}), TODAY).changes
    assert one.remark == "chưa có trong danh mục: Tổ công tác Hoa Sen"
    apply(store, plan(store, path, TODAY), "An")
    assert store.task(1).task.lead == ("Sở Nội vụ", "Tổ công tác Hoa Sen")
