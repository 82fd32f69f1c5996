"""A lock in the database that a crawl holds while it checks new articles for near-duplicates and stores them.

Unique indexes prevent two crawls from storing the same text twice, but no index can compare near-duplicates.
The lock is a lease by the server's clock, so that the lease of a dead holder expires. A holder renews its
lease just before it writes, and the write may take half of the lease. A holder that was too slow finds its
lease lost and writes nothing.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from typing import Any

import pymongo
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError, PyMongoError

from kcna_spider.exceptions import StoreError
from kcna_spider.store.write.conflicts import growing_pauses

LEASE_SECONDS = 30.0  # how long other crawls wait for a killed holder
_NAME = "identity"
_WAIT_SECONDS = 90.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5
_WRITE_SHARE = 0.5  # of the lease; the rest is reserved for a write that reaches the server late
_RELEASE_SECONDS = 5.0


class DatabaseLock:
    """The lock: use `with lock.held():`, and call `renew()` before a write. Create one per process."""

    def __init__(self, locks: Collection[dict[str, Any]]) -> None:
        self.locks = locks
        self.lease_seconds, self.wait_seconds = LEASE_SECONDS, _WAIT_SECONDS
        self.token = ""
        # All tokens of this object that may be in the database. Each is used for one lease only, so that a
        # release that reaches the server late cannot end a later lease.
        self._tokens: list[str] = []
        self._lease: list[dict[str, Any]] = []  # the update that begins or extends the lease
        self._free: dict[str, Any] = {}  # the query for the lock if it is free, expired, or held by a token
        self._inserted = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lease in a `with` block. Raise StoreError if it is not free within 90 seconds."""
        if not self._inserted:
            with suppress(DuplicateKeyError):  # the document usually exists
                self.locks.insert_one({"_id": _NAME, "owner": None, "until": None})
            self._inserted = True
        self.token = uuid.uuid4().hex
        self._tokens.append(self.token)
        until = {"$add": ["$$NOW", round(self.lease_seconds * 1000)]}
        self._lease = [{"$set": {"owner": self.token, "until": until}}]
        # Compare numbers, because SecantusDB never considers a stored date to be before $$NOW.
        expired = {"$expr": {"$lt": [{"$toLong": "$until"}, {"$toLong": "$$NOW"}]}}
        self._free = {"_id": _NAME, "$or": [{"owner": {"$in": [None, *self._tokens]}}, expired]}
        if self.renew(self._free) is None:
            self._wait()
        self._tokens = [self.token]
        try:
            yield
        finally:
            # In an empty context, so that a time limit of the caller that has expired does not prevent it.
            Context().run(self._release)

    def _release(self) -> None:
        """End the lease. If that fails, it expires, or this object takes it again."""
        with suppress(PyMongoError), pymongo.timeout(_RELEASE_SECONDS):
            self.locks.update_one({"_id": _NAME, "owner": self.token}, {"$set": {"owner": None}})

    def renew(self, wanted: dict[str, Any] | None = None) -> float | None:
        """Extend the lease; return for how many seconds a write may run, or None if the lease was lost.

        wanted: the query that the lock must match; by default, that this object holds it.
        """
        began = time.monotonic()
        query = wanted or {"_id": _NAME, "owner": self.token}
        if not self.locks.update_one(query, self._lease).matched_count:
            return None
        left = self.lease_seconds * _WRITE_SHARE - (time.monotonic() - began)
        return left if left > 0 else None

    def _wait(self) -> None:
        deadline = time.monotonic() + self.wait_seconds
        for pause in growing_pauses(_FIRST_PAUSE, _LONGEST_PAUSE):
            if time.monotonic() > deadline:
                raise StoreError(
                    f"Another crawl has held the lock '{_NAME}' of the database for {self.wait_seconds:.0f} s"
                )
            time.sleep(pause)
            if self.renew(self._free) is not None:
                return
