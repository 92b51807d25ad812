"""Pictures of pages as a person sees them beside their tasks: drawn from the archived file, upright and level as it was read.

PDFium is not made for threads, and a damaged file may make it crash or loop: a worker process of its own draws, one page at a time, within
limits of time and memory. What it has drawn is kept on disk.
"""

# ruff: noqa: PLC0415 - the worker imports what draws; this process needs none of it
from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dondoc.workers import Job, Workers
from dondoc.workspace import Workspace
from ingest.errors import DamagedFile, DondocError

DPI = 110
"""A4 is 910 pixels wide: the width of half a screen of 1920, and print of 13 points stays readable when an office's screen shrinks it."""

LARGE_DPI = 200
"""For a closer look at bad print."""

FORMAT = "webp"
_EDITION = 1  # counts up when pages are drawn in another way, so that browsers ask anew
_QUALITY = 60
_SECONDS = 20.0
_MEMORY = 1_500_000_000
_MOST_PIXELS = 60_000_000
KEEP_BYTES = 1_000_000_000
"""Pictures past this are thrown away, those longest not drawn first; a page takes about 60 kB."""


@dataclass(frozen=True, slots=True)
class PageToDraw:
    """Page ``number`` of the file at ``path``; ``kind``, ``rotation`` and ``skew`` as it was read (:class:`ingest.document.Page`)."""

    path: Path
    sha256: str
    kind: str
    number: int
    rotation: int = 0
    skew: float = 0.0
    large: bool = False

    @property
    def tag(self) -> str:
        """Changes when the picture does."""
        dpi = LARGE_DPI if self.large else DPI
        return f"{self.sha256[:32]}-{self.number}-{dpi}-{self.rotation}-{self.skew:.2f}-{_EDITION}"


class Pictures:
    """Draws pages and keeps the pictures in the workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.folder = workspace.root / ".anh-trang"
        self._lock = threading.Lock()
        self._workers: Workers[None] | None = None
        self._drawn = 0
        self._stopped = False

    def picture(self, page: PageToDraw) -> Path:
        """Where the picture of a page lies, drawn now if it does not yet.

        :raises DamagedFile: the page cannot be drawn.
        """
        target = self.folder / page.sha256 / f"{page.tag}.{FORMAT}"
        if target.is_file():
            return target
        with self._lock:
            if target.is_file():
                return target
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._draw(page, target)
            self._drawn += 1
            if self._drawn % 500 == 1:
                self._tidy()
        return target

    def warm(self) -> None:
        """Have the worker come up while somebody still chooses a document: it takes a second or two. Returns at once."""
        if self._workers is None:
            threading.Thread(target=self._start, name="pictures", daemon=True).start()

    def _start(self) -> None:
        with self._lock:
            if self._workers is None and not self._stopped:
                self._run("warm")

    def stop(self) -> None:
        """End the worker."""
        with self._lock:
            self._stopped = True
            if self._workers is not None:
                self._workers.stop(at_once=True)
                self._workers = None

    def _draw(self, page: PageToDraw, target: Path) -> None:
        answer = self._run("draw", page, target)
        if isinstance(answer, DondocError):
            raise answer
        if answer is not True:
            raise DamagedFile("không vẽ được ảnh trang này.", path=page.path.name, page=page.number)

    def _run(self, what: str, *arguments: object) -> object:
        if self._workers is None:
            self._workers = Workers(_Drawer(), 1, memory=_MEMORY)
        self._workers.start(Job(None, what, arguments, _SECONDS))
        return self._workers.wait()[0][1]

    def _tidy(self) -> None:
        kept = 0
        documents = []
        for folder in self.folder.iterdir():
            with contextlib.suppress(OSError):
                size = sum(path.stat().st_size for path in folder.iterdir())
                documents.append((folder.stat().st_mtime, size, folder))
        for _, size, folder in sorted(documents, reverse=True):
            kept += size
            if kept > KEEP_BYTES:
                shutil.rmtree(folder, ignore_errors=True)


class _Drawer:
    """What the worker does."""

    def warm(self) -> bool:
        import cv2  # noqa: F401
        import pypdfium2  # noqa: F401
        from PIL import Image  # noqa: F401

        return True

    def draw(self, page: PageToDraw, target: Path) -> bool:
        from PIL import Image

        dpi = LARGE_DPI if page.large else DPI
        picture = _from_pdf(page, dpi) if page.kind == "pdf" else _from_image(page, dpi)
        picture = _upright(picture, page.rotation, page.skew)
        draft = target.with_name(f"{target.name}.{os.getpid()}.{time.monotonic_ns()}.tmp")
        try:
            Image.fromarray(picture).save(draft, format=FORMAT, quality=_QUALITY, method=2)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return True


def _from_pdf(page: PageToDraw, dpi: int) -> Any:
    """RGB, with the annotations: a person wants to see the stamps of digital signatures too."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(page.path)
        sheet = document[page.number - 1]
        width, height = sheet.get_size()
        scale = min(dpi / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        return sheet.render(scale=scale, rev_byteorder=True, force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGR).to_numpy()
    except pypdfium2.PdfiumError as error:
        raise DamagedFile("trang này hỏng, không vẽ được.", path=page.path.name, page=page.number) from error


def _from_image(page: PageToDraw, dpi: int) -> Any:
    import cv2

    from ingest.images import load_frame

    picture, own = load_frame(page.path, page.number, dpi, 2 * _MOST_PIXELS)
    return picture if own <= dpi else cv2.resize(picture, None, fx=dpi / own, fy=dpi / own, interpolation=cv2.INTER_AREA)


def _upright(picture: Any, rotation: int, skew: float) -> Any:
    import numpy as np

    from ingest.orientation import straightened, turned

    if not rotation and abs(skew) < 0.1:
        return np.ascontiguousarray(picture)
    return np.dstack([straightened(turned(np.ascontiguousarray(picture[..., at]), rotation), skew) for at in range(3)])
