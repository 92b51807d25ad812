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


def cells_of(row: TableRow) -> tuple[str, str, str, str]:
    return row.task, row.lead, row.coordinating, row.deadline


WORK = "Rà soát quy trình"


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        pytest.param(
            ["TT | Nhiệm vụ | Đơn vị thực hiện | | Thời hạn", " | | Chủ trì | Phối hợp | ", f"1 | {WORK} | Sở Nội vụ | Sở Y tế | Quý I"],
            (WORK, "Sở Nội vụ", "Sở Y tế", "Quý I"),
            id="heading of two rows",
        ),
        pytest.param(
            ["TT | Nhiệm vụ | Tổ chức | | ", " | | Chủ trì | Phối hợp | Hoàn thành", f"1 | {WORK} | Sở Nội vụ | Sở Y tế | Quý I"],
            (WORK, "Sở Nội vụ", "Sở Y tế", "Quý I"),
            id="only both heading rows together say who",
        ),
        pytest.param(
            [
                "TT | Nhiệm vụ | Đơn vị thực hiện | Đơn vị thực hiện",
                "TT | Nhiệm vụ | Chủ trì | Phối hợp",
                f"1 | {WORK} | Sở Nội vụ | Sở Y tế",
            ],
            (WORK, "Sở Nội vụ", "Sở Y tế", ""),
            id="merged heading cells repeated",
        ),
        pytest.param(
            ["TT | Nhiệm vụ | Chủ trì | Thời gian | ", " | | | Bắt đầu | Kết thúc", f"1 | {WORK} | Sở Nội vụ | 01/3/2026 | 30/4/2026"],
            (WORK, "Sở Nội vụ", "", "từ ngày 01/3/2026 đến ngày 30/4/2026"),
            id="begin and end",
        ),
        pytest.param(
            ["TT | Nhiệm vụ | Chủ trì | Ngày bắt đầu | Ngày kết thúc", f"1 | {WORK} | Sở Nội vụ | Tháng 3/2026 | Tháng 6/2026"],
            (WORK, "Sở Nội vụ", "", "Tháng 3/2026 đến Tháng 6/2026"),
            id="begin and end in one heading row",
        ),
        pytest.param(
            ["TT | Nhiệm vụ | Chủ trì | T1 | T2 | T3 | T4", f"1 | {WORK} | Sở Nội vụ | | x | x | "],
            (WORK, "Sở Nội vụ", "", "Tháng 2 đến tháng 3"),
            id="ticked months",
        ),
        pytest.param(
            [
                "TT | Nhiệm vụ | Chủ trì | Thời gian thực hiện năm 2026 (tháng) | | | ",
                " | | | 1 | 2 | 3 | 4",
                f"1 | {WORK} | Sở Nội vụ | | | | X",
            ],
            (WORK, "Sở Nội vụ", "", "Tháng 4/2026"),
            id="months by number below the year",
        ),
        pytest.param(
            ["TT | Nhiệm vụ | Chủ trì | Quý I | Quý II | Quý III | Quý IV", f"1 | {WORK} | Sở Nội vụ | | ✓ | | "],
            (WORK, "Sở Nội vụ", "", "Quý II"),
            id="ticked quarters",
        ),
        pytest.param(
            ["TT | Nhóm nhiệm vụ | Nhiệm vụ cụ thể | Chủ trì | Thời hạn", f"1 | Thể chế | {WORK} | Sở Nội vụ | Quý I"],
            (WORK, "Sở Nội vụ", "", "Quý I"),
            id="group and task",
        ),
        pytest.param(
            ["TT | Nhiệm vụ | Lãnh đạo phụ trách | Đơn vị thực hiện | Thời hạn", f"1 | {WORK} | Đ/c Nguyễn Văn A | Sở Nội vụ | Quý I"],
            (WORK, "Sở Nội vụ", "", "Quý I"),
            id="a person is no agency",
        ),
        pytest.param(
            [
                "TT | Nhiệm vụ | Đơn vị chủ trì, phối hợp | Thời hạn",
                f"1 | {WORK} | Chủ trì: Sở Nội vụ; phối hợp: Sở Y tế, Sở Tài chính | Quý I",
            ],
            (WORK, "Sở Nội vụ", "Sở Y tế, Sở Tài chính", "Quý I"),
            id="lead and partners in one cell",
        ),
        pytest.param(
            ["TT | Nhiệm vụ | Chủ trì/Phối hợp | Thời hạn", f"1 | {WORK} | Sở Nội vụ (chủ trì), Sở Y tế | Quý I"],
            (WORK, "Sở Nội vụ", "Sở Y tế", "Quý I"),
            id="lead marked in brackets",
        ),
        pytest.param(
            ["Nhiệm vụ | Đơn vị tính | Số lượng | Đơn vị đầu mối | Lộ trình", f"{WORK} | hồ sơ | 40 | Sở Nội vụ | Quý I"],
            (WORK, "Sở Nội vụ", "", "Quý I"),
            id="units of measure are no unit",
        ),
        pytest.param(["Nội dung công việc | Đơn vị thực hiện", f"{WORK} | Sở Nội vụ"], (WORK, "Sở Nội vụ", "", ""), id="two columns"),
        pytest.param(
            [
                "Stt | Công việc | Kết quả hoàn thành | Cơ quan chịu trách nhiệm | Hạn hoàn thành",
                f"1 | {WORK} | Báo cáo | Sở Nội vụ | Quý I",
            ],
            (WORK, "Sở Nội vụ", "", "Quý I"),
            id="result that names completion",
        ),
    ],
)
def test_headings_of_every_make(lines: list[str], want: tuple[str, str, str, str]) -> None:
    (row,) = rows(*lines)
    assert cells_of(row) == want


