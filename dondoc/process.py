"""One document through all stages: file → Document → restored Document → Directive.

Everything here is pure and picklable: it touches no workspace and no database, and gives the same result in this process, in a
worker process, or on another machine.
"""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dondoc.settings import Settings
from dondoc.shelves import REMEDIES
from extract.directive import Directive
from ingest.document import CELL_SEPARATOR, Document, Doubt, Line, Page
from ingest.errors import MissingDependency, SecretDocument

if TYPE_CHECKING:
    from diacritics import RestoredLine, Restorer
    from ingest import FileInfo, ReadOptions


SURE = 0.95
"""From this confidence on a word without alternatives is no doubt; 995 of 1,000 such words are right."""


PAGES_AT_ONCE = 50
"""Longer documents are restored in parts of so many pages: 500 at once took 700 MB."""


@dataclass(frozen=True, slots=True)
class Processed:
    """A document as it was read and restored, and what it orders."""

    document: Document
    directive: Directive


def process(source: Path, settings: Settings) -> Processed:
    """Read, restore and extract one file.

    :raises DondocError: the file cannot be taken in; the class says why.
    """
    import ingest

    return finish(ingest.read(source, read_options(settings)), settings)


def finish(document: Document, settings: Settings) -> Processed:
    """What follows once all pages are read: restoration and extraction.

    :raises SecretDocument: the paper bears a mark of secrecy and the settings do not allow such papers.
    """
    import extract

    extra = settings.own_agencies
    restored = settings.processing.restore
    best = extract.settled(restore(document), extra) if restored else document
    directive = extract.extract(best, extra, settle=not restored)
    # Raised here, in the worker process: nothing of the text reaches the process that writes to the database.
    if (mark := directive.header.secrecy) is not None and not settings.processing.allow_secret:
        message = f"văn bản có dấu chỉ độ mật «{mark}», không được nhận như văn bản thường."
        raise SecretDocument(message, path=document.path, remedy=REMEDIES[SecretDocument.kind])
    return Processed(best, directive)


def read_options(settings: Settings) -> ReadOptions:
    """The settings that concern reading."""
    from ingest import ReadOptions
    from ingest.options import engine_named

    wanted = settings.processing
    pixels = int(wanted.max_megapixels * 1_000_000)
    return ReadOptions(dpi=wanted.dpi, page_timeout=wanted.page_seconds, max_pixels=pixels, engine=engine_named(wanted.engine))


@lru_cache(maxsize=1)
def _reader_version() -> bytes:
    """A digest of all that ``ingest`` consists of: no version number has to be raised by hand, or can be forgotten."""
    import ingest

    state = hashlib.sha256()
    folder = Path(ingest.__file__).parent
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        state.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return state.digest()


def restore(document: Document) -> Document:
    """The document with the best reading of each line; ``raw`` stays.

    Every page goes through, whatever its source: the restorer leaves good lines alone. It sees many pages at once, since it tells the
    kind of damage from all of them.
    """
    pages: list[Page] = []
    for begin in range(0, len(document.pages), PAGES_AT_ONCE):
        pages += _restored(document.pages[begin : begin + PAGES_AT_ONCE])
    return replace(document, pages=tuple(pages))


def _restored(pages: Sequence[Page]) -> list[Page]:
    lines = [line for page in pages for line in page.lines]
    found = restorer().restore([line.text for line in lines], [_trust(line) for line in lines])
    better = iter([_apply(line, reading) for line, reading in zip(lines, found, strict=True)])
    return [replace(page, lines=tuple(next(better) for _ in page.lines)) for page in pages]


def restore_text(text: str) -> str:
    """Plain text restored, one line for each line of it; form feeds stay where they are."""
    from ingest.plaintext import to_unicode

    text = to_unicode(text)
    lines = [line.split("\f") for line in text.split("\n")]
    found = iter(restorer().restore([part for parts in lines for part in parts]))
    return "\n".join("\f".join(_one_line(next(found).text) for _ in parts) for parts in lines)


def restorer() -> Restorer:
    """The restorer of this process: its model takes a second and tens of megabytes to load, once.

    :raises MissingDependency: the model's files are missing or damaged.
    """
    import diacritics

    try:
        return diacritics.load()
    except diacritics.ModelError as error:
        raise MissingDependency(str(error)) from error


def _apply(line: Line, found: RestoredLine) -> Line:
    text = _one_line(found.text)
    if text.count(CELL_SEPARATOR) != line.text.count(CELL_SEPARATOR):
        return line
    doubts = _doubts(found, text)
    if text == line.text:
        return replace(line, doubts=doubts) if doubts else line
    return line.restored(text, found.confidence, doubts)


def _doubts(found: RestoredLine, text: str) -> tuple[Doubt, ...]:
    """The words of a restored line that may be others; none where the places no longer hold."""
    if len(text) != len(found.text):
        return ()
    doubts = []
    for syllable in found.syllables:
        others = tuple(_one_line(other) for other in syllable.alternatives if other != syllable.text)
        if syllable.end > syllable.begin and (others or syllable.confidence < SURE):
            doubts.append(Doubt(syllable.begin, syllable.end, syllable.confidence, others))
    return tuple(sorted(doubts, key=lambda doubt: doubt.begin))


def _trust(line: Line) -> list[float] | None:
    """The engine's trust in each token of a line; None where nothing was recognised, or a word holds a blank."""
    trust = [word.confidence for word in line.words]
    return trust if len(trust) == len(line.text.split()) and min(trust, default=1.0) < 1.0 else None


def _one_line(text: str) -> str:
    from diacritics.spelling import unified

    return unified(text.replace("\n", " ").replace("\f", " "))


class _Stages:
    """The same way cut in pieces, for :mod:`dondoc.pool`: each method runs in a worker process."""

    def look(self, path: Path, settings: Settings) -> tuple[FileInfo, int]:
        """Open the file without reading it; also its number of pages."""
        import ingest

        info = ingest.inspect(path, read_options(settings))
        return info, info.pages

    def edition(self, settings: Settings) -> str:
        """Stands for all that decides how a page is read: the options and the code that reads."""
        return hashlib.sha256(repr(read_options(settings)).encode() + _reader_version()).hexdigest()[:16]

    def read_page(self, info: FileInfo, number: int, settings: Settings) -> Page:
        """Read one page, counted from 1."""
        import ingest

        return ingest.read_page(info, number, read_options(settings))

    def complete(self, info: FileInfo, pages: Sequence[Page], settings: Settings) -> Processed:
        """Put the pages together, restore and extract."""
        import ingest

        return finish(ingest.assemble(info, pages), settings)


STAGES = _Stages()
