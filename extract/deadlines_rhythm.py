"""Rhythms without a date: "định kỳ hằng quý", "6 tháng một lần", "thường xuyên".

Comes in: folded text and the original beside it. Goes out: :class:`Rhythm`; those that only qualify a noun ("kế hoạch hằng năm",
"chi thường xuyên", "giáo dục thường xuyên") are marked as not setting the pace of the ordered work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.directive import Recurrence

_UNIT: dict[str, Recurrence] = {
    "ngay": "daily", "tuan": "weekly", "thang": "monthly", "quy": "quarterly", "qui": "quarterly", "nam": "yearly",
}  # fmt: skip
_SPELLED = {"mot": 1, "hai": 2, "ba": 3, "sau": 6, "chin": 9}
_EVERY_MONTHS: dict[int, Recurrence] = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly", 24: "biennial"}

_PERIODIC = r"(?:(?:bao\ cao\ )?(?:theo\ )?dinh\ ky,?\ )"  # blanks escaped for the verbose pattern
_RHYTHM = re.compile(
    rf"""(?<![0-9a-z/])(?:
      (?P<periodic>{_PERIODIC}(?:vao\ )?)?(?P<every>hang|moi)\ (?P<unit>ngay|tuan|thang|qu[yi]|nam)\b(?!\ [12][0-9]{{3}})(?:\ (?:mot|1|01)\ lan)?
    | (?P<period>{_PERIODIC}|hang\ |moi\ )\(?(?P<n>[0-9]{{1,2}}|mot|hai|ba|sau|chin)\ (?P<nunit>ngay|tuan|thang|qu[yi]|nam)\b(?!\ (?:dau|cuoi))(?:\ ?(?:/|mot|1|01)\ ?lan)?
    | (?P<m>[0-9]{{1,2}}|mot|hai|ba|sau|chin)\ (?P<munit>ngay|tuan|thang|qu[yi]|nam)\ ?(?:/|mot|1|01)\ ?(?:mot\ )?lan
    | (?P<bare>{_PERIODIC})(?P<bunit>thang|qu[yi]|nam)\b(?!\ [0-9iv])
    | (?P<always>thuong\ xuyen)
    )""",
    re.VERBOSE,
)
# "hàng" is also a word for goods and for rows: ngân hàng, khách hàng, bán hàng, mặt hàng …
_GOODS = re.compile(r"\b(?:ngan|khach|mat|ban|nha|don|cua|giao|lo|nhap|xuat|mua|kho|dat|tien|theo|cac|ton|cung|xep|thu|diem) $")
_NOUN_BEFORE = re.compile(
    r"\b(?:ke hoach|chuong trinh|du toan|ngan sach|chi tieu|ngay|chi phi|chi|kinh phi|nguon|von|bao cao tai chinh|quy hoach|muc tieu|"
    r"giao duc|hoat dong|nhiem vu|dau tu|dau tu cong|khong|che do|hoi nghi|cong viec|cong tac|ty le|chi so|to chuc|phat trien|luong|tang truong|"
    r"dien bien|the thao|cu tru|luyen tap|co quan|du an|thong ke|danh muc|cuoc hop|phien hop|trung binh|binh quan|vao|de an|thi dua|le|"
    r"xet|quyet toan|nhu cau|bien che|san luong|giai|ky|lich|thu chi|da|duoc|co the|van|luon|dau|cuoi|giua) $"
)
_DATA_AFTER = re.compile(r" (?:tinh tu|tinh den|tu ngay|cua)\b")
_REPORTS_BEFORE = re.compile(
    r"\b(?:bao cao|tong hop|ra soat|kiem tra|danh gia|giao ban|hop|cap nhat|cong bo|to chuc|thuc hien|theo doi|gui|ve|so ket|tong ket|"
    r"thong ke|phan anh|ket qua|tinh hinh|tien do|cong khai|lap|xay dung|ban hanh|giam sat|don doc|huong dan|tap huan|dao tao|bao duong|"
    r"[a-z]+ va) $"
)
_CLAUSE_START = re.compile(r"(?:^|[.;:,(+*•–\-] ?|\b(?:va|hoac|roi|dong thoi|theo) )$")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often; ``sets_pace`` is False where the words belong to a noun. Offsets in the folded text."""

    begin: int
    end: int
    recurrence: Recurrence
    sets_pace: bool


def rhythms(folded: str) -> Iterator[Rhythm]:
    """Every rhythm in reading order."""
    for found in _RHYTHM.finditer(folded):
        before = folded[max(0, found.start() - 40) : found.start()]
        if found["every"] == "hang" and not found["periodic"] and _GOODS.search(before):
            continue
        yield Rhythm(found.start(), found.end(), _recurrence(found), _sets_pace(found, before, folded))


def _recurrence(found: re.Match[str]) -> Recurrence:
    if found["always"]:
        return "continuous"
    if found["unit"] or found["bunit"]:
        return _UNIT[found["unit"] or found["bunit"]]
    number, unit = (found["n"], found["nunit"]) if found["n"] else (found["m"], found["munit"])
    n = _SPELLED.get(number) or int(number)
    if unit in ("ngay", "tuan"):
        return _UNIT[unit] if n == 1 else "other"
    return _EVERY_MONTHS.get(n * {"thang": 1, "quy": 3, "qui": 3, "nam": 12}[unit], "other")


def _sets_pace(found: re.Match[str], before: str, folded: str) -> bool:
    if _DATA_AFTER.match(folded, found.end()) and not found["always"]:
        return False
    if found["always"]:
        return not _NOUN_BEFORE.search(before)
    if found["periodic"] or found["n"] or found["m"] or found["bare"]:
        return True
    if _CLAUSE_START.search(before):
        return True
    return not _NOUN_BEFORE.search(before) and bool(_REPORTS_BEFORE.search(before))
