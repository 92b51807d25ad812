"""What worker processes do for :mod:`dondoc.pool`: the stages of a document, its pages passed through the page store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from dondoc.pagestore import PageStore, Shelf
from dondoc.process import Processed
from dondoc.settings import Settings
from ingest.document import Page
from ingest.errors import MissingDependency


class Known(Protocol):
    """What is known of a file before reading it."""

    @property
    def sha256(self) -> str:
        """The file's content, in hex."""


class Stages(Protocol):
    """The functions that run in workers; tests put their own in place of :mod:`dondoc.process`."""

    def look(self, path: Path, settings: Settings) -> tuple[Any, int]:
        """What is known of a file before reading it (a :class:`Known`), and its number of pages."""

    def edition(self, settings: Settings) -> str:
        """A file name that stands for all that decides how pages are read: the settings and the reader's version."""

    def read_page(self, info: Any, number: int, settings: Settings) -> Page:
        """Page ``number``, counted from 1."""

    def complete(self, info: Any, pages: Sequence[Page], settings: Settings) -> Processed:
        """The document of these pages, restored and extracted."""


@dataclass(frozen=True, slots=True)
class Looked:
    """An opened file: ``kept`` are the pages that an earlier run has read."""

    info: Any
    total: int
    kept: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Missing:
    """Pages that were kept and are no longer there."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Server:
    """The jobs; ``store`` None keeps no pages. Picklable.

    ``edition`` is that of the process that starts the run, so that all workers find each other's pages: one that is started after the
    program was updated would name another, and all pages would be read again.
    """

    stages: Stages
    settings: Settings
    store: PageStore | None = None
    edition: str = ""

    @classmethod
    def with_edition(cls, stages: Stages, settings: Settings, store: PageStore | None) -> Server:
        """The jobs of a run that begins now."""
        return cls(stages, settings, store, stages.edition(settings) if store else "")

    def look(self, path: Path) -> Looked:
        """Open a file."""
        info, total = self.stages.look(path, self.settings)
        shelf = self._shelf(info)
        return Looked(info, total, shelf.numbers(total) if shelf else frozenset())

    def read(self, info: Known, number: int, keep: bool, careful: bool) -> Page | None:
        """Read a page; None when it is on its shelf now, where :meth:`complete` finds it.

        ``careful``: with the engine that runs in a process of its own, after the usual one has brought down or held up a worker.
        """
        try:
            page = self.stages.read_page(info, number, self.settings.careful if careful else self.settings)
        except MissingDependency:
            if not careful:
                raise
            page = self.stages.read_page(info, number, self.settings)
        if not isinstance(page, Page):
            raise TypeError("không phải một trang")
        # A page that was lost is not kept: the next run may have more luck with it.
        shelf = self._shelf(info) if keep and (page.lines or not page.warnings) else None
        return None if shelf and shelf.put(page) else page

    def complete(self, info: Known, total: int, held: Sequence[Page]) -> Processed | Missing:
        """Put the pages together, those ``held`` by the caller and the others from their shelf."""
        pages: dict[int, Page | None] = {page.number: page for page in held}
        shelf = self._shelf(info)
        for number in range(1, total + 1):
            if number not in pages:
                pages[number] = shelf.get(number) if shelf else None
        if missing := tuple(number for number, page in pages.items() if page is None):
            return Missing(missing)
        return self.stages.complete(info, [page for _, page in sorted(pages.items()) if page], self.settings)

    def _shelf(self, info: Known) -> Shelf | None:
        return self.store.shelf(info.sha256, self.edition) if self.store else None
