"""The type of a document as its first page names it."""

from __future__ import annotations

import pytest

from extract.doctypes import type_of_line


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param("KẾ HOẠCH", "Kế hoạch", id="alone"),
        pytest.param("THÔNG BÁO KẾT LUẬN", "Thông báo", id="conclusion"),
        pytest.param("KE HOACH", "Kế hoạch", id="without diacritics"),
        pytest.param("CHỈ THỊ VỀ VIỆC TIẾT KIỆM", "Chỉ thị", id="with its subject"),
        pytest.param("Thực hiện Kế hoạch số 5", None, id="in a sentence"),
        pytest.param("CÔNG VĂN", None, id="a công văn carries no type name"),
    ],
)
def test_type_of_line(line: str, name: str | None) -> None:
    assert type_of_line(line) == name
