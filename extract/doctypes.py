"""The names of document types as they stand in the middle of a first page (Nghị định 30/2020/NĐ-CP, Điều 7)."""

from __future__ import annotations

import re
from functools import cache

from extract.folding import fold
from extract.numbers import document_types


@cache
def _by_folded() -> dict[str, str]:
    """Folded name → type; công văn carry no type name, and "văn bản" is none."""
    names = {fold(kind.name): kind.name for kind in document_types() if kind.name not in {"Công văn", "Văn bản"}}
    return names | {"thong bao ket luan": "Thông báo", "chuong trinh hanh dong": "Chương trình"}


def type_of_line(text: str) -> str | None:
    """The document type that the line names: alone on it, or in capitals at its beginning."""
    folded = " ".join(re.sub(r"[^a-z ]+", " ", fold(text)).split())
    if folded in _by_folded():
        return _by_folded()[folded]
    letters = [c for c in text if c.isalpha()]
    if letters and all(c.isupper() for c in letters):
        return next((title for key, title in _by_folded().items() if folded.startswith(key + " ")), None)
    return None
