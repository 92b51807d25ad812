"""What speaks for and against the deadlines and the cited numbers of a task."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from extract.deadlines import read_term
from extract.directive import Deadline
from extract.evidence import Case, Evidence
from extract.folding import fold
from extract.legibility import PUNCTUATION, Weak
from extract.references import find_references

_LIMIT = re.compile(r"^(?:truoc|cham nhat|muon nhat|han|den|toi|het|trong|tu nay|xong|vao|ngay|dung)\b")
_STRICT = re.compile(r"^(?:truoc|cham nhat|muon nhat|han|toi da|den het|het|xong|vao)\b")
_EXACT = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}|ngay\s+\d|\bthang\s+\d|\bquy\b")
_AIM = re.compile(r"%|\b(?:đạt|phấn đấu|chỉ tiêu|mục tiêu|tỷ lệ)\b", re.IGNORECASE)
# "trong tháng" without its number; what follows here makes it no date ("trong tháng này", "ngày ký", "tháng cao điểm").
_NO_NUMBER = (
    "nay|toi|sau|truoc|ky|ban hanh|nhan|hang|moi|dau|cuoi|gui|bao cao|hoach|dinh|che|dat|bau|nghi|lam|thu|tet|cao diem|nam|hanh dong|"
    "va|co|le"
)
_NUMBER_LOST = re.compile(
    rf"\b(?:trong|truoc|het|vao|cuoi|dau|giua|cham nhat|muon nhat) (?:ngay|thang|quy) (?!\d|[ivx]+\b|(?:{_NO_NUMBER})\b)\S+"
)
_DUE_WORD = re.compile(
    r"\b(?:thoi (?:han|gian) (?:hoan thanh|thuc hien|gui|bao cao)|han chot|cham nhat|truoc ngay|hoan thanh truoc|xong truoc|dinh ky|"
    r"hang (?:thang|quy|nam|tuan|ngay)|hoan thanh (?:trong|vao))\b"
)
_SYMBOL = re.compile(r"\d+(?:/\d{4})?[/-][A-ZĐ]")
_SO = re.compile(r"\bsố\s*:?\s*(\S*\d\S*)", re.IGNORECASE)
_YEARS_AHEAD = 5
_FIRST_QUARTER = 0.3
_PERIOD = re.compile(r"^truoc (?:thang|quy|nam)\b")
_YEAR = re.compile(r"^(?:(?:trong|den|vao|den het|het|truoc)\s+)?(?:nam\s+)?\d{4}$")


def deadline_evidence(case: Case) -> Iterator[Evidence]:
    """On the terms: those that were read and times in the text that were not."""
    task, dated = case.task, case.header.about

    def seen(name: str, value: float, words: str = "") -> Evidence:
        return Evidence("deadlines", name, float(value), words)

    yield seen("none", not task.deadlines)
    unread = _unread(case)
    for name in ("limit", "date", "year", "past", "span", "rhythm"):
        yield seen(f"unread {name}", bool(unread[name]), "; ".join(unread[name]))
    word = _DUE_WORD.search(case.folded)
    yield seen("words of a term", word is not None and not task.deadlines, word[0] if word else "")
    broken = _NUMBER_LOST.search(case.folded)
    yield seen("number lost", broken is not None, broken[0] if broken else "")
    if not task.deadlines:
        return
    terms = task.deadlines
    own = fold(task.text)
    yield seen("several", min(1.0, (len(terms) - 1) / 2))
    yield seen("from elsewhere", not any(fold(term.text) in own for term in terms))
    yield seen("doubtful", max(1 - term.confidence for term in terms))
    yield seen("without a rhythm's day", any(term.recurrence == "continuous" for term in terms))
    yield seen("recurring", any(term.recurrence not in {None, "continuous"} for term in terms))
    yield seen("relative", any(term.relative for term in terms))
    yield seen("hours", any(term.relative and term.relative.unit == "hour" and not term.relative.anchor for term in terms))
    month = [term.text for term in terms if term.bound == "before" and _PERIOD.search(fold(term.text))]
    yield seen("before a month", bool(month), "; ".join(month))
    yield seen(
        "only a year", any(_YEAR.match(fold(term.text)) for term in terms), "; ".join(t.text for t in terms if _YEAR.match(fold(t.text)))
    )
    aimed = [term.text for term in terms if _AIM.search(_around(task.text, term))]
    yield seen("beside an aim", bool(aimed), "; ".join(aimed))
    dayless = [term.text for term in terms if not term.due and not term.recurrence and not term.relative]
    yield seen("no day", bool(dayless), "; ".join(dayless))
    if dated is None:
        yield seen("paper without a date", any(term.due for term in terms))
    else:
        past = [term for term in terms if term.due and term.due < dated]
        yield seen("before the paper", bool(past), "; ".join(f"{term.due:%d/%m/%Y}" for term in past))
        far = [term for term in terms if term.due and term.due.year - dated.year >= _YEARS_AHEAD]
        yield seen("years after the paper", bool(far), "; ".join(f"{term.due:%d/%m/%Y}" for term in far))
    yield _weak_digits(case)
    yield seen("hard to read", min(1.0, 4 * (1 - case.paper.legibility(task.span))))
    quarters = [term.text for term in terms if _QUARTER.search(fold(term.text))] if case.paper.recognised else []
    yield seen("quarter on a scan", bool(quarters), "; ".join(quarters))
    beside = _beside_in_cell(case)
    yield seen("other words in the cell", bool(beside), "; ".join(beside))


_QUARTER = re.compile(r"\bquy [ivl1-4]")
_CELL_WORDS = re.compile(
    r"\b(?:thoi (?:gian|han)|hoan thanh|xong|truoc|den|trong|va|tu|thuc hien|ngay|thang|quy|nam|han|cac nam tiep theo|tiep theo)\b|[\W\d]+"
)


def _beside_in_cell(case: Case) -> list[str]:
    """Cells of a table row that hold a deadline and other words than a time."""
    found = []
    for _, line in case.paper.lines(case.task.span):
        for cell in line.cells if len(line.cells) > 1 else ():
            inside = [term.text for term in case.task.deadlines if term.text in cell]
            if inside and fold(cell) not in case.folded and case.folded not in fold(cell):
                rest = fold(cell)
                for text in inside:
                    rest = rest.replace(fold(text), " ")
                if _CELL_WORDS.sub(" ", rest).strip():
                    found.append(cell.strip())
    return found


def _around(text: str, term: Deadline, reach: int = 25) -> str:
    at = text.find(term.text)
    return text[max(0, at - reach) : at + len(term.text) + reach] if at >= 0 else ""


def _unread(case: Case) -> dict[str, list[str]]:
    """Times in the text that are no deadline of the task and no part of a citation, by what they look like."""
    text, dated = case.task.text, case.header.about
    cited = [(reference.begin, reference.end + 3) for reference in find_references(text)]
    read = [(at, at + len(term.text)) for term in case.task.deadlines if (at := text.find(term.text)) >= 0]
    due = {term.due for term in case.task.deadlines}
    found: dict[str, list[str]] = defaultdict(list)
    for term in read_term(text, dated):
        # A time may run together with one that was read and still be another: "trong tháng 11; thường xuyên".
        taken = [*cited, *(read if not term.due or term.due in due else ())]
        if not any(term.begin < end and begin < term.end for begin, end in taken):
            found[_looks_like(term, dated)].append(term.text)
    return found


def _looks_like(term: Deadline, dated: date | None) -> str:
    folded = fold(term.text)
    exact = _EXACT.search(folded) is not None
    if term.relative:
        return "limit" if term.relative.anchor else "span"
    if term.recurrence and not term.due:
        return "rhythm"
    if term.due and dated and term.due <= dated:
        return "past"
    if (term.due and term.recurrence) or _STRICT.match(folded) or (_LIMIT.match(folded) and exact):
        return "limit"
    return "date" if exact else "year"


def _weak_digits(case: Case) -> Evidence:
    """The least legible word with digits in the deadlines' own words."""
    tokens = {token.strip(PUNCTUATION) for term in case.task.deadlines for token in term.text.split() if any(c.isdigit() for c in token)}
    found = [(_doubt_of_digits(one, case), one) for one in case.weak if one.word in tokens]
    doubt, worst = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return Evidence("deadlines", "weak digits", doubt, f"{worst.word} ({worst.place})" if worst else "")


