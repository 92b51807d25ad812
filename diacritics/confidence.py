"""How sure a restored word is: a logistic function of what speaks for it.

Fitted on text kept out of training: ``python -m diacritics.fit_confidence``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FEATURES = ("bias", "posterior", "tagger", "tagger agrees", "name", "short", "strange")
"""What the confidence is made of, in the order of :data:`WEIGHTS`."""

WEIGHTS = (0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)

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


def features(evidence: Evidence) -> tuple[float, ...]:
    """The values of :data:`FEATURES`."""
    p = min(max(evidence.posterior, 1e-4), 1 - 1e-4)
    tagger = max(evidence.tagger if evidence.tagger is not None else -3.0, -9.0)
    raw = evidence.raw
    strange = not raw.isalpha()
    return (1.0, math.log(p / (1 - p)), tagger, float(tagger > -0.1), float(evidence.name), float(len(raw) < 3), float(strange))


def confidence(evidence: Evidence) -> float:
    """The chance (0 to 1) that the choice is right."""
    total = sum(w * f for w, f in zip(WEIGHTS, features(evidence), strict=True))
    return min(MOST, 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))
