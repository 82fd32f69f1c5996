"""Run the spider's `start`, and so read the listings, in the leader only.

The other workers fetch articles, and end when the crawl is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from redis.exceptions import RedisError
from scrapy.crawler import Crawler

from kcna_spider.distributed.scheduler import DistributedScheduler
from kcna_spider.extensions.health import health_of
from kcna_spider.items import ListingUpdate

_CHECK_SECONDS = 0.2


class LeaderMiddleware:
    """Spider middleware that delays `start` until this worker is the leader.

    Scrapy keeps an idle worker open until `process_start` has finished.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LeaderMiddleware:
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Yield the requests of `start` once this worker is the leader; end when the crawl is done."""
        assert self.crawler.engine
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, DistributedScheduler)
        while scheduler.state == "running" and self.crawler.crawling:
            if scheduler.leads:
                async for one in start:
                    yield one
                async for one in self._until_done(scheduler):
                    yield one
                return
            await asyncio.sleep(_CHECK_SECONDS)
        health_of(self.crawler).outcome.nothing_due = True  # only the leader must find articles

    async def _until_done(self, scheduler: DistributedScheduler) -> AsyncIterator[ListingUpdate]:
        while scheduler.state == "running" and self.crawler.crawling:
            for listed in scheduler.updates.take():
                yield listed
            if scheduler.quiet() and not scheduler.updates:
                number = scheduler.exchanges
                # Wait for two exchanges: the one in progress may have begun before this worker was idle.
                while scheduler.exchanges < number + 2 and scheduler.state == "running":  # noqa: ASYNC110
                    await asyncio.sleep(_CHECK_SECONDS)
                if scheduler.quiet() and not (scheduler.queued or scheduler.leased or scheduler.updates):
                    for listed in scheduler.updates.take_rest():
                        yield listed
                    await self._finish(scheduler)
                    return
            await asyncio.sleep(_CHECK_SECONDS)

    async def _finish(self, scheduler: DistributedScheduler) -> None:
        """Mark the crawl as done. If it is done or lost already, the next exchange sets the state."""
        while scheduler.state == "running" and self.crawler.crawling:
            with suppress(RedisError, OSError):
                if await scheduler.frontier.finish():
                    scheduler.state = "done"
                    return
            await asyncio.sleep(_CHECK_SECONDS)
