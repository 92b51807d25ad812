"""The grammar of document numbers: finding them in text and mending what scanning broke.

Nghị định 30/2020/NĐ-CP, Điều 8: number, a slash, the symbol; groups of the symbol joined by hyphens, no blanks. These shapes exist::

    153/KH-UBND        60/2021/NĐ-CP     an abbreviation of the type, then who issued it (with the year: a normative document)
    822/UBND-NCVX                        a công văn: who issued it, then the drafting unit
    66.7/2025/NQ-CP                      the Government's resolutions on one field number within a number
    19-NQ/TW                             the Party: the type before the slash
    202/2025/QH15                        the National Assembly and its Standing Committee

A number is changed only where this grammar leaves no other reading: a letter inside a run of digits, a look-alike from another alphabet,
blanks around a separator, a type or issuer that lost the stroke of its Đ. Nothing here decides what is cited.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

# Cyrillic and Greek capitals that OCR and careless keyboards give for Latin ones, and the two other capital D with stroke.
_LOOK_ALIKES = str.maketrans("АВСЕНІЈКМОРЅТХУΑΒΕΗΙΚΜΝΟΡΤΧΥΖаеорсхуΐÐƉðƯ‐‑‒–—−", "ABCEHIJKMOPSTXYABEHIKMNOPTXYZaeopcxyiĐĐđU------")
_DIGIT_ALIKES = str.maketrans("OolI|", "00111")

_LETTER = "A-Za-zĐđƯÐƉАВСЕНІЈКМОРЅТХУΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"
_NUM = r"(?<![\w/.,:\-–])\*{0,2}(?P<num>\d[\dOo]{0,5}(?:\.\d{1,2}(?=/2))?[a-zđ]?)\*{0,2}"
_SLASH = r"[^\S\n]?/\s?"
_HYPHEN = r"(?:[-‐‑‒–]\s?(?:[-‐‑‒–]\s?)?|[^\S\n][-‐‑‒–])"
_GROUP = rf"[A-ZĐƯÐƉАВСЕНІКМОРЅТХ][{_LETTER}]*(?:&\s?[{_LETTER}]+)*\d{{0,3}}(?:\.[IVX]{{1,4}}(?![{_LETTER}À-ỹ.]))?(?![{_LETTER}À-ỹ]|\d)"

FULL_NUMBER = re.compile(
    rf"""{_NUM}(?:
        {_SLASH}(?P<year>(?:19|2[0Oo])[\dOo]{{2}})(?:{_SLASH}|[lI|](?=[A-ZĐ])|-?(?=(?:NĐ|ND|NQ|QĐ|QD|TT|TTLT)-))
        (?P<normative>{_GROUP}(?:(?:{_HYPHEN}|\s)(?!\d){_GROUP})*)
      | {_SLASH}(?P<spaced>{_GROUP}[^\S\n]?[-–]?[^\S\n](?:TTg|UBND|CP|HĐND|HDND|BNV|BTC|VPCP)(?![{_LETTER}À-ỹ]|\d)(?:{_HYPHEN}{_GROUP})*)
      | {_SLASH}(?P<symbol>{_GROUP}(?:{_HYPHEN}{_GROUP})*)
      | (?:[^\S\n]?[-–][^\S\n]?|[^\S\n](?=(?:KH|KL|NQ|QĐ|TB|BC|CV|HD|CTr|CT|TTr|KHLT|CTPH)/[A-ZĐ]))
        (?P<party>[A-ZĐÐƉ][{_LETTER}]{{1,5}}){_SLASH}(?P<committee>{_GROUP}(?:-{_GROUP})*)
    )""",
    re.VERBOSE,
)
"""A whole number in running text, broken or not; :func:`repair_number` makes it what it was."""

_SEPARATOR = re.compile(r"\s*([/\-&])\s*")
_SLASH_FOR_L = re.compile(r"(?<=\d)[lI|](?=(?:QĐ|QD|QP|NĐ|ND|NQ|TT|TTLT|CT|KH|TB|QH|UBTVQH)\d*(?:-|$))")
# "101 KH/TĐTN-VP": bodies that write as the Party does often leave its hyphen out.
_HYPHEN_LEFT_OUT = re.compile(r"^(\d+) (?=[A-ZĐ][A-ZĐr]{1,3}/)")
_SLASH_LOST = re.compile(r"(?<=/(?:19|20)\d\d)[- ]?(?=(?:NĐ|ND|NQ|QĐ|QD|QP|QB|TT|TTLT)[- ])")
_LEADING = re.compile(r"^(?P<num>[\dOolI|]+(?:\.\d{1,2})?)(?P<letter>[a-zđ]?)(?P<rest>[/\-].*)$")
_YEAR = re.compile(r"^/([12l][\dOolI|]{3})(?=[/-])")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A number as Nghị định 30/2020 writes it. ``certain`` is False where a group of its symbol is not in the tables."""

    text: str
    changed: bool
    certain: bool


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One type: its name, the symbols that stand for it in numbers, other names in text, abbreviations used before a number."""

    name: str
    symbols: tuple[str, ...]
    names: tuple[str, ...]
    abbreviations: tuple[str, ...]


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a table in ``extract/resources`` without its comment lines."""
    text = (files("extract") / "resources" / name).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#")))


@lru_cache(maxsize=1)
def document_types() -> tuple[DocumentType, ...]:
    """Every document type of ``document_types.csv``."""
    return tuple(
        DocumentType(
            name=row["type"],
            symbols=tuple(row["symbols"].split()),
            names=tuple(filter(None, row["names"].split("|"))),
            abbreviations=tuple(row["abbreviations"].split()),
        )
        for row in read_rows("document_types.csv")
    )


