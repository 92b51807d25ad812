"""Phrases of time: an introduction ("chậm nhất trước 17h00 ngày"), one or more atoms, a tail ("hằng năm", "và các năm tiếp theo").

Comes in: folded text. Goes out: :class:`Phrase` with its values, whether or not it is a deadline; ``deadlines_context`` decides that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from extract.deadlines_atoms import Atom, atoms, period_of
from extract.deadlines_calendar import Period
from extract.directive import Bound, Recurrence
from extract.workdays import last_day_before_tet

# For verbose patterns, hence the escaped blanks.
_HOUR = r"(?P<hour>[01]?[0-9]|2[0-4])\ ?(?:gio|h|g|:(?=[0-5]))\ ?(?P<minute>[0-5][0-9])?\ ?(?:phut|['’′p])?"
_INTRO = re.compile(
    rf"""(?<![0-9a-z])(?P<intro>
        (?:(?:cham|muon)\ nhat|khong\ (?:muon|cham|tre)\ (?:hon|qua)|khong\ qua|toi\ da|han\ cuoi|han\ chot)
        (?:\ la|\ vao|\ den|\ trong|\ truoc|\ het|\ thoi\ gian)*
      | truoc\ ngay\ (?:bau\ cu|khai\ giang|khai\ mac|khanh\ thanh|dai\ hoi|hop|thi)(?:\ [a-z]+){{0,3}}(?=\ ?$)
      | (?:tu\ |den\ )?truoc(?:\ khi\ het|\ khi\ ket\ thuc|\ het|\ thoi\ gian|\ thoi\ diem|\ thoi\ han)?
      | (?:tinh\ )?(?:den|toi)(?:\ het|\ truoc|\ cuoi)*
      | het
      | trong\ (?:vu|mua)(?:\ [a-z]+){{1,3}}
      | (?:ngay\ )?trong(?:\ thoi\ gian|\ thoi\ han|\ khoang\ thoi\ gian|\ vong|\ tuan|\ dip|\ cac|\ ca)*
      | (?:tinh\ |ke\ )?tu(?:\ sau)?
      | vao(?:\ cac|\ dip)? | sau | luc
    )?(?:^|\b)(?:\ ?:\ ?|\ )?(?:{_HOUR}[ ,]*)?
    (?:(?P<weekday>thu\ (?:hai|ba|tu|nam|sau|bay|[2-7])|chu\ nhat)[ ,]*)?
    (?:(?:sang|trua|chieu|dau\ gio|cuoi\ gio)[ ,]*)?(?:[(]?(?:ngay\ )?)?$""",
    re.VERBOSE,
)
_INTRO_REACH = 60
_CONNECTOR = re.compile(
    r" ?(?P<how>,|;|va|den het|den truoc|den|toi|-|den cuoi|hoac) ?(?:het )?"
    r"(?:(?:[01]?[0-9]|2[0-4]) ?(?:gio|h|g) ?(?:[0-5][0-9])?(?: ?phut)? )?$"
)
_CONNECTOR_REACH = 24
_RANGE = ("den", "-", "toi", "den het", "den truoc", "den cuoi")

_EVERY = "(?:hang|moi|cua moi|cua hang)"
_NEXT = "(?:sau|tiep theo|ke tiep|lien ke|lien truoc)"
_TAILS: tuple[tuple[Recurrence, tuple[str, ...]], ...] = (
    (
        "quarterly",
        (
            rf",? ?(?:cua )?thang (?:dau|cuoi|thu nhat|tiep theo)?,? ?(?:cua )?{_EVERY} ?quy",  # của tháng cuối hằng quý
            r" ?(?:cua )?thang (?:dau|cuoi)(?: cua)? quy(?: sau| tiep theo)?",  # tháng đầu quý sau
            rf" {_EVERY} quy",
        ),
    ),
    ("weekly", (rf" {_EVERY} tuan",)),
    ("monthly", (rf" (?:cua )?{_EVERY} thang", rf" (?:cua )?thang {_NEXT}(?: lien ke| do)?", " cua thang")),
    (
        "yearly",
        (
            rf",? ?{_EVERY} nam\b(?! [12][0-9]{{3}})",
            # của năm liền kề trước năm kế hoạch
            rf" (?:cua )?nam (?:{_NEXT}|truoc|lien sau|bao cao|ke hoach)\b(?: lien ke)?(?: cua| truoc| sau)?(?: nam [a-z ]{{2,20}})?",
            r" cua nam (?![12][0-9]{3})[a-z]+(?: [a-z]+)?",  # của năm xét tặng
        ),
    ),
)
_TAIL = tuple((rhythm, re.compile(rf"(?:{'|'.join(shapes)})\b")) for rhythm, shapes in _TAILS)
# The rhythm may stand before: "định kỳ hằng năm (trước ngày 15/11)", "hằng tháng trước ngày 25".
_LEADING_RHYTHM = re.compile(r"(?:\bdinh ky )?\b(?:hang|moi|dinh ky|dinh ky hang) (?P<unit>tuan|thang|qu[yi]|nam|0?6 thang)[ ,]*[(]?[ ]?$")
_RHYTHM_OF: dict[str, Recurrence] = {
    "tuan": "weekly", "thang": "monthly", "quy": "quarterly", "qui": "quarterly", "nam": "yearly", "6 thang": "half-yearly",
    "06 thang": "half-yearly",
}  # fmt: skip
_NEXT_YEARS = re.compile(
    r" ?(?:va|,|;|den) ?(?:(?:cac|nhung|cho cac) nam (?:tiep theo|sau|ke tiep|tiep sau|den)(?: do)?|(?:hang|moi) nam|cac nam)\b"
)
_AND_ALWAYS = re.compile(r" ?(?:va|,|;) ?(?:thuc hien )?thuong xuyen\b")
_WEEKDAYS = {"hai": 1, "2": 1, "ba": 2, "3": 2, "tu": 3, "4": 3, "nam": 4, "5": 4, "sau": 5, "6": 5, "bay": 6, "7": 6, "nhat": 7}
# Days that come round without a number: "thứ Sáu hằng tuần", "ngày làm việc cuối cùng của tháng"; "hằng ngày" only behind an hour.
_REGULAR = re.compile(
    rf"\b(?:(?P<weekday>thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat),? {_EVERY} (?P<week>tuan)"
    r"|ngay (?:lam viec )?(?:cuoi cung|dau tien|cuoi(?= (?:thang|quy)))(?: cua)?(?: hang| moi)? "
    r"(?P<unit>tuan|thang|qu[yi]|nam)\b(?! ?[0-9]| [ivx]+\b| am lich)"
    rf"|(?:{_EVERY}|cac) (?P<daily>ngay)\b(?: trong tuan)?)"
)
# "hằng tuần, trước 16h00 thứ Sáu"
_WEEKLY_DAY = re.compile(
    rf"\b(?:dinh ky,? )?(?:hang|moi) tuan ?,? ?[(]?(?:vao |(?P<before>(?:cham nhat )?truoc )|cham nhat (?:vao |la )?)?"
    rf"(?:{_HOUR.replace(chr(92) + ' ', ' ')}[ ,]*)?(?:ngay |sang |chieu )?(?P<weekday>thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\b[)]?"
)
# "trước Tết Nguyên đán Ất Tỵ 2025": the last working day before the days off.
_TET = re.compile(
    r"\btruoc (?:tet|ngay tet)(?: nguyen dan| am lich| co truyen)?(?: (?:giap|at|binh|dinh|mau|ky|canh|tan|nham|quy) [a-z]{2,4}\b)?"
    r"(?:,? ?(?:nam )?\(?(?P<year>20[0-9]{2})\)?)?(?! duong lich)"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands in the text; offsets are those of the folded text. ``core`` is where the first atom begins.

    ``introduction`` is "" for a bare time; ``shapes`` are those of the atoms; ``ranged`` when "từ … đến" or a dash joins two of them;
    ``doubtful`` when only the sense of the sentence makes it a deadline.
    """

    begin: int
    core: int
    end: int
    introduction: str
    shapes: tuple[str, ...]
    bound: Bound
    period: Period | None = None
    recurrence: Recurrence | None = None
    day: int | None = None
    month: int | None = None
    time: str | None = None
    ranged: bool = False
    open_start: bool = False
    doubtful: bool = False

    @property
    def single_day(self) -> bool:
        """Whether the phrase names one day (its period has no start worth keeping)."""
        return (not self.ranged and self.shapes[0] in ("full", "words", "short", "day")) or self.bound != "within"


_ENDS_IN_TU = re.compile(r"\b(?:dau|vat|thong|thu|quy) $")


def _noun_in_tu(words: str, folded: str, begin: int) -> int:
    """How many characters of an introduction are the end of a noun: the folded "tư" of "gửi chủ đầu tư trước ngày …" is no "từ"."""
    return 3 if (words + " ").startswith("tu ") and _ENDS_IN_TU.search(folded, max(0, begin - 8), begin) else 0


def phrases(folded: str, dated: date | None) -> Iterator[Phrase]:
    """Every phrase of time in reading order."""
    found = [*atoms(folded)]
    at = 0
    while at < len(found):
        group, joints = [found[at]], []
        while at + 1 < len(found):
            joint = _CONNECTOR.match(folded[group[-1].end : found[at + 1].begin][:_CONNECTOR_REACH])
            if joint is None or not _joins(group[-1], joint["how"], found[at + 1]):
                break
            at += 1
            if group[-1].kind == "day" and found[at].kind == "date" and joint["how"] in (",", "va"):
                group[-1] = replace(group[-1], kind="date", shape="words", month=found[at].month, year=found[at].year)
            group.append(found[at])
            joints.append(joint["how"])
        yield from _built(folded, group, joints, dated)
        at += 1
    for regular in _REGULAR.finditer(folded):
        yield from _regular(folded, regular)
    for weekly in _WEEKLY_DAY.finditer(folded):
        yield Phrase(
            *weekly.span(), weekly.end(), "truoc" if weekly["before"] else "", ("weekday",), "before" if weekly["before"] else "by",
            recurrence="weekly", day=_WEEKDAYS[weekly["weekday"].split()[-1]], time=_time(weekly),
        )  # fmt: skip
    for tet in _TET.finditer(folded):
        if day := _eve_of_tet(dated, int(tet["year"]) if tet["year"] else None):
            yield Phrase(*tet.span(), tet.end(), "truoc", ("tet",), "before", Period(day, day))


def _joins(left: Atom, how: str, right: Atom) -> bool:
    """Whether two atoms with ``how`` between them are one phrase."""
    if how in _RANGE:
        return right.kind != "this"
    if right.kind == "date" and left.kind in ("date", "day"):
        return how == "va" or (how == "," and left.kind == "day")
    if right.shape == "bare":  # "năm 2026, 2027"
        return left.shape == "year" and left.year is not None and right.year == left.year + 1
    return left.kind == right.kind and left.kind in ("month", "quarter", "year", "day")


def _built(folded: str, group: list[Atom], joints: list[str], dated: date | None) -> Iterator[Phrase]:
    intro = _INTRO.search(folded, max(0, group[0].begin - _INTRO_REACH), group[0].begin)
    words = (intro["intro"] or "") if intro else ""
    if not words and group[0].kind == "this" and (group[0].part or "").startswith("trong"):
        words = "trong"
    weekday = intro["weekday"] if intro else None
    begin = group[0].begin
    if intro is not None and (words or intro["hour"]):
        begin = intro.start() + (len(intro[0]) - len(intro[0].lstrip(" ,:")))
    noun = _noun_in_tu(words, folded, begin)
    words, begin = words[noun:], begin + noun
    end = group[-1].end
    ranged = any(how in _RANGE for how in joints) or any(atom.ranged for atom in group)
    rhythm, end = _tail(folded, end)
    if rhythm is None and group[0].year is None and group[0].kind in ("day", "date"):
        leading = _LEADING_RHYTHM.search(folded, max(0, begin - 30), begin)
        if leading is not None and not (leading["unit"] == "nam" and group[0].kind == "day"):
            rhythm, begin = _RHYTHM_OF[leading["unit"]], leading.start()
            end += "(" in leading[0] and folded.startswith(")", end)
    whole = Phrase(
        begin=begin,
        core=group[0].begin,
        end=end,
        introduction=words,
        shapes=tuple(atom.shape for atom in group),
        bound=_bound(words, group[0], ranged=ranged),
        time=_time(intro) if intro else None,
        ranged=ranged,
        open_start=words.endswith("tu") or words.startswith("tu "),
    )
    if rhythm is not None:
        yield _recurring(whole, group, rhythm)
        return
    if group[0].kind == "day" and not ranged:
        return  # "ngày 15" without a month or a rhythm says nothing
    if weekday and group[0].kind != "date":
        return
    if len(group) > 1 and not ranged and group[0].kind == "date" and words.startswith(("trong", "vao")):
        ranged = True  # "trong các ngày 10, 11/12/2025": the days of one meeting
        whole = replace(whole, ranged=True, bound="within")
    if len(group) > 1 and not ranged and group[0].kind == "date":
        for atom in group:  # "trước ngày 15/6 và ngày 15/12/2025": two days, two deadlines
            last = atom is group[-1]
            yield replace(
                whole, begin=begin if atom is group[0] else atom.begin, core=atom.begin, end=end if last else atom.end,
                shapes=(atom.shape,), period=period_of(atom, dated, group[-1].year), day=atom.day, month=atom.month,
            )  # fmt: skip
        return
    period = _joined(group, dated, ranged=ranged)
    if period is not None and period.first < period.last and whole.bound == "before" and not words.endswith(("het", "ket thuc")):
        eve = period.first - timedelta(days=1)  # "trước tháng 9/2023": the work is on time until the month begins
        period = Period(eve, eve)
    yield _continued(folded, replace(whole, period=period, day=group[-1].day, month=group[-1].month))


def _tail(folded: str, end: int) -> tuple[Recurrence | None, int]:
    """The rhythm that stands right behind a day ("hằng tháng", "của tháng đầu quý sau"), and where it ends."""
    for name, pattern in _TAIL:
        tail = pattern.match(folded, end)
        if tail is not None:
            return name, tail.end()
    return None, end


def _bound(words: str, atom: Atom, *, ranged: bool) -> Bound:
    if ranged:
        return "within"
    if "truoc" in words.split():
        return "before"
    if words.startswith(("cham", "muon", "khong", "toi da", "han", "den", "toi", "het", "tinh den")):
        return "by"
    return "by" if atom.kind in ("date", "day") else "within"


def _time(intro: re.Match[str]) -> str | None:
    if intro["hour"] is None:
        return None
    return f"{int(intro['hour']):02d}:{intro['minute'] or '00'}"


def _recurring(whole: Phrase, group: list[Atom], rhythm: Recurrence) -> Phrase:
    first = group[-1] if whole.ranged and all(atom.kind == "day" for atom in group) else group[0]  # "từ ngày 01 đến ngày 10 hằng tháng"
    if rhythm == "yearly" and len(group) > 1 and all(atom.kind == "date" for atom in group):
        rhythm = {2: "half-yearly", 4: "quarterly"}.get(len(group), "yearly")  # type: ignore[assignment]
    month = first.month or (first.values[0] if first.kind == "month" and first.values else None)
    bound = whole.bound if whole.introduction or first.kind not in ("day", "date") else "by"
    return replace(whole, recurrence=rhythm, day=first.day, month=month, bound=bound)


def _joined(group: list[Atom], dated: date | None, *, ranged: bool) -> Period | None:
    """The period of all atoms together; what the left ones leave out comes from the last."""
    last = group[-1]
    whole = period_of(last, dated)
    if len(group) == 1 or whole is None:
        return whole
    # The year is often written only once, after the last or after the first of the list.
    year = last.year or whole.last.year
    first = group[0]
    if last.year is None and first.year is not None:
        moved = period_of(last, dated, first.year)
        whole = moved or whole
        year = first.year
    if first.kind == "day" and last.month:
        first = replace(first, kind="date", shape="words", month=last.month)
    start = period_of(first, dated, first.year or year)
    if start is not None and start.first > whole.last and first.year is None and ranged:
        start = period_of(first, dated, year - 1)
    if start is None:
        return whole
    return Period(min(start.first, whole.first), max(start.last, whole.last))


def _continued(folded: str, phrase: Phrase) -> Phrase:
    """With "và các năm tiếp theo" or "và thường xuyên" behind it."""
    rhythms: tuple[tuple[Recurrence, re.Pattern[str]], ...] = (("yearly", _NEXT_YEARS), ("continuous", _AND_ALWAYS))
    for rhythm, pattern in rhythms:
        tail = pattern.match(folded, phrase.end)
        if tail is not None:
            return replace(phrase, end=tail.end(), recurrence=rhythm)
    return phrase


def _regular(folded: str, regular: re.Match[str]) -> Iterator[Phrase]:
    intro = _INTRO.search(folded, max(0, regular.start() - _INTRO_REACH), regular.start())
    words = (intro["intro"] or "") if intro else ""
    hour = intro["hour"] if intro else None
    if regular["daily"] and not hour:
        return
    begin = intro.start() + len(intro[0]) - len(intro[0].lstrip(" ,:")) if intro and (words or hour) else regular.start()
    unit = regular["week"] or regular["unit"]
    yield Phrase(
        begin=begin,
        core=regular.start(),
        end=regular.end(),
        introduction=words,
        shapes=("weekday",),
        bound="before" if "truoc" in words.split() else "by",
        recurrence=_RHYTHM_OF[unit] if unit else "daily",
        day=_WEEKDAYS[regular["weekday"].split()[-1]] if regular["weekday"] else None,
        time=_time(intro) if intro else None,
        open_start=words.endswith("tu"),
    )


def _eve_of_tet(dated: date | None, year: int | None) -> date | None:
    """The last working day before the Tết of ``year``, or before the first one after ``dated``."""
    if year is not None or dated is None:
        return last_day_before_tet(year) if year is not None else None
    day = last_day_before_tet(dated.year)
    return day if day is not None and day >= dated else last_day_before_tet(dated.year + 1)
