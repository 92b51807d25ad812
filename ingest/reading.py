"""The way in: :func:`inspect` a file, :func:`read_page` its pages (anywhere), :func:`assemble` the document; or :func:`read`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ingest import images, pdf, plaintext
from ingest.cleaning import enlarged
from ingest.document import FAILED, Document, DocumentKind, Page
from ingest.errors import (
    DamagedFile,
    EmptyFile,
    FileAccessError,
    NoText,
    OcrFailed,
    PageTooLarge,
    UnsupportedFile,
    WrongLanguage,
)
from ingest.language import looks_vietnamese
from ingest.options import ReadOptions
from ingest.recognise import recognise

TOO_LARGE = "Trang quá lớn nên không đọc"
"""First words of the warning on a page over the pixel limit."""

_RESCAN = "Hãy quét lại văn bản ở 300 dpi, ngay ngắn, đủ sáng."


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file that can be read: ``kind`` by its content, ``pages`` counted, ``sha256`` in hex, ``signed_on`` as in ``Document``."""

    path: str
    sha256: str
    kind: DocumentKind
    pages: int
    signed_on: tuple[date, ...] = ()


def inspect(path: Path | str, options: ReadOptions | None = None) -> FileInfo:
    """Find out what ``path`` is, by its content and never by its name, without reading its pages.

    Raises FileAccessError, EmptyFile, UnsupportedFile, DamagedFile, EncryptedFile, PageTooLarge or NoText.
    """
    options = options or ReadOptions()
    path = Path(path)
    digest, head = _digest(path)
    kind = _kind(path, head)
    if kind == "pdf":
        pages = pdf.count_pages(path)
    elif kind == "image":
        pages = images.count_frames(path, options.max_pixels)
    else:
        text = _text(path)
        if not text.strip():
            raise EmptyFile("Tệp chỉ có khoảng trắng.", path=path, remedy="Hãy kiểm tra lại tệp nguồn.")
        pages = len(plaintext.split_pages(text))
    return FileInfo(str(path), digest, kind, pages, pdf.signed_on(path) if kind == "pdf" else ())


def _digest(path: Path) -> tuple[str, bytes]:
    """SHA-256 of the file and its first 4096 bytes."""
    try:
        if path.is_dir():
            raise FileAccessError("Đây là thư mục, không phải tệp.", path=path, remedy="Hãy chỉ ra tệp PDF, ảnh hoặc văn bản bên trong.")
        if path.exists() and not path.is_file():
            raise FileAccessError("Đây không phải tệp thường.", path=path, remedy="Hãy chỉ ra tệp PDF, ảnh hoặc văn bản.")
        state = hashlib.sha256()
        with path.open("rb") as file:
            head = file.read(4096)
            state.update(head)
            while block := file.read(1 << 20):
                state.update(block)
    except FileNotFoundError as error:
        raise FileAccessError("Không có tệp này.", path=path, remedy="Hãy kiểm tra lại đường dẫn.") from error
    except PermissionError as error:
        remedy = "Hãy cấp quyền đọc (chmod +r) hoặc nhờ quản trị máy."
        raise FileAccessError("Không có quyền đọc tệp này.", path=path, remedy=remedy) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if not head:
        raise EmptyFile("Tệp rỗng, không có byte nào.", path=path, remedy="Hãy chép hoặc quét lại.")
    return state.hexdigest(), head


