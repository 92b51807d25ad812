"""Datasette at /sql: the database to read, the reports as canned queries with parameters, CSV and JSON.

The file is opened read-only (SQLite's ``mode=ro``), only SELECT passes, only GET reaches it, and only users do. Datasette's own pages need
inline scripts and styles, so these are allowed there and nowhere else; values of cells are escaped by its templates.
"""

from __future__ import annotations

import csv
import io
import sqlite3
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dondoc.web.guard import ForUsers, page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from dondoc.web.sql_words import translate
from tracking.export_csv import harmless
from tracking.reports import reports
from tracking.sql_guard import guard

VALUE_LIMIT = 1024 * 1024
"""Bytes of the largest value: Datasette keeps a whole page of rows in memory."""

SECONDS = 5
"""A query may run so long; the same file serves the clerks' pages."""

CSV_MB = 20
"""The largest CSV; it is held whole to make its cells harmless."""

_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
)
_POLICY += "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


class _Functions:
    """Limits and functions for every connection of Datasette, and its pages in Vietnamese."""

    @staticmethod
    @hookimpl  # type: ignore[untyped-decorator]
    def prepare_connection(conn: sqlite3.Connection) -> None:
        guard(conn, VALUE_LIMIT)

    @staticmethod
    @hookimpl  # type: ignore[untyped-decorator]
    def prepare_jinja2_environment(env: Environment) -> None:
        translate(env)


def index(request: Request) -> Response:
    """The reports, each with its parameters."""
    database = office_of(request).workspace.database_path.stem
    return render(request, "reports.html", reports=tuple(reports().values()), database=database)


def routes(database: Path) -> list[BaseRoute]:
    """Our list of reports, and below it Datasette."""
    return [page("/sql", index), _mounted(database)]


def _mounted(database: Path) -> Mount:
    from datasette import handle_exception  # noqa: PLC0415 - imported before datasette.plugins it would not be registered there

    handle_exception.rich = None  # it would show every slip in somebody's SQL on the terminal, with all variables
    if not pm.is_registered(_Functions):
        pm.register(_Functions, name="dondoc-fold")
    datasette = Datasette(
        [str(database)],
        metadata=metadata(database.stem),
        template_dir=str(Path(__file__).with_name("templates") / "datasette"),
        settings={
            "base_url": "/sql/",
            "sql_time_limit_ms": SECONDS * 1000,
            "max_returned_rows": 1000,
            "max_csv_mb": CSV_MB,
            "default_page_size": 100,
            "allow_download": False,
            "default_cache_ttl": 0,
            "suggest_facets": False,
            "truncate_cells_html": 500,
        },
    )
    return Mount("/sql", ForUsers(_OwnPolicy(_HarmlessCsv(datasette.app()))), name="sql")


def metadata(database: str) -> dict[str, Any]:
    """Datasette's metadata: titles, and the reports as queries whose empty parameters mean what the report says."""
    queries = {
        name: {
            "title": report.title,
            "description": report.description,
            "sql": report.sql,
            "hide_sql": True,
            "params": list(report.parameters),
            "labels": {parameter: label for parameter, (label, _) in report.parameters.items()},
        }
        for name, report in reports().items()
    }
    return {
        "title": "dondoc – SQL",
        "description": "Chỉ đọc. Các báo cáo có sẵn nằm trong cơ sở dữ liệu; mỗi kết quả tải được dạng CSV và JSON.",
        "databases": {database: {"queries": queries}},
    }


class _OwnPolicy:
    """Sets the content security policy under which Datasette's pages work, and leaves out those about Datasette itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        # Its own pages tell of paths, plugins and threads of this machine; nobody here needs them.
        if "/-/" in scope["path"] and "/-/static/" not in scope["path"]:
            raise HTTPException(404)

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Content-Security-Policy"] = _POLICY
            await send(message)

        await self.app(scope, receive, send_with_policy)


class _HarmlessCsv:
    """Takes formulas out of CSV: a spreadsheet would run what a scan's text says (OWASP: CSV injection)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if not scope["path"].endswith(".csv"):
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def gather(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                whole = bytes(body)
                if start["status"] == 200:
                    whole = (await run_in_threadpool(harmless_csv, body.decode("utf-8"))).encode("utf-8-sig")
                del MutableHeaders(scope=start)["content-length"]
                await send(start)
                await send({"type": "http.response.body", "body": whole})

        await self.app(scope, receive, gather)


def harmless_csv(text: str) -> str:
    """The same table with every cell that a spreadsheet would calculate made a text."""
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in csv.reader(io.StringIO(text)))
    return out.getvalue()
