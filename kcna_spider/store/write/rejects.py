"""The collection `rejects`: one document per URL and reason, with first and last time. None is deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, cast

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from kcna_spider.items import Article, Reject
from kcna_spider.store.connection.calls import batched, refused
from kcna_spider.store.connection.profiles import ServerProfile
from kcna_spider.store.model.types import Document, RejectDocument
from kcna_spider.store.write.due_again import MAX_TRIES, is_due_again

_MAX_LENGTH = 1_000_000  # characters of one string
# The reject of an article that a listing of the site itself named.
_LIVE = {"raw.listed": {"$ne": None}, "raw.capture": None, "raw.record": None}
_ARCHIVED: Document = {"$or": [{"raw.capture": {"$ne": None}}, {"raw.record": {"$ne": None}}]}


class RejectStore:
    """Write rejects, and find those whose URLs are due to be fetched again."""

    def __init__(self, database: Database[Document], profile: ServerProfile) -> None:
        self.profile = profile
        self.collection = cast("Collection[RejectDocument]", database["rejects"])

    def save(self, batch: Sequence[Reject]) -> None:
        """Write rejects. One that is written twice is counted once.

        Attempts at captures do not count as attempts at the site itself.
        """
        if live := [reject for reject in batch if not _is_archived(reject)]:
            self.collection.bulk_write([_counted_anew(reject) for reject in live], ordered=False)
        if batch:
            refused(lambda: self.collection.bulk_write([_write(reject) for reject in batch], ordered=False))

    def final(self, urls: Sequence[str]) -> set[str]:
        """Return the URLs that have a final reject and are not to be fetched again."""
        return {reject["url"] for reject in self._of(urls, {"final": True})}

    def not_due(self, urls: Sequence[str], now: dt.datetime) -> set[str]:
        """Return the URLs that have a final reject, or one of the site itself that is not due again.

        The interval grows with each attempt, and the number of attempts is limited (see `due_again`).
        """
        query: Document = {"$or": [{"final": True}, {"resolved_at": None, **_LIVE}]}
        return {
            reject["url"]
            for reject in self._of(urls, query)
            if reject["final"] or not is_due_again(reject["times"], reject["last_seen"], now)
        }

    def captures_not_due(self, urls: Sequence[str], now: dt.datetime) -> dict[str, dt.datetime]:
        """Return the URLs whose captures failed and are not due again, with the time of the last attempt."""
        query: Document = {"resolved_at": None, "raw.capture": {"$ne": None}}
        return {
            reject["url"]: reject["last_seen"]
            for reject in self._of(urls, query)
            if not is_due_again(reject["times"], reject["last_seen"], now)
        }

    def _of(self, urls: Sequence[str], query: Document) -> Iterator[RejectDocument]:
        for some in batched(urls, self.profile.key_in_size):
            yield from self.collection.find({"url": {"$in": some}, **query})

    def due(self, site: str, now: dt.datetime) -> list[RejectDocument]:
        """Return the rejects of a site whose article URLs are due to be fetched again.

        Rejects of captures and WARC files are never returned, because their pages may no longer be on the
        site.
        """
        query = {"site": site, "final": False, "times": {"$lt": MAX_TRIES}, "resolved_at": None, **_LIVE}
        return [r for r in self.collection.find(query) if is_due_again(r["times"], r["last_seen"], now)]

    def resolve(self, articles: Sequence[Article], at: dt.datetime) -> None:
        """Mark the rejects of URLs that became articles as resolved; they are kept.

        A capture resolves only rejects of captures, because the site itself may still have a newer text.
        """
        groups: dict[bool, list[str]] = {}
        for article in articles:
            groups.setdefault(bool(article.capture and article.capture["url"]), []).append(article.url)
        for captured, urls in groups.items():
            condition: Document = {"raw.capture": {"$ne": None}} if captured else {}
            for some in batched(urls, self.profile.key_in_size):
                query = {"url": {"$in": some}, "resolved_at": None, **condition}
                self.collection.update_many(query, {"$set": {"resolved_at": at}})


def storable(value: Any) -> Any:
    """Return a value that MongoDB can store: lone surrogates are replaced, long strings are truncated."""
    if isinstance(value, str):
        return value[:_MAX_LENGTH].encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {str(storable(str(key))).replace("\x00", ""): storable(part) for key, part in value.items()}
    return [storable(part) for part in value] if isinstance(value, list | tuple) else value


def _write(reject: Reject) -> UpdateOne:
    query = {
        "url": reject.url,
        "reason": reject.reason,
        "last_seen": {"$lt": reject.at},
        **_same_origin(reject),
    }
    fields = {
        "site": reject.site,
        "detail": storable(reject.detail),
        "raw": storable(reject.raw),
        "last_seen": reject.at,
        "final": reject.final,
        "resolved_at": None,
    }
    return UpdateOne(
        query, {"$set": fields, "$setOnInsert": {"first_seen": reject.at}, "$inc": {"times": 1}}, upsert=True
    )


def _same_origin(reject: Reject) -> Document:
    """Return the condition under which a reject may replace the stored one.

    A reject of a capture or WARC file never replaces one of a response from the site itself.
    """
    return _ARCHIVED if _is_archived(reject) else {}


def _counted_anew(reject: Reject) -> UpdateOne:
    """Return the update that sets the number of attempts to 0 if they were all at captures or WARC files."""
    query = {"url": reject.url, "reason": reject.reason, "last_seen": {"$lt": reject.at}, **_ARCHIVED}
    return UpdateOne(query, {"$set": {"times": 0}})


def _is_archived(reject: Reject) -> bool:
    return any(reject.raw.get(name) for name in ("capture", "record"))
