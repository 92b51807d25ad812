"""Damaged running text for training the tagger: true words with what an OCR of some regime reads in their place.

Whole tokens come from what an OCR was seen to make of the same word where it was seen often enough, and from the letter confusions of
the channel otherwise, so that common words are damaged as they really are and rare ones plausibly.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from diacritics.channel import Channel
from diacritics.letters import plain
from diacritics.noise import Noise
from diacritics.pieces import Piece, pieces

POOL = 48
"""Readings drawn for a word and a regime before they repeat."""

SEEN_OFTEN = 6
"""Real readings of a word from which its damage is drawn instead of from its letters."""

MIXTURES = {"eng": 0.32, "marks": 0.16, "strip": 0.14, "digit": 0.14, "vie": 0.14, "mixed": 0.10}
"""Shares of the stretches in each regime; ``mixed`` draws one for every word."""

WRONG_LETTER, GLUED, TORN = 0.012, 0.004, 0.003
CAPITALS = 0.06
"""Share of stretches set in capitals, as headings are."""

_EDGES = ".,;:!?()\"“”'’[]-–"
GAPS = (" ", ",;", ".", ":", '()"“”', "/-–", "\n", "")
"""Classes of what stands between a token and the one before it; the last but one is a new paragraph, the last anything else."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive tokens: as read, the true word of each in lower case ('' where there is none to learn), the gap before each."""

    raw: tuple[str, ...]
    true: tuple[str, ...]
    gaps: tuple[int, ...]


def gap_class(gap: str) -> int:
    """The number of the class in :data:`GAPS` of the characters between two tokens."""
    bare = gap.strip()
    if not bare:
        return 0
    return next((n for n, kind in enumerate(GAPS[1:6], 1) if bare[-1] in kind), len(GAPS) - 1)


def gaps_of(text: str, found: Sequence[Piece]) -> list[int]:
    """The class of the gap before each piece of a text; the first opens a paragraph."""
    return [GAPS.index("\n") if n == 0 else gap_class(text[found[n - 1].end : p.begin]) for n, p in enumerate(found)]


class Damage:
    """Draws readings of words in a regime; own random numbers."""

    def __init__(self, channel: Channel, readings: dict[str, Counter[str]], seed: int = 1) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - noise, not secrets
        self._noise = Noise(channel, seed)
        self._readings = readings
        self._pools: dict[tuple[str, str], list[str]] = {}
        self._letters = [*"abcdeghiklmnopqrstuvxyàáâãèéêìíòóôõùúýăđĩũơư0123456789'’.&¢€§"]

    def word(self, true: str, regime: str) -> str:
        """One reading of a word; capitals as in ``true``."""
        pool = self._pools.get((true, regime))
        if pool is None:
            pool = self._drawn(true, regime)
            if len(self._pools) > 400_000:
                self._pools.clear()
            self._pools[true, regime] = pool
        return pool[int(self._rng.random() * len(pool))]

    def _drawn(self, true: str, regime: str) -> list[str]:
        if regime == "marks":
            return [plain(true)]
        if regime == "vie":
            return [self._noise.damage(true, "vie") for _ in range(POOL)]
        real = self._readings.get(true)
        if regime == "eng" and real is not None and real.total() >= SEEN_OFTEN:
            return self._rng.choices(list(real), weights=list(real.values()), k=POOL)
        return [self._noise.damage(true, regime).replace(" ", "") or plain(true) for _ in range(POOL)]

    def regime(self) -> str:
        """A regime for a stretch, or ``mixed``."""
        return self._rng.choices(list(MIXTURES), weights=list(MIXTURES.values()))[0]

    def stretch(self, words: Sequence[str], kinds: Sequence[str], gaps: Sequence[int]) -> Stretch:
        """True tokens, damaged. ``kinds`` are those of :class:`~diacritics.pieces.Piece`: only words are damaged."""
        regime, rng = self.regime(), self._rng
        heading = rng.random() < CAPITALS
        raw, true, between = list[str](), list[str](), list[int]()
        single = [r for r in MIXTURES if r != "mixed"]
        for word, kind, gap in zip(words, kinds, gaps, strict=True):
            if kind != "word":
                read = word
            else:
                read = self.word(word.upper() if heading else word, rng.choice(single) if regime == "mixed" else regime)
                if regime not in ("marks", "vie") and rng.random() < WRONG_LETTER:
                    read = self._miswritten(read)
            if raw and rng.random() < GLUED and kind == "word" and regime != "marks":
                raw[-1] += read
                true[-1] = ""
            elif len(read) > 2 and rng.random() < TORN and regime != "marks":
                at = rng.randrange(1, len(read))
                raw += [read[:at], read[at:]]
                true += ["", ""]
                between += [gap, 0]
            else:
                raw.append(read)
                true.append(word.lower() if kind == "word" else f"<{kind}>")
                between.append(gap)
        return Stretch(tuple(raw), tuple(true), tuple(between))

    def _miswritten(self, read: str) -> str:
        at, letter = self._rng.randrange(len(read)), self._rng.choice(self._letters)
        return self._rng.choice((read[:at] + letter + read[at + 1 :], read[:at] + letter + read[at:], (read[:at] + read[at + 1 :]) or read))


def aligned(true: str, read: str) -> Stretch | None:
    """A real line pair as a stretch, when both have the same number of tokens."""
    trues, reads = true.split(), read.split()
    if len(trues) != len(reads):
        return None
    rows: list[tuple[str, str, int]] = []
    for n, (t, r) in enumerate(zip(trues, reads, strict=True)):
        wanted, found = pieces(t), pieces(r)
        if len(wanted) == len(found):
            gaps = gaps_of(r, found)
            gaps[:1] = [6 if n == 0 else gap_class(r[: found[0].begin])] if found else []
            rows += [(f.raw, w.raw.lower() if w.kind == "word" else f"<{w.kind}>", g) for w, f, g in zip(wanted, found, gaps, strict=True)]
        else:
            rows += [(f.raw, "", 0) for f in found]
    return Stretch(*(tuple(column) for column in zip(*rows, strict=True))) if rows else None


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """(true line, read line) of a file of ``python -m diacritics.pairs``."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            true, read = json.loads(line)[:2]
            yield true, read


def word_readings(pairs: Sequence[tuple[str, str]]) -> dict[str, Counter[str]]:
    """True word (case kept) → how often each token was read for it."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for true, read in pairs:
        trues, reads = true.split(), read.split()
        if len(trues) != len(reads):
            continue
        for t, r in zip(trues, reads, strict=True):
            word, token = t.strip(_EDGES), r.strip(_EDGES)
            if re.fullmatch(r"[^\W\d_]+", word) and token and abs(len(word) - len(token)) < 4:
                found[word][token] += 1
    return dict(found)
