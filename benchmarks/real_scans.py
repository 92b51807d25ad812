"""Real scans (beside the checkout in ``shared/scans``): what is taken in, what breaks, and which lines of print gave no words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import ingest
from benchmarks.figures import Figure, NotReady
from benchmarks.ink_lines import InkLine, ink_lines
from ingest import pdf
from ingest.cleaning import enlarged
from ingest.document import Page
from ingest.engine import Colour
from ingest.errors import DondocError
from ingest.options import ReadOptions

SCANS = Path(__file__).parents[2] / "shared" / "scans"
LEAST_COVERED = 0.5
"""Share of a line's letters that must lie in boxes of words, or the line gave none."""
LEAST_LINES = 2
"""A page with as many lines of print holds text; one alone may be a stamp or a file's name at the edge."""
SLACK = 10.0
"""Seconds beyond its limit after which a page counts as hanging."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A page that was recognised: its printed lines, and those that gave no words (pixels of :func:`upright`)."""

    file: str
    number: int
    lines: int
    missed: tuple[InkLine, ...]
    words: int


def upright(path: Path, page: Page, options: ReadOptions) -> tuple[Colour, int]:
    """The picture of a page of a PDF as ``page`` says it was turned to be read, and its resolution."""
    facts = pdf.facts(path, page.number)
    own = facts.image_share > 0.8 and 70 <= facts.image_dpi < options.dpi
    picture, dpi = enlarged(*pdf.render(path, page.number, facts.image_dpi if own else options.dpi, options.max_pixels))
    picture = np.ascontiguousarray(np.rot90(picture, -page.rotation // 90))
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -page.skew, 1.0)
    level = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    return level.astype(np.uint8), dpi


def missed(picture: Colour, dpi: int, page: Page) -> tuple[int, tuple[InkLine, ...]]:
    """How many lines of print the upright picture of ``page`` holds, and those whose letters lie in no word's box."""
    scale = dpi / 72
    boxes = (word.box for line in page.lines for word in line.words if word.box)
    words = [(left * scale, top * scale, right * scale, bottom * scale) for left, top, right, bottom in boxes]
    found = ink_lines(picture, dpi)
    return len(found), tuple(line for line in found if line.covered(words) < LEAST_COVERED)


def measure(*, quick: bool) -> Iterator[Figure]:
    """Documents taken in, crashes, hangs, pages without their text, lines without words; ``quick`` reads the two shortest scans."""
    files = sorted(SCANS.glob("*.pdf"), key=lambda path: path.stat().st_size)[: 2 if quick else None]
    if not files:
        raise NotReady(f"no real scans in {SCANS.parent.name}/{SCANS.name} beside the checkout")
    options = ReadOptions()
    taken, broken, hung = 0, 0, 0
    checked: list[Checked] = []
    for path in files:
        try:
            info = ingest.inspect(path, options)
            pages = []
            for number in range(1, info.pages + 1):
                begin = time.monotonic()
                page = ingest.read_page(info, number, options)
                hung += time.monotonic() - begin > options.page_timeout + SLACK
                pages.append(page)
                if page.source == "ocr":
                    lines, without = missed(*upright(path, page, options), page)
                    checked.append(Checked(path.stem, number, lines, without, sum(len(line.words) for line in page.lines)))
            ingest.assemble(info, pages)
            taken += 1
        except DondocError as error:
            print(f"{path.name}: {error}")
        except Exception as error:
            broken += 1
            print(f"{path.name}: {type(error).__name__}: {error}")
    for one in checked:
        for line in one.missed:
            print(f"{one.file}, page {one.number}: no words at {line.box}")
    yield from figures(len(files), taken, broken, hung, checked)


def figures(files: int, taken: int, broken: int, hung: int, checked: list[Checked]) -> Iterator[Figure]:
    """The part's figures."""
    lines, without = sum(one.lines for one in checked), sum(len(one.missed) for one in checked)
    empty = sum(one.words == 0 and one.lines >= LEAST_LINES for one in checked)
    note = f"{len(checked)} recognised pages"
    yield Figure("real scans: documents taken in", taken, files, "at least", note=f"of {files}")
    yield Figure("real scans: crashes", broken, 0)
    yield Figure("real scans: hangs", hung, 0)
    yield Figure("real scans: pages that hold text and gave none", empty, 0, note=note)
    yield Figure("real scans: ink lines that gave no words", without / max(1, lines), 0.005, note=f"{without} of {lines}, {note}")
