"""Whole invented directives of every type and office, and their task tables: who must do what by when (tasks.txt)."""

from __future__ import annotations

import pytest
from task_table import Case, load, wanted_and_found

from extract import extract


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in load("tasks.txt")])
def test_a_directive_gives_the_tasks_a_clerk_would_note(case: Case) -> None:
    wanted, found = wanted_and_found(case, extract(case.document()))
    assert found == wanted
