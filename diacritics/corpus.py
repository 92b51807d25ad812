"""Correct Vietnamese text to count on: which files there are, where a document ends, what is kept out for evaluation.

A corpus is a folder of ``*.txt`` or ``*.txt.xz`` files, one paragraph a line. Documents follow one another without a mark
between them; a new one is seen by its legal bases (``Căn cứ …``), which stand at the head of every decision, plan and circular.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path

GENRES = ("admin", "legal", "wiki")
"""Office prose, law, encyclopaedia: the first word of a file's name."""

BODY = 25
"""Paragraphs without a legal basis after which the next one opens another document."""

HELD_OUT_SIZES, HELD_OUT_EVERY = range(5, 151), 2
"""Of the documents with so many paragraphs one in so many is for evaluation only: 224 of the corpus, 7.5 % of its words."""

_BASIS = re.compile(r"(?i)căn cứ\s")
_ADOPTED = re.compile(r"(?:Bộ luật|Luật) này (?:đã )?được Quốc hội")

_OLD_TONE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_OLD_TONE |= {k.upper(): v.upper() for k, v in _OLD_TONE.items()} | {k.capitalize(): v.capitalize() for k, v in _OLD_TONE.items()}
_TONE_PATTERN = re.compile(r"(?<![qQ])(" + "|".join(_OLD_TONE) + r")(?!\w)")


def unify_tones(text: str) -> str:
    """NFC, with the tone mark where modern offices write it: ``hoà`` → ``hòa``, ``thuỷ`` → ``thủy`` (``quý`` stays)."""
    return _TONE_PATTERN.sub(lambda m: _OLD_TONE[m.group(1)], unicodedata.normalize("NFC", text))


def corpus_files(folder: Path) -> list[Path]:
    """The corpus files of a folder in a stable order."""
    return sorted(p for p in folder.iterdir() if p.name.endswith((".txt", ".txt.xz")))


def genre(path: Path) -> str:
    """One of :data:`GENRES`; a file with another name counts as office prose."""
    first = path.name.split("_", 1)[0]
    return first if first in GENRES else "admin"


def documents(path: Path) -> Iterator[list[str]]:
    """The documents of one file, each a list of paragraphs with unified tone marks."""
    opener = lzma.open if path.name.endswith(".xz") else open
    found: list[str] = []
    body = 0
    with opener(path, "rt", encoding="utf-8") as lines:
        for text in (unify_tones(line.strip()) for line in lines if line.strip()):
            basis = bool(_BASIS.match(text))
            if found and ((basis and body >= BODY) or _ADOPTED.match(found[-1])):
                yield found
                found = []
            body = 0 if basis else body + 1
            found.append(text)
    if found:
        yield found


def is_held_out(document: list[str]) -> bool:
    """Whether a document is kept out of all training: decided by its words, so that the order of files does not matter."""
    return len(document) in HELD_OUT_SIZES and zlib.crc32("\n".join(document).encode()) % HELD_OUT_EVERY == 0


def paragraphs(path: Path, *, held_out: bool) -> Iterator[str]:
    """The paragraphs of one file's documents that are kept out for evaluation, or of all the others; nothing of wiki is kept out."""
    for document in documents(path):
        if (genre(path) != "wiki" and is_held_out(document)) == held_out:
            yield from document


class KeptOut:
    """Whether a line (of rendered text, broken anywhere) comes from a document that is kept out: most of its runs of five words do."""

    def __init__(self, folder: Path) -> None:
        files = [p for p in corpus_files(folder) if genre(p) != "wiki"]
        self._runs = {hash(run) for path in files for text in paragraphs(path, held_out=True) for run in self._of(text)}

    @staticmethod
    def _of(text: str) -> Iterator[tuple[str, ...]]:
        words = text.lower().split()
        return zip(*(words[i:] for i in range(5)), strict=False)

    def __contains__(self, line: str) -> bool:
        runs = [hash(run) in self._runs for run in self._of(line)]
        return sum(runs) > 0.5 * len(runs)
