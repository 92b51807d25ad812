"""Pictures of pages: preparation, rulings, engines that fail, and a few readings with the real Tesseract."""

from __future__ import annotations

import io
import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest import ReadOptions, inspect, read, read_page
from ingest.cleaning import darkened, evened, is_blank, to_gray
from ingest.doublepage import fold
from ingest.engine import EngineError, Recognised
from ingest.errors import MissingDependency, OcrFailed
from ingest.images import load_frame
from ingest.missed import missed_lines
from ingest.ocr import Reader
from ingest.orientation import Pose, pose, straightened, turned
from ingest.recognise import FAILED, recognise
from ingest.ruled import find_tables
from ingest.secondlook import look_again
from ingest.tesseract import Tesseract

FONT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
DPI = 200
A4 = (1654, 2339)
TEXT = [
    "Thực hiện Kế hoạch số 15/KH-UBND ngày 06/02/2023 của Ủy ban nhân dân",
    "tỉnh Sông Lam, Sở Nội vụ yêu cầu các phòng chuyên môn rà soát danh mục",
    "thủ tục hành chính, báo cáo kết quả trước ngày 30/6/2023 để tổng hợp,",
    "trình cấp có thẩm quyền xem xét, quyết định theo quy định hiện hành.",
]


def sheet(lines: list[str] | None = None, *, repeat: int = 6) -> Image.Image:
    """An A4 page of text at 200 dpi."""
    picture = Image.new("RGB", A4, "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONT), 30)
    y = 200
    for _ in range(repeat):
        for line in lines or TEXT:
            draw.text((190, y), line, fill="black", font=font)
            y += 52
        y += 40
    return picture


def gray(picture: Image.Image) -> np.ndarray:
    return to_gray(np.asarray(picture.convert("RGB")), suppress_red=False)


# --- preparation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [-6.5, -3.0, -1.2, -0.4, 0.0, 0.35, 1.0, 2.7, 5.0])
@pytest.mark.parametrize("noisy", [False, True], ids=["clean", "noisy"])
def test_skew_is_measured(angle, noisy):
    page = sheet().rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor="white")
    picture = gray(page)
    if noisy:
        rng = np.random.default_rng(1)
        picture = np.clip(picture.astype(np.int16) + rng.normal(0, 25, picture.shape), 0, 255).astype(np.uint8)
        picture[:, :25] = 0  # a scanner's black border
    found = pose(picture, DPI).skew
    assert found == pytest.approx(angle, abs=0.15)  # PIL turns counter-clockwise, the answer is how far to turn back
    assert pose(straightened(picture, found), DPI).skew == pytest.approx(0, abs=0.15)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("angle", [0.0, -4.0], ids=["level", "crooked"])
