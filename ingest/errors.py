"""Everything that can go wrong, one root, one exit code for each kind (the table stands in docs/errors.md).

A message names the file, the page where there is one, what was expected and what to do. Messages are Vietnamese: a
clerk reads them on screen and in the ``.txt`` beside a file in quarantine.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class DondocError(Exception):
    """Root of all expected failures; an unexpected exception ends with exit code 1."""

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "error"

    def __init__(self, message: str, *, path: Path | str | None = None, page: int | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = str(path) if path is not None else None
        self.page = page
        self.remedy = remedy

    def __str__(self) -> str:
        where = self.path or ""
        if self.page is not None:
            where += f", trang {self.page}"
        parts = [f"{where}: {self.message}" if where else self.message]
        if self.remedy:
            parts.append(self.remedy)
        return " ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions with keyword arguments do not survive a process pool without this.
        return (_rebuild, (type(self), self.message, self.path, self.page, self.remedy))


def _rebuild(cls: type[DondocError], message: str, path: str | None, page: int | None, remedy: str) -> DondocError:
    return cls(message, path=path, page=page, remedy=remedy)


class UsageError(DondocError):
    """The command line or the settings are wrong."""

    exit_code = 2
    kind = "usage"


class WorkspaceError(DondocError):
    """There is no workspace here, or its database cannot be used."""

    exit_code = 3
    kind = "workspace"


class MissingDependency(DondocError):
    """A program or its language data (tesseract, vie) is not installed."""

    exit_code = 4
    kind = "missing-dependency"


class FileAccessError(DondocError):
    """The file is missing, is a directory, or may not be read."""

    exit_code = 5
    kind = "file-access"


class EmptyFile(DondocError):
    """The file has no bytes, or nothing but white space."""

    exit_code = 6
    kind = "empty"


class UnsupportedFile(DondocError):
    """The content is not a PDF, a picture or text, whatever its name says."""

    exit_code = 7
    kind = "unsupported"


class DamagedFile(DondocError):
    """A PDF or picture that cannot be opened to the end, or has no pages."""

    exit_code = 8
    kind = "damaged"


class EncryptedFile(DondocError):
    """A PDF that wants a password."""

    exit_code = 9
    kind = "encrypted"


class PageTooLarge(DondocError):
    """A page or picture over the pixel limit."""

    exit_code = 10
    kind = "too-large"


class NoText(DondocError):
    """No page gave any text."""

    exit_code = 11
    kind = "no-text"


class WrongLanguage(DondocError):
    """There is text, but it is not Vietnamese."""

    exit_code = 12
    kind = "wrong-language"


class OcrFailed(DondocError):
    """The OCR engine crashed or ran over its time on every page."""

    exit_code = 13
    kind = "ocr-failed"


class SecretDocument(DondocError):
    """The paper is marked MẬT, TỐI MẬT or TUYỆT MẬT: it may not be processed on an ordinary machine."""

    exit_code = 14
    kind = "secret"


class NotFound(DondocError):
    """No task or document has that id."""

    exit_code = 15
    kind = "not-found"


class ConflictError(DondocError):
    """Somebody else changed the same thing in the meantime; nothing was written."""

    exit_code = 16
    kind = "conflict"


class MailFailed(DondocError):
    """The mail server could not be used, or refused one of the mails."""

    exit_code = 17
    kind = "mail"
