"""Workbooks that were filled in come back: exactly what the person changed, nothing that others changed."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from dondoc.cli import app
from dondoc.workspace import create, find
from extract.directive import Deadline, Directive, Header, Span, Task
from ingest.document import Document, Page
from ingest.errors import DondocError, UsageError
from tracking import Store, export_xlsx, workbook_reading
from tracking.export_xlsx import HEADER_ROW
from tracking.import_plan import LABELS
from tracking.importing import Change, apply, combined, plan
from tracking.register import COLUMNS
from tracking.standing import FIELDS

AS_OF = date(2026, 4, 1)
TODAY = date(2026, 6, 30)
HEADER = Header("07/KH-UBND", "Kế hoạch", "UBND tỉnh Sông Lam", date(2026, 1, 5))
COLUMN = {column.title: number for number, column in enumerate(COLUMNS, 1)}
FIELD_COLUMN = {name: COLUMN[title] for name, title in LABELS.items()}
ID = COLUMN["Mã nhiệm vụ"]
SMALL = 2**20


def make_tasks(count: int) -> tuple[Task, ...]:
    dated = (Deadline("trước ngày 30/9/2026", due=date(2026, 9, 30)),)
    undated = (Deadline("thường xuyên", recurrence="continuous"),)
    return tuple(
        Task(str(n), f"Rà soát danh mục số {n}.", Span(1, n, n), ("Sở Nội vụ",), ("Sở Tài chính",), undated if n % 5 == 0 else dated)
        for n in range(1, count + 1)
    )


def fill(store: Store, tasks: tuple[Task, ...]) -> None:
    document = Document("kh.pdf", "a" * 64, "pdf", (Page(1, (), "ocr"),))
    store.save(document, Directive(HEADER, tasks=tasks), file_name="kh.pdf", received_at=datetime(2026, 1, 10))


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "dondoc.db") as opened:
        fill(opened, make_tasks(12))
        yield opened


@pytest.fixture
def path(store: Store, tmp_path: Path) -> Path:
    return export_xlsx.export_department(store, "Sở Nội vụ", tmp_path / "so-noi-vu.xlsx", AS_OF)


def cells_of(sheet: Worksheet) -> dict[int, int]:
    """Task id → row."""
    return {int(row[ID - 1].value): row[0].row for row in sheet.iter_rows(min_row=HEADER_ROW + 1) if row[ID - 1].value}  # type: ignore[arg-type]


def change(path: Path, values: dict[tuple[int, str], object]) -> Path:
    """Fill in (task, field) → value, as a person would."""
    workbook = load_workbook(path)
    sheet = workbook["Nhiệm vụ"]
    rows = cells_of(sheet)
    for (task, name), value in values.items():
        sheet.cell(rows[task], FIELD_COLUMN[name]).value = value  # type: ignore[assignment]
    workbook.save(path)
    return path


def found(changes: tuple[Change, ...]) -> dict[tuple[int, str], str | None]:
    return {(one.task_id, one.field): one.new for one in changes}


def everything(store: Store) -> dict[int, object]:
    return {task.id: dict(store.standings([(task.id, None)])[task.id, None].values) for task in store.tasks()}


def some_value(name: str, task: int, rng: random.Random) -> tuple[object, str]:
    """What is typed, and the value it means."""
    day = date(2026, rng.randint(1, 6), rng.randint(1, 28))
    choices: dict[str, tuple[object, str]] = {
        "percent": (str(rng.randint(1, 99)), ""),
        "progress": (f"=đã trình lần {task}"[1:], ""),
        "reply_number": (f"{task}/BC-SNV", ""),
        "note": (f"- ghi chú <b>{task}</b>", ""),
        "due": (f"{day.replace(year=2027):%d/%m/%Y}", f"{day.replace(year=2027)}"),
        "text": (f"Rà soát lại danh mục số {task}, báo cáo kết quả.", ""),
        "lead": (f"Sở Tài chính; Phòng số {task}", ""),
        "coordinating": (f"Công an tỉnh; Ban số {task}", ""),
        "completed_on": (datetime(day.year, day.month, day.day), f"{day}"),
        "status": (("đang thực hiện", "Trả lại (không đúng thẩm quyền)")[task % 2], ("in_progress", "returned")[task % 2]),
    }
    typed, means = choices[name]
    return typed, means or str(typed)


@pytest.mark.parametrize("seed", range(3))
def test_fifty_changes_come_back_as_those_fifty(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    with Store.open(tmp_path / "dondoc.db") as store:
        fill(store, make_tasks(40))
        path = export_xlsx.export_combined(store, tmp_path / "x.xlsx", AS_OF)
        before = everything(store)
        places = [(task, name) for task in range(1, 41) for name in FIELDS if name != ("status" if task % 3 else "completed_on")]
        chosen = rng.sample(places, 50)
        typed = {place: some_value(place[1], place[0], rng) for place in chosen}
        change(path, {place: value for place, (value, _) in typed.items()})
        proposed = plan(store, path, TODAY)
        assert (proposed.problems, proposed.conflicts) == ((), ())
        assert found(proposed.changes) == {place: means for place, (_, means) in typed.items()}
        assert everything(store) == before
        result = apply(store, proposed, "An")
        assert set(result.written) == set(proposed.changes)
        wanted = {task: dict(values) for task, values in before.items()}  # type: ignore[call-overload]
        for (task, name), (_, means) in typed.items():
            wanted[task][name] = means
            if name == "completed_on":
                wanted[task]["status"] = "done"
        after = everything(store)
        # Completion makes a percentage that was reported 100; the file's own percentage stands.
        assert after == wanted
        again = plan(store, path, TODAY)
        assert (again.changes, again.conflicts, again.problems) == ((), (), ())
        # One act, undone as one.
        assert {store.last_action(task) for task, _ in chosen} == {result.action}
        store.undo(result.action, "An")
        assert everything(store) == before


def test_an_untouched_workbook_changes_nothing_whatever_others_did(store: Store, path: Path) -> None:
    store.mark_done(1, date(2026, 3, 1), "Bình", "xong")
    store.edit(2, who="Bình", due="2026-12-31", note="đã hỏi")
    nothing = plan(store, path, TODAY)
    assert (nothing.changes, nothing.conflicts, nothing.problems, nothing.rows) == ((), (), (), 12)
    assert apply(store, nothing, "An").action == 0


def test_what_both_changed_is_a_conflict_that_names_the_other(store: Store, path: Path) -> None:
    change(path, {(1, "note"): "của tôi", (2, "progress"): "đã trình", (3, "reply_number"): "5/BC"})
    store.edit(1, who="Bình", note="của Bình")
    store.edit(3, who="Bình", reply_number="5/BC")
    proposed = plan(store, path, TODAY)
    assert found(proposed.changes) == {(2, "progress"): "đã trình"}
    (conflict,) = proposed.conflicts
    assert (conflict.change.old, conflict.change.new, conflict.now, conflict.who) == (None, "của tôi", "của Bình", "Bình")
    assert conflict.change.cell == f"Nhiệm vụ!G{cells_of(load_workbook(path)['Nhiệm vụ'])[1]}"
    apply(store, proposed, "An")
    assert store.task(1).task.note == "của Bình"
    apply(store, proposed.taking(proposed.conflicts), "An")
    assert store.task(1).task.note == "của tôi"
    assert plan(store, path, TODAY).conflicts == ()


def test_status_and_day_conflict_together(store: Store, path: Path) -> None:
    change(path, {(1, "status"): "Hoàn thành", (1, "completed_on"): "20/3/2026", (2, "completed_on"): "20/3/2026"})
    store.set_status(1, "in_progress", "Bình")
    store.set_status(2, "returned", "Bình")
    proposed = plan(store, path, TODAY)
    assert proposed.changes == ()
    assert {(one.change.task_id, one.change.field, one.who) for one in proposed.conflicts} == {
        (1, "status", "Bình"),
        (1, "completed_on", "Bình"),
        (2, "completed_on", "Bình"),
    }
    apply(store, proposed.taking(proposed.conflicts), "An")
    assert [store.task(task).task.completed_on for task in (1, 2)] == [date(2026, 3, 20)] * 2


def test_somebody_is_quicker_than_the_answer(store: Store, path: Path) -> None:
    change(path, {(1, "note"): "của tôi", (2, "note"): "của tôi"})
    proposed = plan(store, path, TODAY)
    store.edit(1, who="Bình", note="của Bình")
    result = apply(store, proposed, "An")
    assert found(result.written) == {(2, "note"): "của tôi"}
    assert [(late.change.task_id, late.now, late.who) for late in result.too_late] == [(1, "của Bình", "Bình")]
    assert store.task(1).task.note == "của Bình"


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


# What spreadsheet programs and people do to a workbook


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


# One of several departments


@pytest.fixture
def shared(tmp_path: Path):
    with Store.open(tmp_path / "shared.db") as opened:
        fill(opened, (replace(make_tasks(1)[0], lead=("Sở Nội vụ", "Sở Y tế"), coordinating=()),))
        yield opened


def test_each_of_several_departments_reports_its_own(shared: Store, tmp_path: Path) -> None:
    paths = [export_xlsx.export_department(shared, name, tmp_path / f"{n}.xlsx", AS_OF) for n, name in enumerate(("Sở Nội vụ", "Sở Y tế"))]
    change(paths[0], {(1, "completed_on"): "2/3/2026", (1, "note"): "phần Nội vụ"})
    change(paths[1], {(1, "percent"): 30, (1, "note"): "phần Y tế"})
    proposed = combined([plan(shared, path, TODAY) for path in paths])
    assert (proposed.conflicts, proposed.problems) == ((), ())
    assert {(one.agency, one.field, one.new) for one in proposed.changes} == {
        ("Sở Nội vụ", "completed_on", "2026-03-02"),
        ("Sở Nội vụ", "note", "phần Nội vụ"),
        ("Sở Y tế", "percent", "30"),
        ("Sở Y tế", "note", "phần Y tế"),
    }
    result = apply(shared, proposed, "An")
    assert len(result.written) == 4
    standings = shared.standings([(1, "Sở Nội vụ"), (1, "Sở Y tế"), (1, None)])
    assert [(standing.agency, standing.values["status"], standing.values["note"]) for standing in standings.values()] == [
        ("Sở Nội vụ", "done", "phần Nội vụ"),
        ("Sở Y tế", "open", "phần Y tế"),
        (None, "open", None),
    ]
    for path in paths:
        again = plan(shared, path, TODAY)
        assert (again.changes, again.conflicts, again.problems) == ((), (), ())


def test_two_files_that_disagree(store: Store, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "khac.xlsx"
    other.write_bytes(path.read_bytes())
    change(path, {(1, "note"): "một", (2, "note"): "như nhau"})
    change(other, {(1, "note"): "hai", (2, "note"): "như nhau"})
    proposed = combined([plan(store, one, TODAY) for one in (path, other)])
    assert found(proposed.changes) == {(1, "note"): "một", (2, "note"): "như nhau"}
    (problem,) = proposed.problems
    assert problem.cell.startswith("khac.xlsx: Nhiệm vụ!G")
    assert "so-noi-vu.xlsx: Nhiệm vụ!G" in problem.message


def test_a_share_of_a_department_that_no_longer_answers(shared: Store, tmp_path: Path) -> None:
    path = export_xlsx.export_department(shared, "Sở Y tế", tmp_path / "x.xlsx", AS_OF)
    proposed = plan(shared, change(path, {(1, "note"): "của Y tế"}), TODAY)
    shared.assign(1, who="Bình", lead=["Sở Nội vụ"])
    result = apply(shared, proposed, "An")
    assert (result.action, result.written) == (0, ())
    assert "không được giao" in result.refused[0].message


# Files that are no good


def test_a_workbook_of_another_workspace(path: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "other.db") as other, pytest.raises(UsageError, match="không gian làm việc khác"):
        plan(other, path)


def _plain(path: Path) -> None:
    Workbook().save(path)


def _doctype(path: Path) -> None:
    _rewrite(path, "xl/workbook.xml", lambda data: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data)


def _doctype_utf16(path: Path) -> None:
    _rewrite(path, "xl/workbook.xml", lambda data: '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><x/>'.encode("utf-16"))


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/x.bin", "w", force_zip64=True) as part:
        part.write(b"\0" * 2 * SMALL)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-400])


def _garbled(path: Path) -> None:
    _rewrite(path, "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2])


def _rewrite(path: Path, name: str, act: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = act(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def _without_headings(path: Path) -> None:
    workbook = load_workbook(path)
    workbook["Nhiệm vụ"].delete_rows(HEADER_ROW)
    workbook.save(path)


@pytest.mark.parametrize(
    ("spoil", "kind", "words"),
    [
        (lambda path: path.write_bytes(b""), "empty", "rỗng"),
        (lambda path: path.write_text("id,note\n1,x"), "unsupported", "không phải sổ tính"),
        (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600), "encrypted", "mật khẩu"),
        (lambda path: path.unlink(), "file-access", "không đọc được"),
        (_plain, "usage", "không có trang ẩn"),
        (_without_headings, "usage", "không thấy bảng"),
        (_doctype, "unsupported", "khai báo XML"),
        (_doctype_utf16, "unsupported", "khai báo XML"),
        (_bomb, "too-large", "quá lớn"),
        (_cut, "damaged", "hỏng"),
        (_garbled, "damaged", "hỏng"),
    ],
    ids=["empty", "csv", "password", "missing", "foreign", "no headings", "doctype", "doctype in UTF-16", "bomb", "cut off", "garbled"],
)
def test_files_that_are_no_good(
    store: Store, path: Path, spoil: Callable[[Path], object], kind: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_reading, "LARGEST_CONTENT", SMALL)
    spoil(path)
    with pytest.raises(DondocError, match=words) as caught:
        plan(store, path)
    assert caught.value.kind == kind
    assert str(path) in str(caught.value)


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=60), min_size=12, max_size=12))
def test_no_text_looks_changed_by_going_through_a_workbook(store: Store, tmp_path: Path, texts: list[str]) -> None:
    for task, text in enumerate(texts, 1):
        store.edit(task, who="An", note=text, progress=text[::-1])
    nothing = plan(store, export_xlsx.export_combined(store, tmp_path / "x.xlsx", AS_OF), TODAY)
    assert (nothing.changes, nothing.conflicts, nothing.problems) == ((), (), ())


# The command


def run(*words: object, answer: str = "") -> Any:
    return CliRunner().invoke(app, [*map(str, words)], input=answer, env={"COLUMNS": "200"})


@pytest.fixture
def office(tmp_path: Path) -> Path:
    root = tmp_path / "office"
    workspace, _ = create(root)
    with workspace.store() as opened:
        fill(opened, make_tasks(3))
    return root


@pytest.fixture
def sent(office: Path) -> Path:
    assert run("export", "-w", office).exit_code == 0
    return change(
        office / "exports" / "so-noi-vu.xlsx", {(1, "note"): "của tôi", (2, "progress"): "đã [bold]trình[/bold]", (3, "due"): "mai"}
    )


def note(office: Path, task: int) -> str | None:
    with find(office).store() as opened:
        return opened.task(task).task.note


def test_import_shows_what_would_change_and_asks(office: Path, sent: Path) -> None:
    dry = run("import", "-w", office, "--dry-run", sent)
    assert dry.exit_code == 2
    assert "Nhiệm vụ!D9: «mai» không phải ngày" in dry.stdout
    assert "3 nhiệm vụ trong tệp: 2 thay đổi, 0 xung đột, 1 ô không đọc được." in dry.stdout
    assert "đã [bold]trình[/bold]" in dry.stdout
    refused = run("import", "-w", office, sent, answer="k\n")
    assert "Ghi 2 thay đổi? [c/K]" in refused.stderr
    assert note(office, 1) is None
    assert run("import", "-w", office, sent).exit_code == 2  # nobody answers
    assert note(office, 1) is None
    assert "Đã ghi 2 thay đổi." in run("import", "-w", office, sent, answer="c\n").stdout
    assert note(office, 1) == "của tôi"
    assert "Không có gì để ghi" in run("import", "-w", office, "--yes", sent).stdout


def test_import_says_who_changed_the_same(office: Path, sent: Path) -> None:
    with find(office).store() as opened:
        opened.edit(1, who="Bình", note="của Bình")
    first = run("import", "-w", office, "--yes", sent)
    assert first.exit_code == 16
    assert "Xung đột" in first.stdout
    assert "Bình sửa lúc" in first.stdout
    assert note(office, 1) == "của Bình"
    assert run("import", "-w", office, "--yes", "--on-conflict", "file", sent).exit_code == 2
    assert note(office, 1) == "của tôi"


def test_import_tells_programs(office: Path, sent: Path) -> None:
    told = json.loads(run("import", "-w", office, "--json", "--yes", sent).stdout)
    assert [(one["task"], one["field"], one["to"]) for one in told["changes"]] == [
        (1, "note", "của tôi"),
        (2, "progress", "đã [bold]trình[/bold]"),
    ]
    assert [(one["task"], one["cell"]) for one in told["problems"]] == [(3, "Nhiệm vụ!D9")]
    assert len(told["result"]["written"]) == 2


def test_import_of_no_workbook(office: Path, tmp_path: Path) -> None:
    assert run("import", "-w", office, tmp_path / "none.xlsx").exit_code == 5
