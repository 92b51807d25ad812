"""Editing the office's own list of agencies, a CSV that people also open in a spreadsheet.

What is not changed stays as it is to the byte: comments, empty lines, the byte order mark, the separator, line ends, columns that only
people read. The reading is that of extraction (:mod:`extract.gazetteer_files`), and nothing is written that it would refuse or understand
differently from what was meant.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

from dondoc.workspace import AGENCIES_TEMPLATE
from extract.folding import fold
from extract.gazetteer_files import OwnRow, OwnTable, own_agencies_in, own_table
from extract.gazetteer_records import OwnAgency
from ingest.errors import ConflictError, FileAccessError, UsageError

TITLES = {
    "name": "tên",
    "abbreviation": "viết tắt",
    "aliases": "tên khác",
    "level": "cấp",
    "valid_from": "từ ngày",
    "valid_to": "đến ngày",
    "successor": "kế thừa",
    "members": "thành viên",
}
"""Fields that can be set and their headings in the file."""

LONGEST = 300
"""Characters of a name."""

BACKUPS = "sao-luu"
"""Folder beside the file for what it was before each change."""

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+$")


@dataclass(frozen=True, slots=True)
class AgenciesFile:
    """The file's content, and where it lies."""

    path: Path
    data: bytes

    @classmethod
    def read(cls, path: Path) -> AgenciesFile:
        """The file as it is; what a new workspace gets when there is none.

        :raises FileAccessError: it cannot be read.
        """
        try:
            return cls(path, path.read_bytes())
        except FileNotFoundError:
            return cls(path, AGENCIES_TEMPLATE.encode("utf-8-sig"))
        except OSError as error:
            raise FileAccessError(f"không đọc được danh mục cơ quan ({error.strerror}).", path=path) from error

    @property
    def fingerprint(self) -> str:
        """What tells this content from any other."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text(self) -> str:
        """The content without byte order mark.

        :raises UsageError: it is no UTF-8.
        """
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UsageError("danh mục cơ quan bổ sung không phải UTF-8.", path=self.path) from error

    def agencies(self) -> tuple[OwnAgency, ...]:
        """What extraction reads in it.

        :raises UsageError: it cannot be read.
        """
        return own_agencies_in(self.text, self.path)

    def find(self, name: str) -> OwnAgency | None:
        """The first agency of that name."""
        return next((own for own in self.agencies() if fold(own.name) == fold(name)), None)

    def with_agency(self, name: str, fields: Mapping[str, str]) -> AgenciesFile:
        """The file with these fields (:data:`TITLES`; several names joined by "|") of that agency set, which is added when it is missing.

        :raises UsageError: a value that the file cannot hold or extraction would not read; several lines have that name.
        """
        wanted = {field: _cell(field, value) for field, value in fields.items()} | {"name": _cell("name", name)}
        before = self.agencies()
        table, lines = self._table()
        row = self._row(table, wanted["name"])
        if row is not None:
            now = table.values(row)
            wanted = {field: value for field, value in wanted.items() if now.get(field, "") != value and field != "name"}
            if not wanted:
                return self
        table, lines = self._with_columns(table, lines, [field for field, value in wanted.items() if value])
        row = self._row(table, name)
        cells = list(row.cells if row else ()) + [""] * (len(table.columns) - len(row.cells if row else ()))
        for field, value in wanted.items():
            if value or field in table.columns:
                cells[_column(table, field)] = value
        if row is not None:
            lines = _replaced(lines, row, _line(cells, table.separator))
        else:
            if not _LINE_END.search(lines[-1]):
                lines[-1] += _line_end(lines)
            lines.append(_line(cells, table.separator) + _line_end(lines))
        return self._checked(lines, before, name, wanted)

    def without_agency(self, name: str) -> AgenciesFile:
        """The file without that agency; the same when it does not have it."""
        before = self.agencies()
        table, lines = self._table()
        row = self._row(table, name)
        return self if row is None else self._checked(_replaced(lines, row, None), before, name, None)

    def _table(self) -> tuple[OwnTable, list[str]]:
        text = self.text
        table = own_table(text, self.path)
        if table is None:  # only comments, or nothing
            heading = AGENCIES_TEMPLATE.splitlines()[-1]
            end = _line_end(text.splitlines(keepends=True))
            text += ("" if not text or _LINE_END.search(text) else end) + heading + end
            table = own_table(text, self.path)
            assert table is not None
        return table, text.splitlines(keepends=True)

    def _row(self, table: OwnTable, name: str) -> OwnRow | None:
        rows = [row for row in table.rows if fold(table.values(row)["name"]) == fold(name)]
        if len(rows) > 1:
            where = " và ".join(str(row.last) for row in rows)
            raise UsageError(f"«{name}» có ở dòng {where} của danh mục.", path=self.path, remedy="Hãy mở tệp và chỉ giữ một dòng.")
        return rows[0] if rows else None

    def _with_columns(self, table: OwnTable, lines: list[str], fields: Iterable[str]) -> tuple[OwnTable, list[str]]:
        """With headings for the fields that have none yet."""
        missing = [field for field in fields if field not in table.columns]
        if not missing:
            return table, lines
        if any(len(row.cells) > len(table.columns) for row in table.rows):
            raise UsageError("danh mục có dòng nhiều ô hơn dòng tiêu đề nên không thêm cột được.", path=self.path, remedy="Hãy sửa tệp.")
        heading = [*table.heading.cells, *(TITLES[field] for field in missing)]
        lines = _replaced(lines, table.heading, _line(heading, table.separator))
        wider = own_table("".join(lines), self.path)
        assert wider is not None
        return wider, lines

    def _checked(self, lines: list[str], before: tuple[OwnAgency, ...], name: str, wanted: Mapping[str, str] | None) -> AgenciesFile:
        """The new file, if it reads as meant: this agency as ``wanted`` (None: not at all), all others as before."""
        new = AgenciesFile(self.path, (_BOM if self.data.startswith(_BOM) else b"") + "".join(lines).encode())
        others = [[own for own in listed if fold(own.name) != fold(name)] for listed in (before, new.agencies())]
        table, _ = new._table()
        row = self._row(table, name)
        read = table.values(row) if row else {}
        as_meant = not read if wanted is None else bool(read) and all(read.get(key, "") == value for key, value in wanted.items())
        if others[0] != others[1] or not as_meant:
            raise UsageError("không sửa được danh mục mà không đổi dòng khác.", path=self.path, remedy="Hãy sửa tệp bằng bảng tính.")
        return new

    def put_in_place(self, seen: str, now: datetime | None = None) -> Path | None:
        """Write the file, keeping what it was as a dated copy; returns the copy, None when there was nothing before.

        Of several processes one writes at a time, so that what each has seen holds until its file is in place.

        ``seen``: the fingerprint of the content that was edited.

        :raises ConflictError: the file has changed since. :raises FileAccessError: it cannot be written.
        """
        path = self.path.resolve()
        try:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
            temporary = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(self.data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
                with _alone(path.parent):
                    if AgenciesFile.read(path).fingerprint != seen:
                        raise ConflictError("danh mục cơ quan vừa được người khác sửa.", path=path, remedy="Hãy tải lại trang rồi sửa lại.")
                    copy = _kept(path, now or datetime.now()) if path.exists() else None
                    temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            remedy = "Hãy đóng tệp nếu đang mở trong chương trình khác và kiểm tra quyền ghi."
            raise FileAccessError(f"không ghi được danh mục cơ quan ({error.strerror}).", path=path, remedy=remedy) from error
        return copy


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: of the folder itself, so that no lock file lies among what people see."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a share without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _kept(path: Path, now: datetime) -> Path:
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    number = 1
    while (copy := folder / f"{path.stem}-{now:%Y%m%d-%H%M%S}{f'-{number}' if number > 1 else ''}{path.suffix}").exists():
        number += 1
    shutil.copy2(path, copy)
    return copy


def _cell(field: str, value: str) -> str:
    """The value as the file holds it.

    :raises UsageError: it cannot hold it, or a spreadsheet would take it for a formula.
    """
    if field not in TITLES:
        raise UsageError(f"danh mục không có cột «{field}».")
    listed = field in ("aliases", "members")
    names = [" ".join(unicodedata.normalize("NFC", part).split()) for part in (value.split("|") if listed else [value])]
    for name in names:
        if any(unicodedata.category(sign)[0] == "C" for sign in name) or len(name) > LONGEST:
            raise UsageError(f"«{name[:40]}»: tên dài quá {LONGEST} ký tự hoặc có ký tự lạ.")
        if name.startswith(_FORMULA):
            raise UsageError(f"«{name[:40]}» bắt đầu bằng dấu mà bảng tính coi là công thức.")
        if "|" in name:
            raise UsageError(f"«{name[:40]}» có dấu |, là dấu ngăn cách các tên.")
    if field == "name" and (not fold(names[0]).strip(" ,;\"'") or names[0].lstrip('"').startswith("#")):
        raise UsageError("tên cơ quan không được để trống hay bắt đầu bằng dấu #.")
    return "|".join(name for name in names if name)


def _column(table: OwnTable, field: str) -> int:
    """The column of the field; of two the last counts."""
    return max(number for number, column in enumerate(table.columns) if column == field)


def _line(cells: Iterable[str], separator: str) -> str:
    made = StringIO()
    csv.writer(made, delimiter=separator, lineterminator="").writerow(cells)
    return made.getvalue()


def _replaced(lines: list[str], row: OwnRow, line: str | None) -> list[str]:
    """The lines with another one in the place of a record, or without it; comments between the lines of a record stay."""
    inside = lines[row.first - 1 : row.last]
    end = _LINE_END.search(inside[-1])
    comments = [one for one in inside[1:-1] if one.lstrip('"').startswith("#")]
    put = [] if line is None else [line + (end[0] if end else "")]
    if comments and put and not end:
        put[0] += _line_end(lines)
    return [*lines[: row.first - 1], *put, *comments, *lines[row.last :]]


def _line_end(lines: Iterable[str]) -> str:
    """How the lines of the file end."""
    return next((end for line in lines for end in ("\r\n", "\n", "\r") if line.endswith(end)), "\r\n")
