"""Decide, batch by batch, which stored article each sighting belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem

from kcna_spider.extensions.health import health_of
from kcna_spider.extensions.store import archive_of
from kcna_spider.items import Article, AvailabilityCheck, ListingUpdate, Reject
from kcna_spider.pipelines.batches import Batches
from kcna_spider.pipelines.deduplication import decide

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class DedupePipeline:
    """Attach to each article the decision whether it is known by its URL, its fingerprint or a near-equal text, or new.

    All items of ours pass through the same batches, so that none overtakes an earlier one.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.archive = archive_of(crawler)
        self.health = health_of(crawler)
        settings = crawler.settings
        self.batches = Batches(self._decide, settings.getint("STORE_BATCH_SIZE"), settings.getfloat("STORE_BATCH_DELAY"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DedupePipeline:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Return the item with its decision. DropItem where the store cannot be asked: the crawl ends as failed."""
        if ItemAdapter.is_item(item) and isinstance(item, Article | Reject | ListingUpdate | AvailabilityCheck):
            try:
                await self.batches.put(item)
            except Exception as error:  # noqa: BLE001  # whatever it is, the item is not stored and the crawl must say so
                self.health.fail_store(error, self.archive.connection.folders)
                raise DropItem(f"not stored: {error}", log_level="DEBUG") from None
        return item

    def _decide(self, items: Sequence[Any]) -> Sequence[Any]:
        decide(self.archive, items)
        return items
