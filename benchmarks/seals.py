"""Lines of print under a red seal: character errors with the seal and without it on the same scans.

Each page that a sample is signed on is printed, signed, stamped twice with the same seal (over body lines, and over the signature as the
rules have it, where nơi nhận and the name stand), and scanned at 150 or 300 dpi with JPEG's halved colour. The seals have six reds from
pale to nearly black. The lines under a seal are those whose words its ring meets; what was read at their place is compared with them.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2
from PIL import Image
from rapidfuzz.distance import Levenshtein

from benchmarks.figures import Figure
from diacritics.corpus import unify_tones
from ingest.cleaning import enlarged
from ingest.document import Box, Page
from ingest.engine import Colour
from ingest.options import ReadOptions
from ingest.recognise import recognise
from scripts import sample_pdf, sample_scan
from scripts.render_samples import SAMPLES
from scripts.sample_format import Sample, load_all
from scripts.sample_pdf import SignaturePlace

REDS = {
    "usual": (200, 30, 45),
    "bright": (235, 40, 40),
    "pale": (240, 150, 155),
    "pink": (225, 80, 130),
    "dark": (140, 20, 35),
    "brown": (110, 35, 30),
}
SEED = 9
ROUNDS = 2
RADIUS = sample_scan.SEAL_DIAMETER_MM / 25.4 * 72 / 2


@dataclass(frozen=True, slots=True)
class Printed:
    """A line of the page: its text and its box in points from the top left corner."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Outcome:
    """Changed signs of the lines under one seal with it and without it, and how many signs they have."""

    red: str
    dpi: int
    where: str
    stamped: int
    bare: int
    signs: int


