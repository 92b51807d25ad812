r"""Plain text: every line of the file is one :class:`Line`, empty ones too, so that line numbers are those of the file.

A line ends at "\n", "\r\n" or "\r" and at nothing else; a form feed begins a new page and is no line end of its own: a
document joined by form feeds has as many lines as the file.

Text in an encoding before Unicode is kept as the signs it is shown with; a page's lines hold both those and the letters they mean.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache

from ingest import legacy
from ingest.document import CELL_SEPARATOR, Line, Page, Table

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes) -> str | None:
    """The text of ``data`` in the encoding it seems to have, NFC, or None when it is no text.

    UTF-8 with or without byte order mark, UTF-16, then the signs of TCVN3, VNI or VISCII when the words are Vietnamese in one of
    them, then windows-1258 (whose tone marks are separate characters).
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    text = _strict(data, "utf-8")
    if text is None and len(data) % 2 == 0 and data.count(0) > len(data) // 4:
        text = _strict(data, "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be")
    if text is None:
        text = _legacy(data) or _strict(data, "cp1258")
    return text


def _legacy(data: bytes) -> str | None:
    text = legacy.shown(data)
    return None if _FORBIDDEN.search(text) or legacy.recognised(re.split(r"[\r\n\f]+", text)) is None else text


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if _FORBIDDEN.search(text):
        return None
    return unicodedata.normalize("NFC", text)


def split_pages(text: str) -> list[str]:
    """The pages of a text: parts between form feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\f")


def read_text_page(text: str, number: int) -> Page:
    """Page ``number`` (from 1) of a decoded file. Runs of at least two lines with the same number of tabs are tables."""
    rows = split_pages(text)[number - 1].split("\n")
    letters = split_pages(to_unicode(text))[number - 1].split("\n")
    lines = tuple(Line(number=index, raw=row, text=better) for index, (row, better) in enumerate(zip(rows, letters, strict=True), start=1))
    return Page(number=number, lines=lines, source="text", tables=tuple(_tables(rows)))


@lru_cache(maxsize=1)
def to_unicode(text: str) -> str:
    """The text with the letters that its signs mean where it is in an encoding before Unicode, NFC; line ends and form feeds stay.

    Correct Unicode text comes back as it is.
    """
    parts = re.split("(\r\n|[\r\n\f])", text)
    parts[::2] = legacy.to_unicode(parts[::2])
    return "".join(parts)


def _tables(rows: list[str]) -> list[Table]:
    tables: list[Table] = []
    first = 0
    for index in range(1, len(rows) + 1):
        tabs = rows[first].count(CELL_SEPARATOR)
        if index < len(rows) and rows[index].count(CELL_SEPARATOR) == tabs:
            continue
        if tabs and index - first >= 2:
            tables.append(Table(first=first + 1, last=index, columns=tabs + 1))
        first = index
    return tables
