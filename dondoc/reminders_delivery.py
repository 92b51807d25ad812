"""Getting digests out: as files, or by mail with files for departments without an address. Each goes once a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dondoc.reminders import EVERYBODY, Digest
from dondoc.reminders_addresses import Addresses
from dondoc.reminders_mail import Mailer
from dondoc.reminders_text import as_html, as_text
from ingest.errors import MailFailed, UsageError
from tracking.reminding import MAIL, Slot

if TYPE_CHECKING:
    from tracking import Store

Form = Literal["text", "html", "docx"]
EXTENSIONS: dict[Form, str] = {"text": "txt", "html": "html", "docx": "docx"}


def file_form(wanted: str, settings_path: Path) -> Form:
    """The format of files.

    :raises UsageError: there is none of that name.
    """
    for known in EXTENSIONS:
        if known == wanted:
            return known
    raise UsageError(f"[remind] format = {wanted!r} không có; chọn docx, html hoặc text.", path=settings_path)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one digest; ``counted``: what it tells.

    ``planned``: with --dry-run; ``already``: had gone out that day; ``to``: addresses; ``path``: the file.
    ``problem``: why it failed, or which addresses were refused though others were not.
    """

    agency: str
    counted: str
    outcome: Literal["written", "sent", "already", "failed", "planned"]
    channel: str
    to: tuple[str, ...] = ()
    path: str | None = None
    problem: str | None = None

    def as_json(self) -> dict[str, Any]:
        """All fields."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Round:
    """One round of reminding: whose names the slots bear, where files go, and as what. ``again``: also what had gone out that day."""

    store: Store
    folder: Path
    form: Form
    who: str
    again: bool = False

    def plan(self, digests: Sequence[Digest], addresses: Addresses | None) -> Iterator[Outcome]:
        """What :meth:`mail` (with addresses) or :meth:`write` would do now; nothing is changed."""
        names = self._names(digests)
        for digest in digests:
            to = (addresses or {}).get(digest.agency, ())
            channel = MAIL if to else self.form
            path = None if to else self.folder / names[digest.agency]
            if to and not self.again and self.store.reminder_broken_off(_slot(digest, channel)):
                yield self._gone(digest, to)
                continue
            fresh = self.again or self.store.reminder_is_free(_slot(digest, channel)) or (path is not None and not path.exists())
            shown = str(path) if path else None
            yield Outcome(digest.agency, digest.counted(), "planned" if fresh else "already", channel, to, shown)

    def write(self, digests: Sequence[Digest]) -> Iterator[Outcome]:
        """Each as a file. One that was written that day is left as it is, since a clerk may have worked on it.

        :raises FileAccessError: the folder or a file cannot be written.
        """
        names = self._names(digests)
        for digest in digests:
            yield self._write(digest, self.folder / names[digest.agency])

    def mail(self, digests: Sequence[Digest], addresses: Addresses, mailer: Mailer) -> Iterator[Outcome]:
        """Each by mail, or as a file when there is no address. A refused mail stops no other; a server that cannot be used stops mail."""
        names = self._names(digests)
        down: str | None = None
        for digest in digests:
            to = addresses.get(digest.agency, ())
            if not to:
                yield self._write(digest, self.folder / names[digest.agency])
            elif down is not None:
                yield Outcome(digest.agency, digest.counted(), "failed", MAIL, to, problem=down)
            else:
                try:
                    yield self._send(digest, to, mailer)
                except _ServerDown as error:
                    down = str(error.__cause__)
                    yield Outcome(digest.agency, digest.counted(), "failed", MAIL, to, problem=down)

    def _send(self, digest: Digest, to: tuple[str, ...], mailer: Mailer) -> Outcome:
        counted = digest.counted()
        slot = _slot(digest, MAIL)
        if not self.again and not self.store.reminder_is_free(slot):
            return self._gone(digest, to)
        try:
            mailer.connect()
        except MailFailed as error:
            raise _ServerDown from error
        # Claimed as late as can be: between here and «finish» nobody knows whether the mail went out.
        if not self.store.claim_reminder(slot, "|".join(to), self.who, again=self.again):
            return self._gone(digest, to)
        try:
            with self._released(slot):
                refused = mailer.send(digest, to)
        except MailFailed as error:
            return Outcome(digest.agency, counted, "failed", MAIL, to, problem=str(error))
        self.store.finish_reminder(slot)
        problem = f"máy chủ thư không nhận địa chỉ {', '.join(refused)}" if refused else None
        return Outcome(digest.agency, counted, "sent", MAIL, tuple(one for one in to if one not in refused), problem=problem)

    def _gone(self, digest: Digest, to: tuple[str, ...]) -> Outcome:
        """What became of a mail that is not ours to send: it has gone out, or a process died over it."""
        if begun := self.store.reminder_broken_off(_slot(digest, MAIL)):
            problem = f"lần gửi lúc {begun[11:16]} bị ngắt giữa chừng, chưa rõ thư đã đến chưa; muốn gửi lại thì dùng --again"
            return Outcome(digest.agency, digest.counted(), "failed", MAIL, to, problem=problem)
        return Outcome(digest.agency, digest.counted(), "already", MAIL, to)

    def _write(self, digest: Digest, path: Path) -> Outcome:
        from tracking.exporting import make_folder, put_in_place  # noqa: PLC0415 - not for --help

        counted = digest.counted()
        slot = _slot(digest, self.form)
        claimed = self.store.claim_reminder(slot, path.name, self.who, again=self.again or not path.exists())
        if not claimed:
            return Outcome(digest.agency, counted, "already", self.form, path=str(path))
        with self._released(slot):
            make_folder(path.parent)
            put_in_place(path, lambda temporary: _write_file(digest, self.form, temporary))
        self.store.finish_reminder(slot)
        return Outcome(digest.agency, counted, "written", self.form, path=str(path))

    @contextmanager
    def _released(self, slot: Slot) -> Iterator[None]:
        """Whatever goes wrong inside, also Ctrl-C, the claim is given back."""
        try:
            yield
        except BaseException:
            self.store.release_reminder(slot)
            raise

    def _names(self, digests: Sequence[Digest]) -> dict[str, str]:
        from tracking.file_names import slug, slugs  # noqa: PLC0415 - not for --help

        summary = slug(EVERYBODY)
        names = slugs((digest.agency for digest in digests if not digest.is_summary), taken=(summary,)) | {EVERYBODY: summary}
        return {agency: f"{name}.{EXTENSIONS[self.form]}" for agency, name in names.items()}


class _ServerDown(Exception):
    """The mail server itself cannot be used; its cause says why."""


def _slot(digest: Digest, channel: str) -> Slot:
    return Slot(digest.agency, digest.day, channel)


def _write_file(digest: Digest, form: Form, path: Path) -> None:
    if form == "docx":
        from dondoc.reminders_docx import write  # noqa: PLC0415 - python-docx takes its time

        write(digest, path)
    else:
        path.write_text(as_text(digest) if form == "text" else as_html(digest), "utf-8")
