"""Working days of Vietnamese offices, and the day on which a counted term ends.

Offices work Monday to Friday. Public holidays come from the ``holidays`` library (Labour Code 2019, article 112, with the days that
compensate for weekends); ``resources/working_day_swaps.csv`` overrides it, because days off paid back by a working Saturday are
announced each year. The swap of 02/01/2026 was proposed but its announcement has not been seen; it is not in the file.

Counting follows the Civil Code 2015, articles 146 to 148: the day of the event is not counted; a term in months or years ends on
the same day of the month (or its last day); an end on a day off moves to the next working day.
"""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

from extract.directive import RelativeTerm
from extract.folding import fold

_DAY = timedelta(days=1)
_TYPES = "van ban|cong van|chi thi|ke hoach|quyet dinh|thong bao|cong dien|chuong trinh|huong dan|nghi quyet|ket luan|quy che|thu"
_DEED = "(?:ky|ban hanh|ky ban hanh|phat hanh|nhan duoc|nhan|tiep nhan|co)"
_THIS_DOCUMENT = re.compile(
    rf"(?:ke |tinh )?(?:tu )?(?:ngay |khi )?(?:{_DEED}(?: (?:{_TYPES}))?(?: nay)?"
    rf"|(?:{_TYPES}) nay (?:duoc )?(?:ky|ban hanh|ky ban hanh|phat hanh)|ra (?:{_TYPES})(?: nay)?)"
)


@lru_cache(maxsize=1)
def working_day_swaps() -> dict[date, bool]:
    """Days announced otherwise than the calendar has them → whether offices work on them."""
    text = (files("extract") / "resources" / "working_day_swaps.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#"))
    return {date.fromisoformat(row["date"]): row["working"] == "yes" for row in rows}


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year by the ``holidays`` library, those in lieu of a weekend included."""
    import holidays  # noqa: PLC0415 - a third of a second to import, needed only when a term is computed

    return frozenset(holidays.country_holidays("VN", years=year))


def is_working_day(day: date) -> bool:
    """Whether public offices work on that day."""
    announced = working_day_swaps().get(day)
    if announced is not None:
        return announced
    return day.weekday() < 5 and day not in public_holidays(day.year)


def next_working_day(day: date) -> date:
    """The day itself when offices work on it, else the first working day after it."""
    while not is_working_day(day):
        day += _DAY
    return day


def add_working_days(start: date, n: int) -> date:
    """The ``n``-th working day after ``start`` (before it for negative ``n``); ``start`` is not counted."""
    step = _DAY if n >= 0 else -_DAY
    day, left = start, abs(n)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def last_day_before_tet(year: int) -> date | None:
    """The last working day before the days off for Tết Nguyên đán of ``year``; None where the library knows no holidays (far years)."""
    # Mùng 1 falls on 21 January to 20 February; its eve is the first holiday of the break.
    off = [day for day in public_holidays(year) if date(year, 1, 15) <= day <= date(year, 2, 22)]
    if not off:
        return None
    return add_working_days(min(off), -1)


def counts_from_this_document(relative: RelativeTerm) -> bool:
    """Whether a term runs from the signing or the receipt of the very document it stands in ("ngày ký", "ngày ban hành Chỉ thị này").

    For these :func:`due_of` with the document's date gives the last day; the day of receipt is not on the paper, the date stands for it.
    """
    return _THIS_DOCUMENT.fullmatch(fold(relative.anchor).strip(" .,;()")) is not None


def due_of(relative: RelativeTerm, base: date) -> date:
    """The last day of a term that is counted from ``base``, the day of its event.

    Terms counted back ("05 ngày trước ngày họp", an anchor that begins with "trước" or "so với") end on the day itself, unmoved. Hours
    are counted as whole days begun, since the hour of the event is not known.
    """
    back = -1 if fold(relative.anchor).startswith(("truoc ", "so voi ")) else 1
    n = relative.n * back
    if relative.unit == "working_day":
        return add_working_days(base, n)
    if relative.unit in ("month", "year"):
        end = _add_months(base, n * (12 if relative.unit == "year" else 1))
    elif relative.unit == "hour":
        end = base + back * timedelta(days=-(-relative.n // 24))
    else:
        end = base + timedelta(days=n * (7 if relative.unit == "week" else 1))
    return next_working_day(end) if back > 0 else end


def _add_months(day: date, n: int) -> date:
    month = day.month - 1 + n
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
