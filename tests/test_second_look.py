"""Second looks at a page: lines that gave no words, lines taken for one, specks taken for words."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.engine import EngineError, Recognised
from ingest.missed import missed_lines
from ingest.ocr import Reader, sane
from ingest.secondlook import look_again
from ingest.specks import once, without_specks

FONT = ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"), 30)
DPI = 200
TEXT = "Sở Nội vụ tổng hợp, báo cáo Chủ tịch Ủy ban nhân dân tỉnh"


def drawn(lines: list[tuple[str, int, int]]) -> tuple[np.ndarray, list[Recognised]]:
    """A page with these lines (text, left, top) and its words, faultlessly read."""
    picture = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(picture)
    words = []
    for number, (text, left, top) in enumerate(lines):
        draw.text((left, top), text, fill=20, font=FONT)
        x = float(left)
        for token in text.split():
            box = tuple(round(side) for side in draw.textbbox((x, top), token, font=FONT))
            words.append(Recognised(token, (box[0], box[1], box[2], box[3]), 0.95, (number,)))
            x += draw.textlength(token + " ", font=FONT)
    return np.array(picture, dtype=np.uint8), words


@dataclass(frozen=True)
class Fake:
    """Reads a picture with one line of ink as "Tên thứ nhất", with more as one such line for each; counts its calls."""

    calls: list[str] = field(default_factory=list)
    fails: bool = False

    name = "fake"

    def read(self, picture, *, dpi, languages, mode, timeout):
        self.calls.append(mode)
        if self.fails:
            raise EngineError("hỏng")
        rows = np.concatenate(([False], (picture < 128).sum(axis=1) > 0, [False]))
        # Marks above letters are rows of their own: rows that lie close are one line.
        edges = np.flatnonzero(np.diff(rows.astype(int)))
        lines: list[list[int]] = []
        for top, bottom in zip(edges[::2], edges[1::2], strict=True):
            if lines and top - lines[-1][1] < 12:
                lines[-1][1] = int(bottom)
            else:
                lines.append([int(top), int(bottom)])
        return tuple(
            Recognised(text, (20 + 60 * place, top, 70 + 60 * place, bottom), 0.9, (0, index))
            for index, (top, bottom) in enumerate(lines)
            for place, text in enumerate(("Tên", "thứ", "nhất"))
        )

    def orientation(self, picture, *, timeout):
        return None


def reader(engine: Fake) -> Reader:
    return Reader(engine, "vie", DPI, time.monotonic() + 60)


PAGE = [(TEXT, 190, 200 + 52 * index) for index in range(30)]


@pytest.mark.parametrize(("gone", "modes"), [(1, ["line"]), (5, ["line"] * 5), (25, ["block"])], ids=["one", "few", "many"])
def test_lost_lines_come_back_and_many_of_them_in_one_call(gone, modes):
    picture, words = drawn(PAGE)
    left = [word for word in words if word.line[0] % 30 >= gone]
    engine = Fake()
    found = look_again(picture, left, reader(engine))
    assert engine.calls == modes
    assert [word.text for word in found[len(left) :]] == ["Tên", "thứ", "nhất"] * gone
    assert {round((word.box[1] - 190) / 52) for word in found[len(left) :]} == set(range(gone))


def test_a_failing_engine_leaves_what_was_read():
    picture, words = drawn(PAGE)
    assert look_again(picture, words[14:], reader(Fake(fails=True))) == words[14:]


def test_two_lines_read_as_one_of_twice_the_height_are_read_again():
    picture, words = drawn([*PAGE[:4], ("Nơi nhận:", 190, 700), ("- Như trên;", 190, 752), *[(TEXT, 190, 900 + 52 * n) for n in range(4)]])
    clean = [word for word in words if word.line not in {(4,), (5,)}]
    tangle = [Recognised("T", (190, 700, 250, 790), 0.0, (99,)), Recognised("dẻ", (255, 700, 340, 790), 0.3, (99,))]
    found = look_again(picture, [*clean, *tangle], reader(Fake()))
    assert [word.text for word in found[len(clean) :]] == ["Tên", "thứ"] * 2  # the third lies beside the picture


def test_a_found_word_joins_the_line_it_stands_in():
    picture, words = drawn(PAGE[:3])
    lost = words[5]
    found = look_again(picture, [word for word in words if word is not lost], reader(Fake()))
    assert {word.line for word in found[len(words) - 1 :]} <= {lost.line}


@pytest.mark.parametrize(
    ("text", "left", "top", "is_missed"),
    [
        pytest.param("thị.", 190, 356, True, id="last-word-of-a-paragraph"),
        pytest.param("5.", 190, 356, True, id="last-number-of-a-paragraph"),
        pytest.param("5.", 1300, 900, False, id="signs-in-the-margin"),
        pytest.param("Nơi nhận:", 190, 900, True, id="short-line-by-itself"),
    ],
)
def test_few_signs_are_a_line_only_where_a_paragraph_ends(text, left, top, is_missed):
    picture, words = drawn([*PAGE[:3], (text, left, top)])
    read = [word for word in words if word.line != (3,)]
    assert bool(missed_lines(picture, read, DPI)) is is_missed
    assert missed_lines(picture, words, DPI) == []


@pytest.mark.parametrize(
    ("text", "box", "confidence", "kept_as"),
    [
        pytest.param(":", (1400, 215, 1403, 219), 0.8, None, id="speck"),
        pytest.param("ND)", (1400, 205, 1450, 230), 0.9, None, id="no-ink"),
        pytest.param("š", (1400, 215, 1407, 222), 0.2, None, id="larger-speck-in-doubt"),
        pytest.param("-", (1400, 215, 1408, 219), 0.4, "-", id="dash"),
        pytest.param("~", (1400, 215, 1412, 219), 0.4, "-", id="dash-as-tilde"),
        pytest.param("a", (1400, 205, 1418, 230), 0.3, "a", id="doubtful-word"),
    ],
)
def test_specks_are_no_words(text, box, confidence, kept_as):
    picture, words = drawn(PAGE[:3])
    left, top, right, bottom = box
    if text != "ND)":
        picture[top:bottom, left:right] = 20
    found = without_specks(picture, [*words, Recognised(text, box, confidence, (0,))])
    assert [word.text for word in found[len(words) :]] == ([kept_as] if kept_as else [])
    assert found[: len(words)] == words


@pytest.mark.parametrize(
    ("text", "box", "confidence", "line", "kept"),
    [
        pytest.param("Đồng", (98, 90, 158, 150), 0.9, 0, False, id="word-read-twice"),
        pytest.param("Đồ", (100, 95, 130, 135), 0.45, 0, False, id="half-of-a-word-in-doubt"),
        pytest.param("Văn", (100, 95, 130, 135), 0.9, 0, True, id="sure-word-whose-neighbours-box-is-too-wide"),
        pytest.param("Đồng", (100, 140, 160, 170), 0.9, 1, True, id="line-below"),
        pytest.param("ý", (155, 100, 175, 130), 0.4, 0, True, id="neighbour"),
    ],
)
def test_a_word_is_read_once(text, box, confidence, line, kept):
    first = Recognised("Đồng", (100, 100, 160, 130), 0.95, (0,))
    found = once([first, Recognised(text, box, confidence, (line,))])
    assert [word.text for word in found] == ["Đồng", *([text] if kept else [])]


@pytest.mark.parametrize("text", ["III⁄2025,", "III/⁄2025,", "III/2025,"])
def test_the_slash_of_fractions_is_a_slash(text):
    (word,) = sane((Recognised(text, (10, 10, 60, 30), 0.9),), np.full((40, 80), 255, np.uint8))
    assert word.text == "III/2025,"
