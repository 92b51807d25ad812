"""Headers that people correct: kept when the paper is read again, and followed by all that hangs on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fresh_store import fresh
from tracking_directive import DIRECTIVE, HEADER, TASKS, make_document, save

from extract.directive import Deadline, Reference, RelativeTerm
from ingest.errors import ConflictError, NotFound, UsageError
from tracking import Store
from tracking.headers import HEADER_FIELDS

BY_HAND = "Số văn bản viết tay hoặc khó đọc (trang 1, dòng 3), cần nhập lại theo bản gốc."
GAP = "Sau mục 2 là mục 4 (trang 1, dòng 20): có thể thiếu một mục, cần đối chiếu với bản gốc."
OTHER = make_document("b" * 64)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fresh(tmp_path) as opened:
        yield opened


def office(store: Store) -> list[tuple[Any, ...]]:
    return list(store.query("SELECT who, what, subject, field, old_value, new_value FROM office_events ORDER BY id").rows)


@pytest.mark.parametrize("field", HEADER_FIELDS)
def test_a_corrected_field_outlives_reading_again(store: Store, field: str) -> None:
    save(store)
    value = "2024-02-01" if field == "date" else "Đã sửa"
    row = store.edit_document(1, who="An", **{field: f" {value}  "})
    assert str(getattr(row, field)) == value
    old = None if field in ("incoming_number", "signer", "signer_title") else str(getattr(HEADER, field))
    assert office(store) == [("An", "edit_document", "document:1", field, old, value)]
    save(
        store,
        replace(
            DIRECTIVE, header=replace(HEADER, number="9/X", type="Công văn", issuer="Y", date=date(2020, 1, 1), place="Z", subject="T")
        ),
    )
    assert str(getattr(store.document(1), field)) == value
    others = {"number": "9/X", "type": "Công văn", "issuer": "Y"}
    assert all(getattr(store.document(1), name) == value for name, value in others.items() if name != field)


def test_an_emptied_field_stays_empty(store: Store) -> None:
    save(store)
    store.edit_document(1, who="An", number="")
    save(store)
    assert store.document(1).number is None


def test_citations_follow_the_number(store: Store) -> None:
    cited = save(
        store, replace(DIRECTIVE, header=replace(HEADER, number="6/QĐ-UBND", type="Quyết định", date=date(2023, 12, 1)), references=())
    ).document_id
    citing = save(
        store, replace(DIRECTIVE, references=(Reference("Quyết định", "5/QĐ-UBND", date(2023, 12, 1), "UBND tỉnh"),)), OTHER
    ).document_id
    assert store.citations(citing)[0].cited_document_id is None
    store.edit_document(cited, who="An", number="5/QĐ-UBND")
    assert store.citations(citing)[0].cited_document_id == cited
    store.edit_document(cited, who="An", number="7/QĐ-UBND")
    assert store.citations(citing)[0].cited_document_id is None


def test_second_scans_are_known_by_the_corrected_header(store: Store) -> None:
    first = save(store).document_id
    second = save(store, replace(DIRECTIVE, header=replace(HEADER, number="01/KH-UBND")), OTHER).document_id
    assert store.document(second).duplicate_of is None
    store.edit_document(second, who="An", number="07/KH-UBND")
    assert store.document(second).duplicate_of == first
    assert len(store.tasks()) == len(TASKS)
    store.edit_document(first, who="An", number="08/KH-UBND")
    assert store.document(second).duplicate_of is None
    save(store)
    assert store.document(second).duplicate_of is None


def test_terms_counted_from_the_date_follow_it(store: Store) -> None:
    term = Deadline("trong 05 ngày làm việc kể từ ngày ký", relative=RelativeTerm(5, "working_day", "ngày ký"))
    directive = replace(DIRECTIVE, tasks=(replace(TASKS[0], deadlines=(term,)), TASKS[1]))
    save(store, directive)
    assert store.task(1).task.due == date(2024, 1, 12)
    store.edit_document(1, who="An", date="2024-02-01")
    assert (store.task(1).task.due, store.task(1).task.due_counted) == (date(2024, 2, 15), True)  # Tết: 8 to 14 February
    assert store.task(2).task.due == TASKS[1].deadlines[0].due
    assert store.events(1)[-1].told.endswith("sửa thông tin văn bản thời hạn từ 12/01/2024 đến 15/02/2024")
    save(store, directive)
    assert store.task(1).task.due == date(2024, 2, 15)


@pytest.mark.parametrize(
    ("fields", "error"),
    [({}, UsageError), ({"date": "1/2/2024"}, UsageError), ({"status": "ok"}, UsageError), ({"number = 1; --": "x"}, UsageError)],
    ids=str,
)
def test_makes_no_sense(store: Store, fields: dict[str, Any], error: type[Exception]) -> None:
    save(store)
    with pytest.raises(error):
        store.edit_document(1, who="An", **fields)
    assert office(store) == []


def test_who_and_which(store: Store) -> None:
    save(store)
    with pytest.raises(NotFound):
        store.edit_document(9, who="An", number="1")
    with pytest.raises(UsageError):
        store.edit_document(1, who=" ", number="1")


def test_somebody_was_quicker(store: Store) -> None:
    save(store)
    store.edit_document(1, who="Bình", number="08/KH-UBND", expected=0)
    with pytest.raises(ConflictError, match="Bình sửa số, ký hiệu"):
        store.edit_document(1, who="An", subject="x", expected=0)
    assert store.document(1).subject == HEADER.subject


def test_a_document_wants_an_eye_until_all_is_checked(store: Store) -> None:
    doubtful = tuple(replace(task, reasons=("mờ",)) for task in TASKS[:2])
    directive = replace(DIRECTIVE, header=replace(HEADER, number=None), tasks=(*doubtful, TASKS[2]), warnings=(BY_HAND,))
    save(store, directive)
    seen = [store.document(1).status]
    for act in (
        lambda: store.confirm(1, "An"),
        lambda: store.remove(2, "An"),
        lambda: store.edit_document(1, who="An", number="07/KH-UBND"),
        lambda: save(store, directive),
        lambda: store.bring_back(2, "An"),
        lambda: store.undo(store.last_action(2) or 0, "An"),
    ):
        act()
        seen.append(store.document(1).status)
    assert seen == ["needs_review"] * 3 + ["ok", "ok", "needs_review", "ok"]


def test_a_warning_is_shown_until_somebody_compared_it_with_the_paper(store: Store) -> None:
    directive = replace(DIRECTIVE, header=replace(HEADER, number=None), warnings=(BY_HAND, GAP))
    save(store, directive)
    assert (store.document(1).warnings, store.document(1).status) == ((BY_HAND, GAP), "needs_review")
    store.edit_document(1, who="An", number="07/KH-UBND")
    assert (store.document(1).warnings, store.document(1).status) == ((GAP,), "needs_review")
    assert (store.check_document(1, "Bình").warnings, store.document(1).status) == ((), "ok")
    save(store, directive)
    assert store.document(1).status == "ok"
    save(store, replace(directive, warnings=(BY_HAND, GAP, "Trang 2 mờ.")))
    assert (store.document(1).warnings, store.document(1).status) == (("Trang 2 mờ.",), "needs_review")
    assert [row[:4] for row in office(store)] == [
        ("An", "edit_document", "document:1", "number"),
        ("Bình", "check_document", "document:1", "warnings_checked"),
    ]


def test_what_was_compared_by_mistake_is_to_be_compared_again(store: Store) -> None:
    save(store, replace(DIRECTIVE, warnings=(GAP,)))
    store.check_document(1, "An")
    action = store.last_action()
    assert action is not None
    store.undo(action, "An")
    assert (store.document(1).warnings, store.document(1).status) == ((GAP,), "needs_review")


class TestUndo:
    def test_header_and_what_followed_from_it(self, store: Store) -> None:
        term = Deadline("trong 05 ngày làm việc kể từ ngày ký", relative=RelativeTerm(5, "working_day", "ngày ký"))
        monthly = Deadline("hằng tháng", recurrence="monthly", day=8)
        save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], deadlines=(term,)), replace(TASKS[1], deadlines=(monthly,)))))
        first = store.document(1)
        store.edit_document(1, who="An", number="08/KH-UBND", date="2024-02-01")
        assert store.occurrences(2)[0].due == date(2024, 2, 8)
        (act,) = store.history()
        assert (act.what, act.subject, act.tasks) == ("edit_document", "document:1", (1,))
        assert [row.due for row in store.undo(act.action or 0, "Bình")] == [date(2024, 1, 12)]
        assert store.document(1) == first
        assert store.occurrences(2)[0].due == date(2024, 1, 8)
        assert store.last_action() is None
        store.undo(store.history()[0].action or 0, "Bình")
        assert (store.document(1).number, store.task(1).task.due) == ("08/KH-UBND", date(2024, 2, 15))

    def test_second_scans_are_none_again(self, store: Store) -> None:
        first = save(store).document_id
        second = save(store, replace(DIRECTIVE, header=replace(HEADER, number="01/KH-UBND")), OTHER).document_id
        store.edit_document(second, who="An", number="07/KH-UBND")
        assert store.document(second).duplicate_of == first
        store.undo(store.last_action() or 0, "An")
        assert store.document(second).duplicate_of is None
        assert len(store.tasks()) == 2 * len(TASKS)

    def test_then_reading_again_renews_it(self, store: Store) -> None:
        save(store)
        store.edit_document(1, who="An", number="08/KH-UBND", subject="Đã sửa")
        store.undo(store.last_action() or 0, "An")
        save(store, replace(DIRECTIVE, header=replace(HEADER, number="9/X")))
        assert (store.document(1).number, store.document(1).subject) == ("9/X", HEADER.subject)

    def test_a_newer_correction_stands_in_the_way(self, store: Store) -> None:
        save(store)
        store.edit_document(1, who="An", number="08/KH-UBND")
        action = store.last_action() or 0
        store.edit_document(1, who="Bình", number="09/KH-UBND", subject="x")
        with pytest.raises(ConflictError, match="Bình sửa số, ký hiệu"):
            store.undo(action, "An")
        store.undo(store.last_action() or 0, "Bình")
        store.undo(action, "An")
        assert store.document(1).number == HEADER.number

    def test_a_task_moved_since_stands_in_the_way(self, store: Store) -> None:
        term = Deadline("trong 05 ngày làm việc kể từ ngày ký", relative=RelativeTerm(5, "working_day", "ngày ký"))
        save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], deadlines=(term,)),)))
        store.edit_document(1, who="An", date="2024-02-01")
        action = store.last_action() or 0
        store.edit(1, who="Bình", due="2024-03-01")
        with pytest.raises(ConflictError, match="Bình sửa thời hạn"):
            store.undo(action, "An")
        assert store.document(1).date == date(2024, 2, 1)

    def test_numbers_of_acts_are_never_the_same(self, store: Store) -> None:
        save(store)
        for _ in range(3):
            store.edit_document(1, who="An", number="08/KH-UBND")
            store.edit(1, who="An", progress="một")
            store.edit_document(1, who="An", number="09/KH-UBND")
            store.edit(1, who="An", progress="hai")
        numbers = [act.action for act in store.history()]
        assert len(set(numbers)) == len(numbers) == 12
        assert numbers == sorted(numbers, key=lambda number: number or 0, reverse=True)
