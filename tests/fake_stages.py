"""Stages for the worker pool that do what the file says: one word a line. Its own module, so that spawned workers can import it.

``pages N`` · ``damaged`` · ``bug`` · ``die`` (the worker dies) · ``die-on N`` (on page N) · ``slow``
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dondoc.process import Processed
from dondoc.settings import Settings
from extract.directive import Directive, Header, Span, Task
from ingest.document import Document, Line, Page
from ingest.errors import DamagedFile


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

    def read_page(self, info: Script, number: int, settings: Settings) -> Page:
        if info.words.get("die-on") == str(number):
            os._exit(9)
        if "slow" in info.words:
            time.sleep(0.2)
        return Page(number, (Line(1, f"trang {number}", f"trang {number}"),), "text")

    def complete(self, info: Script, pages: Sequence[Page], settings: Settings) -> Processed:
        document = Document(info.path, info.sha256, "text", tuple(pages))
        task = Task("1", "Báo cáo kết quả.", Span(1, 1, 1), lead=("Sở Nội vụ",))
        return Processed(document, Directive(Header(number=info.words.get("number"), type="Công văn"), tasks=(task,)))
