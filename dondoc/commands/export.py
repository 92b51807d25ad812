# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
"""``dondoc export``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, Protocol

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.commands.options import AsOfOption, JsonOption, WorkspaceOption, optional_day
from ingest.errors import FileAccessError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from dondoc.settings import OfficeSettings
    from dondoc.workspace import Workspace
    from tracking import Store

FORMATS = ("xlsx", "docx", "csv", "ics", "json")


def export(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command
    workspace: WorkspaceOption = None,
    form: Annotated[
        str,
        typer.Option("--format", "-f", metavar="LIST", help="xlsx, docx, csv, ics, json; several with commas between. Default: xlsx."),
    ] = "xlsx",
    agency: Annotated[str | None, typer.Option("--agency", "-a", metavar="NAME", help="Only this department's files.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="One file with every task, instead of one for each department.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="PATH", help="The folder; or the file, where a single one is written or with --zip."),
    ] = None,
    members: Annotated[
        bool,
        typer.Option("--members", help="One file for each commune of «UBND các xã, phường», instead of one for all of them together."),
    ] = False,
    zipped: Annotated[bool, typer.Option("--zip", help="All the files in one zip archive.")] = False,
    templates: Annotated[
        bool,
        typer.Option("--templates", help="Only copy the Word templates of the letters into the workspace, to be changed there."),
    ] = False,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what departments and the office work with: registers, letters, calendars.

    *xlsx*: the register of Nghị định 30/2020, to print and to fill in; `dondoc import so-noi-vu.xlsx` takes it back. *docx*: a phiếu giao
    việc and, when something is overdue or due within a week, a công văn đôn đốc to each department; the office's name, place and signer
    stand in dondoc.toml under [office], the layout in Word templates that --templates copies out. *csv*, *json*: for programs. *ics*:
    deadlines for a calendar, with reminders 7 days and 1 day before. What each file holds: docs/exports.md.

    Without --out the files go to exports/ in the workspace. A file that is there already is replaced. A group of departments («các sở,
    ban, ngành») is in the file of each of its members; a group of places («UBND các xã, phường») has one file of its own unless --members
    is given, and `--agency "UBND xã …"` writes the file of a single one.

    Examples: `dondoc export` · `dondoc export --agency "Sở Nội vụ" --out so-noi-vu.xlsx` · `dondoc export --all --format csv` ·
    `dondoc export --format xlsx,docx,ics --zip`
    """
    place = workspaces.find(workspace)
    if templates:
        _tell(_copy_templates(place), as_json=as_json, nothing="Các mẫu đã có sẵn, không chép đè.")
        return
    wanted = _Wanted(_formats(form), agency, everything, members, optional_day(as_of))
    with place.store() as store:
        written = _zip(store, place, wanted, out) if zipped else _write(store, place, wanted, out)
    _tell(written, as_json=as_json, nothing="Chưa có nhiệm vụ nào để xuất.")


@dataclass(frozen=True, slots=True)
class _Wanted:
    formats: tuple[str, ...]
    agency: str | None
    everything: bool
    members: bool
    as_of: date | None

    def __post_init__(self) -> None:
        if self.agency and self.everything:
            raise UsageError("--agency và --all không đi cùng nhau.")
        if self.members and (self.agency or self.everything):
            raise UsageError("--members chỉ dùng khi xuất cho từng cơ quan.")
        if self.everything and "docx" in self.formats:
            raise UsageError("phiếu giao việc và công văn (docx) là của từng cơ quan, không đi cùng --all.")

    @property
    def one_file(self) -> bool:
        """Whether --out may name the file itself."""
        return len(self.formats) == 1 and "docx" not in self.formats and (self.everything or self.agency is not None)


def _formats(given: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for part in given.split(",") if (name := part.strip().lower())))
    if unknown := [name for name in names if name not in FORMATS]:
        raise UsageError(f"không có định dạng {', '.join(unknown)}.", remedy=f"Các định dạng: {', '.join(FORMATS)}.")
    if not names:
        raise UsageError("chưa nêu định dạng.", remedy=f"Các định dạng: {', '.join(FORMATS)}.")
    return names


