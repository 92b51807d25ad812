"""Words that the engine ran together although the paper parts them: "Ytế" for "Y tế", "QuýIV" for "Quý IV"."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ingest.engine import Gray, Recognised
from ingest.language import is_syllable
from ingest.ocr import plausible

_WIDE = 0.2
"""Of the word's height: a gap between words is .25 to .4 of it, one between letters .05."""


def parted(picture: Gray, words: list[Recognised]) -> list[Recognised]:
    """``words`` of ``picture``, what can be no word cut at a wide gap where both sides can be one."""
    return [part for word in words for part in _parts(picture, word)]


def _parts(picture: Gray, word: Recognised) -> list[Recognised]:
    # Nothing is known about abbreviations and numbers ("UBND", "17h00") that would say whether their halves are right.
    bare = word.text.strip(".,;:()")
    if len(word.text) < 3 or is_syllable(bare) or not any(map(str.islower, bare)) or any(map(str.isdigit, bare)):
        return [word]
    left, top, right, bottom = word.box
    crop = picture[top:bottom, left:right]
    level = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    blank = crop.min(axis=0) > level
    edges = np.flatnonzero(np.diff(np.concatenate([[False], blank, [False]]).astype(np.int8))).reshape(-1, 2)
    for begin, end in edges:
        if end - begin < _WIDE * (bottom - top) or begin == 0 or end == len(blank):
            continue
        # Letters are not equally wide, so the cut may lie a sign or two beside where its share of the width puts it.
        guess = round(len(word.text) * (begin + end) / 2 / len(blank))
        for at in sorted(range(max(1, guess - 2), min(len(word.text), guess + 3)), key=lambda at: abs(at - guess)):
            first, second = word.text[:at], word.text[at:]
            if _may_stand(first) and (_may_stand(second) or at < len(word.text) - 2):
                rest = _parts(picture, replace(word, text=second, box=(left + int(end), top, right, bottom), signs=word.signs[at:]))
                if all(_may_stand(part.text) for part in rest):
                    return [replace(word, text=first, box=(left, top, left + int(begin), bottom), signs=word.signs[:at]), *rest]
    return [word]


def _may_stand(text: str) -> bool:
    bare = text.strip(".,;:()")
    return plausible(text) and (len(bare) > 1 or bare.upper() in {"Y", "Ở", "Ý", "I", "V", "X"} or bare.isdigit())
