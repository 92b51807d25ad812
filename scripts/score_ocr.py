"""Word errors of OCR before and after restoration: ``python -m scripts.score_ocr --from good|bad [--only NAME …] [--errors]``.

Reads the rendered scans of the samples (``python -m scripts.render_samples``) with the program's own reader and compares the words
with the sample's text. Words are compared with their case and without the punctuation at their edges; page numbers and lines known to
be those of stamps are left out. Runs of words that only one side has are no errors of reading and are counted apart when they are longer
than :data:`LAYOUT` words (a stamp) or stand elsewhere on the other side (a head read in another order).
What OCR gave is kept in a temporary folder, so that only the first run takes minutes, and is forgotten when a line of ``ingest``
changes; ``--fresh`` reads again after another engine was installed.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz.distance import Levenshtein

import ingest
from diacritics.corpus import unify_tones
from ingest.document import Document, Line
from scripts.sample_format import load_all

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
CACHE = Path(tempfile.gettempdir()) / "dondoc-ocr"
LAYOUT = 4
_EDGES = ".,;:!?()[]\"“”'‘’-–—…*+•|_~`/"
_PAGE_NUMBER = re.compile(r"(?m)^\W*\d{1,3}\W*$")

Restore = Callable[[Sequence[Line]], Sequence[str]]
"""The lines of a document → their restored texts."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What OCR gave for one scan, and the seconds that took."""

    document: Document
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """Errors of one text against the truth: ``errors`` of reading, ``layout`` words that stand elsewhere, ``words`` of the truth."""

    words: int
    errors: int
    layout: int
    places: tuple[tuple[str, str], ...]
    """(true words, read words) of every error of reading."""


def words(text: str) -> list[str]:
    """The words that are compared: tones written in one style, no punctuation at the edges, no tokens without letters or digits."""
    found = (token.strip(_EDGES) for token in unify_tones(text).split())
    return [word for word in found if any(c.isalnum() for c in word)]


def compare(true: str, read: str) -> Result:
    """The word errors of ``read``."""
    wanted, had = words(true), words(_PAGE_NUMBER.sub("", read))
    codes = [code for code in Levenshtein.opcodes(wanted, had) if code.tag != "equal"]
    found = [(wanted[c.src_start : c.src_end], had[c.dest_start : c.dest_end]) for c in codes]
    absent, added = ({" ".join(pair[side]) for pair in found if pair[side] and not pair[1 - side]} for side in (0, 1))
    errors = layout = 0
    places = []
    for missing, extra in found:
        size = max(len(missing), len(extra))
        elsewhere = not (missing and extra) and (size > LAYOUT or " ".join(missing or extra) in absent & added)
        layout += size * elsewhere
        errors += size * (not elsewhere)
        if not elsewhere:
            places.append((" ".join(missing), " ".join(extra)))
    return Result(len(wanted), errors, layout, tuple(places))


@cache
def _reader_digest() -> bytes:
    """Of the source of the reader: what another one gave is none of its readings, nor of its types."""
    sources = sorted(Path(ingest.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).digest()


def read(scan: Path, *, fresh: bool = False) -> Reading:
    """OCR of one scan, from the cache when this reader has read it before; ``fresh`` reads it again."""
    kept = CACHE / f"{scan.stem}.{hashlib.sha256(scan.read_bytes() + _reader_digest()).hexdigest()[:16]}.pickle"
    if kept.exists() and not fresh:
        return Reading(*pickle.loads(kept.read_bytes()))
    begin = time.perf_counter()
    document = ingest.read(scan)
    found = Reading(document, time.perf_counter() - begin)
    CACHE.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps((found.document, found.seconds)))
    return found


def readings(source: str, only: Sequence[str] = (), *, fresh: bool = False) -> Iterator[tuple[str, str, Reading]]:
    """(name, true text, what OCR gave) of every sample."""
    for sample in load_all(SAMPLES):
        if not only or sample.name in only:
            yield sample.name, sample.text(), read(SAMPLES / "rendered" / f"{sample.name}.{source}.pdf", fresh=fresh)


def printed(document: Document) -> list[Line]:
    """The lines without those known to be stamped on or page numbers, neither of which a sample's text has."""
    return [line for _, line in document.lines() if line.part in ("body", "footnote")]


def restored(lines: Sequence[Line]) -> list[str]:
    """The lines as the program restores them."""
    from dondoc.process import restorer  # noqa: PLC0415 - loads the model

    trust = [[word.confidence for word in line.words] for line in lines]
    return [found.text for found in restorer().restore([line.text for line in lines], trust)]


def main(argv: Sequence[str] | None = None, restore: Restore = restored) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="source", choices=["good", "bad"], default="bad")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--fresh", action="store_true", help="read all scans again")
    parser.add_argument("--errors", action="store_true", help="also every place that restoration changed, and every error that is left")
    args = parser.parse_args(argv)
    restore([])  # the model is loaded before anything is timed
    totals = [0, 0, 0, 0]
    clock = [0.0, 0.0]
    print(f"{'sample':30}{'words':>7}{'layout':>8}{'before':>8}{'after':>8}{'OCR s':>8}{'rest. s':>8}")
    for name, true, reading in readings(args.source, args.only, fresh=args.fresh):
        lines = printed(reading.document)
        begin = time.perf_counter()
        texts = restore(lines)
        seconds = time.perf_counter() - begin
        before, after = compare(true, "\n".join(line.text for line in lines)), compare(true, "\n".join(texts))
        print(f"{name:30}{before.words:7}{before.layout:8}{before.errors:8}{after.errors:8}{reading.seconds:8.1f}{seconds:8.2f}")
        if args.errors:
            _print_changes(lines, texts, after)
        for i, value in enumerate((before.words, before.layout, before.errors, after.errors)):
            totals[i] += value
        clock = [clock[0] + reading.seconds, clock[1] + seconds]
    print(f"{'ALL':30}" + f"{totals[0]:7}{totals[1]:8}{totals[2]:8}{totals[3]:8}{clock[0]:8.1f}{clock[1]:8.2f}")
    if totals[0] and totals[2]:
        print(
            f"word error rate {totals[2] / totals[0]:.4f} → {totals[3] / totals[0]:.4f} ({1 - totals[3] / totals[2]:+.1%} fewer), "
            f"time {clock[1] / clock[0]:.1%} of OCR"
        )
    return 0


def _print_changes(lines: Sequence[Line], texts: Sequence[str], after: Result) -> None:
    for line, text in zip(lines, texts, strict=True):
        if line.text != text:
            for true, had in compare(text, line.text).places:
                print(f"    changed  {had!r} → {true!r}")
    for true, had in after.places:
        print(f"    left     {had!r} for {true!r}")


if __name__ == "__main__":
    sys.exit(main())
