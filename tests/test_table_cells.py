"""Cells of scanned tables: Roman numerals by their strokes, words run together, short cells beside a line of text."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.engine import Gray, Mode, PixelBox, Recognised
from ingest.numerals import mended, stems
from ingest.ocr import Reader
from ingest.shortcells import read_short, short
from ingest.wordgaps import parted
from scripts.sample_fonts import font_file

DPI = 200


def written(text: str, size: int = 34, face: str = "Regular") -> Gray:
    """``text`` cut out tightly, as large as 12 pt at DPI."""
    font = ImageFont.truetype(str(font_file(face)), size)
    box = font.getbbox(text)
    picture = Image.new("L", (int(box[2] - box[0]) + 2, int(box[3] - box[1]) + 2), 255)
    ImageDraw.Draw(picture).text((1 - box[0], 1 - box[1]), text, fill=0, font=font)
    return np.asarray(picture, dtype=np.uint8)


@pytest.mark.parametrize("face", ["Regular", "Bold"])
@pytest.mark.parametrize(("text", "count"), [("I", 1), ("II", 2), ("III", 3), ("VII", 2), ("VI", 1), ("H", 0), ("TT", 0), ("X", 0)])
def test_strokes_of_a_numeral_are_counted_from_its_end(text: str, count: int, face: str) -> None:
    assert stems(written(text, face=face)) == count


@pytest.mark.parametrize(
    ("printed", "read", "want"),
    [
        pytest.param("II", ["H"], ["II"], id="two ones read as H"),
        pytest.param("VII", ["VI"], ["VII"], id="a one lost"),
        pytest.param("III", ["IH"], ["III"], id="partly"),
        pytest.param("H", ["H"], ["H"], id="a letter"),
        pytest.param("11", ["11"], ["11"], id="a number"),
        pytest.param("VI", ["VI"], ["VI"], id="right already"),
    ],
)
def test_numerals_are_mended_by_what_is_on_paper(printed: str, read: list[str], want: list[str]) -> None:
    picture = written(printed)
    words = [Recognised(text, (0, 0, picture.shape[1], picture.shape[0]), 0.9) for text in read]
    assert [word.text for word in mended(picture, words)] == want


@pytest.mark.parametrize(
    ("printed", "read", "want"),
    [
        pytest.param("Y tế", "Ytế", ["Y", "tế"], id="one letter and a syllable"),
        pytest.param("Quý IV", "QuýIV", ["Quý", "IV"], id="a numeral behind"),
        pytest.param("Sở Y tế", "SởYtế", ["Sở", "Y", "tế"], id="three"),
        pytest.param("phường", "phường", ["phường"], id="a syllable stays"),
        pytest.param("Ytế", "Ytế", ["Ytế"], id="no gap on paper"),
        pytest.param("UB ND", "UBND", ["UBND"], id="capitals set wide"),
        pytest.param("1 7h00", "17h00", ["17h00"], id="an hour"),
        pytest.param("12/3/2024", "12/3/2024", ["12/3/2024"], id="a date stays"),
    ],
)
def test_words_run_together_are_parted_at_gaps(printed: str, read: str, want: list[str]) -> None:
    picture = written(printed)
    word = Recognised(read, (0, 0, picture.shape[1], picture.shape[0]), 0.9)
    parts = parted(picture, [word])
    assert [part.text for part in parts] == want
    assert all(left.box[2] <= right.box[0] for left, right in pairwise(parts))


class Stub:
    """An engine that reads the shorter end of every line, by turns as its answers say."""

    name = "stub"

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def read(self, picture: Gray, *, dpi: int, languages: str, mode: Mode, timeout: float) -> tuple[Recognised, ...]:
        """One word a line."""
        del dpi, languages, mode, timeout
        texts = self.answers.pop(0)
        rows = np.flatnonzero((picture < 140).any(axis=1))
        lines = np.split(rows, np.flatnonzero(np.diff(rows) > 12) + 1)
        assert len(lines) == len(texts)
        words = []
        for line, text in zip(lines, texts, strict=True):
            inked = np.flatnonzero((picture[line[0] : line[-1] + 1] < 140).any(axis=0))
            gaps = np.flatnonzero(np.diff(inked) > 20)
            parts = np.split(inked, gaps + 1)
            sign = min(parts, key=len)
            words.append(Recognised(text, (int(sign[0]), int(line[0]), int(sign[-1]) + 1, int(line[-1]) + 1), 0.8))
        return tuple(words)

    def orientation(self, picture: Gray, *, timeout: float) -> tuple[int, float] | None:
        """Not asked."""
        raise NotImplementedError(picture, timeout)


def page() -> tuple[Gray, list[PixelBox], list[PixelBox]]:
    picture = np.full((400, 900), 255, np.uint8)
    cells: list[PixelBox] = []
    others: list[PixelBox] = []
    for row, number in enumerate(("1", "x")):
        for text, x, into in ((number, 40, cells), ("Rà soát quy trình", 200, others)):
            ink = written(text)
            y = 60 + 150 * row
            picture[y : y + ink.shape[0], x : x + ink.shape[1]] = ink
            into.append((x, y, x + ink.shape[1], y + ink.shape[0]))
    return picture, cells, others


def test_short_cells_are_read_beside_a_line_and_words_lie_in_their_cells() -> None:
    picture, cells, others = page()
    words: list[Recognised] = []
    left = read_short(picture, cells, others, Reader(Stub(["1_", "x"], []), "vie", DPI, float("inf")), words)
    assert left == []
    assert [word.text for word in words] == ["1", "x"]
    for word, cell in zip(words, cells, strict=True):
        assert cell[0] <= word.box[0] < word.box[2] <= cell[2]
        assert cell[1] <= word.box[1] < word.box[3] <= cell[3]


def test_what_is_no_number_is_read_again_before_the_line() -> None:
    picture, cells, others = page()
    words: list[Recognised] = []
    read_short(picture, cells, others, Reader(Stub(["1", "Tý"], ["TT"]), "vie", DPI, float("inf")), words)
    assert [word.text for word in words] == ["1", "TT"]


@pytest.mark.parametrize(
    ("text", "want"),
    [("1", True), ("10.2", True), ("TT", True), ("Sở Nội vụ", False), ("1\n2", False)],
    ids=["1", "10.2", "TT", "words", "lines"],
)
def test_a_short_cell_is_one_line_of_a_few_signs(text: str, want: bool) -> None:
    lines = [written(line) for line in text.split("\n")]
    width = max(line.shape[1] for line in lines)
    picture = np.vstack([np.pad(line, ((0, 9), (0, width - line.shape[1])), constant_values=255) for line in lines])
    assert short(picture, (0, 0, picture.shape[1], picture.shape[0]), DPI) is want
