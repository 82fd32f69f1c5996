"""Write decided items to MongoDB. Nothing is counted before the database acknowledged it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from kcna_spider.extensions.health import health_of
from kcna_spider.extensions.store import archive_of
from kcna_spider.items import Article, AvailabilityCheck, ListingUpdate, Reject
from kcna_spider.pipelines.batches import Batches
from kcna_spider.pipelines.writing import write

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class RejectedItem(DropItem):
    """The item was kept as a reject."""

    def __init__(self, reject: Reject) -> None:
        super().__init__(f"{reject.url}: {reject.reason}: {reject.detail}", log_level="WARNING")
        self.reject = reject


class StoredItem(DropItem):
    """The item was stored and is no article: no exporter and no later pipeline needs it."""


class MongoPipeline:
    """Write items in batches; each item waits until its batch is acknowledged. Articles go on, anything else ends here."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.archive = archive_of(crawler)
        self.health = health_of(crawler)
        settings = crawler.settings
        self.batches = Batches(self._write, settings.getint("STORE_BATCH_SIZE"), settings.getfloat("STORE_BATCH_DELAY"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MongoPipeline:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Return a stored article with its outcome; RejectedItem or StoredItem for anything else of ours."""
        if not isinstance(item, Article | Reject | ListingUpdate | AvailabilityCheck):
            return item
        try:
            outcome = await self.batches.put(item)
        except Exception as error:  # noqa: BLE001  # whatever it is, the item is not stored and the crawl must say so
            self.health.fail_store(error, self.archive.connection.folders)
            raise DropItem(f"not stored: {error}", log_level="DEBUG") from None
        if isinstance(item, Article):
            item.outcome = outcome
            self._count(f"store/{outcome}")
            return item
        if isinstance(item, Reject):
            self._count(f"drop/{item.reason}")
            raise RejectedItem(item)
        if isinstance(item, AvailabilityCheck):
            self._count(f"recheck/{outcome}")
        raise StoredItem(type(item).__name__)

    def _write(self, items: Sequence[Any]) -> list[str]:
        return write(self.archive, items)

    def _count(self, name: str) -> None:
        if self.crawler.stats:
            self.crawler.stats.inc_value(name)
