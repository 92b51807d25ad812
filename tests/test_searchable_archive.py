"""Copies in the archive and from the command line: their names, what is never overwritten, what comes twice, what fails."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scanned_pdf import LINES, document_of, image_bytes, page_of, pdf_of, picture_of, texts
from test_inbox_pool import Counting
from typer.testing import Result

from dondoc import commands, searchable
from dondoc.inbox import Desk
from dondoc.intake import Summary, take_in
from dondoc.process import Processed
from dondoc.workspace import Workspace
from extract.directive import Directive, Header
from ingest.document import Document


def document_at(path: Path) -> Document:
    pages = (page_of(number=1),)
    return replace(document_of(*pages), path=str(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest())


class Reader:
    """A pool that reads the same page from each file."""

    def run(self, paths: Sequence[Path], progress: Any) -> Iterator[tuple[int, Processed]]:
        for key, path in enumerate(paths):
            yield key, Processed(document_at(path), Directive(Header(number=f"{key}/UBND", type="Công văn")))


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return pdf_of([picture_of(page_of(), scale=1)], tmp_path / "cv.pdf")


def take(workspace: Workspace, *paths: Path, again: bool = False, wanted: bool = True) -> Summary:
    with Desk(workspace.inbox, workspace.work) as desk, workspace.store() as store:
        claims = [desk.copy(path, Path(path.name)) for path in paths]
        return take_in(claims, workspace, store, Reader(), Counting(), again=again, searchable=wanted)  # type: ignore[arg-type]


def archived(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in workspace.archive.rglob("*") if path.is_file()}


def test_the_copy_lies_beside_the_original(workspace: Workspace, scan: Path) -> None:
    (taken,) = take(workspace, scan).taken
    found = archived(workspace)
    assert found.keys() == {"cv.pdf", "cv.tra-cuu.pdf"}
    assert found["cv.pdf"] == scan.read_bytes()
    assert texts(found["cv.tra-cuu.pdf"])[0].split("\n") == list(LINES)
    assert taken.searchable is not None
    assert taken.searchable.read_bytes() == found["cv.tra-cuu.pdf"]


def test_the_record_says_where_both_lie(workspace: Workspace, scan: Path) -> None:
    year = f"archive/{date.today().year}"
    (first,) = take(workspace, scan).taken
    for again, archived_as in ((False, f"{year}/cv.pdf"), (True, f"{year}/cv (2).pdf")):
        if again:
            take(workspace, scan, again=True, wanted=False)
        with workspace.store() as store:
            assert first.document_id is not None
            row = store.document(first.document_id)
        assert (row.archived_as, row.searchable) == (archived_as, f"{year}/cv.tra-cuu.pdf")


def test_without_being_asked_for_there_is_none(workspace: Workspace, scan: Path) -> None:
    assert take(workspace, scan, wanted=False).taken[0].searchable is None
    assert archived(workspace).keys() == {"cv.pdf"}


def test_nothing_is_overwritten(workspace: Workspace, scan: Path) -> None:
    take(workspace, scan)
    before = archived(workspace)
    take(workspace, scan, again=True)
    after = archived(workspace)
    assert after.keys() == {*before, "cv (2).pdf", "cv (2).tra-cuu.pdf"}
    assert {name: after[name] for name in before} == before


def test_a_copy_that_is_taken_in_is_its_document(workspace: Workspace, scan: Path, tmp_path: Path) -> None:
    (first,) = take(workspace, scan).taken
    assert first.searchable is not None
    given = tmp_path / "cv.tra-cuu (2).pdf"
    shutil.copy(first.searchable, given)
    for again in (False, True):
        (second,) = take(workspace, given, again=again).taken
        assert (second.what, second.document_id) == ("duplicate", first.document_id)


def test_a_file_that_only_bears_the_name_is_taken_in(workspace: Workspace, scan: Path) -> None:
    assert take(workspace, scan.rename(scan.with_name("cv.tra-cuu.pdf"))).new == 1


def test_a_copy_that_cannot_be_made_costs_the_copy_only(
    workspace: Workspace, scan: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(searchable, "write_copy", broken)
    assert take(workspace, scan).new == 1
    assert archived(workspace).keys() == {"cv.pdf"}
    assert "bản tra cứu" in caplog.text


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Documents are read without OCR; gives the paths that were."""
    found: list[Path] = []

    def reader(path: Path, _settings: object) -> Processed:
        found.append(path)
        return Processed(document_at(path), Directive(Header()))

    monkeypatch.setattr(commands.reading, "_read", reader)
    return found


@pytest.mark.parametrize("out", [None, "tra-cuu/ban-sao.pdf"])
def test_one_document(dondoc: Callable[..., Result], scan: Path, read: list[Path], out: str | None) -> None:
    target = scan.with_name("cv.tra-cuu.pdf") if out is None else scan.parent / out
    target.parent.mkdir(exist_ok=True)
    result = dondoc("searchable", scan, *([] if out is None else ["-o", target]))
    assert result.exit_code == 0
    assert result.stdout.strip() == str(target)
    assert texts(target.read_bytes())[0].split("\n") == list(LINES)
    assert image_bytes(target) == image_bytes(scan)


def test_one_document_overwrites_nothing_and_says_so_before_reading(dondoc: Callable[..., Result], scan: Path, read: list[Path]) -> None:
    for target in (scan, scan.with_name("khac.pdf")):
        target.touch()
        before = target.read_bytes()
        result = dondoc("searchable", scan, "-o", target)
        assert result.exit_code == 2
        assert "không ghi đè" in result.stderr
        assert target.read_bytes() == before
    assert read == []


def test_one_document_that_fails_leaves_nothing_behind(dondoc: Callable[..., Result], scan: Path, read: list[Path]) -> None:
    scan.write_bytes(b"%PDF-1.7 nothing")
    assert dondoc("searchable", scan).exit_code == 8
    assert [path.name for path in scan.parent.iterdir()] == ["cv.pdf"]
    assert dondoc("searchable", scan, "-o", scan.parent / "khong-co" / "x.pdf").exit_code == 5
