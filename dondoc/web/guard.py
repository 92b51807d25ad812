"""Every page stands behind this: who asks, may they, does the form come from one of our own pages.

On loopback nobody logs in: whoever sits at the machine is its user. Elsewhere a session is needed (:mod:`dondoc.web.accounts`). A request
that changes something must carry the token of the session (OWASP CSRF cheat sheet: HMAC of the session's secret) and, where the
browser says from which page it comes, that must be ours. A foreign name in ``Host`` is refused on loopback, so that no web site can
have its name point here (DNS rebinding); nor may other sites load anything of ours into their pages (Fetch Metadata), only link to it.
"""

from __future__ import annotations

import hashlib
import hmac
import inspect
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dondoc.web.accounts import Role, User
from dondoc.web.office import office_of
from ingest.errors import DondocError

COOKIE = "dondoc"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_FORM = 4_000_000
"""Bytes of a form without files: some 10,000 marked rows, or the longest text."""
MOST_FIELDS = 20_000

LOOPBACK = ("127.0.0.1", "localhost", "::1")

ASKED_BY_PAGES = frozenset({"/hop-thu/tinh-hinh"})
"""What open pages ask for again and again by themselves: it keeps no session alive."""

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Nothing from outside, no inline script or style, in nobody's frame."""

Page = Callable[[Request], Response | Awaitable[Response]]


class Refused(DondocError):
    """The user may not do that, or the request did not come from one of our pages."""


def page(path: str, endpoint: Page, *methods: str, role: Role = "view", streamed: bool = False) -> Route:
    """A route behind the guard. ``endpoint`` runs in a thread unless it is a coroutine function.

    ``request.state.user`` is the :class:`~dondoc.web.accounts.User`, ``request.state.form`` the form of a request that changes something;
    with ``streamed`` the endpoint reads the body itself, as it comes in, and calls :func:`check_token` before it keeps any of it.
    """

    async def guarded(request: Request) -> Response:
        user = request.state.user
        if user is None:
            return to_login(request)
        if not user.may(role):
            raise Refused("tài khoản này không có quyền thực hiện việc đó.", remedy="Hãy liên hệ người quản trị.")
        request.state.form = FormData()
        if request.method not in SAFE_METHODS and streamed:
            check_origin(request)
        elif request.method not in SAFE_METHODS:
            request.state.form = await checked_form(request)
        return await called(endpoint, request)

    return Route(path, guarded, methods=list(methods or ("GET",)), name=getattr(endpoint, "__name__", path))


async def called(endpoint: Page, request: Request) -> Response:
    """The answer of an endpoint, which may be a coroutine function or an ordinary one."""
    if inspect.iscoroutinefunction(endpoint):
        response = await endpoint(request)
    else:
        response = await run_in_threadpool(endpoint, request)
    assert isinstance(response, Response)
    return response


def csrf_token(request: Request) -> str:
    """What forms of this session must carry as ``csrf`` (or as the header ``X-CSRF-Token``)."""
    token: str = request.state.token
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


async def checked_form(request: Request) -> FormData:
    """The form of a request that changes something.

    :raises Refused: it comes from elsewhere, or without the session's token. :raises HTTPException: it is too large, or holds files.
    """
    check_origin(request)
    whole = Request(request.scope, _limited(request.receive))
    form = await whole.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST_FORM)
    try:
        check_token(request, form.get("csrf"))
    except Refused:
        await form.close()
        raise
    return form


def own_path(address: SplitResult, otherwise: str = "/") -> str:
    """Path and query of an address as a link to a page of ours; ``otherwise`` where a browser could take them for another host."""
    path = address.path
    plain = path.startswith("/") and not path.startswith("//") and not any(sign in path for sign in "\\\r\n\t")
    return path + (f"?{address.query}" if address.query else "") if plain else otherwise


