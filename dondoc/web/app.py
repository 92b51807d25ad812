"""The pages as one ASGI application, and how it is served."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from dondoc.web import (
    agency_pages,
    departments,
    documents,
    entrance,
    exports,
    import_pages,
    inbox_pages,
    overview,
    reminder_pages,
    sql,
    task_acts,
    task_list,
    task_page,
    users,
)
from dondoc.web.accounts import FILE_NAME, Accounts, TooManyFailures, User
from dondoc.web.background import Background, lifespan
from dondoc.web.guard import Guard, Refused, allowed_hosts, bare, own_path
from dondoc.web.office import Office
from dondoc.web.rendering import render
from dondoc.workspace import Workspace
from ingest.errors import ConflictError, DondocError, NotFound, UsageError

log = logging.getLogger(__name__)


def create_app(workspace: Workspace, *, host: str = "127.0.0.1", person: str, login: bool = False) -> Starlette:
    """The application for one workspace. ``person`` is who works on loopback without login; ``login`` demands one of everybody."""
    web = workspace.settings().web
    accounts = Accounts(workspace.root / FILE_NAME, web.session_hours)
    app = Starlette(
        routes=_routes(workspace),
        middleware=[
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
            Middleware(Guard, hosts=allowed_hosts(host)),
        ],
        lifespan=lifespan,
        exception_handlers={DondocError: _failed, HTTPException: _http_failed, OverflowError: _no_such_number, Exception: _broken},
    )
    app.state.office = Office(workspace, accounts, login, User(0, person, "admin"))
    app.state.background = Background.of(workspace)
    return app


def _routes(workspace: Workspace) -> list[BaseRoute]:
    return [
        Mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static"),
        *entrance.routes,
        *overview.routes,
        *inbox_pages.routes,
        *documents.routes,
        *task_acts.routes,
        *task_list.routes,
        *task_page.routes,
        *departments.routes,
        *agency_pages.routes,
        *exports.routes,
        *import_pages.routes,
        *reminder_pages.routes,
        *users.routes,
        *sql.routes(workspace.database_path),
    ]


def status_of(error: DondocError) -> int:
    """The HTTP status for an expected failure."""
    for kind, status in ((TooManyFailures, 429), (Refused, 403), (NotFound, 404), (ConflictError, 409), (UsageError, 400)):
        if isinstance(error, kind):
            return status
    return 500


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, DondocError)
    return _message(request, error.message, error.remedy, status_of(error))


def _http_failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    texts = {404: "không có trang này.", 405: "không làm được việc đó ở trang này.", 413: "tệp hoặc biểu mẫu quá lớn."}
    remedies = {404: "Hãy kiểm tra địa chỉ, hoặc tìm từ các mục ở đầu trang."}
    return _message(request, texts.get(error.status_code, "yêu cầu không đúng."), remedies.get(error.status_code, ""), error.status_code)


def _no_such_number(request: Request, _: Exception) -> Response:
    """A number past what SQLite counts to, in an address or a form."""
    return _message(request, "không có mục nào mang số này.", "", 404)


def _broken(request: Request, error: Exception) -> Response:
    log.error("trang %s hỏng", request.url.path, exc_info=error)
    answer = bare(
        "Lỗi ngoài dự kiến. Hãy mở lại trang và xem việc vừa làm đã được ghi chưa. Nếu lỗi lặp lại, hãy báo người quản trị: "
        "chi tiết ở cửa sổ đang chạy dondoc serve.",
        500,
    )
    if request.headers.get("hx-request"):
        answer.headers.update(_TO_MESSAGE | {"HX-Reselect": "p.notice"})
    return answer


_TO_MESSAGE = {"HX-Retarget": "#message", "HX-Reswap": "innerHTML"}


def _message(request: Request, text: str, remedy: str, status: int) -> Response:
    """A page that says what went wrong; for a part of a page only the message, which goes to its place at the top."""
    text = text[:1].upper() + text[1:]
    if request.headers.get("hx-request"):
        return render(request, "part-message.html", status, _TO_MESSAGE, text=text, remedy=remedy)
    # Where a form was sent from: opened anew it shows what is stored by now.
    back = own_path(urlsplit(request.headers.get("referer", "")), "") if request.method == "POST" else ""
    return render(request, "message.html", status, text=text, remedy=remedy, back=back, conflict=status == 409)
