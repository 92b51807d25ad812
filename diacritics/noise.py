"""Makes correct text look like bad OCR, in the regimes that real scans show; for evaluation and for experiments.

``strip``: marks lost, some letters with them; ``eng``: a Latin OCR without Vietnamese; ``digit``: vowels as digits and symbols;
``vie``: now and then a wrong mark; ``marks``: all marks lost and nothing else.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict

from diacritics.channel import SOURCES, Channel
from diacritics.letters import ALPHABET, plain

REGIMES = ("marks", *SOURCES)
GLUE, TEAR, WRONG_MARK = 0.004, 0.003, 0.02
"""Shares of spaces lost, of words torn, and of syllables with a wrong mark in the ``vie`` regime."""

_WORD = re.compile(r"[^\W\d_]+")


class Noise:
    """Samples damage from the channel's tables with its own random numbers."""

    def __init__(self, channel: Channel, seed: int = 1) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - noise, not secrets
        self._readings: dict[str, dict[str, tuple[list[str], list[float]]]] = {}
        for source, table in channel.columns.items():
            rows: dict[str, tuple[list[str], list[float]]] = defaultdict(lambda: ([], []))
            for (true, read), p in table.items():
                if true:
                    rows[true][0].append(read)
                    rows[true][1].append(p)
            self._readings[source] = dict(rows)
        groups: dict[str, list[str]] = defaultdict(list)
        for c in ALPHABET:
            groups[plain(c)].append(c)
        self._marks = {c: [o for o in group if o != c] for group in groups.values() for c in group if len(group) > 1}

    def damage(self, line: str, regime: str) -> str:
        """The line as an OCR of this regime might give it."""
        if regime == "marks":
            return plain(line)
        if regime == "vie":
            return _WORD.sub(lambda m: self._wrong_mark(m.group()), line)
        noisy = _WORD.sub(lambda m: self._word(m.group(), regime), line)
        return self._respace(noisy)

    def _word(self, word: str, regime: str) -> str:
        if word.isupper() and len(word) > 1 and plain(word) == word:
            return word
        rows, read, at = self._readings[regime], "", 0
        while at < len(word):
            pair = word[at : at + 2]
            row = rows.get(pair)
            if row is not None and len(pair) == 2 and self._rng.random() < min(sum(row[1]), 0.5):
                at += 2
            else:
                row = rows.get(word[at], ([word[at]], [1.0]))
                at += 1
            read += self._rng.choices(row[0], weights=row[1])[0]
        return read

    def _wrong_mark(self, word: str) -> str:
        places = [i for i, c in enumerate(word) if c in self._marks]
        if not places or self._rng.random() >= WRONG_MARK:
            return word
        i = self._rng.choice(places)
        return word[:i] + self._rng.choice(self._marks[word[i]]) + word[i + 1 :]

    def _respace(self, line: str) -> str:
        words = line.split(" ")
        result = words[0]
        for word in words[1:]:
            result += ("" if self._rng.random() < GLUE else " ") + word
        if len(result) > 20 and self._rng.random() < TEAR * len(words):
            at = self._rng.randrange(2, len(result) - 2)
            result = result[:at] + " " + result[at:]
        return result
