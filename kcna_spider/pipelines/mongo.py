"""Writes: new, revision, another copy, unchanged; rejects; listings. Counts nothing before the database acknowledged it."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import DontCloseSpider, DropItem

from kcna_spider.exceptions import StoreAwayError
from kcna_spider.items import Article, Listed, Presence, Reject
from kcna_spider.paths import path_setting
from kcna_spider.pipelines.batches import Batches
from kcna_spider.store.connection.disk import is_disk_full
from kcna_spider.store.shared import archive_of
from kcna_spider.store.spool import Spool
from kcna_spider.store.writer import SPOOLED, Waiting, Writer
from kcna_spider.tally import tally_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class RejectedItem(DropItem):
    """The item was kept as a reject."""

    def __init__(self, reject: Reject) -> None:
        super().__init__(f"{reject.url}: {reject.reason}: {reject.detail}", log_level="WARNING")
        self.reject = reject


class MongoPipeline:
    """One writer a crawl; each item waits until its batch is acknowledged, or safe in the spool."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        assert crawler.stats is not None
        self.crawler, self.stats, self.tally = crawler, crawler.stats, tally_of(crawler)
        self.seconds = settings.getfloat("STORE_RETRY_SECONDS")
        self.writer = Writer(archive_of(crawler), Spool(path_setting(settings, "SPOOL_DIR") or Path("data/spool")), Waiting(self.seconds))
        self.batches = Batches(self.writer.write, settings.getint("STORE_BATCH_SIZE"), settings.getfloat("STORE_GATHER_SECONDS"))
        self._failed = False
        self._ends_at = 0.0
        self._bringing: asyncio.Task[None] | None = None
        crawler.signals.connect(self.spider_idle, signal=signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MongoPipeline:
        """For Scrapy."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """What an earlier crawl could not write comes first."""
        if self.writer.spool.files():
            await self._bring_in(self.seconds)

    def spider_idle(self) -> None:
        """The end waits for the database as long as a write does; what is in the spool then is brought in by the next crawl."""
        if self.writer.away_since is None:
            return
        self._ends_at = self._ends_at or time.monotonic() + self.seconds
        if time.monotonic() < self._ends_at:
            if self._bringing is None or self._bringing.done():
                self._bringing = asyncio.ensure_future(self._bring_in(1.0))
            raise DontCloseSpider

    async def _bring_in(self, seconds: float) -> None:
        try:
            await asyncio.to_thread(self.writer.bring_in, seconds)
        except StoreAwayError:
            return
        except Exception as error:  # noqa: BLE001  # as for an item
            self._fail(error)
        else:
            self._count_spool()

    def _count_spool(self) -> None:
        self.stats.set_value("spool/brought_in", self.writer.brought_in)
        self.stats.set_value("spool/waiting", 0)
        if damaged := self.writer.spool.damaged:
            self.stats.set_value("spool/damaged_lines", damaged)

    async def process_item(self, item: Any) -> Any:
        """The item once it is stored; RejectedItem for a reject."""
        if not isinstance(item, Article | Reject | Listed | Presence):
            return item
        try:
            outcome = await self.batches.put(item)
        except Exception as error:  # noqa: BLE001  # whatever it is, the item isn't stored and the crawl must say so
            self._fail(error)
            raise DropItem(f"not stored: {error}", log_level="DEBUG") from None
        self._count(item, outcome)
        if isinstance(item, Reject):
            raise RejectedItem(item)
        return item

    def _count(self, item: Any, outcome: str) -> None:
        if outcome == SPOOLED:
            self.stats.inc_value("spool/written")
            self.stats.inc_value("spool/waiting")
        elif self.stats.get_value("spool/waiting"):
            self._count_spool()  # what came earlier is in the database now
        if isinstance(item, Reject):
            self.stats.inc_value(f"drop/{item.reason}")
            self.tally.reject(item)
        if isinstance(item, Presence):
            self.stats.inc_value(f"recheck/{outcome}")
        if isinstance(item, Article):
            item.outcome = outcome
            self.tally.article(item, outcome)
            self.stats.inc_value(f"store/{outcome}")

    def _fail(self, error: Exception) -> None:
        self.stats.inc_value("store/failed")
        if not self._failed:
            self._failed = True
            folders = [*self.writer.archive.connection.folders, self.writer.spool.folder]
            reason = "disk_full" if is_disk_full(error, folders) else "store_failed"
            logger.error("What was crawled can't be stored, the crawl ends: %s", str(error)[:500])
            self.stats.set_value("health/failed", f"{reason}: {str(error)[:500]}")
            assert self.crawler.engine is not None
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))
