"""Papers marked secret are refused; nothing of them is stored unless somebody takes them in on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import DIRECTIVE
from typer.testing import Result

from dondoc import process
from dondoc.settings import ProcessingSettings, Settings
from dondoc.workspace import Workspace
from ingest.errors import SecretDocument

Run = Callable[..., Result]

MARKS = [
    pytest.param("MẬT", "Mật", id="secret"),
    pytest.param("TỐI MẬT", "Tối mật", id="top"),
    pytest.param("TUYỆT MẬT", "Tuyệt mật", id="utmost"),
]


def marked(folder: Path, mark: str) -> Path:
    path = folder / f"{'-'.join(mark.split())}.txt"
    path.write_text(DIRECTIVE.replace("Số: 1520/UBND-NC", f"{mark}\nSố: 1520/UBND-NC"), "utf-8")
    return path


def anywhere(place: Workspace, words: str) -> list[str]:
    """The files of the workspace, the paper itself aside, in which the words occur; the database is looked through byte by byte."""
    wanted = words.encode()
    files = [path for path in place.root.rglob("*") if path.is_file() and path.name != "MẬT.txt"]
    return [path.name for path in files if wanted in path.read_bytes()]


@pytest.mark.parametrize(("mark", "named"), MARKS)
def test_each_mark_is_refused_with_its_name_and_something_to_do(tmp_path: Path, mark: str, named: str) -> None:
    with pytest.raises(SecretDocument, match=f"«{named}»") as caught:
        process.process(marked(tmp_path, mark), Settings())
    assert "--allow-secret" in caught.value.remedy


def test_it_goes_to_quarantine_and_the_rest_goes_on(dondoc: Run, workspace: Workspace) -> None:
    marked(workspace.inbox, "MẬT")
    (workspace.inbox / "thuong.txt").write_text(DIRECTIVE.replace("cổng dịch vụ công", "hệ thống thư điện tử"), "utf-8")
    result = dondoc("ingest", "-w", workspace.root, "--json")
    assert result.exit_code == 1
    found = {row["file"]: (row["result"], row["error"]) for row in json.loads(result.stdout)}
    assert found == {"MẬT.txt": ("failed", "secret"), "thuong.txt": ("new", None)}
    assert sorted(path.name for path in workspace.quarantine.iterdir()) == ["MẬT.txt", "MẬT.txt.reason.txt"]
    reason = (workspace.quarantine / "MẬT.txt.reason.txt").read_text("utf-8")
    for part in ("secret (mã 14)", "«Mật»", "--allow-secret"):
        assert part in reason
    assert anywhere(workspace, "thư điện tử")
    assert anywhere(workspace, "cổng dịch vụ công") == []


def test_it_can_be_taken_in_on_purpose_and_show_says_what_it_is(dondoc: Run, workspace: Workspace, tmp_path: Path) -> None:
    path = marked(tmp_path, "MẬT")
    refused = dondoc("ingest", "-w", workspace.root, path)
    assert refused.exit_code == SecretDocument.exit_code
    assert path.exists()
    assert dondoc("ingest", "-w", workspace.root, path, "--allow-secret").exit_code == 0
    with workspace.store() as store:
        assert [document.secrecy for document in store.documents()] == ["Mật"]
    assert "Độ mật: Mật" in dondoc("show", "1", "-w", workspace.root).stdout
    assert json.loads(dondoc("show", "1", "-w", workspace.root, "--json").stdout)["secrecy"] == "Mật"


def test_a_machine_that_may_says_so_in_its_settings(dondoc: Run, workspace: Workspace, tmp_path: Path) -> None:
    with workspace.settings_path.open("a", encoding="utf-8") as settings:
        settings.write("allow_secret = true\n")
    path = marked(tmp_path, "MẬT")
    assert dondoc("extract", path, "-w", workspace.root).exit_code == 0
    assert dondoc("ingest", path, "-w", workspace.root).exit_code == 0


@pytest.mark.parametrize("command", ["extract", "text"])
def test_a_dry_run_refuses_it_too(dondoc: Run, tmp_path: Path, command: str) -> None:
    path = marked(tmp_path, "MẬT")
    refused = dondoc(command, path)
    assert (refused.exit_code, refused.stdout) == (SecretDocument.exit_code, "")
    assert "--allow-secret" in refused.stderr
    assert "dịch vụ công" in dondoc(command, path, "--allow-secret").stdout


@pytest.mark.parametrize(
    "line",
    ["V/v bảo đảm bí mật nhà nước", "Kính gửi: Phòng Bảo mật", "CHỈ THỊ VỀ BẢO VỆ BÍ MẬT NHÀ NƯỚC"],
)
def test_a_paper_about_secrets_is_none(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(DIRECTIVE.replace("V/v chấn chỉnh kỷ luật, kỷ cương hành chính", line), "utf-8")
    assert process.process(path, Settings()).directive.header.secrecy is None


def test_allowing_changes_nothing_else() -> None:
    settings = Settings(processing=ProcessingSettings(dpi=200))
    assert settings.with_secret(False) is settings
    assert settings.with_secret(True).processing == ProcessingSettings(dpi=200, allow_secret=True)
