"""The archive copy: a PDF that looks like the original and holds the restored text behind the picture, to be searched and copied.

Pictures keep their bytes, pages their size, links and bookmarks stay. A digital signature holds for the original alone: its mark is still
to be seen on the copy, but the copy claims no signature.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, BinaryIO

import img2pdf
import pikepdf
from pikepdf import Array, Name

from dondoc import hiddentext, shelves
from dondoc.textlayer import add_layer, make_font, visible_box
from ingest.document import Document, Page
from ingest.errors import DamagedFile, DondocError, UnsupportedFile

log = logging.getLogger(__name__)

_ORIGINAL = "/OriginalSHA256"
"""Entry of the copy's document information that names what it was made from."""

_TURN_FROM = 0.6
"""Confidence from which on a page that was turned to be read is shown upright; below, a picture may have passed for turned text."""


def copy_name(path: Path) -> Path:
    """Where the copy of ``path`` lies: beside it, ``cv.tra-cuu.pdf`` for ``cv.pdf``, ``cv.jpg.tra-cuu.pdf`` for ``cv.jpg``."""
    return path.with_name((path.stem if path.suffix.lower() == ".pdf" else path.name) + shelves.COPY_MARK + ".pdf")


def original_of(path: Path) -> str | None:
    """The SHA-256 of the file that ``path`` is a copy of; None when it is no copy of ours."""
    try:
        with pikepdf.open(path) as pdf:
            return str(pdf.docinfo[_ORIGINAL]) if _ORIGINAL in pdf.docinfo else None
    except (pikepdf.PdfError, OSError):
        return None


def write_copy(source: Path, document: Document, out: BinaryIO) -> None:
    """Write the copy of ``source``, the file that ``document`` was read from, to ``out``.

    Pages whose own text is visible, or hidden but right, are as they were. Memory does not grow with the pictures of a PDF.

    :raises UnsupportedFile: it is a text file. DamagedFile: the PDF or picture cannot be rewritten, or is not the one that was read.
    """
    if document.kind == "text":
        message = "tệp văn bản thuần không có ảnh trang để làm bản tra cứu."
        raise UnsupportedFile(message, path=source, remedy="Chỉ làm bản tra cứu cho PDF và ảnh.")
    try:
        with _as_pdf(source, document) as pdf:
            if len(pdf.pages) != len(document.pages):
                raise DamagedFile(f"tệp có {len(pdf.pages)} trang, văn bản đã đọc có {len(document.pages)} trang.", path=source)
            font = make_font(pdf, document.pages)
            for target, page in zip(pdf.pages, document.pages, strict=True):
                _rewrite(pdf, target, page, font)
            _unsign(pdf)
            pdf.docinfo[_ORIGINAL] = document.sha256
            # Every stream stays packed as it is: images keep their bytes, and nothing is unpacked in memory.
            pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    except DondocError:
        raise
    except Exception as error:  # damaged files fail in as many ways as there are libraries
        log.debug("copy", exc_info=True)
        message = f"không làm được bản tra cứu ({type(error).__name__}: {error})."
        raise DamagedFile(message, path=source, remedy="Bản gốc vẫn nguyên vẹn.") from error


def write_beside(original: Path, document: Document) -> Path:
    """Write the copy of an archived file beside it; returns where it lies. Raises as :func:`write_copy`, or OSError."""
    target = shelves.reserve(copy_name(original))
    write_reserved(original, document, target)
    return target


def write_reserved(source: Path, document: Document, target: Path) -> None:
    """Write the copy to ``target``, an empty file of ours, which becomes the whole copy at once or is taken away."""
    part = target.with_name(target.name + ".part")
    try:
        with part.open("w+b") as out:
            write_copy(source, document, out)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise


def _rewrite(pdf: pikepdf.Pdf, target: Any, page: Page, font: Any) -> None:
    """One page: the hidden text goes, the restored text comes."""
    if not any(line.box or line.words for line in page.lines):
        return
    read = page.source == "ocr"
    if not read and all(line.text == line.raw for line in page.lines):
        return
    try:
        found = hiddentext.find(target, visible_box(target))
    except (pikepdf.PdfError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        log.warning("trang %d: không hiểu nội dung trang, lớp chữ cũ được giữ lại", page.number)
        found = None
    if not read and (found is None or found.visible):
        return
    if found is not None:
        hiddentext.take_out(pdf, found)
    add_layer(pdf, target, page, font)
    if page.rotation and page.confidence >= _TURN_FROM:
        target.rotation = (target.rotation + page.rotation) % 360


def _unsign(pdf: pikepdf.Pdf) -> None:
    """Take out what a viewer would report as a broken signature; the marks on the pages stay."""
    pdf.acroform.disable_digital_signatures()
    for page in pdf.pages:
        for mark in page.obj.get("/Annots", Array()):
            # A field that belongs to no form any more; Acrobat would not show it.
            if mark.get("/Subtype") == Name.Widget and not any(key in mark for key in ("/FT", "/Parent")):
                mark.Subtype = Name.Stamp
                if "/T" in mark:
                    del mark["/T"]
    for key in ("/Perms", "/DSS"):
        if key in pdf.Root:
            del pdf.Root[key]


@contextmanager
def _as_pdf(source: Path, document: Document) -> Iterator[pikepdf.Pdf]:
    """The file itself, or a PDF around its pictures."""
    if document.kind == "pdf":
        with pikepdf.open(source) as pdf:
            yield pdf
        return
    with NamedTemporaryFile(suffix=".pdf") as file:
        _wrap(source, document.pages, file)
        file.flush()
        with pikepdf.open(file.name) as pdf:
            yield pdf


def _wrap(source: Path, pages: Sequence[Page], out: IO[bytes]) -> None:
    """The pictures of a file, one a page, their bytes as they are where a PDF can hold them, else without loss."""
    sizes = iter(pages)

    def layout(width: int, height: int, _dpi: tuple[float, float]) -> tuple[float, float, float, float]:
        page = next(sizes)
        # Sizes of the page as it was read, which may have been turned; the longer side of the picture is that of the page.
        scale = min(max(page.width, page.height) / max(width, height), min(page.width, page.height) / min(width, height))
        return width * scale, height * scale, width * scale, height * scale

    img2pdf.convert(str(source), outputstream=out, layout_fun=layout, rotation=img2pdf.Rotation.ifvalid)
