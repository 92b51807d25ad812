"""Dates, shares, sums of money and document numbers of one damaged line: repaired where their grammar leaves one reading.

A letter is read for a digit only where nothing but a number can stand (after *ngày*, *tháng*, *năm*, *Điều*, before %, inside a group
of thousands) and only when what comes out is a number of that kind: a day to 31, a month to 12, a year of four digits. A document
number is put together again (``130 2025 TT-BQP``, ``6ll20l8AID CP``) when its tail is, but for letters that OCR mixes up, one that
offices use. Whatever allows two readings stays as it was read. Grammar: Nghị định 30/2020/NĐ-CP, Phụ lục I và III.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from diacritics.numbers_looks import likeness
from diacritics.symbols import ADDRESS_IN_LINE, TYPES, abbreviations, repair_symbol

_FIGURES = str.maketrans("OoQØÖÓÔlI|!iLJTÍSsZz", "00000001111111115522")
_Y = r"[12lIZz][0-9OolI|SsZz]{3}"
_D = r"[0-9OoQØÖÓÔlI|!iLJTÍSZz]{1,2}"
_ONE_OR_SEVEN = ("T", "Í", "J")
"""Alone these may be either; behind or before another figure they were always 1."""

_DAY, _MONTH, _YEAR = r"ng[^\W\d_][yvỳ]", r"th\w{1,2}ng", r"n[^\W_]{1,2}m"
_ARTICLE = r"(?:[ĐDPÐ][iíl][eéèêềểi]{1,2}u|[Kk]ho[^\W\d_]n)"

HIGHEST_WITH_YEAR = 800
"""Above this a number with a year is taken for misread: of 5,690 such numbers counted in the corpora of law and office prose one is."""

FIRST_YEAR, LAST_YEAR = 1930, 2060

Repair = Callable[[re.Match[str]], str]


def repaired(line: str, *, torn: bool = True) -> str:
    """The line with its numbers repaired; addresses (URL, e-mail) and everything that no grammar forces stay.

    ``torn`` joins what blanks have torn apart (``876 /QD- BNV``), which is right for damaged lines; people type such blanks too.
    """
    if not any(c.isdigit() or c in "/%" for c in line) and not _WORDED.search(line):
        return line
    parts = ADDRESS_IN_LINE.split(line)
    for i in range(0, len(parts), 2):
        if parts[i]:
            parts[i] = _document_numbers(_figures(parts[i]), torn=torn)
    return "".join(parts)


def certain(line: str) -> str:
    """The line of a good document with those repairs alone that leave correct text as it is, blanks included.

    For the reading of a Vietnamese OCR, whose words are right and whose ``0T tháng 01`` and ``67/2024/TI-BQP`` are not.
    """
    if not any(c.isdigit() for c in line):
        return line
    parts = ADDRESS_IN_LINE.split(repaired(line, torn=False))
    for i in range(0, len(parts), 2):
        parts[i] = _NUMBERED.sub(lambda m: repair_symbol(m[0]), parts[i])
    return "".join(parts)


def _number(text: str) -> str:
    """The digits that look-alike letters stand for; the text itself when it has none of them right."""
    return text.translate(_FIGURES)


def _between(text: str, least: int, most: int) -> bool:
    return text.isdigit() and least <= int(text) <= most


def _is_year(text: str) -> bool:
    return len(text) == 4 and _between(text, FIRST_YEAR, LAST_YEAR)


def _digits(text: str) -> int:
    return sum(c.isdigit() for c in text)


def _day(m: re.Match[str]) -> str:
    day = _number(m[2])
    return m[1] + day if _between(day, 1, 31) and m[2] not in _ONE_OR_SEVEN else m[0]


def _month(m: re.Match[str]) -> str:
    month = _number(m[2])
    return m[1] + month if _between(month, 1, 12) and m[2] not in _ONE_OR_SEVEN else m[0]


def _term(m: re.Match[str]) -> str:
    return _number(m[2])


def _glued_month(m: re.Match[str]) -> str:
    month = _number(m[2])
    return f"{m[1]} {month}" if _between(month, 1, 12) else m[0]


def _year(m: re.Match[str]) -> str:
    year = _number(m[2])
    return m[1] + year if _is_year(year) and _digits(m[2]) >= 2 else m[0]


def _years(m: re.Match[str]) -> str:
    first, last = _number(m[1]), _number(m[3])
    right = _is_year(first) and _is_year(last) and _digits(m[1] + m[3]) >= 4
    return first + m[2] + last if right else m[0]


def _date(m: re.Match[str]) -> str:
    day, month, year = _number(m[1]), _number(m[2]), _number(m[3])
    right = _between(day, 1, 31) and _between(month, 1, 12) and _is_year(year) and _digits(m[0]) >= 4
    return f"{day}/{month}/{year}" if right else m[0]


def _month_of_year(m: re.Match[str]) -> str:
    month, year = _number(m[2]), _number(m[3])
    return f"{m[1]}{month}/{year}" if _between(month, 1, 12) and _is_year(year) and _digits(m[3]) >= 2 else m[0]


def _share(m: re.Match[str]) -> str:
    return _number(m[1]) + "%" if _digits(m[1]) or re.fullmatch("[lI][Oo]{1,2}", m[1]) else m[0]


def _money(m: re.Match[str]) -> str:
    groups = re.split(r"[.,]", m[0])
    return _number(m[0]) if groups[0][0].isdigit() and len({c for c in m[0] if c in ".,"}) == 1 else m[0]


_WORDED = re.compile(rf"(?i:{_MONTH}|{_DAY})\s*[OolI|]|[sS]6[.:]|{_ARTICLE}\s+[lI|S]\b|^\s*l[.O]")
_RULES: tuple[tuple[re.Pattern[str], str | Repair], ...] = (
    # "s6.98/TB", "S6:98/TB": the word số glued to its number.
    (re.compile(r"(?<!\w)([sS$][6oôốởéèeêb50d])\.(?=\d+[a-zđ]?(?:\s?/| (?:19|20)\d\d ))"), r"\1 "),
    (re.compile(r"(?<!\w)([sS$][6oôốởéèeêb50d]:)(?=\d)"), r"\1 "),
    # Words of a date glued to their figures.
    (re.compile(r"(?<!\w)((?i:th[aáàâdi4]ng))([iIl1|][0-2OoZz]|[0O][1-9]|[1-9])(?!\w)"), _glued_month),
    (re.compile(r"(?<!\w)((?i:ng[aàáâd]y))(?=\d{1,2}(?:/\d| ?th))"), r"\1 "),
    (re.compile(r"((?<!\w)(?i:ng[aàáâd]y) \d{1,2})(?=th[aáàâd]ng(?!\w))"), r"\1 "),
    (re.compile(r"(?<!\w)((?i:n[aăâ]m))(?=(?:19|20)\d\d(?!\w))"), r"\1 "),
    # Dates in words: the look-alikes of figures where only a figure can be.
    (re.compile(rf"((?i:(?<!\w){_DAY})[ ,]\s*)({_D})(?=\s+(?i:{_MONTH})(?!\w))"), _day),
    (re.compile(rf"((?i:(?<!\w){_MONTH})\s+)({_D})(?=\s+(?i:{_YEAR})\s+[12][0-9Oo])"), _month),
    (re.compile(rf"((?i:(?<!\w){_MONTH})\s+)((?=\D?\d)(?!\d\d)[0-9OlI|]{{2}})(?=[\s,;.)]|$)"), _month),
    (re.compile(rf"((?i:(?<!\w){_MONTH})\s+)({_D})/({_Y})(?!\w)"), _month_of_year),
    (re.compile(rf"((?i:(?<!\w){_YEAR})\s+)({_Y})(?!\w)"), _year),
    (re.compile(rf"((?i:(?<!\w){_YEAR})\s+20[0-4]) (?=\d(?:[\s,;.:)]|$))"), r"\1"),
    # "0T ngày", "Ø3 ngày": a term in days, months or years.
    (re.compile(rf"(?<![\w/.,-])()(\d[TlI!O]|[OØÖ]\d)(?=\s+(?:{_DAY}|{_MONTH}|{_YEAR})(?!\w))"), _term),
    # Dates in figures, periods, years.
    (re.compile(rf"(?<![\w/.,-])({_D})/({_D})/({_Y})(?![\w/])"), _date),
    (re.compile(r"(?<![\w/.,-])([0-3]?[0-9O])[/lI|]([01]?[0-9O])[/lI|]((?:19|20)\d\d)(?![\w/])"), _date),
    (re.compile(rf"(?<![\w/.,-])({_Y})( ?[-–—] ?)({_Y})(?![\w/])"), _years),
    (re.compile(r"(?<![\w/.,-])()([12][0-9OolI|]{3})(?![\w/])"), _year),
    # Shares, money.
    (re.compile(r"(?<![\w.,/])([0-9OolI]{1,3}(?:[.,][0-9OolI]{1,2})?)%"), _share),
    (re.compile(r"(?<=\d)(?:\. | \.)(?=000(?:\.000)*(?!\w))"), "."),
    (re.compile(r"(?<![\w.,/])[1-9][0-9OolI]{0,2}(?:[.,][0-9OolI]{3})+(?![\w/])"), _money),
    (re.compile(r"(?<![\w.,/])(\d{1,3}(?:\.\d{3})+)d(?!\w)"), r"\1đ"),
    # Articles and clauses have Arabic numbers.
    (re.compile(rf"((?<!\w){_ARTICLE}\s+)[l|](?=[\s,;.:]|$)"), r"\g<1>1"),
    (re.compile(r"((?<!\w)[Kk]ho[^\W\d_]n\s+)I(?=[\s,;.:]|$)"), r"\g<1>1"),
    (re.compile(r"((?<!\w)[ĐDÐ]i[^\W\d_]u\s+)S(?=\s)"), r"\g<1>5"),
    (re.compile(rf"((?<!\w){_ARTICLE}\s+\d{{1,3}})(?=[^\W\d_]{{3,}})"), r"\1 "),
    (re.compile(r"((?<=\d[ .,])v[aà])(?=\d{1,3}(?:[\s,;.]|$))"), r"\1 "),
    # List marks: "l. Sở …" (not "ll.", which may be II) and the mark that ends a text.
    (re.compile(r"^(\s*)l(?=\. )"), r"\g<1>1"),
    (re.compile(r"^(\s*)([1-9][Ol]|l[O0-9])(?=\. )"), lambda m: m[1] + _number(m[2])),
    (re.compile(r"(?<=\w),/[.,](?=\s*$)"), "./."),
)  # fmt: skip


def _figures(text: str) -> str:
    for pattern, right in _RULES:
        text = pattern.sub(right, text)
    return text


# --- document numbers -------------------------------------------------------------------------------------------------------------

_LETTERS = r"[A-ZĐÐ][A-Za-zĐÐđ&]*"
_TORN = re.compile(rf"(?<![\w/.,-])(\d{{1,5}}[a-zđ]?) ?/ ?((?:(?:19|20)\d\d ?/ ?)?)({_LETTERS})( ?[-–] ?)(?=[A-ZĐÐ]{{2}})")
_TORN_BEFORE = re.compile(r"(?<=\d) +(?=/[A-ZĐÐ]{2})|(?<=\d/) +(?=[A-ZĐÐ]{2,}-)")
_TORN_YEAR = re.compile(r"(?<=[0-9a-zđ]/)([12]\d{0,2}) (\d{1,3})(?=/[A-ZĐÐ])")
_YEARED = re.compile(
    r"(?<![\w/.,-])(?P<number>\d[0-9OolI|]{0,3}[a-zđ]?)(?P<sep>[/’'‘°,. -]| / )?(?P<year>(?:2[0Oo]|19)[0-9OolI|]{2})"
    r"(?P<tail> ?\S+(?: [^\s,;]+)?)"
)
_SPACED = re.compile(rf"(?<![\w/.,-])(\d{{1,5}}) ({_LETTERS}-{_LETTERS})(?![\w-])")
_PARTY = re.compile(rf"(?<![\w/.,-])(\d{{1,4}}-{_LETTERS})-(BTCTW|VPTW|TW|TU|HU|ĐU)(?![\w-])")

_NUMBERED = re.compile(r"(?<![\w/.,-])\d[\dOlI]{0,4}[a-zđ]?/(?:\d{4}/)?[A-ZĐÐ][A-Za-zĐÐđ&¢-]*[A-Za-zĐÐđ]\d{0,2}(?!\w)")

_MINISTRIES = (
    "BTC BCT BQP BCA BNV BYT BXD BTP BNG BGDĐT BGTVT BTNMT BTTTT BKHCN BKHĐT BNNMT BNNPTNT BVHTTDL BLĐTBXH BDTTG NHNN TTCP VPCP UBDT "
    "TANDTC VKSNDTC KTNN"
)
_TERMS = range(9, 17)
"""Quốc hội IX (from 1992) to XVI: the terms whose laws carry the term's number."""


