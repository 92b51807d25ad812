"""What a name never is: a bare syllable, a clause, a date, a paragraph. Sentences are put together at random."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.agencies import find_agencies, read_heading, read_roles, split_agencies
from extract.agencies_fragments import names_nobody, undated

_NAMES = (
    "Sở Nội vụ", "UBND các xã, phường", "Công an tỉnh", "các sở, ban, ngành", "cơ quan", "đơn vị", "Trung tâm Xúc tiến Đầu tư tỉnh",
    "các đơn vị liên quan", "Đài Truyền hình Việt Nam", "Bộ Y tế", "các bộ, cơ quan", "Khoa Dược", "Tổ Văn phòng", "Thanh tra thị xã",
    "các thành viên Ban Chỉ đạo tỉnh", "chủ đầu tư", "địa phương", "Ban Quản lý dự án và phát triển đô thị", "quan", "các Đoàn",
    "Chi cục Thủy lợi", "Đảng đoàn HĐND tỉnh", "đồng chí Nguyễn Văn An, Giám đốc Sở Y tế", "Bộ phận Một cửa",
)  # fmt: skip
_VERBS = (
    "chủ trì", "phối hợp với", "tăng cường kiểm tra", "báo cáo", "chịu trách nhiệm", "có trách nhiệm tham mưu", "khẩn trương hoàn thành",
    "thực hiện nghiêm", "gửi", "trình", "giám sát", "thống kê", "xây dựng lịch", "(chủ trì)", "(phối hợp)", "giao", "đề nghị", "cùng với",
)  # fmt: skip
_OTHER = (
    ",", ";", ".", ":", "và", "(", ")", "trước ngày 15/5/2024", "kế hoạch", "định kỳ hằng quý", "theo chức năng", "“", "”",
    "đạt tỷ lệ 100%", "- ", "31/10/2025", "tiến độ", "của", "tại các địa phương",
)  # fmt: skip
_WORDS = st.lists(st.sampled_from((*_NAMES, *_VERBS, *_OTHER)), min_size=1, max_size=14).map(" ".join)
_SINGLE = {"sở", "bộ", "ban", "ngành", "phòng", "tỉnh", "huyện", "xã", "phường", "quận", "cục", "vụ", "viện", "trường", "báo"}
_CLAUSE = re.compile(r"tăng cường|chịu trách nhiệm|có trách nhiệm|khẩn trương|hoàn thành|\d{1,2}/\d{1,2}/\d{4}")


def _is_name(name: str) -> bool:
    words = name.split()
    bare = len(words) == 1 and words[0][0].islower() and words[0] not in _SINGLE
    return bool(words) and not bare and len(words) <= 25 and not _CLAUSE.search(name)


@settings(max_examples=400, deadline=None)
@given(_WORDS)
def test_doers_and_partners_are_names(text: str) -> None:
    for roles in (read_roles(text), read_heading(text)):
        for name in (*roles.lead, *roles.coordinating, *roles.further):
            assert _is_name(name), (text, name)


@settings(max_examples=300, deadline=None)
@given(_WORDS)
def test_what_a_cell_gives_are_names(cell: str) -> None:
    for name in split_agencies(cell):
        assert _is_name(name), (cell, name)


@settings(max_examples=200, deadline=None)
@given(_WORDS)
def test_mentions_are_names_and_stand_where_they_say(text: str) -> None:
    for mention in find_agencies(text):
        assert text[mention.begin : mention.end] == mention.text
        assert len(mention.name.split()) <= 25


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        pytest.param("31/10/2025", (), id="a date"),
        pytest.param("UBND các tỉnh, thành phố 31/10/2025 Có 12 đơn vị", ("UBND các tỉnh, thành phố",), id="a date behind a name"),
        pytest.param("Đề nghị Viện kiểm sát nhân dân tối cao", ("Viện kiểm sát nhân dân tối cao",), id="an order before a name"),
        pytest.param("Văn phòng Chính phủ Bộ Tài chính", ("Văn phòng Chính phủ", "Bộ Tài chính"), id="two lines run together"),
        pytest.param("Đã có 11/34 địa phương hoàn thành việc lập cấu trúc quy trình, đạt tỷ lệ 32%", (), id="a result"),
        pytest.param("Các Câu lạc bộ thư pháp", ("các Câu lạc bộ thư pháp",), id="several, with a capital"),
        pytest.param("Làng nghề gốm Sông Lam, nghệ nhân", ("Làng nghề gốm Sông Lam", "nghệ nhân"), id="unknown words stay"),
    ],
)
def test_cells_that_hold_more_or_less_than_names(cell: str, names: tuple[str, ...]) -> None:
    assert split_agencies(cell) == names


@pytest.mark.parametrize(
    ("name", "nobody"),
    [
        pytest.param("cơ quan", True, id="bare"),
        pytest.param("chủ đầu tư", False, id="bare but telling"),
        pytest.param("15/5/2024", True, id="date"),
        pytest.param("nhiệm vụ được giao)", True, id="half a bracket"),
        pytest.param("Sở Nội vụ", False, id="name"),
        pytest.param(" ".join(["xã"] * 26), True, id="paragraph"),
    ],
)
def test_names_that_name_nobody(name: str, nobody: bool) -> None:
    assert names_nobody(name) is nobody


def test_an_order_and_a_date_are_no_part_of_a_name() -> None:
    assert undated("Đề nghị Sở Nội vụ 12/5/2024 xong") == "Sở Nội vụ"