def _limited(receive: Receive) -> Receive:
    """The same request, broken off past :data:`LARGEST_FORM`: the login form is open to everybody, and forms are held in memory."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_FORM:
            raise HTTPException(413)
        return message

    return counted


def check_origin(request: Request) -> None:
    """Where the browser says from which page a request comes, that must be ours.

    :raises Refused: it is not.
    """
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none") or (
        origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    ):
        raise Refused("yêu cầu đến từ một trang khác nên không được thực hiện.")


def check_token(request: Request, in_form: object) -> None:
    """The session's token must come with the request, as a header or as ``in_form``.

    :raises Refused: it does not.
    """
    given = request.headers.get("x-csrf-token") or in_form
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), csrf_token(request).encode()):
        raise Refused("trang đã cũ hoặc yêu cầu không đến từ trang này.", remedy="Hãy tải lại trang rồi thử lại.")


def to_login(request: Request) -> Response:
    """To the login page and from there back to the page where somebody was: that of a form or of a part is the one that holds it."""
    in_page = bool(request.headers.get("hx-request"))
    if request.method in SAFE_METHODS and not in_page:
        asked = str(request.url)
    else:
        asked = request.headers.get("hx-current-url" if in_page else "referer", "")
    back = own_path(urlsplit(asked))
    target = f"/dang-nhap?ve={quote(back, safe='')}"
    if in_page:
        return Response(status_code=401, headers={"HX-Redirect": target})
    return RedirectResponse(target, status_code=303)


class Guard:
    """ASGI middleware: finds out who asks, sets the session's cookie, adds the headers that keep pages among themselves.

    ``hosts``: the names under which pages answer, None for any.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            # No page uses web sockets.
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        request = Request(scope)
        if (refusal := self._refusal(request)) is not None:
            await refusal(scope, receive, send)
            return
        given = request.cookies.get(COOKIE, "")
        user = await run_in_threadpool(self._user, request, given)
        # A well-formed token that names no session only ties forms to this browser; logging in replaces it.
        fresh = not _well_formed(given)
        state = scope.setdefault("state", {})
        state["user"], state["token"] = user, secrets.token_urlsafe(32) if fresh else given
        state["new_token"] = state["token"] if fresh else None

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if state["new_token"] is not None:
                    headers.append("set-cookie", cookie(state["new_token"], secure=_secure(scope)))
                # What is shipped with the package is asked after each time: after an upgrade old scripts would not fit new pages.
                headers.setdefault("Cache-Control", "no-cache" if request.url.path.startswith("/static/") else "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _refusal(self, request: Request) -> Response | None:
        """What is said under a foreign name, or within a page of another site; nothing of ours is on it, not even a token."""
        if self.hosts is not None and _host(request) not in self.hosts:
            port = request.scope["server"][1] if request.scope.get("server") else ""
            return bare(f"Trang này chỉ trả lời ở địa chỉ http://127.0.0.1:{port}/ trên chính máy này. Hãy mở địa chỉ đó.", 400)
        sent = request.headers
        if sent.get("sec-fetch-site", "none") in ("same-origin", "none") or (
            sent.get("sec-fetch-mode") == "navigate" and sent.get("sec-fetch-dest") == "document" and request.method in SAFE_METHODS
        ):
            return None
        return bare("Yêu cầu đến từ một trang khác nên không được thực hiện.", 403)

    @staticmethod
    def _user(request: Request, token: str) -> User | None:
        office = office_of(request)
        if not office.login:
            return office.local_user
        return office.accounts.session(token, renew=request.url.path not in ASKED_BY_PAGES)


class ForUsers:
    """ASGI application that only users reach, and only with requests that change nothing: for Datasette."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        request = Request(scope)
        if request.state.user is None:
            await to_login(request)(scope, receive, send)
        elif request.method not in SAFE_METHODS:
            await Response("Chỉ đọc.", status_code=405)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def cookie(token: str, *, secure: bool) -> str:
    """The header that sets the session's cookie; it ends with the browser. Lax, so that a link in a reminder still finds the session."""
    return f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")


def allowed_hosts(host: str) -> frozenset[str] | None:
    """Names under which pages answer: on loopback only its own, elsewhere (where everybody logs in) any."""
    return frozenset(LOOPBACK) if host in LOOPBACK else None


def _host(request: Request) -> str | None:
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        return None


def bare(text: str, status: int) -> HTMLResponse:
    """A page with nothing but a sentence of ours, for when no other can be made or may be seen."""
    style = '<link rel="icon" href="/static/icon.svg"><link rel="stylesheet" href="/static/dondoc.css">'
    page = f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>dondoc</title>{style}<main><p class="notice bad">{text}</p>'
    return HTMLResponse(page + '<p><a href="/">Về trang Tổng quan</a></p></main></html>', status, HEADERS)


def _secure(scope: Scope) -> bool:
    return scope.get("scheme") == "https" or Headers(scope=scope).get("x-forwarded-proto") == "https"


def _well_formed(token: str) -> bool:
    return len(token) == 43 and all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in token)


def client_address(request: Request) -> str:
    """Who is at the other end, for the limit on logins."""
    client: Any = request.client
    return client.host if client else ""
