"""From a file to a :class:`Document`: pages of lines of words, with boxes and confidence.

This package reads files and runs OCR. It never knows what a task is, and it never changes a word it read:
repairing Vietnamese is the work of ``diacritics``.
"""

from ingest.document import Document, Line, Page, Table, Word
from ingest.options import ReadOptions
from ingest.reading import FileInfo, assemble, inspect, read, read_page

__all__ = ["Document", "FileInfo", "Line", "Page", "ReadOptions", "Table", "Word", "assemble", "inspect", "read", "read_page"]
