"""Rhythms without a date: "định kỳ hằng quý", "6 tháng một lần", "thường xuyên".

Comes in: folded text. Goes out: :class:`Rhythm`; those that only qualify a noun ("kế hoạch hằng năm", "chi thường xuyên",
"giáo dục thường xuyên") are marked as not setting the pace of the ordered work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.deadlines_words import any_of, any_order_verb
from extract.directive import Recurrence

_UNITS: dict[str, Recurrence] = {
    "ngay": "daily", "tuan": "weekly", "thang": "monthly", "quy": "quarterly", "qui": "quarterly", "nam": "yearly",
}  # fmt: skip
_SPELLED = {"mot": 1, "hai": 2, "ba": 3, "sau": 6, "chin": 9}
_MONTHS: dict[int, Recurrence] = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly", 24: "biennial"}
# So many times in a unit: the rhythm, where times and unit give one that has a name.
_TIMES: dict[tuple[int, str], Recurrence] = {
    (2, "nam"): "half-yearly", (4, "nam"): "quarterly", (12, "nam"): "monthly", (3, "quy"): "monthly",
}  # fmt: skip

_UNIT = "(?:ngay|tuan|thang|qu[yi]|nam)"
_COUNT = "(?:[0-9]{1,2}|mot|hai|ba|sau|chin)"
_PERIODIC = "(?:bao cao )?(?:theo )?dinh ky,? (?:vao )?"
_ONCE = " ?(?:/|mot|1|01) ?(?:mot )?lan"
_AT_LEAST = "(?:it nhat|toi thieu|khong it hon)"
_SHAPES = (
    # hằng năm ít nhất 02 lần, mỗi quý một lần
    rf"(?:{_PERIODIC})?(?:hang|moi) (?P<yunit>{_UNIT}),? (?:{_AT_LEAST} )?(?P<y>{_COUNT}) lan\b(?!/)",
    # (tối thiểu) 02 lần/năm, 01 lần trong tháng
    rf"(?:{_PERIODIC})?(?:{_AT_LEAST} )?(?P<x>{_COUNT}) lan(?: ?/ ?(?:0?1 |mot )?| moi | trong (?:mot |01 )?)(?P<xunit>{_UNIT})\b"
    r"(?! [12][0-9]{3})",
    rf"(?P<periodic>{_PERIODIC})?(?P<every>hang|moi) (?P<unit>{_UNIT})\b(?! [12][0-9]{{3}})",  # (định kỳ) hằng quý
    rf"(?P<period>{_PERIODIC}|hang |moi )\(?(?P<n>{_COUNT}) (?P<nunit>{_UNIT})\b(?! (?:dau|cuoi))(?:{_ONCE})?",  # định kỳ 6 tháng
    # báo cáo 6 tháng và hằng năm
    r"(?P<q>0?[369]) (?P<qunit>thang)(?=(?:, ?| va |, va )(?:hang |ca )?nam\b(?! [0-9]))",
    rf"(?P<m>{_COUNT}) (?P<munit>{_UNIT}){_ONCE}",  # 6 tháng một lần
    rf"(?P<bare>{_PERIODIC})(?P<bunit>thang|qu[yi]|nam)\b(?! (?:[0-9]|[iv]+\b))",  # định kỳ quý
    r"(?P<always>thuong xuyen)",
)
_RHYTHM = re.compile(rf"(?<![0-9a-z/])(?:{'|'.join(_SHAPES)})")
# "hằng quý, 6 tháng và năm": each names a report of its own.
_NO_PERIOD = r"(?! (?:dau|cuoi|[0-9]|[iv]+\b|tiep|sau|truoc|nay))"
_MORE = re.compile(rf"(?:, ?| va |, va )(?:hang |dinh ky )?(?P<n>{_COUNT} )?(?P<unit>thang|qu[yi]|nam)\b{_NO_PERIOD}(?=[ ,.;:)]|$)")
_GOODS = re.compile(rf"(?<!giao )\b{any_of('goods_before')} $")  # "họp giao ban hằng tuần" sells nothing
_NOUN_BEFORE = re.compile(rf"\b(?<!\bto ){any_of('nouns_before_rhythm')} $")  # "họp Tổ công tác hằng tháng" is a meeting
_DEED_BEFORE = re.compile(rf"\b(?:{any_of('deeds_before_rhythm')}|[a-z]+ va) $")
_DESCRIBED = re.compile(rf"(?:,|\bva|{any_of('qualities')},?) $"), re.compile(rf"(?:,| va) {any_of('qualities')}\b")
_NOT_OFTEN = re.compile(r"\b(?:chua|khong)(?: (?!the )[a-z]+){0,4} $")
# "kiểm tra doanh nghiệp không quá 01 lần/năm", "tăng gấp 02 lần/năm": limits and measures.
_NO_TIMES = re.compile(r"\b(?:khong qua|khong vuot qua|toi da|tren|hon|duoi|qua|gap|tang|giam|khoang|muc|[0-9][,.]) ?$")
# A rhythm behind what a report or a meeting is about: "trong báo cáo kinh tế - xã hội hằng tháng".
# Sums and what another body does each year are described, not ordered.
_DESCRIBES = re.compile(
    r"\b(?:muc (?:tro cap|ho tro|huong|luong|chi|thu|dong|phi)|phu cap|luong huu|tien (?:luong|cong|thue))\b[^.;:]*$"
    r"|\bdo (?:[a-z\-–]+ ){1,8}(?:cong bo|ban hanh|to chuc|quy dinh|giao|phe duyet) $|(?:[0-9] nam|trung han|dai han)(?:,| va) $"
)
_DEED_AFTER = re.compile(rf" (?:phai |co trach nhiem |chu dong )?{any_of('repeated_deeds')}\b")
_REPORT_BEFORE = re.compile(r"\bbao cao (?:[a-z\-–]+ ){0,9}$")
_DEED_NEAR = re.compile(rf"(?:^|[ ,(]){any_of('repeated_deeds')} (?:[a-z\-–]+ ){{0,7}}$")
_DATA_AFTER = re.compile(r" (?:tinh tu|tinh den|tu ngay|cua)\b")
_TARGET_AFTER = re.compile(rf" ?,? ?(?:{any_of('targets_after')}|so|co) ")
# "Nạo vét kênh mương hằng quý." — at the end of a clause that opens with an order, and of nothing else there.
_ORDER_HEAD = re.compile(rf"(?:^|[.;:] )[\s\-+*]*(?:[a-z\-]+ ){{0,12}}?{any_order_verb()} [^.;:]*$")
_CLAUSE_END = re.compile(r" ?(?:[.;)]|$)|, ?(?:dot xuat|bao cao|gui|trinh|dam bao|bao dam|truoc|vao|bat dau)\b")
_HOURS_BEFORE = re.compile(r"\b(?:gio|phut|[0-9]h(?:[0-9]{2})?),? $")
_IN_BRACKETS = re.compile(r"\([^()]*\) ")
# "…; nhiệm vụ thường xuyên": a term, not a noun of the sentence.
_STANDING_TASK = re.compile(r"(?:^|[,;:(.] ?|\bla )(?:day la )?nhiem vu $")
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
    last_end, last_paced = -1, False
    for found in _RHYTHM.finditer(folded):
        if found.start() < last_end:
            continue  # told as one of a list
        before = folded[max(0, found.start() - 80) : found.start()]
        if found["every"] == "hang" and not found["periodic"] and _GOODS.search(before):
            continue
        # "kế hoạch hằng năm, hằng quý": one list, one sense.
        listed = last_end >= 0 and not found["always"] and folded[last_end : found.start()] in (", ", " va ", ", va ", "; ")
        paced = last_paced if listed else _sets_pace(found, before, folded)
        yield Rhythm(found.start(), found.end(), _recurrence(found), paced)
        last_end, last_paced = found.end(), paced
        more = None if found["always"] else _MORE.match(folded, found.end())
        while more is not None:
            yield Rhythm(more.start("n" if more["n"] else "unit"), more.end(), _every(more["n"], more["unit"]), paced)
            last_end = more.end()
            more = _MORE.match(folded, more.end())


def _recurrence(found: re.Match[str]) -> Recurrence:
    if found["always"]:
        return "continuous"
    for times, per in (("x", "xunit"), ("y", "yunit")):
        if found[times]:
            n, unit = _SPELLED.get(found[times]) or int(found[times]), found[per].replace("qui", "quy")
            return _UNITS[unit] if n == 1 else _TIMES.get((n, unit), "other")
    if unit := found["unit"] or found["bunit"]:
        return _UNITS[unit]
    count = next(name for name in ("n", "q", "m") if found[name])
    return _every(found[count], found[f"{count}unit"])


def _every(count: str | None, unit: str) -> Recurrence:
    n = 1 if count is None else _SPELLED.get(count.strip()) or int(count)
    if n == 1 or unit in ("ngay", "tuan"):
        return _UNITS[unit] if n == 1 else "other"
    return _MONTHS.get(n * {"thang": 1, "quy": 3, "qui": 3, "nam": 12}[unit], "other")


def _sets_pace(found: re.Match[str], before: str, folded: str) -> bool:
    after = folded[found.end() : found.end() + 40]
    if found["always"]:
        return _always_ordered(before, after)
    if found["q"]:
        return _REPORT_BEFORE.search(before) is not None
    if found["x"] or found["y"]:
        return not _NO_TIMES.search(before)
    if _DATA_AFTER.match(after):
        return False
    if found["every"] is None or found["periodic"]:
        return True
    if _NOUN_BEFORE.search(before) or _DESCRIBES.search(before):
        return False
    if _DEED_AFTER.match(after) and found["unit"] != "ngay":
        return True
    if _CLAUSE_START.search(before):
        return not _TARGET_AFTER.match(after)
    if _DEED_BEFORE.search(before):
        return True
    return _far_from_its_deed(found, before, after, folded)


def _always_ordered(before: str, after: str) -> bool:
    """Whether "thường xuyên" says how the work is done."""
    if _STANDING_TASK.search(before) and _CLAUSE_END.match(after):
        return True
    left, right = _DESCRIBED
    return not (_NOUN_BEFORE.search(before) or _NOT_OFTEN.search(before)) and not (left.search(before) and right.match(after))


def _far_from_its_deed(found: re.Match[str], before: str, after: str, folded: str) -> bool:
    """Whether a rhythm some words behind a deed is still its own: of a deed that comes round, or of the order that opens the clause."""
    clause = _IN_BRACKETS.sub("", folded[max(0, found.start() - 200) : found.start()])
    if found["unit"] == "nam":
        return _REPORT_BEFORE.search(clause[-90:]) is not None
    if _DEED_NEAR.search(clause[-90:]):
        return True
    return not _HOURS_BEFORE.search(before) and _CLAUSE_END.match(after) is not None and _ORDER_HEAD.search(clause) is not None
