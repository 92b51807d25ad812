"""Terms counted from an event: "trong vòng 05 (năm) ngày làm việc kể từ ngày ký".

Comes in: folded text. Goes out: :class:`Counted`. The day itself is computed later, by ``extract.workdays``, when the event is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.directive import Bound, RelativeUnit

_NUMERALS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "muoi lam": 15,
    "hai muoi": 20, "ba muoi": 30, "bon muoi lam": 45, "sau muoi": 60, "chin muoi": 90,
}  # fmt: skip
_UNITS: dict[str, RelativeUnit] = {
    "ngay lam viec": "working_day", "ngay": "day", "gio": "hour", "tieng": "hour", "h": "hour", "tuan": "week", "thang": "month",
    "nam": "year",
}  # fmt: skip
_WORDS = "|".join(sorted(_NUMERALS, key=len, reverse=True))
_LEAD = "(?:ngay )?trong|cham nhat|muon nhat|khong qua|toi da|thoi han|thoi gian|han|sau|truoc|it nhat"
_LEAD_MORE = "vong|thoi han|thoi gian|khoang thoi gian|khoang|toi da|khong qua|cham nhat|la|sau|trong|truoc|toi thieu|it nhat"
# A bracket may repeat or qualify the count, "(năm)", "(cắt giảm 12/60 ngày)"; one with a date is a phrase of its own.
_WITH_DATE = r"[^()]*[0-9] ?(?:/|thang [0-9]+ nam) ?2[0-9]{3}"
_BRACKET = rf"(?: ?[(](?!ke tu|tinh tu|{_WITH_DATE})[^()]{{0,90}}[)])?"
_EVENT_FROM = "tu(?= (?:ngay(?! [0-9])|khi|luc|thoi diem))"
_LINK = rf"ke tu|tinh tu|sau khi|truoc khi|truoc(?= (?:ngay|thoi))|so voi|sau(?= (?:ngay|thoi))|{_EVENT_FROM}"
# "chậm nhất 18 giờ ngày 22/9", "trước 16 giờ chiều thứ Sáu", "17 giờ hằng ngày": a time of day, no number of hours.
_WEEKDAY = "(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)"
_TIME_OF_DAY = (
    r"(?: (?:cung |hang |moi )?ngay\b(?! ky)| hom nay| ngay mai| (?:sang|trua|chieu|toi)\b"
    rf"|,? (?:ngay [0-9]|{_WEEKDAY}\b))"
)
_COUNTED = re.compile(
    rf"(?<![0-9a-z/])(?P<lead>(?:{_LEAD})(?: (?:{_LEAD_MORE}))* ?:? )?"
    rf"(?P<n>[0-9o]{{1,3}}|{_WORDS}) ?(?:[(][^()]{{1,40}}[)] ?)?"
    rf"(?P<unit>ngay lam viec|ngay|(?:gio|tieng|h)(?!{_TIME_OF_DAY})|tuan|thang|nam)\b(?! (?:dau|cuoi|[0-9])|/){_BRACKET}"
    rf"(?: ?,? ?[(]?(?P<link>{_LINK}) (?P<anchor>[^;\t]{{2,}}))?"
)
# Counted back, the event first: "trước phiên họp ít nhất 03 ngày làm việc".
_BACK = re.compile(
    r"\b(?P<anchor>truoc (?:moi |khi |ngay |ky |phien |cuoc |gio |le |dai hoi |hoi nghi )(?!ngay)[a-z ]{0,40}?) "
    rf"(?:it nhat |toi thieu |cham nhat )?(?P<n>[0-9]{{1,3}}|{_WORDS}) ?(?:[(][^()]{{1,20}}[)] ?)?"
    r"(?P<unit>ngay lam viec|ngay|gio|tuan|thang)\b(?= ?[.,;)]|$)"
)
# An anchor ends where its clause ends: a comma, a closing bracket or a full stop before white space.
_ANCHOR_END = re.compile(r"[,;](?= |$)|[)](?!.{0,40}[)])|\.(?= |$)")
# Before a bare number the words around it may count something else ("từ 15 ngày"); before a lead only a number does ("01 trong 02 ngày"),
# and before "thời hạn" what changes or misses it.
_NOT_A_TERM = re.compile(r"(?:\bmot|\b(?:ngoai|ngay|tu|thu|thang|them|hon|duoi|tren|cua|nhat) [0-9a-z]*|[0-9]) ?$")
_NOT_A_LIMIT = re.compile(r"[0-9] ?$")
_LIMIT_CHANGED = re.compile(r"(?:\b(?:ngoai|(?<!ket )(?<!hieu )qua|het|keo dai|giam|rut ngan)|[0-9]) ?$")


@dataclass(frozen=True, slots=True)
class Counted:
    """``n`` units from ``folded[anchor_begin:anchor_end]`` (both equal when no event is named); offsets in the folded text."""

    begin: int
    end: int
    n: int
    unit: RelativeUnit
    bound: Bound
    lead: str
    anchor_begin: int
    anchor_end: int
    after: bool = False


def counted_terms(folded: str, *, whole_anchor: bool = False) -> Iterator[Counted]:
    """Every counted term; with ``whole_anchor`` the words of the event run to the end of the text (a table cell)."""
    for back in _BACK.finditer(folded):
        n = _NUMERALS.get(back["n"]) or int(back["n"])
        yield Counted(*back.span(), n, _UNITS[back["unit"]], "within", "truoc", *back.span("anchor"))
    at = 0
    while found := _COUNTED.search(folded, at):
        lead = (found["lead"] or "").strip(" :")
        begin = found.start()
        anchor_begin = anchor_end = end = found.end()
        if found["anchor"] is not None:
            anchor_begin, anchor_end = found.span("anchor")
            if found["link"] in ("sau khi", "truoc khi"):
                anchor_begin = found.start("link") + (4 if found["link"] == "sau khi" else 0)
            elif found["link"] in ("truoc", "so voi"):
                anchor_begin = found.start("link")
            stop = None if whole_anchor else _ANCHOR_END.search(folded, anchor_begin, anchor_end)
            anchor_end = stop.start() if stop else anchor_end
            anchor_end -= len(folded[anchor_begin:anchor_end]) - len(folded[anchor_begin:anchor_end].rstrip(" .,"))
            end = anchor_end
        yield Counted(
            begin=begin,
            end=end,
            n=_NUMERALS.get(found["n"]) or int(found["n"].replace("o", "0")),
            unit=_UNITS[found["unit"]],
            bound="by" if lead.startswith(("cham nhat", "muon nhat")) else "within",
            lead=lead,
            anchor_begin=anchor_begin,
            anchor_end=anchor_end,
            after=lead.startswith("sau"),
        )
        at = max(end, found.start() + 1) if found["anchor"] is not None else found.end()


def orders(term: Counted, folded: str) -> bool:
    """Whether a counted term in running text limits a work ("01 trong 02 ngày", "trong 12 giờ, 24 giờ" do not)."""
    other = _LIMIT_CHANGED if term.lead.startswith(("thoi", "han")) else _NOT_A_LIMIT if term.lead else _NOT_A_TERM
    if other.search(folded, max(0, term.begin - 12), term.begin) or term.after or term.n == 0:
        return False
    anchored = term.anchor_end > term.anchor_begin
    if "toi thieu" in term.lead or "it nhat" in term.lead:
        return folded.startswith("truoc ", term.anchor_begin)  # "ít nhất 03 ngày trước ngày họp"
    if anchored:
        return bool(term.lead) or term.unit == "working_day"
    if term.unit == "working_day":
        return bool(term.lead)
    limiting = term.lead.startswith(("trong vong", "trong thoi han", "trong thoi gian", "cham nhat", "muon nhat"))
    return limiting and term.unit in ("day", "hour", "week", "month")
