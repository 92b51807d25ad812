"""What is stamped in red on a page: marks of urgency or secrecy, and the ĐẾN stamp, all of which are lost when red ink is taken out.

The marks (HỎA TỐC, KHẨN, MẬT; Nghị định 30/2020/NĐ-CP, Phụ lục I, mục III.6) belong to the paper itself; they stand on page 1, above or
beside the text, framed, and offices still set the older ones in a slanting arrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.cleaning import ink
from ingest.engine import Colour, Gray, PixelBox, Recognised
from ingest.language import plain
from ingest.ocr import Reader
from ingest.orientation import straightened, straightened_mask, turned
from ingest.stamps import Stamp, is_received, read_inside, united, without_frames

_MARKS = re.compile(r"(hoa toc( hen gio)?|thuong khan|khan|tuyet mat|toi mat|mat)")


def coloured(picture: Colour, reader: Reader, *, rotation: int, skew: float) -> tuple[list[Recognised], list[Recognised]]:
    """What is stamped in red on the upper half of the page once it is upright: marks of urgency or secrecy, words of an ĐẾN stamp.

    The red tells where to look; what it says is read in grey, where scans keep more detail than in their colours.
    """
    red, green, blue = cv2.split(picture)
    layer = cv2.threshold(cv2.subtract(red, cv2.max(green, blue)), _RED, 255, cv2.THRESH_BINARY_INV)[1].astype(np.uint8)
    half = (picture.shape[0] if rotation in (0, 180) else picture.shape[1]) // 2
    layer = straightened_mask(turned(layer, rotation), skew)[:half]
    if not (blobs := _blobs(layer < 128, reader.dpi)):
        return [], []
    gray = straightened(turned(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.uint8), rotation), skew)[:half]
    marks: list[Recognised] = []
    stamped: list[Recognised] = []
    for box in blobs:
        left, top = box[:2]
        for seen in _views(gray, layer, box, reader):
            lines: dict[tuple[int, ...], list[Recognised]] = {}
            for word in seen:
                if any(char.isalnum() for char in word.text):
                    lines.setdefault(word.line, []).append(word)
            red_lines = [line for line in lines.values() if any(_is_red(word, layer, gray) for word in line)]
            found = [_bare(word) for line in red_lines if _is_mark(line) for word in line]
            rest = [word for line in red_lines if not _is_mark(line) for word in line if _is_red(word, layer, gray)]
            if found or is_received(rest):
                # Each blob has lines of its own.
                marks += [replace(word, line=(*word.line, left, top)) for word in found]
                stamped += [replace(word, line=(*word.line, left, top)) for word in rest] if is_received(rest) else []
                break
    return marks, stamped


_RED = 40
"""Red over green and blue from which a pixel is red ink: pale stamps on scans of 150 dpi keep 40 to 60, black print up to 20."""
_MOST = 3
"""Patches of red that are read at most: an ĐẾN stamp, a mark, a seal."""


def _blobs(red: NDArray[np.bool_], dpi: int) -> list[PixelBox]:
    """Boxes of the largest patches of red ink that are as large as a mark (10 × 3 mm)."""
    reach = dpi // 8
    joined = cv2.dilate(red.astype(np.uint8), np.ones((reach, reach), np.uint8))
    found, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = [tuple(int(stats[at, k]) for k in range(4)) for at in range(1, found)]
    large = sorted((box for box in boxes if box[2] > 0.4 * dpi and box[3] > 0.12 * dpi), key=lambda box: -box[2] * box[3])
    return united([(left, top, left + width, top + height) for left, top, width, height in large[:_MOST]])


def _views(gray: Gray, layer: Gray, box: PixelBox, reader: Reader) -> Iterator[list[Recognised]]:
    """Readings of a red patch: as it is, without its frame, and level if it was set askew (HỎA TỐC in an arrow)."""
    yield read_inside(gray, box, reader)
    yield read_inside(without_frames(gray, [Stamp(box, ())], reader.dpi), box, reader)
    left, top, right, bottom = box
    _, _, angle = cv2.minAreaRect(np.argwhere(layer[top:bottom, left:right] < 128)[:, ::-1].astype(np.float32))
    lean = angle - 90 if angle > 45 else angle
    if abs(lean) > _ASKEW:
        crop = gray[top:bottom, left:right]
        turn = cv2.getRotationMatrix2D((crop.shape[1] / 2, crop.shape[0] / 2), lean, 1.0)
        level = cv2.warpAffine(crop, turn, (crop.shape[1], crop.shape[0]), borderValue=int(np.percentile(crop, 80)))
        bare = _letters(level.astype(np.uint8), reader.dpi)
        words = read_inside(bare, (0, 0, crop.shape[1], crop.shape[0]), reader)
        # On the page its words lie across lines: they are put beside each other in the middle of the patch.
        width, middle, half = (right - left) // max(1, len(words)), (top + bottom) // 2, reader.dpi // 16
        places = [(left + width * at, middle - half, left + width * (at + 1), middle + half) for at in range(len(words))]
        yield [replace(word, box=place) for word, place in zip(words, places, strict=True)]


def _letters(picture: Gray, dpi: int) -> Gray:
    """The picture without strokes too long for letters: Tesseract takes what a closed outline holds for an image."""
    found, labels, stats, _ = cv2.connectedComponentsWithStats(ink(picture), connectivity=8)
    long = [at for at in range(1, found) if max(stats[at, cv2.CC_STAT_WIDTH], stats[at, cv2.CC_STAT_HEIGHT]) > 0.4 * dpi]
    mask = cv2.dilate(np.isin(labels, long).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.where(mask, np.uint8(np.percentile(picture, 80)), picture).astype(np.uint8)


_ASKEW = 8.0
"""Degrees from which a red patch is turned level: the page itself already is."""


def _is_red(word: Recognised, layer: Gray, gray: Gray) -> bool:
    left, top, right, bottom = word.box
    place = slice(top, bottom), slice(left, right)
    dark = int((gray[place] < np.percentile(gray[place], 90) * 0.75).sum()) if gray[place].size else 0
    return int((layer[place] < 128).sum()) > 0.4 * dark


def _bare(word: Recognised) -> Recognised:
    return replace(word, text=word.text.strip(".,:;|"))


def _is_mark(line: list[Recognised]) -> bool:
    letters = "".join(char for char in plain(" ".join(word.text for word in line)) if char.isalpha() or char == " ")
    return bool(_MARKS.fullmatch(" ".join(letters.split())))
