"""``dondoc doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.checkup import Finding, apt_packages, examine
from dondoc.commands.options import JsonOption
from ingest.errors import MissingDependency, WorkspaceError


def doctor(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", metavar="DIR", envvar="DONDOC_WORKSPACE", help="A workspace to look at too.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check what is installed, what is missing, and how to get it.

    Ends with exit code 4 when something is missing that reading documents needs.

    Example: `dondoc doctor`
    """
    try:
        place = workspaces.find(workspace)
    except WorkspaceError:
        if workspace is not None:
            raise
        place = None  # a machine can be checked before there is a workspace
    findings: list[Finding] = examine(place)
    packages = apt_packages(findings)
    command = f"sudo apt-get install {' '.join(packages)}" if packages else ""
    if as_json:
        screen.write_json({"findings": [finding.as_json() for finding in findings], "apt": command or None})
    else:
        _print(findings)
        if command:
            screen.say(f"Cài những gì còn thiếu: {command}")
    if any(finding.state == "missing" for finding in findings):
        if as_json:
            raise typer.Exit(MissingDependency.exit_code)
        raise MissingDependency(
            "máy này còn thiếu thành phần bắt buộc.", remedy=f"Hãy chạy: {command}" if command else "Xem các dòng ✗ ở trên."
        )
    if not as_json:
        screen.say("Máy này đọc được văn bản.")


def _print(findings: list[Finding]) -> None:
    marks = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "missing": ("✗", "red")}
    screen.print_table(
        [screen.Column(""), screen.Column("Thành phần"), screen.Column("Tình trạng", "wide"), screen.Column("Cách xử lý", "wide")],
        (
            [screen.cell(marks[f.state][0], marks[f.state][1]), screen.cell(f.name), screen.cell(f.detail), screen.cell(f.remedy)]
            for f in findings
        ),
    )
