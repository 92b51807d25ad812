"""Ruled tables in a scanned page: the grid of its rulings, found by morphology on the straightened picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ingest.cleaning import ink
from ingest.engine import Gray, PixelBox


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's outline and the boxes of its cells (pixels); merged cells are one box."""

    box: PixelBox
    cells: tuple[PixelBox, ...]


def rulings(gray: Gray, dpi: int) -> tuple[Gray, Gray]:
    """Masks of horizontal and vertical rulings (255 on 0): straight ink at least 0.4 in long across, 0.25 in down."""
    marks = ink(gray)
    across, down = int(dpi * 0.4), int(dpi * 0.25)
    # Bilevel faxes and residual skew break a hairline into steps of one pixel: thicken before asking for straightness.
    thick_h = cv2.dilate(marks, np.ones((3, 1), np.uint8))
    thick_v = cv2.dilate(marks, np.ones((1, 3), np.uint8))
    horizontal = cv2.morphologyEx(thick_h, cv2.MORPH_OPEN, np.ones((1, across), np.uint8))
    vertical = cv2.morphologyEx(thick_v, cv2.MORPH_OPEN, np.ones((down, 1), np.uint8))
    return _thin_only(horizontal.astype(np.uint8), dpi, axis=0), _thin_only(vertical.astype(np.uint8), dpi, axis=1)


def _thin_only(mask: Gray, dpi: int, *, axis: int) -> Gray:
    found, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    length = cv2.CC_STAT_WIDTH if axis == 0 else cv2.CC_STAT_HEIGHT
    # Mean thickness, not the height of the box: that of a long sloping line is more than its own.
    thick = [i for i in range(1, found) if stats[i, cv2.CC_STAT_AREA] > dpi * 0.06 * stats[i, length]]
    out = mask.astype(np.uint8)
    if thick:
        out[np.isin(labels, thick)] = 0
    return out


@dataclass(frozen=True, slots=True)
class Found:
    """The tables of a page, top to bottom, and its picture without rulings, every table in it straightened by itself."""

    grids: tuple[Grid, ...]
    picture: Gray


def find_tables(gray: Gray, dpi: int) -> Found:
    """The ruled tables (at least two columns and two rows) of a page whose text lies level.

    Paper that was bent in the scanner leaves a table crooked on a page that is straight elsewhere: each table is levelled
    by its own rulings before its grid is read.
    """
    horizontal, vertical = rulings(gray, dpi)
    picture = _without(gray, horizontal, vertical)
    reach = max(3, dpi // 40)
    joined = cv2.dilate(horizontal | vertical, np.ones((reach, reach), np.uint8))
    found, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    grids = []
    for index in range(1, found):
        left, top, width, height = (int(stats[index, k]) for k in range(4))
        if width < dpi or height < dpi * 0.35:
            continue
        box = (left, top, left + width, top + height)
        part, (across, down) = gray, (horizontal, vertical)
        tilt = _tilt(horizontal[top : box[3], left : box[2]])
        if abs(tilt) > 0.0015:
            part = gray.copy()
            part[top : box[3], left : box[2]] = _sheared(gray[top : box[3], left : box[2]], tilt)
            across, down = rulings(part, dpi)
        cells = _cells(across, down, box, dpi)
        if len({c[0] for c in cells}) >= 2 and len({c[1] for c in cells}) >= 2 and len(cells) >= 4:
            grids.append(Grid(box, cells))
            picture[top : box[3], left : box[2]] = _without(part, across, down)[top : box[3], left : box[2]]
    return Found(tuple(sorted(grids, key=lambda grid: grid.box[1])), picture)


def _tilt(mask: Gray) -> float:
    """Slope (down per pixel to the right) of the long horizontal rulings in ``mask``, by the longest of them."""
    found, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask), connectivity=8)
    slopes: list[tuple[float, int]] = []
    for index in range(1, found):
        width = int(stats[index, cv2.CC_STAT_WIDTH])
        if width < 0.3 * mask.shape[1]:
            continue
        ys, xs = np.nonzero(labels == index)
        slopes.append((float(np.polyfit(xs, ys, 1)[0]), width))
    if not slopes:
        return 0.0
    slopes.sort()
    half, total = 0, sum(width for _, width in slopes)
    for slope, width in slopes:
        half += width
        if 2 * half >= total:
            return slope
    return 0.0


