"""Turn and skew of 200 pages that were turned and laid in crooked: sample pages as good and bad scans, and real scans where there are.

A sample page is drawn level, then rotated by a known angle within 5 degrees, then damaged as a scanner does it and turned by 0, 90, 180 or
270 degrees. A real page (all stand upright; those with fewer than two lines of print are left out) is rotated on top of the skew it has,
which is measured on the page as it lies. A page whose picture does not say which way is up is read, as the program does.
"""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks.figures import Figure, NotReady
from benchmarks.ink_lines import ink_lines
from benchmarks.real_scans import LEAST_LINES, SCANS
from ingest import pdf
from ingest.cleaning import enlarged, to_gray
from ingest.engine import Colour
from ingest.options import ReadOptions
from ingest.orientation import Pose, pose
from ingest.recognise import recognise
from scripts import sample_scan
from scripts.render_samples import SAMPLES

PAGES = 200
MOST_SKEW = 5.0
SEED = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page that stands upright: its picture, how it is to be damaged, and the skew it has of its own (degrees)."""

    name: str
    picture: Colour
    dpi: int
    kind: str
    skew: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found for one page; ``seconds`` are those of looking, without reading."""

    name: str
    right: bool
    skew_error: float
    alone: bool
    seconds: float


def sheets() -> Iterator[Sheet]:
    """Every page there is: samples as good scans, as bad scans, real ones."""
    samples = sorted((SAMPLES / "rendered").glob("*.pdf"))
    born_digital = [path for path in samples if path.name.count(".") == 1]
    if not born_digital:
        raise NotReady("the samples are not rendered; run: python -m scripts.render_samples")
    for kind, dpi in (("good", 300), ("bad", 150)):
        for path in born_digital:
            for number in range(1, pdf.count_pages(path) + 1):
                yield Sheet(f"{path.stem} {number} {kind}", pdf.render(path, number, dpi, ReadOptions().max_pixels)[0], dpi, kind)
    for path in sorted(SCANS.glob("*.pdf")):
        yield from _real(path)


def _real(path: Path) -> Iterator[Sheet]:
    options = ReadOptions()
    for number in range(1, pdf.count_pages(path) + 1):
        facts = pdf.facts(path, number)
        if facts.image_share <= 0.8:
            continue
        picture, dpi = enlarged(*pdf.render(path, number, min(options.dpi, facts.image_dpi), options.max_pixels))
        if len(ink_lines(picture, dpi)) >= LEAST_LINES:
            yield Sheet(f"{path.stem} {number}", picture, dpi, "real", pose(to_gray(picture, suppress_red=True), dpi).skew)


def laid(sheet: Sheet, turn: int, skew: float, rng: np.random.Generator) -> tuple[Colour, int]:
    """What the scanner gives for ``sheet`` laid in ``skew`` degrees crooked and turned clockwise by ``turn``, and its resolution."""
    page = sample_scan._skew(sheet.picture, skew, 255 if sheet.kind == "real" else 240)
    if sheet.kind == "good":
        page = sample_scan._noise(page, 3.0, rng)
    elif sheet.kind == "bad":
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.45, 0.62))), dtype=np.uint8)
        page = sample_scan._specks(sample_scan._noise(sample_scan._uneven_light(page, rng), 7.0, rng), rng)
    page = np.ascontiguousarray(np.rot90(page, -turn // 90))
    if sheet.kind == "real":
        return page, sheet.dpi
    shot = Image.open(io.BytesIO(sample_scan._jpeg(page, 82 if sheet.kind == "good" else 45))).convert("RGB")
    return enlarged(np.asarray(shot, dtype=np.uint8), sheet.dpi)


def look(sheet: Sheet, turn: int, skew: float, rng: np.random.Generator) -> Outcome:
    """Lay the sheet in and see whether its pose is found."""
    picture, dpi = laid(sheet, turn, skew, rng)
    gray = to_gray(picture, suppress_red=True)
    begin = time.process_time()
    found: Pose = pose(gray, dpi)
    seconds = time.process_time() - begin
    answer = found.turn if found.sure else recognise(picture, 2, dpi, ReadOptions()).rotation
    return Outcome(sheet.name, answer == -turn % 360, abs(found.skew - skew - sheet.skew), found.sure, seconds)


def measure(*, quick: bool) -> Iterator[Figure]:
    """Pages turned the right way, errors of skew, pages that needed no reading for it, time for looking."""
    rng = np.random.default_rng(SEED)
    outcomes = []
    # One page in the memory at a time, over and over in other positions until there are enough.
    rounds = itertools.chain.from_iterable(sheets() for _ in itertools.count())
    for sheet in itertools.islice(rounds, 0, PAGES, 25 if quick else 1):
        turn, skew = int(rng.choice([0, 90, 180, 270])), float(rng.uniform(-MOST_SKEW, MOST_SKEW))
        outcome = look(sheet, turn, skew, rng)
        if not outcome.right or outcome.skew_error > 0.15:
            verdict = "right" if outcome.right else "WRONG"
            print(f"{outcome.name}, turned {turn}, skew {skew:.2f}: {verdict}, off by {outcome.skew_error:.2f}")
        outcomes.append(outcome)
    yield from figures(outcomes)


def figures(outcomes: list[Outcome]) -> Iterator[Figure]:
    """The part's figures."""
    count, errors = len(outcomes), [one.skew_error for one in outcomes]
    note = f"{count} pages, turned and within {MOST_SKEW:g} degrees of level"
    yield Figure("orientation: pages turned the right way", sum(one.right for one in outcomes), count, "at least", note=note)
    yield Figure("skew: largest error", max(errors), 0.3, unit="degrees", note=note)
    yield Figure("skew: error of 95 pages in 100", float(np.quantile(errors, 0.95)), unit="degrees", note=note)
    yield Figure("orientation: pages decided without reading", sum(one.alone for one in outcomes), note=note)
    yield Figure("orientation and skew: time of a page", 1000 * float(np.mean([one.seconds for one in outcomes])), unit="ms of one core")
