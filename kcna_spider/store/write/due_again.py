"""When later crawls repeat a failed request: 0, 6, 18, 42, ... hours after the last attempt, ten in all."""

from __future__ import annotations

import datetime as dt

MAX_TRIES = 10
_PAUSE = dt.timedelta(hours=6)


def may_be_tried(tries: int) -> bool:
    """Return whether a request that failed `tries` times may be made again."""
    return tries < MAX_TRIES


def is_due_again(tries: int, last: dt.datetime, now: dt.datetime) -> bool:
    """Return whether a request is due again after `tries` failed attempts, the last one at `last`.

    The second attempt is due at once, in the next crawl.
    """
    return may_be_tried(tries) and last + _PAUSE * (2 ** (tries - 1) - 1) <= now
