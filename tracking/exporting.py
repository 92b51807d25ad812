"""What all kinds of export share: which registers there are, what the files are called, how a file is put in its place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from ingest.errors import FileAccessError
from tracking.file_names import slugs
from tracking.folding import fold_name
from tracking.reading import DepartmentTask
from tracking.register import ALL_AGENCIES, NO_AGENCY, SELECTION, Entry, Register
from tracking.rows import TaskFilter
from tracking.store import Store

COMBINED = "tong-hop"
UNASSIGNED = "chua-ro-co-quan"

Writer = Callable[[Register, Path], None]


def department_register(store: Store, agency: str, as_of: date | None) -> Register:
    """The register of one department.

    :raises NotFound: no agency has such a name. :raises UsageError: several have.
    """
    day = as_of or date.today()
    name = store.department_name(agency, day)
    groups, rows = store.group_names(), store.department_tasks(name, day)
    shared = set(store.shared_tasks(day))
    if name not in store.departments(day):
        # A commune: what it has as a member of "UBND các xã, phường" it shares with the others.
        shared |= {(row.task.id, name) for row in rows if fold_name(row.as_written) in groups}
    return Register(name, day, _entries(store, rows, name, shared), groups)


def nobodys_register(store: Store, as_of: date | None) -> Register:
    """The tasks that name no department."""
    day = as_of or date.today()
    return Register(NO_AGENCY, day, _entries(store, store.department_tasks(None, day)))


def combined_register(store: Store, as_of: date | None, wanted: TaskFilter | None = None) -> Register:
    """Every task once, or those that pass the filter, in its order."""
    rows = [DepartmentTask(task, "", "", False) for task in store.tasks(replace(wanted or TaskFilter(), as_of=as_of))]
    return Register(SELECTION if wanted else ALL_AGENCIES, as_of or date.today(), _entries(store, rows))


def all_registers(store: Store, as_of: date | None, *, places: bool = False) -> Iterator[tuple[str, Register]]:
    """File name without extension and register, for each department and for the tasks that name nobody, one after the other.

    A group of places ("UBND các xã, phường") has one file of its own; ``places`` writes one for each of them, often more than a hundred.
    """
    day = as_of or date.today()
    by_department = store.tasks_by_department(day, places=places)
    shared, groups = store.shared_tasks(day, places=places), store.group_names()
    for agency, name in slugs(by_department, taken=(COMBINED, UNASSIGNED)).items():
        yield name, Register(agency, day, _entries(store, by_department.pop(agency), agency, shared), groups)
    if (unassigned := nobodys_register(store, day)).rows:
        yield UNASSIGNED, unassigned


def _entries(
    store: Store, rows: Sequence[DepartmentTask], agency: str = "", shared: Collection[tuple[int, str]] = frozenset()
) -> tuple[Entry, ...]:
    """Each task with what is filled in: the department's own standing for what it leads together with others."""
    keys = [(row.task.id, agency if row.role == "lead" and (row.task.id, agency) in shared else None) for row in rows]
    standings = store.standings(keys, removed=True)  # the list of removed tasks is a list too
    return tuple(Entry(row, standings[key]) for row, key in zip(rows, keys, strict=True) if key in standings)


def write_department(store: Store, agency: str | None, path: Path, as_of: date | None, write: Writer) -> Path:
    """One department's register as one file, in the place of an older one; None: what names no department."""
    register = nobodys_register(store, as_of) if agency is None else department_register(store, agency, as_of)
    return put_in_place(path, lambda temporary: write(register, temporary))


def write_departments(store: Store, folder: Path, extension: str, as_of: date | None, write: Writer, *, places: bool = False) -> list[Path]:
    """A file for each department (``places``: see :func:`all_registers`); the paths written."""
    make_folder(folder)
    registers = all_registers(store, as_of, places=places)
    return [put_in_place(folder / f"{name}.{extension}", partial(write, register)) for name, register in registers]


def make_folder(folder: Path) -> None:
    """The folder for exports.

    :raises FileAccessError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileAccessError(f"không tạo được thư mục ({error.strerror}).", path=folder) from error


def put_in_place(path: Path, write: Callable[[Path], None]) -> Path:
    """Write beside the path and move there, so that a reader never sees half a file and a failure leaves the old one.

    :raises FileAccessError: the file cannot be written, for instance because a spreadsheet program has it open.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        try:
            write(temporary)
            # mkstemp makes files for the owner only; an export is for everybody the folder is for.
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "Hãy đóng tệp nếu đang mở trong chương trình khác và kiểm tra quyền ghi."
        raise FileAccessError(f"không ghi được tệp ({reason}).", path=path, remedy=remedy) from error
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
