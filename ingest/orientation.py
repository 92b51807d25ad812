"""Which way is up, and how crooked: measured on a small copy of the page."""

from __future__ import annotations

import cv2
import numpy as np

from ingest.cleaning import ink
from ingest.engine import Gray

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turned(picture: Gray, degrees: int) -> Gray:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees % 360 == 0:
        return picture
    return np.ascontiguousarray(cv2.rotate(picture, _TURNS[degrees % 360]), dtype=np.uint8)


def straightened(picture: Gray, degrees: float) -> Gray:
    """The picture turned clockwise by a small angle, same size, paper white at the corners."""
    if abs(degrees) < 0.05:
        return picture
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255).astype(np.uint8)


def _small_ink(picture: Gray, size: int) -> Gray:
    scale = size / max(picture.shape)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    marks = ink(small.astype(np.uint8))
    found, labels, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    # Pictures, seals and black scanner borders would outweigh the lines of text.
    large = max(small.shape) // 6
    big = [i for i in range(1, found) if stats[i, cv2.CC_STAT_WIDTH] > large and stats[i, cv2.CC_STAT_HEIGHT] > large // 3]
    big += [i for i in range(1, found) if stats[i, cv2.CC_STAT_HEIGHT] > large]
    if big:
        marks[np.isin(labels, big)] = 0
    return marks


def _sharpness(profile: np.ndarray) -> float:
    steps = np.diff(profile.astype(np.float64))
    return float(np.sum(steps * steps))


def lies_on_side(picture: Gray) -> bool:
    """Whether lines of text run up or down the page rather than across (a page turned by 90 or 270 degrees).

    Rows of text leave empty stripes between them, columns of letters do not; ruled tables are taken out first.
    """
    marks = _small_ink(picture, 900)
    across, down = (_stripes(marks, axis) for axis in (1, 0))
    return down > 1.6 * across


def _stripes(marks: Gray, axis: int) -> float:
    # Strips, since two columns or a crooked page would blur the profile of the whole.
    strips = np.array_split(marks, 6, axis=axis)
    return float(sum(_sharpness(strip.sum(axis=axis) / 255) / max(1, strip.shape[axis]) for strip in strips))


def measure_skew(picture: Gray, *, limit: float = 8.0) -> float:
    """Degrees (within ``limit``) to turn the picture clockwise so that its lines lie level; right within 0.1 on printed pages.

    The projection of the ink on the vertical axis is sharpest when lines are level: a coarse search, then a fine one.
    """
    marks = _small_ink(picture, 1400)
    if not marks.any():
        return 0.0
    best = 0.0
    coarse = cv2.resize(marks, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.uint8)
    for image, step, reach in ((coarse, 0.5, limit), (marks, 0.1, 0.5), (marks, 0.03, 0.09)):
        angles = best + np.arange(-reach, reach + step / 2, step)
        scores = [_level_sharpness(image, float(angle)) for angle in angles]
        best = float(angles[int(np.argmax(scores))])
    return round(best, 2)


def _level_sharpness(marks: Gray, degrees: float) -> float:
    height, width = marks.shape
    # A shear moves rows only, which is all the projection sees, and is cheaper and sharper than a rotation.
    shift = np.tan(np.radians(degrees))
    matrix = np.array([[1.0, 0.0, 0.0], [shift, 1.0, -shift * width / 2]])
    sheared = cv2.warpAffine(marks, matrix, (width, height), flags=cv2.INTER_LINEAR)
    return _sharpness(cv2.reduce(sheared, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel() / 255)
