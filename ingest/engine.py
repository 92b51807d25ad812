"""The protocol every OCR engine follows. An engine is one small module; adding one touches nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
"""A picture of one channel: rows of pixels, 0 black to 255 white."""

Colour = NDArray[np.uint8]
"""A picture of three channels (rows, columns, RGB)."""

Mode = Literal["page", "block", "line", "word", "sparse"]
"""What the picture holds: a page of any layout, one even block of text, one line, one word, or scattered words."""

PixelBox = tuple[int, int, int, int]
"""left, top, right, bottom in pixels."""


Choices = tuple[tuple[str, float], ...]
"""What one sign may be, the best first, each with its confidence from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """One word as the engine gave it. ``line`` is equal for words the engine put on one line; ``confidence`` from 0 to 1.

    ``signs``: for each sign of the word what else it may be; empty when the engine does not say.
    """

    text: str
    box: PixelBox
    confidence: float
    line: tuple[int, ...] = ()
    signs: tuple[Choices, ...] = ()


class EngineError(Exception):
    """The engine crashed, ran over its time, or answered what cannot be understood; ``reason`` is Vietnamese."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.reason,))


class Engine(Protocol):
    """Recognises words in a picture. Must be picklable and leave no process behind when it gives up."""

    @property
    def name(self) -> str:
        """A short name for reports."""

    def read(self, picture: Gray, *, dpi: int, languages: str, mode: Mode, timeout: float) -> tuple[Recognised, ...]:
        """The words of ``picture`` in the engine's order.

        Raises EngineError when ``timeout`` (seconds) is over or the engine fails, MissingDependency when it is not installed.
        """

    def orientation(self, picture: Gray, *, timeout: float) -> tuple[int, float] | None:
        """Degrees (0, 90, 180, 270 clockwise) by which to turn ``picture`` to make it upright, and the engine's certainty
        (Tesseract's scale: under 2 is a guess); None when it cannot say. Raises as ``read``.
        """
