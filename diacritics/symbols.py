"""Numbers of documents, dates, abbreviations, addresses: what is left alone, and what their grammar forces to be repaired.

Grammar: ``NUM/[YEAR/]TYPE-ISSUER{-SUB}``, ``NUM/ISSUER-UNIT``, ``NUM-TYPE/ISSUER`` (Nghị định 30/2020/NĐ-CP and party use).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from itertools import product
from pathlib import Path

_ABBREVIATIONS = Path(__file__).parent / "model" / "abbreviations.csv"
_NUMBER = re.compile(r"[+\-]?\d[\d.,:%°/–-]*[%]?")
_ADDRESS = re.compile(r"(?i)(https?:|www\.)\S*|\S+@\S+\.\S+|[\w-]+(\.[\w-]+)*\.(vn|com|org|net|gov|edu|info)(/\S*)?")
_SEPARATED = re.compile(r"([/\-–.&_])")
_ROMAN = re.compile(r"(?=[IVXLC])(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_GLUED = re.compile(r"(\d{4})[lI1|](?=[A-ZĐ]{2,}-)")
_HUNDRED = re.compile(r"(?<=\d)[oO](?=\d)|(?<=\d)[lI|](?=\d)")


@cache
def abbreviations() -> frozenset[str]:
    """The abbreviations that offices use, as printed."""
    with _ABBREVIATIONS.open(encoding="utf-8", newline="") as rows:
        return frozenset(row["abbreviation"] for row in csv.DictReader(r for r in rows if not r.startswith("#")))


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


def is_symbol(token: str) -> bool:
    """The number of a document or a chain of abbreviations: ``876/QĐ-BNV``, ``UBND-NC``, ``TT-BTC``."""
    if is_address(token):
        return True
    parts = [p for p in _SEPARATED.split(token) if p and not _SEPARATED.fullmatch(p)]
    if len(parts) < 2:
        return False
    letters = [p for p in parts if not p.isdigit()]
    if not letters:
        return True
    upper = [p for p in letters if sum(c.isupper() for c in p) >= 2 and sum(c.isupper() for c in p) * 2 > len(p)]
    digit = any(p[0].isdigit() for p in parts)
    return len(upper) == len(letters) or (digit and bool(upper)) or (digit and all(len(p) == 1 for p in letters))


def repair_abbreviation(token: str) -> str:
    """``HDND`` → ``HĐND``; anything known, or that could mean two things, stays."""
    return token if token in abbreviations() else _repairs().get(token, token)


def repair_symbol(token: str) -> str:
    """``876/QP-BNV`` → ``876/QĐ-BNV``, ``50/2017lQD-TTg`` → ``50/2017/QĐ-TTg``; what the grammar does not force stays."""
    if is_address(token):
        return token
    token = _GLUED.sub(r"\1/", token)
    parts = _SEPARATED.split(token)
    for i, part in enumerate(parts):
        if part and part[0].isdigit():
            parts[i] = _HUNDRED.sub(lambda m: "0" if m.group() in "oO" else "1", part) if i == 0 else part
        else:
            parts[i] = repair_abbreviation(part)
    return "".join(parts)
