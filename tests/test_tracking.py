"""Taking documents in, taking them in again, following up."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.directive import Deadline, Directive, Header, Reference, RelativeTerm, Span, Task
from ingest.document import Document, Line, Page, Word
from ingest.errors import NotFound, UsageError, WorkspaceError
from tracking import AgencyEntry, MemberEntry, Store, SuccessionEntry, TaskFilter
from tracking.folding import fold, fold_name, fold_number
from tracking.intake import decisive
from tracking.matching import Candidate, match

RECEIVED = datetime(2024, 1, 10, 8, 30)
TEXTS = (
    "Chủ trì rà soát quy trình tiếp công dân, báo cáo UBND tỉnh trước ngày 15/3/2024.",
    "Cập nhật danh mục thủ tục hành chính đã công bố, hoàn thành trong tháng 6/2024.",
    "Thường xuyên kiểm tra công vụ tại các đơn vị trực thuộc.",
)


def make_document(sha: str = "a" * 64, texts: tuple[str, ...] = TEXTS) -> Document:
    lines = tuple(
        Line(i, fold(text), text, (56.0, 60.0 + 20 * i, 520.0, 74.0 + 20 * i), (Word(text.split()[0], (56.0, 60, 90, 74), 0.9),), 0.9)
        for i, text in enumerate(texts, 1)
    )
    return Document(f"inbox/{sha[:4]}.pdf", sha, "pdf", (Page(1, lines, "ocr", confidence=0.9), Page(2, (), "text-layer")))


def make_task(path: str, text: str, due: date | None = None, line: int = 1, **changes: object) -> Task:
    deadlines = (Deadline("trước ngày …", due=due, bound="before"),) if due else ()
    task = Task(path, text, Span(1, line, line), ("Sở Nội vụ",), ("Sở Tài chính",), deadlines, ("5/QĐ-UBND",), confidence=0.8)
    return replace(task, **changes)  # type: ignore[arg-type]


TASKS = (
    make_task("1/-1", TEXTS[0], date(2024, 3, 15)),
    make_task("1/-2", TEXTS[1], date(2024, 6, 30), 2),
    make_task("2/-1", TEXTS[2], None, 3, lead=("Thanh tra tỉnh", "Sở Nội vụ"), coordinating=()),
)
HEADER = Header(
    "07/KH-UBND", "Kế hoạch", "UBND tỉnh Sông Lam", date(2024, 1, 5), "Sông Lam", "Cải cách hành chính", recipients=("Như trên",)
)
DIRECTIVE = Directive(HEADER, (Reference("Quyết định", "5/QĐ-UBND", date(2023, 12, 1), "UBND tỉnh"),), TASKS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dondoc.db"


@pytest.fixture
def store(path: Path):
    with Store.open(path) as opened:
        yield opened


def save(store: Store, directive: Directive = DIRECTIVE, document: Document | None = None):
    return store.save(document or make_document(), directive, file_name="kh07.pdf", received_at=RECEIVED)


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
    task = make_task("1", TEXTS[0], span=Span(1, 3, 2, end_page=2))
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


# Lists


@pytest.mark.parametrize(
    ("as_of", "paths"),
    [
        pytest.param(date(2024, 3, 14), [], id="day before"),
        pytest.param(date(2024, 3, 15), [], id="the day itself is on time"),
        pytest.param(date(2024, 3, 16), ["1/-1"], id="day after"),
        pytest.param(date(2024, 7, 1), ["1/-1", "1/-2"], id="both, never the one without a date"),
    ],
)
def test_overdue(store: Store, as_of: date, paths: list[str]) -> None:
    save(store)
    found = store.overdue(as_of)
    assert [task.path for task in found] == paths
    assert all(task.overdue and task.days_late == (as_of - task.due).days for task in found if task.due)


@pytest.mark.parametrize(
    ("days", "as_of", "n"), [(0, date(2024, 3, 15), 1), (0, date(2024, 3, 14), 0), (107, date(2024, 3, 15), 2), (7, date(2024, 3, 16), 0)]
)
def test_upcoming(store: Store, days: int, as_of: date, n: int) -> None:
    save(store)
    assert len(store.upcoming(days, as_of)) == n


FILTERS = {
    "folded agency": (TaskFilter(agency="noi vu"), {"1/-1", "1/-2", "2/-1"}),
    "agency of upper case": (TaskFilter(agency="SỞ TÀI CHÍNH"), {"1/-1", "1/-2"}),
    "agency and role": (TaskFilter(agency="tai chinh", role="lead"), set()),
    "whole words only": (TaskFilter(agency="noi v"), set()),
    "unknown agency": (TaskFilter(agency="Sở Không Có"), set()),
    "no word": (TaskFilter(agency="--"), set()),
    "role": (TaskFilter(role="coordinating"), {"1/-1", "1/-2"}),
    "number": (TaskFilter(document="7/kh-ubnd"), {"1/-1", "1/-2", "2/-1"}),
    "bare number": (TaskFilter(document="07"), {"1/-1", "1/-2", "2/-1"}),
    "id": (TaskFilter(document=1), {"1/-1", "1/-2", "2/-1"}),
    "file": (TaskFilter(document="kh07.pdf"), {"1/-1", "1/-2", "2/-1"}),
    "no document": (TaskFilter(document="99/x"), set()),
    "words": (TaskFilter(words="danh muc thủ tục"), {"1/-2"}),
    "words like SQL": (TaskFilter(words="%' OR 1=1 --"), set()),
    "range": (TaskFilter(due_from=date(2024, 3, 15), due_to=date(2024, 6, 29)), {"1/-1"}),
    "overdue": (TaskFilter(overdue=True, as_of=date(2024, 4, 1)), {"1/-1"}),
    "state": (TaskFilter(status="no_deadline"), {"2/-1"}),
    "status": (TaskFilter(status="done"), set()),
    "active": (TaskFilter(status="active"), {"1/-1", "1/-2", "2/-1"}),
    "limit": (TaskFilter(limit=1, offset=1), {"1/-2"}),
    "without deadline": (TaskFilter(without_deadline=True), {"2/-1"}),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters(store: Store, name: str) -> None:
    save(store)
    wanted, paths = FILTERS[name]
    assert {task.path for task in store.tasks(wanted)} == paths


@pytest.mark.parametrize("wanted", [TaskFilter(status="lost"), TaskFilter(role="boss")])
def test_filters_that_make_no_sense(store: Store, wanted: TaskFilter) -> None:
    with pytest.raises(UsageError):
        store.tasks(wanted)


GAZETTEER = (
    AgencyEntry(
        "khối thử nghiệm", "group", members=(MemberEntry("Sở Nội vụ"), MemberEntry("Sở KHĐT"), MemberEntry("Sở Y tế", date(2025, 3, 1)))
    ),
    AgencyEntry("Sở Nội vụ", "department", "province", aliases=("SNV",)),
    AgencyEntry("Sở Kế hoạch và Đầu tư", "department", "province", aliases=("Sở KHĐT", "Sở KH&ĐT"), valid_to=date(2025, 3, 1)),
    AgencyEntry("Sở Tài chính", "department", "province"),
    AgencyEntry("UBND huyện", "district", "district", valid_to=date(2025, 7, 1)),
)
SUCCESSIONS = (
    SuccessionEntry("Sở Kế hoạch và Đầu tư", "Sở Tài chính", date(2025, 3, 1)),
    SuccessionEntry("Sở Nội vụ", "Sở Dân tộc và Tôn giáo", date(2025, 3, 1), subject="tôn giáo"),
    SuccessionEntry("UBND huyện", "UBND xã", date(2025, 7, 1)),
    SuccessionEntry("UBND huyện", "UBND phường", date(2025, 7, 1)),
)


@pytest.mark.parametrize(
    ("name", "as_of", "now"),
    [
        pytest.param("Sở KH&ĐT", date(2024, 6, 1), {"Sở Kế hoạch và Đầu tư"}, id="alias before the reform"),
        pytest.param("SỞ KẾ HOẠCH VÀ ĐẦU TƯ", date(2025, 6, 1), {"Sở Tài chính"}, id="successor after"),
        pytest.param("Sở Nội vụ", date(2025, 6, 1), {"Sở Nội vụ"}, id="successor for one subject only"),
        pytest.param("Khối thử nghiệm", date(2025, 6, 1), {"Sở Nội vụ", "Sở Tài chính"}, id="group of that day, then successors"),
        pytest.param("UBND huyện", date(2025, 8, 1), {"UBND xã", "UBND phường"}, id="several successors"),
    ],
)
def test_groups_and_successors(store: Store, name: str, as_of: date, now: set[str]) -> None:
    for _ in range(2):
        assert store.load_agencies(GAZETTEER, SUCCESSIONS) == 5
    save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], lead=(name,), coordinating=()),)))
    assert set(store.departments(as_of)) == now
    for agency in now:
        (found,) = store.department_tasks(agency, as_of)
        assert (found.as_written, found.needs_decision) == (name, name == "UBND huyện")
        assert [task.id for task in store.tasks(TaskFilter(agency=agency, as_of=as_of))] == [1]
    assert store.tasks()[0].lead == (name,)


def test_successions_in_a_circle_end(store: Store) -> None:
    store.load_agencies((), (SuccessionEntry("A", "B", D), SuccessionEntry("B", "A", D), SuccessionEntry("A", "A", D)))
    save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], lead=("A",)),)))
    assert store.department_summary() is not None


def test_summary(store: Store) -> None:
    save(store)
    store.mark_done(1, date(2024, 3, 20), "An")
    rows = {row.agency: row for row in store.department_summary(date(2024, 7, 1))}
    noi_vu = rows["Sở Nội vụ"]
    assert (noi_vu.total, noi_vu.done_late, noi_vu.overdue, noi_vu.no_deadline, noi_vu.done_on_time, noi_vu.in_time) == (3, 1, 1, 1, 0, 0)
    assert rows["Thanh tra tỉnh"].total == 1
    assert "Sở Tài chính" not in rows


def test_tasks_of_nobody(store: Store) -> None:
    save(store, replace(DIRECTIVE, tasks=(replace(TASKS[0], lead=(), coordinating=()), TASKS[1])))
    assert [found.task.path for found in store.department_tasks(None)] == ["1/-1"]
    with pytest.raises(NotFound):
        store.department_tasks("Sở Không Có")


# Following up


def test_done_and_reopened(store: Store) -> None:
    save(store)
    done = store.mark_done(1, date(2024, 3, 15), "An", "CV 12/SNV-VP")
    assert (done.status, done.state, done.days_late, done.note) == ("done", "done_on_time", 0, "CV 12/SNV-VP")
    store.mark_done(1, date(2024, 3, 15), "An")
    assert store.overdue(date(2024, 4, 1)) == []
    late = store.mark_done(1, date(2024, 3, 18), "An")
    assert (late.state, late.days_late) == ("done_late", 3)
    assert store.reopen(1, "Bình", "chưa đủ").status == "open"
    assert [task.id for task in store.overdue(date(2024, 4, 1))] == [1]
    assert [(e.who, e.what, e.field, e.new_value) for e in store.events(1)] == [
        ("An", "done", "status", "done"),
        ("An", "done", "completed_on", "2024-03-15"),
        ("An", "done", "note", "CV 12/SNV-VP"),
        ("An", "done", "completed_on", "2024-03-18"),
        ("Bình", "reopen", "status", "open"),
        ("Bình", "reopen", "completed_on", None),
        ("Bình", "reopen", "note", "chưa đủ"),
    ]


@pytest.mark.parametrize(
    ("status", "owed"),
    [("in_progress", True), ("extension_requested", True), ("returned", False), ("transferred", False), ("cancelled", False)],
)
def test_statuses(store: Store, status: str, owed: bool) -> None:
    save(store)
    store.set_status(1, status, "An")
    assert (1 in {task.id for task in store.overdue(date(2024, 4, 1))}) is owed


WRONG_EDITS = [
    {"due": "31/12/2024"}, {"due": "2024-02-30"}, {"start": "2025-01-01"}, {"text": ""}, {"status": "done"}, {"id": 5}, {"bound": "soon"},
    {"recurrence": "often"}, {"needs_review": "maybe"}, {}, {"due = 1; --": "x"},
]  # fmt: skip


@pytest.mark.parametrize("fields", WRONG_EDITS, ids=str)
def test_edits_that_make_no_sense(store: Store, fields: dict[str, object]) -> None:
    save(store)
    with pytest.raises(UsageError):
        store.edit(1, who="An", **fields)
    assert store.events() == []


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.task(99),
        lambda s: s.mark_done(99, D, "An"),
        lambda s: s.reopen(99, "An"),
        lambda s: s.edit(99, who="An", note="x"),
        lambda s: s.assign(99, who="An", lead=["Sở Y tế"]),
        lambda s: s.document(99),
        lambda s: s.citations(99),
    ],
)
def test_not_found(store: Store, act) -> None:
    save(store)
    with pytest.raises(NotFound):
        act(store)


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.mark_done(1, D, " "),
        lambda s: s.assign(1, who="An"),
        lambda s: s.assign(1, who="An", lead=["…"]),
        lambda s: s.assign(1, who="An", lead="Sở Y tế"),
        lambda s: s.set_status(1, "done", "An"),
        lambda s: s.set_status(1, "lost", "An"),
    ],
)
def test_acts_that_make_no_sense(store: Store, act) -> None:
    save(store)
    with pytest.raises(UsageError):
        act(store)
    assert store.events() == []
    assert store.task(1).task.status == "open"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE task_events SET who = 'x'",
        "DELETE FROM task_events",
        "INSERT OR REPLACE INTO task_events SELECT id, task_id, at, 'x', what, field, old_value, new_value, note FROM task_events",
        "REPLACE INTO task_events(id, task_id, at, who, what, field) VALUES (1, 1, '', 'x', 'done', 'status')",
        "INSERT INTO task_events(id, task_id, at, who, what, field) VALUES (1, 1, '', 'x', 'done', 'status') ON CONFLICT DO UPDATE SET who = 'x'",
    ],
)
def test_history_cannot_be_rewritten_even_by_hand(store: Store, path: Path, sql: str) -> None:
    save(store)
    store.mark_done(1, D, "An")
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(sql)
    connection.close()
    assert {event.who for event in store.events()} == {"An"}


# Plain SQLite


def _today_directive() -> Directive:
    today = date.today()
    dues = (today - timedelta(days=10), today, today + timedelta(days=5), today + timedelta(days=400))
    tasks = tuple(make_task(str(i), f"{TEXTS[0]} {i * 1111}", due, i) for i, due in enumerate(dues, 1))
    return replace(DIRECTIVE, header=replace(HEADER, date=today - timedelta(days=90)), tasks=tasks)


def test_views_in_plain_sqlite(store: Store, path: Path) -> None:
    save(store, _today_directive())
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    (row,) = connection.execute("SELECT * FROM overdue_tasks").fetchall()
    assert row.keys() == ["id", "document", "issuer", "text", "lead", "due", "days_late", "page", "lines", "path"]
    assert (row["document"], row["lead"], row["days_late"], row["page"], row["lines"], row["path"]) == (
        "07/KH-UBND",
        "Sở Nội vụ",
        10,
        1,
        "1-1",
        "1",
    )
    assert [r["path"] for r in connection.execute("SELECT * FROM upcoming_tasks")] == ["2", "3"]
    assert len(connection.execute("SELECT * FROM task_list WHERE agency = 'Sở Tài chính' AND role = 'coordinating'").fetchall()) == 4
    (summary,) = connection.execute("SELECT * FROM department_summary").fetchall()
    assert (summary["total"], summary["overdue"], summary["in_time"]) == (4, 1, 3)
    connection.close()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 program is not installed")
def test_views_in_the_sqlite3_program(store: Store, path: Path) -> None:
    save(store, _today_directive())
    command = ["sqlite3", "-json", str(path), "SELECT * FROM overdue_tasks;"]
    (row,) = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert (row["path"], row["days_late"]) == ("1", 10)


# Searching


@pytest.mark.parametrize("words", ["thủ tục đã công bố", "thu tuc da cong bo", "THỦ TỤC ĐÃ", '"danh mục thủ tục"', "tuc thu", "6/2024"])
def test_search_with_and_without_diacritics(store: Store, words: str) -> None:
    save(store)
    hits = store.search(words)
    assert {(hit.page, hit.task_id) for hit in hits} == {(1, None), (1, 2)}
    assert all("«" in hit.snippet for hit in hits)


def test_search_puts_exact_finds_first(store: Store) -> None:
    texts = ("Công tác thư viện", "Công tác thủ viện")
    save(store, replace(DIRECTIVE, tasks=tuple(make_task(str(i), text) for i, text in enumerate(texts))), make_document(texts=("x",)))
    assert [hit.task_id for hit in store.search("thư viện")] == [1, 2]
    assert [hit.task_id for hit in store.search("thủ viện")] == [2, 1]


@settings(deadline=None)
@given(words=st.text(max_size=30))
def test_search_takes_any_words(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    path = tmp_path_factory.getbasetemp() / "search.db"
    with Store.open(path) as store:
        if not store.documents():
            save(store)
        store.search(words)
        store.tasks(TaskFilter(words=words, agency=words, document=words))


@pytest.mark.parametrize(
    "words", ['"', "a*", "NEAR(", "folded:x", "AND", "OR NOT", "-", "^x", "(", "'; DROP TABLE tasks; --", "x\0y", "", "tuc -"]
)
def test_search_has_no_syntax(store: Store, words: str) -> None:
    save(store)
    store.search(words)
    assert len(store.tasks()) == 3


def test_corrected_text_is_found(store: Store) -> None:
    save(store)
    store.edit(2, who="An", text="Đối thoại doanh nghiệp")
    assert [hit.task_id for hit in store.search("doi thoai")] == [2]
    assert {hit.task_id for hit in store.search("danh mục thủ tục")} == {None}


# SQL by hand


def test_query(store: Store) -> None:
    save(store)
    result = store.query("SELECT id, path FROM tasks WHERE due > ? ORDER BY id", ["2024-01-01"])
    assert (result.columns, result.rows, result.truncated) == (("id", "path"), ((1, "1/-1"), (2, "1/-2")), False)
    assert store.query("SELECT * FROM tasks WHERE id = :id", {"id": 1}).rows[0][0] == 1
    cut = store.query("SELECT * FROM tasks", limit=2)
    assert (len(cut.rows), cut.truncated) == (2, True)
    assert store.query("SELECT count(*) FROM search_index WHERE search_index MATCH 'folded : tuc'").rows == ((2,),)
    for view in ("overdue_tasks", "upcoming_tasks", "task_list", "department_summary"):
        assert store.query(f"SELECT * FROM {view}").columns
    assert store.query("PRAGMA table_info(tasks)").rows
    assert store.query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n").rows == ((15,),)


WRITES = [
    "UPDATE tasks SET status = 'done'", "DELETE FROM tasks", "INSERT INTO task_statuses VALUES ('x', 'x', 1)", "DROP TABLE tasks",
    "CREATE TABLE x(y)", "CREATE TEMP TABLE x(y)", "CREATE VIEW x AS SELECT 1", "ALTER TABLE tasks ADD COLUMN x", "ATTACH 'x.db' AS x",
    "DETACH main", "PRAGMA journal_mode = DELETE", "PRAGMA query_only = 0", "PRAGMA writable_schema = 1", "PRAGMA user_version = 9", "VACUUM",
    "VACUUM INTO 'x.db'", "REINDEX", "ANALYZE", "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT x", "SELECT load_extension('x')", "SELECT 1; DROP TABLE tasks",
    "WITH x AS (SELECT 1) DELETE FROM tasks", "INSERT INTO search_index(search_index) VALUES ('optimize')", "REPLACE INTO tasks(id) VALUES (1)",
    "EXPLAIN DELETE FROM tasks", "CREATE TRIGGER x AFTER INSERT ON tasks BEGIN SELECT 1; END", "SELECT writefile('x', 'y')",
]  # fmt: skip


@pytest.mark.parametrize("sql", WRITES)
def test_query_refuses_to_write(store: Store, path: Path, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save(store)
    before = list(store._connection.iterdump())
    with pytest.raises(UsageError):
        store.query(sql)
    assert list(store._connection.iterdump()) == before
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT * FROM nowhere", "SELECT ?", "SELECT zeroblob(900000000)", "\0"])
def test_query_explains_wrong_sql(store: Store, sql: str) -> None:
    with pytest.raises(UsageError):
        store.query(sql)


def test_query_stops_what_runs_too_long(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.readonly.TIME_LIMIT_S", 0.05)
    with pytest.raises(UsageError, match="giây"):
        store.query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")


# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đôn đốc", "don doc"),
        ("ĐẶNG THỊ Ưng", "dang thi ung"),
        ("Nguyê\u0303n", "nguyen"),
        ("Quý III/2024", "quy iii/2024"),
        ("", ""),
        ("Ðà", "da"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("number", "key"), [("07 /KH-UBND", "7/kh-ubnd"), ("1071/TB-VPUBND", "1071/tb-vpubnd"), ("19-NQ/TW", "19-nq/tw"), ("0", "0")]
)
def test_fold_number(number: str, key: str) -> None:
    assert fold_number(number) == key


@settings(deadline=None)
@given(text=st.text())
def test_folding_is_idempotent(text: str) -> None:
    for function in (fold_name, fold_number):
        assert function(function(text)) == function(text)
    assert fold(fold(text)) == fold(text)
    assert "đ" not in fold(text)


@settings(deadline=None)
@given(text=st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậÉÈẺẼẸỚỜỞỠỢỨỪỬỮỰÝỲỶỸỴĐ 0123/-"))
def test_folding_vietnamese_gives_ascii_of_the_same_length(text: str) -> None:
    assert fold(text).isascii()
    assert len(fold(text)) == len(text)
