"""``dondoc init``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dondoc import screen
from dondoc import workspace as workspaces


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where; made when it is missing. Default: here.")] = Path(),
    workspace: Annotated[Path | None, typer.Option("--workspace", "-w", metavar="DIR", help="The same, as other commands have it.")] = None,
) -> None:
    """Make a workspace: inbox/, archive/, quarantine/, dondoc.toml and dondoc.db.

    Run on a workspace that exists it adds what is missing and changes nothing else.

    Example: `dondoc init so-noi-vu`
    """
    made, new = workspaces.create(workspace or folder)
    screen.say(f"{'Đã tạo' if new else 'Đã có'} không gian làm việc {made.root}")
    screen.say(f"Bỏ văn bản vào {made.inbox} rồi chạy «dondoc ingest», hoặc để «dondoc watch» chạy thường xuyên.")
