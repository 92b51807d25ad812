"""Measures the restorer: ``python -m diacritics.evaluate`` with one or more of ``--corpus``, ``--pairs``, ``--raw/--gold``, ``--cost``.

A figure is the share of true syllables that stand in the restored line, best alignment line by line; for correct text also how
many syllables in 10,000 were changed. Confidence is shown as the share of syllables that are given at least .95 and the share of right
ones among those.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import textwrap
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from diacritics.channel import Channel
from diacritics.corpus import corpus_files, documents, genre, is_held_out, unify_tones
from diacritics.noise import REGIMES, Noise
from diacritics.restorer import MODEL_FOLDER, RestoredLine, Restorer, load

SURE = 0.95
_SYLLABLE = re.compile(r"[^\W_]+(?:[/.\-–][^\W_]+)*")


def syllables(text: str) -> list[str]:
    """Words and numbers of a line, document numbers whole."""
    return _SYLLABLE.findall(unicodedata.normalize("NFC", text))


def syllable_places(text: str) -> list[tuple[str, int]]:
    """The same with the place where each begins."""
    return [(m.group(), m.start()) for m in _SYLLABLE.finditer(unicodedata.normalize("NFC", text))]


@dataclass(slots=True)
class Tally:
    """Counts of one evaluation."""

    true: int = 0
    before: int = 0
    after: int = 0
    sure: int = 0
    sure_right: int = 0
    rated: int = 0
    seconds: float = 0.0

    def add(self, true: str, restored: RestoredLine) -> None:
        """Counts one line."""
        wanted = syllables(true)
        self.true += len(wanted)
        self.before += _common(wanted, syllables(restored.raw))
        found = syllables(restored.text)
        matcher = SequenceMatcher(None, wanted, found, autojunk=False)
        self.after += _common(wanted, found)
        right = {b + i for _, b, size in matcher.get_matching_blocks() for i in range(size)}
        places = [m.start() for m in _SYLLABLE.finditer(restored.text)]
        rights = {places[i] for i in right if i < len(places)}
        for syllable in restored.syllables:
            self.rated += 1
            if syllable.confidence >= SURE:
                self.sure += 1
                self.sure_right += syllable.begin in rights or not syllable.text.isalpha()
        if len(restored.syllables) * 2 < len(found):  # a line that was only proofread lists its doubtful words; the others are sure
            unlisted = {*places} - {s.begin for s in restored.syllables}
            self.rated, self.sure = self.rated + len(unlisted), self.sure + len(unlisted)
            self.sure_right += len(unlisted & rights)

    def row(self, name: str) -> str:
        """One line of the table."""
        sure = f"{self.sure / self.rated:.3f} sure, {self.sure_right / max(1, self.sure):.4f} of them right" if self.rated else "-"
        return (
            f"{name:<14} {self.true:>7} syllables  before {self.before / max(1, self.true):.4f}  "
            f"after {self.after / max(1, self.true):.4f}  {sure}  {self.true / max(self.seconds, 1e-9):.0f}/s"
        )


def _common(wanted: Sequence[str], found: Sequence[str]) -> int:
    row = [0] * (len(found) + 1)
    for w in wanted:
        previous = 0
        for j, f in enumerate(found, 1):
            keep = row[j]
            row[j] = previous + 1 if w == f else max(row[j], row[j - 1])
            previous = keep
    return row[-1]


def measure(restorer: Restorer, true: Sequence[str], read: Sequence[str], tally: Tally) -> None:
    """Restores the read lines as one document and counts them against the true ones."""
    start = time.process_time()
    restored = restorer.restore(read)
    tally.seconds += time.process_time() - start
    for line, result in zip(true, restored, strict=True):
        tally.add(line, result)


def held_out_documents(folder: Path, most: int, lines: int) -> list[list[str]]:
    """``lines`` lines from the midst of up to ``most`` documents of office prose and law that are kept out of training, spread evenly."""
    files = [f for f in corpus_files(folder) if genre(f) != "wiki"]
    whole = [d for f in files for d in documents(f) if is_held_out(d)]
    chosen = whole[:: max(1, len(whole) // most)][:most]
    wrapped = [[w for p in d for w in textwrap.wrap(p, 90, break_long_words=False, break_on_hyphens=False)] for d in chosen]
    return [rows[max(0, (len(rows) - lines) // 3) :][:lines] for rows in wrapped]


def _corpus(restorer: Restorer, options: argparse.Namespace) -> None:
    noise = Noise(Channel.read(MODEL_FOLDER / "channel.tsv"))
    texts = held_out_documents(options.corpus, options.documents, options.lines)
    print(f"{len(texts)} documents, none of them seen in training")  # noqa: T201
    for regime in options.regime or (*REGIMES, "correct"):
        tally = Tally()
        for page in texts:
            measure(restorer, page, page if regime == "correct" else [noise.damage(line, regime) for line in page], tally)
        print(tally.row(regime) + (f"  changed {1e4 * (1 - tally.after / tally.true):.1f} in 10,000" if regime == "correct" else ""))  # noqa: T201


def _cost() -> None:
    """Time to load, memory of a process that holds the model."""
    start = time.perf_counter()
    load()
    seconds = time.perf_counter() - start
    print(f"load {seconds:.2f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")  # noqa: T201


def _pairs(restorer: Restorer, path: Path) -> None:
    pairs = [json.loads(line)[:2] for line in path.read_text(encoding="utf-8").splitlines()]
    tally = Tally()
    for i in range(0, len(pairs), 40):
        measure(restorer, [t for t, _ in pairs[i : i + 40]], [r for _, r in pairs[i : i + 40]], tally)
    print(tally.row(path.stem))  # noqa: T201


def main(arguments: list[str] | None = None) -> int:
    """Prints one line for each thing measured."""
    parser = argparse.ArgumentParser(prog="python -m diacritics.evaluate", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of correct text; what is kept out of training is damaged in every regime")
    parser.add_argument("--documents", type=int, default=200, help="documents of the corpus, all kept out of training")
    parser.add_argument("--lines", type=int, default=20, help="lines of 90 characters from the midst of each")
    parser.add_argument("--regime", action="append", choices=(*REGIMES, "correct"), help="only this kind of damage; may be repeated")
    parser.add_argument("--cost", action="store_true", help="time and memory of loading the model")
    parser.add_argument("--pairs", type=Path, action="append", default=[], help="JSON lines of [true, read], from diacritics.pairs")
    parser.add_argument("--raw", type=Path, action="append", default=[], help="a damaged text; --gold names its correct text, line by line")
    parser.add_argument("--gold", type=Path, action="append", default=[])
    options = parser.parse_args(arguments)
    if options.cost:
        _cost()
    restorer = load()
    if options.corpus:
        _corpus(restorer, options)
    for path in options.pairs:
        _pairs(restorer, path)
    for raw, gold in zip(options.raw, options.gold, strict=True):
        tally = Tally()
        true = unify_tones(re.sub(r"\{\?([^}]*)\}", r"\1", gold.read_text(encoding="utf-8"))).split("\n")
        measure(restorer, true, raw.read_text(encoding="utf-8").split("\n"), tally)
        print(tally.row(raw.stem[:14]))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
