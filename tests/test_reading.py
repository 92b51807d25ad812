"""Whole directives, read from text: header, tasks with who, when and where, references."""

from __future__ import annotations

from datetime import date

import pytest

from extract import Directive, Task, extract
from ingest.document import Document, Line, Page

OFFICIAL_LETTER = """\
ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 412/UBND-NC
V/v rà soát hồ sơ tồn đọng
tại bộ phận một cửa
Sông Lam, ngày 06 tháng 3 năm 2024

Kính gửi:
- Các sở, ban, ngành cấp tỉnh;
- UBND các huyện, thị xã, thành phố.

Theo báo cáo của Sở Nội vụ tại Công văn số 77/SNV-CCHC ngày 01/3/2024 về hồ sơ trễ hạn, Chủ tịch UBND tỉnh yêu cầu:

1. Thủ trưởng các sở, ban, ngành, Chủ tịch UBND các huyện, thị xã, thành phố
- Rà soát toàn bộ hồ sơ trễ hạn, hoàn thành trước ngày 20/3/2024.
- Giao Sở Tài chính tổng hợp kinh phí, báo cáo UBND tỉnh (qua Sở Nội vụ) trong tháng 4/2024.

2. Sở Nội vụ chủ trì, phối hợp với Văn phòng UBND tỉnh và các cơ quan, đơn vị liên quan:
- Kiểm tra đột xuất ít nhất 05 đơn vị trong Quý II/2024.

3. Công an tỉnh: Bảo đảm kết nối dữ liệu dân cư, xong trước 30/6/2024.

Trong quá trình thực hiện, nếu có vướng mắc, các đơn vị báo cáo UBND tỉnh xem xét./.

Nơi nhận:
- Như trên;
- Chủ tịch, các PCT UBND tỉnh;
- Lưu: VT, NC.
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Trần Văn Lâm"""


def read(text: str) -> Directive:
    pages = []
    for number, page_text in enumerate(text.split("\f"), start=1):
        lines = tuple(Line(at, line, line) for at, line in enumerate(page_text.split("\n"), start=1))
        pages.append(Page(number, lines, "text"))
    return extract(Document("memory", "0" * 64, "text", tuple(pages)))


@pytest.fixture(scope="module")
def letter() -> Directive:
    return read(OFFICIAL_LETTER)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "412/UBND-NC"),
        ("type", "Công văn"),
        ("issuer", "UBND tỉnh Sông Lam"),
        ("date", date(2024, 3, 6)),
        ("place", "Sông Lam"),
        ("subject", "rà soát hồ sơ tồn đọng tại bộ phận một cửa"),
        ("signer", "Trần Văn Lâm"),
        ("signer_title", "Phó Chủ tịch"),
        ("recipients", ("Như trên", "Chủ tịch, các PCT UBND tỉnh", "Lưu: VT, NC")),
        ("addressees", ("Các sở, ban, ngành cấp tỉnh", "UBND các huyện, thị xã, thành phố")),
    ],
)
def test_the_header_of_an_official_letter(letter: Directive, field: str, value: object) -> None:
    assert getattr(letter.header, field) == value


def by_path(directive: Directive) -> dict[str, Task]:
    return {task.path: task for task in directive.tasks}


def test_every_leaf_is_a_task_and_nothing_else(letter: Directive) -> None:
    assert list(by_path(letter)) == ["1/-1", "1/-2", "2/-1", "3"]


@pytest.mark.parametrize(
    ("path", "lead", "coordinating", "due"),
    [
        pytest.param(
            "1/-1", ("các sở, ban, ngành", "UBND các huyện, thị xã, thành phố"), (), date(2024, 3, 20), id="heading of heads of agencies"
        ),
        pytest.param("1/-2", ("Sở Tài chính",), (), date(2024, 4, 30), id="item names its own doer, the receiver is none"),
        pytest.param(
            "2/-1",
            ("Sở Nội vụ",),
            ("Văn phòng UBND tỉnh", "các cơ quan, đơn vị liên quan"),
            date(2024, 6, 30),
            id="partners of the heading are inherited",
        ),
        pytest.param("3", ("Công an tỉnh",), (), date(2024, 6, 30), id="run-in heading"),
    ],
)
def test_who_and_when(letter: Directive, path: str, lead: tuple[str, ...], coordinating: tuple[str, ...], due: date) -> None:
    task = by_path(letter)[path]
    assert (task.lead, task.coordinating, tuple(deadline.due for deadline in task.deadlines)) == (lead, coordinating, (due,))


