"""Pictures of invented pages at 200 dpi, and an engine that answers what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingest.cleaning import to_gray
from ingest.engine import Recognised

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
