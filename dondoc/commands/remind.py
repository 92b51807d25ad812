# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
"""``dondoc remind``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.commands.options import AsOfOption, JsonOption, LimitOption, WhoOption, WorkspaceOption, optional_day, person
from ingest.errors import MailFailed, UsageError

if TYPE_CHECKING:
    from dondoc.reminders import Digest
    from dondoc.reminders_delivery import Outcome, Round
    from dondoc.settings import Settings
    from dondoc.workspace import Workspace


class RemindFormat(StrEnum):
    """How digests go out."""

    EMAIL = "email"
    DOCX = "docx"
    HTML = "html"
    TEXT = "text"


def remind(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command
    workspace: WorkspaceOption = None,
    form: Annotated[
        RemindFormat | None,
        typer.Option("--format", "-f", help="Default: email when [smtp] in dondoc.toml names a host, else [remind] format."),
    ] = None,
    agency: Annotated[str | None, typer.Option("--agency", "-a", metavar="NAME", help="Only this department, without the summary.")] = None,
    as_of: AsOfOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go out; with --agency also show its text.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also what has gone out that day already; files are replaced.")] = False,
    workdays: Annotated[bool, typer.Option("--workdays", help="Do nothing on weekends and Vietnamese holidays; for timers.")] = False,
    history: Annotated[bool, typer.Option("--history", help="List what has gone out, newest first, and send nothing.")] = False,
    limit: LimitOption = None,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remind each department of what it leads: overdue, due soon, waiting for an extension, recurring; and the head of the office of all.

    By mail to the addresses in thu-dien-tu.csv, or as files in exports/nhac-viec/DAY/; a department without an address gets a file. Each
    digest goes out once a day, however often the command runs; who has nothing to be told gets nothing. How to let it run every morning:
    docs/reminders.md.

    Examples: `dondoc remind --dry-run` · `dondoc remind` · `dondoc remind --agency "Sở Nội vụ" --format html --again` ·
    `dondoc remind --history`
    """
    place = workspaces.find(workspace)
    day = optional_day(as_of) or date.today()
    if history:
        _history(place, agency, limit, as_json=as_json)
        return
    if limit is not None:
        raise UsageError("--limit chỉ dùng với --history.")
    if workdays and not _is_working_day(day):
        screen.say(f"{screen.day(day)} không phải ngày làm việc: không nhắc.", stderr=True)
        return
    outcomes = []
    for outcome in _go(place, day, form, agency, who=who or person(), again=again, dry_run=dry_run):
        outcomes.append(outcome)
        if not as_json:
            _say(outcome)
    if as_json:
        screen.write_json([outcome.as_json() for outcome in outcomes])
    elif not outcomes:
        screen.say("Không có gì phải nhắc.")
    if failed := [outcome.agency for outcome in outcomes if outcome.outcome == "failed"]:
        raise MailFailed(
            f"không gửi được {len(failed)} trong {len(outcomes)} bản nhắc việc.",
            remedy="Chạy lại «dondoc remind» thì chỉ gửi những bản chưa gửi được.",
        )


def _go(
    place: Workspace, day: date, form: RemindFormat | None, agency: str | None, *, who: str, again: bool, dry_run: bool
) -> Iterator[Outcome]:
    """What became of each digest, as it happens."""
    from dondoc.reminders import gather
    from dondoc.reminders_delivery import Round, file_form
    from dondoc.reminders_mail import Mailer
    from dondoc.reminders_text import as_text

    settings = place.settings()
    wanted = settings.remind.format if form in (None, RemindFormat.EMAIL) else str(form)
    by_mail = form is RemindFormat.EMAIL or (form is None and bool(settings.smtp.host))
    if by_mail and not settings.smtp.host:
        raise UsageError("chưa đặt máy chủ thư: thiếu [smtp] host.", path=place.settings_path, remedy="Cách đặt: docs/reminders.md.")
    with ExitStack() as opened:
        mailer = opened.enter_context(Mailer(settings.smtp, place.root)) if by_mail else None
        store = opened.enter_context(place.store())
        digests = gather(store, day, settings.remind, agency)
        around = Round(store, place.reminders / day.isoformat(), file_form(wanted, place.settings_path), who, again)
        addresses = _addresses(around, place, settings, digests) if mailer else {}
        if dry_run:
            for digest in digests if agency else ():
                screen.say(as_text(digest), stderr=True)
            yield from around.plan(digests, addresses)
        elif mailer:
            yield from around.mail(digests, addresses, mailer)
        else:
            yield from around.write(digests)


def _addresses(around: Round, place: Workspace, settings: Settings, digests: Sequence[Digest]) -> dict[str, tuple[str, ...]]:
    from dondoc.reminders_addresses import read, resolve

    path = place.root / settings.remind.addresses
    found, warnings = resolve(around.store, read(path), [digest.agency for digest in digests])
    for warning in warnings:
        screen.say(f"{path}, {warning}", stderr=True, style="yellow")
    return found


def _say(outcome: Outcome) -> None:
    target = ", ".join(outcome.to) or outcome.path or ""
    words = {
        "written": f"đã ghi {target}",
        "sent": f"đã gửi {target}",
        "already": f"hôm nay đã nhắc ({target}); nhắc lại bằng --again",
        "planned": f"sẽ gửi {target}" if outcome.to else f"sẽ ghi {target}",
        "failed": "chưa gửi được",
    }
    problem = f" – {outcome.problem}" if outcome.problem else ""
    style = "red" if outcome.outcome == "failed" else "yellow" if outcome.problem else ""
    screen.say(f"{outcome.agency}: {outcome.counted}: {words[outcome.outcome]}{problem}", style=style)


def _history(place: Workspace, agency: str | None, limit: int | None, *, as_json: bool) -> None:
    with place.store() as store:
        rows = store.reminders(agency, limit)
    if as_json:
        screen.write_json([asdict(row) for row in rows])
        return
    if not rows:
        screen.say("Chưa nhắc việc lần nào.")
        return
    columns = [screen.Column(name) for name in ("Ngày", "Cơ quan, đơn vị", "Cách", "Gửi đến", "Lúc", "Người gửi")]
    screen.print_table(
        columns,
        (
            [
                screen.cell(value)
                for value in (
                    screen.day(date.fromisoformat(row.day)),
                    row.agency,
                    row.channel,
                    (row.address or "").replace("|", ", "),
                    row.sent_at.replace("T", " ") if row.sent_at else f"chưa xong (bắt đầu {row.claimed_at.replace('T', ' ')})",
                    row.who,
                )
            ]
            for row in rows
        ),
    )


def _is_working_day(day: date) -> bool:
    from extract.workdays import is_working_day

    return is_working_day(day)
