"""``dondoc.toml``: what an office may set for its workspace, with defaults that fit an ordinary machine.

Every key has a default, so an empty file is a valid one. A key that dondoc does not know is an error, since a misspelled key that is
silently ignored is worse than none. Relations between keys and the stages that use them are drawn elsewhere; this module only reads.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ingest.errors import UsageError

FILE_NAME = "dondoc.toml"

TEMPLATE = """\
# Thiết lập của không gian làm việc dondoc. Bỏ dấu # ở đầu dòng để thay đổi giá trị mặc định.

[inbox]
# settle_seconds = 5.0     # tệp phải đứng yên bao nhiêu giây thì mới được nhận
# interval_seconds = 10.0  # «dondoc watch» xem lại hộp đến sau mỗi bao nhiêu giây

[processing]
# workers = 0              # số tiến trình đọc cùng lúc; 0: bằng số lõi của máy
# restore = true           # sửa dấu và chữ hỏng sau khi nhận dạng
# engine = "auto"         # bộ nhận dạng: "tesserocr" (nhanh hơn), "pytesseract"; "auto": cái nhanh nhất đang có
# dpi = 240                # độ phân giải của ảnh đưa vào nhận dạng; ảnh quét mịn hơn được thu nhỏ
# page_seconds = 120.0     # thời gian nhận dạng tối đa cho một trang
# max_megapixels = 120.0   # ảnh lớn hơn thế thì không đọc
# allow_secret = false     # true: nhận cả văn bản có dấu chỉ độ mật; chỉ đặt trên máy được phép xử lý văn bản mật

[archive]
# searchable = false       # true: cạnh mỗi PDF, ảnh đã nhận đặt thêm bản tra cứu (ảnh gốc, chữ đã sửa nằm ẩn bên dưới), tên.tra-cuu.pdf

[lists]
# upcoming_days = 15       # «dondoc upcoming»: nhiệm vụ đến hạn trong bao nhiêu ngày tới

[agencies]
# file = "agencies.csv"    # danh mục cơ quan riêng (tên, tên khác, viết tắt …), tính từ thư mục này; chưa có tệp thì thôi

[office]
# parent = ""              # cơ quan chủ quản, ghi dòng trên ở phiếu giao việc và công văn: "UBND tỉnh Sông Lam"
# name = ""                # cơ quan ban hành: "Sở Nội vụ"
# symbol = ""              # chữ viết tắt trong số, ký hiệu: "SNV-VP"
# place = ""               # địa danh: "Sông Lam"
# signer_title = ""        # quyền hạn, chức vụ người ký: "Giám đốc"
# signer = ""              # họ tên người ký
# archive = "VT"           # nơi lưu
# templates = "mau"        # thư mục mẫu .docx của cơ quan («dondoc export --templates» chép mẫu có sẵn vào đó)

[remind]
# days = 7                 # «dondoc remind»: nhắc cả nhiệm vụ đến hạn trong bao nhiêu ngày tới
# office = ""              # tên cơ quan nhắc việc, ghi cuối mỗi bản nhắc
# addresses = "thu-dien-tu.csv"  # địa chỉ thư của các cơ quan (cơ quan, địa chỉ), tính từ thư mục này
# format = "docx"          # khi không gửi thư thì ghi tệp: "docx", "html" hoặc "text"
# members = false          # true: «UBND các xã, phường» được nhắc từng xã, phường một
# unchecked = true         # false: nhiệm vụ còn chờ người kiểm tra thì chưa nhắc cơ quan, chỉ nêu trong bản tổng hợp

[smtp]
# host = ""                # máy chủ gửi thư; để trống: «dondoc remind» chỉ ghi tệp
# port = 0                 # 0: 587 với starttls, 465 với ssl, 25 với none
# security = "starttls"   # "starttls", "ssl" hoặc "none" (không mã hóa, khi đó không được đặt user)
# ca_file = ""             # chứng thư của máy chủ nội bộ (PEM); để trống: theo máy này
# user = ""                # tên đăng nhập; mật khẩu không ghi ở đây mà lấy từ biến môi trường hoặc tệp sau
# password_env = "DONDOC_SMTP_PASSWORD"
# password_file = ""       # tệp chỉ chứa mật khẩu, tính từ thư mục này
# sender = ""              # địa chỉ gửi đi, ví dụ "don-doc@songlam.example"
# timeout_seconds = 30.0   # chờ máy chủ thư trả lời tối đa bao nhiêu giây

