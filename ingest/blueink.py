"""Blue ink on a page: signatures and strokes of a pen over the print, and what is only written or stamped in blue.

The text is read without it; then what stands in blue alone is read as well, and kept where it can be believed. Tables and stamps are
read with it: their blue is mostly text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from ingest.cleaning import evened, ink
from ingest.engine import Colour, EngineError, Gray, PixelBox, Recognised
from ingest.ocr import Reader
from ingest.orientation import Pose, straightened, straightened_mask, turned
from ingest.secondlook import line_beside, with_missed

_STRONG, _WEAK = 35, 15
"""How much lighter than in red and green a pixel is in blue: in the middle of a stroke, and at its edge. On 111 pages without blue ink
JPEG's colours reach 28; the palest strokes of a few digits have 25 pixels over 35 in a sixteenth of the page."""
_PURE = 50
"""The same where nothing but blue ink lies."""
_LEAST = 8
"""Pixels over ``_STRONG`` in a sixteenth of the page from which there is blue ink."""
_MOST = 0.5
"""Share of the ink that is blue from which the print itself is blue."""
_CURVE = 60, 170
"""Greys that become black and white where blue was: see :func:`blue_ink`."""


@dataclass(frozen=True, slots=True)
class BlueInk:
    """``where`` is 0 where blue ink lies, elsewhere 255; ``bare`` is the page in grey without it."""

    where: Gray
    bare: Gray

    def laid(self, lying: Pose) -> BlueInk:
        """The same for the level page."""
        where = straightened_mask(turned(self.where, lying.turn), lying.skew)
        return BlueInk(where, straightened(turned(self.bare, lying.turn), lying.skew))

    def off(self, picture: Gray) -> Gray:
        """The page in grey, perhaps with parts already taken out, without its blue ink."""
        return np.where(self.where < 128, np.maximum(picture, self.bare), picture).astype(np.uint8)

    def alone(self, picture: Gray) -> Gray:
        """What ``picture`` shows in blue, on white."""
        return np.where(self.where < 128, picture, 255).astype(np.uint8)


