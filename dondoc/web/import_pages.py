"""*Nhập lại từ Excel*: filled-in workbooks come back; what would change is shown first, and exactly that is written.

What was shown is kept in the workspace until it is written (:mod:`dondoc.web.import_plans`), so that neither the file nor the database can
slip something in; what somebody else changes meanwhile is left out (:func:`tracking.importing.apply`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dondoc.web.guard import check_token, page
from dondoc.web.import_plans import Plans
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from dondoc.web.uploads import Received, receive
from ingest.errors import DondocError, UsageError
from tracking.workbook_reading import LARGEST_FILE

if TYPE_CHECKING:
    from tracking.import_plan import ImportPlan

MOST_FILES = 20
PAGE = 500
"""Changes on one page of the preview."""
MOST_CONFLICTS = 500
"""Conflicts that can be decided at a time; the others are kept as they are and come again with the same file."""


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
    return _shown(request, wanted, plans_of(request).put(wanted, request.state.user.name), 1)


def seen_again(request: Request) -> Response:
    """Another page of a preview."""
    name, number = request.query_params.get("plan", ""), request.query_params.get("page", "1")
    wanted = plans_of(request).get(name, request.state.user.name)
    return _shown(request, wanted, name, int(number) if number.isascii() and number.isdecimal() else 1)


def _shown(request: Request, wanted: ImportPlan, name: str, number: int) -> Response:
    last = max(1, -(-len(wanted.changes) // PAGE))
    number = min(max(1, number), last)
    first = (number - 1) * PAGE
    parts: dict[str, Any] = {"changes": wanted.changes[first : first + PAGE], "conflicts": wanted.conflicts[:MOST_CONFLICTS]}
    place: dict[str, Any] = {"first": first, "number": number, "last": last, "name": name, "exported": _when(wanted.exported_at)}
    return render(request, "import-plan.html", plan=wanted, **parts, **place, **_words())


def write(request: Request) -> Response:
    """Write what was shown: all changes, and the conflicts that were decided for the file."""
    from tracking.importing import apply  # noqa: PLC0415

    form, who = request.state.form, request.state.user.name
    wanted = plans_of(request).take(str(form.get("plan", "")), who)
    chosen = {value for value in form.getlist("take") if isinstance(value, str)}
    wanted = wanted.taking([conflict for number, conflict in enumerate(wanted.conflicts) if str(number) in chosen])
    with office_of(request).store() as store:
        result = apply(store, wanted, who)
    return render(request, "import-done.html", result=result, left=wanted.conflicts, problems=wanted.problems, most=PAGE, **_words())


def undo(request: Request) -> Response:
    """Take the whole import back."""
    action = str(request.state.form.get("action", ""))
    if not (action.isascii() and action.isdecimal()):
        raise UsageError("không rõ hoàn tác việc gì.")
    with office_of(request).store() as store:
        rows = store.undo(int(action), request.state.user.name)
    return render(request, "import.html", text="", said=f"Đã hoàn tác ở {len(rows)} nhiệm vụ.")


def plans_of(request: Request) -> Plans:
    """The plans of this workspace."""
    return Plans(office_of(request).workspace.imports)


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
    page("/nhap-lai/xem", seen_again, role="update"),
    page("/nhap-lai/ghi", write, "POST", role="update"),
    page("/nhap-lai/hoan-tac", undo, "POST", role="update"),
]
