"""Numbers, dates, names and codes: what is right stays whatever stands around it, what is damaged comes back when its grammar says how."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import diacritics
from diacritics.letters import plain
from diacritics.numbers import certain, repaired
from diacritics.numbers_looks import likeness
from diacritics.pieces import pieces, tidied
from diacritics.symbols import TYPES, abbreviations, is_code, is_symbol, repair_abbreviation, repair_symbol

UNCHANGED = Path(__file__).parent / "restoration_unchanged.csv"


def rows() -> list[dict[str, str]]:
    lines = UNCHANGED.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


ROWS = rows()
GARBLED = [n for n, row in enumerate(ROWS) if row["garbled"] == "yes"]


def test_the_list_is_as_long_as_promised_and_says_where_it_comes_from() -> None:
    assert UNCHANGED.read_text(encoding="utf-8").startswith("# source:")
    assert len(ROWS) >= 300
    assert len({row["sentence"] for row in ROWS}) == len(ROWS)
    assert len(GARBLED) >= 60
    assert all(row["token"] in row["sentence"] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['kind']}-{row['token']}" for row in ROWS])
def test_a_correct_sentence_comes_out_as_it_went_in(row: dict[str, str]) -> None:
    assert diacritics.load().restore([row["sentence"]])[0].text == row["sentence"]


def test_certain_repairs_leave_correct_sentences() -> None:
    assert [certain(row["sentence"]) for row in ROWS] == [row["sentence"] for row in ROWS]


def test_correct_sentences_in_one_document_come_out_as_they_went_in() -> None:
    sentences = [row["sentence"] for row in ROWS]
    assert [line.text for line in diacritics.load().restore(sentences)] == sentences


@pytest.fixture(scope="module")
def from_garbled() -> list[str]:
    """The sentences as they are restored when every one of them has lost its marks."""
    return [line.text for line in diacritics.load().restore([plain(row["sentence"]) for row in ROWS])]


@pytest.mark.parametrize("n", GARBLED, ids=[f"{ROWS[n]['kind']}-{ROWS[n]['token']}" for n in GARBLED])
def test_a_token_stays_among_garbled_words(from_garbled: list[str], n: int) -> None:
    assert ROWS[n]["token"] in from_garbled[n]


DAMAGED = [
    pytest.param("so 876 /QD- BNV ngay", "so 876/QD-BNV ngay", id="number-torn"),
    pytest.param("S6: 89 /TB-UBND", "S6: 89/TB-UBND", id="number-torn-before-stroke"),
    pytest.param("6926/UBND -NC", "6926/UBND-NC", id="number-torn-before-dash"),
    pytest.param("12/KH - UBND", "12/KH-UBND", id="number-torn-around-dash"),
    pytest.param("12/UBND - NC", "12/UBND - NC", id="dash-after-an-issuer-may-be-a-dash"),
    pytest.param("70/202 1/ND-CP", "70/2021/ND-CP", id="year-torn"),
    pytest.param("b6o s6.98/TB-VPCP", "b6o s6 98/TB-VPCP", id="word-so-glued"),
    pytest.param("S6:98/TB-VPCP", "S6: 98/TB-VPCP", id="word-so-glued-colon"),
    pytest.param("tai Nghi dinh s6 6ll20l8AID CP", "tai Nghi dinh s6 61/2018/NĐ-CP", id="strokes-as-letters"),
    pytest.param("1112018ND-CP", "1112018ND-CP", id="two-readings-stay"),
    pytest.param("s6 15212017,ND-CP", "s6 152/2017/NĐ-CP", id="no-decree-has-four-digits"),
    pytest.param("67 2024 TI-BQP", "67/2024/TT-BQP", id="strokes-lost"),
    pytest.param("67 2024 1TT-BQP", "67/2024/TT-BQP", id="stroke-as-figure"),
    pytest.param("Nghi dinh so 181-2013 ND-CP", "Nghi dinh so 181/2013/NĐ-CP", id="strokes-as-dashes"),
    pytest.param("10/2022’ND-CP (tru", "10/2022/NĐ-CP (tru", id="stroke-as-quote"),
    pytest.param("88°2024/ND-CP", "88/2024/NĐ-CP", id="stroke-as-ring"),
    pytest.param("102022-ND-CP).", "10/2022/NĐ-CP).", id="number-glued-to-year"),
    pytest.param("50/2017lQD-TTg; tiep", "50/2017/QĐ-TTg; tiep", id="stroke-as-l"),
    pytest.param("so 98/2023/QHI5 cua", "so 98/2023/QH15 cua", id="term-of-quoc-hoi"),
    pytest.param("111/2025/UBTVQHI15", "111/2025/UBTVQH15", id="term-of-quoc-hoi-doubled"),
    pytest.param("176 2025 QH15 cua", "176/2025/QH15 cua", id="law-without-strokes"),
    pytest.param("dinh 3566 QD-UBND ngay", "dinh 3566/QĐ-UBND ngay", id="stroke-as-space"),
    pytest.param("nam 2025 QD-UBND", "nam 2025 QD-UBND", id="a-year-is-no-number"),
    pytest.param("38-HD-BTCTW", "38-HD/BTCTW", id="party-number"),
    pytest.param("6l/2018/NĐ-CP, 57/2O21/NĐ-CP", "61/2018/NĐ-CP, 57/2021/NĐ-CP", id="letters-in-figures"),
    pytest.param("ngay l0/5/2O23", "ngay 10/5/2023", id="date"),
    pytest.param("ngay 10l5l2023", "ngay 10/5/2023", id="date-strokes-as-letters"),
    pytest.param("ngay 32/5/2O23", "ngay 32/5/2O23", id="no-such-day"),
    pytest.param("ngay l0/13/2O23", "ngay l0/13/2O23", id="no-such-month"),
    pytest.param("ngay 04 thangi2 nam 2022", "ngay 04 thang 12 nam 2022", id="month-glued"),
    pytest.param("ngay l5 thang O1 nam 2O22", "ngay 15 thang 01 nam 2022", id="date-in-words"),
    pytest.param("ngay IO thang ll nam 20l9", "ngay 10 thang 11 nam 2019", id="date-in-words-of-letters"),
    pytest.param("thang loi nam 2022", "thang loi nam 2022", id="word-after-thang"),
    pytest.param("thang l2/2O23", "thang 12/2023", id="month-of-year"),
    pytest.param("trong nam2022 va", "trong nam 2022 va", id="year-glued"),
    pytest.param("nam 2Ol9", "nam 2019", id="year"),
    pytest.param("trong nam 202 5.", "trong nam 2025.", id="year-torn-after-nam"),
    pytest.param("giai doan 2O21-2O25", "giai doan 2021-2025", id="period"),
    pytest.param("dat lO%, 1OO% va O,5%", "dat 10%, 100% va 0,5%", id="shares"),
    pytest.param("ong% va no%", "ong% va no%", id="words-before-percent"),
    pytest.param("1.OOO.OOO dong", "1.000.000 dong", id="money"),
    pytest.param("50.000d/nguoi", "50.000đ/nguoi", id="unit-of-money"),
    pytest.param("1. 000.000 dong", "1.000.000 dong", id="money-torn"),
    pytest.param("khoan l Diéu 14", "khoan 1 Diéu 14", id="clause"),
    pytest.param("Dieu S Nghi dinh", "Dieu 5 Nghi dinh", id="article"),
    pytest.param("Dieu 4cda Quy che", "Dieu 4 cda Quy che", id="article-glued"),
    pytest.param("khoan 1, 2 va3 Dieu", "khoan 1, 2 va 3 Dieu", id="figure-glued-to-va"),
    pytest.param("l. So Noi vu", "1. So Noi vu", id="list-mark"),
    pytest.param("ll. Nhiem vu", "ll. Nhiem vu", id="list-mark-may-be-roman"),
    pytest.param("nam 2025,/.", "nam 2025./.", id="end-of-text"),
    pytest.param("ma so O1O2l3 va 12B4", "ma so O1O2l3 va 12B4", id="no-grammar-no-change"),
    pytest.param("https://a.vn/2O21 va x1O@b.vn", "https://a.vn/2O21 va x1O@b.vn", id="addresses"),
]


@pytest.mark.parametrize(("read", "right"), DAMAGED)
def test_numbers_of_a_line_are_repaired_where_their_grammar_forces_it(read: str, right: str) -> None:
    assert repaired(read) == right
    assert repaired(right) == right


@pytest.mark.parametrize(
    ("read", "right"),
    [
        pytest.param("trước ngày 0T tháng 01 năm 2005", "trước ngày 01 tháng 01 năm 2005", id="T-for-1"),
        pytest.param("ngày 19 tháng 1! năm 2018", "ngày 19 tháng 11 năm 2018", id="stroke-for-1"),
        pytest.param("ngày LÍ tháng TÔ năm 2018", "ngày 11 tháng 10 năm 2018", id="letters-for-figures"),
        pytest.param("trong thời hạn Ø3 ngày làm việc", "trong thời hạn 03 ngày làm việc", id="slashed-O"),
        pytest.param("Thông tư 67/2024/ET-BQP, 13072025TT-BQP", "Thông tư 67/2024/TT-BQP, 130/2025/TT-BQP", id="type"),
        pytest.param("số 364a/QÐ- UBND", "số 364a/QĐ- UBND", id="blanks-stay"),
        pytest.param("số 92/2017/NĐ- CP và 89 /TB-UBND", "số 92/2017/NĐ- CP và 89 /TB-UBND", id="blanks-of-a-right-number-stay"),
        pytest.param("Sông Lam, ngày12tháng 4 năm 2026", "Sông Lam, ngày 12 tháng 4 năm 2026", id="day-written-into-a-gap"),
        pytest.param("Sông Lam, ngày 7tháng 6 năm 2026", "Sông Lam, ngày 7 tháng 6 năm 2026", id="day-glued-to-the-month"),
        pytest.param("ngày T tháng 5 năm 2024", "ngày T tháng 5 năm 2024", id="one-or-seven"),
        pytest.param("T1 năm 2024, tháng T", "T1 năm 2024, tháng T", id="abbreviated-month"),
    ],
)
def test_certain_repairs_of_a_vietnamese_reading(read: str, right: str) -> None:
    assert certain(read) == right
    assert certain(right) == right


@pytest.mark.parametrize(
    ("read", "right"),
    [
        pytest.param("876/QP-BNV", "876/QĐ-BNV", id="P-for-Đ"),
        pytest.param("876/QB-BNV", "876/QĐ-BNV", id="B-for-Đ"),
        pytest.param("876/QÐ-BNV", "876/QĐ-BNV", id="icelandic-for-Đ"),
        pytest.param("876/QDB-BNV", "876/QĐ-BNV", id="two-letters-for-Đ"),
        pytest.param("876/QP", "876/QĐ", id="broken-at-the-end-of-a-line"),
        pytest.param("61/2018/ND-CP", "61/2018/NĐ-CP", id="decree"),
        pytest.param("5/NQ-HDPND", "5/NQ-HĐND", id="council"),
        pytest.param("5/NQ-HBND", "5/NQ-HĐND", id="council-B"),
        pytest.param("516/TTi-SNNMT", "516/TTr-SNNMT", id="type-with-small-letter"),
        pytest.param("33/2008/QD-TT¢g", "33/2008/QĐ-TTg", id="stray-symbol"),
        pytest.param("67/2024/TT-BOP", "67/2024/TT-BQP", id="O-for-Q"),
        pytest.param("3461/TTr-SGD&DT", "3461/TTr-SGD&ĐT", id="ampersand"),
        pytest.param("172/QD-BCDPTCN", "172/QĐ-BCĐPTCN", id="steering-committee"),
        pytest.param("157/BC-HDTV", "157/BC-HĐTV", id="council-of-advisers"),
        pytest.param("12/HD-SNV", "12/HD-SNV", id="guidance-is-not-a-contract"),
        pytest.param("12/DA-UBND", "12/DA-UBND", id="project-is-not-a-scheme"),
        pytest.param("4001/UBND-DT", "4001/UBND-DT", id="unknown-unit"),
        pytest.param("1535/QĐ-TTPVXYZ", "1535/QĐ-TTPVXYZ", id="unknown-issuer"),
        pytest.param("6165/BGDĐT-GDPT", "6165/BGDĐT-GDPT", id="P-in-a-unit-is-a-P"),
        pytest.param("12/UBND-XPT", "12/UBND-XPT", id="P-in-an-unknown-unit"),
        pytest.param("27/CT-TTG", "27/CT-TTG", id="heading-in-capitals"),
        pytest.param("31-HD/BTGTW", "31-HD/BTGTW", id="party-body"),
        pytest.param("ONG/BA", "ONG/BA", id="heading-with-stroke"),
        pytest.param("QD-UBND", "QĐ-UBND", id="no-number"),
        pytest.param("GD&DT", "GD&ĐT", id="agency"),
    ],
)
def test_letters_of_a_document_number(read: str, right: str) -> None:
    assert repair_symbol(read) == right
    assert repair_symbol(right) == right


@pytest.mark.parametrize(
    ("read", "right"), [("HDND", "HĐND"), ("HBND", "HĐND"), ("QD", "QĐ"), ("DA", "DA"), ("BA", "BA"), ("DU", "DU"), ("UBND", "UBND")]
)
def test_an_abbreviation_by_itself(read: str, right: str) -> None:
    assert repair_abbreviation(read) == right


@pytest.mark.parametrize(
    ("token", "before", "code"),
    [
        ("m2", "", True), ("km2", "", True), ("CO2", "", True), ("H2S", "", True), ("5G", "", True), ("110kV", "", True),
        ("2,2m", "", True), ("E5RON92", "", True), ("VNeID", "", True), ("A4", "", True), ("24b", "", True),
        ("b5", "diem", True), ("1a", "khoản", True),
        ("7a", "Dieu", True), ("IIa", "luc", True), ("s6", "", False), ("b6", "", False), ("1a", "", False), ("1a", "so", False),
        ("4m", "", False), ("b9", "", False), ("d3", "", False), ("V01", "", False), ("c6ng", "", False), ("T6", "", False),
        ("6ng", "", False),
    ],
)  # fmt: skip
def test_codes_are_told_from_letters_read_as_figures(token: str, before: str, code: bool) -> None:
    assert is_code(token, before) is code


@pytest.mark.parametrize(
    ("token", "symbol"),
    [("42/2005/QH11", True), ("876/QĐ-BNV", True), ("CB-TH", True), ("ONG/BA", False), ("1.NHIEM", False), ("CAN-BO", False)],
)
def test_document_numbers_are_told_from_headings(token: str, symbol: bool) -> None:
    assert is_symbol(token) is symbol


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("quyền*[1] này", [("quyền", "word"), ("này", "word")], id="footnote-mark"),
        pytest.param("b5) Đăng ký", [("Đăng", "word"), ("ký", "word")], id="numbered-point"),
        pytest.param("300 người/km2", [("300", "number"), ("người", "word"), ("km2", "symbol")], id="unit-after-stroke"),
        pytest.param("khoản 1a Điều", [("khoản", "word"), ("1a", "symbol"), ("Điều", "word")], id="numbered-clause"),
    ],
)
def test_pieces_of_a_line_with_codes(line: str, found: list[tuple[str, str]]) -> None:
    assert [(p.raw, p.kind) for p in pieces(line)] == found


def test_damaged_lines_are_repaired_before_they_are_read() -> None:
    assert tidied("so 876 /QD- BNV") == "so 876/QD-BNV"


CONTEXT = [
    "Thuc hien Ke hoach cua Uy ban nhan dan tinh Song Lam ve cai cach hanh chinh,",
    "yeu cau Thu truong cac so, ban, nganh khan truong ra soat, hoan thien ho so.",
]


@pytest.mark.parametrize(
    ("read", "token"),
    [
        pytest.param("ban hanh kem theo Quyet dinh so 876/QP-BNV cua Bo truong", "876/QĐ-BNV", id="type"),
        pytest.param("theo quy dinh tai Nghi dinh so 6ll20l8AID CP", "61/2018/NĐ-CP", id="decree"),
        pytest.param("Thong bao s6.98/TB-VPCP cua Van phong Chinh phu", "số 98/TB-VPCP", id="glued"),
        pytest.param("Song Lam, ngay 04 thangi2 nam 2022", "ngày 04 tháng 12 năm 2022", id="month"),
        pytest.param("bao cao truoc ngay l0/5/2O23 de tong hop", "ngày 10/5/2023", id="date"),
        pytest.param("phan dau dat ty le lO% trong nam nay", "10%", id="share"),
        pytest.param("ho tro muc 1.OOO.OOO dong cho moi ho", "1.000.000", id="money"),
        pytest.param("ket qua thuc hien giai doan 2O21-2O25", "2021-2025", id="period"),
        pytest.param("Nghi quyet so 5/NQ-HBND cua Hoi dong nhan dan tinh", "5/NQ-HĐND", id="council"),
        pytest.param("theo Cong van so 876 /UBND- NCVX cua Uy ban nhan dan tinh", "876/UBND-NCVX", id="torn"),
    ],
)
def test_a_damaged_number_among_garbled_words(read: str, token: str) -> None:
    assert token in diacritics.load().restore([*CONTEXT, read])[-1].text


numbers = st.integers(1, 599).map(lambda n: f"{n:02}")
types = st.sampled_from(sorted(TYPES))
issuers = st.sampled_from(["UBND", "HĐND", "CP", "TTg", "BNV", "VPCP", "SNV", "BTTTT", "BCĐ", "UBND-NC"])
years = st.integers(1976, 2040)
symbols = st.builds("{}/{}-{}".format, numbers, types, issuers) | st.builds("{}/{}/{}-{}".format, numbers, years, types, issuers)
dates = st.dates().map(lambda d: f"{d.day:02}/{d.month}/{d.year:04}")
amounts = st.integers(0, 10**12).map(lambda n: f"{n:,}".replace(",", "."))


@given(symbols | dates | amounts, st.sampled_from(["số", "ngày", "năm", "mức", "Điều", "tháng", "đạt"]))
def test_whatever_is_in_good_order_stays(token: str, before: str) -> None:
    line = f"theo {before} {token} của cơ quan"
    assert repaired(line) == line
    assert repair_symbol(token) == token


@given(symbols)
def test_a_lost_bar_of_the_letter_d_comes_back_unless_two_types_can_be_meant(symbol: str) -> None:
    lost = symbol.replace("Đ", "D")
    assert repair_symbol(lost).replace("Đ", "D") == lost
    if not any(plain(t) in abbreviations() for t in TYPES if t != plain(t) and f"/{t}-" in symbol):
        assert repair_symbol(lost) == symbol


@given(st.text(max_size=60))
def test_any_line_can_be_repaired_and_stays_one_line(line: str) -> None:
    assert repaired(line).count("\n") == line.count("\n")
    assert len(repaired(line)) <= 2 * len(line) + 8


@given(st.text(alphabet="0123456789OlISD/-. QNĐCPTBgrv", max_size=24))
def test_repairing_is_quiet_on_any_mixture_of_figures_and_letters(token: str) -> None:
    assert isinstance(repaired(token), str)
    assert isinstance(repair_symbol(token), str)


@pytest.mark.parametrize(("true", "read", "most"), [("NĐ", "NĐ", 0.0), ("QĐ", "QP", 0.5), ("/NĐ-CP", "AID CP", 1.3)])
def test_likeness_counts_what_ocr_mixes_up(true: str, read: str, most: float) -> None:
    cost, used = likeness(true, read)
    assert cost <= most
    assert used == len(read)


def test_a_name_that_does_not_look_alike_is_far() -> None:
    assert likeness("UBND", "TTCP")[0] == 99.0


def test_types_are_known_abbreviations() -> None:
    assert abbreviations() >= TYPES
