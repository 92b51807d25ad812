"""Blue ink: print under a pen is read, blue print stays, and what is written into a line is read or marked as unread."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from ingest.blueink import BlueInk, blue_ink, with_written
from ingest.engine import EngineError, Recognised
from ingest.ocr import Reader
from ingest.options import ReadOptions
from ingest.recognise import recognise

DPI = 200
PRINT = (
    "Thực hiện Kế hoạch số 15/KH-UBND ngày 06/02/2023 của Ủy ban nhân dân",
    "tỉnh Sông Lam, Sở Nội vụ yêu cầu các phòng chuyên môn rà soát danh mục",
    "thủ tục hành chính, báo cáo kết quả trước ngày 30/6/2023 để tổng hợp,",
    "trình cấp có thẩm quyền xem xét, quyết định theo quy định hiện hành.",
)
PEN, BLACK = (35, 45, 130), (20, 20, 24)


def page(*, pen: tuple[int, int, int] | None = None, text: tuple[int, int, int] = BLACK) -> np.ndarray:
    """Four lines of print, with a scrawl over the second and third in the ink ``pen``, as JPEG leaves them."""
    sheet = Image.new("RGB", (1654, 700), "white")
    font = ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"), 30)
    for at, line in enumerate(PRINT):
        ImageDraw.Draw(sheet).text((190, 200 + 52 * at), line, fill=text, font=font)
    out = np.asarray(sheet, np.float32)
    if pen:
        cover = np.zeros(out.shape[:2], np.uint8)
        steps = np.linspace(0, 1, 200)
        xs, ys = 300 + 800 * steps + 60 * np.sin(40 * steps), 295 + 40 * np.sin(29 * steps)
        cv2.polylines(cover, [np.stack([xs, ys], axis=1).astype(np.int32)], isClosed=False, color=255, thickness=4, lineType=cv2.LINE_AA)
        out = out * (1 - cover[..., None] / 255 * (1 - np.array(pen) / 255))  # ink is transparent
    data = io.BytesIO()
    Image.fromarray(out.astype(np.uint8)).save(data, "JPEG", quality=75)
    return np.asarray(Image.open(data))


def found_in(picture: np.ndarray) -> BlueInk | None:
    return blue_ink(picture, cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), DPI)


@pytest.mark.parametrize(
    ("pen", "text"),
    [
        pytest.param(None, BLACK, id="no-ink"),
        pytest.param((200, 30, 45), BLACK, id="red"),
        pytest.param((60, 60, 60), BLACK, id="black"),
        pytest.param(None, (20, 40, 160), id="page-printed-in-blue"),
    ],
)
def test_there_is_none_to_take_out(pen, text):
    assert found_in(page(pen=pen, text=text)) is None


@pytest.mark.parametrize("pen", [PEN, (60, 90, 215), (25, 30, 85), (80, 60, 160)], ids=["usual", "bright", "navy", "violet"])
def test_strokes_become_paper_and_print_under_them_stays(pen):
    blue = found_in(page(pen=pen))
    assert blue is not None
    clean = cv2.cvtColor(page(), cv2.COLOR_RGB2GRAY)
    inked = blue.where < 128
    assert 0.005 < inked.mean() < 0.05
    assert np.median(blue.bare[inked & (clean > 240)]) > 240
    assert np.median(blue.bare[inked & (clean < 60)]) < 60
    assert (blue.bare[~inked] == cv2.cvtColor(page(pen=pen), cv2.COLOR_RGB2GRAY)[~inked]).all()


@pytest.mark.ocr
def test_more_is_read_under_a_pen():
    inked = page(pen=PEN)

    def wrong(options: ReadOptions) -> int:
        return Levenshtein.distance("\n".join(PRINT), recognise(inked, 2, DPI, options).text)

    assert wrong(ReadOptions()) * 3 < wrong(ReadOptions(suppress_blue=False))


@dataclass(frozen=True)
class Fake:
    """Reads ``says`` at the size of the paper and ``larger`` when that is enlarged."""

    says: str
    larger: str
    confidence: float = 0.9
    fails: bool = False

    name = "fake"

    def read(self, picture, *, dpi, languages, mode, timeout):
        if self.fails:
            raise EngineError("hỏng")
        text = self.larger if picture.shape[0] > 80 else self.says
        return (Recognised(text, (5, 5, 30, 30), self.confidence, (0,)),) if text else ()

    def orientation(self, picture, *, timeout):
        return None


def head(*, stroke: tuple[int, int, int, int] = (200, 98, 240, 130), rest: str = "") -> tuple[list[Recognised], np.ndarray, np.ndarray]:
    """ "Số: [written in blue] /KH-VP" with what the first reading made of it, the blue alone, the print alone."""
    blue, bare = np.full((300, 800), 255, np.uint8), np.full((300, 800), 255, np.uint8)
    bare[100:130, 130:180] = bare[100:130, 260:400] = 30
    left, top, right, bottom = stroke
    cv2.rectangle(blue, (left, top), (right, bottom), 90, 4)
    words = [Recognised("Số:", (130, 100, 180, 130), 0.95, (1,)), Recognised("/KH-VP", (260, 100, 400, 130), 0.95, (1,))]
    return [*words, *([Recognised(rest, stroke, 0.8, (1,))] if rest else [])], blue, bare


def line(words: list[Recognised], blue: np.ndarray, bare: np.ndarray, engine: Fake) -> str:
    read = with_written(words, blue, bare, Reader(engine, "vie", DPI, time.monotonic() + 60))
    return " ".join(word.text for word in sorted(read, key=lambda word: word.box))


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        pytest.param(Fake("288", "288"), "Số: 288 /KH-VP", id="read-alike-twice"),
        pytest.param(Fake("288", "238"), "Số: … /KH-VP", id="read-in-two-ways"),
        pytest.param(Fake("288", "288", confidence=0.4), "Số: … /KH-VP", id="doubtful"),
        pytest.param(Fake("Z8?", "Z8?"), "Số: … /KH-VP", id="no-number"),
        pytest.param(Fake("", ""), "Số: … /KH-VP", id="nothing"),
        pytest.param(Fake("288", "288", fails=True), "Số: /KH-VP", id="engine-fails"),
    ],
)
def test_what_is_written_into_a_line_is_read_or_marked(engine, expected):
    assert line(*head(), engine) == expected


def test_what_was_read_from_the_rest_of_the_strokes_goes():
    assert line(*head(rest="4ƒ"), Fake("18", "18")) == "Số: 18 /KH-VP"


@pytest.mark.parametrize(
    "stroke",
    [
        pytest.param((420, 98, 460, 130), id="behind-the-line"),
        pytest.param((150, 98, 210, 130), id="over-a-word"),
        pytest.param((200, 20, 240, 52), id="above-it"),
        pytest.param((200, 60, 240, 200), id="higher-than-letters"),
    ],
)
def test_other_strokes_add_nothing(stroke):
    assert line(*head(stroke=stroke), Fake("1", "1")) == "Số: /KH-VP"
