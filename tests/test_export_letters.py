"""Letters to departments, calendars, JSON for programs, the zip of all: what `dondoc export` writes beside registers."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from icalendar import Calendar
from typer.testing import CliRunner

from dondoc.cli import app
from dondoc.settings import OfficeSettings
from dondoc.workspace import create
from extract.directive import Deadline, Directive, Header, Span, Task
from ingest.document import Document, Page
from ingest.errors import UsageError
from scripts import letter_templates
from tracking import Store, export_ics, export_json, letters
from tracking.letters import ASSIGNMENT, KINDS, URGING

AS_OF = date(2026, 2, 5)
OFFICE = OfficeSettings("UBND tỉnh Sông Lam", "Văn phòng", "VP-TH", "Sông Lam", "Chánh Văn phòng", "Nguyễn Văn An", "VT, TH", templates="")
HEADER = Header(
    "07/KH-UBND", "Kế hoạch", "UBND tỉnh Sông Lam", date(2026, 1, 5), subject="Cải cách hành chính", recipients=("Như trên", "Lưu: VT")
)
HOSTILE = "Rà soát <b>&amp; {{ 7*7 }} {% raw %} ]]> </w:t>\x01 danh mục."


def make_task(path: str, text: str, due: date | None, **changes: object) -> Task:
    deadlines = (Deadline("trước ngày …", due=due),) if due else (Deadline("hằng quý", recurrence="quarterly"),)
    return replace(Task(path, text, Span(1, 3, 5), ("Sở Nội vụ",), ("Sở Tài chính",), deadlines), **changes)  # type: ignore[arg-type]


TASKS = (
    make_task("1", HOSTILE, date(2026, 1, 31)),
    make_task("2", "Hoàn thiện danh mục.", date(2026, 2, 12)),
    make_task("3", "Báo cáo hằng quý.", None),
    make_task("4", "Tổng kết năm.", date(2026, 12, 31), lead=("Sở Nội vụ", "Sở Y tế")),
    make_task("5", "Công khai số điện thoại.", date(2026, 1, 20)),
)


def fill(store: Store) -> None:
    document = Document("kh.pdf", "a" * 64, "pdf", (Page(1, (), "ocr"),))
    store.save(document, Directive(HEADER, tasks=TASKS), file_name="kh.pdf", received_at=datetime(2026, 1, 10))
    store.mark_done(5, date(2026, 1, 19), "An")


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "dondoc.db") as opened:
        fill(opened)
        yield opened


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def rows_of(path: Path) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[1].rows]


def test_letters_go_to_those_who_lead(store: Store, tmp_path: Path) -> None:
    written = letters.export_all(store, tmp_path / "out", OFFICE, AS_OF)
    assert sorted(path.name for path in written) == [
        "so-noi-vu.cong-van-don-doc.docx",
        "so-noi-vu.phieu-giao-viec.docx",
        "so-y-te.phieu-giao-viec.docx",
    ]
    pressing = rows_of(tmp_path / "out" / "so-noi-vu.cong-van-don-doc.docx")
    assert [(row[0], row[3], row[4]) for row in pressing[1:]] == [("1", "31/01/2026", "5"), ("2", "12/02/2026", "")]
    given = rows_of(tmp_path / "out" / "so-noi-vu.phieu-giao-viec.docx")
    assert [row[4] for row in given[1:]] == ["31/01/2026", "12/02/2026", "hằng quý", "31/12/2026"]
    assert given[1][2] == "Kế hoạch số 07/KH-UBND ngày 05/01/2026 của UBND tỉnh Sông Lam"


def test_a_letter_says_who_sends_it(store: Store, tmp_path: Path) -> None:
    for path in letters.export_department(store, "noi vu", tmp_path, OFFICE, AS_OF):
        text = text_of(path)
        for words in (
            "UBND TỈNH SÔNG LAM",
            "VĂN PHÒNG",
            "VP-TH",
            "Sông Lam, ngày 05 tháng 02 năm 2026",
            "CHÁNH VĂN PHÒNG",
            "Nguyễn Văn An",
        ):
            assert words in text
        assert "Lưu: VT, TH." in text
        assert "Sở Nội vụ" in text
        assert "./." in text


OTHERS = (
    (("Sở Nội vụ",), ("Sở Tài chính",), "Phối hợp: Sở Tài chính"),
    (("Sở Nội vụ", "Sở Y tế"), (), "Cùng chủ trì: Sở Y tế"),
    (("Sở Y tế", "Sở Nội vụ", "Sở Tư pháp"), ("Sở Tài chính",), "Cùng chủ trì: Sở Y tế; Sở Tư pháp\nPhối hợp: Sở Tài chính"),
    (("Các sở, ban, ngành", "Công an tỉnh"), (), "Cùng chủ trì: Các sở, ban, ngành khác; Công an tỉnh"),
    (("Sở Lao động - Thương binh và Xã hội",), (), ""),
)


@pytest.mark.parametrize(("lead", "coordinating", "named"), OTHERS, ids=[wanted or "nobody" for *_, wanted in OTHERS])
def test_the_assignment_names_who_else_leads(tmp_path: Path, lead: tuple[str, ...], coordinating: tuple[str, ...], named: str) -> None:
    header = replace(HEADER, place="Hà Tĩnh", issuer="UBND tỉnh Hà Tĩnh", date=date(2024, 5, 6))
    document = Document("kh.pdf", "a" * 64, "pdf", (Page(1, (), "ocr"),))
    with Store.open(tmp_path / "dondoc.db") as store:
        task = make_task("1", "Rà soát danh mục.", AS_OF, lead=lead, coordinating=coordinating)
        store.save(document, Directive(header, tasks=(task,)), file_name="kh.pdf", received_at=datetime(2024, 5, 10))
        letters.export_department(store, "Sở Nội vụ", tmp_path, OFFICE, AS_OF)
    assert rows_of(tmp_path / f"so-noi-vu.{ASSIGNMENT}.docx")[1][3] == named


@pytest.mark.parametrize(
    ("dues", "words"),
    [
        ((1,), "còn 01 nhiệm vụ đã quá hạn, cần"),
        ((-2,), "còn 01 nhiệm vụ sắp đến hạn, cần"),
        ((1, 2, 0), "còn 03 nhiệm vụ cần khẩn trương hoàn thành, trong đó 02 nhiệm vụ đã quá hạn và 01 nhiệm vụ sắp đến hạn"),
    ],
    ids=["late", "soon", "both"],
)
def test_the_urging_counts_what_there_is(tmp_path: Path, dues: tuple[int, ...], words: str) -> None:
    document = Document("kh.pdf", "a" * 64, "pdf", (Page(1, (), "ocr"),))
    with Store.open(tmp_path / "dondoc.db") as store:
        tasks = tuple(make_task(str(n), f"Việc {n}.", AS_OF - timedelta(days=late)) for n, late in enumerate(dues, 1))
        store.save(document, Directive(HEADER, tasks=tasks), file_name="kh.pdf", received_at=datetime(2026, 1, 10))
        letters.export_department(store, "Sở Nội vụ", tmp_path, OFFICE, AS_OF)
    assert words in text_of(tmp_path / f"so-noi-vu.{URGING}.docx")


@pytest.mark.parametrize("kind", KINDS)
def test_the_signature_stays_with_the_last_words_and_the_deputy_has_two_lines(store: Store, tmp_path: Path, kind: str) -> None:
    letters.export_department(store, "Sở Nội vụ", tmp_path, replace(OFFICE, signer_title="KT. Giám đốc\nPhó Giám đốc"), AS_OF)
    document = docx.Document(str(tmp_path / f"so-noi-vu.{kind}.docx"))
    foot = document.tables[-1]
    assert foot.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None
    last_words = next(paragraph for paragraph in document.paragraphs if paragraph.text.endswith("./."))
    assert last_words.paragraph_format.keep_with_next
    assert foot.cell(0, 1).paragraphs[0].text == "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"


def test_what_the_office_did_not_say_is_left_to_be_written(store: Store, tmp_path: Path) -> None:
    text = text_of(letters.export_department(store, "Sở Nội vụ", tmp_path, OfficeSettings(templates=""), date(2026, 10, 15))[0])
    assert "…………, ngày 15 tháng 10 năm 2026" in text
    assert "UBND TỈNH" not in text


def test_texts_from_scans_stay_texts(store: Store, tmp_path: Path) -> None:
    for path in letters.export_department(store, "Sở Nội vụ", tmp_path, OFFICE, AS_OF):
        assert rows_of(path)[1][1] == HOSTILE.replace("\x01", "")


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_laid_out_by_nghi_dinh_30(store: Store, tmp_path: Path, kind: str) -> None:
    letters.export_department(store, "Sở Nội vụ", tmp_path, OFFICE, AS_OF)
    document = docx.Document(str(tmp_path / f"so-noi-vu.{kind}.docx"))
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert all(Mm(20) - 999 <= margin <= Mm(25) for margin in (page.top_margin, page.bottom_margin))
    assert Mm(30) - 999 <= page.left_margin <= Mm(35)
    assert Mm(15) - 999 <= page.right_margin <= Mm(20)
    assert page.different_first_page_header_footer
    head = {paragraph.text: paragraph for cell in document.tables[0].rows[0].cells for paragraph in cell.paragraphs}
    title = head["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"].runs[0]
    assert (title.bold, title.font.name) == (True, "Times New Roman")
    assert Pt(12) <= title.font.size <= Pt(13)
    assert not head["UBND TỈNH SÔNG LAM"].runs[0].bold
    assert head["VĂN PHÒNG"].runs[0].bold
    assert head["Sông Lam, ngày 05 tháng 02 năm 2026"].runs[0].italic
    assert (kind == URGING) == any(text.startswith("V/v ") for text in head)
    for paragraph in document.paragraphs:
        assert all(Pt(12) <= run.font.size <= Pt(14) for run in paragraph.runs if run.text.strip())
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_the_packaged_templates_are_those_of_the_script() -> None:
    for kind, make in ((ASSIGNMENT, letter_templates.assignment), (URGING, letter_templates.urging)):
        packaged = docx.Document(str(letter_templates.RESOURCES / f"{kind}.docx"))
        assert packaged.element.xml == make().element.xml


# Templates of the office


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "mau"
    assert [path.name for path in letters.copy_templates(folder)] == [f"{kind}.docx" for kind in KINDS]
    return folder


def test_the_office_may_write_its_own_template(store: Store, tmp_path: Path, templates: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Gửi {{ don_vi }}: {% for viec in nhiem_vu %}[{{ viec.ma }}] {% endfor %}")
    document.save(str(templates / f"{URGING}.docx"))
    assert letters.copy_templates(templates) == []
    assignment, urging = letters.export_department(store, "Sở Nội vụ", tmp_path / "out", replace(OFFICE, templates=str(templates)), AS_OF)
    assert docx.Document(str(urging)).paragraphs[0].text == "Gửi Sở Nội vụ: [1] [2] "
    assert "PHIẾU GIAO VIỆC" in text_of(assignment)


def _with(text: str) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        document = docx.Document()
        document.add_paragraph(text)
        document.save(str(path))

    return make


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_with("{{ don_vii }}"), "don_vii"),
        (_with("{% for viec in nhiem_vu %} thiếu kết thúc"), "endfor"),
        (_with("{{ don_vi"), "mẫu văn bản không dùng được"),
        (_with("{{ ''.__class__.__mro__ }}"), "__class__"),
        (lambda path: path.write_text("không phải Word"), "mẫu văn bản không dùng được"),
        (lambda path: path.write_bytes(b""), "mẫu văn bản không dùng được"),
    ],
    ids=["unknown name", "no end", "half a mark", "python", "text", "empty"],
)
def test_a_template_that_cannot_be_used(store: Store, tmp_path: Path, templates: Path, make: Callable[[Path], Any], reason: str) -> None:
    make(templates / f"{ASSIGNMENT}.docx")
    with pytest.raises(UsageError, match=reason) as caught:
        letters.export_department(store, "Sở Nội vụ", tmp_path / "out", replace(OFFICE, templates=str(templates)), AS_OF)
    assert str(templates / f"{ASSIGNMENT}.docx") in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


# Calendars


def events(path: Path) -> list[Any]:
    return list(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def test_a_calendar_has_every_day_that_is_owed(store: Store, tmp_path: Path) -> None:
    found = events(export_ics.export_department(store, "Sở Nội vụ", tmp_path / "x.ics", AS_OF))
    single = {event.decoded("dtstart"): event for event in found if not str(event["uid"]).count("-3-")}
    assert set(single) == {date(2026, 1, 31), date(2026, 2, 12), date(2026, 12, 31)}
    quarterly = [event.decoded("dtstart") for event in found if str(event["uid"]).count("-3-")]
    assert len(quarterly) >= 3
    assert quarterly == sorted(set(quarterly))
    for event in found:
        triggers = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
        assert triggers == [timedelta(hours=8) - timedelta(days=days) for days in (7, 1)]
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)
    assert len({str(event["uid"]) for event in found}) == len(found)
    assert "<b>&amp; {{ 7*7 }}" in str(single[date(2026, 1, 31)]["description"])


def test_a_deadline_keeps_its_uid_when_it_moves(store: Store, tmp_path: Path) -> None:
    before = {str(event["uid"]): event.decoded("dtstart") for event in events(export_ics.export_combined(store, tmp_path / "x.ics", AS_OF))}
    store.edit(2, who="An", due="2026-03-15")
    after = {str(event["uid"]): event.decoded("dtstart") for event in events(export_ics.export_combined(store, tmp_path / "x.ics", AS_OF))}
    assert set(before) == set(after)
    assert {uid.split("-")[1] for uid in before if before[uid] != after[uid]} == {"2@dondoc"}


def test_a_department_with_more_time_has_its_own_day(store: Store, tmp_path: Path) -> None:
    store.grant_extension(4, date(2027, 1, 31), "An", agency="Sở Y tế")
    days = {
        name: events(export_ics.export_department(store, name, tmp_path / "x.ics", AS_OF))[-1].decoded("dtstart") for name in ("Sở Y tế",)
    }
    assert days == {"Sở Y tế": date(2027, 1, 31)}
    assert [row[4] for row in rows_of(letters.export_department(store, "Sở Y tế", tmp_path, OFFICE, AS_OF)[0])[1:]] == ["31/01/2027"]


# JSON


def test_json_has_the_names_of_phu_luc_vi_too(store: Store, tmp_path: Path) -> None:
    found = json.loads(export_json.export_department(store, "Sở Nội vụ", tmp_path / "x.json", AS_OF).read_text("utf-8"))
    by_id = {task["id"]: task for task in found["tasks"]}
    assert by_id[2]["ND30"] == dict.fromkeys(("FileCode", "DocOrdinal", "Description", "TraceHeaderList")) | {
        "TypeName": "Kế hoạch",
        "CodeNumber": "07",
        "CodeNotation": "KH-UBND",
        "IssuedDate": "2026-01-05",
        "OrganName": "UBND tỉnh Sông Lam",
        "Subject": "Cải cách hành chính",
        "Language": "Tiếng Việt",
        "PageAmount": 1,
        "ArrivalDate": "2026-01-10",
        "ArrivalNumber": None,
        "SignerInfo": {"Position": None, "FullName": None},
        "Priority": None,
        "ToPlaces": "Như trên; Lưu: VT",
        "DueDate": "2026-02-12",
    }
    assert by_id[3]["ND30"]["DueDate"] is None
    assert by_id[2]["share"] is None
    assert by_id[4]["share"]["status"] == "open"


# The command


@pytest.fixture
def office(tmp_path: Path) -> Path:
    workspace, _ = create(tmp_path / "office")
    with workspace.store() as opened:
        fill(opened)
    settings = workspace.settings_path.read_text("utf-8")
    workspace.settings_path.write_text(settings.replace("[office]\n", '[office]\nname = "Văn phòng Hoa Sen"\n'), "utf-8")
    return workspace.root


def run(*words: object) -> Any:
    return CliRunner().invoke(app, ["export", *map(str, words)], env={"COLUMNS": "200"})


def test_several_formats_at_once(office: Path) -> None:
    assert run("-w", office, "--format", "xlsx, DOCX,csv,ics,json", "--as-of", AS_OF).exit_code == 0
    names = {path.name for path in (office / "exports").iterdir()}
    registers = {
        f"{name}.{form}" for name in ("so-noi-vu", "so-tai-chinh", "so-y-te", "tong-hop") for form in ("xlsx", "csv", "ics", "json")
    }
    assert names == registers | {"so-noi-vu.cong-van-don-doc.docx", "so-noi-vu.phieu-giao-viec.docx", "so-y-te.phieu-giao-viec.docx"}
    assert "VĂN PHÒNG HOA SEN" in text_of(office / "exports" / "so-y-te.phieu-giao-viec.docx")


def test_the_whole_office_as_one_archive(office: Path, tmp_path: Path) -> None:
    result = run("-w", office, "--format", "xlsx,docx,ics", "--zip", "--as-of", AS_OF, "--json")
    (path,) = json.loads(result.stdout)
    assert path == str(office / "exports" / "dondoc-2026-02-05.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 4 + 3 + 4
        assert all(name.isascii() and "/" not in name and "\\" not in name and ".." not in name for name in archive.namelist())
    assert run("-w", office, "--zip", "--agency", "Sở Y tế", "-o", tmp_path / "y-te.zip").exit_code == 0
    assert zipfile.ZipFile(tmp_path / "y-te.zip").namelist() == ["so-y-te.xlsx"]


def test_templates_are_copied_once(office: Path) -> None:
    assert run("-w", office, "--templates").exit_code == 0
    mine = office / "mau" / f"{ASSIGNMENT}.docx"
    _with("Mẫu của {{ don_vi }}")(mine)
    assert "không chép đè" in run("-w", office, "--templates").stdout
    assert run("-w", office, "-f", "docx", "-a", "Sở Y tế", "-o", office / "thu").exit_code == 0
    assert text_of(office / "thu" / f"so-y-te.{ASSIGNMENT}.docx") == "Mẫu của Sở Y tế"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-f", "pdf"], "không có định dạng pdf"),
        (["-f", ","], "chưa nêu định dạng"),
        (["-f", "docx", "--all"], "không đi cùng --all"),
        (["--agency", "x", "--all"], "không đi cùng nhau"),
        (["--members", "--all"], "--members"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_asked_for(office: Path, words: list[str], message: str) -> None:
    result = run("-w", office, *words)
    assert (result.exit_code, message in result.stderr) == (2, True)
