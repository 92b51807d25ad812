"""The mark that opens an item: "I.", "1.", "1.2.", "a)", "(1)", "-", "+", "Điều 3.", "Thứ nhất,", "Một là,".

Nghị định 30/2020, Phụ lục I, numbers articles "Phần, Chương, Mục, Điều, 1., a)"; plans and directives use
"I. → 1. → a) → - → +". OCR adds its own: "l." and "Il." for "I." and "II.", a long dash or a bullet for "-".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

MarkKind = Literal["part", "chapter", "section", "article", "roman", "arabic", "ordinal", "letter", "paren", "dash", "plus"]

BULLETS = frozenset({"dash", "plus"})

# The Vietnamese alphabet of Nghị định 30/2020 has đ and neither f, j, w nor z; OCR and careless typists use all of them.
_LETTER = r"[a-zđ]"
# What OCR makes of a letter before a bracket: "ø)" for "g)", "ð)" for "đ)".
_DAMAGED_LETTER = r"[ø-ÿß-öœ¢€@&]"
ALPHABET = "abcdđeghiklmnopqrstuvxy"
"""The letters of items in order (Nghị định 30/2020, Phụ lục I)."""
_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})"
_UPPER = r"A-ZĐÀ-ÝĂẠ-ỸƠƯ"

_ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")
_COUNTED = ("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")

_PATTERNS: tuple[tuple[MarkKind, re.Pattern[str]], ...] = (
    ("part", re.compile(r"(?:PHẦN|Phần)\s+(?P<label>thứ \w+|[IVX]+|\d+)[.:]?(?:\s+|$)")),
    ("chapter", re.compile(r"(?:CHƯƠNG|Chương)\s+(?P<label>[IVX]+|\d+)[.:]?(?:\s+|$)")),
    ("section", re.compile(r"(?:MỤC|Mục)\s+(?P<label>\d+|[IVX]+)[.:](?:\s+|$)")),
    ("article", re.compile(r"(?:Điều|ĐIỀU)\s+(?P<label>\d+[a-zđ]?)\s*[.:]\s*")),
    ("ordinal", re.compile(rf"Thứ\s+(?P<label>{'|'.join(_ORDINALS)})\s*[,:.]\s+(?=\S)", re.IGNORECASE)),
    ("ordinal", re.compile(r"(?:Nhiệm vụ|NHIỆM VỤ|Nội dung|NỘI DUNG|Giải pháp|GIẢI PHÁP)\s+(?P<label>\d{1,2})\s*[:.]\s*(?=\S)")),
    ("ordinal", re.compile(rf"(?P<label>{'|'.join(_COUNTED)})\s+là\s*[,:.]\s*(?=\S)")),
    # Web pages and some scans leave the mark alone on its line.
    ("roman", re.compile(rf"(?P<label>{_ROMAN})\s*[.)]$")),
    ("arabic", re.compile(r"(?P<label>\d{1,2}(?:\.\d{1,2}){0,3})\s*[.)]$")),
    ("letter", re.compile(rf"(?P<label>{_LETTER})\s?\)$")),
    ("roman", re.compile(rf"(?P<label>{_ROMAN})\s*[.)/]\s*(?=[\"“({_UPPER}])")),
    ("roman", re.compile(rf"(?P<label>{_ROMAN})\s+[-–]\s+(?=[{_UPPER}])")),
    ("arabic", re.compile(r"(?P<label>\d{1,2}(?:\.\d{1,2}){1,3})\s*[.)]?\s+(?=\D)")),
    ("arabic", re.compile(rf"(?P<label>\d{{1,3}})\s*[.)]\s*(?=[\"“(\[{_UPPER}])")),
    ("arabic", re.compile(r"(?P<label>\d{1,3})\s*[.)]\s+(?=\S)")),
    ("arabic", re.compile(rf"(?P<label>\d{{1,2}})/\s+(?=[{_UPPER}])")),
    ("arabic", re.compile(rf"(?P<label>\d{{1,2}}),\s+(?=[{_UPPER}][^,;]{{3,}} )")),  # a full stop read as a comma
    ("letter", re.compile(rf"(?P<label>{_LETTER})\s?\)\s*(?=\S)")),
    ("letter", re.compile(rf"(?P<label>{_DAMAGED_LETTER})\s?\)\s*(?=[{_UPPER}])")),
    ("letter", re.compile(rf"(?P<label>{_LETTER})\.\s*(?=[{_UPPER}])")),
    ("letter", re.compile(rf"(?P<label>{_LETTER})/\s*(?=[{_UPPER}])")),
    ("paren", re.compile(rf"\((?P<label>\d{{1,2}}|[ivx]{{1,5}}|{_LETTER})\)\s*[.:]?\s*(?=\S)")),
    ("dash", re.compile(r"(?P<label>[-–—−•▪●◦*·])\s*(?=[^\s\d\-–—*])")),
    ("dash", re.compile(r"(?P<label>[-–—−•▪●◦*·])\s+(?=\d)")),
    ("plus", re.compile(r"(?P<label>\+)\s*(?=\S)")),
)

_BARE_NUMBER = re.compile(
    r"(?P<label>\d{1,2})\s+(?=(?:Giao|Yêu cầu|Đề nghị|Sở|Bộ|UBND|Ủy ban nhân dân|Công an|Cục|Chi cục|Văn phòng|Thanh tra|Các sở|Các Sở)\s)"
)
# "86", "S6" … for "Sở" behind a number whose point is lost: "1 86 Nội vụ rà soát …".
_MISREAD_OFFICE = re.compile(rf"(?P<label>\d{{1,2}})[.)]?\s+(?:86|S6|S0|8ở|S¢|S&)\s+(?=[{_UPPER}])")
# "l.", "Il.", "lI." stand for I, II where OCR read a serifed capital I as a small L; only before a capitalised heading.
_DAMAGED_ROMAN = re.compile(rf"(?P<label>[Il]{{1,3}}V?|[VX][IlỊÌÍ]{{1,3}})\s*\.\s*(?=[{_UPPER}]{{2}})")


@dataclass(frozen=True, slots=True)
class Mark:
    """``kind`` of mark and its ``label`` without punctuation ("1.2", "a", "i"); ``depth`` counts the numbers of "1.2.3".

    ``bare``: a number without its point, before the name of an office; it opens an item only behind a finished sentence.
    """

    kind: MarkKind
    label: str
    depth: int = 1
    bare: bool = False

    @property
    def step(self) -> str:
        """How the mark stands in a task's path."""
        if self.kind == "paren":
            return f"({self.label})"
        if self.kind == "article":
            return f"Điều {self.label}"
        return self.label


def split_mark(text: str) -> tuple[Mark | None, str]:
    """The mark at the beginning of ``text`` and what follows it; (None, text) when there is none."""
    stripped = text.strip().removeprefix("**").lstrip()
    if match := _DAMAGED_ROMAN.match(stripped):
        return Mark("roman", re.sub("[lỊÌÍ]", "I", match["label"])), stripped[match.end() :].strip()
    for kind, pattern in _PATTERNS:
        if match := pattern.match(stripped):
            label = match["label"]
            if kind == "dash":
                label = "-"
            elif kind == "ordinal" and not label.isdigit():
                names = _ORDINALS if label.lower() in _ORDINALS and label not in _COUNTED else _COUNTED
                label = str(names.index(label.lower() if names is _ORDINALS else label) + 1)
            return Mark(kind, label, label.count(".") + 1), stripped[match.end() :].strip()
    if match := _MISREAD_OFFICE.match(stripped):
        return Mark("arabic", match["label"], bare=True), f"Sở {stripped[match.end() :].strip()}"
    if match := _BARE_NUMBER.match(stripped):
        return Mark("arabic", match["label"], bare=True), stripped[match.end() :].strip()
    return None, text.strip()
