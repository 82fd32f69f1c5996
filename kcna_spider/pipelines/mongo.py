"""Write decided items to MongoDB, and decide again those for which another writer was faster.

Nothing is counted before the database has acknowledged it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from kcna_spider.items import Article, AvailabilityCheck, Item, ListedPages, ListingUpdate, PhotoSet, Reject
from kcna_spider.pipelines.batches import store_batches
from kcna_spider.pipelines.dedupe import decide, decide_redatings
from kcna_spider.pipelines.validate import reject_of
from kcna_spider.store.archive import Archive
from kcna_spider.store.write.articles import CONFLICT
from kcna_spider.store.write.conflicts import ConflictPauses
from kcna_spider.store.write.photo_sets import PHOTOS, photo_rejects
from kcna_spider.store.write.too_large import TOO_LARGE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_KEPT = "kept"  # the outcome of rejects, listing updates and listed pages


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
    """Write decided items; return the outcome of each."""
    outcomes = [_KEPT] * len(items)
    for kind, save in _WRITERS:
        positions = [i for i, item in enumerate(items) if isinstance(item, kind)]
        if positions:
            written = save(archive, [items[i] for i in positions])
            for i, outcome in zip(positions, written, strict=True):
                outcomes[i] = outcome
    return outcomes


def _write_rejects(archive: Archive, rejects: Sequence[Reject]) -> list[str]:
    archive.save_rejects(rejects)
    return [_KEPT] * len(rejects)


def _write_listing_updates(archive: Archive, updates: Sequence[ListingUpdate]) -> list[str]:
    """Write listing updates; their redatings are decided here, as their articles may only now be stored."""
    conflicts, left = ConflictPauses(), updates
    decide_redatings(archive, left)
    while left := archive.update_from_listings(left):
        conflicts.pause(left[0].urls[0])
        decide_redatings(archive, left)
    return [_KEPT] * len(updates)


def _write_listed_pages(archive: Archive, pages: Sequence[ListedPages]) -> list[str]:
    archive.save_listed_pages(pages)
    return [_KEPT] * len(pages)


def _write_checks(archive: Archive, checks: Sequence[AvailabilityCheck]) -> list[str]:
    return archive.record_availability(checks)


def _write_photos(archive: Archive, photos: Sequence[PhotoSet]) -> list[str]:
    if rejects := [reject for photo_set in photos for reject in photo_rejects(photo_set)]:
        archive.save_rejects(rejects)
    return archive.save_photos(photos)


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
    if rejects := [
        too_large(one) for one, outcome in zip(batch, outcomes, strict=True) if outcome == TOO_LARGE
    ]:
        archive.save_rejects(rejects)
    return outcomes


# For each type of item, in this order, the function that writes items and returns the outcome of each.
# Articles are first, so that listing updates find them.
_WRITERS: tuple[tuple[type[Item], Callable[[Archive, Any], list[str]]], ...] = (
    (Article, _write_articles),
    (Reject, _write_rejects),
    (ListingUpdate, _write_listing_updates),
    (ListedPages, _write_listed_pages),
    (AvailabilityCheck, _write_checks),
    (PhotoSet, _write_photos),
)
