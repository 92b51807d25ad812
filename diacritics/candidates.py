"""Which words a damaged token may have been: a walk of the token through a trie of all known words, cheapest readings first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Table = Mapping[str, list[tuple[str, float]]]

_MAX_STATES = 70
_SLACK = 9.0
NOISE_COST = 5.0
"""−ln P of a stray mark inside a token."""

STRAY_COST = 7.5
"""−ln P of a stray letter or digit inside a token."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One or two words that a token may stand for. ``cost`` is −ln P(token | words); ``words`` are language-model numbers."""

    words: tuple[int, ...]
    texts: tuple[str, ...]
    cost: float
    keep: bool = False
    """The raw token itself stays, whatever its letters."""


class Trie:
    """Words by letters; nodes are numbers so that states of the walk are small."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self.children: list[dict[str, int]] = [{}]
        self.ends: dict[int, tuple[str, int]] = {}
        for word, number in words:
            node = 0
            for c in word:
                following = self.children[node].get(c)
                if following is None:
                    following = len(self.children)
                    self.children.append({})
                    self.children[node][c] = following
                node = following
            self.ends[node] = (word, number)

    def match(self, token: str, table: Table) -> list[tuple[str, int, float]]:
        """(word, number, cost) of the words that the token can be read from."""
        size = len(token)
        layers: list[dict[int, float]] = [{} for _ in range(size + 1)]
        layers[0][0] = 0.0
        children = self.children
        readings = [[(i + n, table[token[i : i + n]]) for n in (1, 2, 3) if i + n <= size and token[i : i + n] in table] for i in range(size)]
        for i in range(size):
            states = layers[i]
            if not states:
                continue
            limit = min(states.values()) + _SLACK
            if len(states) > _MAX_STATES:
                limit = min(limit, sorted(states.values())[_MAX_STATES])
            noise = NOISE_COST if not token[i].isalnum() else STRAY_COST
            for node, cost in states.items():
                if cost > limit:
                    continue
                edges = children[node]
                for end, reads in readings[i]:
                    layer = layers[end]
                    for true, extra in reads:
                        if len(true) == 1:
                            following = edges.get(true)
                        else:
                            middle = edges.get(true[0]) if true else None
                            following = children[middle].get(true[1]) if middle is not None else None
                        if following is not None:
                            total = cost + extra
                            if total < layer.get(following, 1e9):
                                layer[following] = total
                if cost + noise < layers[i + 1].get(node, 1e9):
                    layers[i + 1][node] = cost + noise
        return [(*self.ends[node], cost) for node, cost in layers[size].items() if node in self.ends]
