"""Following up from the command line: what a person types, what it says, what it leaves in the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from tracking_directive import TEXTS, make_document, make_task, save
from typer.testing import Result

from dondoc.workspace import Workspace
from extract.directive import Deadline, Directive, Header
from ingest.errors import ConflictError, DondocError, NotFound, UsageError

Run = Callable[..., Result]


HEADER = Header("1520/UBND-NC", "Công văn", "UBND tỉnh Sông Lam", date(2023, 4, 12), "Sông Lam", "Chấn chỉnh kỷ luật")
TASKS = (
    make_task("1/-1", TEXTS[0], date(2023, 6, 30)),
    make_task("1/-2", TEXTS[1], None, 2, deadlines=(Deadline("hằng quý", recurrence="quarterly"),)),
)


@pytest.fixture
def do(dondoc: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in a workspace with one document that must succeed."""
    monkeypatch.setenv("DONDOC_WORKSPACE", str(workspace.root))
    with workspace.store() as store:
        store.save(make_document(), Directive(HEADER, (), TASKS), file_name="cv1520.pdf", received_at=datetime(2023, 4, 14, 8))

    def run(*arguments: object) -> Result:
        result = dondoc(*map(str, arguments))
        assert result.exit_code == 0, result.output
        return result

    return run


def rows(do: Run, *arguments: object) -> Any:
    return json.loads(do(*arguments, "--json").stdout)


@pytest.fixture
def task(do: Run) -> int:
    row, _quarterly = rows(do, "tasks", "--to", "30/6/2023")
    return int(row["id"])


def test_more_time(do: Run, task: int) -> None:
    asked = do("extend", task, "--until", "31/7/2023", "--ask", "--note", "chờ số liệu").stdout
    assert "Xin gia hạn đến 31/07/2023" in asked
    assert rows(do, "extend", task, "--refuse")["status"] == "open"
    assert "Thời hạn: 31/07/2023 (ban đầu 30/06/2023)" in do("extend", task, "-u", "31/7/2023").stdout
    assert "Thời hạn ban đầu: 30/06/2023" in do("show", task).stdout


def test_parts_of_departments(do: Run, task: int) -> None:
    do("assign", task, "--lead", "Sở Nội vụ", "--lead", "Sở Y tế")
    assert rows(do, "done", task, "--agency", "noi vu", "--on", "1/6/2023")["status"] == "open"
    do("edit", task, "percent=40", "--agency", "Sở Y tế")
    shown = do("show", task).stdout
    assert "Sở Nội vụ: Hoàn thành đúng hạn" in shown
    assert "40%" in shown
    assert rows(do, "done", task, "--agency", "y te", "--on", "2/6/2023")["completed_on"] == "2023-06-02"
    assert rows(do, "reopen", task, "--agency", "Sở Y tế", "--status", "in_progress")["status"] == "in_progress"


def test_stopped_by_another_document(do: Run, task: int) -> None:
    row = rows(do, "tasks")[0]
    document = row["document_id"]
    result = do("edit-document", document, "number=45/KH-UBND", "date=15/6/2023", "incoming_number=123")
    assert "45/KH-UBND ngày 15/06/2023" in result.stdout
    assert rows(do, "show", task)["incoming_number"] == "123"
    assert [act["subject"] for act in rows(do, "history", "--document", "45/KH-UBND")] == [f"document:{document}"]


def test_what_the_reading_warned_of_is_checked(do: Run, task: int) -> None:
    document = rows(do, "show", task)["document_id"]
    assert rows(do, "edit-document", document, "--checked")["warnings"] == []
    assert rows(do, "edit-document", document, "place=Sông Lam", "--checked")["place"] == "Sông Lam"


def test_split_merged_removed_added(do: Run, task: int) -> None:
    first, second = rows(do, "split", task, "Kiểm tra kỷ luật.", "Báo cáo UBND tỉnh.")
    assert rows(do, "merge", first["id"], second["id"])["text"] == "Kiểm tra kỷ luật; Báo cáo UBND tỉnh."
    assert f"dondoc bring-back {task}" in do("remove", task, "--note", "chỉ là căn cứ").stdout
    assert task not in [row["id"] for row in rows(do, "tasks")]
    assert f"Nhiệm vụ {task}:" in do("bring-back", task).stdout
    added = rows(do, "add", first["document_id"], "Lập danh sách", "--page", 1, "--lines", "2-3", "-l", "Sở Y tế", "--due", "1/7/2023")
    assert (added["lead"], added["due"], added["line_first"], added["line_last"]) == (["Sở Y tế"], "2023-07-01", 2, 3)


def test_confirmed(do: Run, task: int) -> None:
    do("edit", task, "needs_review=yes")
    assert rows(do, "confirm", task)["needs_review"] is False


def test_undone_step_by_step_and_done_again(do: Run, task: int) -> None:
    do("edit", task, "progress=một", "--who", "Lan")
    do("edit", task, "note=hai", "--who", "Lan")
    said = do("undo", "--who", "Lan").stdout
    do("undo", "--who", "Lan")
    row = rows(do, "show", task)
    assert (row["progress"], row["note"]) == (None, None)
    again = said.partition("dondoc undo ")[2].partition(")")[0]
    do("undo", again, "--who", "Lan")
    assert rows(do, "show", task)["note"] == "hai"
    assert "(đã hoàn tác)" in do("history", "--task", task).stdout


