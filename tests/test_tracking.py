"""Opening the file, taking documents in, taking them in again, second scans and citations."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tracking_directive import DIRECTIVE, HEADER, RECEIVED, TASKS, TEXTS, make_document, make_task, save

from extract.directive import Deadline, Directive, Header, RelativeTerm, Span
from ingest.document import Document, Line, Page
from ingest.errors import WorkspaceError
from tracking import Store, TaskFilter
from tracking.decisive import decisive
from tracking.folding import fold
from tracking.matching import Candidate, match


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dondoc.db"


@pytest.fixture
def store(path: Path):
    with Store.open(path) as opened:
        yield opened


# Opening


def test_open_sets_up_the_connection_and_can_be_repeated(path: Path) -> None:
    for _ in range(2):
        with Store.open(path) as store:
            connection = store._connection
            assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
            assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
            assert connection.execute("PRAGMA busy_timeout").fetchone()[0] >= 1000
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def _directory(path: Path) -> None:
    path.mkdir()


def _garbage(path: Path) -> None:
    path.write_bytes(b"%PDF-1.4 this is no database" * 100)


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes(x)")
    connection.close()


def _newer(path: Path) -> None:
    Store.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('dondoc', '999_later', '')")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("spoil", [_directory, _garbage, _foreign, _newer])
def test_open_refuses_an_unusable_file(path: Path, spoil) -> None:
    spoil(path)
    with pytest.raises(WorkspaceError) as caught:
        Store.open(path)
    assert str(path) in str(caught.value)


def test_open_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        Store.open(tmp_path / "none" / "dondoc.db")


def test_open_refuses_a_locked_file_only_after_waiting_and_second_process_reads_meanwhile(store: Store, path: Path) -> None:
    save(store)
    with store._writing() as connection:
        connection.execute("UPDATE tasks SET note = 'x'")
        with Store.open(path) as other:
            assert other.tasks()[0].note is None
    assert store.tasks()[0].note == "x"


def test_views_of_an_older_version_are_replaced(path: Path) -> None:
    Store.open(path).close()
    connection = sqlite3.connect(path)
    connection.executescript("DROP VIEW overdue_tasks; CREATE VIEW overdue_tasks AS SELECT 1 AS old;")
    connection.close()
    with Store.open(path) as store:
        assert "days_late" in store.query("SELECT * FROM overdue_tasks").columns


# Saving


def test_saving_keeps_everything(store: Store) -> None:
    result = save(store)
    assert (result.created, result.tasks_new, result.tasks_updated, result.tasks_kept, result.duplicate_of) == (True, 3, 0, 0, None)
    row = store.find_document("a" * 64)
    assert row is not None
    assert row == store.document(result.document_id)
    assert (row.number, row.date, row.issuer, row.recipients, row.tasks) == ("07/KH-UBND", HEADER.date, HEADER.issuer, ("Như trên",), 3)
    assert (row.text_source, row.ocr_confidence, row.page_count) == ("mixed", 0.9, 2)
    first, second, third = store.tasks()
    assert (first.path, first.due, first.bound, first.lead, first.coordinating) == (
        "1/-1",
        date(2024, 3, 15),
        "before",
        ("Sở Nội vụ",),
        ("Sở Tài chính",),
    )
    assert (first.document_number, first.document_date, first.cited) == ("07/KH-UBND", HEADER.date, ("5/QĐ-UBND",))
    assert second.lines == (2, 2)
    assert (third.due, third.lead, third.state if third.status != "open" else "no_deadline") == (
        None,
        ("Thanh tra tỉnh", "Sở Nội vụ"),
        "no_deadline",
    )
    json.dumps([task.as_json() for task in store.tasks()])
    json.dumps(row.as_json())


def test_task_has_its_source_lines_deadlines_and_history(store: Store) -> None:
    deadlines = (
        Deadline("trước ngày 15/3/2024", due=date(2024, 3, 15), bound="before"),
        Deadline("trong 05 ngày làm việc", relative=RelativeTerm(5, "working_day", "ngày nhận được văn bản")),
    )
    save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], deadlines=deadlines, span=Span(1, 1, 2)),)))
    store.edit(1, who="An", note="gọi điện")
    detail = store.task(1)
    assert [(line.number, line.raw, line.text) for line in detail.lines] == [(1, fold(TEXTS[0]), TEXTS[0]), (2, fold(TEXTS[1]), TEXTS[1])]
    assert [(d.decisive, d.due, d.relative_n, d.relative_unit) for d in detail.deadlines] == [
        (True, date(2024, 3, 15), None, None),
        (False, None, 5, "working_day"),
    ]
    assert [(e.who, e.field, e.old_value, e.new_value) for e in detail.events] == [("An", "note", None, "gọi điện")]
    assert json.loads(json.dumps(detail.as_json()))["source_lines"][0]["box"] == [56.0, 80.0, 520.0, 94.0]


def test_source_lines_run_over_a_page_break(store: Store) -> None:
    pages = tuple(Page(n, tuple(Line(i, f"r{n}{i}", f"t{n}{i}") for i in (1, 2, 3)), "ocr") for n in (1, 2))
    document = Document("x.pdf", "b", "pdf", pages)
    task = make_task("1", TEXTS[0], span=Span(1, 3, 3, end_page=2, end_line=2))
    save(store, replace(DIRECTIVE, tasks=(task,)), document)
    assert [line.text for line in store.task(1).lines] == ["t13", "t21", "t22"]


D = date(2024, 1, 5)


@pytest.mark.parametrize(
    ("dues", "recurrence", "chosen"),
    [
        pytest.param((), None, None, id="none"),
        pytest.param((date(2024, 6, 30), date(2024, 3, 15)), None, 1, id="earliest ahead"),
        pytest.param((date(2023, 3, 1), date(2024, 6, 30)), None, 1, id="a day before the document does not count"),
        pytest.param((date(2023, 3, 1), date(2023, 6, 1)), None, 1, id="the latest when all lie before"),
        pytest.param((None, None), 1, 1, id="recurring before relative"),
        pytest.param((None,), None, 0, id="relative only"),
        pytest.param((None, date(2024, 2, 1)), 0, 1, id="a day before a rhythm"),
    ],
)
def test_decisive_deadline(dues: tuple[date | None, ...], recurrence: int | None, chosen: int | None) -> None:
    deadlines = [Deadline(str(i), due=due, recurrence="monthly" if i == recurrence else None) for i, due in enumerate(dues)]
    found = decisive(deadlines, D)
    assert (found.text if found else None) == (None if chosen is None else str(chosen))


@pytest.mark.parametrize(
    ("relative", "due"),
    [
        pytest.param(RelativeTerm(5, "working_day", "ngày ký văn bản này"), date(2024, 1, 12), id="working days from the signing"),
        pytest.param(RelativeTerm(10, "day", "ngày nhận được Công văn này"), date(2024, 1, 15), id="days from receipt"),
        pytest.param(RelativeTerm(1, "month", "ngày ban hành"), date(2024, 2, 5), id="a month"),
        pytest.param(RelativeTerm(5, "working_day", "ngày kết thúc đợt kiểm tra"), None, id="from another event"),
        pytest.param(RelativeTerm(5, "day", "ngày ký hợp đồng"), None, id="the signing of something else"),
        pytest.param(RelativeTerm(5, "day", ""), None, id="from nothing"),
    ],
)
def test_a_term_is_counted_from_the_document_only_when_it_says_so(store: Store, relative: RelativeTerm, due: date | None) -> None:
    deadlines = (Deadline("trong … ngày", relative=relative, bound="within"),)
    save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], deadlines=deadlines),)))
    task = store.task(1).task
    assert (task.due, task.due_counted, store.task(1).deadlines[0].due) == (due, due is not None, None)
    if due:
        assert not store.edit(1, who="An", due="2024-03-01").due_counted
        save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], deadlines=deadlines),)))
        assert (store.task(1).task.due, store.task(1).task.due_counted) == (date(2024, 3, 1), False)


# Taking in again


def test_same_file_again_changes_nothing(store: Store) -> None:
    save(store)
    before = [task.as_json() for task in store.tasks()]
    again = store.save(make_document(), DIRECTIVE, file_name="other.pdf", received_at=RECEIVED + timedelta(days=9))
    assert (again.created, again.tasks_new, again.tasks_updated, again.tasks_kept, again.tasks_removed) == (False, 0, 0, 3, 0)
    assert [task.as_json() for task in store.tasks()] == before
    row = store.document(again.document_id)
    assert (row.file_name, row.received_at) == ("kh07.pdf", "2024-01-10T08:30:00")


HUMAN_ACTS = {
    "done": (
        lambda s: s.mark_done(1, date(2024, 3, 1), "An", "CV 12/SNV"),
        {"status": "done", "completed_on": date(2024, 3, 1), "note": "CV 12/SNV"},
    ),
    "in progress": (lambda s: s.set_status(1, "in_progress", "An"), {"status": "in_progress"}),
    "returned": (lambda s: s.set_status(1, "returned", "An", "sai thẩm quyền"), {"status": "returned", "note": "sai thẩm quyền"}),
    "due": (
        lambda s: s.edit(1, who="An", due="2024-05-20"),
        {"due": date(2024, 5, 20), "deadline_text": "trước ngày …", "bound": "before"},
    ),
    "no due": (lambda s: s.edit(1, who="An", due=None), {"due": None}),
    "text": (lambda s: s.edit(1, who="An", text="Nội dung đã sửa tay"), {"text": "Nội dung đã sửa tay"}),
    "result": (lambda s: s.edit(1, who="An", expected_result="Báo cáo"), {"expected_result": "Báo cáo"}),
    "reply": (lambda s: s.edit(1, who="An", reply_number="12/SNV-VP"), {"reply_number": "12/SNV-VP"}),
    "lead": (lambda s: s.assign(1, who="An", lead=["Sở Tư pháp"]), {"lead": ("Sở Tư pháp",), "coordinating": ("Sở Y tế",)}),
    "coordinating": (lambda s: s.assign(1, who="An", coordinating=[]), {"lead": ("Sở Y tế",), "coordinating": ()}),
    "reviewed": (lambda s: s.edit(1, who="An", needs_review=False), {"needs_review": False}),
}


@pytest.mark.parametrize("act", HUMAN_ACTS)
@pytest.mark.parametrize("again", ["changed", "vanished"])
def test_taking_in_again_keeps_what_a_person_did(store: Store, act: str, again: str) -> None:
    save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], reasons=("mờ",)), *TASKS[1:])))
    do, kept = HUMAN_ACTS[act]
    do(store)
    renewed = replace(
        TASKS[0],
        path="1/-4",
        text=TEXTS[0].replace("rà soát", "rà  soát lại"),
        lead=("Sở Y tế",),
        coordinating=("Sở Y tế",),
        deadlines=(Deadline("chậm nhất ngày …", due=date(2024, 4, 1), bound="by"),),
        expected_result="Tờ trình",
        reasons=("không rõ cơ quan",),
    )
    result = save(store, replace(DIRECTIVE, tasks=((renewed,) if again == "changed" else ()) + TASKS[1:]))
    task = store.task(1).task
    if again == "changed":
        assert {name: getattr(task, name) for name in kept} == kept
        assert result.tasks_updated == 1
        assert task.path == "1/-4"
        if act not in ("due", "no due"):
            assert task.due == date(2024, 4, 1)
        if act != "text":
            assert "soát lại" in task.text
        assert not task.missing
    else:
        expected = {name: value for name, value in kept.items() if name not in ("lead", "coordinating")}
        assert {name: getattr(task, name) for name in expected} == expected
        assert task.missing
        assert result.tasks_removed == 0
    assert len(store.tasks()) == 3


def test_an_untouched_task_that_vanished_is_removed_with_its_agency_and_index(store: Store) -> None:
    save(store)
    result = save(store, replace(DIRECTIVE, tasks=TASKS[:2]), make_document(texts=TEXTS[:2]))
    assert (result.tasks_removed, result.tasks_kept) == (1, 2)
    assert "Thanh tra tỉnh" not in store.departments()
    assert store.search("kiểm tra công vụ") == ()


def test_a_task_that_comes_back_is_the_same_one(store: Store) -> None:
    save(store)
    store.edit(3, who="An", note="theo dõi")
    save(store, replace(DIRECTIVE, tasks=TASKS[:2]))
    assert store.task(3).task.missing
    save(store)
    assert not store.task(3).task.missing
    assert store.task(3).task.note == "theo dõi"


def test_all_or_nothing(store: Store) -> None:
    save(store)
    broken = replace(TASKS[0], text=None)
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever a broken value raises
        save(store, replace(DIRECTIVE, tasks=(broken,)), make_document("b" * 64))
    assert len(store.documents()) == 1
    assert len(store.tasks()) == 3


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        pytest.param(["1 a b c", "2 d e f"], ["2 a b c", "3 d e f"], {0: 0, 1: 1}, id="paths shifted by one"),
        pytest.param(
            ["1 bao cao ket qua thang", "2 bao cao ket qua thang"],
            ["2 bao cao ket qua thang", "1 bao cao ket qua thang"],
            {0: 1, 1: 0},
            id="equal texts by path",
        ),
        pytest.param(["1 tong hop bao cao gui so noi vu"], ["1 tonq hop bao cao gui s0 noi vu"], {0: 0}, id="better OCR"),
        pytest.param(["1 tong hop bao cao"], ["1 kiem tra xay dung"], {}, id="another task at the place"),
        pytest.param(
            ["1 to chuc kiem tra cong tac van thu luu tru"],
            ["1 to chuc kiem tra cong tac van thu luu tru tai cac don vi truc thuoc va bao cao ket qua ve so noi vu de tong hop trong quy"],
            {0: 0},
            id="second half found",
        ),
    ],
)
def test_matching(old: list[str], new: list[str], pairs: dict[int, int]) -> None:
    def candidates(texts: list[str]) -> list[Candidate]:
        return [Candidate(i, *text.split(" ", 1)) for i, text in enumerate(texts)]

    assert match(candidates(old), candidates(new)) == pairs


# Second scans, citations


def test_second_scan_of_the_same_directive(store: Store) -> None:
    first = save(store)
    extra = make_task("3", "Bố trí kinh phí thực hiện kế hoạch năm 2024.", date(2024, 2, 1))
    header = replace(HEADER, number="7 /KH-UBND", issuer="UBND TỈNH SÔNG LAM")
    scan = replace(DIRECTIVE, header=header, tasks=(*TASKS, extra))
    second = save(store, scan, make_document("b" * 64))
    assert second.created
    assert second.duplicate_of == first.document_id == store.document(second.document_id).duplicate_of
    assert [task.path for task in store.overdue(date(2024, 4, 1))] == ["3", "1/-1"]
    assert len(store.tasks(TaskFilter(duplicates=True))) == 7
    other = save(store, replace(scan, header=replace(header, date=date(2024, 1, 6))), make_document("b" * 64))
    assert other.duplicate_of is None
    assert len(store.tasks()) == 7


@pytest.mark.parametrize("cited_first", [True, False])
def test_citations_are_linked_whichever_comes_first(store: Store, cited_first: bool) -> None:
    cited = Directive(Header("05/QĐ-UBND", "Quyết định", "UBND tỉnh Sông Lam", date(2023, 12, 1)))
    order = [(cited, "c" * 64), (DIRECTIVE, "a" * 64)]
    for directive, sha in order if cited_first else order[::-1]:
        save(store, directive, make_document(sha))
    citing_id, cited_id = (store.find_document(sha * 64).id for sha in "ac")  # type: ignore[union-attr]
    assert [c.cited_document_id for c in store.citations(citing_id)] == [cited_id]
    assert [c.document_id for c in store.cited_by(cited_id)] == [citing_id]


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(Header("5/QĐ-UBND", None, "UBND tỉnh Sông Lam", date(2022, 12, 1)), id="another year"),
        pytest.param(Header("15/QĐ-UBND", None, "UBND tỉnh Sông Lam", date(2023, 12, 1)), id="another number"),
    ],
)
def test_citations_of_other_documents_are_not_linked(store: Store, header: Header) -> None:
    save(store, Directive(header), make_document("c" * 64))
    result = save(store)
    assert [c.cited_document_id for c in store.citations(result.document_id)] == [None]
