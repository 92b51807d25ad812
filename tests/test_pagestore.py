"""Pages kept on disk: they come back as they were, damage counts as absence, and an interrupted run goes on with them."""

from __future__ import annotations

import json
import os
import string
import time
from pathlib import Path

import hypothesis
import pytest
from fake_stages import Counting, FakeStages, UpdatedStages, write
from hypothesis import given
from hypothesis import strategies as st

from dondoc.pagestore import PageStore, Shelf
from dondoc.pool import Pool
from dondoc.process import STAGES, Processed
from dondoc.settings import ProcessingSettings, Settings
from ingest.document import Doubt, Line, Page, Table, Word

PAGE = Page(
    7,
    (
        Line(1, "Sô: 15", "Số: 15", (1.0, 2.0, 30.5, 12.0), (Word("Sô:", (1.0, 2.0, 9.0, 12.0), 0.5, "S«:"), Word("15", None)), 0.75),
        Line(2, "a\tb", "a\tb", doubts=(Doubt(0, 1, 0.5, ("ă", "â")),)),
    ),
    "ocr",
    tables=(Table(2, 2, 2, (0.0, 0.0, 1.0, 1.0)),),
    rotation=90,
    skew=-0.3,
    warnings=("mờ",),
)


def page_of(number: int) -> Page:
    return Page(number, (Line(1, f"trang {number}", f"trang {number}"),), "text")


BOX = st.none() | st.tuples(*[st.floats(allow_nan=False)] * 4)
WORD = st.builds(Word, st.text(), BOX, st.floats(0, 1), st.text())
LINE = st.builds(Line, st.integers(), st.text(), st.text(), BOX, st.lists(WORD, max_size=2).map(tuple))
PAGES = st.builds(
    Page, st.integers(1, 99999), st.lists(LINE, max_size=2).map(tuple), st.sampled_from(["text", "ocr"]), rotation=st.integers()
)


@hypothesis.settings(max_examples=40, deadline=None)
@given(page=PAGES)
def test_any_page_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, page: Page) -> None:
    shelf = Shelf(tmp_path_factory.getbasetemp() / "ke")
    assert shelf.put(page)
    assert shelf.get(page.number) == page


def test_a_full_page_comes_back_as_it_was(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "a" / "b")
    assert shelf.get(7) is None
    assert shelf.put(PAGE)
    assert shelf.get(7) == PAGE
    assert shelf.numbers(9) == {7}
    assert [path.name for path in shelf.folder.iterdir()] == ["00007.json"]


@hypothesis.settings(max_examples=60, deadline=None)
@given(place=st.integers(0), sign=st.sampled_from(string.printable.encode()))
def test_a_damaged_entry_counts_as_none_or_is_whole(tmp_path_factory: pytest.TempPathFactory, place: int, sign: int) -> None:
    shelf = Shelf(tmp_path_factory.getbasetemp() / "hong")
    shelf.put(PAGE)
    path = shelf.folder / "00007.json"
    content = bytearray(path.read_bytes())
    content[place % len(content)] = sign
    path.write_bytes(content)
    assert shelf.get(7) in (None, PAGE)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"\xff", b"[]", json.dumps([7, [], "ocr"]).encode(), json.dumps([7, "x", *[0] * 9]).encode(), b"[" * 5000, b"null"],
)
def test_an_entry_of_another_shape_counts_as_none(tmp_path: Path, content: bytes) -> None:
    from hashlib import sha256  # noqa: PLC0415 - beside its only use

    (tmp_path / "00007.json").write_bytes(sha256(content).hexdigest().encode() + b"\n" + content)
    assert Shelf(tmp_path).get(7) is None


def test_a_store_that_cannot_be_written_keeps_nothing_and_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("")
    shelf = PageStore(tmp_path / "tep").shelf("ab", "1")
    assert not shelf.put(PAGE)
    assert shelf.numbers(9) == frozenset()
    PageStore(tmp_path / "tep").tidy()
    PageStore(tmp_path / "tep").drop("ab")


