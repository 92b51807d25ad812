"""Red stamps that say something: urgency and secrecy marks (HỎA TỐC, KHẨN, MẬT), which red-ink suppression would lose.

Nghị định 30/2020/NĐ-CP, Phụ lục I, mục III.6 names the marks; they stand on page 1, above or beside the text.
"""

from __future__ import annotations

import re
import unicodedata

import cv2
import numpy as np

from ingest.engine import Colour, EngineError, Recognised
from ingest.ocr import Reader
from ingest.orientation import straightened, turned

_MARKS = re.compile(r"(hoa toc( hen gio)?|thuong khan|khan|tuyet mat|toi mat|mat)")


def red_marks(picture: Colour, reader: Reader, *, rotation: int, skew: float) -> list[Recognised]:
    """Words of urgency or secrecy marks in red ink in the upper half of the page, as read on the page once it is upright."""
    other = np.maximum(picture[..., 1], picture[..., 2])
    red = cv2.subtract(np.ascontiguousarray(picture[..., 0]), other) > 60
    layer = straightened(turned(np.where(red, 0, 255).astype(np.uint8), rotation), skew)
    upper = layer[: layer.shape[0] // 2]
    rows, columns = np.flatnonzero((upper < 128).any(axis=1)), np.flatnonzero((upper < 128).any(axis=0))
    if (upper < 128).sum() < reader.dpi * 2 or reader.time_left < 5:
        return []
    pad = reader.dpi // 8
    top, left = int(rows[0]), int(columns[0])
    crop = np.pad(upper[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1], pad, constant_values=255)
    try:
        read = reader.read(crop, "sparse")
    except EngineError:
        return []
    lines: dict[tuple[int, ...], list[Recognised]] = {}
    for word in read:
        if any(char.isalpha() for char in word.text):
            lines.setdefault(word.line, []).append(word)
    return [_placed(word, left - pad, top - pad) for line in lines.values() if _is_mark(line) for word in line]


def _is_mark(line: list[Recognised]) -> bool:
    text = unicodedata.normalize("NFD", " ".join(word.text for word in line).lower().replace("đ", "d"))
    plain = "".join(char for char in text if char.isalpha() or char == " ")
    return bool(_MARKS.fullmatch(" ".join(plain.split())))


def _placed(word: Recognised, dx: int, dy: int) -> Recognised:
    left, top, right, bottom = word.box
    box = (max(0, left + dx), max(0, top + dy), max(1, right + dx), max(1, bottom + dy))
    return Recognised(word.text.strip(".,:;|"), box, word.confidence, (-2, *word.line))
