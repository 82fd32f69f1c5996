"""Keep the archive file current while crawls write: by a change stream, or by asking where there is none."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from kcna_spider.search.about import write_about
from kcna_spider.search.build import open_writer, update, write_articles
from kcna_spider.search.writer import Writer
from kcna_spider.store.model.types import Document
from kcna_spider.text.dates import utc_now

logger = logging.getLogger(__name__)

_MOST_AT_ONCE = 500
_WAIT_MS = 500  # how long the server may wait for a change
_POLL_SECONDS = 1.0
_LOOK_BACK = dt.timedelta(minutes=10)  # clocks differ, and an event may be noticed late
_COMPARE_SECONDS = 300.0  # where changes are asked for, all articles are compared this often
_ABOUT_SECONDS = 60.0


def follow(database: Database[Document], path: Path, place: str, stopping: Callable[[], bool]) -> None:
    """Bring the file up to date, then write every change within a second or two, until `stopping()`."""
    writer = open_writer(path)
    try:
        try:
            # It is opened before the comparison, so that nothing falls between the two.
            stream = database["articles"].watch(max_await_time_ms=_WAIT_MS)
        except (OperationFailure, PyMongoError) as error:
            logger.info("No change stream (%s): the store is asked every second", str(error)[:100])
            update(database, writer, place)
            _poll(database, writer, place, stopping)
            return
        with stream:
            update(database, writer, place)
            logger.info("%s is current; following the store", path)
            _stream(database, writer, place, stream, stopping)
    finally:
        writer.close()


def _stream(
    database: Database[Document], writer: Writer, place: str, stream: Any, stopping: Callable[[], bool]
) -> None:
    stale = 0.0
    while not stopping():
        keys: list[ObjectId] = []
        while len(keys) < _MOST_AT_ONCE and (change := stream.try_next()) is not None:
            if "documentKey" in change:
                keys.append(change["documentKey"]["_id"])
        if write_articles(database, writer, keys):
            stale = stale or time.monotonic()
        if stale and (stopping() or time.monotonic() - stale > _ABOUT_SECONDS):
            write_about(writer.base, place, utc_now())
            stale = 0.0


def _poll(database: Database[Document], writer: Writer, place: str, stopping: Callable[[], bool]) -> None:
    compared = time.monotonic()
    versions = writer.load_numbers()
    while not stopping():
        if time.monotonic() - compared > _COMPARE_SECONDS:
            update(database, writer, place)
            compared = time.monotonic()
        since = utc_now() - _LOOK_BACK
        recent = [
            {"_id": {"$gte": ObjectId.from_datetime(since), "$lte": ObjectId("f" * 24)}},
            {"event_at": {"$gte": since, "$lt": dt.datetime.max.replace(tzinfo=dt.UTC)}},
        ]
        found = {
            d["_id"]: d["version"]
            for query in recent
            for d in database["articles"].find(query, {"version": 1})
        }
        changed = [key for key, version in found.items() if versions.get(str(key)) != version]
        write_articles(database, writer, changed)
        versions |= {str(key): found[key] for key in changed}
        time.sleep(_POLL_SECONDS)
