"""What a bulk write that was refused in part says: which of its writes a unique index refused."""

from __future__ import annotations

from typing import Any

from pymongo.errors import BulkWriteError

_DUPLICATE_KEY = 11000


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
    if error.details.get("writeConcernErrors") or any(problem["code"] != _DUPLICATE_KEY for problem in problems):
        raise error
    return {problem["index"] for problem in problems}
