"""Which words a damaged token may have been: a walk of the token through a trie of all known words, cheapest readings first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Reads = tuple[dict[str, float], list[tuple[str, str, float]]]
"""What one read segment may stand for: single letters with costs, pairs of letters with costs."""

Table = Mapping[str, Reads]

MAX_STATES = 60
SLACK = 9.0
"""Readings dearer than the best so far by more than this are dropped."""

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

    def match(self, token: str, table: Table, *, stray: bool = False) -> list[tuple[str, int, float]]:
        """(word, number, cost) of the words that the token can be read from; ``stray`` allows characters that mean nothing."""
        size = len(token)
        layers: list[dict[int, float]] = [{} for _ in range(size + 1)]
        layers[0][0] = 0.0
        for i in range(size):
            states = layers[i]
            if not states:
                continue
            limit = min(states.values()) + SLACK
            if len(states) > MAX_STATES:
                limit = min(limit, sorted(states.values())[MAX_STATES])
            alive = [(node, cost) for node, cost in states.items() if cost <= limit]
            for length in (1, 2, 3):
                reads = table.get(token[i : i + length]) if i + length <= size else None
                if reads is not None:
                    self._step(alive, reads, layers[i + length])
            noise = STRAY_COST if token[i].isalnum() else NOISE_COST
            if stray or noise == NOISE_COST:
                following = layers[i + 1]
                for node, cost in alive:
                    if cost + noise < following.get(node, 1e9):
                        following[node] = cost + noise
        ends = self.ends
        return [(*ends[node], cost) for node, cost in layers[size].items() if node in ends]

    def _step(self, alive: list[tuple[int, float]], reads: Reads, layer: dict[int, float]) -> None:
        """Takes every living state over one read segment, by whichever is fewer: the node's letters or the segment's readings."""
        singles, doubles = reads
        children = self.children
        for node, cost in alive:
            edges = children[node]
            if len(edges) < len(singles):
                for letter, following in edges.items():
                    extra = singles.get(letter)
                    if extra is not None and cost + extra < layer.get(following, 1e9):
                        layer[following] = cost + extra
            else:
                for letter, extra in singles.items():
                    reached = edges.get(letter)
                    if reached is not None and cost + extra < layer.get(reached, 1e9):
                        layer[reached] = cost + extra
            for first, second, extra in doubles:
                middle = edges.get(first)
                if middle is not None:
                    reached = children[middle].get(second)
                    if reached is not None and cost + extra < layer.get(reached, 1e9):
                        layer[reached] = cost + extra
