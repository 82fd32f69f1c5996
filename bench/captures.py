"""Articles a second: a crawl, the same crawl with WARC files, and reading them again. In turns, in one run.

python -m bench.captures [--pairs N] [--days N]: needs the developers' replica beside the checkout.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from bench.crawl import FAST, seconds
from tests.replica.conftest import REPLICA, Replica

CRAWLS = ("crawl", "crawl with WARC", "re-parse")


def main() -> int:
    """Print a line each, with the ratio to the crawl."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--days", type=int, default=14, help="days of each of four years of kcna.co.jp")
    options = parser.parse_args()
    if not REPLICA.exists():
        print(f"the replica is not beside this checkout ({REPLICA})")
        return 1
    replica = Replica("--cojp-years", "2009,2011,2014,2017", "--cojp-days", str(options.days), "--kp", "0", "--watch", "0")
    folder = Path(tempfile.mkdtemp(prefix="captures-"))
    times: dict[str, list[float]] = {name: [] for name in CRAWLS}
    try:
        for pair in range(options.pairs):
            warc = str(folder / f"warc{pair}")
            commands = {
                "crawl": ["kcna_co_jp", *FAST],
                "crawl with WARC": ["kcna_co_jp", *FAST, "-s", f"WARC_DIR={warc}"],
                "re-parse": ["warc", "-a", f"path={warc}"],
            }
            for name, command in commands.items():
                data = {"MONGODB_EMBEDDED_PATH": str(folder / f"{name}{pair}"), "MONGODB_URI": "embedded"}
                environment = {**os.environ, "http_proxy": replica.proxy, "https_proxy": replica.proxy, **data}
                times[name].append(seconds([sys.executable, "-m", "scrapy", "crawl", *command], environment))
    finally:
        replica.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for name in CRAWLS:
        ratio = statistics.median(c / t for c, t in zip(times["crawl"], times[name], strict=True))
        mine = statistics.median(times[name])
        print(f"{name:16} {mine:6.1f} s, {ratio:4.2f} times as fast as the crawl (median of {options.pairs})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
