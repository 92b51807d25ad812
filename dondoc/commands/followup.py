"""``dondoc done``, ``reopen``, ``extend``, ``edit``, ``assign``, ``confirm``, ``edit-document``: what people do about a task.

Every change goes into the history; `dondoc undo` takes it back.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.commands.options import (
    DocumentArgument,
    JsonOption,
    NoteOption,
    TaskArgument,
    WhoOption,
    WorkspaceOption,
    document_id,
    optional_day,
    parse_day,
    person,
)
from dondoc.commands.telling import tell
from ingest.errors import UsageError

DepartmentOption = Annotated[
    str | None,
    typer.Option(
        "--agency", "-a", metavar="NAME", help="Only this department's part of a task that several answer for; «noi vu» is enough."
    ),
]


def done(
    task: TaskArgument,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day of completion. Default: today.")] = None,
    agency: DepartmentOption = None,
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that a task was completed, or one department's part of it.

    With --agency the task itself is done, on the latest day, once every leading department has done its part.

    Examples: `dondoc done 12 --on 28/6/2025 --note "Báo cáo 45/BC-SNV"` · `dondoc done 12 --agency "Sở Nội vụ"`
    """
    day = optional_day(on) or date.today()
    with workspaces.find(workspace).store() as store:
        tell(store.mark_done(task, day, who or person(), note, agency), as_json=as_json)


def reopen(
    task: TaskArgument,
    status: Annotated[
        str,
        typer.Option("--status", "-s", metavar="STATUS", help="open, in_progress, extension_requested, returned, transferred, cancelled."),
    ] = "open",
    agency: DepartmentOption = None,
    superseded_by: Annotated[
        str | None, typer.Option("--superseded-by", metavar="DOCUMENT", help="With --status cancelled: the document that took its place.")
    ] = None,
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a task is owed again, or give it another status: given back, handed to a successor, stopped.

    Examples: `dondoc reopen 12` · `dondoc reopen 12 --status returned --agency "Sở Y tế" --note "không đúng thẩm quyền"` ·
    `dondoc reopen 12 --status cancelled --superseded-by 45/KH-UBND`
    """
    with workspaces.find(workspace).store() as store:
        if status == "open" and superseded_by is None:
            row = store.reopen(task, who or person(), note, agency)
        else:
            other = document_id(store, superseded_by) if superseded_by is not None else None
            row = store.set_status(task, status, who or person(), note, agency, other)
        tell(row, as_json=as_json)


def extend(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command
    task: TaskArgument,
    until: Annotated[str | None, typer.Option("--until", "-u", metavar="DATE", help="The new last day on time.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Only record that more time is asked for; the deadline stays.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Turn the request down; deadline and status are as before it.")] = False,
    agency: DepartmentOption = None,
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a task more time, record that more is asked for, or turn that down. The first deadline is kept.

    Examples: `dondoc extend 12 --until 30/9/2025 --ask --note "chờ số liệu"` · `dondoc extend 12 --until 30/9/2025` ·
    `dondoc extend 12 --refuse`
    """
    if refuse and (ask or until is not None):
        raise UsageError("--refuse không đi cùng --until hoặc --ask.")
    if not refuse and until is None:
        raise UsageError("chưa nêu gia hạn đến ngày nào.", remedy="Hãy dùng --until NGÀY, hoặc --refuse để từ chối.")
    name = who or person()
    with workspaces.find(workspace).store() as store:
        if until is None:
            row = store.refuse_extension(task, name, note, agency)
        elif ask:
            row = store.request_extension(task, parse_day(until), name, note, agency)
        else:
            row = store.grant_extension(task, parse_day(until), name, note, agency)
        tell(row, as_json=as_json)


def edit(
    task: TaskArgument,
    changes: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="What to change; an empty value clears the field.")],
    agency: DepartmentOption = None,
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct a task by hand; taking the document in again will not undo it.

    Fields: text, deadline_text, start, due, bound, recurrence, expected_result, progress, percent, reply_number, note, needs_review; of
    one department's part (--agency): percent, note.

    Examples: `dondoc edit 12 due=2025-07-15` · `dondoc edit 12 "progress=đã trình dự thảo" percent=60 needs_review=no`
    """
    fields = dict(_field(change) for change in changes)
    with workspaces.find(workspace).store() as store:
        tell(store.edit(task, who=who or person(), reason=note, agency=agency, **fields), as_json=as_json)


def assign(
    task: TaskArgument,
    lead: Annotated[
        list[str] | None, typer.Option("--lead", "-l", metavar="NAME", help="Who is responsible; may be given several times.")
    ] = None,
    coordinating: Annotated[
        list[str] | None, typer.Option("--coordinating", "-c", metavar="NAME", help="Who takes part; the same.")
    ] = None,
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say who leads a task and who takes part; the names given replace those of that role.

    Example: `dondoc assign 12 --lead "Sở Nội vụ" --coordinating "Sở Tài chính" --coordinating "Công an tỉnh"`
    """
    if lead is None and coordinating is None:
        raise UsageError("chưa nói giao cho ai.", remedy="Hãy dùng --lead hoặc --coordinating.")
    with workspaces.find(workspace).store() as store:
        tell(store.assign(task, who=who or person(), lead=lead, coordinating=coordinating, reason=note), as_json=as_json)


