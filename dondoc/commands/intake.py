"""``dondoc ingest`` and ``dondoc watch``."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc import rounds, screen
from dondoc import workspace as workspaces
from dondoc.commands.options import AllowSecretOption, JsonOption, WorkspaceOption
from dondoc.inbox import Claim, Desk, SettleTracker, named_files, scan
from dondoc.settings import ArchiveSettings

if TYPE_CHECKING:
    from dondoc.intake import Summary
    from dondoc.settings import Settings
    from dondoc.workspace import Workspace

WorkersOption = Annotated[
    int | None, typer.Option("--workers", "-j", min=1, metavar="N", help="Pages read at the same time. Default: one for each core.")
]


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files and folders to take in. Default: the inbox.")
    ] = None,
    workspace: WorkspaceOption = None,
    workers: WorkersOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read documents anew that are in the database already; corrections by hand stay.")
    ] = False,
    allow_secret: AllowSecretOption = False,
    searchable: Annotated[
        bool | None,
        typer.Option(
            "--searchable/--no-searchable",
            help="Beside each archived PDF or picture put name.tra-cuu.pdf, a copy that can be searched. Default: dondoc.toml.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Take in what lies in the inbox, or the given files and folders, once.

    Files in the inbox move to archive/ or, when they cannot be read, to quarantine/ with the reason beside them. Files given by name are
    copied and stay where they are. The same file twice is one document. A paper marked secret goes to quarantine and nothing of it is
    stored, unless `--allow-secret` is given. With `--searchable` the archive also gets a PDF of each document with the restored text behind
    the picture; the original stays as it is (see docs/scans.md). Ends with the exit code of the failure when a single file was to be
    taken in and failed, with 1 when some of several failed.

    Examples: `dondoc ingest` · `dondoc ingest cong-van.pdf` · `dondoc ingest ~/scans --workers 2`
    """
    place, settings = _prepare(workspace)
    settings = settings.with_secret(allow_secret)
    if searchable is not None:
        settings = replace(settings, archive=ArchiveSettings(searchable))
    with Desk(place.inbox, place.work) as desk:
        if paths:
            claims = [desk.copy(path, name) for path, name in named_files(paths)]
        else:
            claims = desk.leftovers() + _from_inbox(desk, place, settings)
        summary = _take_in(claims, place, settings, workers, again)
    _finish(summary, as_json=as_json)


def watch(
    workspace: WorkspaceOption = None,
    interval: Annotated[
        float | None, typer.Option("--interval", min=0.1, metavar="SECONDS", help="How often to look. Default: dondoc.toml.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="One round, then leave: waits until the files that lie there have settled.")] = False,
    workers: WorkersOption = None,
) -> None:
    """Stay and take in what is dropped into the inbox.

    Looks every few seconds instead of asking the system for events, so it works on network shares too. Ctrl-C ends it; nothing is lost.

    Example: `dondoc watch --interval 30`
    """
    place, settings = _prepare(workspace)
    pause = interval if interval is not None else settings.inbox.interval_seconds
    tracker = SettleTracker(settings.inbox.settle_seconds)
    screen.say(f"Đang theo dõi {place.inbox} (Ctrl-C để dừng).", stderr=True)
    complaint = ""
    while True:
        if not once and (trouble := rounds.agencies_trouble(settings)):
            # Somebody is at work on that list: files wait in the inbox until it can be read again.
            if trouble != complaint:
                screen.say(f"Lỗi: {trouble}", stderr=True, style="red")
            complaint = trouble
            time.sleep(pause)
            continue
        complaint = ""
        with Desk(place.inbox, place.work) as desk:
            claims = desk.leftovers()
            claims += _from_inbox(desk, place, settings) if once else rounds.claimed(desk, place.inbox, tracker)
            if claims:
                summary = _take_in(claims, place, settings, workers, again=False)
                _say_summary(summary)
        if once:
            return
        tracker.forget_missing()
        time.sleep(pause)


def _prepare(workspace: Path | None) -> tuple[Workspace, Settings]:
    from extract import gazetteer

    place = workspaces.find(workspace)
    settings = place.settings()
    # The office's own agencies are looked at before any file is claimed: a slip in that list is no fault of the files.
    gazetteer.load(settings.own_agencies)
    place.make_folders()
    # What a service manager sends to end a program is treated like Ctrl-C: files that were claimed go back to the inbox.
    signal.signal(signal.SIGTERM, _interrupt)
    return place, settings


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _from_inbox(desk: Desk, place: Workspace, settings: Settings) -> list[Claim]:
    """What lies in the inbox now, once it has settled; a file that keeps growing is left for the next run."""
    seconds = settings.inbox.settle_seconds
    tracker = SettleTracker(seconds, trust_old=True, patience=0)
    claims = rounds.claimed(desk, place.inbox, tracker)
    until = time.monotonic() + 2 * seconds
    while (waiting := list(scan(place.inbox))) and time.monotonic() < until:
        time.sleep(min(0.5, max(seconds, 0.05)))
        claims += rounds.claimed(desk, place.inbox, tracker)
    for path in waiting:
        screen.say(f"… {path.name}: tệp vẫn đang được ghi, để lần sau.", stderr=True)
    return claims


def _take_in(claims: Sequence[Claim], place: Workspace, settings: Settings, workers: int | None, again: bool) -> Summary:
    from dondoc.pagestore import PageStore
    from dondoc.pool import Pool

    # First of all the pool: its first worker comes up while this process loads what it needs of the database (half a second).
    with Pool(settings, workers=workers, store=PageStore(place.pages)) as pool:
        from dondoc.intake import take_in
        from dondoc.reporting import ScreenReport

        with place.store() as store, ScreenReport() as report:
            return take_in(claims, place, store, pool, report, again=again, searchable=settings.archive.searchable)


def _say_summary(summary: Summary) -> None:
    from dondoc.reporting import summary_text

    screen.say(summary_text(summary), stderr=True)


def _finish(summary: Summary, *, as_json: bool) -> None:
    _say_summary(summary)
    if as_json:
        screen.write_json(
            [
                {
                    "file": taken.name,
                    "result": taken.what,
                    "document_id": taken.document_id,
                    "pages": taken.pages,
                    "tasks": taken.tasks,
                    "needs_review": len(taken.doubts),
                    "same_directive": taken.same_directive,
                    "searchable": str(taken.searchable) if taken.searchable else None,
                    "error": taken.error.kind if taken.error else None,
                    "message": taken.error.message if taken.error else None,
                    "reason_file": str(taken.reason) if taken.reason else None,
                }
                for taken in summary.taken
            ]
        )
    errors = [taken.error for taken in summary.taken if taken.error is not None]
    if errors:
        raise typer.Exit(errors[0].exit_code if summary.total == 1 else 1)