[web]
# host = "127.0.0.1"       # «dondoc serve»: chỉ máy này; "0.0.0.0": cả mạng nội bộ, khi đó phải có người dùng («dondoc user add»)
# port = 8765
# session_hours = 12.0     # không dùng bao lâu thì phải đăng nhập lại
# max_upload_mb = 500      # tệp đưa lên trang Hộp thư không lớn hơn thế
"""


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """When a file counts as written to the end, and how often to look; both in seconds."""

    settle_seconds: float = 5.0
    interval_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class ProcessingSettings:
    """How documents are read; ``page_seconds`` and ``max_megapixels`` are limits for one page.

    ``workers``: 0 means one for each core. ``engine``: a name of :func:`ingest.options.engine_named`.
    ``allow_secret``: papers marked Mật, Tối mật or Tuyệt mật are taken like others instead of being refused.
    """

    workers: int = 0
    restore: bool = True
    engine: str = "auto"
    dpi: int = 240
    page_seconds: float = 120.0
    max_megapixels: float = 120.0
    allow_secret: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """``searchable``: a copy with the restored text behind the picture is put beside each file (:mod:`dondoc.searchable`)."""

    searchable: bool = False


@dataclass(frozen=True, slots=True)
class ListSettings:
    """What lists show unless told otherwise."""

    upcoming_days: int = 15


@dataclass(frozen=True, slots=True)
class AgencySettings:
    """``file``: the office's own agencies (:func:`extract.gazetteer_files.own_agencies`), relative to the workspace; need not exist."""

    file: str = "agencies.csv"


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """What letters say of the office that sends them (:mod:`tracking.letters`), and the folder of its own templates."""

    parent: str = ""
    name: str = ""
    symbol: str = ""
    place: str = ""
    signer_title: str = ""
    signer: str = ""
    archive: str = "VT"
    templates: str = "mau"