def _write(store: Store, place: Workspace, wanted: _Wanted, out: Path | None) -> list[Path]:
    default = place.root / "exports"
    if wanted.one_file:
        form = wanted.formats[0]
        return [_write_one(store, form, wanted, _file(out, default, f"{_stem(store, wanted)}.{form}"))]
    if out is not None and out.exists() and not out.is_dir():
        raise UsageError("--out phải là thư mục khi xuất nhiều tệp.", path=out)
    folder = out or default
    written: list[Path] = []
    for form in wanted.formats:
        if form == "docx":
            written += _letters(store, wanted, folder, place.settings().letterhead)
        elif wanted.agency or wanted.everything:
            written.append(_write_one(store, form, wanted, _file(None, folder, f"{_stem(store, wanted)}.{form}")))
        else:
            written += _writers(form).departments(store, folder, wanted.as_of, places=wanted.members)
    return written


def _write_one(store: Store, form: str, wanted: _Wanted, path: Path) -> Path:
    writers = _writers(form)
    return writers.department(store, wanted.agency, path, wanted.as_of) if wanted.agency else writers.combined(store, path, wanted.as_of)


def _letters(store: Store, wanted: _Wanted, folder: Path, sender: OfficeSettings) -> list[Path]:
    from tracking import letters

    if wanted.agency:
        return letters.export_department(store, wanted.agency, folder, sender, wanted.as_of)
    return letters.export_all(store, folder, sender, wanted.as_of, places=wanted.members)


def _zip(store: Store, place: Workspace, wanted: _Wanted, out: Path | None) -> list[Path]:
    import zipfile
    from datetime import date
    from tempfile import TemporaryDirectory

    from tracking.exporting import put_in_place

    day = wanted.as_of or date.today()
    path = _file(out, place.root / "exports", f"dondoc-{day}.zip")
    with TemporaryDirectory(prefix="dondoc-") as folder:
        written = _write(store, place, wanted, Path(folder))
        if not written:
            return []

        def pack(temporary: Path) -> None:
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
                for one in sorted(written):
                    archive.write(one, one.name)

        return [put_in_place(path, pack)]


def _copy_templates(place: Workspace) -> list[Path]:
    from tracking.letters import copy_templates

    return copy_templates(Path(place.settings().letterhead.templates))


class _Writers(NamedTuple):
    """The three functions that every kind of register file offers."""

    department: Callable[[Store, str, Path, date | None], Path]
    combined: Callable[[Store, Path, date | None], Path]
    departments: _Departments


class _Departments(Protocol):
    def __call__(self, store: Store, folder: Path, as_of: date | None, /, *, places: bool) -> list[Path]: ...


def _writers(form: str) -> _Writers:
    from tracking import export_csv, export_ics, export_json, export_xlsx

    # Written out: a type checker sees only the common base of the modules, a module.
    return {
        "xlsx": _Writers(export_xlsx.export_department, export_xlsx.export_combined, export_xlsx.export_all),
        "csv": _Writers(export_csv.export_department, export_csv.export_combined, export_csv.export_all),
        "json": _Writers(export_json.export_department, export_json.export_combined, export_json.export_all),
        "ics": _Writers(export_ics.export_department, export_ics.export_combined, export_ics.export_all),
    }[form]


def _stem(store: Store, wanted: _Wanted) -> str:
    from tracking.exporting import COMBINED
    from tracking.file_names import slug

    return slug(store.department_name(wanted.agency, wanted.as_of)) if wanted.agency else COMBINED


def _file(out: Path | None, default: Path, name: str) -> Path:
    path = default / name if out is None else out / name if out.is_dir() else out
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileAccessError(f"không tạo được thư mục ({error.strerror}).", path=path.parent) from error
    return path


def _tell(written: list[Path], *, as_json: bool, nothing: str) -> None:
    if as_json:
        screen.write_json([str(path) for path in written])
    elif not written:
        screen.say(nothing)
    elif len(written) == 1:
        screen.say(f"Đã ghi {written[0]}.")
    else:
        screen.say(f"Đã ghi {len(written)} tệp vào {written[0].parent}.")
