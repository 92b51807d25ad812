"""*Nhiệm vụ*: every list of tasks has an address; what is listed can be changed together and exported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from dondoc.web.viewing import CHOICES, FLAGS, PERIODS, QUICK, SIZES, View, view_of, whole
from ingest.errors import ConflictError, UsageError
from tracking.views import STATUS_LABELS

if TYPE_CHECKING:
    from tracking import Store

MOST_AT_ONCE = 5000
"""Tasks that one change may concern: more than an office means, fewer than would hold the file for long."""

HEADINGS = (
    # heading, order, whether numbers stand below it
    ("Mã", "newest", True),
    ("Nhiệm vụ", "document", False),
    ("Chủ trì", "agency", False),
    ("Thời hạn", "due", False),
    ("Trạng thái", "status", False),
)


def tasks(request: Request) -> Response:
    """The list that the URL asks for."""
    view = view_of(request.query_params)
    with office_of(request).store() as store:
        return _list(request, store, view)


def change(request: Request) -> Response:
    """The same change to all the tasks that were marked, or to everything that is listed."""
    form = request.state.form
    view = view_of(request.query_params)
    text = {name: str(form.get(name, "")).strip() for name in ("status", "on", "due", "lead", "percent", "note", "confirm", "all")}
    if text["on"] and text["status"] != "done":
        raise UsageError("ngày hoàn thành chỉ đi cùng trạng thái «Hoàn thành».")
    with office_of(request).store() as store:
        ids = [row.id for row in store.tasks(whole(view))] if text["all"] else [_id(value) for value in form.getlist("id")]
        if len(ids) > MOST_AT_ONCE:
            raise UsageError(f"mỗi lần đổi nhiều nhất {MOST_AT_ONCE} nhiệm vụ.", remedy="Hãy lọc bớt.")
        wanted: dict[str, Any] = {
            "status": text["status"] or None,
            "on": _day(text["on"]),
            "due": _day(text["due"]),
            "lead": [name.strip() for name in text["lead"].split(";") if name.strip()] or None,
            "percent": _percent(text["percent"]),
            "note": text["note"] or None,
            "confirm": bool(text["confirm"]),
        }
        seen = str(form.get("expected", ""))
        try:
            rows = store.change_many(ids, request.state.user.name, expected=int(seen) if seen.isdecimal() else None, **wanted)
        except ConflictError as error:
            return _list(request, store, view, conflict=error.message, marked=ids)
        action = store.last_action(rows[0].id) if rows else None
        said = f"Đã đổi {len(rows)} nhiệm vụ."
        if request.headers.get("hx-request"):
            return _list(request, store, view, said=said, action=action)
    return RedirectResponse(view.url(page=view.page), status_code=303)


def undo(request: Request) -> Response:
    """Take an act back whole, then show the list again."""
    view = view_of(request.query_params)
    with office_of(request).store() as store:
        rows = store.undo(_id(request.state.form.get("action")), request.state.user.name)
        if request.headers.get("hx-request"):
            return _list(request, store, view, said=f"Đã hoàn tác ở {len(rows)} nhiệm vụ.")
    return RedirectResponse(view.url(page=view.page), status_code=303)


def _list(
    request: Request,
    store: Store,
    view: View,
    *,
    said: str = "",
    action: int | None = None,
    conflict: str = "",
    marked: Sequence[int] = (),
) -> Response:
    """The list as it is now; ``conflict``: why nothing was changed, with the tasks that were to be still ``marked``."""
    rows, count = store.page_of_tasks(view.wanted)
    pages = max(1, -(-count // view.size))
    part = request.headers.get("hx-request") is not None and request.headers.get("hx-boosted") is None
    return render(
        request,
        "part-task-list.html" if part else "tasks.html",
        409 if conflict else 200,
        {"HX-Retarget": "#list"} if conflict else None,
        view=view,
        rows=rows,
        count=count,
        pages=pages,
        said=said,
        action=action,
        conflict=conflict,
        marked=set(marked),
        expected=store.newest_event(),
        headings=HEADINGS,
        choices=CHOICES,
        statuses=STATUS_LABELS,
        flags=FLAGS,
        periods=PERIODS,
        quick=QUICK,
        sizes=SIZES,
        departments=() if part else _names(store),
    )


def _names(store: Store) -> Sequence[str]:
    return store.departments()


def _id(value: object) -> int:
    if not isinstance(value, str) or not (value.isascii() and value.isdecimal()):
        raise UsageError("mã nhiệm vụ không đúng.")
    return int(value)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"«{text}» không phải ngày.") from error


def _percent(text: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and int(text) <= 100):
        raise UsageError(f"tiến độ «{text}» không đúng; hãy ghi số từ 0 đến 100.")
    return int(text) if text else None


routes = [
    page("/nhiem-vu", tasks),
    page("/nhiem-vu/doi", change, "POST", role="update"),
    page("/nhiem-vu/hoan-tac", undo, "POST", role="update"),
]
