"""Timestamps as MongoDB keeps them: UTC, to the millisecond."""

from __future__ import annotations

import datetime as dt
from typing import overload


def utc_now() -> dt.datetime:
    """Return the current time."""
    return to_milliseconds(dt.datetime.now(dt.UTC))


def to_milliseconds(timestamp: dt.datetime) -> dt.datetime:
    """Return a timestamp without what MongoDB does not keep of it."""
    return timestamp.replace(microsecond=timestamp.microsecond // 1000 * 1000)


@overload
def midnight(day: dt.date) -> dt.datetime: ...
@overload
def midnight(day: None) -> None: ...
def midnight(day: dt.date | None) -> dt.datetime | None:
    """Return a date as MongoDB keeps it: 00:00 UTC; None for None."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) if day else None
