"""Known agencies that a misread name might be: a letter wrong, lost or doubled, words glued together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from extract import gazetteer
from extract.folding import fold

_SHORTEST = 6
"""Names of fewer letters are one slip away from too much."""
_LONG = 20
"""From so many letters on two slips are forgiven."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A canonical name and how alike its spelling is to what was read (0 to 1)."""

    name: str
    alike: float


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


@gazetteer.forgettable
@lru_cache(maxsize=8)
def _by_head(extra: Path | None) -> dict[str, tuple[tuple[str, int, str], ...]]:
    """Letters, number of words and canonical name of every spelling, by the first word."""
    gaz = gazetteer.load(extra)
    found: dict[str, list[tuple[str, int, str]]] = {}
    for spelling, record in gaz.spellings():
        words = fold(spelling).split()
        if words:
            found.setdefault(words[0], []).append((_letters("".join(words)), len(words), record.name))
    return {head: tuple(same) for head, same in found.items()}


@gazetteer.forgettable
@lru_cache(maxsize=4096)
def likely_names(name: str, extra: Path | None = None) -> tuple[Likely, ...]:
    """The known names that ``name``, which is none, could be a slip of, the likeliest first; mostly none or one.

    Same first word and number of words; one letter changed, lost or added (two from twenty letters on), digits never. Words glued
    together or torn apart do not count as slips.
    """
    words = fold(name).split()
    letters = _letters("".join(words))
    if len(words) < 2 or len(letters) < _SHORTEST:
        return ()
    allowed = 2 if len(letters) >= _LONG else 1
    digits = [char for char in letters if char.isdigit()]
    best: dict[str, int] = {}
    for other, count, canonical in _by_head(extra).get(words[0], ()):
        distance = Levenshtein.distance(letters, other, score_cutoff=allowed)
        if distance > allowed or (distance and count != len(words)) or digits != [char for char in other if char.isdigit()]:
            continue
        best[canonical] = min(distance, best.get(canonical, distance))
    ranked = sorted(best.items(), key=lambda item: item[1])
    return tuple(Likely(canonical, round(1 - distance / len(letters), 3)) for canonical, distance in ranked)
