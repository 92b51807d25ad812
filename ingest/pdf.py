"""PDF files: pages are counted, rendered and cut out by pypdfium2. Every page is closed at once, a document soon (memory)."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from ingest.engine import Colour
from ingest.errors import DamagedFile, EncryptedFile, PageTooLarge


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page without rendering it. Sizes in points; ``image_share`` (0 to 1) is the page's part under its largest
    image, ``image_pixels`` and ``image_dpi`` the size and resolution of that image; ``characters`` are those of the text layer;
    ``annotated``: it carries stamps, signatures or remarks as annotations.
    """

    width: float
    height: float
    image_share: float
    image_pixels: int
    image_dpi: int
    characters: int
    annotated: bool


_SIGNATURES = 50
"""More than these are not looked at; real files have up to seven."""

_USES = 60
"""How often an opened file is used before it is opened anew, for PDFium keeps each page's content as long as the file is open.

Measured on files of 500 pages, looked at, cut out and rendered (three uses a page): opened each time 24.3 s, kept open for good 8.4 s
and 180 to 460 MB more, opened every 60 uses 8.8 s and 8 to 32 MB.
"""

_uses = count()


@lru_cache(maxsize=2)
def _kept_open(path: Path, _state: tuple[int, ...], _turn: int) -> Any:
    return pypdfium2.PdfDocument(path)  # closes itself once nobody holds it


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The PDF at ``path``. Raises EncryptedFile or DamagedFile.

    This process keeps the last two files open: finding page n takes time in proportion to n each time a file is opened.
    """
    try:
        status = path.stat()
        state = (status.st_ino, status.st_size, status.st_mtime_ns)
        document = _kept_open(path, state, next(_uses) // _USES)
    except pypdfium2.PdfiumError as error:
        # PDFium's code may be left over from an earlier file: believe it only of a file that says it is encrypted.
        locked = getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        if locked and b"/Encrypt" in path.read_bytes():
            raise EncryptedFile(
                "Tệp PDF được bảo vệ bằng mật khẩu.",
                path=path,
                remedy="Hãy mở bằng mật khẩu, lưu thành bản không có mật khẩu rồi nộp lại.",
            ) from error
        message, remedy = "Tệp PDF hỏng hoặc không có trang nào, không mở được.", "Hãy xin lại bản gốc hoặc quét lại."
        raise DamagedFile(message, path=path, remedy=remedy) from error
    yield document


def count_pages(path: Path) -> int:
    """Number of pages. Raises DamagedFile when there is none or the file was cut off, EncryptedFile when it wants a password."""
    with path.open("rb") as file:
        file.seek(0, io.SEEK_END)
        file.seek(max(0, file.tell() - 4096))
        complete = b"%%EOF" in file.read()
    # PDFium repairs what it can, and so opens half a file without a word.
    if not complete:
        raise DamagedFile("Tệp PDF bị cắt cụt: thiếu phần cuối.", path=path, remedy="Hãy chép hoặc tải lại cho đủ tệp.")
    if _is_without_pages(path):
        raise DamagedFile("Tệp PDF không có trang nào.", path=path, remedy="Hãy xin lại bản gốc hoặc quét lại.")
    with opened(path) as document:
        return len(document)


def _is_without_pages(path: Path) -> bool:
    """Whether PDFium itself opens the file and counts no page; pypdfium2 reports such a file as damaged without saying why."""
    raw = pdfium.FPDF_LoadDocument(str(path).encode(), None)
    if not raw:
        return False
    try:
        return bool(pdfium.FPDF_GetPageCount(raw) == 0)
    finally:
        pdfium.FPDF_CloseDocument(raw)


def signed_on(path: Path) -> tuple[date, ...]:
    """The days on which the file was signed digitally, in Vietnam's time, in order; what a signature says of itself is not verified.

    A paper signed by hand is signed once more when it is scanned, on its day of issue or up to two days later (16 real files); one made
    on a computer by several people, the last of them on the day of issue; portals may sign it again.
    """
    with opened(path) as document:
        count = min(pdfium.FPDF_GetSignatureCount(document), _SIGNATURES)
        days = {_day_signed(pdfium.FPDF_GetSignatureObject(document, at)) for at in range(count)}
    return tuple(sorted(day for day in days if day is not None))


def _day_signed(signature: Any) -> date | None:
    size = pdfium.FPDFSignatureObj_GetTime(signature, None, 0)
    told = ctypes.create_string_buffer(min(size, 64))
    pdfium.FPDFSignatureObj_GetTime(signature, told, len(told))
    match = re.match(rb"D:(\d{14})(Z|[+-]00)?", told.value)
    try:
        when = datetime.strptime(match[1].decode(), "%Y%m%d%H%M%S") if match else None
    except ValueError:
        return None
    if when is None or match is None:
        return None
    return (when + timedelta(hours=7) if match[2] else when).date()


@contextmanager
def _page(document: Any, path: Path, number: int) -> Iterator[Any]:
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        message, remedy = "Trang này của tệp PDF hỏng, không đọc được.", "Hãy quét lại trang này."
        raise DamagedFile(message, path=path, page=number, remedy=remedy) from error
    with closing(page):
        yield page


def facts(path: Path, number: int) -> PageFacts:
    """Look at page ``number`` (from 1). Raises DamagedFile."""
    with opened(path) as document, _page(document, path, number) as page:
        width, height = page.get_size()
        share, pixels, dpi = 0.0, 0, 0
        for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
            left, bottom, right, top = image.get_bounds()
            covered = max(0.0, min(right, width) - max(left, 0)) * max(0.0, min(top, height) - max(bottom, 0)) / max(1.0, width * height)
            if covered >= share:
                across, down = image.get_px_size()
                share, pixels, dpi = min(1.0, covered), across * down, round(across * 72 / max(1.0, right - left))
        with closing(page.get_textpage()) as text:
            characters = text.count_chars()
        return PageFacts(width, height, share, pixels, dpi, characters, _is_annotated(page))


def _is_annotated(page: Any) -> bool:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(note) if note else pdfium.FPDF_ANNOT_LINK
        pdfium.FPDFPage_CloseAnnot(note)
        if kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
            return True
    return False


def cut_out(path: Path, number: int, *, annotations: bool) -> bytes:
    """Page ``number`` as a PDF of its own; ``annotations`` are drawn into it or left out."""
    with opened(path) as document, closing(pypdfium2.PdfDocument.new()) as single:
        single.import_pages(document, [number - 1])
        with _page(single, path, 1) as page:
            if annotations:
                pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
            else:
                while pdfium.FPDFPage_GetAnnotCount(page) and pdfium.FPDFPage_RemoveAnnot(page, 0):
                    pass
        out = io.BytesIO()
        single.save(out)
        return out.getvalue()


def render(path: Path, number: int, dpi: int, max_pixels: int) -> tuple[Colour, int]:
    """The picture of page ``number`` and its resolution, which is lower than ``dpi`` for a page of unusual size.

    Annotations are left out: on a scan they are signature data over the print. Raises PageTooLarge, DamagedFile.
    """
    with opened(path) as document, _page(document, path, number) as page:
        width, height = page.get_size()
        if width * height / 72**2 * dpi**2 > max_pixels:
            dpi = int((max_pixels / (width * height)) ** 0.5 * 72)
        if dpi < 70:
            raise PageTooLarge(
                f"Trang quá lớn ({width / 72 * 2.54:.0f} × {height / 72 * 2.54:.0f} cm).",
                path=path,
                page=number,
                remedy="Hãy quét lại ở khổ A4 hoặc A3.",
            )
        bitmap = page.render(scale=dpi / 72, draw_annots=False, rev_byteorder=True)
        with closing(bitmap):
            picture = np.asarray(bitmap.to_numpy())
            if picture.ndim == 2:
                picture = picture[..., None]
            if picture.shape[2] == 1:
                picture = np.repeat(picture, 3, axis=2)
            return np.ascontiguousarray(picture[..., :3], dtype=np.uint8), dpi
