"""Parse the periods of queries: 2024, 2024-03, 2024-03-05, today, and ranges of them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_DAY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Days:
    """The days from first to last, inclusive; None is an open end."""

    first: dt.date | None
    last: dt.date | None


def days_of(text: str, today: dt.date) -> Days:
    """Return the days of a year, a month, a day, "today", or a range of them (`2024-01..2024-03`).

    Raise ValueError for anything else.
    """
    begin, dots, end = text.partition("..")
    if not dots:
        return _period(begin, today)
    if not begin and not end:
        raise ValueError("a range without days")
    first = _period(begin, today).first if begin else None
    last = _period(end, today).last if end else None
    if first and last and first > last:
        raise ValueError(f"{begin} is after {end}")
    return Days(first, last)


def _period(text: str, today: dt.date) -> Days:
    if text.lower() == "today":
        return Days(today, today)
    found = _DAY.fullmatch(text)
    if not found:
        raise ValueError("give a year, a month or a day, as 2024, 2024-03 or 2024-03-05")
    year, month, day = int(found["year"]), found["month"], found["day"]
    try:
        first = dt.date(year, int(month or 1), int(day or 1))
        last = dt.date(year, int(month or 12), int(day or calendar.monthrange(year, int(month or 12))[1]))
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError("there is no such day") from None
    return Days(first, last)
