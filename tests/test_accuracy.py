"""Quality may not slide: the samples are read as well as the committed baseline says, or better.

The baseline is what ``python -m scripts.score_samples --json`` printed when it was last raised; raise it with every gain.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.score_samples import compare, figures, score

BASELINE = json.loads((Path(__file__).parents[1] / "data" / "accuracy-baseline.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def from_text() -> dict[str, float]:
    return score("text")[0]["ALL"]


@pytest.mark.parametrize("figure", list(BASELINE["text"]))
def test_extraction_from_correct_text(from_text: dict[str, float], figure: str) -> None:
    assert from_text[figure] >= BASELINE["text"][figure]


@pytest.mark.ocr
def test_the_whole_way_from_a_bad_scan(rendered_samples: Path) -> None:
    assert rendered_samples.is_dir()
    name = "cv-huyen-thong-ke-2023"
    found = score("bad", [name], fresh=True)[0][name]
    assert {figure: value for figure, value in found.items() if value < BASELINE["bad"][figure]} == {}


def test_a_missed_task_and_a_wrong_lead_cost() -> None:
    task = {"text": "Rà soát toàn bộ hồ sơ trễ hạn", "lead": ["Sở Y tế"], "coordinating": [], "deadlines": [{"due": "2024-01-31"}]}
    gold = {
        "document": {"number": "1/KH-UBND"},
        "references": [],
        "tasks": [task, task | {"text": "Công khai kết quả trên cổng thông tin"}],
    }
    found = {"document": {"number": "1/KH-UBND"}, "references": [], "tasks": [task | {"lead": ["Sở Nội vụ"]}]}
    assert figures(compare(gold, gold))["task"] == figures(compare(gold, gold))["lead"] == 1.0
    wrong = figures(compare(gold, found))
    assert (wrong["task"], wrong["lead"], wrong["due"]) == (0.667, 0.0, 0.667)
