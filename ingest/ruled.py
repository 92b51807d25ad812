"""Ruled tables in a scanned page: the grid of its rulings, found on the straightened picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from ingest.bending import bending, unbent
from ingest.engine import Gray, PixelBox
from ingest.rulings import WORK_DPI, Rulings, rulings


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's outline and the boxes of its cells (pixels); merged cells are one box."""

    box: PixelBox
    cells: tuple[PixelBox, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The tables of a page, top to bottom, and its picture without rulings, every table in it straightened by itself."""

    grids: tuple[Grid, ...]
    picture: Gray


def find_tables(gray: Gray, dpi: int, red: Gray | None = None) -> Found:
    """The ruled tables (at least two columns and two rows) of a page whose text lies level; ``red`` is 0 where red ink was taken out of it.

    Paper that was bent in the scanner leaves a table crooked on a page that is straight elsewhere: each table is levelled
    by its own rulings before its grid is read.
    """
    scale = dpi / WORK_DPI
    lines = rulings(_resized(gray, 1 / scale))
    if red is not None:
        lines = _without_frames(lines, red)
    # Shorter ones are also strokes of letters in a row, which only a table's other rulings tell apart.
    long = cv2.morphologyEx(lines.across, cv2.MORPH_OPEN, np.ones((1, int(WORK_DPI * 0.7)), np.uint8))
    picture = _without(gray, long.astype(np.uint8, copy=False))
    grids = [grid for box in _regions(lines) if (grid := _grid(gray, picture, lines, box, scale)) is not None]
    return Found(tuple(sorted(grids, key=lambda grid: grid.box[1])), picture)


def _without_frames(lines: Rulings, red: Gray) -> Rulings:
    """The rulings but for those that lie for the most part on red ink.

    The edges of a stamp's frame stay when its red is taken out, and would pass for the first rows of a table close below it.
    """
    height, width = lines.across.shape
    stamped = cv2.resize(cv2.bitwise_not(red), (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False) > 0
    kept: list[Gray] = []
    for mask in (lines.across, lines.down):
        found, labels = cv2.connectedComponents(mask, connectivity=8)
        on_red = np.bincount(labels[stamped], minlength=found) / np.maximum(1, np.bincount(labels.ravel(), minlength=found))
        kept.append(np.where((on_red < _ON_RED)[labels], mask, 0).astype(np.uint8, copy=False))
    return replace(lines, across=kept[0], down=kept[1])


_ON_RED = 0.6
"""Share of a ruling: a table's own crosses a seal for a third of its length at most."""

_NARROWEST = 2 * WORK_DPI
"""No narrower table was seen; emblems and stamps hold straight strokes that cross within less."""

_CROOKED = 2.0
"""Pixels (0.013 in) by which a ruling may stray before its table is put right."""


def _grid(gray: Gray, picture: Gray, lines: Rulings, box: PixelBox, scale: float) -> Grid | None:
    """The table in ``box`` (pixels of ``lines``); ``picture`` then holds it without rulings and straight. None for a frame."""
    part, levelled = lines.within(box), None
    if (bent := bending(part).greatest) > _CROOKED:
        box = _grown(box, 2 + int(bent), lines.across.shape)
        left, top, right, bottom = _scaled(box, scale, gray.shape)
        levelled = unbent(gray[top:bottom, left:right], bending(lines.within(box)), scale)
        part = rulings(_resized(levelled, 1 / scale))
    part = _tied(part)
    cells = _cells(part)
    if len({cell[0] for cell in cells}) < 2 or len({cell[1] for cell in cells}) < 2 or len(cells) < 4:
        return None
    if max(cell[2] for cell in cells) - min(cell[0] for cell in cells) < _NARROWEST:
        return None
    left, top, right, bottom = _scaled(box, scale, gray.shape)
    picture[top:bottom, left:right] = _without(picture[top:bottom, left:right] if levelled is None else levelled, part.both)
    placed = [_scaled((x0 + box[0], y0 + box[1], x1 + box[0], y1 + box[1]), scale, gray.shape) for x0, y0, x1, y1 in cells]
    outline = (min(c[0] for c in placed), min(c[1] for c in placed), max(c[2] for c in placed), max(c[3] for c in placed))
    return Grid(outline, tuple(placed))


def _resized(gray: Gray, factor: float) -> Gray:
    kind = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return cv2.resize(gray, None, fx=factor, fy=factor, interpolation=kind).astype(np.uint8, copy=False)


def _without(gray: Gray, mask: Gray) -> Gray:
    height, width = gray.shape
    return cv2.max(gray, cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)).astype(np.uint8, copy=False)


