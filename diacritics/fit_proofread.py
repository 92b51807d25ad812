"""Fits the weights of :mod:`diacritics.proofread` on kept-out pairs: ``python -m diacritics.fit_proofread --pairs FILE``.

The pairs come from ``python -m diacritics.pairs --language vie --poor --confidences --held-out``. A conditional logit over what was
read and all candidates, a little regularised; prints the weights for ``WEIGHTS`` and the slip rate.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from diacritics.channel import Channel
from diacritics.lm import LanguageModel
from diacritics.pieces import pieces
from diacritics.proofread import FEATURES, Proofreader, Reals
from diacritics.restorer import MODEL_FOLDER

Pair = tuple[str, str, list[int] | None]
"""True line, read line, the engine's confidence in each token in percent."""

Integers = npt.NDArray[np.int64]


def pairs(paths: Iterable[Path]) -> list[Pair]:
    """The line pairs of the files, in order: lines of a page follow one another."""
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row[0], row[1], row[2] if len(row) > 2 else None) for row in rows]


def truths(true: str, read: str) -> dict[int, str] | None:
    """Where each piece of the read line begins → the true word in lower case; None when the lines cannot be laid side by side."""
    one, other = pieces(true), pieces(read)
    return {r.begin: t.raw.lower() for t, r in zip(one, other, strict=True)} if len(one) == len(other) else None


def examples(proofreader: Proofreader, found: Sequence[Pair]) -> tuple[Reals, Integers, Integers, int, int]:
    """(features, owner of each row, the right row of each owner or -1 for "as read", slips, words)."""
    sides = [truths(true, read) for true, read, _ in found]
    confidences = [[c / 100 for c in trust] if trust else None for _, _, trust in found]
    table, words = proofreader.table([read for _, read, _ in found], confidences=confidences, chosen=[s is not None for s in sides])
    right = np.full(len(table.tokens), -1, dtype=np.int64)
    slips = 0
    wanted = []
    for token in table.tokens:
        side = sides[token.line]
        word = side.get(token.piece.begin, "") if side else ""
        wanted.append(word)
        slips += word != token.piece.raw.lower()
    for i, (owner, word) in enumerate(zip(table.owner.tolist(), table.words, strict=True)):
        if word == wanted[owner] and word != table.tokens[owner].piece.raw.lower():
            right[owner] = i
    return table.features, table.owner, right, slips, words


def fit(features: Reals, owner: Integers, right: Integers, *, strength: float = 1.0, rounds: int = 30) -> Reals:
    """Newton's method on the conditional logit; "as read" has the odds 0."""
    owners = len(right)
    weights = np.zeros(features.shape[1])
    hit = np.zeros(len(owner))
    hit[right[right >= 0]] = 1.0
    for _ in range(rounds):
        odds = features @ weights
        top = np.maximum(np.zeros(owners), -np.inf)
        np.maximum.at(top, owner, odds)
        raised = np.exp(odds - top[owner])
        whole = np.exp(-top) + np.bincount(owner, weights=raised, minlength=owners)
        share = raised / whole[owner]
        gradient = features.T @ (hit - share) - strength * weights
        mean = np.zeros((owners, features.shape[1]))
        np.add.at(mean, owner, share[:, None] * features)
        curve = features.T @ (share[:, None] * features) - mean.T @ mean + strength * np.eye(features.shape[1])
        step = np.linalg.solve(curve, gradient)
        weights = weights + step * min(1.0, 2.0 / max(1e-9, float(np.abs(step).max())))
        if np.abs(step).max() < 1e-4:
            break
    return weights


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the weights."""
    parser = argparse.ArgumentParser(prog="python -m diacritics.fit_proofread", description=__doc__)
    parser.add_argument("--pairs", type=Path, action="append", required=True, help="JSON lines of [true, read, confidences]")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    options = parser.parse_args(arguments)
    proofreader = Proofreader(LanguageModel.read(options.model / "syllables.zip"), Channel.read(options.model / "channel.tsv"))
    features, owner, right, slips, words = examples(proofreader, pairs(options.pairs))
    weights = fit(features, owner, right)
    for name, weight in zip(FEATURES, weights, strict=True):
        sys.stdout.write(f"{name:12} {weight:8.3f}\n")
    sys.stdout.write(f"WEIGHTS = ({', '.join(f'{w:.2f}' for w in weights)})\n")
    sys.stdout.write(f"{slips} slips among the doubtful, {(right >= 0).sum()} with the right candidate, {words} words\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