@pytest.mark.parametrize("lines", [TEXT, TEXT[:1], [line.upper() for line in TEXT]], ids=["page", "short", "capitals"])
def test_which_way_is_up(turn, angle, lines):
    page = sheet(lines, repeat=3).rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor="white")
    found = pose(turned(gray(page), turn), DPI)
    assert (found.turn, found.sure) == ((360 - turn) % 360, True)
    assert found.skew == pytest.approx(angle, abs=0.15)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_table_of_short_cells_has_its_lines_across(turn):
    page = Image.new("RGB", A4, "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), 30)
    for row in range(14):
        for column, cell in enumerate((f"{row + 1}", "Sở Nội vụ", "Đã xong")):
            draw.text((200 + 480 * column, 300 + 110 * row), cell, fill="black", font=font)
    assert pose(turned(gray(page), turn), DPI).turn == (360 - turn) % 360


def test_a_page_without_lines_is_upright_but_not_surely():
    page = Image.new("RGB", A4, "white")
    ImageDraw.Draw(page).line((300, 900, 800, 1400), fill="black", width=5)
    found = pose(gray(page), DPI)
    assert not found.sure


@pytest.mark.parametrize(
    "red", [(215, 30, 45), (240, 150, 155), (225, 80, 130), (140, 20, 35), (110, 35, 30)], ids=["usual", "pale", "pink", "dark", "brown"]
)
def test_red_ink_becomes_paper_and_black_print_under_it_stays(red):
    page = sheet(repeat=1)
    before = gray(page)
    seal = Image.new("RGB", A4, "white")
    ImageDraw.Draw(seal).ellipse((250, 180, 700, 630), outline=red, width=14)
    ImageDraw.Draw(seal).ellipse((850, 180, 1200, 530), fill=red)
    stamped = ImageChops.multiply(page, seal)  # ink is transparent
    out = io.BytesIO()
    stamped.save(out, "JPEG", quality=85, subsampling="4:2:0")
    cleaned = to_gray(np.asarray(Image.open(out).convert("RGB")), suppress_red=True)
    assert np.percentile(cleaned[450:500, 960:1090], 1) > 190  # within the disc, under the last line
    assert np.median(cleaned[620:628, 440:510]) > 190  # the ring's lowest part
    dark_before, dark_after = (before[200:420] < 100), (cleaned[200:420] < 100)
    assert (dark_before & ~dark_after).sum() < 0.1 * dark_before.sum()
    assert (dark_after & ~dark_before).sum() < 0.1 * dark_before.sum()


def test_a_page_without_red_is_left_alone():
    page = np.asarray(sheet(repeat=1)).copy()
    page[100:160, 300:400] = (40, 60, 165)  # a blue mark
    assert np.array_equal(to_gray(page, suppress_red=True), to_gray(page, suppress_red=False))


@pytest.mark.parametrize("light", [0.7, 0.4], ids=["shade", "shadow"])
def test_a_shadow_is_evened_out_and_an_even_page_left_alone(light):
    page = gray(sheet())
    assert evened(page, DPI) is page
    shade = np.ones(page.shape, np.float32)
    shade[:, 700:] = light
    shaded = (page * cv2.GaussianBlur(shade, (0, 0), 40)).astype(np.uint8)
    clean = evened(shaded, DPI)
    assert np.percentile(clean, 20) > 235
    assert ((clean < 120) != (page < 120)).mean() < 0.01


@pytest.mark.parametrize(
    ("picture", "blank"),
    [
        pytest.param(np.full((2339, 1654), 255, np.uint8), True, id="white"),
        pytest.param(np.full((2339, 1654), 228, np.uint8), True, id="grey-paper"),
        pytest.param(np.where(np.random.default_rng(2).random((2339, 1654)) < 0.0005, 0, 255).astype(np.uint8), True, id="specks"),
        pytest.param(gray(sheet(["1"], repeat=1)), False, id="one-digit"),
    ],
)
def test_blank_pages(picture, blank):
    assert is_blank(picture, DPI) is blank


# --- rulings -----------------------------------------------------------------------------------------------------------


def ruled(xs, ys, *, without=(), width=3) -> Image.Image:
    """A page with a grid; ``without`` names rulings left out as (row, column, "right" | "below")."""
    picture = Image.new("RGB", A4, "white")
    draw = ImageDraw.Draw(picture)
    for r in range(len(ys) - 1):
        for c in range(len(xs) - 1):
            box = xs[c], ys[r], xs[c + 1], ys[r + 1]
            if (r, c, "right") not in without:
                draw.line((box[2], box[1], box[2], box[3]), fill="black", width=width)
            if (r, c, "below") not in without:
                draw.line((box[0], box[3], box[2], box[3]), fill="black", width=width)
            if r == 0 and ("top") not in without:
                draw.line((box[0], box[1], box[2], box[1]), fill="black", width=width)
            if c == 0 and ("left") not in without:
                draw.line((box[0], box[1], box[0], box[3]), fill="black", width=width)
    return picture


XS, YS = [200, 300, 800, 1100, 1450], [400, 520, 640, 900, 1000]


@pytest.mark.parametrize(
    ("picture", "cells"),
    [
        pytest.param(ruled(XS, YS), 16, id="full"),
        pytest.param(ruled(XS, YS, width=1), 16, id="hairlines"),
        pytest.param(ruled(XS, YS).rotate(0.3, fillcolor="white"), 16, id="a-little-crooked"),
        pytest.param(ruled(XS, YS).rotate(1.0, fillcolor="white"), 16, id="crooked-on-a-straight-page"),
        pytest.param(ruled(XS, YS, without=[(0, 1, "right"), (0, 2, "right")]), 14, id="merged-across"),
        pytest.param(ruled(XS, YS, without=[(1, 0, "below"), (2, 0, "below")]), 14, id="merged-down"),
        pytest.param(ruled(XS, YS, without=["top"]), 16, id="open-at-the-top"),
        pytest.param(ruled(XS, YS, without=[(r, 3, "right") for r in range(4)]), 16, id="open-at-the-right"),
    ],
)
def test_grid_of_a_ruled_table(picture, cells):
    page = Image.fromarray(np.minimum(np.asarray(picture), np.asarray(sheet(["Trước ngày 30/6/2023"], repeat=1))))
    found = find_tables(gray(page), DPI)
    assert len(found.grids) == 1
    assert len(found.grids[0].cells) == cells
    assert found.picture[380:1020, 350:780].min() > 100  # the rulings are gone


@pytest.mark.parametrize("in_red", [True, False], ids=["red", "black"])
def test_a_red_stamps_frame_is_no_part_of_the_table_below_it(in_red):
    picture = ruled(XS, YS)
    box = 230, 330, 760, 392  # what is left of it: its edges
    ImageDraw.Draw(picture).rectangle(box, outline=(90, 90, 90), width=2)
    ImageDraw.Draw(picture).line((495, 330, 495, 392), fill=(90, 90, 90), width=2)
    red = np.full((A4[1], A4[0]), 255, np.uint8)
    if in_red:
        cv2.rectangle(red, box[:2], box[2:], 0, 9)
        cv2.line(red, (495, 330), (495, 392), 0, 9)
    grids = find_tables(gray(picture), DPI, red).grids
    assert (sum(len(grid.cells) for grid in grids) == 16) is in_red


SECTION = [200, 300, 800, 1450], [400, 520, 575, 700, 820]
"""Columns and rows of a table whose second row has the height of one line."""


@pytest.mark.parametrize(
    ("row", "words", "without", "cells"),
    [
        pytest.param(1, ["II", 320, "Cải cách thủ tục"], [(1, 0, "right"), (1, 1, "right")], 11, id="numeral-and-title"),
        pytest.param(1, ["II. Cải cách thủ tục hành chính"], [(1, 0, "right"), (1, 1, "right")], 10, id="words-all-over-one-cell"),
        pytest.param(1, [320, "Cải cách thủ tục"], [(1, 0, "right"), (1, 1, "right")], 10, id="nothing-in-the-first-column"),
        pytest.param(2, ["II", 320, "Cải cách thủ tục"], [(2, 0, "right"), (2, 1, "right")], 10, id="higher-than-a-line"),
        pytest.param(1, ["II", 320, "Cải cách thủ tục"], [(0, 0, "right"), (1, 0, "right")], 10, id="not-ruled-above-either"),
    ],
)
def test_a_ruling_lost_over_a_row_of_one_line(row, words, without, cells):
    xs, ys = SECTION
    picture = ruled(xs, ys, without=without)
    draw, at = ImageDraw.Draw(picture), 235
    for word in words:
        if isinstance(word, int):
            at = word
        else:
            draw.text((at, ys[row] + 10), word, fill="black", font=ImageFont.truetype(str(FONT), 30))
    assert len(find_tables(gray(picture), DPI).grids[0].cells) == cells


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(sheet(), id="text"),
        pytest.param(ruled([200, 1400], [300, 2000]), id="frame"),
        pytest.param(ruled([200, 700], [300, 302]), id="underline"),
    ],
)
def test_what_is_no_table(picture):
    assert find_tables(gray(picture), DPI).grids == ()


