"""Articles a second of the spiders into the embedded store at zero delay, beside a bare Scrapy spider that fetches the same pages.

python -m bench.crawl [--pairs N]: needs the developers' replica beside the checkout. Crawl and bare crawl run in turns; the ratio
is that of their seconds between the first and the last request.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.replica import truth
from tests.replica.conftest import REPLICA, Replica

ROOT = Path(__file__).resolve().parents[1]
FAST = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"]
SPIDERS = {"kcna_kp": ["-a", "language=en,kp,cn,ru,es,jp"], "kcna_co_jp": [], "kcnawatch": ["-a", "full=1"]}
BARE = """
import sys, scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for url in open(sys.argv[1]):
            yield scrapy.Request(url.strip(), dont_filter=True)
    def parse(self, response):
        pass
settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 8, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "LOG_LEVEL": "INFO"}
process = CrawlerProcess(settings)
process.crawl(Bare)
process.start()
"""


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """The elapsed time that Scrapy reports."""
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(re.findall(r"'elapsed_time_seconds': ([\d.]+)", done.stderr)[0])


def main() -> int:
    """Print a line a spider."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args()
    if not REPLICA.exists():
        print(f"the replica is not beside this checkout ({REPLICA})")
        return 1
    replica = Replica("--cojp-years", "2009,2011,2014,2017", "--cojp-days", "12", "--kp", "400")
    folder = Path(tempfile.mkdtemp(prefix="crawl-"))
    (folder / "bare.py").write_text(BARE)
    environment = {**os.environ, "http_proxy": replica.proxy, "https_proxy": replica.proxy, "PYTHONPATH": str(ROOT)}
    try:
        for spider, arguments in SPIDERS.items():
            ours, bare, articles, pages = [], [], 0, 0
            for pair in range(options.pairs):
                truth.post(replica.port, "forget=1")
                data = {"MONGODB_EMBEDDED_PATH": str(folder / f"{spider}{pair}"), "MONGODB_URI": "embedded"}
                ours.append(seconds([sys.executable, "-m", "scrapy", "crawl", spider, *arguments, *FAST], environment | data))
                log = [entry for entry in truth.fetch(replica.port, "log") if not entry["url"].endswith("robots.txt")]
                (folder / "urls").write_text("\n".join(entry["url"] for entry in log))
                pages = len(log)
                articles = len([entry for entry in log if re.search(r"/detail/|/newstream/|/news\d\d/", entry["url"])])
                bare.append(seconds([sys.executable, str(folder / "bare.py"), str(folder / "urls")], environment))
                time.sleep(0.5)
            ratio = statistics.median(b / o for b, o in zip(bare, ours, strict=True))
            mine, theirs = statistics.median(ours), statistics.median(bare)
            print(
                f"{spider:11} {articles} articles, {pages} pages: {articles / mine:6.1f} articles/s, {pages / mine:6.1f} pages/s; "
                f"bare {pages / theirs:6.1f} pages/s; ratio {ratio:.2f} (median of {options.pairs} pairs)"
            )
    finally:
        replica.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
