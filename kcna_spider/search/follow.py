"""Keep the archive file current while crawls write: by a change stream, or else by polling."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import OperationFailure

from kcna_spider.search.about import write_about
from kcna_spider.search.build import open_writer, update, write_articles
from kcna_spider.search.tables import ArchiveFileError
from kcna_spider.search.writer import Writer
from kcna_spider.store.connection.failures import is_transient
from kcna_spider.store.connection.reads import Retry, call_once
from kcna_spider.store.model.types import Document
from kcna_spider.text.dates import utc_now

logger = logging.getLogger(__name__)

_MOST_AT_ONCE = 500  # changes per transaction
_WAIT_MS = 500  # time that the server may wait for a change
_POLL_SECONDS = 1.0
_LOOK_BACK = dt.timedelta(minutes=10)  # because clocks differ and events may be stored late
_COMPARE_SECONDS = 300.0  # without a change stream, the versions of all articles are compared this often
_ABOUT_SECONDS = 60.0


def follow(
    database: Database[Document],
    path: Path,
    place: str,
    stopping: Callable[[], bool],
    retry: Retry = call_once,
) -> None:
    """Update the file, then write every change until `stopping()` returns True.

    With a change stream, every change is written within about two seconds. With polling, this applies to new
    articles, edits, withdrawals and returns; other changes, such as a new category, take up to five minutes.
    place: the database, without its password. retry: calls each function that reads from the database.
    """
    with closing(open_writer(path)) as writer, closing(_writes(database, writer, place, retry)) as written:
        _note(_while_there(written, path), writer, place, stopping)


def _while_there(written: Iterator[int], path: Path) -> Iterator[int]:
    """Yield from `written`. Raise ArchiveFileError once another file, or none, has the path."""
    opened = path.stat().st_ino
    for number in written:
        if not path.exists() or path.stat().st_ino != opened:
            raise ArchiveFileError(f"{path}: it was deleted or replaced while it was kept current")
        yield number


def _writes(
    database: Database[Document], writer: Writer, place: str, retry: Retry
) -> Generator[int, None, None]:
    """Write changes without end; yield the number of articles after each write."""
    while stream := retry(lambda: _stream(database)):
        # The stream is opened before the comparison, so that no change is missed between the two.
        with stream:
            update(database, writer, place, retry)
            for keys in _streamed(stream, retry):
                yield write_articles(database, writer, keys, retry)
    update(database, writer, place, retry)
    for keys in _polled(database, writer.load_numbers(), retry):
        yield write_articles(database, writer, keys, retry)


def _stream(database: Database[Document]) -> Any:
    """Return a change stream of the articles, or None if the server does not support one."""
    try:
        return database["articles"].watch(max_await_time_ms=_WAIT_MS)
    except OperationFailure as error:
        if is_transient(error):
            raise
        logger.info("No change stream (%s): polling every second", str(error)[:100])
        return None


def _note(written: Iterator[int], writer: Writer, place: str, stopping: Callable[[], bool]) -> None:
    """Consume `written` until `stopping()` returns True, and keep the table `about` current.

    After changes, the table is written once a minute and at the end. written: yields numbers of articles.
    """
    stale_since: float | None = None
    for number in written:
        if number and stale_since is None:
            stale_since = time.monotonic()
        ended = stopping()
        if stale_since and (ended or time.monotonic() - stale_since > _ABOUT_SECONDS):
            write_about(writer.base, place, utc_now())
            stale_since = None
        if ended:
            return


def _streamed(stream: Any, retry: Retry) -> Iterator[list[ObjectId]]:
    """Yield the ids of changed articles every half second, possibly none, until an error closes the stream.

    PyMongo continues the stream by itself after most errors.
    """
    while stream.alive:
        keys: list[ObjectId] = []
        while len(keys) < _MOST_AT_ONCE and (change := retry(lambda: _next(stream))) is not None:
            if "documentKey" in change:
                keys.append(change["documentKey"]["_id"])
        yield keys


def _next(stream: Any) -> Any:
    return stream.try_next() if stream.alive else None


def _polled(database: Database[Document], versions: dict[str, str], retry: Retry) -> Iterator[list[ObjectId]]:
    """Yield the ids of changed articles every second, possibly none. versions: those in the file, by id."""
    compared = time.monotonic()
    while True:
        since = utc_now() - _LOOK_BACK
        queries: list[Document] = [
            {"_id": {"$gte": ObjectId.from_datetime(since), "$lte": ObjectId("f" * 24)}},
            {"event_at": {"$gte": since, "$lt": dt.datetime.max.replace(tzinfo=dt.UTC)}},
        ]
        if time.monotonic() - compared > _COMPARE_SECONDS:
            queries, compared = [{}], time.monotonic()
        found = retry(partial(_versions, database, queries))
        yield [ObjectId(key) for key, version in found.items() if versions.get(key) != version]
        versions |= found
        time.sleep(_POLL_SECONDS)


def _versions(database: Database[Document], queries: list[Document]) -> dict[str, str]:
    """Return the `version` of each article that the queries find, by id."""
    return {
        str(document["_id"]): document["version"]
        for query in queries
        for document in database["articles"].find(query, {"version": 1})
    }
