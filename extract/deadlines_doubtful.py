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
_WORK = re.compile(rf"\b(?:{any_order_verb()}|{any_of('deeds')})\b|^[\s\-+]*trong [0-9]")
_OTHER_TIME = re.compile(rf"\b{any_of('nouns_before_time')}(?: (?:so )?[0-9][0-9a-z/.\-]*)? ?[(]?$")
_SERVES = re.compile(rf"^[\s\-+]*{any_of('serves')}\b|\b(?:so lieu|dien ra|xay ra|co hieu luc|duoc to chuc|du bao) [^,]*$")
_EVENT_RIGHT = re.compile(r"^ ?,? ?(?:toan tinh|tren dia ban|khu vuc|ca nuoc|xay ra|dien ra|co mua|co hieu luc|duoc|da|la|tai (?:nha|trung tam|san))\b")
_PLANNED = re.compile(r"\bdu kien (?:se )?(?:to chuc|khai mac|khai truong|ra mat|phat dong|khoi cong|khanh thanh|trinh|ban hanh|cong bo)\b[^,;]*$")
_PLAN_NOUN = re.compile(r"\b(?:ke hoach|chuong trinh|du toan|chi tieu|nhiem vu|muc tieu|giai doan|de an|ngan sach|cong tac|danh muc|trong|cua) $")
_CITED = re.compile(r"[0-9][a-z]? ?[/\-] ?[0-9a-z&.\- ]*[a-z],? ?\(?$")
_ENDS = re.compile(r"^ ?(?:[.,;)]|$|de |nham |tai |va )")


def is_doubtful_deadline(phrase: Phrase, folded: str, dated: date | None) -> bool:
    """Whether a phrase that is no plain deadline may yet be the period or the day of the ordered work."""
    if phrase.period is None or past(phrase, dated) or (phrase.open_start and not phrase.ranged):
        return False
    _, clause, right = surroundings(phrase, folded)
    if phrase.shapes[0] in YEAR_SHAPES:
        goes_on = phrase.recurrence == "yearly" and not _PLAN_NOUN.search(clause)
        return goes_on and _WORK.search(clause) is not None and not aimed(clause, right)
    if _SERVES.search(clause) or _OTHER_TIME.search(clause) or _CITED.search(clause) or _EVENT_RIGHT.match(right) or aimed(clause, right):
        return False
    ordered = _WORK.search(clause) if clause.strip(" -+") else _WORK.search(right)
    if ordered is None:
        return False
    first = phrase.introduction.split()[:1]
    if first in (["tu"], ["vao"], ["trong"]):
        return first == ["vao"] or phrase.ranged
    if first in (["den"], ["het"]):
        soon = dated is not None and (phrase.period.last - dated).days < _SOON_DAYS
        return "het" in phrase.introduction or phrase.time is not None or (soon and phrase.shapes[0] in _DAYS)
    if first:
        return False
    if phrase.shapes[0] in ("month", "quarter") and phrase.period.first == phrase.period.last:
        return _ENDS.match(right) is not None  # "rà soát hồ sơ cuối tháng 12"
    return phrase.shapes[0] in _DAYS and _PLANNED.search(clause) is not None
