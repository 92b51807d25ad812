"""Two pages on one picture: an open booklet or two sheets side by side in the scanner, read left, then right."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ingest.cleaning import ink
from ingest.document import Box, Line, Page, Word
from ingest.engine import Gray
from ingest.orientation import Pose, straightened, turned


def fold(gray: Gray, lying: Pose, dpi: int) -> int | None:
    """The column (pixels of the upright picture) between two pages; None when it is one page.

    Two pages are wider than high, with an empty strip from top to bottom near the middle and lines of print on both sides. On one
    landscape page lines, tables or its centred head cross the middle.
    """
    height, width = gray.shape[::-1] if lying.turn % 180 else gray.shape
    if width < 1.2 * height:
        return None
    factor = max(1, dpi // 50)
    size = gray.shape[1] // factor, gray.shape[0] // factor
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    marks = ink(straightened(turned(small, lying.turn), lying.skew))
    rows, columns = marks.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    # The shadow in the fold and the black edge of the scanner's lid are no print, nor are specks.
    heights, widths = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    foreign = ((heights > rows // 3) & (widths < columns // 20)) | (stats[:, cv2.CC_STAT_AREA] < 3)
    foreign[0] = True
    held = np.where(foreign[labels], 0, 1)
    held[: rows // 40] = held[-(rows // 40) :] = 0  # the paper's own edges
    per_column = held.sum(axis=0)
    best, run = (0, 0), 0
    for column in range(int(columns * 0.42), int(columns * 0.58)):
        run = run + 1 if per_column[column] == 0 else 0
        best = max(best, (run, column))
    # Two margins of 15 mm make 1.2 in; 0.35 in are left when two A4 pages were scanned onto one.
    if best[0] < 0.35 * dpi / factor:
        return None
    middle = best[1] - best[0] // 2
    for side in (held[:, :middle], held[:, middle:]):
        filled = side.sum(axis=1) > 0.08 * side.shape[1]
        if int(np.count_nonzero(np.diff(filled.astype(np.int8)) > 0)) < 6 or float(side.any(axis=0).mean()) < 0.5:
            return None
    return middle * factor


def joined(left: Page, right: Page, offset: float, *, rotation: int, skew: float) -> Page:
    """One page of two halves: the right one lies ``offset`` points from the left edge. Lines of stamps come last, as on every page."""
    body = [line for line in left.lines if line.part != "stamp"]
    first = len(body)
    moved = [_moved(line, offset) for line in right.lines]
    body += [line for line in moved if line.part != "stamp"]
    lines = [*body, *(line for line in (*left.lines, *moved) if line.part == "stamp")]
    tables = [replace(table, first=table.first + first, last=table.last + first, box=_shifted(table.box, offset)) for table in right.tables]
    words = [(len(word.text), word.confidence) for line in lines for word in line.words]
    total = sum(size for size, _ in words)
    return Page(
        left.number,
        tuple(replace(line, number=number) for number, line in enumerate(lines, start=1)),
        left.source,
        offset + right.width,
        max(left.height, right.height),
        (*left.tables, *tables),
        rotation,
        skew,
        round(sum(size * confidence for size, confidence in words) / total, 3) if total else min(left.confidence, right.confidence),
        (*left.warnings, *right.warnings),
    )


def _moved(line: Line, offset: float) -> Line:
    words: tuple[Word, ...] = tuple(replace(word, box=_shifted(word.box, offset)) for word in line.words)
    return replace(line, box=_shifted(line.box, offset), words=words)


def _shifted(box: Box | None, offset: float) -> Box | None:
    return (box[0] + offset, box[1], box[2] + offset, box[3]) if box else None
