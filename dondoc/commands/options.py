"""Options that several commands share, so that they are named and explained alike."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

import getpass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import NotFound, UsageError

if TYPE_CHECKING:
    from tracking import Store


def parse_day(text: str) -> date:
    """A day given as 2025-06-30 or 30/6/2025.

    :raises UsageError: it is neither.
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise UsageError(f"«{text}» không phải ngày.", remedy="Hãy viết 2025-06-30 hoặc 30/6/2025.")


def optional_day(text: str | None) -> date | None:
    """The same; None stays None."""
    return parse_day(text) if text is not None else None


def person() -> str:
    """Who works here, for the history of a task: the name of the account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no account for this uid: containers
        return "không rõ"


def document_id(store: Store, text: str) -> int:
    """The document meant by an id, or by (part of) a number or the name of its file.

    :raises NotFound: there is none. :raises UsageError: several have such a number.
    """
    if text.strip().isdigit():
        return store.document(int(text)).id
    from tracking.folding import fold_number

    key = fold_number(text)
    near = [row for row in store.documents() if (row.number and key in fold_number(row.number)) or row.file_name == text]
    found = [row for row in near if row.number and fold_number(row.number) == key] or near
    if len(found) == 1:
        return found[0].id
    if not found:
        raise NotFound(f"không có văn bản nào mang số «{text}».")
    listed = "; ".join(f"{row.id}: {row.number or row.file_name}" for row in found[:5])
    raise UsageError(f"nhiều văn bản có số «{text}» ({listed}).", remedy="Hãy ghi mã văn bản.")


def occurrence_id(store: Store, task: int, text: str) -> int:
    """The instance of a recurring task that the rhythm puts on this day, or that was put off to it.

    :raises NotFound: there is none.
    """
    day = parse_day(text)
    found = store.occurrences(task)
    for each in [one for one in found if one.scheduled == day] or [one for one in found if one.due == day]:
        return each.id
    raise NotFound(f"nhiệm vụ {task} không có kỳ đến hạn ngày {day:%d/%m/%Y}.", remedy=f"Hãy xem bằng «dondoc occurrences {task}».")


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        envvar="DONDOC_WORKSPACE",
        help="The workspace. Default: the nearest folder, from here upwards, that holds a dondoc.toml.",
    ),
]
AgenciesOption = Annotated[
    Path | None,
    typer.Option(
        "--agencies",
        metavar="CSV",
        help="The office's own agencies. Default: those of the workspace here (agencies.csv, or what dondoc.toml names), if there is one.",
    ),
]
AllowSecretOption = Annotated[
    bool,
    typer.Option("--allow-secret", help="Also take papers marked Mật, Tối mật or Tuyệt mật; only where that is permitted."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout, for programs.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Look at things as of this day (2025-06-30 or 30/6/2025). Default: today.")
]
WhoOption = Annotated[
    str | None, typer.Option("--who", metavar="NAME", envvar="DONDOC_WHO", help="Your name, for the history. Default: your account's name.")
]
NoteOption = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="A remark, kept in the task's history.")]
TaskArgument = Annotated[int, typer.Argument(metavar="ID", help="The task's number, from the first column of the lists.")]
AgencyOption = Annotated[
    str | None, typer.Option("--agency", "-a", metavar="NAME", help='Only tasks of this agency; "noi vu" finds Sở Nội vụ.')
]
DocumentOption = Annotated[
    str | None, typer.Option("--document", "-d", metavar="ID|NUMBER", help="Only tasks of this document: its id or part of its number.")
]
DocumentArgument = Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document: its id or its number.")]
LimitOption = Annotated[int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="At most so many rows.")]
