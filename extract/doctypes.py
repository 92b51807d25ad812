"""The names of document types as they stand in the middle of a first page (Nghị định 30/2020/NĐ-CP, Điều 7)."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from extract.folding import fold
from extract.numbers import document_types

# Names that the table of numbers has no symbol for.
_OTHERS = {
    "thong bao ket luan": "Thông báo",
    "chuong trinh hanh dong": "Chương trình",
    "phu luc": "Phụ lục",
    "thong tri": "Thông tri",
    "noi quy": "Nội quy",
    "dieu le": "Điều lệ",
    "de cuong": "Đề cương",
    "lich cong tac": "Lịch công tác",
    "thu moi": "Giấy mời",
    "ke hoach lien nganh": "Kế hoạch",
}
# A line of an issuer's name: "SỞ ⏎ KẾ HOẠCH VÀ ĐẦU TƯ", "PHÒNG ⏎ KẾ HOẠCH - TÀI CHÍNH", "HỘI LUẬT GIA".
_PART_OF_A_NAME = re.compile(r"^(?:ke hoach (?:va |- )?(?:dau tu|tai chinh|tong hop)|luat (?:gia|su)|du an dau tu|quy hoach)\b")
# Of 100, for a name of at least so many letters alone on its line in capitals: "KẾ HOẠCIH", "CHỈ TIHỊ".
_LIKE = 90
_LONG_ENOUGH = 6


@cache
def _by_folded() -> dict[str, str]:
    """Folded name → type; công văn carry no type name, and "văn bản" is none."""
    kinds = [kind for kind in document_types() if kind.name not in {"Công văn", "Văn bản"}]
    names = {fold(name): kind.name for kind in kinds for name in kind.names}
    return _OTHERS | names | {fold(kind.name): kind.name for kind in kinds}


@cache
def _by_letters() -> dict[str, str]:
    """The same without blanks, for a type printed with spaced letters."""
    return {key.replace(" ", ""): title for key, title in _by_folded().items()}


def type_of_line(text: str) -> str | None:
    """The document type that the line names: alone on it (a letter may be damaged there), or in capitals at its beginning."""
    folded = " ".join(re.sub(r"[^a-z -]+", " ", fold(text)).split())
    if _PART_OF_A_NAME.match(folded):
        return None
    folded = " ".join(folded.replace("-", " ").split())
    if folded in _by_folded():
        return _by_folded()[folded]
    letters = [c for c in text if c.isalpha()]
    if not letters or not all(c.isupper() for c in letters):
        return None
    named = next((title for key, title in _by_folded().items() if folded.startswith(key + " ")), None)
    if named is not None:
        return named
    together = folded.replace(" ", "")
    if folded and all(len(word) == 1 for word in folded.split()):
        return _by_letters().get(together)
    if len(together) < _LONG_ENOUGH:
        return None
    near = process.extractOne(together, _by_letters().keys(), scorer=fuzz.ratio, score_cutoff=_LIKE)
    return _by_letters()[near[0]] if near else None
