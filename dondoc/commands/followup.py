"""``dondoc done``, ``reopen``, ``edit``, ``assign``: what people do about a task. Every change goes into its history."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.commands.options import JsonOption, NoteOption, TaskArgument, WhoOption, WorkspaceOption, optional_day, person
from ingest.errors import UsageError

if TYPE_CHECKING:
    from tracking import TaskRow


def done(
    task: TaskArgument,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day of completion. Default: today.")] = None,
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that a task was completed.

    Example: `dondoc done 12 --on 28/6/2025 --note "Báo cáo 45/BC-SNV"`
    """
    day = optional_day(on) or date.today()
    with workspaces.find(workspace).store() as store:
        _tell(store.mark_done(task, day, who or person(), note), as_json=as_json)


def reopen(
    task: TaskArgument,
    status: Annotated[
        str,
        typer.Option("--status", "-s", metavar="STATUS", help="open, in_progress, extension_requested, returned, transferred, cancelled."),
    ] = "open",
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a task is owed again, or give it another status.

    Examples: `dondoc reopen 12` · `dondoc reopen 12 --status extension_requested --note "xin lùi đến 30/9"`
    """
    with workspaces.find(workspace).store() as store:
        change = partial(store.reopen, task) if status == "open" else partial(store.set_status, task, status)
        _tell(change(who or person(), note), as_json=as_json)


def edit(
    task: TaskArgument,
    changes: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="What to change; an empty value clears the field.")],
    workspace: WorkspaceOption = None,
    who: WhoOption = None,
    note: NoteOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct a task by hand; taking the document in again will not undo it.

    Fields: text, deadline_text, start, due, bound, recurrence, expected_result, progress, reply_number, note, needs_review.

    Examples: `dondoc edit 12 due=2025-07-15` · `dondoc edit 12 "progress=đã trình dự thảo" needs_review=no`
    """
    fields = dict(_field(change) for change in changes)
    with workspaces.find(workspace).store() as store:
        _tell(store.edit(task, who=who or person(), reason=note, **fields), as_json=as_json)


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
        _tell(store.assign(task, who=who or person(), lead=lead, coordinating=coordinating, reason=note), as_json=as_json)


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


def _tell(row: TaskRow, *, as_json: bool) -> None:
    if as_json:
        screen.write_json(row.as_json())
        return
    lead = "; ".join(row.lead) or "(chưa rõ cơ quan)"
    screen.say(
        f"Nhiệm vụ {row.id}: {row.state_label}. Chủ trì: {lead}. Thời hạn: {screen.day(row.due) or row.deadline_text or 'không có'}."
    )
    screen.say(row.text)
