"""Tables without rulings, as OCR gives them: lines of words over all columns, cells centred in their rows, marks lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import extract
from extract.paragraphs import PlacedLine
from extract.tables_boxes import with_tables
from ingest.document import Document, Line, Page, Word

Row = Sequence[tuple[float, str]]
"""Words of one printed line: where each group of words begins (points), and the words."""


def line(number: int, top: float, row: Row, *, letter: float = 5.0) -> Line:
    words: list[Word] = []
    for left, text in row:
        at = left
        for word in text.split():
            words.append(Word(word, (at, top, at + letter * len(word), top + 11), 0.9))
            at += letter * len(word) + 3
    box = (min(w.box[0] for w in words if w.box), top, max(w.box[2] for w in words if w.box), top + 11)
    text = " ".join(word.text for word in words)
    return Line(number, text, text, box=box, words=tuple(words), confidence=0.9)


def page(number: int, *rows: tuple[float, Row]) -> Page:
    return Page(number, tuple(line(at, top, row) for at, (top, row) in enumerate(rows, 1)), "ocr")


def cells(*pages: Page) -> list[tuple[str, ...]]:
    lines = with_tables([PlacedLine(one, each) for one in pages for each in one.lines])
    return [placed.line.cells for placed in lines if "\t" in placed.line.text]


HEADING: tuple[tuple[float, Row], ...] = (
    (100.0, [(440, "Thời gian")]),
    (107.0, [(60, "TT"), (130, "Nhiệm vụ"), (320, "Cơ quan chủ trì")]),
    (114.0, [(440, "hoàn thành")]),
)
BODY: tuple[tuple[float, Row], ...] = (
    (140.0, [(100, "Sửa đổi quy chế vận hành và"), (300, "Sở Khoa học và")]),
    (147.0, [(62, "1"), (440, "Tháng 4/2026")]),
    (154.0, [(100, "khai thác hệ thống"), (300, "Công nghệ")]),
    (180.0, [(62, "2"), (100, "Ban hành danh mục dữ liệu"), (300, "Sở Tư pháp"), (440, "Quý II/2026")]),
)
WANT = [
    ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian hoàn thành"),
    ("1", "Sửa đổi quy chế vận hành và khai thác hệ thống", "Sở Khoa học và Công nghệ", "Tháng 4/2026"),
    ("2", "Ban hành danh mục dữ liệu", "Sở Tư pháp", "Quý II/2026"),
]


def test_columns_and_rows_are_told_by_the_boxes() -> None:
    assert cells(page(1, *HEADING, *BODY)) == WANT


def test_columns_read_one_after_the_other_stand_beside_each_other_again() -> None:
    parts = [(top, [group]) for top, row in (*HEADING, *BODY) for group in row]
    left = [part for part in parts if part[1][0][0] < 250]
    right = [part for part in parts if part[1][0][0] >= 250]
    assert cells(page(1, *left, *right)) == WANT


def test_a_table_goes_on_over_the_page() -> None:
    more: tuple[float, Row] = (60.0, [(62, "3"), (100, "Công bố danh mục"), (300, "Sở Nội vụ"), (440, "Năm 2026")])
    assert cells(page(1, *HEADING, *BODY), page(2, more))[-1] == ("3", "Công bố danh mục", "Sở Nội vụ", "Năm 2026")


def test_a_section_title_runs_over_the_columns() -> None:
    title: tuple[float, Row] = (130.0, [(62, "I"), (100, "HOÀN THIỆN THỂ CHẾ VÀ CHÍNH SÁCH CHO HẠ TẦNG SỐ VÀ DỮ LIỆU CÔNG")])
    shifted = [(top + 20, row) for top, row in BODY]
    assert cells(page(1, *HEADING, title, *shifted))[1] == (
        "I",
        "HOÀN THIỆN THỂ CHẾ VÀ CHÍNH SÁCH CHO HẠ TẦNG SỐ VÀ DỮ LIỆU CÔNG",
        "",
        "",
    )


def test_a_lead_in_the_middle_of_its_rows_holds_for_all_of_them() -> None:
    rows: tuple[tuple[float, Row], ...] = (
        (140.0, [(62, "1"), (100, "Sửa đổi quy chế"), (440, "Quý I/2026")]),
        (165.0, [(62, "2"), (100, "Ban hành danh mục"), (300, "Sở Tư pháp"), (440, "Quý II/2026")]),
        (190.0, [(62, "3"), (100, "Công bố danh mục"), (440, "Quý III/2026")]),
    )
    assert [row[2] for row in cells(page(1, *HEADING, *rows))[1:]] == ["Sở Tư pháp"] * 3


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(100.0, [(60, "Sở Nội vụ chủ trì thực hiện nhiệm vụ này trong thời gian sớm nhất và báo cáo kết quả")])], id="prose"),
        pytest.param(
            [(100.0, [(60, "Nơi nhận:"), (380, "KT. CHỦ TỊCH")]), (114.0, [(60, "- Lưu: VT."), (380, "PHÓ CHỦ TỊCH")])], id="foot"
        ),
        pytest.param(
            [(100.0, [(60, "STT"), (140, "Thôn"), (300, "Số hộ nghèo")]), (120.0, [(60, "1"), (140, "Thôn Một"), (300, "12")])],
            id="figures",
        ),
    ],
)
def test_other_lines_are_left_as_they_are(rows: list[tuple[float, Row]]) -> None:
    one = page(1, *rows)
    placed = [PlacedLine(one, each) for each in one.lines]
    assert with_tables(placed) == placed


def test_the_tasks_of_such_a_table_are_found() -> None:
    head = [
        "ỦY BAN NHÂN DÂN",
        "TỈNH SÔNG LAM",
        "Số: 7/KH-UBND",
        "Sông Lam, ngày 5 tháng 3 năm 2026",
        "KẾ HOẠCH",
        "Chuyển đổi số năm 2026",
        "I. NHIỆM VỤ",
    ]
    rows: list[tuple[float, Row]] = [(5.0 + 12 * at, [(60.0, text)]) for at, text in enumerate(head)]
    directive = extract(Document("scan", "0" * 64, "pdf", (page(1, *rows, *HEADING, *BODY),)))
    assert [(task.lead, [deadline.due for deadline in task.deadlines if deadline.due] != []) for task in directive.tasks] == [
        (("Sở Khoa học và Công nghệ",), True),
        (("Sở Tư pháp",), True),
    ]


def test_rows_of_one_line_set_close_together() -> None:
    tasks = ["Sửa quy chế", "Ban hành danh mục", "Công bố danh mục", "Tổng kết"]
    rows = [
        (140.0 + 16 * at, [(62.0, str(at + 1)), (100.0, text), (300.0, "Sở Tư pháp"), (440.0, "Quý I/2026")])
        for at, text in enumerate(tasks)
    ]
    assert [row[:2] for row in cells(page(1, *HEADING, *rows))[1:]] == [(str(at), text) for at, text in enumerate(tasks, 1)]


WORDS = st.sampled_from(["rà soát", "Sở Y tế", "Quý I", "1", "I", "Nơi nhận:", "tổng hợp, báo cáo kết quả thực hiện của các cơ quan", "x"])
ROWS = st.lists(st.lists(st.tuples(st.sampled_from([60.0, 62.0, 100.0, 300.0, 310.0, 440.0]), WORDS), min_size=1, max_size=4), max_size=12)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_no_word_is_lost(rows: list[list[tuple[float, str]]]) -> None:
    one = page(1, *HEADING, *((140.0 + 14 * at, row) for at, row in enumerate(rows)))
    told = [placed.line.text for placed in with_tables([PlacedLine(one, each) for each in one.lines])]
    # A lead that spans rows is told once for each of them.
    assert Counter(one.text.split()) <= Counter(" ".join(told).split())
