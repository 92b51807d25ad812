"""One task: where it stands on the paper, who has it today, how far it is, and everything that was done about it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.rendering import render
from ingest.errors import UsageError
from tracking.views import OWED, STATUS_LABELS

if TYPE_CHECKING:
    from tracking import Store

MOST_MEMBERS_SHOWN = 30
"""A group of places has hundreds of members; their own standing is set from their own lists."""


def task(request: Request) -> Response:
    """The page of one task."""
    with office_of(request).store() as store:
        store.make_occurrences()
        return _show(request, store)


def status(request: Request) -> Response:
    """Another status of the task, or of one department's part; percent and note with it."""
    form, who, task_id = request.state.form, request.state.user.name, _task(request)
    wanted, agency, note = (_text(request, name) or None for name in ("status", "agency", "note"))
    percent = _text(request, "percent")
    with office_of(request).store() as store:
        expected = _expected(request)
        if wanted == "done":
            store.mark_done(task_id, _day(form.get("on")) or date.today(), who, note, agency, expected=expected)
        elif wanted:
            superseded = _text(request, "superseded_by")
            store.set_status(task_id, wanted, who, note, agency, int(superseded) if superseded.isdecimal() else None, expected=expected)
        elif percent or note:
            fields: dict[str, Any] = ({"percent": _percent(percent)} if percent else {}) | ({"note": note} if note else {})
            store.edit(task_id, who=who, agency=agency, expected=expected, **fields)
        else:
            raise UsageError("chưa nêu thay đổi gì.")
    return _back(request)


def parts(request: Request) -> Response:
    """The parts of several departments were completed, as one act."""
    form = request.state.form
    agencies = [str(name) for name in form.getlist("agency")]
    if not agencies:
        raise UsageError("chưa chọn đơn vị nào.")
    with office_of(request).store() as store:
        store.change_many(
            [_task(request)],
            request.state.user.name,
            status="done",
            on=_day(form.get("on")) or date.today(),
            note=_text(request, "note") or None,
            agencies=agencies,
            expected=_expected(request),
        )
    return _back(request)


def extension(request: Request) -> Response:
    """An extension is asked for, granted or refused."""
    who, note, agency = request.state.user.name, _text(request, "note") or None, _text(request, "agency") or None
    until = _day(request.state.form.get("until"))
    act = _text(request, "act")
    one = int(_text(request, "occurrence")) if _text(request, "occurrence").isdecimal() else None
    with office_of(request).store() as store:
        if act == "refuse":
            store.refuse_extension(_task(request), who, note, agency, occurrence=one, expected=_expected(request))
        elif until is None:
            raise UsageError("chưa nêu thời hạn mới.")
        elif act == "grant":
            store.grant_extension(_task(request), until, who, note, agency, occurrence=one, expected=_expected(request))
        else:
            store.request_extension(_task(request), until, who, note, agency, occurrence=one, expected=_expected(request))
    return _back(request)


def occurrence(request: Request) -> Response:
    """One time of a recurring task is done, or owed again."""
    form = request.state.form
    wanted = _text(request, "status")
    with office_of(request).store() as store:
        known = {one.id for one in store.task(_task(request)).occurrences}
        number = request.path_params["occurrence"]
        if number not in known:
            raise UsageError("kỳ này không thuộc nhiệm vụ.")
        on = (_day(form.get("on")) or date.today()) if wanted == "done" else None
        note = _text(request, "note") or None
        store.set_occurrence(number, wanted, on, request.state.user.name, note, expected=_expected(request))
    return _back(request)


def follow(request: Request) -> Response:
    """From which day on the times of a recurring task are followed."""
    since = _day(request.state.form.get("since"))
    if since is None:
        raise UsageError("chưa nêu theo dõi từ ngày nào.")
    with office_of(request).store() as store:
        store.follow_occurrences(_task(request), since, request.state.user.name, expected=_expected(request))
    return _back(request)


def choose(request: Request) -> Response:
    """Which of several successors has the task now."""
    old, new = _text(request, "old"), _text(request, "new")
    with office_of(request).store() as store:
        given = store.task(_task(request)).task
        role = "lead" if old in given.lead else "coordinating"
        names = [new if name == old else name for name in getattr(given, role)]
        if not new or names == list(getattr(given, role)):
            raise UsageError("chưa chọn cơ quan.")
        note = f"cơ quan kế thừa của {old}"
        store.assign(_task(request), who=request.state.user.name, reason=note, expected=_expected(request), **{role: names})
    return _back(request)


def undo(request: Request) -> Response:
    """One act is taken back whole."""
    action = _text(request, "action")
    if not action.isdecimal():
        raise UsageError("không rõ hoàn tác việc gì.")
    with office_of(request).store() as store:
        store.undo(int(action), request.state.user.name)
    return _back(request)


def bring_back(request: Request) -> Response:
    """A task that was removed is one again."""
    with office_of(request).store() as store:
        store.bring_back(_task(request), request.state.user.name, expected=_expected(request))
    return _back(request)


def _show(request: Request, store: Store) -> Response:
    detail = store.task(_task(request))
    departments = store.responsible_departments(detail.task.id)
    standing = {share.agency: share for share in detail.shares}
    return render(
        request,
        "task.html",
        detail=detail,
        task=detail.task,
        departments=departments[:MOST_MEMBERS_SHOWN] if len(departments) > 1 else (),
        owed=[one for one in detail.occurrences if one.status in OWED],
        others=max(0, len(departments) - MOST_MEMBERS_SHOWN),
        standing=standing,
        statuses=STATUS_LABELS,
        taken_back={event.undoes for event in detail.events if event.undoes is not None},
    )


def _task(request: Request) -> int:
    return int(request.path_params["task"])


def _back(request: Request) -> Response:
    return RedirectResponse(f"/nhiem-vu/{_task(request)}", status_code=303)


def _text(request: Request, name: str) -> str:
    return str(request.state.form.get(name, "")).strip()


def _expected(request: Request) -> int | None:
    given = _text(request, "expected")
    return int(given) if given.isdecimal() else None


def _day(value: object) -> date | None:
    text = str(value or "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"«{text}» không phải ngày.") from error


def _percent(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 100):
        raise UsageError(f"tiến độ «{text}» không đúng; hãy ghi số từ 0 đến 100.")
    return int(text)


routes = [
    page("/nhiem-vu/{task:int}", task),
    page("/nhiem-vu/{task:int}/trang-thai", status, "POST", role="update"),
    page("/nhiem-vu/{task:int}/phan-viec", parts, "POST", role="update"),
    page("/nhiem-vu/{task:int}/theo-doi-tu", follow, "POST", role="update"),
    page("/nhiem-vu/{task:int}/gia-han", extension, "POST", role="update"),
    page("/nhiem-vu/{task:int}/ky/{occurrence:int}", occurrence, "POST", role="update"),
    page("/nhiem-vu/{task:int}/ke-thua", choose, "POST", role="update"),
    page("/nhiem-vu/{task:int}/hoan-tac", undo, "POST", role="update"),
    page("/nhiem-vu/{task:int}/khoi-phuc", bring_back, "POST", role="update"),
]
