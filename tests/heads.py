"""The parts of an invented paper from which heads and feet are put together, and its reading."""

from __future__ import annotations

from collections.abc import Sequence

from extract import extract
from extract.directive import Header
from ingest.document import Document, Line, Page

UBND = ["ỦY BAN NHÂN DÂN", "TỈNH SÔNG LAM"]
PLAN = ["KẾ HOẠCH", "Rà soát hồ sơ tồn đọng năm 2025"]
MOTTO = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
DATED = "Sông Lam, ngày 14 tháng 10 năm 2025"
BODY = ["1. Sở Nội vụ chủ trì tham mưu phương án, hoàn thành trước ngày 30/11/2025.", "2. Sở Tài chính bố trí kinh phí thực hiện./."]
FOOT = ["Nơi nhận:", "- Như trên;", "- Lưu: VT, NC."]


def header(lines: Sequence[str]) -> Header:
    """The header of a paper whose lines were recognised one below the other, without boxes."""
    placed = tuple(Line(at, text, text, confidence=0.9) for at, text in enumerate(lines, 1))
    return extract(Document("paper", "0" * 64, "pdf", (Page(1, placed, "ocr"),))).header
