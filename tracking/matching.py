"""Which task of a new extraction is which task of an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

SAME_PATH = 65.0
"""Similarity (0 to 100) from which two texts at the same place of the outline are the same task."""

OTHER_PATH = 85.0
"""The same for texts at different places: a bullet more or less above shifts the paths of all below it."""

_PATH_BONUS = 10.0
_PART_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task as far as matching goes: ``folded`` is its text without diacritics."""

    key: int
    path: str
    folded: str


def match(old: Sequence[Candidate], new: Sequence[Candidate]) -> dict[int, int]:
    """New key → old key, each used once: first equal texts (at the same path if possible), then the most similar pairs."""
    pairs: dict[int, int] = {}
    free_old = {candidate.key: candidate for candidate in old}
    free_new = {candidate.key: candidate for candidate in new}

    def claim(new_key: int, old_key: int) -> None:
        pairs[new_key] = old_key
        del free_old[old_key], free_new[new_key]

    for with_path in (True, False):
        by_text: dict[tuple[str, str], list[int]] = {}
        for candidate in free_old.values():
            by_text.setdefault((candidate.path if with_path else "", candidate.folded), []).append(candidate.key)
        for candidate in list(free_new.values()):
            if keys := by_text.get((candidate.path if with_path else "", candidate.folded)):
                claim(candidate.key, keys.pop(0))
    scored = [
        (score, -new_candidate.key, -old_candidate.key)
        for new_candidate in free_new.values()
        for old_candidate in free_old.values()
        if (score := _score(old_candidate, new_candidate))
    ]
    for _, new_key, old_key in sorted(scored, reverse=True):
        if -new_key in free_new and -old_key in free_old:
            claim(-new_key, -old_key)
    return pairs


def _score(old: Candidate, new: Candidate) -> float:
    """0 when they are not the same task."""
    if old.path != new.path:
        return fuzz.ratio(old.folded, new.folded, score_cutoff=OTHER_PATH)
    score = fuzz.ratio(old.folded, new.folded)
    if min(len(old.folded), len(new.folded)) >= _PART_LENGTH:
        # The lower half of an item that ran over a page break was missing before, or was glued to the next.
        score = max(score, 0.9 * fuzz.partial_ratio(old.folded, new.folded, score_cutoff=90))
    return score + _PATH_BONUS if score >= SAME_PATH else 0.0
