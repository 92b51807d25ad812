"""Pages that were read, kept on disk until their document is safe in the database: taking in resumes after a power cut.

A page lies at ``<sha256 of the file>/<edition>/<number>.json``; the edition stands for all that decides how a page is read, so that a
page that another version or other settings have read is not found. An entry that is damaged in any way counts as none. JSON and not
pickle: a workspace may lie where others can write, and unpickling would run what they wrote.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
import types
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from ingest.document import Page

KEEP_DAYS = 7.0
"""What is left of a document that was not taken in since then is thrown away."""

KEEP_BYTES = 500_000_000
"""At most this much stays of documents that were interrupted, the oldest go first; a dense page takes about 60 kB."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pages of one document; picklable, and used by several processes at once."""

    folder: Path

    def put(self, page: Page) -> bool:
        """Keep ``page``; False when it cannot be kept, which is no error."""
        target = self._place(page.number)
        draft = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        try:
            content = json.dumps(page, default=_parts).encode()
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # No fsync: after a power cut the checksum tells whether the content came to the disk.
            draft.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            draft.replace(target)
        except (OSError, TypeError, ValueError):
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            return False
        return True

    def get(self, number: int) -> Page | None:
        """Page ``number``, None when it is not there or damaged."""
        try:
            digest, _, content = self._place(number).read_bytes().partition(b"\n")
            if hashlib.sha256(content).hexdigest().encode() != digest:
                return None
            page = _reader(Page)(json.loads(content))
        except (OSError, TypeError, ValueError, RecursionError):
            return None
        return page if isinstance(page, Page) and page.number == number else None

    def numbers(self, total: int) -> frozenset[int]:
        """Which of the pages 1 to ``total`` are there and sound."""
        return frozenset(number for number in range(1, total + 1) if self.get(number) is not None) if self.folder.is_dir() else frozenset()

    def _place(self, number: int) -> Path:
        return self.folder / f"{number:05}.json"


@dataclass(frozen=True, slots=True)
class PageStore:
    """The pages of all documents on their way, below ``folder``, which need not exist."""

    folder: Path

    def shelf(self, sha256: str, edition: str) -> Shelf:
        """Where the pages of a file lie that are read in this edition."""
        return Shelf(self.folder / sha256 / edition)

    def drop(self, sha256: str) -> None:
        """Forget a document: it is taken in, or failed."""
        shutil.rmtree(self.folder / sha256, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def tidy(self, *, now: float | None = None, days: float = KEEP_DAYS, most: int = KEEP_BYTES) -> None:
        """Forget documents that were interrupted ``days`` ago and never resumed, and the oldest past ``most`` bytes.

        ``now``: seconds since 1970.
        """
        since = (time.time() if now is None else now) - days * 86400
        total = 0
        for changed, size, name in sorted(self._documents(), reverse=True):
            total += size
            if changed < since or total > most:
                self.drop(name)

    def _documents(self) -> list[tuple[float, int, str]]:
        """Of each document the time of its last page, its bytes, and its name."""
        found = []
        with contextlib.suppress(OSError):
            for document in self.folder.iterdir():
                states = []
                for path in (document, *document.rglob("*")):
                    with contextlib.suppress(OSError):
                        states.append(path.lstat())
                if states:
                    found.append((max(state.st_mtime for state in states), sum(state.st_size for state in states), document.name))
        return found


def _parts(value: Any) -> list[Any]:
    """A frozen value as the list of its members, in their order; the edition changes when the order does."""
    return [getattr(value, member.name) for member in fields(value)]


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of type ``kind`` from its JSON, and raises ValueError when that is of another shape."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        readers = [_reader(hints[member.name]) for member in fields(kind)]

        def read_members(value: Any) -> Any:
            return kind(*(reader(part) for reader, part in zip(readers, _list(value), strict=True)))

        return read_members
    if origin is tuple and arguments[-1] is Ellipsis:
        reader = _reader(arguments[0])
        return lambda value: tuple([reader(part) for part in _list(value)])
    if origin is tuple:
        each = [_reader(argument) for argument in arguments]
        return lambda value: tuple([reader(part) for reader, part in zip(each, _list(value), strict=True)])
    if origin in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not types.NoneType)
        reader = _reader(inner)
        return lambda value: None if value is None else reader(value)
    allowed = arguments if origin is Literal else None
    plain = (int, float) if kind is float else (str,) if allowed else (kind,)

    def read_plain(value: Any) -> Any:
        if type(value) not in plain or (allowed and value not in allowed):
            raise ValueError("another shape")
        return value

    return read_plain


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise ValueError("another shape")
    return value
