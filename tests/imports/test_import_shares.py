"""Each of several departments that lead a task sends its own workbook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from filled_workbooks import AS_OF, TODAY, change, fill, found, make_tasks

from tracking import Store, export_xlsx
from tracking.importing import apply, combined, plan


@pytest.fixture
def shared(tmp_path: Path):
    with Store.open(tmp_path / "shared.db") as opened:
        fill(opened, (replace(make_tasks(1)[0], lead=("Sở Nội vụ", "Sở Y tế"), coordinating=()),))
        yield opened


def test_each_of_several_departments_reports_its_own(shared: Store, tmp_path: Path) -> None:
    paths = [export_xlsx.export_department(shared, name, tmp_path / f"{n}.xlsx", AS_OF) for n, name in enumerate(("Sở Nội vụ", "Sở Y tế"))]
    change(paths[0], {(1, "completed_on"): "2/3/2026", (1, "note"): "phần Nội vụ"})
    change(paths[1], {(1, "percent"): 30, (1, "note"): "phần Y tế"})
    proposed = combined([plan(shared, path, TODAY) for path in paths])
    assert (proposed.conflicts, proposed.problems) == ((), ())
    assert {(one.agency, one.field, one.new) for one in proposed.changes} == {
        ("Sở Nội vụ", "completed_on", "2026-03-02"),
        ("Sở Nội vụ", "note", "phần Nội vụ"),
        ("Sở Y tế", "percent", "30"),
        ("Sở Y tế", "note", "phần Y tế"),
    }
    result = apply(shared, proposed, "An")
    assert len(result.written) == 4
    standings = shared.standings([(1, "Sở Nội vụ"), (1, "Sở Y tế"), (1, None)])
    assert [(standing.agency, standing.values["status"], standing.values["note"]) for standing in standings.values()] == [
        ("Sở Nội vụ", "done", "phần Nội vụ"),
        ("Sở Y tế", "open", "phần Y tế"),
        (None, "open", None),
    ]
    for path in paths:
        again = plan(shared, path, TODAY)
        assert (again.changes, again.conflicts, again.problems) == ((), (), ())


def test_two_files_that_disagree(store: Store, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "khac.xlsx"
    other.write_bytes(path.read_bytes())
    change(path, {(1, "note"): "một", (2, "note"): "như nhau"})
    change(other, {(1, "note"): "hai", (2, "note"): "như nhau"})
    proposed = combined([plan(store, one, TODAY) for one in (path, other)])
    assert found(proposed.changes) == {(1, "note"): "một", (2, "note"): "như nhau"}
    (problem,) = proposed.problems
    assert problem.cell.startswith("khac.xlsx: Nhiệm vụ!G")
    assert "so-noi-vu.xlsx: Nhiệm vụ!G" in problem.message


def test_a_share_of_a_department_that_no_longer_answers(shared: Store, tmp_path: Path) -> None:
    path = export_xlsx.export_department(shared, "Sở Y tế", tmp_path / "x.xlsx", AS_OF)
    proposed = plan(shared, change(path, {(1, "note"): "của Y tế"}), TODAY)
    shared.assign(1, who="Bình", lead=["Sở Nội vụ"])
    result = apply(shared, proposed, "An")
    assert (result.action, result.written) == (0, ())
    assert "không được giao" in result.refused[0].message
