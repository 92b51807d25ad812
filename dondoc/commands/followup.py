"""``dondoc done``, ``reopen``, ``extend``, ``edit``, ``assign``, ``confirm``, ``edit-document``: what people do about a task.

Every change goes into the history; `dondoc undo` takes it back.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from dondoc import screen
from dondoc.commands.desk import Desk, acting
from dondoc.commands.options import (
    DocumentArgument,
    TaskArgument,
    document_id,
    occurrence_id,
    optional_day,
    parse_day,
)
from ingest.errors import UsageError

DepartmentOption = Annotated[
    str | None,
    typer.Option(
        "--agency", "-a", metavar="NAME", help="Only this department's part of a task that several answer for; «noi vu» is enough."
    ),
]


@acting
def done(
    desk: Desk,
    tasks: Annotated[list[int], typer.Argument(metavar="ID...", help="The numbers of the tasks, from the first column of the lists.")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day of completion. Default: today.")] = None,
    agency: Annotated[
        list[str] | None,
        typer.Option("--agency", "-a", metavar="NAME", help="Only this department's part of tasks that several answer for; repeatable."),
    ] = None,
) -> None:
    """Record that tasks were completed, or the parts of some departments. Several at once are one act, taken back at once.

    With --agency the task itself is done, on the latest day, once every leading department has done its part.

    Examples: `dondoc done 12 --on 28/6/2025 --note "Báo cáo 45/BC-SNV"` · `dondoc done 12 --agency "Sở Nội vụ"` ·
    `dondoc done 12 13 --agency "Sở Nội vụ" --agency "Sở Y tế"`
    """
    day = optional_day(on) or date.today()
    if len(tasks) == 1 and len(agency or ()) <= 1:
        desk.tell(desk.store.mark_done(tasks[0], day, desk.who, desk.note, agency[0] if agency else None))
    else:
        desk.tell_all(desk.store.change_many(tasks, desk.who, status="done", on=day, note=desk.note, agencies=agency or None))


@acting
def reopen(
    desk: Desk,
    task: TaskArgument,
    status: Annotated[
        str,
        typer.Option("--status", "-s", metavar="STATUS", help="open, in_progress, extension_requested, returned, transferred, cancelled."),
    ] = "open",
    agency: DepartmentOption = None,
    superseded_by: Annotated[
        str | None, typer.Option("--superseded-by", metavar="DOCUMENT", help="With --status cancelled: the document that took its place.")
    ] = None,
) -> None:
    """Say that a task is owed again, or give it another status: given back, handed to a successor, stopped.

    Examples: `dondoc reopen 12` · `dondoc reopen 12 --status returned --agency "Sở Y tế" --note "không đúng thẩm quyền"` ·
    `dondoc reopen 12 --status cancelled --superseded-by 45/KH-UBND`
    """
    if status == "open" and superseded_by is None:
        row = desk.store.reopen(task, desk.who, desk.note, agency)
    else:
        other = document_id(desk.store, superseded_by) if superseded_by is not None else None
        row = desk.store.set_status(task, status, desk.who, desk.note, agency, other)
    desk.tell(row)


@acting
def extend(
    desk: Desk,
    task: TaskArgument,
    until: Annotated[str | None, typer.Option("--until", "-u", metavar="DATE", help="The new last day on time.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Only record that more time is asked for; the deadline stays.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Turn the request down; deadline and status are as before it.")] = False,
    agency: DepartmentOption = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="DATE", help="Of a recurring task: the one due on this day. Default: the first owed.")
    ] = None,
) -> None:
    """Give a task more time, record that more is asked for, or turn that down. The first deadline is kept.

    Of a recurring task one occurrence is put off, the others keep their days.

    Examples: `dondoc extend 12 --until 30/9/2025 --ask --note "chờ số liệu"` · `dondoc extend 12 --until 30/9/2025` ·
    `dondoc extend 12 --refuse` · `dondoc extend 14 --due 20/6/2025 --until 25/6/2025`
    """
    if refuse and (ask or until is not None):
        raise UsageError("--refuse không đi cùng --until hoặc --ask.")
    if not refuse and until is None:
        raise UsageError("chưa nêu gia hạn đến ngày nào.", remedy="Hãy dùng --until NGÀY, hoặc --refuse để từ chối.")
    one = occurrence_id(desk.store, task, due) if due is not None else None
    if until is None:
        row = desk.store.refuse_extension(task, desk.who, desk.note, agency, occurrence=one)
    elif ask:
        row = desk.store.request_extension(task, parse_day(until), desk.who, desk.note, agency, occurrence=one)
    else:
        row = desk.store.grant_extension(task, parse_day(until), desk.who, desk.note, agency, occurrence=one)
    desk.tell(row)


@acting
def edit(
    desk: Desk,
    task: TaskArgument,
    changes: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="What to change; an empty value clears the field.")],
    agency: DepartmentOption = None,
) -> None:
    """Correct a task by hand; taking the document in again will not undo it.

    Fields: text, deadline_text, start, due, bound, recurrence, expected_result, progress, percent, reply_number, note, needs_review;
    of one department's part (--agency): percent, note.

    Examples: `dondoc edit 12 due=2025-07-15` · `dondoc edit 12 "progress=đã trình dự thảo" percent=60 needs_review=no`
    """
    fields = dict(_field(change) for change in changes)
    desk.tell(desk.store.edit(task, who=desk.who, reason=desk.note, agency=agency, **fields))


@acting
def assign(
    desk: Desk,
    task: TaskArgument,
    lead: Annotated[
        list[str] | None, typer.Option("--lead", "-l", metavar="NAME", help="Who is responsible; may be given several times.")
    ] = None,
    coordinating: Annotated[
        list[str] | None, typer.Option("--coordinating", "-c", metavar="NAME", help="Who takes part; the same.")
    ] = None,
) -> None:
    """Say who leads a task and who takes part; the names given replace those of that role.

    Example: `dondoc assign 12 --lead "Sở Nội vụ" --coordinating "Sở Tài chính" --coordinating "Công an tỉnh"`
    """
    if lead is None and coordinating is None:
        raise UsageError("chưa nói giao cho ai.", remedy="Hãy dùng --lead hoặc --coordinating.")
    desk.tell(desk.store.assign(task, who=desk.who, lead=lead, coordinating=coordinating, reason=desk.note))


@acting
def confirm(
    desk: Desk,
    task: TaskArgument,
) -> None:
    """Say that a task was checked and is right as it stands; reading the document again changes nothing of it.

    Example: `dondoc confirm 12`
    """
    desk.tell(desk.store.confirm(task, desk.who, desk.note))


@acting
def edit_document(
    desk: Desk,
    document: DocumentArgument,
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE...", help="What to change; an empty value clears the field.")
    ] = None,
    checked: Annotated[bool, typer.Option("--checked", help="What the reading warned of was compared with the paper.")] = False,
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
    number, by = document_id(desk.store, document), desk.who
    row = desk.store.edit_document(number, who=by, note=desk.note, **fields) if fields or not checked else desk.store.document(number)
    if checked:
        row = desk.store.check_document(number, by, desk.note)
    if desk.as_json:
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
