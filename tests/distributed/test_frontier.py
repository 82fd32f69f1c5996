"""The leases of a worker that was killed go to another one, and those of a living worker do not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from redis.asyncio import Redis
from scrapy import Request, Spider
from scrapy.utils.test import get_crawler

from kcna_spider.distributed import frontier
from kcna_spider.distributed.frontier import Exchange, Frontier
from tests.servers import RedisServer
from tests.system import redis as redis_mark

pytestmark = redis_mark


async def joined(server: Redis) -> Frontier:
    """Return the access of a new worker to the crawl that all workers of a test share."""
    spider = get_crawler(Spider).spidercls("test")
    worker = Frontier(server, spider, {}, "a database")
    await worker.join()
    return worker


async def exchange(
    worker: Frontier,
    wanted: int = 0,
    *,
    pushed: Sequence[Request] = (),
    done: Sequence[bytes] = (),
    renewed: Sequence[bytes] = (),
) -> Exchange:
    """Exchange requests as a worker that never leads."""
    return await worker.exchange(
        {worker.encode(request): request for request in pushed},
        dict.fromkeys(done, ()),
        renewed,
        wanted,
        may_lead=False,
    )


async def taken(worker: Frontier) -> list[bytes]:
    """Ask for a request until there is one. Raise TimeoutError after a minute."""
    async with asyncio.timeout(60):
        while not (found := (await exchange(worker, 1)).taken):  # noqa: ASYNC110  # leases end in Redis
            await asyncio.sleep(0.05)
    return found


@pytest.fixture(autouse=True)
def _short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontier, "LEASE_SECONDS", 1)


def test_the_lease_of_a_killed_worker_is_taken(redis_server: RedisServer) -> None:
    async def run() -> None:
        async with Redis.from_url(redis_server.url) as server:
            killed, other = await joined(server), await joined(server)
            await exchange(killed, pushed=[Request("http://site/1")])
            data = (await exchange(killed, 1)).taken
            assert len(data) == 1
            assert await taken(other) == data
            late = await exchange(killed, done=data)
            assert (late.queued, late.leased) == (0, 0)
            assert (await exchange(other, 1)).taken == [], "a finished request was taken again"

    asyncio.run(run())


def test_a_lease_that_is_renewed_stays(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check that another worker gets the request only after the last renewal has ended too."""

    async def run() -> None:
        async with Redis.from_url(redis_server.url) as server:
            holder, other = await joined(server), await joined(server)
            await exchange(holder, pushed=[Request("http://site/1")])
            data = (await exchange(holder, 1)).taken
            monkeypatch.setattr(frontier, "LEASE_SECONDS", 600)  # A slow machine cannot exceed this.
            await exchange(holder, renewed=data)
            await asyncio.sleep(1.5)
            assert (await exchange(other, 1)).taken == []
            monkeypatch.setattr(frontier, "LEASE_SECONDS", 1)
            await exchange(holder, renewed=data)
            assert await taken(other) == data

    asyncio.run(run())


def test_other_articles_of_a_page_are_another_request(redis_server: RedisServer) -> None:
    async def run() -> None:
        async with Redis.from_url(redis_server.url) as server:
            worker = await joined(server)
            requests = [
                Request("http://site/page", cb_kwargs={"listed": dict.fromkeys(anchors)})
                for anchors in ("12", "34", "21")
            ]
            assert (await exchange(worker, pushed=requests)).queued == 2

    asyncio.run(run())
