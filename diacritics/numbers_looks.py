"""How much a piece of a document number looks like a known one: the capital letters that OCR mixes up, with costs."""

from __future__ import annotations

from functools import lru_cache

_LOOKS: dict[str, dict[str, float]] = {
    "/": dict.fromkeys("lI1|", 0.3) | dict.fromkeys("’'‘°-., ", 0.3) | dict.fromkeys((" 1", " l", " I"), 0.4) | {"": 0.5, "//": 0.2},
    "/N": {"A": 0.7, "AI": 0.7, "/V": 0.5, "/AI": 0.4},
    "-": {"–": 0.0, "—": 0.0, " ": 0.2, ".": 0.3, "~": 0.3, "_": 0.3, "": 0.6, "- ": 0.1, " -": 0.1},
    "Đ": {"Ð": 0.0, "D": 0.05, "P": 0.5, "B": 0.5, "DB": 0.3, "DP": 0.3, "PD": 0.3, "BD": 0.3, "ID": 0.3, "IP": 0.4, "ĐB": 0.3, "d": 0.3},
    "Q": {"O": 0.3, "0": 0.4, "G": 0.5, "Ó": 0.4},
    "T": {"I": 0.4, "1": 0.4, "l": 0.4, "P": 0.6, "F": 0.5, "Ƒ": 0.4, "E": 0.5, "Í": 0.4, "t": 0.3},
    "g": {"¢g": 0.2, "q": 0.3, "¢": 0.4, "p": 0.5}, "r": {"i": 0.3, "1": 0.5, "t": 0.5},
    "1": {"l": 0.2, "I": 0.2, "I1": 0.3, "1I": 0.3, "l1": 0.3, "i": 0.3, "|": 0.2, "L": 0.4},
    "5": {"S": 0.3, "s": 0.3, "S5": 0.4}, "0": {"O": 0.2, "o": 0.2},
    "4": {"A": 0.4}, "6": {"G": 0.5}, "B": {"8": 0.3, "E": 0.7}, "S": {"5": 0.3, "$": 0.3, "8": 0.5}, "C": {"G": 0.5, "(": 0.4},
    "N": {"M": 0.7}, "U": {"V": 0.6, "Ư": 0.2}, "V": {"Y": 0.6}, "X": {"K": 0.7}, "H": {"I1": 0.5, "II": 0.5, "Il": 0.5},
}  # fmt: skip
"""True letters → what OCR makes of them, with a cost: 0 sure, 1 hardly. Set by looking at tesseract eng and at seeds, not fitted."""

_ODD, _STRAY = 1.6, 0.4
"""Costs of a letter read for any other, and of a symbol that stands for nothing."""


@lru_cache(maxsize=65536)
def likeness(true: str, read: str, *, most: float = 1.4) -> tuple[float, int]:
    """(cost, characters of ``read`` used) of reading ``true`` at the start of ``read``; cost 99 when it is above ``most``."""
    layer: dict[int, float] = {0: 0.0}
    layers = [layer] + [dict[int, float]() for _ in true]
    for i in range(len(true)):
        layers[i] = _with_strays(layers[i], read, most)
        for at, cost in layers[i].items():
            for size in (1, 2):
                letters = true[i : i + size]
                if len(letters) < size:
                    continue
                options = _LOOKS.get(letters, {}) | {letters: 0.0}
                if size == 1 and read[at : at + 1].isalnum():
                    options = {read[at]: _ODD} | options
                for text, extra in options.items():
                    end = at + len(text)
                    if read.startswith(text, at) and cost + extra <= most and cost + extra < layers[i + size].get(end, 99.0):
                        layers[i + size][end] = cost + extra
    ends = [(cost, -end) for end, cost in layers[-1].items() if not read[end : end + 1].isalnum()]
    cost, end = min(ends, default=(99.0, 0))
    return cost, -end


def _with_strays(layer: dict[int, float], read: str, most: float) -> dict[int, float]:
    grown = dict(layer)
    for at, cost in sorted(layer.items()):
        if at and read[at : at + 1] in set('¢*^°"”“') and cost + _STRAY <= most:
            grown[at + 1] = min(grown.get(at + 1, 99.0), cost + _STRAY)
    return grown