def _grown(box: PixelBox, margin: int, shape: tuple[int, ...]) -> PixelBox:
    left, top, right, bottom = box
    return max(0, left - margin), max(0, top - margin), min(shape[1], right + margin), min(shape[0], bottom + margin)


def _scaled(box: PixelBox, scale: float, shape: tuple[int, ...]) -> PixelBox:
    left, top, right, bottom = (round(side * scale) for side in box)
    return left, top, min(right, shape[1]), min(bottom, shape[0])


def _regions(lines: Rulings) -> list[PixelBox]:
    """Boxes around rulings that hang together, of a table's size."""
    if not lines.down.any():
        return []
    joined = cv2.dilate(lines.both, np.ones((5, 5), np.uint8))
    found, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes: list[PixelBox] = []
    for left, top, width, height in (tuple(map(int, row[:4])) for row in stats[1:found]):
        if max(width, height) > WORK_DPI * 0.5:
            boxes.append((left, top, left + width, top + height))
    return [box for box in _united(boxes) if box[2] - box[0] >= _NARROWEST and box[3] - box[1] >= WORK_DPI * 0.35]


def _united(boxes: list[PixelBox]) -> list[PixelBox]:
    """Boxes that overlap, or nearly do, as one: broken rulings leave a table in pieces."""
    out: list[PixelBox] = []
    for box in boxes:
        left, top, right, bottom = box
        reach = WORK_DPI // 12
        while near := [b for b in out if b[0] - reach < right and left < b[2] + reach and b[1] - reach < bottom and top < b[3] + reach]:
            out = [b for b in out if b not in near]
            left, top = min(left, *(b[0] for b in near)), min(top, *(b[1] for b in near))
            right, bottom = max(right, *(b[2] for b in near)), max(bottom, *(b[3] for b in near))
        out.append((left, top, right, bottom))
    return out


def _tied(lines: Rulings) -> Rulings:
    """Rulings that meet one of the other direction; a short one down (under 0.3 in) must run from one across to the next."""
    near = np.ones((9, 9), np.uint8)
    across = _touching(lines.across, cv2.dilate(lines.down, near).astype(np.uint8, copy=False), 0)
    return replace(
        lines, across=across, down=_touching(lines.down, cv2.dilate(across, near).astype(np.uint8, copy=False), int(WORK_DPI * 0.3))
    )


def _touching(mask: Gray, other: Gray, short: int) -> Gray:
    """The pieces of ``mask`` that touch ``other``; those not higher than ``short`` only where they do at both ends."""
    found, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    touched = np.bincount(labels[other > 0].ravel(), minlength=found) > 0
    for index in np.flatnonzero(touched[1:] & (stats[1:, cv2.CC_STAT_HEIGHT] <= short)) + 1:
        left, top, width, height = (int(stats[index, k]) for k in range(4))
        ends = other[top, left : left + width], other[top + height - 1, left : left + width]
        touched[index] = all(end.any() for end in ends)
    touched[0] = False
    return np.where(touched[labels], 255, 0).astype(np.uint8, copy=False)


def _positions(mask: Gray, axis: int, least: float) -> list[int]:
    """Where rulings lie: centres of the pieces of ``mask``, those of one line (within 0.04 in) together, if they are ``least`` long."""
    found, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    length = cv2.CC_STAT_WIDTH if axis == 1 else cv2.CC_STAT_HEIGHT
    places = sorted((float(centres[i][1 if axis == 1 else 0]), int(stats[i, length])) for i in range(1, found))
    groups: list[list[tuple[float, int]]] = []
    for place in places:
        if groups and place[0] - groups[-1][-1][0] <= WORK_DPI * 0.04:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [round(sum(p * n for p, n in g) / sum(n for _, n in g)) for g in groups if sum(n for _, n in g) >= least]


def _cells(lines: Rulings) -> tuple[PixelBox, ...]:
    ys, xs = _positions(lines.across, 1, WORK_DPI * 0.4), _positions(lines.down, 0, WORK_DPI * 0.16)
    if len(ys) < 2 or len(xs) < 2:
        return ()
    # A table that runs over the page break often has no ruling at the break, and some have none at the sides.
    ys, xs = _with_ends(ys, _extent(lines.both, 1)), _with_ends(xs, _extent(lines.both, 0))
    upright = np.ascontiguousarray(lines.down.T)
    for _ in range(2):  # what bounds nothing may have parted what others bound
        ys = [ys[0], *(y for y in ys[1:-1] if _bounds(lines.across, y, xs)), ys[-1]]
        xs = [xs[0], *(x for x in xs[1:-1] if _bounds(upright, x, ys)), xs[-1]]
    return tuple((xs[c0], ys[r0], xs[c1], ys[r1]) for r0, c0, r1, c1 in _merged(lines, ys, xs))


