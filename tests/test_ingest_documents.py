"""Pages put together to a document."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from made_files import ENGLISH, GOOD, body_page, pdf_of

from ingest import ReadOptions, assemble, inspect, read, read_page
from ingest.document import Line, Page
from ingest.errors import (
    DondocError,
    NoText,
    OcrFailed,
    PageTooLarge,
    WrongLanguage,
)
from ingest.reading import TOO_LARGE, FileInfo
from ingest.recognise import FAILED


def page_of(number: int, text: str = "", warnings: tuple[str, ...] = ()) -> Page:
    lines = tuple(Line(i, t, t) for i, t in enumerate(text.split("\n"), 1)) if text else ()
    return Page(number, lines, "ocr", warnings=warnings)


INFO = FileInfo("a.pdf", "00", "pdf", 2)


@pytest.mark.parametrize(
    ("pages", "error"),
    [
        pytest.param([page_of(1), page_of(2)], NoText, id="blank"),
        pytest.param([page_of(1, warnings=(f"{FAILED}: x",)), page_of(2)], OcrFailed, id="failed-and-blank"),
        pytest.param([page_of(1, warnings=(f"{TOO_LARGE}: x",)), page_of(2, warnings=(f"{TOO_LARGE}: x",))], PageTooLarge, id="too-large"),
        pytest.param([page_of(1, ENGLISH), page_of(2, ENGLISH)], WrongLanguage, id="english"),
    ],
)
def test_a_document_without_use(pages, error):
    with pytest.raises(error) as caught:
        assemble(INFO, pages)
    assert caught.value.remedy


def test_a_lost_page_is_named_and_the_others_stay():
    document = assemble(INFO, [page_of(2, GOOD), page_of(1, warnings=(f"{FAILED}: x",))])
    assert [page.number for page in document.pages] == [1, 2]
    assert document.warnings == ("Không đọc được 1 trên 2 trang: 1.",)


def test_english_pdf_is_refused_without_ocr(tmp_path):
    def draw(canvas, _number):
        for index, start in enumerate(range(0, len(ENGLISH), 60)):
            canvas.drawString(50, 700 - 15 * index, ENGLISH[start : start + 60])

    (tmp_path / "a.pdf").write_bytes(pdf_of(draw))
    with pytest.raises(WrongLanguage):
        read(tmp_path / "a.pdf", ReadOptions(engine=None))  # type: ignore[arg-type]


def test_values_can_travel_between_processes(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(body_page))
    info, options = pickle.loads(pickle.dumps((inspect(tmp_path / "a.pdf"), ReadOptions())))
    page = read_page(info, 1, options)
    assert pickle.loads(pickle.dumps(page)) == page


def open_files() -> int:
    table = Path("/proc/self/fd")
    return len(list(table.iterdir())) if table.exists() else 0


def test_reading_leaves_no_file_open(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(body_page, pages=3))
    before = open_files()
    for _ in range(3):
        read(tmp_path / "a.pdf")
    assert open_files() <= before


def test_every_error_has_its_own_exit_code():
    kinds = DondocError.__subclasses__()
    assert len({kind.exit_code for kind in kinds}) == len(kinds)
