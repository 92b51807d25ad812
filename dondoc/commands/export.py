# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
"""``dondoc export``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.commands.options import AsOfOption, JsonOption, WorkspaceOption, optional_day
from ingest.errors import FileAccessError, UsageError

if TYPE_CHECKING:
    from datetime import date

    from tracking import Store


class ExportFormat(StrEnum):
    """Kinds of file that can be written."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


def export(
    workspace: WorkspaceOption = None,
    form: Annotated[
        ExportFormat, typer.Option("--format", "-f", help="xlsx for people, csv (UTF-8 with BOM) or json for programs.")
    ] = ExportFormat.XLSX,
    agency: Annotated[str | None, typer.Option("--agency", "-a", metavar="NAME", help="Only this department's file.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="One file with every task, instead of one for each department.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="PATH", help="The folder, or the file for --agency and --all.")] = None,
    members: Annotated[
        bool,
        typer.Option("--members", help="One file for each commune of «UBND các xã, phường», instead of one for all of them together."),
    ] = False,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the follow-up register: a file for each department, one department's, or one for all.

    The columns are those of the register of Nghị định 30/2020 and what follow-up needs besides. Without --out the files go to exports/
    in the workspace. A file that is there already is replaced. A group of departments («các sở, ban, ngành») is in the file of each of its
    members; a group of places («UBND các xã, phường») has one file of its own unless --members is given, and `--agency "UBND xã …"` writes
    the file of a single one.

    Examples: `dondoc export` · `dondoc export --agency "Sở Nội vụ" --out so-noi-vu.xlsx` · `dondoc export --all --format csv`
    """
    if agency and everything:
        raise UsageError("--agency và --all không đi cùng nhau.")
    if members and (agency or everything):
        raise UsageError("--members chỉ dùng khi xuất cho từng cơ quan.")
    place = workspaces.find(workspace)
    with place.store() as store:
        default = place.root / "exports"
        written = _write(store, form, agency, everything=everything, members=members, out=out, default=default, as_of=optional_day(as_of))
    if as_json:
        screen.write_json([str(path) for path in written])
    elif not written:
        screen.say("Chưa có nhiệm vụ nào để xuất.")
    elif len(written) == 1:
        screen.say(f"Đã ghi {written[0]}.")
    else:
        screen.say(f"Đã ghi {len(written)} tệp vào {written[0].parent}.")


def _write(
    store: Store,
    form: ExportFormat,
    agency: str | None,
    *,
    everything: bool,
    members: bool,
    out: Path | None,
    default: Path,
    as_of: date | None,
) -> list[Path]:
    from tracking import export_csv, export_json, export_xlsx
    from tracking.exporting import COMBINED
    from tracking.file_names import slug

    # Written out: the three modules offer the same functions, but a type checker sees only their common base, a module.
    department, combined, all_departments = {
        ExportFormat.XLSX: (export_xlsx.export_department, export_xlsx.export_combined, export_xlsx.export_all),
        ExportFormat.CSV: (export_csv.export_department, export_csv.export_combined, export_csv.export_all),
        ExportFormat.JSON: (export_json.export_department, export_json.export_combined, export_json.export_all),
    }[form]
    if everything:
        return [combined(store, _file(out, default, f"{COMBINED}.{form}"), as_of)]
    if agency:
        return [department(store, agency, _file(out, default, f"{slug(agency)}.{form}"), as_of)]
    if out is not None and out.exists() and not out.is_dir():
        raise UsageError("--out phải là thư mục khi xuất cho từng cơ quan.", path=out)
    return all_departments(store, out or default, as_of, places=members)


def _file(out: Path | None, default: Path, name: str) -> Path:
    path = default / name if out is None else out / name if out.is_dir() else out
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileAccessError(f"không tạo được thư mục ({error.strerror}).", path=path.parent) from error
    return path
