"""From claimed files to the database: what ``dondoc ingest`` and one round of ``dondoc watch`` do.

Documents are read in worker processes (:mod:`dondoc.pool`); this process alone writes, one transaction a document, and moves a file
only after its document is safe in the database. One bad file never stops the others.
"""

# ruff: noqa: PLC0415 - pikepdf is imported only where copies are wanted
from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from dondoc import doubt, shelves
from dondoc.inbox import Claim, directory_error
from dondoc.pagestore import PageStore
from dondoc.pool import Outcome, Pool, Progress
from dondoc.process import Processed
from dondoc.shelves import COPY_MARK
from dondoc.workspace import Workspace
from ingest.document import Document
from ingest.errors import DondocError, FileAccessError, MissingDependency, UsageError

if TYPE_CHECKING:
    from tracking import SaveResult, Store

log = logging.getLogger(__name__)

What = Literal["new", "renewed", "duplicate", "failed"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file. ``document_id`` is the new record, or the one that a duplicate is the same as.

    ``doubts``: for each task that needs a person what is least sure of it (:func:`dondoc.doubt.weakest`).
    ``searchable`` is the copy that can be searched, if one was wanted and could be made.
    """

    what: What
    name: str
    document_id: int | None = None
    record: str = ""
    pages: int = 0
    tasks: int = 0
    doubts: tuple[str, ...] = ()
    same_directive: int | None = None
    searchable: Path | None = None
    error: DondocError | None = None
    reason: Path | None = None


@dataclass(slots=True)
class Summary:
    """Counts of a run."""

    new: int = 0
    renewed: int = 0
    duplicate: int = 0
    failed: int = 0
    pages: int = 0
    tasks: int = 0
    doubts: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)

    def add(self, taken: Taken) -> None:
        """Count one more file."""
        setattr(self, taken.what, getattr(self, taken.what) + 1)
        self.taken.append(taken)
        if taken.what in ("new", "renewed"):
            self.pages += taken.pages
            self.tasks += taken.tasks
            self.doubts += taken.doubts

    @property
    def total(self) -> int:
        """Files seen."""
        return len(self.taken)


class Report(Progress, Protocol):
    """Who is told of each file as it is done."""

    def file_done(self, taken: Taken) -> None:
        """A file has found its place."""


def take_in(
    claims: Sequence[Claim],
    workspace: Workspace,
    store: Store,
    pool: Pool,
    report: Report,
    *,
    again: bool = False,
    searchable: bool = False,
) -> Summary:
    """Take in the claimed files. ``again`` reads files that are already in the database once more; ``searchable`` makes archive copies."""
    return _Intake(workspace, store, report, again, searchable).run(claims, pool)


class _Intake:
    def __init__(self, workspace: Workspace, store: Store, report: Report, again: bool, searchable: bool) -> None:
        self.workspace = workspace
        self.store = store
        self.report = report
        self.again = again
        self.searchable = searchable
        self.pages = PageStore(workspace.pages)
        self.summary = Summary()

    def run(self, claims: Sequence[Claim], pool: Pool) -> Summary:
        self.pages.tidy()
        same: dict[str, list[Claim]] = {}
        for claim in claims:
            if (copied := self._copied_from(claim)) is not None:
                self._duplicate(claim, copied)
            elif (digest := self._digest(claim)) is not None:
                same.setdefault(digest, []).append(claim)
        to_read = []
        for digest, group in same.items():
            if not self.again and self.store.find_document(digest) is not None:
                self._duplicates(group, digest)
            else:
                to_read.append((digest, group))
        while to_read:
            to_read = self._read(to_read, pool)
        return self.summary

    def _read(self, groups: Sequence[tuple[str, list[Claim]]], pool: Pool) -> list[tuple[str, list[Claim]]]:
        """Read one file of each group of equal ones. Gives back what is left of groups whose file failed.

        The next of them is tried then, since a failure may be the name's: text called x.pdf fails, the same as x.txt does not.
        """
        left = []
        for key, outcome in pool.run([group[0].path for _, group in groups], self.report):
            digest, (first, *others) = groups[key]
            settled = self._settle(first, outcome)
            self.pages.drop(digest)
            if settled:
                self._duplicates(others, digest)
            elif others:
                left.append((digest, others))
        return left

    def _duplicates(self, claims: Sequence[Claim], digest: str) -> None:
        for claim in claims:
            self._duplicate(claim, digest)

    def _copied_from(self, claim: Claim) -> str | None:
        """The document of which this file is the searchable copy, as when a folder of the archive is taken in."""
        if claim.error is not None or COPY_MARK not in claim.name.name:
            return None
        from dondoc.searchable import original_of

        digest = original_of(claim.path)
        return digest if digest and self.store.find_document(digest) is not None else None

    def _digest(self, claim: Claim) -> str | None:
        """Of the file's bytes, before anything else looks at them."""
        if claim.error is not None:
            self._failed(claim, claim.error)
            return None
        if claim.path.is_dir():
            self._failed(claim, directory_error(claim.path))
            return None
        try:
            with claim.path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            self._failed(claim, FileAccessError(f"không đọc được tệp ({error.strerror}).", path=claim.path))
            return None

    def _settle(self, claim: Claim, outcome: Outcome) -> bool:
        """Find its place for a file that was read, or not; tells whether it is in the database."""
        if isinstance(outcome, MissingDependency | UsageError):
            raise outcome  # the machine's or a settings file's fault, not the document's: the claims go back to the inbox
        if isinstance(outcome, DondocError):
            self._failed(claim, outcome)
            return False
        now = datetime.now()
        try:
            saved = self.store.save(outcome.document, outcome.directive, file_name=str(claim.name), received_at=now)
        except DondocError:
            raise  # the database itself is in trouble: no file after this one would fare better
        except Exception as error:
            log.debug("save", exc_info=True)
            self._failed(claim, DondocError(f"không ghi được vào cơ sở dữ liệu ({type(error).__name__}: {error})."))
            return False
        archived = shelves.archive(claim, self.workspace.archive, now)
        copy = self._copy(archived, outcome.document)
        self.store.note_files(saved.document_id, self._below(archived), self._below(copy) if copy else None)
        self._done(replace(_saved(claim, outcome, saved), searchable=copy))
        return True

    def _below(self, path: Path) -> str:
        return path.relative_to(self.workspace.root).as_posix()

    def _copy(self, archived: Path, document: Document) -> Path | None:
        """The searchable copy beside an archived file; a document that is safe does not fail for want of one."""
        if not self.searchable or document.kind == "text":
            return None
        from dondoc.searchable import write_beside

        try:
            return write_beside(archived, document)
        except (DondocError, OSError) as error:
            log.warning("không có bản tra cứu của %s: %s", archived, error)
            return None

    def _duplicate(self, claim: Claim, digest: str) -> None:
        known = self.store.find_document(digest)
        if known is None:
            self._failed(claim, DondocError("bản ghi của tệp giống hệt vừa bị xóa.", path=claim.path))
            return
        if claim.copied:
            claim.path.unlink(missing_ok=True)  # the person still has it, and the archive has it too
        else:
            shelves.archive(claim, self.workspace.archive, datetime.now())
        number = f"{known.type or 'Văn bản'} số {known.number}" if known.number else known.type or "văn bản không có số"
        record = f"số thứ tự {known.id}, {number}, nhận từ tệp {known.file_name} ngày {known.received_at[:10]}"
        self._done(Taken("duplicate", str(claim.name), document_id=known.id, record=record, pages=known.page_count, tasks=known.tasks))

    def _failed(self, claim: Claim, error: DondocError) -> None:
        reason: Path | None = None
        try:
            reason = shelves.put_in_quarantine(claim, error, self.workspace.quarantine, datetime.now())
        except OSError as trouble:
            log.warning("không chuyển được %s vào quarantine (%s)", claim.path, trouble.strerror)
        self._done(Taken("failed", str(claim.name), error=error, reason=reason))

    def _done(self, taken: Taken) -> None:
        self.summary.add(taken)
        self.report.file_done(taken)


def _saved(claim: Claim, outcome: Processed, saved: SaveResult) -> Taken:
    header = outcome.directive.header
    number = f"{header.type or 'Văn bản'} số {header.number}" if header.number else header.type or "văn bản không có số"
    return Taken(
        "new" if saved.created else "renewed",
        str(claim.name),
        document_id=saved.document_id,
        record=number,
        pages=len(outcome.document.pages),
        tasks=len(outcome.directive.tasks),
        doubts=tuple(
            doubt.weakest(task.lead, task.field_confidence.as_json() if task.field_confidence else {})
            for task in outcome.directive.tasks
            if task.needs_review
        ),
        same_directive=saved.duplicate_of,
    )
