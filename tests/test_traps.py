"""Traps that real directives set, each in an invented text: marks, names, numbers, words that look like rhythms (traps.txt)."""

from __future__ import annotations

import pytest

from extract import extract
from task_table import Case, load, wanted_and_found


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in load("traps.txt")])
def test_a_trap_is_read_as_a_clerk_reads_it(case: Case) -> None:
    wanted, found = wanted_and_found(case, extract(case.document()))
    assert found == wanted
