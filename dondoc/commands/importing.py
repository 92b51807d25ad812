# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
"""``dondoc import``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.commands.options import JsonOption, WhoOption, WorkspaceOption, person
from ingest.errors import ConflictError, UsageError

if TYPE_CHECKING:
    from rich.text import Text

    from tracking.import_plan import Change, Conflict, ImportPlan, ImportResult, Problem

_LONGEST = 120  # characters of a value in the tables; --json has all of it


class OnConflict(StrEnum):
    """What happens with a field that somebody else changed since the workbook was written."""

    KEEP = "keep"
    FILE = "file"


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.xlsx...", help="Workbooks that «dondoc export» wrote and people filled in.")],
    workspace: WorkspaceOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Only show what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    on_conflict: Annotated[
        OnConflict,
        typer.Option("--on-conflict", help="A field that others changed meanwhile: keep what they wrote, or take what the file has."),
    ] = OnConflict.KEEP,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take back workbooks that people filled in: statuses, days of completion, percentages, notes, corrections.

    Shows what would change, field by field, and asks before it writes; the whole import is one act, which `dondoc undo` takes back. Only
    what was changed in the file is taken. A field that somebody else changed since the export is a conflict: it is shown with who changed
    it and when, and stays as it is unless `--on-conflict file` says otherwise. Cells that cannot be read are listed and skipped. Columns
    are found by their headings and tasks by «Mã nhiệm vụ», so rows may be sorted and columns moved or deleted. Exit status 16 when
    conflicts were left, 2 when something in a file could not be read (what is good is written all the same).

    Examples: `dondoc import so-noi-vu.xlsx` · `dondoc import --dry-run exports/so-noi-vu.xlsx exports/so-y-te.xlsx` ·
    `dondoc import --yes --on-conflict file so-noi-vu.xlsx`
    """
    from tracking.importing import apply, combined, plan

    with workspaces.find(workspace).store() as store:
        plans = [plan(store, path) for path in files]
        wanted = plans[0] if len(plans) == 1 else combined(plans)
        if on_conflict is OnConflict.FILE:
            wanted = wanted.taking(wanted.conflicts)
        if not as_json:
            _show(wanted)
        result = None
        if wanted.changes and not dry_run and (yes or _confirmed(len(wanted.changes))):
            result = apply(store, wanted, who or person())
    if as_json:
        screen.write_json(wanted.as_json() | {"result": result.as_json() if result else None})
    elif result:
        _tell(result)
    if wanted.conflicts or (result and result.too_late):
        raise typer.Exit(ConflictError.exit_code)
    if wanted.problems or (result and result.refused):
        raise typer.Exit(UsageError.exit_code)


def _confirmed(count: int) -> bool:
    screen.say(f"Ghi {count} thay đổi? [c/K]", stderr=True)
    answer = sys.stdin.readline().strip().lower()
    if answer not in ("c", "có", "co", "y", "yes"):
        screen.say("Không ghi gì.", stderr=True)
        return False
    return True


def _show(wanted: ImportPlan) -> None:
    _table("Thay đổi", ("Từ", "Thành"), (_change_row(change) for change in wanted.changes), len(wanted.changes))
    _table(
        "Xung đột: người khác đã sửa, giữ nguyên", ("Hiện nay", "Trong tệp"), map(_conflict_row, wanted.conflicts), len(wanted.conflicts)
    )
    _problems(wanted.problems)
    untouched = "" if wanted.changes else " Không có gì để ghi."
    screen.say(
        f"{wanted.rows} nhiệm vụ trong tệp: {len(wanted.changes)} thay đổi, {len(wanted.conflicts)} xung đột, "
        f"{len(wanted.problems)} ô không đọc được.{untouched}"
    )


def _problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        screen.say(f"  {problem.cell}: {problem.message}", style="yellow")


def _table(title: str, values: tuple[str, str], rows: Iterable[list[Text]], count: int) -> None:
    if not count:
        return
    screen.say(f"{title} ({count})", style="bold")
    columns = [screen.Column("Mã", "right"), screen.Column("Mục", widest=18), *(screen.Column(name, "wide") for name in values)]
    screen.print_table([*columns, screen.Column("Ghi chú", widest=36)], rows)


def _change_row(change: Change) -> list[Text]:
    from tracking.import_plan import LABELS
    from tracking.standing import shown

    of_whom = f"phần của {change.agency}" if change.own else ""
    remark = "; ".join(part for part in (of_whom, change.remark) if part)
    old, new = (screen.cell(_cut(shown(change.field, value))) for value in (change.old, change.new))
    return [screen.cell(change.task_id), screen.cell(LABELS[change.field]), old, new, screen.cell(remark)]


def _conflict_row(conflict: Conflict) -> list[Text]:
    from tracking.standing import shown

    row = _change_row(conflict.change)
    row[2] = screen.cell(_cut(shown(conflict.change.field, conflict.now)))
    by = f"{conflict.who} sửa lúc {datetime.fromisoformat(conflict.at):%H:%M ngày %d/%m/%Y}" if conflict.who and conflict.at else ""
    row[4] = screen.cell(by or "đổi khi đọc lại văn bản")
    return row


def _cut(text: str) -> str:
    return (text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…") or "(trống)"


def _tell(result: ImportResult) -> None:
    if result.too_late:
        title = "Vừa có người sửa, không ghi"
        _table(title, ("Hiện nay", "Trong tệp"), map(_conflict_row, result.too_late), len(result.too_late))
    _problems(result.refused)
    screen.say(f"Đã ghi {len(result.written)} thay đổi." + (f" Hoàn tác: «dondoc undo {result.action}»." if result.action else ""))
