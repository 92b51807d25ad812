"""What people do to the tasks of a document beside its paper. Each answer is the task, or the whole list when tasks came or went."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from dondoc.web.document_view import ShownTask, task_of, tasks_of
from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.rendering import fragment, render
from dondoc.web.task_form import TaskForm, agency_names, blank_form, changes, differing, merged, offers, submitted, values_of
from ingest.errors import ConflictError, NotFound, UsageError
from tracking.views import STATUS_LABELS

if TYPE_CHECKING:
    from tracking import Store


def show(request: Request) -> Response:
    """A task as it stands."""
    with office_of(request).store() as store:
        return HTMLResponse(fragment("part-task.html", request, task=_task(store, request)))


def edit_form(request: Request) -> Response:
    """The form in place of the task."""
    with office_of(request).store() as store:
        task = _task(store, request)
        form = blank_form(task, store.task(task.row.id), request.query_params.get("o", ""))
    return _form(request, form)


def save(request: Request) -> Response:
    """What was changed in the form, and whether the task was checked with it."""
    sent = request.state.form
    was, now = submitted(sent)
    confirm = sent.get("confirm") == "1"
    with office_of(request).store() as store:
        task = _task(store, request)
        try:
            found = changes(was, now)
            if found or confirm:
                store.correct(task.row.id, who=_who(request), confirm=confirm, expected=_expected(request), **found)
        except ConflictError as error:
            theirs = values_of(task.row)
            form = TaskForm(
                task,
                theirs,
                merged(was, now, theirs),
                offers(store.task(task.row.id)),
                conflict=_sentence(error.message),
                differences=differing(was, now, theirs),
            )
            return _form(request, form, 409)
        except UsageError as error:
            form = TaskForm(task, was, now, offers(store.task(task.row.id)), error=_sentence(str(error)))
            return _form(request, form, 400)
        words = "Đã lưu" if found else "Đã xác nhận"
        return _changed(request, store, f"{words} nhiệm vụ {task.index}." if found or confirm else "Không có gì thay đổi.")


def confirm(request: Request) -> Response:
    """The task was checked."""
    with office_of(request).store() as store:
        task = _task(store, request)
        store.confirm(task.row.id, _who(request), expected=_expected(request))
        return _changed(request, store, f"Đã xác nhận nhiệm vụ {task.index}.")


def done(request: Request) -> Response:
    """The task was completed today."""
    with office_of(request).store() as store:
        task = _task(store, request)
        store.mark_done(task.row.id, date.today(), _who(request), expected=_expected(request))
        return _changed(request, store, f"Đã ghi nhiệm vụ {task.index} hoàn thành ngày {date.today():%d/%m/%Y}.")


def split_form(request: Request) -> Response:
    """Where the task is to be divided."""
    with office_of(request).store() as store:
        task = _task(store, request)
    return HTMLResponse(fragment("part-split.html", request, task=task, base=_base(request)))


def split(request: Request) -> Response:
    """Each line of the text becomes a task."""
    texts = [line for line in str(request.state.form.get("texts", "")).splitlines() if line.strip()]
    with office_of(request).store() as store:
        task = _task(store, request)
        store.split(task.row.id, texts, _who(request), expected=_expected(request))
        return _listed(request, store, f"Đã tách nhiệm vụ {task.index} thành {len(texts)}.")


def merge(request: Request) -> Response:
    """The task and the one before it become one."""
    with office_of(request).store() as store:
        task = _task(store, request)
        other = request.state.form.get("with", "")
        if not str(other).isdecimal():
            raise UsageError("không có nhiệm vụ ở trên để gộp.")
        before = task_of(store, _document(request), int(str(other)))
        store.merge([before.row.id, task.row.id], _who(request), expected=_expected(request))
        return _listed(request, store, f"Đã gộp nhiệm vụ {task.index} vào nhiệm vụ {before.index}.")


def remove(request: Request) -> Response:
    """It is no task."""
    with office_of(request).store() as store:
        task = _task(store, request)
        store.remove(task.row.id, _who(request), expected=_expected(request))
        return _listed(request, store, f"Đã xóa nhiệm vụ {task.index}.", action=store.last_action(task.row.id))


def undo(request: Request) -> Response:
    """The act that the history names, or the last one of the task, is taken back."""
    with office_of(request).store() as store:
        given = str(request.state.form.get("action", ""))
        action = int(given) if given.isdecimal() else store.last_action(request.path_params["task"])
        if action is None:
            raise UsageError("nhiệm vụ này chưa có gì để hoàn tác.")
        concerned = store.undo(action, _who(request))
        if concerned and all(row.document_id != _document(request) for row in concerned):
            return RedirectResponse(f"/van-ban/{concerned[0].document_id}", status_code=303)
        return _listed(request, store, "Đã hoàn tác.")


def undo_header(request: Request) -> Response:
    """The last correction of the document's header is taken back."""
    action = _number(request.state.form.get("action"))
    with office_of(request).store() as store:
        if store.last_correction(_document(request)) != action:
            raise UsageError("thông tin văn bản đã thay đổi sau khi mở trang; hãy tải lại trang.")
        store.undo(action, _who(request))
    return RedirectResponse(f"/van-ban/{_document(request)}", status_code=303)


def history(request: Request) -> Response:
    """What people did to the task, newest first."""
    with office_of(request).store() as store:
        task = _task(store, request)
        events = store.events(task.row.id)
        last = store.last_action(task.row.id)
    return HTMLResponse(fragment("part-history.html", request, events=events[::-1], last=last, base=_base(request)))


