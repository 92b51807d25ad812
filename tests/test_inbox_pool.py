"""The worker pool: pages of many documents, failures, workers that die. And the intake that stands on it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from fake_stages import Counting, FakeStages, write

from dondoc.inbox import Desk
from dondoc.intake import Summary, take_in
from dondoc.pagestore import PageStore
from dondoc.pool import Outcome, Pool, Progress
from dondoc.process import Processed
from dondoc.reporting import ScreenReport
from dondoc.settings import ProcessingSettings, Settings
from dondoc.workspace import Workspace
from ingest.document import Page
from ingest.errors import DondocError, MissingDependency
from tracking import Store


def run(paths: list[Path], workers: int = 2) -> tuple[dict[str, Outcome], Counting]:
    counting = Counting()
    settings = Settings(processing=ProcessingSettings(workers=workers))
    with Pool(settings, workers=workers, stages=FakeStages()) as pool:
        return {paths[key].name: outcome for key, outcome in pool.run(paths, counting)}, counting


def test_pages_come_together_in_order_and_bad_files_fail_alone(tmp_path: Path) -> None:
    scripts = {"nhieu-trang": "pages 7", "mot-trang": "pages 1\nnumber 15", "hong": "damaged", "loi": "bug"}
    found, counting = run(write(tmp_path, scripts))
    many, one = found["nhieu-trang"], found["mot-trang"]
    assert isinstance(many, Processed)
    assert isinstance(one, Processed)
    assert [page.number for page in many.document.pages] == [1, 2, 3, 4, 5, 6, 7]
    assert one.directive.header.number == "15"
    assert found["hong"].kind == "damaged"  # type: ignore[union-attr]
    assert isinstance(found["loi"], DondocError)
    assert "ZeroDivisionError" in found["loi"].message
    assert (counting.found, counting.done) == (8, 8)


def test_a_worker_that_dies_loses_what_it_did_only(tmp_path: Path) -> None:
    scripts = {"a": "pages 2", "chet": "pages 3\ndie-on 2\nalways", "b": "pages 2", "chet-ngay": "die", "c": ""}
    found, counting = run(write(tmp_path, scripts))
    assert {name for name, outcome in found.items() if isinstance(outcome, Processed)} == {"a", "b", "c", "chet"}
    lost = found["chet-ngay"]
    assert isinstance(lost, DondocError)
    assert "dừng đột ngột" in lost.message
    assert counting.done == counting.found


def test_nothing_to_do_starts_no_worker() -> None:
    pool = Pool(Settings(), stages=FakeStages())
    assert list(pool.run([], Counting())) == []
    assert pool.workers.processes == []


def test_leaving_early_stops_the_workers(tmp_path: Path) -> None:
    pool = Pool(Settings(), workers=1, stages=FakeStages())
    results = pool.run(write(tmp_path, {"a": "", "b": "pages 50\nslow"}), Counting())
    next(results)
    results.close()
    assert pool.workers.processes == []


def test_a_long_document_does_not_hold_up_short_ones(tmp_path: Path) -> None:
    scripts = {"1-dai": "pages 60"} | {f"2-ngan-{number}": "pages 2" for number in range(6)}
    found, _ = run(write(tmp_path, scripts), workers=1)
    assert list(found)[-1] == "1-dai"


def test_a_long_document_is_put_together_with_the_memory_to_itself(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"a": "pages 101"})
    with Pool(Settings(), workers=2, stages=FakeStages()) as pool:
        assert [isinstance(outcome, Processed) for _, outcome in pool.run([path], Counting())] == [True]
        assert len(pool.workers.processes) == 1


def test_one_worker_loads_what_putting_together_takes(tmp_path: Path) -> None:
    paths = write(tmp_path, {f"van-ban-{number}": f"pages 2\nslow\nwho\nnumber {number}" for number in range(6)})
    found, _ = run(paths, workers=2)
    assert len(found) == 6
    assert len({Path(f"{path}.who").read_text() for path in paths}) == 1


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (214, "↻ a.pdf: đọc tiếp từ trang 214 (213 trang đã đọc trước khi bị ngắt).\n"),
        (None, "↻ a.pdf: không còn trang nào phải đọc (213 trang đã đọc trước khi bị ngắt).\n"),
    ],
)
def test_the_screen_says_where_reading_goes_on(capsys: pytest.CaptureFixture[str], page: int | None, said: str) -> None:
    with ScreenReport() as report:
        report.resumed("a.pdf", 213, page)
    assert capsys.readouterr().err == said


class Inline:
    """A pool that works in this process."""

    def __init__(self, error: DondocError | None = None) -> None:
        self.error = error

    def run(self, paths: Sequence[Path], progress: Progress) -> Iterator[tuple[int, Outcome]]:
        stages = FakeStages()
        for key, path in enumerate(paths):
            try:
                if self.error:
                    raise self.error
                info, pages = stages.look(path, Settings())
                yield key, stages.complete(info, [stages.read_page(info, n + 1, Settings()) for n in range(pages)], Settings())
            except DondocError as error:
                yield key, error


def take(workspace: Workspace, pool: Inline | None = None, *, again: bool = False) -> Summary:
    with Desk(workspace.inbox, workspace.work) as desk, workspace.store() as store:
        claims = [claim for path in sorted(workspace.inbox.glob("*.txt")) if (claim := desk.claim(path)) is not None]
        return take_in(claims, workspace, store, pool or Inline(), Counting(), again=again)  # type: ignore[arg-type]


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


class TestIntake:
    def test_good_files_go_to_the_archive_bad_ones_to_quarantine(self, workspace: Workspace) -> None:
        write(workspace.inbox, {"tot.txt": "number 1", "hong.txt": "damaged"})
        summary = take(workspace)
        assert (summary.new, summary.failed, summary.tasks) == (1, 1, 1)
        assert [Path(name).name for name in files_below(workspace.archive)] == ["tot.txt"]
        assert files_below(workspace.quarantine) == ["hong.txt", "hong.txt.reason.txt"]
        assert files_below(workspace.inbox) == []

    def test_the_same_file_twice_at_once_is_one_document(self, workspace: Workspace) -> None:
        write(workspace.inbox, {"a.txt": "number 77/UBND", "b.txt": "number 77/UBND"})
        summary = take(workspace)
        assert [taken.what for taken in summary.taken] == ["new", "duplicate"]
        assert summary.taken[0].document_id == summary.taken[1].document_id
        with workspace.store() as store:
            assert len(store.documents()) == 1

    def test_the_same_file_later_is_named_with_its_record_and_still_archived(self, workspace: Workspace) -> None:
        write(workspace.inbox, {"a.txt": "number 77/UBND"})
        take(workspace)
        write(workspace.inbox, {"quet-lai.txt": "number 77/UBND"})
        (taken,) = take(workspace).taken
        assert taken.what == "duplicate"
        for part in ("77/UBND", "a.txt", "số thứ tự 1"):
            assert part in taken.record
        assert len(files_below(workspace.archive)) == 2

    def test_again_reads_it_once_more_into_the_same_record(self, workspace: Workspace) -> None:
        for again in (False, True):
            write(workspace.inbox, {"a.txt": "number 77/UBND"})
            (taken,) = take(workspace, again=again).taken
            assert (taken.what, taken.document_id) == ("renewed" if again else "new", 1)

    def test_two_bad_files_of_the_same_content_are_both_in_quarantine(self, workspace: Workspace) -> None:
        write(workspace.inbox, {"a.txt": "damaged", "b.txt": "damaged"})
        assert take(workspace).failed == 2
        assert files_below(workspace.quarantine) == ["a.txt", "a.txt.reason.txt", "b.txt", "b.txt.reason.txt"]

    def test_a_program_that_is_missing_is_not_the_files_fault(self, workspace: Workspace) -> None:
        (path,) = write(workspace.inbox, {"a.txt": ""})
        with pytest.raises(MissingDependency):
            take(workspace, Inline(MissingDependency("thiếu tesseract")))
        assert path.exists()
        assert files_below(workspace.quarantine) == []

    @pytest.mark.parametrize(
        ("script", "error", "kept"), [("", None, False), ("damaged", None, False), ("", MissingDependency("thiếu"), True)]
    )
    def test_kept_pages_go_once_a_file_has_found_its_place(
        self, workspace: Workspace, script: str, error: DondocError | None, kept: bool
    ) -> None:
        (path,) = write(workspace.inbox, {"a.txt": script})
        shelf = PageStore(workspace.pages).shelf(sha256(path.read_bytes()).hexdigest(), "1")
        shelf.put(Page(1, (), "text"))
        with contextlib.suppress(MissingDependency):
            take(workspace, Inline(error))
        assert (shelf.get(1) is not None) is kept

    def test_a_file_that_the_database_refuses_does_not_stop_the_others(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        save = Store.save

        def refuse(self: Store, document: object, directive: object, *, file_name: str, received_at: object) -> object:
            if file_name == "a.txt":
                raise ValueError("hỏng")
            return save(self, document, directive, file_name=file_name, received_at=received_at)  # type: ignore[arg-type]

        monkeypatch.setattr(Store, "save", refuse)
        write(workspace.inbox, {"a.txt": "number 1", "b.txt": "number 2"})
        summary = take(workspace)
        assert (summary.new, summary.failed) == (1, 1)
        assert "a.txt" in files_below(workspace.quarantine)
