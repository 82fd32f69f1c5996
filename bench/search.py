"""Measure the archive file at 500,000 articles: how long it takes to build, its size, and its response times.

python -m bench.search [--articles N] needs the corpus beside the checkout, and repeats it with other dates.
References in the same run: the embedded database's $regex, and SQLite's LIKE without the index.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bson import ObjectId

from bench.identity import CORPUS, YEARS, articles
from bench.running import ROOT, watch_memory
from bench.table import Row, show
from kcna_spider.search.build import rebuild
from kcna_spider.search.follow import follow
from kcna_spider.search.query import parse
from kcna_spider.search.reader import Reader
from kcna_spider.search.sql import condition
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.calls import batched
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.model.documents import new_document

_REPEATS = 7
_AT_ONCE = 20
_PATIENCE_SECONDS = 600
_LATER = dt.timedelta(days=53)  # Ten repetitions of the corpus must end before today.


def documents(number: int) -> Iterator[dict[str, Any]]:
    """Yield stored articles made from the corpus, which is repeated with other dates and other URLs."""
    source = chain(articles("kp-2024.jsonl.gz"), *(articles(f"cojp-{year}.jsonl.gz") for year in YEARS))
    kept: list[dict[str, Any]] = []
    seen: set[str] = set()
    for article in source:
        if article.published and not {article.fingerprint, article.url} & seen:
            seen |= {article.fingerprint, article.url}
            kept.append(dict(new_document(article, [])))
        if len(kept) == number:
            break
    for turn in range(-(-number // len(kept))):
        later = turn * _LATER
        for one in islice(kept, number - turn * len(kept)):
            copy = {**one["copies"][0], "url": f"{one['copies'][0]['url']}?{turn}"}
            changed = {"_id": ObjectId(), "copies": [copy], "duplicate_index": turn}
            yield {**one, **changed, "published": one["published"] + later}


def median_ms(work: Callable[[], Any]) -> float:
    """Return the median milliseconds of some repeated calls."""
    found = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1e3)
    return statistics.median(found)


def words(path: Path, number: int) -> tuple[str, str]:
    """Return a word in about 10 % of the articles, and the most frequent word."""
    base = sqlite3.connect(path)
    base.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'article_index', 'col')")
    rows = base.execute(
        "SELECT term, doc FROM words WHERE col = 'body' AND doc > ? AND length(term) > 2", (number // 20,)
    ).fetchall()
    base.close()
    return min(rows, key=lambda row: abs(row[1] - number / 10))[0], max(rows, key=lambda row: row[1])[0]


def ask(reader: Reader, word: str, order: str = "newest") -> int:
    """Run the queries of the search page: the number of hits, the first twenty, and the counts by year.

    Return the number of hits.
    """
    found = condition(parse(word))
    total = sum(reader.counts(found, "year").values())
    reader.hits(found, 20, order=order, total=total)
    return total


@contextmanager
def browsing(path: Path) -> Iterator[tuple[str, list[float]]]:
    """Run `scrapy browse`; yield its URL and its peak memory in megabytes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "browse", "--file", str(path), "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        address = re.findall(r"http://\S+", process.stdout.readline())[0]
        yield address, watch_memory(process)
    finally:
        process.terminate()
        process.wait()


def fetch(address: str) -> float:
    """Return the seconds to the first byte of a page."""
    began = time.perf_counter()
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=60) as response:
        response.read(1)
        took = time.perf_counter() - began
        response.read()
    return took


def newest_found(archive: Archive, path: Path) -> float:
    """Return the median seconds from storing an article until the file finds it, of five articles."""
    stop = threading.Event()
    thread = threading.Thread(target=follow, args=(archive.database, path, "bench", stop.is_set))
    thread.start()
    found = []
    try:
        template = archive.database["articles"].find_one({})
        assert template
        for number in range(6):
            word = f"zyzzyva{number}"
            copy = {**template["copies"][0], "url": f"http://x/{number}"}
            changed = {"_id": ObjectId(), "body": word, "copies": [copy], "version": word}
            archive.database["articles"].insert_one({**template, **changed, "fingerprint": f"{number:032x}"})
            began = time.perf_counter()
            while not _finds(path, word):
                if time.perf_counter() - began > _PATIENCE_SECONDS:
                    raise SystemExit("the follower does not find a new article")
                time.sleep(0.02)
            found.append(time.perf_counter() - began)
    finally:
        stop.set()
        thread.join()
    return statistics.median(found[1:])  # The follower compares all articles before it finds the first one.


