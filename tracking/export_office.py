"""The files of the whole office, one after the other: each department's workbook and letters, then the list and the calendar of all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from tracking import export_ics, export_xlsx, letters
from tracking.exporting import COMBINED, all_registers, put_in_place
from tracking.letters import Office
from tracking.store import Store


def office_files(store: Store, folder: Path, office: Office, as_of: date | None = None) -> Iterator[Path]:
    """Write the next file into the folder each time one is asked for; whoever has used a file may remove it.

    :raises UsageError: a template cannot be used; told before the first file.
    """
    tried = False
    for name, register in all_registers(store, as_of):
        if not tried:
            letters.try_out(office, register)
            tried = True
        yield put_in_place(folder / f"{name}.xlsx", partial(export_xlsx.write, store.identity, register))
        if register.named:
            yield from letters.write_letters(register, folder / name, office)
    yield export_xlsx.export_combined(store, folder / f"{COMBINED}.xlsx", as_of)
    yield export_ics.export_combined(store, folder / f"{COMBINED}.ics", as_of)
