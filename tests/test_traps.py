"""Traps that real directives set, each in an invented text: marks, names, numbers, words that look like rhythms (traps.txt)."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import pytest
from task_table import Case, load, wanted_and_found

from extract import extract


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in load("traps.txt")])
def test_a_trap_is_read_as_a_clerk_reads_it(case: Case) -> None:
    wanted, found = wanted_and_found(case, extract(case.document()))
    assert found == wanted


# Their line breaks are the trap, or a break may fall where a paragraph could as well begin.
_BROKEN_ON_PURPOSE = (
    "wrap",
    "parted by spaces",
    "dashes lost",
    "alone on their line",
    "each on one line",
    "line's beginning",
    "numbers broken",
    "footnotes",
    "behind semicolons",
    "closing order that names",
)


def _wrapped(text: str, width: int) -> str:
    """Every line broken as on paper; rows of tables and short lines stay."""
    return "\n".join(
        line if "\t" in line or len(line) <= width else textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )


def _rows(case: Case) -> list[tuple[object, ...]]:
    return [(task.text, task.lead, task.coordinating, [term.due for term in task.deadlines]) for task in extract(case.document()).tasks]


@pytest.mark.parametrize("width", [74, 88])
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name)
        for table in ("traps.txt", "tasks.txt")
        for case in load(table)
        if not any(trap in case.name for trap in _BROKEN_ON_PURPOSE)
    ],
)
def test_the_same_tasks_are_read_however_wide_the_paper_is(case: Case, width: int) -> None:
    wrapped = replace(case, pages=tuple(_wrapped(page, width) for page in case.pages))
    assert _rows(wrapped) == _rows(case)
