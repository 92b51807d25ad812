"""The archive copy: the restored text lies where the words are on the picture, and nothing else has changed."""

from __future__ import annotations

import io
import unicodedata
from ctypes import byref, c_int
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image
from pypdfium2 import raw as pdfium
from scanned_pdf import (
    HEIGHT,
    LINES,
    STAMP,
    WIDTH,
    colour,
    copy_of,
    document_of,
    image_bytes,
    line_of,
    page_of,
    pdf_of,
    picture_of,
    plumbed,
    texts,
)

from dondoc.placing import place
from dondoc.searchable import copy_name
from ingest import pdf
from ingest.document import Box, Line, Page, Table, Word
from ingest.errors import DamagedFile, UnsupportedFile
from ingest.textlayer import layer_to_page, load_layer


def at_words(copy: bytes) -> list[tuple[str, tuple[int, int, int]]]:
    """Each word of PDFium's text with the colour of the rendered page in its middle."""
    with pypdfium2.PdfDocument(copy) as pdf:
        page = pdf[0]
        text = page.get_textpage()
        picture = page.render(scale=2).to_pil().convert("RGB")
        converter = page.render  # keeps the page alive
        found, letters = [], []
        for index, sign in enumerate([*text.get_text_range(), " "]):
            if not sign.isspace():
                letters.append((sign, text.get_charbox(index)))
            elif letters:
                across = [side for _, box in letters for side in (box[0], box[2])]
                up = [side for _, box in letters for side in (box[1], box[3])]
                middle = (min(across) + max(across)) / 2, (min(up) + max(up)) / 2
                found.append(("".join(sign for sign, _ in letters), picture.getpixel(_on_screen(page, *middle, picture))))
                letters = []
        assert converter
        return found


def _on_screen(page: Any, x: float, y: float, picture: Image.Image) -> tuple[int, int]:
    across, down = c_int(), c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, picture.width, picture.height, 0, x, y, byref(across), byref(down))
    return across.value, down.value


GEOMETRY = [
    pytest.param(rotate, rotation, skew, offset, crop, id=f"rotate{rotate}-turned{rotation}-skew{skew}-at{offset[0]}-crop{crop}")
    for rotate, rotation, skew, offset, crop in [
        (0, 0, 0.0, (0, 0), 0),
        (0, 90, 0.0, (0, 0), 0),
        (0, 180, 0.0, (0, 0), 0),
        (0, 270, 0.0, (0, 0), 0),
        (90, 0, 0.0, (0, 0), 0),
        (180, 90, 0.0, (0, 0), 0),
        (270, 270, 1.0, (0, 0), 0),
        (0, 0, 3.0, (0, 0), 0),
        (0, 0, -3.0, (0, 0), 0),
        (0, 180, 2.0, (50, -70), 0),
        (0, 0, 0.0, (-120, 33), 0),
        (0, 0, 0.0, (10, 20), 25),
        (90, 90, -2.0, (10, 20), 25),
    ]
]


@pytest.mark.parametrize(("rotate", "rotation", "skew", "offset", "crop"), GEOMETRY)
def test_each_word_lies_on_its_picture(
    tmp_path: Path, rotate: int, rotation: int, skew: float, offset: tuple[float, float], crop: float
) -> None:
    page = page_of(rotation=rotation, skew=skew)
    source = pdf_of([picture_of(page)], tmp_path / "scan.pdf", rotate=rotate, offset=offset, crop=crop)
    copy = copy_of(source, document_of(page))
    assert at_words(copy) == [(word.text, colour(i)) for i, word in enumerate(word for line in page.lines for word in line.words)]
    assert texts(copy)[0].split("\n") == list(LINES)
    assert image_bytes(copy) == image_bytes(source)
    with pikepdf.open(io.BytesIO(copy)) as pdf:  # shown upright from now on
        assert pdf.pages[0].rotation == (rotate + rotation) % 360


@pytest.mark.parametrize(("rotate", "rotation", "skew", "offset", "crop"), [case for case in GEOMETRY if case.values[2] == 0])
def test_a_copy_is_read_where_it_was_written(
    tmp_path: Path, rotate: int, rotation: int, skew: float, offset: tuple[float, float], crop: float
) -> None:
    page = page_of(rotation=rotation)
    source = pdf_of([picture_of(page)], tmp_path / "scan.pdf", rotate=rotate, offset=offset, crop=crop)
    first = tmp_path / "copy.pdf"
    first.write_bytes(copy_of(source, document_of(page)))
    read = layer_to_page(load_layer(pdf.cut_out(first, 1, annotations=False)), 1)
    assert [line.text for line in read.lines] == list(LINES)
    better = replace(read, lines=tuple(line.restored(line.text.upper(), 1.0) for line in read.lines))
    words = [word.text.upper() for line in page.lines for word in line.words]
    assert at_words(copy_of(first, document_of(better))) == [(word, colour(i)) for i, word in enumerate(words)]


