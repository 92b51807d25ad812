"""What most of these tests begin with: a store of twelve tasks, and the workbook of one department as it was sent out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from filled_workbooks import AS_OF, fill, make_tasks

from tracking import Store, export_xlsx


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "dondoc.db") as opened:
        fill(opened, make_tasks(12))
        yield opened


@pytest.fixture
def path(store: Store, tmp_path: Path) -> Path:
    return export_xlsx.export_department(store, "Sở Nội vụ", tmp_path / "so-noi-vu.xlsx", AS_OF)
