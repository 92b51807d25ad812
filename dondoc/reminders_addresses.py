"""The addresses of departments: a CSV in the workspace that people write in a spreadsheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dondoc.reminders import EVERYBODY
from ingest.errors import UsageError

if TYPE_CHECKING:
    from tracking import Store

_HEADINGS = {"co quan": "agency", "ten co quan": "agency", "ten": "agency", "agency": "agency"} | dict.fromkeys(
    ("dia chi", "dia chi thu", "thu dien tu", "email", "address"), "address"
)
_REMEDY = "Tệp phải là CSV UTF-8 có hai cột «cơ quan» và «địa chỉ». Hãy sửa tệp rồi chạy lại."
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{}~-]{1,64}@(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*")
"""As a browser's ``input type=email`` has it, without the separator | in the name: nothing that could be a second address or header."""

Addresses = Mapping[str, tuple[str, ...]]


def is_address(text: str) -> bool:
    """Whether a mail can be sent to it."""
    return _ADDRESS.fullmatch(text) is not None


def read(path: Path) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Name as written → line, addresses; empty when there is no such file.

    One line a department, cells separated by commas, semicolons or tabs, as spreadsheets write them; several addresses joined by "|".

    :raises UsageError: the file cannot be read, a column is missing, a line lacks a name, repeats one or holds no address; names the line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"không đọc được danh sách địa chỉ ({error.strerror}).", path=path) from error
    except UnicodeDecodeError as error:
        raise UsageError("danh sách địa chỉ không phải UTF-8.", path=path, remedy=_REMEDY) from error
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    folded: dict[str, int] = {}
    for number, name, cell in _rows(text, path):
        addresses = tuple(dict.fromkeys(part.strip() for part in cell.split("|") if part.strip()))
        wrong = next((address for address in addresses if not is_address(address)), None)
        if not name:
            problem = "thiếu tên cơ quan"
        elif not addresses:
            problem = f"«{name}» chưa có địa chỉ"
        elif wrong is not None:
            problem = f"«{wrong}» không phải địa chỉ thư điện tử"
        elif (before := folded.setdefault(_key(name), number)) != number:
            problem = f"«{name}» đã có ở dòng {before}"
        else:
            found[name] = (number, addresses)
            continue
        raise UsageError(f"dòng {number}: {problem}.", path=path, remedy=_REMEDY)
    return found


def resolve(
    store: Store, listed: Mapping[str, tuple[int, tuple[str, ...]]], departments: Iterable[str]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Department → its addresses; and warnings for lines whose name no body bears, likely misspelled.

    A line counts for the department of exactly that name or alias, else for the only heir of the body it names; never for a likeness.
    """
    by_key = {_key(name): name for name in (*departments, EVERYBODY)}
    found: dict[str, tuple[str, ...]] = {}
    warnings = []
    inherited: dict[str, tuple[str, ...]] = {}
    for name, (number, addresses) in listed.items():
        if (department := by_key.get(_key(name))) is not None:
            found[department] = addresses
            continue
        known = store.known_as(name)
        if not known:
            warnings.append(f"dòng {number}: không có cơ quan nào tên «{name}».")
        for other in known:
            if (department := by_key.get(_key(other))) is not None:
                inherited.setdefault(department, addresses)
    return inherited | found, warnings


def _rows(text: str, path: Path) -> Iterator[tuple[int, str, str]]:
    numbered = [
        (number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip(" ,;\t") and not line.lstrip(' "').startswith("#")
    ]
    if not numbered:
        return
    separator = max(",;\t", key=numbered[0][1].count)
    try:
        reader = csv.reader([line for _, line in numbered], delimiter=separator, strict=True)
        columns = [_HEADINGS.get(_key(cell), "") for cell in next(reader)]
        if missing := [heading for heading, name in (("cơ quan", "agency"), ("địa chỉ", "address")) if name not in columns]:
            raise UsageError(f"danh sách địa chỉ thiếu cột «{missing[0]}».", path=path, remedy=_REMEDY)
        for cells in reader:
            row = dict(zip(columns, (" ".join(cell.split()) for cell in cells), strict=False))
            yield numbered[reader.line_num - 1][0], row.get("agency", ""), row.get("address", "")
    except csv.Error as error:
        raise UsageError(f"không đọc được danh sách địa chỉ ({error}).", path=path, remedy=_REMEDY) from error


def _key(name: str) -> str:
    from tracking.folding import fold_name  # noqa: PLC0415 - not for --help

    return fold_name(name)
