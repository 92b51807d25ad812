"""The wording of the genre, read from ``resources/phrases.yaml`` and ``resources/opening_verbs.csv``: a person can correct it there.

Everything here asks questions of folded text (see ``folding``), since bad OCR loses diacritics first.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from extract.folding import fold, fold_with_offsets

_RESOURCES = files("extract") / "resources"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Compiled lists of ``phrases.yaml``; every pattern works on folded text."""

    idle_sections: re.Pattern[str]
    idle_sections_unless: re.Pattern[str]
    idle_openers: re.Pattern[str]
    closings: re.Pattern[str]
    closings_anywhere: re.Pattern[str]
    preamble: re.Pattern[str]
    attributes: tuple[tuple[str, re.Pattern[str]], ...]
    columns: tuple[tuple[str, re.Pattern[str]], ...]


def _any_of(phrases: list[str], *, whole: bool = True) -> str:
    return "(?:" + "|".join(re.escape(phrase) if whole else phrase for phrase in sorted(phrases, key=len, reverse=True)) + ")"


@cache
def phrases() -> Phrases:
    """The lists, compiled once."""
    data = yaml.safe_load((_RESOURCES / "phrases.yaml").read_text("utf-8"))
    return Phrases(
        idle_sections=re.compile(rf"(?:ve )?{_any_of(data['idle_sections'])}\b"),
        idle_sections_unless=re.compile(rf"\b{_any_of(data['idle_sections_unless'])}\b"),
        idle_openers=re.compile(rf"{_any_of(data['idle_openers'])}\b"),
        closings=re.compile(rf"{_any_of(data['closings'])}\b"),
        closings_anywhere=re.compile(rf"\b{_any_of(data['closings_anywhere'])}\b"),
        preamble=re.compile(rf"{_any_of(data['preamble'])}"),
        attributes=tuple((role, re.compile(_any_of(forms, whole=False))) for role, forms in data["attributes"].items()),
        columns=tuple((role, re.compile(_any_of(forms, whole=False))) for role, forms in data["columns"].items()),
    )


@cache
def _opening_verbs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lines = (_RESOURCES / "opening_verbs.csv").read_text("utf-8").splitlines()
    verbs = [row["verb"] for row in csv.DictReader(line for line in lines if not line.startswith("#"))]
    # One syllable says too little without its diacritics: "giao" would open "Giáo dục", "thu" "Thủ trưởng".
    short = [verb.lower() for verb in verbs if " " not in verb]
    long = [fold(verb) for verb in verbs if " " in verb]
    return re.compile(_any_of(short) + r"\b"), re.compile(_any_of(long) + r"\b")


def opens_order(text: str) -> bool:
    """Whether ``text`` begins with a verb that orders something, adverbs before it included ("Khẩn trương", "Tiếp tục")."""
    short, long = _opening_verbs()
    return long.match(fold(text)) is not None or short.match(text.lower()) is not None


_OPENING_PHRASE = re.compile(
    r"(?:doi voi|truong hop|khi|theo|truoc ngay|tren co so|trong|nham|de|dinh ky|sau khi|ngoai ra|hang nam|hang quy)\b[^,;.]*,\s*"
)
_ASKED = re.compile(r"(?<!trình )(?<!bản )(?<!sơ )(?<!Đơn )(?<!đơn )(?<!tục )đề nghị (?!khen|tặng|xét|của)", re.IGNORECASE)
_LABEL = re.compile(r"[^:.;]{3,120}:\s+")


def orders_somewhere(text: str) -> bool:
    """Whether ``text`` opens with a verb that orders, at once, behind a label ("Kinh phí điều dưỡng: căn cứ …") or an opening phrase."""
    folded = fold_with_offsets(text)
    starts = [0]
    for pattern in (_LABEL, _OPENING_PHRASE):
        match = pattern.match(folded.text)
        if match and match.end() < len(folded.text):
            starts.append(folded.span(match.end(), match.end() + 1)[0])
    return any(opens_order(text[start:]) for start in starts) or _ASKED.search(text) is not None