_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def _kind(path: Path, head: bytes) -> DocumentKind:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    bitmap = head.startswith(b"BM") and b"\x00" in head[:64]
    if head.startswith(_PICTURES) or bitmap or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    name = path.suffix.lower()
    if name in (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"):
        what = "PDF" if name == ".pdf" else "ảnh"
        inside = "văn bản thuần" if plaintext.decode(path.read_bytes()) is not None else "loại không nhận ra"
        raise UnsupportedFile(
            f"Tên tệp là {name} nhưng nội dung không phải {what} (nội dung là {inside}).",
            path=path,
            remedy="Hãy kiểm tra lại tệp; nếu là văn bản thuần, đổi đuôi tên thành .txt.",
        )
    if plaintext.decode(path.read_bytes()) is not None:
        return "text"
    hint = "Hãy lưu thành PDF rồi nộp lại."
    raise UnsupportedFile("Không phải PDF, ảnh (PNG, JPEG, TIFF) hay văn bản thuần.", path=path, remedy=hint)


def _text(path: Path) -> str:
    text = plaintext.decode(path.read_bytes())
    if text is None:
        raise UnsupportedFile("Không đọc được tệp như văn bản thuần.", path=path, remedy="Hãy lưu tệp theo mã UTF-8.")
    return text


def read_page(info: FileInfo, number: int, options: ReadOptions | None = None) -> Page:
    """Page ``number`` (from 1) of ``info``. Opens and closes the file itself, so that it can run in any process.

    A page that cannot be read comes back without lines and with a warning; only MissingDependency and FileAccessError are raised.
    """
    options = options or ReadOptions()
    path = Path(info.path)
    try:
        if info.kind == "text":
            return plaintext.read_text_page(_text(path), number)
        if info.kind == "image":
            picture, dpi = images.load_frame(path, number, options.dpi, options.max_pixels)
            return recognise(picture, number, dpi, options)
        return _read_pdf_page(path, number, options)
    except PageTooLarge as error:
        return Page(number, (), "ocr", confidence=0.0, warnings=(f"{TOO_LARGE}: {error.message}",))
    except (DamagedFile, NoText) as error:
        return Page(number, (), "ocr", confidence=0.0, warnings=(f"{FAILED}: {error.message}",))
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> FileAccessError:
    remedy = "Hãy kiểm tra ổ đĩa hoặc kết nối mạng."
    return FileAccessError(f"Không đọc được tệp ({error.strerror or error}).", path=path, remedy=remedy)


def _read_pdf_page(path: Path, number: int, options: ReadOptions) -> Page:
    facts = pdf.facts(path, number)
    layer_page: Page | None = None
    reason = ""
    if facts.characters and not options.force_ocr:
        from ingest import textlayer  # noqa: PLC0415 - pdfplumber takes a third of a second to import, and most scans have no text

        try:
            layer = textlayer.load_layer(
                pdf.cut_out(path, number, annotations=False), pdf.cut_out(path, number, annotations=True) if facts.annotated else None
            )
        except Exception as error:  # pdfminer raises whatever a broken font or stream makes it stumble over
            reason = f"lớp chữ không đọc được ({type(error).__name__})"
        else:
            verdict = textlayer.judge(layer.text, facts.image_share)
            layer_page = textlayer.layer_to_page(layer, number)
            if verdict.usable:
                return layer_page
            reason = verdict.reason
    if facts.image_pixels > options.max_pixels:
        raise PageTooLarge(f"Ảnh trên trang có {facts.image_pixels // 1_000_000} triệu điểm ảnh.", path=path, page=number)
    # A coarse scan is rendered at its own resolution, since PDFium enlarges coarsely.
    scanned = facts.image_share > 0.8 and 70 <= facts.image_dpi < options.dpi
    picture, dpi = pdf.render(path, number, facts.image_dpi if scanned else options.dpi, options.max_pixels)
    picture, dpi = enlarged(picture, dpi)
    page = recognise(picture, number, dpi, options)
    if layer_page is not None and _better(layer_page, page):
        return replace(layer_page, warnings=(*page.warnings, f"Trang này dùng lớp chữ có sẵn dù {reason}."))
    if reason and page.lines and layer_page is not None and layer_page.lines:
        return replace(page, warnings=(*page.warnings, f"Đã nhận dạng lại trang này: {reason}."))
    return page


def _better(layer: Page, read: Page) -> bool:
    from ingest.textlayer import score  # noqa: PLC0415 - as above

    return score(layer.text) > score(read.text) + 0.05 and len(layer.text) > 0.7 * len(read.text)


def assemble(info: FileInfo, pages: Iterable[Page]) -> Document:
    """The document of all its pages, in order.

    Raises OcrFailed when every page was lost by the engine, PageTooLarge when all were too large, NoText when there is no
    text, WrongLanguage when there is text but no Vietnamese.
    """
    ordered = tuple(sorted(pages, key=lambda page: page.number))
    path = info.path
    text = "\n".join(page.text for page in ordered)
    if not text.strip():
        _raise_no_text(info, ordered)
    if not looks_vietnamese(text):
        raise WrongLanguage("Văn bản không phải tiếng Việt.", path=path, remedy="Phần mềm chỉ xử lý văn bản hành chính tiếng Việt.")
    lost = [page.number for page in ordered if any(note.startswith((FAILED, TOO_LARGE)) for note in page.warnings)]
    warnings = [f"Không đọc được {len(lost)} trên {info.pages} trang: {', '.join(map(str, lost))}."] if lost else []
    low = [page.number for page in ordered if page.source == "ocr" and page.lines and page.confidence < 0.6]
    if low:
        warnings.append(f"Chữ mờ hoặc khó đọc ở trang {', '.join(map(str, low))}: cần người xem lại.")
    return Document(path, info.sha256, info.kind, ordered, tuple(warnings), info.signed_on)


def _raise_no_text(info: FileInfo, pages: tuple[Page, ...]) -> None:
    notes = [note for page in pages for note in page.warnings]
    if notes and all(any(note.startswith(TOO_LARGE) for note in page.warnings) for page in pages):
        raise PageTooLarge(notes[0], path=info.path, remedy=_RESCAN)
    if any(note.startswith(FAILED) for note in notes):
        raise OcrFailed(next(note for note in notes if note.startswith(FAILED)), path=info.path, remedy=_RESCAN)
    raise NoText("Không tìm thấy chữ nào trên các trang.", path=info.path, remedy=_RESCAN)


def read(path: Path | str, options: ReadOptions | None = None, progress: Callable[[int, int], None] | None = None) -> Document:
    """Read a whole file in this process. ``progress`` is called with (pages done, pages) after each page. Raises as its three steps do."""
    options = options or ReadOptions()
    info = inspect(path, options)
    pages = []
    for number in range(1, info.pages + 1):
        pages.append(read_page(info, number, options))
        if progress:
            progress(number, info.pages)
    return assemble(info, pages)