def add_form(request: Request) -> Response:
    """A task that was not found: the lines that were picked on the paper, as its text."""
    number, first, last = (_number(request.query_params.get(name)) for name in ("trang", "tu", "den"))
    with office_of(request).store() as store:
        document = store.document(_document(request))
        paper = store.page(document.id, number)
    text = " ".join(" ".join(line.text.split()) for line in (paper.lines if paper else ()) if first <= line.number <= last and last > 1)
    return HTMLResponse(fragment("part-add.html", request, document=document, page=number, first=first, last=last, text=text))


def add(request: Request) -> Response:
    """The task is added."""
    sent = request.state.form
    with office_of(request).store() as store:
        row = store.add_task(
            _document(request),
            who=_who(request),
            text=str(sent.get("text", "")),
            page=_number(sent.get("page")),
            line_first=_number(sent.get("line_first")),
            line_last=_number(sent.get("line_last")),
            lead=agency_names(str(sent.get("lead", ""))),
            due=str(sent.get("due", "")) or None,
        )
        return _listed(request, store, "Đã thêm nhiệm vụ.", added=row.id)


def agencies(request: Request) -> Response:
    """Agencies for what was typed so far, as JSON: ``name`` and, where it helps to choose, ``note``."""
    with office_of(request).store() as store:
        found = store.suggest_agencies(request.query_params.get("q", "")[:200])
    listed = []
    for one in found:
        notes = (f"({one.also})" if one.also else "", "nhóm cơ quan" if one.group else "", _ended(one.ended))
        listed.append({"name": one.name, "note": " · ".join(note for note in notes if note)})
    return JSONResponse(listed)


def _ended(day: str) -> str:
    return f"đến {date.fromisoformat(day):%d/%m/%Y}" if day and day < date.today().isoformat() else ""


def _form(request: Request, form: TaskForm, status: int = 200) -> Response:
    headers = {"HX-Retarget": f"#nv-{form.task.row.id}", "HX-Reswap": "outerHTML"} if status >= 400 else None
    if status >= 400 and not request.headers.get("hx-request"):
        return render(request, "task-form.html", status, form=form, statuses=STATUS_LABELS)
    return HTMLResponse(fragment("part-task-form.html", request, form=form, statuses=STATUS_LABELS), status, headers)


def _changed(request: Request, store: Store, said: str) -> Response:
    task = _task(store, request)
    if not request.headers.get("hx-request"):
        return RedirectResponse(f"/van-ban/{task.row.document_id}#nv-{task.row.id}", status_code=303)
    return HTMLResponse(fragment("part-task.html", request, task=task) + _beside(request, tasks_of(store, task.row.document_id), said))


def _listed(request: Request, store: Store, said: str, *, action: int | None = None, added: int | None = None) -> Response:
    document_id = _document(request)
    if not request.headers.get("hx-request"):
        return RedirectResponse(f"/van-ban/{document_id}", status_code=303)
    tasks = tasks_of(store, document_id)
    html = fragment("part-tasks.html", request, tasks=tasks, editing=None)
    return HTMLResponse(html + _beside(request, tasks, said, action, added))


def _beside(request: Request, tasks: list[ShownTask], said: str, action: int | None = None, added: int | None = None) -> str:
    """What changes elsewhere on the page: the counts, and what is said."""
    to_check = sum(task.row.needs_review for task in tasks)
    counts = fragment("part-counts.html", request, tasks_count=len(tasks), to_check=to_check, swap=True)
    return counts + fragment("part-said.html", request, said=said, action=action, added=added, document_id=_document(request))


def _task(store: Store, request: Request) -> ShownTask:
    return task_of(store, _document(request), request.path_params["task"])


def _document(request: Request) -> int:
    return int(request.path_params["document"])


def _base(request: Request) -> str:
    return f"/van-ban/{_document(request)}/nhiem-vu/{request.path_params['task']}"


def _who(request: Request) -> str:
    return str(request.state.user.name)


def _expected(request: Request) -> int | None:
    given = str(request.state.form.get("expected", ""))
    return int(given) if given.isdecimal() else None


def _number(value: object) -> int:
    text = str(value or "")
    if not text.isdecimal() or len(text) > 6:
        raise NotFound("trang hoặc dòng không có.")
    return int(text)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


_ONE = "/van-ban/{document:int}/nhiem-vu/{task:int}"
routes = [
    page(_ONE, show),
    page(f"{_ONE}/sua", edit_form, role="update"),
    page(f"{_ONE}/sua", save, "POST", role="update"),
    page(f"{_ONE}/xac-nhan", confirm, "POST", role="update"),
    page(f"{_ONE}/hoan-thanh", done, "POST", role="update"),
    page(f"{_ONE}/tach", split_form, role="update"),
    page(f"{_ONE}/tach", split, "POST", role="update"),
    page(f"{_ONE}/gop", merge, "POST", role="update"),
    page(f"{_ONE}/xoa", remove, "POST", role="update"),
    page(f"{_ONE}/hoan-tac", undo, "POST", role="update"),
    page(f"{_ONE}/lich-su", history),
    page("/van-ban/{document:int}/hoan-tac", undo_header, "POST", role="update"),
    page("/van-ban/{document:int}/them", add_form, role="update"),
    page("/van-ban/{document:int}/them", add, "POST", role="update"),
    page("/co-quan", agencies),
]
