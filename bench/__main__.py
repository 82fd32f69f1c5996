"""Run all benchmarks of `make bench` and print them as one table.

The table is written to bench/RESULTS.md with the machine and the versions of the packages.

python -m bench [--quick] [PART ...]: --quick runs every benchmark with little data to check that it works: it
applies no bounds and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from bench.table import Row, as_markdown, failed, machine, show

PARTS = ("crawl", "captures", "datelines", "stored", "memory", "layouts", "search", "photos", "appearances")
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Print the table; return exit code 1 if a row misses its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; default: all")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    found: list[Row] = []
    for part in options.parts or PARTS:
        began = time.monotonic()
        measure: Callable[..., list[Row]] = import_module(f"bench.{part}").rows
        found += (new := measure(quick=options.quick))
        print(
            f"{part}: {time.monotonic() - began:.0f} s",
            *(" | ".join(row.cells()) for row in new),
            sep="\n",
            file=sys.stderr,
            flush=True,
        )
    found.sort(key=lambda row: row.letter)
    print(machine())
    show(found)
    if not options.quick and not options.parts:
        RESULTS.write_text(
            as_markdown(found, f"Benchmarks of {time.strftime('%-d %B %Y')}"), encoding="utf-8"
        )
    return int(bool(failed(found)))


if __name__ == "__main__":
    sys.exit(main())
