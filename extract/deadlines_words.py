"""The word lists of ``resources/deadline_words.yaml`` as parts of regular expressions on folded text."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files

import yaml

from extract.folding import fold


@lru_cache(maxsize=1)
def deadline_words() -> dict[str, list[str]]:
    """Every list of the file by its name."""
    words: dict[str, list[str]] = yaml.safe_load((files("extract") / "resources" / "deadline_words.yaml").read_text("utf-8"))
    return words


def any_of(name: str) -> str:
    """An alternative of all words of a list, the longest first."""
    return "(?:" + "|".join(sorted((fold(word) for word in deadline_words()[name]), key=len, reverse=True)) + ")"


def any_order_verb() -> str:
    """An alternative of the verbs of two syllables and more with which an order opens (``resources/opening_verbs.csv``) and ``works``."""
    lines = (files("extract") / "resources" / "opening_verbs.csv").read_text("utf-8").splitlines()
    opening = [fold(row["verb"]) for row in csv.DictReader(line for line in lines if not line.startswith("#"))]
    verbs = {verb for verb in opening if " " in verb} | {fold(word) for word in deadline_words()["works"]}
    return "(?:" + "|".join(sorted(map(re.escape, verbs), key=len, reverse=True)) + ")"
