"""Confidence by field, reasons for a person to look, warnings on the whole document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import Directive, Task, extract
from extract.confidence import cases, gather, model
from extract.directive import Deadline, Header, Span
from extract.evidence import FIELDS, Case, Evidence, names_counted
from extract.gazetteer import rows
from extract.header_doubts import field_of
from extract.legibility import Paper
from ingest.document import Document, Doubt, Line, Page, Word

LETTER = """\
ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM
Số: 412/UBND-NC
V/v rà soát hồ sơ tồn đọng
Sông Lam, ngày 06 tháng 3 năm 2024

Kính gửi: Các sở, ban, ngành cấp tỉnh.

Chủ tịch UBND tỉnh yêu cầu:

1. Sở Nội vụ:
- Rà soát toàn bộ hồ sơ trễ hạn, hoàn thành trước ngày 20/3/2024.
- Công khai kết quả trên Trang thông tin điện tử của tỉnh.
2. Sở Tài chính tổng hợp kinh phí, báo cáo UBND tỉnh trong tháng 4/2024.
3. Sở Y tế kiểm tra các bệnh viện, hoàn thành trước ngày 15/4/2024./.

Nơi nhận:
- Như trên;
- Lưu: VT, NC.
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Trần Văn Lâm"""


def document(text: str, *, source: str = "text", weak: dict[str, float] | None = None) -> Document:
    """One page; the words of ``weak`` were read with that confidence, all others surely."""
    trust = weak or {}
    lines = tuple(
        Line(at, line, line, words=tuple(Word(word, confidence=trust.get(word, 1.0)) for word in line.split()))
        for at, line in enumerate(text.split("\n"), start=1)
    )
    return Document("memory", "0" * 64, "pdf" if source == "ocr" else "text", (Page(1, lines, "ocr" if source == "ocr" else "text"),))


def case(text: str, *, header: Header | None = None, **fields: object) -> Case:
    """A task on its own line of an otherwise empty paper."""
    task = replace(Task("1", text, Span(1, 1, 1)), **fields)  # type: ignore[arg-type]
    return Case(task, Paper(document(text)), header or Header(date=date(2024, 3, 6), about=date(2024, 3, 6)), names_counted([task]))


def raised(one: Case) -> set[str]:
    """The evidence with a value, as "field: name"."""
    return {f"{e.field}: {e.name}" for e in gather(one) if e.value > 0}


@pytest.fixture(scope="module")
def letter() -> Directive:
    return extract(document(LETTER))


def test_plain_orders_need_no_review(letter: Directive) -> None:
    assert [task.path for task in letter.tasks] == ["1/-1", "1/-2", "2", "3"]
    assert [task.reasons for task in letter.tasks] == [()] * 4
    assert letter.warnings == ()


def test_every_field_has_its_confidence_in_the_json(letter: Directive) -> None:
    out = letter.as_json()
    for task in out["tasks"]:
        assert set(task["field_confidence"]) == set(FIELDS)
        assert all(0 <= value <= 1 for value in task["field_confidence"].values())
        assert 0 < task["confidence"] <= min(task["field_confidence"][name] for name in ("text", "lead", "deadlines"))
    assert {"number", "date", "issuer", "signer"} <= set(out["document"]["field_confidence"])


def test_a_task_of_nobody_needs_review() -> None:
    text = LETTER.replace("1. Sở Nội vụ:", "1. Về hồ sơ tồn đọng:").replace("Kính gửi: Các sở, ban, ngành cấp tỉnh.", "")
    first = extract(document(text)).tasks[0]
    assert first.lead == ()
    assert "Chưa xác định được cơ quan chủ trì." in first.reasons


def test_digits_that_ocr_was_unsure_of_are_named_with_their_place() -> None:
    found = extract(document(LETTER, source="ocr", weak={"15/4/2024./.": 0.2}))
    task = found.tasks[-1]
    assert task.needs_review
    assert any("15/4/2024" in reason and "trang 1, dòng 15" in reason for reason in task.reasons)
    assert not found.tasks[0].needs_review


@pytest.mark.parametrize(
    ("term", "word", "doubt"),
    [pytest.param("Quý 1/2025", "1/2025./.", 0.3, id="I read as 1"), pytest.param("Quý 4/2024", "4/2024./.", 0.8, id="another quarter")],
)
def test_the_first_quarter_is_the_same_in_either_numeral(term: str, word: str, doubt: float) -> None:
    given = document(LETTER.replace("trước ngày 15/4/2024", f"trong {term}"), source="ocr", weak={word: 0.2})
    last = list(cases(extract(given), given))[-1]
    assert max(e.value for e in gather(last) if e.name == "weak digits" and e.field == "deadlines") == pytest.approx(doubt)


def test_a_word_of_the_lead_that_may_be_another_is_named_with_its_place() -> None:
    given = document(LETTER)
    line = given.pages[0].lines[14]
    weak = replace(line, doubts=(Doubt(line.text.index("Y tế"), line.text.index("Y tế") + 1, 0.3, ("ý",)),))
    page = replace(given.pages[0], lines=(*given.pages[0].lines[:14], weak, *given.pages[0].lines[15:]))
    task = extract(replace(given, pages=(page,))).tasks[-1]
    assert any("“Y (trang 1, dòng 15)”" in reason for reason in task.reasons)


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        pytest.param("Rà soát hồ sơ trễ hạn.", {}, "lead: source none", id="nobody"),
        pytest.param(
            "Rà soát hồ sơ.", {"lead": ("Sở Nội vụ",), "lead_source": "addressee"}, "lead: source addressee", id="only from Kính gửi"
        ),
        pytest.param("Rà soát hồ sơ.", {"lead": ("Vụ Việc",), "lead_source": "heading"}, "lead: open name", id="not in the gazetteer"),
        pytest.param(
            "Rà soát hồ sơ.", {"lead": ("thị xã, thành phố",), "lead_source": "item"}, "lead: list in name", id="a list taken for a name"
        ),
        pytest.param("Rà soát hồ sơ.", {"lead": ("cơ quan",), "lead_source": "heading"}, "lead: bare name", id="no name at all"),
        pytest.param(
            "Rà soát hồ sơ.",
            {"lead": ("các đơn vị vận tải hành khách",), "lead_source": "heading"},
            "lead: rare group",
            id="a group nobody can expand",
        ),
        pytest.param(
            "Rà soát hồ sơ. Sở Y tế có trách nhiệm kiểm tra các bệnh viện.",
            {"lead": ("Sở Nội vụ",), "lead_source": "heading"},
            "lead: further doers",
            id="a second doer",
        ),
        pytest.param(
            "Tình hình hồ sơ trễ hạn.", {"lead": ("Sở Nội vụ",), "lead_source": "heading"}, "lead: text opens without a verb", id="no verb"
        ),
        pytest.param("Phối hợp với trên dưới rà soát hồ sơ.", {}, "coordinating: partners unread", id="partners not understood"),
        pytest.param("Rà soát hồ sơ, hoàn thành trong tháng SẼ", {}, "deadlines: number lost", id="a month without its number"),
        pytest.param(
            "Rà soát hồ sơ đến hết ngày 30/6/2024.", {}, "deadlines: unread limit", id="a limit that was not taken for a deadline"
        ),
        pytest.param("Rà soát hồ sơ trước đây của năm 2026.", {}, "deadlines: unread year", id="a year"),
        pytest.param(
            "Rà soát hồ sơ trước ngày 01/02/2024.",
            {"deadlines": (Deadline("trước ngày 01/02/2024", due=date(2024, 2, 1)),)},
            "deadlines: before the paper",
            id="due before the paper",
        ),
        pytest.param(
            "Rà soát hồ sơ trong năm 2034.",
            {"deadlines": (Deadline("trong năm 2034", due=date(2034, 12, 31)),)},
            "deadlines: years after the paper",
            id="due in ten years",
        ),
        pytest.param("Rà soát hồ sơ theo Công văn số 77", {}, "references: unread number", id="a number that is no citation"),
        pytest.param("rà soát hồ sơ trễ hạn tại bộ phận một cửa.", {}, "text: small first letter", id="begins in the middle"),
        pytest.param("Rà soát hồ sơ trễ hạn tại bộ phận một", {}, "text: no end", id="ends in the middle"),
        pytest.param("Rà soát hồ sơ. 2. Kiểm tra các bệnh viện.", {}, "text: mark inside", id="two items in one"),
    ],
)
def test_what_raises_doubt(text: str, fields: dict[str, object], expected: str) -> None:
    assert expected in raised(case(text, **fields))


@pytest.mark.parametrize(
    ("text", "fields", "unexpected"),
    [
        pytest.param(
            "Rà soát hồ sơ.",
            {"lead": ("UBND các huyện, thị xã, thành phố",), "lead_source": "heading"},
            "lead: rare group",
            id="a group of places",
        ),
        pytest.param("Rà soát hồ sơ.", {"lead": ("tỉnh Sông Lam",), "lead_source": "item"}, "lead: unknown name", id="a province"),
        pytest.param("Báo cáo kết quả trong tháng này.", {}, "deadlines: number lost", id="this month"),
        pytest.param("Thực hiện Kế hoạch số 77/KH-UBND ngày 05/5/2024.", {}, "deadlines: unread date", id="the date of a citation"),
        pytest.param(
            "Báo cáo trước ngày 15/6/2024.",
            {"deadlines": (Deadline("trước ngày 15/6/2024", due=date(2024, 6, 15)),)},
            "deadlines: unread limit",
            id="a deadline that was read",
        ),
    ],
)
def test_what_raises_none(text: str, fields: dict[str, object], unexpected: str) -> None:
    assert unexpected not in raised(case(text, **fields))


def test_a_name_that_is_only_likely_asks_which() -> None:
    text = "Sở Nôi vu rà soát hồ sơ."
    one = case(text, lead=("Sở Nội vụ",), lead_source="item")
    found = [e for e in gather(one) if e.name == "ambiguous name"]
    assert len(found) == 1
    assert found[0].value in {0.0, 1.0}
    assert (" hoặc " in found[0].words) == (found[0].value == 1.0)


@given(st.lists(st.tuples(st.sampled_from(sorted(model().weights)), st.floats(0, 1)), max_size=30))
def test_a_chance_is_a_chance(values: list[tuple[tuple[str, str], float]]) -> None:
    evidence = [Evidence(field, name, value) for (field, name), value in values]  # type: ignore[arg-type]
    for field in FIELDS:
        assert 0 <= model().chance(field, evidence) <= 1


def test_unknown_evidence_weighs_nothing() -> None:
    assert model().chance("lead", [Evidence("lead", "never seen", 1.0)]) == model().chance("lead", [])


def test_review_follows_the_threshold(letter: Directive) -> None:
    for one in cases(letter, document(LETTER)):
        sure = model().chance("lead", gather(one)) * model().chance("deadlines", gather(one))
        assert one.task.needs_review == (sure < model().threshold)


def test_what_weighs_against_lead_and_deadlines_can_be_said() -> None:
    said = {(row["field"], row["evidence"]) for row in rows("review_reasons.csv")}
    silent = {"source item", "source label", "source cell", "none", ""}
    weighty = {key for key, weight in model().weights.items() if key[0] in {"lead", "deadlines"} and weight < -0.4 and key[1] not in silent}
    assert weighty <= said
    assert {("lead", ""), ("deadlines", "")} <= said


@pytest.mark.parametrize("row", rows("review_reasons.csv"), ids=lambda row: f"{row['field']} {row['evidence']}")
def test_reasons_are_sentences(row: dict[str, str]) -> None:
    sentence = row["reason"].format(words="…")
    assert sentence[0].isupper() or sentence[0] == "“"
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        pytest.param(("Số: 412/UBND-NC", "Số:      /UBND-NC"), "Số văn bản viết tay hoặc khó đọc (trang 1, dòng 3)", id="number by hand"),
        pytest.param(
            ("Số: 412/UBND-NC", "Sóz?|/UBND-NC"), "Số văn bản viết tay hoặc khó đọc (trang 1, dòng 3)", id="number over its label"
        ),
        pytest.param(("Số: 412/UBND-NC\n", ""), "Không tìm thấy số, ký hiệu văn bản.", id="no number"),
        pytest.param((", ngày 06 tháng 3 năm 2024", ", ngày    tháng 3 năm 2024"), "Chỉ đọc được tháng ban hành (03/2024)", id="no day"),
        pytest.param(("Sông Lam, ngày 06 tháng 3 năm 2024\n", ""), "Không đọc được ngày ban hành văn bản.", id="no date"),
        pytest.param(("2. Sở Tài chính tổng hợp", "Ghi chú: tổng hợp"), "Sau mục 1 là mục 3", id="an item is missing"),
    ],
)
def test_warnings_on_the_whole(change: tuple[str, str], warning: str) -> None:
    assert any(warning in one for one in extract(document(LETTER.replace(*change))).warnings)


@pytest.mark.parametrize(
    ("warning", "field"),
    [
        ("Số văn bản viết tay hoặc khó đọc (trang 1, dòng 3), cần nhập lại theo bản gốc.", "number"),
        ("Không tìm thấy số, ký hiệu văn bản.", "number"),
        ("Số, ký hiệu văn bản “1/2/UBND” có thể chưa đúng, cần đối chiếu với bản gốc.", "number"),
        ("Số, ký hiệu khó đọc ở chữ “UBNO” (trang 1, dòng 3), cần đối chiếu với bản gốc.", "number"),
        ("Chỉ đọc được tháng ban hành (03/2024), cần nhập ngày theo bản gốc.", "date"),
        ("Không đọc được ngày ban hành văn bản.", "date"),
        ("Không đọc được tên cơ quan ban hành.", "issuer"),
        ("Họ tên người ký khó đọc ở chữ “Lâm” (trang 2, dòng 9), cần đối chiếu với bản gốc.", "signer"),
        ("Sau mục 1 là mục 3 (trang 1, dòng 9): có thể thiếu một mục, cần đối chiếu với bản gốc.", None),
        ("Số thứ tự các mục bỏ cách nhiều chỗ: có thể một bảng bị vỡ khi đọc, cần đối chiếu với bản gốc.", None),
    ],
)
def test_what_a_warning_is_about(warning: str, field: str | None) -> None:
    assert field_of(warning) == field


@pytest.mark.parametrize(
    ("written", "signed_on", "warning"),
    [
        pytest.param("ngày    tháng 3", (date(2024, 3, 7),), "theo bản gốc; tệp được ký số ngày 07/03/2024.", id="day by hand"),
        pytest.param("ngày    tháng   ", (date(2024, 3, 5), date(2024, 3, 7)), "ký số từ 05/03/2024 đến 07/03/2024.", id="signed twice"),
        pytest.param("ngày 16 tháng 3", (date(2024, 3, 7),), "Ngày ban hành 16/03/2024 muộn hơn ngày ký số", id="later than signed"),
        pytest.param("ngày 06 tháng 3", (date(2024, 3, 7),), None, id="issued before it was signed"),
        pytest.param("ngày 06 tháng 3", (), None, id="not signed"),
    ],
)
def test_the_digital_signature_tells_about_the_date(written: str, signed_on: tuple[date, ...], warning: str | None) -> None:
    paper = document(LETTER.replace("ngày 06 tháng 3", written))
    said = [one for one in extract(replace(paper, signed_on=signed_on)).warnings if "ngày" in one.lower()]
    assert len(said) == (warning is not None)
    assert warning is None or warning in said[0]


def test_the_label_of_the_number_is_no_word_of_the_issuer() -> None:
    text = LETTER.replace("ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM", "UBND TỈNH SÔNG LAM\nSỞ Y TẾ").replace("412/UBND-NC", "    /SYT-NVY")
    paper = document(text, source="ocr")
    lines = [replace(line, doubts=(Doubt(0, 2, 0.1, ("Sở",)),)) if line.text.startswith("Số:") else line for line in paper.pages[0].lines]
    found = extract(replace(paper, pages=(replace(paper.pages[0], lines=tuple(lines)),)))
    assert found.header.issuer == "Sở Y tế"
    assert not any("Tên cơ quan" in one for one in found.warnings)


def test_an_illegible_number_is_a_warning() -> None:
    found = extract(document(LETTER, source="ocr", weak={"412/UBND-NC": 0.4}))
    assert any("Số, ký hiệu khó đọc" in one and "trang 1, dòng 3" in one for one in found.warnings)
    assert dict(found.header_confidence)["number"] < 0.5
