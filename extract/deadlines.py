"""Deadlines: dates, periods, rhythms and counted terms by which ordered work must be done.

Comes in: a piece of text (a task, a table cell) and the date of its document. Goes out: :class:`extract.directive.Deadline` with offsets
into that text. Grammar and policy follow the annotation guide of the gold set and articles 146 to 148 of the Civil Code 2015;
the day of a counted term is not computed here (``extract.workdays`` does that when the event is known).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from extract.deadlines_context import is_deadline
from extract.deadlines_doubtful import is_doubtful_deadline, is_hoped_for
from extract.deadlines_phrases import Phrase, phrases
from extract.deadlines_relative import Counted, counted_terms, orders
from extract.deadlines_rhythm import Rhythm, rhythms
from extract.deadlines_words import any_of
from extract.directive import Deadline, RelativeTerm
from extract.folding import Folded, fold_with_offsets

_DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−"}
# What may stand around the time in a text that is nothing but a term: a label and verbs before it, an event or a bracket after it.
_LABELS = rf"(?:(?:thoi (?:gian|han|diem)|tien do|han|lo trinh|giai doan)(?: (?:{any_of('label_deeds')}|va [a-z ]+))?(?: du kien)? ?:? ?)?"
_VERBS = r"(?:(?:phai |can )?(?:hoan thanh|xong|hoan tat|thuc hien|ban hanh|trinh|du kien|ket thuc)(?: xong)?,? ?:? ?)*"
_LABEL = re.compile(rf"^[\s\-–+*•]*{_LABELS}{_VERBS}")
_EVENT = r"[,;]? ?(?:sau khi|theo|den khi|ngay sau|khi co|va |hoac |tuy|neu|phu hop|dot xuat)[^.:]*"
_REST = re.compile(rf"^[\s.,;)]*(?:{_EVENT}|\([^)]*\)?)?[\s.,;)]*$")
_FILL = r"[ .,;:()\-/]*"
_FILLERS = "va|hoac|den|den nay|trong do|thuc hien|hoan thanh|vao|nhung thang dau nam [0-9]{4}"
_FILLER = re.compile(rf"^{_FILL}(?:{_FILLERS})?{_FILL}$")
_CITED = re.compile(r"[0-9][a-z]? ?[/\-] ?[0-9a-z&.\- ]*[a-z],? ?\(?$")
_PLAN = re.compile(r"\btheo [^.;:()]*$")
_TERM_LENGTH = 200
# Every form of the grammar holds one of these.
_MARKS = re.compile(r"[\u0300-\u036f]+")
_TIME_SIGN = re.compile(r"[0-9]|\b(?:tet|thuong\s+xuyen|hang|moi|[dđ]inh\s+ky|thang|tuan|quy|qui|nam|ngay|gio|tieng)\b", re.IGNORECASE)
_BULLET = re.compile(r"[* ]*\* ")
_DOUBTFUL = 0.6
_ECHO_REACH = 40

Found = Phrase | Counted | Rhythm


@lru_cache(maxsize=2048)
def find_deadlines(text: str, dated: date | None) -> tuple[Deadline, ...]:
    """The deadlines that ``text`` sets, in reading order; ``dated`` is the date of the document.

    A text that is nothing but a time ("Quý III/2023", "Thời gian hoàn thành: trước 30/6") is read as :func:`read_term` reads it.
    In running text only times that limit the ordered work count. Without ``dated`` a time without a year has no ``due``.
    """
    if not _may_hold_time(text):
        return ()
    folded = _folded(text)
    read = _times(folded.text, dated)
    term = _term(folded, text, read)
    if term:
        return term
    times, counted = read
    found: list[Found] = []
    for phrase in times:
        if is_deadline(phrase, folded.text, dated):
            found.append(replace(phrase, doubtful=is_hoped_for(phrase, folded.text)))
        elif is_doubtful_deadline(phrase, folded.text, dated):
            found.append(replace(phrase, doubtful=True))
    found += [term for term in counted if orders(term, folded.text)]
    found += [rhythm for rhythm in rhythms(folded.text) if rhythm.sets_pace]
    return tuple(_deadline(one, text, folded) for one in _apart(found))


_SPECK = re.compile(r"(?<=\bngay )[-.,'] (?=\d)|(?<=\btrong)[,.](?= (?:vong|thoi han|thang|quy|nam)\b)")
_AT_MOST = re.compile(r"^\s*(?:≤|<=?)\s*(?=\d)")


def read_term(cell: str, dated: date | None) -> tuple[Deadline, ...]:
    """The deadlines of a table cell "Thời hạn", or of a phrase that is known to be one; every time in it counts.

    A plain year, "3/2025", "15/10/2025" or "2026-2028" is a deadline here. Empty for "Theo kế hoạch" and other words without a time.
    """
    cell = _AT_MOST.sub("", cell)
    folded = _folded(cell)
    term = _term(folded, cell, _times(folded.text, dated, whole_anchor=True), whole_anchor=True)
    return term or tuple(_deadline(one, cell, folded) for one in _apart(_all(folded.text, _times(folded.text, dated))))


def _may_hold_time(text: str) -> bool:
    """Whether there is a digit or a word of time at all; most sentences have neither, and folding is what costs."""
    return _TIME_SIGN.search(_MARKS.sub("", unicodedata.normalize("NFD", text))) is not None


def _folded(text: str) -> Folded:
    folded = fold_with_offsets(text)
    plain = Folded(folded.text.translate(_DASHES), folded.starts, folded.ends)
    return _without_specks(_without_stars(plain) if "*" in text else plain)


def _without_specks(folded: Folded) -> Folded:
    """Without what OCR saw between words that belong together: "trong ngày - 13/6/2025", "trong, vòng 04 giờ"."""
    specks = {at for match in _SPECK.finditer(folded.text) for at in range(*match.span())}
    if not specks:
        return folded
    kept = [at for at in range(len(folded.text)) if at not in specks]
    return Folded("".join(folded.text[at] for at in kept), tuple(folded.starts[at] for at in kept), tuple(folded.ends[at] for at in kept))


def _without_stars(folded: Folded) -> Folded:
    """Without the stars that text from the web sets around bold words ("trước ngày **15/12/2025**"); a star as a bullet stays."""
    kept = [at for at, char in enumerate(folded.text) if char != "*" or _BULLET.fullmatch(folded.text, 0, at + 2)]
    return Folded("".join(folded.text[at] for at in kept), tuple(folded.starts[at] for at in kept), tuple(folded.ends[at] for at in kept))


def _all(folded: str, read: tuple[list[Phrase], list[Counted]], *, whole_anchor: bool = False) -> list[Found]:
    times, counted = read

    def bare(term: Counted) -> bool:
        # A cell may say no more than how long: "03 ngày làm việc".
        alone = whole_anchor and "," not in folded[: term.begin] and not folded[term.end :].strip(" .;)")
        return term.unit == "working_day" or (alone and term.unit in ("day", "month"))

    def limits(term: Counted) -> bool:
        # "trước 10 giờ" is a time of day, "trước 10 ngày so với ngày họp" a term.
        return not term.after and (term.lead not in ("", "truoc") or term.anchor_end > term.anchor_begin or bare(term))

    kept = [time for time in times if not _names(time, folded)]
    return [*kept, *filter(limits, counted), *rhythms(folded)]


def _names(time: Phrase, folded: str) -> bool:
    """Whether a time in a cell only names a document: "theo Quyết định số 12/QĐ-UBND ngày 05/01/2025", "theo kế hoạch năm 2026"."""
    if time.introduction:
        return False
    before = folded[: time.begin]
    if time.shapes[0] in ("full", "words", "short"):
        return _CITED.search(before) is not None
    return time.shapes[0] in ("year", "this") and (_PLAN.search(before) is not None or before.endswith("ky hop "))


def _times(folded: str, dated: date | None, *, whole_anchor: bool = False) -> tuple[list[Phrase], list[Counted]]:
    """Phrases and counted terms. "trong 03 ngày làm việc (từ ngày 08 đến ngày 10/12/2025)" is one phrase: its bracket says which days."""
    times = [time for time in phrases(folded, dated) if _plausible(time, dated)]
    counted = []
    for term in counted_terms(folded, whole_anchor=whole_anchor):
        inside = next((i for i, time in enumerate(times) if time.period and folded[term.end : time.begin] == " ("), None)
        if inside is None:
            counted.append(term)
        else:
            closed = times[inside].end + folded.startswith(")", times[inside].end)
            times[inside] = replace(times[inside], begin=term.begin, end=closed, introduction="trong")
    return times, counted


def _plausible(time: Phrase, dated: date | None) -> bool:
    """Whether a bare number can be a year, and a start without an end says more than since when a rule holds."""
    if time.open_start and not time.ranged:
        return False
    if time.shapes != ("bare",) or time.period is None:
        return True
    return -2 <= time.period.last.year - (dated.year if dated else 2020) <= 25


def _term(folded: Folded, text: str, read: tuple[list[Phrase], list[Counted]], *, whole_anchor: bool = False) -> tuple[Deadline, ...]:
    """The deadlines of a text that is nothing but a time, else nothing. A cell ends where the event of its term ends: ``whole_anchor``."""
    if len(folded.text) > _TERM_LENGTH:
        return ()
    label = _LABEL.match(folded.text)
    begin = label.end() if label else 0
    found = [*_apart(_all(folded.text, read, whole_anchor=whole_anchor))]
    if not found or found[0].begin > begin:
        return ()
    at = found[0].end
    for one in found[1:]:
        if not _FILLER.match(folded.text[at : one.begin]) and not folded.text[at : one.begin].lstrip().startswith("("):
            break
        at = one.end
    if not _REST.match(folded.text[at:]) and not _FILLER.match(folded.text[at:]):
        return ()
    return tuple(_deadline(one, text, folded) for one in found if one.begin < at)


def _apart(found: list[Found]) -> Iterator[Found]:
    """Those that do not overlap; where two do, a counted term beats a date inside its anchor, then the longer one wins."""
    kept: list[Found] = []
    for one in sorted(_without_echoes(found), key=lambda it: (not isinstance(it, Counted), isinstance(it, Rhythm), it.begin - it.end)):
        if all(one.end <= other.begin or one.begin >= other.end for other in kept):
            kept.append(one)
    yield from sorted(kept, key=lambda it: it.begin)


def _without_echoes(found: list[Found]) -> list[Found]:
    """Without rhythms that a phrase beside them repeats: "định kỳ hằng tháng (trước ngày 18 hằng tháng)"."""
    full = [(one.begin, one.recurrence) for one in found if isinstance(one, Phrase) and one.recurrence]

    def repeated(one: Found) -> bool:
        return isinstance(one, Rhythm) and any(rhythm == one.recurrence and abs(begin - one.end) < _ECHO_REACH for begin, rhythm in full)

    return [one for one in found if not repeated(one)]


def _deadline(found: Found, text: str, folded: Folded) -> Deadline:
    begin, end = folded.span(found.begin, found.end)
    words = text[begin:end]
    if isinstance(found, Rhythm):
        confidence = 0.6 if found.recurrence == "continuous" else 0.9
        return Deadline(words, recurrence=found.recurrence, begin=begin, end=end, confidence=confidence)
    if isinstance(found, Counted):
        anchor = ""
        if found.anchor_end > found.anchor_begin:
            a, b = folded.span(found.anchor_begin, found.anchor_end)
            anchor = " ".join(text[a:b].split())
        return Deadline(words, bound=found.bound, relative=RelativeTerm(found.n, found.unit, anchor), begin=begin, end=end, confidence=0.9)
    return _from_phrase(found, words, begin, end)


def _from_phrase(phrase: Phrase, words: str, begin: int, end: int) -> Deadline:
    period = phrase.period
    if period is None:  # recurring, or without a year in a document without a date
        confidence = 1.0 if phrase.recurrence else 0.3
        return replace(
            Deadline(words, bound=phrase.bound, recurrence=phrase.recurrence, day=phrase.day, month=phrase.month, time=phrase.time),
            begin=begin,
            end=end,
            confidence=confidence,
        )
    # Tết, school years and seasons have no printed day.
    unprinted = phrase.shapes[0] in ("tet", "school", "opening") or phrase.introduction.startswith(("trong vu", "trong mua"))
    guessed = 0.5 if unprinted else _DOUBTFUL if phrase.doubtful else 1.0
    one_day = phrase.single_day or period.first == period.last
    return Deadline(
        words,
        start=None if one_day else period.first,
        due=period.last,
        bound=phrase.bound,
        recurrence=phrase.recurrence,
        time=phrase.time,
        begin=begin,
        end=end,
        confidence=guessed,
    )
