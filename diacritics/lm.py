"""The language model: backed-off n-grams of lower-case syllables in sorted arrays, up to four words.

Words are numbers below 65,536, so that four of them pack into one 64-bit key. Values are natural logarithms kept in one byte each.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Words = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

START, NUMBER, SYMBOL, UNKNOWN = 0, 1, 2, 3
SPECIAL = ("<s>", "<num>", "<sym>", "<unk>")
ORDER = 4
STEP = 1 / 12
"""Resolution of the stored logarithms; 255 steps reach to e^-21."""

_TOKEN = re.compile(r"\S*\d\S*|[^\W\d_]+")


def tokens(text: str) -> list[str]:
    """The text as the model sees it: lower-case words, numbers and symbols as classes, no punctuation."""
    found = []
    for t in _TOKEN.findall(text):
        if t[0].isalpha() and t.isalpha():
            found.append(t.lower())
        else:
            found.append(SPECIAL[SYMBOL] if any(c.isalpha() for c in t) else SPECIAL[NUMBER])
    return found


class LanguageModel:
    """Scores words after up to three words of context."""

    def __init__(
        self, vocabulary: list[str], keys: Mapping[int, Keys], scores: Mapping[int, Floats], backoffs: Mapping[int, Floats]
    ) -> None:
        self.vocabulary = vocabulary
        self.ids = {w: i for i, w in enumerate(vocabulary)}
        self._keys, self._scores, self._backoffs = dict(keys), dict(scores), dict(backoffs)
        self.unigrams = self._scores[1]
        self.capitals: Floats = np.full(len(vocabulary), math.log(0.2), dtype=np.float32)
        """ln of the share of a word's occurrences inside a sentence that begin with a capital."""

    def id_of(self, word: str) -> int:
        """The number of a lower-case word, :data:`UNKNOWN` when it was not counted."""
        return self.ids.get(word, UNKNOWN)

    def encode(self, text: str) -> list[int]:
        """A running text as word numbers."""
        return [self.id_of(t) for t in tokens(text)]

    def _find(self, order: int, keys: Keys) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        table = self._keys[order]
        at = np.minimum(np.searchsorted(table, keys), len(table) - 1)
        return at, table[at] == keys

    def score(self, contexts: Words, words: Words) -> Floats:
        """Natural log of P(word | context) for each pair: ``contexts`` is (n, 3), oldest first, and ``words`` (n,)."""
        context, word = contexts.astype(np.uint64), words.astype(np.uint64)
        result = self._scores[1][words]
        key, history = word, np.zeros_like(word)
        for order in range(2, ORDER + 1):
            shift = np.uint64(16 * (order - 1))
            older = context[:, ORDER - order]
            history = older << np.uint64(16 * (order - 2)) | history
            key = older << shift | key
            at, hit = self._find(order, key)
            if order == 2:
                backoff = self._backoffs[1][contexts[:, 2]]
            else:
                before, known = self._find(order - 1, history)
                backoff = np.where(known, self._backoffs[order - 1][before], np.float32(0.0))
            result = np.where(hit, self._scores[order][at], result + backoff)
        return result

    def sequence(self, words: Iterable[int], context: tuple[int, int, int] = (START, START, START)) -> Floats:
        """Log-probability of each word of a sequence in turn."""
        row = np.array([*context, *words], dtype=np.int64)
        if len(row) == 3:
            return np.zeros(0, dtype=np.float32)
        return self.score(np.lib.stride_tricks.sliding_window_view(row, 3)[:-1], row[3:])

    def save(self, path: Path) -> None:
        """Writes one compressed file; sorted keys as differences, one byte plane after another."""
        arrays: dict[str, npt.NDArray[np.uint8]] = {"words": np.frombuffer("\n".join(self.vocabulary).encode(), dtype=np.uint8)}
        arrays["capitals"] = _pack(self.capitals)
        for order, scores in self._scores.items():
            arrays[f"score{order}"] = _pack(scores)
            if order in self._backoffs:
                arrays[f"backoff{order}"] = _pack(self._backoffs[order])
            if order > 1:
                gaps = np.diff(self._keys[order], prepend=np.uint64(0))
                for plane in range(8):
                    arrays[f"keys{order}.{plane}"] = (gaps >> np.uint64(8 * plane) & np.uint64(255)).astype(np.uint8)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
            for name, array in arrays.items():
                out.writestr(zipfile.ZipInfo(name), array.tobytes(), zipfile.ZIP_DEFLATED)

    @classmethod
    def read(cls, path: Path) -> LanguageModel:
        """Reads what :meth:`save` wrote."""
        keys: dict[int, Keys] = {}
        scores: dict[int, Floats] = {}
        backoffs: dict[int, Floats] = {}
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            vocabulary = archive.read("words").decode().split("\n")
            for order in range(1, ORDER + 1):
                scores[order] = _unpack(archive.read(f"score{order}"))
                if f"backoff{order}" in names:
                    backoffs[order] = _unpack(archive.read(f"backoff{order}"))
                if order > 1:
                    gaps = np.zeros(len(scores[order]), dtype=np.uint64)
                    for plane in range(8):
                        part = np.frombuffer(archive.read(f"keys{order}.{plane}"), dtype=np.uint8)
                        gaps |= part.astype(np.uint64) << np.uint64(8 * plane)
                    keys[order] = np.cumsum(gaps, dtype=np.uint64)
            capitals = _unpack(archive.read("capitals"))
        model = cls(vocabulary, keys, scores, backoffs)
        model.capitals = capitals
        return model


def _pack(values: Floats) -> npt.NDArray[np.uint8]:
    return np.clip(np.round(-values / STEP), 0, 255).astype(np.uint8)


def _unpack(data: bytes) -> Floats:
    levels = (np.arange(256, dtype=np.float32) * np.float32(-STEP)).astype(np.float32)
    return levels[np.frombuffer(data, dtype=np.uint8)]
