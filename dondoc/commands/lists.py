"""``dondoc tasks``, ``overdue``, ``upcoming``, ``show``."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc import doubt, screen
from dondoc import workspace as workspaces
from dondoc.commands.options import (
    AgencyOption,
    AsOfOption,
    DocumentOption,
    JsonOption,
    LimitOption,
    TaskArgument,
    WorkspaceOption,
    optional_day,
)

if TYPE_CHECKING:
    from rich.text import Text

    from tracking import DocumentRow, TaskAgency, TaskDetail, TaskRow

_LONGEST_TEXT = 180  # characters of a task in a list; «dondoc show» has all of it

_TABLE_WIDTH = 120  # columns; in fewer the column of the task becomes a strip of single words

_RECURRENCES = {
    "daily": "hằng ngày",
    "weekly": "hằng tuần",
    "monthly": "hằng tháng",
    "quarterly": "hằng quý",
    "half-yearly": "6 tháng một lần",
    "yearly": "hằng năm",
    "biennial": "2 năm một lần",
    "continuous": "thường xuyên",
    "other": "định kỳ",
}

StatusOption = Annotated[
    str | None,
    typer.Option(
        "--status",
        "-s",
        metavar="STATUS",
        help="open, in_progress, extension_requested, done, returned, transferred, cancelled; or as computed: overdue, due_soon, in_time, "
        "no_deadline, done_on_time, done_late; or active: everything still owed.",
    ),
]


def tasks(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command
    workspace: WorkspaceOption = None,
    agency: AgencyOption = None,
    document: DocumentOption = None,
    status: StatusOption = None,
    due_from: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Due on this day or later.")] = None,
    due_to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Due on this day or earlier.")] = None,
    as_of: AsOfOption = None,
    words: Annotated[str | None, typer.Option("--words", metavar="WORDS", help="Only tasks in which these words occur.")] = None,
    review: Annotated[bool, typer.Option("--review", help="Only tasks that a person should look at.")] = False,
    limit: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """List tasks, earliest due first.

    Examples: `dondoc tasks --agency "noi vu"` · `dondoc tasks --document 1234/UBND --status active` · `dondoc tasks --from 1/7/2025 --json`
    """
    from tracking import TaskFilter

    wanted = TaskFilter(
        agency=agency,
        document=document,
        status=status,
        due_from=optional_day(due_from),
        due_to=optional_day(due_to),
        as_of=optional_day(as_of),
        words=words,
        needs_review=review,
        limit=limit,
    )
    with workspaces.find(workspace).store() as store:
        found = store.tasks(wanted)
    if review:
        _list(found, "nhiệm vụ cần người xem lại", as_json=as_json, columns=_REVIEW_COLUMNS)
    else:
        _list(found, "nhiệm vụ", as_json=as_json)
    if (doubts := doubt.of_rows(found)) and not as_json:
        _say_doubts(doubts, review=review)


def overdue(
    workspace: WorkspaceOption = None,
    agency: AgencyOption = None,
    document: DocumentOption = None,
    as_of: AsOfOption = None,
    limit: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """List tasks whose date has passed and that nobody has reported done, longest overdue first.

    The last day named is still on time. Plain SQL gives the same: `sqlite3 dondoc.db "SELECT * FROM overdue_tasks"`.

    Example: `dondoc overdue --as-of 2024-04-01 --agency "Sở Nội vụ"`
    """
    from tracking import TaskFilter

    day = optional_day(as_of)
    with workspaces.find(workspace).store() as store:
        found = store.overdue(day, TaskFilter(agency=agency, document=document, limit=limit))
        _list(found, f"nhiệm vụ quá hạn tính đến {screen.day(day or date.today())}", as_json=as_json, columns=_COLUMNS)


def upcoming(
    workspace: WorkspaceOption = None,
    days: Annotated[
        int | None, typer.Option("--days", min=0, metavar="N", help="How far ahead. Default: upcoming_days in dondoc.toml.")
    ] = None,
    agency: AgencyOption = None,
    document: DocumentOption = None,
    as_of: AsOfOption = None,
    limit: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """List tasks that fall due soon.

    Example: `dondoc upcoming --days 30`
    """
    from tracking import TaskFilter

    place = workspaces.find(workspace)
    ahead = place.settings().lists.upcoming_days if days is None else days
    with place.store() as store:
        found = store.upcoming(ahead, optional_day(as_of), TaskFilter(agency=agency, document=document, limit=limit))
        _list(found, f"nhiệm vụ đến hạn trong {ahead} ngày tới", as_json=as_json)


def show(task: TaskArgument, workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Show one task: everything known of it, the lines of the paper it stands on, and what was done about it.

    Example: `dondoc show 12`
    """
    with workspaces.find(workspace).store() as store:
        detail = store.task(task, optional_day(as_of))
        document = store.document(detail.task.document_id)
    if as_json:
        screen.write_json(detail.as_json() | {"archived_as": document.archived_as, "searchable": document.searchable})
        return
    _print_detail(detail, document)


