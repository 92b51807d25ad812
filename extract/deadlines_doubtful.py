"""Times that are probably the term of an ordered work although no word of a deadline says so: found with a low confidence.

"Treo cờ từ ngày … đến ngày …", "bảo dưỡng máy bơm vào cuối tháng 3", "dự kiến tổ chức hội nghị ngày 15/12". A missed deadline is worse
for a clerk than one to look at; times of events, data, laws and names stay out.
"""

from __future__ import annotations

import re
from datetime import date

from extract.deadlines_context import YEAR_SHAPES, aimed, past, surroundings
from extract.deadlines_phrases import Phrase
from extract.deadlines_words import any_of, any_order_verb

_DAYS = ("full", "words", "short")
_SOON_DAYS = 400
_STALE_DAYS = 366
_YEAR_WRITTEN = re.compile(r"2[0-9]{3}")
_AMOUNT = re.compile(r"[0-9]")
_FIGURE_RIGHT = re.compile(r"^[^.;]{0,60}(?:[0-9] ?%|\b(?:dat|co) (?:[a-z]+ ){0,3}[0-9])")
# "Trồng 120 ha …": folded, the verb alone is "trong".
_WORK = re.compile(rf"\b(?:{any_order_verb()}|{any_of('deeds')})\b|^[\s\-+]*trong [0-9]")
_NAMED_BY_MONTH = re.compile(rf"\b{any_of('named_by_month')}(?: [a-z]+){{0,3}} ?$")
_PLAN_NOUN = re.compile(rf"\b(?:{any_of('named_by_month')}|muc tieu|giai doan|de an|ngan sach|danh muc|trong|cua) $")
_OTHER_TIME = re.compile(rf"\b{any_of('nouns_before_time')}(?: (?:so )?[0-9][0-9a-z/.\-]*)? ?[(]?$")
# What the clause is about instead of a work of its own: an event it serves, data, a right, hours of the day.
_SERVES = re.compile(
    rf"^[\s\-+]*{any_of('serves')}\b|\b(?:so lieu|dien ra|xay ra|co hieu luc|duoc to chuc|du bao) [^,]*$"
    r"|\bduoc (?:ky|cap|ban hanh|thanh lap|phe duyet|giao|xay dung|cong nhan|su dung)\b[^,]*$"
    r"|\bda (?:duoc|ky|ban hanh|to chuc|trien khai|thuc hien|giao|phe duyet|thong nhat|xay dung|hoan thanh)\b[^,;]*$"
    r"|\bap dung (?:muc|bieu|gia|thue|chinh sach|che do|lai suat|doi voi)\b"
    r"|\btiep tuc (?:thuc hien|co gia tri|duoc)\b|\bhop (?:[a-z]+ ){0,3}$"
    r"|\btu [^,;]*\bcho $|\btu [0-9]{1,2} ?(?:gio|h)\b[^,;]*$"
)
_EVENT_RIGHT = re.compile(
    r"^ ?,? ?(?:toan tinh|tren|khu vuc|ca nuoc|xay ra|dien ra|co mua|co hieu luc|duoc|da|la|tai (?:nha|trung tam|san))\b(?! dia ban toan)"
)
_PLANNED_DEEDS = "to chuc|khai mac|khai truong|ra mat|phat dong|khoi cong|khanh thanh|trinh|ban hanh|cong bo"
_HELD_DEEDS = "to chuc (?:le|hoi nghi|hoi thao|dien tap|ra quan)|khoi cong|khanh thanh|khai mac|ra quan|phat dong|dien tap"
_PLANNED = re.compile(rf"\bdu kien (?:se )?(?:{_PLANNED_DEEDS})\b[^,;]*$|^[\s\-+]*(?:{_HELD_DEEDS})\b[a-z _]{{0,60}}$")
_HOPED = re.compile(r"\b(?:phan dau|du kien)\b|^[\s\-+]*muc tieu\b")
_CITED = re.compile(r"[0-9][a-z]? ?[/\-] ?[0-9a-z&.\- ]*[a-z],? ?\(?$")
_ENDS = re.compile(r"^ ?(?:[.,;)]|$|de |nham |tai |va )")


def is_hoped_for(phrase: Phrase, folded: str) -> bool:
    """Whether a deadline is only aimed at or planned: "phấn đấu hoàn thành trong năm 2026", "dự kiến trình tháng 12"."""
    _, clause, right = surroundings(phrase, folded)
    return _HOPED.search(clause) is not None or _HOPED.match(right.lstrip(" ,:")) is not None


def is_doubtful_deadline(phrase: Phrase, folded: str, dated: date | None) -> bool:
    """Whether a phrase that is no plain deadline may yet be the period or the day of the ordered work."""
    if phrase.period is None or dated is None or past(phrase, dated) or (dated - phrase.period.first).days > _STALE_DAYS:
        return False
    if phrase.open_start and not phrase.ranged:
        return False
    _, clause, right = surroundings(phrase, folded)
    if phrase.shapes[0] in YEAR_SHAPES:
        return _whole_year(phrase, clause, right)
    if not phrase.introduction and phrase.shapes[0] in _DAYS and not phrase.ranged:
        return _PLANNED.search(clause) is not None and not _CITED.search(clause)
    if _SERVES.search(clause) or _OTHER_TIME.search(clause) or _CITED.search(clause) or _EVENT_RIGHT.match(right) or aimed(clause, right):
        return False
    if not _WORK.search(clause if clause.strip(" -+") else right):
        return False
    if phrase.introduction:
        return _introduced(phrase, right, dated)
    if phrase.shapes[0] in ("month", "quarter"):
        # "rà soát hồ sơ cuối tháng 12"; no data can be of a month to come: "tập huấn cho cán bộ xã tháng 12/2025"
        a_day = phrase.period.first == phrase.period.last
        to_come = phrase.period.first > dated and _YEAR_WRITTEN.search(folded, phrase.core, phrase.end) is not None
        return _ENDS.match(right) is not None and (a_day or (to_come and not _NAMED_BY_MONTH.search(clause)))
    return phrase.shapes[0] in _DAYS


def _introduced(phrase: Phrase, right: str, dated: date) -> bool:
    """For "từ … đến …", "vào …", "đến hết ngày …"; "đến ngày …" only near, since rights and leases run until far days."""
    first = phrase.introduction.split()[0]
    if first in ("den", "het"):
        soon = phrase.shapes[0] in _DAYS and phrase.period is not None and (phrase.period.last - dated).days < _SOON_DAYS
        return not _FIGURE_RIGHT.match(right) and ("het" in phrase.introduction or phrase.time is not None or soon)
    return first == "vao" or (first in ("tu", "trong") and phrase.ranged)


def _whole_year(phrase: Phrase, clause: str, right: str) -> bool:
    """A year: "năm 2026 và các năm tiếp theo" behind an order, "vào năm 2027" and "đến hết năm 2026" of an order without amounts."""
    if aimed(clause, right) or not _WORK.search(clause) or _SERVES.search(clause):
        return False
    if phrase.recurrence == "yearly":
        return not _PLAN_NOUN.search(clause) and not phrase.introduction.startswith(("den", "tu"))
    first = phrase.introduction.split()[:1]
    if first == ["vao"] or (first == ["den"] and "het" in phrase.introduction):
        return not (_AMOUNT.search(clause) or _FIGURE_RIGHT.match(right) or _OTHER_TIME.search(clause)) and _ENDS.match(right) is not None
    return False
