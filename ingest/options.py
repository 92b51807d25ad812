"""What a caller may choose when a file is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.engine import Engine
from ingest.tesseract import Tesseract


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Settings of one reading; picklable, the same for every page.

    ``dpi``: pixels per inch of the image the engine sees. ``languages``: Tesseract's notation ("vie", "vie+eng").
    ``page_timeout``: seconds that all recognition of one page may take together. ``max_pixels``: a picture with more is
    refused before it is decompressed, and a PDF page is rendered at a lower resolution or refused (A3 at 600 dpi has 70
    million). ``force_ocr``: recognise every page, whatever its text layer. ``deskew``, ``suppress_red``: page preparation.
    ``engine``: who recognises; must be picklable.
    """

    dpi: int = 300
    languages: str = "vie"
    page_timeout: float = 120.0
    max_pixels: int = 120_000_000
    force_ocr: bool = False
    deskew: bool = True
    suppress_red: bool = True
    engine: Engine = field(default_factory=Tesseract)