def _say_doubts(doubts: Sequence[str], *, review: bool) -> None:
    if review:
        screen.say(f"Gồm {doubt.counted(doubts)}. Xem kỹ: «dondoc show MÃ». Đã đúng: «dondoc edit MÃ needs_review=0».")
    else:
        screen.say(f"Cần người xem lại {len(doubts)} trong số đó: {doubt.counted(doubts)}. Lý do: «dondoc tasks --review».")


def _list(rows: Sequence[TaskRow], what: str, *, as_json: bool, columns: Sequence[screen.Column] | None = None) -> None:
    """``columns``: those of the table, by default all that are for every list."""
    if as_json:
        screen.write_json([row.as_json() for row in rows])
        return
    if not rows:
        screen.say(f"Không có {what}.")
        return
    shown = columns if columns is not None else [*_COLUMNS, _STATE]
    if screen.console().width < _TABLE_WIDTH:
        for row in rows:
            _print_block(row, shown)
    else:
        screen.print_table(shown, ([_cell(row, column) for column in shown] for row in rows))
    screen.say(f"{len(rows)} {what}.")


_COLUMNS: list[screen.Column] = [
    screen.Column("Mã", "right"),
    screen.Column("Văn bản", widest=20),
    screen.Column("Nhiệm vụ", "wide"),
    screen.Column("Chủ trì", widest=28),
    screen.Column("Thời hạn", widest=14),
    screen.Column("Trễ (ngày)", "right"),
    screen.Column("Trang/dòng", widest=12),
]
_STATE = screen.Column("Trạng thái", widest=16)
_REASONS = screen.Column("Cần xem lại vì", widest=40)
_REVIEW_COLUMNS = [*(column for column in _COLUMNS if column.header != "Trễ (ngày)"), _REASONS]


def _cell(row: TaskRow, column: screen.Column) -> Text:
    style = "red" if row.overdue else "dim" if row.status == "done" else ""
    return screen.cell(_VALUES[column.header](row), style)


def _print_block(row: TaskRow, shown: Sequence[screen.Column]) -> None:
    """One task on a narrow terminal: what it is on one line, its text below."""
    from rich.padding import Padding

    facts = (
        f"{row.id:>4}",
        f"hạn {due_text(row)}" if due_text(row) else "",
        f"trễ {row.days_late} ngày" if row.days_late else "",
        row.state_label if _STATE in shown else "",
        row.lead_text or "(chưa rõ cơ quan)",
        f"{row.document_number or row.file_name}, {place(row)}",
    )
    output = screen.console()
    output.print(screen.cell(" · ".join(filter(None, facts)), "bold red" if row.overdue else "bold"))
    output.print(Padding(screen.cell(_shortened(row.text)), (0, 0, 0, 7)))
    if _REASONS in shown:
        output.print(Padding(screen.cell(f"Cần xem lại: {' '.join(row.reasons)}", "yellow"), (0, 0, 0, 7)))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1].rstrip() + "…"


def agency_text(agency: TaskAgency) -> str:
    """An agency as the paper names it, what else the name may mean, how many it stands for, and who does its work today."""
    text = agency.name
    if agency.candidates:
        *others, written = agency.candidates
        text += f" (trên giấy ghi «{written}»" + (f", cũng có thể là {' hoặc '.join(others)}" if others else "") + ")"
    if agency.members:
        text += f" ({agency.members} cơ quan)"
    if agency.needs_decision:
        choices = f": {'; '.join(agency.choices)}" if agency.choices else ""
        text += f" → hiện nay: cần quyết định cơ quan kế thừa{choices}"
    elif agency.changed:
        text += f" → hiện nay: {'; '.join(agency.now)}"
    return text


def due_text(row: TaskRow) -> str:
    """The date by which a task is due, or the rhythm, or the words of the paper."""
    if row.due:
        return screen.day(row.due)
    return _RECURRENCES.get(row.recurrence or "", "") or row.deadline_text or ""


