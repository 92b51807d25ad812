"""``dondoc doctor`` on machines where something is missing."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import sqlite3
import subprocess
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from dondoc import checkup
from dondoc.checkup import Finding, apt_packages, examine
from dondoc.workspace import Workspace
from ingest.errors import MissingDependency, WorkspaceError

Run = Callable[..., Result]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A machine with this Tesseract and these languages; None: no Tesseract."""

    def build(version: str | None = "5.3.0", languages: tuple[str, ...] = ("eng", "osd", "vie")) -> None:
        monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/tesseract" if version else None)

        def run(command: tuple[str, ...], **_: object) -> subprocess.CompletedProcess[str]:
            listed = "List of available languages (3):\n" + "\n".join(languages)
            return subprocess.CompletedProcess(command, 0, f"tesseract {version}\n" if "--version" in command else listed, "")

        monkeypatch.setattr(subprocess, "run", run)

    return build


def found(dondoc: Run, *arguments: str | Path) -> tuple[Result, dict[str, dict[str, str]], str | None]:
    result = dondoc("doctor", "--json", *arguments)
    report = json.loads(result.stdout)
    return result, {finding["name"]: finding for finding in report["findings"]}, report["apt"]


@pytest.mark.parametrize(
    ("version", "languages", "missing"),
    [
        pytest.param(None, (), ["tesseract-ocr", "tesseract-ocr-osd", "tesseract-ocr-vie"], id="nothing"),
        pytest.param("5.3.0", ("eng", "osd"), ["tesseract-ocr-vie"], id="no-vie"),
        pytest.param("5.3.0", ("eng", "vie"), ["tesseract-ocr-osd"], id="no-osd"),
        pytest.param("3.05.02", ("vie", "osd"), ["tesseract-ocr"], id="too-old"),
    ],
)
def test_what_is_missing_is_named_with_the_apt_command(
    dondoc: Run, machine: Callable[..., None], version: str | None, languages: tuple[str, ...], missing: list[str]
) -> None:
    machine(version, languages)
    result, _, apt = found(dondoc)
    assert result.exit_code == MissingDependency.exit_code
    assert apt is not None
    assert apt.startswith("sudo apt-get install ")
    assert set(missing) <= set(apt.split())
    on_screen = dondoc("doctor")
    assert on_screen.exit_code == MissingDependency.exit_code
    assert all(package in on_screen.stdout + on_screen.stderr for package in missing)


@pytest.mark.parametrize("version", ["4.1.1", "5.3.0", "5.5.0-1-gabc", "v5.0.0"])
def test_a_machine_that_has_all_is_well(dondoc: Run, machine: Callable[..., None], version: str, workspace: Workspace) -> None:
    machine(version)
    result, findings, _ = found(dondoc, "-w", workspace.root)
    assert result.exit_code == 0
    assert not [finding for finding in findings.values() if finding["state"] == "missing"]
    assert "Thư mục inbox" in findings


def test_a_missing_library_is_named(dondoc: Run, machine: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    machine()
    real = importlib.metadata.version

    def version(name: str) -> str:
        if name == "openpyxl":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    result, findings, _ = found(dondoc)
    assert result.exit_code == MissingDependency.exit_code
    assert "openpyxl" in findings["Thư viện Python"]["detail"]


def test_the_libraries_looked_for_are_those_of_the_project() -> None:
    import tomllib  # noqa: PLC0415 - only here

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    everywhere = [line for line in project["dependencies"] if ";" not in line]  # tesserocr has a finding of its own
    assert {line.split(">")[0].split("=")[0].strip() for line in everywhere} == set(checkup.PACKAGES)


def test_sqlite_without_full_text_search_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old:
        def execute(self, _: str) -> None:
            raise sqlite3.OperationalError("no such module: fts5")

        def close(self) -> None:
            pass

    monkeypatch.setattr(sqlite3, "connect", lambda _: Old())
    assert checkup._sqlite().state == "missing"


def test_a_folder_without_write_access_is_missing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup.os, "access", lambda path, _: Path(path) != workspace.archive)
    states = {finding.name: finding.state for finding in examine(workspace)}
    assert (states["Thư mục archive"], states["Thư mục inbox"]) == ("missing", "ok")


def test_a_folder_that_is_gone_and_a_full_disk_are_warnings(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.quarantine.rmdir()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 9, 1_000_000))
    states = {finding.name: finding.state for finding in examine(workspace)}
    assert (states["Thư mục quarantine"], states["Chỗ trống trên đĩa"]) == ("warning", "warning")


def test_no_font_is_a_warning_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(checkup, "FONT_FOLDERS", (str(tmp_path),))
    assert (checkup._font().state, checkup._font().apt) == ("warning", "fonts-liberation2")


def test_a_workspace_that_was_named_must_exist(dondoc: Run, tmp_path: Path) -> None:
    assert dondoc("doctor", "-w", tmp_path).exit_code == WorkspaceError.exit_code


def test_apt_packages_are_only_those_of_what_is_wrong() -> None:
    findings = [
        Finding("a", "ok", "", apt="x"),
        Finding("b", "missing", "", apt="y"),
        Finding("c", "warning", "", apt="y"),
        Finding("d", "missing", ""),
    ]
    assert apt_packages(findings) == ["y"]
