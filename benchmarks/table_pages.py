"""Invented task tables of every kind that scans bring: drawn as PDF, with whole rulings (the truth) and with the case's own.

Each :class:`Case` has one weakness: merged cells, tick columns, a row torn by the page, rulings that are missing, faint, dotted or
broken, bent paper, a red seal. All follows from a seed, so two runs give the same pages.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

import cv2
import numpy as np
import pypdfium2
from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, SimpleDocTemplate, Spacer, Table, TableStyle
from reportlab.platypus import Paragraph as Flow

from scripts.sample_fonts import font_file
from scripts.sample_format import ABOVE, LEFT
from scripts.sample_pdf import FACES
from scripts.sample_scan import Pixels

Cells = tuple[str, ...]
"""One row; ABOVE and LEFT stand for what is merged into the cell above or on the left."""


@dataclass(frozen=True, slots=True)
class Case:
    """A document of one table. ``pages``: the rows of the table on each page (one entry: reportlab breaks it where it must).

    ``rulings``: "whole", "open" (none at the sides and at page breaks), "no outline", "faint" (pale hairlines), "dotted", "broken" (a tenth
    of their length is missing).
    """

    name: str
    widths: tuple[float, ...]
    pages: tuple[tuple[Cells, ...], ...]
    head: int = 1
    wide: bool = False
    split: bool = False
    size: float = 12.0
    rulings: str = "whole"
    bent: bool = False
    seal: bool = False

    def truth(self) -> bytes:
        """The PDF with whole rulings, whose text layer says what is in each cell."""
        return _draw(replace(self, rulings="whole"))

    def printed(self) -> bytes:
        """The PDF that is put on the scanner: the same pages in the case's own rulings, bent or sealed."""
        pdf = _draw(self)
        pdf = _photographed(pdf, _bent) if self.bent else pdf
        return _photographed(pdf, _sealed) if self.seal else pdf


def cases() -> Iterator[Case]:
    """All kinds, each once."""
    plain = (6.0, 40.0, 19.0, 19.0, 16.0)
    yield Case("plain", plain, ((_HEAD, *_rows(1, 7, 1)),))
    yield Case("sections", plain, ((_HEAD, *_sections(3, 3, 2)),))
    yield Case("numbers", (5.5, 40.0, 19.0, 19.0, 16.5), ((_HEAD, *_numbered(4, 3)),), size=11)
    yield Case("merged", (6.0, 34.0, 17.0, 17.0, 13.0, 13.0), ((*_TWO_ROW_HEAD, *_merged(8, 4)),), head=2)
    yield Case("ticks", (6.0, 38.0, 20.0, *(3.0,) * 12), ((*_MONTHS, *_ticked(9, 5)),), head=2, wide=True, size=11)
    yield Case("long", (5.0, 42.0, 20.0, 20.0, 13.0), ((_HEAD, *_rows(1, 16, 6)),), wide=True, split=True, size=13)
    over = _over_break(7)
    yield Case("merged over pages", (5.0, 30.0, 35.0, 15.0, 15.0, 11.0), over, head=1, wide=True)
    yield Case("open", plain, ((_HEAD, *_rows(1, 14, 8)),), rulings="open", split=True)
    yield Case("no outline", plain, ((_HEAD, *_rows(1, 7, 9)),), rulings="no outline")
    yield Case("faint", plain, ((_HEAD, *_sections(2, 3, 10)),), rulings="faint")
    yield Case("dotted", plain, ((_HEAD, *_rows(1, 7, 11)),), rulings="dotted")
    yield Case("broken", plain, ((_HEAD, *_sections(2, 3, 12)),), rulings="broken")
    yield Case("bent", plain, ((_HEAD, *_sections(2, 4, 13)),), bent=True)
    yield Case("seal", plain, ((_HEAD, *_rows(1, 7, 14)),), seal=True)


