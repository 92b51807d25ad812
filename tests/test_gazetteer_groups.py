"""Groups by their wording, for whoever speaks and on the day of the directive."""

from __future__ import annotations

from datetime import date

import pytest

from extract import gazetteer
from extract.gazetteer import CENTRAL

BEFORE, AFTER = date(2024, 6, 1), date(2025, 9, 1)
HA_TINH = "42"


def members(wording: str, on: date, seat: str | None = HA_TINH) -> set[str]:
    return set(gazetteer.load().members_of(wording, on, None if seat == CENTRAL else seat, central=seat == CENTRAL))


@pytest.mark.parametrize(
    "wording",
    [
        "các sở, ban, ngành",
        "Các Sở, ban, ngành",
        "các sở, ban, ngành tỉnh",
        "các sở, ban, ngành cấp tỉnh",
        "các sở, ban, ngành thuộc tỉnh",
        "các sở, ban, ngành thuộc UBND tỉnh",
        "các sở, ban, ngành trên địa bàn tỉnh",
        "các sở, ban, ngành của thành phố",
        "các sở, ban, ngành tỉnh Hà Tĩnh",
        "sở, ban, ngành",
        "các sở, ngành",
        "các sở và ban, ngành",
        "các ban, sở, ngành cấp tỉnh",
        "toàn bộ các sở, ban, ngành",
        "các cơ quan chuyên môn thuộc UBND tỉnh",
    ],
)
def test_departments_of_a_province_in_any_wording(wording: str) -> None:
    before, after = members(wording, BEFORE), members(wording, AFTER)
    assert {"Sở Nội vụ", "Sở Giao thông vận tải"} <= before
    assert "Sở Giao thông vận tải" not in after
    assert {"Sở Nội vụ", "Sở Nông nghiệp và Môi trường"} <= after
    assert len(after) == 12


@pytest.mark.parametrize(
    ("wording", "on", "seat", "inside", "size"),
    [
        pytest.param("UBND các huyện, thị xã, thành phố", BEFORE, HA_TINH, "UBND huyện Đức Thọ", 12, id="districts-before"),
        pytest.param("UBND các huyện, thị xã và thành phố", BEFORE, HA_TINH, "UBND thành phố Hà Tĩnh", 12, id="and"),
        pytest.param("UBND các huyện", BEFORE, HA_TINH, "UBND huyện Đức Thọ", 9, id="only-districts-of-that-type"),
        pytest.param("UBND cấp huyện", BEFORE, HA_TINH, "UBND thị xã Kỳ Anh", 12, id="level"),
        pytest.param("các huyện, thị xã, thành phố", BEFORE, HA_TINH, "UBND huyện Đức Thọ", 12, id="places-alone"),
        pytest.param("UBND các xã, phường, đặc khu", AFTER, HA_TINH, "UBND xã Đức Thọ", 69, id="communes-after"),
        pytest.param("Ủy ban nhân dân các phường, xã trên địa bàn tỉnh", AFTER, HA_TINH, "UBND xã Đức Thọ", 69, id="other-order"),
        pytest.param("UBND xã, phường", AFTER, HA_TINH, "UBND xã Đức Thọ", 69, id="without-cac"),
        pytest.param("UBND cấp xã", AFTER, HA_TINH, "UBND xã Đức Thọ", 69, id="communes-by-level"),
        pytest.param("các địa phương", AFTER, HA_TINH, "UBND xã Đức Thọ", 69, id="local-for-a-province"),
        pytest.param("các địa phương", AFTER, CENTRAL, "UBND tỉnh Hà Tĩnh", 34, id="local-for-the-government"),
        pytest.param("các cơ quan, đơn vị và địa phương", AFTER, HA_TINH, "UBND xã Đức Thọ", 69, id="local-behind-and"),
        pytest.param("UBND các tỉnh, thành phố trực thuộc Trung ương", AFTER, CENTRAL, "UBND thành phố Huế", 34, id="provinces-after"),
        pytest.param("UBND các tỉnh, thành phố", BEFORE, CENTRAL, "UBND tỉnh Hà Giang", 63, id="provinces-before"),
        pytest.param("các bộ, ngành", AFTER, CENTRAL, "Đài Truyền hình Việt Nam", 22, id="ministries-and-more"),
        pytest.param("các bộ, cơ quan ngang bộ", AFTER, CENTRAL, "Thanh tra Chính phủ", 17, id="ministries"),
        pytest.param("các Bộ, cơ quan ngang Bộ, cơ quan thuộc Chính phủ", AFTER, HA_TINH, "Thông tấn xã Việt Nam", 22, id="government"),
        pytest.param("các bộ, ngành, địa phương", AFTER, CENTRAL, "UBND tỉnh Hà Tĩnh", 56, id="ministries-and-provinces"),
        pytest.param("các tổ chức chính trị - xã hội", AFTER, HA_TINH, "Hội Nông dân tỉnh", 6, id="mass-organisations"),
        pytest.param("các tổ chức chính trị - xã hội", AFTER, CENTRAL, "Hội Nông dân Việt Nam", 6, id="mass-organisations-central"),
        pytest.param("các sở, ban, ngành, đoàn thể", AFTER, HA_TINH, "Liên đoàn Lao động tỉnh", 18, id="with-mass-organisations"),
    ],
)
def test_members(wording: str, on: date, seat: str, inside: str, size: int) -> None:
    found = members(wording, on, seat)
    assert inside in found
    assert len(found) == size


