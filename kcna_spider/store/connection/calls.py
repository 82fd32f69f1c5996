"""Call the database: retry while it is unavailable, split values into batches, find refused writes.

Every call must be safe to repeat. An embedded server that has died is started again.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from itertools import islice
from typing import Any, Concatenate, ParamSpec, TypeVar

import pymongo
from pymongo.errors import BulkWriteError, PyMongoError
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_delay,
    wait_random_exponential,
)

from kcna_spider.exceptions import StoreError, StoreUnavailableError
from kcna_spider.store.connection.client import Connection, masked
from kcna_spider.store.connection.failures import is_transient, reason_of
from kcna_spider.store.connection.profiles import SECANTUS

logger = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_STOP_CHECK_SECONDS = 0.25
LAST_SECONDS = 3.0  # limit for a call after an earlier one was given up, so that a crawl can end
_DUPLICATE_KEY = 11000
AT_ONCE = SECANTUS.in_size  # number of values in a query that suits every server
_MARGIN = dt.timedelta(minutes=1)  # writes from shortly before the first failure may be half done


class RetryPolicy:
    """Call `policy(work)` to get the result of `work`, retried while the server is unavailable.

    seconds: how long a call is retried before it raises StoreUnavailableError. stopping: returns True once
    the crawl is ending; then nothing is retried, and only the connection's limits end an attempt.
    interrupted: the time since which writes may be half done, or None.
    """

    def __init__(
        self, connection: Connection, seconds: float, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self.connection, self.seconds, self.stopping = connection, seconds, stopping
        self.interrupted: dt.datetime | None = None
        self._gave_up = False

    def __call__(self, work: Callable[[], T], seconds: float | None = None) -> T:
        """Return the result of `work`.

        seconds: retry for this long instead. After a call was given up, later ones get one short attempt
        until one succeeds.
        """
        limit = 0.0 if self._gave_up else self.seconds if seconds is None else seconds
        too_long = stop_after_delay(limit)
        retrying = Retrying(
            retry=retry_if_exception(is_transient),
            wait=wait_random_exponential(multiplier=_FIRST_PAUSE, max=_LONGEST_PAUSE),
            stop=lambda state: too_long(state) or self.stopping(),
            after=self._note,
            before_sleep=self._revive,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            with pymongo.timeout(LAST_SECONDS) if self._gave_up else nullcontext():
                result = retrying(work)
        except PyMongoError as error:
            if not is_transient(error):
                raise
            self._gave_up = True
            raise StoreUnavailableError(
                f"MongoDB at {self.connection.uri} is unavailable: {masked(reason_of(error))}"
            ) from None
        if retrying.statistics.get("attempt_number", 1) > 1:
            logger.warning("MongoDB at %s is available again", self.connection.uri)
        self._gave_up = False
        return result

    def _note(self, state: RetryCallState) -> None:
        self.interrupted = self.interrupted or dt.datetime.now(dt.UTC) - _MARGIN
        error = state.outcome.exception() if state.outcome else None
        if state.attempt_number == 1 and not self._gave_up:
            logger.warning(
                "MongoDB at %s became unavailable; waiting for it: %s",
                self.connection.uri,
                masked(reason_of(error)) if error else "",
            )

    def _revive(self, state: RetryCallState) -> None:  # noqa: ARG002  # tenacity's signature
        try:
            self.connection.revive()
        except StoreError as error:
            logger.warning("%s", error)

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.stopping():
            time.sleep(min(left, _STOP_CHECK_SECONDS))


def retried(method: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Retry a method with the RetryPolicy `self.retry`. Decorated methods must not call each other."""

    @functools.wraps(method)
    def call(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = self.retry(lambda: method(self, *args, **kwargs))
        return result

    return call


def batched(values: Iterable[T], most: int = AT_ONCE) -> Iterator[list[T]]:
    """Yield the values in lists of at most `most`."""
    iterator = iter(values)
    while batch := list(islice(iterator, most)):
        yield batch


def refused(write: Any) -> set[int]:
    """Run a bulk write; return the positions that a unique index refused. Raise any other error."""
    try:
        write()
    except BulkWriteError as error:
        return duplicates(error)
    return set()


def duplicates(error: BulkWriteError) -> set[int]:
    """Return the positions in a bulk write that a unique index refused.

    Raise the error if it has any other cause.
    """
    problems = error.details["writeErrors"]
    if error.details.get("writeConcernErrors") or any(
        problem["code"] != _DUPLICATE_KEY for problem in problems
    ):
        raise error
    return {problem["index"] for problem in problems}
