"""Doers, partners and receivers in sentences and headings of the genre: a table that anybody may extend."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from extract.agencies import read_heading, read_roles

TABLE = Path(__file__).with_name("agencies_genre.csv")


def _rows() -> list[dict[str, str]]:
    lines = TABLE.read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split("; ") if name.strip())


ROWS = _rows()


def _named(kind: str) -> list[object]:
    return [pytest.param(row, id=row["id"]) for row in ROWS if row["as"] == kind]


def test_the_table_names_its_source_and_each_row_once() -> None:
    assert TABLE.read_text("utf-8").startswith("# source: ")
    assert {row["as"] for row in ROWS} == {"item", "heading"}
    assert len({(row["as"], row["id"]) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", _named("item"))
def test_roles_in_an_item(row: dict[str, str]) -> None:
    roles = read_roles(row["text"])
    assert roles.lead == _names(row["lead"])
    assert roles.coordinating == _names(row["coordinating"])
    assert set(roles.receivers) == set(_names(row["receivers"]))


@pytest.mark.parametrize("row", _named("heading"))
def test_roles_in_a_heading(row: dict[str, str]) -> None:
    roles = read_heading(row["text"])
    assert roles.lead == _names(row["lead"])
    assert roles.coordinating == _names(row["coordinating"])
