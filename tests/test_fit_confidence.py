"""Fitting the weights of task confidence, and judging whether found tasks are right."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from extract.confidence import model
from extract.evidence import Evidence
from extract.gazetteer import rows as csv_rows
from scripts.fit_task_confidence import Row, as_csv, choose_threshold, cross_validated, fit, flagged, joint, names_of, stretched
from scripts.score_samples import Verdict, doubts, verdicts

TASK: dict[str, Any] = {
    "text": "Rà soát toàn bộ hồ sơ trễ hạn",
    "lead": ["Sở Y tế"],
    "coordinating": [],
    "deadlines": [{"due": "2024-01-31"}],
    "references": ["77/KH-UBND"],
}


def row(at: int, *, doubtful: bool, right: bool) -> Row:
    """A task of the twentieth part of all documents, with one piece of evidence on its lead."""
    evidence = (Evidence("lead", "unknown name", float(doubtful)), Evidence("lead", "source heading", 1.0))
    return Row("dev", f"document {at % 20}", evidence, Verdict(True, True, right, True, True, True), has_lead=True, weight=1.0)


@pytest.fixture(scope="module")
def judged() -> list[Row]:
    """400 tasks: one in five of the doubtful ones is right, 49 in 50 of the others."""
    return [row(at, doubtful=at % 10 == 0, right=at % 50 == 0 if at % 10 == 0 else at % 50 != 1) for at in range(400)]


def test_evidence_of_wrong_leads_weighs_against_them(judged: list[Row]) -> None:
    names = names_of(judged)["lead"]
    weights = dict(zip(["", *names], fit(judged, "lead", names), strict=True))
    assert weights["unknown name"] < -1
    assert weights[""] > 0


def test_chances_are_those_of_models_that_did_not_see_the_document(judged: list[Row]) -> None:
    held = cross_validated(judged, names_of(judged))
    doubtful = np.array([one.evidence[0].value > 0 for one in judged])
    assert held["lead"][doubtful].max() < held["lead"][~doubtful].min()


def test_stretching_makes_chances_hold(judged: list[Row]) -> None:
    held = cross_validated(judged, names_of(judged))["lead"]
    slope, shift = stretched(judged, held, "lead")
    chance = 1 / (1 + np.exp(-(slope * np.log(held / (1 - held)) + shift)))
    doubtful = np.array([one.evidence[0].value > 0 for one in judged])
    right = np.array([one.verdict.lead for one in judged])
    assert abs(chance[doubtful].mean() - right[doubtful].mean()) < abs(held[doubtful].mean() - right[doubtful].mean())
    assert abs(chance.mean() - right.mean()) < 0.03


@pytest.mark.parametrize("most", [0.02, 0.1, 0.5])
def test_the_threshold_keeps_the_share_of_right_tasks_flagged(judged: list[Row], most: float) -> None:
    sure = joint(cross_validated(judged, names_of(judged)))
    flags = flagged(judged, sure, choose_threshold(judged, sure, most))
    placed = doubts((one.verdict, flag) for one, flag in zip(judged, flags, strict=True))
    assert placed.right_flagged <= most * placed.right
    assert placed.wrong_flagged > 0.5 * placed.wrong or most < 0.05


def test_a_task_of_nobody_is_always_flagged(judged: list[Row]) -> None:
    nobody = Row("dev", "x", (), judged[1].verdict, has_lead=False, weight=1.0)
    assert flagged([nobody], np.array([1.0]), 0.5) == [True]


def test_the_file_of_weights_is_what_is_read(judged: list[Row]) -> None:
    names = names_of(judged)
    models = {field: fit(judged, field, names[field]) for field in names}
    written = as_csv(models, names, 0.9, Counter({"number given.n": 8, "number given.right": 7}), "a test")
    lines = written.splitlines()
    assert lines[0].startswith("# source: ")
    assert lines[1] == "field,evidence,weight"
    assert "header,number given,0.800" in lines
    assert {tuple(line.split(",")[:2]) for line in lines[2:]} >= {("review", "threshold"), ("lead", ""), ("lead", "unknown name")}


def test_the_committed_weights_are_whole() -> None:
    found = {(one["field"], one["evidence"]) for one in csv_rows("confidence_weights.csv")}
    assert {("review", "threshold"), *((field, "") for field in ("text", "lead", "coordinating", "deadlines", "references"))} <= found
    assert 0.5 < model().threshold < 1
    assert all(0 < share <= 1 for share in model().header.values())
    assert set(model().header) >= {"number given", "number recognised", "date given", "date recognised"}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        pytest.param({}, set(), id="right"),
        pytest.param({"lead": ["Sở Nội vụ"]}, {"lead"}, id="another lead"),
        pytest.param({"lead": ["Sở Y tế", "Sở Nội vụ"]}, {"lead"}, id="one too many"),
        pytest.param({"lead": []}, {"lead"}, id="nobody"),
        pytest.param({"deadlines": []}, {"deadlines"}, id="no deadline"),
        pytest.param({"deadlines": [{"due": "2024-01-30"}]}, {"deadlines"}, id="another day"),
        pytest.param({"references": ["77KH-UBND", "1/QĐ-UBND"]}, {"references"}, id="one citation too many"),
        pytest.param({"coordinating": ["Sở Nội vụ"]}, {"coordinating"}, id="a partner too many"),
        pytest.param({"text": "Rà soát toàn bộ hồ sơ trễ hạn tại các bệnh viện"}, {"text"}, id="a longer text"),
        pytest.param({"text": "Công khai kết quả"}, {"task", "text", "lead", "coordinating", "deadlines", "references"}, id="another task"),
    ],
)
def test_verdicts(change: dict[str, Any], wrong: set[str]) -> None:
    (verdict,) = verdicts({"tasks": [TASK]}, {"tasks": [TASK | change]})
    assert verdict is not None
    fields = ("task", "text", "lead", "coordinating", "deadlines", "references")
    assert {name for name in fields if not getattr(verdict, name)} == wrong
    assert verdict.wrong == bool({"lead", "deadlines"} & wrong)


def test_optional_tasks_and_deadlines_are_left_open() -> None:
    may = TASK | {"deadlines": [{"due": "2024-01-31", "optional": True}]}
    assert verdicts({"tasks": [TASK | {"optional": True}]}, {"tasks": [TASK]}) == [None]
    assert [v and v.deadlines for v in verdicts({"tasks": [may]}, {"tasks": [TASK]})] == [True]
    assert [v and v.deadlines for v in verdicts({"tasks": [may]}, {"tasks": [TASK | {"deadlines": []}]})] == [True]
