"""A long crawl of tens of thousands of stories, in which one URL in twenty fails twice.

It measures memory and rate over time, and whether all stories are stored.

python -m bench.soak [--days N] needs the developers' replica beside the checkout. 135 days of eight years are
about 20,000 stories. A story that is not stored counts as lost, unless it has a reject or its URL is in none
of the replica's listings (if a text was published twice, the day pages list one URL only). Fields that differ
from the truth are only printed; `make check-replica` checks them.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

from bench.running import ROOT, mirror
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.replica import truth
from tests.replica.conftest import Replica

YEARS = "1997,2000,2005,2008,2009,2011,2014,2017"
OPTIONS = [
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_ENABLED=0",
    "CONCURRENT_REQUESTS_PER_DOMAIN=8",
    "RETRY_PAUSE_SECONDS=0.2",
    "LOGSTATS_INTERVAL=5",
]
SHOWN = 20
_ADDRESS = re.compile(r"'(http[^']+)'")
_LINK = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_SCRAPED = re.compile(r"scraped (\d+) items")
Sample = tuple[float, int, float]


def main() -> int:
    """Print the curve.

    Return exit code 1 if a story is lost, or if memory grew by more than 50 MB in the second half.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=135)
    parser.add_argument("--faults", default="0.05")
    options = parser.parse_args()
    sites = ("--cojp-years", YEARS, "--cojp-days", str(options.days), "--kp", "0", "--watch", "0")
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    try:
        with mirror(*sites, "--faults", options.faults) as replica:
            samples, code = _crawl(replica, folder)
            grown = _print(samples)
            lost = _compare(replica, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"exit code {code}; growth of memory in the second half: {grown:+.0f} MB")
    return int(bool(code or lost or grown > 50))  # noqa: PLR2004


def _compare(replica: Replica, folder: Path) -> list[str]:
    """Print how the database differs from the truth; return the listed URLs that are lost."""
    archive = Archive(StoreSettings(path=str(folder)))
    stories = truth.live(truth.fetch(replica.port, "truth"), ("kcna.co.jp",), 1, None)
    wrong = truth.problems(archive.database, stories, ("kcna.co.jp",))
    missing = {address for line in wrong if ": not stored: " in line for address in _ADDRESS.findall(line)}
    rejects = {
        one["url"]: f"{one['reason']}: {one['detail']}" for one in archive.rejects.find({"resolved_at": None})
    }
    pages = [page for page in archive.listings.distinct("_id") if page.startswith("http")]
    archive.close()
    listed = _listed(replica, pages) if missing else set()
    stored = {url for story in stories for url in story["urls"]["kcna.co.jp"]} - missing
    if missing and len(stored & listed) < len(stored) * 0.9:
        raise SystemExit(
            f"the replica's listings were not read: they link to {len(stored & listed)} of {len(stored)} "
            "stored URLs"
        )
    lost = [address for address in missing - rejects.keys() if address in listed]
    print(f"{len(stories)} stories, {len(wrong)} differences")
    print(
        f"not stored: {len(missing)}; rejected: {len(missing & rejects.keys())}; "
        f"lost (listed and not rejected): {len(lost)}: {lost}"
    )
    print(*wrong, *(f"reject: {url}: {why}" for url, why in rejects.items()), sep="\n")
    return lost


def _listed(replica: Replica, pages: list[str]) -> set[str]:
    """Return the links of the listings as the replica serves them, read without our layouts."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": replica.proxy}))
    truth.post(replica.port, "faults=0")
    found = set()
    for page in pages:
        with opener.open(page) as answer:
            found |= {
                urljoin(page, html.unescape(href))
                for href in _LINK.findall(answer.read().decode("utf-8", "replace"))
            }
    return found


def _crawl(replica: Replica, folder: Path) -> tuple[list[Sample], int]:
    """Crawl; return the seconds, items and megabytes of each second, and the exit code."""
    settings = {
        "MONGODB_URI": "embedded",
        "MONGODB_EMBEDDED_PATH": str(folder),
        "http_proxy": replica.proxy,
        "https_proxy": replica.proxy,
    }
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "kcna_co_jp",
        *(part for option in OPTIONS for part in ("-s", option)),
    ]
    process = subprocess.Popen(
        command, env={**os.environ, **settings}, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    items = [0]

    def follow() -> None:
        for line in process.stderr or ():
            if found := _SCRAPED.search(line):
                items[0] = int(found[1])

    reader = threading.Thread(target=follow)
    reader.start()
    begun, samples = time.monotonic(), []
    while process.poll() is None:
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        samples.append((time.monotonic() - begun, items[0], pages * 4096 / 2**20))
        time.sleep(1)
    reader.join()
    return samples, process.returncode


def _print(samples: list[Sample]) -> float:
    """Print the curve; return the growth of memory in the second half."""
    print("seconds  items  memory MB  items/s")
    step = max(1, len(samples) // SHOWN)
    for before, now in zip(samples[::step], samples[step::step], strict=False):
        print(f"{now[0]:7.0f} {now[1]:6d} {now[2]:10.0f} {(now[1] - before[1]) / (now[0] - before[0]):8.1f}")
    half = samples[len(samples) // 2 :]
    return max(one[2] for one in half) - half[0][2]


if __name__ == "__main__":
    sys.exit(main())
