"""Finding nothing is a failure: decides, when a crawl has nothing more to do, whether it ends as finished or as failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import CloseSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Health:
    """Ends a crawl with a finish reason that says what went wrong; the reasons are listed in docs/operations.md."""

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None
        self.stats = crawler.stats
        crawler.signals.connect(self.spider_idle, signal=signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Health:
        """For Scrapy."""
        return cls(crawler)

    def spider_idle(self) -> None:
        """Nothing waits any more: is it a good end?"""
        if reason := self.failure():
            raise CloseSpider(reason=reason)

    def failure(self) -> str | None:
        """The reason code of a crawl that must not pass for a good one, or None."""
        if why := self.stats.get_value("health/failed"):
            return str(why).split(":", 1)[0]
        if self.stats.get_value("store/failed", 0):
            return "store_failed"
        if not self.stats.get_value("stories/listed", 0) and not self.stats.get_value("store/inserted", 0) and not self._nothing_due():
            return "nothing_found"
        return None

    def _nothing_due(self) -> bool:
        return bool(self.stats.get_value("health/nothing_due", 0))
