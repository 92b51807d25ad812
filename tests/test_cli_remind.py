"""``dondoc remind`` from the command line: files, mail, plans, history, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from mail_server import Received, serving
from typer.testing import Result

from dondoc.workspace import Workspace
from extract.directive import Deadline, Directive, Header, Span, Task
from ingest.document import Document, Page
from ingest.errors import MailFailed, NotFound, UsageError

Run = Callable[..., Result]
DAY = "2024-04-01"  # a Monday
HEADER = Header("07/KH-UBND", "Kế hoạch", "UBND tỉnh Sông Lam", date(2024, 1, 5))


def a_task(path: str, lead: str, due: date) -> Task:
    return Task(path, f"Việc số {path} của kế hoạch.", Span(1, 1, 2), (lead,), (), (Deadline("trước …", due=due),), confidence=0.9)


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """Two departments late, one with nothing due."""
    tasks = (
        a_task("1", "Sở Nội vụ", date(2024, 3, 15)),
        a_task("2", "Sở Y tế", date(2024, 3, 30)),
        a_task("3", "Sở Xây dựng", date(2024, 12, 31)),
    )
    with workspace.store() as store:
        document = Document("kh.pdf", "a" * 64, "pdf", (Page(1, (), "ocr"),))
        store.save(document, Directive(HEADER, tasks=tasks), file_name="kh.pdf", received_at=datetime(2024, 1, 10))
    return workspace


@pytest.fixture
def server() -> Iterator[Received]:
    with serving(Received()) as received:
        yield received


@pytest.fixture
def mailing(filled: Workspace, server: Received) -> Workspace:
    """The same with a mail server and addresses for one department and the summary."""
    filled.settings_path.write_text(
        f'[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\nsender = "don-doc@songlam.example"\n', "utf-8"
    )
    addresses = "cơ quan,địa chỉ\nSở Nội vụ,snv@songlam.example\nTổng hợp,lanhdao@songlam.example\nSở Nội vụụ,x@songlam.example\n"
    (filled.root / "thu-dien-tu.csv").write_text(addresses, "utf-8-sig")
    return filled


def outcomes(result: Result) -> dict[str, str]:
    return {one["agency"]: one["outcome"] for one in json.loads(result.stdout)}


@pytest.mark.parametrize(("form", "extension"), [("docx", "docx"), ("html", "html"), ("text", "txt")])
def test_a_file_for_each_department_with_something_to_be_told(dondoc: Run, filled: Workspace, form: str, extension: str) -> None:
    result = dondoc("remind", "-w", filled.root, "--as-of", DAY, "--format", form)
    assert result.exit_code == 0, result.output
    folder = filled.root / "exports" / "nhac-viec" / DAY
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.{extension}" for name in ("so-noi-vu", "so-y-te", "tong-hop")]
    assert "Sở Nội vụ: 1 nhiệm vụ quá hạn: đã ghi" in result.stdout
    if form == "text":
        assert "trễ 17 ngày" in (folder / "so-noi-vu.txt").read_text("utf-8")


def test_what_a_clerk_changed_that_day_is_left_alone_unless_told(dondoc: Run, filled: Workspace) -> None:
    command = ("remind", "-w", filled.root, "--as-of", DAY, "--format", "text", "--json")
    assert set(outcomes(dondoc(*command)).values()) == {"written"}
    path = filled.reminders / DAY / "so-noi-vu.txt"
    path.write_text("sửa tay", "utf-8")
    (filled.reminders / DAY / "so-y-te.txt").unlink()
    assert outcomes(dondoc(*command)) == {"Sở Nội vụ": "already", "Sở Y tế": "written", "Tổng hợp": "already"}
    assert path.read_text("utf-8") == "sửa tay"
    assert set(outcomes(dondoc(*command, "--again")).values()) == {"written"}
    assert "sửa tay" not in path.read_text("utf-8")


def test_the_file_format_is_a_setting(dondoc: Run, filled: Workspace) -> None:
    filled.settings_path.write_text('[remind]\nformat = "html"\n', "utf-8")
    dondoc("remind", "-w", filled.root, "--as-of", DAY)
    assert (filled.reminders / DAY / "so-y-te.html").exists()
    filled.settings_path.write_text('[remind]\nformat = "pdf"\n', "utf-8")
    assert dondoc("remind", "-w", filled.root, "--as-of", DAY).exit_code == UsageError.exit_code


def test_by_mail_with_a_file_for_who_has_no_address(dondoc: Run, mailing: Workspace, server: Received) -> None:
    result = dondoc("remind", "-w", mailing.root, "--as-of", DAY)
    assert result.exit_code == 0, result.output
    assert server.recipients == [["snv@songlam.example"], ["lanhdao@songlam.example"]]
    assert [path.name for path in (mailing.reminders / DAY).iterdir()] == ["so-y-te.docx"]
    assert "Sở Nội vụ: 1 nhiệm vụ quá hạn: đã gửi snv@songlam.example" in result.stdout
    assert "dòng 4: không có cơ quan nào tên «Sở Nội vụụ»" in result.stderr
    again = dondoc("remind", "-w", mailing.root, "--as-of", DAY, "--json")
    assert set(outcomes(again).values()) == {"already"}
    assert len(server.mails) == 2


def test_a_dry_run_changes_nothing(dondoc: Run, mailing: Workspace, server: Received) -> None:
    result = dondoc("remind", "-w", mailing.root, "--as-of", DAY, "--dry-run")
    assert "Sở Nội vụ: 1 nhiệm vụ quá hạn: sẽ gửi snv@songlam.example" in result.stdout
    assert "so-y-te.docx" in result.stdout
    one = dondoc("remind", "-w", mailing.root, "--as-of", DAY, "--dry-run", "--agency", "noi vu", "--json")
    assert outcomes(one) == {"Sở Nội vụ": "planned"}
    assert "Việc số 1 của kế hoạch." in one.stderr
    assert server.mails == []
    assert not mailing.reminders.exists()
    assert json.loads(dondoc("remind", "-w", mailing.root, "--history", "--json").stdout) == []
    dondoc("remind", "-w", mailing.root, "--as-of", DAY)
    assert set(outcomes(dondoc("remind", "-w", mailing.root, "--as-of", DAY, "--dry-run", "--json")).values()) == {"already"}


def test_one_department(dondoc: Run, mailing: Workspace, server: Received) -> None:
    assert outcomes(dondoc("remind", "-w", mailing.root, "--as-of", DAY, "-a", "noi vu", "--json")) == {"Sở Nội vụ": "sent"}
    result = dondoc("remind", "-w", mailing.root, "--as-of", DAY, "-a", "Sở Xây dựng")
    assert "Không có gì phải nhắc." in result.stdout
    assert dondoc("remind", "-w", mailing.root, "-a", "Sở Không Có").exit_code == NotFound.exit_code


def test_a_refused_mail_is_told_by_the_exit_code_and_the_rest_goes_out(dondoc: Run, mailing: Workspace, server: Received) -> None:
    server.refused = {"snv@songlam.example"}
    result = dondoc("remind", "-w", mailing.root, "--as-of", DAY)
    assert result.exit_code == MailFailed.exit_code
    assert "Sở Nội vụ: 1 nhiệm vụ quá hạn: chưa gửi được – không gửi được thư đến snv@songlam.example (550" in result.stdout
    assert "không gửi được 1 trong 3 bản nhắc việc" in result.stderr
    assert server.recipients == [["lanhdao@songlam.example"]]
    as_json = dondoc("remind", "-w", mailing.root, "--as-of", DAY, "--json")
    assert (as_json.exit_code, outcomes(as_json)["Sở Nội vụ"]) == (MailFailed.exit_code, "failed")


def test_mail_without_a_server_or_with_wrong_settings_is_a_usage_error(dondoc: Run, filled: Workspace) -> None:
    assert dondoc("remind", "-w", filled.root, "--format", "email").exit_code == UsageError.exit_code
    filled.settings_path.write_text('[smtp]\nhost = "mail.songlam.example"\npassword = "x-bi-mat"\n', "utf-8")
    result = dondoc("remind", "-w", filled.root)
    assert result.exit_code == UsageError.exit_code
    assert "x-bi-mat" not in result.output
    assert "password_env" in result.stderr


def test_history(dondoc: Run, mailing: Workspace) -> None:
    assert "Chưa nhắc việc lần nào." in dondoc("remind", "-w", mailing.root, "--history").stdout
    dondoc("remind", "-w", mailing.root, "--as-of", DAY, "--who", "Văn thư Lan")
    table = dondoc("remind", "-w", mailing.root, "--history").stdout
    assert all(word in table for word in ("01/04/2024", "Sở Nội vụ", "email", "snv@songlam.example", "Văn thư Lan", "so-y-te.docx"))
    rows = json.loads(dondoc("remind", "-w", mailing.root, "--history", "--json", "-a", "Sở Nội vụ").stdout)
    assert [(row["agency"], row["channel"], row["day"], row["who"]) for row in rows] == [("Sở Nội vụ", "email", DAY, "Văn thư Lan")]
    assert len(json.loads(dondoc("remind", "-w", mailing.root, "--history", "--json", "-n", "1").stdout)) == 1
    assert dondoc("remind", "-w", mailing.root, "-n", "1").exit_code == UsageError.exit_code


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param("2024-04-01", True, id="monday"),
        pytest.param("2024-03-31", False, id="sunday"),
        pytest.param("2024-04-30", False, id="holiday"),
    ],
)
def test_on_workdays_only(dondoc: Run, filled: Workspace, day: str, works: bool) -> None:
    result = dondoc("remind", "-w", filled.root, "--as-of", day, "--format", "text", "--workdays")
    assert result.exit_code == 0
    assert filled.reminders.exists() is works


def test_a_folder_that_cannot_be_made_gives_the_claims_back(dondoc: Run, filled: Workspace) -> None:
    (filled.root / "exports").write_text("x", "utf-8")
    assert dondoc("remind", "-w", filled.root, "--as-of", DAY, "--format", "text").exit_code == 5
    (filled.root / "exports").unlink()
    result = dondoc("remind", "-w", filled.root, "--as-of", DAY, "--format", "text", "--json")
    assert set(outcomes(result).values()) == {"written"}
