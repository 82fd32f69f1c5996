"""The current time, as MongoDB keeps timestamps: UTC, to the millisecond."""

from __future__ import annotations

import datetime as dt


def utc_now() -> dt.datetime:
    """Return the current time."""
    return to_milliseconds(dt.datetime.now(dt.UTC))


def to_milliseconds(timestamp: dt.datetime) -> dt.datetime:
    """Return a timestamp without what MongoDB does not keep of it."""
    return timestamp.replace(microsecond=timestamp.microsecond // 1000 * 1000)
