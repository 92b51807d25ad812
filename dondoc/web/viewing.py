"""A list of tasks as its URL says it: the filter, how it is ordered, which page of it is shown."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from ingest.errors import UsageError
from tracking import TaskFilter
from tracking.views import STATES, STATUS_LABELS

SIZES = (50, 100, 200)
"""How many rows a page may have; the largest is the one that the benchmark measures."""

PERIODS = {"due": "Đến hạn", "issued": "Văn bản ban hành", "received": "Văn bản đến", "completed": "Hoàn thành"}
QUICK = {"tuan-nay": "Tuần này", "thang-nay": "Tháng này", "quy-nay": "Quý này", "nam-nay": "Năm nay"}
FLAGS = {
    "needs_review": "Cần kiểm tra",
    "without_deadline": "Không có thời hạn",
    "without_lead": "Chưa rõ cơ quan chủ trì",
    "undecided": "Chờ chọn cơ quan kế thừa",
    "removed": "Đã xóa hoặc đã gộp",
}
CHOICES = {"active": "Còn phải làm"} | STATES | {code: label for code, label in STATUS_LABELS.items() if code not in STATES}
"""States and stored statuses that a list can be narrowed to."""


@dataclass(frozen=True, slots=True)
class View:
    """What the URL asks for. ``params`` are its parameters without those that are empty, the page number left out."""

    wanted: TaskFilter
    page: int
    size: int
    params: tuple[tuple[str, str], ...] = field(default=())

    def url(self, path: str = "/nhiem-vu", **changes: object) -> str:
        """The address of the same list with some parameters changed; None takes one away, a tuple gives it several times."""
        kept = [(name, value) for name, value in self.params if name not in changes]
        for name, value in changes.items():
            values = value if isinstance(value, tuple) else (value,)
            kept += [(name, str(one)) for one in values if one is not None]
        return path + (f"?{urlencode(kept)}" if kept else "")

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a parameter."""
        return tuple(value for given, value in self.params if given == name)

    def value(self, name: str) -> str:
        """The first value of a parameter, empty without."""
        return next(iter(self.values(name)), "")

    @property
    def detailed(self) -> bool:
        """Whether something of the rarer conditions was asked for."""
        return any(name not in ("words", "agency", "state", "document", "document_id", "order", "size") for name, _ in self.params)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order and the size was asked for."""
        return any(name not in ("order", "size") for name, _ in self.params)


def view_of(query: QueryParams | Mapping[str, str], today: date | None = None) -> View:
    """The list that a query asks for.

    :raises UsageError: a date, number or state that is none.
    """
    given = [(name, value.strip()) for name, value in (query.multi_items() if isinstance(query, QueryParams) else query.items())]
    given = [(name, value) for name, value in given if value]
    values = dict(reversed(given))
    size = int(values["size"]) if values.get("size", "") in map(str, SIZES) else SIZES[0]
    page = _number(values.get("page", "1"), "số trang")
    members: dict[str, Any] = {
        "words": values.get("words"),
        "agency_exact": values.get("agency"),
        "role": values.get("role"),
        "document": _number(values["document_id"], "mã văn bản") if "document_id" in values else values.get("document"),
        "order": values.get("order", "due"),
        "limit": size,
        "offset": (page - 1) * size,
    }
    states = tuple(value for name, value in given if name == "state")
    if unknown := [state for state in states if state not in CHOICES]:
        raise UsageError(f"trạng thái «{unknown[0]}» không có.")
    members["states"] = states
    members |= {flag: True for flag in FLAGS if flag in values}
    if "upcoming" in values:
        members["upcoming_days"] = _number(values["upcoming"], "số ngày")
    members |= _period(values, today or date.today())
    params = tuple((name, value) for name, value in given if name != "page")
    return View(TaskFilter(**members), page, size, params)


def whole(view: View) -> TaskFilter:
    """The filter of all pages together, for exports and for acting on everything that is listed."""
    return replace(view.wanted, limit=None, offset=0)


def _period(values: Mapping[str, str], today: date) -> dict[str, date]:
    kind = values.get("period", "due")
    if kind not in PERIODS:
        raise UsageError(f"khoảng thời gian «{kind}» không có.")
    if quick := values.get("quick"):
        if quick not in QUICK:
            raise UsageError(f"khoảng thời gian «{quick}» không có.")
        first, last = span(quick, today)
        return {f"{kind}_from": first, f"{kind}_to": last}
    found = {f"{kind}_{end}": _day(values[end]) for end in ("from", "to") if end in values}
    if len(found) == 2 and found[f"{kind}_from"] > found[f"{kind}_to"]:
        raise UsageError("ngày bắt đầu sau ngày kết thúc.")
    return found


def span(quick: str, today: date) -> tuple[date, date]:
    """First and last day of this week (from Monday), month, quarter or year."""
    if quick == "tuan-nay":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    if quick == "nam-nay":
        return date(today.year, 1, 1), date(today.year, 12, 31)
    months = 1 if quick == "thang-nay" else 3
    first = (today.month - 1) // months * months + 1
    last = first + months - 1
    return date(today.year, first, 1), date(today.year, last, monthrange(today.year, last)[1])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"«{text}» không phải ngày.") from error


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 10**9):
        raise UsageError(f"{what} «{text}» không đúng.")
    return int(text)