@lru_cache(maxsize=1)
def issuer_symbols() -> dict[str, str | None]:
    """Symbol of an issuing body → its name, None where several bodies share the symbol."""
    return {row["symbol"]: row["issuer"] or None for row in read_rows("issuer_symbols.csv")}


@lru_cache(maxsize=1)
def type_symbols() -> dict[str, str]:
    """Symbol of a type in numbers → name of the type ("TTr" → "Tờ trình")."""
    return {symbol: kind.name for kind in reversed(document_types()) for symbol in kind.symbols}


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str | None]:
    """Folded symbol → the one symbol it can be, None where two share the folded form (DA: Dự án, Đề án)."""
    found: dict[str, str | None] = {}
    for symbol in [*type_symbols(), *issuer_symbols()]:
        key = _key(symbol)
        found[key] = symbol if found.get(key, symbol) == symbol else None
    # P and B are what OCR makes of a bold Đ; no symbol of a type is written with them.
    found |= {"QP": "QĐ", "QB": "QĐ", "CTTG": None}
    return found


def _key(symbol: str) -> str:
    return symbol.upper().replace("Đ", "D")


@lru_cache(maxsize=8192)
def repair_number(raw: str) -> Repaired:
    """The number that ``raw`` was before scanning and line breaks damaged it; applying it twice changes nothing more.

    Text that is no number at all comes back as it is, uncertain.
    """
    repaired = _repaired_once(raw)
    while (again := _repaired_once(repaired.text)).text != repaired.text:  # one repair may lay another damage open
        repaired = again
    return Repaired(again.text, again.text != raw, again.certain)


def _repaired_once(raw: str) -> Repaired:
    text = unicodedata.normalize("NFC", raw).translate(_LOOK_ALIKES).replace("*", "").strip(" .,;:")
    text = re.sub("--+", "-", _SEPARATOR.sub(r"\1", " ".join(text.split())))
    text = _HYPHEN_LEFT_OUT.sub(r"\1-", _SLASH_LOST.sub("/", _SLASH_FOR_L.sub("/", text)))
    parts = _LEADING.match(text)
    if parts is None:
        return Repaired(text, text != raw, certain=False)
    rest = parts["rest"]
    if year := _YEAR.match(rest):
        rest = f"/{year[1].translate(_DIGIT_ALIKES)}{rest[year.end() :]}"
    pieces = re.split(r"([/\- ])", rest)
    known, seen = True, 0
    for at, piece in enumerate(pieces):
        if not piece or piece in "/- " or piece.isdigit():
            continue
        mended_piece, sure = _symbol(piece, is_type=_is_type_place(pieces, at))
        pieces[at] = mended_piece
        # Behind the issuer come drafting units, which each office names as it likes.
        known = known and (sure or seen > 0)
        seen += piece not in type_symbols()
    mended = "".join(pieces).replace(" ", "-")
    text = _SLASH_LOST.sub("/", parts["num"].translate(_DIGIT_ALIKES) + parts["letter"] + mended)
    return Repaired(text, text != raw, certain=known)


def _is_type_place(pieces: list[str], at: int) -> bool:
    """Whether the group stands where the grammar wants a type: first group, with another one behind it."""
    return all(piece in ("", "/", "-") or piece.isdigit() for piece in pieces[:at]) and at + 1 < len(pieces)


def _symbol(group: str, *, is_type: bool) -> tuple[str, bool]:
    """The group as the tables spell it, and whether they know it. Unknown groups stay (each office names its own units)."""
    if group in type_symbols() or group in issuer_symbols():
        known_elsewhere = not is_type and group == "HD"
        return group, not known_elsewhere
    numbered = re.match(r"^([A-ZĐ]+)(\d{1,2})$", group)
    if numbered and numbered[1] in issuer_symbols():
        return group, True
    candidate = _spellings().get(_key(group))
    if candidate is None:
        return group, False
    if candidate in ("QĐ", "NĐ", "CĐ", "ĐA", "TTr", "CTr", "KH", "QyĐ") and not is_type:
        return group, False
    return candidate, True


def type_of_number(number: str) -> str | None:
    """The type that the symbol names ("21/CT-TTg" → Chỉ thị), Công văn where an issuer stands in its place, else None."""
    if re.match(r"^[\d.]+/\d{4}/(?:QH|UBTVQH)\d", number):
        return None  # laws and resolutions of the National Assembly share this shape
    found = re.match(r"^[\d.]+[a-zđ]?(?:/\d{4}/|[/\-])(?P<first>[A-ZĐa-zđ&]+)(?P<more>[\-/].+)?", number)
    if found is None:
        return None
    if found["first"] in type_symbols() and found["first"] != "CV" and (found["more"] or found["first"] not in issuer_symbols()):
        return type_symbols()[found["first"]]
    return "Công văn" if found["more"] and not re.match(r"^[\d.]+/\d{4}/", number) else None


def issuer_of_number(number: str) -> str | None:
    """The body that the symbol names beyond doubt ("60/2021/NĐ-CP" → Chính phủ); None for symbols that many offices share."""
    groups = re.findall(r"[A-ZĐa-zđ&]+", re.sub(r"^[\d.]+[a-zđ]?", "", number))
    if groups and groups[0] in type_symbols():
        groups = groups[1:]
        if len(groups) != 1:  # joint documents, and offices below the one that the first group names
            return None
    return issuer_symbols().get(groups[0]) if groups else None
