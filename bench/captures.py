"""Compare the speed of crawls, of the same crawls with WARC files, and of re-parsing those files.

The three take turns in one run.

python -m bench.captures [--pairs N] [--days N] needs the developers' replica beside the checkout. There are
four crawls, each of one year, into one archive. The files are re-parsed twice: into that archive, as after a
layout is fixed, and into an empty one, as after the loss of the database. In the second case the writes to
the database take most of the time.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import running
from bench.table import Row, show
from tests.replica.conftest import Replica

CRAWL, WITH_WARC, AGAIN, ANEW = "crawl", "crawl with WARC", "re-parse", "re-parse into an empty archive"
YEARS = ("2009", "2011", "2014", "2017")  # In these years each article has its own page.
LEAST = 3.0


def turn(replicas: list[Replica], folder: Path, number: int) -> dict[str, float]:
    """Return the seconds of each kind of run."""
    warc, took = folder / f"warc{number}", {}
    for name, kept in ((CRAWL, []), (WITH_WARC, ["-s", f"WARC_DIR={warc}"])):
        places = [running.proxied(replica, folder / f"{name}{number}") for replica in replicas]
        took[name] = sum(running.crawl("kcna_co_jp", kept, place).seconds for place in places)
    for name, archive in ((AGAIN, WITH_WARC), (ANEW, ANEW)):
        data = {"MONGODB_URI": "embedded", "MONGODB_EMBEDDED_PATH": str(folder / f"{archive}{number}")}
        took[name] = running.reparse(warc, data).seconds
    return took


def rows(*, quick: bool = False, pairs: int = 3, days: int = 40) -> list[Row]:
    """Return the rows of group (c)."""
    years, days, pairs = (YEARS[:1], 2, 1) if quick else (YEARS, days, pairs)
    folder = Path(tempfile.mkdtemp(prefix="captures-"))
    try:
        with ExitStack() as stack:
            worlds = (
                ["--cojp-years", year, "--cojp-days", str(days), "--kp", "0", "--watch", "0"]
                for year in years
            )
            replicas = [stack.enter_context(running.mirror(*world)) for world in worlds]
            for replica in replicas:  # The replica generates its pages on the first request.
                running.crawl("kcna_co_jp", [], running.proxied(replica, folder / "first"))
            turns = [turn(replicas, folder, number) for number in range(pairs)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    reference = f"crawl {statistics.median(one[CRAWL] for one in turns):.1f} s"
    found = []
    for name in (WITH_WARC, AGAIN, ANEW):
        ratio = statistics.median(one[CRAWL] / one[name] for one in turns)
        asked = name == AGAIN and not quick
        mine = f"{statistics.median(one[name] for one in turns):.1f} s"
        found.append(
            Row(
                "c",
                name,
                mine,
                reference,
                f"{ratio:.2f}",
                f">= {LEAST:.0f}" if asked else "",
                ratio >= LEAST if asked else None,
            )
        )
    return found


def main() -> int:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--days", type=int, default=40, help="days of each of four years of kcna.co.jp")
    options = parser.parse_args()
    show(rows(pairs=options.pairs, days=options.days))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
