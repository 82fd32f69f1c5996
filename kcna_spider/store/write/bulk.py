"""Many at once: values for queries, and which writes of a bulk a unique index refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pymongo.errors import BulkWriteError

_DUPLICATE_KEY = 11000
# The embedded server holds every value of a query against every document found: with 50 that takes 0.13 ms a
# document, with 128 0.23.
AT_ONCE = 50


def batched(values: Sequence[Any], most: int = AT_ONCE) -> Iterator[list[Any]]:
    """Yield the values in lists of at most `most`."""
    for start in range(0, len(values), most):
        yield list(values[start : start + most])


def refused(write: Any) -> set[int]:
    """The positions of a bulk write that a unique index refused; any other error is raised."""
    try:
        write()
    except BulkWriteError as error:
        return duplicates(error)
    return set()


def duplicates(error: BulkWriteError) -> set[int]:
    """The positions that a unique index refused; the error itself where there was any other trouble."""
    problems = error.details["writeErrors"]
    if error.details.get("writeConcernErrors") or any(
        problem["code"] != _DUPLICATE_KEY for problem in problems
    ):
        raise error
    return {problem["index"] for problem in problems}
