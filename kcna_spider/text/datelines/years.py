"""The year that a dateline leaves out: the one nearest to the day of publication."""

from __future__ import annotations

import datetime as dt
import re

from kcna_spider.text.dates import JUCHE_BEFORE_FIRST_YEAR, date_or_none

# A date farther than half a year from the publication is none (29 February of a common year).
_FARTHEST = 183
# A dateline without a month is at most this many days older, or newer, than its publication.
_OLDEST, _NEWEST = 10, 3


def full_date(
    month: int | None, day: int | None, published: dt.date | None, year: int | None = None
) -> dt.date | None:
    """Return the date of a dateline; None where it does not exist or the year is unknown.

    year: where the dateline names it.
    """
    if year is not None and month is not None and day is not None:
        return date_or_none(year, month, day)
    if published is None or day is None:
        return None
    if month is None:
        return _nearest_day(day, published)
    found = [
        date
        for year in (published.year, published.year - 1, published.year + 1)
        if (date := date_or_none(year, month, day))
    ]
    nearest = min(found, key=lambda date: abs((published - date).days), default=None)
    if nearest is None or abs((published - nearest).days) > _FARTHEST:
        return None
    return nearest


def _nearest_day(day: int, published: dt.date) -> dt.date | None:
    for back in sorted(range(-_NEWEST, _OLDEST + 1), key=abs):
        try:
            date = published - dt.timedelta(days=back)
        except OverflowError:
            continue
        if date.day == day:
            return date
    return None


def stated_year(m: re.Match[str]) -> int | None:
    """Return the year that a dateline names, in group `year` or as a Juche year in `juche`, or None."""
    if m["year"]:
        return int(m["year"])
    return int(m["juche"]) + JUCHE_BEFORE_FIRST_YEAR if m["juche"] else None
