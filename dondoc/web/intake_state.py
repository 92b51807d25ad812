"""How the intake stands, told by its thread and asked by pages: a :class:`dondoc.intake.Report` behind a lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from dondoc.intake import Taken

KEPT = 60
"""So many results are remembered, the newest."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a file, and when."""

    at: datetime
    taken: Taken


@dataclass(frozen=True, slots=True)
class Standing:
    """The intake at one moment. ``reading``: names of files claimed and not done; ``pages`` counts those of files opened so far.

    ``done`` newest first. ``trouble``: why the last round failed, empty when it did not. ``running``: whether there is an intake at all.
    """

    running: bool
    reading: tuple[str, ...]
    pages_done: int
    pages: int
    done: tuple[Done, ...]
    trouble: str

    @property
    def busy(self) -> bool:
        """Whether files are being read."""
        return bool(self.reading)


class IntakeState:
    """Filled by one thread, read by many."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._reading: list[str] = []
        self._pages_done = 0
        self._pages = 0
        self._done: deque[Done] = deque(maxlen=KEPT)
        self._trouble = ""
        self._running = False

    def now(self) -> Standing:
        """How it stands."""
        with self._lock:
            done = tuple(reversed(self._done))
            return Standing(self._running, tuple(self._reading), self._pages_done, self._pages, done, self._trouble)

    def set_running(self, running: bool) -> None:
        """The intake begins or ends."""
        with self._lock:
            self._running = running

    def begin(self, names: Sequence[str]) -> None:
        """A round with these files begins."""
        with self._lock:
            self._reading = list(names)
            self._pages = self._pages_done = 0

    def end(self, trouble: str = "") -> None:
        """The round is over, whatever came of it."""
        with self._lock:
            self._reading = []
            self._trouble = trouble

    def pages_found(self, count: int) -> None:
        """So many more pages to read."""
        with self._lock:
            self._pages += count

    def pages_done(self, count: int) -> None:
        """So many pages fewer to read."""
        with self._lock:
            self._pages_done += count

    def resumed(self, name: str, kept: int, page: int | None) -> None:
        """Nothing to show: the pages kept are counted as done."""

    def file_done(self, taken: Taken) -> None:
        """A file has found its place."""
        with self._lock:
            if taken.name in self._reading:
                self._reading.remove(taken.name)
            self._done.append(Done(datetime.now(), taken))
