"""Files, plain text, text layers and layout: everything of ingest that needs no OCR."""

from __future__ import annotations

import io
import pickle
import unicodedata
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest import ReadOptions, assemble, inspect, pdf, read, read_page
from ingest.cells import table_rows
from ingest.document import Line, Page, Word
from ingest.errors import (
    DamagedFile,
    DondocError,
    EmptyFile,
    EncryptedFile,
    FileAccessError,
    NoText,
    OcrFailed,
    PageTooLarge,
    UnsupportedFile,
    WrongLanguage,
)
from ingest.language import is_syllable, looks_vietnamese
from ingest.layout import reading_order, rows_of, split_row
from ingest.plaintext import decode, split_pages
from ingest.reading import TOO_LARGE, FileInfo
from ingest.recognise import FAILED
from ingest.textlayer import judge

SHARED = Path(__file__).parents[1].parent / "shared"
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
pdfmetrics.registerFont(TTFont("DejaVu", FONTS / "DejaVuSerif.ttf"))

BODY = [
    "Thực hiện Kế hoạch số 15/KH-UBND ngày 06/02/2023 của Ủy ban nhân dân tỉnh Sông Lam,",
    "Sở Nội vụ yêu cầu các phòng chuyên môn rà soát danh mục thủ tục hành chính và",
    "báo cáo kết quả trước ngày 30/6/2023 để tổng hợp, trình cấp có thẩm quyền xem xét.",
]
ENGLISH = (
    "The quick brown fox jumps over the lazy dog while the committee examines every single report before the deadline. "
    "Each department should submit written comments on the draft regulation within fifteen working days of receiving it. "
)


def pdf_of(draw, *, pages: int = 1, **options) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, **options)
    for number in range(pages):
        draw(canvas, number)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def body_page(canvas: Canvas, number: int = 0) -> None:
    canvas.setFont("DejaVu", 11)
    for index, line in enumerate(BODY):
        canvas.drawString(50, 700 - 18 * index, line)


# --- what a file is, and what is wrong with it -------------------------------------------------------------------------


def make_directory(folder: Path) -> Path:
    (folder / "x.pdf").mkdir()
    return folder / "x.pdf"


def written(name: str, data: bytes):
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def made(name: str, build):
    def make(folder: Path) -> Path:
        return written(name, build())(folder)

    return make


