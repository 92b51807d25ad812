"""Fits the weights of :mod:`diacritics.confidence` on kept-out text: ``python -m diacritics.fit_confidence --corpus DIR --pairs FILE``.

Restores documents of the corpus that no training saw, damaged in regimes a to c, and the pairs of rendered lines; learns from which
words came out right, and prints the weights and how the confidence then holds on a part that it did not learn from.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import numpy.typing as npt

from diacritics.channel import Channel
from diacritics.confidence import FEATURES, MOST, Evidence, features
from diacritics.damage import read_pairs
from diacritics.evaluate import SURE, held_out_documents, syllable_places
from diacritics.lm import LanguageModel
from diacritics.noise import Noise
from diacritics.restorer import MODEL_FOLDER, Restorer
from diacritics.tagger import Tagger

Reals = npt.NDArray[np.float64]
WANTED = 0.9965
"""Share of right words wanted among the sure ones: a clerk looks at the others only."""

REGIMES = ("marks", "strip", "eng", "digit")


class Recorder:
    """Stands in for the confidence: keeps the evidence, and gives its number."""

    def __init__(self) -> None:
        self.seen: list[Evidence] = []

    def __call__(self, evidence: Evidence) -> float:
        """The index of the evidence."""
        self.seen.append(evidence)
        return len(self.seen) - 1.0


def examples(true: Sequence[str], read: Sequence[str], restorer: Restorer, recorder: Recorder) -> list[tuple[tuple[float, ...], bool]]:
    """(features, right) of every word of one document that was read anew."""
    recorder.seen.clear()
    found = []
    for wanted, line in zip(true, restorer.restore(read), strict=True):
        one, other = syllable_places(wanted), syllable_places(line.text)
        blocks = SequenceMatcher(None, [w for w, _ in one], [w for w, _ in other], autojunk=False).get_matching_blocks()
        right = {other[b + i][1] for _, b, size in blocks for i in range(size)}
        if line.text == line.raw:
            continue
        found += [(features(recorder.seen[int(s.confidence)]), s.begin in right) for s in line.syllables if s.text.isalpha()]
    return found


def fit(values: Reals, right: Reals, *, strength: float = 1.0, rounds: int = 25) -> Reals:
    """Newton's method on the logistic likelihood, a little regularised."""
    weights = np.zeros(values.shape[1])
    for _ in range(rounds):
        share = 1 / (1 + np.exp(-np.clip(values @ weights, -30, 30)))
        gradient = values.T @ (right - share) - strength * weights
        curve = (values * (share * (1 - share))[:, None]).T @ values + strength * np.eye(values.shape[1])
        weights = weights + np.linalg.solve(curve, gradient)
    return weights


def caution(odds: Reals, right: Reals) -> float:
    """How much the log-odds are lowered so that :data:`WANTED` of the words called sure are right, not only of the least sure."""
    threshold = math.log(SURE / (1 - SURE))
    steps = np.arange(0.0, 6.0, 0.05)
    return next((float(s) for s in steps if right[odds - s >= threshold].mean() >= WANTED), float(steps[-1]))


def main(arguments: list[str] | None = None) -> int:
    """Prints weights and a check of them."""
    parser = argparse.ArgumentParser(prog="python -m diacritics.fit_confidence", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, action="append", default=[], help="rendered kept-out lines, from python -m diacritics.pairs")
    parser.add_argument("--documents", type=int, default=60)
    options = parser.parse_args(arguments)
    recorder, channel = Recorder(), Channel.read(MODEL_FOLDER / "channel.tsv")
    language, tagger = LanguageModel.read(MODEL_FOLDER / "syllables.zip"), Tagger.read(MODEL_FOLDER / "tagger.npz")
    restorer, noise = Restorer(language, channel, tagger, recorder), Noise(channel, seed=7)
    texts = held_out_documents(options.corpus, options.documents, 20)
    documents = [(page, [noise.damage(line, REGIMES[n % 4]) for line in page]) for n, page in enumerate(texts)]
    for path in options.pairs:
        pairs = list(read_pairs(path))
        documents += [([t for t, _ in pairs[i : i + 40]], [r for _, r in pairs[i : i + 40]]) for i in range(0, len(pairs), 40)]
    parts: list[list[tuple[tuple[float, ...], bool]]] = [[], []]
    for n, (true, read) in enumerate(documents):
        parts[n % 3 == 2] += examples(true, read, restorer, recorder)
    (values, right), (others, truth) = ((np.array([f for f, _ in p]), np.array([r for _, r in p], dtype=np.float64)) for p in parts)
    weights = fit(values, right)
    weights[0] -= caution(values @ weights, right)
    print("WEIGHTS =", tuple(round(float(w), 3) for w in weights), "#", ", ".join(FEATURES))  # noqa: T201
    given = np.minimum(MOST, 1 / (1 + np.exp(-others @ weights)))
    sure = given >= SURE
    held = f"of {len(others)} others {sure.mean():.4f} sure, {truth[sure].mean():.4f} of them right"
    print(f"{len(values)} words, right {right.mean():.4f}; {held}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
