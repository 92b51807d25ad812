"""Scans made by hand: a page whose words are coloured bars, as a picture, in a PDF, and what programs read from the copy."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from dondoc.searchable import write_copy
from ingest.document import Document, Line, Page, Word

WIDTH, HEIGHT = 300, 400
LINES = ("Kính gửi: Sở Nội vụ", "báo cáo trước ngày 30/6/2025", "của Ủy ban nhân dân tỉnh Sông Lam")


def line_of(text: str, top: float, *, number: int = 1, raw: str | None = None, left: float = 30.0, cell: float = 0.0) -> Line:
    """A line whose words are 6 points a letter wide and 12 high, 5 points apart; ``raw`` words have the boxes, cells ``cell`` apart."""
    words, at = [], left
    for part in (raw or text).split("\t"):
        for word in part.split():
            words.append(Word(word, (at, top, at + 6 * len(word), top + 12), 0.9))
            at += 6 * len(word) + 5
        at += cell
    return Line(number, raw or text, text, (left, top, at, top + 12), tuple(words))


def page_of(*texts: str, number: int = 1, **changes: Any) -> Page:
    lines = tuple(line_of(text, 40 + 40 * index, number=index + 1) for index, text in enumerate(texts or LINES))
    return replace(Page(number, lines, "ocr", WIDTH, HEIGHT), **changes)


def document_of(*pages: Page, kind: Any = "pdf") -> Document:
    return Document("scan", "ab" * 32, kind, pages)


def colour(index: int) -> tuple[int, int, int]:
    return 30 + 20 * (index % 11), 40 + 50 * (index // 11), 200 - 9 * index


def picture_of(page: Page, scale: int = 4) -> Image.Image:
    """The sheet as it was scanned: each word a bar of its own colour, then tilted and turned so that reading would undo it."""
    sheet = Image.new("RGB", (int(page.width * scale), int(page.height * scale)), "white")
    draw = ImageDraw.Draw(sheet)
    for index, word in enumerate(word for line in page.lines for word in line.words):
        assert word.box
        draw.rectangle([side * scale for side in word.box], fill=colour(index))
    return sheet.rotate(page.skew, Image.Resampling.NEAREST, fillcolor="white").rotate(page.rotation, expand=True)


def pdf_of(
    pictures: Sequence[Image.Image],
    path: Path,
    *,
    rotate: int = 0,
    offset: tuple[float, float] = (0, 0),
    crop: float = 0,
    before: bytes = b"",
    after: bytes = b"",
    resources: Callable[[pikepdf.Pdf], dict[str, Any]] = lambda _: {},
) -> Path:
    """Scans as a PDF, 4 pixels a point; ``before`` and ``after`` are drawn before and after the picture of each page."""
    with pikepdf.new() as pdf:
        for picture in pictures:
            shown = picture.rotate(rotate, expand=True)
            stream = pdf.make_stream(
                shown.tobytes(),
                Subtype=Name.Image,
                Width=shown.width,
                Height=shown.height,
                ColorSpace=Name.DeviceRGB if shown.mode == "RGB" else Name.DeviceGray,
                BitsPerComponent=8,
            )
            x, y, width, height = *offset, shown.width / 4, shown.height / 4
            content = b"%s q %f 0 0 %f %f %f cm /Im Do Q %s" % (before, width, height, x, y, after)
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            entries = {"/XObject": Dictionary(Im=stream), "/Font": Dictionary(F1=font)}
            for key, value in resources(pdf).items():
                entries[key] = Dictionary({**dict(entries.get(key, Dictionary()).items()), **value})
            page = Dictionary(
                Type=Name.Page,
                MediaBox=Array([x - crop, y - crop, x + width + crop, y + height + crop]),
                Contents=pdf.make_stream(content),
                Resources=Dictionary(entries),
            )
            if crop:
                page.CropBox = Array([x, y, x + width, y + height])
            if rotate:
                page.Rotate = rotate
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        pdf.save(path)
    return path


def copy_of(source: Path, document: Document) -> bytes:
    out = io.BytesIO()
    write_copy(source, document, out)
    return out.getvalue()


def texts(copy: bytes) -> list[str]:
    """What PDFium copies from each page."""
    with pypdfium2.PdfDocument(copy) as pdf:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf]


def plumbed(copy: bytes, number: int = 0) -> list[dict[str, Any]]:
    with pdfplumber.open(io.BytesIO(copy)) as pdf:
        words: list[dict[str, Any]] = pdf.pages[number].extract_words(use_text_flow=True)
        return words


def image_bytes(file: Path | bytes) -> list[str]:
    with pikepdf.open(file if isinstance(file, Path) else io.BytesIO(file)) as pdf:
        return [hashlib.sha256(image.read_raw_bytes()).hexdigest() for page in pdf.pages for image in page.get_images().values()]


GARBLED = b"BT 3 Tr /F1 12 Tf 30 350 Td (CONG HOA XA H0I) Tj T* (cHu NGHiA) ' ET"
STAMP = b"BT 0 Tr /F1 9 Tf 200 20 Td (Ky boi: Van thu) Tj ET"


def form(pdf: pikepdf.Pdf, content: bytes, resources: dict[str, Any] | None = None) -> dict[str, Any]:
    font = Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    stream = pdf.make_stream(
        content, Subtype=Name.Form, BBox=Array([0, 0, WIDTH, HEIGHT]), Resources=Dictionary({"/Font": font, **(resources or {})})
    )
    return {"/Fm": pdf.make_indirect(stream)}
