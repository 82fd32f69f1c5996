"""The shared rate limit of workers: a killed worker frees its connection soon, a living one keeps it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings

from kcna_spider.distributed import rate_limiter
from tests.conftest import ROOT
from tests.servers import RedisServer
from tests.system import redis as redis_mark

pytestmark = redis_mark
OPEN_SECONDS = 3.0
HOLDER = """
import asyncio, sys
from tests.distributed import test_rate_limiter
asyncio.run(test_rate_limiter.hold(int(sys.argv[1]), float(sys.argv[2])))
"""


class Worker:
    """The part of a crawler that the middleware uses: one connection, and a delay of 0.01 s."""

    crawling = True

    def __init__(self, port: int) -> None:
        slots = {"site": SimpleNamespace(delay=0.01, concurrency=1, lastseen=0.0, latercall=None)}
        self.settings = Settings({"DISTRIBUTED_REDIS_URL": f"redis://127.0.0.1:{port}/0"})
        self.engine = SimpleNamespace(downloader=SimpleNamespace(slots=slots, get_slot_key=lambda _: "site"))

    def get_extension(self, _: type) -> None:
        """Return None: there is no Health extension."""


async def hold(port: int, seconds: float) -> float:
    """Use the site's connection for this many seconds; print when it is freed, and return when it began.

    Both are in seconds of the clock that all processes share.
    """
    rate_limiter.OPEN_SECONDS, rate_limiter.RENEW_SECONDS = OPEN_SECONDS, 0.5
    middleware = rate_limiter.RateLimiterMiddleware(Worker(port))  # type: ignore[arg-type]
    request = Request("http://site/")
    await middleware.process_request(request)
    begun = time.monotonic()
    print("mine", flush=True)
    await asyncio.sleep(seconds)
    print(time.monotonic(), flush=True)
    await middleware.process_response(request, Response("http://site/"))
    await middleware.server.aclose()
    return begun


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limiter, "OPEN_SECONDS", OPEN_SECONDS)
    monkeypatch.setattr(rate_limiter, "RENEW_SECONDS", 0.5)


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "alive"])
def test_the_connection_of_another_worker(redis_server: RedisServer, killed: bool) -> None:
    command = [sys.executable, "-c", HOLDER, str(redis_server.port), str(OPEN_SECONDS + 2)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "mine\n"
        if killed:
            other.kill()
        begun = asyncio.run(asyncio.wait_for(hold(redis_server.port, 0), 60))
        if not killed:
            assert begun >= float(other.stdout.readline()), "a connection was taken from a living worker"
        other.kill()
