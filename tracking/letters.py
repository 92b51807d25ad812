"""Phiếu giao việc and công văn đôn đốc for each department, from Word templates that an office may replace.

A template is a .docx with Jinja marks (docxtpl); the names that it may use are those of :func:`context`, explained in docs/exports.md.
The packaged ones (``python -m scripts.letter_templates``) follow Phụ lục I of Nghị định 30/2020/NĐ-CP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from ingest.errors import UsageError
from tracking.exporting import all_registers, department_register, make_folder, put_in_place
from tracking.file_names import slug
from tracking.folding import fold_name
from tracking.register import Entry, Register, document_title
from tracking.standing import cell_text
from tracking.store import Store
from tracking.views import SOON_DAYS

ASSIGNMENT, URGING = "phieu-giao-viec", "cong-van-don-doc"
KINDS = (ASSIGNMENT, URGING)
"""Names of the letters and of their templates."""

_BLANK = "…………"


class Office(Protocol):
    r"""``[office]`` of the settings: who sends the letters. What is empty stays dotted, to be written by hand.

    ``parent``: the superior body. ``signer_title``: lines between ``\n`` ("KT. Giám đốc", "Phó Giám đốc"). ``templates``: the folder of the
    office's own templates, absolute, or empty.
    """

    @property
    def parent(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def symbol(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def signer_title(self) -> str: ...  # noqa: D102
    @property
    def signer(self) -> str: ...  # noqa: D102
    @property
    def archive(self) -> str: ...  # noqa: D102
    @property
    def templates(self) -> str: ...  # noqa: D102


def export_department(store: Store, agency: str, folder: Path, office: Office, as_of: date | None = None) -> list[Path]:
    """Write the letters to one department into the folder; the paths written (no công văn when nothing presses).

    :raises NotFound: no agency has such a name. :raises UsageError: a template cannot be used. :raises FileAccessError: no writing there.
    """
    make_folder(folder)
    register = department_register(store, agency, as_of)
    return write_letters(register, folder / slug(register.agency), office)


def export_all(store: Store, folder: Path, office: Office, as_of: date | None = None, *, places: bool = False) -> list[Path]:
    """Write the letters to every department; ``places``: also to each commune or province of a group."""
    make_folder(folder)
    found = all_registers(store, as_of, places=places)
    return [path for name, register in found if register.named for path in write_letters(register, folder / name, office)]


def copy_templates(folder: Path) -> list[Path]:
    """Put the packaged templates into the folder, to be changed there; those that are there stay. The paths written."""
    make_folder(folder)
    missing = [folder / f"{kind}.docx" for kind in KINDS if not (folder / f"{kind}.docx").exists()]
    return [put_in_place(path, partial(_copy, path.stem)) for path in missing]


def _copy(kind: str, path: Path) -> None:
    path.write_bytes(_packaged(kind))


def _packaged(kind: str) -> bytes:
    return resources.files("tracking").joinpath("resources", f"{kind}.docx").read_bytes()


def write_letters(register: Register, stem: Path, office: Office) -> list[Path]:
    """Write the letters for a register that are called for, named after ``stem``; the paths written."""
    written = []
    for kind in KINDS:
        entries = chosen(kind, register)
        if entries:
            path = stem.with_name(f"{stem.name}.{kind}.docx")
            written.append(put_in_place(path, partial(write, kind, context(register, entries, office), office)))
    return written


def try_out(office: Office, register: Register) -> None:
    """Fill the templates in with the first task of a register.

    :raises UsageError: one cannot be used.
    """
    with TemporaryDirectory(prefix="dondoc-") as folder:
        for kind in KINDS:
            write(kind, context(register, register.rows[:1], office), office, Path(folder) / "thu.docx")


def chosen(kind: str, register: Register) -> list[Entry]:
    """The tasks of a letter: all that the department leads and still owes; for the công văn those overdue or due within a week."""
    owed = [entry for entry in register.rows if entry.owed and entry.fillable]
    if kind == ASSIGNMENT:
        return owed
    pressing = [entry for entry in owed if entry.due and (entry.due - register.as_of).days <= SOON_DAYS]
    return sorted(pressing, key=lambda entry: (entry.due, entry.task.id))


def context(register: Register, entries: Iterable[Entry], office: Office) -> dict[str, Any]:
    """What a template may use; names without diacritics, since Word's autocorrection spoils others."""
    rows = [_row(number, entry, register) for number, entry in enumerate(entries, 1)]
    day = register.as_of
    return {
        "co_quan_chu_quan": office.parent.upper(),
        "co_quan": office.name.upper() or _BLANK,
        "co_quan_gui": office.name or "cơ quan theo dõi",
        "ky_hieu": office.symbol or _BLANK,
        "dia_danh": office.place or _BLANK,
        # Nghị định 30: a zero before days under 10 and the months 1 and 2.
        "ngay": f"{day.day:02}",
        "thang": f"{day.month:02}" if day.month < 3 else str(day.month),
        "nam": str(day.year),
        "tinh_den": f"{day:%d/%m/%Y}",
        "don_vi": cell_text(register.agency),
        "nhiem_vu": rows,
        "tong": len(rows),
        "so_qua_han": sum(row["so_ngay_qua_han"] > 0 for row in rows),
        "so_sap_den_han": sum(row["sap_den_han"] for row in rows),
        "chuc_vu": office.signer_title.upper() or _BLANK,
        "nguoi_ky": office.signer,
        "luu": office.archive,
    }


