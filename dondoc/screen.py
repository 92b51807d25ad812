"""What a person sees in the terminal: safe text, messages, tables.

Text comes from untrusted scans: it never reaches Rich's markup parser, and control characters never reach the terminal.
"""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.style import StyleType
    from rich.text import Text

PLAIN_WIDTH = 160
"""Columns when the output is no terminal: a table of tasks is readable in a file or a mail."""

_KEPT = frozenset("\n\t\u200c\u200d")


def safe(text: object) -> str:
    """``text`` without characters that steer a terminal (escape sequences, direction overrides); tabs and newlines stay."""
    plain = str(text)
    if plain.isprintable():
        return plain
    return "".join(
        c if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") else "\N{REPLACEMENT CHARACTER}" for c in plain
    )


def console(*, stderr: bool = False) -> Console:
    """A console that takes text as it is (no markup, no emoji codes, no guessing of colours)."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS", "").isdigit() else PLAIN_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def say(text: str, *, stderr: bool = False, style: StyleType = "") -> None:
    """One message, never broken by the width of the terminal."""
    console(stderr=stderr).print(cell(text, style), soft_wrap=True)


def cell(text: object, style: StyleType = "") -> Text:
    """Text for a table's cell or a line of its own."""
    from rich.text import Text

    return Text(safe(text), style=style)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: ``wide`` takes the room that is left, ``right`` holds numbers; ``widest`` in characters."""

    header: str
    kind: Literal["left", "right", "wide"] = "left"
    widest: int | None = None


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[Text]]) -> None:
    """A table on stdout; long cells are folded, nothing is cut."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1), collapse_padding=True)
    for column in columns:
        right = column.kind == "right"
        ratio = 1 if column.kind == "wide" else None
        table.add_column(cell(column.header), justify="right" if right else "left", overflow="fold", ratio=ratio, max_width=column.widest)
    for row in rows:
        table.add_row(*row)
    console().print(table)


def day(value: date | None) -> str:
    """A date as Vietnamese offices write it."""
    return f"{value:%d/%m/%Y}" if value else ""


def write_json(value: object, *, compact: bool = False) -> None:
    """JSON on stdout, for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=None if compact else 2) + "\n")
