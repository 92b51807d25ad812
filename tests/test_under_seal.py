"""Doubtful lines under red ink are read a second time without the grey that the ink leaves."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from ingest.cleaning import red_ink
from ingest.engine import EngineError, Recognised
from ingest.ocr import Reader
from ingest.options import ReadOptions
from ingest.recognise import recognise
from ingest.underseal import read_under

DPI = 200
LINE = "Sở Nội vụ tổng hợp"


@dataclass(frozen=True)
class Fake:
    """Reads a picture without middle greys as LINE, any other as nonsense; counts its calls."""

    calls: list[str] = field(default_factory=list)
    fails: bool = False
    better: str = LINE

    name = "fake"

    def read(self, picture, *, dpi, languages, mode, timeout):
        self.calls.append(mode)
        if self.fails:
            raise EngineError("hỏng")
        text, confidence = ("Xx", 0.2) if ((picture > 140) & (picture < 250)).any() else (self.better, 0.9)
        return tuple(Recognised(part, (20 + 60 * at, 20, 70 + 60 * at, 50), confidence, (0,)) for at, part in enumerate(text.split()))

    def orientation(self, picture, *, timeout):
        return None


def stamped(first: str = "Sớ|", confidence: float = 0.4) -> tuple[np.ndarray, np.ndarray, list[Recognised]]:
    """A level page with a line of print under a grey ring, where its red was, and what was read there."""
    picture, red = np.full((400, 800), 255, np.uint8), np.full((400, 800), 255, np.uint8)
    picture[200:230, 100:400] = 20
    picture[180:250, 150:160] = 180
    red[180:250, 145:165] = 0
    words = [first, *LINE.split()[1:]]
    return picture, red, [Recognised(word, (100 + 60 * at, 200, 150 + 60 * at, 230), confidence, (1,)) for at, word in enumerate(words)]


def again(picture: np.ndarray, red: np.ndarray, words: list[Recognised], engine: Fake) -> str:
    found = read_under(picture, red, words, Reader(engine, "vie", DPI, time.monotonic() + 60))
    return " ".join(word.text for word in found)


def test_a_doubtful_line_under_red_ink_is_read_without_the_ring():
    assert again(*stamped(), Fake()) == LINE


@pytest.mark.parametrize(
    "engine",
    [pytest.param(Fake(fails=True), id="failing"), pytest.param(Fake(better="So Noi vu tong hop"), id="marks-lost")],
)
def test_a_second_reading_that_is_no_better_is_left(engine):
    assert again(*stamped(), engine) == "Sớ| Nội vụ tổng hợp"


@pytest.mark.parametrize("elsewhere", [False, True], ids=["sure", "red-elsewhere"])
def test_sure_lines_and_lines_beside_the_ink_cost_nothing(elsewhere):
    picture, red, words = stamped() if elsewhere else stamped("Sở", 0.95)
    engine = Fake()
    assert again(picture, np.roll(red, 150, axis=0) if elsewhere else red, words, engine) == " ".join(word.text for word in words)
    assert engine.calls == []


def test_a_page_without_red_has_no_red_ink():
    page = np.full((400, 400, 3), 250, np.uint8)
    page[100:120, 100:300] = (20, 22, 24)
    assert red_ink(page) is None
    page[200:220, 100:300] = (140, 20, 35)
    found = red_ink(page)
    assert found is not None
    assert (found[200:220, 100:300] == 0).all()
    assert (found[100:120] == 255).all()


def sealed() -> np.ndarray:
    """Print under a brown seal as a scanner at 150 dpi leaves it, enlarged."""
    page = Image.new("RGB", (1654, 700), "white")
    font = ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"), 30)
    for at, line in enumerate(PRINT):
        ImageDraw.Draw(page).text((190, 200 + 52 * at), line, fill="black", font=font)
    seal = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(seal)
    for radius, width in ((140, 7), (90, 3)):
        draw.ellipse((582 - radius, 300 - radius, 582 + radius, 300 + radius), outline=BROWN, width=width)
    for at, letter in enumerate("SỞNỘIVỤSÔNGL"):
        place = (582 + 115 * np.cos(at * np.pi / 6), 300 + 115 * np.sin(at * np.pi / 6))
        draw.text(place, letter, fill=BROWN, font=font.font_variant(size=28), anchor="mm")
    out = io.BytesIO()
    small = ImageChops.multiply(page, seal).resize((1240, 525), Image.Resampling.LANCZOS)  # ink is transparent
    small.save(out, "JPEG", quality=45, subsampling="4:2:0")
    return np.asarray(Image.open(out).convert("RGB").resize(page.size, Image.Resampling.BICUBIC))


PRINT = (
    "Thực hiện Kế hoạch số 15/KH-UBND ngày 06/02/2023 của Ủy ban nhân dân",
    "tỉnh Sông Lam, Sở Nội vụ yêu cầu các phòng chuyên môn rà soát danh mục",
    "thủ tục hành chính, báo cáo kết quả trước ngày 30/6/2023 để tổng hợp,",
    "trình cấp có thẩm quyền xem xét, quyết định theo quy định hiện hành.",
)
BROWN = (110, 35, 30)


@pytest.mark.ocr
def test_more_is_read_under_a_dark_seal(monkeypatch):
    def wrong() -> int:
        return Levenshtein.distance("\n".join(PRINT), recognise(sealed(), 2, DPI, ReadOptions()).text)

    now = wrong()
    monkeypatch.setattr("ingest.recognise.read_under", lambda picture, red, words, reader: words)
    assert now < wrong()
