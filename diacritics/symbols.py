"""Tokens that are no words: numbers, document numbers, codes, units, addresses, abbreviations. Tells them, and repairs their letters.

Grammar: ``NUM/[YEAR/]TYPE-ISSUER{-SUB}``, ``NUM/ISSUER-UNIT``, ``NUM-TYPE/ISSUER`` (Nghị định 30/2020/NĐ-CP and party use).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

from diacritics.letters import plain
from diacritics.numbers_looks import likeness

_ABBREVIATIONS = Path(__file__).parent / "model" / "abbreviations.csv"
_NUMBER = re.compile(r"[+\-±≥≤]?\d[\d.,:%°/–-]*[%]?")
_HOST = r"[\w-]+(?:\.[\w-]+)*\.(?:vn|com|org|net|gov|edu|info|io|asia)"
_ADDRESS = re.compile(rf"(?i)(?:https?:|www\.)\S*|\S+@\S+\.\S+|{_HOST}(?:[:/]\S*)?")
ADDRESS_IN_LINE = re.compile(rf"(?i)((?<!\S)[(“\"<]?(?:(?:https?:|www\.)\S*|\S+@\S+\.\S+|{_HOST}(?:[:/]\S*)?)(?![\w]))")
"""URLs, host names and e-mail addresses of a line, as one group for ``split``."""

_SEPARATED = re.compile(r"([/\-–._])")
_ROMAN = re.compile(r"(?=[IVXLC])(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_GLUED = re.compile(r"(\d{4})[lI1|](?=[A-ZĐ]{2,}-)")
_LOOKALIKE = re.compile(r"(?<=\d)[oO](?=\d)|(?<=\d)[lI|](?=\d)")
_TERM = re.compile(r"(?:UBTV)?[QO0]H\S{1,3}")
_STEERING = re.compile(r"BC[DPBÐ](?=[A-ZĐ]{2})")

_TYPES = "NQ QĐ CT QC QyĐ TC TB HD CTr KH PA ĐA DA BC BB TTr HĐ CĐ BGN BTT GUQ GM GGT GNP PG PC PB NĐ TT TTLT KL VBHN CTPH"
TYPES = frozenset(_TYPES.split())
"""Type abbreviations of Nghị định 30/2020/NĐ-CP (Phụ lục III) and those of law, at the head of a number's tail."""

_UNIT = (
    r"[kcdm]?m[23]?|km/h|m3/h|ha|[kmµ]?g|ml|[kM]?VA?|[kMG]Wh?|[kM]Wp|[KMGT]B|[KMG]bps|[kMGT]Hz|pH|dB|°C|kcal|mg/l|mg/kg"
)  # fmt: skip
_CODES = re.compile(
    rf"""
    (?:km|cm|mm|dm|m)[23] | kV|kVA|kWh?|MWh?|MWp|GWh?|MVA|GHz|MHz|kHz|Mbps|Gbps|pH     # units
  | \d+(?:[.,]\d+)*(?:{_UNIT})(?:/\w+)?                                       # figures with a unit
  | \d+(?:[.,]\d+)*[tđ] | \d{{1,2}}[hg]\d{{2}} | \d{{1,2}}h                     # money, clock
  | (?:CO|SO|NO|NH|CH|PO|O|N)[2-4] | H2S | H2O | H2SO4 | N2O | SiO2 | PM2[.,]5 | PM10 | RON9[25] | E[5-9]RON9[25]
  | [A-ZĐ]{{2,}}\d{{2,}} | [A-Z][1-9]\d+ | A\d | [BCEFHK-NPRTX-Z][1-3]          # codes, papers, classes
  | [A-Z]\d[A-Z]\d | \d{{2,}}[A-H] | [2-9][A-HK-NP-RT-Z] | [IVX]{{2,}}[a-eđ]
  | \d+[A-Zđ][A-Z]?\d+[A-Z]? | \d{{2,}}[a-eđ] | [235789][a-e]                 # 29C123, 24b, 3a
    """,
    re.VERBOSE,
)
_NO_CODE = re.compile(r"[146]\d?[md]|[06]\w|4[a-zđ]|1a|4[A-FH-Z]")
"""Shapes of codes that more often are letters read as figures (4m = ấm, 1a = là)."""

_ARTICLE = re.compile(r"(?:dieu|d1eu|pieu|kho\w{1,2}|khoan|diem|muc|mau|phu|luc|bang|tiet|hang|so|s6|sb|lop|loai|nhom)")
_LETTERED = re.compile(r"\d{1,3}[a-hA-Hđ]\d?|[A-Z][1-35789]")
_POINT = re.compile(r"[a-zđ]\d")


@cache
def abbreviations() -> frozenset[str]:
    """The abbreviations that offices use, as printed."""
    with _ABBREVIATIONS.open(encoding="utf-8", newline="") as rows:
        return frozenset(row["abbreviation"] for row in csv.DictReader(r for r in rows if not r.startswith("#")))


@cache
def _names() -> frozenset[str]:
    """Abbreviations and product names that mix small and capital letters (VNeID); types are no words of a sentence."""
    return frozenset(a for a in abbreviations() if not a.isupper() and a not in TYPES)


@cache
def _repairs() -> dict[str, str]:
    """Damaged form → abbreviation, where only one abbreviation with Đ can be meant."""
    known, found = abbreviations(), dict[str, set[str]]()
    for right in known:
        for letters in product(*("DPBÐ" if c == "Đ" else c for c in right)):
            form = "".join(letters)
            if form != right and form not in known:
                found.setdefault(form, set()).add(right)
    return {form: next(iter(rights)) for form, rights in found.items() if len(rights) == 1}


