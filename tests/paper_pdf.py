"""A short born-digital directive as a PDF, and one kept in a workspace without being read: for the tests of pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from tracking_directive import DIRECTIVE, make_document

from dondoc.workspace import Workspace
from ingest.document import Line
from scripts.sample_fonts import font_file

LINES = (
    "ỦY BAN NHÂN DÂN",
    "TỈNH SÔNG LAM",
    "Số: 1520/UBND-NC",
    "Sông Lam, ngày 12 tháng 4 năm 2026",
    "V/v chấn chỉnh kỷ luật, kỷ cương hành chính",
    "Kính gửi: Các sở, ban, ngành cấp tỉnh.",
    "Chủ tịch UBND tỉnh yêu cầu:",
    "1. Sở Nội vụ",
    "- Kiểm tra việc chấp hành kỷ luật tại các cơ quan, báo cáo UBND tỉnh trước ngày 30/6/2026.",
    "- Tổng hợp kết quả thực hiện, tham mưu khen thưởng trong quý IV năm 2026.",
    "2. Sở Khoa học và Công nghệ nâng cấp cổng dịch vụ công của tỉnh, hoàn thành trong tháng 9/2026.",
)
BOXES = tuple((70.0, 70.0 + 26 * at, 540.0, 84.0 + 26 * at) for at in range(len(LINES)))


def write_pdf(path: Path, pages: int = 1) -> Path:
    """The directive as a PDF with a text layer; further pages repeat it."""
    pdfmetrics.registerFont(TTFont("Serif", str(font_file())))
    canvas = Canvas(str(path), pagesize=A4)
    for _ in range(pages):
        for text, box in zip(LINES, BOXES, strict=True):
            canvas.setFont("Serif", 12)
            canvas.drawString(box[0], A4[1] - box[3] + 3, text)
        canvas.showPage()
    canvas.save()
    return path


def keep(workspace: Workspace, *, name: str = "kh07.pdf", pages: int = 1, doubtful: tuple[str, tuple[str, ...]] | None = None) -> int:
    """The directive of tests/tracking_directive.py with the picture of this PDF in the archive; the id of its document.

    ``doubtful``: the first task needs a person, since the paper may mean other agencies than the one that leads it.
    """
    archived = workspace.archive / "2026" / name
    archived.parent.mkdir(parents=True, exist_ok=True)
    write_pdf(archived, pages)
    document = make_document(sha256(name.encode()).hexdigest())
    first = document.pages[0]
    lines = tuple(replace(line, box=BOXES[8 + at]) for at, line in enumerate(first.lines))
    more = tuple(replace(first, number=number, lines=(Line(1, "Trang sau", "Trang sau", BOXES[0]),)) for number in range(2, pages + 1))
    document = replace(document, pages=(replace(first, lines=lines, source="text-layer"), *more))
    first_task = DIRECTIVE.tasks[0]
    if doubtful is not None:
        first_task = replace(first_task, lead=(doubtful[0],), alternatives=(doubtful,), reasons=("Cần đối chiếu với bản gốc.",))
    directive = replace(DIRECTIVE, tasks=(first_task, *DIRECTIVE.tasks[1:]))
    with workspace.store() as store:
        saved = store.save(document, directive, file_name=name, received_at=datetime(2026, 11, 2, 8, 30))
        store.note_files(saved.document_id, archived.relative_to(workspace.root).as_posix())
    return saved.document_id
