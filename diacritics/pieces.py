"""Takes a line apart into pieces that are restored and the text between them, which stays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from diacritics.symbols import is_number, is_roman, is_symbol

Kind = Literal["word", "number", "symbol", "keep"]

_LEAD = "\"'“”‘’«([{<*+-–—•_|~^=°.,;:!?\\`…#>»·"
_TRAIL = "\"'“”‘’»)]}>*-–—_|~^=.,;:!?\\`…#·"
_INNER = re.compile(r"[/;,:.()–—\-“”\"]+")
_LIST_MARK = re.compile(r"\s*(?:[-+*•–]|\(?(?:[a-zđ]|[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*)[.)])(?=\s|$)")
_RUBBISH = re.compile(r"[\\^~|_■¬¦°`•·*]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of a line: characters ``begin`` to ``end`` (excluded) of the raw line."""

    raw: str
    begin: int
    end: int
    kind: Kind


def _kind(core: str) -> Kind:
    if is_number(core):
        return "number"
    if is_symbol(core):
        return "symbol"
    return "keep" if is_roman(core) else "word"


def pieces(line: str) -> list[Piece]:
    """The tokens of a line in order."""
    found: list[Piece] = []
    mark = _LIST_MARK.match(line)
    start = mark.end() if mark else 0
    for chunk in re.finditer(r"\S+", line[start:]):
        begin, core = start + chunk.start(), chunk.group()
        bare = core.lstrip(_LEAD)
        begin += len(core) - len(bare)
        core = bare.rstrip(_TRAIL)
        if not core:
            continue
        kind = _kind(core)
        if kind != "word" or not _INNER.search(core):
            found.append(Piece(core, begin, begin + len(core), kind))
            continue
        for part in re.finditer(r"[^/;,:.()–—\-“”\"]+", core):
            raw = part.group()
            found.append(Piece(raw, begin + part.start(), begin + part.end(), _kind(raw)))
    return found


def clean_gap(gap: str) -> str:
    """The text between two pieces of a damaged line without its noise characters; never empty where a space was."""
    kept = re.sub(r"\s+", " ", _RUBBISH.sub("", gap))
    return kept if kept or not gap.strip(" ") == "" else gap
