"""Reads that continue after an interruption: each document is yielded once, and none is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from pymongo.collection import Collection
from pymongo.cursor import Cursor
from pymongo.errors import CursorNotFound, PyMongoError

from kcna_spider.store.model.types import Document

T = TypeVar("T")
_AT_ONCE = 500  # number of documents in memory at once
_FOUNDED = 1946


class Retry(Protocol):
    """A function that calls a function which reads the database, possibly several times, as RetryPolicy."""

    def __call__(self, work: Callable[[], T], /) -> T:
        """Return the result of `work`."""


def call_once(work: Callable[[], T], /) -> T:
    """Return the result of `work`, which is called once."""
    return work()


def ends_of(
    collection: Collection[Document], field: str, retry: Retry = call_once
) -> tuple[dt.datetime, dt.datetime] | None:
    """Return the earliest and the latest value of an indexed time, or None for an empty collection.

    Query year by year, because the embedded server reads all documents that match even for a single result.
    """
    ends = []
    for way, years in ((1, _years()), (-1, reversed(_years()))):
        for start, stop in years:
            query = {field: {"$gte": start, "$lt": stop}}
            if document := retry(partial(collection.find_one, query, {field: 1}, sort=[(field, way)])):
                ends.append(document[field])
                break
    return (ends[0], ends[1]) if ends else None


def _years() -> list[tuple[dt.datetime, dt.datetime]]:
    """Return ranges that cover all times: one for each year since KCNA was founded, one before, one after."""
    years = range(_FOUNDED, dt.datetime.now(dt.UTC).year + 2)
    bounds = [
        dt.datetime.min.replace(tzinfo=dt.UTC),
        *(dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in years),
        dt.datetime.max.replace(tzinfo=dt.UTC),
    ]
    return list(pairwise(bounds))


def in_order(
    collection: Collection[Document],
    query: Document,
    field: str = "_id",
    *,
    projection: Document | None = None,
    retry: Retry = call_once,
) -> Iterator[Any]:
    """Yield the documents of a query in the order of (field, _id), each once.

    After a lost cursor or an outage, continue the query after the last document. All documents must have the
    field, with values of one type, and the projection must include it. An index on (field, _id) makes it
    fast.
    """
    read = _OrderedRead(collection, query, field, projection)
    try:
        while documents := retry(read.batch):
            for document in documents:
                read.last = read.key(document)
                yield document
    finally:
        read.close()


class _OrderedRead:
    """A query that continues after the document with the key `last`."""

    def __init__(
        self, collection: Collection[Document], query: Document, field: str, projection: Document | None
    ) -> None:
        self.collection, self.query, self.field, self.projection = collection, query, field, projection
        self.last: tuple[Any, Any] | None = None
        self._cursor: Cursor[Any] | None = None

    def key(self, document: Any) -> tuple[Any, Any]:
        """Return the sort key of a document."""
        return (document[self.field], document["_id"])

    def batch(self) -> list[Any]:
        """Return the next documents, or an empty list at the end."""
        try:
            if self._cursor is not None:
                with suppress(CursorNotFound):  # a server forgets a cursor that was idle for ten minutes
                    return self._following(self._cursor)
            self._cursor = self._begin()
            return self._following(self._cursor)
        except PyMongoError:
            self._cursor = None
            raise

    def close(self) -> None:
        """Close the cursor."""
        if self._cursor is not None:
            self._cursor.close()

    def _begin(self) -> Cursor[Any]:
        order = [(self.field, 1)] if self.field == "_id" else [(self.field, 1), ("_id", 1)]
        query = self.query
        if self.last is not None:
            # Further documents may have the same value, unless the field is `_id`.
            bound = {"$gt" if self.field == "_id" else "$gte": self.last[0]}
            query = {**query, self.field: {**query.get(self.field, {}), **bound}}
        return self.collection.find(query, self.projection, sort=order, batch_size=_AT_ONCE)

    def _following(self, cursor: Cursor[Any]) -> list[Any]:
        """Return the next documents after `last`, skipping batches that contain only earlier ones."""
        while documents := cursor.to_list(_AT_ONCE):
            if self.field == "_id" or self.last is None or self.key(documents[0]) > self.last:
                return documents
            if new := [document for document in documents if self.key(document) > self.last]:
                return new
        return []
