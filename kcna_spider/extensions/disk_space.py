"""End a crawl before the disks that it writes to are full."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from twisted.internet.task import LoopingCall

from kcna_spider.extensions.health import health_of
from kcna_spider.extensions.store import archive_of
from kcna_spider.paths import written_folders
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
        self.folders: list[Path] = []
        self._check: AsyncioLoopingCall | LoopingCall | None = None
        self.min_bytes = crawler.settings.getint("MIN_FREE_DISK_BYTES")
        if not self.min_bytes:
            raise NotConfigured
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DiskSpace:
        return cls(crawler)

    def spider_opened(self, spider: Any) -> None:
        """Start checking the disks of the database, of the WARC files, and of stored photos."""
        photos = getattr(spider, "photos", None)  # `scrapy fetch` and `scrapy shell` have another spider
        written = written_folders(self.crawler.settings, photos=bool(photos and photos.enabled))
        self.folders = [*archive_of(self.crawler).connection.folders, *written.values()]
        self._check = create_looping_call(self._end_if_full)
        self._check.start(_CHECK_SECONDS)

    def spider_closed(self) -> None:
        """Stop checking."""
        if self._check and self._check.running:
            self._check.stop()

    def _end_if_full(self) -> None:
        full = next((folder for folder in self.folders if free_bytes(folder) < self.min_bytes), None)
        if full is None or self._check is None:
            return
        self._check.stop()
        detail = f"less than {self.min_bytes:,} bytes are free for {full} (MIN_FREE_DISK_BYTES)"
        health_of(self.crawler).fail("disk_full", detail, close=True)
