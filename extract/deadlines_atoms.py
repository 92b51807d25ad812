"""Atoms of time: the smallest pieces of folded text that name a day, a month, a quarter, a part of a year or a year.

Comes in: folded text (see ``extract.folding``), dashes already plain. Goes out: :class:`Atom` in reading order, not overlapping.
Nothing here decides whether a time is a deadline.

OCR writes O for 0 in years and days, l for I in Roman numerals, and blanks around slashes; the number parts allow that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from extract.deadlines_calendar import Period, clamped, last_day, literal_date, months, quarter_of, quarters, years

AtomKind = Literal["date", "day", "month", "quarter", "span", "piece", "year", "school", "this", "broken"]

_DAY = r"(?:[12l][0-9o]|3[01o]|[0o]?[1-9])(?![0-9])"
_MONTH = r"(?:1[0-2o]|[0o]?[1-9])(?![0-9])"
# "tháng Mười hai"; folded, "năm" and "sáu" are also "year" and "next", "tư" is also "từ": those need a year behind them.
_SPELLED = r"muoi mot|muoi hai|muoi|mot|hai|ba|tu|nam|sau|bay|tam|chin"
_YEAR = r"(?:2[0o][0-9o]{2}|19[0-9]{2})(?![0-9])"
_QUARTER = r"(?:[il1]v|[il1|]{1,3}|0?[1-4])(?![0-9a-z])"
_SLASH = r" ?[/.\-] ?"
_OF_YEAR = rf" ?,? ?(?:nam |/ ?(?:nam )?|- ?|\. ?|(?=2[0o]))(?P<year>{_YEAR})"
_AND = r"(?: ?[,;] ?| va | den | ?- ?| ?& ?)"
_YY = r"[2-4][0-9](?![0-9])"
_NO_MORE = r"(?![0-9/]|\.[0-9])"
_NEXT_MONTH = rf"{_AND}(?:thang )?{_MONTH}(?!{_SLASH}{_MONTH}{_SLASH})"
_ALONE = r"(?<![0-9a-z/.,\-])"
_PIECE_OF_MONTH = "nua dau|nua cuoi|(?:[1-9]|1[05]) ngay (?:dau|cuoi)"
_PIECE_OF_MONTH += "|tuan (?:dau tien|dau|cuoi cung|cuoi|(?:thu )?0?[1-4]|thu hai|thu ba|thu tu)"
_PART = r"(?:(?P<part>dau|giua|cuoi) )?"

_SHAPES: tuple[tuple[str, str], ...] = (
    # 30/6/2023, 05-12-2025, 30.6.23
    ("full", rf"(?:ngay ?)?(?<![0-9/])(?P<day>{_DAY}){_SLASH}(?P<month>{_MONTH})(?:{_SLASH}| nam )(?P<year>{_YEAR}|{_YY}){_NO_MORE}"),
    # 01-15/12/2025
    ("days", rf"(?:ngay )?{_ALONE}(?P<list>{_DAY}) ?- ?(?P<day>{_DAY}) ?/ ?(?P<month>{_MONTH}) ?/ ?(?P<year>{_YEAR})"),
    # ngày 05 tháng Mười hai (năm 2025)
    (
        "spelled_day",
        rf"(?:ngay |mung )(?P<day>{_DAY}) thang (?P<spelled>{_SPELLED})\b"
        rf"(?:{_OF_YEAR}|(?<! nam)(?<! sau)(?<! mot)(?! lan\b))",
    ),
    # tháng Mười hai, tháng ba năm 2026
    (
        "spelled_month",
        rf"{_PART}(?<![0-9] )(?<!hang )(?<!moi )(?<!cac )thang (?P<spelled>"
        rf"(?:(?!nam [12]){_SPELLED})(?={_OF_YEAR.replace('P<year>', ':')})|muoi (?:mot|hai)\b(?! (?:lan|ngay)\b))"
        rf"(?:{_OF_YEAR})?",
    ),
    # ngày 30 tháng 6 (năm 2023), ngày 30 tháng 6/2023
    ("words", rf"(?:ngay |mung )?(?<![0-9/])(?P<day>{_DAY}) ?(?:cua )?thang (?P<month>{_MONTH})(?:{_OF_YEAR})?(?![0-9/])"),
    # 6 tháng cuối năm 2023, 9 tháng đầu năm, nửa đầu năm 2026
    ("some", rf"(?:(?P<n>{_MONTH}|ba|sau|chin) thang|nua) (?P<side>dau|cuoi)(?: cua)? nam(?: (?P<year>{_YEAR}))?(?: nay)?"),
    # nửa đầu tháng 12/2025, 10 ngày cuối tháng 6, tuần đầu (của) tháng 01/2026, tuần thứ 2 tháng 3
    ("piece", rf"(?P<piece>{_PIECE_OF_MONTH}) (?:cua )?thang (?P<month>{_MONTH})(?:{_OF_YEAR})?(?! ?[0-9]*%)"),
    # Tháng 7, 8/2023; tháng 11, tháng 12; cuối tháng 6/2023
    ("month", rf"{_PART}(?:thang |\bt\.?(?=[0-9]))(?P<list>{_MONTH}(?:{_NEXT_MONTH})*)(?:{_OF_YEAR})?(?! ?[0-9]*%)"),
    # Quý III/2023, quý II và III năm 2020, Quí IV-2025
    (
        "quarter",
        rf"{_PART}(?:qu[yi] |q\.? ?(?=(?:i{{1,3}}|iv|[1-4]) ?[/.\-] ?2))"
        rf"(?P<list>{_QUARTER}(?:{_AND}(?:qu[yi] )?{_QUARTER})*)(?:{_OF_YEAR})?",
    ),
    # ngày 30/6, 30/6
    ("short", rf"(?:ngay )?{_ALONE}(?P<day>{_DAY}) ?/ ?(?P<month>{_MONTH})(?![0-9/%]|[.,][0-9])"),
    # 11/2025
    ("slash", rf"{_ALONE}(?P<month>{_MONTH}){_SLASH}(?P<year>{_YEAR})(?![0-9/\-])"),
    # năm học 2026 - 2027, học kỳ I năm học 2026-2027, đầu năm học 2026-2027
    (
        "school",
        rf"{_PART}(?:(?:hoc )?ky (?P<term>{_QUARTER}|mot|hai|ba) (?:cua )?,? ?)?nam hoc "
        rf"(?P<year>{_YEAR}) ?[-/] ?(?P<until>{_YEAR})(?![/0-9])",
    ),
    # 2026-2028, năm 2026 - 2030
    ("years", rf"(?:nam )?{_ALONE}(?P<year>{_YEAR}) ?- ?(?:nam )?(?P<until>{_YEAR})(?![/0-9])"),
    # năm 2023, cuối năm 2023
    ("year", rf"{_PART}nam (?P<year>{_YEAR})(?![/0-9])"),
    # 42/02/2018: misread; 20 tháng Chạp: of the moon; a day that cannot be told here
    (
        "broken",
        rf"(?:ngay ?|mung )?{_ALONE}[0-9]{{1,2}}(?:{_SLASH}[0-9]{{1,2}}{_SLASH}{_YEAR}{_NO_MORE}| (?:thang )?(?:chap|gieng)\b| am lich\b)",
    ),
    # sáng mai, chiều nay, hôm nay
    ("near", r"(?:(?:sang|trua|chieu|toi|dem|hom) (?P<near>nay|mai)|ngay (?P<tomorrow>mai))\b"),
    # 2023 on its own
    ("bare", rf"{_ALONE}(?P<year>{_YEAR})(?![/0-9\-])"),
    # ngày 15
    ("day", rf"ngay (?P<day>{_DAY})(?:(?:, ?| va |, va )(?:ngay )?{_DAY})*(?! ?/| ?thang [0-9]|%)"),
    # cuối năm, cuối tháng này, trong năm, trong ngày hôm nay, đầu tuần tới
    (
        "this",
        r"(?P<part>dau|giua|cuoi|het|trong) (?P<unit>ngay|tuan|thang|qu[yi]|nam)"
        r"(?:(?P<which>(?: hom)? nay| (?:toi|sau|ke tiep|tiep theo))\b(?! [0-9]| ngay [0-9]| thang [0-9])|(?= ?[.,;)]| ?$))",
    ),
)
_FIELDS = {name: re.compile(pattern) for name, pattern in _SHAPES}
_ANY = re.compile(
    r"\b(?=[0-9bcdghklmnoqst])(?:"
    + "|".join(f"(?P<{name}>{re.sub(r'[(][?]P<[a-z]+>', '(?:', pattern)})" for name, pattern in _SHAPES)
    + ")"
)
_KINDS: dict[str, AtomKind] = {
    "full": "date", "days": "date", "words": "date", "short": "date", "some": "span", "month": "month", "slash": "month",
    "near": "this", "spelled_day": "date", "spelled_month": "month", "school": "school", "broken": "broken",
    "quarter": "quarter", "piece": "piece", "years": "year", "year": "year", "bare": "year", "day": "day", "this": "this",
}  # fmt: skip
_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_PIECE = {"quarter": re.compile(rf"\b{_QUARTER}"), "month": re.compile(rf"\b{_MONTH}"), "day": re.compile(_DAY)}


@dataclass(frozen=True, slots=True)
class Atom:
    """One piece of time. ``values`` are the months or quarters of a list; ``year`` is None where the text names
    none; ``ranged`` when a dash or "đến" stands inside.
    """

    shape: str
    kind: AtomKind
    begin: int
    end: int
    day: int | None = None
    month: int | None = None
    year: int | None = None
    until: int | None = None
    values: tuple[int, ...] = ()
    part: str | None = None
    ranged: bool = False

    @property
    def crosses_year(self) -> bool:
        """Whether a range runs from one year into the next ("tháng 11 - tháng 2/2024")."""
        return self.ranged and len(self.values) > 1 and self.values[0] > self.values[-1]


def atoms(folded: str) -> Iterator[Atom]:
    """Every atom of the text, the longest reading first."""
    for found in _ANY.finditer(folded):
        name = found.lastgroup
        assert name is not None
        fields = _FIELDS[name].match(folded, found.start())
        if fields is not None and name == "near":
            day = "nay" if fields["near"] == "nay" else "toi"
            yield Atom("named", "this", fields.start(), fields.end(), part=f"het ngay {day}")
        elif fields is not None:
            yield _atom(name, fields)


def _atom(name: str, found: re.Match[str]) -> Atom:
    fields = {key: value for key, value in found.groupdict().items() if value}
    values: tuple[int, ...] = ()
    if "list" in fields:
        read = _quarter if name == "quarter" else _number
        values = tuple(read(piece) for piece in _PIECE.get(name, _PIECE["day"]).findall(fields["list"]))
    if "n" in fields:
        values = (_WORDS.get(fields["n"]) or _number(fields["n"]),)
    elif name == "some":
        values = (6,)
    elif "term" in fields:
        values = (_WORDS.get(fields["term"]) or _quarter(fields["term"]),)
    return (
        Atom(
            shape={"spelled_day": "words", "spelled_month": "month"}.get(name, name),
            kind=_KINDS[name],
            begin=found.start(),
            end=found.end(),
            day=_number(fields["day"]) if "day" in fields else None,
            month=_number(fields["month"]) if "month" in fields else _WORDS.get(fields.get("spelled", "")),
            year=_year(fields["year"]) if "year" in fields else None,
            until=_year(fields["until"]) if "until" in fields else None,
            values=values,
            part=fields.get("part") or fields.get("side") or fields.get("piece") or None,
            ranged=("until" in fields and name != "school") or name == "days" or bool(re.search(r"-|den", fields.get("list", ""))),
        )
        if "unit" not in fields
        else _relative_atom(fields, found)
    )


def _relative_atom(fields: dict[str, str], found: re.Match[str]) -> Atom:
    """An atom that points: "cuối năm", "trong tháng" (shape "this"), with a word that names it, "trong tháng này" (shape "named")."""
    which = fields.get("which", "").strip()
    part = f"{fields['part']} {fields['unit']} {which}".strip()
    return Atom("named" if which else "this", "this", found.start(), found.end(), part=part)


def _number(digits: str) -> int:
    return int(digits.replace("o", "0").replace("l", "1"))


def _year(digits: str) -> int:
    value = _number(digits)
    return value if value > 100 else 2000 + value


def _quarter(numeral: str) -> int:
    plain = numeral.replace("l", "i").replace("|", "i").replace("1", "i").lstrip("0")
    return {"i": 1, "ii": 2, "iii": 3, "iv": 4, "2": 2, "3": 3, "4": 4}[plain]


def period_of(atom: Atom, dated: date | None, year: int | None = None) -> Period | None:
    """First and last day of an atom. Its own year counts first, then ``year`` (that of a neighbour), then the first from ``dated`` on.

    None when no year can be known, and for a lone day without a month.
    """
    own = atom.year or year
    if atom.kind == "this":
        return _this(atom.part or "", dated)
    if own is not None:
        return _in_year(atom, own)
    if dated is None:
        return None
    found = _in_year(atom, dated.year)
    if found is not None and found.last < dated:
        return _in_year(atom, dated.year + 1)
    return found


def _in_year(atom: Atom, year: int) -> Period | None:
    if atom.kind == "date" and atom.day and atom.month:
        day = literal_date(atom.day, atom.month, year) or clamped(year, atom.month, atom.day)
        first = clamped(year, atom.month, atom.values[0]) if atom.values else day
        return Period(min(first, day), day)
    if atom.kind == "month":
        listed = atom.values or ((atom.month,) if atom.month else ())
        if not listed:
            return None
        whole = months(year, listed[0], listed[-1]) if atom.crosses_year else months(year, min(listed), max(listed))
        return _part(whole, atom.part, whole.last.replace(day=15))
    if atom.kind == "quarter":
        whole = quarters(year, atom.values[0], atom.values[-1]) if atom.crosses_year else quarters(year, min(atom.values), max(atom.values))
        return _part(whole, atom.part, whole.last)
    if atom.kind == "span":
        n = min(atom.values[0], 12)
        return months(year, 1, n) if atom.part == "dau" else months(year, 13 - n, 12)
    if atom.kind == "piece" and atom.month:
        return _piece(months(year, atom.month, atom.month), atom.part or "")
    if atom.kind == "school":
        return _school(atom, year)
    if atom.kind == "year":
        return _part(years(year, atom.until or year), atom.part, date(year, 6, 30))
    return None


def _school(atom: Atom, year: int) -> Period:
    """A school year or one of its terms: September to May, the first term to January (yearly frame of the Ministry of Education)."""
    until = atom.until or year + 1
    middle = last_day(until, 1)
    whole = Period(date(year, 9, 1), date(until, 5, 31))
    if atom.values:
        whole = Period(whole.first, middle) if atom.values[0] == 1 else Period(date(until, 2, 1), whole.last)
    return _part(whole, atom.part, middle)


def _part(whole: Period, part: str | None, middle: date) -> Period:
    if part is None:
        return whole
    day = {"dau": whole.first, "giua": middle, "cuoi": whole.last}[part]
    return Period(day, day)


def _piece(month: Period, words: str) -> Period:
    """Days of "nua dau", "10 ngay cuoi", "tuan dau" or "tuan thu 2" of a month; weeks run from its first day, the last one to its last."""
    name = words.split()
    if name[0] == "nua":
        middle = month.first.replace(day=15)
        return Period(month.first, middle) if name[1] == "dau" else Period(middle.replace(day=16), month.last)
    n = 7 if name[0] == "tuan" else int(name[0])
    if "cuoi" in name:
        return Period(month.last.replace(day=month.last.day - n + 1), month.last)
    nth = {"2": 2, "hai": 2, "3": 3, "ba": 3, "4": 4, "tu": 4}.get(name[-1].lstrip("0"), 1)
    return Period(month.first.replace(day=n * (nth - 1) + 1), month.first.replace(day=n * nth))


def _this(words: str, dated: date | None) -> Period | None:
    if dated is None:
        return None
    part, unit, *which = words.split()
    if which and which[-1] != "nay":
        ahead = {"ngay": dated, "tuan": date.fromordinal(dated.toordinal() + 6 - dated.weekday()), "nam": date(dated.year, 12, 31)}
        of_quarter = quarters(dated.year, quarter_of(dated), quarter_of(dated)).last
        last = ahead.get(unit) or (last_day(dated.year, dated.month) if unit == "thang" else of_quarter)
        dated = date.fromordinal(last.toordinal() + 1)
    if unit == "ngay":
        return Period(dated, dated)
    if unit == "tuan":
        friday = date.fromordinal(dated.toordinal() + 6 - dated.weekday())
        return Period(date.fromordinal(friday.toordinal() - 6), friday)
    if unit == "thang":
        whole = months(dated.year, dated.month, dated.month)
        middle = dated.replace(day=15)
    elif unit in ("quy", "qui"):
        whole = quarters(dated.year, quarter_of(dated), quarter_of(dated))
        middle = whole.last
    else:
        whole = years(dated.year, dated.year)
        middle = date(dated.year, 6, 30)
    return _part(whole, part if part in ("dau", "giua", "cuoi") else None, middle)


def date_at(folded: str, at: int) -> tuple[date, int] | None:
    """The complete date that begins at ``at`` ("ngày 24/3/2023", "ngày 05 tháng 9 năm 2016") and where it ends; None without a year."""
    for name in ("full", "words"):
        found = _FIELDS[name].match(folded, at)
        if found is not None and found["year"]:
            period = period_of(_atom(name, found), None)
            if period is not None:
                return period.first, found.end()
    return None
