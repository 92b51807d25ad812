"""Reading order and what each line is of its page, on boxes alone: no OCR."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Page, Word
from ingest.layout import Segment, reading_order, rows_of, split_row, with_marks
from ingest.parts import parts_of, without_signatures
from ingest.recognise import build_page

PORTRAIT, LANDSCAPE = (595.0, 842.0), (842.0, 595.0)


def words(text: str, x: float, y: float, size: float = 13.0, *, centred: bool = False) -> list[Word]:
    """A printed line: ``x`` is where it begins or, ``centred``, its middle; ``size`` the height of its letters."""
    step, gap = 0.52 * size, 0.28 * size
    tokens = text.split()
    width = sum(step * len(token) for token in tokens) + gap * (len(tokens) - 1)
    at = x - width / 2 if centred else x
    out = []
    for token in tokens:
        out.append(Word(token, (at, y, at + step * len(token), y + size)))
        at += step * len(token) + gap
    return out


def tilted(page: list[Word], degrees: float, size: tuple[float, float]) -> list[Word]:
    """The words of a page that the scanner drew in askew and nobody straightened."""
    slope = math.tan(math.radians(degrees))
    out = []
    for word in page:
        assert word.box
        left, top, right, bottom = word.box
        drop = slope * ((left + right) / 2 - size[0] / 2)
        out.append(Word(word.text, (left, top + drop, right, bottom + drop)))
    return out


def read(page: list[Word], size: tuple[float, float]) -> list[str]:
    flow, _ = without_signatures([part for row in rows_of(page) for part in split_row(row)])
    return [part.text for part in reading_order(flow, *size)]


HEAD_LEFT = ["ỦY BAN NHÂN DÂN", "TỈNH SÔNG LAM", "Số: 15/KH-UBND"]
HEAD_RIGHT = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Sông Lam, ngày 06 tháng 02 năm 2023"]
BODY = [
    "1. Sở Nội vụ chủ trì, phối hợp với các sở rà soát danh mục công việc",
    "và báo cáo trước ngày 30/6/2023;",
    "a) Kiểm tra hồ sơ;",
    "- Trình Chủ tịch Ủy ban nhân dân tỉnh.",
]
FOOT_LEFT = ["Nơi nhận:", "- Như trên;", "- CT, các PCT UBND tỉnh;", "- Các phòng chuyên môn;", "- Lưu: VT, NC."]
FOOT_RIGHT = ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


def head(size: tuple[float, float], y: float = 60.0, *, left: float = 0.24, right: float = 0.69) -> list[Word]:
    out: list[Word] = []
    for row, (one, other) in enumerate(zip(HEAD_LEFT, HEAD_RIGHT, strict=True)):
        out += words(one, left * size[0], y + 17 * row, 11, centred=True)
        out += words(other, right * size[0], y + 17 * row + 1, 11, centred=True)
    return out


def body(size: tuple[float, float], y: float = 200.0) -> list[Word]:
    return [word for row, line in enumerate(BODY) for word in words(line, 0.14 * size[0], y + 20 * row, 12)]


def foot(size: tuple[float, float], y: float = 330.0) -> list[Word]:
    out = [word for row, line in enumerate(FOOT_LEFT) for word in words(line, 0.14 * size[0], y + 13 * row, 10)]
    for row, line in enumerate(FOOT_RIGHT):
        out += words(line, 0.7 * size[0], y + 1 + 16 * row, 12, centred=True)
    return out + words("Trần Văn Sông", 0.7 * size[0], y + 100, 12, centred=True)


HEAD = [*HEAD_LEFT[:2], *HEAD_RIGHT[:2], HEAD_LEFT[2], HEAD_RIGHT[2]]
WHOLE = [*HEAD, *BODY, *FOOT_LEFT, *FOOT_RIGHT, "Trần Văn Sông"]


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("degrees", [0.0, 0.3, -0.3])
def test_head_body_and_foot_are_read_one_after_the_other(size, degrees):
    page = tilted([*head(size), *body(size), *foot(size)], degrees, size)
    assert read(page, size) == WHOLE


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(["THỦ TƯỚNG CHÍNH PHỦ NƯỚC", "Số: 15/QĐ-TTg"], id="issuer-of-one-line"),
        pytest.param(["ỦY BAN NHÂN DÂN", "HUYỆN VĨNH THẠNH ĐÔNG", "Số: 15/KH-UBND"], id="second-line-of-the-issuer"),
        pytest.param(["UBND TỈNH", "SỞ NỘI VỤ", "Số: 115/SNV-XDCQ&CTTN-QLBC"], id="number"),
    ],
)
def test_columns_of_the_head_that_touch(left):
    page = [word for row, line in enumerate(left) for word in words(line, 120, 60 + 17 * row, 11, centred=True)]
    middle = 365.0
    for row, line in enumerate(HEAD_RIGHT):
        other = words(line, middle, 60 + 17 * row, 11, centred=True)
        # Each line begins at least a blank behind its neighbour.
        near = max((word.box[2] for word in page if word.box and abs(word.box[1] - 60 - 17 * row) < 5), default=0.0)
        shift = max(0.0, near + 4 - other[0].box[0]) if other[0].box else 0.0
        page += [Word(word.text, (word.box[0] + shift, word.box[1], word.box[2] + shift, word.box[3])) for word in other if word.box]
    number = next(at for at, line in enumerate(left) if line.startswith("Số:"))
    assert read([*page, *body(PORTRAIT)], PORTRAIT) == [*left[:number], *HEAD_RIGHT[:2], *left[number:], HEAD_RIGHT[2], *BODY]


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        pytest.param(["UBND TỈNH SÔNG LAM"], HEAD_RIGHT[:2], "L0 R0 R1", id="issuer-of-one-line-over-an-appendix"),
        pytest.param(["CHÍNH PHỦ", "", "Số: 15/NQ-CP"], HEAD_RIGHT, "L0 R0 R1 L2 R2", id="government"),
        pytest.param(
            ["UBND TỈNH", "SỞ Y TẾ", "Số: 2/SYT", "V/v tiêm chủng", "năm 2023"],
            HEAD_RIGHT,
            "L0 L1 R0 R1 L2 L3 L4 R2",
            id="subject-below-the-number",
        ),
        pytest.param(
            ["TỈNH ỦY SÔNG LAM", "*", "Số 15-CV/TU"],
            ["ĐẢNG CỘNG SẢN VIỆT NAM", "", "Sông Lam, ngày 6 tháng 2 năm 2023"],
            "L0 R0 L2 R2",
            id="party",
        ),
        pytest.param(["HĐND TỈNH", "VĂN PHÒNG"], HEAD_RIGHT, "L0 L1 R0 R1 R2", id="number-not-read"),
    ],
)
def test_the_blocks_of_the_head_come_in_their_order(left, right, order):
    page = [word for row, line in enumerate(left) for word in words(line, 140, 60 + 17 * row, 11, centred=True)]
    page += [word for row, line in enumerate(right) for word in words(line, 410, 60 + 17 * row, 11, centred=True)]
    wanted = [(left if place[0] == "L" else right)[int(place[1])] for place in order.split()]
    assert [line for line in read([*page, *body(PORTRAIT)], PORTRAIT) if line != "*"] == [*wanted, *BODY]


def test_a_body_page_is_read_line_by_line():
    items = ["1. Sở Nội vụ:", "a) Rà soát danh mục;", "b) Báo cáo kết quả;", "2.", "Sở Tài chính:", "- Bố trí kinh phí."]
    places = [(120, 100), (150, 120), (150, 140), (120, 160), (150, 160), (150, 180)]
    page = [word for text, (x, y) in zip(items, places, strict=True) for word in words(text, x, y)]
    assert read(page, PORTRAIT) == [*items[:3], "2. Sở Tài chính:", items[5]]


@given(st.permutations(range(10)))
def test_the_order_of_the_engine_does_not_matter(order):
    page = [*head(PORTRAIT), *body(PORTRAIT), *foot(PORTRAIT)]
    chunks = [page[at::10] for at in order]
    assert read([word for chunk in chunks for word in chunk], PORTRAIT) == WHOLE


@pytest.mark.parametrize(
    ("x", "y", "before"),
    [
        pytest.param(100.0, 120.0, "Kính gửi: Sở Nội vụ;", id="below-the-number"),
        pytest.param(40.0, 165.0, "Kính gửi: Sở Nội vụ;", id="beside-the-addressees"),
        pytest.param(300.0, 20.0, HEAD_LEFT[0], id="above-all"),
    ],
)
def test_a_mark_of_urgency_is_a_line_of_its_own(x, y, before):
    page = [*head(PORTRAIT), *words("Kính gửi: Sở Nội vụ;", 180, 150), *words("- Sở Tài chính.", 220, 165), *body(PORTRAIT)]
    printed = reading_order([part for row in rows_of(page) for part in split_row(row)], *PORTRAIT)
    lines = [part.text for part in with_marks(printed, segments(("HỎA TỐC", x, y, 13.0)))]
    assert lines.index("HỎA TỐC") == lines.index(before) - 1
    assert [line for line in lines if line != "HỎA TỐC"] == [part.text for part in printed]


# --- parts ---------------------------------------------------------------------------------------------------------------


def segments(*lines: tuple[str, float, float, float]) -> list[Segment]:
    """Lines given as (text, x, y, size)."""
    return [part for line in lines for part in split_row(words(*line))]


TEXT = [(line, 80.0, 300.0 + 20 * row, 13.0) for row, line in enumerate(BODY)]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        pytest.param(("2", 296.0, 30.0, 12.0), "page-number", id="above"),
        pytest.param(("- 12 -", 285.0, 800.0, 12.0), "page-number", id="below-between-dashes"),
        pytest.param(("3", 530.0, 800.0, 12.0), "page-number", id="below-right"),
        pytest.param(("Trang 3/12", 270.0, 800.0, 10.0), "page-number", id="of-all-pages"),
        pytest.param(("2", 80.0, 30.0, 12.0), "body", id="a-number-at-the-left-margin"),
        pytest.param(("2", 296.0, 420.0, 12.0), "body", id="in-the-middle"),
        pytest.param(("2023", 290.0, 30.0, 12.0), "body", id="a-year"),
        pytest.param(("1 Công văn số 12/SNV-CCHC ngày 05/01/2023.", 80.0, 780.0, 9.0), "footnote", id="note"),
        pytest.param(("[2] Theo báo cáo của Sở Nội vụ.", 80.0, 780.0, 9.0), "footnote", id="note-in-brackets"),
        pytest.param(("2 Đơn vị báo cáo trước ngày 15/6.", 80.0, 780.0, 13.0), "body", id="as-large-as-the-text"),
        pytest.param(("- Lưu: VT, NC.", 80.0, 780.0, 9.0), "body", id="recipients-are-small-too"),
    ],
)
def test_page_numbers_and_footnotes(line, part):
    ordered = sorted(segments(*TEXT, line), key=lambda one: one.middle)
    at = next(at for at, one in enumerate(ordered) if one.text == line[0])
    assert parts_of(ordered, *PORTRAIT)[at] == part
    assert parts_of(segments(*TEXT), *PORTRAIT) == ["body"] * len(TEXT)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["Ký bởi: Ủy ban nhân dân tỉnh", "Cơ quan: Tỉnh Sông Lam", "Thời gian ký: 17/06/2022 10:56:26"], id="of-the-office"),
        pytest.param(["Trung tâm Công báo", "Tỉnh Sông Lam", "17.06.2022 13:54:54 +07:00"], id="time-only"),
        pytest.param(["Người ký: Văn phòng UBND", "Email: vanphong@songlam.gov.vn"], id="signer"),
    ],
)
def test_the_box_of_a_digital_signature_is_no_text(lines):
    box = [(line, 430.0, 10.0 + 9 * row, 7.0) for row, line in enumerate(lines)]
    flow, signed = without_signatures([*segments(*box), *segments(*TEXT)])
    assert [part.text for part in signed] == lines
    assert [part.text for part in flow] == BODY
    page = build_page(flow, (), Page(1, (), "ocr"), signed)
    assert [(line.text, line.part) for line in page.lines] == [*((line, "body") for line in BODY), *((line, "stamp") for line in lines)]


@pytest.mark.parametrize(
    "text", ["Ngày ký ban hành hợp đồng là ngày 05/6/2023", "sao y các văn bản gửi kèm theo", "Người ký văn bản chịu trách nhiệm"]
)
def test_sentences_about_signing_stay(text):
    parts = segments((text, 80.0, 280.0, 13.0), *TEXT)
    assert without_signatures(parts) == (parts, [])
