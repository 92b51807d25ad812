"""From a :class:`~ingest.document.Document` to a :class:`Directive`: who must do what by when, on which ground.

This package holds the spaCy pipeline and the gazetteers; it never touches SQLite or runs OCR. :func:`extract` reads a document,
:func:`settled` puts its doubtful words right by the gazetteer, :func:`explain` reads one sentence, :func:`load` gives the spaCy
pipeline to other programs.
"""

from __future__ import annotations

from extract.directive import Deadline, Directive, Header, Reference, RelativeTerm, Span, Task
from extract.reading import Explanation, explain, extract, load
from extract.settling import settled

__all__ = [
    "Deadline",
    "Directive",
    "Explanation",
    "Header",
    "Reference",
    "RelativeTerm",
    "Span",
    "Task",
    "explain",
    "extract",
    "load",
    "settled",
]
