"""Which lines are damaged: every word of a line is evidence, and the whole document is the prior.

The log-odds below were set by judgement from readings of correct office prose and of ``tesseract -l eng``; no search fitted them.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence

from diacritics.letters import SPECIFIC, is_foreign, is_syllable, plain
from diacritics.pieces import Piece

_SPECIFIC = math.log(0.47 / 0.01)
_OTHER_MARK = math.log(0.27 / 0.20)
_UNMARKED = math.log(0.25 / 0.50)
_STRANGE = math.log(0.01 / 0.29)
PRIOR_SHARE, PRIOR_LIMIT = 0.25, 9.0


def evidence(line: Sequence[Piece], known: Container[str], *, codes: bool = True) -> float:
    """Log-ratio P(words | correct) − ln P(words | damaged) of one line; 0 when it has no words.

    ``codes`` says whether digits among letters, and words that are no syllables, are damage; in a correct document they are codes and
    units (5GHz) and English.
    """
    total = 0.0
    for piece in line:
        word = piece.raw.lower()
        if piece.kind != "word" or (len(word) == 1 and word.isalpha()):
            continue
        letters = [c for c in word if c.isalpha()]
        if len(letters) < len(word):
            total += _STRANGE if codes else 0.0
        elif not codes and len(word) > 3 and is_foreign(word):
            continue
        elif piece.raw.isupper() and len(word) <= 6 and plain(word) == word:
            continue  # an abbreviation or a heading without marks says little by itself
        elif any(c in SPECIFIC for c in word):
            total += _SPECIFIC if is_syllable(word) else 0.0
        elif not is_syllable(word) and not (word in known and plain(word) == word and len(word) > 3):
            # An unmarked word that ends in a stop is no syllable: "cac", "hoc" are damaged.
            total += _STRANGE
        else:
            total += _OTHER_MARK if plain(word) != word else _UNMARKED
    return total


def prior(evidences: Sequence[float]) -> float:
    """What the document says about each of its lines, in the same measure."""
    return max(-PRIOR_LIMIT, min(PRIOR_LIMIT, PRIOR_SHARE * sum(max(-12.0, min(12.0, e)) for e in evidences)))
