"""Editing the office's own CSV of agencies: only the meant line changes, and extraction reads what was meant."""

from __future__ import annotations

import csv
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dondoc import agencies_file as agencies_module
from dondoc.agencies_file import BACKUPS, AgenciesFile
from extract.folding import fold
from extract.gazetteer_files import own_agencies, own_agencies_in
from ingest.errors import ConflictError, UsageError

FILE = (
    "# Danh mục của văn phòng\r\n"
    "tên;tên khác;ghi chú;cấp;đến ngày;kế thừa;thành viên\r\n"
    "\r\n"
    '"Trạm A";Trạm Một|TA;"hỏi; chị Lan";;30/6/2025;Trạm B;\r\n'
    "# nhóm\r\n"
    "khối đê điều;;;;;;Trạm B|SNV\r\n"
    "Trạm B"
)


def agencies_file(text: str, path: Path = Path("agencies.csv"), *, bom: bool = False) -> AgenciesFile:
    return AgenciesFile(path, text.encode("utf-8-sig" if bom else "utf-8"))


def test_one_line_changes_and_nothing_else() -> None:
    new = agencies_file(FILE, bom=True).with_agency("tram a", {"aliases": "Trạm Một|Trạm số 1", "members": ""})
    assert new.data.startswith(b"\xef\xbb\xbf")
    old_lines, new_lines = FILE.splitlines(), new.text.splitlines()
    assert [number for number, (old, line) in enumerate(zip(old_lines, new_lines, strict=True)) if old != line] == [3]
    assert new_lines[3] == 'Trạm A;Trạm Một|Trạm số 1;"hỏi; chị Lan";;30/6/2025;Trạm B;'
    assert new.text.count("\r\n") == FILE.count("\r\n")


def test_the_same_again_changes_no_byte() -> None:
    file = agencies_file(FILE)
    assert file.with_agency("Trạm A", {"aliases": "Trạm Một|TA", "valid_to": "30/6/2025"}) is file


def test_a_new_agency_goes_to_the_end_with_the_columns_it_needs() -> None:
    new = agencies_file(FILE).with_agency("Trạm C", {"abbreviation": "TC", "level": "xã"})
    assert new.text.splitlines()[1].endswith("thành viên;viết tắt")
    assert new.text.startswith(FILE.splitlines()[0])
    assert new.text.endswith("Trạm B\r\nTrạm C;;;xã;;;;TC\r\n")
    found = new.find("trạm c")
    assert found is not None
    assert (found.abbreviation, found.level) == ("TC", "commune")


def test_removing_leaves_the_rest() -> None:
    new = agencies_file(FILE).without_agency("khối đê điều")
    assert new.text == FILE.replace("khối đê điều;;;;;;Trạm B|SNV\r\n", "")
    assert new.without_agency("không có") is new


@pytest.mark.parametrize("text", ["", "# chỉ ghi chú", "# chỉ ghi chú\n"])
def test_a_file_without_headings_gets_them(text: str) -> None:
    new = agencies_file(text).with_agency("Trạm C", {"members": "Trạm A|Trạm B"})
    assert new.text.startswith(text)
    assert [(own.name, own.members) for own in new.agencies()] == [("Trạm C", ("Trạm A", "Trạm B"))]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        pytest.param("", {}, id="no-name"),
        pytest.param("# Trạm", {}, id="comment"),
        pytest.param('"# Trạm', {}, id="quoted-comment"),
        pytest.param(" ; ", {}, id="only-separators"),
        pytest.param("=cmd|' /C calc'!A0", {}, id="formula"),
        pytest.param("Trạm | B", {}, id="bar"),
        pytest.param("Trạm\u202eB", {}, id="turned-writing"),
        pytest.param("Trạm C", {"aliases": "TC|@SUM(A1)"}, id="formula-in-an-alias"),
        pytest.param("Trạm C", {"level": "liên xã"}, id="level"),
        pytest.param("Trạm C", {"valid_to": "31/2/2025"}, id="date"),
        pytest.param("Trạm C", {"successor": "Trạm A"}, id="successor-without-a-day"),
        pytest.param("Trạm C", {"note": "x"}, id="another-column"),
        pytest.param("Trạm C" * 60, {}, id="long"),
    ],
)
def test_what_extraction_would_not_read_is_refused(name: str, fields: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        agencies_file(FILE).with_agency(name, fields)


def test_a_value_that_would_hide_its_line_is_refused() -> None:
    with pytest.raises(UsageError):
        agencies_file("viết tắt,tên\nTA,Trạm A\n").with_agency("Trạm A", {"abbreviation": "#1"})


def test_two_lines_of_one_name_are_left_to_a_person() -> None:
    with pytest.raises(UsageError, match="dòng 2 và 3"):
        agencies_file("tên,cấp\nTrạm A,xã\nTRẠM A,tỉnh\n").with_agency("Trạm A", {"level": "tỉnh"})


def test_no_column_is_added_where_lines_are_longer_than_the_headings() -> None:
    with pytest.raises(UsageError, match="nhiều ô hơn"):
        agencies_file("tên,cấp\nTrạm A,xã,gì đây\n").with_agency("Trạm A", {"valid_to": "2025-06-30"})


def test_it_is_put_in_place_with_a_dated_copy(tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    path.write_text(FILE, "utf-8", newline="")
    path.chmod(0o640)
    old = AgenciesFile.read(path)
    now = datetime(2026, 11, 21, 17, 30, 5)
    for number, expected in ((1, "agencies-20261121-173005.csv"), (2, "agencies-20261121-173005-2.csv")):
        file = AgenciesFile.read(path)
        copy = file.with_agency(f"Trạm {number}", {}).put_in_place(file.fingerprint, now)
        assert copy == tmp_path / BACKUPS / expected
        assert copy.read_bytes() == file.data
    assert path.stat().st_mode & 0o777 == 0o640
    assert [own.name for own in own_agencies(path)][-2:] == ["Trạm 1", "Trạm 2"]
    with pytest.raises(ConflictError):
        old.with_agency("Trạm 3", {}).put_in_place(old.fingerprint)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["agencies.csv", BACKUPS]


def test_of_many_that_write_at_once_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "agencies.csv"
    path.write_text(FILE, "utf-8", newline="")
    kept = agencies_module._kept

    def slowly(path: Path, now: datetime) -> Path:
        time.sleep(0.02)  # between looking whether the file has changed and replacing it
        return kept(path, now)

    monkeypatch.setattr(agencies_module, "_kept", slowly)

    def add(number: int) -> None:
        while True:
            file = AgenciesFile.read(path)
            try:
                file.with_agency(f"Trạm {number}", {}).put_in_place(file.fingerprint)
            except ConflictError:
                continue
            return

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(6)))
    assert {f"Trạm {number}" for number in range(6)} <= {own.name for own in own_agencies(path)}


