"""From the picture of a page to grey that can be read: skew, which way is up, red ink, shadows, pale print, two pages on one picture."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from paper import A4, DPI, FONT, TEXT, gray, ruled, sheet
from PIL import Image, ImageChops, ImageDraw, ImageFont

from ingest import ReadOptions
from ingest.cleaning import darkened, evened, is_blank, to_gray
from ingest.doublepage import fold
from ingest.engine import Recognised
from ingest.orientation import Pose, pose, straightened, turned
from ingest.recognise import recognise


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
