"""Text layers, columns and ruled tables of born-digital pages."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_files import BODY, ENGLISH, GARBLED, GOOD, body_page, pdf_of, small_png
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader

from ingest import inspect, pdf, read
from ingest.cells import table_rows
from ingest.document import Word
from ingest.layout import reading_order, rows_of, split_row
from ingest.textlayer import judge

LAYERS = [
    pytest.param(GOOD, 0.0, True, id="good"),
    pytest.param(GOOD * 2, 1.0, True, id="good-over-a-full-page-picture"),
    pytest.param("", 1.0, False, id="none"),
    pytest.param(
        "Ký bởi: Văn phòng UBND tỉnh Sông Lam\nThời gian ký: 15.01.2025 09:10:11 +07:00\nEmail: vp@songlam.example",
        1.0,
        False,
        id="stamp-only",
    ),
    pytest.param("Người ký: UBND TỈNH SÔNG LAM\nCơ quan: Văn phòng", 0.0, False, id="stamp-without-picture"),
    pytest.param("Số: 15 ngày 3", 0.9, False, id="few-words-over-a-picture"),
    pytest.param("PHỤ LỤC danh mục tài liệu", 0.0, True, id="few-words-without-picture"),
    *[pytest.param(text, 1.0, False, id=f"garbled-{name}") for name, text in GARBLED.items()],
    pytest.param("(cid:12)(cid:45) (cid:7)(cid:81)(cid:9) " * 10, 0.0, False, id="no-unicode"),
    pytest.param("Th\ufffdc hi\ufffdn k\ufffd ho\ufffdch c\ufffdi c\ufffdch h\ufffdnh ch\ufffdnh", 0.0, False, id="replacement-characters"),
    pytest.param(
        "Thùc hiÖn kÕ ho¹ch c¶i c¸ch hµnh chÝnh n¨m 2012 cña tØnh, c¸c së ban ngµnh b¸o c¸o kÕt qu¶ tr­íc ngµy", 0.0, False, id="tcvn3"
    ),
    pytest.param(
        "THÖÏC HIEÄN KEÁ HOAÏCH CAÛI CAÙCH HAØNH CHÍNH cuûa tænh, caùc sôû ban ngaønh baùo caùo keát quaû tröôùc ngaøy",
        0.0,
        False,
        id="vni",
    ),
    pytest.param(ENGLISH * 2, 0.0, True, id="english-is-not-read-again"),
]


@pytest.mark.parametrize(("text", "share", "usable"), LAYERS)
def test_judging_a_text_layer(text, share, usable):
    verdict = judge(text, share)
    assert verdict.usable is usable
    assert bool(verdict.reason) is not usable


def test_born_digital_page(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(body_page, pages=2))
    calls = []
    document = read(tmp_path / "a.pdf", progress=lambda done, total: calls.append((done, total)))
    assert [line.text for line in document.pages[1].lines] == BODY
    assert {page.source for page in document.pages} == {"text-layer"}
    assert calls == [(1, 2), (2, 2)]
    first = document.pages[0].lines[0]
    assert first.words[0].box is not None
    assert 45 < first.words[0].box[0] < 55
    assert 120 < first.words[0].box[1] < 145  # points from the top


def over_picture(canvas, _number):
    canvas.drawImage(ImageReader(io.BytesIO(small_png((100, 140)))), 0, 0, *A4)
    body_page(canvas)


def with_table(canvas, _number):
    body_page(canvas)
    canvas.grid([50, 300, 540], [600, 570, 540])


@pytest.mark.parametrize("draw", [body_page, over_picture, with_table], ids=["plain", "over-a-picture-of-the-page", "with-a-table"])
def test_a_born_digital_page_is_never_rendered(tmp_path, monkeypatch, draw):
    monkeypatch.setattr(pdf, "render", lambda *_: pytest.fail("rendered"))
    (tmp_path / "a.pdf").write_bytes(pdf_of(draw))
    assert read(tmp_path / "a.pdf").pages[0].source == "text-layer"


def test_a_file_that_was_replaced_is_opened_anew(tmp_path):
    path = tmp_path / "a.pdf"
    for pages in (3, 1, 2):
        path.write_bytes(pdf_of(body_page, pages=pages))
        assert inspect(path).pages == pages
    for _ in range(70):  # more often than a file is used before it is opened anew
        assert pdf.facts(path, 2).characters


def test_head_and_foot_are_read_column_by_column(tmp_path):
    def draw(canvas, _number):
        canvas.setFont("DejaVu", 10)
        for y, left, right in (
            (800, "ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (786, "TỈNH SÔNG LAM", "Độc lập - Tự do - Hạnh phúc"),
            (765, "Số: 15/KH-UBND", "Sông Lam, ngày 06 tháng 02 năm 2023"),
        ):
            canvas.drawCentredString(140, y, left)
            canvas.drawCentredString(410, y - 2, right)
        canvas.drawCentredString(298, 735, "KẾ HOẠCH")
        for index, line in enumerate(BODY):
            canvas.drawString(50, 700 - 16 * index, line)
        canvas.setFont("DejaVu", 8)
        for index, line in enumerate(["Nơi nhận:", "- Như trên;", "- CT, các PCT UBND tỉnh;", "- Các phòng chuyên môn;", "- Lưu: VT, NC."]):
            canvas.drawString(50, 600 - 11 * index, line)
        canvas.setFont("DejaVu", 11)
        canvas.drawCentredString(420, 598, "TM. ỦY BAN NHÂN DÂN")
        canvas.drawCentredString(420, 583, "CHỦ TỊCH")
        canvas.drawCentredString(420, 520, "Trần Văn Sông")

    (tmp_path / "a.pdf").write_bytes(pdf_of(draw))
    text = [line.text for line in read(tmp_path / "a.pdf").pages[0].lines]
    assert text[:2] == ["ỦY BAN NHÂN DÂN", "TỈNH SÔNG LAM"]
    assert text[2:4] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert text[4:6] == ["Số: 15/KH-UBND", "Sông Lam, ngày 06 tháng 02 năm 2023"]
    assert text[6:10] == ["KẾ HOẠCH", *BODY]
    assert text[10:] == [
        "Nơi nhận:",
        "- Như trên;",
        "- CT, các PCT UBND tỉnh;",
        "- Các phòng chuyên môn;",
        "- Lưu: VT, NC.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Trần Văn Sông",
    ]


def test_ruled_table_of_a_pdf(tmp_path):
    def draw(canvas, _number):
        body_page(canvas)
        canvas.setFillColorRGB(1, 1, 0.6)
        canvas.rect(48, 676, 300, 14, stroke=0, fill=1)  # a highlighted line is no table
        canvas.setFillColorRGB(0, 0, 0)
        body_page(canvas)
        canvas.grid([50, 90, 300, 420, 540], [600, 570, 540, 510])
        canvas.setFont("DejaVu", 9)
        for y, cells in (
            (580, ("STT", "Nhiệm vụ", "Chủ trì", "Thời hạn")),
            (550, ("1", "Rà soát", "Sở Nội vụ", "30/6/2023")),
            (520, ("2", "", "Sở Tư pháp", "")),
        ):
            for x, cell in zip((55, 95, 305, 425), cells, strict=True):
                canvas.drawString(x, y, cell)

    (tmp_path / "a.pdf").write_bytes(pdf_of(draw))
    page = read(tmp_path / "a.pdf").pages[0]
    assert [(t.first, t.last, t.columns) for t in page.tables] == [(4, 6, 4)]
    assert [line.cells for line in page.lines[3:6]] == [
        ("STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"),
        ("1", "Rà soát", "Sở Nội vụ", "30/6/2023"),
        ("2", "", "Sở Tư pháp", ""),
    ]


def word(text: str, x: float, y: float, size: float = 10) -> Word:
    return Word(text, (x, y, x + 5 * len(text), y + size))


def test_merged_cells():
    cells = [
        (0.0, 0.0, 50.0, 40.0),
        (50.0, 0.0, 150.0, 20.0),
        (50.0, 20.0, 100.0, 40.0),
        (100.0, 20.0, 150.0, 40.0),
        (0.0, 40.0, 150.0, 60.0),
    ]
    words = [word("A", 10, 5), word("B", 60, 5), word("c", 60, 25), word("d", 110, 25), word("Chung", 10, 45)]
    assert [row.cells for row in table_rows(cells, words)] == [("A", "B", ""), ("A", "c", "d"), ("Chung", "", "")]


@given(st.integers(1, 5), st.integers(1, 6), st.data())
def test_every_word_of_a_grid_lands_in_its_cell(columns, rows, data):
    cells = [(c * 60.0, r * 20.0, c * 60.0 + 60, r * 20.0 + 20) for r in range(rows) for c in range(columns)]
    texts = [[data.draw(st.sampled_from(["", "1", "Sở", "a b"])) for _ in range(columns)] for _ in range(rows)]
    words = [
        word(t, c * 60 + 5 + 20 * i, r * 20 + 5) for r in range(rows) for c in range(columns) for i, t in enumerate(texts[r][c].split())
    ]
    assert [row.cells for row in table_rows(cells, words)] == [tuple(row) for row in texts if any(row)]


def test_wide_gaps_outside_head_and_foot_do_not_make_columns():
    words = [word("Họ", 50, 400), word("tên", 70, 400), word("Chức", 300, 400), word("An", 50, 420), word("Trưởng", 300, 420)]
    parts = [part for row in rows_of(words) for part in split_row(row)]
    assert [part.text for part in reading_order(parts, 595, 842)] == ["Họ tên Chức", "An Trưởng"]
