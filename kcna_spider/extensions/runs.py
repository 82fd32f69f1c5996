"""Write one document per crawl in `runs`: its arguments, the versions of the software, how it ended."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from bson import ObjectId
from pymongo.errors import PyMongoError
from scrapy import signals

from kcna_spider.exceptions import StoreUnavailableError
from kcna_spider.extensions.store import archive_of
from kcna_spider.timestamps import utc_now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_SECONDS = 2.0  # that the end of a crawl waits for an unavailable database


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
        """Complete what killed crawls left half done, and write what this one is to do."""
        archive = archive_of(self.crawler)
        if (repaired := archive.repair(utc_now())) and self.crawler.stats:
            self.crawler.stats.set_value("store/repaired", repaired)
        key = ObjectId()
        archive.retry(lambda: archive.run_store.begin(key, spider.name, spider.arguments.as_given()))
        self.key = key

    def spider_closed(self, reason: str) -> None:
        """Write how it ended. Without that, the next crawl takes it for killed."""
        if (key := self.key) is None:  # it could not be begun, and the log says why
            return
        archive = archive_of(self.crawler)
        stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
        try:
            archive.retry(lambda: archive.run_store.end(key, reason, stats), _SECONDS)
        except (StoreUnavailableError, PyMongoError) as error:
            # Expected in an outage: no traceback.
            logger.error("The end of this crawl is not in `runs`: %s", error)  # noqa: TRY400
