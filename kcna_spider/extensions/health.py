"""Finding nothing is a failure: decides, when a crawl has nothing more to do, whether it ends as finished or as failed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import CloseSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


logger = logging.getLogger(__name__)

# Rejects that mean that a layout no longer finds what it should.
_LOST_FIELDS = ("no_title", "no_body", "no_day")


class Health:
    """Ends a crawl with a finish reason that says what went wrong; the reasons are listed in docs/operations.md."""

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None
        self.crawler, self.stats = crawler, crawler.stats
        self.most_unknown = crawler.settings.getfloat("HEALTH_MOST_UNKNOWN")
        self.most_lost = crawler.settings.getfloat("HEALTH_MOST_LOST")
        self.least = crawler.settings.getint("HEALTH_LEAST")
        self.most_missing = crawler.settings.getfloat("HEALTH_MOST_MISSING")
        crawler.signals.connect(self.spider_idle, signal=signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Health:
        """For Scrapy."""
        return cls(crawler)

    def spider_idle(self) -> None:
        """Nothing waits any more: is it a good end?"""
        if reason := self.failure():
            raise CloseSpider(reason=reason)

    def failure(self) -> str | None:  # one line a reason
        """The reason code of a crawl that must not pass for a good one, or None."""
        if why := self.stats.get_value("health/failed"):
            return str(why).split(":", 1)[0]
        if self.stats.get_value("spool/waiting", 0):
            return "store_away"
        if self.stats.get_value("store/failed", 0):
            return "store_failed"
        if self.stats.get_value("spider_exceptions/count", 0):
            return "spider_error"
        if not self.stats.get_value("stories/listed", 0) and not self.stats.get_value("store/inserted", 0) and not self._nothing_due():
            return "nothing_found"
        return self._broken_share() or self._rejected_listing()

    def _broken_share(self) -> str | None:
        """What went wrong too often."""
        unknown = self._sum("layout/unknown/")
        if unknown >= self.least and unknown > self.most_unknown * self._sum("layout/"):
            return "unknown_layouts"
        stored = self._sum("store/inserted", "store/copied", "store/revised", "store/unchanged")
        lost = self._sum(*(f"drop/{reason}" for reason in _LOST_FIELDS))
        if lost >= self.least and lost > self.most_lost * (stored + lost):
            return "fields_lost"
        dropped = self._sum("drop/") - self._sum("drop/stub")
        if dropped >= self.least and dropped > self.most_missing * (stored + dropped):
            return "stories_missing"
        return None

    def _rejected_listing(self) -> str | None:
        """Whether a listing led to rejects only, however few they are: HEALTH_LEAST does not apply."""
        outcomes = getattr(self.crawler.spider, "outcomes", None)
        if not outcomes or not (failures := outcomes.failures()):
            return None
        logger.error("all_rejected: %s", "; ".join(failures)[:1000])
        return "all_rejected"

    def _sum(self, *prefixes: str) -> int:
        return sum(value for name, value in self.stats.get_stats().items() if name.startswith(prefixes))

    def _nothing_due(self) -> bool:
        return bool(self.stats.get_value("health/nothing_due", 0))
