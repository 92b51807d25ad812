"""The inbox: which files have been written to the end, and how one is claimed so that it is taken in once.

A file is claimed by renaming it into a folder that belongs to this run, inside the inbox: the rename is atomic also on a network
share, and of two programs only one succeeds. What a crash leaves there is taken up again by the next run.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shutil
import stat
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.errors import FileAccessError

log = logging.getLogger(__name__)

JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "@eadir", "#recycle", "$recycle.bin", "__macosx", "lost+found"})
JUNK_ENDINGS = (".part", ".partial", ".crdownload", ".tmp", ".temp", ".filepart", ".swp", ".lnk", "~")
DOCUMENT_ENDINGS = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".txt"})
"""A folder whose name ends in one of these was meant to be a document."""

_LOCK = ".lock"
_LONGEST_NAME = 200  # bytes; file systems allow 255, and « (12).reason.txt» must still fit behind it


def is_junk(name: str) -> bool:
    """Whether a name is one that systems, scanners and editors leave behind, or a file still being written."""
    low = name.lower()
    return low.startswith((".", "~$")) or low in JUNK_NAMES or low.endswith(JUNK_ENDINGS)


def scan(folder: Path) -> Iterator[Path]:
    """Files below ``folder`` in order of name, without junk, links and devices; and folders named like a document, unopened."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        log.warning("không mở được thư mục %s (%s)", folder, error.strerror)
        return
    for entry in entries:
        if is_junk(entry.name):
            continue
        path = Path(entry.path)
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                if path.suffix.lower() in DOCUMENT_ENDINGS:
                    yield path
                else:
                    yield from scan(path)
            elif entry.is_file(follow_symlinks=False):
                yield path


class SettleTracker:
    """Decides that a file has been written to the end: same size and time for ``seconds``, and it opens.

    With ``trust_old`` a file last changed longer ago than that counts at the first look; a run that looks only once needs it. A file
    that does not open may still be held by its writer; it is given ``patience`` seconds, then it counts, and taking it in says why not.
    """

    def __init__(self, seconds: float, *, trust_old: bool = False, patience: float = 60.0) -> None:
        self.seconds = seconds
        self.trust_old = trust_old
        self.patience = max(patience, seconds)
        self._seen: dict[Path, tuple[tuple[int, int], float]] = {}

    def settled(self, path: Path, *, now: float | None = None, clock: float | None = None) -> bool:
        """Look at ``path``. ``now`` is monotonic time, ``clock`` the time of day, both in seconds."""
        now = time.monotonic() if now is None else now
        try:
            status = path.stat()
        except OSError:
            self._seen.pop(path, None)
            return False
        state = (status.st_size, status.st_mtime_ns)
        before, since = self._seen.get(path, (None, now))
        if before != state:
            since = now
            self._seen[path] = (state, now)
        still = now - since
        if self.trust_old:
            still = max(still, (time.time() if clock is None else clock) - status.st_mtime)
        return still >= self.seconds and (_opens(path) or still >= self.patience)

    def forget_missing(self) -> None:
        """Drop what is no longer there, so that a watch of months does not grow."""
        self._seen = {path: seen for path, seen in self._seen.items() if path.exists()}


