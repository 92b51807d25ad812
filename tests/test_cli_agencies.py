"""The office's own agencies, from agencies.csv of the workspace to tasks, lists and exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from dondoc.settings import AgencySettings, Settings
from dondoc.workspace import AGENCIES_TEMPLATE, Workspace
from extract.gazetteer_files import own_agencies
from ingest.errors import UsageError

Run = Callable[..., Result]

BODY = "Tổ Đèn đường Sông Lam"
OWN = f"tên,tên khác,viết tắt,thành viên\n{BODY},Nhóm đèn|Đèn Sông Lam,TĐĐ,\nkhối kỹ thuật,,,{BODY}|Sở Xây dựng\n"
DIRECTIVE = """ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM

Số: 88/UBND-KT
Sông Lam, ngày 12 tháng 4 năm 2026

V/v bảo trì chiếu sáng

Chủ tịch UBND tỉnh yêu cầu:

1. TĐĐ
- Chủ trì, phối hợp với Sở Xây dựng thay bóng đèn trên các tuyến phố, hoàn thành trước ngày 30/6/2026.
2. Đèn Sông Lam báo cáo UBND tỉnh trước ngày 15/7/2026.
3. Khối kỹ thuật
- Rà soát các trạm điện đã cũ, hoàn thành trong tháng 9/2026.
"""


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "cv-88.txt"
    path.write_text(DIRECTIVE, "utf-8")
    return path


@pytest.fixture
def own(workspace: Workspace) -> Path:
    path = workspace.root / "agencies.csv"
    path.write_text(OWN, "utf-8")
    return path


def leads(dondoc: Run, workspace: Workspace) -> list[list[str]]:
    return [task["lead"] for task in json.loads(dondoc("tasks", "-w", workspace.root, "--json").stdout)]


def test_a_new_workspace_has_an_empty_list_with_its_headings(workspace: Workspace) -> None:
    path = workspace.root / "agencies.csv"
    assert own_agencies(path) == ()
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel shows Vietnamese only with a BOM"
    assert "tên,viết tắt" in path.read_text("utf-8-sig")
    assert workspace.settings().own_agencies == path
    path.unlink()
    assert workspace.settings().own_agencies is None


def test_a_body_that_only_the_office_knows_leads_its_tasks(dondoc: Run, workspace: Workspace, own: Path, paper: Path) -> None:
    result = dondoc("ingest", "-w", workspace.root, paper)
    assert result.exit_code == 0, result.output
    assert leads(dondoc, workspace)[:2] == [[BODY], [BODY]]
    for name in (BODY, "TĐĐ", "nhom den", "Đèn Sông Lam"):
        found = json.loads(dondoc("tasks", "-w", workspace.root, "--json", "--agency", name).stdout)
        assert len(found) == 3, name
    result = dondoc("export", "-w", workspace.root, "--as-of", "2026-05-01", "--format", "csv")
    assert result.exit_code == 0, result.output
    files = {path.name for path in (workspace.root / "exports").iterdir()}
    assert files == {"to-den-duong-song-lam.csv", "so-xay-dung.csv", "tong-hop.csv"}, "the own group is in its members' files"


def test_an_edit_of_the_list_counts_when_a_paper_is_read_again(dondoc: Run, workspace: Workspace, own: Path, paper: Path) -> None:
    dondoc("ingest", "-w", workspace.root, paper)
    own.write_text(OWN.replace(BODY, "Đội Chiếu sáng công cộng Sông Lam"), "utf-8")
    result = dondoc("ingest", "-w", workspace.root, "--again", paper)
    assert result.exit_code == 0, result.output
    assert leads(dondoc, workspace)[0] == ["Đội Chiếu sáng công cộng Sông Lam"]


def test_extract_and_explain_know_it_too(
    dondoc: Run, workspace: Workspace, own: Path, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "Giao TĐĐ phối hợp với Sở Xây dựng thay bóng đèn."
    ways = [("-w", workspace.root), ("--agencies", own)]
    for way in ways:
        tasks = json.loads(dondoc("extract", paper, *way).stdout)["tasks"]
        assert tasks[0]["lead"] == [BODY]
        agencies = json.loads(dondoc("explain", sentence, *way).stdout)["agencies"]
        assert agencies[0] == {"name": BODY, "role": "lead"}
        line = json.loads(dondoc("explain", "-", *way, stdin=f"2026-01-02\t{sentence}\n").stdout)
        assert line["agencies"][0]["name"] == BODY
    monkeypatch.chdir(workspace.inbox)
    assert json.loads(dondoc("explain", sentence).stdout)["agencies"][0]["name"] == BODY
    monkeypatch.chdir(paper.parent)
    assert BODY not in dondoc("explain", sentence).stdout


@pytest.mark.parametrize("command", ["ingest", "extract", "explain", "text"])
def test_a_slip_in_the_list_is_named_and_no_file_suffers(dondoc: Run, workspace: Workspace, own: Path, paper: Path, command: str) -> None:
    own.write_text("tên,cấp\nTổ A,tỉnh\nTổ B,liên xã\n", "utf-8")
    waiting = workspace.inbox / "cv.txt"
    waiting.write_text(DIRECTIVE, "utf-8")
    given = {"ingest": (), "explain": ("Giao Tổ A báo cáo.",)}.get(command, (paper,))
    result = dondoc(command, "-w", workspace.root, *given)
    assert result.exit_code == UsageError.exit_code
    assert "agencies.csv" in result.output
    assert "dòng 3" in result.output
    assert waiting.is_file()
    assert list(workspace.quarantine.iterdir()) == []


def test_watch_waits_while_somebody_mends_the_list(
    dondoc: Run, workspace: Workspace, own: Path, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = own.read_text("utf-8")
    own.write_text("tên,cấp\nTổ B,liên xã\n", "utf-8")
    (workspace.inbox / "cv.txt").write_text(paper.read_text("utf-8"), "utf-8")
    rounds: list[int] = []

    def pause(_: float) -> None:
        rounds.append(len(list(workspace.inbox.glob("*.txt"))))
        if len(rounds) == 2:
            own.write_text(good, "utf-8")
        if rounds[-1] == 0 or len(rounds) > 5:
            raise KeyboardInterrupt

    monkeypatch.setattr("dondoc.commands.intake.time.sleep", pause)
    # The list was good when the command began; it is spoilt only later.
    monkeypatch.setattr("dondoc.commands.intake._prepare", lambda _: (workspace, workspace.settings()))
    result = dondoc("watch", "-w", workspace.root)
    assert result.exit_code == 130
    assert result.output.count("dòng 2: cấp «liên xã»") == 1, "the complaint is said once"
    assert rounds[:2] == [1, 1]
    assert leads(dondoc, workspace)[0] == [BODY]


def test_a_file_that_was_named_and_is_not_there(dondoc: Run, workspace: Workspace, tmp_path: Path) -> None:
    result = dondoc("explain", "Giao Sở Nội vụ báo cáo.", "--agencies", tmp_path / "khong-co.csv")
    assert result.exit_code == UsageError.exit_code
    assert "khong-co.csv" in result.output
    workspace.settings_path.write_text('[agencies]\nfile = "chung/co-quan.csv"\n', "utf-8")
    with pytest.raises(UsageError, match="co-quan"):
        _ = workspace.settings().own_agencies


def test_the_example_of_the_quick_guide_can_be_read(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[1] / "docs" / "huong-dan-nhanh.md").read_text("utf-8")
    example = [line.strip() for line in guide.split("## 8.")[1].split("## 9.")[0].splitlines() if line.startswith("    ")]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(example), "utf-8")
    first, second, third = own_agencies(path)
    assert first.aliases == ("IOC tỉnh", "Trung tâm IOC")
    assert second.successor == "Sở Nội vụ"
    assert third.kind == "group"
    template = tmp_path / "b.csv"
    template.write_text(AGENCIES_TEMPLATE.replace("# Trung tâm", "Trung tâm").replace("tên,viết", "# tên,viết"), "utf-8")
    heading = "tên,viết tắt,tên khác,cấp,từ ngày,đến ngày,kế thừa,thành viên\n"
    template.write_text(heading + template.read_text("utf-8"), "utf-8")
    (shown,) = own_agencies(template)
    assert shown.name == "Trung tâm Điều hành thông minh"


def test_a_list_that_several_workspaces_share(workspace: Workspace, own: Path, tmp_path: Path) -> None:
    shared = tmp_path / "chung.csv"
    own.rename(shared)
    workspace.settings_path.write_text(f'[agencies]\nfile = "{shared.as_posix()}"\n', "utf-8")
    assert workspace.settings().own_agencies == shared
    workspace.settings_path.write_text('[agencies]\nfile = ""\n', "utf-8")
    assert workspace.settings().own_agencies is None
    assert Settings(agencies=AgencySettings("a.csv")).own_agencies is None, "without a workspace there is no file of its own"


def test_show_says_who_it_is_now_and_what_else_it_may_be(dondoc: Run, workspace: Workspace, tmp_path: Path) -> None:
    # Restoration would put the slip right.
    workspace.settings_path.write_text("[inbox]\nsettle_seconds = 0\n[processing]\nworkers = 1\nrestore = false\n", "utf-8")
    old = tmp_path / "cu.txt"
    lines = (
        "2. UBND huyện Đức Thọ rà soát trụ sở.\n3. Liên đoàn Lao động tỉnk báo cáo trước ngày 1/7/2024.\n4. Các sở, ban, ngành rà soát.\n"
    )
    text = DIRECTIVE.split("1. TĐĐ", maxsplit=1)[0].replace("2026", "2024")
    old.write_text(text + "1. Sở Giao thông vận tải rà soát cầu yếu trên địa bàn, báo cáo trước ngày 30/6/2024.\n" + lines, "utf-8")
    assert dondoc("ingest", "-w", workspace.root, old).exit_code == 0
    shown = {number: dondoc("show", "-w", workspace.root, str(number)).stdout for number in range(1, 5)}
    assert "Sở Giao thông vận tải → hiện nay: Sở Xây dựng" in shown[1]
    assert "hiện nay: cần quyết định cơ quan kế thừa: " in shown[2]
    assert "UBND xã Đức Thọ" in shown[2]
    assert "Liên đoàn Lao động tỉnh (trên giấy ghi «Liên đoàn Lao động tỉnk»)" in shown[3]
    assert "các sở, ban, ngành (17 cơ quan)" in shown[4].replace("Các", "các")
    assert "→" in dondoc("overdue", "-w", workspace.root, "--as-of", "2026-01-01").stdout
    listed = json.loads(dondoc("overdue", "-w", workspace.root, "--as-of", "2026-01-01", "--json").stdout)
    assert [task["lead_now"] for task in listed] == [["Sở Xây dựng"], []]
    before = dondoc("show", "-w", workspace.root, "1", "--as-of", "2024-12-31").stdout
    assert "hiện nay" not in before
