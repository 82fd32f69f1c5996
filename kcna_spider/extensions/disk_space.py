"""Ends a crawl while there is still room on the disks that it writes to: no file and no database is cut short."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from kcna_spider.paths import path_setting
from kcna_spider.store.connection.disk import free_bytes
from kcna_spider.store.shared import archive_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 2.0


class DiskSpace:
    """Looks every two seconds; finish reason `disk_full`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.least = crawler.settings.getint("LEAST_FREE_BYTES")
        names = ["SPOOL_DIR", "WARC_DIR", *(["MONGODB_EMBEDDED_PATH"] if archive_of(crawler).connection.is_embedded else [])]
        self.folders = [folder for name in names if (folder := path_setting(crawler.settings, name))]
        if not self.least:
            raise NotConfigured
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DiskSpace:
        """For Scrapy; NotConfigured for LEAST_FREE_BYTES=0."""
        return cls(crawler)

    def spider_opened(self) -> None:
        """Look from now on."""
        self._watch = asyncio.ensure_future(self._end_when_full())

    def spider_closed(self) -> None:
        """It has ended."""
        self._watch.cancel()

    async def _end_when_full(self) -> None:
        while (full := self._full()) is None:  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(_LOOK_SECONDS)
        assert self.crawler.stats is not None
        assert self.crawler.engine is not None
        why = f"disk_full: less than {self.least:,} bytes are free for {full} (LEAST_FREE_BYTES)"
        logger.error("The crawl ends: %s", why)
        self.crawler.stats.set_value("health/failed", why)
        # not from within this task, which the closing cancels
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="disk_full"))

    def _full(self) -> Path | None:
        return next((folder for folder in self.folders if free_bytes(folder) < self.least), None)
