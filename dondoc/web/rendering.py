"""Templates: Vietnamese pages, everything escaped, dates as offices write them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dondoc.web.accounts import ROLES
from dondoc.web.guard import csrf_token
from dondoc.web.office import office_of
from extract.placewords import place_in_words

NAVIGATION = (
    ("/", "Tổng quan"),
    ("/hop-thu", "Hộp thư"),
    ("/van-ban", "Văn bản"),
    ("/nhiem-vu", "Nhiệm vụ"),
    ("/don-vi", "Đơn vị"),
    ("/sql", "SQL"),
)


def day(value: date | datetime | str | None) -> str:
    """«30/06/2026», also from ISO text; a time of day stays: «30/06/2026 09:15». Empty for None."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    return value.strftime("%d/%m/%Y %H:%M" if isinstance(value, datetime) else "%d/%m/%Y")


def number(value: float | None) -> str:
    """«12.345», with the thousands parted as in Vietnamese."""
    return "" if value is None else f"{value:,.0f}".replace(",", ".")


@cache
def environment() -> Environment:
    """The templates; undefined names are errors."""
    made = Environment(loader=PackageLoader("dondoc.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"day": day, "number": number, "place_in_words": place_in_words}
    made.globals |= {"navigation": NAVIGATION, "roles": ROLES}
    return made


def fragment(template: str, request: Request, **values: Any) -> str:
    """A template as text, with what every template may use: ``user``, ``may``, ``csrf``, ``path``, ``today``, ``login``."""
    user = request.state.user
    shared = {
        "user": user,
        "may": (lambda role: user is not None and user.may(role)),
        "csrf": csrf_token(request),
        "path": request.url.path,
        "query": request.url.query,
        "today": date.today(),
        "login": office_of(request).login,
        "office_name": office_of(request).workspace.root.name,
    }
    return environment().get_template(template).render(shared | values)


def render(request: Request, template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
    """A page or a part of one."""
    return HTMLResponse(fragment(template, request, **values), status, headers)
