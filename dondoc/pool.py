"""Many documents at once: the pages of all of them share one pool of worker processes.

Three kinds of job run in workers (:mod:`dondoc.serving`): a look at the file (how many pages), the reading of one page, and what follows
when all pages of a document are there (restoration, extraction). This process only hands out and collects; it alone may write to a
database. Pages stay in a store on disk, where the last job finds them: this process holds none of them, however many there are.

No page can hold up or bring down another. A job whose worker dies (a crash in a library, out of memory) is run once more alone; a page
whose worker hangs is read once more with the engine that runs in a process of its own. A page that fails again is lost, with a warning
on it, and its document goes on; only a document that cannot be opened or put together fails.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol

from dondoc import process
from dondoc.pagestore import PageStore
from dondoc.process import Processed
from dondoc.serving import Looked, Missing, Server, Stages
from dondoc.settings import Settings
from dondoc.workers import Failed, Job, Lost, Workers
from ingest.document import FAILED, Page
from ingest.errors import DondocError, OcrFailed

__all__ = ["Outcome", "Pool", "Progress", "Stages"]

Outcome = Processed | DondocError

GRACE_SECONDS = 30.0
"""What a page may take beside recognition, for which it has a limit of its own (rendering, the text layer, tables: 1 s at most on the
samples), before its worker counts as hung."""

FINISH_SECONDS = 2.0
"""What restoration and extraction may take for each page of a document, twenty times what they do."""

_LONG = 100
"""A document of more pages is put together in a worker of its own: 500 pages take 0.7 GB there, beside 0.2 of what OCR has loaded."""

_CROWD = 8
"""So many documents wait to be put together, and a second worker loads what that takes (2.5 s and 150 MB; a document takes .3 s).
Until then one worker does it for all, which loads while the others read."""

_CAREFUL_AFTER = 3
"""So many workers lost on pages, and all further pages are read in the careful way: the engine does not get on with this machine."""


class Progress(Protocol):
    """Who wants to know how far the work is."""

    def pages_found(self, path: Path, count: int, /) -> None:
        """The file at ``path`` was opened and has so many pages."""

    def pages_done(self, path: Path, count: int, /) -> None:
        """So many more of its pages were read, or will not be read because it failed."""

    def resumed(self, name: str, kept: int, page: int | None) -> None:
        """An earlier run has read ``kept`` pages of this file; ``page`` is the first that it has not, None when it has read all."""


@dataclass(slots=True, eq=False)
class _Reading:
    """A document on its way. ``waiting`` holds page numbers not handed out yet, ``held`` pages that the store has not taken."""

    key: int
    path: Path
    looked: Looked | None = None
    waiting: deque[int] = field(default_factory=deque)
    done: int = 0
    held: dict[int, Page] = field(default_factory=dict)
    keep: bool = True
    failed: bool = False

    @property
    def total(self) -> int:
        return self.looked.total if self.looked else 0


@dataclass(frozen=True, slots=True)
class _Task:
    """One job of a document. ``number``: the page to read. ``again``: a worker was lost on it; ``alone``: nothing else may run then."""

    reading: _Reading
    what: Literal["look", "read", "complete"]
    number: int = 0
    again: bool = False
    alone: bool = False


class Pool:
    """Worker processes for a run; a context manager. Leaving it early stops the workers at once.

    ``store`` keeps pages until their document is dropped from it; without one they are held in memory. ``grace``: see GRACE_SECONDS.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        workers: int | None = None,
        stages: Stages | None = None,
        store: PageStore | None = None,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self.settings = settings
        self.page_seconds = settings.processing.page_seconds + grace
        self.size = workers or settings.workers
        server = Server.with_edition(stages or process.STAGES, settings, store)
        self.workers: Workers[_Task] = Workers(server, self.size, memory=_memory(self.size))

    def __enter__(self) -> Pool:
        self.workers.prepare()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.workers.stop(at_once=kind is not None)

    def interrupt(self) -> None:
        """Have :meth:`run` end with :class:`dondoc.workers.Interrupted`; another thread may call it."""
        self.workers.interrupt()

    def run(self, paths: Sequence[Path], progress: Progress) -> Iterator[tuple[int, Outcome]]:
        """Process the files; gives the index of each with its result or its error, in the order in which they become ready."""
        closed = False
        try:
            yield from _Run(self, [_Reading(key, path) for key, path in enumerate(paths)], progress).results()
            closed = True
        finally:
            if not closed:
                self.workers.stop(at_once=True)


