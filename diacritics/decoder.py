"""Finds the most probable words behind a run of damaged tokens: a beam over candidates × language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diacritics.candidates import Candidate
from diacritics.lm import START, Floats, LanguageModel, Words

BEAM = 12


@dataclass(frozen=True, slots=True)
class Weights:
    """How much the candidates' costs and the language model count."""

    cost: float
    language: float


Context = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Slot:
    """One damaged token: what it may be by itself, and together with the token before it."""

    candidates: Sequence[Candidate]
    merged: Sequence[Candidate] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the tokens ``first`` to ``last`` (both included) were read as."""

    first: int
    last: int
    candidate: Candidate


@dataclass(slots=True)
class _Layer:
    contexts: Words
    scores: Floats
    before: npt.NDArray[np.int64]
    """Index of the hypothesis each one came from, in the layer of its choice's first token."""
    choices: list[Choice | None]


def _grow(
    layer: _Layer, candidates: Sequence[Candidate], model: LanguageModel, weights: Weights
) -> tuple[Words, Floats, npt.NDArray[np.int64]]:
    n, k = len(layer.scores), len(candidates)
    first = np.array([c.words[0] for c in candidates], dtype=np.int64)
    costs = np.array([c.cost for c in candidates], dtype=np.float32)
    contexts = np.repeat(layer.contexts, k, axis=0)
    words = np.tile(first, n)
    scores = np.repeat(layer.scores, k) - weights.cost * np.tile(costs, n) + weights.language * model.score(contexts, words)
    contexts = np.concatenate([contexts[:, 1:], words[:, None]], axis=1)
    if any(len(c.words) > 1 for c in candidates):
        second = np.array([c.words[1] if len(c.words) > 1 else -1 for c in candidates], dtype=np.int64)
        rows = np.flatnonzero(np.tile(second, n) >= 0)
        more = np.tile(second, n)[rows]
        scores[rows] += weights.language * model.score(contexts[rows], more)
        contexts[rows] = np.concatenate([contexts[rows, 1:], more[:, None]], axis=1)
    return contexts, scores, np.arange(n * k)


def _settled(slots: Sequence[Slot], first: int) -> list[Candidate]:
    """The only candidates of consecutive slots that leave nothing to decide."""
    run = list[Candidate]()
    for slot in slots[first:]:
        if len(slot.candidates) != 1 or slot.merged or len(slot.candidates[0].words) != 1:
            break
        run.append(slot.candidates[0])
    return run


def _passed(layer: _Layer, run: Sequence[Candidate], first: int, model: LanguageModel, weights: Weights) -> list[_Layer]:
    """The layers after each word of such a run: all hypotheses pass it, scored at once; the last one is put in order and thinned out."""
    n, k = len(layer.scores), len(run)
    row = np.concatenate([layer.contexts, np.tile([c.words[0] for c in run], (n, 1))], axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(row, 4, axis=1).reshape(n * k, 4)
    gains = weights.language * model.score(windows[:, :3], windows[:, 3]).reshape(n, k)
    scores = layer.scores[:, None] + np.cumsum(gains - weights.cost * np.array([c.cost for c in run], dtype=np.float32), axis=1)
    found = []
    for i in range(k):
        kept = np.arange(n)
        if i == k - 1:
            kept = np.argsort(-scores[:, i], kind="stable")
            _, fresh = np.unique(row[kept, i + 1 : i + 4], axis=0, return_index=True)
            kept = kept[np.sort(fresh)]
        choice = Choice(first + i, first + i, run[i])
        found.append(_Layer(row[kept, i + 1 : i + 4], scores[kept, i], kept, [choice] * len(kept)))
    return found


def decode(slots: Sequence[Slot], model: LanguageModel, weights: Weights, context: Context = (START, START, START)) -> list[Choice]:
    """The best reading of all tokens together, one choice for each token or merged pair of tokens."""
    start = _Layer(np.array([context], dtype=np.int64), np.zeros(1, dtype=np.float32), np.zeros(1, dtype=np.int64), [None])
    layers = [start]
    while len(layers) <= len(slots):
        j = len(layers) - 1
        run = _settled(slots, j)
        if len(run) > 1:
            layers += _passed(layers[-1], run, j, model, weights)
            continue
        slot = slots[j]
        groups = [(j, slot.candidates)]
        if slot.merged and j:
            groups.append((j - 1, slot.merged))
        grown = [(*_grow(layers[i], candidates, model, weights), i, candidates) for i, candidates in groups]
        contexts = np.concatenate([g[0] for g in grown])
        scores = np.concatenate([g[1] for g in grown])
        offset = len(grown[0][1])
        order = np.argsort(-scores, kind="stable")[: BEAM * 4]
        packed = (contexts[order, 0] << 32) | (contexts[order, 1] << 16) | contexts[order, 2]
        _, fresh = np.unique(packed, return_index=True)
        chosen = order[np.sort(fresh)[:BEAM]]
        before, choices = [], list[Choice | None]()
        for at in chosen.tolist():
            group, local = (0, at) if at < offset else (1, at - offset)
            _, _, _, i, candidates = grown[group]
            before.append(local // len(candidates))
            choices.append(Choice(i, j, candidates[local % len(candidates)]))
        layers.append(_Layer(contexts[chosen], scores[chosen], np.array(before), choices))
    path: list[Choice] = []
    at, hypothesis = len(slots), 0
    while at:
        choice = layers[at].choices[hypothesis]
        assert choice is not None  # only the first layer has none
        path.append(choice)
        hypothesis, at = int(layers[at].before[hypothesis]), choice.first
    return path[::-1]


def posteriors(
    path: Sequence[Choice], slots: Sequence[Slot], model: LanguageModel, weights: Weights, context: Context
) -> list[list[tuple[float, Candidate]]]:
    """For each choice its rivals with their probability when everything around stays as chosen, best first."""
    words = list(context)
    places = []
    for choice in path:
        places.append(len(words))
        words.extend(choice.candidate.words)
    rows, owners, rivals = [], [], list[tuple[int, Candidate]]()
    for n, (choice, place) in enumerate(zip(path, places, strict=True)):
        if choice.first != choice.last or len(slots[choice.last].candidates) == 1:
            continue
        after = words[place + len(choice.candidate.words) : place + len(choice.candidate.words) + 3]
        for candidate in slots[choice.last].candidates:
            row = [*words[place - 3 : place], *candidate.words, *after]
            for i in range(3, len(row)):
                rows.append(row[i - 3 : i + 1])
                owners.append(len(rivals))
            rivals.append((n, candidate))
    result: list[list[tuple[float, Candidate]]] = [[(1.0 if len(c.candidate.words) == 1 else 0.8, c.candidate)] for c in path]
    if not rows:
        return result
    table = np.array(rows, dtype=np.int64)
    total = np.bincount(owners, weights=model.score(table[:, :3], table[:, 3]), minlength=len(rivals))
    grouped: dict[int, list[tuple[float, Candidate]]] = {}
    for (n, candidate), score in zip(rivals, total.tolist(), strict=True):
        grouped.setdefault(n, []).append((weights.language * score - weights.cost * candidate.cost, candidate))
    for n, scored in grouped.items():
        best = max(s for s, _ in scored)
        shares = [float(np.exp(min(0.0, s - best))) for s, _ in scored]
        whole = sum(shares)
        result[n] = sorted(((p / whole, c) for p, (_, c) in zip(shares, scored, strict=True)), key=lambda x: -x[0])
    return result
