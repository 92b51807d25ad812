"""Hộp thư: files are dropped here, their reading is watched, what could not be read is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from dondoc import quarantine, reporting
from dondoc.inbox import scan
from dondoc.web.background import background_of
from dondoc.web.guard import check_token, page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from dondoc.web.uploads import Received, receive
from ingest.errors import NotFound
from tracking.paper import DocumentFilter

SHOWN = 50
"""So many files being read, waiting or in quarantine are listed; of more only the number is told."""

NEWEST = 12
"""Documents taken in last."""


def inbox(request: Request) -> Response:
    """The page."""
    background_of(request).pictures.warm()
    return render(request, "inbox.html", **_values(request))


def standing(request: Request) -> Response:
    """The part of the page that changes while files are read."""
    return render(request, "part-inbox.html", **_values(request))


async def drop(request: Request) -> Response:
    """Files that somebody dropped: into the inbox, and the intake is told."""
    office = office_of(request)
    most = office.workspace.settings().web.max_upload_mb * 1_000_000
    office.workspace.make_folders()
    received = await receive(request, office.workspace.inbox, most, lambda token: check_token(request, token))
    return await run_in_threadpool(_dropped, request, received)


def _dropped(request: Request, received: list[Received]) -> Response:
    office = office_of(request)
    saved = [one.path for one in received if one.path is not None]
    if saved:
        background_of(request).intake.look(*saved)
        with office.store() as store:
            for path in saved:
                store.note_event(who=request.state.user.name, what="upload", subject=f"inbox/{path.name}")
    refused = [{"name": one.name, "reason": one.reason} for one in received if one.path is None]
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"saved": [path.name for path in saved], "refused": refused})
    if refused or not received:
        return render(request, "inbox.html", 400, **_values(request) | {"refused": refused, "nothing": not received})
    return RedirectResponse("/hop-thu", status_code=303)


def retry(request: Request) -> Response:
    """A file in quarantine goes back to the inbox."""
    office = office_of(request)
    name = str(request.state.form.get("name", ""))
    target = quarantine.put_back(office.workspace.quarantine, name, office.workspace.inbox)
    with office.store() as store:
        store.note_event(who=request.state.user.name, what="retry", subject=f"quarantine/{name}")
    background_of(request).intake.look(target)
    if request.headers.get("hx-request"):
        return standing(request)
    return RedirectResponse("/hop-thu", status_code=303)


def download(request: Request) -> Response:
    """A file in quarantine, to be looked at on one's own machine."""
    entry = quarantine.named(office_of(request).workspace.quarantine, request.query_params.get("ten", ""))
    if not entry.can_retry or entry.path is None:
        raise NotFound("không còn tệp này.")
    return FileResponse(entry.path, media_type="application/octet-stream", filename=entry.path.name)


def _values(request: Request) -> dict[str, Any]:
    office = office_of(request)
    place = office.workspace
    standing = background_of(request).intake.state.now()
    waiting = [_waiting(place.inbox, path) for path in scan(place.inbox)]
    bad = quarantine.listing(place.quarantine)
    other = [done for done in standing.done if done.taken.what in ("duplicate", "renewed")]
    with office.store() as store:
        newest, total = store.list_documents(DocumentFilter(limit=NEWEST))
    return {
        # Those at work first, so that of many files the ones that move are seen.
        "standing": replace(standing, reading=tuple(sorted(standing.reading, key=lambda file: not file.pages))),
        "shown": SHOWN,
        "waiting": waiting[:SHOWN],
        "waiting_count": len(waiting),
        "bad": bad[:SHOWN],
        "bad_count": len(bad),
        "notes": [(done.at, reporting.line_for(done.taken)[2:]) for done in other[:10]],
        "newest": newest,
        "total": total,
        "active": standing.busy or (standing.running and bool(waiting)),
        "most_mb": place.settings().web.max_upload_mb,
        "refused": [],
        "nothing": False,
    }


def _waiting(inbox: Path, path: Path) -> tuple[str, datetime | None]:
    try:
        return path.relative_to(inbox).as_posix(), datetime.fromtimestamp(path.stat().st_mtime)
    except OSError:
        return path.name, None  # taken just now


routes = [
    page("/hop-thu", inbox),
    page("/hop-thu", drop, "POST", role="update", streamed=True),
    page("/hop-thu/tinh-hinh", standing),
    page("/hop-thu/thu-lai", retry, "POST", role="update"),
    page("/hop-thu/cach-ly", download, role="update"),
]
