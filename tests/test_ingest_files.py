"""What a file is and what is wrong with it; plain text."""

from __future__ import annotations

import io
import pickle
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_files import body_page, pdf_of, small_png
from PIL import Image

from ingest import inspect, read
from ingest.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    FileAccessError,
    NoText,
    PageTooLarge,
    UnsupportedFile,
)
from ingest.plaintext import decode, split_pages


def make_directory(folder: Path) -> Path:
    (folder / "x.pdf").mkdir()
    return folder / "x.pdf"


def written(name: str, data: bytes):
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def made(name: str, build):
    def make(folder: Path) -> Path:
        return written(name, build())(folder)

    return make


def bomb_png() -> bytes:
    """20 000 x 20 000 white pixels: 50 kB on disk, 400 MB once unpacked as grey."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000), 1).save(out, "PNG")
    return out.getvalue()


def truncated_pdf() -> bytes:
    whole = pdf_of(body_page, pages=3)
    return whole[: len(whole) * 6 // 10]


def encrypted_pdf() -> bytes:
    return pdf_of(body_page, encrypt="mat-khau")


def pageless_pdf() -> bytes:
    parts = [b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"]
    first, second = parts[0].index(b"1 0 obj"), parts[0].index(b"2 0 obj")
    xref = f"xref\n0 3\n0000000000 65535 f \n{first:010d} 00000 n \n{second:010d} 00000 n \n"
    return parts[0] + (xref + f"trailer<</Size 3/Root 1 0 R>>\nstartxref\n{len(parts[0])}\n%%EOF\n").encode()


BAD_FILES = [
    pytest.param(lambda folder: folder / "none.pdf", FileAccessError, "Không có tệp", id="missing"),
    pytest.param(make_directory, FileAccessError, "thư mục", id="directory-named-pdf"),
    pytest.param(written("a.pdf", b""), EmptyFile, "rỗng", id="empty"),
    pytest.param(written("a.txt", b" \n\t\n "), EmptyFile, "khoảng trắng", id="blank-text"),
    pytest.param(written("a.pdf", "Kính gửi: Sở Nội vụ\n".encode()), UnsupportedFile, "văn bản thuần", id="text-named-pdf"),
    pytest.param(written("a.png", b"\x00\x01\x02\xff\xfe" * 40), UnsupportedFile, "không phải ảnh", id="junk-named-png"),
    pytest.param(written("a.bin", b"\x00\x01\x02\xff\xfe\x07" * 40), UnsupportedFile, "Không phải PDF", id="junk"),
    pytest.param(written("a.docx", b"PK\x03\x04" + bytes(range(256))), UnsupportedFile, "Không phải PDF", id="word-file"),
    pytest.param(made("a.pdf", truncated_pdf), DamagedFile, "cắt cụt", id="truncated-pdf"),
    pytest.param(written("a.pdf", b"%PDF-1.7\n" + b"junk " * 100), DamagedFile, "cắt cụt", id="pdf-of-junk"),
    pytest.param(made("a.pdf", encrypted_pdf), EncryptedFile, "mật khẩu", id="encrypted"),
    pytest.param(made("a.pdf", pageless_pdf), DamagedFile, "không có trang", id="no-pages"),
    pytest.param(written("a.png", small_png()), NoText, "1 × 1", id="one-pixel"),
    pytest.param(written("a.png", small_png((400, 400))[:60]), DamagedFile, "ảnh hỏng", id="truncated-png"),
    pytest.param(made("a.png", bomb_png), PageTooLarge, "20000 × 20000", id="huge-picture"),
]


@pytest.mark.parametrize(("make", "error", "words"), BAD_FILES)
def test_a_bad_file_says_what_is_wrong_and_what_to_do(tmp_path, make, error, words):
    path = make(tmp_path)
    with pytest.raises(error) as caught:
        inspect(path)
    assert words in caught.value.message
    assert caught.value.path == str(path)
    assert caught.value.remedy
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again)) == (error, str(caught.value))


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # chmod would not stop root
    with pytest.raises(FileAccessError, match="quyền đọc"):
        inspect(path)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        pytest.param("scan.txt", pdf_of(body_page), "pdf", id="pdf-named-txt"),
        pytest.param("scan.pdf", small_png((300, 300)), "image", id="png-named-pdf"),
        pytest.param("scan", "Kính gửi: Sở Nội vụ".encode(), "text", id="text-without-ending"),
    ],
)
def test_content_decides_not_the_name(tmp_path, name, data, kind):
    (tmp_path / name).write_bytes(data)
    info = inspect(tmp_path / name)
    assert (info.kind, info.pages) == (kind, 1)


def test_the_same_bytes_are_the_same_document(tmp_path):
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"".join([pdf_of(body_page, invariant=1)]))
    assert inspect(tmp_path / "a.pdf").sha256 == inspect(tmp_path / "b.pdf").sha256


TEXT = "Kính gửi: Sở Nội vụ\n\nĐề nghị báo cáo trước ngày 30/6/2023."
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Letters with circumflex, breve or horn are one byte there, tones another."""
    out = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        out.append(letter + "".join(part for part in parts if part in TONES))
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="utf-8-bom"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16-bom"),
        pytest.param(TEXT.encode("utf-16-le"), id="utf-16-le-no-bom"),
        pytest.param(TEXT.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(windows_1258(TEXT), id="cp1258"),
    ],
)
def test_encodings(tmp_path, data):
    (tmp_path / "a.txt").write_bytes(data)
    page = read(tmp_path / "a.txt").pages[0]
    assert page.lines[0].text.startswith("Kính gửi: Sở")
    assert [line.number for line in page.lines] == [1, 2, 3]
    assert page.lines[1].text == ""
    assert page.source == "text"


def test_form_feeds_begin_pages_and_lines_are_numbered_anew(tmp_path):
    (tmp_path / "a.txt").write_text("Trang một\ndòng hai\n\fTrang hai\n\nhết")
    document = read(tmp_path / "a.txt")
    assert [[(line.number, line.text) for line in page.lines] for page in document.pages] == [
        [(1, "Trang một"), (2, "dòng hai"), (3, "")],
        [(1, "Trang hai"), (2, ""), (3, "hết")],
    ]


@given(st.text(alphabet=st.sampled_from("abđộế .-\t\n\f"), min_size=1))
def test_text_keeps_its_lines(text):
    pages = split_pages(decode(text.encode()) or "")
    assert "\f".join("\n".join(page.split("\n")) for page in pages).split("\n") == text.split("\n")


def test_tab_separated_lines_are_a_table(tmp_path):
    (tmp_path / "a.txt").write_text("PHỤ LỤC\nSTT\tNhiệm vụ\tChủ trì\n1\tRà soát\tSở Nội vụ\n2\tBáo cáo\tSở Tư pháp\nhết")
    page = read(tmp_path / "a.txt").pages[0]
    assert [(t.first, t.last, t.columns) for t in page.tables] == [(2, 4, 3)]
    assert page.lines[2].cells == ("1", "Rà soát", "Sở Nội vụ")