# --- engines -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fake:
    """An engine that answers or raises what it is given, whatever the picture."""

    answer: tuple[Recognised, ...] = ()
    raises: type[BaseException] | None = None
    asked: list[str] = field(default_factory=list, compare=False)

    @property
    def name(self) -> str:
        return "giả"

    def read(self, picture, *, dpi, languages, mode, timeout):
        self.asked.append(mode)
        if self.raises:
            raise self.raises("vỡ")
        return self.answer

    def orientation(self, picture, *, timeout):
        if self.raises:
            raise self.raises("vỡ")


def line_of(text: str, y: int, x: int = 190, confidence: float = 0.95) -> list[Recognised]:
    words = []
    for word in text.split():
        words.append(Recognised(word, (x, y, x + 16 * len(word), y + 30), confidence, (y,)))
        x += 16 * len(word) + 10
    return words


def test_lines_and_boxes_of_a_recognised_page():
    engine = Fake(tuple(word for index, line in enumerate(TEXT) for word in line_of(line, 200 + 52 * index)))
    page = recognise(np.asarray(sheet(repeat=1)), 3, DPI, ReadOptions(engine=engine))
    assert [line.text for line in page.lines] == TEXT
    assert (page.number, page.source) == (3, "ocr")
    assert page.width == pytest.approx(595.4, abs=0.5)
    box = page.lines[0].words[0].box
    assert box is not None
    assert box[:2] == pytest.approx((190 * 72 / DPI, 200 * 72 / DPI), abs=0.1)
    assert page.confidence == pytest.approx(0.95)


