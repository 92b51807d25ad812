"""Our grids of ruled tables against those of img2table: ``python -m benchmarks.grids_compared [--python PATH]``.

``PATH`` is the Python of an environment that holds img2table (it is no dependency; without the option only ours are measured). Both see
the same prepared pictures of :mod:`benchmarks.table_pages`. A grid is right when every cell lies where the drawing has it, within a
tenth of an inch, and there is no other; the time is that of the processor.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2

from benchmarks.table_pages import cases
from benchmarks.tables import SCANS, invented
from ingest import pdf
from ingest.cleaning import enlarged, to_gray
from ingest.document import Box
from ingest.engine import Gray, PixelBox
from ingest.orientation import pose, straightened, turned
from ingest.ruled import find_tables
from ingest.textlayer import load_layer

_NEAR = 7.2
"""Points."""

_OTHER = """
import json, sys, time
from img2table.document import Image
for path in sys.stdin.read().split():
    begin = time.process_time()
    tables = Image(path, detect_rotation=True).extract_tables()
    spent = time.process_time() - begin
    boxes = {(c.bbox.x1, c.bbox.y1, c.bbox.x2, c.bbox.y2) for t in tables for row in t.content.values() for c in row}
    print(json.dumps([sorted(boxes), spent]), flush=True)
"""


def main() -> int:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, metavar="PATH", help="a Python that has img2table")
    other = parser.parse_args().python
    print("| table | scan | cells | ours | ms | img2table | ms |\n|---|---|---|---|---|---|---|")
    total = [0, 0, 0]
    with tempfile.TemporaryDirectory() as folder:
        for name, source, gray, dpi, true in _pages(Path(folder)):
            begin = time.process_time()
            ours = [cell for grid in find_tables(gray, dpi).grids for cell in grid.cells]
            spent = time.process_time() - begin
            theirs, their_time = _theirs(other, gray, Path(folder) / "page.png") if other else ([], 0.0)
            verdicts = [_verdict(true, boxes, dpi) for boxes in (ours, theirs)]
            total = [total[0] + 1, *(n + (verdict == "right") for n, verdict in zip(total[1:], verdicts, strict=True))]
            print(
                f"| {name} | {source} | {len(true)} | {verdicts[0]} | {spent * 1e3:.0f} | {verdicts[1]} | {their_time * 1e3:.0f} |",
                flush=True,
            )
    print(f"| all | | | {total[1]} of {total[0]} | | {total[2]} of {total[0]} | |")
    return 0


def _pages(folder: Path) -> Iterator[tuple[str, str, Gray, int, list[Box]]]:
    """Each page with a table: its kind, scan, prepared picture with its resolution, and the true cells in points."""
    for case in cases():
        paper = invented(case, folder)
        for number in paper.truth:
            layer = load_layer(pdf.cut_out(folder / f"{case.name}.pdf", number, annotations=False))
            for source, _ in SCANS:
                picture, dpi = pdf.render(paper.scans[source], number, 300 if source == "good" else 150, 120_000_000)
                picture, dpi = enlarged(picture, dpi)
                gray = to_gray(picture, suppress_red=True)
                lying = pose(gray, dpi)
                yield (
                    f"{case.name}, page {number}",
                    source,
                    straightened(turned(gray, lying.turn), lying.skew),
                    dpi,
                    [cell for table in layer.tables for cell in table],
                )


def _theirs(python: Path, gray: Gray, path: Path) -> tuple[list[PixelBox], float]:
    cv2.imwrite(str(path), gray)
    done = subprocess.run([str(python), "-c", _OTHER], input=str(path), capture_output=True, text=True, check=True)
    boxes, spent = json.loads(done.stdout.splitlines()[-1])
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in boxes], float(spent)


def _verdict(true: list[Box], found: list[PixelBox], dpi: int) -> str:
    if not found:
        return "no table"
    cells = _from_corner([(x0 * 72 / dpi, y0 * 72 / dpi, x1 * 72 / dpi, y1 * 72 / dpi) for x0, y0, x1, y1 in found])
    wanted = _from_corner(true)
    alike = len(cells) == len(wanted) and all(any(_near(cell, other) for other in cells) for cell in wanted)
    return "right" if alike else f"{len(cells)} cells"


def _from_corner(cells: list[Box]) -> list[Box]:
    left, top = min(cell[0] for cell in cells), min(cell[1] for cell in cells)
    return [(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in cells]


def _near(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


if __name__ == "__main__":
    sys.exit(main())
