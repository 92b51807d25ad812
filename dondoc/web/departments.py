"""*Đơn vị*: how each department stands, and its list as it would be printed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.overview import BAR_LABELS
from dondoc.web.rendering import render
from ingest.errors import UsageError
from tracking import DepartmentRow
from tracking.register import NO_AGENCY, ROLES, TITLE, count_sentence, document_title

ORDERS = {"agency": "Đơn vị", "total": "Tổng số", **BAR_LABELS, "percent": "Tỷ lệ hoàn thành (%)"}


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
        nobody = store.count_nobodys()
    if order == "percent":
        rows.sort(key=percent)
    elif order != "agency":
        rows.sort(key=lambda row: getattr(row, order), reverse=True)
    else:
        rows.sort(key=lambda row: row.agency)
    return render(request, "departments.html", rows=rows, order=order, orders=ORDERS, percent=percent, nobody=nobody, labels=BAR_LABELS)


def listing(request: Request) -> Response:
    """One department's list; without a name the tasks that name nobody."""
    name = request.query_params.get("ten", "").strip()
    with office_of(request).store() as store:
        agency = store.department_name(name) if name else NO_AGENCY
        rows = store.department_tasks(agency if name else None)
    counted = count_sentence([given.task.state for given in rows])
    return render(
        request,
        "department.html",
        agency=agency,
        rows=rows,
        counted=counted,
        title=TITLE,
        named=bool(name),
        of=ROLES,
        document_title=document_title,
    )


routes = [
    page("/don-vi", departments),
    page("/don-vi/danh-sach", listing),
]
