"""How a table lies crooked or bowed on a page that is straight elsewhere, measured on its rulings, and the picture put right."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.engine import Gray
from ingest.rulings import Rulings

Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bending:
    """Slope and bow of the rulings across and down a table, each growing evenly from one end of it to the other.

    Both are (slope, its growth, bow, its growth) over coordinates that run from -1 to 1; the unit is that table's pixels.
    """

    across: tuple[float, float, float, float]
    down: tuple[float, float, float, float]

    @property
    def greatest(self) -> float:
        """Pixels by which a ruling strays at most from a straight level or upright one."""
        return max(abs(a) + abs(b) + abs(c) + abs(d) for a, b, c, d in (self.across, self.down))


def bending(rulings: Rulings) -> Bending:
    """Measured on the rulings (cut out to the table) that run over at least a third of it; nought where there are none."""
    return Bending(_measured(rulings.across), _measured(np.ascontiguousarray(rulings.down.T)))


def _measured(mask: Gray) -> tuple[float, float, float, float]:
    height, width = mask.shape
    found, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    # Least squares for the four terms, each ruling about its own mean. A little ridge on growth and bow, of which one ruling says nothing.
    left_side, right_side = np.diag([1e-3, 1.0, 1.0, 1.0]), np.zeros(4)
    for index in range(1, found):
        left, top, wide, high = (int(stats[index, k]) for k in range(4))
        if wide < width / 3 or high > wide / 4:
            continue
        inside = labels[top : top + high, left : left + wide : 8] == index
        counts = inside.sum(axis=0)
        filled = counts > 0
        ys = (inside * np.arange(high)[:, None]).sum(axis=0)[filled] / counts[filled]
        u, level = (left + 8 * np.flatnonzero(filled)) / width * 2 - 1, (top + high / 2) / height * 2 - 1
        terms = np.stack([u, u * level, u * u, u * u * level], axis=1)
        terms -= terms.mean(axis=0)
        left_side += terms.T @ terms
        right_side += terms.T @ (ys - ys.mean())
    a, b, c, d = (float(value) for value in np.linalg.solve(left_side, right_side))
    return a, b, c, d


def unbent(part: Gray, bent: Bending, scale: float) -> Gray:
    """The table's picture with its rulings straight and level; ``scale`` is its size over that of the masks that were measured."""
    height, width = part.shape
    u, v = np.linspace(-1, 1, width, dtype=np.float32)[None, :], np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    y = np.arange(height, dtype=np.float32)[:, None] + _shift(bent.across, u, v, scale)
    x = np.arange(width, dtype=np.float32)[None, :] + _shift(bent.down, v, u, scale)
    return cv2.remap(part, x, y, cv2.INTER_CUBIC, borderValue=255).astype(np.uint8)


def _shift(terms: tuple[float, float, float, float], along: Field, level: Field, scale: float) -> Field:
    slope, slope_growth, bow, bow_growth = (np.float32(term * scale) for term in terms)
    # The bow is measured from the middle of the two ends, so that the outline stays where it is.
    return (slope + slope_growth * level) * along + (bow + bow_growth * level) * (along * along - np.float32(0.5))
