"""The joint pace of workers: what a killed one had in use is free soon, what a living one has in use stays its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from redis.asyncio import Redis
from scrapy.http import Request

from kcna_spider.distributed import gate
from tests.conftest import ROOT
from tests.servers import RedisServer
from tests.system import redis as redis_mark

pytestmark = redis_mark
OPEN_SECONDS = 2.0
HOLDER = """
import asyncio, sys
from tests.cluster import test_gate
asyncio.run(test_gate.hold(int(sys.argv[1]), float(sys.argv[2])))
"""


class Worker:
    """As much of a crawler as the gate looks at: one connection, a pause of 0.01 s."""

    def __init__(self) -> None:
        slot = SimpleNamespace(delay=0.01, concurrency=1)
        self.engine = SimpleNamespace(downloader=SimpleNamespace(slots={"site": slot}))


async def hold(port: int, seconds: float) -> float:
    """Have the site's connection in use for so long; gives how long it was waited for."""
    gate._OPEN_SECONDS, gate._RENEW_SECONDS = OPEN_SECONDS, 0.5
    begun = time.monotonic()
    async with Redis(port=port) as server:
        turn = gate.Gate(server, Worker())  # type: ignore[arg-type]
        async with turn(Request("http://site/", meta={"download_slot": "site"})):
            waited = time.monotonic() - begun
            print("mine", flush=True)
            await asyncio.sleep(seconds)
    return waited


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_OPEN_SECONDS", OPEN_SECONDS)
    monkeypatch.setattr(gate, "_RENEW_SECONDS", 0.5)


@pytest.mark.parametrize(("killed", "least", "most"), [(True, 0.0, OPEN_SECONDS + 1), (False, 4.0, 30.0)], ids=["killed", "alive"])
def test_the_connection_of_another_worker(redis_server: RedisServer, killed: bool, least: float, most: float) -> None:
    other = subprocess.Popen([sys.executable, "-c", HOLDER, str(redis_server.port), "5"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert other.stdout
    assert other.stdout.readline() == "mine\n"
    if killed:
        other.kill()
    waited = asyncio.run(hold(redis_server.port, 0))
    other.kill()
    other.communicate()
    assert least <= waited <= most