@pytest.mark.parametrize("error", [EngineError, RuntimeError, MemoryError, ValueError], ids=lambda error: error.__name__)
def test_a_crashing_engine_loses_the_page_only(tmp_path, error):
    page = recognise(np.asarray(sheet(repeat=1)), 1, DPI, ReadOptions(engine=Fake(raises=error)))
    assert page.lines == ()
    assert page.warnings[0].startswith(FAILED)
    sheet(repeat=1).save(tmp_path / "a.png", dpi=(DPI, DPI))
    with pytest.raises(OcrFailed):
        read(tmp_path / "a.png", ReadOptions(engine=Fake(raises=error)))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((), id="nothing"),
        pytest.param((Recognised("", (10, 10, 20, 20), 0.9),), id="empty-word"),
        pytest.param((Recognised("Sở", (-5, 10, 20, 20), 0.9), Recognised("Nội", (10, 10, 99999, 20), 0.9)), id="box-outside"),
        pytest.param((Recognised("Sở", (30, 10, 20, 20), 0.9),), id="box-inside-out"),
        pytest.param((Recognised("Sở", (10, 10, 20, 20), float("nan")),), id="confidence-not-a-number"),
        pytest.param((Recognised("|", (10, 10, 20, 40), 0.9), Recognised("_‹", (10, 60, 20, 70), 0.9)), id="dirt"),
    ],
)
def test_garbage_from_an_engine_is_thrown_away(answer):
    page = recognise(np.asarray(sheet(repeat=1)), 1, DPI, ReadOptions(engine=Fake(answer)))
    assert page.lines == ()


def test_a_blank_page_asks_no_engine():
    engine = Fake(raises=RuntimeError)
    page = recognise(np.full((2339, 1654, 3), 250, np.uint8), 1, DPI, ReadOptions(engine=engine))
    assert (page.lines, page.warnings, engine.asked) == ((), (), [])


def stub(folder: Path, body: str) -> str:
    path = folder / "tesseract-stub"
    path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "tesseract 5.3.0" && exit 0\n{body}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param("echo $$ > {pid}; exec sleep 60", "quá", id="hangs"),
        pytest.param("echo đứt >&2; exit 3", "lỗi", id="crashes"),
        pytest.param('printf "rác\\n" > "$2.tsv"', "", id="answers-nonsense"),
    ],
)
def test_a_bad_tesseract_program_loses_the_page_and_leaves_no_process(tmp_path, body, words):
    pid = tmp_path / "pid"
    engine = Tesseract(stub(tmp_path, body.format(pid=pid)))
    begin = time.monotonic()
    page = recognise(np.asarray(sheet(repeat=1)), 1, DPI, ReadOptions(engine=engine, page_timeout=8))
    assert time.monotonic() - begin < 40
    assert page.lines == ()
    assert page.warnings[0].startswith(FAILED)
    assert words in page.warnings[0]
    if pid.exists():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(ReadOptions(engine=Tesseract("no-such-tesseract")), "sudo apt install tesseract-ocr", id="no-program"),
        pytest.param(ReadOptions(languages="xyz"), "tesseract-ocr-xyz", id="no-language-data"),
    ],
)
@pytest.mark.ocr
def test_what_is_not_installed_is_named_with_the_command_that_installs_it(options, words):
    with pytest.raises(MissingDependency) as caught:
        recognise(np.asarray(sheet(repeat=1)), 1, DPI, options)
    assert words in caught.value.remedy


