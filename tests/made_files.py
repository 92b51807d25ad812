"""PDF files made on the spot, with an invented text."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib as mpl
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

SHARED = Path(__file__).parents[1].parent / "shared"
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
pdfmetrics.registerFont(TTFont("DejaVu", FONTS / "DejaVuSerif.ttf"))

BODY = [
    "Thực hiện Kế hoạch số 15/KH-UBND ngày 06/02/2023 của Ủy ban nhân dân tỉnh Sông Lam,",
    "Sở Nội vụ yêu cầu các phòng chuyên môn rà soát danh mục thủ tục hành chính và",
    "báo cáo kết quả trước ngày 30/6/2023 để tổng hợp, trình cấp có thẩm quyền xem xét.",
]
GOOD = " ".join(BODY)
GARBLED = {
    "no-marks": "Thuc hien ke hoach cai each hanh chinh nam 2023 cua tinh, cac so ban nganh va uy ban nhan dan cac huyen nghiem tuc "
    "trien khai thuc hien nhung noi dung sau day, bao cao ket qua truoc ngay quy dinh de tong hop chung toan tinh",
    "wrong-marks": "Thuc hién ké hoach cai cach hanh chinh nam 2023 ciia tinh, céc so ban nganh va Uy ban nhan dén céc huyén nghiém "
    "tuc trién khai thuc hién nhiing noi dung sau day, bao céo két qua trudc ngay quy dinh dé téng hop chung",
    "figures-for-letters": "Thgc hiQn k6 ho4ch cii c6ch hinh chinh nim 2023 cria tinh, c6c s& ban nginh vd Uy ban nhdn din c6c huyQn "
    "tric tri6n khai thgc hiQn nhtng nQi dung sau ddy, b6o c6o k6t qui tru6c ngdy quy dinh tl6 tdng hqp chung",
}
ENGLISH = (
    "The quick brown fox jumps over the lazy dog while the committee examines every single report before the deadline. "
    "Each department should submit written comments on the draft regulation within fifteen working days of receiving it. "
)


def pdf_of(draw, *, pages: int = 1, **options) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, **options)
    for number in range(pages):
        draw(canvas, number)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def body_page(canvas: Canvas, number: int = 0) -> None:
    canvas.setFont("DejaVu", 11)
    for index, line in enumerate(BODY):
        canvas.drawString(50, 700 - 18 * index, line)


def small_png(size=(1, 1)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    return out.getvalue()
