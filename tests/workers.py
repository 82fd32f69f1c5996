"""Workers of one shared crawl, in separate processes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from kcna_spider.sample_site.site_server import SampleSite
from tests.conftest import Crawler
from tests.processes import ScrapyProcess
from tests.servers import RedisServer

_JOIN_SECONDS = 60


@contextmanager
def sharing(site: SampleSite, server: RedisServer, number: int) -> Iterator[None]:
    """Delay the site's responses until this many workers have joined one crawl.

    Raise redis.TimeoutError if they do not.
    """
    site.open.clear()
    with redis.Redis(port=server.port, socket_timeout=_JOIN_SECONDS) as client, client.monitor() as monitor:
        try:
            yield
            while number:  # Each worker joins with one SET ... NX.
                number -= " NX" in monitor.next_command()["command"]
        finally:
            site.open.set()


class Workers:
    """Workers of one crawl that start at the same time."""

    def __init__(self, scrapy: Crawler, redis: RedisServer, number: int, *crawl: str) -> None:
        self.processes = [
            scrapy.begin(
                "crawl", *crawl, "-s", f"DISTRIBUTED_REDIS_URL={redis.url}", "-s", "LOGSTATS_INTERVAL=1"
            )
            for _ in range(number)
        ]
        self.outputs: list[str] = []

    def wait(self, seconds: float = 120) -> list[int]:
        """Wait for all workers; return their exit codes."""
        self.outputs = [_output(process, seconds) for process in self.processes]
        return [process.wait() for process in self.processes]

    def stats(self, name: str) -> list[int]:
        """Return a stat of each worker, or 0 if it is missing."""
        return [_stat(output, name) for output in self.outputs]


def _output(process: ScrapyProcess, seconds: float) -> str:
    try:
        return process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def _stat(output: str, name: str) -> int:
    line = next((line for line in output.splitlines() if f"'{name}'" in line), None)
    return int(line.split(":")[1].strip(" ,}")) if line else 0
