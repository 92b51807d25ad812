"""Grids of ruled tables."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from paper import A4, DPI, FONT, XS, YS, gray, ruled, sheet
from PIL import Image, ImageDraw, ImageFont

from ingest.ruled import find_tables


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
