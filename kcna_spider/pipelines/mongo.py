"""Writes: new, revision, another copy, unchanged; rejects; listings. Counts nothing before the database acknowledged it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from kcna_spider.items import Article, Listed, Presence, Reject
from kcna_spider.pipelines.batches import Batches
from kcna_spider.store.shared import archive_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class RejectedItem(DropItem):
    """The item was kept as a reject."""

    def __init__(self, reject: Reject) -> None:
        super().__init__(f"{reject.url}: {reject.reason}: {reject.detail}", log_level="WARNING")
        self.reject = reject


class MongoPipeline:
    """One writer a crawl; each item waits until its batch is acknowledged."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.archive = archive_of(crawler)
        self.batches = Batches(self.write, crawler.settings.getint("STORE_BATCH_SIZE"))
        self._failed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MongoPipeline:
        """For Scrapy."""
        return cls(crawler)

    def write(self, items: Sequence[Any]) -> list[str]:
        """An outcome an item. Articles first, so that a listing finds the story that came just before it."""
        articles = [item for item in items if isinstance(item, Article)]
        outcomes = dict(zip(map(id, articles), self.archive.articles.save(articles), strict=True)) if articles else {}
        if articles:
            self.archive.resolve([article.url for article in articles], articles[-1].fetched.at)
        self.archive.reject([item for item in items if isinstance(item, Reject)])
        self.archive.listed([item for item in items if isinstance(item, Listed)])
        looked = [item for item in items if isinstance(item, Presence)]
        outcomes |= dict(zip(map(id, looked), self.archive.mark(looked), strict=True))
        return [outcomes.get(id(item), "kept") for item in items]

    async def process_item(self, item: Any) -> Any:
        """The item once it is stored; RejectedItem for a reject."""
        if not isinstance(item, Article | Reject | Listed | Presence):
            return item
        try:
            outcome = await self.batches.put(item)
        except Exception as error:  # noqa: BLE001  # whatever it is, the item isn't stored and the crawl must say so
            self._fail(error)
            raise DropItem(f"not stored: {error}", log_level="DEBUG") from None
        stats = self.crawler.stats
        assert stats is not None
        if isinstance(item, Reject):
            stats.inc_value(f"drop/{item.reason}")
            raise RejectedItem(item)
        if isinstance(item, Presence):
            stats.inc_value(f"recheck/{outcome}")
        if isinstance(item, Article):
            item.outcome = outcome
            stats.inc_value(f"store/{outcome}")
        return item

    def _fail(self, error: Exception) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("store/failed")
        if not self._failed:
            self._failed = True
            logger.error("The database refuses what it is given, the crawl ends: %s", str(error)[:500])
            assert self.crawler.engine is not None
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="store_failed"))
