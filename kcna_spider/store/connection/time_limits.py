"""Time limits of database operations. One that exceeds its limit is retried as after any other outage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pymongo

OPERATION_SECONDS = 30.0  # one find, getMore or write of a crawl, unless the URI names a limit
CONFIRMATION_SECONDS = 20.0  # for the members of a write's write concern to confirm it
LONG_OPERATION_SECONDS = 600.0  # one find, getMore or aggregate of a command that reads
_A_DAY = 86_400.0


@contextmanager
def long_operation(seconds: float | None = LONG_OPERATION_SECONDS) -> Iterator[None]:
    """Give all operations in the block `seconds` together, instead of the connection's limit for each.

    seconds: None for a day, for an index that takes hours to build. Use it inside the function that a
    RetryPolicy calls, so that each attempt has the whole time, and never around a `yield`: the limit would
    apply to the caller too. A connection for reading needs it only for operations that take longer than
    LONG_OPERATION_SECONDS.
    """
    with pymongo.timeout(_A_DAY if seconds is None else seconds):  # with None, the URI's limit would apply
        yield
