"""From a :class:`~ingest.document.Document` to a :class:`Directive`: who must do what by when, on which ground.

This package holds the spaCy pipeline and the gazetteers; it never touches SQLite or runs OCR. :func:`extract` reads a document,
:func:`settled` puts its doubtful words right by the gazetteer, :func:`explain` reads one sentence, :func:`load` gives the spaCy
pipeline to other programs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from extract.directive import Deadline, Directive, Header, Reference, RelativeTerm, Span, Task

if TYPE_CHECKING:
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

# The rules take half a second to import, which the processes that only read pages or lists have no use for.
_LAZY = {"settled": "extract.settling"} | dict.fromkeys(["Explanation", "explain", "extract", "load"], "extract.reading")


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