def confirm(
    task: TaskArgument,
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a task was checked and is right as it stands; reading the document again changes nothing of it.

    Example: `dondoc confirm 12`
    """
    with workspaces.find(workspace).store() as store:
        tell(store.confirm(task, who or person(), note), as_json=as_json)


def edit_document(
    document: DocumentArgument,
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE...", help="What to change; an empty value clears the field.")
    ] = None,
    checked: Annotated[bool, typer.Option("--checked", help="What the reading warned of was compared with the paper.")] = False,
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct the header of a document; reading it again keeps what you wrote.

    Fields: number, type, issuer, date, place, subject, signer, signer_title, incoming_number. Links to the documents that cite it, second
    scans of it and terms counted from its date follow the correction.

    A corrected field no longer asks to be checked; --checked says so of all that the reading warned of.

    Examples: `dondoc edit-document 3 number=45/KH-UBND date=15/6/2025` · `dondoc edit-document 3 --checked` ·
    `dondoc edit-document 45/KH-UBND "incoming_number=123"`
    """
    fields: dict[str, Any] = {}
    for change in changes or ():
        name, equals, value = change.partition("=")
        if not equals:
            raise UsageError(f"«{change}» thiếu dấu bằng.", remedy="Hãy viết dạng number=45/KH-UBND.")
        name = name.strip().replace("-", "_")
        fields[name] = parse_day(value) if name == "date" and value.strip() else value.strip() or None
    with workspaces.find(workspace).store() as store:
        number, by = document_id(store, document), who or person()
        row = store.edit_document(number, who=by, note=note, **fields) if fields or not checked else store.document(number)
        if checked:
            row = store.check_document(number, by, note)
    if as_json:
        screen.write_json(row.as_json())
        return
    named = " ".join(filter(None, (row.type, row.number, f"ngày {screen.day(row.date)}" if row.date else "")))
    screen.say(f"Văn bản {row.id}: {named or row.file_name} – {row.issuer or 'chưa rõ cơ quan ban hành'}.")
    if row.subject:
        screen.say(row.subject)


def _field(change: str) -> tuple[str, Any]:
    name, equals, value = change.partition("=")
    name = name.strip().replace("-", "_")
    if not equals:
        raise UsageError(f"«{change}» thiếu dấu bằng.", remedy="Hãy viết dạng due=2025-07-15.")
    if name in ("start", "due") and value.strip():
        return name, optional_day(value)
    if name == "needs_review":
        return name, value.strip().lower() in ("1", "yes", "true", "có", "y")
    return name, value.strip() or None
