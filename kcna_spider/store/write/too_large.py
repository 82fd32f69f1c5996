"""Documents that are larger than MongoDB takes: the item that makes one so is refused, no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bson.errors import BSONError
from pymongo.errors import BulkWriteError, DocumentTooLarge, OperationFailure, PyMongoError

T = TypeVar("T")
TOO_LARGE = "too_large"  # the outcome of such an item
# BSONObjectTooLarge, and the error of an update or upsert whose result would be too large.
_CODES = frozenset({10334, 17419, 17420})


def is_too_large(error: BaseException) -> bool:
    """Return whether the driver or the server refuses a document as too large."""
    if isinstance(error, BulkWriteError):
        return any(problem.get("code") in _CODES for problem in error.details.get("writeErrors", []))
    return isinstance(error, DocumentTooLarge) or (
        isinstance(error, OperationFailure) and error.code in _CODES
    )


def by_halves(
    batch: Sequence[T], write: Callable[[Sequence[T]], list[str]], error: PyMongoError | BSONError
) -> list[str]:
    """Write each half of a batch again after an error; return the outcomes.

    That of an item that makes a document too large is TOO_LARGE. write: safe to repeat; returns an outcome
    each. Raise the error if it has another cause.
    """
    if not is_too_large(error):
        raise error
    if len(batch) == 1:
        return [TOO_LARGE]
    middle = len(batch) // 2
    outcomes: list[str] = []
    for half in (batch[:middle], batch[middle:]):
        try:
            outcomes += write(half)
        except (PyMongoError, BSONError) as again:
            outcomes += by_halves(half, write, again)
    return outcomes