def is_number(token: str) -> bool:
    """Digits, dates, shares: nothing to restore."""
    return bool(_NUMBER.fullmatch(token))


def is_roman(token: str) -> bool:
    """An upper-case Roman numeral."""
    return bool(_ROMAN.fullmatch(token))


def is_address(token: str) -> bool:
    """A URL, host name or e-mail address."""
    return bool(_ADDRESS.fullmatch(token))


def is_code(token: str, before: str = "") -> bool:
    """Digits among letters, or capitals among small ones, that are no damage: ``m2``, ``110kV``, ``5G``, ``CO2``, ``3a``, ``VNeID``.

    ``before`` is the token to the left as it was read: after *khoản* even ``1a`` is a number, elsewhere it is a misread *là*.
    """
    if _CODES.fullmatch(token) and not _NO_CODE.fullmatch(token):
        return True
    if token in _names():
        return True
    if _POINT.fullmatch(token):
        return plain(before).lower() == "diem"
    if not _LETTERED.fullmatch(token) or not _ARTICLE.fullmatch(plain(before).lower()):
        return False
    return not (token.startswith("1a") and before[:1] in "sS")  # Cơ sở 1a = Cơ sở là


def is_symbol(token: str) -> bool:
    """The number of a document or a chain of abbreviations: ``876/QĐ-BNV``, ``UBND-NC``, ``TT-BTC``."""
    if is_address(token):
        return True
    parts = [p for p in _SEPARATED.split(token) if p and not _SEPARATED.fullmatch(p)]
    if len(parts) < 2:
        return "&" in token and token in abbreviations() | _repairs().keys()
    letters = [p for p in parts if not p.isdigit()]
    if not letters:
        return True
    upper = [p for p in letters if sum(c.isupper() for c in p) >= 2 and sum(c.isupper() for c in p) * 2 > sum(c.isalpha() for c in p)]
    if not any(c.isdigit() for c in token):
        # A heading in capitals has strokes and dashes too: CÁN BỘ/CÔNG CHỨC.
        return len(upper) == len(letters) and any(p in abbreviations() or (len(p) > 2 and p in _repairs()) for p in letters)
    if "/" not in token and "-" not in token and any(p.isalpha() and len(p) > 1 and p not in abbreviations() for p in letters):
        return False  # a list mark and its word: 1.NHIEM
    digit = any(p[0].isdigit() for p in parts)
    return len(upper) == len(letters) or (digit and bool(upper)) or (digit and all(len(p) == 1 for p in letters))


def repair_abbreviation(token: str) -> str:
    """``HDND`` → ``HĐND``; anything known, or that could mean two things, stays, and so do two letters but for QD and LD."""
    if token in abbreviations() or (len(token) < 3 and token not in ("QD", "LD")):
        return token
    return _repairs().get(token, token)


@lru_cache(maxsize=16384)
def _part(part: str, *, first: bool) -> str:
    """One group of letters of a document number; ``first`` after its figures, where a type or an issuer stands."""
    known = abbreviations()
    if part in known or not any(c.isalpha() for c in part):
        return part
    right = _repairs().get(part)
    if right in TYPES and (first or len(part) > 2):
        return right
    # P and B are letters of units too (GDPT is no GDĐT): outside the type they are a Đ in HĐND alone.
    if right is not None and len(part) > 2 and (right == "HĐND" or plain(right) == plain(part)):
        return right
    if first:
        part = _nearest(part, TYPES, 0.65)
        if part in TYPES:
            return part
    if _TERM.fullmatch(part):
        return _nearest(part, (f"{body}{n}" for n in range(9, 17) for body in ("QH", "UBTVQH")), 0.9)
    if len(part) > 2:
        part = _nearest(part, (a for a in known if len(a) > 2), 0.45)
    return _STEERING.sub("BCĐ", part) if part not in known else part


def _nearest(part: str, names: Iterable[str], most: float) -> str:
    """The one name that ``part`` looks like; ``part`` when there is none, or a second nearly as like."""
    ranked = sorted((cost, name) for name in names for cost, used in [likeness(name, part)] if used == len(part))
    if not ranked or ranked[0][0] > most or (len(ranked) > 1 and ranked[1][0] < ranked[0][0] + 0.2):
        return part
    return ranked[0][1]


def repair_symbol(token: str) -> str:
    """``876/QP-BNV`` → ``876/QĐ-BNV``, ``50/2017lQD-TTg`` → ``50/2017/QĐ-TTg``; what the grammar does not force stays."""
    if is_address(token) or is_code(token):
        return token
    token = _GLUED.sub(r"\1/", token)
    parts = _SEPARATED.split(token)
    numbered = ("/" in token and any(c.isdigit() for c in parts[0])) or token.startswith("/")
    first = True
    for i, part in enumerate(parts):
        if not part or _SEPARATED.fullmatch(part):
            continue
        if part[0].isdigit():
            parts[i] = _LOOKALIKE.sub(lambda m: "0" if m.group() in "oO" else "1", part) if i == 0 else part
        elif numbered:
            parts[i] = _part(part, first=first)
            first = False
        elif part.replace("&", "").isalpha():
            parts[i] = repair_abbreviation(part)
    return "".join(parts)
