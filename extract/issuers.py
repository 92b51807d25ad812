"""Who issued a paper: the bodies in the left column of its head, from the parent down to the one whose number and seal it bears.

Nghị định 30/2020/NĐ-CP, Phụ lục I, box 2: the parent above, the issuer below it in bold; joint papers name several bodies with a dash
between. Works on folded text, since a head that bad OCR left may keep no diacritic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from extract import gazetteer
from extract.agencies import find_agencies
from extract.folding import fold, fold_with_offsets

_HEAD = re.compile(
    r"(?:uy ban(?! nhan dan$)|uy ban nhan dan|ubnd|hoi dong|hdnd|so|bo|tinh uy|thanh uy|huyen uy|quan uy|thi uy|dang uy|dang bo|dang doan|"
    r"ban can su|van phong|ban(?! nhan dan)|bch|bcd|cuc|tong cuc|chi cuc|vu|vien|truong|hoc vien|benh vien|trung tam|phong|tap doan|"
    r"tong cong ty|cong ty|ngan hang|bao hiem|kho bac|hoi|tong hoi|hiep hoi|lien doan|tong lien doan|lien hiep|lien minh|mat tran|doan|"
    r"tinh doan|thanh doan|huyen doan|trung uong|toa an|cong an|quan khu|thanh tra|chi nhanh|quoc hoi|chinh phu|thu tuong|chu tich|dai|"
    r"bao|quy|kiem toan|thue|hat|doi|tram|thuong truc)\b"
)
# One syllable may be the end of a name broken over two lines ("MÔI ⏎ TRƯỜNG"): it opens a body only with a name behind it.
_LONE_SYLLABLE = re.compile(r"^[a-z]+$")
_UNFINISHED = re.compile(r"(?:\b(?:va|cua|ve|chu tich|bo truong|giam doc|phong|chong|quan ly|xa|hoc|moi|noi|can|uy)|[,&])$")
# Bodies that stand behind their parent on one line when OCR glued the column.
_INNER = re.compile(
    r"(?<=\w)(?<!^uy) (?=(?:so (?!huu|hoa)|van phong(?:$| dang ky| dieu phoi)|thanh tra (?:tinh|thanh pho|huyen|so)|ban quan ly|"
    r"ban dan toc$|ban chi (?:huy|dao)|ban (?:to chuc|tuyen giao|noi chinh|dan van|thuong vu|thuong truc|phap che|kinh te|van hoa)|"
    r"uy ban kiem tra|tong cuc|(?<!tong )(?<!chi )cuc|"
    r"chi cuc|truong (?:dai hoc|cao dang|chinh tri|thpt|thcs|tieu hoc|mam non|trung)|benh vien|trung tam|kho bac nha nuoc|"
    r"phong (?:noi vu|tai chinh|tu phap|y te|giao duc|kinh te|van hoa|lao dong|nong nghiep|tai nguyen|quan ly|thanh tra))\b)"
)
_ABOVE_INNER = re.compile(r"(?:uy ban|ubnd|hdnd|hoi dong|bo|so|tinh uy|thanh uy|huyen uy|dang uy|ban chap hanh)\b")
_JOINT = re.compile(r"\s[-–]\s(?=\S)")
_LEVELS = {
    "tinh": "tỉnh", "thanh pho": "thành phố", "tp": "thành phố", "tp.": "thành phố", "huyen": "huyện", "thi xa": "thị xã", "quan": "quận",
    "xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "dac khu": "đặc khu", "khu vuc": "khu vực",
}  # fmt: skip
_PLACE = re.compile(
    r"\b(?P<level>tinh|thanh pho|tp\.?|huyen|thi xa|quan|xa|phuong|thi tran|dac khu|khu vuc) "
    r"(?!uy\b|doan\b|hoi\b|ly\b|tri\b|nhan\b)(?P<name>\w.*)$"
)
_COMMITTEES = ((re.compile(r"^(?:uy ban nhan dan|ubnd)\b"), "UBND"), (re.compile(r"^(?:hoi dong nhan dan|hdnd)\b"), "HĐND"))
_PARTY = {
    "tinh uy": "Tỉnh ủy",
    "thanh uy": "Thành ủy",
    "huyen uy": "Huyện ủy",
    "quan uy": "Quận ủy",
    "thi uy": "Thị ủy",
    "dang uy": "Đảng ủy",
}
# What has no name without its parent: offices, and the boards of committees, of the Party and of the Front.
_DEPENDENT = re.compile(
    r"^(?:van phong|thuong truc|uy ban kiem tra|co quan uy ban kiem tra|bch|"
    r"ban (?:to chuc|tuyen giao.*|noi chinh|dan van|kinh te.*|phap che|van hoa.*|do thi|dan toc|thuong truc|thuong vu|chap hanh))$"
)
_HAS_BOARDS = re.compile(
    r"(?:tinh|thanh|huyen|quan|thi|dang) uy|dang bo|hdnd|uy ban mttq|uy ban mat tran|ban chap hanh trung uong|.*\bdbqh|hoi |doan |dang doan"
)
_BOARD_OF_PLACE = re.compile(
    r"^(?P<board>Ban Chấp hành|Ban Thường vụ|BCH)(?: (?P<place>(?:tỉnh|thành phố|huyện|xã|phường) .+))?$", re.IGNORECASE
)
_ACRONYM = re.compile(
    r"^(?:THPT|THCS|TH|PTDTNT|PTDTBT|TNHH|MTV|UBND|HĐND|MTTQ|MTTQVN|ĐBQH|TNCS|BCH|BCĐ|PTNT|GD|GDTX|VNPT|EVN|KCN|TW|QLDA|ĐTXD|CTCP|BHXH|[IVX]+)$"
)
_COMPOUNDS = frozenset(
    tuple(pair.split())
    for pair in (
        "benh vien", "dang bo", "da khoa", "y hoc", "phap che", "kinh te", "cong nghiep", "dai hoc", "cao dang", "trung hoc",
        "tieu hoc", "mam non", "pho thong", "can bo", "chap hanh", "thien tai", "tim kiem", "cuu nan", "quan ly", "chi cuc", "chi huy",
        "chi dao", "trung tam", "cong ty", "co phan", "dau tu", "xay dung", "du an", "phat trien", "dich vu", "ky thuat", "van hoa",
        "xa hoi", "ngan sach",
    )
)  # fmt: skip
# What stands under its committee, whatever dash OCR sees before it.
_DEPARTMENT = re.compile(r"(?:so|phong|ban quan ly|trung tam|truong|thanh tra|van phong) ")
_SMALL = frozenset({"va", "cua", "ve", "cac", "tai", "thuoc", "voi"})
# A slip of one letter in the name of a province is mended from this length on; shorter names are too near to each other.
_MENDABLE = 7


@dataclass(frozen=True, slots=True)
class Issuers:
    """``issuer`` is the lowest body (of several, the first named), ``parent`` the one above it; ``joint`` are all of a joint paper."""

    issuer: str | None = None
    parent: str | None = None
    joint: tuple[str, ...] = ()


def read_issuers(column: Sequence[str], body: str = "") -> Issuers:
    """The issuer in the lines of the left column; ``body`` shows how names are written that no list holds."""
    rows = _bodies(column)
    if not rows:
        return Issuers()
    names: list[str] = []
    joint: list[str] = []
    for text, beside in rows:
        name = _named(text, body)
        if name is None:
            continue
        if beside and names:
            joint = [*(joint or names[-1:]), name]
        names.append(_under(name, names[-1]) if names and not beside else name)
    if not names:
        return Issuers()
    if joint:
        above = names[: len(names) - len(joint)]
        return Issuers(joint[0], above[-1] if above else None, tuple(joint))
    return Issuers(names[-1], names[-2] if len(names) > 1 else None)


def _bodies(column: Sequence[str]) -> list[tuple[str, bool]]:
    """The texts of the bodies, and whether each stands beside the one before it (joint papers) and not below."""
    found: list[tuple[str, bool]] = []
    dangling = False
    for line in column:
        for at, piece in enumerate(_JOINT.split(f" {line} ")):
            text = " ".join(piece.split())
            dashed = at > 0 or text[:1] in "-–" or dangling
            dangling = text[-1:] in {"-", "–"}
            text = text.strip(" -–.,;:*")
            if not text:
                continue
            if found and not _opens(text, found[-1][0]):
                glue = " - " if at > 0 else " "
                found[-1] = (f"{found[-1][0]}{glue}{text}", found[-1][1])
            else:
                below = (
                    bool(found) and _DEPARTMENT.match(fold(text)) is not None and fold(found[-1][0]).startswith(("ubnd", "uy ban nhan dan"))
                )
                found.append((text, dashed and bool(found) and not below and not fold(text).startswith("chi nhanh")))
    return [(part, beside and not at) for text, beside in found for at, part in enumerate(_inner(text))]


def _opens(text: str, before: str) -> bool:
    """Whether a line opens a body of its own behind the line ``before``."""
    folded = fold(text)
    if not _HEAD.match(folded) or _UNFINISHED.search(fold(before)):
        return False
    if gazetteer.load().find(f"{before} {text}") is not None:
        return False  # "ỦY BAN THƯỜNG VỤ ⏎ QUỐC HỘI"
    return not _LONE_SYLLABLE.match(folded) or folded in {"ubnd", "hdnd"}


def _inner(text: str) -> list[str]:
    """A body, or parent and body where OCR put both on one line."""
    folded = fold(text)
    if len(folded) != len(text) or not _ABOVE_INNER.match(folded):
        return [text]
    found = _INNER.search(folded)
    if found is None or folded[: found.start()] in {"so", "bo", *_PARTY}:
        return [text]
    return [text[: found.start()], *_inner(text[found.end() :])]


def _named(text: str, body: str) -> str | None:
    """The name of one body as it is filed; None when the text names none."""
    folded = fold(text)
    if folded.startswith("chu tich ") and (committee := _named(text.split(maxsplit=2)[2], body)) and committee.startswith(("UBND", "HĐND")):
        return f"Chủ tịch {committee}"  # who signs alone, not for the committee
    for pattern, short in _COMMITTEES:
        if match := pattern.match(folded):
            rest = text.split(maxsplit=len(match[0].split()))[len(match[0].split()) :]
            return f"{short} {_placed(rest[0])}" if rest else short
    for opening, name in _PARTY.items():
        if folded == opening or folded.startswith(opening + " "):
            rest = text.split(maxsplit=2)[2:]
            below = _named(rest[0], body) if rest and _HEAD.match(fold(rest[0])) and not _PLACE.match(fold(rest[0])) else None
            return f"{name} {below or _placed(rest[0])}" if rest else name
    if record := gazetteer.load().find(text):
        return record.name
    place = _PLACE.search(folded)
    if place is not None and len(folded) == len(text) and place.start():
        record = gazetteer.load().find(text[: place.start()])
        return f"{record.name if record else _cased(text[: place.start()].strip(), body)} {_placed(text[place.start() :])}"
    mention = next(iter(find_agencies(text)), None)
    if mention is not None and fold(mention.name).startswith("so ") and (mention.begin, mention.is_group) == (0, False):
        return " ".join(_title(word) for word in mention.name.split())
    return _cased(text, body) if _HEAD.match(folded) else None


def _placed(text: str) -> str:
    """Level and name of a place: "TỈNH QUẢNG NGÃI" → "tỉnh Quảng Ngãi"; a name without its level is put in its right spelling."""
    match = _PLACE.match(fold(text))
    level = _LEVELS[match["level"]] if match else ""
    name = text.split(maxsplit=len(match["level"].split()))[-1] if match else text
    right = (_leading_province(name) if level in {"", "tỉnh", "thành phố"} else None) or " ".join(_title(word) for word in name.split())
    return f"{level} {right}".strip()


def _leading_province(name: str) -> str | None:
    """The province that the name is or, where specks or the number ran into it, begins with."""
    words = name.split()
    whole = _province(name)
    if whole is not None or not re.search(r"[^\w\s-]|\d", name):
        return whole
    return next((found for size in range(len(words) - 1, 0, -1) if (found := _province(" ".join(words[:size]))) is not None), None)


def _province(name: str) -> str | None:
    found = gazetteer.load().province(name)
    if found is not None:
        return found.name
    key = fold(name)
    if len(key) < _MENDABLE:
        return None
    provinces = (place.name for place in gazetteer.load().places if place.level == "province")
    near = {name for name in provinces if Levenshtein.distance(fold(name), key, score_cutoff=1) < 2}
    return near.pop() if len(near) == 1 else None


def _under(name: str, parent: str) -> str:
    """A body that is known by its parent only, with the parent's name: "Văn phòng UBND tỉnh X", "Ban Pháp chế HĐND tỉnh X"."""
    if fold(parent).startswith(tuple(_PARTY)):
        name = name.removesuffix(" Tỉnh ủy")
    folded = fold(name)
    if folded.startswith("chi nhanh"):
        return f"{parent} - {name}"
    board = _BOARD_OF_PLACE.match(name)
    if board is not None:
        return f"{board['board']} {parent}" + (f" {board['place']}" if board["place"] else "")
    if folded != "van phong" and not (_DEPENDENT.match(folded) and _HAS_BOARDS.match(fold(parent))):
        return name
    return f"{name} Trung ương" if fold(parent) == "ban chap hanh trung uong" else f"{name} {parent}"


