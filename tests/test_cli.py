"""The command line end to end, on invented directives as text files."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest
from conftest import DIRECTIVE
from typer.testing import CliRunner, Result

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.cli import app
from dondoc.commands.options import parse_day
from dondoc.workspace import Workspace
from ingest.errors import NotFound, UsageError, WorkspaceError

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace that has taken in one directive, through the real stages and a real worker."""
    root = tmp_path_factory.mktemp("ws")
    place, _ = workspaces.create(root)
    place.settings_path.write_text("[inbox]\nsettle_seconds = 0\n[processing]\nworkers = 1\n", "utf-8")
    (place.inbox / "phong-1").mkdir()
    (place.inbox / "phong-1" / "cv-1520.txt").write_text(DIRECTIVE, "utf-8")
    result = CliRunner().invoke(app, ["ingest", "-w", str(root)])
    assert result.exit_code == 0, result.output
    return place


@pytest.fixture
def filled(filled_once: Workspace, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    root = tmp_path / "ws"
    shutil.copytree(filled_once.root, root)
    return root


def ids(dondoc: Run, root: Path, *filters: str) -> list[int]:
    result = dondoc("tasks", "-w", root, "--json", *filters)
    assert result.exit_code == 0, result.output
    return [task["id"] for task in json.loads(result.stdout)]


class TestStarting:
    def test_version(self, dondoc: Run) -> None:
        assert dondoc("--version").stdout.strip() == f"dondoc {version('dondoc')}"

    def test_python_m_dondoc_is_the_same_command(self) -> None:
        done = subprocess.run([sys.executable, "-m", "dondoc", "--version"], capture_output=True, text=True, check=True)
        assert done.stdout.startswith("dondoc ")

    def test_without_a_command_it_teaches(self, dondoc: Run) -> None:
        result = dondoc()
        assert "ingest" in result.output
        assert "overdue" in result.output

    def test_help_imports_nothing_heavy(self) -> None:
        code = (
            "import sys; sys.argv = ['dondoc', '--help']\n"
            "from dondoc.cli import main\n"
            "try: main()\n"
            "except SystemExit: pass\n"
            "heavy = ('spacy', 'underthesea', 'sqlite_utils', 'openpyxl', 'dateparser', 'tracking', 'extract.reading')\n"
            "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stderr.strip() == "[]"

    def test_an_unknown_command_is_a_usage_error(self, dondoc: Run) -> None:
        assert dondoc("xoa-het").exit_code == 2

    def test_init_makes_everything_and_repeats_without_harm(self, dondoc: Run, tmp_path: Path) -> None:
        root = tmp_path / "mới" / "ws"
        assert dondoc("init", root).exit_code == 0
        assert {path.name for path in root.iterdir()} >= {"inbox", "archive", "quarantine", "dondoc.toml", "dondoc.db"}
        (root / "dondoc.toml").write_text("[lists]\nupcoming_days = 3\n", "utf-8")
        (root / "inbox" / "a.pdf").write_text("x", "utf-8")
        (root / "archive").rmdir()
        assert dondoc("init", "-w", root).exit_code == 0
        assert "upcoming_days = 3" in (root / "dondoc.toml").read_text("utf-8")
        assert (root / "inbox" / "a.pdf").exists()
        assert (root / "archive").is_dir()

    def test_the_workspace_is_found_from_below_by_variable_or_by_option(
        self, dondoc: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(filled / "archive")
        assert dondoc("tasks").exit_code == 0
        monkeypatch.chdir("/")
        assert dondoc("tasks").exit_code == WorkspaceError.exit_code
        monkeypatch.setenv("DONDOC_WORKSPACE", str(filled))
        assert dondoc("tasks").exit_code == 0
        assert dondoc("tasks", "-w", filled / "archive").exit_code == WorkspaceError.exit_code

    def test_errors_are_one_message_on_stderr_without_a_traceback(self, dondoc: Run, filled: Path) -> None:
        result = dondoc("show", "999", "-w", filled)
        assert result.exit_code == NotFound.exit_code
        assert result.stdout == ""
        assert "999" in result.stderr
        assert "Traceback" not in result.stderr

    def test_ctrl_c_ends_with_130(self, dondoc: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(_: float) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("dondoc.commands.intake.time.sleep", interrupt)
        result = dondoc("watch", "-w", workspace.root)
        assert result.exit_code == 130
        assert "Traceback" not in result.output

    def test_a_bug_is_one_line_too(self, dondoc: Run, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_: Workspace) -> None:
            raise ZeroDivisionError("chia cho không")

        monkeypatch.setattr(Workspace, "store", fail)
        result = dondoc("tasks", "-w", filled)
        assert result.exit_code == 1
        assert "chia cho không" in result.stderr
        assert "Traceback" not in result.stderr


class TestReading:
    def test_extract_prints_one_object(self, dondoc: Run, directive: Path) -> None:
        result = dondoc("extract", directive)
        assert result.exit_code == 0, result.stderr
        found = json.loads(result.stdout)
        assert found["document"]["number"] == "1520/UBND-NC"
        dues = {task["deadlines"][0]["due"]: task["lead"] for task in found["tasks"] if task["deadlines"]}
        assert dues["2023-06-30"] == ["Sở Nội vụ"]
        assert dues["2023-09-30"] == ["Sở Thông tin và Truyền thông"]

    def test_text_keeps_the_pages(self, dondoc: Run, tmp_path: Path) -> None:
        path = tmp_path / "hai-trang.txt"
        path.write_text(DIRECTIVE + "\f3. Sở Tài chính\n- Bố trí kinh phí thực hiện trong năm 2023.\n", "utf-8")
        result = dondoc("text", path)
        assert result.stdout.count("\f") == 1
        assert "kỷ luật" in result.stdout.split("\f")[0]
        assert "kinh phí" in result.stdout.split("\f")[1]

    def test_explain_one_sentence(self, dondoc: Run) -> None:
        result = dondoc("explain", "Giao Sở Tài chính tham mưu, báo cáo trước ngày 15/8.", "--dated", "2025-07-01")
        found = json.loads(result.stdout)
        assert [deadline["due"] for deadline in found["deadlines"]] == ["2025-08-15"]
        assert "Sở Tài chính" in json.dumps(found["agencies"], ensure_ascii=False)

    def test_explain_reads_dated_lines(self, dondoc: Run) -> None:
        lines = "2025-07-01\ttrước ngày 15/8\n2024\ttrong tháng 9\n\ttrước ngày 01/02/2023\n\nkhông có ngày\n"
        result = dondoc("explain", "-", stdin=lines.encode())
        found = [json.loads(line) for line in result.stdout.splitlines()]
        dues = [deadline["due"] for line in found for deadline in line["deadlines"]]
        assert len(found) == 5
        assert dues == ["2025-08-15", "2024-09-30", "2023-02-01"]

    def test_explain_refuses_what_is_no_date(self, dondoc: Run) -> None:
        assert dondoc("explain", "x", "--dated", "hôm qua").exit_code == UsageError.exit_code

    @pytest.mark.parametrize(
        "given",
        [
            pytest.param("UBND tinh Song Lam\nSo Noi vu chu tri\n", id="plain"),
            pytest.param("trang một\n\fTrang hai\n\n\fTrang ba", id="form-feeds-no-end"),
            pytest.param("", id="empty"),
            pytest.param("\n\n\n", id="blank-lines"),
            pytest.param("a\u2028b\x0bc\x1cd\n\te\tf\n", id="other-separators"),
            pytest.param("một\r\nhai\rba\n", id="windows-line-ends"),
        ],
    )
    def test_restore_gives_a_line_for_each_line(self, dondoc: Run, tmp_path: Path, given: str) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(given.encode())
        read_back = path.read_text("utf-8")
        for result in (dondoc("restore", path), dondoc("restore", "-", stdin=given.encode())):
            assert result.exit_code == 0, result.stderr
            assert len(result.stdout_bytes.decode().split("\n")) == len(read_back.split("\n"))
            assert result.stdout.count("\f") == given.count("\f")

    def test_restore_repairs(self, dondoc: Run) -> None:
        assert "Sở Nội vụ" in dondoc("restore", "-", stdin="So Noi vu chu tri, phoi hop voi So Tai chinh\n").stdout

    def test_restore_refuses_bytes_that_are_no_text(self, dondoc: Run) -> None:
        assert dondoc("restore", "-", stdin=b"\xff\xfe\x00").exit_code == UsageError.exit_code


class TestTakingIn:
    def test_the_inbox_ends_in_the_archive_with_its_subfolder(self, filled_once: Workspace) -> None:
        assert [path.name for path in filled_once.archive.glob("*/phong-1/*")] == ["cv-1520.txt"]
        assert [path for path in filled_once.inbox.rglob("*") if path.is_file()] == []
        assert not filled_once.work.exists()

    def test_named_files_stay_and_duplicates_name_their_record(self, dondoc: Run, filled: Path, tmp_path: Path) -> None:
        path = tmp_path / "ban-sao.txt"
        path.write_text(DIRECTIVE, "utf-8")
        result = dondoc("ingest", path, "-w", filled, "--json")
        (taken,) = json.loads(result.stdout)
        assert (taken["result"], taken["document_id"]) == ("duplicate", 1)
        assert "1520/UBND-NC" in result.stderr
        assert path.exists()

    def test_an_empty_inbox_is_no_error(self, dondoc: Run, workspace: Workspace) -> None:
        result = dondoc("ingest", "-w", workspace.root)
        assert result.exit_code == 0
        assert "Không có tệp nào" in result.stderr

    def test_watch_once_takes_in_and_leaves(self, dondoc: Run, workspace: Workspace, directive: Path) -> None:
        shutil.copy(directive, workspace.inbox)
        assert dondoc("watch", "--once", "-w", workspace.root).exit_code == 0
        assert len(ids(dondoc, workspace.root)) == 3

    def test_bad_settings_are_a_usage_error(self, dondoc: Run, workspace: Workspace) -> None:
        workspace.settings_path.write_text("[inbox]\nsetle_seconds = 1\n", "utf-8")
        result = dondoc("ingest", "-w", workspace.root)
        assert result.exit_code == UsageError.exit_code
        assert "setle_seconds" in result.stderr


class TestLists:
    def test_overdue_on_a_day(self, dondoc: Run, filled: Path) -> None:
        rows = json.loads(dondoc("overdue", "-w", filled, "--as-of", "2023-07-02", "--json").stdout)
        # Not the quarterly report, whose first instance fell due on the same day: that was before the document came in.
        assert [(row["lead"], row["due"], row["days_late"]) for row in rows] == [(["Sở Nội vụ"], "2023-06-30", 2)]
        first, last = rows[0]["line_first"], rows[0]["line_last"]
        assert "trước ngày 30/6/2023" in "\n".join(DIRECTIVE.split("\n")[first - 1 : last])

    def test_the_last_day_is_on_time(self, dondoc: Run, filled: Path) -> None:
        assert json.loads(dondoc("overdue", "-w", filled, "--as-of", "30/6/2023", "--json").stdout) == []

    def test_the_screen_shows_vietnamese_headers_and_the_task(self, dondoc: Run, filled: Path) -> None:
        output = dondoc("overdue", "-w", filled, "--as-of", "2023-07-02").stdout
        for part in ("Nhiệm vụ", "Chủ trì", "Thời hạn", "Trễ", "Sở Nội vụ", "30/06/2023", "02/07/2023"):
            assert part in output
        assert "\x1b" not in output

    @pytest.mark.parametrize("width", ["60", "100", "160"])
    def test_every_width_shows_the_whole_of_what_matters(
        self, dondoc: Run, filled_once: Workspace, width: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", width)
        output = dondoc("tasks", "-w", filled_once.root).stdout
        together = " ".join(output.split())
        assert all(len(line) <= int(width) for line in output.splitlines())
        for part in ("30/06/2023", "30/09/2023", "Sở Nội vụ", "hằng quý", "1520/UBND-NC", "kỷ luật", "3 nhiệm vụ."):
            assert part in together

    def test_sqlite_agrees_with_the_view(self, filled: Path) -> None:
        with sqlite3.connect(filled / "dondoc.db") as plain:
            assert plain.execute("SELECT count(*) FROM overdue_tasks").fetchone() == (2,)

    @pytest.mark.parametrize(
        ("filters", "count"),
        [
            pytest.param((), 3, id="all"),
            pytest.param(("--agency", "noi vu"), 2, id="agency-without-diacritics"),
            pytest.param(("--agency", "Sở Tài chính"), 1, id="coordinating"),
            pytest.param(("--document", "1520"), 3, id="document-number"),
            pytest.param(("--document", "999/QĐ"), 0, id="other-document"),
            pytest.param(("--from", "1/9/2023", "--to", "30/9/2023"), 1, id="period"),
            pytest.param(("--status", "done"), 0, id="done"),
            pytest.param(("--status", "active"), 3, id="active"),
            pytest.param(("--limit", "1"), 1, id="limit"),
            pytest.param(("--words", "dich vu cong"), 1, id="words"),
        ],
    )
    def test_filters(self, dondoc: Run, filled_once: Workspace, filters: tuple[str, ...], count: int) -> None:
        assert len(ids(dondoc, filled_once.root, *filters)) == count

    def test_upcoming(self, dondoc: Run, filled: Path) -> None:
        near = json.loads(dondoc("upcoming", "-w", filled, "--as-of", "2023-06-20", "--json").stdout)
        assert [row["due"] for row in near] == ["2023-06-30"]
        far = json.loads(dondoc("upcoming", "-w", filled, "--as-of", "2023-06-20", "--days", "120", "--json").stdout)
        assert [row["due"] for row in far] == ["2023-06-30", "2023-09-30"]

    def test_show_has_the_lines_of_the_paper(self, dondoc: Run, filled: Path) -> None:
        (task,) = ids(dondoc, filled, "--to", "30/6/2023")
        output = dondoc("show", task, "-w", filled).stdout
        for part in ("1520/UBND-NC", "Sở Nội vụ", "Sở Tài chính", "30/06/2023", "Trên giấy"):
            assert part in output
        detail = json.loads(dondoc("show", task, "-w", filled, "--json").stdout)
        assert detail["source_lines"][0]["text"].startswith("- Chủ trì")

    def test_a_date_that_is_none_is_a_usage_error(self, dondoc: Run, filled: Path) -> None:
        assert dondoc("overdue", "-w", filled, "--as-of", "31/2/2023").exit_code == UsageError.exit_code


class TestFollowingUp:
    def test_done_and_reopen(self, dondoc: Run, filled: Path) -> None:
        (task,) = ids(dondoc, filled, "--to", "30/6/2023")
        result = dondoc("done", task, "--on", "28/6/2023", "--who", "Lan", "--note", "BC 45", "-w", filled)
        assert result.exit_code == 0
        assert "đúng hạn" in result.stdout
        assert task not in [row["id"] for row in json.loads(dondoc("overdue", "-w", filled, "--json").stdout)]
        history = dondoc("show", task, "-w", filled).stdout
        assert "Lan" in history
        assert "BC 45" in history
        dondoc("reopen", task, "-w", filled)
        assert task in [row["id"] for row in json.loads(dondoc("overdue", "-w", filled, "--json").stdout)]

    def test_another_status(self, dondoc: Run, filled: Path) -> None:
        (task,) = ids(dondoc, filled, "--to", "30/6/2023")
        assert dondoc("reopen", task, "--status", "extension_requested", "-w", filled).exit_code == 0
        assert ids(dondoc, filled, "--status", "extension_requested") == [task]

    def test_a_correction_survives_taking_in_again(self, dondoc: Run, filled: Path, directive: Path) -> None:
        (task,) = ids(dondoc, filled, "--to", "30/6/2023")
        assert dondoc("edit", task, "due=15/7/2023", "progress=đã trình", "-w", filled).exit_code == 0
        assert dondoc("ingest", directive, "--again", "-w", filled).exit_code == 0
        detail = json.loads(dondoc("show", task, "-w", filled, "--json").stdout)
        assert (detail["due"], detail["progress"]) == ("2023-07-15", "đã trình")

    @pytest.mark.parametrize("change", ["due", "khong_co=1", "due=hôm qua"])
    def test_a_wrong_change_is_a_usage_error(self, dondoc: Run, filled: Path, change: str) -> None:
        assert dondoc("edit", ids(dondoc, filled)[0], change, "-w", filled).exit_code == UsageError.exit_code

    def test_assign(self, dondoc: Run, filled: Path) -> None:
        (task,) = ids(dondoc, filled, "--to", "30/6/2023")
        arguments = ("assign", task, "--lead", "Sở Tư pháp", "-c", "Sở Y tế", "-c", "Công an tỉnh", "-w", filled)
        assert dondoc(*map(str, arguments)).exit_code == 0
        detail = json.loads(dondoc("show", task, "-w", filled, "--json").stdout)
        assert (detail["lead"], detail["coordinating"]) == (["Sở Tư pháp"], ["Sở Y tế", "Công an tỉnh"])

    def test_assigning_nobody_is_a_usage_error(self, dondoc: Run, filled: Path) -> None:
        assert dondoc("assign", "1", "-w", filled).exit_code == UsageError.exit_code


class TestGettingOut:
    @pytest.mark.parametrize("words", ["ky luat", "kỷ luật", "KỶ LUẬT"])
    def test_search_with_and_without_diacritics(self, dondoc: Run, filled_once: Workspace, words: str) -> None:
        hits = json.loads(dondoc("search", words, "-w", filled_once.root, "--json").stdout)
        assert {hit["document_number"] for hit in hits} == {"1520/UBND-NC"}

    def test_search_without_a_find(self, dondoc: Run, filled_once: Workspace) -> None:
        assert "Không tìm thấy" in dondoc("search", "vũ trụ", "-w", filled_once.root).stdout

    def test_query_as_table_csv_and_json(self, dondoc: Run, filled_once: Workspace) -> None:
        sql = "SELECT number AS so, page_count AS trang FROM documents"
        assert "1520/UBND-NC" in dondoc("query", sql, "-w", filled_once.root).stdout
        assert dondoc("query", sql, "-f", "csv", "-w", filled_once.root).stdout == "so,trang\n1520/UBND-NC,1\n"
        assert json.loads(dondoc("query", sql, "-f", "json", "-w", filled_once.root).stdout) == [{"so": "1520/UBND-NC", "trang": 1}]

    def test_query_says_when_it_was_cut(self, dondoc: Run, filled_once: Workspace) -> None:
        result = dondoc("query", "SELECT id FROM tasks", "-n", "1", "-w", filled_once.root)
        assert "--limit" in result.stderr

    @pytest.mark.parametrize("sql", ["DELETE FROM tasks", "UPDATE tasks SET text = ''", "SELEC 1", "DROP VIEW overdue_tasks"])
    def test_query_cannot_write(self, dondoc: Run, filled: Path, sql: str) -> None:
        assert dondoc("query", sql, "-w", filled).exit_code == UsageError.exit_code
        assert len(ids(dondoc, filled)) == 3

    @pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
    def test_export_one_file_for_each_department(self, dondoc: Run, filled: Path, form: str) -> None:
        result = dondoc("export", "--format", form, "-w", filled)
        assert result.exit_code == 0, result.stderr
        names = {path.name for path in (filled / "exports").iterdir()}
        assert f"so-noi-vu.{form}" in names
        assert f"{len(names)} tệp" in result.stdout
        assert str(filled / "exports") in result.stdout.replace("\n", "")

    def test_export_one_department_and_everything(self, dondoc: Run, filled: Path, tmp_path: Path) -> None:
        assert dondoc("export", "--agency", "Sở Nội vụ", "-o", tmp_path / "snv.xlsx", "-w", filled).exit_code == 0
        assert dondoc("export", "--all", "-f", "csv", "-o", tmp_path, "-w", filled).exit_code == 0
        assert (tmp_path / "snv.xlsx").stat().st_size > 0
        assert (tmp_path / "tong-hop.csv").read_bytes().startswith(b"\xef\xbb\xbf")

    def test_export_refuses_what_does_not_go_together(self, dondoc: Run, filled: Path) -> None:
        assert dondoc("export", "--agency", "x", "--all", "-w", filled).exit_code == UsageError.exit_code


class TestScreen:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            pytest.param("\x1b[31mđỏ\x1b[0m", "\N{REPLACEMENT CHARACTER}[31mđỏ\N{REPLACEMENT CHARACTER}[0m", id="escape"),
            pytest.param("a\u202eb", "a\N{REPLACEMENT CHARACTER}b", id="direction-override"),
            pytest.param("a\x07\x9bb", "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b", id="bell-and-c1"),
            pytest.param("\udcff", "\N{REPLACEMENT CHARACTER}", id="lone-surrogate"),
            pytest.param("Số: 15\tUBND\nhai", "Số: 15\tUBND\nhai", id="ordinary-text"),
        ],
    )
    def test_nothing_from_a_scan_steers_the_terminal(self, text: str, shown: str) -> None:
        assert screen.safe(text) == shown

    def test_markup_is_shown_not_obeyed(self, capsys: pytest.CaptureFixture[str]) -> None:
        screen.say("[bold red]không[/] [link=file:///etc/passwd]x[/link] :smile:")
        assert capsys.readouterr().out == "[bold red]không[/] [link=file:///etc/passwd]x[/link] :smile:\n"

    def test_tables_take_markup_as_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        screen.print_table([screen.Column("[b]Tên[/b]")], [[screen.cell("[/] mở")]])
        output = capsys.readouterr().out
        assert "[b]Tên[/b]" in output
        assert "[/] mở" in output

    @pytest.mark.parametrize("text", ["2025-06-30", "30/6/2025", "30-06-2025", "30.6.2025", " 30/06/2025 "])
    def test_days_are_read_as_people_write_them(self, text: str) -> None:
        assert parse_day(text) == date(2025, 6, 30)