def test_a_page_turned_on_a_guess_is_shown_as_it_was(tmp_path: Path) -> None:
    page = page_of(rotation=90, confidence=0.3)
    copy = copy_of(pdf_of([picture_of(page)], tmp_path / "scan.pdf"), document_of(page))
    assert [shown for _, shown in at_words(copy)] == [colour(i) for i in range(sum(len(line.words) for line in page.lines))]
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert pdf.pages[0].rotation == 0


def test_boxes_of_words_are_those_of_the_picture(tmp_path: Path) -> None:
    page = page_of()
    found = plumbed(copy_of(pdf_of([picture_of(page)], tmp_path / "scan.pdf"), document_of(page)))
    expected = [word for line in page.lines for word in line.words]
    assert [word["text"] for word in found] == [word.text for word in expected]
    for word, there in zip(found, expected, strict=True):
        assert (word["x0"], word["top"], word["x1"], word["bottom"]) == pytest.approx(there.box, abs=4)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("bao cao truoc ngay", "báo cáo trước ngày", id="marks"),
        pytest.param("baocao truoc ngay", "báo cáo trước ngày", id="parted"),
        pytest.param("bao c ao truoc ngay", "báo cáo trước ngày", id="joined"),
        pytest.param("bao cao | truoc ngay", "báo cáo trước ngày", id="dropped"),
        pytest.param("bao ngay", "báo cáo ngày", id="added"),
        pytest.param("UBNDtinh Song L am", "UBND tỉnh Sông Lam", id="parted and joined"),
        pytest.param("%%", "báo cáo", id="all new"),
    ],
)
def test_restored_words_take_the_places_of_raw_ones(tmp_path: Path, raw: str, text: str) -> None:
    page = replace(page_of(), lines=(line_of(text, 40, raw=raw),))
    copy = copy_of(pdf_of([picture_of(page)], tmp_path / "scan.pdf"), document_of(page))
    assert texts(copy) == [text]
    words = plumbed(copy)
    assert " ".join(word["text"] for word in words) == text
    box = page.lines[0].words[-1].box
    assert box is not None
    assert words[0]["x0"] == pytest.approx(30, abs=1)
    assert words[-1]["x1"] == pytest.approx(box[2], abs=1)


def test_a_joined_word_is_as_wide_as_its_parts(tmp_path: Path) -> None:
    page = replace(page_of(), lines=(line_of("báo cáo ngày", 40, raw="bao c ao ngay"),))
    words = plumbed(copy_of(pdf_of([picture_of(page)], tmp_path / "scan.pdf"), document_of(page)))
    boxes = [word.box for word in page.lines[0].words]
    assert boxes[1] is not None
    assert boxes[2] is not None
    assert (words[1]["x0"], words[1]["x1"]) == pytest.approx((boxes[1][0], boxes[2][2]), abs=1)


def test_rows_of_a_table_are_placed_by_cells(tmp_path: Path) -> None:
    rows = (
        line_of("1\tSở Nội vụ\tbáo cáo", 40, number=1, raw="1\tSo Noi vu\tbao cao", cell=30),
        # The merged last cell is repeated in the text of the second row; its words are those of the first.
        replace(line_of("2\tSở Y tế", 80, number=2, raw="2\tSo Y te", cell=30), raw="2\tSo Y te\tbao cao", text="2\tSở Y tế\tbáo cáo"),
    )
    page = replace(page_of(), lines=rows, tables=(Table(1, 2, 3),))
    words = plumbed(copy_of(pdf_of([picture_of(page)], tmp_path / "scan.pdf"), document_of(page)))
    assert [word["text"] for word in words] == ["1", "Sở", "Nội", "vụ", "báo", "cáo", "2", "Sở", "Y", "tế"]
    for word, there in zip(words, (word for row in rows for word in row.words), strict=True):
        assert there.box is not None
        assert (word["x0"], word["x1"]) == pytest.approx((there.box[0], there.box[2]), abs=1)


