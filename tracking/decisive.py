"""Which of a task's deadlines it is followed up by, and on which day that one ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from extract.directive import Deadline
from extract.workdays import due_of
from tracking.folding import fold_name

_OF_THIS_DOCUMENT = re.compile(
    r"(?:ke |tinh )?(?:tu )?(?:ngay |khi )?(?:ky|ban hanh|ky ban hanh|phat hanh|nhan|nhan duoc)"
    r"(?: (?:van ban|cong van|chi thi|ke hoach|quyet dinh|thong bao|cong dien))?(?: nay)?"
)
"""Folded anchors that mean this document ("ngày ký", "ngày nhận được văn bản này"); its date stands in for the day of receipt."""


def decisive(deadlines: Sequence[Deadline], dated: date | None) -> Deadline | None:
    """The deadline a task is followed up by.

    The earliest day still to come when the document was issued, since a first report missed is the first thing to press for; a
    day before the document's own date is most likely misread, so it counts only when there is no other. Without any day: the
    shortest term that can be counted from the document's date, then a recurring deadline, then whatever there is. When a first stage
    is done, a person moves ``due`` to the next (all stay in ``task_deadlines``).
    """
    hard = [(deadline.due, position) for position, deadline in enumerate(deadlines) if deadline.due]
    ahead = [found for found in hard if dated is None or found[0] >= dated]
    counted = [(day, position) for position, deadline in enumerate(deadlines) if (day := counted_due(deadline, dated))]
    if hard or counted:
        _, position = min(ahead) if ahead else max(hard) if hard else min(counted)
        return deadlines[position]
    return next((deadline for deadline in deadlines if deadline.recurrence), deadlines[0] if deadlines else None)


def counted_due(deadline: Deadline, dated: date | None) -> date | None:
    """The last day of a term that runs from the signing or receipt of this document; None for other terms and without a date."""
    relative = deadline.relative
    if relative is None or dated is None or deadline.due or not _OF_THIS_DOCUMENT.fullmatch(fold_name(relative.anchor)):
        return None
    return due_of(relative, dated)
