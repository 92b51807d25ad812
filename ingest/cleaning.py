"""Colour to grey, with red ink taken out, and the question whether there is ink at all."""

from __future__ import annotations

import cv2
import numpy as np

from ingest.engine import Colour, Gray


def to_gray(picture: Colour, *, suppress_red: bool) -> Gray:
    """The picture as grey; red ink (seals, red stamps) becomes paper, black print under it stays.

    Ink is transparent, so where two lie over each other their densities add. The seal's own ratio of densities in red and in the other
    channels tells how much of the darkness is its; the rest is print. On 24 pages with seals of six reds, pale to nearly black, the lines
    under them had 0.7 times the errors of the same lines without a seal at 300 dpi and 2.8 times at 150 dpi, read by the whole pipeline
    (1.1 and 4.4 times without :mod:`ingest.underseal`).
    """
    return without_red(picture, red_ink(picture) if suppress_red else None)


def without_red(picture: Colour, reddish: Gray | None) -> Gray:
    """As :func:`to_gray` with ``suppress_red``; ``reddish`` is what :func:`red_ink` says of the picture."""
    gray: Gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    if reddish is None:
        return gray
    left, top, width, height = cv2.boundingRect(cv2.bitwise_not(reddish))
    inside = slice(top, top + height), slice(left, left + width)
    excess, red, other = _redness(np.ascontiguousarray(picture[inside]))
    rows, columns = np.nonzero(reddish[inside] == 0)
    densities = -np.log(np.maximum(np.arange(256), 6) / 255).astype(np.float32)
    in_red, elsewhere = densities[red[rows, columns]], densities[other[rows, columns]]
    sure = excess[rows, columns] > 60
    share = 0.1
    if int(sure.sum()) > 200:
        share = float(np.clip(np.median(in_red[sure] / (elsewhere[sure] - in_red[sure])), 0, 1))
    print_only = 255 * np.exp(np.minimum(0, share * elsewhere - (1 + share) * in_red))
    part = gray[inside]
    part[rows, columns] = np.maximum(part[rows, columns], print_only.astype(np.uint8))
    return gray


def red_ink(picture: Colour) -> Gray | None:
    """Where red ink lies: 0 there and at its edges, elsewhere 255; None on a page without any."""
    # JPEG leaves up to 20 around black letters. Most pages hold no red at all, which a sixteenth of them shows.
    if int(_redness(np.ascontiguousarray(picture[::4, ::4]))[0].max()) <= 35:
        return None
    bare = cv2.threshold(_redness(picture)[0], 25, 255, cv2.THRESH_BINARY_INV)[1]
    # JPEG keeps colour at half the resolution: the seal's edge is wider than its red.
    return cv2.erode(bare, np.ones((5, 5), np.uint8)).astype(np.uint8)


def evened(gray: Gray, dpi: int) -> Gray:
    """The page without shadows (a photograph, a thick book on the glass); a page that is lit evenly comes back as it is.

    A shadow over half of a page cost six tenths of its text (627 signs read instead of 1578, and those with confidence: no second try
    would have noticed); evened out, all came back. Sure shadows only: a quarter darker over a twentieth of the page.
    """
    factor = max(1, dpi // 25)
    height, width = gray.shape
    if min(height, width) < 20 * factor:
        return gray
    small = cv2.resize(gray[::2, ::2], (width // factor, height // factor), interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), (0, 0), 4)
    lightest = float(np.percentile(paper, 95))
    # Under a third of the light it is no paper but a black edge or a picture.
    shaded = paper[(paper > 0.33 * lightest) | (small > 0.5 * lightest)]
    if float(np.percentile(shaded, 5)) > 0.75 * lightest:
        return gray
    light = cv2.resize(np.maximum(paper, 40), (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(gray, light, scale=lightest).astype(np.uint8)


READABLE_DPI = 200
"""Fewest pixels per inch at which body text is read well: on five sample pages scanned at 150 dpi, enlarging to 200 gave 1825
right syllables, to 300 as many, and the renderer's own enlargement to 300 gave 1815."""


def enlarged(picture: Colour, dpi: int) -> tuple[Colour, int]:
    """The picture at READABLE_DPI if it is coarser than that, and its resolution."""
    if dpi >= READABLE_DPI - 10:
        return picture, dpi
    scale = READABLE_DPI / dpi
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.uint8), READABLE_DPI


def red_share(picture: Colour) -> float:
    """Share of the pixels (0 to 1) that are red ink."""
    return float(np.mean(_redness(np.ascontiguousarray(picture[::4, ::4]))[0] > 60))


def _redness(picture: Colour) -> tuple[Gray, Gray, Gray]:
    """How much lighter each pixel is in red than in the lighter of green and blue, and both."""
    red, green, blue = cv2.split(picture)
    other = cv2.max(green, blue)
    return cv2.subtract(red, other).astype(np.uint8), red.astype(np.uint8), other.astype(np.uint8)


def ink(gray: Gray) -> Gray:
    """Ink as 255 on 0: Otsu's threshold, held in a range where paper shadows are no ink and pale print is."""
    return cv2.threshold(gray, _ink_level(gray), 255, cv2.THRESH_BINARY_INV)[1].astype(np.uint8)


def _ink_level(gray: Gray) -> int:
    """The lightest grey that is ink."""
    level, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return int(min(max(level, 90), 200)) - 1


def darkened(gray: Gray) -> Gray | None:
    """A page of pale print with its greys spread to black; None where even its darkest two thousandths are paper.

    Print of grey 195 and paler counts as none (:func:`is_blank`), so that the print of the other side does not. Of a sample page printed in
    grey 195 at 150 dpi all 1990 signs were lost; spread, 6 were wrong.
    """
    smooth = cv2.GaussianBlur(gray[::2, ::2], (0, 0), 1.0)  # the grain of the paper is no print
    dark, paper = (float(level) for level in np.percentile(smooth, (0.2, 60)))
    if paper - dark < 12:
        return None
    spread: Gray = np.clip((gray.astype(np.float32) - dark) * (235 / (paper - dark)), 0, 255).astype(np.uint8)
    return spread


def is_blank(gray: Gray, dpi: int) -> bool:
    """Whether no part of the page inside its margins holds anything of a letter's size."""
    margin = dpi // 4
    inner = gray[margin:-margin, margin:-margin] if min(gray.shape) > 4 * margin else gray
    if inner.size == 0 or int(inner.min()) > 160:
        return True
    level = _ink_level(np.ascontiguousarray(inner[::4, ::4]))
    least = max(3, dpi // 50)
    # Inch by inch, since most pages show a letter in the first.
    for top in range(0, inner.shape[0], dpi):
        marks = cv2.threshold(inner[top : top + dpi + least], level, 255, cv2.THRESH_BINARY_INV)[1].astype(np.uint8)
        stats = cv2.connectedComponentsWithStats(marks, connectivity=8)[2][1:]
        if (stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] >= least).any():
            return False
    return True
