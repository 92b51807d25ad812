"""The inbox: junk, settling, claims, what a crash leaves; archive and quarantine."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc import shelves
from dondoc.inbox import Claim, Desk, SettleTracker, clean_name, is_junk, named_files, scan
from ingest import errors
from ingest.errors import DamagedFile, DondocError

NOW = datetime(2025, 7, 1, 9, 30)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, content: str = "x") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return path


def desk(inbox: Path) -> Desk:
    return Desk(inbox, inbox / ".work")


@pytest.mark.parametrize(
    ("name", "junk"),
    [
        ("cv.pdf", False), ("Công văn 15.PDF", False), ("part.pdf", False), ("~.pdf", False), ("scan.tmp.pdf", False),
        ("cv.pdf.part", True), ("cv.PDF.PART", True), ("~$cv.docx", True), ("Thumbs.db", True), (".DS_Store", True), (".cv.pdf.swp", True),
        ("@eaDir", True), ("desktop.ini", True), ("cv.pdf.crdownload", True), ("cv.pdf~", True),
    ],
)  # fmt: skip
def test_junk_is_told_by_name(name: str, junk: bool) -> None:
    assert is_junk(name) is junk


def test_scan_walks_subfolders_and_leaves_out_junk_links_and_devices(inbox: Path) -> None:
    put(inbox, "b.pdf")
    put(inbox, "phong-1/a.pdf")
    put(inbox, "@eaDir/b.pdf")
    put(inbox, ".work/1/c.pdf")
    put(inbox, "thu-muc.pdf/trang-1.png")
    (inbox / "link.pdf").symlink_to(inbox / "b.pdf")
    os.mkfifo(inbox / "pipe.pdf")
    assert [str(path.relative_to(inbox)) for path in scan(inbox)] == ["b.pdf", "phong-1/a.pdf", "thu-muc.pdf"]


def test_scan_of_a_missing_folder_is_empty(tmp_path: Path) -> None:
    assert list(scan(tmp_path / "khong-co")) == []


NOT_OF_FILES = ("usage", "workspace", "not-found", "conflict", "mail")


class TestSettling:
    def test_a_file_counts_once_it_stood_still_long_enough(self, inbox: Path) -> None:
        path = put(inbox, "a.pdf")
        tracker = SettleTracker(5)
        assert [tracker.settled(path, now=now) for now in (100, 103, 104.9, 105)] == [False, False, False, True]

    def test_growth_starts_the_wait_anew(self, inbox: Path) -> None:
        path = put(inbox, "a.pdf")
        tracker = SettleTracker(5)
        assert not tracker.settled(path, now=100)
        path.write_text("longer", "utf-8")
        assert [tracker.settled(path, now=now) for now in (104, 108, 109)] == [False, False, True]

    def test_the_same_size_with_another_time_starts_the_wait_anew(self, inbox: Path) -> None:
        path = put(inbox, "a.pdf")
        tracker = SettleTracker(5)
        assert not tracker.settled(path, now=100)
        os.utime(path, (1, 1))
        assert [tracker.settled(path, now=now) for now in (105, 110)] == [False, True]

    @pytest.mark.parametrize(("age", "settled"), [(60, True), (5, True), (4, False), (-3600, False)])
    def test_an_old_file_counts_at_the_first_look_when_told_so(self, inbox: Path, age: float, settled: bool) -> None:
        path = put(inbox, "a.pdf")
        os.utime(path, (1_000_000, 1_000_000))
        assert SettleTracker(5, trust_old=True).settled(path, now=0, clock=1_000_000 + age) is settled
        assert SettleTracker(5).settled(path, now=0, clock=1_000_000 + age) is False

    def test_a_file_held_by_its_writer_gets_patience_but_not_for_ever(self, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = put(inbox, "a.pdf")
        monkeypatch.setattr("dondoc.inbox._opens", lambda _: False)
        tracker = SettleTracker(5, patience=60)
        assert [tracker.settled(path, now=now) for now in (0, 5, 59, 60)] == [False, False, False, True]

    def test_a_file_that_went_away_is_not_settled_and_forgotten(self, inbox: Path) -> None:
        path = put(inbox, "a.pdf")
        tracker = SettleTracker(5)
        tracker.settled(path, now=0)
        path.unlink()
        assert not tracker.settled(path, now=100)
        put(inbox, "a.pdf")
        assert not tracker.settled(path, now=101)


class TestClaims:
    def test_a_claim_takes_the_file_out_and_keeps_its_subfolder(self, inbox: Path) -> None:
        path = put(inbox, "phong-1/a.pdf", "nội dung")
        with desk(inbox) as mine:
            claim = mine.claim(path)
            assert claim is not None
            assert not path.exists()
            assert claim.name == Path("phong-1/a.pdf")
            assert claim.path.read_text("utf-8") == "nội dung"

    def test_of_two_runs_only_one_gets_the_file(self, inbox: Path) -> None:
        path = put(inbox, "a.pdf")
        with desk(inbox) as first, desk(inbox) as second:
            assert first.claim(path) is not None
            assert second.claim(path) is None

    def test_what_found_no_place_goes_back(self, inbox: Path) -> None:
        path = put(inbox, "phong-1/a.pdf")
        mine = desk(inbox)
        mine.__enter__()
        assert mine.claim(path) is not None
        mine.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
        assert path.exists()
        assert not (inbox / ".work").exists()

    def test_a_file_dropped_meanwhile_is_not_overwritten_by_what_goes_back(self, inbox: Path) -> None:
        path = put(inbox, "a.pdf", "cũ")
        with desk(inbox) as mine:
            mine.claim(path)
            put(inbox, "a.pdf", "mới")
        assert path.read_text("utf-8") == "mới"
        with desk(inbox) as next_run:
            assert [claim.path.read_text("utf-8") for claim in next_run.leftovers()] == ["cũ"]

    def test_leftovers_of_a_crash_are_taken_up(self, inbox: Path) -> None:
        put(inbox, ".work/20250101-000000-x/000001/phong-1/a.pdf", "còn lại")
        with desk(inbox) as mine:
            (claim,) = mine.leftovers()
            assert claim.name == Path("phong-1/a.pdf")
            claim.path.unlink()
        assert not (inbox / ".work").exists()

    def test_files_of_a_run_that_lives_are_left_alone(self, inbox: Path) -> None:
        path = put(inbox, "a.pdf")
        with desk(inbox) as living:
            claim = living.claim(path)
            with desk(inbox) as mine:
                assert mine.leftovers() == []
            assert claim is not None
            assert claim.path.exists()

    def test_a_named_file_is_copied_and_the_copy_is_thrown_away_after_failure(self, inbox: Path, tmp_path: Path) -> None:
        path = put(tmp_path, "của tôi/a.pdf", "gốc")
        with desk(inbox) as mine:
            claim = mine.copy(path, Path("a.pdf"))
            assert claim.path.read_text("utf-8") == "gốc"
        assert path.read_text("utf-8") == "gốc"
        assert not claim.path.exists()
        assert list(inbox.iterdir()) == []

    @pytest.mark.parametrize("kind", ["missing", "folder", "fifo"])
    def test_what_cannot_be_copied_says_so(self, inbox: Path, tmp_path: Path, kind: str) -> None:
        path = tmp_path / "x.pdf"
        if kind == "folder":
            path.mkdir()
        elif kind == "fifo":
            os.mkfifo(path)
        with desk(inbox) as mine:
            claim = mine.copy(path, Path("x.pdf"))
        assert claim.error is not None
        assert claim.error.exit_code == errors.FileAccessError.exit_code
        assert ("thư mục" in claim.error.message) is (kind == "folder")

    def test_a_name_that_is_no_unicode_is_mended(self, inbox: Path) -> None:
        raw = os.fsencode(inbox) + b"/b\xff\x1b[31m.pdf"
        Path(os.fsdecode(raw)).write_text("x", "utf-8")
        (path,) = scan(inbox)
        with desk(inbox) as mine:
            claim = mine.claim(path)
            assert claim is not None
            assert str(claim.name) == "b\N{REPLACEMENT CHARACTER}_[31m.pdf"
            claim.path.unlink()

    def test_folders_are_walked_files_named_as_they_are(self, tmp_path: Path) -> None:
        put(tmp_path, "quet/phong-1/a.pdf")
        put(tmp_path, "quet/.DS_Store")
        alone = put(tmp_path, "b.pdf")
        missing = tmp_path / "khong-co.pdf"
        assert [str(name) for _, name in named_files([tmp_path / "quet", alone, missing])] == ["phong-1/a.pdf", "b.pdf", "khong-co.pdf"]


def claim_of(tmp_path: Path, name: str, content: str = "x") -> Claim:
    number = len(list(tmp_path.glob("claim*")))
    path = put(tmp_path, f"claim{number}/{name}", content)
    return Claim(path, Path(name), tmp_path / "inbox" / name)


class TestShelves:
    def test_the_archive_is_by_year_and_never_overwrites(self, tmp_path: Path) -> None:
        root = tmp_path / "archive"
        places = [shelves.archive(claim_of(tmp_path, "phong-1/a.pdf", text), root, NOW) for text in ("một", "hai", "ba")]
        assert [str(path.relative_to(root)) for path in places] == [
            "2025/phong-1/a.pdf",
            "2025/phong-1/a (2).pdf",
            "2025/phong-1/a (3).pdf",
        ]
        assert [path.read_text("utf-8") for path in places] == ["một", "hai", "ba"]

    def test_quarantine_keeps_the_file_with_its_reason_beside_it(self, tmp_path: Path) -> None:
        error = DamagedFile("tệp PDF bị cắt cụt.", page=3)
        reasons = [shelves.put_in_quarantine(claim_of(tmp_path, "a.pdf", text), error, tmp_path / "quarantine", NOW) for text in "12"]
        assert [path.name for path in reasons] == ["a.pdf.reason.txt", "a (2).pdf.reason.txt"]
        assert [path.with_name(path.name.removesuffix(".reason.txt")).read_text("utf-8") for path in reasons] == ["1", "2"]
        text = reasons[0].read_text("utf-8")
        for part in ("a.pdf", "01/07/2025 09:30", "damaged", "mã 8", "bị cắt cụt", "Trang: 3", "Cách xử lý: Chép lại tệp"):
            assert part in text

    def test_a_reason_that_lies_there_is_not_overwritten(self, tmp_path: Path) -> None:
        old = put(tmp_path, "quarantine/a.pdf.reason.txt", "cũ")
        reason = shelves.put_in_quarantine(claim_of(tmp_path, "a.pdf"), DamagedFile("x"), tmp_path / "quarantine", NOW)
        assert old.read_text("utf-8") == "cũ"
        assert reason.name == "a (2).pdf.reason.txt"

    def test_a_file_that_was_never_claimed_has_a_reason_alone(self, tmp_path: Path) -> None:
        error = errors.FileAccessError("không có tệp này.")
        claim = Claim(tmp_path / "nowhere", Path("a.pdf"), tmp_path / "a.pdf", copied=True, error=error)
        shelves.put_in_quarantine(claim, error, tmp_path / "quarantine", NOW)
        assert [path.name for path in (tmp_path / "quarantine").iterdir()] == ["a.pdf.reason.txt"]

    def test_a_folder_moves_with_what_it_holds(self, tmp_path: Path) -> None:
        put(tmp_path, "claim/x.pdf/trang.png")
        claim = Claim(tmp_path / "claim" / "x.pdf", Path("x.pdf"), tmp_path / "inbox" / "x.pdf")
        shelves.put_in_quarantine(claim, errors.FileAccessError("là thư mục."), tmp_path / "quarantine", NOW)
        assert (tmp_path / "quarantine" / "x.pdf" / "trang.png").exists()
        assert not claim.path.exists()

    def test_another_disk_is_no_obstacle(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def other_disk(*_: object) -> None:
            raise OSError(18, "Invalid cross-device link")

        monkeypatch.setattr(os, "replace", other_disk)
        claim = claim_of(tmp_path, "a.pdf", "nội dung")
        place = shelves.archive(claim, tmp_path / "archive", NOW)
        assert place.read_text("utf-8") == "nội dung"
        assert not claim.path.exists()

    @pytest.mark.parametrize("kind", [c for c in DondocError.__subclasses__() if c.kind not in NOT_OF_FILES])
    def test_every_error_of_a_file_comes_with_something_to_do(self, kind: type[DondocError]) -> None:
        assert kind.kind in shelves.REMEDIES
        assert shelves.remedy(kind("x")) == shelves.REMEDIES[kind.kind]
        assert shelves.remedy(kind("x", remedy="Làm thế này.")) == "Làm thế này."


@given(st.text(min_size=1, max_size=300).filter(lambda name: "/" not in name and "\0" not in name and name not in (".", "..")))
def test_any_name_becomes_one_that_can_be_stored(name: str) -> None:
    clean = clean_name(os.fsdecode(name.encode("utf-8", "surrogatepass")))
    assert len(clean.encode("utf-8")) <= 200
    assert clean.isprintable() or not any(ord(c) < 32 for c in clean)
    assert clean_name(clean) == clean
