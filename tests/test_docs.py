"""The documentation says what the program does."""

from __future__ import annotations

import json
import os
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from dondoc.cli import app
from dondoc.settings import RemindSettings, SmtpSettings
from ingest.errors import DondocError

ROOT = Path(__file__).parents[1]
WRITTEN = (
    "huong-dan-nhanh.md",
    "huong-dan-trang.md",
    "pages.md",
    "extraction.md",
    "exports.md",
    "following-up.md",
    "reminders.md",
    "cli.md",
)
PAGES = [ROOT / "README.md", *(ROOT / "docs" / name for name in WRITTEN)]
GROUP: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = {
    whole: command
    for name, first in GROUP.commands.items()
    for whole, command in (
        {f"{name} {below}": c for below, c in first.commands.items()} if hasattr(first, "commands") else {name: first}
    ).items()
}


def all_errors(kind: type[DondocError] = DondocError) -> list[type[DondocError]]:
    return [kind, *(below for child in kind.__subclasses__() if child.__module__ == "ingest.errors" for below in all_errors(child))]


def written_commands() -> list[Any]:
    """Every `dondoc …` line of the pages and of the help texts: where it stands, its words."""
    found = []
    texts = [(page.name, page.read_text("utf-8")) for page in PAGES] + [(name, command.help) for name, command in COMMANDS.items()]
    for where, text in texts:
        blocks = re.findall(r"^    (?:[^\n]*&& )?(dondoc [a-z][^\n#&|>]*)", text, re.M) + re.findall(r"`(dondoc [a-z][^`|>]*)", text)
        found += [pytest.param(line.strip(), id=f"{where}: {line.strip()}") for line in blocks if "COMMAND" not in line and "[" not in line]
    return found


def test_the_table_of_exit_codes_is_that_of_the_errors() -> None:
    rows = re.findall(r"^\| (\d+) \| `([a-z-]+)` \| (.+) \|$", (ROOT / "docs" / "errors.md").read_text("utf-8"), re.M)
    assert [(int(code), kind, meaning) for code, kind, meaning in rows] == [
        (error.exit_code, error.kind, (error.__doc__ or "").strip()) for error in sorted(all_errors(), key=lambda error: error.exit_code)
    ]


def test_no_two_errors_share_a_code_or_a_kind() -> None:
    errors = all_errors()
    assert len({error.exit_code for error in errors}) == len({error.kind for error in errors}) == len(errors)


def test_the_page_of_commands_is_the_command_line() -> None:
    from scripts.command_reference import reference  # noqa: PLC0415 - importable only from the checkout

    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == reference()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_with_an_example(name: str) -> None:
    command = COMMANDS[name]
    assert f"dondoc {name}" in command.help
    for parameter in command.params:
        assert parameter.help, parameter.name


@pytest.mark.parametrize("line", written_commands())
def test_every_command_written_down_exists_with_its_options(line: str) -> None:
    _, name, *words = shlex.split(line)
    if name not in COMMANDS and words:
        name = f"{name} {words.pop(0)}"
    assert name in COMMANDS
    command = COMMANDS[name]
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    known = {flag for option in options for flag in (*option.opts, *option.secondary_opts)}
    used = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    assert used - {"--help"} <= known
    with command.make_context(name, [word for word in words if word not in ("…", "...")]):
        pass  # the arguments are complete and of the right kind


@pytest.mark.parametrize("page", [*PAGES, ROOT / "docs" / "errors.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("section", [RemindSettings(), SmtpSettings()], ids=lambda section: type(section).__name__)
def test_the_page_of_reminders_has_every_setting_with_its_default(section: RemindSettings | SmtpSettings) -> None:
    page = (ROOT / "docs" / "reminders.md").read_text("utf-8")
    for name in section.__slots__:
        assert f"| `{name}` | {json.dumps(getattr(section, name))} |" in page


def test_the_two_commands_are_there() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ("demo", "check"):
        assert f"./{name} " in readme
        assert os.access(ROOT / name, os.X_OK)


def test_the_changelog_begins_with_this_version() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert first is not None
    assert first[1] == wanted
