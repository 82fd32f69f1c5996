"""Limit the rate and the connections of all workers of a site together: each request waits for its turn."""

from __future__ import annotations

import asyncio
import random
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from redis.asyncio import Redis
from redis.exceptions import RedisError

from kcna_spider.downloadermiddlewares.retry import sleep_unless_stopping

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

_CONNECTION = (
    "kcna_connection"  # request meta key: (key, token, renewing task) of the request's connection in Redis
)
_RETRY_SECONDS = 0.05
_GONE_SECONDS = 2.0  # a waiting request that does not poll for this long belongs to a killed worker
# A connection counts for this long after its worker last renewed it, so that a killed worker does not block
# others.
OPEN_SECONDS = 10.0
RENEW_SECONDS = 3.0
# KEYS: time of the next request; connections in use; waiting requests by arrival; waiting requests by last
# poll. ARGV: delay after a request, maximum of connections, this request, seconds that its connection counts,
# seconds without a poll after which a request is dropped. Returns the seconds until its turn, or -1 before
# its turn: requests of all workers are served in order of arrival.
_TURN = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local function text(number) return string.format('%.6f', number) end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now))
for _, one in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', text(now - ARGV[5]))) do
  redis.call('ZREM', KEYS[3], one)
  redis.call('ZREM', KEYS[4], one)
end
redis.call('ZADD', KEYS[3], 'NX', text(now), ARGV[3])
redis.call('ZADD', KEYS[4], text(now), ARGV[3])
for i = 3, 4 do redis.call('EXPIRE', KEYS[i], 3600) end
if redis.call('ZRANK', KEYS[3], ARGV[3]) >= ARGV[2] - redis.call('ZCARD', KEYS[2]) then return '-1' end
redis.call('ZREM', KEYS[3], ARGV[3])
redis.call('ZREM', KEYS[4], ARGV[3])
local at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
redis.call('SET', KEYS[1], text(at + ARGV[1]), 'EX', math.ceil(at - now + ARGV[1]) + 1)
redis.call('ZADD', KEYS[2], text(now + ARGV[4]), ARGV[3])
redis.call('EXPIRE', KEYS[2], 3600)
return text(at - now)"""
_RENEW = """
local time = redis.call('TIME')
local expires = string.format('%.6f', time[1] + time[2] / 1000000 + ARGV[2])
return redis.call('ZADD', KEYS[1], 'XX', expires, ARGV[1])"""


class RateLimiterMiddleware:
    """Delay each request until its turn. The delay between turns is that of this worker's AutoThrottle."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.server = Redis.from_url(
            crawler.settings["DISTRIBUTED_REDIS_URL"], socket_timeout=10, socket_connect_timeout=3
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RateLimiterMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the request's turn. Without a delay between requests, there is no limit."""
        assert self.crawler.engine
        downloader = self.crawler.engine.downloader
        name = downloader.get_slot_key(request)
        slot = downloader.slots.get(name)
        delay = slot.delay if slot else self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        if not delay:
            return
        most = slot.concurrency if slot else self.crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        token, key = uuid.uuid4().hex, f"kcna_spider:pace:{name}"
        renewing = asyncio.ensure_future(self._renew(f"{key}:open", token))
        request.meta[_CONNECTION] = (f"{key}:open", token, renewing)
        try:
            await self._turn(request, key, delay, most, token)
        except BaseException:
            await self._release(request)
            raise
        if slot := downloader.slots.get(name):
            # The turn includes the delay; the downloader's own delay would be added to it.
            slot.lastseen = 0.0
            if slot.latercall:
                slot.latercall.cancel()
                slot.latercall = None

    async def process_response(self, request: Request, response: Response) -> Response:
        """Free the connection."""
        await self._release(request)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002
        """Free the connection."""
        await self._release(request)

    async def _release(self, request: Request) -> None:
        if connection := request.meta.pop(_CONNECTION, None):
            key, token, renewing = connection
            renewing.cancel()
            with suppress(RedisError):  # after an error, the connection expires
                await self.server.zrem(key, token)

    async def _renew(self, key: str, token: str) -> None:
        """Renew the request's connection, which exists in Redis from its turn on, until cancelled."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with suppress(RedisError):
                await self.server.eval(_RENEW, 1, key, token, OPEN_SECONDS)

    async def _turn(self, request: Request, key: str, delay: float, most: int, token: str) -> None:
        keys = [key, *(f"{key}:{name}" for name in ("open", "waiting", "asked"))]
        while True:
            try:
                seconds = float(
                    await self.server.eval(_TURN, 4, *keys, delay, most, token, OPEN_SECONDS, _GONE_SECONDS)
                )
            except RedisError:  # the request waits; the scheduler logs that Redis is unavailable
                seconds = -1.0
            if seconds >= 0:
                await sleep_unless_stopping(self.crawler, request, seconds)
                return
            await sleep_unless_stopping(self.crawler, request, _RETRY_SECONDS * random.uniform(0.5, 1.5))
