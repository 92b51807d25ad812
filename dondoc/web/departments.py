"""*Đơn vị*: how each department stands, and its list as it would be printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dondoc.web.exports import LETTERS
from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.overview import BAR_LABELS
from dondoc.web.rendering import render
from ingest.errors import UsageError
from tracking import DepartmentRow, TaskFilter
from tracking.register import NO_AGENCY, ROLES, TITLE, count_sentence, document_title
from tracking.views import OWED

if TYPE_CHECKING:
    from tracking import Store

MOST_AT_ONCE = 500
"""Tasks that can be marked at once; each is an act of its own."""

ON_A_PAGE = 200
"""Tasks of a department on one page: a list of 20,000 would be 16 MB and take seconds. Files have it whole."""

ORDERS = {"agency": "Đơn vị", "total": "Chủ trì", **BAR_LABELS, "percent": "Tỷ lệ hoàn thành (%)"}


def percent(row: DepartmentRow) -> int:
    """Of all tasks that a department leads the share that is done."""
    return round(100 * (row.done_on_time + row.done_late) / row.total) if row.total else 0


def departments(request: Request) -> Response:
    """All departments with their counts."""
    order = request.query_params.get("order", "overdue")
    if order not in ORDERS:
        raise UsageError(f"không sắp xếp được theo «{order}».")
    with office_of(request).store() as store:
        rows = store.department_summary()
        nobody = store.count_tasks(TaskFilter(unassigned=True))
        groups, undecided = store.named_groups(), store.undecided_agencies()
    if order == "percent":
        rows.sort(key=percent)
    elif order != "agency":
        rows.sort(key=lambda row: getattr(row, order), reverse=True)
    else:
        rows.sort(key=lambda row: row.agency)
    return render(
        request,
        "departments.html",
        rows=rows,
        order=order,
        orders=ORDERS,
        percent=percent,
        nobody=nobody,
        labels=BAR_LABELS,
        groups=groups,
        undecided=undecided,
    )


def listing(request: Request) -> Response:
    """One department's list; without a name the tasks that name nobody."""
    name = request.query_params.get("ten", "").strip()
    with office_of(request).store() as store:
        return _listing(request, store, name, request.query_params.get("trang", ""))


def done(request: Request) -> Response:
    """Mark the department's own part of some tasks done, as one act; those that are refused are named."""
    form, who = request.state.form, request.state.user.name
    name, note = str(form.get("ten", "")).strip(), str(form.get("note", "")).strip() or None
    on, ids = day_of(str(form.get("on", ""))) or date.today(), [_number(value) for value in form.getlist("id")]
    if not name or not ids:
        raise UsageError("chưa chọn nhiệm vụ nào.")
    if len(ids) > MOST_AT_ONCE:
        raise UsageError(f"mỗi lần nhiều nhất {MOST_AT_ONCE} nhiệm vụ.")
    with office_of(request).store() as store:
        agency = store.department_name(name)
        seen = {task_id: str(form.get(f"seen-{task_id}", "")) for task_id in ids}
        expected = {task_id: _number(newest) if newest else None for task_id, newest in seen.items()}
        action, refused = store.mark_parts_done(expected, on, who, note, agency)
        marked = len(expected) - len(refused)
        return _listing(request, store, name, str(form.get("trang", "")), marked=marked, action=action, refused=refused)


def undo(request: Request) -> Response:
    """Take back what was just marked."""
    form = request.state.form
    with office_of(request).store() as store:
        store.undo(_number(form.get("action")), request.state.user.name)
    return RedirectResponse(address(str(form.get("ten", ""))), status_code=303)


def address(name: str, page_name: str = "danh-sach") -> str:
    """The address of a department's list, or (``ho-so``) of what is known of an agency."""
    return f"/don-vi/{page_name}?{urlencode({'ten': name})}"


def day_of(text: str) -> date | None:
    """The day that a form gives, None for an empty field.

    :raises UsageError: it is none.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"«{text}» không phải ngày.") from error


def _listing(
    request: Request,
    store: Store,
    name: str,
    shown: str,
    *,
    marked: int = 0,
    action: int | None = None,
    refused: Sequence[tuple[int, str]] = (),
) -> Response:
    agency = store.department_name(name) if name else NO_AGENCY
    states = store.department_states(agency if name else None)
    led = store.count_tasks(TaskFilter(agency_exact=agency, role="lead")) if name else 0
    pages = max(1, -(-sum(states.values()) // ON_A_PAGE))
    number = min(max(_number(shown or "1", "số trang"), 1), pages)
    above = (number - 1) * ON_A_PAGE
    rows = store.department_tasks(agency if name else None, limit=ON_A_PAGE, offset=above)
    profile = store.agency_profile(agency) if name else None
    return render(
        request,
        "department.html",
        agency=agency,
        rows=rows,
        profile=profile,
        markable=profile is not None and not profile.members,
        owed=OWED,
        marked=marked,
        action=action,
        refused=refused,
        counted=count_sentence(states, sum(states.values()) - led if name else 0),
        shown=number,
        pages=pages,
        above=above,
        title=TITLE,
        named=bool(name),
        of=ROLES,
        document_title=document_title,
        letters=LETTERS,
    )


def _number(value: object, what: str = "mã nhiệm vụ") -> int:
    if not isinstance(value, str) or not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise UsageError(f"{what} không đúng.")
    return int(value)


routes = [
    page("/don-vi", departments),
    page("/don-vi/danh-sach", listing),
    page("/don-vi/danh-sach/hoan-thanh", done, "POST", role="update"),
    page("/don-vi/danh-sach/hoan-tac", undo, "POST", role="update"),
]
