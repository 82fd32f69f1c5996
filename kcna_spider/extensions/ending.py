"""Ends a crawl within seconds of being told to: what waits for its turn at a site is dropped, what is under way gets a little time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy import signals

from kcna_spider.ending import EndingError, ending_of
from kcna_spider.store.shared import archive_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_LOOK_SECONDS = 0.25


class Ending:
    """Looks whether the crawl is to end (`Crawler.crawling`: Scrapy has no signal for it)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.seconds = crawler.settings.getfloat("ENDING_SECONDS")
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Ending:
        """For Scrapy."""
        return cls(crawler)

    def spider_opened(self) -> None:
        """Look from now on."""
        self._watch = asyncio.ensure_future(self._end_when_told())

    def spider_closed(self) -> None:
        """It has ended."""
        self._watch.cancel()

    async def _end_when_told(self) -> None:
        while self.crawler.crawling:  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(_LOOK_SECONDS)
        ending = ending_of(self.crawler)
        ending.begun.set()
        archive_of(self.crawler).patience.hurry()
        self._drop_waiting()
        await asyncio.sleep(self.seconds)
        ending.give_up()

    def _drop_waiting(self) -> None:
        assert self.crawler.engine is not None
        for slot in self.crawler.engine.downloader.slots.values():
            while slot.queue:
                request, waiting = slot.queue.popleft()
                waiting.errback(EndingError(request))
