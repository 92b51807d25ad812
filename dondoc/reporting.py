"""How an intake is shown: a bar with pages and time left on a terminal, one line for each file, a summary. All on stderr."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from dondoc import doubt, screen, shelves
from dondoc.intake import Summary, Taken

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID


class ScreenReport:
    """Shows progress; a context manager. Without a terminal there is no bar, only the lines."""

    def __init__(self) -> None:
        self._console = screen.console(stderr=True)
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._total = 0

    def __enter__(self) -> ScreenReport:
        if self._console.is_terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("Đang đọc"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("trang · đã chạy"),
                TimeElapsedColumn(),
                TextColumn("· còn khoảng"),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
            self._task = None

    def pages_found(self, _: Path, count: int) -> None:
        """So many more pages to read."""
        self._total += count
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task("", total=self._total)
            self._bar.update(self._task, total=self._total)

    def pages_done(self, _: Path, count: int) -> None:
        """So many pages fewer to read."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, count)

    def resumed(self, name: str, kept: int, page: int | None) -> None:
        """Say that a document goes on where an earlier run was interrupted."""
        where = f"đọc tiếp từ trang {page}" if page is not None else "không còn trang nào phải đọc"
        self._console.print(screen.cell(f"↻ {name}: {where} ({kept} trang đã đọc trước khi bị ngắt)."), soft_wrap=True)

    def file_done(self, taken: Taken) -> None:
        """One line for each file."""
        style = {"failed": "red", "duplicate": "yellow"}.get(taken.what, "green")
        self._console.print(screen.cell(line_for(taken), style), soft_wrap=True)


def line_for(taken: Taken) -> str:
    """What a clerk reads about one file."""
    if taken.error is not None:
        return f"✗ {taken.name}: {taken.error.message} {shelves.remedy(taken.error)} (lỗi {taken.error.kind}, mã {taken.error.exit_code})"
    if taken.what == "duplicate":
        return f"= {taken.name}: đã có trong cơ sở dữ liệu ({taken.record}); không nhận lần nữa."
    verb = "đã nhận" if taken.what == "new" else "đã đọc lại"
    review = f", {len(taken.doubts)} cần xem lại" if taken.doubts else ""
    text = f"✓ {taken.name}: {verb}, {taken.record}, {taken.pages} trang, {taken.tasks} nhiệm vụ{review} (số thứ tự {taken.document_id})."
    if taken.same_directive is not None:
        text += f" Cùng một văn bản với số thứ tự {taken.same_directive} (bản quét khác)."
    if taken.searchable is not None:
        text += f" Bản tra cứu: {taken.searchable}."
    return text


def summary_text(summary: Summary) -> str:
    """The last lines of a run: what came in, and how many tasks a person should look at and why."""
    if not summary.total:
        return "Không có tệp nào để nhận."
    parts = [f"{summary.new} văn bản mới ({summary.pages} trang, {summary.tasks} nhiệm vụ)"]
    if summary.renewed:
        parts.append(f"{summary.renewed} đọc lại")
    if summary.duplicate:
        parts.append(f"{summary.duplicate} trùng")
    if summary.failed:
        parts.append(f"{summary.failed} lỗi, nằm trong quarantine cùng lý do")
    text = f"Xong {summary.total} tệp: " + "; ".join(parts) + "."
    if summary.doubts:
        text += f"\nCần người xem lại {len(summary.doubts)} nhiệm vụ: {doubt.counted(summary.doubts)}. Xem bằng «dondoc tasks --review»."
    return text
