"""Compare crawls into the embedded store at zero delay with a bare Scrapy spider that fetches the same pages.

Crawls without a store and second crawls are measured too.

python -m bench.crawl [--pairs N] needs the developers' replica beside the checkout. All kinds of crawl take
turns. A first crawl is not counted: it makes the replica generate its pages, so that no measured crawl waits
for them.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench import running
from bench.running import Run
from bench.table import Row, show
from kcna_spider.settings import CONCURRENT_ITEMS
from tests.replica import truth
from tests.replica.conftest import Replica

SPIDERS = {"kcna_kp": ["-a", "language=en,kp,cn,ru,es,jp"], "kcna_co_jp": [], "kcnawatch": []}
FULL = ["-a", "full=1"]
LEAST = {"kcna_kp": 0.6, "kcna_co_jp": 0.6}
_LEAN = json.dumps({"CONCURRENT_ITEMS": CONCURRENT_ITEMS})
_ARTICLE = re.compile(r"/detail/|/newstream/\d|/news\d\d/")
Turns = dict[str, list[Run]]


def take_turns(spider: str, replica: Replica, folder: Path, pairs: int) -> tuple[Turns, int]:
    """Return the runs by name, and the number of pages that a crawl fetches."""
    arguments, turns, pages = SPIDERS[spider], {}, []
    running.crawl(spider, [*arguments, *FULL], running.proxied(replica, folder / f"{spider}-first"))
    for pair in range(pairs):
        environment = running.proxied(replica, folder / f"{spider}{pair}")
        truth.post(replica.port, "forget=1")
        turn = {"ours": running.crawl(spider, [*arguments, *FULL], environment)}
        urls = running.asked(replica)
        pages.append(len(urls))
        turn["bare"] = running.bare(folder, urls, environment)
        turn["no store"] = running.crawl(
            spider,
            [*arguments, *FULL, *running.NO_STORE],
            running.proxied(replica, folder / f"{spider}{pair}-empty"),
        )
        turn["bare, lean"] = running.bare(folder, urls, environment, _LEAN)
        truth.post(replica.port, "forget=1")
        turn["again"] = running.crawl(spider, arguments, environment)
        if articles := [url for url in running.asked(replica) if _ARTICLE.search(url)]:
            raise SystemExit(f"{spider}: a second run fetched {len(articles)} articles: {articles[:3]}")
        for name, one in turn.items():
            turns.setdefault(name, []).append(one)
    if len(set(pages)) > 1 or not pages[0]:
        raise SystemExit(f"{spider}: crawls of the same site fetched {pages} pages")
    return turns, pages[0]


def ratio(turns: Mapping[str, list[Run]], name: str, reference: str) -> float:
    """Return the median ratio of pages per second between two kinds of run."""
    return statistics.median(
        mine.rate / theirs.rate for mine, theirs in zip(turns[name], turns[reference], strict=True)
    )


def seconds(runs: list[Run]) -> float:
    """Return the median duration of some runs."""
    return statistics.median(one.seconds for one in runs)


def rows(*, quick: bool = False, pairs: int = 5) -> list[Row]:
    """Return the rows of groups (a), (b) and (f)."""
    world = (
        ["--kp", "30", "--watch", "30", "--cojp-years", "2014", "--cojp-days", "2", "--foreign", "2"]
        if quick
        else []
    )
    world = world or [
        "--kp",
        "1200",
        "--watch",
        "600",
        "--cojp-years",
        "2009,2011,2014,2017",
        "--cojp-days",
        "12",
    ]
    folder = Path(tempfile.mkdtemp(prefix="crawl-"))
    found: list[Row] = []
    try:
        with running.mirror(*world) as replica:
            for spider in SPIDERS:
                # Pauses determine the duration of KCNA Watch's crawls, so it varies little.
                some = pairs if spider in LEAST else (pairs + 1) // 2
                turns, pages = take_turns(spider, replica, folder, 1 if quick else some)
                found += _rows(spider, turns, pages, bounds=not quick)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return sorted(found, key=lambda row: row.letter)


def _rows(spider: str, turns: Turns, pages: int, *, bounds: bool) -> list[Row]:
    rate = {
        name: f"{statistics.median(one.rate for one in runs):.0f} pages/s" for name, runs in turns.items()
    }
    least = LEAST.get(spider) if bounds else None
    share = ratio(turns, "ours", "bare")
    articles = turns["ours"][0].items
    again = turns["again"][0]
    return [
        Row(
            "a",
            f"{spider}, {pages} pages, {articles} items, into the store",
            rate["ours"],
            f"bare {rate['bare']}",
            f"{share:.2f}",
            f">= {least}" if least else "",
            share >= least if least else None,
        ),
        Row(
            "a",
            f"{spider}, beside a bare spider with our CONCURRENT_ITEMS",
            rate["ours"],
            f"bare {rate['bare, lean']}",
            f"{ratio(turns, 'ours', 'bare, lean'):.2f}",
        ),
        Row(
            "b",
            f"{spider}, no store",
            rate["no store"],
            f"bare {rate['bare']}",
            f"{ratio(turns, 'no store', 'bare'):.2f}",
        ),
        Row(
            "f",
            f"{spider} again, nothing new",
            f"{again.requests} requests, {seconds(turns['again']):.1f} s, 0 articles",
            f"first {turns['ours'][0].requests} requests, {seconds(turns['ours']):.1f} s",
            f"{seconds(turns['ours']) / seconds(turns['again']):.1f}",
            "no article" if bounds else "",
            True if bounds else None,
        ),
    ]


def main() -> int:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    show(rows(pairs=parser.parse_args().pairs))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
