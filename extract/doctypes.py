"""The names of document types as they stand in the middle of a first page.

The 27 of the 29 types of Nghị định 30/2020/NĐ-CP, Điều 7, that carry their name (công văn and thư công carry none), and the
types of the Party, of normative documents and of conclusions that offices receive besides.
"""

from __future__ import annotations

import re

from extract.folding import fold

TITLES = (
    "Nghị quyết", "Quyết định", "Chỉ thị", "Quy chế", "Quy định", "Thông cáo", "Thông báo", "Hướng dẫn", "Chương trình",
    "Kế hoạch", "Phương án", "Đề án", "Dự án", "Báo cáo", "Biên bản", "Tờ trình", "Hợp đồng", "Công điện", "Bản ghi nhớ",
    "Bản thỏa thuận", "Giấy ủy quyền", "Giấy mời", "Giấy giới thiệu", "Giấy nghỉ phép", "Phiếu gửi", "Phiếu chuyển", "Phiếu báo",
    "Nghị định", "Thông tư", "Kết luận", "Luật", "Lệnh", "Pháp lệnh", "Quy trình", "Chương trình hành động", "Chiến lược",
)  # fmt: skip

_BY_FOLDED = {fold(title): title for title in TITLES}
_BY_SYMBOL = {
    "NQ": "Nghị quyết", "QĐ": "Quyết định", "QD": "Quyết định", "CT": "Chỉ thị", "QC": "Quy chế", "QyĐ": "Quy định", "TC": "Thông cáo",
    "TB": "Thông báo", "HD": "Hướng dẫn", "CTr": "Chương trình", "CTR": "Chương trình", "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án",
    "DA": "Dự án", "BC": "Báo cáo", "BB": "Biên bản", "TTr": "Tờ trình", "TTR": "Tờ trình", "CĐ": "Công điện", "GM": "Giấy mời",
    "KL": "Kết luận", "NĐ": "Nghị định", "TT": "Thông tư",
}  # fmt: skip


def type_of_line(text: str) -> str | None:
    """The document type that the line names: alone on it, or in capitals at its beginning."""
    folded = re.sub(r"[^a-z ]+", " ", fold(text)).strip()
    folded = " ".join(folded.split())
    if folded in _BY_FOLDED:
        return _BY_FOLDED[folded]
    letters = [c for c in text if c.isalpha()]
    if letters and all(c.isupper() for c in letters):
        for key, title in _BY_FOLDED.items():
            if folded.startswith(key + " "):
                return title
    return None


def type_of_number(number: str) -> str | None:
    """The type that a symbol names ("153/KH-UBND" → Kế hoạch); công văn have none: "822/UBND-NC" → Công văn."""
    match = re.match(r"^\d+[a-zđ]?\s*(?:/(?:\d{4}/)?|-)([A-ZĐa-zđ]+)", number)
    if match is None:
        return None
    return _BY_SYMBOL.get(match[1], "Công văn" if "/" in number and "-" in number and not re.match(r"^\d+/\d{4}/", number) else None)
