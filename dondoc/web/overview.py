"""*Tổng quan*: what is late, what comes, what nobody has looked at."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from tracking import DepartmentRow

BARS = ("done_on_time", "done_late", "in_time", "overdue", "no_deadline", "closed_otherwise")
"""Parts of a department's bar, in their order; the classes of the style sheet."""

BAR_LABELS = {
    "done_on_time": "Hoàn thành đúng hạn",
    "done_late": "Hoàn thành quá hạn",
    "in_time": "Trong hạn",
    "overdue": "Quá hạn",
    "no_deadline": "Không thời hạn",
    "closed_otherwise": "Trả lại, chuyển, dừng",
}
MOST_DEPARTMENTS = 15


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: its kind, where it begins and how long it is in per cent of the longest bar."""

    kind: str
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One department's row of the chart."""

    row: DepartmentRow
    parts: tuple[Part, ...]


def bars(rows: tuple[DepartmentRow, ...]) -> tuple[Bar, ...]:
    """The chart: one stacked bar for each department, the longest 100 wide."""
    longest = max((row.total for row in rows), default=1)
    made = []
    for row in rows:
        x, parts = 0.0, []
        for kind in BARS:
            count = getattr(row, kind)
            width = 100 * count / longest
            if count:
                parts.append(Part(kind, count, round(x, 3), round(width, 3)))
            x += width
        made.append(Bar(row, tuple(parts)))
    return tuple(made)


def overview(request: Request) -> Response:
    """The first page."""
    office = office_of(request)
    with office.store() as store:
        board = store.dashboard()
    departments = board.departments[:MOST_DEPARTMENTS]
    quarantine = office.workspace.quarantine
    held = sum(path.is_file() and not path.name.endswith(".reason.txt") for path in quarantine.rglob("*")) if quarantine.is_dir() else 0
    return render(
        request,
        "overview.html",
        board=board,
        chart=bars(departments),
        labels=BAR_LABELS,
        more=len(board.departments) - len(departments),
        held=held,
    )


routes = [page("/", overview)]
