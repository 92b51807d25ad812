"""Files that are no workbook of ours are refused before anything is read from them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from ingest.errors import DondocError, UsageError
from tracking import Store, workbook_reading
from tracking.export_xlsx import HEADER_ROW
from tracking.importing import plan

SMALL = 2**20


def test_a_workbook_of_another_workspace(path: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "other.db") as other, pytest.raises(UsageError, match="không gian làm việc khác"):
        plan(other, path)


def _plain(path: Path) -> None:
    Workbook().save(path)


def _doctype(path: Path) -> None:
    _rewrite(path, "xl/workbook.xml", lambda data: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data)


def _doctype_utf16(path: Path) -> None:
    _rewrite(path, "xl/workbook.xml", lambda data: '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><x/>'.encode("utf-16"))


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/x.bin", "w", force_zip64=True) as part:
        part.write(b"\0" * 2 * SMALL)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-400])


def _garbled(path: Path) -> None:
    _rewrite(path, "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2])


def _rewrite(path: Path, name: str, act: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = act(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


def _without_headings(path: Path) -> None:
    workbook = load_workbook(path)
    workbook["Nhiệm vụ"].delete_rows(HEADER_ROW)
    workbook.save(path)


@pytest.mark.parametrize(
    ("spoil", "kind", "words"),
    [
        (lambda path: path.write_bytes(b""), "empty", "rỗng"),
        (lambda path: path.write_text("id,note\n1,x"), "unsupported", "không phải sổ tính"),
        (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600), "encrypted", "mật khẩu"),
        (lambda path: path.unlink(), "file-access", "không đọc được"),
        (_plain, "usage", "không có trang ẩn"),
        (_without_headings, "usage", "không thấy bảng"),
        (_doctype, "unsupported", "khai báo XML"),
        (_doctype_utf16, "unsupported", "khai báo XML"),
        (_bomb, "too-large", "quá lớn"),
        (_cut, "damaged", "hỏng"),
        (_garbled, "damaged", "hỏng"),
    ],
    ids=["empty", "csv", "password", "missing", "foreign", "no headings", "doctype", "doctype in UTF-16", "bomb", "cut off", "garbled"],
)
def test_files_that_are_no_good(
    store: Store, path: Path, spoil: Callable[[Path], object], kind: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_reading, "LARGEST_CONTENT", SMALL)
    spoil(path)
    with pytest.raises(DondocError, match=words) as caught:
        plan(store, path)
    assert caught.value.kind == kind
    assert str(path) in str(caught.value)
