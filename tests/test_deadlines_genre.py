"""Deadlines in sentences of the genre: orders and decoys, each with its reading. All sentences are invented.

A reading is written short: "<" before, "=" by, nothing within; then the day or the first and last day, else the rhythm with day/month,
else the counted term; several are joined by " ; ". The documents are dated 20/11/2025, a Thursday.
The table is deadlines_genre.csv; a row without a reading is a decoy.
"""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from extract.deadlines import find_deadlines, read_term
from extract.directive import Deadline

DATED = date(2025, 11, 20)


def short(deadline: Deadline) -> str:
    sign = {"before": "<", "by": "="}.get(deadline.bound or "", "")
    if deadline.due:
        core = f"{deadline.start}..{deadline.due}" if deadline.start else f"{deadline.due}"
        core += f" {deadline.recurrence}" if deadline.recurrence else ""
    elif deadline.relative:
        core = f"{deadline.relative.n} {deadline.relative.unit}"
    else:
        core = f"{deadline.recurrence}" + (f" {deadline.day or ''}" if deadline.day or deadline.month else "")
        core += f"/{deadline.month}" if deadline.month else ""
    return sign + core + (f" {deadline.time}" if deadline.time else "")


LINES = (Path(__file__).parent / "deadlines_genre.csv").read_text("utf-8").splitlines()
ROWS = [*csv.DictReader(LINES[1:])]
SENTENCES = [pytest.param(row["text"], row["reading"], id=row["id"]) for row in ROWS if row["kind"] == "sentence"]
CELLS = [pytest.param(row["text"], row["reading"], id=row["id"]) for row in ROWS if row["kind"] == "cell"]


@pytest.mark.parametrize(("sentence", "reading"), SENTENCES)
def test_an_order_or_a_decoy(sentence: str, reading: str) -> None:
    assert " ; ".join(map(short, find_deadlines(sentence, DATED))) == reading


@pytest.mark.parametrize(("cell", "reading"), CELLS)
def test_a_cell_of_the_column_for_terms(cell: str, reading: str) -> None:
    assert " ; ".join(map(short, read_term(cell, DATED))) == reading


@pytest.mark.parametrize(("sentence", "reading"), SENTENCES)
def test_broken_lines_change_nothing(sentence: str, reading: str) -> None:
    """White space may be a line end anywhere on the paper."""
    assert " ; ".join(map(short, find_deadlines(sentence.replace(" ", "\n"), DATED))) == reading


@pytest.mark.parametrize(("sentence", "reading"), SENTENCES)
def test_lost_marks_change_nothing(sentence: str, reading: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", sentence) if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
    assert " ; ".join(map(short, find_deadlines(bare, DATED))) == reading


def test_the_day_before_tet_is_a_guess_a_person_checks() -> None:
    (found,) = find_deadlines("Hoàn thành việc chi trả trước Tết Nguyên đán.", DATED)
    assert found.confidence < 0.7


def test_the_table_names_its_source_and_tells_its_rows_apart() -> None:
    assert LINES[0].startswith("# source:")
    assert len({(row["kind"], row["id"]) for row in ROWS}) == len(ROWS)
