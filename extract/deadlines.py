"""Deadlines: dates, periods, rhythms and counted terms by which ordered work must be done.

Comes in: a piece of text (a task, a table cell) and the date of its document. Goes out: :class:`extract.directive.Deadline` with offsets
into that text. Grammar and policy follow the annotation guide of the gold set and articles 146 to 148 of the Civil Code 2015;
the day of a counted term is not computed here (``extract.workdays`` does that when the event is known).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from extract.deadlines_context import is_deadline
from extract.deadlines_phrases import Phrase, phrases
from extract.deadlines_relative import Counted, counted_terms, orders
from extract.deadlines_rhythm import Rhythm, rhythms
from extract.directive import Deadline, RelativeTerm
from extract.folding import Folded, fold_with_offsets

_DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−"}
# Words that may stand around the time in a text that is nothing but a term.
_LABEL = re.compile(
    r"^[\s\-–+*•]*(?:(?:thoi (?:gian|han|diem)|tien do|han|lo trinh)(?: (?:thuc hien|hoan thanh|trien khai|to chuc|nop|gui|ban hanh|trinh|bao cao|nop bao cao|gui bao cao|va [a-z ]+))?"
    r"(?: du kien)? ?:? ?)?(?:(?:da |phai |can )?(?:hoan thanh|xong|hoan tat|thuc hien|ban hanh|trinh|du kien|bao cao|ket thuc)(?: xong)?,? ?:? ?)*"
)
_REST = re.compile(r"^[\s.,;)]*(?:[,;]? ?(?:sau khi|theo|den khi|ngay sau|khi co|va |hoac |tuy|neu|phu hop|dot xuat)[^.:]*|\([^)]*\)?)?[\s.,;)]*$")
_TERM_LENGTH = 200
_FILLER = re.compile(r"^[ .,;:()\-/]*(?:va|hoac|den|den nay|trong do|bao cao|thuc hien|hoan thanh|nhung thang dau nam [0-9]{4}|(?:vao )?)?[ .,;:()\-/]*$")

Found = Phrase | Counted | Rhythm


def find_deadlines(text: str, dated: date | None) -> tuple[Deadline, ...]:
    """The deadlines that ``text`` sets, in reading order; ``dated`` is the date of the document.

    A text that is nothing but a time ("Quý III/2023", "Thời gian hoàn thành: trước 30/6") is read as :func:`read_term` reads it.
    In running text only times that limit the ordered work count. Without ``dated`` a time without a year has no ``due``.
    """
    folded = _folded(text)
    term = _term(folded, text, dated)
    if term:
        return term
    times, counted = _times(folded.text, dated)
    found: list[Found] = [phrase for phrase in times if is_deadline(phrase, folded.text, dated)]
    found += [term for term in counted if orders(term, folded.text)]
    found += [rhythm for rhythm in rhythms(folded.text) if rhythm.sets_pace]
    return tuple(_deadline(one, text, folded) for one in _apart(found))


def read_term(cell: str, dated: date | None) -> tuple[Deadline, ...]:
    """The deadlines of a table cell "Thời hạn", or of a phrase that is known to be one; every time in it counts.

    A plain year, "3/2025", "15/10/2025" or "2026-2028" is a deadline here. Empty for "Theo kế hoạch" and other words without a time.
    """
    folded = _folded(cell)
    return _term(folded, cell, dated) or tuple(_deadline(one, cell, folded) for one in _apart(_all(folded.text, dated)))


def _folded(text: str) -> Folded:
    folded = fold_with_offsets(text)
    return Folded(folded.text.translate(_DASHES), folded.starts, folded.ends)


def _all(folded: str, dated: date | None, *, whole_anchor: bool = False) -> list[Found]:
    times, counted = _times(folded, dated, whole_anchor=whole_anchor)
    return [*times, *(term for term in counted if term.lead or term.anchor_end > term.anchor_begin), *rhythms(folded)]


def _times(folded: str, dated: date | None, *, whole_anchor: bool = False) -> tuple[list[Phrase], list[Counted]]:
    """Phrases and counted terms. "trong 03 ngày làm việc (từ ngày 08 đến ngày 10/12/2025)" is one phrase: its bracket says which days."""
    times = [*phrases(folded, dated)]
    counted = []
    for term in counted_terms(folded, whole_anchor=whole_anchor):
        inside = next((i for i, time in enumerate(times) if time.period and folded[term.end : time.begin] == " ("), None)
        if inside is None:
            counted.append(term)
        else:
            closed = times[inside].end + folded.startswith(")", times[inside].end)
            times[inside] = replace(times[inside], begin=term.begin, end=closed, introduction="trong")
    return times, counted


def _term(folded: Folded, text: str, dated: date | None) -> tuple[Deadline, ...]:
    """The deadlines of a text that is nothing but a time, else nothing."""
    if len(folded.text) > _TERM_LENGTH:
        return ()
    label = _LABEL.match(folded.text)
    begin = label.end() if label else 0
    found = [*_apart(_all(folded.text, dated, whole_anchor=True))]
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
    for one in sorted(found, key=lambda it: (not isinstance(it, Counted), isinstance(it, Rhythm), it.begin - it.end)):
        if all(one.end <= other.begin or one.begin >= other.end for other in kept):
            kept.append(one)
    yield from sorted(kept, key=lambda it: it.begin)


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
    if phrase.recurrence is not None and period is None:
        return Deadline(
            words, bound=phrase.bound, recurrence=phrase.recurrence, day=phrase.day, month=phrase.month, time=phrase.time, begin=begin, end=end
        )
    if period is None:  # "trước ngày 20/12" in a document without a date
        return Deadline(words, bound=phrase.bound, day=phrase.day, month=phrase.month, time=phrase.time, begin=begin, end=end, confidence=0.3)
    if phrase.open_start and not phrase.ranged:
        return Deadline(words, start=period.first, bound="within", begin=begin, end=end, confidence=0.5)
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
    )
