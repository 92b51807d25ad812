"""The grammar of deadlines: every form a directive uses, and everything that looks like one and is none. All sentences are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.deadlines import find_deadlines, read_term
from extract.deadlines_words import deadline_words
from extract.directive import Bound, Deadline, Recurrence

DATED = date(2025, 11, 20)
RESOURCES = Path(__file__).parents[1] / "extract" / "resources"


@dataclass(frozen=True)
class Want:
    """What a phrase must give; only what is set is compared, ``due`` always."""

    due: str | None = None
    start: str | None = None
    bound: Bound | None = None
    recurrence: Recurrence | None = None
    relative: tuple[int, str, str] | None = None
    day: int | None = None
    month: int | None = None
    time: str | None = None


def seen(deadline: Deadline) -> Want:
    relative = deadline.relative
    return Want(
        due=deadline.due.isoformat() if deadline.due else None,
        start=deadline.start.isoformat() if deadline.start else None,
        bound=deadline.bound,
        recurrence=deadline.recurrence,
        relative=(relative.n, relative.unit, relative.anchor) if relative else None,
        day=deadline.day if deadline.due is None else None,
        month=deadline.month if deadline.due is None else None,
        time=deadline.time,
    )


PHRASES = [
    pytest.param("trước 30/6/2026", Want("2026-06-30", bound="before"), id="before, slashes"),
    pytest.param("trước ngày 05-12-2025", Want("2025-12-05", bound="before"), id="before, hyphens"),
    pytest.param("trước ngày 30.6.2026", Want("2026-06-30", bound="before"), id="before, dots"),
    pytest.param("trước ngày 30/6 /2026", Want("2026-06-30", bound="before"), id="before, a blank that OCR put in"),
    pytest.param("trước ngày 3O/6/2O26", Want("2026-06-30", bound="before"), id="before, O for 0"),
    pytest.param("truoc ngay 30 thang 6 nam 2026", Want("2026-06-30", bound="before"), id="before, marks lost"),
    pytest.param("xong trước ngày 31 tháng 3 năm 2026", Want("2026-03-31", bound="before"), id="before, in words"),
    pytest.param("trước ngày 31/6/2026", Want("2026-06-30", bound="before"), id="a day that the month lacks"),
    pytest.param("trước ngày 15/12", Want("2025-12-15", bound="before"), id="no year: that of the document"),
    pytest.param("trước ngày 30 tháng 6", Want("2026-06-30", bound="before"), id="no year: rolled forward"),
    pytest.param("trước tháng 01/2026", Want("2025-12-31", bound="before"), id="before a month begins"),
    pytest.param("Giai đoạn 2026 - 2030", Want("2030-12-31", "2026-01-01", "within"), id="a span of years as a term"),
    pytest.param("trước 17h00 ngày 05/12/2025", Want("2025-12-05", bound="before", time="17:00"), id="hour, h"),
    pytest.param("trước 17 giờ 30 phút, ngày 05/12/2025", Want("2025-12-05", bound="before", time="17:30"), id="hour in words"),
    pytest.param("trước 16g30 ngày 05/12/2025", Want("2025-12-05", bound="before", time="16:30"), id="hour, southern g"),
    pytest.param("chậm nhất ngày 10/12/2025", Want("2025-12-10", bound="by"), id="at the latest"),
    pytest.param("chậm nhất là trong tháng 01/2026", Want("2026-01-31", bound="by"), id="at the latest in a month"),
    pytest.param("chậm nhất trước ngày 31/12/2025", Want("2025-12-31", bound="before"), id="at the latest before"),
    pytest.param("đến hết ngày 31/12/2025", Want("2025-12-31", bound="by"), id="until the end of a day"),
    pytest.param("hết tháng 12/2025", Want("2025-12-31", bound="by"), id="until the end of a month"),
    pytest.param("15/12/2025", Want("2025-12-15", bound="by"), id="a bare date"),
    pytest.param("trong tháng 2/2028", Want("2028-02-29", "2028-02-01", "within"), id="a month, leap year"),
    pytest.param("Tháng 12 năm 2025", Want("2025-12-31", "2025-12-01", "within"), id="a month in words"),
    pytest.param("03/2026", Want("2026-03-31", "2026-03-01", "within"), id="a bare month"),
    pytest.param("Tháng 7, 8/2026", Want("2026-08-31", "2026-07-01", "within"), id="two months, one year"),
    pytest.param("tháng 6/2026 và 7/2026", Want("2026-07-31", "2026-06-01", "within"), id="two months, two years"),
    pytest.param("tháng 11, tháng 12", Want("2025-12-31", "2025-11-01", "within"), id="months without a year"),
    pytest.param("từ tháng 3 đến tháng 10 năm 2026", Want("2026-10-31", "2026-03-01", "within"), id="months from to"),
    pytest.param("tháng 11 - tháng 2/2026", Want("2026-02-28", "2025-11-01", "within"), id="months over New Year"),
    pytest.param("Tháng 12/2025 đến quý I/2026", Want("2026-03-31", "2025-12-01", "within"), id="a month to a quarter"),
    pytest.param("cuối tháng 12/2025", Want("2025-12-31", bound="within"), id="end of a month"),
    pytest.param("giữa tháng 01/2026", Want("2026-01-15", bound="within"), id="middle of a month, art. 146"),
    pytest.param("đầu năm 2026", Want("2026-01-01", bound="within"), id="beginning of a year, art. 146"),
    pytest.param("Quý III/2026", Want("2026-09-30", "2026-07-01", "within"), id="a quarter, Roman"),
    pytest.param("Quí IV-2025", Want("2025-12-31", "2025-10-01", "within"), id="a quarter, i and hyphen"),
    pytest.param("trong quý 1/2026", Want("2026-03-31", "2026-01-01", "within"), id="a quarter, Arabic"),
    pytest.param("Quý Ill năm 2026", Want("2026-09-30", "2026-07-01", "within"), id="a quarter, l for I"),
    pytest.param("quý II và III năm 2026", Want("2026-09-30", "2026-04-01", "within"), id="two quarters"),
    pytest.param("Quý IV/2025 - Quý I/2026", Want("2026-03-31", "2025-10-01", "within"), id="quarters over New Year"),
    pytest.param("6 tháng cuối năm 2026", Want("2026-12-31", "2026-07-01", "within"), id="second half"),
    pytest.param("6 tháng đầu năm 2026", Want("2026-06-30", "2026-01-01", "within"), id="first half"),
    pytest.param("02 tháng cuối năm 2025", Want("2025-12-31", "2025-11-01", "within"), id="last two months"),
    pytest.param("năm 2026", Want("2026-12-31", "2026-01-01", "within"), id="a year"),
    pytest.param("2027", Want("2027-12-31", "2027-01-01", "within"), id="a bare year in a cell"),
    pytest.param("2026-2028", Want("2028-12-31", "2026-01-01", "within"), id="years"),
    pytest.param("Từ năm 2026 - 2030", Want("2030-12-31", "2026-01-01", "within"), id="years from"),
    pytest.param("trong năm", Want("2025-12-31", "2025-01-01", "within"), id="this year"),
    pytest.param("Quý IV/2025 và các năm tiếp theo", Want("2025-12-31", "2025-10-01", "within", "yearly"), id="and the years after"),
    pytest.param("Tháng 12/2025 và thường xuyên", Want("2025-12-31", "2025-12-01", "within", "continuous"), id="and always"),
    pytest.param("từ ngày 08 đến ngày 10 tháng 12 năm 2025", Want("2025-12-10", "2025-12-08", "within"), id="days from to"),
    pytest.param("Thời gian hoàn thành: Quý I/2026.", Want("2026-03-31", "2026-01-01", "within"), id="with a label"),
    pytest.param("Quý I/2026, sau khi HĐND thông qua", Want("2026-03-31", "2026-01-01", "within"), id="with an event behind"),
    pytest.param("Thường xuyên", Want(recurrence="continuous"), id="always"),
    pytest.param("Hằng năm", Want(recurrence="yearly"), id="yearly"),
    pytest.param("định kỳ hàng quý", Want(recurrence="quarterly"), id="quarterly"),
    pytest.param("định kỳ 06 tháng", Want(recurrence="half-yearly"), id="half-yearly"),
    pytest.param("định kỳ 03 tháng", Want(recurrence="quarterly"), id="three months are a quarter"),
    pytest.param("6 tháng một lần", Want(recurrence="half-yearly"), id="once in six months"),
    pytest.param("hằng tuần", Want(recurrence="weekly"), id="weekly"),
    pytest.param("trước ngày 15 hằng tháng", Want(bound="before", recurrence="monthly", day=15), id="a day each month"),
    pytest.param("ngày 25 hàng tháng", Want(bound="by", recurrence="monthly", day=25), id="a bare day each month"),
    pytest.param("trước ngày 05 của tháng sau", Want(bound="before", recurrence="monthly", day=5), id="a day of the next month"),
    pytest.param("trước ngày 30/11 hằng năm", Want(bound="before", recurrence="yearly", day=30, month=11), id="a day each year"),
    pytest.param("trước ngày 20 của tháng cuối quý", Want(bound="before", recurrence="quarterly", day=20), id="a day each quarter"),
    pytest.param("trước ngày 20/6 và 20/12 hằng năm", Want(bound="before", recurrence="half-yearly", day=20, month=6), id="twice a year"),
    pytest.param("trước ngày 31 tháng 01 năm sau", Want(bound="before", recurrence="yearly", day=31, month=1), id="of the next year"),
    pytest.param("hằng năm (trước ngày 15/11)", Want(bound="before", recurrence="yearly", day=15, month=11), id="rhythm before the day"),
    pytest.param("trước 10 giờ thứ Hai hằng tuần", Want(bound="before", recurrence="weekly", day=1, time="10:00"), id="a weekday"),
    pytest.param("Tháng 12 hằng năm", Want(bound="within", recurrence="yearly", month=12), id="a month each year"),
    pytest.param(
        "trong vòng 05 (năm) ngày làm việc kể từ ngày ký văn bản này",
        Want(bound="within", relative=(5, "working_day", "ngày ký văn bản này")),
        id="working days, number twice",
    ),
    pytest.param(
        "trong thời hạn 10 ngày, kể từ ngày nhận được hồ sơ",
        Want(bound="within", relative=(10, "day", "ngày nhận được hồ sơ")),
        id="days with a comma",
    ),
    pytest.param(
        "chậm nhất 03 ngày trước ngày họp", Want(bound="by", relative=(3, "day", "trước ngày họp")), id="days counted back"
    ),
    pytest.param("không quá 02 ngày làm việc sau khi ký", Want(bound="within", relative=(2, "working_day", "khi ký")), id="at most"),
    pytest.param("trong 24 giờ kể từ khi nhận tin", Want(bound="within", relative=(24, "hour", "khi nhận tin")), id="hours"),
    pytest.param("trong ba ngày kể từ ngày nhận tin", Want(bound="within", relative=(3, "day", "ngày nhận tin")), id="a number in words"),
    pytest.param("trong thời hạn 02 tháng kể từ ngày ký", Want(bound="within", relative=(2, "month", "ngày ký")), id="months"),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "want"), PHRASES)
def test_a_phrase_alone(phrase: str, want: Want) -> None:
    assert [seen(found) for found in find_deadlines(phrase, DATED)] == [want]


@pytest.mark.parametrize(("phrase", "want"), PHRASES)
def test_a_cell(phrase: str, want: Want) -> None:
    assert [seen(found) for found in read_term(phrase, DATED)] == [want]


@pytest.mark.parametrize(
    ("sentence", "texts"),
    [
        pytest.param("Giao Sở Tài chính tổng hợp, báo cáo UBND tỉnh trước ngày 05/12/2025.", ["trước ngày 05/12/2025"], id="report before"),
        pytest.param("Sở Xây dựng hoàn thành việc rà soát trong tháng 12/2025.", ["trong tháng 12/2025"], id="within a month"),
        pytest.param(
            "Lập danh sách (gửi về Sở Nội vụ trước ngày 07/12/2025) và trình trong quý I/2026.",
            ["trước ngày 07/12/2025", "trong quý I/2026"],
            id="one in brackets, one behind",
        ),
        pytest.param("Tổ chức hội nghị sơ kết (Quý II/2026).", ["Quý II/2026"], id="a period alone in brackets"),
        pytest.param(
            "Kiểm tra các hồ chứa, hoàn thành đến hết ngày 31/12/2025, không để chậm.",
            ["đến hết ngày 31/12/2025"],
            id="until, with completion",
        ),
        pytest.param("Trước ngày 20/12/2025, các đơn vị gửi báo cáo.", ["Trước ngày 20/12/2025"], id="at the head of the sentence"),
        pytest.param("Tổng kết vào tháng 4 năm 2026.", ["vào tháng 4 năm 2026"], id="a summing-up in a month"),
        pytest.param("Gửi trước ngày 15/6/2026 và ngày 15/12/2026.", ["trước ngày 15/6/2026", "ngày 15/12/2026"], id="two days"),
        pytest.param(
            "Các sở báo cáo định kỳ hằng quý về UBND tỉnh (qua Sở Nội vụ).", ["báo cáo định kỳ hằng quý"], id="a rhythm of the report"
        ),
        pytest.param(
            "Báo cáo định kỳ hằng tháng (trước ngày 18 hằng tháng).", ["trước ngày 18 hằng tháng"], id="the rhythm is not told twice"
        ),
        pytest.param("Duy trì họp giao ban hằng tuần.", ["hằng tuần"], id="giao ban hằng tuần is no bán hàng"),
        pytest.param("Triển khai từ nay đến hết năm 2025.", ["đến hết năm 2025"], id="from now to the end of the year"),
        pytest.param("Thường xuyên kiểm tra, đôn đốc các đơn vị.", ["Thường xuyên"], id="always, as an adverb"),
        pytest.param(
            "Trả lời công dân trong thời hạn 05 ngày làm việc kể từ ngày nhận đơn, báo cáo UBND tỉnh.",
            ["trong thời hạn 05 ngày làm việc kể từ ngày nhận đơn"],
            id="the anchor ends at the comma",
        ),
        pytest.param("Việc bàn giao phải xong trước ngày 30/10/2025.", ["trước ngày 30/10/2025"], id="a limit that has just run out"),
        pytest.param(
            "Thời gian thực hiện: Từ tháng 01/2026 đến hết tháng 3/2026.", ["Từ tháng 01/2026 đến hết tháng 3/2026"], id="a labelled range"
        ),
    ],
)
def test_running_text(sentence: str, texts: list[str]) -> None:
    assert [found.text for found in find_deadlines(sentence, DATED)] == texts


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Thực hiện Kế hoạch số 15/KH-UBND ngày 05/12/2025 của UBND tỉnh Sông Lam.", id="date of a cited document"),
        pytest.param("Sông Lam, ngày 20 tháng 11 năm 2025", id="the document's own date"),
        pytest.param("Trong 10 tháng đầu năm 2025, sản lượng của tỉnh đã tăng 5%.", id="a data period"),
        pytest.param("Quy định này có hiệu lực từ ngày 01/01/2026.", id="a start"),
        pytest.param("Phấn đấu đến năm 2027 đạt 95% hộ dân dùng nước sạch.", id="a target level"),
        pytest.param("Đến hết năm 2026: có ít nhất 80% xã đạt chuẩn.", id="a target level with a colon"),
        pytest.param("Triển khai Chương trình chuyển đổi số giai đoạn 2026-2030 của tỉnh.", id="a programme period"),
        pytest.param("Nâng cao Chỉ số cải cách hành chính năm 2026 của tỉnh.", id="a year that names an index"),
        pytest.param("Ngày 22/10/2025, tại Thông báo số 12/TB-VPUBND, Chủ tịch UBND tỉnh đã giao việc.", id="narration"),
        pytest.param("Cân đối nguồn chi thường xuyên của ngành giáo dục thường xuyên.", id="thường xuyên in nouns"),
        pytest.param("Lấy ý kiến nhân dân trước khi trình UBND tỉnh.", id="an event only"),
        pytest.param("Xây dựng kế hoạch hằng năm, dự toán hằng năm của đơn vị.", id="hằng năm of a noun"),
        pytest.param("Kiểm tra các ngân hàng năm 2026 theo thẩm quyền.", id="hàng of ngân hàng"),
        pytest.param("Nhà ở xây dựng trước ngày 01/7/2006 được miễn phí.", id="a condition of law"),
        pytest.param("Tính đến hết ngày 31/10/2025, toàn tỉnh giải ngân được 60%.", id="a state of data"),
        pytest.param("Được nghỉ 01 trong 02 ngày lễ; mưa lớn trong 12 giờ, 24 giờ tới.", id="lengths that limit nothing"),
        pytest.param("Tỷ lệ giải quyết đạt 45/63 nhiệm vụ, điểm 83,59.", id="ratios and scores"),
        pytest.param("Sau 05 ngày làm việc kể từ ngày gửi, coi như đồng ý.", id="after a term"),
        pytest.param("Từ ngày 15/11 đến ngày 18/11/2025, trên địa bàn tỉnh xảy ra mưa lớn.", id="days of an event"),
        pytest.param("Theo kế hoạch", id="no time at all"),
        pytest.param("1250", id="a number that is no year"),
    ],
)  # fmt: skip
def test_decoys_are_left_alone(sentence: str) -> None:
    assert find_deadlines(sentence, DATED) == ()


def test_without_the_date_of_the_document_a_missing_year_stays_open() -> None:
    (found,) = find_deadlines("trước ngày 20/12", None)
    assert (found.due, found.bound, found.day, found.month) == (None, "before", 20, 12)
    assert found.confidence < 0.5


STYLES = [
    "trước ngày {d:02d}/{m:02d}/{y}", "trước {d}/{m}/{y}", "chậm nhất ngày {d:02d}-{m:02d}-{y}",
    "hoàn thành trước ngày {d} tháng {m} năm {y}",
    "trước ngày {d:02d}.{m:02d}.{y}", "trước 17h00 ngày {d:02d}/{m}/{y}", "TRƯỚC NGÀY {d:02d} THÁNG {m:02d} NĂM {y}", "{d:02d}/{m:02d}/{y}",
]  # fmt: skip


LEADS = ["", "Sở Nội vụ báo cáo UBND tỉnh hoàn thành ", "- Xong "]


@given(st.dates(date(2020, 1, 1), date(2039, 12, 31)), st.sampled_from(STYLES), st.sampled_from(LEADS))
def test_any_date_in_any_style_is_found(day: date, style: str, before: str) -> None:
    phrase = style.format(d=day.day, m=day.month, y=day.year)
    found = find_deadlines(before + phrase, day)
    assert [one.due for one in found] == [day]


NOISE = st.text(alphabet="abđằ ờ \n\t/.-0123456789", max_size=60)


@given(NOISE, st.sampled_from([phrase.values[0] for phrase in PHRASES]), st.text(max_size=30))
def test_offsets_are_those_of_the_text(before: str, phrase: object, after: str) -> None:
    text = f"{before} {phrase} {after}"
    for found in (*find_deadlines(text, DATED), *read_term(text, DATED)):
        assert text[found.begin : found.end] == found.text
        assert found.begin < found.end


@given(st.text(max_size=200), st.dates(date(2000, 1, 1), date(2040, 1, 1)) | st.none())
def test_any_text_is_survived(text: str, dated: date | None) -> None:
    find_deadlines(text, dated)
    read_term(text, dated)


def test_word_lists_name_their_source_and_hold_words_only() -> None:
    assert (RESOURCES / "deadline_words.yaml").read_text("utf-8").startswith("# source:")
    for name, words in deadline_words().items():
        assert words, name
        assert all(isinstance(word, str) and word.strip() == word for word in words), name


@pytest.mark.parametrize(
    ("text", "due"),
    [
        pytest.param("Đối chiếu số liệu, gửi các chủ đầu tư trước ngày 25/8/2025.", date(2025, 8, 25), id="the noun đầu tư is no từ"),
        pytest.param("Tổ chức ra quân làm thủy lợi từ nay đến hết tháng 9 năm 2025.", date(2025, 9, 30), id="from now until"),
        pytest.param("Cập nhật tài liệu lên phần mềm từ ngày 05/9 đến hết ngày 25/9/2025.", date(2025, 9, 25), id="range of an update"),
        pytest.param("Theo dõi; cuối tháng 9/2025 báo cáo UBND tỉnh.", date(2025, 9, 30), id="time before its verb"),
    ],
)
def test_terms_met_in_the_samples(text: str, due: date) -> None:
    assert [deadline.due for deadline in find_deadlines(text, date(2025, 8, 1))] == [due]
