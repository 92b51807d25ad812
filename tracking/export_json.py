"""Registers as JSON for other programs: all fields of a task, dates ISO, texts as they are.

Each task has its document's fields under the names of Phụ lục VI of Nghị định 30/2020/NĐ-CP too (``ND30``), with its own ``DueDate``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from tracking.exporting import COMBINED, combined_register, put_in_place, write_department, write_departments
from tracking.register import Entry, Register
from tracking.rows import DocumentRow, TaskFilter
from tracking.store import Store

Documents = Mapping[int, DocumentRow]


def export_department(store: Store, agency: str | None, path: Path, as_of: date | None = None) -> Path:
    """Write the JSON of one department (None: of nobody); an existing file is replaced.

    :raises NotFound: no agency has such a name. :raises FileAccessError: the file cannot be written.
    """
    return write_department(store, agency, path, as_of, _writer(store))


def export_combined(store: Store, path: Path, as_of: date | None = None, wanted: TaskFilter | None = None) -> Path:
    """Write one JSON file with every task once, or with those that pass the filter.

    :raises FileAccessError: the file cannot be written.
    """
    return put_in_place(path, partial(_writer(store), combined_register(store, as_of, wanted)))


def export_all(store: Store, folder: Path, as_of: date | None = None, *, places: bool = False) -> list[Path]:
    """Write a JSON file for each department and ``tong-hop.json`` with all; the paths written.

    ``places``: also a file for each commune or province of a group, instead of one for the group.

    :raises FileAccessError: the folder or a file cannot be written.
    """
    written = write_departments(store, folder, "json", as_of, _writer(store), places=places)
    return [*written, export_combined(store, folder / f"{COMBINED}.json", as_of)]


def as_json(register: Register, documents: Documents) -> dict[str, Any]:
    """``agency``, ``as_of`` and ``tasks``: every field of a task with the department's ``role`` and what the directive calls it.

    ``share``: the department's own status, percentage and so on, null unless several lead. ``ND30``: see :func:`nd30`.
    """
    tasks = [
        entry.task.as_json()
        | {"role": entry.given.role or None, "as_written": entry.given.as_written or None, "needs_decision": entry.given.needs_decision}
        | {"share": dict(entry.standing.values) if entry.standing.agency else None}
        | {"ND30": nd30(entry, documents[entry.task.document_id])}
        for entry in register.rows
    ]
    return {"agency": register.agency, "as_of": register.as_of.isoformat(), "tasks": tasks}


def nd30(entry: Entry, document: DocumentRow) -> dict[str, Any]:
    """The document of a task as the fields for incoming documents of Phụ lục VI; what is not known is null, dates are ISO.

    ``FileCode``, ``DocOrdinal``, ``Description`` and ``TraceHeaderList`` are known to the system that files the paper, not here.
    """
    number, _, notation = (document.number or "").partition("/")
    return {
        "FileCode": None,
        "DocOrdinal": None,
        "TypeName": document.type,
        "CodeNumber": number.strip() or None,
        "CodeNotation": notation.strip() or None,
        "IssuedDate": document.date.isoformat() if document.date else None,
        "OrganName": document.issuer,
        "Subject": document.subject,
        "Language": "Tiếng Việt",
        "PageAmount": document.page_count,
        "Description": None,
        "ArrivalDate": document.received_at[:10],
        "ArrivalNumber": document.incoming_number,
        "SignerInfo": {"Position": document.signer_title, "FullName": document.signer},
        "Priority": document.urgency,
        "ToPlaces": "; ".join(document.recipients) or None,
        "TraceHeaderList": None,
        "DueDate": entry.due.isoformat() if entry.due else None,
    }


def _writer(store: Store) -> partial[None]:
    return partial(_write, {document.id: document for document in store.documents()})


def _write(documents: Documents, register: Register, path: Path) -> None:
    path.write_text(json.dumps(as_json(register, documents), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
