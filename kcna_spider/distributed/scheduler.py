"""A scheduler that shares the requests for articles with all workers through Redis.

A worker keeps the lease of a request until the request and those that follow from it (retries, redirects, the
browser) are finished and their items are stored. One task exchanges data with Redis a few times per second;
no other code waits for Redis. If Redis is unavailable, the worker waits for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from scrapy.core.scheduler import Scheduler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred

from kcna_spider.base_spiders.article_requests import entries_of
from kcna_spider.base_spiders.priorities import Priority
from kcna_spider.distributed.category_updates import CategoryUpdates
from kcna_spider.distributed.frontier import LEASE_SECONDS, Exchange, Frontier
from kcna_spider.distributed.leased_request import LeasedRequest
from kcna_spider.downloadermiddlewares.meta_keys import LEASED_REQUEST
from kcna_spider.extensions.health import health_of
from kcna_spider.extensions.store import archive_of
from kcna_spider.store.connection.client import masked

_log = logging.getLogger(__name__)
_CHECK_SECONDS = 0.2
_RENEW_SECONDS = LEASE_SECONDS / 3
# Another worker takes over after this long without a leader. A leader whose connection to Redis was
# interrupted for a shorter time remains the leader.
_VACANT_SECONDS = 5.0
# Number of queued articles: with fewer, listings are read first; with more, listings wait.
_FEW_QUEUED, _MOST_QUEUED = 30, 500
_BYE_SECONDS = 3.0


class DistributedScheduler(Scheduler):
    """Share requests for articles through Redis; keep other requests, such as listings, in Scrapy's queue."""

    def open(self, spider: Any) -> Deferred[None] | None:
        """Join the crawl. The returned Deferred fails with CloseSpider if Redis cannot be reached."""
        super().open(spider)
        assert self.crawler
        self.outbox: dict[bytes, Request] = {}
        self.inbox: deque[LeasedRequest] = deque()
        self.again: deque[Request] = deque()  # retries and redirects of leased requests
        self.leases: dict[bytes, LeasedRequest] = {}
        self.updates = CategoryUpdates(spider)
        self.poke = asyncio.Event()
        self.state, self.leads = "running", False
        self.queued = self.leased = self.exchanges = 0
        self.renew_at = self.vacant_since = 0.0
        self.outage = False
        self.most = self.crawler.settings.getint("CONCURRENT_REQUESTS")
        url = self.crawler.settings["DISTRIBUTED_REDIS_URL"]
        self.server = Redis.from_url(url, socket_timeout=10, socket_connect_timeout=3)
        database = archive_of(self.crawler).identifier()
        self.frontier = Frontier(self.server, spider, spider.arguments.as_given(), database)
        return deferred_from_coro(self._join(url))

    async def _join(self, url: str) -> None:
        try:
            await self.frontier.join()
        except (RedisError, ValueError) as error:
            self._break_off(
                "redis_unreachable", f"Redis cannot be reached at {masked(url)}: {masked(str(error))[:200]}"
            )
            raise CloseSpider("redis_unreachable") from None
        self._talk = asyncio.ensure_future(self._exchange_for_ever())

    def close(self, reason: str) -> Deferred[None] | None:
        """Return unfinished leased requests to the queue."""
        super().close(reason)
        return deferred_from_coro(self._leave())

    async def _leave(self) -> None:
        if self.state == "running":
            self._talk.cancel()
            with suppress(RedisError, OSError):  # includes TimeoutError; after an error the leases expire
                async with asyncio.timeout(_BYE_SECONDS):
                    await self._exchange(last=True)
                    if self.state == "running":  # a crawl that is done or lost has no queue
                        await self.frontier.return_requests(
                            {data: lease.request for data, lease in self.leases.items()}
                        )
                        self._count("returned", len(self.leases))
        with suppress(RedisError, OSError):
            await self.server.aclose()

    # -- for Scrapy's engine

    def enqueue_request(self, request: Request) -> bool:
        """Queue a request: for all workers if it is for an article and does not belong to a leased one."""
        if request.meta.get(LEASED_REQUEST):
            self.again.append(request)
            return True
        # Requests for articles are shared; a retry has a lower priority, a redirect a higher one than its
        # request. Only methods of the spider can be shared.
        of_spider = getattr(request.callback, "__self__", None) is self.updates.spider
        if self.state != "running" or request.priority <= Priority.PHOTO_PAGE or not of_spider:
            return super().enqueue_request(request)
        self.outbox[self.frontier.encode(request)] = request
        self.updates.queued(request)
        return True

    def next_request(self) -> Request | None:
        """Return a retry or redirect, else a listing if few articles are queued, else a leased request.

        If many articles are queued, listings wait.
        """
        if self.again:
            return self.again.popleft()
        waiting = self.queued + len(self.outbox)
        if waiting < _FEW_QUEUED and self.state == "running" and (request := super().next_request()):
            return request
        if self.inbox:
            self._count("taken")
            return self.inbox.popleft().request
        if self.queued:
            self.poke.set()
        if self.state == "running" and waiting > _MOST_QUEUED:
            return None
        return super().next_request()

    def has_pending_requests(self) -> bool:
        """Return whether this worker has requests that wait."""
        return bool(self.again or self.inbox or self.outbox) or super().has_pending_requests()

    # -- with Redis

    async def _exchange_for_ever(self) -> None:
        while self.state == "running":
            try:
                await self._exchange()
            except (RedisError, OSError) as error:
                if not self.outage:
                    _log.warning("Redis is unavailable; waiting for it: %s", masked(str(error))[:200])
                    self._count("redis_outages")
                self.outage = True
            except Exception as error:  # noqa: BLE001  # for example a request of another project version
                _log.exception("This worker cannot continue the shared crawl")
                self._break_off("distributed_failed", repr(error))
            else:
                if self.outage:
                    _log.warning("Redis is back")
                self.outage = False
            self.poke.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.poke.wait(), _CHECK_SECONDS)
        # No worker takes what was queued meanwhile, so this one fetches it.
        while self.outbox:
            super().enqueue_request(self.outbox.popitem()[1])

    async def _exchange(self, *, last: bool = False) -> None:
        assert self.crawler
        pushed = dict(self.outbox)
        done = {
            data: [story.url for story in entries_of(lease.request)]
            for data, lease in self.leases.items()
            if self._is_finished(lease)
        }
        renewing = time.monotonic() >= self.renew_at
        renewed = [data for data in self.leases if data not in done] if renewing else []
        slot = self._slot
        ends = last or not self.crawler.crawling or slot is None or slot.closing is not None
        wanted = 0 if ends else self._wanted()
        vacant = self.vacant_since and time.monotonic() - self.vacant_since > _VACANT_SECONDS
        may_lead = not ends and bool(self.leads or vacant or not self.exchanges)
        result = await self.frontier.exchange(pushed, done, renewed, wanted, may_lead=may_lead)
        for data in pushed if result.state != "lost" else ():
            del self.outbox[data]
        for data in done:
            del self.leases[data]
        if renewing:
            self.renew_at = time.monotonic() + _RENEW_SECONDS
        self.exchanges += 1
        self._apply(result)

    def _wanted(self) -> int:
        """Return the number of requests to lease.

        The leader leases few while it has listings to read, so that other workers get more.
        """
        assert self.crawler
        assert self.crawler.engine
        active = self.crawler.engine.downloader.active
        reads_listings = self.leads and (
            super().has_pending_requests() or any(LEASED_REQUEST not in request.meta for request in active)
        )
        wanted = self.most // 2 + 1 if reads_listings else 2 * self.most
        return max(0, wanted - len(self.inbox) - len(active))

    def _is_finished(self, lease: LeasedRequest) -> bool:
        """Return whether a leased request is finished and its items are stored."""
        assert self.crawler
        if lease.given_up or health_of(self.crawler).outcome.store_failed or lease in self.inbox:
            return False
        return all(
            request.meta.get(LEASED_REQUEST) is not lease
            for request in (*self.again, *(self._slot.inprogress if self._slot else ()))
        )

    def _apply(self, result: Exchange) -> None:
        self.queued, self.leased = result.queued, result.leased
        led, self.leads = self.leads, result.leads == self.frontier.worker
        self.vacant_since = 0.0 if result.leads else self.vacant_since or time.monotonic()
        if self.leads and not led:
            self._count("led")
        for data in result.taken:
            if data not in self.leases:  # if it is, its lease had expired, and this worker leased it again
                self.inbox.append(self._lease_of(data))
        self.updates.finished(result.passed)
        if not (result.queued or result.leased):
            self.updates.nothing_queued(self.outbox.values())
        self.state = result.state
        if self.state == "lost":
            self._break_off(
                "distributed_lost", "Redis lost what the workers shared; another crawl finds what is missing"
            )
        if (self.inbox or self.state != "running") and self._slot:
            self._slot.nextcall.schedule()

    def _break_off(self, code: str, detail: str) -> None:
        assert self.crawler
        self.state = "lost"
        health_of(self.crawler).fail(code, detail)

    def _lease_of(self, data: bytes) -> LeasedRequest:
        request = self.frontier.decode(data)
        lease = self.leases[data] = LeasedRequest(data, request)
        request.meta[LEASED_REQUEST] = lease
        self.updates.taken(request)
        return lease

    def quiet(self) -> bool:
        """Return whether nothing is in progress in this worker."""
        assert self.crawler
        assert self.crawler.engine
        scraped = self.crawler.engine.scraper.slot
        busy = self.leases or self.has_pending_requests() or (self._slot and self._slot.inprogress)
        return not busy and (scraped is None or scraped.is_idle())

    @property
    def _slot(self) -> Any:
        """The engine's slot, with its requests in progress. Scrapy has no public API for it."""
        assert self.crawler
        return self.crawler.engine._slot if self.crawler.engine else None  # noqa: SLF001

    def _count(self, name: str, number: int = 1) -> None:
        if self.stats and number:
            self.stats.inc_value(f"distributed/{name}", number)
