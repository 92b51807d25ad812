"""Where a claimed file ends: ``archive/``, or ``quarantine/`` with a reason beside it. Nothing is ever overwritten."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dondoc.inbox import Claim
from ingest.errors import DondocError

REASON_SUFFIX = ".reason.txt"

COPY_MARK = ".tra-cuu"
"""In the names of searchable copies: "bản tra cứu", the copy to look things up in."""

REMEDIES: dict[str, str] = {
    "file-access": "Kiểm tra tệp có tồn tại và có quyền đọc hay không, rồi đưa lại vào hộp đến.",
    "empty": "Quét hoặc chép lại tệp; tệp hiện không có nội dung.",
    "unsupported": "Chuyển văn bản sang PDF, ảnh (PNG, JPEG, TIFF) hoặc văn bản thuần rồi đưa lại vào hộp đến.",
    "damaged": "Chép lại tệp từ nơi gửi hoặc quét lại bản giấy.",
    "encrypted": "Mở tệp bằng mật khẩu, lưu thành bản không có mật khẩu rồi đưa lại vào hộp đến.",
    "too-large": "Quét lại ở 300 dpi, khổ A4 hoặc A3.",
    "no-text": "Kiểm tra bản quét có bị trắng, quá mờ hay không; quét lại ở 300 dpi.",
    "wrong-language": "Chỉ đưa vào văn bản tiếng Việt.",
    "ocr-failed": "Thử lại; nếu vẫn lỗi, quét lại ở 300 dpi và chạy «dondoc doctor».",
    "secret": "Chuyển tệp cho người được giao quản lý tài liệu mật và xóa khỏi máy này theo quy định. Nếu dấu chỉ độ mật do đọc nhầm, "
    "hoặc máy này được phép xử lý văn bản mật, hãy chạy lại lệnh với --allow-secret (hoặc đặt allow_secret = true trong dondoc.toml).",
    "missing-dependency": "Chạy «dondoc doctor» để biết cần cài gì, rồi đưa lại tệp vào hộp đến.",
    "error": "Thử lại; nếu vẫn lỗi, gửi tệp này và nội dung lý do cho người quản trị.",
}
"""What a clerk can do, for errors that bring no remedy of their own; a test checks that every kind for files is here."""


def archive(claim: Claim, root: Path, when: datetime) -> Path:
    """Move a file that was taken in to ``archive/YYYY/``, its subfolders kept; returns where it lies."""
    return _move(claim.path, reserve(root / f"{when:%Y}" / claim.name))


def put_in_quarantine(claim: Claim, error: DondocError, root: Path, when: datetime) -> Path:
    """Move a bad file to ``quarantine/`` and write why; returns the reason's path.

    A file that could not even be claimed has its reason there alone, under the name the file would have had.
    """
    target = reserve(root / claim.name, also=lambda path: not _reason_path(path).exists())
    where = target
    if claim.error is None:
        try:
            _move(claim.path, target)
        except OSError:
            where = claim.path  # unreadable and on another disk: it stays in the work folder
            _discard(target)
    else:
        where = claim.original
        _discard(target)
    reason = _reason_path(target)
    reason.write_text(reason_text(claim, error, where, when), encoding="utf-8")
    return reason


def reason_text(claim: Claim, error: DondocError, where: Path, when: datetime) -> str:
    """What stands in the file beside a file in quarantine."""
    page = f"Trang: {error.page}\n" if error.page is not None else ""
    return (
        f"Tệp: {claim.name}\n"
        f"Lấy từ: {claim.original}\n"
        f"Hiện nằm ở: {where}\n"
        f"{page}"
        f"Thời điểm: {when:%d/%m/%Y %H:%M:%S}\n"
        f"Loại lỗi: {error.kind} (mã {error.exit_code})\n"
        f"Lý do: {error.message}\n"
        f"Cách xử lý: {remedy(error)}\n"
    )


def remedy(error: DondocError) -> str:
    """What to do about ``error``."""
    return error.remedy or REMEDIES.get(error.kind, REMEDIES["error"])


def _reason_path(path: Path) -> Path:
    return path.with_name(path.name + REASON_SUFFIX)


def reserve(path: Path, also: Callable[[Path], bool] = lambda _: True) -> Path:
    """Make an empty file at ``path``, or at the same with « (2)», « (3)» … where something lies already; returns where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate, number = path, 1
    while True:
        if also(candidate):
            try:
                candidate.touch(exist_ok=False)
            except FileExistsError:
                pass
            else:
                return candidate
        number += 1
        candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")


def _move(source: Path, reserved: Path) -> Path:
    if source.is_dir():
        _discard(reserved)
        shutil.move(source, reserved)
        return reserved
    try:
        os.replace(source, reserved)  # noqa: PTH105 - the same call, kept beside the fallback that explains it
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # Archive and inbox on different disks: the copy is complete before the source goes.
        shutil.copy2(source, reserved)
        source.unlink()
    return reserved


def _discard(reserved: Path) -> None:
    reserved.unlink(missing_ok=True)
