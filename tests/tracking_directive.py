"""An invented directive with three tasks, for the tests of tracking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from extract.directive import Deadline, Directive, Header, Reference, Span, Task
from ingest.document import Document, Line, Page, Word
from tracking import SaveResult, Store
from tracking.folding import fold

RECEIVED = datetime(2024, 1, 10, 8, 30)
TEXTS = (
    "Chủ trì rà soát quy trình tiếp công dân, báo cáo UBND tỉnh trước ngày 15/3/2024.",
    "Cập nhật danh mục thủ tục hành chính đã công bố, hoàn thành trong tháng 6/2024.",
    "Thường xuyên kiểm tra công vụ tại các đơn vị trực thuộc.",
)


def make_document(sha: str = "a" * 64, texts: tuple[str, ...] = TEXTS) -> Document:
    lines = tuple(
        Line(i, fold(text), text, (56.0, 60.0 + 20 * i, 520.0, 74.0 + 20 * i), (Word(text.split()[0], (56.0, 60, 90, 74), 0.9),), 0.9)
        for i, text in enumerate(texts, 1)
    )
    return Document(f"inbox/{sha[:4]}.pdf", sha, "pdf", (Page(1, lines, "ocr", confidence=0.9), Page(2, (), "text-layer")))


def make_task(path: str, text: str, due: date | None = None, line: int = 1, **changes: object) -> Task:
    deadlines = (Deadline("trước ngày …", due=due, bound="before"),) if due else ()
    task = Task(path, text, Span(1, line, line), ("Sở Nội vụ",), ("Sở Tài chính",), deadlines, ("5/QĐ-UBND",), confidence=0.8)
    return replace(task, **changes)  # type: ignore[arg-type]


TASKS = (
    make_task("1/-1", TEXTS[0], date(2024, 3, 15)),
    make_task("1/-2", TEXTS[1], date(2024, 6, 30), 2),
    make_task("2/-1", TEXTS[2], None, 3, lead=("Thanh tra tỉnh", "Sở Nội vụ"), coordinating=()),
)
HEADER = Header(
    "07/KH-UBND", "Kế hoạch", "UBND tỉnh Sông Lam", date(2024, 1, 5), "Sông Lam", "Cải cách hành chính", recipients=("Như trên",)
)
DIRECTIVE = Directive(HEADER, (Reference("Quyết định", "5/QĐ-UBND", date(2023, 12, 1), "UBND tỉnh"),), TASKS)


def save(store: Store, directive: Directive = DIRECTIVE, document: Document | None = None) -> SaveResult:
    return store.save(document or make_document(), directive, file_name="kh07.pdf", received_at=RECEIVED)