def test_lines_of_a_cell_stand_below_each_other(tmp_path: Path) -> None:
    boxes: list[Box] = [(100, 40, 118, 52), (123, 40, 141, 52), (100, 60, 118, 72)]
    words = tuple(Word(text, box) for text, box in zip(("báo", "cáo", "quý"), boxes, strict=True))
    row = Line(1, "1\tbáo cáo quý", "1\tbáo cáo quý", (30, 40, 200, 75), (Word("1", (30, 50, 36, 62)), *words))
    page = replace(page_of(), lines=(row,))
    found = plumbed(copy_of(pdf_of([picture_of(page)], tmp_path / "scan.pdf"), document_of(page)))
    tops = {word["text"]: round(word["top"]) for word in found}
    assert tops["báo"] == tops["cáo"] < tops["quý"] - 15


def test_a_line_without_boxes_of_words_fills_its_own(tmp_path: Path) -> None:
    page = replace(page_of(), lines=(Line(1, "bao cao", "báo cáo", (30, 40, 130, 52)),))
    words = plumbed(copy_of(pdf_of([picture_of(page_of())], tmp_path / "scan.pdf"), document_of(page)))
    assert [(word["text"], round(word["x0"])) for word in words] == [("báo", 30), ("cáo", 87)]


WORDS = st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=9), min_size=1, max_size=8).map(
    lambda words: " ".join(" ".join(words).split())
)


@given(raw=WORDS, text=WORDS)
def test_no_word_gets_lost_on_its_way_to_a_place(raw: str, text: str) -> None:
    line = line_of(text, 40, raw=raw)
    placed = place(line)
    assert " ".join(word.text for word in placed).split() == unicodedata.normalize("NFC", text).split()
    assert line.box is not None
    assert all(line.box[0] <= word.box[0] < word.box[2] <= line.box[2] + 0.01 for word in placed)


SYLLABLES = ("của", "Ủy", "ban", "nghiêm", "đường", "quyết", "Ẵm", "ị", "a)", "30/6/2025", "1520/UBND-NC", "–", "Ươm", "“trích”")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=12),
    gaps=st.lists(st.floats(-1.0, 12.0), min_size=12, max_size=12),
    heights=st.lists(st.floats(7.0, 14.0), min_size=12, max_size=12),
    skew=st.sampled_from([0.0, 0.0, 1.5, -4.0]),
)
def test_any_line_comes_back(tmp_path: Path, words: list[str], gaps: list[float], heights: list[float], skew: float) -> None:
    at, boxed = 20.0, []
    for word, gap, height in zip(words, gaps, heights, strict=False):
        boxed.append(Word(word, (at, 100 - height, at + 4.5 * len(word), 100)))
        at += 4.5 * len(word) + gap
    text = " ".join(words)
    page = Page(1, (Line(1, text, text, (20, 80, at, 100), tuple(boxed)),), "ocr", max(WIDTH, at + 20), HEIGHT, skew=skew)
    copy = copy_of(pdf_of([Image.new("L", (int(page.width * 4), HEIGHT * 4))], tmp_path / "scan.pdf"), document_of(page))
    assert texts(copy)[0].split() == words
    assert [word["text"] for word in plumbed(copy)] == words


def test_links_bookmarks_and_sizes_stay_and_the_signature_goes(tmp_path: Path) -> None:
    page = page_of()
    source = pdf_of([picture_of(page)], tmp_path / "plain.pdf")
    signed = tmp_path / "signed.pdf"
    with pikepdf.open(source) as pdf:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Phụ lục", 0))
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(S=Name.URI, URI=b"https://songlam.gov.vn")
        )
        look = pdf.make_stream(STAMP, Subtype=Name.Form, BBox=Array([0, 0, 90, 30]))
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T="Signature1",
                F=132,
                V=Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=b"\1" * 64, ByteRange=Array([0, 1, 2, 3])),
                Rect=Array([200, 10, 290, 40]),
                AP=Dictionary(N=look),
            )
        )
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link), field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
        pdf.save(signed)
    before = signed.read_bytes()
    with pikepdf.open(io.BytesIO(copy_of(signed, document_of(page)))) as copy:
        with copy.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Phụ lục"]
        annotations = list(copy.pages[0].obj.Annots)
        assert str(annotations[0].A.URI) == "https://songlam.gov.vn"
        assert "/AP" in annotations[1]
        assert annotations[1].Subtype == Name.Stamp
        assert "/V" not in annotations[1]
        assert not copy.Root.get("/AcroForm", Dictionary()).get("/SigFlags", 0)
        assert list(copy.pages[0].mediabox) == [0, 0, WIDTH, HEIGHT]
        assert str(copy.docinfo["/OriginalSHA256"]) == "ab" * 32
    assert signed.read_bytes() == before


