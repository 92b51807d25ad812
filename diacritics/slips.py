"""Which words an OCR that knows Vietnamese may have misread: the same letters with other marks, a letter for its look-alike."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from diacritics.channel import Segments
from diacritics.letters import is_syllable, plain

COST_LIMIT = 11.5
"""−ln P of the dearest reading that is thought of."""

LOOK_ALIKE_COST = 9.5
"""−ln P of a confusion of letters that was not seen in the training pairs."""

DOUBLED_COST = 3.0

_LOOK_ALIKES = (
    "m=rn m=nn m=in n=h h=n n=u u=n u=ii n=ii c=e e=c l=i i=l l=t t=l h=li b=h h=b o=c c=o g=q q=g v=y y=v k=lc d=cl a=o o=a "
    "ư=u u=ư ơ=o ư=ir h=k r=t t=r s=x th=tb nh=nb kh=kb t=i i=t t=( c=( t=[ c=["
)  # fmt: skip


_VARIANTS = frozenset(
    {("tàu", "tầu"), ("dày", "dầy"), ("giày", "giầy"), ("này", "nầy"), ("hằng", "hàng"), ("hàng", "hằng"), ("quý", "quí")}
)
"""(word, token) that are both right spellings of one word, or two words that no context tells apart."""

_CLOSED_WITHIN = 4
"""Lines from that of a bracket on in which it is closed."""


class Slips:
    """Candidates for a token with −ln P(token | candidate), from the ``vie`` column of the channel; keeps what it has found."""

    def __init__(self, vocabulary: Iterable[tuple[str, int]], column: Segments) -> None:
        self._words = {word: number for word, number in vocabulary if is_syllable(word)}
        self._by_plain: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for word, number in self._words.items():
            self._by_plain[plain(word)].append((word, number))
        self._marks = {(t, r): -math.log(p) for (t, r), p in column.items() if len(t) == len(r) == 1 and plain(t) == plain(r) and t != r}
        self._letters: dict[str, list[tuple[str, float]]] = defaultdict(list)
        seen = {(t, r): -math.log(p) for (t, r), p in column.items() if plain(t) != plain(r) and t and r}
        for pair in _LOOK_ALIKES.split():
            true, read = pair.split("=")
            seen.setdefault((true, read), LOOK_ALIKE_COST)
        for (true, read), cost in seen.items():
            self._letters[read].append((true, cost))
        self._longest = max(map(len, self._letters), default=1)
        self._near: dict[str, tuple[tuple[str, int, float], ...]] = {}
        self._far: dict[str, tuple[tuple[str, int, float], ...]] = {}

    def other_marks(self, token: str) -> tuple[tuple[str, int, float], ...]:
        """(word, number, cost) of the syllables with the letters of the lower-case ``token`` and other marks."""
        found = self._near.get(token)
        if found is None:
            found = self._near[token] = tuple(self._marked(token, 0.0))
        return found

    def other_letters(self, token: str) -> tuple[tuple[str, int, float], ...]:
        """(word, number, cost) of syllables that differ in one letter or pair of letters, and perhaps in marks too."""
        found = self._far.get(token)
        if found is None:
            best: dict[int, tuple[str, float]] = {}
            for replaced, cost in self._replaced(token):
                number = self._words.get(replaced)
                own = [(replaced, number, cost)] if number is not None else []
                for word, at, whole in (*own, *self._marked(replaced, cost)):
                    if whole < best.get(at, ("", COST_LIMIT))[1] and plain(word) != plain(token):
                        best[at] = word, whole
            found = self._far[token] = tuple((word, at, cost) for at, (word, cost) in best.items())
        return found

    def _replaced(self, token: str) -> Iterable[tuple[str, float]]:
        for i in range(1, len(token)):
            if token[i - 1] != token[i] and plain(token[i - 1]) == plain(token[i]):  # one vowel read twice: TRIẾỂN
                yield token[: i - 1] + token[i:], DOUBLED_COST
                yield token[:i] + token[i + 1 :], DOUBLED_COST
        for begin in range(len(token)):
            for end in range(begin + 1, min(len(token), begin + self._longest) + 1):
                for true, cost in self._letters.get(token[begin:end], ()):
                    yield token[:begin] + true + token[end:], cost

    def _marked(self, token: str, cost: float) -> Iterable[tuple[str, int, float]]:
        for word, number in self._by_plain.get(plain(token), ()):
            if word == token or len(word) != len(token) or (word, token) in _VARIANTS:
                continue
            whole = cost
            for true, read in zip(word, token, strict=True):
                if true != read:
                    whole += self._marks.get((true, read), COST_LIMIT)
            if whole < COST_LIMIT:
                yield word, number, whole


def opens_nothing(lines: Sequence[str], n: int, at: int) -> bool:
    """Whether character ``at`` of line ``n`` is a bracket before a word that is closed nowhere: a misread letter ("(âm" for tâm)."""
    line = lines[n]
    if at < 0 or line[at] not in "([" or (at and not line[at - 1].isspace()):
        return False
    rest = "\n".join([line[at + 1 :], *lines[n + 1 : n + _CLOSED_WITHIN]])
    # Brackets that OCR closed with another sign still leave an open one behind.
    return next((sign for sign in rest if sign in "()[]{}"), "(") in "([{"
