"""How fast documents are read without OCR: ``python -m scripts.bench_extraction [--rounds N] [--only NAME …] [--profile]``.

One core, after load. What is read: the samples' texts, their rendered PDFs, and their good and bad scans as OCR gave them, which is kept
in a temporary folder (see :mod:`scripts.score_ocr`; the first run on a machine reads the scans and takes minutes). Pages are those of the
rendered documents; a text without pages counts as many as its PDF has. Restoration is timed on the same documents in the same run:
the ratio says less of the machine than pages a second do. Every figure is the best of ``--rounds``, since whatever else the
machine does can only slow a round down. What extraction remembers of earlier lines is forgotten before each round, as in a new process.
"""

from __future__ import annotations

import argparse
import cProfile
import functools
import gc
import pstats
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import extract
from dondoc.process import restore
from ingest.document import Document
from scripts.sample_format import load_all
from scripts.score_ocr import read
from scripts.score_samples import SAMPLES, SUFFIXES, as_document


@dataclass(frozen=True, slots=True)
class Work:
    """A document to be read: as ``ingest`` gave it, as it was restored, and how many pages it has on paper."""

    raw: Document
    restored: Document
    pages: int


@dataclass(frozen=True, slots=True)
class Speed:
    """Pages, and the seconds that extraction and restoration took for them."""

    pages: int
    extraction: float
    restoration: float

    def __str__(self) -> str:
        return (
            f"{self.pages:6} {self.pages / self.extraction:12.1f} {self.pages / self.restoration:12.1f} "
            f"{self.extraction / self.restoration:12.2f}"
        )


def works(source: str, only: Sequence[str] = ()) -> list[Work]:
    """The samples as ``source`` (text, pdf, good or bad) gives them."""
    found = []
    for sample in load_all(SAMPLES):
        if only and sample.name not in only:
            continue
        pages = len(read(SAMPLES / "rendered" / f"{sample.name}.pdf").document.pages)
        raw = as_document(sample.text()) if source == "text" else read(SAMPLES / "rendered" / f"{sample.name}{SUFFIXES[source]}").document
        found.append(Work(raw, restore(raw), pages))
    return found


def forget() -> None:
    """Empties what extraction remembers of texts; lists and models stay, since they are loaded once for a process."""
    for thing in gc.get_objects():
        if type(thing) is functools._lru_cache_wrapper and _of_texts(thing):  # isinstance would wake lazy modules
            thing.cache_clear()


def _of_texts(thing: functools._lru_cache_wrapper[object]) -> bool:
    # Bounded caches with more than a few places hold texts; gazetteers, models and lists are kept in small or unbounded ones.
    return thing.__module__.startswith("extract") and (thing.cache_info().maxsize or 0) >= TEXTS


TEXTS = 256
"""From this size on a bounded cache holds readings of texts."""


def seconds(call: Callable[[Document], object], documents: Iterable[Document], rounds: int) -> float:
    """The least time of a round over all documents, in processor seconds of this process."""
    times = []
    for _ in range(rounds):
        forget()
        fresh = [replace(document) for document in documents]
        begin = time.process_time()
        for document in fresh:
            call(document)
        times.append(time.process_time() - begin)
    return min(times)


def measure(work: Sequence[Work], rounds: int) -> Speed:
    """Extraction of the restored documents, and restoration of the raw ones."""
    extraction = seconds(extract.extract, [one.restored for one in work], rounds)
    restoration = seconds(restore, [one.raw for one in work], rounds)
    return Speed(sum(one.pages for one in work), extraction, restoration)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--profile", action="store_true", help="also where the time of extraction goes")
    args = parser.parse_args(argv)
    by_source = {source: works(source, args.only) for source in ("text", *SUFFIXES)}
    for work in by_source.values():
        extract.extract(work[0].restored)  # gazetteers and models are loaded before anything is timed
    print(f"{'from':6} {'pages':>6} {'extraction':>12} {'restoration':>12} {'extr./rest.':>12}")
    print(f"{'':6} {'':>6} {'pages/s':>12} {'pages/s':>12} {'time':>12}")
    speeds = {source: measure(work, args.rounds) for source, work in by_source.items()}
    for source, speed in speeds.items():
        print(f"{source:6} {speed}")
    total = Speed(*(sum(getattr(speed, name) for speed in speeds.values()) for name in Speed.__slots__))
    print(f"{'ALL':6} {total}")
    if args.profile:
        forget()
        profile = cProfile.Profile()
        profile.enable()
        for work in by_source.values():
            for one in work:
                extract.extract(one.restored)
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(r"extract/|underthesea", 60)
    return 0


if __name__ == "__main__":
    sys.exit(main())
