"""A few whole pages with the real Tesseract."""

from __future__ import annotations

import io

import numpy as np
import pytest
from paper import DPI, FONT, TEXT, XS, YS, Fake, line_of, ruled, sheet
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest import ReadOptions, inspect, read, read_page
from ingest.engine import Recognised
from ingest.recognise import recognise


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
