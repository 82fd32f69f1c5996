"""Compare the peak memory of a crawl of few stories and of many: it must not grow with their number.

python -m bench.memory needs the developers' replica beside the checkout. The database is a separate server,
so that only the crawl is measured.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bench import running
from bench.table import Row, show
from tests.servers import DatabaseServer

MOST_MEGABYTES = 50


def rows(*, quick: bool = False) -> list[Row]:
    """Return the row of group (g)."""
    few, many, days = (20, 40, 2) if quick else (2_000, 20_000, 260)
    world = [
        "--cojp-years",
        "2014" if quick else "2009,2011,2014,2017",
        "--cojp-days",
        str(days),
        "--kp",
        "0",
        "--watch",
        "0",
    ]
    folder = Path(tempfile.mkdtemp(prefix="memory-"))
    peaks = {}
    try:
        with running.mirror(*world) as replica, DatabaseServer(folder) as server:
            for number in (few, many):
                place = running.proxied(replica, folder) | {
                    "MONGODB_URI": server.settings().uri,
                    "MONGODB_DATABASE": f"of_{number}",
                }
                done = running.crawl("kcna_co_jp", ["-a", f"limit={number}"], place)
                if done.items < number * 0.9:
                    raise SystemExit(f"the replica has only {done.items} of {number} stories")
                peaks[number] = done
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    grown = peaks[many].megabytes - peaks[few].megabytes
    ours, reference = (f"{peaks[n].megabytes:.0f} MB at {peaks[n].items:,} items" for n in (many, few))
    asked = "" if quick else f"<= {MOST_MEGABYTES} MB more"
    return [
        Row(
            "g",
            "peak memory of a crawl of kcna_co_jp",
            ours,
            reference,
            f"{grown:+.0f} MB",
            asked,
            None if quick else grown <= MOST_MEGABYTES,
        )
    ]


def main() -> int:
    """Print the row."""
    show(rows())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