_HEAD: Cells = ("TT", "Nội dung công việc", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành")
_TWO_ROW_HEAD: tuple[Cells, ...] = (
    ("TT", "Nhiệm vụ", "Phân công thực hiện", LEFT, "Thời gian", LEFT),
    (ABOVE, ABOVE, "Chủ trì", "Phối hợp", "Bắt đầu", "Kết thúc"),
)
_MONTHS: tuple[Cells, ...] = (
    ("TT", "Nhiệm vụ", "Đơn vị chủ trì", "Tháng thực hiện trong năm 2026", *(LEFT,) * 11),
    (ABOVE, ABOVE, ABOVE, *(str(month) for month in range(1, 13))),
)
_VERBS = ("Rà soát, sửa đổi", "Xây dựng và trình ban hành", "Tổ chức kiểm tra", "Hoàn thiện", "Chủ động triển khai", "Cập nhật, công khai")
_OBJECTS = (
    "quy trình giải quyết thủ tục hành chính cấp xã",
    "kế hoạch bảo trì 12 tuyến đường huyện",
    "phương án phòng, chống hạn mặn vụ Đông Xuân",
    "danh mục hồ sơ lưu trữ điện tử",
    "quy chế phối hợp quản lý chợ, siêu thị",
    "đề án vị trí việc làm của các đơn vị sự nghiệp",
    "số liệu hộ nghèo, hộ cận nghèo theo Công văn số 315/LĐTBXH-BTXH",
    "hệ thống truyền thanh thông minh tại 07 xã",
)
_ENDS = (
    ".",
    ", bảo đảm đúng tiến độ và chất lượng.",
    " trên địa bàn tỉnh; báo cáo kết quả về Sở Nội vụ trước ngày 15 hằng tháng.",
    " và tổ chức tập huấn cho ít nhất 80% cán bộ, công chức làm nhiệm vụ này; khắc phục ngay những hạn chế đã được chỉ ra.",
)
_OFFICES = (
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Y tế",
    "Công an tỉnh",
    "Văn phòng UBND tỉnh",
    "Sở Nông nghiệp và Môi trường",
    "Sở Khoa học và Công nghệ",
    "UBND các xã, phường",
)
_PARTNERS = (
    "Các sở, ban, ngành có liên quan",
    "Sở Tư pháp; UBND các xã",
    "Báo Sông Lam",
    "Sở Xây dựng",
    "",
    "Kho bạc Nhà nước khu vực VII",
)
_TERMS = ("Quý I/2026", "30/6/2026", "Tháng 9/2026", "Thường xuyên", "Trước 15/11/2026", "Năm 2026", "Hằng quý")
_TITLES = ("CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", "Cải cách thủ tục hành chính", "Hạ tầng kỹ thuật và an toàn thông tin", "TÀI CHÍNH, NGÂN SÁCH")
_ROMAN = ("I", "II", "III", "IV", "V", "VI")


def _task(rng: random.Random, ends: Sequence[str] = _ENDS) -> str:
    return f"{rng.choice(_VERBS)} {rng.choice(_OBJECTS)}{rng.choice(ends)}"


def _row(number: str, rng: random.Random) -> Cells:
    return number, _task(rng), rng.choice(_OFFICES), rng.choice(_PARTNERS), rng.choice(_TERMS)


def _rows(first: int, count: int, seed: int) -> Iterator[Cells]:
    rng = random.Random(seed)
    for number in range(first, first + count):
        yield _row(str(number), rng)


def _sections(sections: int, each: int, seed: int) -> Iterator[Cells]:
    rng = random.Random(seed)
    for section in range(sections):
        yield _ROMAN[section], _TITLES[section], LEFT, LEFT, LEFT
        for number in range(1, each + 1):
            yield _row(str(number), rng)


def _numbered(sections: int, seed: int) -> Iterator[Cells]:
    rng = random.Random(seed)
    for section in range(1, sections + 1):
        yield str(section), _task(rng, _ENDS[:1]), LEFT, LEFT, LEFT
        for number in range(1, 4):
            yield f"{section}.{number}", _task(rng, _ENDS[:2]), rng.choice(_OFFICES), rng.choice(_PARTNERS), rng.choice(_TERMS)


def _merged(count: int, seed: int) -> Iterator[Cells]:
    rng = random.Random(seed)
    for number in range(1, count + 1):
        lead = ABOVE if number % 3 else rng.choice(_OFFICES)
        partner = ABOVE if number in {2, 5} else rng.choice(_PARTNERS)
        begin, end = ("Thường xuyên", LEFT) if number == 4 else (f"{rng.randint(1, 6):02}/2026", f"{rng.randint(7, 12)}/2026")
        yield str(number), _task(rng, _ENDS[:2]), "Sở Công Thương" if number == 1 else lead, partner, begin, end


def _ticked(count: int, seed: int) -> Iterator[Cells]:
    rng = random.Random(seed)
    for number in range(1, count + 1):
        begin = rng.randint(1, 9)
        months = ("x" if begin <= month <= begin + number % 4 else "" for month in range(1, 13))
        yield str(number), _task(rng, _ENDS[:2]), rng.choice(_OFFICES), *months


def _over_break(seed: int) -> tuple[tuple[Cells, ...], ...]:
    """Three pages of one table whose first two cells span many rows and go on, empty, on the next page, without a heading there."""
    rng = random.Random(seed)
    head: Cells = ("STT", "Nội dung hành động", "Hành động cụ thể", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn")
    pages: list[tuple[Cells, ...]] = []
    number = 0
    for page in range(3):
        rows: list[Cells] = [head, ("I.", "Hoàn thiện khuôn khổ pháp lý của tỉnh", LEFT, LEFT, LEFT, LEFT)] if page == 0 else []
        for group in range(2 if page == 0 else 3):
            torn = page > 0 and group == 0
            number += not torn
            for part in range(2):
                first, title = ("" if torn else f"{number}.", "" if torn else _task(rng)) if part == 0 else (ABOVE, ABOVE)
                rows.append((first, title, f"- {_task(rng, _ENDS[2:])}", *(rng.choice(c) for c in (_OFFICES, _PARTNERS, _TERMS))))
        pages.append(tuple(rows))
    return tuple(pages)


def _draw(case: Case) -> bytes:
    for name, face in FACES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(font_file(face))))
    buffer = io.BytesIO()
    size = landscape(A4) if case.wide else A4
    document = SimpleDocTemplate(
        buffer, pagesize=size, leftMargin=25 * mm, rightMargin=15 * mm, topMargin=20 * mm, bottomMargin=18 * mm, invariant=1
    )
    title = ParagraphStyle("title", fontName="Serif-Bold", fontSize=14, leading=17, alignment=TA_CENTER)
    story: list[Flowable] = [Flow("PHỤ LỤC", title), Flow("Phân công nhiệm vụ năm 2026 của các cơ quan", title), Spacer(1, 12)]
    for number, rows in enumerate(case.pages):
        story += [PageBreak()] * (number > 0) + [_table(case, rows, size[0] - 40 * mm, case.head if number == 0 else 0)]

    document.build(story)
    return buffer.getvalue()


