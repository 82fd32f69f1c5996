"""Write one document per crawl into `runs`: arguments, versions of the software, finish reason, stats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bson import ObjectId
from scrapy import signals

from kcna_spider.extensions.store import archive_of
from kcna_spider.text.dates import utc_now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Runs:
    """Write the run record at the start and complete it at the end."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.key: ObjectId | None = None
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Runs:
        return cls(crawler)

    def spider_opened(self, spider: Any) -> None:
        """Complete interrupted writes of killed crawls, and write the run record of this one."""
        if not hasattr(spider, "arguments"):
            return  # the spider of `scrapy fetch` and `scrapy shell`
        archive = archive_of(self.crawler)
        if (repaired := archive.repair(utc_now())) and self.crawler.stats:
            self.crawler.stats.set_value("store/repaired", repaired)
        self.key = archive.begin_run(spider.name, spider.arguments.as_given())

    def spider_closed(self, reason: str) -> None:
        """Complete the run record. Without that, the next crawl considers this one killed."""
        if self.key is not None:  # None if there is no record, or writing it failed, which was logged
            stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
            archive_of(self.crawler).end_run(self.key, reason, stats)
