"""The tagger: a small convolutional network that names the word behind each damaged token from its letters and its neighbours.

Inference in NumPy. A token's letters pass two convolutions and a maximum; the tokens of a document pass gated dilated convolutions, which
see eighteen tokens to each side; a layer over the vocabulary of the language model gives P(word | tokens). Weights are kept as 8-bit
integers with a scale for each output, trained by ``diacritics.train_tagger``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from diacritics.damage import GAPS
from diacritics.letters import ALPHABET

Floats = npt.NDArray[np.float32]

LETTERS = 12
"""Characters of a token that are looked at, its two ends counted."""

DILATIONS = (1, 2, 4, 8, 1, 2)
GAP_CLASSES = len(GAPS)

_KNOWN = (
    [*ALPHABET]
    + [c.upper() for c in ALPHABET]
    + [*"0123456789"]
    + [*"'’‘`´\"“”.,:;!?&%$#@*+=<>()[]{}/\\|_-–~^¢€£¥§©®°¬·•«»¦"]
    + [*"äåāçëēěïīıñöøōüūÿðþßžšłđÄÅÇËÏÑÖØÜ"]
)
_CODES = {c: n for n, c in reversed(list(enumerate(dict.fromkeys(_KNOWN), 4)))}
CHARACTERS = 4 + len(dict.fromkeys(_KNOWN))
"""Size of the table of letters; 0 is nothing, 1 an unknown character, 2 and 3 the ends of a token."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths of the layers."""

    letter: int = 48
    token: int = 128
    context: int = 192
    narrow: int = 96


def encode_token(token: str) -> list[int]:
    """The numbers of a token's characters between its two ends, filled up with 0 to :data:`LETTERS`; the middle of long ones is left out."""
    if len(token) > LETTERS - 2:
        token = token[:6] + token[-(LETTERS - 8) :]
    row = [2, *(_CODES.get(c, 1) for c in token), 3]
    return row + [0] * (LETTERS - len(row))


class Tagger:
    """P(word | damaged tokens) for a vocabulary of the language model."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._weights = dict(weights)

    @staticmethod
    def save(weights: Mapping[str, Floats], path: Path) -> None:
        """Writes weights as 8-bit integers with a scale for each row; vectors as they are."""
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for name, value in weights.items():
            if value.ndim < 2:
                arrays[name] = value.astype(np.float16)
                continue
            rows = value.reshape(len(value), -1)
            scale = np.maximum(np.abs(rows).max(axis=1), 1e-8) / 127
            arrays[name] = np.round(rows / scale[:, None]).astype(np.int8).reshape(value.shape)
            arrays[name + ":scale"] = scale.astype(np.float32)
        np.savez_compressed(path, allow_pickle=False, **arrays)  # type: ignore[arg-type]

    @classmethod
    def read(cls, path: Path) -> Tagger:
        """Reads what :meth:`save` wrote."""
        weights: dict[str, Floats] = {}
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                if name.endswith(":scale"):
                    continue
                value = arrays[name].astype(np.float32)
                if name + ":scale" in arrays.files:
                    scale = arrays[name + ":scale"]
                    value *= scale.reshape(-1, *[1] * (value.ndim - 1))
                weights[name] = value
        return cls(weights)