def _seal(size: tuple[float, float]) -> bytes:
    """A page of ``size`` (points) with nothing but a round red seal in the middle."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    red = Color(0.82, 0.13, 0.2)
    canvas.setStrokeColor(red)
    canvas.setFillColor(red)
    canvas.translate(size[0] * 0.5, size[1] * 0.52)
    for radius, width in ((18, 1.2), (9, 0.5)):
        canvas.setLineWidth(width * mm)
        canvas.circle(0, 0, radius * mm, fill=0)
    canvas.setFont("Serif-Bold", 13)
    canvas.rotate(120)
    for letter in "SỞ NỘI VỤ * TỈNH SÔNG LAM *":
        canvas.drawCentredString(0, 12.2 * mm, letter)
        canvas.rotate(-12)
    canvas.save()
    return buffer.getvalue()


class _Drawn(Table):
    """A table closed above and below a page break if ``closed``, and whose rulings have gaps if there is a ``gap_seed``."""

    closed = True
    gap_seed: int | None = None

    def split(self, availWidth: float, availHeight: float) -> list[Any]:  # noqa: N803 - reportlab's names
        parts: list[Any] = super().split(availWidth, availHeight)
        for part in parts:
            part.closed, part.gap_seed = self.closed, self.gap_seed
            if self.closed:
                part.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.6, black)]))
        return parts

    def draw(self) -> None:
        canvas: Any = self.canv
        if self.gap_seed is None:
            super().draw()
            return
        rng, line = random.Random(self.gap_seed), canvas.line

        def broken(x0: float, y0: float, x1: float, y1: float) -> None:
            length = max(abs(x1 - x0), abs(y1 - y0))
            at = 0.0
            while at < length:
                ink, gap = rng.uniform(20, 160), rng.uniform(3, 18)
                a, b = at / length, min(1.0, (at + ink) / length)
                line(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)
                at += ink + gap

        canvas.line = broken
        super().draw()
        canvas.line = line


def _table(case: Case, rows: Sequence[Cells], width: float, head: int) -> Flowable:
    commands: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP" if case.split else "MIDDLE")]
    commands += [(f"{side}PADDING", (0, 0), (-1, -1), 3.5) for side in ("LEFT", "RIGHT")]
    commands += _ruling(case.rulings)
    data = []
    for number, cells in enumerate(rows):
        bold = number < head or cells[2:3] == (LEFT,)
        data.append([_cell(cell, column, case.size, head=number < head, bold=bold) for column, cell in enumerate(cells)])
        for column, cell in enumerate(cells):
            if cell not in {ABOVE, LEFT}:
                right, bottom = column, number
                while right + 1 < len(cells) and cells[right + 1] == LEFT:
                    right += 1
                while bottom + 1 < len(rows) and rows[bottom + 1][column] == ABOVE:
                    bottom += 1
                commands += [("SPAN", (column, number), (right, bottom))] * ((right, bottom) != (column, number))
    total = sum(case.widths)
    shares = [width * share / total for share in case.widths]
    table = _Drawn(data, colWidths=shares, repeatRows=head if case.split else 0, splitInRow=1 if case.split else 0)
    table.closed = case.rulings != "open"
    table.gap_seed = 5 if case.rulings == "broken" else None
    table.setStyle(TableStyle(commands))
    return table


def _ruling(kind: str) -> list[Any]:
    everywhere, pale = ((0, 0), (-1, -1)), Color(0.55, 0.55, 0.55)
    match kind:
        case "open":
            return [("LINEABOVE", (0, 0), (-1, 0), 0.6, black), ("INNERGRID", *everywhere, 0.6, black)]
        case "no outline":
            return [("INNERGRID", *everywhere, 0.6, black)]
        case "faint":
            return [("GRID", *everywhere, 0.3, pale)]
        case "dotted":
            dots = (0.6, black, "butt", (0.8, 1.6))
            return [("INNERGRID", *everywhere, *dots), ("BOX", *everywhere, 0.6, black)]
    return [("GRID", *everywhere, 0.6, black)]


def _cell(cell: str, column: int, size: float, *, head: bool, bold: bool) -> Flowable | str:
    if cell in {ABOVE, LEFT, ""}:
        return ""
    centred = head or column == 0 or len(cell) < 26
    style = ParagraphStyle("cell", fontName="Serif-Bold" if bold else "Serif", fontSize=size, leading=size * 1.18)
    style.alignment = TA_CENTER if centred and not (bold and column == 1) else TA_LEFT
    return Flow(escape(cell), style)


def _photographed(pdf: bytes, change: Callable[[Pixels, tuple[float, float]], Pixels]) -> bytes:
    """The PDF with each page as a picture of 300 dpi that ``change`` was applied to."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        size = page.get_size()
        coded = cv2.imencode(".png", change(_pixels(page), size)[..., ::-1])[1]
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(io.BytesIO(coded.tobytes())), 0, 0, *size)
        canvas.showPage()
    document.close()
    canvas.save()
    return buffer.getvalue()


def _pixels(page: Any) -> Pixels:
    return np.asarray(page.render(scale=300 / 72).to_pil().convert("RGB"), dtype=np.uint8)


def _bent(page: Pixels, _size: tuple[float, float]) -> Pixels:
    """Paper that curled in the scanner: lines bow by up to 1.5 mm, more so further down, and slope a little; the sides bow too."""
    height, width = page.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bow = 18 * np.sin(np.pi * x / width) * (y / height) + 0.004 * (x - width / 2)
    side = 8 * np.sin(np.pi * y / height)
    bent = cv2.remap(page, x + side.astype(np.float32), y + bow.astype(np.float32), cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    return np.asarray(bent, dtype=np.uint8)


def _sealed(page: Pixels, size: tuple[float, float]) -> Pixels:
    """Ink is transparent: what is black stays black under the seal."""
    document = pypdfium2.PdfDocument(_seal(size))
    seal = _pixels(document[0])
    document.close()
    return np.asarray(page.astype(np.uint16) * seal // 255, dtype=np.uint8)