def _finds(path: Path, word: str) -> bool:
    reader = Reader(path)
    try:
        return bool(reader.count(condition(parse(word))))
    finally:
        reader.close()


def rows(*, quick: bool = False, number: int = 500_000) -> list[Row]:
    """Return the rows of group (s)."""
    if not CORPUS.exists():
        raise SystemExit(f"the corpus is not beside this checkout ({CORPUS})")
    number = 2_000 if quick else number
    folder = Path(tempfile.mkdtemp(prefix="search-"))
    archive = Archive(StoreSettings(path=str(folder / "mongodb")))
    path = folder / "archive.sqlite"
    try:
        for some in batched(documents(number), 1_000):
            archive.database["articles"].insert_many(some, ordered=False)
        began = time.perf_counter()
        rebuild(archive.database, path, "bench", lambda _: None)
        built = time.perf_counter() - began
        began = time.perf_counter()
        for _ in archive.database["articles"].find():
            pass
        read = time.perf_counter() - began
        line = f"reading them with PyMongo {read:.0f} s", f"{built / read:.1f}"
        return [
            _row(f"the archive file of {number:,} articles", built, "s", 240, quick, *line),
            _row("its size per article", path.stat().st_size / number, "bytes", 3000, quick),
            *_asking(path, number, archive, quick=quick),
            *_serving(path, number, quick=quick),
            _row("a new article is found, after it is stored", newest_found(archive, path), "s", 2, quick),
        ]
    finally:
        archive.close()
        shutil.rmtree(folder, ignore_errors=True)


def _asking(path: Path, number: int, archive: Archive, *, quick: bool) -> list[Row]:
    common, everywhere = words(path, number)
    reader = Reader(path, 60)
    found = []
    began = time.perf_counter()
    archive.database["articles"].count_documents({"body": {"$regex": common}})
    regex = (time.perf_counter() - began) * 1e3
    like = median_ms(lambda: reader.rows("SELECT count(*) FROM texts WHERE body LIKE ?", (f"%{common}%",)))
    for word, limit in ((common, 100), (everywhere, 1000)):
        hits = ask(reader, word)
        took = median_ms(partial(ask, reader, word))
        reference = f"$regex {regex:.0f} ms, LIKE {like:.0f} ms, to count {common!r}"
        ratio = f"{regex / took:.0f}, {like / took:.0f}"
        what = f"count, newest 20, by year: {word!r}, in {hits / number:.0%}"
        found.append(_row(what, took, "ms", limit, quick, reference, ratio))
    best = median_ms(partial(ask, reader, common, "best"))
    reader.close()
    return [*found, Row("s", f"the same, best first: {common!r}", f"{best:.0f} ms")]


def _serving(path: Path, number: int, *, quick: bool) -> list[Row]:
    reader = Reader(path)
    keys = [row[0] for row in reader.rows("SELECT id FROM articles ORDER BY random() LIMIT 200")]
    reader.close()
    common, _ = words(path, number)
    with browsing(path) as (address, peak):
        first = statistics.median(fetch(f"{address}article/{key}") for key in keys) * 1e3
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(fetch, [f"{address}?q={common}"] * (_AT_ONCE * 3)))
        whole = median_ms(partial(fetch, f"{address}?q={common}"))
        memory = peak[0]
    what = f"memory of `scrapy browse` at {_AT_ONCE} searches at once"
    return [
        _row("an article's page, to its first byte", first, "ms", 30, quick),
        _row(what, memory, "MB", 300, quick),
        Row("s", f"the search page for {common!r}, to its first byte", f"{whole:.0f} ms"),
    ]


def _row(what: str, value: float, unit: str, most: float, quick: bool, *reference: str) -> Row:
    ours = f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"  # noqa: PLR2004
    said, ratio = reference or ("", "")
    return Row(
        "s", what, ours, said, ratio, "" if quick else f"<= {most:g} {unit}", None if quick else value <= most
    )


def main() -> int:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500_000)
    show(rows(number=parser.parse_args().articles))
    return 0


if __name__ == "__main__":
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    raise SystemExit(main())
