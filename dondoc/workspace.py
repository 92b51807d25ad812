"""A workspace: the folder in which an office keeps its inbox, its archive and its database.

This module knows where things lie and finds or makes them; it reads no document and writes no row.
"""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dondoc import settings as settings_file
from dondoc.settings import Settings
from ingest.errors import WorkspaceError

if TYPE_CHECKING:
    from tracking import Store

DATABASE_NAME = "dondoc.db"
AGENCIES_TEMPLATE = """\
# Cơ quan, đơn vị mà danh mục của dondoc chưa có. Mỗi dòng một cơ quan; chỉ cột «tên» là bắt buộc.
# Nhiều tên khác hoặc nhiều thành viên thì cách nhau bằng dấu |. Dòng có «thành viên» là một nhóm. Cấp: trung ương, tỉnh, huyện, xã.
# Ngày viết 2025-06-30 hoặc 30/6/2025. Cơ quan kế thừa nhận việc từ hôm sau «đến ngày». Dòng bắt đầu bằng # không được đọc. Ví dụ:
# Trung tâm Điều hành thông minh,TTĐHTM,IOC tỉnh|Trung tâm IOC,tỉnh,,,,
tên,viết tắt,tên khác,cấp,từ ngày,đến ngày,kế thừa,thành viên
"""
ADDRESSES_TEMPLATE = """\
# Địa chỉ thư điện tử của các cơ quan, để «dondoc remind» gửi nhắc việc. Mỗi dòng một cơ quan, ghi đúng tên hoặc tên viết tắt.
# Nhiều địa chỉ thì cách nhau bằng dấu |. Dòng «Tổng hợp» nhận bản tổng hợp của tất cả cơ quan. Dòng bắt đầu bằng # không được đọc. Ví dụ:
# Sở Nội vụ,vanthu.snv@songlam.example|lanhdao.snv@songlam.example
cơ quan,địa chỉ
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where things lie under ``root``."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Where people and scanners drop files."""
        return self.root / "inbox"

    @property
    def work(self) -> Path:
        """Files that are being taken in. Inside the inbox, so that a claim is a rename even when the inbox is a network share."""
        return self.inbox / ".dang-xu-ly"

    @property
    def pages(self) -> Path:
        """Pages of documents that are being taken in (:mod:`dondoc.pagestore`); beside the database, not on the inbox's share."""
        return self.root / ".trang-da-doc"

    @property
    def archive(self) -> Path:
        """Files that were taken in, by year."""
        return self.root / "archive"

    @property
    def quarantine(self) -> Path:
        """Files that could not be taken in, each with its reason beside it."""
        return self.root / "quarantine"

    @property
    def reminders(self) -> Path:
        """Digests written as files, by day."""
        return self.root / "exports" / "nhac-viec"

    @property
    def imports(self) -> Path:
        """What workbooks would change that somebody has put on the page and not written yet."""
        return self.root / ".nhap-lai"

    @property
    def settings_path(self) -> Path:
        """The settings."""
        return self.root / settings_file.FILE_NAME

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        return self.root / DATABASE_NAME

    def settings(self) -> Settings:
        """What ``dondoc.toml`` says; see :func:`dondoc.settings.load` for its errors."""
        return replace(settings_file.load(self.settings_path), root=self.root)

    def store(self) -> Store:
        """The opened database, with the office's own agencies.

        :raises UsageError: the office's file of agencies cannot be used.
        """
        from tracking import Store  # sqlite-utils takes 0.2 s to import: not for --help

        return Store.open(self.database_path, self.settings().own_agencies)

    def make_folders(self) -> None:
        """Make the folders that are missing."""
        for folder in (self.inbox, self.archive, self.quarantine):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise WorkspaceError(
                    f"không tạo được thư mục ({error.strerror}).", path=folder, remedy="Hãy kiểm tra quyền ghi."
                ) from error


def create(root: Path) -> tuple[Workspace, bool]:
    """Make a workspace in ``root``, or complete the one that is there; tells whether it is new."""
    workspace = Workspace(root.resolve())
    new = not workspace.settings_path.exists()
    workspace.make_folders()
    if new:
        try:
            workspace.settings_path.write_text(settings_file.TEMPLATE, encoding="utf-8")
        except OSError as error:
            raise WorkspaceError(f"không ghi được tệp thiết lập ({error.strerror}).", path=workspace.settings_path) from error
        _write_template(workspace.root / settings_file.AgencySettings().file, AGENCIES_TEMPLATE)
        _write_template(workspace.root / settings_file.RemindSettings().addresses, ADDRESSES_TEMPLATE)
    with workspace.store():
        pass
    return workspace, new


def _write_template(path: Path, text: str) -> None:
    """An empty list with its headings; with a BOM, without which Excel shows no Vietnamese."""
    if path.exists():
        return
    try:
        path.write_text(text, encoding="utf-8-sig")
    except OSError as error:
        raise WorkspaceError(f"không ghi được tệp mẫu ({error.strerror}).", path=path) from error


def find(given: Path | None) -> Workspace:
    """The workspace at ``given``, else the nearest one at or above the current folder.

    :raises WorkspaceError: there is none.
    """
    if given is not None:
        if not (given / settings_file.FILE_NAME).is_file():
            raise WorkspaceError(
                f"không phải không gian làm việc (không có tệp {settings_file.FILE_NAME}).",
                path=given,
                remedy=f"Hãy tạo bằng lệnh «dondoc init {given}».",
            )
        return Workspace(given.resolve())
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / settings_file.FILE_NAME).is_file():
            return Workspace(folder)
    raise WorkspaceError(
        "không có không gian làm việc ở đây hay ở thư mục trên.",
        path=here,
        remedy="Hãy tạo bằng lệnh «dondoc init THƯ_MỤC», hoặc chỉ ra bằng --workspace.",
    )