@cache
def _tails() -> tuple[str, ...]:
    """The endings of numbers that carry a year, as printed, from the slash on."""
    fixed = ["NĐ-CP", "QĐ-TTg", "NQ-CP", "CT-TTg", "NQ-HĐND", "QĐ-UBND", "CT-UBND", "PL-UBTVQH", "NQ-UBTVQH", "TT-UBND"]
    fixed += [f"TT-{m}" for m in _MINISTRIES.split()] + [f"QĐ-{m}" for m in _MINISTRIES.split()]
    fixed += [f"{body}{n}" for n in _TERMS for body in ("QH", "UBTVQH")]
    return tuple("/" + tail for tail in fixed)


@lru_cache(maxsize=16384)
def _tail(read: str, most: float) -> tuple[str, int] | None:
    """The one tail that ``read`` begins with, and how many of its characters it takes; None when there is none or there are two."""
    ranked = sorted((*likeness(tail, read, most=most + 0.4), tail) for tail in _tails())
    cost, used, tail = ranked[0]
    if cost > most or (len(ranked) > 1 and ranked[1][0] < cost + 0.25):
        return None
    return tail, used


_TYPED = re.compile(
    r"(?i)(?:ngh\S{0,2} \S{1,5}nh|th\S{1,2}ng t\S{1,3}|ngh\S{0,2} q\S{3,6}t|qu?\S{2,5}t \S{1,4}nh|lu\S{1,2}t)\W*(?:s\S{1,2}\W*)?$"
)
"""Nghị định, Thông tư, Nghị quyết, Quyết định, Luật in whatever shape, and số: what follows can only be a number."""


