"""Task tables: columns in any order and wording, section rows, rows torn by a page break."""

from __future__ import annotations

import pytest

from extract.directive import Span
from extract.paragraphs import Paragraph
from extract.tables import TableRow, read_table


def rows(*lines: str) -> tuple[TableRow, ...]:
    return read_table(
        [
            Paragraph(" ".join(line.split("|")), Span(1, at, at), cells=tuple(cell.strip() for cell in line.split("|")))
            for at, line in enumerate(lines, 1)
        ]
    )


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param("STT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian hoàn thành", id="plain"),
        pytest.param("TT | NỘI DUNG CÔNG VIỆC | ĐƠN VỊ THỰC HIỆN | ĐƠN VỊ PHỐI HỢP | TIẾN ĐỘ", id="capitals, other words"),
        pytest.param("Số TT | Tên nhiệm vụ, giải pháp | Phân công chủ trì | Phối hợp thực hiện | Thời hạn", id="third wording"),
        pytest.param("STT | Nhiem vu | Co quan chu tri | Co quan phoi hop | Thoi han", id="without diacritics"),
    ],
)
def test_columns_are_known_by_their_headings(heading: str) -> None:
    (row,) = rows(heading, "1 | Rà soát quy trình | Sở Nội vụ | Các sở | Quý III/2024")
    assert (row.task, row.lead, row.coordinating, row.deadline) == ("Rà soát quy trình", "Sở Nội vụ", "Các sở", "Quý III/2024")


def test_columns_may_stand_in_any_order() -> None:
    (row,) = rows("Thời hạn | Đơn vị chủ trì | Sản phẩm | Nội dung", "Tháng 5 | Sở Y tế | Báo cáo | Kiểm tra an toàn thực phẩm")
    assert (row.task, row.lead, row.deadline, row.result) == ("Kiểm tra an toàn thực phẩm", "Sở Y tế", "Tháng 5", "Báo cáo")


HEADING = "STT | Nhiệm vụ | Chủ trì | Thời hạn"


def test_section_rows_head_the_rows_below() -> None:
    found = rows(
        HEADING,
        "I | CẢI CÁCH THỂ CHẾ | | ",
        "1 | Rà soát văn bản | Sở Tư pháp | Quý I",
        "II | TÀI CHÍNH | | ",
        "1 | Giải ngân | Sở Tài chính | Quý II",
    )
    assert [(row.section_ordinal, row.section, row.ordinal, row.task) for row in found] == [
        ("I", "CẢI CÁCH THỂ CHẾ", "1", "Rà soát văn bản"),
        ("II", "TÀI CHÍNH", "1", "Giải ngân"),
    ]


def test_a_row_torn_by_a_page_break_is_put_together() -> None:
    (row,) = rows(HEADING, "1 | Kiểm tra việc chấp hành kỷ luật | Sở Nội vụ | Quý I", " | tại các đơn vị trực thuộc. | | ")
    assert row.task == "Kiểm tra việc chấp hành kỷ luật tại các đơn vị trực thuộc."
    assert row.last.span.first == 3


def test_a_repeated_heading_and_a_row_of_column_numbers_are_no_tasks() -> None:
    found = rows(HEADING, "(1) | (2) | (3) | (4)", "1 | Một việc | Sở A | Quý I", HEADING, "2 | Hai việc | Sở B | Quý II")
    assert [row.task for row in found] == ["Một việc", "Hai việc"]


def test_a_table_of_figures_gives_no_tasks() -> None:
    assert rows("STT | Địa phương | Dân số | Diện tích", "1 | Xã A | 1200 | 35") == ()
