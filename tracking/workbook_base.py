"""The hidden sheet of an exported workbook: what was filled in when it went out.

With it an import can tell what the person who had the file changed from what others changed meanwhile. One row for each task: its id, the
department whose share it is (empty: the task itself), the department's role, the newest event, then the values of
:data:`tracking.standing.FIELDS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

from tracking.standing import FIELDS, Standing, cell_text
from tracking.views import STATUS_LABELS

SHEET = "dondoc"
MARK = "dondoc-export-1"
"""First cell of the sheet, by which it is found again even under another name; the number is the version of this layout."""

STATUS_RANGE = f"{SHEET}!$B$2:${chr(ord('A') + len(STATUS_LABELS))}$2"
"""Where the list of statuses stands, for the drop-down of the visible sheet."""

_HEADINGS = ("task", "agency", "role", "last_event", *FIELDS)


@dataclass(frozen=True, slots=True)
class Exported:
    """What went out: from which workspace and when (local time, ISO), and task id → its role and standing then."""

    workspace: str
    at: str
    rows: dict[int, tuple[str, Standing]] = field(default_factory=dict)


def write(workbook: Workbook, workspace: str, rows: Iterable[tuple[str, Standing]], now: datetime) -> None:
    """Add the hidden sheet; ``rows``: role and standing of each task."""
    sheet = workbook.create_sheet(SHEET)
    sheet.sheet_state = "veryHidden"
    sheet.append([MARK, workspace, now.isoformat(timespec="seconds")])
    sheet.append(["statuses", *STATUS_LABELS.values()])
    sheet.append(list(_HEADINGS))
    for role, standing in rows:
        values = [standing.values[name] for name in FIELDS]
        sheet.append(
            [standing.task_id, _text(sheet, standing.agency), role, standing.last_event, *(_text(sheet, value) for value in values)]
        )


def _text(sheet: Worksheet, value: str | None) -> Any:
    """The text as a cell that no program takes for a formula."""
    if not value or value[0].isalnum():
        return cell_text(value) if value else None
    cell = WriteOnlyCell(sheet, value=cell_text(value))
    cell.data_type = "s"
    return cell


def read(rows: Iterable[Sequence[Any]]) -> Exported | None:
    """What the rows of a sheet say went out; None when it is not our hidden sheet, or damaged."""
    lines = iter(rows)
    head = next(lines, ())
    if len(head) < 3 or head[0] != MARK:
        return None
    next(lines, None)
    names = [str(name) for name in next(lines, ()) if name is not None]
    if tuple(names[:4]) != _HEADINGS[:4] or not set(FIELDS) <= set(names):
        return None
    exported = Exported(str(head[1]), str(head[2]))
    for line in lines:
        found = dict(zip(names, line, strict=False))
        try:
            task_id, last = int(found["task"]), int(found["last_event"])
        except (KeyError, TypeError, ValueError):
            continue
        values = {name: _value(found.get(name)) for name in FIELDS}
        exported.rows[task_id] = (_value(found["role"]) or "", Standing(task_id, _value(found["agency"]), last, values))
    return exported


def _value(value: object) -> str | None:
    # Programs that save the workbook anew may turn a text of digits into a number.
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None or value == "" else str(value)
