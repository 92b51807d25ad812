"""Calendar arithmetic behind deadlines: literal dates, months, quarters, years as first and last day.

Values only, no text but the isolated literal date, which dateparser reads. "Đầu", "giữa" and "cuối" follow article 146 of the
Civil Code 2015: first, fifteenth and last day of a month; 1 January, 30 June, 31 December of a year.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateparser.date import DateDataParser


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included."""

    first: date
    last: date


def last_day(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def clamped(year: int, month: int, day: int) -> date:
    """The day, or the last of the month where the month is shorter (papers do write 31/6)."""
    return min(date(year, month, min(day, 28)).replace(day=min(day, monthrange(year, month)[1])), last_day(year, month))


def months(year: int, first: int, last: int) -> Period:
    """From month ``first`` to month ``last`` of ``year``; when ``first`` is later it lies in the year before."""
    return Period(date(year - (first > last), first, 1), last_day(year, last))


def quarters(year: int, first: int, last: int) -> Period:
    """From quarter ``first`` to quarter ``last`` of ``year``; when ``first`` is later it lies in the year before."""
    return Period(date(year - (first > last), 3 * first - 2, 1), last_day(year, 3 * last))


def years(first: int, last: int) -> Period:
    """Whole years."""
    return Period(date(first, 1, 1), date(last, 12, 31))


def quarter_of(day: date) -> int:
    """1 to 4."""
    return (day.month + 2) // 3


@lru_cache(maxsize=1)
def _reader() -> DateDataParser:
    # dateparser costs a quarter of a second to import and milliseconds to configure: both once, and only when a date turns up.
    from dateparser.date import DateDataParser  # noqa: PLC0415

    return DateDataParser(languages=["vi"], settings={"STRICT_PARSING": True, "DATE_ORDER": "DMY", "PARSERS": ["absolute-time"]})


@lru_cache(maxsize=4096)
def literal_date(day: int, month: int, year: int) -> date | None:
    """The date that "day/month/year" writes, read by dateparser; None when there is no such day (31/6).

    Only an isolated, complete date is given to dateparser: on anything looser it guesses ("năm 2023" becomes a day in May).
    """
    found = _reader().get_date_data(f"ngày {day:02d} tháng {month:02d} năm {year:04d}").date_obj
    return found.date() if found is not None else None
