"""Many documents at once: the pages of all of them share one pool of worker processes.

Three kinds of job run in workers: a look at the file (how many pages), the reading of one page, and what follows when all pages of a
document are there (restoration, extraction). This process only hands out and collects; it alone may write to a database.

A worker that dies (out of memory, a crash in a library) takes the whole pool with it and does not say on which job. The jobs that were
running then are run again alone, one at a time: the one that kills its worker a second time fails, the others come through.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from dondoc import process
from dondoc.process import Processed
from dondoc.settings import Settings
from ingest.document import Page
from ingest.errors import DondocError, OcrFailed

Outcome = Processed | DondocError


class Progress(Protocol):
    """Who wants to know how far the work is."""

    def pages_found(self, count: int) -> None:
        """A document with so many pages was opened."""

    def pages_done(self, count: int) -> None:
        """So many pages were read, or will not be read because their document failed."""


class Stages(Protocol):
    """The functions that run in workers; tests put their own in place of :mod:`dondoc.process`."""

    def look(self, path: Path, settings: Settings) -> tuple[Any, int]:
        """What is known of a file before reading it, and its number of pages."""

    def read_page(self, info: Any, number: int, settings: Settings) -> Page:
        """Page ``number``, counted from 1."""

    def complete(self, info: Any, pages: Sequence[Page], settings: Settings) -> Processed:
        """The document of these pages, restored and extracted."""


@dataclass(slots=True)
class _Reading:
    """A document on its way. ``running`` counts its jobs in workers, ``waiting`` holds page numbers not handed out yet."""

    key: int
    path: Path
    info: Any = None
    total: int = 0
    looked: bool = False
    waiting: deque[int] = field(default_factory=deque)
    pages: dict[int, Page] = field(default_factory=dict)
    running: int = 0
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _Job:
    """One job of a document: ``look``, ``complete``, or the page ``number``."""

    reading: _Reading
    what: str
    number: int = 0


class Pool:
    """Worker processes for a run; a context manager. Leaving it early stops the workers at once."""

    def __init__(self, settings: Settings, *, workers: int | None = None, stages: Stages | None = None) -> None:
        self.settings = settings
        self.workers = workers or settings.workers
        self._stages: Stages = stages or process.STAGES
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop(at_once=kind is not None)

    def run(self, paths: Sequence[Path], progress: Progress) -> Iterator[tuple[int, Outcome]]:
        """Process the files; gives the index of each with its result or its error, in the order in which they become ready."""
        closed = False
        try:
            yield from _Run(self, [_Reading(key, path) for key, path in enumerate(paths)], progress).results()
            closed = True
        finally:
            if not closed:
                self._stop(at_once=True)

    def submit(self, job: _Job) -> Future[Any]:
        """Hand a job to a worker."""
        if self._executor is None:
            # spawn: the parent has threads (progress bar) and an open database, which a fork would copy.
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_ignore_interrupt)
        stages, reading = self._stages, job.reading
        call: tuple[Callable[..., Any], tuple[Any, ...]]
        if job.what == "look":
            call = stages.look, (reading.path,)
        elif job.what == "page":
            call = stages.read_page, (reading.info, job.number)
        else:
            call = stages.complete, (reading.info, tuple(reading.pages[number] for number in sorted(reading.pages)))
        return self._executor.submit(_guarded, call[0], *call[1], self.settings)

    def renew(self) -> None:
        """Forget a pool that broke."""
        self._stop(at_once=True)

    def _stop(self, *, at_once: bool) -> None:
        executor, self._executor = self._executor, None
        if executor is None:
            return
        processes = list((getattr(executor, "_processes", None) or {}).values()) if at_once else []
        executor.shutdown(wait=not at_once, cancel_futures=True)
        for worker in processes:
            with contextlib.suppress(OSError, ValueError):
                worker.terminate()


class _Run:
    """The bookkeeping of one :meth:`Pool.run`."""

    def __init__(self, pool: Pool, readings: list[_Reading], progress: Progress) -> None:
        self.pool = pool
        self.progress = progress
        self.unopened = deque(readings)
        self.open: list[_Reading] = []
        self.again: deque[_Job] = deque()  # to be run alone: their worker died
        self.running: dict[Future[Any], _Job] = {}
        self.alone = False

    def results(self) -> Iterator[tuple[int, Outcome]]:
        while True:
            self._hand_out()
            if not self.running:
                return
            done, _ = wait(self.running, return_when=FIRST_COMPLETED)
            broken = False
            for future in done:
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    broken = True
                    continue
                job = self.running.pop(future)
                job.reading.running -= 1
                result: Any = error if error is not None else future.result()
                yield from self._take(job, result)
            if broken:
                yield from self._after_break()

    def _hand_out(self) -> None:
        if self.again:
            if not self.running:
                self.alone = True
                self._submit(self.again.popleft())
            return
        self.alone = False
        # Twice the workers: one job running and one lying ready for each, so that memory holds few pages.
        while len(self.running) < 2 * self.pool.workers:
            job = self._next()
            if job is None:
                return
            self._submit(job)
            if self.again:
                return

    def _submit(self, job: _Job) -> None:
        try:
            future = self.pool.submit(job)
        except BrokenProcessPool:
            self.again.append(job)  # a worker died between two looks; the running futures will say so
            return
        job.reading.running += 1
        self.running[future] = job

    def _next(self) -> _Job | None:
        for reading in self.open:
            if reading.waiting:
                return _Job(reading, "page", reading.waiting.popleft())
        if self.unopened and sum(bool(reading.waiting) or not reading.looked for reading in self.open) < self.pool.workers:
            reading = self.unopened.popleft()
            self.open.append(reading)
            return _Job(reading, "look")
        return None

    def _take(self, job: _Job, result: Any) -> Iterator[tuple[int, Outcome]]:
        reading = job.reading
        if reading.failed:
            return
        if isinstance(result, BaseException):
            yield self._fail(reading, _as_error(result, reading, job))
        elif job.what == "look":
            reading.info, reading.total = result
            reading.looked = True
            reading.waiting = deque(range(1, reading.total + 1))
            self.progress.pages_found(reading.total)
            if not reading.total:
                self._submit(_Job(reading, "complete"))
        elif job.what == "page":
            reading.pages[job.number] = result
            self.progress.pages_done(1)
            if len(reading.pages) == reading.total:
                self._submit(_Job(reading, "complete"))
        else:
            self.open.remove(reading)
            yield reading.key, result

    def _fail(self, reading: _Reading, error: DondocError) -> tuple[int, DondocError]:
        reading.failed = True
        self.progress.pages_done(reading.total - len(reading.pages))
        reading.waiting.clear()
        reading.pages.clear()
        self.open.remove(reading)
        return reading.key, error

    def _after_break(self) -> Iterator[tuple[int, Outcome]]:
        jobs = list(self.running.values())
        self.running.clear()
        self.pool.renew()
        for job in jobs:
            job.reading.running -= 1
        if self.alone and len(jobs) == 1:
            job = jobs[0]
            yield self._fail(job.reading, _died(job))
            self.again = deque(other for other in self.again if not other.reading.failed)
        else:
            self.again.extend(job for job in jobs if not job.reading.failed)


def _as_error(error: BaseException, reading: _Reading, job: _Job) -> DondocError:
    if isinstance(error, DondocError):
        return error
    page = job.number or None
    return DondocError(f"lỗi ngoài dự kiến ({type(error).__name__}: {error}).", path=reading.path, page=page)


def _died(job: _Job) -> DondocError:
    return OcrFailed(
        "tiến trình đọc bị dừng đột ngột, có thể vì máy thiếu bộ nhớ.",
        path=job.reading.path,
        page=job.number or None,
        remedy="Hãy đóng bớt chương trình rồi thử lại, hoặc giảm «workers» trong dondoc.toml.",
    )


def _guarded(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run in the worker; an exception that cannot be pickled would hang or break the pool, so it becomes one that can."""
    try:
        return function(*arguments)
    except DondocError:
        raise
    except Exception as error:
        raise DondocError(f"lỗi ngoài dự kiến ({type(error).__name__}: {error}).") from None


def _ignore_interrupt() -> None:
    # Ctrl-C goes to the whole terminal; the parent decides what becomes of the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
