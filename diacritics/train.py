"""Counts and writes the model: ``python -m diacritics.train --corpus DIR [--pairs FILE]``.

About three minutes on one core for 20 M words. Without ``--pairs`` (see ``diacritics.pairs``) the channel of the model that is
there is kept and only the language model is counted again. Lines of documents that are kept out of counting teach the channel nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from diacritics.channel import Channel
from diacritics.corpus import KeptOut
from diacritics.counting import count, count_capitals, count_words, estimate
from diacritics.damage import read_pairs
from diacritics.restorer import MODEL_FOLDER

_EDGES = ".,;:!?()\"“”'’[]-–"


def token_pairs(path: Path, kept_out: KeptOut | tuple[()]) -> Iterator[tuple[str, str]]:
    """Word pairs (true, read) of the lines in which as many tokens were read as were written, but for lines that are kept out."""
    for true, read in read_pairs(path):
        trues, reads = true.split(), read.split()
        if len(trues) != len(reads) or true in kept_out:
            continue
        for t, r in zip(trues, reads, strict=True):
            word, token = t.strip(_EDGES), r.strip(_EDGES)
            if word.isalpha() and token and len(word) < 9 and abs(len(word) - len(token)) < 4:
                yield word, token


def main(arguments: list[str] | None = None) -> int:
    """Counts, estimates, writes ``syllables.zip`` and ``channel.tsv``."""
    parser = argparse.ArgumentParser(prog="python -m diacritics.train", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of correct text (*.txt, *.txt.xz), one paragraph a line")
    parser.add_argument("--pairs", type=Path, help="JSON lines of [true, read], from python -m diacritics.pairs")
    parser.add_argument("--vie-pairs", type=Path, action="append", default=[], help="the same with --language vie")
    parser.add_argument("--out", type=Path, default=MODEL_FOLDER, help="folder of the model")
    options = parser.parse_args(arguments)
    if not options.corpus and not options.pairs:
        parser.error("--corpus or --pairs is needed")
    options.out.mkdir(parents=True, exist_ok=True)
    if options.pairs:
        kept_out: KeptOut | tuple[()] = KeptOut(options.corpus) if options.corpus else ()
        slips = [p for path in options.vie_pairs for p in token_pairs(path, kept_out)]
        Channel.build(token_pairs(options.pairs, kept_out), slips).save(options.out / "channel.tsv")
    if options.corpus:
        vocabulary = count_words(options.corpus)
        model = estimate(vocabulary, count(options.corpus, vocabulary))
        model.capitals = count_capitals(options.corpus, vocabulary)
        model.save(options.out / "syllables.zip")
    return 0


if __name__ == "__main__":
    sys.exit(main())
