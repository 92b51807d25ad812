"""Syllables of the true first page of real scans that stand on the first page of the program's text.

Needs ``scans/`` of the shared material beside the checkout: the PDFs, and ``transcripts/NAME.p1.txt`` with what the first page of
``NAME.pdf`` says. Where ``NAME.textlayer.txt`` lies beside it, that is taken instead: a transcript may leave out or repeat what the PDF
itself says sign by sign (against that of one plan a perfect reading reaches .92). A syllable is found when it stands anywhere on the
page, as often as in the transcript; how many also stand in its order is given beside it, with nothing promised.

Two transcripts have words that the paper lacks; ``transcripts_errata.tsv`` lists them. What is promised is measured with them, and beside
it stands what is found of the words on the paper (handwriting counts in both).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import LCSseq

import ingest
from benchmarks.figures import Figure, NotReady
from diacritics.corpus import unify_tones
from dondoc.process import read_options, restore
from dondoc.settings import Settings

SCANS = Path(__file__).parents[1].parent / "shared" / "scans"
ERRATA = Path(__file__).with_name("transcripts_errata.tsv")
_SYLLABLE = re.compile(r"[^\W_]+(?:[/.\-–][^\W_]+)*")


def syllables(text: str) -> list[str]:
    """The syllables and numbers of ``text``, without punctuation around them, tone marks placed in one way."""
    return _SYLLABLE.findall(unify_tones(text))


@dataclass(frozen=True, slots=True)
class Found:
    """Shares (0 to 1) of the syllables of a transcript that were read: anywhere on the page, in the same order, of those on the paper."""

    anywhere: float
    in_order: float
    on_paper: float


def found(true: str, read: str, absent: str = "") -> Found:
    """How much of ``true`` stands in ``read``; the paper lacks the words of ``absent``."""
    wanted, had = syllables(true), syllables(read)
    printed = Counter(wanted) - Counter(syllables(absent))
    return Found(
        (Counter(wanted) & Counter(had)).total() / max(1, len(wanted)),
        LCSseq.similarity(wanted, had) / max(1, len(wanted)),
        (printed & Counter(had)).total() / max(1, printed.total()),
    )


def errata(path: Path = ERRATA) -> dict[str, str]:
    """Of each transcript with mistakes the words that the paper lacks."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return {name: words for name, words, _ in rows}


def transcripts(folder: Path = SCANS, *, most: int | None = None) -> Iterator[tuple[str, Found]]:
    """(name, what was found) of the first page of every scan whose transcript lies in ``folder``.

    Raises NotReady when there is none.
    """
    absent = errata()
    pages = sorted((folder / "transcripts").glob("*.p1.txt"))
    if not pages:
        raise NotReady(f"no transcripts of real scans in {folder / 'transcripts'}")
    for true in pages[:most]:
        name = true.name.removesuffix(".p1.txt")
        info = ingest.inspect(folder / f"{name}.pdf")
        page = ingest.read_page(info, 1, read_options(Settings()))
        document = restore(ingest.assemble(info, [page]))
        yield name, found(_true_page(true), document.text, absent.get(name, ""))


def _true_page(transcript: Path) -> str:
    layer = transcript.with_name(transcript.name.replace(".p1.txt", ".textlayer.txt"))
    return layer.read_text(encoding="utf-8").split("\f")[0] if layer.exists() else transcript.read_text(encoding="utf-8")


def measure(*, quick: bool) -> Iterator[Figure]:
    """The mean over all transcripts, the least of them, and each."""
    every = list(transcripts(most=2 if quick else None))
    shares = [share.anywhere for _, share in every]
    on_paper = [share.on_paper for _, share in every]
    note = f"{len(every)} first pages"
    yield Figure("syllables of the true first page found, mean", sum(shares) / len(shares), 0.985, "at least", note=note)
    yield Figure("syllables of the true first page found, least", min(shares), 0.96, "at least", note=note)
    yield Figure("… of those on the paper, mean", sum(on_paper) / len(on_paper), 0.985, "at least", note=note)
    yield Figure("… of those on the paper, least", min(on_paper), 0.96, "at least", note=note)
    yield Figure("… found in the transcript's order, mean", sum(share.in_order for _, share in every) / len(every), note=note)
    for name, share in every:
        yield Figure(f"… {name.split('_', 1)[0]} {name.split('_')[1]}", share.anywhere, 0.96, "at least", note="first page")
