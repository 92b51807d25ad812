"""A measured figure beside the one that is wanted, and the table of many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` of ``what``, in ``unit``; ``wanted`` is a limit on the side that ``sense`` names, None where nothing was promised.

    ``note`` says what it was measured on, in a few words.
    """

    what: str
    value: float
    wanted: float | None = None
    sense: Literal["at most", "at least"] = "at most"
    unit: str = ""
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the value keeps to the limit; True without one."""
        if self.wanted is None:
            return True
        return self.value <= self.wanted if self.sense == "at most" else self.value >= self.wanted


class NotReady(Exception):
    """Something that a part needs is missing on this machine; the message says what and how to get it."""


class Part(Protocol):
    """A module of this package that measures something."""

    def measure(self, *, quick: bool) -> Iterator[Figure]:
        """The figures of this part, each as soon as it is known; ``quick`` takes a small share of the work, to try the code."""


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = ["| what | wanted | reached | | measured on |", "|---|---|---|---|---|"]
    for figure in figures:
        sign = {"at most": "≤", "at least": "≥"}[figure.sense]
        wanted = "" if figure.wanted is None else f"{sign} {_shown(figure.wanted)}{_unit(figure)}"
        verdict = "" if figure.wanted is None else "yes" if figure.reached else "**no**"
        rows.append(f"| {figure.what} | {wanted} | {_shown(figure.value)}{_unit(figure)} | {verdict} | {figure.note} |")
    return "\n".join(rows)


def _shown(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) >= 2 else f"{value:.4g}"


def _unit(figure: Figure) -> str:
    return f" {figure.unit}" if figure.unit else ""
