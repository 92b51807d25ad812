"""From a file to a :class:`Document`: pages of lines of words, with boxes and confidence.

This package reads files and runs OCR. It never knows what a task is, and it never changes a word it read:
repairing Vietnamese is the work of ``diacritics``. Text in an encoding before Unicode is read as the letters that it shows.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ingest.document import Document, Line, Page, Table, Word

if TYPE_CHECKING:
    from ingest.options import ReadOptions
    from ingest.reading import FileInfo, assemble, inspect, read, read_page

__all__ = ["Document", "FileInfo", "Line", "Page", "ReadOptions", "Table", "Word", "assemble", "inspect", "read", "read_page"]

# The readers import OpenCV and pdfplumber (0.7 s), which "dondoc overdue" has no use for.
_LAZY = {"ReadOptions": "ingest.options"} | dict.fromkeys(["FileInfo", "assemble", "inspect", "read", "read_page"], "ingest.reading")


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