def place(row: TaskRow) -> str:
    """Page and lines, as a person looks for them."""
    if row.end_page is not None:
        return f"{row.page}/{row.line_first} – {row.end_page}/{row.end_line or 1}"
    return f"{row.page}/{row.line_first}" + (f"–{row.line_last}" if row.line_last != row.line_first else "")


_VALUES: dict[str, Callable[[TaskRow], object]] = {
    "Mã": lambda row: row.id,
    "Văn bản": lambda row: row.document_number or row.file_name,
    "Nhiệm vụ": lambda row: _shortened(row.text),
    "Chủ trì": lambda row: row.lead_text or "(chưa rõ)",
    "Thời hạn": due_text,
    "Trễ (ngày)": lambda row: row.days_late or "",
    "Trang/dòng": place,
    "Trạng thái": lambda row: row.state_label,
    "Cần xem lại vì": lambda row: " ".join(row.reasons),
}


def _lead_origin(detail: TaskDetail) -> str:
    """Where the lead was read, with the words that stand there."""
    origin = doubt.lead_origin(detail.task)
    return f"{origin}: «{_shortened(' '.join(line.text for line in detail.lead_lines))}»" if detail.lead_lines else origin


def _print_detail(detail: TaskDetail, source: DocumentRow) -> None:
    from extract.placewords import place_in_words

    row = detail.task
    cited = ", ".join(row.cited)
    document = " ".join(
        filter(None, (row.document_type, row.document_number, f"ngày {screen.day(row.document_date)}" if row.document_date else ""))
    )
    facts = (
        ("Nhiệm vụ", f"{row.id} ({place_in_words(row.path)})" if row.path else str(row.id)),
        ("Độ mật", row.secrecy),
        ("Văn bản", f"{document or row.file_name} – {row.issuer or 'chưa rõ cơ quan ban hành'}"),
        ("Tệp", f"{source.archived_as or row.file_name}, trang/dòng {place(row)}"),
        ("Bản tra cứu", source.searchable),
        ("Nội dung", row.text),
        ("Chủ trì", "; ".join(agency_text(agency) for agency in detail.agencies if agency.role == "lead")),
        ("Đơn vị chủ trì lấy từ", _lead_origin(detail)),
        ("Phối hợp", "; ".join(agency_text(agency) for agency in detail.agencies if agency.role == "coordinating")),
        ("Thời hạn", " – ".join(filter(None, (due_text(row), f"«{row.deadline_text}»" if row.deadline_text else "")))),
        ("Thời hạn ban đầu", screen.day(row.first_due)),
        ("Xin gia hạn đến", screen.day(row.requested_due)),
        ("Trạng thái", row.state_label + (f", trễ {row.days_late} ngày" if row.days_late else "")),
        ("Hoàn thành", screen.day(row.completed_on)),
        ("Kết quả, sản phẩm", row.expected_result),
        ("Căn cứ", cited),
        ("Tiến độ", row.progress),
        ("Đã làm", f"{row.percent}%" if row.percent is not None else ""),
        ("Văn bản trả lời", row.reply_number),
        ("Ghi chú", row.note),
        ("Cần xem lại", " ".join(row.reasons)),
        ("Độ tin cậy", f"{row.confidence:.0%}" + (f" ({shares})" if (shares := doubt.shares(row.field_confidence)) else "")),
    )
    output = screen.console()
    for name, value in facts:
        if value:
            style = "red" if name == "Trạng thái" and row.overdue else "yellow" if name == "Cần xem lại" else ""
            output.print(screen.cell(f"{name}: ", "bold").append_text(screen.cell(value, style)), soft_wrap=True)
    if detail.lines:
        output.print(screen.cell("Trên giấy:", "bold"))
        for line in detail.lines:
            output.print(screen.cell(f"  {line.page}/{line.number:<3} {line.text}"), soft_wrap=True)
            if line.raw != line.text:
                output.print(screen.cell(f"        đọc được: {line.raw}", "dim"), soft_wrap=True)
    if detail.shares:
        output.print(screen.cell("Từng cơ quan:", "bold"))
        for share in detail.shares:
            percent = f", {share.percent}%" if share.percent is not None else ""
            output.print(
                screen.cell(f"  {share.agency}: {share.label}{percent}" + (f" ({share.note})" if share.note else "")), soft_wrap=True
            )
    if detail.events:
        output.print(screen.cell("Lịch sử:", "bold"))
        for event in detail.events:
            output.print(screen.cell(f"  {event.told}"), soft_wrap=True)
