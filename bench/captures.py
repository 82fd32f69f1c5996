"""Articles a second: crawls, the same crawls with WARC files, and reading all those files again. In turns, in one run.

python -m bench.captures [--pairs N] [--days N]: needs the developers' replica beside the checkout. The crawls are several, of a year
each, as an archive comes about; the replica looks through its whole world at each page, and a larger one would be slower than
what is measured.
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

SCRAPY = [sys.executable, "-m", "scrapy", "crawl"]
CRAWLS = ("crawl", "crawl with WARC", "re-parse")
YEARS = ("2009", "2011", "2014", "2017")  # one page an article


def main() -> int:
    """Print a line each, with the ratio to the crawl."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--days", type=int, default=40, help="days of each of four years of kcna.co.jp")
    options = parser.parse_args()
    if not REPLICA.exists():
        print(f"the replica is not beside this checkout ({REPLICA})")
        return 1
    replicas = [Replica("--cojp-years", years, "--cojp-days", str(options.days), "--kp", "0", "--watch", "0") for years in YEARS]
    folder = Path(tempfile.mkdtemp(prefix="captures-"))
    times: dict[str, list[float]] = {name: [] for name in CRAWLS}
    try:
        for pair in range(options.pairs):
            warc = str(folder / f"warc{pair}")
            for name in CRAWLS:
                data = {"MONGODB_EMBEDDED_PATH": str(folder / f"{name}{pair}"), "MONGODB_URI": "embedded"}
                if name == "re-parse":
                    times[name].append(seconds([*SCRAPY, "warc", "-a", f"path={warc}"], {**os.environ, **data}))
                else:
                    command = [*SCRAPY, "kcna_co_jp", *FAST, "-s", f"WARC_DIR={warc if 'WARC' in name else ''}"]
                    proxies = [{"http_proxy": replica.proxy, "https_proxy": replica.proxy} for replica in replicas]
                    times[name].append(sum(seconds(command, {**os.environ, **data, **proxy}) for proxy in proxies))
    finally:
        for replica in replicas:
            replica.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for name in CRAWLS:
        ratio = statistics.median(c / t for c, t in zip(times["crawl"], times[name], strict=True))
        mine = statistics.median(times[name])
        print(f"{name:16} {mine:6.1f} s, {ratio:4.2f} times as fast as the crawl (median of {options.pairs})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
