"""Capitals: what the case of a damaged token says about its word, and the case in which the word is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from diacritics.letters import Case, case_of
from diacritics.pieces import Piece

Flag = Literal["title", "lower", ""]
"""What the case of a token inside a sentence says; nothing at its start and in headings."""


def is_heading(row: Sequence[Piece]) -> bool:
    """Whether a line is written in capitals: nearly all of its words are."""
    words = [p.raw for p in row if p.kind in ("word", "keep") and sum(c.isalpha() for c in p.raw) > 1]
    capital = sum(not any(c.islower() for c in w) for w in words)
    return bool(words) and capital / len(words) > 0.7


def flag_of(text: str, row: Sequence[Piece], at: int) -> Flag:
    """What the case of a token says about its word: only inside a sentence, and only when it has letters."""
    raw = row[at].raw
    if not at or not raw[0].isalpha() or raw.isupper():
        return ""
    gap = text[row[at - 1].end : row[at].begin]
    if any(c in gap for c in '.:-–“"(') or row[at - 1].kind == "keep":
        return "" if raw[0].isupper() else "lower"
    return "title" if raw[0].isupper() else "lower"


def beside_capitals(row: Sequence[Piece], at: int) -> bool:
    """Whether a neighbour is a word in capitals, as in a heading inside a line."""
    return any(0 <= i < len(row) and row[i].kind == "word" and len(row[i].raw) > 1 and row[i].raw.isupper() for i in (at - 1, at + 1))


def written_case(text: str, row: Sequence[Piece], first: int, capital: float, *, heading: bool) -> Case:
    """The case to write; ``capital`` is how often the chosen word has a capital inside a sentence."""
    raw = row[first].raw
    case = case_of(raw)
    if heading and any(c.isupper() or c.isdigit() for c in raw):
        return "upper"
    if case == "upper" and (not raw.isupper() or not (heading or beside_capitals(row, first))):
        case = "title"  # a word alone among small letters: BO Tai chinh
    if not raw[0].isalpha():
        following = row[first + 1].raw if first + 1 < len(row) else ""
        return "title" if following[:1].isupper() and not following.isupper() and capital > 0.2 else "lower"
    if case == "title" and raw[0] in "SVXZ" and capital < 0.006 and flag_of(text, row, first) == "title":
        return "lower"  # letters whose capital only differs in size: sap Xep
    return case
