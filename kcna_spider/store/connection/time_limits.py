"""How long one operation of the database may take; what exceeds it is retried like any other outage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pymongo

OPERATION_SECONDS = 30.0  # one find, getMore or write of a crawl, unless the URI names a limit
LONG_OPERATION_SECONDS = 600.0  # one find, getMore or aggregate of a command that reads


@contextmanager
def long_operation(seconds: float | None = LONG_OPERATION_SECONDS) -> Iterator[None]:
    """Give all operations in the block `seconds` together, instead of the connection's limit for each.

    None: no limit, for an index that takes hours to build. Use it inside the function that a RetryPolicy
    calls, so that each attempt has the whole time, and never around a `yield`: the limit would hold for the
    caller too. A connection for reading needs it only for what takes longer than LONG_OPERATION_SECONDS.
    """
    with pymongo.timeout(seconds or 0):  # None would mean the connection's limit
        yield
