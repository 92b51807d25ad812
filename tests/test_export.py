"""Registers as workbooks, CSV and JSON."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from extract.directive import Deadline, Directive, Header, Span, Task
from ingest.document import Document, Page
from ingest.errors import FileAccessError, NotFound
from tracking import Store, export_csv, export_json, export_xlsx
from tracking.export_csv import harmless
from tracking.export_xlsx import HEADER_ROW, RED
from tracking.file_names import slug, slugs
from tracking.register import COLUMNS
from tracking.views import STATUS_LABELS

AS_OF = date(2024, 4, 1)
HEADER = Header("07/KH-UBND", "Kế hoạch", "UBND tỉnh Sông Lam", date(2024, 1, 5))
HEADINGS = [column.title for column in COLUMNS]
NGHI_DINH_30 = ["Số đến", "Tên loại, số", "Đơn vị hoặc người nhận", "Thời hạn", "Tiến độ", "Số, ký hiệu văn bản trả lời", "Ghi chú"]


def make_task(path: str, text: str, due: date | None, **changes: object) -> Task:
    deadlines = (Deadline("trước ngày …", due=due),) if due else (Deadline("hằng quý", recurrence="quarterly"),)
    task = Task(path, text, Span(1, 3, 5), ("Sở Nội vụ",), ("Sở Tài chính",), deadlines)
    return replace(task, **changes)  # type: ignore[arg-type]


TASKS = (
    make_task("1", "Rà soát quy trình tiếp công dân.", date(2024, 3, 15)),
    make_task("2", "Hoàn thiện danh mục thủ tục.", date(2024, 6, 30), reasons=("chữ mờ",)),
    make_task("3", "Báo cáo kết quả đối thoại.", None, lead=("Sở Tài chính",), coordinating=("Sở Nội vụ",)),
    make_task("4", "Tuyên truyền kế hoạch.", None, lead=(), coordinating=()),
    make_task("5", "Công khai số điện thoại.", date(2024, 2, 1)),
)


def fill(store: Store, tasks: tuple[Task, ...] = TASKS) -> None:
    document = Document("kh.pdf", "a" * 64, "pdf", (Page(1, (), "ocr"),))
    store.save(document, Directive(HEADER, tasks=tasks), file_name="kh.pdf", received_at=datetime(2024, 1, 10))


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "dondoc.db") as opened:
        fill(opened)
        opened.mark_done(5, date(2024, 1, 31), "An", "CV 12/SNV")
        opened.edit(5, who="An", reply_number="12/SNV-VP")
        yield opened


def rows_of(sheet) -> list[dict[str, object]]:
    values = list(sheet.iter_rows(min_row=HEADER_ROW, values_only=True))
    return [dict(zip(values[0], row, strict=True)) for row in values[1:]]


def test_workbook_of_a_department(store: Store, tmp_path: Path) -> None:
    path = export_xlsx.export_department(store, "noi vu", tmp_path / "x.xlsx", AS_OF)
    sheet = load_workbook(path)["Nhiệm vụ"]
    assert sheet["A1"].value == "SỞ NỘI VỤ"
    assert sheet["A2"].value == "DANH MỤC NHIỆM VỤ ĐƯỢC GIAO"
    assert "01/04/2024" in sheet["A3"].value
    assert sheet["A4"].value == "Tổng số 4 nhiệm vụ (chủ trì 3, phối hợp 1): hoàn thành đúng hạn 1; trong hạn 1; quá hạn 2"
    assert [cell.value for cell in sheet[HEADER_ROW]] == HEADINGS
    for heading, wanted in zip(HEADINGS, NGHI_DINH_30, strict=False):
        assert heading.startswith(wanted)
    rows = rows_of(sheet)
    assert [(row["Mã nhiệm vụ"], row["Vai trò"]) for row in rows] == [(5, "Chủ trì"), (1, "Chủ trì"), (2, "Chủ trì"), (3, "Phối hợp")]
    done, overdue, later, coordinating = rows
    assert overdue["Thời hạn giải quyết"] == datetime(2024, 3, 15)
    assert overdue["Số ngày quá hạn"] == 17
    assert overdue[HEADINGS[1]] == "Kế hoạch số 07/KH-UBND ngày 05/01/2024 của UBND tỉnh Sông Lam"
    assert overdue["Đơn vị phối hợp"] == "Sở Tài chính"
    assert overdue["Vị trí trong văn bản"] == "trang 1 dòng 3-5"
    assert (done["Trạng thái"], done["Ngày hoàn thành"], done["Tình trạng"]) == (
        "Hoàn thành",
        datetime(2024, 1, 31),
        "Hoàn thành đúng hạn",
    )
    assert (done["Tiến độ giải quyết"], done[HEADINGS[5]], done["Ghi chú"]) == (None, "12/SNV-VP", "CV 12/SNV")
    assert later["Cần kiểm tra"] == "chữ mờ"
    assert coordinating["Thời hạn giải quyết"] == "hằng quý"


def test_workbook_can_be_read_and_printed(store: Store, tmp_path: Path) -> None:
    sheet = load_workbook(export_xlsx.export_department(store, "Sở Nội vụ", tmp_path / "x.xlsx", AS_OF)).worksheets[0]
    assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
    assert sheet.auto_filter.ref == f"A{HEADER_ROW}:R{HEADER_ROW + 4}"
    assert sheet.print_area == f"'Nhiệm vụ'!$A$1:$N${HEADER_ROW + 4}"
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert all(7 <= sheet.column_dimensions[cell.column_letter].width <= 80 for cell in sheet[HEADER_ROW])
    red = {row[7].value for row in sheet.iter_rows(min_row=HEADER_ROW + 1) if row[3].font.color.rgb == RED}
    assert red == {1, 3}
    assert all(cell.alignment.wrap_text for cell in sheet[HEADER_ROW + 1])
    assert sheet.cell(HEADER_ROW + 2, 4).number_format == "dd/mm/yyyy"


def test_what_a_person_fills_in_is_green_and_checked_and_rows_can_be_sorted(store: Store, tmp_path: Path) -> None:
    workbook = load_workbook(export_xlsx.export_department(store, "Sở Nội vụ", tmp_path / "x.xlsx", AS_OF))
    sheet, hidden = workbook["Nhiệm vụ"], workbook["dondoc"]
    assert not sheet.protection.sheet  # neither Excel nor LibreOffice sorts rows with locked cells
    assert hidden.sheet_state == "veryHidden"
    by_role: dict[str, set[str]] = {"Chủ trì": set(), "Phối hợp": set()}
    for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
        green = {HEADINGS[cell.column - 1] for cell in row if cell.fill.fgColor.rgb == "FFE8F5E4"}
        by_role[str(row[HEADINGS.index("Vai trò")].value)] |= green
    assert by_role == {"Chủ trì": {column.title for column in COLUMNS if column.field}, "Phối hợp": set()}
    checks = {check.type: check for check in sheet.data_validations.dataValidation}
    assert set(checks) == {"list", "date", "whole", "custom"}
    (sheet_name, area) = checks["list"].formula1.lstrip("=").split("!")
    assert [cell.value for cell in workbook[sheet_name][area.replace("$", "")][0]] == list(STATUS_LABELS.values())
    refused = {HEADINGS[cell[0].column - 1] for area in checks["custom"].sqref.ranges for cell in [sheet[area.coord][0]]}
    assert refused == {column.title for column in COLUMNS if column.field is None}


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("Rà soát", 10, 1),
        ("một hai ba bốn năm sáu bảy tám", 10, 3),
        ("x" * 60, 10, 5),
        ("một\nhai\n\nba", 40, 4),
        ("UBND tỉnh Sông Lam", 18, 2),
        ("ubnd tỉnh sông lam", 18, 1),
        ("UBND các huyện, thị xã, thành phố", 15, 3),
        ("các huyện, thị xã, thành phố", 15, 2),
    ],
    ids=repr,
)
def test_lines_of_a_cell_are_counted_word_by_word(text: str, width: int, lines: int) -> None:
    assert export_xlsx.line_count(text, width) == lines


def test_no_text_is_cut_by_its_row(tmp_path: Path) -> None:
    with Store.open(tmp_path / "dondoc.db") as store:
        fill(store, tuple(make_task(str(n), "Rà soát quy trình tiếp công dân. " * n, AS_OF) for n in (1, 5, 20, 90)))
        sheet = load_workbook(export_xlsx.export_department(store, "Sở Nội vụ", tmp_path / "x.xlsx", AS_OF))["Nhiệm vụ"]
    heights = [sheet.row_dimensions[HEADER_ROW + n].height for n in range(1, 5)]
    assert heights == sorted(heights)
    assert heights[2] > 14 * 20 * 33 / 55  # at most 55 small letters of 11 points fit into the column
    assert heights[3] <= 409


def test_one_workbook_for_each_department_and_one_for_all(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "xlsx"
    paths = export_xlsx.export_all(store, folder, AS_OF)
    assert sorted(path.name for path in paths) == ["chua-ro-co-quan.xlsx", "so-noi-vu.xlsx", "so-tai-chinh.xlsx", "tong-hop.xlsx"]
    assert sorted(folder.iterdir()) == sorted(paths)
    workbook = load_workbook(folder / "tong-hop.xlsx")
    assert [sheet.title for sheet in workbook if sheet.sheet_state == "visible"] == ["Tổng hợp", "Nhiệm vụ"]
    assert {row["Mã nhiệm vụ"] for row in rows_of(workbook["Nhiệm vụ"])} == {1, 2, 3, 4, 5}
    summary = {row["Cơ quan, đơn vị"]: row for row in rows_of(workbook["Tổng hợp"])}
    counts = ("Tổng số", "Hoàn thành đúng hạn", "Quá hạn", "Tỷ lệ hoàn thành (%)", "Tỷ lệ đúng hạn (%)")
    assert [summary["Sở Nội vụ"][name] for name in counts] == [3, 1, 1, 33, 33]
    assert [row["Mã nhiệm vụ"] for row in rows_of(load_workbook(folder / "chua-ro-co-quan.xlsx").worksheets[0])] == [4]
    assert export_xlsx.export_all(store, folder, AS_OF) == paths


def test_csv_has_the_same_columns_and_shows_vietnamese_in_excel(store: Store, tmp_path: Path) -> None:
    path = export_csv.export_department(store, "Sở Nội vụ", tmp_path / "x.csv", AS_OF)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert list(rows[0]) == HEADINGS
    assert [(row["Mã nhiệm vụ"], row["Thời hạn giải quyết"]) for row in rows] == [
        ("5", "2024-02-01"),
        ("1", "2024-03-15"),
        ("2", "2024-06-30"),
        ("3", "hằng quý"),
    ]


def test_json(store: Store, tmp_path: Path) -> None:
    path = export_json.export_department(store, "Sở Nội vụ", tmp_path / "x.json", AS_OF)
    found = json.loads(path.read_text("utf-8"))
    assert (found["agency"], found["as_of"]) == ("Sở Nội vụ", "2024-04-01")
    assert [(task["id"], task["role"], task["due"], task["state"]) for task in found["tasks"]][1] == (1, "lead", "2024-03-15", "overdue")


@pytest.mark.parametrize(("module", "extension"), [(export_csv, "csv"), (export_json, "json"), (export_xlsx, "xlsx")])
def test_every_format_has_the_same_three_functions(store: Store, tmp_path: Path, module, extension: str) -> None:
    assert len(module.export_all(store, tmp_path / "all", AS_OF)) == 4
    assert module.export_combined(store, tmp_path / f"x.{extension}").stat().st_size
    with pytest.raises(NotFound):
        module.export_department(store, "Sở Không Có", tmp_path / f"y.{extension}")
    assert not (tmp_path / f"y.{extension}").exists()


def test_an_empty_file_still_gives_a_workbook(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db") as store:
        (path,) = export_xlsx.export_all(store, tmp_path / "out", AS_OF)
    assert [cell.value for cell in load_workbook(path)["Nhiệm vụ"][HEADER_ROW]] == HEADINGS


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(FileAccessError):
        export_csv.export_all(store, folder, AS_OF)


@pytest.mark.parametrize("module", [export_csv, export_json, export_xlsx])
def test_a_path_that_cannot_be_written(store: Store, tmp_path: Path, module) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.xlsx").mkdir()
    for act in (
        lambda: module.export_all(store, tmp_path / "file" / "out", AS_OF),
        lambda: module.export_combined(store, tmp_path / "folder.xlsx", AS_OF),
        lambda: module.export_combined(store, tmp_path / "none" / "x", AS_OF),
    ):
        with pytest.raises(FileAccessError):
            act()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


DANGEROUS = [
    "=1+1",
    "+84 24",
    "-2+3",
    "- Rà soát quy trình",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '  =HYPERLINK("http://x")',
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "#N/A",
]


@pytest.mark.parametrize("text", DANGEROUS, ids=repr)
def test_texts_are_never_formulas(tmp_path: Path, text: str) -> None:
    with Store.open(tmp_path / "x.db") as store:
        fill(store, (make_task("1", text + " nội dung", None, lead=("Sở Nội vụ",)), make_task("2", text, None)))
        sheet = load_workbook(export_xlsx.export_combined(store, tmp_path / "x.xlsx"))["Nhiệm vụ"]
        cells = [cell for row in sheet.iter_rows(min_row=HEADER_ROW + 1) for cell in row if isinstance(cell.value, str)]
        assert {cell.data_type for cell in cells} == {"s"}
        assert text.replace("\r", "\n") in {str(cell.value).replace("\r", "\n").replace("_x000D_", "\n") for cell in cells}
        with export_csv.export_combined(store, tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
            values = [value for row in csv.reader(file) for value in row]
        assert not [value for value in values if value.lstrip()[:1] in set("=+-@＝＋－＠")]
        assert any(value.lstrip("'") == text for value in values)


@pytest.mark.parametrize(
    ("value", "written"), [("Rà soát", "Rà soát"), ("-", "'-"), (5, 5), (None, None), (AS_OF, AS_OF), ("a=b", "a=b"), ("=\0x", "'=x")]
)
def test_harmless(value: object, written: object) -> None:
    assert harmless(value) == written  # type: ignore[arg-type]


def test_control_characters_and_very_long_texts_do_not_break_the_workbook(tmp_path: Path) -> None:
    with Store.open(tmp_path / "x.db") as store:
        fill(store, (make_task("1", "a\x01b\x0c" + "dài " * 20000, None),))
        sheet = load_workbook(export_xlsx.export_combined(store, tmp_path / "x.xlsx"))["Nhiệm vụ"]
    assert len(sheet.cell(HEADER_ROW + 1, 9).value) <= 32767


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sở Nội vụ", "so-noi-vu"),
        ("Đài Phát thanh - Truyền hình", "dai-phat-thanh-truyen-hinh"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows", "c-windows"),
        ("CON", "con-co-quan"),
        ("lpt1", "lpt1-co-quan"),
        ("…", "co-quan"),
        ("", "co-quan"),
        ("Отдел", "co-quan"),
        ("x" * 300, "x" * 80),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


@settings(deadline=None)
@given(names=st.lists(st.text(max_size=200), max_size=20))
def test_slugs_are_safe_and_different(names: list[str]) -> None:
    found = slugs(names, taken=("tong-hop",))
    assert set(found) == set(names)
    assert len(set(found.values())) == len(found)
    for name in found.values():
        assert name.isascii()
        assert name
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert name not in {"con", "prn", "aux", "nul", "com1", "lpt9", "tong-hop"}


def test_departments_with_alike_names_get_their_own_files(tmp_path: Path) -> None:
    names = ("Sở A-B", "Tổng hợp")
    with Store.open(tmp_path / "x.db") as store:
        fill(store, tuple(make_task(str(i), f"Việc số {i}", None, lead=(name,), coordinating=()) for i, name in enumerate(names)))
        paths = export_csv.export_all(store, tmp_path / "out", AS_OF)
    assert sorted(path.name for path in paths) == ["so-a-b.csv", "tong-hop-2.csv", "tong-hop.csv"]
