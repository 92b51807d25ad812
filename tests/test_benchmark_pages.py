"""What the benchmarks count on pages: lines of print without words, and changed signs of body text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from benchmarks import body_text, real_scans
from benchmarks.ink_lines import ink_lines
from ingest.document import Line, Page, Word

FONT = ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"), 30)
SMALL = FONT.font_variant(size=22)
DPI = 200
LINES = (
    ("Thực hiện Kế hoạch số 15/KH-UBND ngày 06/02/2023 của Ủy ban nhân dân", (190, 300), FONT),
    ("tỉnh Sông Lam, Sở Nội vụ yêu cầu các phòng rà soát danh mục.", (190, 352), FONT),
    ("SỞ NỘI VỤ", (250, 120), FONT),
    ("Độc lập - Tự do - Hạnh phúc", (900, 120), FONT),
    ("Nơi nhận:", (190, 700), SMALL),
    ("- Lưu: VT, NV.", (190, 730), SMALL),
    ("GIÁM ĐỐC", (1050, 700), FONT),
)


def page_of(lines) -> tuple[np.ndarray, list[Line]]:
    """A page with these lines, and what a faultless engine reads of it, a line a page's line."""
    picture = Image.new("RGB", (1654, 1000), "white")
    draw = ImageDraw.Draw(picture)
    read = []
    for text, (x, y), font in lines:
        draw.text((x, y), text, fill=(20, 20, 20), font=font)
        box = tuple(side * 72 / DPI for side in draw.textbbox((x, y), text, font=font))
        read.append(Line(len(read) + 1, text, text, box, (Word(text, box),)))
    return np.asarray(picture), read


def test_every_line_of_print_is_counted_and_none_is_missed_when_all_are_read():
    picture, read = page_of(LINES)
    assert real_scans.missed(picture, DPI, Page(1, tuple(read), "ocr")) == (len(LINES), ())


@pytest.mark.parametrize("gone", range(len(LINES)), ids=[line[0][:12] for line in LINES])
def test_a_line_that_gave_no_words_is_found(gone):
    picture, read = page_of(LINES)
    _, (missed,) = real_scans.missed(picture, DPI, Page(1, tuple(read[:gone] + read[gone + 1 :]), "ocr"))
    box = read[gone].box
    assert box is not None
    assert box[1] * DPI / 72 - 3 <= missed.box[1] < missed.box[3] <= box[3] * DPI / 72 + 3


def test_a_box_over_many_lines_is_no_word():
    picture, read = page_of(LINES)
    giant = replace(read[0], words=(Word("O", (0.0, 0.0, 595.0, 360.0)),))
    assert len(real_scans.missed(picture, DPI, Page(1, (giant,), "ocr"))[1]) == len(LINES)


def draw_seal(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((300, 300, 580, 580), outline="black", width=6)
    for index, letter in enumerate("SỞ NỘI VỤ TỈNH SÔNG LAM"):
        angle = np.pi * (0.9 + 1.2 * index / 22)
        draw.text((430 + 115 * np.cos(angle), 430 + 115 * np.sin(angle)), letter, fill="black", font=SMALL)


def draw_signature(draw: ImageDraw.ImageDraw) -> None:
    draw.line([(700 + 4 * t, 500 + 90 * np.sin(t / 5) * np.cos(t / 13)) for t in range(120)], fill="black", width=4)


def draw_note(draw: ImageDraw.ImageDraw) -> None:
    draw.text((600, 200), "Chuyển phòng Tổng hợp", fill=(40, 60, 190), font=FONT)


def draw_table(draw: ImageDraw.ImageDraw) -> None:
    for place in range(200, 900, 100):
        draw.line((200, place, 1400, place), fill="black", width=3)
        draw.line((2 * place, 200, 2 * place, 800), fill="black", width=3)


@pytest.mark.parametrize("draw_it", [draw_seal, draw_signature, draw_note, draw_table])
def test_what_is_no_print_is_not_counted(draw_it):
    picture = Image.new("RGB", (1654, 1000), "white")
    draw_it(ImageDraw.Draw(picture))
    assert ink_lines(np.asarray(picture), DPI) == []


BODY = [("Số: 15/KH-SNV", False), ("1. Sở Nội vụ tổng hợp, báo cáo.", True), ("2. Giao Sở Tài chính.", True), ("Nơi nhận:", False)]


@pytest.mark.parametrize(
    ("read", "changes"),
    [
        pytest.param("Số: 15/KH-SNV 1. Sở Nội vụ tổng hợp, báo cáo. 2. Giao Sở Tài chính. Nơi nhận:", 0, id="all-right"),
        pytest.param("S6: l5/KH-SNV 1. Sở Nội vụ tổng hợp, báo cáo. 2. Giao Sở Tài chính. Nới nhặn", 0, id="errors-outside-the-body"),
        pytest.param("Số: 15/KH-SNV ĐẾN Số 30 1. Sở Nội vụ tổng hợp, báo cáo. 2. Giao Sở Tài chính. Nơi nhận:", 0, id="stamp-above"),
        pytest.param("Số: 15/KH-SNV 1. Sở Nội vụ tông hợp báo cáo. 2. Giao Sở Tài chính. Nơi nhận:", 2, id="two-signs"),
        pytest.param("Số: 15/KH-SNV 1. Sở Nội vụ tổng hợp, báo cáo. ĐẾN 2. Giao Sở Tài chính. Nơi nhận:", 4, id="stamp-inside"),
        pytest.param("Số: 15/KH-SNV 1. Sở Nội vụ tổng hợp, báo cáo. Nơi nhận:", 21, id="a-lost-paragraph"),
    ],
)
def test_errors_are_those_of_body_text(read, changes):
    assert body_text.errors(iter(BODY), read).changes == changes
