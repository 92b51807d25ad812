"""The half of the store by which people act: each method is one transaction and one act, which ``undo`` takes back whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from ingest.errors import UsageError
from tracking import followup, headers, journal, merging, parting, periods, reading, shares, undo
from tracking.acts import Act, acting
from tracking.occurring import PERIODIC
from tracking.open_file import OpenFile
from tracking.rows import DocumentRow, TaskRow


class ActingStore(OpenFile):
    """What people do. ``who`` is named in the history; ``note`` stands there too.

    ``expected`` is the number of the newest event that the caller has seen of the tasks concerned (0: none yet): when somebody did
    something to one of them since, the act is refused with :class:`ingest.errors.ConflictError` and nothing is written. None: no check.

    ``agency`` names one of the departments that answer for the task today (groups expanded, successors followed): the act then
    concerns its part only. :class:`ingest.errors.UsageError` when it does not answer for the task, with the names of those that do.

    Methods raise :class:`ingest.errors.NotFound` for an unknown task, :class:`ingest.errors.UsageError` for what makes no sense.
    """

    @contextmanager
    def _acting(
        self, what: str, task_ids: Sequence[int], who: str, note: str | None, expected: int | None, undoes: int | None = None
    ) -> Iterator[Act]:
        with self._writing() as connection, acting(connection, what, who=who, names=self._names, note=note, undoes=undoes) as act:
            act.expect(task_ids, expected)
            yield act

    def _row(self, task_id: int) -> TaskRow:
        return reading.task_row(self._connection, task_id, None)

    # Status

    def mark_done(
        self, task_id: int, on: date, who: str, note: str | None = None, agency: str | None = None, *, expected: int | None = None
    ) -> TaskRow:
        """The task, or the part of one department, was completed on that day. ``note`` also becomes its note."""
        with self._acting("done", [task_id], who, note, expected) as act:
            _set_status(act, task_id, agency, "done", on)
        return self._row(task_id)

    def reopen(self, task_id: int, who: str, note: str | None = None, agency: str | None = None, *, expected: int | None = None) -> TaskRow:
        """The task, or the part of one department, is owed again."""
        with self._acting("reopen", [task_id], who, note, expected) as act:
            _set_status(act, task_id, agency, "open", None)
        return self._row(task_id)

    def set_status(
        self,
        task_id: int,
        status: str,
        who: str,
        note: str | None = None,
        agency: str | None = None,
        superseded_by: int | None = None,
        *,
        expected: int | None = None,
    ) -> TaskRow:
        """Any stored status but ``done``: in_progress, extension_requested, returned, transferred, cancelled, open.

        ``superseded_by`` goes with ``cancelled``: the document that took the place of the task's.
        """
        with self._acting("status", [task_id], who, note, expected) as act:
            _set_status(act, task_id, agency, status, None, superseded_by)
        return self._row(task_id)

    # Extensions

    def request_extension(
        self,
        task_id: int,
        until: date,
        who: str,
        note: str | None = None,
        agency: str | None = None,
        *,
        occurrence: int | None = None,
        expected: int | None = None,
    ) -> TaskRow:
        """More time is asked for; the deadline stays until it is granted.

        Of a recurring task for one ``occurrence`` (its id), by default the first that is still owed.
        """
        with self._acting("request_extension", [task_id], who, note, expected) as act:
            if _of_occurrence(act, task_id, agency, occurrence):
                periods.request_extension(act, task_id, occurrence, until)
            elif agency is None:
                followup.request_extension(act, task_id, until)
            else:
                shares.request_extension(act, task_id, agency, until)
        return self._row(task_id)

    def grant_extension(
        self,
        task_id: int,
        until: date,
        who: str,
        note: str | None = None,
        agency: str | None = None,
        *,
        occurrence: int | None = None,
        expected: int | None = None,
    ) -> TaskRow:
        """A new deadline, asked for or not; ``first_due`` keeps the first one, the status becomes in_progress.

        Of a recurring task one ``occurrence`` (by default the first that is still owed) is put off, the others keep their days.
        """
        with self._acting("grant_extension", [task_id], who, note, expected) as act:
            if _of_occurrence(act, task_id, agency, occurrence):
                periods.grant_extension(act, task_id, occurrence, until)
            elif agency is None:
                followup.grant_extension(act, task_id, until)
            else:
                shares.grant_extension(act, task_id, agency, until)
        return self._row(task_id)

    def refuse_extension(
        self,
        task_id: int,
        who: str,
        note: str | None = None,
        agency: str | None = None,
        *,
        occurrence: int | None = None,
        expected: int | None = None,
    ) -> TaskRow:
        """The request is turned down; deadline and status are as before it."""
        with self._acting("refuse_extension", [task_id], who, note, expected) as act:
            if _of_occurrence(act, task_id, agency, occurrence):
                periods.refuse_extension(act, task_id, occurrence)
            elif agency is None:
                followup.refuse_extension(act, task_id)
            else:
                shares.refuse_extension(act, task_id, agency)
        return self._row(task_id)

    # Corrections

    def edit(
        self,
        task_id: int,
        *,
        who: str,
        reason: str | None = None,
        agency: str | None = None,
        expected: int | None = None,
        **fields: object,
    ) -> TaskRow:
        """Correct fields (:data:`tracking.followup.EDITABLE`): ``edit(7, who="An", due="2025-06-30", note=None)``; empty clears.

        For one department (``agency``) only ``percent`` and ``note``.
        """
        with self._acting("edit", [task_id], who, reason, expected) as act:
            _edit(act, task_id, agency, fields)
        return self._row(task_id)

    def assign(
        self,
        task_id: int,
        *,
        who: str,
        lead: Sequence[str] | None = None,
        coordinating: Sequence[str] | None = None,
        reason: str | None = None,
        expected: int | None = None,
    ) -> TaskRow:
        """Say who leads and who takes part; the names given replace those of that role, None leaves it."""
        roles = {"lead": _listed(lead), "coordinating": _listed(coordinating)}
        with self._acting("assign", [task_id], who, reason, expected) as act:
            followup.assign(act, task_id, roles)
        return self._row(task_id)

    def confirm(self, task_id: int, who: str, note: str | None = None, *, expected: int | None = None) -> TaskRow:
        """A person has checked it: nothing is in doubt, and taking the document in again changes none of its fields."""
        with self._acting("confirm", [task_id], who, note, expected) as act:
            followup.confirm(act, task_id)
        return self._row(task_id)

    def edit_document(
        self, document_id: int, *, who: str, note: str | None = None, expected: int | None = None, **fields: object
    ) -> DocumentRow:
        """Correct header fields (:data:`tracking.headers.HEADER_FIELDS`); reading the document again keeps them.

        Links to other documents, duplicates, members of groups, rhythms and terms counted from the document's date follow, as part of the
        act. ``expected`` is the newest of the document's ``office_events`` that was seen.
        """
        with self._acting("edit_document", [], who, note, None) as act:
            act.expect_header(document_id, expected)
            headers.edit(act, document_id, fields)
        return reading.document(self._connection, document_id)

    def check_document(self, document_id: int, who: str, note: str | None = None) -> DocumentRow:
        """Everything that the reading warned of was compared with the paper; later readings may add new warnings."""
        with self._acting("check_document", [], who, note, None) as act:
            headers.check(act, document_id)
        return reading.document(self._connection, document_id)

    # Tasks made, divided, joined, taken away

    def add_task(  # noqa: PLR0913 - what a form has
        self,
        document_id: int,
        *,
        who: str,
        text: str,
        page: int,
        line_first: int,
        line_last: int,
        lead: Sequence[str] = (),
        coordinating: Sequence[str] = (),
        note: str | None = None,
        **fields: object,
    ) -> TaskRow:
        """A task that was not found, on those lines of a page (from 1); further ``fields`` as :meth:`edit`: ``due``, ``recurrence`` …"""
        roles = {"lead": _listed(lead) or [], "coordinating": _listed(coordinating) or []}
        with self._acting("add", [], who, note, None) as act:
            task_id = parting.add(
                act, document_id, text=text, page=page, line_first=line_first, line_last=line_last, roles=roles, fields=fields
            )
        return self._row(task_id)

    def split(self, task_id: int, texts: Sequence[str], who: str, note: str | None = None, *, expected: int | None = None) -> list[TaskRow]:
        """The first text stays in the task, the others become tasks with the same agencies, deadline and place; the old task first."""
        with self._acting("split", [task_id], who, note, expected) as act:
            ids = parting.split(act, task_id, texts)
        return [self._row(each) for each in ids]

    def merge(self, task_ids: Sequence[int], who: str, note: str | None = None, *, expected: int | None = None) -> TaskRow:
        """Tasks of one document become the first of them on the paper, with what each department has done; the others are removed."""
        with self._acting("merge", task_ids, who, note, expected) as act:
            kept = merging.merge(act, task_ids)
        return self._row(kept)

    def remove(self, task_id: int, who: str, note: str | None = None, *, expected: int | None = None) -> TaskRow:
        """It is no task, or not ours: no list shows it any more, also after the document was read again. Its history stays."""
        with self._acting("remove", [task_id], who, note, expected) as act:
            parting.remove(act, task_id)
        return self._row(task_id)

    def bring_back(self, task_id: int, who: str, note: str | None = None, *, expected: int | None = None) -> TaskRow:
        """A removed task is there again."""
        with self._acting("bring_back", [task_id], who, note, expected) as act:
            parting.bring_back(act, task_id)
        return self._row(task_id)

    # Several at once, and back

    def change_many(  # noqa: PLR0913 - what a form has
        self,
        task_ids: Sequence[int],
        who: str,
        *,
        status: str | None = None,
        on: date | None = None,
        due: date | str | None = None,
        lead: Sequence[str] | None = None,
        percent: int | None = None,
        note: str | None = None,
        confirm: bool = False,
        agencies: Sequence[str] | None = None,
        expected: int | None = None,
    ) -> list[TaskRow]:
        """The same change to several tasks as one act: all of them or, when one cannot take it, none. None leaves a field.

        ``agencies``: to the parts of these departments in each of the tasks, for which there are status, percentage and note.
        """
        ids = list(dict.fromkeys(task_ids))
        fields: dict[str, object] = {name: value for name, value in {"due": due, "percent": percent}.items() if value is not None}
        names, parts = _listed(lead), _listed(agencies)
        if not ids or not (status or fields or names or note or confirm):
            raise UsageError("chưa chọn nhiệm vụ hoặc chưa nêu thay đổi.")
        if on is not None and status != "done":
            raise UsageError("ngày hoàn thành chỉ đi cùng trạng thái «done».")
        if parts is not None and (names or confirm or due is not None):
            raise UsageError("của riêng một cơ quan chỉ ghi được trạng thái, tỷ lệ hoàn thành và ghi chú.")
        if note and not status:
            fields["note"] = note  # with a status the act's note becomes that of the task anyway
        with self._acting("change_many", ids, who, note, expected) as act:
            for task_id in ids:
                if names:
                    followup.assign(act, task_id, {"lead": names})
                for agency in parts if parts is not None else (None,):
                    if fields:
                        _edit(act, task_id, agency, fields)
                    if status:
                        _set_status(act, task_id, agency, status, (on or date.today()) if status == "done" else None)
                if confirm:
                    followup.confirm(act, task_id)
        return [self._row(task_id) for task_id in ids]

    def undo(self, action: int, who: str, note: str | None = None) -> list[TaskRow]:
        """Take an act back whole; the tasks it concerned (none for a header). An undo can be taken back too.

        :raises ConflictError: a newer act changed the same fields; the message lists it.
        """
        with self._acting("undo", [], who, note, None, undoes=action) as act:
            undo.undo(act, action)
        return [self._row(task_id) for task_id in act.touched]

    def last_action(self, task_id: int | None = None, *, who: str | None = None) -> int | None:
        """The newest act of one task, of one person or of all that was not taken back; None when there is none."""
        return undo.last_action(self._connection, task_id, who)

    def history(
        self, task_id: int | None = None, document_id: int | None = None, who: str | None = None, limit: int | None = 50
    ) -> list[journal.ActRow]:
        """Acts on one task, on one document (header and tasks), of one person, or all; newest first."""
        return journal.journal(self._connection, task_id=task_id, document_id=document_id, who=who, limit=limit)


def _set_status(act: Act, task_id: int, agency: str | None, status: str, on: date | None, superseded_by: int | None = None) -> None:
    if agency is None:
        followup.set_status(act, task_id, status, on=on, superseded_by=superseded_by)
    elif superseded_by is not None:
        raise UsageError("văn bản thay thế là của cả nhiệm vụ, không của riêng một cơ quan.")
    else:
        shares.set_status(act, task_id, agency, status, on=on)


def _edit(act: Act, task_id: int, agency: str | None, fields: Mapping[str, object]) -> None:
    if agency is None:
        followup.edit(act, task_id, fields)
    else:
        shares.edit(act, task_id, agency, fields)


def _of_occurrence(act: Act, task_id: int, agency: str | None, occurrence: int | None) -> bool:
    if occurrence is None and act.task(task_id)["recurrence"] not in PERIODIC:
        return False
    if agency is not None:
        raise UsageError("nhiệm vụ định kỳ được gia hạn theo từng kỳ, không theo từng cơ quan.")
    return True


def _listed(names: Sequence[str] | None) -> list[str] | None:
    if isinstance(names, str):
        raise UsageError("tên cơ quan phải là một danh sách.")
    return None if names is None else list(names)
