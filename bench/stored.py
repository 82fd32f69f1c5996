"""Measure what depends on the number of stored articles.

These are the identity check of a story at three sizes, and the report and the exports at the largest.

python -m bench.stored [--articles N] needs the corpus beside the checkout. The same stories are looked up at
each size, and never stored.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from bench.identity import CORPUS, YEARS, articles, store
from bench.reading import COMMANDS, command_line, measured
from bench.table import Row, show
from kcna_spider.items import Article
from kcna_spider.pipelines.dedupe import decide
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings

MOST_GROWTH = 1.2
_PROBE_YEAR, _EVERY, _REPEATS, _BATCH = 2014, 16, 5, 32
_SHOWN = ("export jsonl", "export csv", "export parquet", "report")


def split() -> tuple[list[Article], Iterator[Article]]:
    """Return the stories that are only looked up (every 16th of one year), and all others.

    The others begin with that year, so that the similar articles are stored from the start.
    """
    year = list(articles(f"cojp-{_PROBE_YEAR}.jsonl.gz"))
    others = (
        articles(f"cojp-{other}.jsonl.gz", later)
        for later in (0, 7)
        for other in YEARS
        if later or other != _PROBE_YEAR
    )
    kept = (article for number, article in enumerate(year) if number % _EVERY)
    return year[::_EVERY], chain(kept, chain.from_iterable(others))


def cost(archive: Archive, probe: list[Article]) -> float:
    """Return the median milliseconds per story of its lookup by URL, by text and by near-equal text."""
    found = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        for start in range(0, len(probe), _BATCH):
            batch = probe[start : start + _BATCH]
            decide(archive, batch)
        found.append((time.perf_counter() - began) / len(probe) * 1e3)
    return statistics.median(found)


def fill(archive: Archive, source: Iterator[Article], most: int) -> int:
    """Store articles up to the given number; return the number of stored articles."""
    while missing := most - (number := archive.database["articles"].estimated_document_count()):
        if not store(archive, islice(source, missing), missing)[0]:
            break
    return number if missing else most


def size(data: Path) -> tuple[float, float]:
    """Return the size on disk and the peak memory of the embedded database in a folder, in megabytes."""
    disk = sum(file.stat().st_size for file in (data / "db").rglob("*") if file.is_file()) / 1e6
    pid = json.loads((data / "server.json").read_text(encoding="utf-8"))["pid"]
    peak = next(
        line
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        if line.startswith("VmHWM")
    )
    return disk, int(peak.split()[1]) / 1024


def rows(*, quick: bool = False, most: int = 60_000) -> list[Row]:
    """Return the rows of groups (e) and (h)."""
    if not CORPUS.exists():
        raise SystemExit(f"the corpus is not beside this checkout ({CORPUS})")
    steps = (50, 100, 200) if quick else (1_000, 10_000, most)
    folder = Path(tempfile.mkdtemp(prefix="stored-"))
    # This connection keeps the server running between the commands.
    archive = Archive(StoreSettings(path=str(folder / "mongodb")))
    try:
        probe, source = split()
        probe = probe[:40] if quick else probe
        costs, sizes = {}, {}
        for step in steps:
            number = fill(archive, source, step)
            costs[number], sizes[number] = cost(archive, probe), size(Path(archive.connection.settings.path))
        return [*_cost_rows(costs, bounds=not quick), *_size_rows(sizes), *_reading_rows(archive, folder)]
    finally:
        archive.close()
        shutil.rmtree(folder, ignore_errors=True)


def _cost_rows(costs: dict[int, float], *, bounds: bool) -> list[Row]:
    sizes = list(costs)
    reference = f"{costs[sizes[1]]:.2f} ms at {sizes[1]:,}"
    found = []
    for size in (sizes[0], sizes[-1]):
        ratio = costs[size] / costs[sizes[1]]
        asked = bounds and size == sizes[-1]
        bound = f"<= {MOST_GROWTH}" if asked else ""
        found.append(
            Row(
                "e",
                f"identity check, {size:,} stored",
                f"{costs[size]:.2f} ms per story",
                reference,
                f"{ratio:.2f}",
                bound,
                ratio <= MOST_GROWTH if asked else None,
            )
        )
    return found


def _size_rows(sizes: dict[int, tuple[float, float]]) -> list[Row]:
    texts = {
        number: f"{disk:.0f} MB on disk, {memory:.0f} MB of memory at {number:,}"
        for number, (disk, memory) in sizes.items()
    }
    *_, reference, largest = texts
    ratio = f"{sizes[largest][0] / sizes[reference][0]:.1f}, {sizes[largest][1] / sizes[reference][1]:.1f}"
    return [Row("e", "the embedded database", texts[largest], texts[reference], ratio)]


def _reading_rows(archive: Archive, folder: Path) -> list[Row]:
    began = time.perf_counter()
    number = sum(1 for _ in archive.database["articles"].find())
    plain = time.perf_counter() - began
    environment = {
        **os.environ,
        "MONGODB_URI": "embedded",
        "MONGODB_EMBEDDED_PATH": archive.connection.settings.path,
    }
    found = []
    for name in _SHOWN:
        took, megabytes = measured(command_line(COMMANDS[name], folder / name.replace(" ", ".")), environment)
        what = f"{name}, {number:,} articles"
        found.append(
            Row(
                "h",
                what,
                f"{took:.1f} s, {megabytes:.0f} MB",
                f"reading them with PyMongo {plain:.1f} s",
                f"{plain / took:.2f}",
            )
        )
    return found


def main() -> int:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=60_000)
    show(rows(most=parser.parse_args().articles))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
