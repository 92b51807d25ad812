"""What lies in quarantine and why, and how a file goes back to the inbox."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dondoc.inbox import scan
from dondoc.placement import place_new
from dondoc.shelves import REASON_SUFFIX
from ingest.errors import FileAccessError, NotFound

_LABELS = {"Thời điểm": "when", "Lý do": "reason", "Cách xử lý": "remedy", "Trang": "page"}


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that was not taken in. ``name`` is its path below quarantine/; ``path`` None when only the reason lies there."""

    name: str
    path: Path | None
    size: int
    when: datetime | None
    reason: str
    remedy: str
    page: str

    @property
    def can_retry(self) -> bool:
        """Whether there is a file to try again; a folder is not."""
        return self.path is not None and self.path.is_file()


def listing(root: Path) -> list[Quarantined]:
    """What lies there, newest first; files that somebody put there without a reason too."""
    found: dict[str, Quarantined] = {}
    for path in scan(root):
        name = path.relative_to(root).as_posix()
        if name.endswith(REASON_SUFFIX):
            name = name.removesuffix(REASON_SUFFIX)
            found[name] = _entry(root, name)
        elif name not in found:
            found[name] = _entry(root, name)
    return sorted(found.values(), key=lambda entry: (entry.when or datetime.min, entry.name), reverse=True)


def named(root: Path, name: str) -> Quarantined:
    """The entry of that name; it is looked for among those that are there, so that no name can lead elsewhere.

    :raises NotFound: there is none.
    """
    for entry in listing(root):
        if entry.name == name:
            return entry
    raise NotFound(f"trong vùng cách ly không có tệp «{name}».", remedy="Có thể tệp vừa được lấy đi; hãy tải lại trang.")


def put_back(root: Path, name: str, inbox: Path) -> Path:
    """Move a file to the inbox, to be tried again; its reason goes. Returns where it lies.

    :raises NotFound: no such file. :raises FileAccessError: it cannot be moved.
    """
    entry = named(root, name)
    if entry.path is None or not entry.path.is_file():
        raise NotFound(f"không còn tệp «{name}» để thử lại.", remedy="Hãy đưa lại tệp từ nơi gửi.")
    part = inbox / f".thu-lai-{entry.path.stat().st_ino}.part"
    try:
        inbox.mkdir(parents=True, exist_ok=True)
        shutil.move(entry.path, part)
        target = place_new(part, inbox / entry.path.name)
    except OSError as error:
        raise FileAccessError(f"không chuyển được tệp về hộp đến ({error.strerror}).", path=entry.path) from error
    (root / f"{name}{REASON_SUFFIX}").unlink(missing_ok=True)
    return target


def _entry(root: Path, name: str) -> Quarantined:
    path = root / name
    values = dict.fromkeys(_LABELS.values(), "")
    try:
        for line in (root / f"{name}{REASON_SUFFIX}").read_text("utf-8", "replace").splitlines():
            label, _, value = line.partition(": ")
            if label in _LABELS:
                values[_LABELS[label]] = value
    except OSError:
        values["reason"] = "không rõ: không có tệp ghi lý do bên cạnh."
    there = path.exists()
    size = path.stat().st_size if there and path.is_file() else 0
    return Quarantined(name, path if there else None, size, _time(values["when"]), values["reason"], values["remedy"], values["page"])


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y %H:%M:%S")
    except ValueError:
        return None
