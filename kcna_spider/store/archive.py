"""All reads and writes of a crawl in one object. Each is retried while the database is unavailable."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bson import ObjectId
from bson.errors import BSONError
from pymongo.errors import PyMongoError

from kcna_spider.exceptions import StoreError
from kcna_spider.items import Article, AvailabilityCheck, ListedPages, ListingUpdate, PhotoSet, Reject
from kcna_spider.store.connection.calls import RetryPolicy, retried
from kcna_spider.store.connection.client import Connection, StoreSettings, masked
from kcna_spider.store.connection.failures import reason_of
from kcna_spider.store.maintenance.recovery import complete, repair
from kcna_spider.store.model.set_up import require_archive, set_up
from kcna_spider.store.model.types import Document, RejectDocument
from kcna_spider.store.write.articles import ArticleStore, StoredUrl
from kcna_spider.store.write.availability import record_availability
from kcna_spider.store.write.due_pages import DuePage, due_pages
from kcna_spider.store.write.listings import ListedPage, ListingStore
from kcna_spider.store.write.photo_sets import DuePhotoPage, PhotoStore
from kcna_spider.store.write.rejects import RejectStore
from kcna_spider.store.write.run_records import RunStore
from kcna_spider.store.write.too_large import TOO_LARGE, by_halves
from kcna_spider.text.dates import utc_now

logger = logging.getLogger(__name__)

_SET_UP_SECONDS = 30.0
_END_SECONDS = 2.0


class Archive:
    """An open archive; close it when it is no longer needed.

    stopping: returns True once no call may wait any longer. reading: open it for reads only, for which the
    role `read` suffices, and raise StoreError if the database contains no archive; otherwise create missing
    collections and indexes. Raise StoreError if the database cannot be reached or set up.
    """

    def __init__(
        self,
        settings: StoreSettings,
        stopping: Callable[[], bool] = lambda: False,
        *,
        reading: bool = False,
    ) -> None:
        self.connection = Connection(settings, reading=reading)
        self.retry = RetryPolicy(self.connection, settings.wait_seconds, stopping)
        self.database = self.connection.database
        prepare = require_archive if reading else set_up
        try:
            self.retry(lambda: prepare(self.database), _SET_UP_SECONDS)
        except (PyMongoError, StoreError) as error:
            self.connection.close()
            refusal = "cannot be read" if reading else "refuses to set up the database"
            raise StoreError(
                f"MongoDB at {self.connection.uri} {refusal}: {masked(reason_of(error))}"
            ) from None
        profile = self.connection.profile
        self.articles = ArticleStore(self.database, profile)
        self.reject_store = RejectStore(self.database, profile)
        self.listing_store = ListingStore(self.database, profile)
        self.run_store = RunStore(self.database)
        self.photo_store = PhotoStore(self.database)
        self.rejects = self.database["rejects"]
        self.listings = self.database["listings"]
        self.runs = self.database["runs"]

    def close(self) -> None:
        """Disconnect; safe to call twice."""
        self.connection.close()

    @retried
    def repair(self, now: dt.datetime) -> int:
        """Complete the interrupted writes of killed crawls; return the number of documents completed."""
        return repair(self.database, now)

    @retried
    def identifier(self) -> str:
        """Return the identifier that the server gave the collection of articles; no other database has it."""
        found = self.database.list_collections(filter={"name": "articles"})
        return next(str(entry["info"].get("uuid", "")) for entry in found)

    # -- runs

    def begin_run(self, spider: str, arguments: Mapping[str, Any]) -> ObjectId:
        """Write the record of a new run; return its key."""
        key = ObjectId()
        self.retry(lambda: self.run_store.begin(key, spider, arguments))
        return key

    def end_run(
        self, key: ObjectId, reason: str, stats: Mapping[str, Any], seconds: float | None = _END_SECONDS
    ) -> None:
        """Complete the record of a run. If the database stays unavailable, log an error.

        Complete writes that an outage interrupted first. If that fails, the run stays open, and the next
        crawl completes them. seconds: how long each step is retried; None: as long as every other call.
        """
        try:
            if since := self.retry.interrupted:
                self.retry(lambda: complete(self.database, since), seconds)
            self.retry(lambda: self.run_store.end(key, reason, stats), seconds)
        except (StoreError, PyMongoError) as error:
            # Expected in an outage: no traceback.
            logger.error("The end of this run is not in `runs`: %s", error)  # noqa: TRY400

    # -- articles

    @retried
    def find_articles(
        self, fields: Sequence[str], values: Sequence[str], *, mostly_absent: bool = False
    ) -> list[Document]:
        """Return the articles with any of these values in any of these fields, each article once.

        mostly_absent: most of the values are not stored.
        """
        return list(self.articles.find(fields, values, mostly_absent=mostly_absent))

    @retried
    def known(self, urls: Sequence[str]) -> dict[str, StoredUrl]:
        """Return the stored state of each of these URLs that belongs to an article."""
        return self.articles.known(urls)

    @retried
    def look_up(
        self, urls: Sequence[str], *, captures: bool = True, again: bool = True
    ) -> tuple[dict[str, StoredUrl], set[str]]:
        """Return the stored state of known URLs, and which of the unknown ones are not to be fetched.

        captures: whether a URL that was read from captures only is known. again: whether a URL that failed is
        to be fetched even if it is not due again yet.
        """
        known = self.articles.known(urls)
        if not captures:
            known = {url: state for url, state in known.items() if not state.captured}
        rest = [url for url in urls if url not in known]
        rejects = self.reject_store
        return known, rejects.final(rest) if again else rejects.not_due(rest, utc_now())

    @retried
    def save_articles(self, batch: Sequence[Article]) -> list[str]:
        """Write decided sightings and resolve their rejects.

        Return the outcome of each, CONFLICT if it must be decided again, TOO_LARGE if it cannot be stored.
        """
        if since := self.retry.interrupted:  # an outage may have interrupted an earlier write
            complete(self.database, since)
            self.retry.interrupted = None
        try:
            outcomes = self.articles.save(batch)
        except (PyMongoError, BSONError) as error:
            outcomes = by_halves(batch, self.articles.save, error)
        stored = [one for one, outcome in zip(batch, outcomes, strict=True) if outcome != TOO_LARGE]
        self.reject_store.resolve(stored, utc_now())
        return outcomes

    @retried
    def record_availability(self, batch: Sequence[AvailabilityCheck]) -> list[str]:
        """Record which known URLs are gone or available.

        Return the outcome of each: gone, back, there, unknown or TOO_LARGE.
        """
        return record_availability(self.database, batch)

    def due_pages(self, site: str, days: int, now: dt.datetime, *, photos: bool = False) -> Iterator[DuePage]:
        """Yield the pages of a site to recheck: all of the last `days` days, older ones less often.

        photos: include the photo pages of their articles.
        """
        return due_pages(self.database, site, days, now, self.retry, photos=photos)

    # -- photos

    @retried
    def save_photos(self, batch: Sequence[PhotoSet]) -> list[str]:
        """Write the photos of pages; return the outcome of each page: photos, unknown or TOO_LARGE."""
        return self.photo_store.save(batch)

    def due_photo_pages(self, site: str, now: dt.datetime, *, captures: bool) -> Iterator[DuePhotoPage]:
        """Yield the photo pages of a site (or of its captures) whose photos are not all stored."""
        return self.photo_store.due(site, now, self.retry, captures=captures)

    @retried
    def article_with_title(self, language: str, day: dt.date, title: str) -> str | None:
        """Return a URL of the article of a day and language with this title, or None."""
        return self.articles.with_title(language, day, title)

    @retried
    def known_photo_pages(self, urls: Sequence[str]) -> dict[str, dt.datetime]:
        """Return the URLs that are photo pages of stored articles, with the time each was first seen."""
        return self.photo_store.known_pages(urls)

    # -- rejects

    @retried
    def save_rejects(self, batch: Sequence[Reject]) -> None:
        """Write rejects."""
        self.reject_store.save(batch)

    @retried
    def due_rejects(self, site: str, now: dt.datetime) -> list[RejectDocument]:
        """Return the rejects of a site whose URLs are due to be fetched again."""
        return self.reject_store.due(site, now)

    @retried
    def captures_not_due(self, urls: Sequence[str], now: dt.datetime) -> dict[str, dt.datetime]:
        """Return the URLs whose captures failed and are not due again, with the time of the last attempt."""
        return self.reject_store.captures_not_due(urls, now)

    # -- listings

    @retried
    def update_from_listings(self, batch: Sequence[ListingUpdate]) -> list[ListingUpdate]:
        """Add the categories and dates that listings state to stored articles.

        Return the updates whose dates must be decided again.
        """
        return self.listing_store.update_articles(batch)

    @retried
    def begin_listing(self, key: str, site: str, at: dt.datetime) -> dt.datetime | None:
        """Record that reading a listing began; return when it was last read without a gap, or None."""
        return self.listing_store.begin(key, site, at)

    @retried
    def complete_listings(self, begun: Mapping[str, dt.datetime], at: dt.datetime) -> None:
        """Record that listings were read without a gap. begun: each listing's key -> when reading began."""
        self.listing_store.complete(begun, at)

    @retried
    def save_listed_pages(self, batch: Sequence[ListedPages]) -> None:
        """Store which articles each page lists."""
        self.listing_store.save_pages(batch)

    @retried
    def listed_pages(self, keys: Sequence[str]) -> dict[str, ListedPage]:
        """Return what each page listed when it was last read, by key."""
        return self.listing_store.listed_pages(keys)
