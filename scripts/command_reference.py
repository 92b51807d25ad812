"""Print docs/cli.md, made from the command line itself: `python -m scripts.command_reference > docs/cli.md`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from dondoc.cli import app

HEAD = """\
# The commands

`dondoc COMMAND --help` shows the same on the screen. What people read is Vietnamese; `--json` gives objects with English names for
programs. Progress and messages go to stderr, results to stdout. Days are written 2025-06-30 or 30/6/2025.

Made by `python -m scripts.command_reference > docs/cli.md`.
"""


def reference() -> str:
    """The whole page."""
    group: Any = typer.main.get_command(app)
    return "\n".join([HEAD, *(_section(name, command) for name, command in commands(group))])


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its whole name, "user add" for one of a group."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def _section(name: str, command: Any) -> str:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [parameter for parameter in command.params if parameter.param_type_name == "option" and parameter.name != "help"]
    usage = " ".join(["dondoc", name, *(argument.metavar for argument in arguments), *(["[OPTIONS]"] if options else [])])
    lines = [f"## dondoc {name}", "", f"    {usage}", "", command.help, ""]
    if options:
        lines += ["| option | |", "|---|---|", *map(_row, options), ""]
    return "\n".join(lines)


def _row(option: Any) -> str:
    flags = ", ".join(f"`{flag}`" for flag in (*option.opts, *option.secondary_opts))
    value = f" {option.metavar.replace('|', ' or ')}" if option.metavar else ""
    return f"| {flags}{value} | {option.help} |"


if __name__ == "__main__":
    print(reference(), end="")