def test_a_group_cell_holds_for_the_rows_below_it() -> None:
    found = rows(
        "TT | Nhóm nhiệm vụ | Nhiệm vụ cụ thể | Chủ trì | Thời hạn",
        "1 | Thể chế | Sửa quy chế | Sở Tư pháp | Quý I",
        "2 | | Sửa quy định | Sở Tư pháp | Quý II",
    )
    assert [(row.section, row.task) for row in found] == [("Thể chế", "Sửa quy chế"), ("Thể chế", "Sửa quy định")]


def test_cells_that_span_rows_hold_for_all_of_them() -> None:
    found = rows(
        "STT | Nhiệm vụ | Chủ trì | Phối hợp | Thời hạn",
        "1 | Sửa quy chế | Sở Tư pháp | Sở Nội vụ | Quý I",
        "2 | Sửa quy định | | | ",
        "3 | Công bố quy định | | Sở Y tế | Quý II",
    )
    assert [cells_of(row)[1:] for row in found] == [
        ("Sở Tư pháp", "Sở Nội vụ", "Quý I"),
        ("Sở Tư pháp", "Sở Nội vụ", "Quý I"),
        ("Sở Tư pháp", "Sở Y tế", "Quý II"),
    ]


@pytest.mark.parametrize(
    ("section", "ordinal", "title"),
    [
        pytest.param("H | PHÁT TRIỂN HẠ TẦNG | | ", "II", "PHÁT TRIỂN HẠ TẦNG", id="H for II"),
        pytest.param("ll | PHÁT TRIỂN HẠ TẦNG | | ", "II", "PHÁT TRIỂN HẠ TẦNG", id="small letters for II"),
        pytest.param("II. PHÁT TRIỂN HẠ TẦNG | | | ", "II", "PHÁT TRIỂN HẠ TẦNG", id="over all columns"),
        pytest.param(
            "II | PHÁT TRIỂN HẠ TẦNG | PHÁT TRIỂN HẠ TẦNG | PHÁT TRIỂN HẠ TẦNG", "II", "PHÁT TRIỂN HẠ TẦNG", id="merged cell repeated"
        ),
    ],
)
def test_section_rows_in_every_state(section: str, ordinal: str, title: str) -> None:
    found = rows(HEADING, "I | THỂ CHẾ | | ", "1 | Sửa quy chế | Sở Tư pháp | Quý I", section, f"1 | {WORK} | Sở Nội vụ | Quý II")
    assert [(row.section_ordinal, row.section) for row in found] == [("I", "THỂ CHẾ"), (ordinal, title)]


def test_numbers_that_lost_their_point_stand_below_their_section() -> None:
    found = rows(
        HEADING,
        "2 | Giáo dục | | ",
        f"21 | {WORK} | Sở Nội vụ | Quý I",
        "22 | Hai việc | Sở Y tế | Quý I",
        "3 | Y tế | | ",
        "31 | Ba việc | Sở Y tế | Quý I",
    )
    assert [(row.section, row.ordinal) for row in found] == [("Giáo dục", "2.1"), ("Giáo dục", "2.2"), ("Y tế", "3.1")]


def test_sections_and_torn_rows_without_ordinals() -> None:
    found = rows(
        "Nhiệm vụ | Chủ trì | Thời hạn",
        "Nhóm việc về thể chế | | ",
        "Sửa quy chế làm việc của các cơ quan | Sở Tư pháp | Quý I",
        "chuyên môn cấp tỉnh | | ",
        "Sửa quy định | Sở Nội vụ | Quý II",
    )
    assert [(row.section, row.task) for row in found] == [
        ("Nhóm việc về thể chế", "Sửa quy chế làm việc của các cơ quan chuyên môn cấp tỉnh"),
        ("Nhóm việc về thể chế", "Sửa quy định"),
    ]


def test_a_table_of_another_kind_ends_the_tasks() -> None:
    found = rows(HEADING, f"1 | {WORK} | Sở Nội vụ | Quý I", "STT | Thôn, tổ dân phố | Số hộ | Ghi chú", "1 | Thôn Một | 12 | ")
    assert [row.task for row in found] == [WORK]


def test_a_row_about_results_and_terms_is_no_heading() -> None:
    found = rows(HEADING, "5.1 | Tổ chức thực hiện; báo cáo kết quả về cơ quan thường trực | Sở Tư pháp | Định kỳ 6 tháng")
    assert [row.ordinal for row in found] == ["5.1"]
