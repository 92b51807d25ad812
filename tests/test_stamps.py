"""The ĐẾN stamp: its frame, its words, and the print under it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from ingest.engine import Recognised
from ingest.ocr import Reader
from ingest.redink import coloured
from ingest.stamps import Stamp, apart, frames, received, without_frames

DPI = 150
PAGE = (1754, 1240)


def mm(value: float) -> int:
    return round(value / 25.4 * DPI)


def page(*, paper: int = 255) -> np.ndarray:
    """An A4 sheet at 150 dpi with lines of signs as high as print."""
    picture = np.full(PAGE, paper, np.uint8)
    for y in range(400, 1600, 40):
        for x in range(180, 1060, 16):
            cv2.putText(picture, "an"[x % 2], (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 20, 2)
    return picture


def stamp(picture: np.ndarray, width: float, height: float, x: int = 200, y: int = 300, *, tilt: float = 0.0, ink: int = 10) -> np.ndarray:
    """A frame of ``width`` × ``height`` mm with a line under the office's name and one behind ĐẾN."""
    layer = np.full(PAGE, 255, np.uint8)
    right, bottom = x + mm(width), y + mm(height)
    cv2.rectangle(layer, (x, y), (right, bottom), ink, 2)
    cv2.line(layer, (x, y + mm(height * 0.3)), (right, y + mm(height * 0.3)), ink, 2)
    cv2.line(layer, (x + mm(14), y + mm(height * 0.3)), (x + mm(14), bottom), ink, 2)
    turn = cv2.getRotationMatrix2D((x, y), tilt, 1.0)
    layer = cv2.warpAffine(layer, turn, (PAGE[1], PAGE[0]), flags=cv2.INTER_LINEAR, borderValue=255)
    return np.minimum(picture, layer)


@pytest.mark.parametrize(
    ("picture", "count"),
    [
        pytest.param(page(), 0, id="print-only"),
        pytest.param(stamp(page(), 50, 30), 1, id="as-the-decree-has-it"),
        pytest.param(stamp(page(), 47, 19), 1, id="flat"),
        pytest.param(stamp(page(), 50, 30, x=4), 1, id="at-the-edge"),
        pytest.param(stamp(page(), 50, 30, y=380), 1, id="over-print"),
        pytest.param(stamp(page(), 50, 30, tilt=0.7), 1, id="tilted"),
        pytest.param(stamp(page(paper=215), 50, 30, ink=120), 1, id="pale-on-grey-paper"),
        pytest.param(stamp(page(), 150, 60), 0, id="table"),
        pytest.param(stamp(page(), 50, 30, y=1200), 0, id="lower-half"),
    ],
)
def test_frames(picture, count):
    assert len(frames(picture, DPI)) == count


def test_underlines_are_no_frame():
    picture = page()
    for y in (200, 240, 280, 330):
        cv2.line(picture, (200, y), (200 + mm(45), y), 10, 2)
    assert frames(picture, DPI) == []


@dataclass(frozen=True)
class Says:
    """An engine that reads the same words in every picture."""

    words: tuple[str, ...]

    @property
    def name(self) -> str:
        return "giả"

    def read(self, picture, *, dpi, languages, mode, timeout):
        return tuple(
            Recognised(word, (40, 30 + 20 * at, 40 + 9 * len(word), 46 + 20 * at), 0.9, (at,)) for at, word in enumerate(self.words)
        )

    def orientation(self, picture, *, timeout):
        return None


def reader(*words: str) -> Reader:
    return Reader(Says(words), "vie", DPI, time.monotonic() + 60)


@pytest.mark.parametrize(
    ("words", "known"),
    [
        pytest.param(("SỞ", "NỘI", "VỤ", "ĐẾN", "Số:", "15", "Ngày:", "06/02/2023"), True, id="whole"),
        pytest.param(("ẾN", "Ngày:...."), True, id="half-read"),
        pytest.param(("CV", "Chuyên:……"), True, id="one-label-that-says-enough"),
        pytest.param(("ĐẾN",), True, id="den-in-capitals"),
        pytest.param(("đến",), False, id="a-word-of-prose"),
        pytest.param(("HỎA", "TỐC"), False, id="urgency"),
        pytest.param(("Số", "lượng", "Ghi", "chú"), False, id="a-little-table"),
        pytest.param((), False, id="nothing"),
    ],
)
def test_what_stands_in_the_frame_decides(words, known):
    found = received(stamp(page(), 50, 30), reader(*words))
    assert len(found) == known
    if known:
        assert [word.text for word in found[0].words] == list(words)


