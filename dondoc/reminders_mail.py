"""Mails: one digest as a message with plain text and HTML, and the server that takes it.

The password is read when the server is first used and never stands in a message, an error or a log. Without encryption no password is
sent, except to this machine itself; a server that was said to offer STARTTLS and does not is an error, no reason to go on in the clear.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path
from types import TracebackType
from typing import Self

from dondoc.reminders import Digest
from dondoc.reminders_addresses import is_address
from dondoc.reminders_text import as_html, as_text, subject
from dondoc.settings import SmtpSettings
from ingest.errors import MailFailed, UsageError

_PORTS = {"starttls": 587, "ssl": 465, "none": 25}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Servers that know only 7 bits still exist; text and HTML become base64 or quoted-printable.
_POLICY = SMTP.clone(cte_type="7bit")


def message(digest: Digest, sender: str, to: Sequence[str]) -> EmailMessage:
    """The digest as a mail. Subject and texts are one clean line each, and ``EmailMessage`` refuses line breaks in headers besides."""
    mail = EmailMessage(_POLICY)
    mail["Subject"] = subject(digest)
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(localtime())
    # The domain of the sender, not the name of this machine.
    mail["Message-ID"] = make_msgid("dondoc", domain=sender.rpartition("@")[2])
    # Out-of-office replies and ticket systems leave such mails alone.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(as_text(digest))
    mail.add_alternative(as_html(digest), subtype="html")
    return mail


def check(settings: SmtpSettings) -> None:
    """Whether the settings fit together; nothing is connected.

    :raises UsageError: a value that cannot be used; the message never holds the password.
    """
    if settings.security not in _PORTS:
        raise UsageError(f"[smtp] security = {settings.security!r} không có; chọn starttls, ssl hoặc none.")
    if not is_address(settings.sender):
        raise UsageError(f"[smtp] sender = {settings.sender!r} không phải địa chỉ thư điện tử.")
    if not 0 <= settings.port <= 65535:
        raise UsageError(f"[smtp] port = {settings.port} không có; từ 1 đến 65535, hoặc 0.")
    if settings.timeout_seconds <= 0:
        raise UsageError("[smtp] timeout_seconds phải lớn hơn 0.")
    if settings.user and settings.security == "none" and settings.host not in _LOOPBACK:
        raise UsageError("[smtp] security = 'none' thì mật khẩu bị lộ trên mạng.", remedy="Hãy dùng starttls hoặc ssl, hoặc bỏ user.")


def _password(settings: SmtpSettings, root: Path) -> str:
    """From the file when one is named, else from the environment."""
    if settings.password_file:
        path = root / settings.password_file
        try:
            password = path.read_text("utf-8-sig").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError("không đọc được tệp mật khẩu thư.", path=path) from error
    else:
        password = os.environ.get(settings.password_env, "")
    if not password:
        where = f"tệp {settings.password_file}" if settings.password_file else f"biến môi trường {settings.password_env}"
        raise UsageError(f"chưa có mật khẩu thư trong {where}.")
    return password


class Mailer:
    """The mail server, connected when first needed and again when it hung up; a context manager."""

    def __init__(self, settings: SmtpSettings, root: Path) -> None:
        """``root``: the folder that ``password_file`` and ``ca_file`` are relative to.

        :raises UsageError: see :func:`check`.
        """
        check(settings)
        self.sender = settings.sender
        self._settings = settings
        self._root = root
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._hang_up()

    def connect(self) -> None:
        """Make sure of a server that answers.

        :raises MailFailed: there is none, its certificate is not trusted, it does not encrypt, or it refuses the login.
        :raises UsageError: no password, or a file named in the settings cannot be read.
        """
        if self._server is not None:
            try:
                if self._server.noop()[0] == 250:
                    return
            except (smtplib.SMTPException, OSError):
                pass
            self._hang_up()
        settings = self._settings
        password = _password(settings, self._root) if settings.user else ""
        try:
            self._server = self._open()
            if settings.user:
                self._server.login(settings.user, password)
        except UnicodeEncodeError:
            self._hang_up()
            # "from None": the error below holds what it could not encode.
            raise UsageError("tên đăng nhập hoặc mật khẩu thư có chữ không phải ASCII; máy chủ thư không nhận.") from None
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            where = f"{settings.host}:{self._port}"
            raise MailFailed(f"không dùng được máy chủ thư {where} ({_reason(error)}).", remedy="Hãy kiểm tra [smtp].") from error

    def send(self, digest: Digest, to: Sequence[str]) -> tuple[str, ...]:
        """Send to the addresses, after :meth:`connect`; the addresses that the server refused while it took others.

        :raises MailFailed: it took none, or broke off.
        """
        assert self._server is not None
        try:
            refused = self._server.send_message(message(digest, self.sender, to), self.sender, list(to))
        except (smtplib.SMTPException, OSError) as error:
            if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                self._hang_up()
            raise MailFailed(f"không gửi được thư đến {', '.join(to)} ({_reason(error)}).") from error
        return tuple(refused)

    @property
    def _port(self) -> int:
        return self._settings.port or _PORTS[self._settings.security]

    def _open(self) -> smtplib.SMTP:
        host, timeout = self._settings.host, self._settings.timeout_seconds
        if self._settings.security == "ssl":
            return smtplib.SMTP_SSL(host, self._port, timeout=timeout, context=self._context())
        server = smtplib.SMTP(host, self._port, timeout=timeout)
        if self._settings.security == "starttls":
            try:
                server.starttls(context=self._context())
            except BaseException:
                server.close()
                raise
        return server

    def _context(self) -> ssl.SSLContext:
        if not self._settings.ca_file:
            return ssl.create_default_context()
        path = self._root / self._settings.ca_file
        try:
            return ssl.create_default_context(cafile=path)
        except (OSError, ssl.SSLError) as error:
            raise UsageError("không đọc được chứng thư của máy chủ thư.", path=path) from error

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _reason(error: Exception) -> str:
    """What the server or the network said, on one line; of a refused login nothing, since some servers repeat what they were told."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "tên đăng nhập hoặc mật khẩu không đúng"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _line(code, said)
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"chứng thư không được tin cậy: {error.verify_message}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "máy chủ không mã hóa bằng STARTTLS hoặc không nhận đăng nhập"
    if isinstance(error, TimeoutError):
        return "quá thời gian chờ"
    return str(error) or type(error).__name__


def _line(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(f"{code} {text}".split())[:200]
