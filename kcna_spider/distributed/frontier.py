"""The state that workers share in Redis: queue, duplicate filter, leases, leader, end of the crawl.

The queue, the duplicate filter, their keys and the encoding are those of scrapy-redis. scrapy-redis deletes a
request when a worker takes it, so that a killed worker loses it; here the request moves to a set of leases in
the same step. Leases end by the server's clock.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from scrapy import Request, Spider
from scrapy_redis.dupefilter import RFPDupeFilter
from scrapy_redis.queue import PriorityQueue

LEASE_SECONDS = 30
_KEPT_SECONDS = 7 * 86_400  # an unfinished crawl that nobody continues expires after this
_DONE_SECONDS = 3_600
_PASSED_ON = 1_000  # largest number of finished URLs that the leader reads in one exchange

_PUSH = """
for i = 1, #ARGV, 3 do
  if redis.call('SADD', KEYS[2], ARGV[i]) == 1 then redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i + 2]) end
end"""
# ARGV: seconds of a lease, number of wanted requests, requests whose leases are renewed. Requests with
# expired leases are taken first. Returns the taken requests and the numbers of queued and leased ones.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local ends = now + ARGV[1]
for i = 3, #ARGV do redis.call('ZADD', KEYS[2], 'XX', ends, ARGV[i]) end
local taken = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ARGV[2])
if #taken < tonumber(ARGV[2]) then
  for _, one in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - #taken - 1)) do
    redis.call('ZREM', KEYS[1], one)
    table.insert(taken, one)
  end
end
for _, one in ipairs(taken) do redis.call('ZADD', KEYS[2], ends, one) end
return {taken, redis.call('ZCARD', KEYS[1]), redis.call('ZCARD', KEYS[2])}"""
# ARGV: the worker, seconds of its leadership, whether it may become the leader. Returns the leader, if any.
_LEAD = """
local leads = redis.call('GET', KEYS[1])
if leads == ARGV[1] or (not leads and ARGV[3] == '1') then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  return ARGV[1]
end
return leads"""
_FINISH = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], '1', 'EX', ARGV[2])
for i = 3, #KEYS do redis.call('DEL', KEYS[i]) end
return redis.call('DEL', KEYS[1])"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The result of one exchange.

    taken: encoded requests that this worker leased. queued, leased: number of requests in the queue, and of
    requests that any worker has leased. leads: the leader, or None. passed: for the leader, URLs that workers
    have finished. state: running, done or lost.
    """

    taken: list[bytes]
    queued: int
    leased: int
    leads: str | None
    passed: list[str]
    state: str


class Frontier(PriorityQueue):  # type: ignore[misc]  # it has no types
    """One worker's access to the crawl that it shares with workers of the same spider and arguments.

    database: an identifier of the database, because workers with different ones must not share a crawl.
    """

    def __init__(self, server: Redis, spider: Spider, arguments: Mapping[str, Any], database: str) -> None:
        crawl = json.dumps([arguments, database], sort_keys=True)
        digest = hashlib.sha256(crawl.encode()).hexdigest()[:12]
        self.base = f"kcna_spider:{spider.name}:{digest}"
        self.worker = uuid.uuid4().hex
        self.crawl = ""
        self.filter = RFPDupeFilter(server, "")
        super().__init__(server, spider, self.base)

    async def join(self) -> None:
        """Join the running crawl, or begin one."""
        running = await self.server.set(self.base, self.worker, nx=True, get=True, ex=_KEPT_SECONDS)
        self.crawl = running.decode() if running else self.worker

    def encode(self, request: Request) -> bytes:
        """Encode a request. Raise ValueError if its callback is not a method of the spider."""
        encoded: bytes = self._encode_request(request)
        return encoded

    def decode(self, data: bytes) -> Request:
        """Decode a request."""
        request: Request = self._decode_request(data)
        return request

    def fingerprint(self, request: Request) -> str:
        """Return the fingerprint of a request for the duplicate filter.

        Requests for different articles of one page differ.
        """
        found: str = self.filter.request_fingerprint(request)
        listed = request.cb_kwargs.get("listed")
        return found + ",".join(sorted(listed)) if isinstance(listed, dict) else found

    def _keys(self, *names: str) -> list[str]:
        return [f"{self.base}:{self.crawl}:{name}" for name in names]

    async def exchange(
        self,
        pushed: Mapping[bytes, Request],
        done: Mapping[bytes, Sequence[str]],
        renewed: Sequence[bytes],
        wanted: int,
        *,
        may_lead: bool,
    ) -> Exchange:
        """Queue requests, finish and renew leases, and lease up to `wanted` requests; safe to repeat.

        pushed: encoded request -> request to queue. done: encoded request -> URLs of its finished articles.
        renewed: encoded requests whose leases are renewed. may_lead: whether this worker may become, or
        remain, the leader.
        """
        requests, seen, leased, passed, leads, finished = self._keys(
            "requests", "dupefilter", "leased", "passed", "lead", "done"
        )
        pipe = self.server.pipeline(transaction=True)
        if pushed:
            parts = [
                part
                for data, request in pushed.items()
                for part in (self.fingerprint(request), -request.priority, data)
            ]
            pipe.eval(_PUSH, 2, requests, seen, *parts)
        if done:
            pipe.zrem(leased, *done)
            if addresses := [url for urls in done.values() for url in urls]:
                pipe.rpush(passed, *addresses)
        for key in (self.base, requests, seen, leased, passed):
            pipe.expire(key, _KEPT_SECONDS)
        pipe.get(self.base)
        pipe.exists(finished)
        pipe.eval(_LEAD, 1, leads, self.worker, LEASE_SECONDS, int(may_lead))
        pipe.eval(_TAKE, 2, requests, leased, LEASE_SECONDS, wanted, *renewed)
        crawl, is_done, leader, (taken, queued, under_way) = (await pipe.execute())[-4:]
        leader = leader and leader.decode()
        heard = await self.server.lpop(passed, _PASSED_ON) if leader == self.worker else None
        lost = crawl is None or crawl.decode() != self.crawl
        state = "done" if is_done else "lost" if lost else "running"
        return Exchange(taken, queued, under_way, leader, [url.decode() for url in heard or ()], state)

    async def return_requests(self, held: Mapping[bytes, Request]) -> None:
        """Return leased requests that this worker will not finish to the queue; give up the leadership."""
        requests, leased, leads = self._keys("requests", "leased", "lead")
        pipe = self.server.pipeline(transaction=True)
        for data, request in held.items():
            pipe.zrem(leased, data)
            pipe.zadd(requests, {data: -request.priority})
        pipe.expire(requests, _KEPT_SECONDS)
        await pipe.execute()
        if await self.server.get(leads) == self.worker.encode():
            await self.server.delete(leads)

    async def finish(self) -> bool:
        """Mark the crawl as done for all workers, and remove its other keys.

        Return False if this crawl is no longer the current one.
        """
        keys = [self.base, *self._keys("done", "requests", "dupefilter", "leased", "passed", "lead")]
        return bool(await self.server.eval(_FINISH, len(keys), *keys, self.crawl, _DONE_SECONDS))