def test_a_missing_file_is_made_from_the_template(tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    file = AgenciesFile.read(path)
    assert file.with_agency("Trạm A", {"valid_to": "2025-06-30", "successor": "Trạm B"}).put_in_place(file.fingerprint) is None
    (own,) = own_agencies(path)
    assert (own.name, own.valid_to, own.successor) == ("Trạm A", date(2025, 6, 30), "Trạm B")


NAMES = st.sampled_from(["Trạm A", "Trạm B, cơ sở 2", 'Tổ "Đèn"', "Ban; Đê", "khối\tđê", "Sở Nội vụ", "Hội 'X'"])
NOTES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=8).filter(lambda text: not text.startswith("#"))
LISTS = st.lists(st.sampled_from(["Một", "Hai", "Ba, bốn", "Nă;m"]), max_size=3).map("|".join)


@st.composite
def files(draw: st.DrawFn) -> str:
    separator, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n"]))
    columns = draw(st.permutations(["tên", "tên khác", "ghi chú", "cấp", "thành viên"]))
    made = StringIO()
    quoting = csv.QUOTE_ALL if draw(st.booleans()) else csv.QUOTE_MINIMAL
    writer = csv.writer(made, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerow(columns)
    for name in draw(st.lists(NAMES, max_size=4, unique=True)):
        values = {"tên": name, "tên khác": draw(LISTS), "ghi chú": draw(NOTES), "cấp": draw(st.sampled_from(["", "xã"])), "thành viên": ""}
        writer.writerow([values[column] for column in columns])
        made.write(draw(st.sampled_from(["", f"# ghi chú, {name}{end}", end, f"{separator * 4}{end}"])))
    text = made.getvalue()
    return text if draw(st.booleans()) else text.removesuffix(end)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=files(), bom=st.booleans(), name=NAMES, aliases=LISTS, members=LISTS)
def test_any_file_keeps_its_other_lines(text: str, bom: bool, name: str, aliases: str, members: str) -> None:
    file = agencies_file(text, bom=bom)
    try:
        before = own_agencies_in(text, file.path)
    except UsageError:
        return
    new = file.with_agency(name, {"aliases": aliases, "members": members})
    after = new.agencies()
    own = new.find(name)
    assert own is not None
    assert [fold(each.name) for each in after if each not in before or fold(each.name) == fold(name)] == [fold(name)]
    assert [each for each in after if fold(each.name) != fold(name)] == [each for each in before if fold(each.name) != fold(name)]
    assert set(map(fold, own.members)) == {fold(part) for part in members.split("|") if part}
    assert new.data.startswith(b"\xef\xbb\xbf") is bom
    if any(fold(each.name) == fold(name) for each in before):
        pairs = list(zip(text.splitlines(keepends=True), new.text.splitlines(keepends=True), strict=True))
        assert sum(old != line for old, line in pairs) <= 1
    else:
        assert new.text.startswith(text)
    assert new.with_agency(name, {"aliases": aliases, "members": members}).data == new.data