def _title(word: str) -> str:
    return word if _ACRONYM.match(word) or not word.isupper() else word[:1] + word[1:].lower()


def _cased(text: str, body: str) -> str:
    """A name in capitals as it is written in a sentence: as the body writes it, else by the names of the gazetteer."""
    if not text.isupper():
        return text
    folded = fold_with_offsets(body)
    at = folded.text.find(fold(text))
    while at >= 0:
        begin, end = folded.span(at, at + len(fold(text)))
        if body[begin:end][:1].isupper() and not body[begin:end].isupper():
            return body[begin:end]
        at = folded.text.find(fold(text), at + 1)
    words = text.split()
    keys = [fold(word) for word in words]
    small = _small_pairs() | _COMPOUNDS
    cased = [_title(words[0])]
    for (before, key), word in zip(pairwise(keys), words[1:], strict=True):
        cased.append(word.lower() if key in _SMALL or ((before, key) in small and not _ACRONYM.match(word)) else _title(word))
    return " ".join(cased)


@cache
def _small_pairs() -> frozenset[tuple[str, str]]:
    """Neighbouring words of which every agency name writes the second small ("Tổ chức", "Quản lý")."""
    small: set[tuple[str, str]] = set()
    capital: set[tuple[str, str]] = set()
    for agency in gazetteer.load().agencies:
        words = agency.name.split()
        for before, word in pairwise(words):
            (small if word[:1].islower() else capital).add((fold(before), fold(word)))
    return frozenset(small - capital)


def spelled(text: str) -> str:
    """A body or post printed in capitals as a sentence writes it ("ỦY BAN NHÂN DÂN" → "Ủy ban nhân dân", "GIÁM ĐỐC SỞ Y TẾ")."""
    words = _cased(" ".join(text.split()), "")
    for short, full in (("Ủy Ban Nhân Dân", "Ủy ban nhân dân"), ("Hội Đồng Nhân Dân", "Hội đồng nhân dân")):
        words = re.sub(short, full, words, flags=re.IGNORECASE)
    return words
