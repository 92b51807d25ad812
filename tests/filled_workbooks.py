"""Tasks, their exported workbooks, and what a person fills in there: for the tests of the way back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from extract.directive import Deadline, Directive, Header, Span, Task
from ingest.document import Document, Page
from tracking import Store
from tracking.export_xlsx import HEADER_ROW
from tracking.import_plan import LABELS
from tracking.importing import Change
from tracking.register import COLUMNS

AS_OF = date(2026, 4, 1)
TODAY = date(2026, 6, 30)
HEADER = Header("07/KH-UBND", "Kế hoạch", "UBND tỉnh Sông Lam", date(2026, 1, 5))
COLUMN = {column.title: number for number, column in enumerate(COLUMNS, 1)}
FIELD_COLUMN = {name: COLUMN[title] for name, title in LABELS.items()}
ID = COLUMN["Mã nhiệm vụ"]


def make_tasks(count: int) -> tuple[Task, ...]:
    dated = (Deadline("trước ngày 30/9/2026", due=date(2026, 9, 30)),)
    undated = (Deadline("thường xuyên", recurrence="continuous"),)
    return tuple(
        Task(str(n), f"Rà soát danh mục số {n}.", Span(1, n, n), ("Sở Nội vụ",), ("Sở Tài chính",), undated if n % 5 == 0 else dated)
        for n in range(1, count + 1)
    )


def fill(store: Store, tasks: tuple[Task, ...]) -> None:
    document = Document("kh.pdf", "a" * 64, "pdf", (Page(1, (), "ocr"),))
    store.save(document, Directive(HEADER, tasks=tasks), file_name="kh.pdf", received_at=datetime(2026, 1, 10))


def cells_of(sheet: Worksheet) -> dict[int, int]:
    """Task id → row."""
    return {int(row[ID - 1].value): row[0].row for row in sheet.iter_rows(min_row=HEADER_ROW + 1) if row[ID - 1].value}  # type: ignore[arg-type]


def change(path: Path, values: dict[tuple[int, str], object]) -> Path:
    """Fill in (task, field) → value, as a person would."""
    workbook = load_workbook(path)
    sheet = workbook["Nhiệm vụ"]
    rows = cells_of(sheet)
    for (task, name), value in values.items():
        sheet.cell(rows[task], FIELD_COLUMN[name]).value = value  # type: ignore[assignment]
    workbook.save(path)
    return path


def found(changes: tuple[Change, ...]) -> dict[tuple[int, str], str | None]:
    return {(one.task_id, one.field): one.new for one in changes}


def everything(store: Store) -> dict[int, object]:
    return {task.id: dict(store.standings([(task.id, None)])[task.id, None].values) for task in store.tasks()}
