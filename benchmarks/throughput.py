"""Pages a minute: the whole pipeline against OCRmyPDF on the same scans, and against bare Tesseract on the same prepared pictures.

All of them use the same cores in the same run, one after the other.

- *dondoc*: ``dondoc ingest`` of all scans into a fresh workspace: reading, restoration, extraction, database.
- *OCRmyPDF*: ``ocrmypdf -l vie --sidecar`` for each scan, as it stands or with one process for each core, whichever is quicker.
- *bare Tesseract*: the program ``tesseract … -l vie tsv`` for each page, one page on each core, on the pictures that dondoc
  prepares (red ink out, level, upright). Preparing them is not timed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import cv2

from benchmarks.figures import Figure, NotReady
from ingest import pdf
from ingest.cleaning import enlarged, to_gray
from ingest.options import READING_DPI
from ingest.orientation import pose, straightened, turned

ROOT = Path(__file__).parents[1]
RENDERED = ROOT / "data" / "samples" / "rendered"
CORES = 2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Work:
    """The scans, and their pages as pictures on disk with their resolution."""

    scans: tuple[Path, ...]
    pictures: tuple[tuple[Path, int], ...]


def measure(*, quick: bool) -> Iterator[Figure]:
    """Ratios of wall-clock times."""
    scans = sorted([*RENDERED.glob("*.good.pdf"), *RENDERED.glob("*.bad.pdf")])
    if not scans:
        raise NotReady("no scans: run python -m scripts.render_samples first")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        work = prepare(scans[:3] if quick else scans, place)
        contenders: dict[str, Callable[[], float]] = {
            "dondoc": lambda: time_dondoc(work, place),
            "tesseract": lambda: time_tesseract(work),
        }
        other = ocrmypdf()
        if other:
            contenders["ocrmypdf"] = lambda: min(time_ocrmypdf(work, other, place, at_once=number) for number in (1, CORES))
        seconds = {name: run() for name, run in contenders.items()}
    pages = len(work.pictures)
    note = f"{len(work.scans)} scans, {pages} pages, {CORES} cores"
    for name, took in seconds.items():
        yield Figure(f"pages a minute, {name}", pages / took * 60, unit="", note=note)
    if other:
        yield Figure("dondoc's pages a minute against OCRmyPDF's", seconds["ocrmypdf"] / seconds["dondoc"], 1.5, "at least", "×", note)
    bare = seconds["dondoc"] / seconds["tesseract"]
    yield Figure("dondoc's time against bare Tesseract's on the prepared pictures", bare, 1.10, "at most", "×", note)


def prepare(scans: Sequence[Path], place: Path) -> Work:
    """Every page as the engine is to see it."""
    pictures = []
    for scan in scans:
        for number in range(1, pdf.count_pages(scan) + 1):
            dpi = min(READING_DPI, pdf.facts(scan, number).image_dpi)
            colour, dpi = enlarged(*pdf.render(scan, number, dpi, 120_000_000))
            gray = to_gray(colour, suppress_red=True)
            lying = pose(gray, dpi)
            path = place / f"{scan.stem}-{number}.png"
            cv2.imwrite(str(path), straightened(turned(gray, lying.turn), lying.skew))
            pictures.append((path, dpi))
    return Work(tuple(scans), tuple(pictures))


def time_dondoc(work: Work, place: Path) -> float:
    """Seconds for taking the scans in."""
    office = place / "office"
    shutil.rmtree(office, ignore_errors=True)
    command = [sys.executable, "-m", "dondoc"]
    subprocess.run([*command, "init", str(office)], check=True, capture_output=True, cwd=ROOT)
    begin = time.perf_counter()
    subprocess.run(
        [*command, "ingest", "--workspace", str(office), "--workers", str(CORES), *map(str, work.scans)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    return time.perf_counter() - begin


def time_tesseract(work: Work) -> float:
    """Seconds for a process of Tesseract for each picture."""

    def read(picture: tuple[Path, int]) -> None:
        path, dpi = picture
        command = ["tesseract", str(path), "stdout", "-l", "vie", "--dpi", str(dpi), "tsv"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})

    return _on_all_cores(read, work.pictures, CORES)


def ocrmypdf() -> str | None:
    """The program, from the environment that ``benchmarks/setup.sh`` makes or from PATH."""
    own = ROOT / ".venv-bench" / "bin" / "ocrmypdf"
    found = str(own) if own.exists() else shutil.which("ocrmypdf")
    if not found:
        print("throughput: no OCRmyPDF: run benchmarks/setup.sh first", file=sys.stderr)
    return found


def time_ocrmypdf(work: Work, program: str, place: Path, *, at_once: int) -> float:
    """Seconds for all scans, ``at_once`` of them at the same time, the cores shared among them."""

    def read(scan: Path) -> None:
        jobs = str(max(1, CORES // at_once))
        out, text = place / f"{scan.stem}.out.pdf", place / f"{scan.stem}.out.txt"
        subprocess.run([program, "-l", "vie", "--jobs", jobs, "--sidecar", str(text), str(scan), str(out)], check=True, capture_output=True)

    return _on_all_cores(read, work.scans, at_once)


def _on_all_cores(read: Callable[[T], None], things: Sequence[T], at_once: int) -> float:
    begin = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(read, things))
    return time.perf_counter() - begin