def test_a_task_points_at_its_lines(letter: Directive) -> None:
    task = by_path(letter)["2/-1"]
    line = OFFICIAL_LETTER.split("\n")[task.span.first - 1]
    assert (task.span.page, task.span.first, task.span.last) == (1, task.span.last, task.span.last)
    assert task.text in line


def test_a_run_in_heading_is_not_part_of_the_text(letter: Directive) -> None:
    assert by_path(letter)["3"].text == "Bảo đảm kết nối dữ liệu dân cư, xong trước 30/6/2024."


def test_cited_documents_do_not_include_the_paper_itself(letter: Directive) -> None:
    assert [(reference.number, reference.date) for reference in letter.references] == [("77/SNV-CCHC", date(2024, 3, 1))]


def test_addressees_lead_where_nothing_nearer_names_a_doer() -> None:
    text = OFFICIAL_LETTER.replace(
        "1. Thủ trưởng các sở, ban, ngành, Chủ tịch UBND các huyện, thị xã, thành phố\n", "1. Về hồ sơ trễ hạn\n"
    )
    assert by_path(read(text))["1/-1"].lead == ("các sở, ban, ngành cấp tỉnh", "UBND các huyện, thị xã, thành phố")


PLAN = """\
UBND TỈNH SÔNG LAM
SỞ Y TẾ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 18/KH-SYT
Sông Lam, ngày 12 tháng 02 năm 2025

KẾ HOẠCH
Kiểm tra an toàn thực phẩm năm 2025

Thực hiện Nghị quyết số 05-
NQ/TU ngày 02/01/2025 của Tỉnh ủy, Sở Y tế xây dựng Kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU

1. Nâng cao trách nhiệm của các đơn vị trong công tác kiểm tra.

II. NỘI DUNG

1. Kiểm tra bếp ăn trường học

a) Nhiệm vụ: Kiểm tra toàn bộ bếp ăn tập thể trong các trường nội trú.

b) Đơn vị chủ trì: Chi cục An toàn vệ sinh thực phẩm.

c) Đơn vị phối hợp: Sở Giáo dục và Đào tạo, UBND cấp huyện.

d) Thời gian thực hiện: Quý III/2025.

III. TỔ CHỨC THỰC HIỆN

1. Giao Văn phòng Sở theo dõi, đôn đốc, báo cáo Giám đốc Sở trước ngày 25 hằng tháng.

Trên đây là Kế hoạch kiểm tra an toàn thực phẩm năm 2025./.

Nơi nhận:
- Lưu: VT.
GIÁM ĐỐC
Lê Thị Sông

PHỤ LỤC I
PHÂN CÔNG NHIỆM VỤ
(Kèm theo Kế hoạch số 18/KH-SYT ngày 12/02/2025 của Sở Y tế)
STT\tNội dung\tĐơn vị chủ trì\tĐơn vị phối hợp\tTiến độ
I\tTUYẾN TỈNH\t\t\t
1\tTập huấn cho đoàn kiểm tra\tPhòng Nghiệp vụ Y\tVăn phòng Sở\tTháng 3/2025
2\tCông bố kết quả trên Cổng thông tin\tVăn phòng Sở\t\tThường xuyên"""


@pytest.fixture(scope="module")
def plan() -> Directive:
    return read(PLAN)


def test_goals_give_no_tasks_and_attribute_lines_complete_the_task_above(plan: Directive) -> None:
    tasks = by_path(plan)
    assert list(tasks) == ["II.1.a", "III.1", "PL.I.I/1", "PL.I.I/2"]
    task = tasks["II.1.a"]
    assert task.text == "Kiểm tra toàn bộ bếp ăn tập thể trong các trường nội trú."
    assert task.lead == ("Chi cục An toàn vệ sinh thực phẩm",)
    assert task.coordinating == ("Sở Giáo dục và Đào tạo", "UBND cấp huyện")
    assert [deadline.due for deadline in task.deadlines] == [date(2025, 9, 30)]


