"""A name that is one slip away from a known one: the likeliest is taken, the others and the written one are kept beside it."""

from __future__ import annotations

import pytest

from extract import extract
from extract.directive import Span
from ingest.document import Document, Line, Page

HEAD = ("UBND TỈNH SÔNG LAM", "Số: 15/CT-UBND", "Sông Lam, ngày 10 tháng 3 năm 2026", "CHỈ THỊ", "Về việc chuẩn bị mùa mưa bão")


def read(*lines: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Path → agency → what else it may be."""
    made = tuple(Line(n, text, text) for n, text in enumerate((*HEAD, *lines, "Nơi nhận:", "- Như trên;"), 1))
    directive = extract(Document("a.txt", "0" * 64, "text", (Page(1, made, "text"),)))
    return {task.path: dict(task.alternatives) for task in directive.tasks}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        pytest.param("Sở Nội vu", None, id="lost-mark-is-no-doubt"),
        pytest.param("Sở Nội vụ", None, id="as-known"),
        pytest.param("Sở KH&CN", None, id="abbreviation"),
        pytest.param("Trạm Quan sát mây", None, id="unknown-and-like-nothing"),
        pytest.param("Liên đoàn Lao đông tỉnk", "Liên đoàn Lao động tỉnh", id="wrong-letter"),
    ],
)
def test_a_likely_name_keeps_what_is_written(written: str, name: str | None) -> None:
    (found,) = read("Chủ tịch UBND tỉnh yêu cầu:", f"1. {written} chủ trì rà soát các kho vật tư trước ngày 15/4/2026.").values()
    assert set(found) == ({name} if name else set())
    if name:
        assert found[name][-1].lower() == written.lower()


def test_an_inherited_lead_keeps_it_too() -> None:
    found = read(
        "Chủ tịch UBND tỉnh yêu cầu:",
        "1. Liên đoàn Lao đông tỉnk:",
        "a) Chủ trì rà soát các kho vật tư dự phòng trước ngày 15/4/2026.",
        "b) Kiểm tra các tuyến đường xung yếu, hoàn thành trong tháng 5/2026.",
    )
    assert [set(others) for others in found.values()] == [{"Liên đoàn Lao động tỉnh"}] * 2


def test_over_a_page_break_the_lines_of_both_pages_are_looked_at() -> None:
    """The second page has more lines than the task goes on for, the first more than the task's last line on the second."""
    ends = ("thực hiện rà soát các kho vật tư và Liên đoàn Lao đông tỉnk phối", "hợp trước ngày 15/4/2026.", "2. Sở Y tế báo cáo kết quả.")
    first = (*HEAD, "Chủ tịch UBND tỉnh yêu cầu:", "1. Sở Nội vụ chủ trì")
    pages = tuple(
        Page(number, tuple(Line(n, text, text) for n, text in enumerate(lines, 1)), "text")
        for number, lines in enumerate((first, (*ends, "Nơi nhận:", "- Như trên;")), 1)
    )
    one, other = extract(Document("a.txt", "0" * 64, "text", pages)).tasks
    assert one.span == Span(1, 7, 7, 2, 2)
    assert [line for line in range(1, 6) if one.span.covers(2, line)] == [1, 2]
    assert [name for name, _ in one.alternatives] == ["Liên đoàn Lao động tỉnh"]
    assert other.span == Span(2, 3, 3)
