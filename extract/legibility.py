"""How well the words of a paper can be read: which ones may be others, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extract.directive import Span
from ingest.document import Document, Line

# An engine's own confidence in a token with digits below which the digits were wrong in the scans of the samples often enough to tell.
_UNSURE_DIGITS = 0.85
PUNCTUATION = '.,;:()/…“”"'


@dataclass(frozen=True, slots=True)
class Weak:
    """A word that may be another one; ``doubt`` (0 to 1) is the chance that it is wrong."""

    text: str
    doubt: float
    page: int
    line: int
    alternatives: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The word without the punctuation around it."""
        return self.text.strip(PUNCTUATION)

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"trang {self.page}, dòng {self.line}"


class Paper:
    """The lines of a document by page and number, and the days on which its file was signed."""

    __slots__ = ("_lines", "recognised", "signed_on")

    def __init__(self, document: Document) -> None:
        self._lines = {(page.number, line.number): line for page, line in document.lines()}
        self.recognised = any(page.source == "ocr" for page in document.pages)
        self.signed_on = document.signed_on

    def lines(self, span: Span) -> Iterator[tuple[int, Line]]:
        """(page, line) of a span; of one that runs over a page break what stands on its first page."""
        for number in range(span.first, span.last + 1):
            if (line := self._lines.get((span.page, number))) is not None:
                yield span.page, line

    def text(self, span: Span) -> str:
        """The lines of a span joined by blanks."""
        return " ".join(line.text for _, line in self.lines(span))

    def weak(self, span: Span) -> tuple[Weak, ...]:
        """The words of a span that may be others, in order."""
        return tuple(weak for page, line in self.lines(span) for weak in _weak(page, line))

    def legibility(self, span: Span) -> float:
        """The least confidence of a line of the span; 1 for text that was given."""
        return min((line.confidence for _, line in self.lines(span)), default=1.0)


def _weak(page: int, line: Line) -> Iterator[Weak]:
    for doubt in line.doubts:
        yield Weak(line.text[doubt.begin : doubt.end], 1 - doubt.confidence, page, line.number, doubt.alternatives)
    for word in line.words:
        # Restoration leaves numbers alone, so of these only the engine speaks.
        if word.confidence < _UNSURE_DIGITS and any(c.isdigit() for c in word.text):
            yield Weak(word.text, 1 - word.confidence, page, line.number)
