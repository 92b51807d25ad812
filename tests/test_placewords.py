"""Places in the outline as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.placewords import place_in_words


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("", "", id="no outline"),
        pytest.param("3", "mục 3", id="item"),
        pytest.param("III.1.a", "mục III.1.a", id="nested items"),
        pytest.param("2.(1)", "mục 2.(1)", id="bracketed number"),
        pytest.param("1/-2", "mục 1, gạch đầu dòng 2", id="dash"),
        pytest.param("1/-2/+3", "mục 1, gạch đầu dòng 2, dấu cộng 3", id="plus under a dash"),
        pytest.param("p2", "đoạn 2", id="paragraph"),
        pytest.param("13/p/-8", "mục 13, đoạn, gạch đầu dòng 8", id="paragraph without a number"),
        pytest.param("p2.III.1", "mục III.1", id="items under a paragraph"),
        pytest.param("PL", "Phụ lục", id="the only appendix"),
        pytest.param("PL.II.2.1/-3", "Phụ lục II, mục 2.1, gạch đầu dòng 3", id="appendix"),
        pytest.param("PL/p1.2.a", "Phụ lục, mục 2.a", id="appendix without a number"),
        pytest.param("PL.I/7", "Phụ lục I, dòng 7 của bảng", id="row of a table"),
        pytest.param("1.II/05", "mục 1.II, dòng 05 của bảng", id="row as its number is written"),
        pytest.param("Điều 3", "Điều 3", id="article"),
        pytest.param("Điều 2.1", "khoản 1 Điều 2", id="clause"),
        pytest.param("Điều 2.1.b/-1", "điểm b khoản 1 Điều 2, gạch đầu dòng 1", id="point"),
    ],
)
def test_a_place_is_said_as_people_say_it(path: str, said: str) -> None:
    assert place_in_words(path) == said


@given(st.lists(st.sampled_from(["PL.I", "Điều 4", "2", "2.1", "-1", "+2", "p3", "7"]), min_size=1, max_size=4))
def test_every_number_of_the_path_is_said(parts: list[str]) -> None:
    said = place_in_words("/".join(parts))
    assert sorted(c for c in said if c.isdigit()) == sorted(c for part in parts for c in part if c.isdigit())
