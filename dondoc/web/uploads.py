"""Files dropped on the page: written to disk as they come in, never whole in memory, and given their name once they are complete."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from dondoc.inbox import clean_name, is_junk
from dondoc.placement import place_new
from ingest.errors import UsageError

MOST_FILES = 200
"""In one request; a browser that sends more is asked to send the rest again."""

_PREFIX = ".tai-len-"
_STALE_SECONDS = 86400.0
_LONGEST_FIELD = 10_000
_FORBIDDEN = re.compile(r'[<>:"|?*]')


@dataclass(frozen=True, slots=True)
class Received:
    """One file: ``path`` where it lies in the inbox, or ``reason`` why it was not taken."""

    name: str
    path: Path | None = None
    reason: str = ""


@dataclass(slots=True)
class _Part:
    """One part of the form; a file when ``filename`` is given."""

    headers: dict[str, str] = field(default_factory=dict)
    name: str = ""
    filename: str | None = None
    value: bytearray = field(default_factory=bytearray)
    path: Path | None = None
    stream: IO[bytes] | None = None
    size: int = 0
    reason: str = ""


def safe_name(given: str) -> str:
    """The last part of the name that a browser sent, fit for the inbox; empty when it is one that the inbox would pass over."""
    name = re.split(r"[/\\]", given)[-1]
    name = _FORBIDDEN.sub("_", clean_name(name)).strip().lstrip(".~$ ")
    return "" if not name or is_junk(name) else name


def sweep(inbox: Path) -> None:
    """Throw away what uploads that were cut off by a crash have left."""
    for path in inbox.glob(f"{_PREFIX}*.part"):
        try:
            if path.stat().st_mtime < time.time() - _STALE_SECONDS:
                path.unlink()
        except OSError:
            continue


async def receive(request: Request, inbox: Path, most_bytes: int, check: Callable[[str | None], None]) -> list[Received]:
    """Take the files of a form. ``check`` is given the form's field ``csrf`` (None when a file comes first) before any byte is kept.

    A file of more than ``most_bytes``, with an impossible name, or that cannot be written is refused; the others are taken.

    :raises UsageError: it is no form with files.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise UsageError("biểu mẫu gửi lên không có tệp.")
    form = _Form(inbox, most_bytes, check)
    parser = MultipartParser(options[b"boundary"], form.callbacks())  # type: ignore[arg-type]
    try:
        async for chunk in request.stream():
            await run_in_threadpool(parser.write, chunk)
        await run_in_threadpool(parser.finalize)
    except MultipartParseError as error:
        raise UsageError("biểu mẫu gửi lên không đọc được.") from error
    finally:
        form.give_up()
    if not form.ended:
        raise UsageError("biểu mẫu gửi lên không đến hết.", remedy="Hãy gửi lại.")
    return form.received


class _Form:
    """What the parser tells of, part by part."""

    def __init__(self, inbox: Path, most_bytes: int, check: Callable[[str | None], None]) -> None:
        self.inbox = inbox
        self.most_bytes = most_bytes
        self.received: list[Received] = []
        self.ended = False
        self._check: Callable[[str | None], None] | None = check
        self._part = _Part()
        self._header = bytearray()
        self._header_value = bytearray()

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._opened,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._all_there,
        }

    def give_up(self) -> None:
        """Throw away a file that did not come to its end."""
        if self._part.stream is not None:
            self._part.stream.close()
        if self._part.path is not None:
            self._part.path.unlink(missing_ok=True)

    def _all_there(self) -> None:
        self.ended = True

    def _begin(self) -> None:
        self._part = _Part()

    def _header_end(self) -> None:
        self._part.headers[self._header.decode("latin-1").lower()] = self._header_value.decode("utf-8", "replace")
        self._header.clear()
        self._header_value.clear()

    def _opened(self) -> None:
        _, options = parse_options_header(self._part.headers.get("content-disposition", "").encode())
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        # Browsers escape quotation marks and line ends in a name in this way (HTML standard, multipart/form-data).
        given = options[b"filename"].decode("utf-8", "replace").replace("%22", '"').replace("%0D", "").replace("%0A", "")
        self._part.filename = given
        self._verify(None)
        if not given:
            return  # a file field left empty
        if not safe_name(given):
            self._part.reason = "tên tệp không dùng được."
        elif len(self.received) >= MOST_FILES:
            self._part.reason = f"mỗi lần chỉ nhận {MOST_FILES} tệp."
        else:
            path = self.inbox / f"{_PREFIX}{secrets.token_hex(8)}.part"
            try:
                self._part.stream = path.open("xb")
                self._part.path = path
            except OSError as error:
                self._part.reason = _disk_trouble(error)

    def _verify(self, token: str | None) -> None:
        if self._check is not None:
            self._check(token)
            self._check = None

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        part.size += end - start
        if part.filename is None:
            if part.size > _LONGEST_FIELD:
                raise UsageError("biểu mẫu gửi lên quá lớn.")
            part.value += data[start:end]
        elif part.stream is not None:
            if part.size > self.most_bytes:
                self._refuse(f"tệp lớn hơn {self.most_bytes // 1_000_000} MB.")
                return
            try:
                part.stream.write(data[start:end])
            except OSError as error:
                self._refuse(_disk_trouble(error))

    def _refuse(self, reason: str) -> None:
        self.give_up()
        self._part.stream = self._part.path = None
        self._part.reason = reason

    def _end(self) -> None:
        part = self._part
        if part.filename is None:
            if part.name == "csrf":
                self._verify(part.value.decode("utf-8", "replace"))
            return
        if part.stream is not None and part.path is not None:
            name = safe_name(part.filename)
            try:
                part.stream.close()
                self.received.append(Received(part.filename, place_new(part.path, self.inbox / name)))
                part.stream = part.path = None
                return
            except OSError as error:
                self._refuse(_disk_trouble(error))
        if part.filename:
            self.received.append(Received(part.filename, reason=part.reason))


def _disk_trouble(error: OSError) -> str:
    return f"không ghi được vào hộp đến ({error.strerror})."
