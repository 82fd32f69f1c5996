"""End a crawl before the disks that it writes to are full."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from kcna_spider.extensions.health import health_of
from kcna_spider.extensions.store import archive_of
from kcna_spider.paths import path_setting
from kcna_spider.store.connection.disk import free_bytes

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_CHECK_SECONDS = 2.0


class DiskSpace:
    """Check the free space every two seconds, and end the crawl with the reason `disk_full` if it is too low.

    Raise NotConfigured for MIN_FREE_DISK_BYTES=0.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.min_bytes = crawler.settings.getint("MIN_FREE_DISK_BYTES")
        if not self.min_bytes:
            raise NotConfigured
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DiskSpace:
        return cls(crawler)

    def spider_opened(self) -> None:
        """Start checking the disks of the database and of the WARC files."""
        warc = path_setting(self.crawler.settings, "WARC_DIR")
        self.folders = [*archive_of(self.crawler).connection.folders, *([warc] if warc else [])]
        self._check = asyncio.ensure_future(self._end_when_full())

    def spider_closed(self) -> None:
        """Stop checking."""
        self._check.cancel()

    async def _end_when_full(self) -> None:
        while (full := self._full()) is None:  # noqa: ASYNC110  # the system has no event for a full disk
            await asyncio.sleep(_CHECK_SECONDS)
        detail = f"less than {self.min_bytes:,} bytes are free for {full} (MIN_FREE_DISK_BYTES)"
        health_of(self.crawler).fail("disk_full", detail, close=True)

    def _full(self) -> Path | None:
        return next((folder for folder in self.folders if free_bytes(folder) < self.min_bytes), None)
