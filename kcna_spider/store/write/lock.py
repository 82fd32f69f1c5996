"""A short lock in the database.

One crawl at a time decides whether a text that looks new nearly equals a stored one.

Unique indexes decide between crawls that store the same text, but no index can compare near-equal texts.
The server's clock counts, and the lease of a dead holder expires.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from kcna_spider.exceptions import StoreError

_NAME = "identity"
_MILLISECONDS = 10_000  # how long a killed holder keeps the others waiting
_PATIENCE_SECONDS = 90.0


class DatabaseLock:
    """`with lock.held(): ...`; one object per process."""

    def __init__(self, locks: Collection[dict[str, Any]]) -> None:
        self.locks = locks
        self.owner = uuid.uuid4().hex

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the lease, at most a minute and a half. Raise StoreError after that."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._take():
            if time.monotonic() > deadline:
                raise StoreError(
                    f"Another crawl has held the lock '{_NAME}' of the database for {_PATIENCE_SECONDS:.0f} s"
                )
            time.sleep(random.uniform(0.002, 0.02))
        try:
            yield
        finally:
            self.locks.update_one({"_id": _NAME, "owner": self.owner}, {"$set": {"owner": None}})

    def _take(self) -> bool:
        """Return whether the lease is ours now: it was free, already ours, or expired."""
        taken = [{"$set": {"owner": self.owner, "until": {"$add": ["$$NOW", _MILLISECONDS]}}}]
        if self.locks.update_one({"_id": _NAME, "owner": {"$in": [None, self.owner]}}, taken).matched_count:
            return True
        with suppress(DuplicateKeyError):
            self.locks.insert_one({"_id": _NAME, "owner": None, "until": None})
        # The server's clock. An $expr with $$NOW is not the same on every server.
        now = self.locks.database.command("hello")["localTime"]
        return bool(self.locks.update_one({"_id": _NAME, "until": {"$lt": now}}, taken).matched_count)