def _opens(path: Path) -> bool:
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            return True
        with path.open("rb") as stream:
            stream.read(1)
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that is ours: it lies at ``path`` in the run's folder and is called ``name``, a path with the inbox's subfolders.

    ``original`` is where it lay before; ``copied`` when that file is still there (given as an argument). ``error`` when it could not
    even be claimed: then there is no file at ``path``.
    """

    path: Path
    name: Path
    original: Path
    copied: bool = False
    error: FileAccessError | None = None


class Desk:
    """The folder of one run, in which its claims lie; a context manager.

    At the end it takes away what is empty. What was claimed but has found no place (Ctrl-C, a missing program) goes back to where it
    was; copies of it are thrown away.
    """

    def __init__(self, inbox: Path, work: Path) -> None:
        self.inbox = inbox
        self.work = work
        self._count = 0
        self._claims: list[Claim] = []
        self._lock: IO[bytes] | None = None
        self.folder = work

    def __enter__(self) -> Desk:
        self.work.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{time.strftime('%Y%m%d-%H%M%S')}-", dir=self.work))
        self._lock = _lock(self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        for claim in self._claims:
            with contextlib.suppress(OSError):
                self._give_back(claim)
        if self._lock is not None:
            self._lock.close()
        _remove_empty(self.folder)
        with contextlib.suppress(OSError):
            self.work.rmdir()

    def claim(self, path: Path) -> Claim | None:
        """Take ``path`` out of the inbox; None when somebody else was quicker or the file is gone."""
        name = _clean(path.relative_to(self.inbox))
        target = self._place(name)
        try:
            path.rename(target)
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("không lấy được %s từ hộp đến (%s); sẽ thử lại", path, error.strerror)
            return None
        return self._ours(Claim(target, name, path))

    def copy(self, path: Path, name: Path) -> Claim:
        """A copy of a file that a person named; the file itself stays where it is."""
        name = _clean(name)
        target = self._place(name)
        error: FileAccessError | None = None
        if not path.exists():
            error = FileAccessError("không có tệp này.", path=path, remedy="Hãy kiểm tra lại đường dẫn.")
        elif path.is_dir():
            error = directory_error(path)
        elif not path.is_file():
            error = FileAccessError("không phải tệp thường.", path=path, remedy="Hãy sao chép nội dung ra một tệp rồi thử lại.")
        else:
            try:
                shutil.copyfile(path, target)
            except OSError as reason:
                error = FileAccessError(f"không đọc được tệp ({reason.strerror}).", path=path, remedy="Hãy kiểm tra quyền đọc của tệp.")
        return self._ours(Claim(target, name, path, copied=True, error=error))

    def leftovers(self) -> list[Claim]:
        """Claim what runs that ended abruptly have left; a run that still lives keeps its folder."""
        found = []
        for folder in sorted(self.work.iterdir()):
            if folder == self.folder or not folder.is_dir():
                continue
            lock = _lock(folder)
            if lock is None:
                continue
            with lock:
                for number in sorted(folder.iterdir()):
                    found += [self._take_over(path, path.relative_to(number)) for path in scan(number)] if number.is_dir() else []
            _remove_empty(folder)
        return [claim for claim in found if claim is not None]

    def _take_over(self, path: Path, name: Path) -> Claim | None:
        target = self._place(name)
        try:
            path.rename(target)
        except OSError as error:
            log.warning("không lấy lại được %s (%s)", path, error.strerror)
            return None
        return self._ours(Claim(target, name, self.inbox / name))

    def _ours(self, claim: Claim) -> Claim:
        self._claims.append(claim)
        return claim

    def _give_back(self, claim: Claim) -> None:
        if claim.copied:
            claim.path.unlink(missing_ok=True)
        elif claim.path.exists() and not claim.original.exists():
            claim.original.parent.mkdir(parents=True, exist_ok=True)
            claim.path.rename(claim.original)

    def _place(self, name: Path) -> Path:
        # A folder for each claim: no two files can meet, whatever they are called.
        self._count += 1
        target = self.folder / f"{self._count:06}" / name
        target.parent.mkdir(parents=True)
        return target


def directory_error(path: Path) -> FileAccessError:
    """A folder stands where a document was expected."""
    return FileAccessError(
        "đây là thư mục, không phải tệp.", path=path, remedy="Hãy đổi tên thư mục (bỏ đuôi tệp) hoặc đưa từng tệp bên trong vào hộp đến."
    )


def named_files(paths: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """The files a person named, each with its name below what was named; folders are walked."""
    for path in paths:
        if path.is_dir() and path.suffix.lower() not in DOCUMENT_ENDINGS:
            for found in scan(path):
                yield found, found.relative_to(path)
        else:
            yield path, Path(path.name)


def _lock(folder: Path) -> IO[bytes] | None:
    """Hold ``folder`` for this process; None when another one that lives holds it, or the folder is gone."""
    try:
        stream = (folder / _LOCK).open("wb")
    except OSError:
        return None
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.close()
        return None
    except OSError:
        pass  # a share without locks: the renames still see to it that each file is taken once
    return stream


def _remove_empty(folder: Path) -> None:
    """Take away ``folder`` and what is below it as far as no file but the lock lies there."""
    for root, _, files in os.walk(folder, topdown=False):
        if set(files) <= {_LOCK}:
            with contextlib.suppress(OSError):
                if root != str(folder) or not any(entry.is_dir() for entry in os.scandir(root)):
                    (Path(root) / _LOCK).unlink(missing_ok=True)
                Path(root).rmdir()


def _clean(name: Path) -> Path:
    return Path(*(clean_name(part) for part in name.parts))


def clean_name(part: str) -> str:
    """A file name that can be stored, shown and written again: valid Unicode in NFC, no control characters, not too long."""
    text = unicodedata.normalize("NFC", os.fsencode(part).decode("utf-8", "replace"))
    text = "".join("_" if unicodedata.category(c) in ("Cc", "Cf") else c for c in text)
    stem, suffix = os.path.splitext(text)  # noqa: PTH122 - Path would drop a name that is only dots
    return (
        stem.encode()[: _LONGEST_NAME - len(suffix.encode())].decode("utf-8", "ignore") + suffix
        if len(text.encode()) > _LONGEST_NAME
        else text
    )
