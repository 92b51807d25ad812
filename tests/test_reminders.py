"""What departments are reminded of: which tasks, in which section, in which words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc import reminders_docx
from dondoc.reminders import EVERYBODY, MOST, NOBODY, Digest, Item, Section, clean, gather
from dondoc.reminders_text import as_html, as_text, subject
from dondoc.settings import RemindSettings
from extract.directive import Deadline, Directive, Header, Span, Task
from ingest.document import Document, Page
from tracking import Store

DAY = date(2024, 4, 1)
HEADER = Header("07/KH-UBND", "Kế hoạch", "UBND tỉnh Sông Lam", date(2024, 1, 5))
OFFICE = RemindSettings(office="Văn phòng UBND tỉnh Sông Lam")


def a_task(path: str, text: str, due: date | None = None, **changes: object) -> Task:
    deadlines = (Deadline("trước ngày …", due=due),) if due else ()
    task = Task(path, text, Span(1, 3, 5), ("Sở Nội vụ",), ("Sở Tài chính",), deadlines, confidence=0.9)
    return replace(task, **changes)  # type: ignore[arg-type]


TASKS = (
    a_task("1", "Rà soát quy trình tiếp công dân.", date(2024, 3, 15)),
    a_task("2", "Báo cáo kết quả đối thoại.", date(2024, 2, 1)),
    a_task("3", "Hoàn thiện danh mục thủ tục.", date(2024, 4, 8)),
    a_task("4", "Sơ kết đợt cao điểm.", date(2024, 4, 9)),
    a_task("5", "Xây dựng đề án vị trí việc làm.", date(2024, 3, 20)),
    a_task("6", "Lập dự toán.", date(2024, 3, 30), lead=("Sở Tài chính",), coordinating=("Sở Nội vụ",)),
    a_task("7", "Tuyên truyền kế hoạch.", date(2024, 3, 29), lead=(), coordinating=()),
    a_task("8", "Kiểm tra công vụ thường xuyên."),
    a_task("9", "Trồng cây đầu xuân.", date(2024, 2, 20), lead=("Sở Xây dựng",), coordinating=()),
)


def fill(store: Store, tasks: tuple[Task, ...] = TASKS, sha: str = "a" * 64, header: Header = HEADER) -> None:
    document = Document("kh.pdf", sha, "pdf", (Page(1, (), "ocr"),))
    store.save(document, Directive(header, tasks=tasks), file_name="kh.pdf", received_at=datetime(2024, 1, 10))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "dondoc.db") as opened:
        fill(opened)
        opened.set_status(5, "extension_requested", "An")
        opened.mark_done(9, date(2024, 3, 1), "An")
        yield opened


def told(digest: Digest) -> dict[str, list[tuple[int, int | None]]]:
    return {section.kind: [(item.task_id, item.days) for item in section.items] for section in digest.sections}


def test_each_department_is_told_what_it_leads(store: Store) -> None:
    found = {digest.agency: digest for digest in gather(store, DAY, OFFICE)}
    assert list(found) == ["Sở Nội vụ", "Sở Tài chính", EVERYBODY]
    assert told(found["Sở Nội vụ"]) == {"overdue": [(2, 60), (1, 17)], "soon": [(3, -7)], "extension": [(5, 12)]}
    assert told(found["Sở Tài chính"]) == {"overdue": [(6, 2)]}


def test_the_summary_has_every_task_once_and_where_each_stands(store: Store) -> None:
    summary = gather(store, DAY, OFFICE)[-1]
    assert told(summary) == {"overdue": [(2, 60), (1, 17), (7, 3), (6, 2)], "soon": [(3, -7)], "extension": [(5, 12)]}
    assert [(one.agency, dict(one.counts), one.longest) for one in summary.standings] == [
        ("Sở Nội vụ", {"overdue": 2, "soon": 1, "extension": 1}, 60),
        (NOBODY, {"overdue": 1}, 3),
        ("Sở Tài chính", {"overdue": 1}, 2),
    ]


@pytest.mark.parametrize(
    ("day", "days", "soon"),
    [
        pytest.param(DAY, 7, [3], id="the-last-day-counts"),
        pytest.param(DAY, 8, [3, 4], id="as-far-as-set"),
        pytest.param(DAY, 0, None, id="not-ahead"),
        pytest.param(date(2024, 4, 8), 0, [3], id="due-today-is-not-late"),
        pytest.param(DAY, 30, [3, 4], id="further-than-lists-call-soon"),
    ],
)
def test_how_far_ahead(store: Store, day: date, days: int, soon: list[int] | None) -> None:
    (digest,) = gather(store, day, replace(OFFICE, days=days), "Sở Nội vụ")
    found = told(digest).get("soon")
    assert (found and [task for task, _ in found]) == soon


def test_who_has_nothing_to_be_told_gets_nothing(store: Store) -> None:
    assert gather(store, DAY, OFFICE, "Sở Xây dựng") == []
    assert gather(store, date(2024, 1, 10), OFFICE)[-1].counts() == {"extension": 1}
    store.mark_done(5, DAY, "An")
    assert gather(store, date(2024, 1, 10), OFFICE) == []


def test_a_department_may_be_named_by_words_and_gets_no_summary(store: Store) -> None:
    assert [digest.agency for digest in gather(store, DAY, OFFICE, "noi vu")] == ["Sở Nội vụ"]


def test_recurring_tasks_are_told_by_their_occurrences(tmp_path: Path) -> None:
    monthly = (Deadline("trước ngày 05 hằng tháng", recurrence="monthly", day=5),)
    with Store.open(tmp_path / "x.db") as store:
        fill(store, (a_task("1", "Báo cáo định kỳ.", deadlines=monthly),))
        for occurrence in store.occurrences(1, date(2024, 2, 28)):
            assert occurrence.due.day == 5
        (department, _) = gather(store, DAY, OFFICE)
        assert told(department) == {"recurring": [(1, 27), (1, -4)]}
        assert [item.remarks for item in department.sections[0].items] == [("còn 1 kỳ trước đó chưa báo cáo",), ()]
        missed = [occurrence.id for occurrence in store.occurrences(1, DAY)]
        for occurrence_id in missed:
            store.set_occurrence(occurrence_id, "done", date(2024, 3, 5), "An")
        assert told(gather(store, DAY, OFFICE)[0]) == {"recurring": [(1, -4)]}
        store.set_status(1, "cancelled", "An")
        assert gather(store, DAY, OFFICE) == []


def test_each_of_several_leads_is_told_how_it_stands_itself(tmp_path: Path) -> None:
    leads = ("Sở Nội vụ", "Sở Tài chính", "Sở Y tế", "Sở Xây dựng")
    with Store.open(tmp_path / "x.db") as store:
        fill(store, (a_task("1", "Rà soát chung.", date(2024, 3, 15), lead=leads, coordinating=()),))
        store.mark_done(1, date(2024, 3, 1), "An", agency="Sở Nội vụ")
        store.request_extension(1, date(2024, 5, 1), "An", agency="Sở Tài chính")
        store.grant_extension(1, date(2024, 4, 5), "An", agency="Sở Y tế")
        found = {digest.agency: digest for digest in gather(store, DAY, OFFICE)}
        assert {name: told(digest) for name, digest in found.items()} == {
            "Sở Tài chính": {"extension": [(1, 17)]},
            "Sở Xây dựng": {"overdue": [(1, 17)]},
            "Sở Y tế": {"soon": [(1, -4)]},
            EVERYBODY: {"overdue": [(1, 17)], "extension": [(1, 17)]},
        }
        request = found[EVERYBODY].sections[-1].items[0]
        assert (request.lead, request.remarks) == ("Sở Tài chính", ("xin gia hạn đến 01/05/2024",))


def test_extensions_are_told_with_their_days(store: Store) -> None:
    store.request_extension(1, date(2024, 5, 2), "An")
    store.grant_extension(2, date(2024, 4, 3), "An")
    store.edit(2, who="An", percent=40, progress="đã trình dự thảo")
    digest = gather(store, DAY, OFFICE)[0]
    remarks = {item.task_id: item.remarks for section in digest.sections for item in section.items}
    assert remarks[1] == ("xin gia hạn đến 02/05/2024",)
    assert remarks[2] == ("đã gia hạn, thời hạn ban đầu 01/02/2024", "đã thực hiện 40%", "tiến độ: đã trình dự thảo")
    assert told(digest)["soon"] == [(2, -2), (3, -7)]


def test_tasks_still_to_be_checked_are_marked_or_left_to_the_summary(tmp_path: Path) -> None:
    with Store.open(tmp_path / "x.db") as store:
        fill(store, (a_task("1", "Rà soát.", date(2024, 3, 1), reasons=("chữ mờ",)),))
        department, summary = gather(store, DAY, OFFICE)
        assert any("kiểm tra lại" in remark for remark in department.sections[0].items[0].remarks)
        assert [digest.agency for digest in gather(store, DAY, replace(OFFICE, unchecked=False))] == [summary.agency]


def test_secret_papers_are_counted_and_never_told(tmp_path: Path) -> None:
    with Store.open(tmp_path / "x.db") as store:
        fill(store, (a_task("1", "Diễn tập khu vực phòng thủ.", date(2024, 3, 1)),), header=replace(HEADER, secrecy="Mật"))
        for digest in gather(store, DAY, OFFICE):
            assert (digest.withheld, digest.sections) == (1, ())
            for text in (subject(digest), as_text(digest), as_html(digest)):
                assert "Diễn tập" not in text
                assert "07/KH" not in text
            assert "1 nhiệm vụ trong văn bản mật" in as_text(digest)


def test_a_member_of_a_group_learns_how_the_paper_calls_it(tmp_path: Path) -> None:
    with Store.open(tmp_path / "x.db") as store:
        fill(store, (a_task("1", "Rà soát.", date(2024, 3, 1), lead=("Sở Thông tin và Truyền thông",), coordinating=()),))
        digest = gather(store, date(2026, 4, 1), OFFICE)[0]
    assert digest.agency == "Sở Khoa học và Công nghệ"
    assert "văn bản ghi: Sở Thông tin và Truyền thông" in digest.sections[0].items[0].remarks


def test_long_sections_are_cut_and_say_so(tmp_path: Path) -> None:
    with Store.open(tmp_path / "x.db") as store:
        fill(store, tuple(a_task(str(n), f"Việc số {n}.", date(2024, 3, 1)) for n in range(MOST + 5)))
        digest = gather(store, DAY, OFFICE)[0]
    (section,) = digest.sections
    assert (len(section.items), section.total) == (MOST, MOST + 5)
    for text in (as_text(digest), as_html(digest)):
        assert f"{MOST} nhiệm vụ trễ lâu nhất trong tổng số {MOST + 5}" in text
    assert f"quá hạn {MOST + 5}" in subject(digest)


def test_the_words(store: Store) -> None:
    digest = gather(store, DAY, OFFICE)[0]
    assert subject(digest) == "[Nhắc việc 01/04/2024] Sở Nội vụ: quá hạn 2, sắp đến hạn 1, chờ gia hạn 1"
    text = as_text(digest)
    assert "còn 2 nhiệm vụ quá hạn, 1 nhiệm vụ đến hạn trong 7 ngày tới, 1 nhiệm vụ chờ quyết định gia hạn." in text
    assert "1. Báo cáo kết quả đối thoại.\n   Văn bản giao: Kế hoạch số 07/KH-UBND ngày 05/01/2024 của UBND tỉnh Sông Lam\n" in text
    assert "   Thời hạn: 01/02/2024 – trễ 60 ngày. Mã nhiệm vụ: 2.\n" in text
    assert "Thời hạn: 08/04/2024 – còn 7 ngày." in text
    assert "Văn phòng UBND tỉnh Sông Lam" in text
    summary = as_text(gather(store, DAY, OFFICE)[-1])
    assert "- Sở Nội vụ: quá hạn 2, trễ nhất (ngày) 60, sắp đến hạn 1, chờ gia hạn 1" in summary
    assert "Chủ trì: Sở Tài chính" in summary


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def a_digest(text: str) -> Digest:
    item = Item(1, clean(text), clean(text), clean(text), DAY, 3, (clean(text),))
    return Digest(text, DAY, 7, clean(f"Văn phòng {text}"), (Section("overdue", (item,), 1),))


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_of_a_paper_becomes_markup_or_another_line(text: str) -> None:
    digest = a_digest(text)
    tags = Tags()
    tags.feed(as_html(digest))
    assert (tags.names, tags.attributes) == (TAGS, ATTRIBUTES)
    assert len(as_text(digest).splitlines()) == len(as_text(a_digest("x")).splitlines())
    assert len(subject(digest).splitlines()) == 1


TAGS = {"html", "head", "meta", "title", "body", "h1", "h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "br", "em"}
ATTRIBUTES = {"lang", "charset", "name", "content", "style", "scope"}


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}{% raw %}", "&lt;b&gt;"])
def test_scripts_and_templates_stay_text(text: str) -> None:
    tags = Tags()
    tags.feed(as_html(a_digest(text)))
    assert (tags.names, tags.attributes) == (TAGS, ATTRIBUTES)
    assert tags.text.count(text) >= 4


def test_the_page_needs_nothing_from_outside(store: Store) -> None:
    for digest in gather(store, DAY, OFFICE):
        assert not re.search(r"https?://|src=|href=|<script", as_html(digest))


@given(st.text(max_size=40))
@settings(max_examples=8, deadline=None)
def test_any_text_fits_into_a_word_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("docx") / "x.docx"
    reminders_docx.write(a_digest(text), path)
    assert clean(text) in docx.Document(str(path)).tables[0].cell(1, 1).text


def test_the_word_file(store: Store, tmp_path: Path) -> None:
    department, *_, summary = gather(store, DAY, OFFICE)
    path = tmp_path / "x.docx"
    reminders_docx.write(department, path)
    document = docx.Document(str(path))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == ["NHẮC VIỆC, NGÀY 01/04/2024", "Kính gửi: Sở Nội vụ"]
    assert [text for text in texts if text.endswith(")")] == [
        "Quá hạn chưa hoàn thành (2)",
        "Sắp đến hạn (1)",
        "Đã xin gia hạn, đang chờ quyết định (1)",
    ]
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == ["Mã", "Nhiệm vụ", "Văn bản giao", "Thời hạn"]
    assert (rows[1][0], rows[1][3]) == ("2", "01/02/2024 – trễ 60 ngày")
    assert document.styles["Normal"].font.name == "Times New Roman"
    reminders_docx.write(summary, path)
    tables = docx.Document(str(path)).tables
    assert [cell.text for cell in tables[0].rows[1].cells] == ["Sở Nội vụ", "2", "60", "1", "1", "0"]
    assert [cell.text for cell in tables[1].rows[0].cells] == ["Mã", "Nhiệm vụ", "Cơ quan chủ trì", "Văn bản giao", "Thời hạn"]