def test_the_frame_goes_and_the_print_under_it_stays():
    plain, stamped = page(), stamp(page(), 50, 30, y=380)
    cleaned = without_frames(stamped, [Stamp(frames(stamped, DPI)[0], ())], DPI)
    added, left = (plain > 128) & (stamped < 128), (plain > 128) & (cleaned < 128)
    assert left.sum() < 0.15 * added.sum()
    near = cv2.dilate(added.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    assert not ((plain < 128) & (cleaned > 128) & ~near).any()


BOX = (100, 100, 400, 300)


def line(number: int, *words: tuple[str, int, float], y: int = 190) -> list[Recognised]:
    return [Recognised(text, (x, y, x + 10 * len(text), y + 22), trust, (number,)) for text, x, trust in words]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        pytest.param(line(1, ("Số:", 120, 0.9), ("15", 200, 0.9)), "", id="of-the-stamp"),
        pytest.param(line(1, ("ĐẾN", 120, 0.9), ("Kính", 480, 0.9), ("gửi:", 530, 0.9)), "Kính gửi:", id="joined-with-a-line-beside"),
        pytest.param(
            line(1, ("QiÀ1", 120, 0.1), ("hiện", 340, 0.9), ("dự", 385, 0.9), ("án", 410, 0.9)), "hiện dự án", id="print-under-it"
        ),
        pytest.param(
            line(1, ("thực", 280, 0.9), ("hi.n", 320, 0.2), ("cá.", 350, 0.1), ("án", 405, 0.9)), "án", id="two-doubtful-words-end-it"
        ),
        pytest.param(
            line(1, ("thực", 295, 0.9), ("dư", 340, 0.2), ("án", 365, 0.9), ("sử", 390, 0.9), ("dụng", 415, 0.9)),
            "thực dư án sử dụng",
            id="one-between-good-ones-stays",
        ),
        pytest.param(
            line(1, ("HỌC", 290, 0.9), ("Q.NGÃI", 325, 0.1), ("Về", 410, 0.9), ("việc", 440, 0.9)), "Về việc", id="the-owner-in-capitals"
        ),
        pytest.param(
            line(1, ("Kính", 20, 0.9), ("gửi", 65, 0.9), ("Sở", 105, 0.9), ("Ngày:", 300, 0.9)), "Kính gửi Sở", id="from-the-left"
        ),
        pytest.param(line(1, ("Số:", 120, 0.9), ("15/SNV-CCHC", 160, 0.8)), "Số: 15/SNV-CCHC", id="the-paper's-own-number"),
        pytest.param(line(1, ("Sở", 120, 0.9), y=320), "Sở", id="below"),
    ],
)
def test_words_under_a_stamp(words, kept):
    assert " ".join(word.text for word in apart(words, [Stamp(BOX, ())])) == kept
    assert apart(words, []) == words


@pytest.mark.parametrize(
    ("words", "marks", "rest"),
    [
        pytest.param(("HỎA", "TỐC"), [], [], id="a-mark-over-two-lines-is-none"),
        pytest.param(("KHẨN",), ["KHẨN"], [], id="mark"),
        pytest.param(("SỞ", "ĐẾN", "Ngày:"), [], ["SỞ", "ĐẾN", "Ngày:"], id="stamp"),
        pytest.param(("SỞ", "NỘI", "VỤ"), [], [], id="seal"),
        pytest.param(("MẬT", "ĐẾN", "Số:"), ["MẬT"], ["ĐẾN", "Số:"], id="both"),
    ],
)
def test_red_ink(words, marks, rest):
    picture = np.full((*PAGE, 3), 255, np.uint8)
    picture[300:420, 200:500] = (200, 30, 40)
    found = coloured(picture, reader(*words), rotation=0, skew=0.0)
    assert [[word.text for word in group] for group in found] == [marks, rest]
