"""*Nhập lại từ Excel*: filled-in workbooks come back; what would change is shown first, and exactly that is written.

What was shown is kept here under a random name until it is written, so that neither the file nor the database can slip something in; what
somebody else changes meanwhile is left out (:func:`tracking.importing.apply`).
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dondoc.web.guard import check_token, page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from dondoc.web.uploads import Received, receive
from ingest.errors import DondocError, NotFound, UsageError
from tracking.workbook_reading import LARGEST_FILE

if TYPE_CHECKING:
    from tracking.import_plan import ImportPlan

MOST_FILES = 20
MOST_KEPT = 8
"""Plans kept at a time; the oldest goes first. One of 10,000 tasks takes about 20 MB."""
KEPT_SECONDS = 2 * 3600.0
MOST_SHOWN = 2000
"""Changes on one page; a workbook with more is imported on the command line or in parts, since all that is written must have been shown."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan that somebody looks at."""

    plan: ImportPlan
    user: str
    at: float


@dataclass(slots=True)
class Plans:
    """The plans that wait to be written; several threads put and take."""

    _kept: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def put(self, plan: ImportPlan, user: str) -> str:
        """Keep it; the name under which it can be taken."""
        name = secrets.token_urlsafe(24)
        with self._lock:
            self._kept[name] = Kept(plan, user, time.monotonic())
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return name

    def take(self, name: str, user: str) -> ImportPlan:
        """The plan, once: a form sent twice writes once.

        :raises NotFound: it was written, is too old, or is another user's.
        """
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None and kept.user == user:
                del self._kept[name]
        if kept is None or kept.user != user or kept.at < time.monotonic() - KEPT_SECONDS:
            raise NotFound("bản xem trước này đã được ghi hoặc đã quá lâu.", remedy="Hãy tải tệp lên lại.")
        return kept.plan


def start(request: Request) -> Response:
    """Where to put the workbook."""
    return render(request, "import.html", text="")


async def preview(request: Request) -> Response:
    """What the workbooks would change; nothing is written."""
    with TemporaryDirectory(prefix="dondoc-") as folder:
        received = await receive(request, Path(folder), LARGEST_FILE, lambda token: check_token(request, token))
        return await run_in_threadpool(_preview, request, received)


def _preview(request: Request, received: list[Received]) -> Response:
    from tracking.importing import combined, plan  # noqa: PLC0415 - openpyxl takes half a second to import

    try:
        if not received:
            raise UsageError("chưa chọn tệp nào.")
        if len(received) > MOST_FILES:
            raise UsageError(f"mỗi lần nhập nhiều nhất {MOST_FILES} tệp.")
        with office_of(request).store() as store:
            plans = [plan(store, _path(one)) for one in received]
    except DondocError as error:
        # Without the path: it is a temporary one and says nothing to the person.
        text = f"{error.message[:1].upper()}{error.message[1:]} {error.remedy}".strip()
        return render(request, "import.html", 400, text=text)
    names = [one.path.name for one in received if one.path is not None]
    # The temporary folder says nothing to those who read the journal.
    wanted = replace(combined(plans) if len(plans) > 1 else plans[0], source="; ".join(names))
    if len(wanted.changes) + len(wanted.conflicts) > MOST_SHOWN:
        text = f"Tệp có hơn {MOST_SHOWN} thay đổi, không xem hết được trên trang. Hãy nhập từng đơn vị, hoặc dùng lệnh «dondoc import»."
        return render(request, "import.html", 400, text=text)
    name = office_plans(request).put(wanted, request.state.user.name)
    return render(request, "import-plan.html", plan=wanted, name=name, exported=_when(wanted.exported_at), **_words())


def write(request: Request) -> Response:
    """Write what was shown: all changes, and the conflicts that were decided for the file."""
    from tracking.importing import apply  # noqa: PLC0415

    form, who = request.state.form, request.state.user.name
    wanted = office_plans(request).take(str(form.get("plan", "")), who)
    chosen = {value for value in form.getlist("take") if isinstance(value, str)}
    wanted = wanted.taking([conflict for number, conflict in enumerate(wanted.conflicts) if str(number) in chosen])
    with office_of(request).store() as store:
        result = apply(store, wanted, who)
    return render(request, "import-done.html", result=result, left=wanted.conflicts, problems=wanted.problems, **_words())


def undo(request: Request) -> Response:
    """Take the whole import back."""
    action = str(request.state.form.get("action", ""))
    if not (action.isascii() and action.isdecimal()):
        raise UsageError("không rõ hoàn tác việc gì.")
    with office_of(request).store() as store:
        rows = store.undo(int(action), request.state.user.name)
    return render(request, "import.html", text="", said=f"Đã hoàn tác ở {len(rows)} nhiệm vụ.")


def office_plans(request: Request) -> Plans:
    """The plans of this application."""
    plans = request.app.state.plans
    assert isinstance(plans, Plans)
    return plans


def _path(one: Received) -> Path:
    if one.path is None:
        raise UsageError(f"«{one.name}»: {one.reason}")
    return one.path


def _when(text: str) -> str:
    """The time of the export, which comes from the file and may be anything."""
    try:
        return f"{datetime.fromisoformat(text):%d/%m/%Y %H:%M}"
    except ValueError:
        return "không rõ"


def _words() -> dict[str, Any]:
    from tracking.import_plan import LABELS  # noqa: PLC0415
    from tracking.standing import shown  # noqa: PLC0415

    return {"labels": LABELS, "shown": shown}


routes = [
    page("/nhap-lai", start, role="update"),
    page("/nhap-lai/xem", preview, "POST", role="update", streamed=True),
    page("/nhap-lai/ghi", write, "POST", role="update"),
    page("/nhap-lai/hoan-tac", undo, "POST", role="update"),
]