def _sheared(part: Gray, slope: float) -> Gray:
    height, width = part.shape
    matrix = np.array([[1.0, 0.0, 0.0], [-slope, 1.0, slope * width / 2]])
    return cv2.warpAffine(part, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255).astype(np.uint8)


def _without(gray: Gray, horizontal: Gray, vertical: Gray) -> Gray:
    mask = cv2.dilate(horizontal | vertical, np.ones((3, 3), np.uint8)) > 0
    out = gray.copy()
    out[mask] = 255
    return out


def _positions(mask: Gray, axis: int, least: float, tolerance: int) -> list[int]:
    """Where rulings lie: centres of the peaks of the mask's projection that hold at least ``least`` pixels of ruling."""
    found, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    length = cv2.CC_STAT_WIDTH if axis == 1 else cv2.CC_STAT_HEIGHT
    places = sorted((float(centres[i][1 if axis == 1 else 0]), int(stats[i, length])) for i in range(1, found))
    groups: list[list[tuple[float, int]]] = []
    for place in places:
        if groups and place[0] - groups[-1][-1][0] <= tolerance:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [round(sum(p * n for p, n in g) / sum(n for _, n in g)) for g in groups if sum(n for _, n in g) >= least]


def _cells(horizontal: Gray, vertical: Gray, box: PixelBox, dpi: int) -> tuple[PixelBox, ...]:
    left, top, right, bottom = box
    across = np.ascontiguousarray(horizontal[top:bottom, left:right])
    down = np.ascontiguousarray(vertical[top:bottom, left:right])
    tolerance = max(4, dpi // 25)
    ys = _positions(across, 1, dpi * 0.4, tolerance)
    xs = _positions(down, 0, dpi * 0.25, tolerance)
    if len(ys) < 2 or len(xs) < 2:
        return ()
    # A table that runs over the page break often has no ruling at the break, and some have none at the sides.
    ys, xs = _with_ends(ys, bottom - top, dpi), _with_ends(xs, right - left, dpi)
    groups = _merge(across, down, ys, xs, max(tolerance, dpi // 12))
    return tuple((left + xs[c0], top + ys[r0], left + xs[c1], top + ys[r1]) for r0, c0, r1, c1 in groups)


def _with_ends(places: list[int], size: int, dpi: int) -> list[int]:
    out = list(places)
    if out[0] > dpi * 0.2:
        out.insert(0, 0)
    if size - out[-1] > dpi * 0.2:
        out.append(size)
    return out


def _merge(across: Gray, down: Gray, ys: list[int], xs: list[int], tolerance: int) -> list[tuple[int, int, int, int]]:
    """Unite elementary cells without a ruling between them; (row, column, row end, column end) of every cell."""
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = np.arange(rows * columns).reshape(rows, columns)

    def unite(a: int, b: int) -> None:
        owner[owner == max(a, b)] = min(a, b)

    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not _ruled(down[ys[r] : ys[r + 1], max(0, xs[c + 1] - tolerance) : xs[c + 1] + tolerance + 1], axis=1):
                unite(int(owner[r, c]), int(owner[r, c + 1]))
            if r + 1 < rows and not _ruled(across[max(0, ys[r + 1] - tolerance) : ys[r + 1] + tolerance + 1, xs[c] : xs[c + 1]], axis=0):
                unite(int(owner[r, c]), int(owner[r + 1, c]))
    cells: list[tuple[int, int, int, int]] = []
    for value in np.unique(owner):
        where = np.argwhere(owner == value)
        (r0, c0), (r1, c1) = where.min(axis=0), where.max(axis=0) + 1
        if (r1 - r0) * (c1 - c0) == len(where):
            cells.append((int(r0), int(c0), int(r1), int(c1)))
        else:  # no rectangle, so a ruling was lost: the elementary cells are safer
            cells.extend((int(r), int(c), int(r) + 1, int(c) + 1) for r, c in where)
    return sorted(cells)


def _ruled(strip: Gray, *, axis: int) -> bool:
    return strip.size > 0 and float(np.mean(strip.max(axis=axis) > 0)) >= 0.5