def _row(number: int, entry: Entry, register: Register) -> dict[str, Any]:
    task = entry.task
    left = (entry.due - register.as_of).days if entry.due else None
    others, helpers = "; ".join(_others(entry, register)), "; ".join(task.coordinating)
    shared = [f"{role}: {names}" for role, names in (("Cùng chủ trì", others), ("Phối hợp", helpers)) if names]
    texts = {
        "ma": str(task.id),
        "noi_dung": task.text,
        "van_ban": document_title(task),
        "chu_tri": task.lead_text,
        "cung_chu_tri": others,
        "phoi_hop": helpers,
        "cung_thuc_hien": "\n".join(shared),
        "ket_qua": task.expected_result or "",
        "thoi_han": entry.deadline,
        "trang_thai": entry.standing.status_label,
        "tien_do": entry.standing.values["progress"] or "",
        "ghi_chu": entry.standing.values["note"] or "",
    }
    late = max(0, -left) if left is not None else 0
    soon = left is not None and 0 <= left <= SOON_DAYS
    return {name: cell_text(text) for name, text in texts.items()} | {"stt": number, "so_ngay_qua_han": late, "sap_den_han": soon}


def _others(entry: Entry, register: Register) -> list[str]:
    """Who else leads the task, as the directive names them: of a group that the department belongs to the other members."""
    given = entry.given
    found = []
    for name in given.task.lead:
        if name == register.agency:
            continue
        if name not in given.as_written:
            found.append(name)
        elif fold_name(name) in register.groups:
            found.append(f"{name} khác")
    return found


def write(kind: str, values: dict[str, Any], office: Office, path: Path) -> None:
    """Fill the template of that kind, the office's own when there is one.

    :raises UsageError: the template is no Word file, its marks are wrong, or it uses a name that is not there.
    """
    own = Path(office.templates, f"{kind}.docx") if office.templates else None
    source = own if own is not None and own.is_file() else None
    _guarded(source, lambda: _render(kind, source, values, path))


class _Environment(SandboxedEnvironment):
    """Compiles each part of a template once: an office has a hundred letters of one kind."""

    def from_string(self, source: Any, *_: Any, **__: Any) -> Template:
        return _compiled(source)


_ENVIRONMENT = _Environment(undefined=StrictUndefined, autoescape=True)


@lru_cache(maxsize=64)
def _compiled(source: str) -> Template:
    return SandboxedEnvironment.from_string(_ENVIRONMENT, source)


def _render(kind: str, source: Path | None, values: dict[str, Any], path: Path) -> None:
    with resources.as_file(resources.files("tracking").joinpath("resources", f"{kind}.docx")) as packaged:
        template = DocxTemplate(source or packaged)
        # Values come from scans: they are text, never marks of the template or of XML.
        template.render(values, _ENVIRONMENT, autoescape=True)
        template.save(path)


def _guarded(source: Path | None, act: Callable[[], None]) -> None:
    try:
        act()
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise _bad(source, f"{error.message or error}" + (f" (dòng {line})" if line else "")) from error
    except OSError:
        raise
    except Exception as error:  # python-docx and lxml meet a spoilt file with whatever exception comes first
        raise _bad(source, f"{type(error).__name__}: {error}") from error


def _bad(source: Path | None, reason: str) -> UsageError:
    remedy = "Hãy sửa mẫu (tên dùng được: docs/exports.md), hoặc xóa tệp để dùng mẫu có sẵn."
    return UsageError(f"mẫu văn bản không dùng được: {reason}.", path=source, remedy=remedy)
