"""Syllables of the true first page of real scans that stand on the first page of the program's text.

Needs ``scans/`` of the shared material beside the checkout: the PDFs, and ``transcripts/NAME.p1.txt`` with what the first page of
``NAME.pdf`` says. Where ``NAME.textlayer.txt`` lies beside it, that is taken instead: a transcript may leave out or repeat what the PDF
itself says sign by sign (against that of one plan a perfect reading reaches .92). A syllable is found when it stands anywhere on the
page, as often as in the transcript; how many also stand in its order is given beside it, with nothing promised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import LCSseq

import ingest
from benchmarks.figures import Figure, NotReady
from diacritics.corpus import unify_tones
from dondoc.process import read_options, restore
from dondoc.settings import Settings

SCANS = Path(__file__).parents[1].parent / "shared" / "scans"
_SYLLABLE = re.compile(r"[^\W_]+(?:[/.\-–][^\W_]+)*")


def syllables(text: str) -> list[str]:
    """The syllables and numbers of ``text``, without punctuation around them, tone marks placed in one way."""
    return _SYLLABLE.findall(unify_tones(text))


def found(true: str, read: str) -> tuple[float, float]:
    """Share of the syllables of ``true`` that stand in ``read``: in any order, and in the same order."""
    wanted, had = syllables(true), syllables(read)
    anywhere = (Counter(wanted) & Counter(had)).total()
    return anywhere / max(1, len(wanted)), LCSseq.similarity(wanted, had) / max(1, len(wanted))


def transcripts(folder: Path = SCANS, *, most: int | None = None) -> Iterator[tuple[str, float, float]]:
    """(name, share found, share found in order) of the first page of every scan whose transcript lies in ``folder``.

    Raises NotReady when there is none.
    """
    pages = sorted((folder / "transcripts").glob("*.p1.txt"))
    if not pages:
        raise NotReady(f"no transcripts of real scans in {folder / 'transcripts'}")
    for true in pages[:most]:
        name = true.name.removesuffix(".p1.txt")
        info = ingest.inspect(folder / f"{name}.pdf")
        page = ingest.read_page(info, 1, read_options(Settings()))
        document = restore(ingest.assemble(info, [page]))
        yield name, *found(_true_page(true), document.text)


def _true_page(transcript: Path) -> str:
    layer = transcript.with_name(transcript.name.replace(".p1.txt", ".textlayer.txt"))
    return layer.read_text(encoding="utf-8").split("\f")[0] if layer.exists() else transcript.read_text(encoding="utf-8")


def measure(*, quick: bool) -> Iterator[Figure]:
    """The mean over all transcripts, the least of them, and each."""
    every = list(transcripts(most=2 if quick else None))
    shares = [share for _, share, _ in every]
    note = f"{len(every)} first pages"
    yield Figure("syllables of the true first page found, mean", sum(shares) / len(shares), 0.985, "at least", note=note)
    yield Figure("syllables of the true first page found, least", min(shares), 0.96, "at least", note=note)
    yield Figure("… found in the transcript's order, mean", sum(order for *_, order in every) / len(every), note=note)
    for name, share, _ in every:
        yield Figure(f"… {name.split('_', 1)[0]} {name.split('_')[1]}", share, 0.96, "at least", note="first page")
