"""``dondoc split``, ``merge``, ``add``, ``remove``, ``bring-back``: tasks divided, joined, made and taken away by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc import screen
from dondoc.commands.desk import Desk, acting
from dondoc.commands.options import (
    DocumentArgument,
    TaskArgument,
    document_id,
    optional_day,
)
from ingest.errors import UsageError

if TYPE_CHECKING:
    from tracking import TaskRow


@acting
def split(
    desk: Desk,
    task: TaskArgument,
    texts: Annotated[list[str], typer.Argument(metavar="TEXT...", help="The parts, in order: the first stays in the task.")],
) -> None:
    """Make several tasks of one that the paper runs together.

    The first text stays in the task, each other becomes a task of its own with the same departments, deadline, status and place on the
    paper. Reading the document again keeps the parts.

    Example: `dondoc split 12 "Rà soát thủ tục hành chính" "Báo cáo kết quả về Sở Nội vụ"`
    """
    desk.tell_all(desk.store.split(task, texts, desk.who, desk.note))


@acting
def merge(
    desk: Desk,
    tasks: Annotated[list[int], typer.Argument(metavar="ID...", help="The numbers of the tasks, all of one document.")],
) -> None:
    """Make one task of several that the paper means as one.

    Texts are joined in the order of the paper, departments united, the earliest deadline stands. The others leave the lists.

    Example: `dondoc merge 12 13`
    """
    desk.tell(desk.store.merge(tasks, desk.who, desk.note))


@acting
def add(
    desk: Desk,
    document: DocumentArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be done.")],
    page: Annotated[int, typer.Option("--page", min=1, metavar="N", help="The page on which it stands.")],
    lines: Annotated[str, typer.Option("--lines", metavar="N-M", help="Its lines on that page, as `dondoc show 12` numbers them.")] = "1",
    lead: Annotated[
        list[str] | None, typer.Option("--lead", "-l", metavar="NAME", help="Who is responsible; may be given several times.")
    ] = None,
    coordinating: Annotated[
        list[str] | None, typer.Option("--coordinating", "-c", metavar="NAME", help="Who takes part; the same.")
    ] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="The last day on time.")] = None,
) -> None:
    """Add a task that was not found on the paper.

    Example: `dondoc add 3 "Báo cáo kết quả rà soát" --page 2 --lines 5-6 --lead "Sở Nội vụ" --due 30/9/2025`
    """
    first, last = _lines(lines)
    row = desk.store.add_task(
        document_id(desk.store, document),
        who=desk.who,
        text=text,
        page=page,
        line_first=first,
        line_last=last,
        lead=lead or (),
        coordinating=coordinating or (),
        due=optional_day(due),
        note=desk.note,
    )
    desk.tell(row)


@acting
def remove(
    desk: Desk,
    task: TaskArgument,
) -> None:
    """Take a task out of all lists because it is none; `dondoc bring-back 12` brings it back.

    Reading the document again does not bring it back. Its history stays.

    Example: `dondoc remove 12 --note "chỉ là căn cứ, không giao việc"`
    """
    _tell_gone(desk.store.remove(task, desk.who, desk.note), as_json=desk.as_json)


@acting
def bring_back(
    desk: Desk,
    task: TaskArgument,
) -> None:
    """Bring back a task that was removed, or that was merged into another.

    Example: `dondoc bring-back 12`
    """
    desk.tell(desk.store.bring_back(task, desk.who, desk.note))


def _lines(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(\d+)(?:\s*[-–]\s*(\d+))?\s*", text)
    if found is None:
        raise UsageError(f"«{text}» không phải số dòng.", remedy="Hãy viết dạng 5 hoặc 5-7.")
    return int(found[1]), int(found[2] or found[1])


def _tell_gone(row: TaskRow, *, as_json: bool) -> None:
    if as_json:
        screen.write_json(row.as_json())
        return
    screen.say(f"Đã bỏ nhiệm vụ {row.id} khỏi danh mục (khôi phục: dondoc bring-back {row.id}).")
    screen.say(row.text)
