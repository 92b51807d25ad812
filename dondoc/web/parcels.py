"""A zip that goes out while it is made: the browser shows from the first file on that it comes, and memory holds one file at a time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from queue import Full, Queue
from threading import Event, Thread
from typing import Any

_AHEAD = 8
"""Chunks made before the browser takes them."""


class _Outgoing(io.RawIOBase):
    """What a zip file is written to, and taken from as it grows."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        before = len(self.data)
        self.data += data
        return len(self.data) - before

    def taken(self) -> bytes:
        data = bytes(self.data)
        self.data.clear()
        return data


def packed(files: Iterable[Path]) -> Iterator[bytes]:
    """The files as one zip, a chunk for each; they are removed."""
    out = _Outgoing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.name)
            path.unlink()
            yield out.taken()
    yield out.taken()


def ahead(make: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """What ``make`` yields, made in a thread of its own: a store belongs to one, and a response asks for each chunk in another.

    Its failure is raised here. When nobody asks any more, making stops at the next chunk.
    """
    waiting: Queue[bytes | BaseException | None] = Queue(_AHEAD)
    given_up = Event()

    def put(one: bytes | BaseException | None) -> None:
        while not given_up.is_set():
            try:
                waiting.put(one, timeout=1)
            except Full:
                continue
            return

    def work() -> None:
        try:
            for chunk in make():
                put(chunk)
                if given_up.is_set():
                    return
            put(None)
        except BaseException as error:
            put(error)

    Thread(target=work, name="zip", daemon=True).start()
    try:
        while (one := waiting.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one
    finally:
        given_up.set()
