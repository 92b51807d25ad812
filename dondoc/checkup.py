"""What ``dondoc doctor`` looks at: programs, language data, font, Python packages, model, folders, disk, SQLite.

Each check says what it found and, where something is wrong, what to do. Nothing is changed.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from dondoc.workspace import Workspace

State = Literal["ok", "warning", "missing"]

TESSERACT_AT_LEAST = (4, 1)  # the LSTM engine; 4.0 had no stable vie model in Debian
SCARCE_DISK_MB = 500
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_NAMES = ("LiberationSerif-Regular.ttf", "Tinos-Regular.ttf", "times.ttf", "Times_New_Roman.ttf")
PACKAGES = (
    "argon2-cffi", "datasette", "dateparser", "docxtpl", "holidays", "icalendar", "img2pdf", "jinja2", "numpy", "opencv-python-headless",
    "openpyxl", "pdfplumber", "pikepdf", "pillow", "pypdfium2", "pytesseract", "python-docx", "python-multipart", "pyyaml", "rapidfuzz",
    "rich", "spacy", "sqlite-utils", "starlette", "typer", "underthesea", "uvicorn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``missing`` stops documents from being read; ``apt`` names the Debian package that would mend it."""

    name: str
    state: State
    detail: str
    remedy: str = ""
    apt: str = ""

    def as_json(self) -> dict[str, Any]:
        """All fields."""
        return asdict(self)


def examine(workspace: Workspace | None) -> list[Finding]:
    """All checks; those of folders only where there is a workspace."""
    findings = [_python(), *_tesseract(), _font(), _packages(), _model(), _sqlite()]
    if workspace is not None:
        findings += [*_folders(workspace), _disk(workspace)]
    return findings


def apt_packages(findings: list[Finding]) -> list[str]:
    """The Debian packages that would mend what is wrong."""
    return sorted({finding.apt for finding in findings if finding.apt and finding.state != "ok"})


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 - a person may start it with another interpreter than pip checked
        return Finding("Python", "missing", version, "Cần Python 3.11 trở lên.")
    return Finding("Python", "ok", version)


def _tesseract() -> list[Finding]:
    program = shutil.which("tesseract")
    if program is None:
        remedy = "Cài tesseract-ocr, tesseract-ocr-vie và tesseract-ocr-osd."
        return [
            Finding("Tesseract", "missing", "chưa cài", remedy, "tesseract-ocr"),
            Finding("Dữ liệu tiếng Việt (vie)", "missing", "chưa cài", "Cài tesseract-ocr-vie.", "tesseract-ocr-vie"),
            Finding("Dữ liệu hướng trang (osd)", "missing", "chưa cài", "Cài tesseract-ocr-osd.", "tesseract-ocr-osd"),
        ]
    first = _output(program, "--version").partition("\n")[0]
    version = tuple(int(part) for part in re.findall(r"\d+", first)[:2])
    good = version >= TESSERACT_AT_LEAST
    languages = set(_output(program, "--list-langs").split())
    return [
        Finding(
            "Tesseract",
            "ok" if good else "missing",
            first or "không chạy được",
            "" if good else "Cần bản 4.1 trở lên.",
            "" if good else "tesseract-ocr",
        ),
        _language("vie", "Dữ liệu tiếng Việt (vie)", languages),
        _language("osd", "Dữ liệu hướng trang (osd)", languages),
        _fast_engine(),
    ]


def _fast_engine() -> Finding:
    from ingest.tesserocr_engine import available  # noqa: PLC0415 - loads the library

    if available():
        return Finding("Nhận dạng nhanh (tesserocr)", "ok", "có")
    return Finding("Nhận dạng nhanh (tesserocr)", "warning", "không dùng được; vẫn đọc bằng pytesseract, chậm hơn", "pip install tesserocr")


def _language(code: str, name: str, languages: set[str]) -> Finding:
    if code in languages:
        return Finding(name, "ok", "có")
    return Finding(name, "missing", "chưa cài", f"Cài tesseract-ocr-{code}.", f"tesseract-ocr-{code}")


def _font() -> Finding:
    """Only rendering the samples needs it, so its lack is no obstacle to an office."""
    for folder in FONT_FOLDERS:
        for root, _, files in os.walk(Path(folder).expanduser()):
            for name in FONT_NAMES:
                if name in files:
                    return Finding("Phông chữ kiểu Times", "ok", str(Path(root) / name))
    return Finding(
        "Phông chữ kiểu Times", "warning", "không thấy; chỉ cần khi dựng văn bản mẫu", "Cài fonts-liberation2.", "fonts-liberation2"
    )


def _packages() -> Finding:
    absent = []
    for name in PACKAGES:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            absent.append(name)
    if absent:
        return Finding("Thư viện Python", "missing", f"thiếu {', '.join(absent)}", "Chạy lại scripts/setup.sh.")
    return Finding("Thư viện Python", "ok", f"đủ {len(PACKAGES)} thư viện")


def _model() -> Finding:
    spec = importlib.util.find_spec("diacritics")
    folder = Path(spec.origin).parent / "model" if spec is not None and spec.origin else None
    files = [path for path in folder.iterdir() if path.is_file() and path.stat().st_size] if folder is not None and folder.is_dir() else []
    if not files:
        return Finding("Mô hình khôi phục dấu", "missing", "không thấy tệp mô hình", "Cài lại dondoc từ bản đầy đủ.")
    return Finding("Mô hình khôi phục dấu", "ok", f"{sum(path.stat().st_size for path in files) / 1e6:.1f} MB")


def _sqlite() -> Finding:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    except sqlite3.OperationalError:
        return Finding("SQLite FTS5", "missing", f"SQLite {sqlite3.sqlite_version} không có FTS5", "Dùng Python của Debian hoặc Ubuntu.")
    finally:
        connection.close()
    return Finding("SQLite FTS5", "ok", f"SQLite {sqlite3.sqlite_version}")


def _folders(workspace: Workspace) -> list[Finding]:
    findings = []
    for name, folder in (
        ("inbox", workspace.inbox),
        ("archive", workspace.archive),
        ("quarantine", workspace.quarantine),
        ("gốc", workspace.root),
    ):
        if not folder.is_dir():
            findings.append(Finding(f"Thư mục {name}", "warning", f"chưa có {folder}", "Chạy «dondoc init» tại đó."))
        elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            findings.append(Finding(f"Thư mục {name}", "missing", f"không có quyền ghi {folder}", "Sửa quyền của thư mục."))
        else:
            findings.append(Finding(f"Thư mục {name}", "ok", str(folder)))
    return findings


def _disk(workspace: Workspace) -> Finding:
    free = shutil.disk_usage(workspace.root).free / 1e6
    if free < SCARCE_DISK_MB:
        return Finding("Chỗ trống trên đĩa", "warning", f"còn {free:.0f} MB", "Dọn bớt đĩa trước khi nhận thêm văn bản.")
    return Finding("Chỗ trống trên đĩa", "ok", f"còn {free / 1000:.1f} GB")


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 - fixed arguments
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout or done.stderr