def _doubt_of_digits(one: Weak, case: Case) -> float:
    """The doubt of the engine; it is unsure of every "quý I" that it reads as "quý 1", and that is the same quarter."""
    first = one.word[:2] in {"1/", "l/", "I/"} and f"quý {one.word}".lower() in case.task.text.lower()
    return min(one.doubt, _FIRST_QUARTER) if first else one.doubt


def reference_evidence(case: Case) -> Iterator[Evidence]:
    """On the cited numbers."""
    task = case.task

    def seen(name: str, value: float, words: str = "") -> Evidence:
        return Evidence("references", name, float(value), words)

    yield seen("none", not task.references)
    bare = [number for number in task.references if not _SYMBOL.search(number)]
    yield seen("no symbol", bool(bare), "; ".join(bare))
    read = " ".join(task.references)
    left = [hit[0] for hit in _SO.finditer(task.text) if hit[1].strip(".,;)")[:3] not in read]
    yield seen("unread number", bool(left), "; ".join(left))
    yield seen("several", min(1.0, max(0, len(task.references) - 1) / 3))
    digits = set(task.references)
    worst = max(
        (one for one in case.weak if any(one.word in n for n in digits) and any(c.isdigit() for c in one.text)),
        key=lambda one: one.doubt,
        default=None,
    )
    yield seen("weak digits", worst.doubt if worst else 0.0, f"{worst.word} ({worst.place})" if worst else "")
