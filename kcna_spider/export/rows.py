"""Read articles and revisions as flat rows, in windows of days so that memory use stays constant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pymongo.database import Database

from kcna_spider.store.connection.reads import Retry, call_once, ends_of, in_order
from kcna_spider.store.model.types import Document
from kcna_spider.text.dates import midnight

Row = dict[str, Any]

_WINDOW = dt.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows to export; None selects all.

    since, until: first and last day of publication, or for revisions, of first being seen. site: that of any
    copy.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    language: str | None = None
    site: str | None = None


# column -> the function that reads it. Days are dates, timestamps aware datetimes, and several values lists.
ARTICLE_COLUMNS: dict[str, Callable[[Document], Any]] = {
    "id": lambda d: str(d["_id"]),
    "kind": lambda d: d.get("kind", "article"),
    "language": lambda d: d["language"],
    "published": lambda d: d["published"].date(),
    "published_from": lambda d: d["published_from"],
    "title": lambda d: d["title"],
    "body": lambda d: d["body"],
    "dateline_place": lambda d: _of(d["dateline"], "place"),
    "dateline_date": lambda d: _day(_of(d["dateline"], "date")),
    "dateline_agency": lambda d: _of(d["dateline"], "agency"),
    "categories": lambda d: d["categories"],
    "sites": lambda d: sorted({c["site"] for c in d["copies"]}),
    "urls": lambda d: [c["url"] for c in d["copies"]],
    "live_urls": lambda d: [c["url"] for c in d["copies"] if c["status"] == "live"],
    "revision": lambda d: d["revision"],
    "texts": lambda d: len(d["texts"]),
    "first_seen": lambda d: d["first_seen"],
    "last_seen": lambda d: d["last_seen"],
    "changed_at": lambda d: d["changed_at"],
    "withdrawn_at": lambda d: d["withdrawn_at"],
}
REVISION_COLUMNS: dict[str, Callable[[Document], Any]] = {
    "article": lambda d: str(d["article"]),
    "number": lambda d: d["number"],
    "language": lambda d: d["language"],
    "title": lambda d: d["title"],
    "body": lambda d: d["body"],
    "dateline": lambda d: _of(d["dateline"], "raw"),
    "trivial": lambda d: d["trivial"],
    "seen_at": lambda d: d["seen_at"],
    "urls": lambda d: [s["url"] for s in d["sources"]],
}


def article_rows(
    database: Database[Document], wanted: Wanted, columns: list[str], retry: Retry = call_once
) -> Iterator[Row]:
    """Yield one row per article, by date of publication.

    retry: calls each function that reads from the database.
    """
    readers = {name: ARTICLE_COLUMNS[name] for name in columns}
    more = {"language": wanted.language} if wanted.language else {}
    for document in in_windows(database["articles"], "published", wanted, more, retry):
        if wanted.site is None or any(c["site"] == wanted.site for c in document["copies"]):
            yield {name: read(document) for name, read in readers.items()}


def revision_rows(
    database: Database[Document], wanted: Wanted, columns: list[str], retry: Retry = call_once
) -> Iterator[Row]:
    """Yield one row per revision, by the time when it was first seen, which `since` and `until` bound.

    retry: calls each function that reads from the database.
    """
    readers = {name: REVISION_COLUMNS[name] for name in columns}
    more = {"language": wanted.language} if wanted.language else {}
    for document in in_windows(database["revisions"], "seen_at", wanted, more, retry):
        if wanted.site is None or any(s["site"] == wanted.site for s in document["sources"]):
            yield {name: read(document) for name, read in readers.items()}


def in_windows(
    collection: Any,
    field: str,
    wanted: Wanted,
    more: Document,
    retry: Retry,
    projection: Document | None = None,
) -> Iterator[Document]:
    """Yield documents in the order of an indexed timestamp, read in windows of 31 days.

    Each query has two bounds, because some servers do not stop early with only one. field: the timestamp.
    wanted: only its days are used. more: further conditions. retry: calls each function that reads from the
    database.
    """
    ends = ends_of(collection, field, retry)
    if ends is None:
        return
    start = max(ends[0], midnight(wanted.since)) if wanted.since else ends[0]
    end = ends[1] + dt.timedelta(milliseconds=1)
    if wanted.until:
        end = min(end, midnight(min(wanted.until, dt.date.max - dt.timedelta(days=1))) + dt.timedelta(days=1))
    while start < end:
        stop = min(start + _WINDOW, end)
        query = {field: {"$gte": start, "$lt": stop}, **more}
        yield from in_order(collection, query, field, projection=projection, retry=retry)
        start = stop


def _of(document: Document | None, name: str) -> Any:
    return document[name] if document else None


def _day(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None