def _before_year(number: str, separator: str | None) -> str | None:
    """The number that stands before the year; None when its last character may be a slash or a digit alike."""
    letter = number[-1] if number[-1] in "abcđe" else ""
    core = number[: len(number) - len(letter)]
    if separator:
        return _number(core) + letter if core and core[0].isdigit() else None
    if len(core) > 1 and core[-1] in "lI|":
        return _number(core[:-1])
    if not core.isdigit():
        return None
    if core[-1] in "17" and len(core) > 1 and (core[-1] == "1" or int(core) > HIGHEST_WITH_YEAR):
        return core[:-1] if int(core) > HIGHEST_WITH_YEAR else None
    return core + letter


def _with_years(text: str, *, torn: bool) -> str:
    """Repairs every number that has a year; what was read beyond one number's tail may be the next number."""
    at = 0
    while m := _YEARED.search(text, at):
        found = _yeared(m)
        if found and not torn and " " in text[m.start("tail") : found[1]].lstrip():
            found = None
        right, end = found if found else (text[m.start() : m.end("year")], m.end("year"))
        text = text[: m.start()] + right + text[end:]
        at = m.start() + len(right)
    return text


def _yeared(m: re.Match[str]) -> tuple[str, int] | None:
    """A number with its year put right, and where in the line the damaged one ended; None when it stays."""
    year, read = _number(m["year"]), m["tail"]
    if m["sep"] == "/" and m["year"].isdigit() and m["number"].isdigit() and re.match(rf"/{_LETTERS}-{_LETTERS}(?!\w)", read):
        return None  # in good order; its parts are looked at one by one
    found = _tail(read, 1.3 if _TYPED.search(m.string[: m.start()]) else 1.05)
    number = _before_year(m["number"], m["sep"])
    if found is None or number is None or not _is_year(year) or not _between(number.rstrip("abcđe"), 1, HIGHEST_WITH_YEAR):
        return None
    tail, used = found
    return f"{number}/{year}{tail}", m.start("tail") + used


