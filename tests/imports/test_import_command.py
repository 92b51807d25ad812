"""``dondoc import``: what it shows, asks, writes and answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from filled_workbooks import change, fill, make_tasks
from typer.testing import CliRunner

from dondoc.cli import app
from dondoc.workspace import create, find


def run(*words: object, answer: str = "") -> Any:
    return CliRunner().invoke(app, [*map(str, words)], input=answer, env={"COLUMNS": "200"})


@pytest.fixture
def office(tmp_path: Path) -> Path:
    root = tmp_path / "office"
    workspace, _ = create(root)
    with workspace.store() as opened:
        fill(opened, make_tasks(3))
    return root


@pytest.fixture
def sent(office: Path) -> Path:
    assert run("export", "-w", office).exit_code == 0
    return change(
        office / "exports" / "so-noi-vu.xlsx", {(1, "note"): "của tôi", (2, "progress"): "đã [bold]trình[/bold]", (3, "due"): "mai"}
    )


def note(office: Path, task: int) -> str | None:
    with find(office).store() as opened:
        return opened.task(task).task.note


def test_import_shows_what_would_change_and_asks(office: Path, sent: Path) -> None:
    dry = run("import", "-w", office, "--dry-run", sent)
    assert dry.exit_code == 2
    assert "Nhiệm vụ!D9: «mai» không phải ngày" in dry.stdout
    assert "3 nhiệm vụ trong tệp: 2 thay đổi, 0 xung đột, 1 ô không đọc được." in dry.stdout
    assert "đã [bold]trình[/bold]" in dry.stdout
    refused = run("import", "-w", office, sent, answer="k\n")
    assert "Ghi 2 thay đổi? [c/K]" in refused.stderr
    assert note(office, 1) is None
    assert run("import", "-w", office, sent).exit_code == 2  # nobody answers
    assert note(office, 1) is None
    assert "Đã ghi 2 thay đổi." in run("import", "-w", office, sent, answer="c\n").stdout
    assert note(office, 1) == "của tôi"
    assert "Không có gì để ghi" in run("import", "-w", office, "--yes", sent).stdout


def test_import_says_who_changed_the_same(office: Path, sent: Path) -> None:
    with find(office).store() as opened:
        opened.edit(1, who="Bình", note="của Bình")
    first = run("import", "-w", office, "--yes", sent)
    assert first.exit_code == 16
    assert "Xung đột" in first.stdout
    assert "Bình sửa lúc" in first.stdout
    assert note(office, 1) == "của Bình"
    assert run("import", "-w", office, "--yes", "--on-conflict", "file", sent).exit_code == 2
    assert note(office, 1) == "của tôi"


def test_import_tells_programs(office: Path, sent: Path) -> None:
    told = json.loads(run("import", "-w", office, "--json", "--yes", sent).stdout)
    assert [(one["task"], one["field"], one["to"]) for one in told["changes"]] == [
        (1, "note", "của tôi"),
        (2, "progress", "đã [bold]trình[/bold]"),
    ]
    assert [(one["task"], one["cell"]) for one in told["problems"]] == [(3, "Nhiệm vụ!D9")]
    assert len(told["result"]["written"]) == 2


def test_import_of_no_workbook(office: Path, tmp_path: Path) -> None:
    assert run("import", "-w", office, tmp_path / "none.xlsx").exit_code == 5
