"""The values that ``ingest`` gives: a document as pages of lines of words.

Lengths are PDF points (1/72 inch) measured from the top left corner of the upright page. Everything is frozen, so that a
document can be pickled between processes and no later stage can change what an earlier one saw.

A table has no text of its own: each of its rows is one line of the page whose cells are joined by tab characters, and
:class:`Table` only says which lines belong together. A cell that spans several rows is repeated in each of them; a cell
that spans several columns stands in the first and leaves the others empty; line breaks inside a cell become spaces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points."""

PageSource = Literal["text", "text-layer", "ocr"]
"""Where a page's words come from: a plain text file, the PDF's own text layer, or OCR."""

DocumentKind = Literal["pdf", "image", "text"]

Part = Literal["body", "page-number", "footnote", "stamp"]
"""What a line is of its page: "stamp" is whatever others put on the paper (an ĐẾN stamp, SAO Y, the box of a digital signature). Only
pages with boxes tell: the lines of plain text are all "body"."""

CELL_SEPARATOR = "\t"

FAILED = "Không nhận dạng được chữ trên trang này"
"""First words of the warning on a page whose text was lost: by the engine, or with the process that read it."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was read; ``confidence`` from 0 to 1 (1 for text that was not recognised but given).

    ``raw`` holds the signs of the file where they were those of an encoding before Unicode ("cña" for "của"), else nothing.
    """

    text: str
    box: Box | None = None
    confidence: float = 1.0
    raw: str = ""

    @property
    def as_given(self) -> Word:
        """The word in the signs of the file."""
        return replace(self, text=self.raw, raw="") if self.raw else self


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word of a line that restoration is not sure of: characters ``begin`` to ``end`` (excluded) of the line's text.

    ``confidence`` (0 to 1) is the chance that it is right as it stands; ``alternatives``, best first, are what else it may be (may be
    empty; one of them may be several words).
    """

    begin: int
    end: int
    confidence: float
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page in reading order, or one row of a table (cells joined by tabs).

    ``number`` counts from 1 within the page. ``raw`` is what was read; ``text`` is the best reading so far, which equals
    ``raw`` until restoration has replaced it. ``confidence`` (0 to 1) is that of the reading behind ``text``. ``doubts`` are the
    words of ``text`` that may be others, in order and apart from each other. The lines of stamps come last on their page.
    """

    number: int
    raw: str
    text: str
    box: Box | None = None
    words: tuple[Word, ...] = ()
    confidence: float = 1.0
    doubts: tuple[Doubt, ...] = ()
    part: Part = "body"

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of a table row; a line that is no row is one cell."""
        return tuple(self.text.split(CELL_SEPARATOR))

    def restored(self, text: str, confidence: float, doubts: tuple[Doubt, ...] = ()) -> Line:
        """The same line with another reading, whose doubts take the place of those before; ``raw`` stays."""
        return replace(self, text=text, confidence=confidence, doubts=doubts)


@dataclass(frozen=True, slots=True)
class Table:
    """Lines ``first`` to ``last`` (numbers within the page, both included) are the rows of one table."""

    first: int
    last: int
    columns: int
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One upright page. ``rotation`` (0, 90, 180, 270 degrees clockwise) and ``skew`` (degrees) say how it was turned to read it."""

    number: int
    lines: tuple[Line, ...]
    source: PageSource
    width: float = 595.0
    height: float = 842.0
    tables: tuple[Table, ...] = ()
    rotation: int = 0
    skew: float = 0.0
    confidence: float = 1.0
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines joined by newlines."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read. ``path`` is where it lay at that moment; ``sha256`` (hex) is its identity.

    ``signed_on``: the days of its digital signatures (:func:`ingest.pdf.signed_on`).
    """

    path: str
    sha256: str
    kind: DocumentKind
    pages: tuple[Page, ...]
    warnings: tuple[str, ...] = ()
    signed_on: tuple[date, ...] = ()

    @property
    def text(self) -> str:
        """All pages, separated by form feeds."""
        return "\f".join(page.text for page in self.pages)

    def lines(self) -> Iterator[tuple[Page, Line]]:
        """Every line with its page, in reading order."""
        for page in self.pages:
            for line in page.lines:
                yield page, line
