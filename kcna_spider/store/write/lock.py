"""A short lock in the database.

One crawl at a time decides whether a text that looks new nearly equals a stored one.

Unique indexes decide between crawls that store the same text, but no index can compare near-equal texts.
The server's clock counts, and the lease of a dead holder expires. A holder renews its lease just before it
writes, and the write may take half of the lease: one that was too slow finds its lease lost and writes
nothing.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pymongo
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError, PyMongoError

from kcna_spider.exceptions import StoreError
from kcna_spider.store.write.conflicts import growing_pauses

LEASE_SECONDS = 30.0  # how long a killed holder keeps the others waiting
_NAME = "identity"
_PATIENCE_SECONDS = 90.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5
_WRITE_SHARE = 0.5  # of the lease: the rest is for a write that reaches the server late
_GIVE_BACK_SECONDS = 5.0


class DatabaseLock:
    """`with lock.held(): ...`, and `lock.renew()` before a write; one object per process."""

    def __init__(self, locks: Collection[dict[str, Any]]) -> None:
        self.locks = locks
        self.lease_seconds, self.patience_seconds = LEASE_SECONDS, _PATIENCE_SECONDS
        self.token = ""
        # All that may be in the database as ours. A token is used for one lease only, so that a release that
        # reaches the server late can't end a later lease.
        self._tokens: list[str] = []
        self._lease: list[dict[str, Any]] = []  # the update that begins or extends the lease
        self._free: dict[str, Any] = {}  # the lock while it is free, already ours, or expired
        self._inserted = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the lease, at most a minute and a half. Raise StoreError after that."""
        if not self._inserted:
            with suppress(DuplicateKeyError):  # it is there, as a rule
                self.locks.insert_one({"_id": _NAME, "owner": None, "until": None})
            self._inserted = True
        self.token = uuid.uuid4().hex
        self._tokens.append(self.token)
        until = {"$add": ["$$NOW", round(self.lease_seconds * 1000)]}
        self._lease = [{"$set": {"owner": self.token, "until": until}}]
        # As numbers: SecantusDB finds no stored date to be before $$NOW.
        expired = {"$expr": {"$lt": [{"$toLong": "$until"}, {"$toLong": "$$NOW"}]}}
        self._free = {"_id": _NAME, "$or": [{"owner": {"$in": [None, *self._tokens]}}, expired]}
        if self.renew(self._free) is None:
            self._wait()
        self._tokens = [self.token]
        try:
            yield
        finally:
            # If it can't be given back, the lease expires, or this object takes it again.
            with suppress(PyMongoError), pymongo.timeout(_GIVE_BACK_SECONDS):
                self.locks.update_one({"_id": _NAME, "owner": self.token}, {"$set": {"owner": None}})

    def renew(self, wanted: dict[str, Any] | None = None) -> float | None:
        """Extend the lease; return for how many seconds a write may run, None where the lease was lost.

        wanted: the lock as it must be; default: still ours.
        """
        began = time.monotonic()
        query = wanted or {"_id": _NAME, "owner": self.token}
        if not self.locks.update_one(query, self._lease).matched_count:
            return None
        left = self.lease_seconds * _WRITE_SHARE - (time.monotonic() - began)
        return left if left > 0 else None

    def _wait(self) -> None:
        deadline = time.monotonic() + self.patience_seconds
        for pause in growing_pauses(_FIRST_PAUSE, _LONGEST_PAUSE):
            if time.monotonic() > deadline:
                raise StoreError(
                    f"Another crawl has held the lock '{_NAME}' of the database for "
                    f"{self.patience_seconds:.0f} s"
                )
            time.sleep(pause)
            if self.renew(self._free) is not None:
                return