def small_png(size=(1, 1)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    return out.getvalue()


def bomb_png() -> bytes:
    """20 000 x 20 000 white pixels: 50 kB on disk, 400 MB once unpacked as grey."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000), 1).save(out, "PNG")
    return out.getvalue()


def truncated_pdf() -> bytes:
    whole = pdf_of(body_page, pages=3)
    return whole[: len(whole) * 6 // 10]


def encrypted_pdf() -> bytes:
    return pdf_of(body_page, encrypt="mat-khau")


def pageless_pdf() -> bytes:
    parts = [b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"]
    first, second = parts[0].index(b"1 0 obj"), parts[0].index(b"2 0 obj")
    xref = f"xref\n0 3\n0000000000 65535 f \n{first:010d} 00000 n \n{second:010d} 00000 n \n"
    return parts[0] + (xref + f"trailer<</Size 3/Root 1 0 R>>\nstartxref\n{len(parts[0])}\n%%EOF\n").encode()


BAD_FILES = [
    pytest.param(lambda folder: folder / "none.pdf", FileAccessError, "Không có tệp", id="missing"),
    pytest.param(make_directory, FileAccessError, "thư mục", id="directory-named-pdf"),
    pytest.param(written("a.pdf", b""), EmptyFile, "rỗng", id="empty"),
    pytest.param(written("a.txt", b" \n\t\n "), EmptyFile, "khoảng trắng", id="blank-text"),
    pytest.param(written("a.pdf", "Kính gửi: Sở Nội vụ\n".encode()), UnsupportedFile, "văn bản thuần", id="text-named-pdf"),
    pytest.param(written("a.png", b"\x00\x01\x02\xff\xfe" * 40), UnsupportedFile, "không phải ảnh", id="junk-named-png"),
    pytest.param(written("a.bin", b"\x00\x01\x02\xff\xfe\x07" * 40), UnsupportedFile, "Không phải PDF", id="junk"),
    pytest.param(written("a.docx", b"PK\x03\x04" + bytes(range(256))), UnsupportedFile, "Không phải PDF", id="word-file"),
    pytest.param(made("a.pdf", truncated_pdf), DamagedFile, "cắt cụt", id="truncated-pdf"),
    pytest.param(written("a.pdf", b"%PDF-1.7\n" + b"junk " * 100), DamagedFile, "cắt cụt", id="pdf-of-junk"),
    pytest.param(made("a.pdf", encrypted_pdf), EncryptedFile, "mật khẩu", id="encrypted"),
    pytest.param(made("a.pdf", pageless_pdf), DamagedFile, "không có trang", id="no-pages"),
    pytest.param(written("a.png", small_png()), NoText, "1 × 1", id="one-pixel"),
    pytest.param(written("a.png", small_png((400, 400))[:60]), DamagedFile, "ảnh hỏng", id="truncated-png"),
    pytest.param(made("a.png", bomb_png), PageTooLarge, "20000 × 20000", id="huge-picture"),
]


@pytest.mark.parametrize(("make", "error", "words"), BAD_FILES)
def test_a_bad_file_says_what_is_wrong_and_what_to_do(tmp_path, make, error, words):
    path = make(tmp_path)
    with pytest.raises(error) as caught:
        inspect(path)
    assert words in caught.value.message
    assert caught.value.path == str(path)
    assert caught.value.remedy
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again)) == (error, str(caught.value))


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # chmod would not stop root
    with pytest.raises(FileAccessError, match="quyền đọc"):
        inspect(path)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        pytest.param("scan.txt", pdf_of(body_page), "pdf", id="pdf-named-txt"),
        pytest.param("scan.pdf", small_png((300, 300)), "image", id="png-named-pdf"),
        pytest.param("scan", "Kính gửi: Sở Nội vụ".encode(), "text", id="text-without-ending"),
    ],
)
def test_content_decides_not_the_name(tmp_path, name, data, kind):
    (tmp_path / name).write_bytes(data)
    info = inspect(tmp_path / name)
    assert (info.kind, info.pages) == (kind, 1)


def test_the_same_bytes_are_the_same_document(tmp_path):
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"".join([pdf_of(body_page, invariant=1)]))
    assert inspect(tmp_path / "a.pdf").sha256 == inspect(tmp_path / "b.pdf").sha256


# --- plain text --------------------------------------------------------------------------------------------------------

TEXT = "Kính gửi: Sở Nội vụ\n\nĐề nghị báo cáo trước ngày 30/6/2023."
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Letters with circumflex, breve or horn are one byte there, tones another."""
    out = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        out.append(letter + "".join(part for part in parts if part in TONES))
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="utf-8-bom"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16-bom"),
        pytest.param(TEXT.encode("utf-16-le"), id="utf-16-le-no-bom"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(windows_1258(TEXT), id="cp1258"),
    ],
)
def test_encodings(tmp_path, data):
    (tmp_path / "a.txt").write_bytes(data)
    page = read(tmp_path / "a.txt").pages[0]
    assert page.lines[0].text.startswith("Kính gửi: Sở")
    assert [line.number for line in page.lines] == [1, 2, 3]
    assert page.lines[1].text == ""
    assert page.source == "text"


def test_form_feeds_begin_pages_and_lines_are_numbered_anew(tmp_path):
    (tmp_path / "a.txt").write_text("Trang một\ndòng hai\n\fTrang hai\n\nhết")
    document = read(tmp_path / "a.txt")
    assert [[(line.number, line.text) for line in page.lines] for page in document.pages] == [
        [(1, "Trang một"), (2, "dòng hai"), (3, "")],
        [(1, "Trang hai"), (2, ""), (3, "hết")],
    ]


@given(st.text(alphabet=st.sampled_from("abđộế .-\t\n\f"), min_size=1))
def test_text_keeps_its_lines(text):
    pages = split_pages(decode(text.encode()) or "")
    assert "\f".join("\n".join(page.split("\n")) for page in pages).split("\n") == text.split("\n")


def test_tab_separated_lines_are_a_table(tmp_path):
    (tmp_path / "a.txt").write_text("PHỤ LỤC\nSTT\tNhiệm vụ\tChủ trì\n1\tRà soát\tSở Nội vụ\n2\tBáo cáo\tSở Tư pháp\nhết")
    page = read(tmp_path / "a.txt").pages[0]
    assert [(t.first, t.last, t.columns) for t in page.tables] == [(2, 4, 3)]
    assert page.lines[2].cells == ("1", "Rà soát", "Sở Nội vụ")


# --- language ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["việt", "nghiêng", "Ủy", "gìn", "giếng", "quyết", "khuya", "đường", "y", "ương", "thuở"])
def test_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["viet", "quôc", "cac", "hiQn", "nganhh", "deadline", "phục\u0301", "đuợc", "zalo", "tmc"])
def test_no_syllables(word):
    assert not is_syllable(word)


