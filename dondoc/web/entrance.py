"""Logging in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dondoc.web.accounts import TooManyFailures
from dondoc.web.guard import checked_form, client_address, own_path, page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from ingest.errors import UsageError


async def login(request: Request) -> Response:
    """The login page, and what it sends. A login gives a new token: one that somebody else set before is worth nothing."""
    back = _wanted(request.query_params.get("ve", "/"))
    if request.state.user is not None:
        return RedirectResponse(back, status_code=303)
    if request.method != "POST":
        return render(request, "login.html", back=back, text="", name="")
    form = await checked_form(request)
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    try:
        _, token = await run_in_threadpool(office_of(request).accounts.log_in, name, password, client_address(request))
    except UsageError as error:
        status = 429 if isinstance(error, TooManyFailures) else 401
        text = f"{error.message[:1].upper()}{error.message[1:]} {error.remedy}".strip()
        return render(request, "login.html", status, back=back, text=text, name=name)
    request.state.new_token = token
    return RedirectResponse(back, status_code=303)


def logout(request: Request) -> Response:
    """End the session."""
    office_of(request).accounts.log_out(request.state.token)
    return RedirectResponse("/dang-nhap", status_code=303)


def _wanted(path: str) -> str:
    """The page asked for before the login; an address with a host becomes the first page."""
    parts = urlsplit(path)
    return "/" if parts.netloc or parts.scheme else own_path(parts)


routes = [
    Route("/dang-nhap", login, methods=["GET", "POST"]),
    page("/dang-xuat", logout, "POST"),
]