def test_recurring_order_with_a_day(plan: Directive) -> None:
    (deadline,) = by_path(plan)["III.1"].deadlines
    assert (deadline.due, deadline.recurrence, deadline.day) == (None, "monthly", 25)


def test_rows_of_the_appendix_table(plan: Directive) -> None:
    first, second = by_path(plan)["PL.I.I/1"], by_path(plan)["PL.I.I/2"]
    assert (first.lead, first.coordinating, first.deadlines[0].due) == (("Phòng Nghiệp vụ Y",), ("Văn phòng Sở",), date(2025, 3, 31))
    assert second.deadlines[0].recurrence == "continuous"


def test_a_number_broken_at_the_end_of_a_line_is_whole(plan: Directive) -> None:
    assert plan.references[0].number == "05-NQ/TU"


def test_the_issuer_is_the_lowest_body_of_its_column(plan: Directive) -> None:
    assert (plan.header.issuer, plan.header.type, plan.header.signer, plan.header.signer_title) == (
        "Sở Y tế",
        "Kế hoạch",
        "Lê Thị Sông",
        "Giám đốc",
    )


def test_a_group_before_a_colon_heads_its_order() -> None:
    text = OFFICIAL_LETTER.replace("3. Công an tỉnh: Bảo đảm", "3. UBND các huyện, thị xã, thành phố: Bảo đảm")
    task = by_path(read(text))["3"]
    assert (task.lead, task.text[:7]) == (("UBND các huyện, thị xã, thành phố",), "Bảo đảm")


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param("xem xét.l.\n\nơi nhận:", id="end mark and first letter misread"),
        pytest.param("xem xét\n\nNơi nhận:", id="no end mark"),
    ],
)
def test_a_damaged_end_of_the_body_is_still_its_end(ending: str) -> None:
    directive = read(OFFICIAL_LETTER.replace("xem xét./.\n\nNơi nhận:", ending))
    assert list(by_path(directive)) == ["1/-1", "1/-2", "2/-1", "3"]
    assert directive.header.recipients[0] == "Như trên"


def test_a_commune_issues_too() -> None:
    text = OFFICIAL_LETTER.replace("TỈNH SÔNG LAM", "XÃ PHÚ THẠCH", 1)
    assert read(text).header.issuer == "UBND xã Phú Thạch"


def test_a_task_without_a_doer_asks_for_review() -> None:
    directive = read("KẾ HOẠCH\nThử nghiệm\n\nI. NỘI DUNG\n1. Rà soát các quy trình nội bộ còn chồng chéo trước 30/6/2025.")
    (task,) = directive.tasks
    assert task.lead == ()
    assert task.needs_review
    assert any("cơ quan chủ trì" in reason for reason in task.reasons)


def test_an_empty_document_gives_nothing() -> None:
    directive = read("")
    assert (directive.tasks, directive.references, directive.header.number) == ((), (), None)


@pytest.mark.parametrize(
    "damage", ["-", "\t", "\f", "1.", "a)", "Nơi nhận:", "./.", "PHỤ LỤC", "ngày 31 tháng 02 năm 2024", "Số:", "Kính gửi:", "\n\n\n"]
)
def test_fragments_never_raise(damage: str) -> None:
    for text in (damage, damage * 3, f"{damage}\n{damage}", OFFICIAL_LETTER.replace("\n", f"{damage}\n", 3), damage + OFFICIAL_LETTER):
        assert isinstance(read(text), Directive)


@pytest.mark.parametrize(("kind", "warned"), [("CHỈ THỊ", True), ("BÁO CÁO", False)])
def test_a_directive_without_a_task_says_so(kind: str, warned: bool) -> None:
    head = ["ỦY BAN NHÂN DÂN", "TỈNH SÔNG LAM", "Số: 12/XX-UBND", "Sông Lam, ngày 05 tháng 3 năm 2024"]
    lines = [*head, kind, "Về công tác lưu trữ", "Lời cảm ơn./."]
    page = Page(1, tuple(Line(at, line, line) for at, line in enumerate(lines, 1)), "text")
    warnings = extract(Document("paper", "0" * 64, "text", (page,))).warnings
    assert any("Không đọc được nhiệm vụ" in warning for warning in warnings) == warned