GARBLED = {
    "no-marks": "Thuc hien ke hoach cai each hanh chinh nam 2023 cua tinh, cac so ban nganh va uy ban nhan dan cac huyen nghiem tuc "
    "trien khai thuc hien nhung noi dung sau day, bao cao ket qua truoc ngay quy dinh de tong hop chung toan tinh",
    "wrong-marks": "Thuc hién ké hoach cai cach hanh chinh nam 2023 ciia tinh, céc so ban nganh va Uy ban nhan dén céc huyén nghiém "
    "tuc trién khai thuc hién nhiing noi dung sau day, bao céo két qua trudc ngay quy dinh dé téng hop chung",
    "figures-for-letters": "Thgc hiQn k6 ho4ch cii c6ch hinh chinh nim 2023 cria tinh, c6c s& ban nginh vd Uy ban nhdn din c6c huyQn "
    "tric tri6n khai thgc hiQn nhtng nQi dung sau ddy, b6o c6o k6t qui tru6c ngdy quy dinh tl6 tdng hqp chung",
}


@pytest.mark.parametrize("text", GARBLED.values(), ids=GARBLED)
def test_badly_read_vietnamese_is_still_vietnamese(text):
    assert looks_vietnamese(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ENGLISH, id="english"),
        pytest.param(
            "Le conseil municipal a examiné hier soir les propositions présentées par les habitants du quartier et "
            "demande aux services compétents de rédiger un rapport détaillé avant la fin du mois prochain.",
            id="french",
        ),
        pytest.param("Настоящий приказ вступает в силу со дня его подписания. " * 5, id="russian"),
    ],
)
def test_other_languages_are_told_apart(text):
    assert not looks_vietnamese(text)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="needs the real directives")
def test_real_directives_are_vietnamese():
    for path in [*sorted((SHARED / "seeds").glob("*.txt")), *sorted((SHARED / "directives").glob("*.txt"))]:
        assert read(path).pages, path.name


# --- text layers -------------------------------------------------------------------------------------------------------

GOOD = " ".join(BODY)
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


# --- the whole document ------------------------------------------------------------------------------------------------


def page_of(number: int, text: str = "", warnings: tuple[str, ...] = ()) -> Page:
    lines = tuple(Line(i, t, t) for i, t in enumerate(text.split("\n"), 1)) if text else ()
    return Page(number, lines, "ocr", warnings=warnings)


INFO = FileInfo("a.pdf", "00", "pdf", 2)


@pytest.mark.parametrize(
    ("pages", "error"),
    [
        pytest.param([page_of(1), page_of(2)], NoText, id="blank"),
        pytest.param([page_of(1, warnings=(f"{FAILED}: x",)), page_of(2)], OcrFailed, id="failed-and-blank"),
        pytest.param([page_of(1, warnings=(f"{TOO_LARGE}: x",)), page_of(2, warnings=(f"{TOO_LARGE}: x",))], PageTooLarge, id="too-large"),
        pytest.param([page_of(1, ENGLISH), page_of(2, ENGLISH)], WrongLanguage, id="english"),
    ],
)
def test_a_document_without_use(pages, error):
    with pytest.raises(error) as caught:
        assemble(INFO, pages)
    assert caught.value.remedy


def test_a_lost_page_is_named_and_the_others_stay():
    document = assemble(INFO, [page_of(2, GOOD), page_of(1, warnings=(f"{FAILED}: x",))])
    assert [page.number for page in document.pages] == [1, 2]
    assert document.warnings == ("Không đọc được 1 trên 2 trang: 1.",)


def test_english_pdf_is_refused_without_ocr(tmp_path):
    def draw(canvas, _number):
        for index, start in enumerate(range(0, len(ENGLISH), 60)):
            canvas.drawString(50, 700 - 15 * index, ENGLISH[start : start + 60])

    (tmp_path / "a.pdf").write_bytes(pdf_of(draw))
    with pytest.raises(WrongLanguage):
        read(tmp_path / "a.pdf", ReadOptions(engine=None))  # type: ignore[arg-type]


def test_values_can_travel_between_processes(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(body_page))
    info, options = pickle.loads(pickle.dumps((inspect(tmp_path / "a.pdf"), ReadOptions())))
    page = read_page(info, 1, options)
    assert pickle.loads(pickle.dumps(page)) == page


def open_files() -> int:
    table = Path("/proc/self/fd")
    return len(list(table.iterdir())) if table.exists() else 0


def test_reading_leaves_no_file_open(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(body_page, pages=3))
    before = open_files()
    for _ in range(3):
        read(tmp_path / "a.pdf")
    assert open_files() <= before


def test_every_error_has_its_own_exit_code():
    kinds = DondocError.__subclasses__()
    assert len({kind.exit_code for kind in kinds}) == len(kinds)
