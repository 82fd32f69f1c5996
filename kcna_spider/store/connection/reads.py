"""Reads that continue after an interruption: nothing is given twice, and nothing is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from pymongo.collection import Collection
from pymongo.cursor import Cursor
from pymongo.errors import CursorNotFound, PyMongoError

from kcna_spider.store.model.types import Document

T = TypeVar("T")
_AT_ONCE = 500  # documents that are held at once


class Ask(Protocol):
    """Calls what asks the database, possibly several times, as a RetryPolicy does."""

    def __call__(self, work: Callable[[], T], /) -> T:
        """Return the result of `work`."""


def directly(work: Callable[[], T], /) -> T:
    """Return the result of `work`, which is called once."""
    return work()


def in_order(
    collection: Collection[Document],
    query: Document,
    field: str = "_id",
    *,
    projection: Document | None = None,
    ask: Ask = directly,
) -> Iterator[Any]:
    """Yield the documents of a query in the order of (field, _id), each once.

    After a lost cursor or an outage the query is sent again, from the last document on. All documents have
    the field, the projection keeps it, and all its values have one type. An index on (field, _id) serves it.
    """
    last: tuple[Any, Any] | None = None
    cursor: Cursor[Any] | None = None

    def key(document: Any) -> tuple[Any, Any]:
        return (document[field], document["_id"])

    def following() -> list[Any]:
        """The next documents; an attempt that finds only what was read before is no success."""
        assert cursor is not None
        while documents := cursor.to_list(_AT_ONCE):
            if field == "_id" or last is None or key(documents[0]) > last:
                return documents
            if new := [document for document in documents if key(document) > last]:
                return new
        return []

    def batch() -> list[Any]:
        nonlocal cursor
        try:
            if cursor is not None:
                with suppress(CursorNotFound):  # a server forgets a cursor that was idle for ten minutes
                    return following()
            order = [(field, 1)] if field == "_id" else [(field, 1), ("_id", 1)]
            cursor = collection.find(_after(query, field, last), projection, sort=order, batch_size=_AT_ONCE)
            return following()
        except PyMongoError:
            cursor = None
            raise

    try:
        while documents := ask(batch):
            for document in documents:
                last = key(document)
                yield document
    finally:
        if cursor is not None:
            cursor.close()


def _after(query: Document, field: str, last: tuple[Any, Any] | None) -> Document:
    """Return the query for what follows a document.

    Documents with the same value of another field than `_id` are found again.
    """
    if last is None:
        return query
    bound = {"$gt": last[0]} if field == "_id" else {"$gte": last[0]}
    return {**query, field: {**query.get(field, {}), **bound}}