def test_ink_without_words_is_noticed():
    picture = gray(sheet(repeat=1))
    words = [word for index in (0, 1, 3) for word in line_of(TEXT[index], 200 + 52 * index)]
    words = [Recognised(w.text, (185, w.box[1] - 4, 1500, w.box[3] + 12), w.confidence, w.line) for w in words]
    (place,) = missed_lines(picture, words, DPI)
    assert 295 < place[1] < 320
    assert missed_lines(picture, [*words, Recognised("x", (185, 296, 1500, 350), 0.9)], DPI) == []


@dataclass(frozen=True)
class Lines(Fake):
    """Reads a single line as the text it is given."""

    def read(self, picture, *, dpi, languages, mode, timeout):
        return tuple(line_of("Nơi nhận:", 30, 20)) if mode == "line" else ()


def test_a_doubtful_line_is_read_again_by_itself():
    reader = Reader(Lines(), "vie", DPI, time.monotonic() + 60)
    words = [Recognised("R44", (190, 200, 500, 240), 0.3, (1,)), *line_of("Thực hiện Kế hoạch", 300)]
    picture = np.full((2339, 1654), 255, np.uint8)
    picture[200:400, 190:1600:3] = 0  # something stands where the words were read
    found = look_again(picture, words, reader)
    assert [word.text for word in found] == ["Thực", "hiện", "Kế", "hoạch", "Nơi", "nhận:"]


# --- double pages -------------------------------------------------------------------------------------------------------


def side_by_side(left: Image.Image, right: Image.Image) -> Image.Image:
    both = Image.new("RGB", (left.width + right.width, left.height), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    return both


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("shadow", [False, True], ids=["two-sheets", "booklet"])
def test_two_pages_side_by_side_are_told_apart(turn, shadow):
    both = side_by_side(sheet(), sheet(TEXT[:2])).rotate(1.0, fillcolor="white", resample=Image.Resampling.BICUBIC)
    if shadow:
        ImageDraw.Draw(both).rectangle((1640, 0, 1660, A4[1]), fill=(70, 70, 70))
    picture = turned(gray(both), turn)
    assert fold(picture, pose(picture, DPI), DPI) == pytest.approx(1654, abs=120)


def test_one_landscape_page_is_not_two():
    page = Image.new("RGB", A4[::-1], "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), 30)
    for row in range(24):
        draw.text((150, 180 + 52 * row), f"{TEXT[row % 4]} {TEXT[row % 3]}"[:110], fill="black", font=font)
    assert fold(gray(page), pose(gray(page), DPI), DPI) is None
    assert fold(gray(sheet()), pose(gray(sheet()), DPI), DPI) is None
    grid = ruled([200, 1100, 2200], [300, 600, 900, 1200, 1500])
    assert fold(gray(grid.crop((0, 0, 2339, 1654))), Pose(0, 0.0, sure=True), DPI) is None


@dataclass(frozen=True)
class Halves:
    """An engine that reads one word, at the place of the first ink."""

    name: str = "halves"

    def read(self, picture, *, dpi, languages, mode, timeout):
        if mode != "page":
            return ()
        top, left = (int(np.flatnonzero((picture < 128).any(axis=axis))[0]) for axis in (1, 0))
        return (Recognised("chữ", (left, top, left + 60, top + 30), 0.9, (1, 1, 1)),)

    def orientation(self, picture, *, timeout):
        return None


def test_the_left_page_is_read_before_the_right_and_the_boxes_are_those_of_the_picture():
    both = np.asarray(side_by_side(sheet(), sheet()))
    page = recognise(both, 3, DPI, ReadOptions(engine=Halves()))
    assert (page.number, round(page.width), round(page.height)) == (3, round(both.shape[1] * 0.36), round(both.shape[0] * 0.36))
    lefts = [line.box[0] for line in page.lines if line.box]
    assert [line.number for line in page.lines] == [1, 2]
    assert lefts == [pytest.approx(190 * 0.36, abs=3), pytest.approx((1654 + 190) * 0.36, abs=3)]


# --- pictures ----------------------------------------------------------------------------------------------------------


def saved(folder: Path, name: str, picture: Image.Image, **options) -> Path:
    picture.save(folder / name, **options)
    return folder / name


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        pytest.param("a.png", "RGB", {"dpi": (200, 200)}, id="png"),
        pytest.param("a.png", "RGB", {}, id="png-without-resolution"),
        pytest.param("a.png", "RGB", {"dpi": (1, 1)}, id="png-with-absurd-resolution"),
        pytest.param("a.png", "RGBA", {"dpi": (200, 200)}, id="png-with-alpha"),
        pytest.param("a.png", "P", {"dpi": (200, 200)}, id="png-palette"),
        pytest.param("a.jpg", "L", {"dpi": (200, 200)}, id="jpeg-grey"),
        pytest.param("a.jpg", "CMYK", {"dpi": (200, 200)}, id="jpeg-cmyk"),
        pytest.param("a.tif", "1", {"dpi": (200, 200), "compression": "group4"}, id="tiff-fax"),
    ],
)
def test_every_kind_of_picture_becomes_the_same_page(tmp_path, name, mode, options):
    path = saved(tmp_path, name, sheet(repeat=1).convert(mode), **options)
    picture, dpi = load_frame(path, 1, 300, 10**8)
    assert picture.shape == (2339, 1654, 3)
    assert dpi == pytest.approx(200, abs=1)
    assert (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) < 128).mean() == pytest.approx((gray(sheet(repeat=1)) < 128).mean(), rel=0.1)


