"""What several test modules share: an invented directive, the command line in this process, a workspace."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from dondoc import workspace as workspaces
from dondoc.cli import app
from dondoc.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Worker processes are spawned and import what they run by name: tests/fake_stages.py must be found there as it is here.
# The checkout itself stands there for scripts/, which is not installed.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

DIRECTIVE = """ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM

Số: 1520/UBND-NC
Sông Lam, ngày 12 tháng 4 năm 2023

V/v chấn chỉnh kỷ luật, kỷ cương hành chính

Kính gửi: Các sở, ban, ngành cấp tỉnh.

Chủ tịch UBND tỉnh yêu cầu:

1. Sở Nội vụ
- Chủ trì, phối hợp với Sở Tài chính kiểm tra việc chấp hành kỷ luật, báo cáo UBND tỉnh trước ngày 30/6/2023.
- Tổng hợp kết quả thực hiện, báo cáo định kỳ hằng quý.
2. Sở Thông tin và Truyền thông
- Nâng cấp cổng dịch vụ công của tỉnh, hoàn thành trong tháng 9/2023.
"""


@pytest.fixture
def dondoc(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command line in this process: ``dondoc("tasks", "--json")``. ``stdin=`` feeds it."""
    monkeypatch.setenv("COLUMNS", "160")
    runner = CliRunner()

    def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        return runner.invoke(app, [str(argument) for argument in arguments], input=stdin)

    return run


@pytest.fixture(scope="session")
def fresh_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that nobody touches: copying it takes 20 ms, making one with its gazetteer half a second."""
    return workspaces.create(tmp_path_factory.mktemp("fresh") / "so-noi-vu")[0].root


@pytest.fixture
def workspace(fresh_workspace: Path, tmp_path: Path) -> Workspace:
    """A fresh workspace whose inbox takes files at once."""
    place = Workspace(Path(shutil.copytree(fresh_workspace, tmp_path / "so-noi-vu")))
    place.settings_path.write_text("[inbox]\nsettle_seconds = 0\n[processing]\nworkers = 1\n", "utf-8")
    return place


@pytest.fixture
def directive(tmp_path: Path) -> Path:
    """An invented công văn as a text file."""
    path = tmp_path / "cong-van-1520.txt"
    path.write_text(DIRECTIVE, "utf-8")
    return path


@pytest.fixture(scope="session")
def rendered_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of rendered samples, made now where it is missing or stale."""
    from scripts.render_samples import main  # noqa: PLC0415 - scripts is found only once the path above is set

    main([])
    return Path(__file__).parents[1] / "data" / "samples" / "rendered"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of a module (tests/browser.py). It ends with them: its event loop would stand in the way of others."""
    from browser import launched  # noqa: PLC0415 - found once the path above is set, and only needed here

    with launched() as browser:
        yield browser
