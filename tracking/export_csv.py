"""Registers as CSV: UTF-8 with BOM so that Excel shows Vietnamese letters, commas, CRLF, ISO dates, the columns of the workbook."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from tracking.exporting import COMBINED, combined_register, put_in_place, write_department, write_departments
from tracking.register import Cell, Register
from tracking.rows import TaskFilter
from tracking.store import Store

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet take a text for a formula, full-width forms included."""


def export_department(store: Store, agency: str | None, path: Path, as_of: date | None = None) -> Path:
    """Write the CSV of one department (None: of nobody); an existing file is replaced.

    :raises NotFound: no agency has such a name. :raises FileAccessError: the file cannot be written.
    """
    return write_department(store, agency, path, as_of, _write)


def export_combined(store: Store, path: Path, as_of: date | None = None, wanted: TaskFilter | None = None) -> Path:
    """Write one CSV with every task once, or with those that pass the filter.

    :raises FileAccessError: the file cannot be written.
    """
    register = combined_register(store, as_of, wanted)
    return put_in_place(path, lambda temporary: _write(register, temporary))


def export_all(store: Store, folder: Path, as_of: date | None = None, *, places: bool = False) -> list[Path]:
    """Write a CSV for each department and ``tong-hop.csv`` with all; the paths written.

    ``places``: also a file for each commune or province of a group, instead of one for the group.

    :raises FileAccessError: the folder or a file cannot be written.
    """
    written = write_departments(store, folder, "csv", as_of, _write, places=places)
    return [*written, export_combined(store, folder / f"{COMBINED}.csv", as_of)]


def harmless(value: Cell) -> Cell:
    """A text that a spreadsheet would calculate gets an apostrophe in front; "- Rà soát …" too, since CSV cannot say that it is text."""
    if not isinstance(value, str):
        return value
    value = value.replace("\0", "")
    return f"'{value}" if value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA) else value


def _write(register: Register, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(register.headings)
        for row in register.cells():
            writer.writerow(["" if value is None else harmless(value) for value in row])
