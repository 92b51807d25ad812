"""Deadlines in sentences of the genre: orders and decoys, each with its reading. All sentences are invented.

A reading is written short: "<" before, "=" by, nothing within; then the day or the first and last day, else the rhythm with day/month,
else the counted term; "None" is a day that cannot be read; several are joined by " ; ". The documents are dated 20/11/2025, a Thursday.
The table is deadlines_genre.csv; a row without a reading is a decoy.
"""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from extract.deadlines import find_deadlines, read_term
from extract.directive import Deadline

DATED = date(2025, 11, 20)


def short(deadline: Deadline) -> str:
    sign = {"before": "<", "by": "="}.get(deadline.bound or "", "")
    if deadline.due:
        core = f"{deadline.start}..{deadline.due}" if deadline.start else f"{deadline.due}"
        core += f" {deadline.recurrence}" if deadline.recurrence else ""
    elif deadline.relative:
        core = f"{deadline.relative.n} {deadline.relative.unit}"
    else:
        core = f"{deadline.recurrence}" + (f" {deadline.day or ''}" if deadline.day or deadline.month else "")
        core += f"/{deadline.month}" if deadline.month else ""
    return sign + core + (f" {deadline.time}" if deadline.time else "")


LINES = (Path(__file__).parent / "deadlines_genre.csv").read_text("utf-8").splitlines()
ROWS = [*csv.DictReader(LINES[1:])]
SENTENCES = [pytest.param(row["text"], row["reading"], id=row["id"]) for row in ROWS if row["kind"] == "sentence"]
CELLS = [pytest.param(row["text"], row["reading"], id=row["id"]) for row in ROWS if row["kind"] == "cell"]


@pytest.mark.parametrize(("sentence", "reading"), SENTENCES)
def test_an_order_or_a_decoy(sentence: str, reading: str) -> None:
    assert " ; ".join(map(short, find_deadlines(sentence, DATED))) == reading


@pytest.mark.parametrize(("cell", "reading"), CELLS)
def test_a_cell_of_the_column_for_terms(cell: str, reading: str) -> None:
    assert " ; ".join(map(short, read_term(cell, DATED))) == reading


@pytest.mark.parametrize(("sentence", "reading"), SENTENCES)
def test_broken_lines_change_nothing(sentence: str, reading: str) -> None:
    """White space may be a line end anywhere on the paper."""
    assert " ; ".join(map(short, find_deadlines(sentence.replace(" ", "\n"), DATED))) == reading


@pytest.mark.parametrize(("sentence", "reading"), SENTENCES)
def test_lost_marks_change_nothing(sentence: str, reading: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", sentence) if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
    assert " ; ".join(map(short, find_deadlines(bare, DATED))) == reading


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Bảo dưỡng máy phát điện vào cuối tháng 12.", id="no word of a deadline"),
        pytest.param("Đề nghị các hộ gia đình treo cờ từ ngày 01/01/2026 đến ngày 03/01/2026.", id="period of the work"),
        pytest.param("Tập huấn kỹ năng số cho cán bộ thôn tháng 12/2025.", id="a bare month"),
        pytest.param("Dự kiến tổ chức hội nghị tổng kết ngày 26/12/2025.", id="planned"),
        pytest.param("Phấn đấu trình nghị quyết trong quý I/2026.", id="aimed at"),
        pytest.param("Trồng bổ sung rừng trong vụ xuân năm 2026.", id="a season"),
        pytest.param("Lắp đặt máy lọc nước trong năm học 2025-2026.", id="a school year"),
        pytest.param("Gửi báo cáo trước ngày 42/12/2025.", id="a misread day"),
    ],
)
def test_a_term_that_only_the_sense_shows_is_found_for_a_person_to_check(sentence: str) -> None:
    (found,) = find_deadlines(sentence, DATED)
    assert found.confidence < 0.7


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Bảo đảm đạt mục tiêu cắt giảm tối thiểu 30% chi phí, trình UBND tỉnh trong tháng 12/2025.", id="a level beside it"),
        pytest.param("Gửi báo cáo trước ngày 15/12/2025.", id="plain"),
        pytest.param("Giao chỉ tiêu trồng rừng ngay trong tháng 12/2025.", id="targets as an object"),
    ],
)
def test_a_plain_term_is_sure(sentence: str) -> None:
    (found,) = find_deadlines(sentence, DATED)
    assert found.confidence == 1.0


def test_the_day_before_tet_is_a_guess_a_person_checks() -> None:
    (found,) = find_deadlines("Hoàn thành việc chi trả trước Tết Nguyên đán.", DATED)
    assert found.confidence < 0.7


def test_the_table_names_its_source_and_tells_its_rows_apart() -> None:
    assert LINES[0].startswith("# source:")
    assert len({(row["kind"], row["id"]) for row in ROWS}) == len(ROWS)
