"""Write decided items to MongoDB, and decide again those for which another writer was faster.

Nothing is counted before the database has acknowledged it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from kcna_spider.items import Article, AvailabilityCheck, Item, ListingUpdate, PhotoSet, Reject
from kcna_spider.pipelines.batches import store_batches
from kcna_spider.pipelines.dedupe import decide
from kcna_spider.pipelines.validate import reject_of
from kcna_spider.store.archive import Archive
from kcna_spider.store.write.articles import CONFLICT
from kcna_spider.store.write.conflicts import ConflictPauses
from kcna_spider.store.write.photo_sets import PHOTOS, photo_rejects
from kcna_spider.store.write.too_large import TOO_LARGE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_KEPT = "kept"  # the outcome of rejects and listing updates


class RejectedItem(DropItem):
    """The item was stored as a reject."""

    def __init__(self, reject: Reject) -> None:
        super().__init__(f"{reject.url}: {reject.reason}: {reject.detail}", log_level="WARNING")
        self.reject = reject


class StoredItem(DropItem):
    """The item was stored, and is not an article, so that no later pipeline or exporter needs it."""


class MongoPipeline:
    """Write items in batches; each item waits until its batch is acknowledged.

    Articles are passed on to later pipelines; other items are dropped after they are written.
    """

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats  # Scrapy sets it before it creates the pipelines
        self.stats = crawler.stats
        self.batches = store_batches(crawler, write)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MongoPipeline:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Return a stored article with its outcome. Raise RejectedItem or StoredItem for other items."""
        if not isinstance(item, Item):
            return item
        result, stat = result_of(item, await self.batches.put(item))
        if stat:
            self.stats.inc_value(stat)
        if isinstance(result, Article):
            return result
        if isinstance(result, Reject):
            raise RejectedItem(result)
        raise StoredItem(type(item).__name__)


def result_of(item: Item, outcome: str) -> tuple[Item, str | None]:
    """Return a written item, or the reject that replaces it, and the name of the stat that counts it.

    Set the outcome of an article. Log photos that were not stored.
    """
    if isinstance(item, Article):
        if outcome != TOO_LARGE:
            item.outcome = outcome
            return item, f"store/{outcome}"
        item = too_large(item)
    if isinstance(item, Reject):
        return item, f"drop/{item.reason}"
    if isinstance(item, AvailabilityCheck):
        return item, f"recheck/{outcome}"
    if isinstance(item, PhotoSet):
        return item, f"photo_pages/{_photo_page(item, outcome)}"
    return item, None


def _photo_page(item: PhotoSet, outcome: str) -> str:
    """Return the name of the stat that counts a photo page, and log photos that were not stored."""
    if outcome != PHOTOS:
        logger.warning("Photos not stored: %s: %s", item.page_url, outcome)
        return outcome
    return item.status


def too_large(article: Article) -> Reject:
    """Return the reject of an article that would exceed the size limit of a document."""
    detail = "with this sighting the article would be larger than a MongoDB document may be (16 MB)"
    return reject_of(article, TOO_LARGE, detail)


def write(archive: Archive, items: Sequence[Item]) -> list[str]:
    """Write decided items; return the outcome of each.

    Articles are written first, so that a listing update finds the articles that precede it.
    """
    articles = [item for item in items if isinstance(item, Article)]
    checks = [item for item in items if isinstance(item, AvailabilityCheck)]
    outcomes = (
        dict(zip(map(id, articles), _write_articles(archive, articles), strict=True)) if articles else {}
    )
    photos = [item for item in items if isinstance(item, PhotoSet)]
    rejects = [item for item in items if isinstance(item, Reject)]
    rejects += [reject for photo_set in photos for reject in photo_rejects(photo_set)]
    rejects += [too_large(article) for article in articles if outcomes[id(article)] == TOO_LARGE]
    if rejects:
        archive.save_rejects(rejects)
    if updates := [item for item in items if isinstance(item, ListingUpdate)]:
        _update_from_listings(archive, updates)
    if checks:
        outcomes |= dict(zip(map(id, checks), archive.record_availability(checks), strict=True))
    if photos:
        outcomes |= dict(zip(map(id, photos), archive.save_photos(photos), strict=True))
    return [outcomes.get(id(item), _KEPT) for item in items]


def _update_from_listings(archive: Archive, updates: Sequence[ListingUpdate]) -> None:
    """Write listing updates, decided again, because their articles may have been stored only now."""
    decide(archive, updates)
    conflicts = ConflictPauses()
    while lost := archive.update_from_listings(updates):
        conflicts.pause(lost[0].urls[0])
        updates = lost
        decide(archive, updates)


def decide_and_write(archive: Archive, items: Sequence[Item]) -> list[str]:
    """Decide and write items; return the outcome of each."""
    decide(archive, items)
    return write(archive, items)


def _write_articles(archive: Archive, batch: Sequence[Article]) -> list[str]:
    outcomes = archive.save_articles(batch)
    pauses: ConflictPauses | None = None
    while conflicts := [i for i, outcome in enumerate(outcomes) if outcome == CONFLICT]:
        pauses = pauses or ConflictPauses()
        pauses.pause(batch[conflicts[0]].url)
        again = [batch[i] for i in conflicts]
        decide(archive, again)
        for i, outcome in zip(conflicts, archive.save_articles(again), strict=True):
            outcomes[i] = outcome
    return outcomes