def printed_lines(pdf: bytes, number: int) -> list[Printed]:
    """The lines of page ``number`` of a born-digital PDF; a line of two columns is two."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[number - 1]
    height = page.get_height()
    text = page.get_textpage()
    found = []
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        box = (left, height - top, right, height - bottom)
        found.append(Printed(text.get_text_bounded(left, bottom, right, top), box))
    text.close()
    page.close()
    document.close()
    return _joined(found)


def _joined(pieces: Sequence[Printed]) -> list[Printed]:
    """Pieces of one line (words in another face) put together."""
    lines: list[Printed] = []
    for piece in pieces:
        last = lines[-1] if lines else None
        if last and min(last.box[3], piece.box[3]) - max(last.box[1], piece.box[1]) > 4 and -2 <= piece.box[0] - last.box[2] < 12:
            space = " " if piece.box[0] - last.box[2] > 1.5 else ""
            box = (last.box[0], min(last.box[1], piece.box[1]), piece.box[2], max(last.box[3], piece.box[3]))
            lines[-1] = Printed(last.text + space + piece.text, box)
        else:
            lines.append(piece)
    return [Printed(" ".join(line.text.split()), line.box) for line in lines if line.text.strip()]


def centre(place: SignaturePlace, height: float) -> tuple[float, float]:
    """The middle (points from the top left corner) of the seal that goes with a signature at ``place``."""
    return place.x - 38, height - place.y + 2


def under(lines: Sequence[Printed], middle: tuple[float, float]) -> list[Printed]:
    """The lines that a seal about ``middle`` meets."""
    x, y = middle

    def distance(box: Box) -> float:
        return float(np.hypot(max(box[0] - x, 0, x - box[2]), max(box[1] - y, 0, y - box[3])))

    return [line for line in lines if distance(line.box) < RADIUS]


def changes(lines: Sequence[Printed], page: Page) -> int:
    """Signs to be changed in what was read at the place of ``lines`` to make it theirs."""
    total = 0
    for line in lines:
        left, top, right, bottom = line.box
        here = []
        for word in (word for read in page.lines for word in read.words):
            if word.box is None:
                continue
            x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
            if left - 6 <= x <= right + 6 and top - 2 <= y <= bottom + 2:
                here.append((word.box[0], word.text))
        total += Levenshtein.distance(unify_tones(line.text), unify_tones(" ".join(text for _, text in sorted(here))))
    return total


def _stamp(page: Colour, place: SignaturePlace, words: str, dpi: int, red: tuple[int, int, int], rng: np.random.Generator) -> Colour:
    """The page stamped in ``red``: ink is transparent."""
    paper = np.full_like(page, 255)
    sample_scan._stamp_seal(paper, place, words, dpi, rng)
    cover = (255.0 - paper[..., 2:3]) / (255 - sample_scan.RED[2])
    return np.asarray(page * (1 - cover * (1 - np.array(red) / 255)), dtype=np.uint8)


def _scan(page: Colour, dpi: int, number: int, rng: np.random.Generator) -> Page:
    noisy = sample_scan._noise(page, 3.0 if dpi == 300 else 6.0, rng)
    with io.BytesIO() as buffer:
        Image.fromarray(noisy).save(buffer, "JPEG", quality=75 if dpi == 300 else 55, subsampling="4:2:0")
        shot = np.asarray(Image.open(buffer).convert("RGB"), dtype=np.uint8)
    return recognise(*_arguments(shot, number, dpi))


def _arguments(shot: Colour, number: int, dpi: int) -> tuple[Colour, int, int, ReadOptions]:
    picture, fine = enlarged(shot, dpi)
    return picture, number, fine, ReadOptions()


def compare(sample: Sample, red: str, dpi: int, rng: np.random.Generator) -> Iterator[Outcome]:
    """Read one page with two seals and without."""
    pdf, place = sample_pdf.render(sample)
    page = sample_scan._pages(pdf, dpi)[place.page - 1]
    height = page.shape[0] * 72 / dpi
    lines = printed_lines(pdf, place.page)
    body = [line for line in lines if line.box[2] - line.box[0] > 300 and line.box[3] < height - place.y - 70] or lines
    middle = body[len(body) // 2].box
    elsewhere = replace(place, x=float(rng.uniform(160, 440)), y=height - middle[1])
    sample_scan._sign(page, place, dpi, rng)
    words = " ".join(sample.layout.head)
    stamped = page
    for where in (place, elsewhere):
        stamped = _stamp(stamped, where, words, dpi, REDS[red], rng)
    seed = int(rng.integers(1 << 30))
    with_seals, bare = (_scan(picture, dpi, place.page, np.random.default_rng(seed)) for picture in (stamped, page))
    for name, where in (("signature", place), ("body", elsewhere)):
        below = under(lines, centre(where, height))
        yield Outcome(red, dpi, name, changes(below, with_seals), changes(below, bare), sum(len(line.text) for line in below))


def measure(*, quick: bool) -> Iterator[Figure]:
    """Error rates under seals and without them: overall, by red, by place and resolution."""
    rng = np.random.default_rng(SEED)
    samples = itertools.cycle(load_all(SAMPLES))
    kinds = list(itertools.product(REDS, (300, 150))) * ROUNDS
    outcomes = [one for red, dpi in kinds[:: 6 if quick else 1] for one in compare(next(samples), red, dpi, rng)]
    yield from figures(outcomes)


def figures(outcomes: Sequence[Outcome]) -> Iterator[Figure]:
    """The part's figures."""
    stamped, bare, ratio = _rates(outcomes)
    note = f"{sum(one.signs for one in outcomes)} signs under {len(outcomes)} seals of {len({one.red for one in outcomes})} reds"
    yield Figure("lines under a red seal: CER with it, against without", ratio, 2.0, unit="times", note=note)
    yield Figure("lines under a red seal: CER with it", stamped, note=note)
    yield Figure("lines under a red seal: CER without it", bare, note=note)
    groups = [(red, [one for one in outcomes if one.red == red]) for red in REDS]
    groups += [(where, [one for one in outcomes if one.where == where]) for where in ("body", "signature")]
    groups += [(f"{dpi} dpi", [one for one in outcomes if one.dpi == dpi]) for dpi in (300, 150)]
    for name, group in groups:
        if group:
            stamped, bare, ratio = _rates(group)
            yield Figure(f"under a seal, {name}: CER", stamped, note=f"{bare:.4f} without, {ratio:.2f} times")


def _rates(outcomes: Sequence[Outcome]) -> tuple[float, float, float]:
    signs = max(1, sum(one.signs for one in outcomes))
    stamped, bare = sum(one.stamped for one in outcomes), sum(one.bare for one in outcomes)
    return stamped / signs, bare / signs, stamped / max(1, bare)
