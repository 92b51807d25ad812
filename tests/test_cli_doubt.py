"""What a clerk is told of doubt: how many tasks to look at and why, where a lead was read, what else a name may be."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tracking_directive import DIRECTIVE, TASKS, make_document, save
from typer.testing import Result

from dondoc import doubt
from dondoc.intake import Summary, Taken
from dondoc.reporting import line_for, summary_text
from dondoc.workspace import Workspace
from extract.directive import FieldConfidence, LeadSource, Span
from tracking import Store

Run = Callable[..., Result]

SURE = FieldConfidence(text=0.98, lead=0.97, coordinating=0.96, deadlines=0.99, references=0.95)


def fill(place: Workspace, *tasks: object) -> None:
    with place.store() as store:
        save(store, replace(DIRECTIVE, tasks=tasks))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lead", "confidence", "least"),
    [
        pytest.param(("Sở Nội vụ",), {"text": 0.9, "lead": 0.5, "deadlines": 0.8}, "lead", id="lead"),
        pytest.param(("Sở Nội vụ",), {"text": 0.9, "lead": 0.9, "deadlines": 0.2, "coordinating": 0.1}, "deadlines", id="deadlines"),
        pytest.param(("Sở Nội vụ",), {"text": 0.1, "lead": 0.9, "deadlines": 0.2}, "text", id="text"),
        pytest.param((), {"text": 0.1, "lead": 0.9, "deadlines": 0.2}, doubt.NO_LEAD, id="nobody leads"),
        pytest.param(("Sở Nội vụ",), {}, "", id="taken in before there were chances"),
    ],
)
def test_what_is_least_sure(lead: tuple[str, ...], confidence: dict[str, float], least: str) -> None:
    assert doubt.weakest(lead, confidence) == least
    assert doubt.counted([least]).startswith("1 ch") or least == ""


def test_a_run_says_how_many_tasks_to_look_at_and_why() -> None:
    summary = Summary()
    summary.add(Taken("new", "a.pdf", document_id=1, record="Công văn số 1", pages=2, tasks=5, doubts=("deadlines", "lead", "deadlines")))
    assert "5 nhiệm vụ, 3 cần xem lại" in line_for(summary.taken[0])
    assert "3 nhiệm vụ: 2 chưa chắc thời hạn, 1 chưa chắc cơ quan chủ trì." in summary_text(summary)
    summary = Summary()
    summary.add(Taken("new", "a.pdf", document_id=1, record="Công văn số 1", pages=2, tasks=5))
    assert "xem lại" not in summary_text(summary) + line_for(summary.taken[0])


@pytest.mark.parametrize("width", ["160", "80"])
def test_the_list_for_review_gives_the_reasons(dondoc: Run, workspace: Workspace, width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    doubtful = replace(TASKS[1], reasons=("Chưa chắc cách hiểu thời hạn.",), field_confidence=replace(SURE, deadlines=0.4))
    fill(workspace, TASKS[0], doubtful)
    everything = " ".join(dondoc("tasks", "-w", workspace.root).stdout.split())
    assert "2 nhiệm vụ." in everything
    assert "Cần người xem lại 1 trong số đó: 1 chưa chắc thời hạn." in everything
    review = dondoc("tasks", "--review", "-w", workspace.root).stdout
    assert "Chưa chắc cách hiểu thời hạn." in " ".join(review.replace("│", " ").split()) or width == "160"
    assert "Chưa chắc" in review
    assert "needs_review=0" in review
    assert "Thường xuyên" not in review
    assert len(json.loads(dondoc("tasks", "--review", "--json", "-w", workspace.root).stdout)) == 1
    dondoc("edit", "2", "needs_review=0", "-w", workspace.root)
    assert "Không có nhiệm vụ cần người xem lại." in dondoc("tasks", "--review", "-w", workspace.root).stdout


@pytest.mark.parametrize(
    ("source", "span", "said"),
    [
        pytest.param("heading", Span(1, 2, 2), "đề mục trang 1, dòng 2: «Cập nhật", id="heading"),
        pytest.param("addressee", Span(1, 1, 2), "phần «Kính gửi» trang 1, dòng 1–2: «Chủ trì", id="addressee"),
        pytest.param("cell above", Span(1, 3, 3, 2, 1), "ô gộp phía trên trong bảng trang 1, dòng 3 đến trang 2, dòng 1", id="over a page"),
        pytest.param("cell", None, "lấy từ: ô của bảng\n", id="own lines"),
        pytest.param("none", None, "", id="nowhere"),
    ],
)
def test_show_says_where_the_lead_was_read(dondoc: Run, workspace: Workspace, source: LeadSource, span: Span | None, said: str) -> None:
    fill(workspace, replace(TASKS[0], lead_source=source, lead_span=span, field_confidence=SURE, expected_result="Báo cáo của Sở"))
    output = dondoc("show", "1", "-w", workspace.root).stdout
    assert said in output
    assert ("Đơn vị chủ trì lấy từ" in output) == bool(said)
    assert "nội dung 98%, chủ trì 97%, phối hợp 96%, thời hạn 99%, căn cứ 95%" in output
    assert "Kết quả, sản phẩm: Báo cáo của Sở" in output
    detail = json.loads(dondoc("show", "1", "-w", workspace.root, "--json").stdout)
    assert detail["lead_source"] == (None if source == "none" else source)
    assert detail["field_confidence"]["lead"] == 0.97
    assert bool(detail["lead_lines"]) == (span is not None)


def test_a_lead_that_a_person_named_was_read_nowhere(dondoc: Run, workspace: Workspace) -> None:
    task = replace(TASKS[0], lead_source="heading", lead_span=Span(1, 2, 2), alternatives=(("Sở Nội vụ", ("Sở Ngoại vụ", "Sở N vụ")),))
    fill(workspace, task)
    before = dondoc("show", "1", "-w", workspace.root).stdout
    assert "trên giấy ghi «Sở N vụ», cũng có thể là Sở Ngoại vụ" in before
    assert "lấy từ: đề mục" in before
    assert dondoc("assign", "1", "--lead", "Sở Ngoại vụ", "-w", workspace.root).exit_code == 0
    fill(workspace, task)
    after = dondoc("show", "1", "-w", workspace.root).stdout
    assert "Chủ trì: Sở Ngoại vụ\n" in after
    assert "lấy từ" not in after


def test_a_warning_given_twice_is_kept_once(tmp_path: Path) -> None:
    with Store.open(tmp_path / "dondoc.db") as store:
        save(store, replace(DIRECTIVE, warnings=("trang 1 mờ", "thiếu số")), replace(make_document(), warnings=("trang 1 mờ",)))
        assert store.documents()[0].warnings == ("trang 1 mờ", "thiếu số")
