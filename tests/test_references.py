"""Citations: the grammar of document numbers, finding, resolving. Documents and authorities are invented; central bodies are real."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.directive import Reference
from extract.numbers import document_types, issuer_of_number, issuer_symbols, repair_number, type_of_number, type_symbols
from extract.references import complete, find_references, resolve
from extract.references_issuers import issuer_after

RESOURCES = Path(__file__).parents[1] / "extract" / "resources"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("153/KH-UBND", "153/KH-UBND", id="sound: type and issuer"),
        pytest.param("60/2021/NĐ-CP", "60/2021/NĐ-CP", id="sound: normative"),
        pytest.param("19-NQ/TW", "19-NQ/TW", id="sound: Party"),
        pytest.param("202/2025/QH15", "202/2025/QH15", id="sound: National Assembly"),
        pytest.param("1298/QĐ-UBND-HC", "1298/QĐ-UBND-HC", id="sound: third group"),
        pytest.param("30c/NQ-CP", "30c/NQ-CP", id="sound: letter behind the number"),
        pytest.param("66.7/2025/NQ-CP", "66.7/2025/NQ-CP", id="sound: number within a number"),
        pytest.param("822/UBND- NCVX", "822/UBND-NCVX", id="blank at a line end"),
        pytest.param("822/UBND-\nNCVX", "822/UBND-NCVX", id="line end itself"),
        pytest.param("29- NQ/TW", "29-NQ/TW", id="blank, Party"),
        pytest.param("6926 /UBND-NC;", "6926/UBND-NC", id="blank before the slash, mark behind"),
        pytest.param("45 / QĐ - UBND", "45/QĐ-UBND", id="blanks everywhere"),
        pytest.param("78/2021/NĐ -CP", "78/2021/NĐ-CP", id="blank before the hyphen"),
        pytest.param("927/QĐ TTg", "927/QĐ-TTg", id="hyphen lost"),
        pytest.param("876/QD-BNV", "876/QĐ-BNV", id="stroke of Đ lost"),
        pytest.param("876/QP-BNV", "876/QĐ-BNV", id="Đ read as P"),
        pytest.param("60/2021/ND-CP", "60/2021/NĐ-CP", id="stroke lost in NĐ"),
        pytest.param("13/HDND-TT", "13/HĐND-TT", id="stroke lost in the issuer"),
        pytest.param("50/2017lQĐ-TTg", "50/2017/QĐ-TTg", id="l for a slash"),
        pytest.param("12/2O23/NĐ-CP", "12/2023/NĐ-CP", id="O for 0 in the year"),
        pytest.param("1O5/KH-UBND", "105/KH-UBND", id="O for 0 in the number"),
        pytest.param("45/CTR-UBND", "45/CTr-UBND", id="case of CTr"),
        pytest.param("45/TTR-UBND", "45/TTr-UBND", id="case of TTr"),
        pytest.param("16495/BТС-ТН", "16495/BTC-TH", id="Cyrillic look-alikes"),
        pytest.param("12/ΚΗ-UBND", "12/KH-UBND", id="Greek look-alikes"),
        pytest.param("153–KL/TW", "153-KL/TW", id="a dash for the hyphen"),
        pytest.param("*153*/KH-UBND", "153/KH-UBND", id="stars of a text file"),
        pytest.param("12/HD-BNV", "12/HD-BNV", id="HD is Hướng dẫn, not a broken HĐ"),
        pytest.param("44/ABC-XYZ", "44/ABC-XYZ", id="unknown groups stay"),
    ],
)
def test_repair_number(raw: str, text: str) -> None:
    repaired = repair_number(raw)
    assert repaired.text == text
    assert repaired.changed is (raw != text)


def test_repair_says_when_the_tables_do_not_know_the_symbol() -> None:
    assert repair_number("12/KH-UBND").certain
    assert not repair_number("12/ABC-XYZ").certain


_TYPES, _ISSUERS = "QĐ|QD|NQ|KH|CTR|UBND|BNV|Q[A-Z]", "CP|TTg|UBND|HDND|TW|[A-Z]{2,4}"
NUMBERS = st.from_regex(rf"[0-9OlI]{{1,4}}[a-c]?(/20[0-9O]{{2}})?[/\-] ?({_TYPES})( ?[-/ ] ?({_ISSUERS}))?", fullmatch=True)


@given(st.one_of(NUMBERS, st.text(max_size=25)))
def test_repair_is_idempotent(raw: str) -> None:
    once = repair_number(raw).text
    assert repair_number(once).text == once


@pytest.mark.parametrize(
    ("number", "kind", "issuer"),
    [
        pytest.param("21/CT-TTg", "Chỉ thị", "Thủ tướng Chính phủ", id="Prime Minister"),
        pytest.param("60/2021/NĐ-CP", "Nghị định", "Chính phủ", id="Government"),
        pytest.param("12/2025/TT-BTC", "Thông tư", "Bộ Tài chính", id="ministry"),
        pytest.param("15/2014/TTLT-BNV-BTC", "Thông tư liên tịch", None, id="joint"),
        pytest.param("153/KH-UBND", "Kế hoạch", None, id="many offices share UBND"),
        pytest.param("822/UBND-NC", "Công văn", None, id="công văn of a province"),
        pytest.param("16495/BTC-TH", "Công văn", "Bộ Tài chính", id="công văn of a ministry"),
        pytest.param("19-NQ/TW", "Nghị quyết", None, id="Party"),
        pytest.param("202/2025/QH15", None, "Quốc hội", id="law or resolution"),
        pytest.param("08/VBHN-BCT", "Văn bản hợp nhất", "Bộ Công Thương", id="merged text"),
    ],
)
def test_what_a_number_says(number: str, kind: str | None, issuer: str | None) -> None:
    assert (type_of_number(number), issuer_of_number(number)) == (kind, issuer)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param(
            "Kế hoạch số 15/KH-UBND ngày 05/3/2023 của UBND tỉnh Sông Lam về đào tạo",
            [("Kế hoạch", "15/KH-UBND", "2023-03-05", "UBND tỉnh Sông Lam")],
            id="the full form",
        ),
        pytest.param(
            "Nghị định số 60/2021/NĐ-CP ngày 21 tháng 6 năm 2021 của Chính phủ quy định",
            [("Nghị định", "60/2021/NĐ-CP", "2021-06-21", "Chính phủ")],
            id="date in words",
        ),
        pytest.param(
            "Kết luận số 62-KL/TW, ngày 02/10/2023 của Bộ Chính trị",
            [("Kết luận", "62-KL/TW", "2023-10-02", "Bộ Chính trị")],
            id="Party, comma before ngày",
        ),
        pytest.param("Quy định 96-QĐ/TW năm 2023", [("Quy định", "96-QĐ/TW", None, None)], id="a year gives no date"),
        pytest.param("Luật Đường Thủy số 23/2004/QH11", [("Luật", "23/2004/QH11", None, "Quốc hội")], id="law with its name"),
        pytest.param(
            "Luật sửa đổi, bổ sung một số điều của Bộ luật Hải đảo số 99/2024/QH15",
            [("Luật", "99/2024/QH15", None, "Quốc hội")],
            id="amending law",
        ),
        pytest.param("Luật Bảo vệ rừng 2017", [("Luật", None, None, None)], id="law by name and year"),
        pytest.param("Bộ luật Dân sự ngày 24 tháng 11 năm 2015", [("Bộ luật", None, "2015-11-24", None)], id="code by name and date"),
        pytest.param("Công văn 822/UBND- NCVX ngày 05/5/2023", [("Công văn", "822/UBND-NCVX", "2023-05-05", None)], id="công văn, broken"),
        pytest.param("Thông báo kết luận số 11/TB-VPUBND", [("Thông báo", "11/TB-VPUBND", None, None)], id="longer name of a type"),
        pytest.param(
            "Chương trình hành động số 10-CTr/TU ngày 13/8/2024 của Ban Thường vụ Tỉnh ủy",
            [("Chương trình", "10-CTr/TU", "2024-08-13", "Ban Thường vụ Tỉnh ủy")],
            id="programme of the Party",
        ),
        pytest.param(
            "QĐ số 12/QĐ-SNV của Giám đốc Sở Nội vụ", [("Quyết định", "12/QĐ-SNV", None, "Giám đốc Sở Nội vụ")], id="abbreviated type"
        ),
        pytest.param(
            "các Quyết định số 876, 878/QĐ-BNV ngày 12/9/2022",
            [("Quyết định", "876/QĐ-BNV", "2022-09-12", "Bộ Nội vụ"), ("Quyết định", "878/QĐ-BNV", "2022-09-12", "Bộ Nội vụ")],
            id="list that writes the symbol once",
        ),
        pytest.param(
            "văn bản số 101/BTC-TH ngày 22/10/2025, số 102/BTC-TH ngày 22/8/2025",
            [("Văn bản", "101/BTC-TH", "2025-10-22", "Bộ Tài chính"), ("Văn bản", "102/BTC-TH", "2025-08-22", "Bộ Tài chính")],
            id="list with dates",
        ),
        pytest.param(
            "các Tờ trình số 5/TTr-SNV ngày 11/6/2025, số 7/TTr-SNV ngày 24/6/2025 của Sở Nội vụ",
            [("Tờ trình", "5/TTr-SNV", "2025-06-11", "Sở Nội vụ"), ("Tờ trình", "7/TTr-SNV", "2025-06-24", "Sở Nội vụ")],
            id="list that shares its issuer",
        ),
        pytest.param(
            "theo chỉ đạo của UBND tỉnh tại Công văn số 715/UBND-KSTT ngày 19/4/2023",
            [("Công văn", "715/UBND-KSTT", "2023-04-19", "UBND tỉnh")],
            id="issuer named before",
        ),
        pytest.param(
            "Ngày 22/10/2025, Chủ tịch UBND tỉnh đã ban hành Công điện số 12/CĐ-UBND",
            [("Công điện", "12/CĐ-UBND", "2025-10-22", None)],
            id="date named before",
        ),
        pytest.param(
            "Thông báo số 3/TB-UBND của đồng chí Trần Văn A - Chủ tịch UBND tỉnh",
            [("Thông báo", "3/TB-UBND", None, "Chủ tịch UBND tỉnh")],
            id="a person's office",
        ),
        pytest.param(
            "Thông tư số 02/2024/TT-BVHTTDL của Bộ Văn hóa, Thể thao và Du lịch hướng dẫn",
            [("Thông tư", "02/2024/TT-BVHTTDL", None, "Bộ Văn hóa, Thể thao và Du lịch")],
            id="comma inside the issuer",
        ),
        pytest.param(
            "Kế hoạch số 5/KH-BCA-BNNMT của Bộ Công an và Bộ Nông nghiệp và Môi trường",
            [("Kế hoạch", "5/KH-BCA-BNNMT", None, "Bộ Công an và Bộ Nông nghiệp và Môi trường")],
            id="two issuers",
        ),
        pytest.param(
            "Nghị quyết số 57-NQ/TW của Bộ Chính trị và Nghị quyết số 71/NQ-CP",
            [("Nghị quyết", "57-NQ/TW", None, "Bộ Chính trị"), ("Nghị quyết", "71/NQ-CP", None, "Chính phủ")],
            id="và before the next document",
        ),
        pytest.param("Kế hoạch số 262 của UBND tỉnh", [("Kế hoạch", "262", None, "UBND tỉnh")], id="short form"),
        pytest.param("Nghị quyết số 66.7/2025/NQ-CP", [("Nghị quyết", "66.7/2025/NQ-CP", None, "Chính phủ")], id="number within a number"),
        pytest.param(
            "ý kiến của Phó Thủ tướng tại Công văn số 6721/VPCP-V",
            [("Công văn", "6721/VPCP-V", None, "Văn phòng Chính phủ")],
            id="a sure symbol beats who is named before",
        ),
        pytest.param("Số: 45/UBND-NC", [("Công văn", "45/UBND-NC", None, None)], id="no type at all"),
    ],
)
def test_find_references(text: str, want: list[tuple[str | None, str | None, str | None, str | None]]) -> None:
    found = find_references(text)
    assert [(one.type, one.number, one.date.isoformat() if one.date else None, one.issuer) for one in found] == want


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Lập theo mẫu số 01/MGTH kèm theo.", id="a form"),
        pytest.param("Tiêu chuẩn TCVN 14423:2025 về an ninh mạng", id="a standard"),
        pytest.param("Hoàn thành 45/63 nhiệm vụ trước 30/6/2023, tháng 9/2023", id="ratios and dates"),
        pytest.param("Số:      /UBND-NC", id="a blank number"),
        pytest.param("Quý III/2023, giai đoạn 2021-2030", id="periods"),
        pytest.param("Luật sư tư vấn cho người dân.", id="a lawyer is no law"),
        pytest.param("Trực 24/7, đường dây nóng 1900/6789.", id="other slashes"),
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert find_references(text) == ()


def test_resolve_gives_each_document_once_with_all_that_its_mentions_say() -> None:
    text = (
        "Căn cứ Kế hoạch số 262/KH-UBND ngày 20/12/2022 của UBND tỉnh; Nghị định số 60/2021/NĐ-CP.\n"
        "Theo Kế hoạch số 262, Nghị định số 60/2021/NĐ-CP ngày 21/6/2021 và Kế hoạch 262/KH-UBND."
    )
    found = resolve(find_references(text))
    assert [(one.number, one.date, one.issuer) for one in found] == [
        ("262/KH-UBND", date(2022, 12, 20), "UBND tỉnh"),
        ("60/2021/NĐ-CP", date(2021, 6, 21), "Chính phủ"),
    ]


def test_a_short_form_that_two_documents_could_mean_is_left_out() -> None:
    found = find_references("Kế hoạch số 12/KH-UBND, Kế hoạch số 12/KH-SNV và Kế hoạch số 12")
    assert [one.number for one in resolve(found)] == ["12/KH-UBND", "12/KH-SNV"]
    assert complete(found, resolve(found))[-1].number == "12"


def test_a_short_form_without_its_full_form_stays() -> None:
    assert [one.number for one in resolve(find_references("Chương trình hành động số 09 của Tỉnh ủy"))] == ["09"]


def test_the_same_number_of_another_year_is_another_document() -> None:
    found = find_references("Kế hoạch số 12/KH-UBND ngày 05/3/2022 và Kế hoạch số 12/KH-UBND ngày 17/8/2023")
    assert [one.date for one in resolve(found)] == [date(2022, 3, 5), date(2023, 8, 17)]


def test_a_slip_of_the_year_is_the_same_document() -> None:
    found = find_references("Kế hoạch số 12/KH-UBND ngày 20/12/2022; Kế hoạch số 12/KH-UBND ngày 20/12/2023; 12/KH-UBND ngày 20/12/2022")
    assert [one.date for one in resolve(found)] == [date(2022, 12, 20)]


def test_complete_keeps_the_offsets_of_the_mention() -> None:
    known = resolve(find_references("Kế hoạch số 262/KH-UBND ngày 20/12/2022 của UBND tỉnh"))
    text = "triển khai Kế hoạch số 262 đúng hạn"
    (one,) = complete(find_references(text), known)
    assert (one.number, one.date, text[one.begin : one.end]) == ("262/KH-UBND", date(2022, 12, 20), "Kế hoạch số 262")


@given(st.lists(st.builds(Reference, st.sampled_from(["Kế hoạch", None]), st.sampled_from(["1/KH-UBND", "2/KH-UBND", "1", "7"]))))
def test_resolving_twice_changes_nothing(references: list[Reference]) -> None:
    once = resolve(references)
    assert resolve(once) == once


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        pytest.param("Chính phủ về việc làm", "Chính phủ", id="ends at về"),
        pytest.param("Thủ tướng Chính phủ phê duyệt Đề án", "Thủ tướng Chính phủ", id="ends at a verb"),
        pytest.param("UBND tỉnh chỉ đạo các sở", "UBND tỉnh", id="chỉ đạo as a verb"),
        pytest.param("Ban Chỉ đạo tỉnh về chuyển đổi số", "Ban Chỉ đạo tỉnh", id="chỉ đạo in a name"),
        pytest.param("Cục trưởng Cục Bảo vệ thực vật hướng dẫn", "Cục trưởng Cục Bảo vệ thực vật", id="vệ is not về"),
        pytest.param("Bộ trưởng Bộ Xây dựng, Kế hoạch số 5", "Bộ trưởng Bộ Xây dựng", id="xây dựng in a name, then a comma"),
        pytest.param("Ban Chấp hành Trung ương khóa XII", "Ban Chấp hành Trung ương khóa XII", id="with the term"),
        pytest.param("Thủ tướng\nChính phủ về", "Thủ tướng Chính phủ", id="over a line end"),
        pytest.param("các đơn vị", None, id="no name"),
    ],
)
def test_issuer_after(text: str, issuer: str | None) -> None:
    assert issuer_after(text) == issuer


@given(st.text(max_size=200))
def test_any_text_is_survived_and_offsets_hold(text: str) -> None:
    for one in find_references(text):
        assert 0 <= one.begin < one.end <= len(text)


@given(
    st.integers(1, 9999),
    st.sampled_from(["KH-UBND", "QĐ-TTg", "UBND-NC"]),
    st.dates(date(2000, 1, 1), date(2039, 12, 31)),
    st.text(alphabet="ab ờ\n", max_size=20),
)
def test_a_citation_is_found_where_it_stands(n: int, symbol: str, day: date, before: str) -> None:
    text = f"{before} văn bản số {n:02d}/{symbol} ngày {day.day}/{day.month}/{day.year}, đã gửi"
    (one,) = find_references(text)
    assert (one.number, one.date) == (f"{n:02d}/{symbol}", day)
    assert text[one.begin : one.end] == f"văn bản số {n:02d}/{symbol} ngày {day.day}/{day.month}/{day.year}"


@pytest.mark.parametrize("name", ["document_types.csv", "issuer_symbols.csv", "working_day_swaps.csv", "citation_words.yaml"])
def test_resources_name_their_source(name: str) -> None:
    assert (RESOURCES / name).read_text("utf-8").startswith("# source:")


def test_the_tables_agree_with_themselves() -> None:
    names = [kind.name for kind in document_types()]
    assert len(names) == len(set(names))
    assert type_symbols()["QĐ"] == "Quyết định"
    assert not (set(type_symbols()) & set(issuer_symbols()))
    symbols = [symbol for kind in document_types() for symbol in kind.symbols]
    assert len(symbols) == len(set(symbols))
