"""Processes of crawls and bare crawls against the replica with an index."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.replica import truth
from tests.replica.conftest import REPLICA, Replica

ROOT = Path(__file__).resolve().parents[1]
_LOOK_SECONDS = 0.1
MIRROR = ROOT / "bench" / "mirror.py"
FAST = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"]
NO_STORE = [
    "-s",
    'ITEM_PIPELINES={"kcna_spider.pipelines.validate.ValidatePipeline": 100}',
]
BARE = """
import json, sys, scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for url in open(sys.argv[1]):
            yield scrapy.Request(url.strip(), dont_filter=True)
    def parse(self, response):
        pass
settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 8, "TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "INFO"}
settings["REMOTE_CONTROL_ENABLED"] = False
process = CrawlerProcess(settings | json.loads(sys.argv[2]))
process.crawl(Bare)
process.start()
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Results of a finished crawl process.

    seconds: from the spider's opening to its end, as Scrapy reports them.
    megabytes: peak memory of the process.
    """

    seconds: float
    requests: int
    items: int
    megabytes: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def watch_memory(process: subprocess.Popen[Any]) -> list[float]:
    """Return a list whose only number is updated to the peak in megabytes until the process ends.

    The peak that the kernel reports for an ended process would include the memory of its parent, from which
    it was forked.
    """
    peak = [0.0]

    def look() -> None:
        with suppress(OSError, StopIteration):  # The process has ended.
            while process.returncode is None:
                lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
                peak[0] = int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
                time.sleep(_LOOK_SECONDS)

    threading.Thread(target=look, daemon=True).start()
    return peak


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a command until it ends; raise SystemExit if it failed."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = watch_memory(process)
    _, output = process.communicate()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with code {process.returncode}:\n{output[-3000:]}")

    def stat(name: str) -> float:
        found = re.findall(rf"'{name}': ([\d.]+)", output)
        return float(found[-1]) if found else 0.0

    return Run(
        stat("elapsed_time_seconds"),
        int(stat("downloader/request_count")),
        int(stat("item_scraped_count")),
        peak[0],
    )


def crawl(spider: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Crawl with our spider at zero delay."""
    return run([sys.executable, "-m", "scrapy", "crawl", spider, *FAST, *arguments], environment)


def reparse(folder: Path, environment: Mapping[str, str]) -> Run:
    """Re-parse the WARC files of a folder."""
    return run([sys.executable, "-m", "scrapy", "reparse", str(folder)], environment)


def bare(folder: Path, urls: Sequence[str], environment: Mapping[str, str], settings: str = "{}") -> Run:
    """Crawl the same pages with a bare Scrapy spider.

    settings: further settings, as JSON.
    """
    (folder / "bare.py").write_text(BARE)
    (folder / "urls").write_text("\n".join(urls))
    return run(
        [sys.executable, str(folder / "bare.py"), str(folder / "urls"), settings],
        {**environment, "PYTHONPATH": str(ROOT)},
    )


def asked(replica: Replica) -> list[str]:
    """Return the requested URLs since the log was cleared, without robots.txt, with repetitions."""
    return [
        entry["url"] for entry in truth.fetch(replica.port, "log") if not entry["url"].endswith("robots.txt")
    ]


@contextmanager
def mirror(*options: str) -> Iterator[Replica]:
    """Yield the replica with an index, and stop it at the end.

    Raise SystemExit if the developers' replica is not beside the checkout.
    """
    if not REPLICA.exists():
        raise SystemExit(f"the replica is not beside this checkout ({REPLICA})")
    running = Replica(*options, program=MIRROR)
    try:
        yield running
    finally:
        running.stop()


def proxied(replica: Replica, data: Path) -> dict[str, str]:
    """Return the environment for a crawl of the replica into an embedded database in a folder."""
    return {
        "http_proxy": replica.proxy,
        "https_proxy": replica.proxy,
        "MONGODB_URI": "embedded",
        "MONGODB_EMBEDDED_PATH": str(data),
    }
