"""When a request that failed is made again by a later crawl: after 6, 18, 42, ... hours, ten times in all."""

from __future__ import annotations

import datetime as dt

MAX_TRIES = 10
_PAUSE = dt.timedelta(hours=6)


def may_be_tried(tries: int) -> bool:
    """Return whether a request that failed some times is made again at all."""
    return tries < MAX_TRIES


def is_due_again(tries: int, last: dt.datetime, now: dt.datetime) -> bool:
    """Return whether enough time has passed since the last attempt; the next crawl makes the second one."""
    return may_be_tried(tries) and last + _PAUSE * (2 ** (tries - 1) - 1) <= now
