"""Workbooks that were filled in come back: exactly what the person changed, nothing that others changed."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path

import pytest
from filled_workbooks import AS_OF, TODAY, cells_of, change, everything, fill, found, make_tasks
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tracking import Store, export_xlsx
from tracking.importing import apply, plan
from tracking.standing import FIELDS


def some_value(name: str, task: int, rng: random.Random) -> tuple[object, str]:
    """What is typed, and the value it means."""
    day = date(2026, rng.randint(1, 6), rng.randint(1, 28))
    choices: dict[str, tuple[object, str]] = {
        "percent": (str(rng.randint(1, 99)), ""),
        "progress": (f"=đã trình lần {task}"[1:], ""),
        "reply_number": (f"{task}/BC-SNV", ""),
        "note": (f"- ghi chú <b>{task}</b>", ""),
        "due": (f"{day.replace(year=2027):%d/%m/%Y}", f"{day.replace(year=2027)}"),
        "text": (f"Rà soát lại danh mục số {task}, báo cáo kết quả.", ""),
        "lead": (f"Sở Tài chính; Phòng số {task}", ""),
        "coordinating": (f"Công an tỉnh; Ban số {task}", ""),
        "completed_on": (datetime(day.year, day.month, day.day), f"{day}"),
        "status": (("đang thực hiện", "Trả lại (không đúng thẩm quyền)")[task % 2], ("in_progress", "returned")[task % 2]),
    }
    typed, means = choices[name]
    return typed, means or str(typed)


@pytest.mark.parametrize("seed", range(3))
def test_fifty_changes_come_back_as_those_fifty(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    with Store.open(tmp_path / "dondoc.db") as store:
        fill(store, make_tasks(40))
        path = export_xlsx.export_combined(store, tmp_path / "x.xlsx", AS_OF)
        before = everything(store)
        places = [(task, name) for task in range(1, 41) for name in FIELDS if name != ("status" if task % 3 else "completed_on")]
        chosen = rng.sample(places, 50)
        typed = {place: some_value(place[1], place[0], rng) for place in chosen}
        change(path, {place: value for place, (value, _) in typed.items()})
        proposed = plan(store, path, TODAY)
        assert (proposed.problems, proposed.conflicts) == ((), ())
        assert found(proposed.changes) == {place: means for place, (_, means) in typed.items()}
        assert everything(store) == before
        result = apply(store, proposed, "An")
        assert set(result.written) == set(proposed.changes)
        wanted = {task: dict(values) for task, values in before.items()}  # type: ignore[call-overload]
        for (task, name), (_, means) in typed.items():
            wanted[task][name] = means
            if name == "completed_on":
                wanted[task]["status"] = "done"
        after = everything(store)
        # Completion makes a percentage that was reported 100; the file's own percentage stands.
        assert after == wanted
        again = plan(store, path, TODAY)
        assert (again.changes, again.conflicts, again.problems) == ((), (), ())
        # One act, undone as one.
        assert {store.last_action(task) for task, _ in chosen} == {result.action}
        store.undo(result.action, "An")
        assert everything(store) == before


def test_an_untouched_workbook_changes_nothing_whatever_others_did(store: Store, path: Path) -> None:
    store.mark_done(1, date(2026, 3, 1), "Bình", "xong")
    store.edit(2, who="Bình", due="2026-12-31", note="đã hỏi")
    nothing = plan(store, path, TODAY)
    assert (nothing.changes, nothing.conflicts, nothing.problems, nothing.rows) == ((), (), (), 12)
    assert apply(store, nothing, "An").action == 0


def test_what_both_changed_is_a_conflict_that_names_the_other(store: Store, path: Path) -> None:
    change(path, {(1, "note"): "của tôi", (2, "progress"): "đã trình", (3, "reply_number"): "5/BC"})
    store.edit(1, who="Bình", note="của Bình")
    store.edit(3, who="Bình", reply_number="5/BC")
    proposed = plan(store, path, TODAY)
    assert found(proposed.changes) == {(2, "progress"): "đã trình"}
    (conflict,) = proposed.conflicts
    assert (conflict.change.old, conflict.change.new, conflict.now, conflict.who) == (None, "của tôi", "của Bình", "Bình")
    assert conflict.change.cell == f"Nhiệm vụ!G{cells_of(load_workbook(path)['Nhiệm vụ'])[1]}"
    apply(store, proposed, "An")
    assert store.task(1).task.note == "của Bình"
    apply(store, proposed.taking(proposed.conflicts), "An")
    assert store.task(1).task.note == "của tôi"
    assert plan(store, path, TODAY).conflicts == ()


def test_status_and_day_conflict_together(store: Store, path: Path) -> None:
    change(path, {(1, "status"): "Hoàn thành", (1, "completed_on"): "20/3/2026", (2, "completed_on"): "20/3/2026"})
    store.set_status(1, "in_progress", "Bình")
    store.set_status(2, "returned", "Bình")
    proposed = plan(store, path, TODAY)
    assert proposed.changes == ()
    assert {(one.change.task_id, one.change.field, one.who) for one in proposed.conflicts} == {
        (1, "status", "Bình"),
        (1, "completed_on", "Bình"),
        (2, "completed_on", "Bình"),
    }
    apply(store, proposed.taking(proposed.conflicts), "An")
    assert [store.task(task).task.completed_on for task in (1, 2)] == [date(2026, 3, 20)] * 2


def test_somebody_is_quicker_than_the_answer(store: Store, path: Path) -> None:
    change(path, {(1, "note"): "của tôi", (2, "note"): "của tôi"})
    proposed = plan(store, path, TODAY)
    store.edit(1, who="Bình", note="của Bình")
    result = apply(store, proposed, "An")
    assert found(result.written) == {(2, "note"): "của tôi"}
    assert [(late.change.task_id, late.now, late.who) for late in result.too_late] == [(1, "của Bình", "Bình")]
    assert store.task(1).task.note == "của Bình"


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=60), min_size=12, max_size=12))
def test_no_text_looks_changed_by_going_through_a_workbook(store: Store, tmp_path: Path, texts: list[str]) -> None:
    for task, text in enumerate(texts, 1):
        store.edit(task, who="An", note=text, progress=text[::-1])
    nothing = plan(store, export_xlsx.export_combined(store, tmp_path / "x.xlsx", AS_OF), TODAY)
    assert (nothing.changes, nothing.conflicts, nothing.problems) == ((), (), ())
