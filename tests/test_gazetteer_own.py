"""The office's own file of agencies: what people write into it, what goes wrong, and that an edit takes effect."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from extract import explain, gazetteer
from extract.gazetteer_files import own_agencies
from ingest.errors import UsageError

BODY = "Trạm Quan sát mây Sông Lam"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(f"name,aliases,abbreviation\n{BODY},Trạm mây|Trạm QSM,TQSM\n", "utf-8", id="english"),
        pytest.param(f"tên,tên khác,viết tắt\n{BODY},Trạm mây|Trạm QSM,TQSM\n", "utf-8-sig", id="vietnamese-with-bom"),
        pytest.param(f"TÊN;TÊN KHÁC;VIẾT TẮT\r\n{BODY};Trạm mây|Trạm QSM;TQSM\r\n", "utf-8", id="semicolons"),
        pytest.param(f"# ghi chú\n\ntên\ttên khác\tviết tắt\n\t\t\n{BODY}\tTrạm mây|Trạm QSM\tTQSM\n", "utf-8", id="tabs-and-blanks"),
    ],
)
def test_the_ways_a_spreadsheet_writes_it(tmp_path: Path, text: str, encoding: str) -> None:
    (own,) = own_agencies(write(tmp_path / "a.csv", text, encoding))
    assert (own.name, own.aliases, own.abbreviation, own.level) == (BODY, ("Trạm mây", "Trạm QSM"), "TQSM", "province")
    gaz = gazetteer.load(tmp_path / "a.csv")
    for spelling in (BODY, "tram may", "TRẠM QSM", "tqsm"):
        found = gaz.find(spelling)
        assert found is not None
        assert found.name == BODY


def test_dates_levels_and_groups(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        "tên,cấp,từ ngày,đến ngày,kế thừa,thành viên\nBan Đê cũ,tỉnh,2020-01-01,30/6/2024,Ban Đê mới,\nkhối đê điều,,,,,Ban Đê mới|SNV\n",
    )
    gaz = gazetteer.load(path)
    old = gaz.find("Ban Đê cũ")
    assert old is not None
    assert (old.level, old.valid_from, old.valid_to) == ("province", date(2020, 1, 1), date(2024, 6, 30))
    assert gaz.successors("Ban Đê cũ", date(2024, 7, 1)) == ("Ban Đê mới",)
    assert gaz.members_of("khối đê điều", date(2024, 7, 1)) == ("Ban Đê mới", "Sở Nội vụ")


def test_another_name_for_a_known_agency_leaves_what_it_is(tmp_path: Path) -> None:
    known = gazetteer.load().find("Sở Nội vụ")
    found = gazetteer.load(write(tmp_path / "a.csv", "tên,tên khác\nSở Nội vụ,Nhà SNV\n")).find("nhà snv")
    assert known is not None
    assert found is not None
    assert (found.name, found.kind) == ("Sở Nội vụ", known.kind)


def test_the_offices_decision_stands_before_the_general_rule(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "tên,đến ngày,kế thừa\nBan Dân tộc,2025-02-28,Sở Nội vụ\n")
    assert gazetteer.load(path).successors("Ban Dân tộc", date(2026, 1, 1)) == ("Sở Nội vụ",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("tên,cấp\nTrạm A,tỉnh\n,xã\n", "dòng 3: thiếu tên", id="no-name"),
        pytest.param("# đầu\n\ntên,cấp\nTrạm A,liên xã\n", "dòng 4: cấp «liên xã»", id="level"),
        pytest.param("tên,từ ngày\nTrạm A,31/2/2025\n", "dòng 2: «31/2/2025» không phải ngày", id="date"),
        pytest.param("tên,từ ngày,đến ngày\nTrạm A,2025-02-01,2025-01-01\n", "«từ ngày» sau", id="dates-crossed"),
        pytest.param("tên,kế thừa\nTrạm A,Trạm B\n", "«đến ngày»", id="successor-without-a-day"),
        pytest.param("cơ quan,cấp\nTrạm A,tỉnh\n", "thiếu cột", id="no-column"),
        pytest.param("tên,màu\nTrạm A,đỏ\n", "mau", id="unknown-column"),
        pytest.param('tên,cấp\n"Trạm A,tỉnh\n', "không đọc được", id="open-quote"),
    ],
)
def test_a_slip_is_named_with_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path / "co-quan.csv", text)
    with pytest.raises(UsageError, match="co-quan") as caught:
        explain("Giao Trạm A báo cáo.", extra=path)
    assert says in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"khong-co\.csv"):
        gazetteer.load(tmp_path / "khong-co.csv")


def test_only_headings_and_an_empty_file_change_nothing(tmp_path: Path) -> None:
    for text in ("", "tên,cấp\n", "# không có gì\n"):
        assert own_agencies(write(tmp_path / "a.csv", text)) == ()


def leads(sentence: str, extra: Path | None = None) -> list[str]:
    return [name for name, role in explain(sentence, extra=extra).agencies if role == "lead"]


def test_an_edit_takes_effect_in_the_same_process(tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    sentence = "Giao TĐĐ chủ trì, phối hợp với Sở Nội vụ rà soát quy chế."
    write(path, "tên,tên khác\nTổ Đèn đường Sông Lam,TĐĐ\n")
    assert leads(sentence, path) == ["Tổ Đèn đường Sông Lam"]
    write(path, "tên,tên khác\nTổ Đèn điện Sông Lam thành phố,TĐĐ\n")
    assert leads(sentence, path) == ["Tổ Đèn điện Sông Lam thành phố"]
    assert leads(sentence) != ["Tổ Đèn điện Sông Lam thành phố"]
