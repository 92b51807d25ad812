"""Misread forms that their place alone puts right: Roman numerals with H for II, the note ``b/c`` (báo cáo) among recipients."""

from __future__ import annotations

import re

from diacritics.symbols import is_roman

_AFTER = r"(?i:\b(?:quý|khóa|khoá|khu vực|chương|phần|phụ lục|lần thứ|thứ|mục)\s+)"
_NUMERAL = re.compile(_AFTER + r"([IVXH]*H[IVXH]*)(?=[\s/.,;:)–-]|$)")
_HEADING = re.compile(r"^\s*([IVXH]*H[IVXH]*)(?=\.\s)")
_REPORT = re.compile(r"(?<![\w/])(b/[C€¢])(?!\w)")


def forced(line: str) -> list[tuple[int, int, str]]:
    """(begin, end, new text) of what can only have been something else: ``quý IH/2025`` → ``III``."""
    found = []
    for pattern in (_NUMERAL, _HEADING):
        for match in pattern.finditer(line):
            numeral = match[1].replace("H", "II")
            # A single H may be the eighth letter of a list (Phụ lục H); no quarter is called that.
            if is_roman(numeral) and (len(match[1]) > 1 or match[0].lower().startswith("quý")):
                found.append((match.start(1), match.end(1), numeral))
    found += [(match.start(1), match.end(1), "b/c") for match in _REPORT.finditer(line)]
    return found
