"""Marks, paragraphs and the tree that they make."""

from __future__ import annotations

import pytest

from extract.directive import Span
from extract.marks import split_mark
from extract.outline import Node, build
from extract.paragraphs import PlacedLine, join_lines, paragraphs
from ingest.document import Line, Page


def placed(text: str) -> list[PlacedLine]:
    pages = []
    for number, page_text in enumerate(text.split("\f"), start=1):
        lines = tuple(Line(at, line, line) for at, line in enumerate(page_text.split("\n"), start=1))
        pages.append(Page(number, lines, "text"))
    return [PlacedLine(page, line) for page in pages for line in page.lines]


@pytest.mark.parametrize(
    ("text", "kind", "label", "rest"),
    [
        pytest.param("I. NHIỆM VỤ", "roman", "I", "NHIỆM VỤ", id="roman"),
        pytest.param("l. MỤC ĐÍCH", "roman", "I", "MỤC ĐÍCH", id="small L for roman one"),
        pytest.param("Il. NHIỆM VỤ", "roman", "II", "NHIỆM VỤ", id="capital I and small L"),
        pytest.param("12. Giao Sở Y tế", "arabic", "12", "Giao Sở Y tế", id="arabic"),
        pytest.param("1.2. Về dữ liệu", "arabic", "1.2", "Về dữ liệu", id="dotted"),
        pytest.param("đ) Rà soát", "letter", "đ", "Rà soát", id="Vietnamese letter"),
        pytest.param("(ii) Rà soát", "paren", "ii", "Rà soát", id="small roman in brackets"),
        pytest.param("(2) Rà soát", "paren", "2", "Rà soát", id="number in brackets"),
        pytest.param("– Rà soát", "dash", "-", "Rà soát", id="long dash"),
        pytest.param("+ Rà soát", "plus", "+", "Rà soát", id="plus"),
        pytest.param("Điều 3. Sở Nội vụ", "article", "3", "Sở Nội vụ", id="article"),
        pytest.param("**II. NHIỆM VỤ", "roman", "II", "NHIỆM VỤ", id="markdown before the mark"),
    ],
)
def test_a_mark_is_taken_off(text: str, kind: str, label: str, rest: str) -> None:
    mark, after = split_mark(text)
    assert mark is not None
    assert (mark.kind, mark.label, after) == (kind, label, rest)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("30/6/2024 là hạn cuối", id="date"),
        pytest.param("1.250 tỷ đồng", id="number with a thousands point"),
        pytest.param("Căn cứ Luật", id="word that begins with C"),
        pytest.param("I đã", id="no point behind"),
        pytest.param("-5 độ", id="negative number"),
    ],
)
def test_what_is_no_mark_stays(text: str) -> None:
    assert split_mark(text) == (None, text)


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        pytest.param(
            ["Công văn số 12/UBND-", "NC ngày 01/02/2024"], "Công văn số 12/UBND-NC ngày 01/02/2024", id="number broken after its hyphen"
        ),
        pytest.param(["Nghị quyết số 05-", "NQ/TU"], "Nghị quyết số 05-NQ/TU", id="Party number"),
        pytest.param(["phát triển kinh tế -", "xã hội"], "phát triển kinh tế - xã hội", id="dash with spaces"),
        pytest.param(["Sở Nội", "vụ"], "Sở Nội vụ", id="words"),
    ],
)
def test_lines_join(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


def texts(text: str) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(placed(text))]


def test_blank_lines_that_scanning_made_do_not_tear_a_sentence() -> None:
    page = (
        "- Rà soát toàn bộ hồ sơ còn tồn đọng của các đơn vị trực thuộc\n\ntrên địa bàn tỉnh, báo cáo kết quả.\n"
        "- Cập nhật tiến độ hằng tuần lên hệ thống chung."
    )
    assert texts(page) == [
        "Rà soát toàn bộ hồ sơ còn tồn đọng của các đơn vị trực thuộc trên địa bàn tỉnh, báo cáo kết quả.",
        "Cập nhật tiến độ hằng tuần lên hệ thống chung.",
    ]


def test_a_line_that_begins_with_a_dash_inside_a_name_is_no_item() -> None:
    page = (
        "2. Các đơn vị sự nghiệp công lập trực thuộc, các phòng chuyên môn thuộc Sở Lao động\n"
        "- Thương binh và Xã hội khẩn trương hoàn thành việc rà soát.\n"
        "3. Văn phòng tổng hợp kết quả."
    )
    assert texts(page) == [
        "Các đơn vị sự nghiệp công lập trực thuộc, các phòng chuyên môn thuộc "
        "Sở Lao động - Thương binh và Xã hội khẩn trương hoàn thành việc rà soát.",
        "Văn phòng tổng hợp kết quả.",
    ]


def test_an_item_goes_on_over_a_page_break_and_its_page_number() -> None:
    page = "1. Sở Xây dựng chủ trì kiểm tra các công trình đang\f2\nthi công dở dang trên địa bàn."
    found = paragraphs(placed(page))
    assert [paragraph.text for paragraph in found] == ["Sở Xây dựng chủ trì kiểm tra các công trình đang thi công dở dang trên địa bàn."]
    assert found[0].span == Span(1, 1, 1, 2, 2)


def test_footnotes_are_left_out() -> None:
    assert texts("1. Rà soát dữ liệu[1] của ngành.\n[1] Theo Báo cáo của Sở Y tế\nnăm ngoái.\n2. Cập nhật dữ liệu.") == [
        "Rà soát dữ liệu của ngành.",
        "Cập nhật dữ liệu.",
    ]


def shape(nodes: list[Node]) -> list[object]:
    return [[node.step, shape(node.children)] if node.children else node.step for node in nodes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "I. CHUNG\n1. Rà soát:\n- Một.\n- Hai:\n+ Ba.\n2. Cập nhật.\nII. RIÊNG\n1. Báo cáo.",
            [["I", [["1", ["-1", ["-2", ["+1"]]]], "2"]], ["II", ["1"]]],
            id="roman, arabic, dash, plus",
        ),
        pytest.param(
            "1. Về dữ liệu\n1.1. Giao Sở A\n- Một.\n1.2. Giao Sở B\n2. Về hạ tầng",
            [["1", [["1.1", ["-1"]], "1.2"]], "2"],
            id="dotted numbers nest",
        ),
        pytest.param(
            "1. Giao các sở:\n(1) Một.\n(2) Hai.\n2. Giao các huyện.", [["1", ["(1)", "(2)"]], "2"], id="numbers in brackets below"
        ),
        pytest.param("- Các sở:\n(1) Một.\n(2) Hai.\n- Các huyện.", [["-1", ["(1)", "(2)"]], "-2"], id="brackets below a dash"),
        pytest.param(
            "1. Sở A\n- Một.\nTrong quá trình thực hiện, các đơn vị báo cáo.",
            [["1", ["-1"]], "p1"],
            id="closing paragraph belongs to nobody",
        ),
    ],
)
def test_the_tree_follows_the_numbering(text: str, expected: list[object]) -> None:
    assert shape(build(paragraphs(placed(text)))) == expected