def test_a_header_taken_back(do: Run) -> None:
    do("edit-document", 1, "number=99/KH-UBND", "--who", "Lan")
    assert "Lan: sửa thông tin văn bản – văn bản 1" in do("history").stdout
    said = do("undo", "--who", "Lan").stdout
    assert rows(do, "tasks")[0]["document_number"] == HEADER.number
    do("undo", said.partition("dondoc undo ")[2].partition(")")[0])
    assert rows(do, "tasks")[0]["document_number"] == "99/KH-UBND"


def test_several_parts_are_one_act(do: Run, task: int) -> None:
    do("assign", task, "--lead", "Sở Nội vụ", "--lead", "Sở Y tế", "--lead", "Sở Tư pháp")
    do("done", task, "--on", "1/6/2023", "--agency", "noi vu", "--agency", "Sở Y tế")
    assert [share["status"] for share in rows(do, "show", task)["shares"]] == ["done", "done"]
    do("undo", "--task", task)
    assert rows(do, "show", task)["shares"] == []


def test_one_occurrence_is_put_off(do: Run) -> None:
    (task,) = [row["id"] for row in rows(do, "tasks") if row["recurrence"] == "quarterly"]
    do("extend", task, "--due", "30/9/2023", "--until", "10/10/2023")
    assert "30/09/2023  Quá hạn chưa hoàn thành (đã gia hạn đến 10/10/2023)" in do("occurrences", task, "--until", "1/11/2023").stdout
    assert rows(do, "extend", task, "--until", "5/7/2023")["due"] == "2023-07-05"
    found = rows(do, "occurrences", task, "--until", "1/11/2023", "--done", "30/9/2023", "--on", "9/10/2023")
    assert [each["state"] for each in found] == ["overdue", "done_on_time"]
    found = rows(do, "occurrences", task, "--until", "1/11/2023", "--follow-from", "1/9/2023")
    assert [each["status"] for each in found] == ["not_followed", "done"]


def test_history(do: Run, task: int) -> None:
    assert "Chưa có" in do("history").stdout
    do("done", task, "--on", "1/6/2023", "--who", "Lan", "--note", "BC 45")
    shown = do("history", "--who", "Lan").stdout
    assert f"Lan: báo hoàn thành – nhiệm vụ {task}" in shown
    assert "ngày 01/06/2023" in shown
    (act,) = rows(do, "history", "--limit", 1)
    assert (act["who"], act["tasks"], act["undone"]) == ("Lan", [task], False)


def test_occurrences(do: Run) -> None:
    (task,) = [row["id"] for row in rows(do, "tasks") if row["recurrence"] == "quarterly"]
    assert "30/06/2023  Quá hạn" in do("occurrences", task, "--until", "1/7/2023").stdout
    (first,) = rows(do, "occurrences", task, "--until", "1/7/2023", "--done", "30/6/2023", "--on", "29/6/2023")
    assert (first["due"], first["state"]) == ("2023-06-30", "done_on_time")
    assert rows(do, "occurrences", task, "--until", "1/7/2023", "--reopen", "30/6/2023")[0]["state"] == "overdue"
    found = rows(do, "occurrences", task, "--skip-until", "31/12/2023", "--until", "31/3/2024")
    assert [each["status"] for each in found] == ["not_followed", "not_followed", "not_followed", "open"]


def test_not_recurring(do: Run, task: int) -> None:
    assert "không định kỳ" in do("occurrences", task).stdout


REFUSED: dict[type[DondocError], tuple[str, ...]] = {
    UsageError: (
        "extend ID", "extend ID --refuse --until 1/1/2024", "extend ID --until 1/1/2020", "extend ID --refuse",
        "done ID --agency giáo-dục", "merge ID", "add 1 x --page 1 --lines hai", "add 1 x --page 7", "bring-back ID", "undo 1 --task 1",
        "edit-document 1 number", "edit-document 1 x=1", "occurrences ID --done 1/1/2024 --reopen 1/1/2024", "edit ID percent=101",
        "edit-document 1",
    ),
    NotFound: (
        "add 9 x --page 1", "add không-có x --page 1", "undo", "undo 99", "occurrences ID --done 1/1/2024", "occurrences 99", "confirm 99",
        "history --document 99", "reopen ID --status cancelled --superseded-by 99",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "error"), [(line, error) for error, lines in REFUSED.items() for line in lines])
def test_what_is_refused(dondoc: Run, do: Run, task: int, line: str, error: type[DondocError]) -> None:
    result = dondoc(*line.replace("ID", str(task)).split())
    assert result.exit_code == error.exit_code, result.output
    assert "Lỗi" in result.stderr


def test_a_conflict_names_who_was_quicker(dondoc: Run, do: Run, task: int) -> None:
    do("edit", task, "progress=một", "--who", "An")
    (act,) = rows(do, "history")
    do("edit", task, "progress=hai", "--who", "Bình")
    result = dondoc("undo", act["action"])
    assert result.exit_code == ConflictError.exit_code
    assert "Bình sửa tiến độ" in result.stderr


def test_numbers_that_several_documents_have(dondoc: Run, do: Run, workspace: Workspace) -> None:
    with workspace.store() as store:
        save(store, Directive(replace(HEADER, number="1520/UBND-VX"), (), TASKS), make_document("b" * 64))
    assert dondoc("edit-document", "1520/UBND", "subject=x").exit_code == UsageError.exit_code
    do("edit-document", "1520/ubnd-vx", "subject=x")