@dataclass(frozen=True, slots=True)
class RemindSettings:
    """What digests say and to whom (:mod:`dondoc.reminders`).

    ``days``: how far ahead. ``addresses``: the CSV of addresses, relative to the workspace. ``format``: of files: docx, html or text.
    ``members``: a digest for each commune of "UBND các xã, phường". ``unchecked``: remind of tasks that a person should look at first.
    """

    days: int = 7
    office: str = ""
    addresses: str = "thu-dien-tu.csv"
    format: str = "docx"
    members: bool = False
    unchecked: bool = True


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server; no ``host``: no mail. The password is never here: it comes from the variable or the file named."""

    host: str = ""
    port: int = 0
    security: str = "starttls"
    ca_file: str = ""
    user: str = ""
    password_env: str = "DONDOC_SMTP_PASSWORD"  # noqa: S105 - a name, not the password
    password_file: str = ""
    sender: str = ""
    timeout_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where ``dondoc serve`` listens, how long an unused session lives, how large an uploaded file may be."""

    host: str = "127.0.0.1"
    port: int = 8765
    session_hours: float = 12.0
    max_upload_mb: int = 500


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a workspace. ``root``: the workspace's folder, None without one."""

    inbox: InboxSettings = field(default_factory=InboxSettings)
    processing: ProcessingSettings = field(default_factory=ProcessingSettings)
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    lists: ListSettings = field(default_factory=ListSettings)
    agencies: AgencySettings = field(default_factory=AgencySettings)
    office: OfficeSettings = field(default_factory=OfficeSettings)
    remind: RemindSettings = field(default_factory=RemindSettings)
    smtp: SmtpSettings = field(default_factory=SmtpSettings)
    web: WebSettings = field(default_factory=WebSettings)
    root: Path | None = None

    @property
    def own_agencies(self) -> Path | None:
        """The office's own file of agencies; None when there is no such file.

        :raises UsageError: a file was named in ``dondoc.toml`` and is not there.
        """
        if self.root is None or not self.agencies.file:
            return None
        path = self.root / self.agencies.file
        if path.is_file():
            return path
        if self.agencies != AgencySettings():
            raise UsageError(
                "không thấy danh mục cơ quan bổ sung.", path=path, remedy="Hãy kiểm tra --agencies hoặc [agencies] file trong dondoc.toml."
            )
        return None

    @property
    def letterhead(self) -> OfficeSettings:
        """``[office]`` with the whole path of its templates."""
        return replace(self.office, templates=str(self.root / self.office.templates) if self.root and self.office.templates else "")

    def with_secret(self, allowed: bool) -> Settings:
        """The same settings with papers marked secret taken in on purpose; unchanged when ``allowed`` is false."""
        return replace(self, processing=replace(self.processing, allow_secret=True)) if allowed else self

    @property
    def careful(self) -> Settings:
        """The same settings with recognition in a process of its own, whose crash or hang brings nothing else down."""
        return replace(self, processing=replace(self.processing, engine="pytesseract"))

    @property
    def workers(self) -> int:
        """Worker processes to use: never more than the cores this process may run on."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        wanted = self.processing.workers
        return min(wanted, cores) if wanted else cores


_SECTIONS: dict[str, type[Any]] = {
    "inbox": InboxSettings,
    "processing": ProcessingSettings,
    "archive": ArchiveSettings,
    "lists": ListSettings,
    "agencies": AgencySettings,
    "office": OfficeSettings,
    "remind": RemindSettings,
    "smtp": SmtpSettings,
    "web": WebSettings,
}


def load(path: Path) -> Settings:
    """The settings in ``path``; the defaults when there is no such file.

    :raises UsageError: the file is no TOML, holds an unknown key, or a value of the wrong type or below zero.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise UsageError(f"không đọc được tệp thiết lập ({error.strerror}).", path=path) from error
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"tệp thiết lập viết sai cú pháp TOML ({error}).", path=path) from error
    if unknown := values.keys() - _SECTIONS.keys():
        raise UsageError(f"phần không có: {_brackets(unknown)}.", path=path, remedy=f"Các phần được dùng: {_brackets(_SECTIONS)}.")
    return Settings(**{name: _section(name, values.get(name, {}), path) for name in _SECTIONS})


def _section(name: str, values: object, path: Path) -> Any:
    kind = _SECTIONS[name]
    if not isinstance(values, dict):
        raise UsageError(f"«{name}» phải là một phần, viết [{name}].", path=path)
    defaults = {member.name: getattr(kind(), member.name) for member in fields(kind)}
    if unknown := values.keys() - defaults.keys():
        raise UsageError(
            f"khóa không có trong phần [{name}]: {', '.join(sorted(unknown))}.",
            path=path,
            remedy=f"Các khóa được dùng: {', '.join(defaults)}.",
        )
    return kind(**{key: _value(f"{name}.{key}", value, defaults[key], path) for key, value in values.items()})


def _value(key: str, value: object, default: object, path: Path) -> object:
    # bool is a kind of int for Python, not for somebody who writes settings.
    if isinstance(default, bool):
        good, wanted = isinstance(value, bool), "true hoặc false"
    elif isinstance(default, str):
        good, wanted = isinstance(value, str), "một chuỗi trong dấu nháy"
    elif isinstance(default, float):
        good, wanted = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0, "một số không âm"
    else:
        good, wanted = isinstance(value, int) and not isinstance(value, bool) and value >= 0, "một số nguyên không âm"
    if not good:
        raise UsageError(f"{key} = {value!r} không dùng được: cần {wanted}.", path=path)
    return float(value) if isinstance(default, float) and isinstance(value, int | float) else value


def _brackets(names: Any) -> str:
    return ", ".join(f"[{name}]" for name in sorted(names))
