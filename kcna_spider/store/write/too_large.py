"""Handle documents that are too large for MongoDB: refuse only the item that makes one too large."""

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
    """Write each half of a batch again after an error; return the outcome of each item.

    The outcome is TOO_LARGE for an item that makes a document too large. write: a function that is safe to
    repeat and returns the outcome of each item. Raise the error if it has another cause.
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
