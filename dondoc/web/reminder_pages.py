"""*Nhắc việc*: what «dondoc remind» would send today, to whom, and what has gone out. Sending is the command's, run by a timer."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from dondoc.web.exports import download
from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from ingest.errors import NotFound

if TYPE_CHECKING:
    from dondoc.reminders import Digest
    from tracking import Store

MOST_SENT = 200
"""Digests that went out, shown on the page; «dondoc remind --history» has all."""


def reminders(request: Request) -> Response:
    """What would go out, what went out."""
    from dondoc.reminders import gather  # noqa: PLC0415
    from dondoc.reminders_addresses import read, resolve  # noqa: PLC0415
    from dondoc.reminders_delivery import Round, file_form  # noqa: PLC0415

    place, today = office_of(request).workspace, date.today()
    settings = place.settings()
    form = file_form(settings.remind.format, place.settings_path)
    addresses: dict[str, tuple[str, ...]] = {}
    warnings: list[str] = []
    with office_of(request).store() as store:
        digests = gather(store, today, settings.remind, most=0)
        if settings.smtp.host:
            listed = read(place.root / settings.remind.addresses)
            addresses, warnings = resolve(store, listed, [digest.agency for digest in digests])
        planned = list(Round(store, place.reminders / today.isoformat(), form, request.state.user.name).plan(digests, addresses))
        sent = store.reminders(limit=MOST_SENT)
    folder = place.reminders.relative_to(place.root)
    shown = {"planned": planned, "sent": sent, "warnings": warnings, "settings": settings, "most": MOST_SENT, "folder": folder}
    return render(request, "reminders.html", 200, None, **shown)


def digest(request: Request) -> Response:
    """One digest as it would go out today."""
    from dondoc.reminders_text import as_text, subject  # noqa: PLC0415

    with office_of(request).store() as store:
        found = _digest(request, store)
    return render(request, "reminder.html", agency=found.agency, subject=subject(found), text=as_text(found))


def paper(request: Request) -> Response:
    """The same as a Word file."""
    from dondoc.reminders_docx import write  # noqa: PLC0415

    with office_of(request).store() as store:
        found = _digest(request, store)
    made = BytesIO()
    write(found, made)
    return download(made.getvalue(), f"Nhắc việc {found.agency} {date.today()}.docx")


def _digest(request: Request, store: Store) -> Digest:
    from dondoc.reminders import EVERYBODY, gather  # noqa: PLC0415

    name = request.query_params.get("ten", "").strip()
    if not name:
        raise NotFound("chưa nêu đơn vị.")
    digests = gather(store, date.today(), office_of(request).workspace.settings().remind, None if name == EVERYBODY else name)
    if not digests:
        raise NotFound(f"hôm nay không có gì phải nhắc {name}.")
    return digests[-1]


routes = [
    page("/nhac-viec", reminders),
    page("/nhac-viec/ban-nhac", digest),
    page("/nhac-viec/ban-nhac.docx", paper),
]
