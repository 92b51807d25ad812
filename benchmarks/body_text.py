"""Character errors of body text on the good and bad scans of the samples, as read and after restoration.

Body text is every paragraph between the addressees and "Nơi nhận", and in an appendix its title, its second line and its paragraphs.
Letterhead, number, date, subject, addressees, table cells (measured by ``tables``), recipients, signature and stamps are none. The whole
text of a sample is aligned with the whole text that was read, sign by sign with the fewest changes, and the changes within body text are
divided by its length; whatever stands in the reading between two paragraphs that follow each other is an error of body text. Compared
in NFC, whitespace folded to one space, tone marks placed in one way; lines known as page numbers or stamps are left out. All scans
are read anew; ``--quick`` takes what ``scripts.score_ocr`` kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from benchmarks.figures import Figure, NotReady
from diacritics.corpus import unify_tones
from ingest.document import Document
from scripts.sample_format import Grid, Sample, load_all
from scripts.score_ocr import SAMPLES, printed, read

WANTED = {"good": 0.003, "bad": 0.012}
WORST = 3


@dataclass(frozen=True, slots=True)
class Errors:
    """Changed signs of body text, its length, and every place: (true, read) with a little around it."""

    changes: int
    signs: int
    places: tuple[tuple[str, str], ...] = ()

    @property
    def rate(self) -> float:
        """Character error rate."""
        return self.changes / max(1, self.signs)


def folded(text: str) -> str:
    """The text in the form that is compared."""
    return " ".join(unify_tones(text).split())


def pieces(sample: Sample) -> Iterator[tuple[str, bool]]:
    """The lines of the sample's text in order, each with whether it is body text."""
    body: set[str] = set()
    for block in (*sample.body, *(block for appendix in sample.appendices for block in appendix.body)):
        if not isinstance(block, Grid):
            body.update(block.lines())
    for appendix in sample.appendices:
        body.update((*appendix.title, appendix.attached))
    for line in sample.text().splitlines():
        yield folded(line), line in body


def errors(true: Iterator[tuple[str, bool]], had: str) -> Errors:
    """The changes that make body text of ``true`` into what ``had``, the whole reading, has in its place."""
    wanted, counts = "", [False]
    for line, is_body in true:
        counts[-1] &= is_body  # the blank between two lines is body text where both are
        wanted += line + " "
        counts += [is_body] * (len(line) + 1)
    places = []
    changes = 0
    for code in Levenshtein.opcodes(wanted, had):
        if code.tag == "equal":
            continue
        if code.tag == "insert":
            inside = 0 < code.src_start < len(wanted) and counts[code.src_start] and counts[code.src_start + 1]
            size = (code.dest_end - code.dest_start) * inside
        else:
            size = sum(counts[code.src_start + 1 : code.src_end + 1])
        if size:
            changes += size
            places.append((wanted[max(0, code.src_start - 12) : code.src_end + 12], had[max(0, code.dest_start - 12) : code.dest_end + 12]))
    return Errors(changes, sum(counts), tuple(places))


def text_of(document: Document) -> str:
    """All lines of the document but those of page numbers, in the form that is compared."""
    return folded(" ".join(line.text for line in printed(document)))


def measure(*, quick: bool) -> Iterator[Figure]:
    """Error rates over all samples, good and bad, before and after restoration, and the worst samples."""
    from dondoc.process import restore  # noqa: PLC0415 - loads the model

    samples = load_all(SAMPLES)[:: 8 if quick else 1]
    if not all((SAMPLES / "rendered" / f"{sample.name}.{kind}.pdf").exists() for sample in samples for kind in WANTED):
        raise NotReady("the samples are not rendered; run: python -m scripts.render_samples")
    for kind, wanted in WANTED.items():
        before, after = {}, {}
        for sample in samples:
            document = read(SAMPLES / "rendered" / f"{sample.name}.{kind}.pdf", fresh=not quick).document
            before[sample.name] = errors(pieces(sample), text_of(document))
            after[sample.name] = errors(pieces(sample), text_of(restore(document)))
        note = f"{len(samples)} {kind} scans, {sum(found.signs for found in after.values())} signs"
        yield Figure(f"body text, {kind} scans: CER as read", _overall(before), note=note)
        yield Figure(f"body text, {kind} scans: CER after restoration", _overall(after), wanted, note=note)
        for name in sorted(after, key=lambda name: -after[name].rate)[:WORST]:
            yield Figure(f"{kind} scan of {name}: CER after restoration", after[name].rate, note=f"{before[name].rate:.4f} as read")


def _overall(found: dict[str, Errors]) -> float:
    return sum(one.changes for one in found.values()) / max(1, sum(one.signs for one in found.values()))