def test_old_pages_and_too_many_are_thrown_away(tmp_path: Path) -> None:
    store = PageStore(tmp_path / "trang")
    now = time.time()
    for age, name in [(8, "cu"), (2, "vua"), (0, "moi")]:
        store.shelf(name, "1").put(PAGE)
        for path in (store.folder / name).rglob("*"):
            os.utime(path, (now - age * 86400,) * 2)
        os.utime(store.folder / name, (now - age * 86400,) * 2)
    store.tidy(now=now)
    assert sorted(path.name for path in store.folder.iterdir()) == ["moi", "vua"]
    store.tidy(now=now, most=sum(path.stat().st_size for path in (store.folder / "moi").rglob("*")) + 5000)
    assert [path.name for path in store.folder.iterdir()] == ["moi"]
    store.drop("moi")
    assert not store.folder.exists()


@pytest.mark.parametrize(
    ("change", "same"),
    [({}, True), ({"workers": 3}, True), ({"restore": False}, True), ({"dpi": 200}, False), ({"page_seconds": 7.0}, False)],
)
def test_the_edition_is_another_when_pages_are_read_in_another_way(change: dict[str, float], same: bool) -> None:
    changed = Settings(processing=ProcessingSettings(**change))  # type: ignore[arg-type]
    assert (STAGES.edition(changed) == STAGES.edition(Settings())) is same


class TestResuming:
    """A run is broken off after some pages; the next one finds them."""

    def test_only_what_is_missing_is_read(self, tmp_path: Path) -> None:
        (path,) = write(tmp_path, {"a": "pages 5\nlog"})
        store = PageStore(tmp_path / "trang")
        info, _ = FakeStages().look(path, Settings())
        shelf = store.shelf(info.sha256, FakeStages().edition(Settings()))
        for number in (1, 2, 4, 5):
            shelf.put(page_of(number))
        (shelf.folder / "00004.json").write_text("hỏng")
        with Pool(Settings(), workers=1, stages=FakeStages(), store=store) as pool:
            ((_, outcome),) = pool.run([path], counting := Counting())
            assert isinstance(outcome, Processed)
            assert [page.text for page in outcome.document.pages] == [f"trang {number}" for number in range(1, 6)]
            assert Path(f"{path}.log").read_text().split() == ["3", "4"]
            assert (counting.found, counting.done, counting.resumes) == (5, 5, [("a", 3, 3)])
            # Nothing is left to read now; and with other settings all is.
            list(pool.run([path], counting := Counting()))
            assert counting.resumes == [("a", 5, None)]

    def test_an_update_in_the_middle_of_a_run_reads_no_page_twice(self, tmp_path: Path) -> None:
        paths = write(tmp_path, {name: f"pages 4\nlog\nslow\nnumber {name}" for name in "ab"})
        store = PageStore(tmp_path / "trang")
        with Pool(Settings(), workers=2, stages=UpdatedStages(), store=store) as pool:
            assert all(isinstance(outcome, Processed) for _, outcome in pool.run(paths, Counting()))
            assert [sorted(Path(f"{path}.log").read_text().split()) for path in paths] == [["1", "2", "3", "4"]] * 2
            # Whatever worker looks now finds them all.
            list(pool.run(paths, counting := Counting()))
        assert sorted(counting.resumes) == [("a", 4, None), ("b", 4, None)]

    def test_pages_that_vanish_are_read_again(self, tmp_path: Path) -> None:
        (path,) = write(tmp_path, {"a": "pages 3\nlog\nlosing"})
        with Pool(Settings(), workers=1, stages=FakeStages(), store=PageStore(tmp_path / "trang")) as pool:
            ((_, outcome),) = pool.run([path], Counting())
        assert isinstance(outcome, Processed)
        assert len(outcome.document.pages) == 3
        assert Path(f"{path}.log").read_text().split() == ["1", "2", "3", "1", "2"]
