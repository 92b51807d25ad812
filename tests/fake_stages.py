"""Stages for the worker pool that do what the file says: one word a line. Its own module, so that spawned workers can import it.

``pages N`` · ``damaged`` · ``bug`` · ``die`` (the worker dies) · ``slow``, and on page N, until it is read in the careful way:
``die-on`` · ``crash-on`` (SIGSEGV) · ``hang-on`` (deaf to everything, with a program that it started, its id in FILE.pid) · ``eat-on``
(memory) · ``bug-on`` · ``nonsense-on`` (answers what is no page); with ``always`` in the careful way too. ``log``: each reading of a page
is a line in FILE.log. ``who``: the id of the process that puts the document together goes to FILE.who. ``losing``: page 3 throws away the
pages kept in ``trang`` beside the file.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dondoc.process import Processed
from dondoc.settings import Settings
from extract.directive import Directive, Header, Span, Task
from ingest.document import Document, Line, Page
from ingest.errors import DamagedFile


@dataclass
class Counting:
    found: int = 0
    done: int = 0
    taken: list[Any] = field(default_factory=list)
    resumes: list[tuple[str, int, int | None]] = field(default_factory=list)

    def pages_found(self, path: Path, count: int) -> None:
        self.found += count

    def pages_done(self, path: Path, count: int) -> None:
        self.done += count

    def resumed(self, name: str, kept: int, page: int | None) -> None:
        self.resumes.append((name, kept, page))

    def file_done(self, taken: Any) -> None:
        self.taken.append(taken)


def write(folder: Path, scripts: dict[str, str]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, script in scripts.items():
        path = folder / name
        path.write_text(script, "utf-8")
        paths.append(path)
    return paths


@dataclass(frozen=True)
class Script:
    path: str
    words: dict[str, str]
    sha256: str


class FakeStages:
    def look(self, path: Path, settings: Settings) -> tuple[Script, int]:
        content = path.read_text("utf-8")
        words = dict((*line.split(), "")[:2] for line in content.splitlines() if line.strip())
        if "damaged" in words:
            raise DamagedFile("tệp hỏng.", path=path)
        if "bug" in words:
            raise ZeroDivisionError("lỗi lập trình")
        if "die" in words:
            os._exit(9)
        return Script(str(path), words, hashlib.sha256(content.encode()).hexdigest()), int(words.get("pages", 1))

    def edition(self, settings: Settings) -> str:
        return f"dpi-{settings.processing.dpi}"

    def read_page(self, info: Script, number: int, settings: Settings) -> Any:
        careful = settings == settings.careful
        if "log" in info.words:
            with Path(f"{info.path}.log").open("a") as log:
                log.write(f"{number}{' careful' if careful else ''}\n")
        if not careful or "always" in info.words:
            wanted = [what for what in _TROUBLE if info.words.get(f"{what}-on") == str(number)]
            if wanted:
                return _TROUBLE[wanted[0]](info)
        if "losing" in info.words and number == 3:
            shutil.rmtree(Path(info.path).with_name("trang"))
        if "slow" in info.words:
            time.sleep(0.2)
        return Page(number, (Line(1, f"trang {number}", f"trang {number}"),), "text")

    def complete(self, info: Script, pages: Sequence[Page], settings: Settings) -> Processed:
        document = Document(info.path, info.sha256, "text", tuple(pages))
        if "who" in info.words:
            Path(f"{info.path}.who").write_text(str(os.getpid()))
        task = Task("1", "Báo cáo kết quả.", Span(1, 1, 1), lead=("Sở Nội vụ",))
        return Processed(document, Directive(Header(number=info.words.get("number"), type="Công văn"), tasks=(task,)))


class UpdatedStages(FakeStages):
    """As when the program is updated while it runs: every process finds another state of it."""

    def edition(self, settings: Settings) -> str:
        return str(os.getpid())


def _hang(info: Script) -> None:
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    Path(f"{info.path}.pid").write_text(str(started.pid))
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP})
    ctypes.PyDLL(None).sleep(600)  # holds the interpreter's lock: no other thread of the worker runs


def _eat(info: Script) -> None:
    bytearray(1 << 40)


def _crash(info: Script) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


_TROUBLE: dict[str, Any] = {
    "die": lambda _: os._exit(9),
    "crash": _crash,
    "hang": _hang,
    "eat": _eat,
    "bug": lambda _: 1 // 0,
    "nonsense": lambda _: "một trang",
}
