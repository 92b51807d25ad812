"""A few worker processes, each with one job at a time, that can be ended one by one without losing what the others do.

``concurrent.futures`` gives up its whole pool when one worker dies, does not say on which job, and cannot end one that hangs: a library
that loops in C hears neither a timeout nor an exception. Here each worker has its own pipe, its own time limit and its own process
group, so that what it started (``tesseract``) ends with it; and all of them end when this process does, however that comes about.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, TypeVar

from ingest.errors import DondocError

Tag = TypeVar("Tag")

START_SECONDS = 60.0
"""A worker that has not begun by then never will; on a busy office machine the imports take a few seconds."""

JOBS_EACH = 200
"""After so many jobs a worker is replaced, whatever its libraries may have kept."""

_READY = "ready"


class Interrupted(Exception):
    """Another thread has asked to leave off (:meth:`Workers.interrupt`)."""


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of an answer: the worker died, or it was ended here because it ran over its time (``hung``)."""

    hung: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """In place of an answer: an exception that nobody had thought of, in words, since not every exception can be pickled."""

    reason: str


@dataclass(frozen=True, slots=True)
class Job(Generic[Tag]):
    """Call the server's method ``name`` with ``arguments``; it may take ``seconds``. ``tag`` stays here, to know the answer by.

    ``large``: it wants much memory, and so a worker that has loaded nothing for other jobs yet.
    """

    tag: Tag
    name: str
    arguments: tuple[Any, ...]
    seconds: float
    large: bool = False


@dataclass(slots=True)
class _Worker(Generic[Tag]):
    process: SpawnProcess
    pipe: Connection
    job: Job[Tag] | None = None
    deadline: float = 0.0
    started: bool = False
    jobs: int = 0
    done: set[str] = field(default_factory=set)


