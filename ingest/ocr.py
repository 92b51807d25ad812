"""One page's dealings with the engine: its time limit, and a check of what comes back."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, replace

from ingest.document import Box, Word
from ingest.engine import Engine, EngineError, Gray, Mode, PixelBox, Recognised
from ingest.errors import DondocError
from ingest.language import is_syllable


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads pictures of one page with ``engine`` until ``end`` (time.monotonic)."""

    engine: Engine
    languages: str
    dpi: int
    end: float

    @property
    def time_left(self) -> float:
        """Seconds."""
        return self.end - time.monotonic()

    def read(self, picture: Gray, mode: Mode) -> list[Recognised]:
        """The words of ``picture``. Raises EngineError, whatever the engine threw, and MissingDependency."""
        if self.time_left <= 0.1:
            raise EngineError("hết thời gian dành cho một trang")
        try:
            words = self.engine.read(picture, dpi=self.dpi, languages=self.languages, mode=mode, timeout=self.time_left)
            return sane(words, picture)
        except (EngineError, DondocError):
            raise
        except Exception as error:
            raise EngineError(f"bộ nhận dạng «{self.engine.name}» hỏng ({type(error).__name__}: {error})") from error

    def turn(self, picture: Gray) -> tuple[int, float] | None:
        """Degrees by which to turn ``picture`` and how sure that is; None when the engine cannot say or fails."""
        try:
            return self.engine.orientation(picture, timeout=min(20.0, self.time_left))
        except DondocError:
            raise
        except Exception:
            return None


_SLASHES = re.compile("/?⁄/?")
"""Tesseract reads "I/2025" with the slash of fractions, or with both."""


def sane(words: tuple[Recognised, ...], picture: Gray) -> list[Recognised]:
    """Words whose box lies in the picture and whose confidence is a number: an engine may answer anything."""
    height, width = picture.shape
    kept = []
    for word in words:
        left, top, right, bottom = word.box
        text = " ".join(_SLASHES.sub("/", word.text).split())
        if text and 0 <= left < right <= width and 0 <= top < bottom <= height and not math.isnan(word.confidence):
            kept.append(replace(word, text=text, confidence=min(1.0, max(0.0, word.confidence))))
    return kept


def plausible(text: str) -> bool:
    """Whether ``text`` may be a word of a Vietnamese paper: a syllable, a number, or an abbreviation in capitals."""
    bare = text.strip(".,;:()[]{}\"'“”‘’-–…/!?*")
    if not bare:
        return False
    return bare[0].isdigit() or is_syllable(bare) or (bare.isupper() and bare.replace("-", "").replace("/", "").isalpha()) or "/" in bare


def trust(words: list[Recognised]) -> float:
    """How far a reading may be believed (0 to 1): share of its signs in plausible words, weighed by their confidence."""
    total = sum(len(word.text) for word in words)
    return sum(len(word.text) * word.confidence for word in words if plausible(word.text)) / total if total else 0.0


def moved(word: Recognised, dx: int, dy: int, inside: PixelBox) -> Recognised:
    """The word with its box shifted by ``dx``, ``dy`` pixels and kept within ``inside``."""
    left, top, right, bottom = word.box
    box = (max(left + dx, inside[0]), max(top + dy, inside[1]), min(right + dx, inside[2]), min(bottom + dy, inside[3]))
    return replace(word, box=box)


def scaled(box: PixelBox, scale: float) -> Box:
    """Pixels to points."""
    return box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale


def as_word(word: Recognised, scale: float) -> Word:
    """The recognised word with its box in points."""
    left, top, right, bottom = (round(value * scale, 2) for value in word.box)
    return Word(word.text, (left, top, right, bottom), round(word.confidence, 3))
