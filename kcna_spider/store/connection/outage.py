"""Retry database calls while the server is unavailable, and start the embedded server again.

Every call must be safe to repeat.
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_delay,
    stop_any,
    wait_random_exponential,
)
from tenacity.stop import stop_base

from kcna_spider.exceptions import StoreError, StoreUnavailableError
from kcna_spider.store.connection.client import Connection, masked

logger = logging.getLogger(__name__)

T = TypeVar("T")
P = ParamSpec("P")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_STOP_CHECK_SECONDS = 0.25
# Shutting down, stepping down, no primary, not enough members that acknowledge: these errors pass.
_TRANSIENT_CODES = frozenset(
    {64, 79, 89, 91, 100, 133, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436}
)
_MARGIN = dt.timedelta(minutes=1)  # writes from before the first failure may be half done


def is_transient(error: BaseException) -> bool:
    """Return whether an error says that the server is unavailable, not that it refuses the data."""
    if isinstance(error, BulkWriteError):
        problems = [*error.details.get("writeErrors", []), *error.details.get("writeConcernErrors", [])]
        return bool(error.details.get("writeConcernErrors")) or any(
            problem.get("code") in _TRANSIENT_CODES for problem in problems
        )
    return isinstance(error, ConnectionFailure) or (
        isinstance(error, OperationFailure) and error.code in _TRANSIENT_CODES
    )


class _StopWhen(stop_base):
    def __init__(self, condition: Callable[[], bool]) -> None:
        self.condition = condition

    def __call__(self, retry_state: RetryCallState) -> bool:  # noqa: ARG002  # tenacity's signature
        return self.condition()


class RetryPolicy:
    """Call `policy(work)` to get the result of `work`, retried while the server is unavailable.

    seconds: how long a call is retried before it raises StoreUnavailableError. stopping: returns True once
    the crawl is ending; then nothing is retried. interrupted: since when writes may be half done, None where
    they cannot be.
    """

    def __init__(
        self, connection: Connection, seconds: float, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self.connection, self.seconds, self.stopping = connection, seconds, stopping
        self.interrupted: dt.datetime | None = None
        self._gave_up = False

    def __call__(self, work: Callable[[], T], seconds: float | None = None) -> T:
        """Return the result of `work`.

        seconds: retry for this long instead; once a call was given up, later ones get one attempt.
        """
        limit = 0.0 if self._gave_up else self.seconds if seconds is None else seconds
        retrying = Retrying(
            retry=retry_if_exception(is_transient),
            wait=wait_random_exponential(multiplier=_FIRST_PAUSE, max=_LONGEST_PAUSE),
            stop=stop_any(stop_after_delay(limit), _StopWhen(self.stopping)),
            after=self._note,
            before=self._revive,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            result = retrying(work)
        except PyMongoError as error:
            if not is_transient(error):
                raise
            self._gave_up = True
            raise StoreUnavailableError(
                f"MongoDB at {self.connection.uri} is unavailable: {masked(str(error))[:200]}"
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
                masked(str(error))[:200],
            )

    def _revive(self, state: RetryCallState) -> None:
        if state.attempt_number == 1:
            return
        try:
            self.connection.revive()
        except StoreError as error:
            logger.warning("%s", error)

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.stopping():
            time.sleep(min(left, _STOP_CHECK_SECONDS))


def retried(method: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Decorate a method of an object that has `retry`, a RetryPolicy.

    Decorated methods must not call each other.
    """

    @functools.wraps(method)
    def call(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        result: T = self.retry(lambda: method(self, *args, **kwargs))
        return result

    return call
