"""Bad input: each kind has its own message, exit code and quarantine entry, and none stops the good file between them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from conftest import DIRECTIVE
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner, Result

from dondoc import workspace as workspaces
from dondoc.cli import app
from dondoc.workspace import Workspace
from ingest.errors import (
    DamagedFile,
    DondocError,
    EmptyFile,
    EncryptedFile,
    FileAccessError,
    NoText,
    PageTooLarge,
    UnsupportedFile,
    WrongLanguage,
)

ENGLISH = """MINISTRY OF TRANSPORT
The director of the department shall submit the annual report to the minister before 30 June 2023.
All agencies are requested to review the implementation of the plan and to report their difficulties in time.
The finance division is responsible for the allocation of the budget and for the control of its use by the agencies.
"""

NO_PAGES = b"""%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [] /Count 0 >>
endobj
xref
0 3
0000000000 65535 f\x20
0000000009 00000 n\x20
0000000058 00000 n\x20
trailer
<< /Size 3 /Root 1 0 R >>
startxref
110
%%EOF
"""


def pdf(encrypt: StandardEncryption | None = None) -> bytes:
    stream = BytesIO()
    canvas = Canvas(stream, encrypt=encrypt)
    for _ in range(3):
        canvas.drawString(72, 700, "So Noi vu bao cao truoc ngay 30/6/2023")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def picture(side: int) -> bytes:
    stream = BytesIO()
    Image.new("1", (side, side), 1).save(stream, "PNG")
    return stream.getvalue()


@dataclass(frozen=True)
class Bad:
    """``says``: words of the message that no other kind has."""

    name: str
    content: Callable[[], bytes] | None
    error: type[DondocError]
    says: str


CASES = [
    Bad("rong.pdf", lambda: b"", EmptyFile, "rỗng"),
    Bad("chu.pdf", DIRECTIVE.encode, UnsupportedFile, "không phải PDF"),
    Bad("cut.pdf", lambda: pdf()[: len(pdf()) // 2], DamagedFile, ""),
    Bad("mat-khau.pdf", lambda: pdf(StandardEncryption("bi-mat", canPrint=0)), EncryptedFile, "mật khẩu"),
    Bad("khong-trang.pdf", lambda: NO_PAGES, DamagedFile, "không có trang"),
    Bad("mot-diem.png", lambda: picture(1), NoText, ""),
    Bad("khong-lo.png", lambda: picture(20_000), PageTooLarge, ""),
    Bad("tieng-anh.txt", ENGLISH.encode, WrongLanguage, "tiếng Việt"),
    Bad("thu-muc.pdf", None, FileAccessError, "thư mục"),
    Bad("khong-quyen.pdf", pdf, FileAccessError, "đọc"),
]
BY_NAME = [pytest.param(case, id=case.name) for case in CASES]


def forbid(patch: pytest.MonkeyPatch) -> None:
    """No right to read khong-quyen.pdf, also for root, whom the system's own rights do not stop."""
    real = Path.open

    def opened(self: Path, *arguments: object, **options: object) -> object:
        if self.name == "khong-quyen.pdf":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *arguments, **options)  # type: ignore[call-overload]

    patch.setattr(Path, "open", opened)


def make(folder: Path) -> None:
    for case in CASES:
        if case.content is None:
            (folder / case.name).mkdir()
        else:
            (folder / case.name).write_bytes(case.content())


@dataclass
class Outcome:
    place: Workspace
    result: Result
    by_name: dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All bad files and a good one in the same inbox, taken in once."""
    place, _ = workspaces.create(tmp_path_factory.mktemp("ws"))
    place.settings_path.write_text("[inbox]\nsettle_seconds = 0\n[processing]\nworkers = 1\n", "utf-8")
    make(place.inbox)
    (place.inbox / "tot.txt").write_text(DIRECTIVE, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        forbid(patch)
        result = CliRunner().invoke(app, ["ingest", "-w", str(place.root), "--json"])
    return Outcome(place, result, {row["file"]: row for row in json.loads(result.stdout)})


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    make(folder)
    return folder


def test_the_good_file_is_taken_in_and_the_run_says_that_others_failed(taken: Outcome) -> None:
    assert taken.by_name["tot.txt"]["result"] == "new", taken.result.stderr
    assert taken.result.exit_code == 1
    assert "Traceback" not in taken.result.stderr
    assert [path for path in taken.place.inbox.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("case", BY_NAME)
def test_each_has_its_own_quarantine_entry(taken: Outcome, case: Bad) -> None:
    row = taken.by_name[case.name]
    assert (row["result"], row["error"]) == ("failed", case.error.kind)
    assert (taken.place.quarantine / case.name).exists()
    reason = (taken.place.quarantine / f"{case.name}.reason.txt").read_text("utf-8")
    for part in (case.name, case.error.kind, f"mã {case.error.exit_code}", "Cách xử lý: ", "Thời điểm: ", case.says):
        assert part in reason
    assert case.name in taken.result.stderr


def test_the_messages_differ(taken: Outcome) -> None:
    messages = [taken.by_name[case.name]["message"] for case in CASES]
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize("case", BY_NAME)
@pytest.mark.parametrize("command", ["extract", "text"])
def test_a_dry_run_ends_with_the_exit_code_of_its_kind(
    dondoc: Callable[..., Result], files: Path, case: Bad, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(monkeypatch)
    result = dondoc(command, files / case.name)
    assert result.exit_code == case.error.exit_code
    assert result.stdout == ""
    assert case.name in result.stderr
    assert case.says in result.stderr


@pytest.mark.parametrize("case", [case for case in BY_NAME if case.values[0].name in ("thu-muc.pdf", "rong.pdf")])  # type: ignore[union-attr]
def test_a_single_named_file_gives_its_exit_code_and_an_entry(
    dondoc: Callable[..., Result], files: Path, workspace: Workspace, case: Bad
) -> None:
    result = dondoc("ingest", files / case.name, "-w", workspace.root)
    assert result.exit_code == case.error.exit_code
    assert (workspace.quarantine / f"{case.name}.reason.txt").exists()
    assert (files / case.name).exists()


def test_a_missing_file_is_said_so(dondoc: Callable[..., Result], tmp_path: Path, workspace: Workspace) -> None:
    for arguments in (
        ("extract", tmp_path / "x.pdf"),
        ("ingest", tmp_path / "x.pdf", "-w", workspace.root),
        ("restore", tmp_path / "x.txt"),
    ):
        assert dondoc(*arguments).exit_code == FileAccessError.exit_code
