"""Ruled tables on scans: cells exact after restoration, rows lost or shifted, by kind of table; and what looking for tables costs.

The tables of the samples and the invented ones of :mod:`benchmarks.table_pages`, each as a good scan (300 dpi) and a bad one (150 dpi).
The truth is what the text layer of the same page gives, drawn with whole rulings. A cell is exact when nothing but blanks, the place of
a tone mark and the coding of letters differs.
"""

from __future__ import annotations

import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import ingest
from benchmarks.figures import Figure
from benchmarks.table_pages import Case, cases
from benchmarks.table_scores import Score, compare
from ingest.cleaning import to_gray
from ingest.document import CELL_SEPARATOR, Line, Page
from ingest.pdf import render
from ingest.ruled import find_tables
from scripts.sample_pdf import SignaturePlace
from scripts.sample_scan import Stamps, bad_scan, good_scan
from scripts.score_ocr import SAMPLES, restored

SCANS = (("good", 0.97), ("bad", 0.90))
_RENDERED = SAMPLES / "rendered"
_UNSIGNED = SignaturePlace(0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: what the tables on its pages hold, by page number, and its two scans."""

    kind: str
    truth: dict[int, list[tuple[str, ...]]]
    scans: dict[str, Path]


def measure(*, quick: bool) -> Iterator[Figure]:
    """The shares of exact cells on good and on bad scans, then of each kind of table, then the time of a page without tables."""
    with tempfile.TemporaryDirectory() as folder:
        papers = [*_samples(), *(invented(case, Path(folder)) for case in cases())]
        if quick:
            papers = papers[-3:-1]
        by_kind: dict[tuple[str, str], Score] = {}
        for source, wanted in SCANS:
            total = Score()
            for paper in papers:
                score = _score(paper, source)
                by_kind[source, paper.kind] = by_kind.get((source, paper.kind), Score()) + score
                total += score
            note = f"{total.cells} cells, {total.rows} rows"
            yield Figure(f"cells exact, {source} scans", total.share, wanted, "at least", note=note)
            broken = total.lost + total.invented + total.shifted
            yield Figure(f"rows lost, invented or shifted, {source} scans", broken, 0, note=f"{total.rows} rows")
        for (source, kind), score in by_kind.items():
            wrong = score.lost + score.invented + score.shifted
            note = f"{score.exact} of {score.cells} cells; {wrong} of {score.rows} rows lost, invented or shifted"
            yield Figure(f"cells exact, {kind}, {source}", score.share, note=note)
    yield from _cost()


def tables(page: Page) -> list[Line]:
    """The rows of all tables of a page."""
    return [line for table in page.tables for line in page.lines[table.first - 1 : table.last]]


def _score(paper: Paper, source: str) -> Score:
    total = Score()
    info = ingest.inspect(paper.scans[source])
    for number, true in paper.truth.items():
        texts = restored(tables(ingest.read_page(info, number)))
        total += compare(true, [tuple(text.split(CELL_SEPARATOR)) for text in texts])
    return total


def _truth(pdf: Path) -> dict[int, list[tuple[str, ...]]]:
    info = ingest.inspect(pdf)
    pages = {number: [line.cells for line in tables(ingest.read_page(info, number))] for number in range(1, info.pages + 1)}
    return {number: rows for number, rows in pages.items() if rows}


def _samples() -> Iterator[Paper]:
    for pdf in sorted(_RENDERED.glob("*.pdf")):
        if "." not in pdf.stem and (truth := _truth(pdf)):
            yield Paper("samples", truth, {source: pdf.with_suffix(f".{source}.pdf") for source, _ in SCANS})


def invented(case: Case, folder: Path) -> Paper:
    """The case drawn and scanned into ``folder``; the drawing with whole rulings is NAME.pdf."""
    path = folder / f"{case.name}.pdf"
    path.write_bytes(case.truth())
    printed, rng = case.printed(), np.random.default_rng(zlib.crc32(case.name.encode()))
    scans = {source: path.with_suffix(f".{source}.pdf") for source, _ in SCANS}
    scans["good"].write_bytes(good_scan(printed, _UNSIGNED, rng))
    stamps = Stamps("SỞ NỘI VỤ", "VĂN PHÒNG", "1234", "01/02/2026", "red")
    scans["bad"].write_bytes(bad_scan(printed, _UNSIGNED, stamps, (), rng))
    return Paper(case.name, _truth(path), scans)


def _cost() -> Iterator[Figure]:
    """Processor time, the least of five runs."""
    pages = [path for path in sorted(_RENDERED.glob("*.good.pdf"))[:4] if not _truth(path.with_name(path.name.replace(".good", ""))).get(1)]
    if not pages:
        return
    least = []
    for path in pages:
        gray = to_gray(render(path, 1, 300, 120_000_000)[0], suppress_red=True)
        times = []
        for _ in range(5):
            begin = time.process_time()
            find_tables(gray, 300)
            times.append(time.process_time() - begin)
        least.append(min(times) * 1000)
    yield Figure("looking for tables where there are none", sum(least) / len(least), 60, unit="ms", note=f"{len(least)} pages of 300 dpi")
