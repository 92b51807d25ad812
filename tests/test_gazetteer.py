"""The gazetteer: its CSV files hold together, and its questions are answered as the reform of 2025 demands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import gazetteer
from extract.folding import fold, fold_with_offsets
from ingest.errors import UsageError

RESOURCES = Path(gazetteer.__file__).parent / "resources"
FILES = (
    "agencies.csv",
    "agency_aliases.csv",
    "agency_groups.csv",
    "agency_members.csv",
    "agency_stems.csv",
    "agency_successions.csv",
    "agency_words.csv",
    "communes.csv",
    "district_communes.csv",
    "districts.csv",
    "provinces.csv",
)
BEFORE, AFTER = date(2024, 6, 1), date(2025, 8, 1)


@pytest.mark.parametrize("name", FILES)
def test_every_csv_names_its_source_and_has_whole_rows(name: str) -> None:
    lines = (RESOURCES / name).read_text("utf-8").splitlines()
    assert lines[0].startswith("# source: ")
    assert len(lines[0]) > 20
    found = gazetteer.rows(name)
    assert found
    assert all(None not in row for row in found), "a row with more cells than the header"
    assert len({tuple(row.values()) for row in found}) == len(found), "the same row twice"


def test_names_are_unique_and_dates_in_order() -> None:
    gaz = gazetteer.load()
    names = [agency.name for agency in gaz.agencies]
    assert len(names) == len(set(names))
    for agency in gaz.agencies:
        assert agency.level in {"central", "province", "district", "commune"}, agency
        if agency.valid_from and agency.valid_to:
            assert agency.valid_from <= agency.valid_to, agency


def test_aliases_members_and_successions_point_at_known_agencies() -> None:
    gaz = gazetteer.load()
    assert set(gaz.aliases.values()) <= set(gaz.by_name)
    codes = {code for code, _ in gaz.members}
    for _, member in gaz.members:
        assert gaz.find(member.name) is not None, member
    for group in gaz.groups:
        assert all(member in codes or member in {"@province", "@district", "@commune", "@local"} for member in group.members), group


def test_every_succession_names_known_bodies_a_ground_and_a_day_that_fits_them() -> None:
    gaz = gazetteer.load()
    for step in gaz.successions:
        old, new = gaz.find(step.old), gaz.find(step.new) if step.new else None
        assert old is not None, step
        assert old.name == step.old, "an alias would not be found in the file"
        assert step.new is None or (new is not None and new.name == step.new), step
        assert step.source, step
        assert date(2025, 1, 1) <= step.date <= date(2025, 7, 1), step
        if old.valid_to and step.subject is None:
            assert old.valid_to < step.date, step
        if new is not None:
            assert new.in_use(step.date), step


def test_places_count_and_nest() -> None:
    places = gazetteer.load().places
    by_level = {level: [p for p in places if p.level == level] for level in ("province", "district", "commune")}
    for on in (date(2020, 1, 1), date(2025, 1, 1), date(2025, 6, 30)):
        assert len([p for p in by_level["province"] if p.exists(on)]) == 63
    assert len([p for p in by_level["province"] if p.exists(date(2025, 7, 1))]) == 34
    new = {p.code for p in by_level["province"] if not p.valid_to}
    assert len(new) == 34
    assert len(by_level["district"]) == 696
    assert len(by_level["commune"]) > 3200
    assert {p.province for p in by_level["commune"]} == new
    names = {p.name for p in by_level["province"] if not p.valid_to}
    assert all(p.successor in names for p in by_level["province"] if p.valid_to)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        pytest.param("Sở KH&CN", "Sở Khoa học và Công nghệ", id="ampersand"),
        pytest.param("so ke hoach va dau tu", "Sở Kế hoạch và Đầu tư", id="without-marks"),
        pytest.param("Sở NN và PTNT", "Sở Nông nghiệp và Phát triển nông thôn", id="abbreviated-stem"),
        pytest.param("SNV", "Sở Nội vụ", id="symbol"),
        pytest.param("EVN", "Tập đoàn Điện lực Việt Nam", id="company"),
        pytest.param("Bộ CHQS tỉnh", "Bộ Chỉ huy Quân sự tỉnh", id="military"),
    ],
)
def test_find_reads_aliases_and_abbreviations(written: str, name: str) -> None:
    found = gazetteer.load().find(written)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("old", "subject", "heirs"),
    [
        pytest.param("Sở Giao thông vận tải", None, ("Sở Xây dựng",), id="one-heir"),
        pytest.param("Cục Thuế tỉnh", None, ("Thuế tỉnh",), id="chain-of-two"),
        pytest.param("Sở Lao động - Thương binh và Xã hội", "công tác giảm nghèo", ("Sở Nông nghiệp và Môi trường",), id="by-subject"),
        pytest.param("Sở Lao động - Thương binh và Xã hội", "việc làm", ("Sở Nội vụ",), id="default-when-no-subject-fits"),
        pytest.param("UBND cấp huyện", None, (), id="a-person-must-decide"),
        pytest.param("Sở Y tế", None, ("Sở Y tế",), id="unchanged"),
        pytest.param("Sở Tư pháp", "cấp phiếu lý lịch tư pháp", ("Công an tỉnh",), id="only-one-subject-went-elsewhere"),
        pytest.param("Sở Tư pháp", "hộ tịch", ("Sở Tư pháp",), id="the-rest-stays"),
        pytest.param("Ban Dân tộc", None, ("Sở Dân tộc và Tôn giáo", "Sở Nội vụ"), id="depends-on-the-province"),
        pytest.param("UBND tỉnh Hà Giang", None, ("UBND tỉnh Tuyên Quang",), id="merged-province"),
        pytest.param("Sở Giao thông vận tải tỉnh Hà Giang", None, ("Sở Xây dựng tỉnh Tuyên Quang",), id="department-of-a-merged-province"),
        pytest.param("UBND tỉnh Quảng Nam", None, ("UBND thành phố Đà Nẵng",), id="merged-into-a-city"),
        pytest.param("Tỉnh ủy Quảng Nam", None, ("Thành ủy Đà Nẵng",), id="party-committee"),
        pytest.param("Cục Thuế tỉnh Hà Giang", None, ("Thuế tỉnh",), id="regional-body-in-between"),
        pytest.param("UBND tỉnh Hà Tĩnh", None, ("UBND tỉnh Hà Tĩnh",), id="province-as-before"),
        pytest.param("UBND huyện Đức Thọ", None, (), id="district"),
    ],
)
def test_successors_after_the_reform(old: str, subject: str | None, heirs: tuple[str, ...]) -> None:
    gaz = gazetteer.load()
    assert gaz.successors(old, AFTER, subject) == heirs
    assert gaz.successors(old, BEFORE, subject) == (old,)


def test_members_follow_the_date_and_the_province() -> None:
    gaz = gazetteer.load()
    before, after = gaz.members_of("Các sở, ban, ngành", BEFORE), gaz.members_of("các sở, ban, ngành", AFTER)
    assert "Sở Kế hoạch và Đầu tư" in before
    assert "Sở Kế hoạch và Đầu tư" not in after
    assert "Sở Nông nghiệp và Môi trường" in after
    districts = gaz.members_of("UBND các huyện, thị xã, thành phố", BEFORE, "42")
    assert "UBND huyện Đức Thọ" in districts
    assert gaz.members_of("UBND các huyện, thị xã, thành phố", AFTER, "42") == ()
    communes = gaz.members_of("Ủy ban nhân dân các xã, phường", AFTER, "01")
    assert communes
    assert all(name.startswith(("UBND xã ", "UBND phường ")) for name in communes)
    assert gaz.members_of("các cơ quan, đơn vị có liên quan", AFTER) == ()


def test_a_province_has_a_past_and_a_present() -> None:
    gaz = gazetteer.load()
    old, new = gaz.province("Kon Tum", BEFORE), gaz.province("Quảng Ngãi", AFTER)
    assert old is not None
    assert old.successor == "Quảng Ngãi"
    assert gaz.province("Kon Tum", AFTER) is None
    assert new is not None
    assert new.full_name == "tỉnh Quảng Ngãi"


def test_the_users_own_names_come_first(tmp_path: Path) -> None:
    own = tmp_path / "agencies.csv"
    own.write_text(
        "name,kind,level,abbreviation,aliases\nTrung tâm Điều hành đô thị thông minh,unit,province,TTĐHTM,IOC tỉnh|TT IOC\n",
        encoding="utf-8",
    )
    gaz = gazetteer.load(own)
    found = gaz.find("TT IOC")
    assert found is not None
    assert found.name == "Trung tâm Điều hành đô thị thông minh"
    assert gaz.find("Sở Nội vụ") is not None


@pytest.mark.parametrize(
    "content",
    [pytest.param(b"name,kind\n,unit\n", id="no-name"), pytest.param(b"\xff\xfe\x00", id="not-utf8")],
)
def test_a_broken_file_of_the_user_is_named(tmp_path: Path, content: bytes) -> None:
    own = tmp_path / "hong.csv"
    own.write_bytes(content)
    with pytest.raises(UsageError, match=r"hong\.csv"):
        gazetteer.load(own)


VIETNAMESE = st.text(alphabet=st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyÀẢÃÁẠĂẰÂẦĐÊỀÔỒƠỜƯỪỲ ấờữịỹ\t\n0123,.-/&\u0301"), max_size=60)


@given(VIETNAMESE | st.text(max_size=40))
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_folded_offsets_lead_back(text: str) -> None:
    folded = fold_with_offsets(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    for i, char in enumerate(folded.text):
        begin, end = folded.span(i, i + 1)
        assert 0 <= begin < end <= len(text)
        if char != " ":
            assert char in fold(text[begin:end])


def test_folding_reads_d_with_stroke_and_spaces() -> None:
    assert fold("  Đồng   Tháp\nvà ĐẮK LẮK ") == "dong thap va dak lak"


def test_a_district_leaves_a_choice_of_communes() -> None:
    (step,) = gazetteer.load().steps("UBND huyện Đức Thọ")
    assert step.new is None
    assert step.date == date(2025, 7, 1)
    assert "UBND xã Đức Thọ" in step.candidates
    assert 2 <= len(step.candidates) <= 14
    (ambiguous,) = gazetteer.load().steps("UBND huyện Châu Thành")
    assert ambiguous.candidates == (), "several provinces had a district of that name"


def test_hue_became_a_city_before_the_reform() -> None:
    gaz = gazetteer.load()
    assert gaz.successors("UBND tỉnh Thừa Thiên Huế", date(2024, 12, 31)) == ("UBND tỉnh Thừa Thiên Huế",)
    assert gaz.successors("UBND tỉnh Thừa Thiên Huế", date(2025, 1, 1)) == ("UBND thành phố Huế",)