class _Run:
    """The bookkeeping of one :meth:`Pool.run`."""

    def __init__(self, pool: Pool, readings: list[_Reading], progress: Progress) -> None:
        self.pool = pool
        self.workers = pool.workers
        self.progress = progress
        self.unopened = deque(readings)
        self.open: list[_Reading] = []
        self.first: deque[_Task] = deque()  # before any new page
        self.read: deque[_Task] = deque()  # documents whose pages are all there
        self.alone: deque[_Task] = deque()  # once nothing else runs
        self.turn = 0
        self.losses = 0

    def results(self) -> Iterator[tuple[int, Outcome]]:
        while True:
            self._hand_out()
            ended = self.workers.wait()
            if not ended:
                return
            for job, answer in ended:
                yield from self._take(job.tag, answer)

    def _hand_out(self) -> None:
        while self.workers.free:
            running = self.workers.jobs
            if any(job.tag.alone for job in running) or (self.alone and running):
                return
            task = self.alone.popleft() if self.alone else self._next()
            if task is None:
                # What is left is to put together what others are reading: of 500 pages, that takes as much memory as all before.
                if len(running) == 1 and running[0].tag.what == "complete":
                    self.workers.dismiss()
                return
            if not task.reading.failed:
                self.workers.start(self._job(task))

    def _job(self, task: _Task) -> Job[_Task]:
        reading, seconds = task.reading, self.pool.page_seconds
        arguments: tuple[Any, ...]
        if reading.looked is None:
            arguments = (reading.path,)
        elif task.what == "read":
            careful = task.again or self.losses >= _CAREFUL_AFTER
            arguments = (reading.looked.info, task.number, reading.keep, careful)
        else:
            arguments = (reading.looked.info, reading.total, tuple(reading.held.values()))
            seconds += FINISH_SECONDS * reading.total
        return Job(task, task.what, arguments, seconds, large=task.what == "complete" and reading.total > _LONG)

    def _next(self) -> _Task | None:
        if self.first:
            return self.first.popleft()
        if self.read and (len(self.read) > _CROWD or self.workers.skilled("complete")):
            return self.read.popleft()
        waiting = [reading for reading in self.open if reading.waiting]
        looking = sum(reading.looked is None for reading in self.open)
        # So many documents are open that a few long ones cannot fill the pool before a short one behind them is seen.
        if self.unopened and len(waiting) + looking < 4 * self.pool.size:
            reading = self.unopened.popleft()
            self.open.append(reading)
            return _Task(reading, "look")
        if not waiting:
            return None
        # By turns the document that came first, so that a long one goes on, and the one with least left to read, which is soon done.
        self.turn += 1
        chosen = waiting[0] if self.turn % 2 else min(waiting, key=lambda reading: len(reading.waiting))
        return _Task(chosen, "read", chosen.waiting.popleft())

    def _take(self, task: _Task, answer: Any) -> Iterator[tuple[int, Outcome]]:
        reading = task.reading
        if reading.failed:
            return
        if isinstance(answer, Lost):
            yield from self._lost(task, answer)
        elif isinstance(answer, Failed) and task.what == "read":
            self._page_done(reading, _lost_page(task.number, f"lỗi ngoài dự kiến ({answer.reason})"))
        elif isinstance(answer, Failed):
            yield self._fail(reading, DondocError(f"lỗi ngoài dự kiến ({answer.reason}).", path=reading.path))
        elif isinstance(answer, DondocError):
            yield self._fail(reading, answer)
        elif isinstance(answer, Looked):
            self._opened(reading, answer)
        elif isinstance(answer, Missing):
            reading.keep = False  # whatever took them away may do so again
            reading.done -= len(answer.numbers)
            reading.waiting.extend(answer.numbers)
        elif task.what == "read":
            self._page_done(reading, answer)
        else:
            self.open.remove(reading)
            yield reading.key, answer

    def _opened(self, reading: _Reading, looked: Looked) -> None:
        reading.looked = looked
        reading.waiting = deque(number for number in range(1, looked.total + 1) if number not in looked.kept)
        self.progress.pages_found(reading.path, looked.total)
        if looked.kept:
            reading.done = len(looked.kept)
            self.progress.pages_done(reading.path, reading.done)
            self.progress.resumed(reading.path.name, reading.done, reading.waiting[0] if reading.waiting else None)
        self._complete_if_read(reading)

    def _page_done(self, reading: _Reading, page: Page | None) -> None:
        """A page was read and lies in the store, or is given here."""
        if page is not None:
            reading.held[page.number] = page
        reading.done += 1
        self.progress.pages_done(reading.path, 1)
        self._complete_if_read(reading)

    def _complete_if_read(self, reading: _Reading) -> None:
        if reading.done == reading.total:
            self.read.append(_Task(reading, "complete"))

    def _lost(self, task: _Task, lost: Lost) -> Iterator[tuple[int, Outcome]]:
        is_page = task.what == "read"
        self.losses += is_page
        if not task.again and (is_page or not lost.hung):
            # Alone, since it may have been the machine's memory that was too small for two. One that hung has memory enough.
            again = replace(task, again=True, alone=not lost.hung)
            (self.alone if again.alone else self.first).append(again)
        elif is_page:
            self._page_done(task.reading, _lost_page(task.number, _reason(lost)))
        else:
            remedy = "Hãy đóng bớt chương trình rồi thử lại, hoặc giảm «workers» trong dondoc.toml."
            yield self._fail(task.reading, OcrFailed(f"{_reason(lost)}.", path=task.reading.path, remedy=remedy))

    def _fail(self, reading: _Reading, error: DondocError) -> tuple[int, DondocError]:
        reading.failed = True
        self.progress.pages_done(reading.path, reading.total - reading.done)
        reading.waiting.clear()
        reading.held.clear()
        self.open.remove(reading)
        return reading.key, error


def _lost_page(number: int, reason: str) -> Page:
    return Page(number, (), "ocr", confidence=0.0, warnings=(f"{FAILED}: {reason}.",))


def _reason(lost: Lost) -> str:
    return "đọc quá lâu nên phải dừng" if lost.hung else "tiến trình đọc bị dừng đột ngột, có thể vì máy thiếu bộ nhớ"


def _memory(workers: int) -> int:
    """Bytes that one worker may ask for: its part of the machine, and never less than a page of 120 million pixels takes."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return int(min(4e9, max(2e9, 0.75 * machine / workers)))