def _torn(m: re.Match[str]) -> str:
    if m[4].strip() != m[4] and m[4].count(" ") == 2 and not _is_type(m[3]):
        return m[0]  # "12/UBND - NC" may be a number and a dash
    return f"{m[1]}/{m[2].replace(' ', '')}{m[3]}-"


def _is_type(part: str) -> bool:
    """Whether a part is a type, in whatever shape OCR left its Đ."""
    return repair_symbol(f"1/{part}-UBND") in {f"1/{t}-UBND" for t in TYPES}


def _joined_year(m: re.Match[str]) -> str:
    return m[1] + m[2] if _is_year(m[1] + m[2]) else m[0]


def _spaced(m: re.Match[str]) -> str:
    head, tail = m[2].split("-", 1)
    right = repair_symbol(f"{m[1]}/{m[2]}")
    parts = right.split("/")[1].split("-", 1)
    known = parts[0] in TYPES and all(p in abbreviations() for p in parts[1].split("-"))
    return right if known and not _is_year(m[1]) and tail and head else m[0]


def _party(m: re.Match[str]) -> str:
    return f"{m[1]}/{m[2]}" if _is_type(m[1].split("-")[1]) else m[0]


def _document_numbers(text: str, *, torn: bool) -> str:
    if torn:
        text = _TORN_YEAR.sub(_joined_year, _TORN_BEFORE.sub("", text))
        text = _TORN.sub(_torn, text)
    return _PARTY.sub(_party, _SPACED.sub(_spaced, _with_years(text, torn=torn)))
