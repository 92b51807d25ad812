"""How right a table was read: cells that are exact, rows that were lost, invented or shifted."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from diacritics.corpus import unify_tones

Cells = tuple[str, ...]

SAME_ROW = 0.5
"""Share of equal signs from which two rows are the same row, read differently."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counted over rows and cells; cells that are empty in truth and reading count for nothing.

    ``shifted``: rows whose words stand in other columns, or in more or fewer of them. ``wrong``: (true, read) of cells that differ.
    """

    cells: int = 0
    exact: int = 0
    rows: int = 0
    lost: int = 0
    invented: int = 0
    shifted: int = 0
    wrong: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Score) -> Score:
        return Score(
            self.cells + other.cells,
            self.exact + other.exact,
            self.rows + other.rows,
            self.lost + other.lost,
            self.invented + other.invented,
            self.shifted + other.shifted,
            self.wrong + other.wrong,
        )

    @property
    def share(self) -> float:
        """Exact cells (0 to 1)."""
        return self.exact / self.cells if self.cells else 1.0


def normal(cell: str) -> str:
    """What is compared: blanks, the place of the tone mark and the way letters are coded do not matter; all else does."""
    return unify_tones(unicodedata.normalize("NFC", " ".join(cell.split())))


def compare(true: Sequence[Cells], read: Sequence[Cells]) -> Score:
    """The score of the rows ``read`` on a page whose tables hold the rows ``true``."""
    wanted = [tuple(map(normal, row)) for row in true]
    found = [tuple(map(normal, row)) for row in read]
    total = Score(rows=len(wanted))
    for left, right in _aligned(wanted, found):
        if left is None:
            total += Score(cells=_filled(found[right or 0]), invented=1, wrong=(("", " | ".join(found[right or 0])),))
        elif right is None:
            total += Score(cells=_filled(wanted[left]), lost=1, wrong=((" | ".join(wanted[left]), ""),))
        else:
            total += _row(wanted[left], found[right])
    return total


def _filled(row: Cells) -> int:
    return sum(map(bool, row))


def _row(true: Cells, read: Cells) -> Score:
    width = max(len(true), len(read))
    pairs = list(zip((*true, *[""] * (width - len(true))), (*read, *[""] * (width - len(read))), strict=True))
    counted = [pair for pair in pairs if any(pair)]
    wrong = tuple(pair for pair in counted if pair[0] != pair[1])
    # A misread letter moves nothing; what is gone from its cell and stands in one that is to be empty, or joined to another's words, does.
    moved = len(true) != len(read) or any(_elsewhere(cell, at, pairs) for at, (cell, _) in enumerate(pairs))
    return Score(cells=len(counted), exact=len(counted) - len(wrong), shifted=int(moved), wrong=wrong)


def _elsewhere(cell: str, at: int, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether a cell's words, of which nothing is left in place, stand in another column that has not them by right."""
    if not cell or _alike(cell, pairs[at][1]) >= SAME_ROW:
        return False
    return any(_alike(cell, read) >= 0.8 and _alike(cell, true) < 0.8 for other, (true, read) in enumerate(pairs) if other != at)


def _alike(one: str, other: str) -> float:
    return Levenshtein.normalized_similarity(one, other) if one and other else 0.0


def _aligned(true: Sequence[Cells], read: Sequence[Cells]) -> list[tuple[int | None, int | None]]:
    """Rows of both sides in order, each with its counterpart: the pairing with the most signs in common."""
    texts = ["\t".join(row) for row in true], ["\t".join(row) for row in read]
    likeness = [[Levenshtein.normalized_similarity(a, b, score_cutoff=SAME_ROW) for b in texts[1]] for a in texts[0]]
    weight = [[likeness[i][j] * (1 + min(len(a), len(b)) / 50) for j, b in enumerate(texts[1])] for i, a in enumerate(texts[0])]
    best = [[0.0] * (len(read) + 1) for _ in range(len(true) + 1)]
    for i in reversed(range(len(true))):
        for j in reversed(range(len(read))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + weight[i][j])
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(true) or j < len(read):
        if i < len(true) and j < len(read) and weight[i][j] and best[i][j] == best[i + 1][j + 1] + weight[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif j == len(read) or (i < len(true) and best[i][j] == best[i + 1][j]):
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs
