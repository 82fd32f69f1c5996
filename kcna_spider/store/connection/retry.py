"""Waits for a database that went away, and starts the embedded server again. All that is asked here may be asked twice."""

from __future__ import annotations

import datetime as dt
import functools
import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError

from kcna_spider.exceptions import StoreAwayError, StoreError
from kcna_spider.store.connection.client import Connection, masked

logger = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
# Shutting down, stepping down, no primary, not enough members that acknowledge: it will pass.
_PASSING = frozenset({64, 79, 89, 91, 100, 133, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436})
_MARGIN = dt.timedelta(minutes=1)  # what was written before the first failure may be half done


def is_away(error: Exception) -> bool:
    """Whether an error says that the server can't be had now, not that it refuses what it is given."""
    if isinstance(error, BulkWriteError):
        problems = [*error.details.get("writeErrors", []), *error.details.get("writeConcernErrors", [])]
        return bool(error.details.get("writeConcernErrors")) or any(problem.get("code") in _PASSING for problem in problems)
    return isinstance(error, ConnectionFailure) or (isinstance(error, OperationFailure) and error.code in _PASSING)


class Patience:
    """`patience(work)` gives what `work` gives, asked again while the server is away; StoreAwayError after `seconds`.

    `interrupted`: since when writes may be half done, None where they can't be.
    """

    def __init__(self, connection: Connection, seconds: float) -> None:
        self.connection, self.seconds = connection, seconds
        self.interrupted: dt.datetime | None = None
        self.outages = 0
        self._away = False
        self._hurry = threading.Event()
        self._inside = threading.local()

    def hurry(self) -> None:
        """Wait no longer, now and later: the crawl is to end."""
        self._hurry.set()

    def __call__(self, work: Callable[[], T], seconds: float | None = None) -> T:
        """The result; `seconds`: how long to wait instead. A call within a call doesn't wait: the outer one asks for all of it again."""
        if getattr(self._inside, "is_so", False):
            return work()
        self._inside.is_so = True
        try:
            return self._until_answered(work, self.seconds if seconds is None else seconds)
        finally:
            self._inside.is_so = False

    def _until_answered(self, work: Callable[[], T], seconds: float) -> T:
        deadline = time.monotonic() + seconds
        tries = 0
        while True:
            if self._away and self._hurry.is_set():  # not even a try, which takes seconds
                raise StoreAwayError(f"MongoDB at {self.connection.uri} is away, and the crawl ends")
            try:
                result = work()
            except PyMongoError as error:
                if not is_away(error):
                    raise
                self._note(error, tries)
                if time.monotonic() >= deadline or self._hurry.is_set():
                    raise StoreAwayError(f"MongoDB at {self.connection.uri} is away: {masked(str(error))[:200]}") from None
            else:
                self._away = False
                if tries:
                    logger.warning("MongoDB at %s is back", self.connection.uri)
                return result
            self._hurry.wait(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**tries, max(0.0, deadline - time.monotonic())) * random.uniform(0.5, 1.0))
            tries += 1
            self._revive()

    def _note(self, error: PyMongoError, tries: int) -> None:
        self._away = True
        if not tries:
            self.outages += 1
            self.interrupted = self.interrupted or dt.datetime.now(dt.UTC) - _MARGIN
            logger.warning("MongoDB at %s went away, it is waited for: %s", self.connection.uri, masked(str(error))[:200])

    def _revive(self) -> None:
        try:
            self.connection.revive()
        except StoreError as error:
            logger.warning("%s", error)


def patient(method: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """For methods of an object that has `patience`: each call waits for a server that is away."""

    @functools.wraps(method)
    def waiting(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = self.patience(lambda: method(self, *args, **kwargs))
        return result

    return waiting
