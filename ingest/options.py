"""What a caller may choose when a file is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ingest import tesserocr_engine
from ingest.engine import Engine
from ingest.errors import UsageError
from ingest.tesseract import Tesseract

READING_DPI = 240
"""Finer scans are read at this resolution. The 16 good scans of the samples, made at 300 dpi, have after restoration .0011 of their body
text's signs wrong when read at 300 dpi, .0008 at 240, .0007 at 200, and take 3.8, 2.9 and 2.6 s a page (one run, a busy core); on six real
pages 62, 59 and 65 words were implausible. 240 keeps some room for small print."""

ENGINES: dict[str, Callable[[], Engine]] = {"pytesseract": Tesseract, "tesserocr": tesserocr_engine.InProcess}
"""Engines by the name that a settings file gives them; another engine needs its module and a line here."""


def engine_named(name: str) -> Engine:
    """The engine of that name; ``auto`` is tesserocr where it can run, else pytesseract. Raises UsageError."""
    if name == "auto":
        return default_engine()
    if name not in ENGINES:
        raise UsageError(f"không có bộ nhận dạng «{name}».", remedy=f"Các bộ nhận dạng: auto, {', '.join(sorted(ENGINES))}.")
    return ENGINES[name]()


def default_engine() -> Engine:
    """The fastest engine that this machine has."""
    return tesserocr_engine.InProcess() if tesserocr_engine.available() else Tesseract()


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Settings of one reading; picklable, the same for every page.

    ``dpi``: pixels per inch of the image the engine sees. ``languages``: Tesseract's notation ("vie", "vie+eng").
    ``page_timeout``: seconds that all recognition of one page may take together. ``max_pixels``: a picture with more is
    refused before it is decompressed, and a PDF page is rendered at a lower resolution or refused (A3 at 600 dpi has 70
    million). ``force_ocr``: recognise every page, whatever its text layer. ``deskew``, ``suppress_red``,
    ``suppress_blue``: page preparation.
    ``engine``: who recognises; must be picklable.
    """

    dpi: int = READING_DPI
    languages: str = "vie"
    page_timeout: float = 120.0
    max_pixels: int = 120_000_000
    force_ocr: bool = False
    deskew: bool = True
    suppress_red: bool = True
    suppress_blue: bool = True
    engine: Engine = field(default_factory=default_engine)
