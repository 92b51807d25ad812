"""What the page of a document shows, gathered from the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dondoc import doubt
from dondoc.web.pictures import DPI, PageToDraw
from dondoc.workspace import Workspace
from ingest.errors import NotFound
from tracking.paper import PaperPage
from tracking.rows import DocumentRow, TaskFilter, TaskRow

if TYPE_CHECKING:
    from tracking import Store

EAGER_PAGES = 6
"""So many pages come with their lines at once; the others when they are scrolled to."""


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task in the list beside the paper. ``index`` counts from 1 in the order of the paper.

    ``spans``: its lines as "page:first-last", parted by blanks. ``doubt``: what of it is least sure, in words.
    """

    row: TaskRow
    index: int
    spans: str
    doubt: str


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page; ``picture``: its address, None when there is no picture of it. ``loaded``: the lines are here."""

    page: PaperPage
    picture: str | None
    pixels: tuple[int, int]
    loaded: bool
    tasks: dict[int, str]


def tasks_of(store: Store, document_id: int) -> list[ShownTask]:
    """The tasks of a document in the order of the paper, without removed ones."""
    rows = store.tasks(TaskFilter(document=document_id, duplicates=True, order="document"))
    ends = {row.end_page: store.page(document_id, row.end_page) for row in rows if row.end_page}
    return [_shown(row, index, ends.get(row.end_page or 0)) for index, row in enumerate(rows, 1)]


def task_of(store: Store, document_id: int, task_id: int) -> ShownTask:
    """One task of that document.

    :raises NotFound: the document has no such task.
    """
    for task in tasks_of(store, document_id):
        if task.row.id == task_id:
            return task
    raise NotFound(f"văn bản này không có nhiệm vụ mang mã {task_id}.", remedy="Có thể nhiệm vụ đã được gộp hoặc xóa; hãy tải lại trang.")


def _shown(row: TaskRow, index: int, end: PaperPage | None) -> ShownTask:
    return ShownTask(row, index, _spans(row, end), doubt.in_words(row.lead, row.field_confidence) if row.needs_review else "")


def _spans(row: TaskRow, end: PaperPage | None) -> str:
    spans = [f"{row.page}:{row.line_first}-{row.line_last}"]
    if end is not None and row.end_line:
        # Not from the page's number on.
        first = next((line.number for line in end.lines if any(char.isalpha() for char in line.text)), 1)
        spans.append(f"{end.number}:{first}-{row.end_line}")
    return " ".join(spans)


def lines_of_tasks(tasks: list[ShownTask], page: PaperPage) -> dict[int, str]:
    """The classes of the lines of a page on which tasks stand."""
    found: dict[int, str] = {}
    for task in tasks:
        for span in task.spans.split():
            number, _, lines = span.partition(":")
            if int(number) == page.number:
                first, _, last = lines.partition("-")
                for line in page.lines:
                    if int(first) <= line.number <= int(last):
                        found[line.number] = "t q" if task.row.needs_review else found.get(line.number, "t")
    return found


def archived_file(workspace: Workspace, below: str | None) -> Path | None:
    """A file of the archive; None when it is not there, or when the path leads out of the workspace and its archive."""
    if not below:
        return None
    try:
        path = (workspace.root / below).resolve(strict=True)
        homes = workspace.root.resolve(), workspace.archive.resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    inside = any(path.is_relative_to(home) for home in homes)
    return path if inside and path.is_file() else None


def to_draw(workspace: Workspace, document: DocumentRow, page: PaperPage, *, large: bool = False) -> PageToDraw | None:
    """What to draw for a page; None when there is nothing to draw it from."""
    path = archived_file(workspace, document.archived_as) if document.kind in ("pdf", "image") else None
    if path is None:
        return None
    return PageToDraw(path, document.sha256, document.kind, page.number, page.rotation, page.skew, large)


def shown_page(workspace: Workspace, document: DocumentRow, page: PaperPage, tasks: list[ShownTask], *, loaded: bool) -> ShownPage:
    """A page for the template."""
    drawn = to_draw(workspace, document, page)
    address = f"/van-ban/{document.id}/trang/{page.number}.webp?v={drawn.tag}" if drawn else None
    pixels = round(page.width * DPI / 72), round(page.height * DPI / 72)
    return ShownPage(page, address, pixels, loaded, lines_of_tasks(tasks, page) if loaded else {})
