"""The beam finds what trying everything finds, with settled tokens in between or not."""

from functools import cache
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from diacritics.candidates import Candidate
from diacritics.decoder import Slot, Weights, decode, posteriors
from diacritics.lm import START, UNKNOWN, LanguageModel
from diacritics.restorer import MODEL_FOLDER

WEIGHTS = Weights(cost=1.0, language=0.7)
CONTEXT = (START, START, START)


@cache
def model() -> LanguageModel:
    return LanguageModel.read(MODEL_FOLDER / "syllables.zip")


CANDIDATES = st.builds(
    lambda word, cost: Candidate((word,), (str(word),), cost), st.integers(UNKNOWN + 1, 2000), st.floats(0, 6, allow_nan=False, width=16)
)
SLOTS = st.lists(st.lists(CANDIDATES, min_size=1, max_size=3, unique_by=lambda c: c.words), min_size=1, max_size=7)


def total(path: list[Candidate]) -> float:
    gains = model().sequence([c.words[0] for c in path], CONTEXT)
    return float(WEIGHTS.language * gains.sum() - WEIGHTS.cost * sum(c.cost for c in path))


@settings(max_examples=60, deadline=None)
@given(SLOTS)
def test_the_beam_finds_the_best_of_all_readings(rows: list[list[Candidate]]) -> None:
    found = [choice.candidate for choice in decode([Slot(row) for row in rows], model(), WEIGHTS)]
    best = max(total(list(path)) for path in product(*rows))
    assert total(found) >= best - 1e-3


@settings(max_examples=40, deadline=None)
@given(SLOTS)
def test_every_token_is_covered_once_and_rivals_share_one(rows: list[list[Candidate]]) -> None:
    slots = [Slot(row) for row in rows]
    path = decode(slots, model(), WEIGHTS)
    assert [(c.first, c.last) for c in path] == [(i, i) for i in range(len(rows))]
    for choice, ranked in zip(path, posteriors(path, slots, model(), WEIGHTS, CONTEXT), strict=True):
        assert np.isclose(sum(p for p, _ in ranked), 1.0)
        assert choice.candidate in [c for _, c in ranked]
