"""How the intake stands, told by its thread and asked by pages: a :class:`dondoc.intake.Report` behind a lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
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
class Reading:
    """A file that was claimed and is not done. ``pages`` is 0 until it is opened; once all are read its tasks are looked for."""

    name: str
    pages: int = 0
    pages_done: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The intake at one moment. ``reading``: the files claimed and not done.

    ``done`` newest first. ``trouble``: why the last round failed, empty when it did not. ``running``: whether there is an intake at all.
    """

    running: bool
    reading: tuple[Reading, ...]
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
        self._reading: dict[Path, Reading] = {}
        self._done: deque[Done] = deque(maxlen=KEPT)
        self._trouble = ""
        self._running = False

    def now(self) -> Standing:
        """How it stands."""
        with self._lock:
            return Standing(self._running, tuple(self._reading.values()), tuple(reversed(self._done)), self._trouble)

    def set_running(self, running: bool) -> None:
        """The intake begins or ends."""
        with self._lock:
            self._running = running

    def begin(self, names: Mapping[Path, str]) -> None:
        """A round with these files begins: where they lie, and what they are called."""
        with self._lock:
            self._reading = {path: Reading(name) for path, name in names.items()}

    def end(self, trouble: str = "") -> None:
        """The round is over, whatever came of it."""
        with self._lock:
            self._reading = {}
            self._trouble = trouble

    def pages_found(self, path: Path, count: int) -> None:
        """The file was opened."""
        with self._lock:
            if path in self._reading:
                self._reading[path] = replace(self._reading[path], pages=count)

    def pages_done(self, path: Path, count: int) -> None:
        """So many more of its pages are read."""
        with self._lock:
            if (file := self._reading.get(path)) is not None:
                self._reading[path] = replace(file, pages_done=file.pages_done + count)

    def resumed(self, name: str, kept: int, page: int | None) -> None:
        """Nothing to show: the pages kept are counted as done."""

    def file_done(self, taken: Taken) -> None:
        """A file has found its place."""
        with self._lock:
            path = next((path for path, file in self._reading.items() if file.name == taken.name), None)
            self._reading.pop(path, None)  # type: ignore[arg-type]
            self._done.append(Done(datetime.now(), taken))
