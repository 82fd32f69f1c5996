"""All workers of a site together keep to its pace and to its number of connections: each request waits for its turn in Redis."""

from __future__ import annotations

import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

from kcna_spider.ending import ending_of

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from scrapy.crawler import Crawler
    from scrapy.http import Request

_LOOK_SECONDS = 0.1
_MARGIN_SECONDS = 10.0  # a connection of a killed worker counts so much longer than it could have lasted
# KEYS: when the next request may go, the connections in use. ARGV: pause after it, connections at most, this one, how long it may last.
# Gives the seconds until its turn, or -1 where all connections are in use.
_TURN = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[2]) then return '-1' end
local at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
redis.call('SET', KEYS[1], string.format('%.6f', at + ARGV[1]), 'EX', math.ceil(at - now + ARGV[1]) + 1)
redis.call('ZADD', KEYS[2], string.format('%.6f', at + ARGV[4]), ARGV[3])
redis.call('EXPIRE', KEYS[2], 3600)
return string.format('%.6f', at - now)"""


class Gate:
    """`async with gate(request)`: entered when it is the request's turn. The pause is what this worker's AutoThrottle wants at the time."""

    def __init__(self, server: Redis, crawler: Crawler) -> None:
        self.server, self.crawler = server, crawler
        self.seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT") + _MARGIN_SECONDS

    @asynccontextmanager
    async def __call__(self, request: Request) -> AsyncIterator[None]:
        """Without a pause between requests there is nothing to keep to."""
        assert self.crawler.engine
        name = request.meta.get("download_slot", "")
        slot = self.crawler.engine.downloader.slots.get(name)
        if slot is None or not slot.delay:
            yield
            return
        me = uuid.uuid4().hex
        try:
            await self._turn(request, f"kcna_spider:pace:{name}", slot.delay, slot.concurrency, me)
            yield
        finally:
            with suppress(RedisError):  # else it runs out
                await self.server.zrem(f"kcna_spider:pace:{name}:open", me)

    async def _turn(self, request: Request, key: str, delay: float, most: int, me: str) -> None:
        while True:
            try:
                seconds = float(await self.server.eval(_TURN, 2, key, f"{key}:open", delay, most, me, self.seconds))
            except RedisError:  # away: the scheduler says so, the request waits
                seconds = -1.0
            if seconds >= 0:
                await ending_of(self.crawler).pause(request, seconds)
                return
            await ending_of(self.crawler).pause(request, _LOOK_SECONDS * random.uniform(0.5, 1.5))
