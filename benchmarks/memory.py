"""Memory of ``dondoc ingest`` on a PDF of 500 pages: its peak, and whether it stays flat; all processes of the run together.

Two files, each taken in by a child process into a fresh workspace on two workers: pages of the rendered scans, and born-digital pages.
The child and all that it starts are looked at twice a second; memory that several of them share counts once (PSS).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2

from benchmarks.figures import Figure, NotReady

ROOT = Path(__file__).parents[1]
RENDERED = ROOT / "data" / "samples" / "rendered"
PAGES = 500
QUICK_PAGES = 60
SETTLED = 50
"""Pages after which memory should be flat: by then every worker has loaded what it needs to read."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory of a run at a moment: seconds since it began, megabytes of all its processes, pages read so far."""

    seconds: float
    megabytes: float
    pages: int


def measure(*, quick: bool) -> Iterator[Figure]:
    """Peak, growth and speed for scans and for born-digital pages; ``quick`` takes 60 pages."""
    count = QUICK_PAGES if quick else PAGES
    for what, suffix in (("scans", ".good.pdf"), ("born-digital", ".pdf")):
        sources = [path for path in sorted(RENDERED.glob(f"*{suffix}")) if path.stem.count(".") == suffix.count(".") - 1]
        if not sources:
            raise NotReady("no samples: run python -m scripts.render_samples first")
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "dai.pdf"
            make(source, sources, count)
            samples = watch(source, Path(folder) / "so")
        size = f"{count} pages"
        reading = [sample for sample in samples if SETTLED <= sample.pages < count]
        peak = max(sample.megabytes for sample in samples)
        last = next((sample.seconds for sample in samples if sample.pages >= count), samples[-1].seconds)
        yield Figure(f"{what}: peak memory of the whole process tree", peak, 1200, unit="MB", note=size)
        if len(reading) > 1:
            slope = growth(reading)
            note = f"{size}; fitted line over pages {SETTLED} to {count}, times {count - SETTLED}"
            yield Figure(f"{what}: growth after page {SETTLED}", slope * (count - SETTLED), 60, unit="MB", note=note)
        yield Figure(
            f"{what}: peak while pages are read", max(sample.megabytes for sample in samples if sample.pages < count), unit="MB", note=size
        )
        yield Figure(
            f"{what}: pages a minute", count / last * 60, sense="at least", unit="", note=f"{size}, two workers, until all are read"
        )
        yield Figure(f"{what}: from the last page to the database", samples[-1].seconds - last, unit="s", note=size)


def make(target: Path, sources: list[Path], count: int) -> None:
    """A PDF of ``count`` pages, those of ``sources`` over and over."""
    whole = pypdfium2.PdfDocument.new()
    while len(whole) < count:
        for path in sources:
            with pypdfium2.PdfDocument(path) as part:
                whole.import_pages(part, list(range(min(len(part), count - len(whole)))))
            if len(whole) >= count:
                break
    whole.save(str(target))
    whole.close()


def watch(source: Path, workspace: Path) -> list[Sample]:
    """Take ``source`` in by a child process and look at its memory until it ends."""
    dondoc = [sys.executable, "-m", "dondoc"]
    subprocess.run([*dondoc, "init", str(workspace)], cwd=ROOT, check=True, capture_output=True)
    begin = time.monotonic()
    samples: list[Sample] = []
    command = [*dondoc, "ingest", str(source), "--workspace", str(workspace), "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as child:
        while child.poll() is None:
            megabytes = sum(map(_pss, tree(child.pid))) / 1e6
            kept = sum(1 for _ in (workspace / ".trang-da-doc").rglob("*.json"))
            # The kept pages are dropped once the document is safe.
            pages = max(kept, samples[-1].pages if samples else 0)
            samples.append(Sample(time.monotonic() - begin, megabytes, pages))
            time.sleep(0.4)  # a look takes a hundredth of a second of the cores that are measured
    if child.returncode:
        raise NotReady(f"dondoc ingest ended with {child.returncode}")
    return samples


def growth(samples: list[Sample]) -> float:
    """Megabytes a page: the slope of the line through ``samples`` with the least squares."""
    return float(np.polyfit([sample.pages for sample in samples], [sample.megabytes for sample in samples], 1)[0])


def tree(root: int) -> list[int]:
    """The process ``root`` and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _pss(pid: int) -> int:
    """Bytes of a process's memory, what it shares with others counted in part; 0 when it is gone."""
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
