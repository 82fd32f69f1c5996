"""All workers of a site together keep to its pace and to its number of connections: each request waits for its turn in Redis."""

from __future__ import annotations

import asyncio
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

_LOOK_SECONDS = 0.05
_GONE_SECONDS = 2.0  # one that waited and asks no more so long was killed
_OPEN_SECONDS = 10.0  # a connection counts so long after its worker said last that it is in use: a killed one's doesn't hold up the others
_RENEW_SECONDS = 3.0
# KEYS: when the next request may go; the connections in use; who waits, by when it came; who waits, by when it asked last.
# ARGV: pause after a request, connections at most, this one, how long its connection counts, seconds after which one that asks no more is gone.
# Gives the seconds until its turn, or -1 where it isn't: who came first goes first, in whichever worker.
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
return redis.call('ZADD', KEYS[1], 'XX', string.format('%.6f', time[1] + time[2] / 1000000 + ARGV[2]), ARGV[1])"""


class Gate:
    """`async with gate(request)`: entered when it is the request's turn. The pause is what this worker's AutoThrottle wants at the time."""

    def __init__(self, server: Redis, crawler: Crawler) -> None:
        self.server, self.crawler = server, crawler

    @asynccontextmanager
    async def __call__(self, request: Request) -> AsyncIterator[None]:
        """Without a pause between requests there is nothing to keep to."""
        assert self.crawler.engine
        name = request.meta.get("download_slot", "")
        slot = self.crawler.engine.downloader.slots.get(name)
        if slot is None or not slot.delay:
            yield
            return
        me, key = uuid.uuid4().hex, f"kcna_spider:pace:{name}"
        in_use = asyncio.ensure_future(self._in_use(f"{key}:open", me))
        try:
            await self._turn(request, key, slot.delay, slot.concurrency, me)
            yield
        finally:
            in_use.cancel()
            with suppress(RedisError):  # else it runs out
                await self.server.zrem(f"{key}:open", me)

    async def _in_use(self, key: str, me: str) -> None:
        """Say again and again that the connection is, from its turn on."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            with suppress(RedisError):
                await self.server.eval(_RENEW, 1, key, me, _OPEN_SECONDS)

    async def _turn(self, request: Request, key: str, delay: float, most: int, me: str) -> None:
        keys = [key, *(f"{key}:{name}" for name in ("open", "waiting", "asked"))]
        while True:
            try:
                seconds = float(await self.server.eval(_TURN, 4, *keys, delay, most, me, _OPEN_SECONDS, _GONE_SECONDS))
            except RedisError:  # away: the scheduler says so, the request waits
                seconds = -1.0
            if seconds >= 0:
                await ending_of(self.crawler).pause(request, seconds)
                return
            await ending_of(self.crawler).pause(request, _LOOK_SECONDS * random.uniform(0.5, 1.5))
