"""One document through all stages: pure, picklable, tables and raw text kept."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

import diacritics
from dondoc import process
from dondoc.process import restore, restore_text
from dondoc.settings import ProcessingSettings, Settings
from ingest.document import Document, Line, Page, Table
from ingest.errors import DondocError, EmptyFile, MissingDependency


def document(*lines: str) -> Document:
    made = tuple(Line(n, text, text, confidence=0.8) for n, text in enumerate(lines, 1))
    half = len(made) // 2
    second = tuple(replace(line, number=n) for n, line in enumerate(made[half:], 1))
    return Document("a.txt", "0" * 64, "text", (Page(1, made[:half], "ocr", tables=(Table(1, half, 2),)), Page(2, second, "ocr")))


def test_process_and_what_it_takes_and_gives_can_be_pickled(directive: Path) -> None:
    function, settings = pickle.loads(pickle.dumps((process.process, Settings())))
    found = function(directive, settings)
    assert pickle.loads(pickle.dumps(found)) == found
    assert found.directive.header.number == "1520/UBND-NC"
    assert found.document.path == str(directive)


def test_the_pieces_for_the_pool_give_the_same(directive: Path) -> None:
    settings = Settings()
    info, pages = process.STAGES.look(directive, settings)
    read = [process.STAGES.read_page(info, number, settings) for number in range(1, pages + 1)]
    assert process.STAGES.complete(info, read, settings) == process.process(directive, settings)


def test_errors_can_be_pickled_with_all_they_say(tmp_path: Path) -> None:
    path = tmp_path / "rong.pdf"
    path.touch()
    with pytest.raises(EmptyFile) as caught:
        process.process(path, Settings())
    copy = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(copy, DondocError)
    assert (str(copy), copy.exit_code, copy.remedy) == (str(caught.value), EmptyFile.exit_code, caught.value.remedy)


def test_restoration_keeps_raw_text_cells_and_places() -> None:
    before = document("So Noi vu\tBao cao truoc ngay 30/6/2023", "So Tai chinh\tPhoi hop thuc hien", "Uy ban nhan dan tinh", "Noi nhan")
    after = restore(before)
    assert [line.raw for _, line in after.lines()] == [line.raw for _, line in before.lines()]
    assert after.pages[0].lines[0].cells[0] == "Sở Nội vụ"
    assert [len(line.cells) for _, line in after.lines()] == [2, 2, 1, 1]
    assert [line.number for _, line in after.lines()] == [1, 2, 1, 2]
    assert after.pages[0].tables == before.pages[0].tables
    assert all(line.confidence != 0.8 for _, line in after.lines() if line.text != line.raw)


def test_good_lines_are_left_alone_with_their_confidence() -> None:
    before = document("Sở Nội vụ chủ trì, phối hợp với Sở Tài chính", "báo cáo UBND tỉnh trước ngày 30/6/2023")
    assert restore(before) == before


def test_restoration_can_be_switched_off(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Số: 15/UBND-NC\nGiao So Noi vu báo cáo trước ngày 30/6/2023.\nCác cơ quan, đơn vị thực hiện nghiêm túc.\n", "utf-8")
    off = process.process(path, Settings(processing=ProcessingSettings(restore=False)))
    assert "So Noi vu" in off.document.text


@pytest.mark.parametrize("given", ["", "\n", "một\f\fhai\n\f", "a\tb\n\t\n"])
def test_restored_text_has_the_same_lines_and_pages(given: str) -> None:
    found = restore_text(given)
    assert (found.count("\n"), found.count("\f")) == (given.count("\n"), given.count("\f"))


def test_a_missing_model_is_a_missing_dependency(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise diacritics.ModelError("thiếu tệp mô hình")

    monkeypatch.setattr(diacritics, "load", fail)
    with pytest.raises(MissingDependency, match="mô hình"):
        process.restorer()


def test_settings_reach_the_reader() -> None:
    options = process.read_options(Settings(processing=ProcessingSettings(dpi=200, page_seconds=30, max_megapixels=1.5)))
    assert (options.dpi, options.page_timeout, options.max_pixels) == (200, 30, 1_500_000)


def test_a_long_document_is_restored_in_parts_and_keeps_every_line_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PAGES_AT_ONCE", 2)
    garbled = "Uy ban nhan dan tinh yeu cau cac so, ban, nganh bao cao ket qua thuc hien"
    pages = tuple(Page(n, (Line(1, f"{n}. {garbled}", f"{n}. {garbled}", confidence=0.8),), "ocr") for n in range(1, 6))
    after = restore(Document("a.pdf", "0" * 64, "pdf", pages))
    assert [page.number for page in after.pages] == [1, 2, 3, 4, 5]
    assert [page.lines[0].raw for page in after.pages] == [page.lines[0].raw for page in pages]
    assert all(page.text.startswith(f"{page.number}. Ủy ban nhân dân tỉnh") for page in after.pages)