def blue_ink(picture: Colour, gray: Gray, dpi: int) -> BlueInk | None:
    """The blue ink of ``picture``, whose grey without seals is ``gray``; None for a page without any or printed in blue.

    Ink is transparent: where two lie over each other their densities add (as in :func:`ingest.cleaning.to_gray`), and what is left of the
    darkest strokes goes with a steeper tone curve (13 pages with strokes over print: 62 signs wrong with it, 108 without).
    """
    if int((_blueness(np.ascontiguousarray(picture[::4, ::4]))[0] > _STRONG).sum()) < _LEAST:
        return None
    excess, blue, other = _blueness(picture)
    core = cv2.dilate((excess > _STRONG).astype(np.uint8), np.ones((9, 9), np.uint8))
    # JPEG keeps colour at half the resolution: the stroke's edge is wider than its blue.
    inked = cv2.dilate(((excess > _WEAK) & (core > 0)).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    dark = ink(gray) > 0
    if int((dark & inked).sum()) > _MOST * int(dark.sum()):
        return None
    densities = -np.log(np.maximum(np.arange(256), 6) / 255).astype(np.float32)
    in_blue, elsewhere = densities[blue[inked]], densities[other[inked]]
    # From the middle of the strokes: with all that is over _STRONG 90 signs were wrong on 14 pages, so 65.
    sure = excess[inked] > min(_PURE, int(np.percentile(excess[excess > _STRONG], 75)))
    share = float(np.clip(np.median(in_blue[sure] / (elsewhere[sure] - in_blue[sure])), 0, 1.5))
    print_only = 255 * np.exp(np.minimum(0, share * elsewhere - (1 + share) * in_blue))
    black, white = _CURVE
    steep = np.clip((np.maximum(gray[inked], print_only) - black) * 255 / (white - black), 0, 255)
    bare = gray.copy()
    bare[inked] = steep.astype(np.uint8)
    return BlueInk(np.where(inked, 0, 255).astype(np.uint8), evened(bare, dpi))


def _blueness(picture: Colour) -> tuple[Gray, Gray, Gray]:
    """How much lighter each pixel is in blue than in the lighter of red and green, and both."""
    red, green, blue = cv2.split(picture)
    other = cv2.max(red, green)
    return cv2.subtract(blue, other).astype(np.uint8), blue.astype(np.uint8), other.astype(np.uint8)


_NUMBER = re.compile(r"\d{1,5}")
_SURE = 0.6
"""Confidence from which a number is believed when it is read alike in two sizes."""
_UNREAD = "…"
"""What stands for something written into a line that cannot be read: readers of the text see that the paper says more."""


def with_written(words: list[Recognised], blue: Gray, bare: Gray, reader: Reader) -> list[Recognised]:
    """``words``, read from ``bare``, with what ``blue`` shows: numbers written into lines, and lines printed or stamped in blue.

    Of 62 numbers and days in blue in the heads of sample pages, half in letters of a font, half from digits by hand, the page read with its
    blue gave 6 right and 13 wrong as plain numbers. Read without it 11 were right and 2 wrong when strokes anywhere beside a word counted,
    which cost words inside circles; 5 and 3 when only gaps of .8 heights did. The widths below lie between and are not measured.
    """
    for box in _strokes(blue, bare, reader.dpi):
        line = line_beside(box, words)
        beside = [word for word in words if word.line == line and not _is_rest(word, blue, bare)]
        gap = _gap(box, beside)
        if gap < 0.4:
            continue
        try:
            text, confidence = _number(blue, box, reader)
        except EngineError:
            return words
        words = [word for word in words if word.line != line or word in beside]
        if text or gap >= 0.8:
            words.append(Recognised(text or _UNREAD, box, confidence, line))
    return with_missed(blue, words, reader, numbers=False)  # strokes of a signature look like numbers


def _strokes(blue: Gray, bare: Gray, dpi: int) -> Iterator[PixelBox]:
    """Boxes of blue strokes as high as letters that have no print under them."""
    marks = ((blue < _PALE) * 255).astype(np.uint8)
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((1, dpi // 12), np.uint8))
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:].tolist():
        if not (0.05 * dpi <= height <= 0.3 * dpi and 0.02 * dpi <= width <= 0.8 * dpi):
            continue
        place = slice(top, top + height), slice(left, left + width)
        inked = marks[place] > 0
        if float((bare[place][inked] < _PALE).mean()) < 0.2:
            yield left, top, left + width, top + height


_PALE = 190
"""Grey above which nothing is ink, as in :mod:`ingest.missed`."""


def _number(blue: Gray, box: PixelBox, reader: Reader) -> tuple[str, float]:
    """The number in ``box`` and its confidence; "" for what is none or was read in two ways."""
    left, top, right, bottom = box
    room = reader.dpi // 25
    crop = np.pad(blue[max(0, top - room) : bottom + room, max(0, left - room) : right + room], reader.dpi // 15, constant_values=255)
    larger = cv2.resize(crop, None, fx=1.5, fy=1.5).astype(np.uint8)
    found, other = (reader.read(picture, "line") for picture in (crop, larger))
    text = "".join(word.text for word in found)
    least = min((word.confidence for word in found), default=0.0)
    if _NUMBER.fullmatch(text) and least >= _SURE and text == "".join(word.text for word in other):
        return text, least
    return "", 0.0


def _is_rest(word: Recognised, blue: Gray, bare: Gray) -> bool:
    """Whether ``word`` was read from what is left of blue strokes."""
    left, top, right, bottom = word.box
    place = slice(top, bottom), slice(left, right)
    return int((bare[place] < 128).sum()) < 0.5 * int((blue[place] < _PALE).sum())


def _gap(box: PixelBox, line: Sequence[Recognised]) -> float:
    """How wide the gap of ``line`` that ``box`` fills is, in heights of its words; 0 for none."""
    before = max((word.box[2] for word in line if word.box[0] < box[0]), default=None)
    after = min((word.box[0] for word in line if word.box[2] > box[2]), default=None)
    if before is None or after is None:
        return 0.0
    height = median(word.box[3] - word.box[1] for word in line)
    room = 0.4 * height
    return (after - before) / height if before <= box[0] + room and after >= box[2] - room else 0.0
