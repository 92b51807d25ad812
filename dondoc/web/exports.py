"""Files to take away: each view of tasks, one department's lists and letters, the whole office."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dondoc.web.guard import page
from dondoc.web.office import office_of
from dondoc.web.parcels import ahead, packed
from dondoc.web.viewing import view_of, whole
from ingest.errors import NotFound
from tracking.file_names import slug
from tracking.register import NO_AGENCY

if TYPE_CHECKING:
    from tracking import Store, TaskFilter

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "zip": "application/zip",
}
LETTERS = {"phieu-giao-viec": "Phiếu giao việc", "cong-van-don-doc": "Công văn đôn đốc"}
_FORBIDDEN = '<>:"/\\|?*'
_LONGEST_NAME = 120


def view(request: Request) -> Response:
    """All tasks of a view, whatever page of it is shown."""
    form = _form(request)
    wanted = view_of(request.query_params)
    chosen = whole(wanted) if wanted.params else None
    with office_of(request).store() as store:
        content = _made(form, lambda path: _combined(form)(store, path, None, chosen))
    return download(content, f"Danh mục nhiệm vụ {date.today()}.{form}")


def department(request: Request) -> Response:
    """One department's tasks; with an empty name those that name nobody."""
    form = _form(request)
    with office_of(request).store() as store:
        agency = None if request.query_params.get("ten") == "" else store.department_name(_department(request))
        content = _made(form, lambda path: _departments(form)(store, agency, path))
    return download(content, f"{agency or NO_AGENCY} {date.today()}.{form}")


def letter(request: Request) -> Response:
    """A letter to one department."""
    from tracking import letters  # noqa: PLC0415 - Word templates take a second to import
    from tracking.exporting import department_register  # noqa: PLC0415

    kind, office = request.path_params["kind"], office_of(request)
    if kind not in LETTERS:
        raise NotFound("không có loại văn bản này.")
    with office.store() as store:
        register = department_register(store, _department(request), None)
    entries = letters.chosen(kind, register)
    if not entries:
        owed = "không có nhiệm vụ quá hạn hoặc sắp đến hạn" if kind == letters.URGING else "không còn nhiệm vụ nào phải làm"
        raise NotFound(f"{register.agency} {owed} nên không có {LETTERS[kind].lower()}.")
    sender = office.workspace.settings().letterhead
    content = _made("docx", lambda path: letters.write(kind, letters.context(register, entries, sender), sender, path))
    return download(content, f"{LETTERS[kind]} {register.agency} {date.today()}.docx")


def everything(request: Request) -> Response:
    """The whole office: workbooks and letters for each department, the list of all, the calendar of all."""
    from tracking.export_office import office_files  # noqa: PLC0415

    office = office_of(request)

    def make() -> Iterator[bytes]:
        with TemporaryDirectory(prefix="dondoc-") as folder, office.store() as store:
            yield from packed(office_files(store, Path(folder), office.workspace.settings().letterhead))

    chunks = ahead(make)
    first = next(chunks)  # what is wrong with a template can still be told
    headers = {"Content-Disposition": disposition(f"dondoc {date.today()}.zip")}
    return StreamingResponse(chain([first], chunks), media_type=KINDS["zip"], headers=headers)


def download(content: bytes, name: str) -> Response:
    """A file to be kept under that name."""
    return Response(content, media_type=KINDS[name.rpartition(".")[2]], headers={"Content-Disposition": disposition(name)})


def disposition(name: str) -> str:
    """The header that names a file, which may hold any letters: once in ASCII, once as RFC 8187 says."""
    stem, _, extension = name.rpartition(".")
    kept = "".join("_" if sign in _FORBIDDEN or unicodedata.category(sign)[0] == "C" else sign for sign in stem)
    kept = kept[:_LONGEST_NAME].strip(" .") or "dondoc"
    return f"attachment; filename=\"{slug(kept)}.{extension}\"; filename*=UTF-8''{quote(f'{kept}.{extension}', safe='')}"


def _made(form: str, write: Callable[[Path], object]) -> bytes:
    """What ``write`` puts into a temporary file, which is gone afterwards whatever happens."""
    with TemporaryDirectory(prefix="dondoc-") as folder:
        path = Path(folder) / f"xuat.{form}"
        write(path)
        return path.read_bytes()


def _form(request: Request) -> str:
    form: str = request.path_params["form"]
    if form not in KINDS or form == "zip":
        raise NotFound(f"không xuất được ra kiểu «{form[:20]}».")
    return form


def _department(request: Request) -> str:
    name = request.query_params.get("ten", "").strip()
    if not name:
        raise NotFound("chưa nêu đơn vị.")
    return name


def _departments(form: str) -> Callable[[Store, str | None, Path], Path]:
    from tracking import export_csv, export_docx, export_ics, export_json, export_xlsx  # noqa: PLC0415

    return {
        "xlsx": export_xlsx.export_department,
        "docx": export_docx.export_department,
        "csv": export_csv.export_department,
        "ics": export_ics.export_department,
        "json": export_json.export_department,
    }[form]


def _combined(form: str) -> Callable[[Store, Path, date | None, TaskFilter | None], Path]:
    from tracking import export_csv, export_docx, export_ics, export_json, export_xlsx  # noqa: PLC0415

    return {
        "xlsx": export_xlsx.export_combined,
        "docx": export_docx.export_combined,
        "csv": export_csv.export_combined,
        "ics": export_ics.export_combined,
        "json": export_json.export_combined,
    }[form]


routes = [
    page("/nhiem-vu/xuat.{form}", view),
    page("/don-vi/xuat.{form}", department),
    page("/don-vi/{kind}.docx", letter),
    page("/don-vi/tat-ca.zip", everything),
]
