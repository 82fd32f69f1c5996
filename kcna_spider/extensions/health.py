"""Decide whether a crawl failed, because it found nothing or lost too much of what it found."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import CloseSpider

from kcna_spider.exceptions import StoreUnavailableError
from kcna_spider.extensions.listing_outcomes import ListingOutcomes
from kcna_spider.items import Article, PhotoSet, Reject
from kcna_spider.store.connection.disk import is_disk_full
from kcna_spider.store.connection.failures import reason_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

# Reason codes of rejects whose number shows that a layout no longer matches the site.
_MISSING_FIELDS = ("no_title", "no_body", "no_day")
_UNCHANGED_BY_CODE = "reread"


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares above which a crawl has failed; with numbers below `least`, a share is ignored."""

    least: int
    unknown_pages: float
    missing_fields: float
    missing_articles: float
    missing_photos: float

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Limits:
        """Create them from the HEALTH settings."""
        return cls(
            least=settings.getint("HEALTH_MIN_COUNT"),
            unknown_pages=settings.getfloat("HEALTH_MAX_UNKNOWN_PAGES"),
            missing_fields=settings.getfloat("HEALTH_MAX_MISSING_FIELDS"),
            missing_articles=settings.getfloat("HEALTH_MAX_MISSING_ARTICLES"),
            missing_photos=settings.getfloat("HEALTH_MAX_MISSING_PHOTOS"),
        )


@dataclass(slots=True)
class CrawlOutcome:
    """The results of a crawl so far.

    failed: code and explanation of the first failure. nothing_due: whether it is correct to find nothing.
    listed: number of listing entries. pages, unknown_pages: number of pages read, and of pages that no layout
    matched. stored: number of articles by outcome. rejects: number by reason code. photos: number by outcome.
    errors: number of exceptions in callbacks and pipelines. store_failed: whether items could not be stored.
    listings: the outcomes of the articles of each listing.
    """

    failed: tuple[str, str] | None = None
    nothing_due: bool = False
    listed: int = 0
    pages: int = 0
    unknown_pages: int = 0
    stored: Counter[str] = field(default_factory=Counter)
    rejects: Counter[str] = field(default_factory=Counter)
    photos: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    store_failed: bool = False
    listings: ListingOutcomes = field(default_factory=ListingOutcomes)

    def add(self, item: Any) -> None:
        """Count a stored article by its outcome, a reject by its reason, and photos by their outcomes."""
        if isinstance(item, Article):
            self.stored[item.outcome or "inserted"] += 1
        elif isinstance(item, Reject):
            self.rejects[item.reason] += 1
        elif isinstance(item, PhotoSet):
            self.photos.update(photo.outcome for photo in item.photos)

    def failure(self, limits: Limits) -> str | None:
        """Return the finish reason of a failed crawl, or None if it did not fail."""
        if self.failed:
            return self.failed[0]
        if self.errors:
            return "spider_error"
        if not self.listed and not self.stored["inserted"] and not self.nothing_due:
            return "nothing_found"
        return self._exceeded_share(limits) or self._rejected_listing()

    def _exceeded_share(self, limits: Limits) -> str | None:
        if self.unknown_pages >= limits.least and self.unknown_pages > limits.unknown_pages * (
            self.pages + self.unknown_pages
        ):
            return "unknown_layouts"
        stored = self.stored.total() - self.stored[_UNCHANGED_BY_CODE]
        missing = sum(self.rejects[reason] for reason in _MISSING_FIELDS)
        if missing >= limits.least and missing > limits.missing_fields * (stored + missing):
            return "fields_lost"
        rejected = self.rejects.total() - self.rejects["stub"]
        if rejected >= limits.least and rejected > limits.missing_articles * (stored + rejected):
            return "articles_missing"
        failed = self.photos["failed"]
        if failed >= limits.least and failed > limits.missing_photos * self.photos.total():
            return "photos_missing"
        return None

    def _rejected_listing(self) -> str | None:
        """Return the finish reason if all articles of a listing were rejected, however few, or None."""
        if failures := self.listings.failures():
            logger.error("all_rejected: %s", "; ".join(failures)[:1000])
            return "all_rejected"
        return None


class Health:
    """Collect the results of a crawl, and end a failed one with a finish reason.

    docs/reference/finish-reasons.md describes the reasons.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.outcome = CrawlOutcome()
        self.limits = Limits.from_settings(crawler.settings)
        self.closing: asyncio.Future[None] | None = None
        crawler.signals.connect(self.spider_idle, signal=signals.spider_idle)
        crawler.signals.connect(self.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(self.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(self.spider_error, signal=signals.spider_error)
        crawler.signals.connect(self.spider_error, signal=signals.item_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Health:
        return cls(crawler)

    def item_scraped(self, item: Any) -> None:
        """Count a stored article."""
        self.outcome.add(item)

    def item_dropped(self, item: Any, exception: Any) -> None:
        """Count a reject, or photos. An article that was dropped without a reject is not stored."""
        self.outcome.add(getattr(exception, "reject", None if isinstance(item, Article) else item))

    def spider_error(self) -> None:
        """Count an exception in a callback or in a pipeline."""
        self.outcome.errors += 1

    def spider_idle(self) -> None:
        """Raise CloseSpider with the finish reason if the crawl failed."""
        if reason := self.outcome.failure(self.limits):
            raise CloseSpider(reason=reason)

    def fail_store(self, error: Exception, folders: list[Path]) -> None:
        """End the crawl at once because the store failed. folders: data folders whose disk may be full."""
        unavailable = "store_unavailable" if isinstance(error, StoreUnavailableError) else "store_failed"
        code = "disk_full" if is_disk_full(error, folders) else unavailable
        if not self.outcome.store_failed:
            self.outcome.store_failed = True
            self.fail(code, f"items cannot be stored: {reason_of(error)[:500]}", close=True)

    def fail(self, code: str, detail: str, *, close: bool = False) -> None:
        """Let the crawl end as failed: once it is idle, or at once with `close`.

        The first failure is the finish reason.
        """
        logger.error("%s: %s", code, detail)
        if self.outcome.failed is None:
            self.outcome.failed = code, detail
            if self.crawler.stats:  # for the run record
                self.crawler.stats.set_value("health/failed", f"{code}: {detail}")
        if close and self.closing is None and self.crawler.engine:
            # A separate task, because closing cancels the tasks of extensions, and one may be the caller.
            reason = self.outcome.failed[0]
            self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))


def health_of(crawler: Crawler) -> Health:
    """Return the Health extension of a crawl. Raise RuntimeError if it is not enabled."""
    extension = crawler.get_extension(Health)
    if extension is None:
        raise RuntimeError("the extension kcna_spider.extensions.health.Health is not enabled in EXTENSIONS")
    return extension


def is_stopping(crawler: Crawler) -> bool:
    """Return whether a crawl is stopping: by a signal, or because it failed."""
    health = crawler.get_extension(Health)  # `scrapy page` has none
    return not crawler.crawling or (health is not None and health.closing is not None)