def test_small_pictures_are_enlarged_and_large_ones_reduced(tmp_path):
    path = saved(tmp_path, "a.png", sheet(repeat=1).resize((827, 1170)), dpi=(100, 100))
    picture, dpi = load_frame(path, 1, 300, 10**8)
    assert (picture.shape[1], dpi) == (1654, 200)
    path = saved(tmp_path, "b.png", sheet(repeat=1).resize((4962, 7017)), dpi=(600, 600))
    picture, dpi = load_frame(path, 1, 300, 10**8)
    assert (picture.shape[1], dpi) == (2481, 300)


def test_exif_orientation_is_followed(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path, "a.jpg", sheet(repeat=1).rotate(90, expand=True), exif=exif, dpi=(200, 200))
    picture, _ = load_frame(path, 1, 200, 10**8)
    assert picture.shape[:2] == (2339, 1654)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_fax_of_half_the_resolution_in_one_direction_gets_square_pixels(tmp_path, axis):
    page = sheet(repeat=1)
    size, dpi = [*page.size], [200, 200]
    size[axis], dpi[axis] = size[axis] // 2, 100
    path = saved(tmp_path, "a.tif", page.resize(size).convert("1"), dpi=tuple(dpi), compression="group4")
    picture, found = load_frame(path, 1, 300, 10**8)
    assert (picture.shape[1], picture.shape[0], found) == (*A4[:1], pytest.approx(A4[1], abs=1), 200)


def test_every_frame_of_a_tiff_is_a_page(tmp_path):
    pages = [sheet(repeat=1).convert("1"), sheet(TEXT[:1], repeat=1).convert("1")]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:], dpi=(200, 200))
    assert inspect(tmp_path / "a.tif").pages == 2


# --- with the real engine ----------------------------------------------------------------------------------------------


def syllables_found(text: str, truth: list[str]) -> float:
    have, want = text.split(), " ".join(truth).split()
    return sum(word in have for word in want) / len(want)


@pytest.mark.ocr
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_and_skewed_scan_is_read_upright(tmp_path, turn):
    page = sheet(repeat=2).rotate(1.5, fillcolor="white", resample=Image.Resampling.BICUBIC).rotate(-turn, expand=True)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(page.width * 72 / DPI, page.height * 72 / DPI))
    canvas.drawImage(ImageReader(page), 0, 0, page.width * 72 / DPI, page.height * 72 / DPI)
    canvas.setFillAlpha(0)
    canvas.drawString(20, 20, "Ky boi: UBND tinh")
    canvas.save()
    (tmp_path / "a.pdf").write_bytes(out.getvalue())
    read_back = read_page(inspect(tmp_path / "a.pdf"), 1)
    assert read_back.source == "ocr"
    assert read_back.rotation == (360 - turn) % 360
    assert read_back.skew == pytest.approx(1.5, abs=0.3)
    assert syllables_found(read_back.text, TEXT) > 0.97


