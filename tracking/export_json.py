"""Registers as JSON for other programs: all fields of a task, dates ISO, texts as they are."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from tracking.exporting import COMBINED, combined_register, put_in_place, write_department, write_departments
from tracking.register import Register
from tracking.store import Store


def export_department(store: Store, agency: str, path: Path, as_of: date | None = None) -> Path:
    """Write the JSON of one department; an existing file is replaced.

    :raises NotFound: no agency has such a name. :raises FileAccessError: the file cannot be written.
    """
    return write_department(store, agency, path, as_of, _write)


def export_combined(store: Store, path: Path, as_of: date | None = None) -> Path:
    """Write one JSON file with every task once.

    :raises FileAccessError: the file cannot be written.
    """
    register = combined_register(store, as_of)
    return put_in_place(path, lambda temporary: _write(register, temporary))


def export_all(store: Store, folder: Path, as_of: date | None = None, *, places: bool = False) -> list[Path]:
    """Write a JSON file for each department and ``tong-hop.json`` with all; the paths written.

    ``places``: also a file for each commune or province of a group, instead of one for the group.

    :raises FileAccessError: the folder or a file cannot be written.
    """
    written = write_departments(store, folder, "json", as_of, _write, places=places)
    return [*written, export_combined(store, folder / f"{COMBINED}.json", as_of)]


def as_json(register: Register) -> dict[str, Any]:
    """``agency``, ``as_of`` and ``tasks``: every field of a task with the department's ``role`` and what the directive calls it."""
    tasks = [
        row.task.as_json()
        | {"role": row.given.role or None, "as_written": row.given.as_written or None, "needs_decision": row.given.needs_decision}
        for row in register.rows
    ]
    return {"agency": register.agency, "as_of": register.as_of.isoformat(), "tasks": tasks}


def _write(register: Register, path: Path) -> None:
    path.write_text(json.dumps(as_json(register), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
