"""How sure a restored word is: a logistic function of what speaks for it.

Fitted on text kept out of training: ``python -m diacritics.fit_confidence``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FEATURES = ("bias", "posterior", "tagger", "tagger agrees", "name", "short", "strange", "line", "worst neighbour")
"""What the confidence is made of, in the order of :data:`WEIGHTS`."""

WEIGHTS = (-1.714, 0.544, 0.144, 0.723, -0.93, -0.13, -0.274, 0.586, 0.159)
"""The bias is lower than the fit gave: of the words at .95 and above nearly all are to be right, see ``fit_confidence.WANTED``."""

MOST = 0.9995
"""Nothing that was damaged is surer than this."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a choice: its probability among its rivals, the tagger's ln P of it (None when it was not asked), the token."""

    posterior: float
    tagger: float | None
    raw: str
    name: bool
    """Written with a capital inside a sentence."""
    line: float = 0.0
    """Mean of the tagger's ln P over the line's words: lines of rubbish are rubbish throughout."""
    neighbours: float = 0.0
    """The lower ln P of the two words beside it."""


def bounded(log: float | None) -> float:
    """The tagger's ln P within bounds; −3 where it was not asked."""
    return max(log, -9.0) if log is not None else -3.0


def features(evidence: Evidence) -> tuple[float, ...]:
    """The values of :data:`FEATURES`."""
    p = min(max(evidence.posterior, 1e-4), 1 - 1e-4)
    tagger = bounded(evidence.tagger)
    raw = evidence.raw
    strange = not raw.isalpha()
    return (
        1.0,
        math.log(p / (1 - p)),
        tagger,
        float(tagger > -0.1),
        float(evidence.name),
        float(len(raw) < 3),
        float(strange),
        evidence.line,
        evidence.neighbours,
    )


def confidence(evidence: Evidence) -> float:
    """The chance (0 to 1) that the choice is right."""
    total = sum(w * f for w, f in zip(WEIGHTS, features(evidence), strict=True))
    return min(MOST, 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))