def _bounds(rulings: Gray, place: int, edges: list[int]) -> bool:
    """Whether the ruling at ``place`` bounds cells from edge to edge for 0.4 in (less in a small table): strokes of letters do not."""
    reach = WORK_DPI // 20
    filled = rulings[max(0, place - reach) : place + reach + 1].max(axis=0) > 0
    length = sum(end - begin for begin, end in pairwise(edges) if float(np.mean(filled[begin:end])) >= 0.85)
    return length >= min(WORK_DPI * 0.4, (edges[-1] - edges[0]) / 2)


def _extent(mask: Gray, axis: int) -> tuple[int, int]:
    filled = np.flatnonzero(mask.any(axis=axis))
    return int(filled[0]), int(filled[-1])


def _with_ends(places: list[int], ends: tuple[int, int]) -> list[int]:
    out = list(places)
    if out[0] - ends[0] > WORK_DPI * 0.15:
        out.insert(0, ends[0])
    if ends[1] - out[-1] > WORK_DPI * 0.15:
        out.append(ends[1])
    return out


def _merged(lines: Rulings, ys: list[int], xs: list[int]) -> list[tuple[int, int, int, int]]:
    """Unite elementary cells without a ruling between them; (row, column, row end, column end) of every cell."""
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = np.arange(rows * columns).reshape(rows, columns)

    def unite(a: int, b: int) -> None:
        owner[owner == max(a, b)] = min(a, b)

    down, upright = np.ascontiguousarray(lines.down.T), np.ascontiguousarray(lines.upright.T)
    text = np.where(cv2.dilate(lines.both, np.ones((5, 5), np.uint8)) > 0, 0, lines.level | lines.upright).astype(np.uint8, copy=False)
    parted = [[_ruled(down, upright, x, y0, y1) for x in xs[1:-1]] for y0, y1 in pairwise(ys)]
    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not parted[r][c]:
                beside = [parted[other][c] for other in (r - 1, r + 1) if 0 <= other < rows]
                row = text[ys[r] + 3 : ys[r + 1] - 2, xs[c] : xs[c + 2]]
                if not (all(beside) and beside and _lost_between(row, xs[c + 1] - xs[c])):
                    unite(int(owner[r, c]), int(owner[r, c + 1]))
            if r + 1 < rows and not _ruled(lines.across, lines.level, ys[r + 1], xs[c], xs[c + 1]):
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


_ONE_LINE = 0.35 * WORK_DPI
"""A row not higher holds one line of text; a worn ruling may be missing over all of it."""
_APART = 0.09 * WORK_DPI
"""Of the blank strip between two cells; blanks between words are .03 to .06 in wide."""


def _lost_between(text: Gray, place: int) -> bool:
    """Whether the ink in a row of two cells keeps clear of ``place`` as words of two cells do, on both sides of it."""
    inked = text.max(axis=0, initial=0) > 0
    left, right = np.flatnonzero(inked[:place]), np.flatnonzero(inked[place:])
    if len(text) > _ONE_LINE or not left.size or not right.size:
        return False
    before, after = place - 1 - int(left[-1]), int(right[0])
    return min(before, after) >= 3 and before + after >= _APART


def _ruled(rulings: Gray, thin: Gray, place: int, begin: int, end: int) -> bool:
    """Whether the edge of a cell from ``begin`` to ``end`` at ``place`` is ruled for half its length, or, where a ruling is worn or short,
    has thin ink for two fifths of it and at an end, with much less on both sides: text that runs through a merged cell has as much there.
    """
    reach = WORK_DPI // 20
    strip = rulings[max(0, place - reach) : place + reach + 1, begin:end]
    # The stem of a "p" that crosses a low merged cell is half as long as the cell is high.
    if strip.size and float(np.mean(strip.any(axis=0))) >= (0.5 if end - begin > WORK_DPI * 0.4 else 0.85):
        return True
    strip = thin[max(0, place - 2 * reach) : place + 2 * reach + 1, begin + 3 : end - 3]
    if not strip.size or len(strip) <= 4 * reach:
        return False
    # Three rows together, since no ruling is quite level; it is drawn up to six wide.
    filled = ((strip[:-2] | strip[1:-1] | strip[2:]) > 0).mean(axis=1)
    inner = filled[reach:-reach]
    best = reach + int(np.flatnonzero(inner == inner.max()).mean())
    beside = max(float(filled[best - 6]), float(filled[best + 6]))
    if float(filled[best]) < 0.4 or float(filled[best]) - 2 * beside < 0.3:
        return False
    line = strip[best : best + 3].max(axis=0)
    return bool(line[:5].any() or line[-5:].any())
