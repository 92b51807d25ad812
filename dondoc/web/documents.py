"""Văn bản: the list, and one document with its paper beside its tasks."""

from __future__ import annotations

import mimetypes
from math import ceil
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from dondoc.web.background import background_of
from dondoc.web.document_view import EAGER_PAGES, archived_file, shown_page, task_of, tasks_of, to_draw
from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.rendering import fragment, render
from dondoc.web.task_form import blank_form
from ingest.errors import ConflictError, NotFound, UsageError
from tracking.history import FIELDS
from tracking.paper import DocumentFilter
from tracking.rows import DocumentRow
from tracking.views import STATUS_LABELS

if TYPE_CHECKING:
    from tracking import Store

PAGE_SIZE = 50
HEADER = ("number", "type", "date", "issuer", "subject", "place", "signer", "signer_title", "incoming_number")
YEAR = 31_536_000


def documents(request: Request) -> Response:
    """The list."""
    asked = request.query_params
    number = int(asked.get("trang", "1")) if asked.get("trang", "1").isdecimal() else 1
    number = min(max(number, 1), 1_000_000)
    wanted = DocumentFilter(
        words=asked.get("tu", "")[:200],
        type=asked.get("loai", "")[:80],
        to_check=asked.get("kiem-tra") == "1",
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    with office_of(request).store() as store:
        rows, total = store.list_documents(wanted)
        types = store.document_types()
    background_of(request).pictures.warm()
    kept = [(name, asked[name]) for name in ("tu", "loai", "kiem-tra") if asked.get(name)]
    address = "/van-ban?" + (urlencode(kept) + "&" if kept else "")
    return render(
        request,
        "documents.html",
        rows=rows,
        total=total,
        types=types,
        wanted=wanted,
        filtered=bool(kept),
        number=number,
        page_count=ceil(total / PAGE_SIZE),
        address=address,
    )


def document(request: Request) -> Response:
    """One document. ``?sua=12`` has the form of task 12 open, ``?sua=phan-dau`` that of the header: for browsers without scripts."""
    office = office_of(request)
    asked = request.query_params.get("sua", "") if request.state.user.may("update") else ""
    with office.store() as store:
        row = store.document(request.path_params["document"])
        tasks = tasks_of(store, row.id)
        sheets = store.pages(row.id)
        shown = []
        for index, sheet in enumerate(sheets):
            eager = index < EAGER_PAGES
            filled = (store.page(row.id, sheet.number) or sheet) if eager else sheet
            shown.append(shown_page(office.workspace, row, filled, tasks, loaded=eager))
        editing = None
        if asked.isdecimal():
            task = task_of(store, row.id, int(asked))
            editing = blank_form(task, store.task(task.row.id), request.query_params.get("o", ""))
        values = _around(store, row) | _header(store, row)
    return render(
        request,
        "document.html",
        pages=shown,
        tasks=tasks,
        tasks_count=len(tasks),
        to_check=sum(task.row.needs_review for task in tasks),
        swap=False,
        editing=editing,
        editing_header=asked == "phan-dau",
        statuses=STATUS_LABELS,
        has_pictures=any(one.picture for one in shown),
        has_file=archived_file(office.workspace, row.archived_as) is not None,
        has_copy=archived_file(office.workspace, row.searchable) is not None,
        **values,
    )


def _around(store: Store, row: DocumentRow) -> dict[str, Any]:
    citing = dict.fromkeys(citation.document_id for citation in store.cited_by(row.id))
    return {"cites": store.citations(row.id), "cited": [store.document(other) for other in citing]}


def _header(store: Store, row: DocumentRow) -> dict[str, Any]:
    given = {name: getattr(row, name) for name in HEADER}
    words = {name: FIELDS[name][:1].upper() + FIELDS[name][1:] for name in HEADER}
    shown = {name: f"{value:%d/%m/%Y}" if name == "date" and value else value for name, value in given.items()}
    fields = {name: str(given[name] or "") for name in HEADER}
    return {
        "document": row,
        "header": [(name, words[name], shown[name]) for name in HEADER],
        "header_action": store.last_correction(row.id),
        "header_fields": [(name, words[name], fields[name]) for name in HEADER],
        "header_was": fields,
        "header_differences": [],
        "header_newest": store.newest_office_event(f"document:{row.id}"),
        "header_error": "",
    }


def header_form(request: Request) -> Response:
    """The header's form in place of the header."""
    with office_of(request).store() as store:
        values = _header(store, store.document(request.path_params["document"]))
    return HTMLResponse(fragment("part-header-form.html", request, **values))


def save_header(request: Request) -> Response:
    """Corrected fields of the header. Those that were not changed are left out, so that what the machine reads later may renew them."""
    sent = request.state.form
    document_id = request.path_params["document"]
    with office_of(request).store() as store:
        before = store.document(document_id)
        given = {name: " ".join(str(sent.get(name, "")).split()) for name in HEADER if name in sent}
        was = {name: str(sent.get(f"was-{name}", getattr(before, name) or "")) for name in given}
        fields = {name: value or None for name, value in given.items() if value != was[name]}
        seen = str(sent.get("expected", ""))
        try:
            if fields:
                expected = int(seen) if seen.isdecimal() else None
                store.edit_document(document_id, who=request.state.user.name, expected=expected, **fields)
        except (ConflictError, UsageError) as error:
            conflict = isinstance(error, ConflictError)
            ours = {name: value for name, value in given.items() if value != was[name]}
            values = _header_again(_header(store, store.document(document_id)), ours, str(error), conflict)
            return render(request, "header-form.html", 409 if conflict else 400, **values)
    return RedirectResponse(f"/van-ban/{document_id}", status_code=303)


def _header_again(now: dict[str, Any], ours: dict[str, str], error: str, conflict: bool) -> dict[str, Any]:
    """The form with what somebody changed in it; what they left alone follows what others wrote, else saving again would take that back."""
    kept = now["header_was"] | ours
    fields = [(name, words, kept[name]) for name, words, _ in now["header_fields"]]
    differences = [(words, now["header_was"][name], ours[name]) for name, words, _ in fields if name in ours] if conflict else []
    return now | {"header_fields": fields, "header_differences": differences, "header_error": error[:1].upper() + error[1:]}


def check(request: Request) -> Response:
    """What the reading warned of was compared with the paper."""
    document_id = request.path_params["document"]
    with office_of(request).store() as store:
        store.check_document(document_id, request.state.user.name)
    return RedirectResponse(f"/van-ban/{document_id}", status_code=303)


def sheet(request: Request) -> Response:
    """One page with its lines, when somebody has scrolled to it."""
    office = office_of(request)
    with office.store() as store:
        row = store.document(request.path_params["document"])
        found = store.page(row.id, request.path_params["number"])
        if found is None:
            raise NotFound("văn bản không có trang này.")
        shown = shown_page(office.workspace, row, found, tasks_of(store, row.id), loaded=True)
    return HTMLResponse(fragment("part-page.html", request, document=row, shown=shown))


def picture(request: Request) -> Response:
    """The picture of a page. Its address changes when it does, so browsers keep it for good."""
    office = office_of(request)
    with office.store() as store:
        row = store.document(request.path_params["document"])
        number = request.path_params["number"]
        found = next((one for one in store.pages(row.id) if one.number == number), None)
    drawn = to_draw(office.workspace, row, found, large=request.query_params.get("lon") == "1") if found else None
    if drawn is None:
        raise NotFound("không có ảnh của trang này.")
    headers = {"ETag": f'"{drawn.tag}"', "Cache-Control": f"private, max-age={YEAR}, immutable"}
    if drawn.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return FileResponse(background_of(request).pictures.picture(drawn), media_type="image/webp", headers=headers)


def original(request: Request) -> Response:
    """The archived file."""
    return _file(request, "archived_as")


def copy(request: Request) -> Response:
    """The searchable copy."""
    return _file(request, "searchable")


def _file(request: Request, column: str) -> Response:
    office = office_of(request)
    with office.store() as store:
        row = store.document(request.path_params["document"])
    path = archived_file(office.workspace, getattr(row, column))
    if path is None:
        raise NotFound("không còn tệp này trong thư mục lưu trữ.")
    # Handed over as a file and never shown by the browser: what is in it came from outside.
    return FileResponse(path, media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream", filename=path.name)


routes = [
    page("/van-ban", documents),
    page("/van-ban/{document:int}", document),
    page("/van-ban/{document:int}/thong-tin", header_form, role="update"),
    page("/van-ban/{document:int}/thong-tin", save_header, "POST", role="update"),
    page("/van-ban/{document:int}/doi-chieu", check, "POST", role="update"),
    page("/van-ban/{document:int}/trang/{number:int}", sheet),
    page("/van-ban/{document:int}/trang/{number:int}.webp", picture),
    page("/van-ban/{document:int}/tep", original),
    page("/van-ban/{document:int}/tra-cuu", copy),
]
