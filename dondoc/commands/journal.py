"""``dondoc undo``, ``history``, ``occurrences``: taking acts back, who did what when, the instances of recurring tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.commands.desk import Desk, acting
from dondoc.commands.options import (
    DocumentOption,
    JsonOption,
    LimitOption,
    TaskArgument,
    WorkspaceOption,
    document_id,
    occurrence_id,
    optional_day,
    parse_day,
)
from ingest.errors import NotFound, UsageError

if TYPE_CHECKING:
    from tracking import OccurrenceRow
    from tracking.journal import ActRow

_AHEAD_DAYS = 90


@acting
def undo(
    desk: Desk,
    action: Annotated[
        int | None, typer.Argument(metavar="[ACTION]", help="The number of the act, from `dondoc history`. Default: your last one.")
    ] = None,
    task: Annotated[int | None, typer.Option("--task", "-t", metavar="ID", help="The last act on this task, whoever did it.")] = None,
) -> None:
    """Take an act back, whole; again and again to go further back.

    All that the act changed gets back what it had before. When somebody has changed the same thing since, nothing happens and the newer
    change is named. An undo stands in the history like any act; undoing its own number does the act once more.

    Examples: `dondoc undo` · `dondoc undo --task 12` · `dondoc undo 345`
    """
    if action is not None and task is not None:
        raise UsageError("chỉ nêu số thao tác hoặc --task, không nêu cả hai.")
    if action is None:
        action = desk.store.last_action(task) if task is not None else desk.store.last_action(who=desk.who)
    if action is None:
        raise NotFound("không có thao tác nào để hoàn tác.", remedy="Hãy xem bằng «dondoc history».")
    rows = desk.store.undo(action, desk.who, desk.note)
    if not desk.as_json:
        (again,) = [act.action for act in desk.store.history(limit=None, who=desk.who) if act.undoes == action][:1]
        screen.say(f"Đã hoàn tác thao tác {action} (làm lại: dondoc undo {again}).")
    desk.tell_all(rows)


def history(
    task: Annotated[int | None, typer.Option("--task", "-t", metavar="ID", help="Only what was done to this task.")] = None,
    document: DocumentOption = None,
    who: Annotated[str | None, typer.Option("--who", metavar="NAME", help="Only what this person did.")] = None,
    workspace: WorkspaceOption = None,
    limit: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who did what when, newest first; 50 acts unless --limit says otherwise.

    The first column is the number of the act, for `dondoc undo`. What was done to agencies, users and files has none.

    Examples: `dondoc history` · `dondoc history --task 12` · `dondoc history --document 45/KH-UBND --who Lan --json`
    """
    with workspaces.find(workspace).store() as store:
        acts = store.history(task, document_id(store, document) if document is not None else None, who, limit or 50)
    if as_json:
        screen.write_json([act.as_json() for act in acts])
        return
    for act in acts:
        _say_act(act)
    if not acts:
        screen.say("Chưa có thao tác nào.")


def _say_act(act: ActRow) -> None:
    number = f"{act.action:>5}" if act.action is not None else "    –"
    at = f"{act.at[8:10]}/{act.at[5:7]}/{act.at[:4]} {act.at[11:16]}"
    subject = (act.subject or "").replace("document:", "văn bản ")
    where = ", ".join(filter(None, (subject, f"nhiệm vụ {', '.join(map(str, act.tasks))}" if act.tasks else "")))
    gone = " (đã hoàn tác)" if act.undone else ""
    taken = f" thao tác {act.undoes}" if act.undoes is not None else ""
    screen.say(f"{number}  {at}  {act.who}: {act.label}{taken} – {where}{gone}", style="dim" if act.undone else "")
    for sentence in act.told:
        screen.say(f"         {sentence}", style="dim")


@acting
def occurrences(
    desk: Desk,
    task: TaskArgument,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="List those due up to this day. Default: 90 days ahead.")
    ] = None,
    done: Annotated[str | None, typer.Option("--done", metavar="DUE", help="The one due on this day was done.")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="With --done: the day of completion. Default: today.")] = None,
    reopen: Annotated[str | None, typer.Option("--reopen", metavar="DUE", help="The one due on this day is owed again.")] = None,
    skip_until: Annotated[
        str | None, typer.Option("--skip-until", metavar="DATE", help="Stop following all that are due up to this day.")
    ] = None,
    follow_from: Annotated[
        str | None,
        typer.Option("--follow-from", metavar="DATE", help="Follow them from this day on; at first it is the day the document came in."),
    ] = None,
) -> None:
    """List the dates on which a recurring task falls due («báo cáo hằng tháng trước ngày 20»), and record each as done.

    Those due before the document came in are there, but nobody owes them until you say so with --follow-from, or --reopen for one of
    them and those after it. More time for one: `dondoc extend 12 --until DATE --due DUE`. The task itself stays; `dondoc done 12` ends it
    altogether.

    Examples: `dondoc occurrences 12` · `dondoc occurrences 12 --done 20/6/2025 --on 18/6/2025` ·
    `dondoc occurrences 12 --skip-until 1/1/2025`
    """
    if sum(given is not None for given in (done, reopen, skip_until, follow_from)) > 1:
        raise UsageError("chỉ dùng một trong --done, --reopen, --skip-until, --follow-from.")
    if done is not None:
        desk.store.set_occurrence(occurrence_id(desk.store, task, done), "done", optional_day(on) or date.today(), desk.who, desk.note)
    elif reopen is not None:
        desk.store.set_occurrence(occurrence_id(desk.store, task, reopen), "open", None, desk.who, desk.note)
    elif skip_until is not None:
        desk.store.skip_occurrences(task, parse_day(skip_until), desk.who, desk.note)
    elif follow_from is not None:
        desk.store.follow_occurrences(task, parse_day(follow_from), desk.who, desk.note)
    found = desk.store.occurrences(task, optional_day(until) or date.today() + timedelta(days=_AHEAD_DAYS))
    if desk.as_json:
        screen.write_json([_as_json(each) for each in found])
        return
    if not found:
        screen.say("Nhiệm vụ này không định kỳ hoặc không có kỳ nào đến hạn trong thời gian này.")
    for each in found:
        note = f" – {each.note}" if each.note else ""
        screen.say(f"{each.scheduled:%d/%m/%Y}  {each.label}{note}", style="red" if each.state == "overdue" else "")


def _as_json(row: OccurrenceRow) -> dict[str, object]:
    dated = {"scheduled": row.scheduled, "due": row.due, "requested_due": row.requested_due, "completed_on": row.completed_on}
    days = {name: day.isoformat() if day else None for name, day in dated.items()}
    return {name: getattr(row, name) for name in ("id", "status", "percent", "note", "state", "days_late")} | days
