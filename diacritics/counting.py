"""Counts the language model: weighted n-gram counts, absolute discounting with interpolation, pruning to a size."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from diacritics.corpus import corpus_files, genre, paragraphs
from diacritics.letters import is_syllable
from diacritics.lm import ORDER, SPECIAL, START, UNKNOWN, Floats, Keys, LanguageModel, tokens

WEIGHTS = {"admin": 3.0, "legal": 1.0, "wiki": 0.25}
"""Directives are scored; wiki only covers what offices never write. The weights were set by judgement, not by a search."""

DISCOUNT = {2: 0.7, 3: 0.8, 4: 0.85}
KEEP = {2: 1_000_000, 3: 2_600_000, 4: 1_600_000}
"""At most so many n-grams, the heaviest first; with these the file is about 11 MB."""

Counts = tuple[Keys, npt.NDArray[np.float64]]


def count_words(folder: Path) -> list[str]:
    """The vocabulary: classes, then Vietnamese syllables seen three times, then other words seen often."""
    total: Counter[str] = Counter()
    for path in corpus_files(folder):
        seen: Counter[str] = Counter()
        for text in paragraphs(path, held_out=False):
            seen.update(tokens(text))
        weight = WEIGHTS[genre(path)]
        for word, n in seen.items():
            total[word] += weight * n  # type: ignore[assignment]  # weighted counts
    words = [w for w, n in total.most_common() if w not in SPECIAL and len(w) <= 24 and n >= (2 if is_syllable(w) else 8)]
    return [*SPECIAL, *words[: 60_000 - len(SPECIAL)]]


_INSIDE = re.compile(r"(?<=[a-zà-ỹ,] )[^\W\d_]+")
"""Words in the middle of a sentence, where a capital says something."""


def count_capitals(folder: Path, vocabulary: list[str]) -> Floats:
    """Natural logarithm of the share of each word's occurrences inside sentences that begin with a capital; smoothed towards a fifth."""
    forms: Counter[str] = Counter()
    for path in corpus_files(folder):
        if genre(path) != "wiki":
            for text in paragraphs(path, held_out=False):
                forms.update(_INSIDE.findall(text))
    upper, lower = Counter[str](), Counter[str]()
    for form, n in forms.items():
        if form[0].isupper() and (len(form) == 1 or not form.isupper()):
            upper[form.lower()] += n
        elif form.islower():
            lower[form] += n
    shares = [(upper[w] + 0.4) / (upper[w] + lower[w] + 2.0) for w in vocabulary]
    return np.log(np.array(shares, dtype=np.float32))


def _encode(path: Path, ids: dict[str, int]) -> npt.NDArray[np.uint64]:
    row = array("H")
    for text in paragraphs(path, held_out=False):
        row.extend((START, START, START))
        row.extend(ids.get(t, UNKNOWN) for t in tokens(text))
    return np.frombuffer(row, dtype=np.uint16).astype(np.uint64)


def _merge(parts: list[Counts]) -> Counts:
    keys = np.concatenate([k for k, _ in parts])
    values = np.concatenate([v for _, v in parts])
    unique, where = np.unique(keys, return_inverse=True)
    return unique, np.bincount(where, weights=values, minlength=len(unique)).astype(np.float64)


def count(folder: Path, vocabulary: list[str]) -> dict[int, Counts]:
    """Weighted counts of all n-grams up to four words; unknown words break them (foreign names follow one another)."""
    ids = {w: i for i, w in enumerate(vocabulary)}
    totals: dict[int, list[Counts]] = {n: [] for n in range(1, ORDER + 1)}
    for path in corpus_files(folder):
        row, weight = _encode(path, ids), WEIGHTS[genre(path)]
        real = (row != START) & (row != UNKNOWN)
        for order, parts in totals.items():
            key = np.zeros(len(row) - order + 1, dtype=np.uint64)
            for i in range(order):
                key = key << np.uint64(16) | row[i : len(row) - order + 1 + i]
            whole = real[order - 1 :].copy()
            if order == 1:
                whole |= row == UNKNOWN
            for i in range(order - 1):
                whole &= row[i : len(row) - order + 1 + i] != UNKNOWN
            keys, n = np.unique(key[whole], return_counts=True)
            once = n > 1 if order == ORDER else np.ones(len(n), dtype=bool)
            parts.append((keys[once], n[once].astype(np.float64) * weight))
    return {order: _merge(found) for order, found in totals.items()}


def estimate(vocabulary: list[str], counts: dict[int, Counts]) -> LanguageModel:
    """Interpolated absolute discounting, written as a backed-off model over the n-grams that are kept."""
    size = len(vocabulary)
    keys, values = counts[1]
    p1 = np.full(size, 0.3)
    p1[keys.astype(np.int64)] += values
    p1 /= p1.sum()
    scores: dict[int, Floats] = {1: np.log(p1).astype(np.float32)}
    backoffs: dict[int, Floats] = {}
    kept: dict[int, Keys] = {1: np.arange(size, dtype=np.uint64)}
    lower_keys, lower_p = kept[1], p1
    for order in range(2, ORDER + 1):
        keys, values = _prune(counts[order], KEEP[order], kept[order - 1], order)
        history = keys >> np.uint64(16)
        mass = _history_mass(counts[order - 1], order, history, values)
        discounted = np.maximum(values - DISCOUNT[order], values * 0.1)
        contexts, which = np.unique(history, return_inverse=True)
        spent = np.bincount(which, weights=discounted / mass[which])
        left = np.clip(1 - spent, 1e-6, 1.0)
        tail = keys & np.uint64((1 << 16 * (order - 1)) - 1)
        at = np.searchsorted(lower_keys, tail)
        p = discounted / mass[which] + left[which] * lower_p[at]
        scores[order] = np.log(p).astype(np.float32)
        weights = np.zeros(len(lower_keys), dtype=np.float32)
        weights[np.searchsorted(lower_keys, contexts)] = np.log(left)
        backoffs[order - 1] = weights
        kept[order] = keys
        lower_keys, lower_p = keys, p
    return LanguageModel(vocabulary, kept, scores, backoffs)


def _prune(counts: Counts, keep: int, lower: Keys, order: int) -> Counts:
    """The heaviest n-grams whose history and tail are both kept themselves."""
    keys, values = counts
    closed = np.isin(keys & np.uint64((1 << 16 * (order - 1)) - 1), lower) & np.isin(keys >> np.uint64(16), lower)
    keys, values = keys[closed], values[closed]
    if len(keys) > keep:
        threshold = np.partition(values, len(values) - keep)[len(values) - keep]
        heavy = values > threshold if (values >= threshold).sum() > keep * 1.05 else values >= threshold
        keys, values = keys[heavy], values[heavy]
    return keys, values


def _history_mass(lower: Counts, order: int, history: Keys, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How often each history occurs with anything after it; histories of sentence starts are summed from their n-grams."""
    contexts, which = np.unique(history, return_inverse=True)
    summed = np.bincount(which, weights=values)
    at = np.minimum(np.searchsorted(lower[0], contexts), len(lower[0]) - 1)
    known = np.where(lower[0][at] == contexts, lower[1][at], 0.0)
    first = contexts >> np.uint64(16 * (order - 2)) if order > 2 else contexts
    return np.where((known > 0) & (first != START), np.maximum(known, summed), summed * 1.2 + 1)