def test_pictures_become_pages(tmp_path: Path) -> None:
    pages = [page_of(number=1), page_of("Nơi nhận: Như trên", number=2, rotation=90, width=HEIGHT, height=WIDTH)]
    frames = [picture_of(page) for page in pages]
    source = tmp_path / "fax.tiff"
    frames[0].save(source, save_all=True, append_images=frames[1:], compression="tiff_lzw", dpi=(288, 288))
    copy = copy_of(source, document_of(*pages, kind="image"))
    assert [text.split("\n") for text in texts(copy)] == [list(LINES), ["Nơi nhận: Như trên"]]
    assert [shown for _, shown in at_words(copy)] == [colour(i) for i in range(sum(len(line.words) for line in pages[0].lines))]
    with pypdfium2.PdfDocument(copy) as pdf:
        assert [tuple(map(round, page.get_size())) for page in pdf] == [(WIDTH, HEIGHT), (HEIGHT, WIDTH)]


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("photo.jpg", "RGB", {}),
        ("gray.jpg", "L", {}),
        ("turned.jpg", "RGB", {"exif": 6}),
        ("scan.png", "RGB", {}),
        ("glass.png", "RGBA", {}),
        ("palette.png", "P", {}),
        ("fax.tif", "1", {"compression": "group4"}),
        ("deep.png", "I;16", {}),
        ("scan.bmp", "RGB", {}),
        ("scan.webp", "RGB", {"lossless": True}),
    ],
)
def test_every_kind_of_picture_that_can_be_read(tmp_path: Path, name: str, mode: str, options: dict[str, Any]) -> None:
    page = page_of()
    picture = picture_of(page)
    if exif := options.pop("exif", None):
        picture = picture.rotate(90, expand=True)
        marks = Image.Exif()
        marks[0x0112] = exif
        options["exif"] = marks
    source = tmp_path / name
    picture = picture.convert("L").convert(mode) if mode == "I;16" else picture.convert(mode)
    picture.save(source, **options)
    copy = copy_of(source, document_of(page, kind="image"))
    assert texts(copy)[0].split("\n") == list(LINES)
    with pypdfium2.PdfDocument(copy) as pdf:
        assert tuple(map(round, pdf[0].get_size())) == (WIDTH, HEIGHT)
    if name.endswith(".jpg"):
        with pikepdf.open(io.BytesIO(copy)) as opened:
            assert next(iter(opened.pages[0].get_images().values())).read_raw_bytes() == source.read_bytes()


def test_a_copy_costs_little_more_than_its_text(tmp_path: Path) -> None:
    pages = [page_of(*(f"{line} {n}" for line in LINES), number=n) for n in range(1, 41)]
    source = pdf_of([picture_of(page, scale=1) for page in pages], tmp_path / "scan.pdf")
    added = len(copy_of(source, document_of(*pages))) - source.stat().st_size
    assert added < 3000 + 40 * 1200


def test_a_copy_needs_pictures_and_the_same_file(tmp_path: Path) -> None:
    text = tmp_path / "cv.txt"
    text.write_text("Kính gửi", "utf-8")
    with pytest.raises(UnsupportedFile):
        copy_of(text, document_of(page_of(), kind="text"))
    source = pdf_of([picture_of(page_of())], tmp_path / "scan.pdf")
    with pytest.raises(DamagedFile, match="1 trang"):
        copy_of(source, document_of(page_of(), page_of(number=2)))
    source.write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(DamagedFile, match="bản tra cứu"):
        copy_of(source, document_of(page_of()))


@pytest.mark.parametrize(
    ("name", "copy"), [("cv.pdf", "cv.tra-cuu.pdf"), ("CV 1.PDF", "CV 1.tra-cuu.pdf"), ("cv.jpg", "cv.jpg.tra-cuu.pdf")]
)
def test_names(name: str, copy: str) -> None:
    assert copy_name(Path("archive", name)) == Path("archive", copy)


def test_a_file_that_may_not_be_changed_is_copied_all_the_same(tmp_path: Path) -> None:
    page = page_of()
    plain = pdf_of([picture_of(page)], tmp_path / "plain.pdf")
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(plain) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="chủ", allow=pikepdf.Permissions(extract=False)))
    copy = copy_of(locked, document_of(page))
    assert texts(copy)[0].split("\n") == list(LINES)
    assert image_bytes(copy) == image_bytes(plain)