@pytest.mark.ocr
def test_a_scanned_table_gives_rows_of_cells(tmp_path):
    page = ruled(XS, YS)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), 30)
    rows = [
        ("STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"),
        ("1", "Rà soát thủ tục", "Sở Nội vụ", "30/6/2023"),
        ("2", "Báo cáo\nkết quả", "Sở Tư pháp", ""),
        ("3", "Tổng hợp", "", "Quý IV"),
    ]
    for y, cells in zip(YS, rows, strict=False):
        for x, cell in zip(XS, cells, strict=False):
            draw.multiline_text((x + 15, y + 20), cell, fill="black", font=font, spacing=14)
    draw.text((200, 250), "PHỤ LỤC NHIỆM VỤ", fill="black", font=font)
    draw.text((200, 1100), "Ghi chú: các nhiệm vụ thực hiện trong năm 2023.", fill="black", font=font)
    page.save(tmp_path / "a.png", dpi=(DPI, DPI))
    read_back = read(tmp_path / "a.png").pages[0]
    assert [(t.first, t.last, t.columns) for t in read_back.tables] == [(2, 5, 4)]
    assert [line.cells for line in read_back.lines[1:5]] == [tuple(cell.replace("\n", " ") for cell in row) for row in rows]
    assert read_back.lines[0].text == "PHỤ LỤC NHIỆM VỤ"
    assert read_back.lines[5].text.startswith("Ghi chú")


@pytest.mark.ocr
def test_a_red_urgency_mark_is_kept_and_the_seal_is_not(tmp_path):
    page = sheet(repeat=1)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT.with_name("DejaVuSans-Bold.ttf")), 44)
    draw.rectangle((200, 60, 480, 140), outline=(210, 30, 40), width=4)
    draw.text((230, 72), "HỎA TỐC", fill=(210, 30, 40), font=font)
    draw.ellipse((900, 500, 1300, 900), outline=(210, 30, 40), width=10)
    draw.text((1000, 650), "SÔNG LAM", fill=(210, 30, 40), font=font)
    page.save(tmp_path / "a.png", dpi=(DPI, DPI))
    text = read(tmp_path / "a.png").text
    assert "HỎA TỐC" in text
    assert "SÔNG LAM" not in text


@pytest.mark.parametrize(
    ("stroke", "kept"),
    [
        pytest.param(Recognised("Tran", (640, 430, 760, 456), 0.57, (9,)), False, id="doubtful-word"),
        pytest.param(Recognised("2", (700, 430, 720, 456), 0.9, (9,)), False, id="lone-figure"),
        pytest.param(Recognised("Phó", (640, 430, 760, 446), 0.95, (9,)), True, id="sure-word"),
        pytest.param(Recognised("Tran", (640, 300, 760, 326), 0.97, (9,)), True, id="apart-from-the-name"),
    ],
)
def test_strokes_over_the_signers_name_are_no_line(stroke, kept):
    name = line_of("Trần Văn Sông", 444, 620)
    text = [word for index, line in enumerate(TEXT) for word in line_of(line, 100 + 40 * index)]
    page = recognise(np.asarray(sheet(repeat=1)), 2, DPI, ReadOptions(engine=Fake((*text, *name, stroke))))
    lines = [line.text for line in page.lines]
    assert "Trần Văn Sông" in lines
    assert (stroke.text in lines) is kept


def pale_page(ink: int, *, mirrored: bool = False) -> np.ndarray:
    """A grainy sheet with lines of print in grey ``ink``."""
    sheet = Image.new("L", (1654, 800), 250)
    font = ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"), 30)
    for at in range(6):
        ImageDraw.Draw(sheet).text((190, 200 + 60 * at), "Sở Nội vụ báo cáo kết quả trước ngày 30 tháng 6", fill=ink, font=font)
    grain = np.asarray(sheet, np.int16) + np.random.default_rng(1).normal(0, 1.5, (800, 1654)).astype(np.int16)
    page = np.clip(grain[:, ::-1] if mirrored else grain, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.dstack([page] * 3))


@pytest.mark.ocr
@pytest.mark.parametrize(("mirrored", "lines"), [(False, 6), (True, 0)], ids=["pale-print", "the-other-side-shows-through"])
def test_a_page_that_seems_blank_is_read_when_it_surely_holds_text(mirrored, lines):
    page = recognise(pale_page(205, mirrored=mirrored), 1, 200, ReadOptions())
    assert page.text.count("Sở Nội vụ báo cáo") == lines == len(page.lines)


def test_the_grain_of_blank_paper_is_not_spread():
    assert darkened(np.ascontiguousarray(pale_page(250)[..., 0])) is None
