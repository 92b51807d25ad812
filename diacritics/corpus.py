"""Correct Vietnamese text to count on: which files, how much each weighs, what is kept out for evaluation.

A corpus is a folder of ``*.txt`` or ``*.txt.xz`` files, one paragraph a line. Documents follow one another without a mark
between them, so whole stretches of consecutive paragraphs (:data:`BLOCK`) are kept out, never single lines.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

BLOCK = 400
"""Paragraphs in one stretch; a decree or plan has 60–300."""

HELD_OUT_EVERY = 40
"""One stretch of so many is for evaluation only."""

GENRE_WEIGHTS = {"admin": 3, "legal": 1, "wiki": 0}
"""How often a paragraph counts, by the first word of its file's name. Wiki pairs are counted apart (see ``train``)."""

_OLD_TONE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_OLD_TONE |= {k.upper(): v.upper() for k, v in _OLD_TONE.items()} | {k.capitalize(): v.capitalize() for k, v in _OLD_TONE.items()}
_TONE_PATTERN = re.compile(r"(?<![qQ])(" + "|".join(_OLD_TONE) + r")(?!\w)")


def unify_tones(text: str) -> str:
    """NFC, with the tone mark where modern offices write it: ``hoà`` → ``hòa``, ``thuỷ`` → ``thủy`` (``quý`` stays)."""
    return _TONE_PATTERN.sub(lambda m: _OLD_TONE[m.group(1)], unicodedata.normalize("NFC", text))


def corpus_files(folder: Path) -> list[Path]:
    """The corpus files of a folder in a stable order."""
    return sorted(p for p in folder.iterdir() if p.name.endswith((".txt", ".txt.xz")))


def genre(path: Path) -> str:
    """``admin``, ``legal``, ``wiki``: the file name up to the first underscore; anything else counts as ``admin``."""
    first = path.name.split("_", 1)[0]
    return first if first in GENRE_WEIGHTS else "admin"


def paragraphs(path: Path, *, held_out: bool) -> Iterator[str]:
    """The paragraphs of one file that are kept out for evaluation, or all the others; tones unified."""
    opener = lzma.open if path.name.endswith(".xz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if (number // BLOCK % HELD_OUT_EVERY == HELD_OUT_EVERY // 2) == held_out and line.strip():
                yield unify_tones(line.strip())
