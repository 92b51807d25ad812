"""The part of the store for the instances of recurring tasks."""

from __future__ import annotations

from datetime import date

from tracking import occurring, periods
from tracking.acting import ActingStore
from tracking.acts import stored_task
from tracking.detail import OccurrenceRow
from tracking.rows import TaskRow
from tracking.views import occurrences_sql


class PeriodStore(ActingStore):
    """What people see of and do to the days on which recurring tasks fall due."""

    def make_occurrences(self, until: date | None = None) -> None:
        """See to it that recurring tasks have their instances up to that day (None: about a year ahead); quick when they have."""
        if (day := occurring.behind(self._connection, until)) is not None:
            with self._writing() as connection:
                occurring.make(connection, day)

    def occurrences(self, task_id: int, until: date | None = None, as_of: date | None = None) -> list[OccurrenceRow]:
        """The instances of a recurring task as they stand on a day (today when None), earliest first; up to ``until`` when given."""
        self.make_occurrences(until)
        stored_task(self._connection, task_id)
        rows = self._connection.execute(occurrences_sql(":as_of"), {"task": task_id, "as_of": (as_of or date.today()).isoformat()})
        found = [OccurrenceRow.from_row(row) for row in rows]
        return [each for each in found if until is None or each.scheduled <= until]

    def set_occurrence(
        self,
        occurrence_id: int,
        status: str,
        on: date | None,
        who: str,
        note: str | None = None,
        percent: int | None = None,
        *,
        expected: int | None = None,
    ) -> TaskRow:
        """One instance was completed on that day (``done``), or has another status; the row of its task.

        One from before the days that are followed, which is said to be owed: from it on all are followed.
        """
        task_id = occurring.task_of(self._connection, occurrence_id)
        with self._acting("occurrence", [task_id], who, note, expected) as act:
            periods.set_status(act, occurrence_id, status, on=on, percent=percent)
        return self._row(task_id)

    def follow_occurrences(self, task_id: int, since: date, who: str, note: str | None = None, *, expected: int | None = None) -> TaskRow:
        """Follow the instances from that day on, and none before; at first it is the day on which the document came in."""
        with self._acting("follow", [task_id], who, note, expected) as act:
            periods.follow_from(act, task_id, since)
        return self._row(task_id)

    def skip_occurrences(self, task_id: int, until: date, who: str, note: str | None = None, *, expected: int | None = None) -> TaskRow:
        """Stop following the instances due up to that day."""
        with self._acting("follow", [task_id], who, note, expected) as act:
            periods.skip_until(act, task_id, until)
        return self._row(task_id)
