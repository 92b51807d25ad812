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

CHUNK = 256
"""Tokens whose vocabulary is scored at once: 8 MB."""

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
    """The numbers of a token's characters between its two ends, filled up with 0; the middle of long ones is left out."""
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
        np.savez_compressed(path, allow_pickle=False, **arrays)

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

    def read_tokens(self, tokens: Sequence[str], gaps: Sequence[int]) -> Reading:
        """What the tagger makes of consecutive tokens, each with the class of the gap before it."""
        w = self._weights
        distinct: dict[str, int] = {}
        where = [distinct.setdefault(t, len(distinct)) for t in tokens]
        vectors = self._encode(list(distinct))
        h = vectors[where] + w["gaps.weight"][np.asarray(gaps, dtype=np.int64)]
        for n, distance in enumerate(DILATIONS):
            x = _normed(h, w[f"norms.{n}.weight"], w[f"norms.{n}.bias"])
            both = _neighbours(x, distance) @ w[f"layers.{n}.weight"].T + w[f"layers.{n}.bias"]
            half = both.shape[1] // 2
            h += both[:, :half] / (1 + np.exp(-both[:, half:]))
        narrow = np.maximum(_normed(h, w["leave.weight"], w["leave.bias"]) @ w["narrow.weight"].T + w["narrow.bias"], 0.0)
        return Reading(narrow, w["words.weight"], w["words.bias"])

    def _encode(self, tokens: Sequence[str]) -> Floats:
        """(distinct tokens, context): the vectors of tokens by themselves."""
        w = self._weights
        letters = np.array([encode_token(t) for t in tokens], dtype=np.int64).reshape(-1, LETTERS)
        size, width = letters.shape
        x = _neighbours(w["letters.weight"][letters]).reshape(size * width, -1)  # two dimensions, which BLAS multiplies at once
        x = np.maximum(x @ w["first.weight"].T + w["first.bias"], 0.0).reshape(size, width, -1)
        y = _neighbours(x).reshape(size * width, -1)
        x += np.maximum(y @ w["second.weight"].T + w["second.bias"], 0.0).reshape(x.shape)
        x[letters == 0] = -1e4
        vectors: Floats = x.max(axis=1) @ w["enter.weight"].T + w["enter.bias"]
        return vectors


class Reading:
    """P(word | tokens) of consecutive tokens."""

    def __init__(self, narrow: Floats, weight: Floats, bias: Floats) -> None:
        self._narrow, self._weight, self._bias = narrow, weight, bias
        self._whole = np.empty(len(narrow), dtype=np.float32)

    def likely(self, least: float) -> list[tuple[list[int], list[float]]]:
        """For each token the words with at least the probability ``least``, and ln P of each."""
        found: list[tuple[list[int], list[float]]] = []
        for start in range(0, len(self._narrow), CHUNK):
            scores = self._narrow[start : start + CHUNK] @ self._weight.T
            scores += self._bias
            top = scores.max(axis=1)
            whole = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
            self._whole[start : start + CHUNK] = whole
            rows, words = np.divmod(np.flatnonzero(scores >= (whole + np.log(least))[:, None]), scores.shape[1])
            values = scores[rows, words] - whole[rows]
            ends = np.searchsorted(rows, np.arange(1, len(whole)))
            found += [(w.tolist(), v.tolist()) for w, v in zip(np.split(words, ends), np.split(values, ends), strict=True)]
        return found

    def weigh(self, tokens: Sequence[int]) -> None:
        """Makes :meth:`of` ready for some tokens, where :meth:`likely` is not wanted."""
        at = np.asarray(tokens, dtype=np.int64)
        for start in range(0, len(at), CHUNK):
            part = at[start : start + CHUNK]
            scores = self._narrow[part] @ self._weight.T + self._bias
            top = scores.max(axis=1)
            self._whole[part] = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))

    def of(self, token: int, words: Sequence[int]) -> Floats:
        """Ln P of some words at one token; after :meth:`likely`."""
        numbers = np.asarray(words, dtype=np.int64)
        scores: Floats = self._weight[numbers] @ self._narrow[token] + self._bias[numbers] - self._whole[token]
        return scores


def _neighbours(x: Floats, distance: int = 1) -> Floats:
    """Each row between those before and after it at a distance, along the last axis but one; nothing past the ends."""
    before, after = np.zeros_like(x), np.zeros_like(x)
    before[..., distance:, :] = x[..., :-distance, :]
    after[..., :-distance, :] = x[..., distance:, :]
    return np.concatenate([before, x, after], axis=-1)


def _normed(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """Layer normalisation."""
    centred = x - x.mean(axis=-1, keepdims=True)
    result: Floats = centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-5)) * weight + bias
    return result