@pytest.mark.parametrize(
    "wording",
    [
        "các sở, ban, ngành liên quan",
        "các sở, ban, ngành có liên quan",
        "các sở, ngành tham mưu lĩnh vực cải cách hành chính",
        "các sở, ban, ngành cấp huyện",
        "các cơ quan chuyên môn thuộc UBND cấp xã",
        "các cơ quan, đơn vị",
        "các doanh nghiệp địa phương",
        "các cơ quan địa phương",
        "UBND thành phố",
        "UBND huyện",
        "UBND tỉnh",
        "Sở Nội vụ",
        "Bộ",
        "chủ đầu tư",
        "",
    ],
)
def test_a_narrower_wording_and_a_single_office_are_left_alone(wording: str) -> None:
    assert members(wording, BEFORE) == members(wording, AFTER) == members(wording, AFTER, CENTRAL) == set()


def test_places_need_to_know_whose() -> None:
    assert members("UBND các xã, phường", AFTER, None) == set()
    assert members("UBND các xã, phường", AFTER, CENTRAL) == set()
    assert members("các sở, ban, ngành, địa phương", AFTER, None) == members("các sở, ban, ngành", AFTER)


@pytest.mark.parametrize(
    ("issuer", "place", "seat"),
    [
        pytest.param("UBND tỉnh Hà Tĩnh", None, "Hà Tĩnh", id="province-in-the-name"),
        pytest.param("Ủy ban nhân dân TP. Cần Thơ", None, "Cần Thơ", id="city-abbreviated"),
        pytest.param("Sở Nội vụ", "Hà Tĩnh", "Hà Tĩnh", id="by-the-date-line"),
        pytest.param("Sở Nội vụ tỉnh Hà Giang", None, "Hà Giang", id="ended-province"),
        pytest.param("Thủ tướng Chính phủ", "Hà Nội", CENTRAL, id="prime-minister"),
        pytest.param("Bộ Y tế", "Hà Nội", CENTRAL, id="ministry"),
        pytest.param("UBND huyện Đức Thọ", "Đức Thọ", None, id="district"),
        pytest.param("UBND thành phố Vinh", "Vinh", None, id="city-of-a-province"),
        pytest.param("UBND tỉnh Sông Lam", "Sông Lam", None, id="unknown-province"),
        pytest.param(None, None, None, id="nothing-read"),
    ],
)
def test_where_a_directive_speaks_from(issuer: str | None, place: str | None, seat: str | None) -> None:
    assert gazetteer.load().seat_of(issuer, place) == seat