class Workers(Generic[Tag]):
    """At most ``count`` processes, started when there is a job for them, that call methods of ``server`` (picklable).

    ``memory``: bytes that one worker and each program that it starts may ask for; past that their allocations fail.
    """

    def __init__(self, server: object, count: int, *, memory: int) -> None:
        self._server = server
        self._count = count
        self._memory = memory
        self._workers: list[_Worker[Tag]] = []
        self._bell, self._ringer = multiprocessing.Pipe(duplex=False)

    @property
    def jobs(self) -> list[Job[Tag]]:
        """The jobs that run now."""
        return [worker.job for worker in self._workers if worker.job is not None]

    @property
    def processes(self) -> list[int]:
        """Their process ids."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    @property
    def free(self) -> bool:
        """Whether :meth:`start` may be called."""
        return len(self.jobs) < self._count

    def skilled(self, name: str) -> bool:
        """Whether a worker without a job has done such a job before and so has loaded what it takes, or none of them all has."""
        others = [worker for worker in self._workers if name in worker.done]
        return not others or any(worker.job is None for worker in others)

    def prepare(self) -> None:
        """Start a first worker, so that it has come up when there is a job for it."""
        if not self._workers:
            self._hire()

    def start(self, job: Job[Tag]) -> None:
        """Hand ``job`` to a worker without a job, if possible to one that has done such jobs."""
        waiting = [worker for worker in self._workers if worker.job is None]
        worker = max(waiting, key=lambda worker: job.name in worker.done, default=None)
        if worker is not None and (job.large or worker.jobs >= JOBS_EACH or connection.wait([worker.process.sentinel], 0)):
            self._end([worker], at_once=False)
            worker = None
        if worker is None:
            worker = self._hire()
        worker.job = job
        worker.jobs += 1
        if not job.large:  # that keeps it from others for long
            worker.done.add(job.name)
        worker.deadline = time.monotonic() + (job.seconds if worker.started else START_SECONDS)
        with contextlib.suppress(OSError):  # it died just now: wait() will notice
            worker.pipe.send((job.name, job.arguments, job.seconds))

    def wait(self) -> list[tuple[Job[Tag], Any]]:
        """Wait until at least one job has come to an end; each with its answer, a DondocError, :class:`Failed` or :class:`Lost`.

        :raises Interrupted: :meth:`interrupt` was called.
        """
        ended: list[tuple[Job[Tag], Any]] = []
        while not ended and (busy := [worker for worker in self._workers if worker.job is not None]):
            patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
            ready = connection.wait([self._bell, *(worker.pipe for worker in busy)], patience)
            if self._bell in ready:
                raise Interrupted
            now = time.monotonic()
            for worker in busy:
                if worker.pipe in ready:
                    ended += self._receive(worker, now)
                elif now >= worker.deadline:
                    ended.append(self._lose(worker, hung=True))
        return ended

    def interrupt(self) -> None:
        """End this or the next :meth:`wait`, and all after it; the only method that another thread may call."""
        self._ringer.send_bytes(b"1")

    def dismiss(self) -> None:
        """End the workers without a job: there will be none for them for a while, and what they have loaded takes memory."""
        self._end([worker for worker in self._workers if worker.job is None], at_once=False)

    def stop(self, *, at_once: bool) -> None:
        """End all workers: those that wait leave by themselves, unless ``at_once``; those that work are killed."""
        self._end(list(self._workers), at_once=at_once)

    def _hire(self) -> _Worker[Tag]:
        # spawn: this process has threads (progress bar) and an open database, which a fork would copy.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._server, self._memory), daemon=True)
        process.start()
        theirs.close()  # or its death would not show on ours
        worker: _Worker[Tag] = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _receive(self, worker: _Worker[Tag], now: float) -> list[tuple[Job[Tag], Any]]:
        assert worker.job is not None
        try:
            answer = worker.pipe.recv()
        except Exception:  # the pipe's end, or half an answer of one that was killed while it wrote
            return [self._lose(worker, hung=False)]
        if not worker.started and answer == _READY:
            worker.started = True
            worker.deadline = now + worker.job.seconds
            return []
        job, worker.job = worker.job, None
        return [(job, answer)]

    def _lose(self, worker: _Worker[Tag], *, hung: bool) -> tuple[Job[Tag], Lost]:
        assert worker.job is not None
        job = worker.job
        self._end([worker], at_once=True)
        return job, Lost(hung)

    def _end(self, workers: Sequence[_Worker[Tag]], *, at_once: bool) -> None:
        for worker in workers:
            self._workers.remove(worker)
            worker.pipe.close()  # one that waits for a job reads the end and leaves
            if at_once or worker.job is not None:
                _kill(worker.process)
        for worker in workers:
            connection.wait([worker.process.sentinel], 5)
            _kill(worker.process)  # it, should it not leave, and whatever it left in its group
            worker.process.join()
            worker.process.close()


def _kill(process: SpawnProcess) -> None:
    """Kill a worker and all that it started. Its id is its group's too, and is nobody else's until the worker is joined."""
    assert process.pid is not None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        process.kill()  # it has not come to make its group


def _work(pipe: Connection, server: object, memory: int) -> None:
    """What a worker does."""
    # A group of its own: Ctrl-C goes to the parent alone, which decides what becomes of the workers.
    os.setpgid(0, 0)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    with contextlib.suppress(OSError), open(os.devnull, "w") as nowhere:  # noqa: PTH123 - faulthandler wants a plain file
        os.dup2(nowhere.fileno(), 2)  # what libraries mutter of a page would run through the progress bar
        pipe.send(_READY)
        while True:
            try:
                name, arguments, seconds = pipe.recv()
            except EOFError:
                return
            # Should the parent be gone and the thread above stand still, held off by a library: this timer needs neither.
            faulthandler.dump_traceback_later(2 * seconds + START_SECONDS, exit=True, file=nowhere)
            answer = _answer(server, name, arguments)
            try:
                pipe.send(answer)
            except OSError:
                return
            except Exception as error:  # an answer that cannot be pickled
                pipe.send(Failed(f"{type(error).__name__}: {error}"))
            faulthandler.cancel_dump_traceback_later()


def _answer(server: object, name: str, arguments: tuple[Any, ...]) -> Any:
    try:
        return getattr(server, name)(*arguments)
    except DondocError as error:
        return error
    except MemoryError:
        os._exit(1)  # nothing more can be relied on here; the parent tries the job alone
    except Exception as error:
        return Failed(f"{type(error).__name__}: {error}")


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.killpg(0, signal.SIGKILL)
