"""What `recheck` reads of the database: documents returned, and index keys by MongoDB's rules.

python -m bench.recheck_reads [--articles N ...]: archives of kcna.co.jp's pages of the years since 1997, two
a day with four stories each, every other story also on kcnawatch.org. `recheck` of one day is measured,
after everything was checked an hour ago: only the articles of that day are due.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bson import ObjectId
from pymongo import MongoClient, monitoring

from bench.table import Row, show
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.model.documents import new_document
from kcna_spider.store.model.types import Document
from kcna_spider.store.write.due_pages import DuePage, due_pages
from tests.samples import article

SITE, PAGES, STORIES = "kcna.co.jp", 2, 4  # pages of a day, stories of a page
MOST_READ = 2.0  # documents returned for each that is needed
_FIRST_DAY = dt.datetime(1997, 1, 1, tzinfo=dt.UTC)
_AT_ONCE = 500


class Reads(monitoring.CommandListener):
    """Collects the filters of finds, and counts the documents that are returned."""

    def __init__(self) -> None:
        self.filters: list[Document] = []
        self.documents = 0

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Keep the filter of a find."""
        if event.command_name == "find":
            self.filters.append(event.command["filter"])

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Count the documents of a batch."""
        if event.command_name in ("find", "getMore"):
            cursor = event.reply["cursor"]
            self.documents += len(cursor.get("firstBatch", cursor.get("nextBatch")))

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing to do."""


def documents(number: int, seen: dt.datetime) -> Iterator[Document]:
    """Yield articles, oldest first. seen: when they were fetched."""
    sighting = article("http://www.kcna.co.jp/item/1997/9701/news1/01.htm#1", seen)
    sighting.set_fingerprint()
    for n in range(number):
        day, place = divmod(n, PAGES * STORIES)
        at = _FIRST_DAY + dt.timedelta(days=day)
        page = f"http://www.kcna.co.jp/item/{at:%Y/%y%m}/news{place // STORIES}/{at:%d}.htm"
        found: Document = {**new_document(sighting, [])}
        found |= {"_id": ObjectId(), "fingerprint": f"{n:032x}", "published": at}
        urls = [f"{page}#{place % STORIES + 1}"]
        urls += [f"https://kcnawatch.org/newstream/{n}/a/"] if n % 2 else []
        found["copies"] = [
            {
                **found["copies"][0],
                "url": url,
                "site": SITE if "co.jp" in url else "kcnawatch.org",
                "published": at,
            }
            for url in urls
        ]
        yield found


def fill(archive: Archive, number: int, seen: dt.datetime) -> None:
    """Store that many articles."""
    batch: list[Document] = []
    for document in documents(number, seen):
        batch.append(document)
        if len(batch) == _AT_ONCE:
            archive.database["articles"].insert_many(batch, ordered=False)
            batch = []
    if batch:
        archive.database["articles"].insert_many(batch, ordered=False)


@dataclass(slots=True)
class Measured:
    """What `recheck` of one day read. needed, documents: articles due and documents returned.

    keys: index keys that MongoDB examines for the pages' queries.
    """

    due: list[DuePage]
    needed: int
    documents: int
    seconds: float
    keys: list[int] = field(default_factory=list)


def measure(settings: StoreSettings, number: int, now: dt.datetime) -> Measured:
    """Recheck the last day of the stored articles."""
    reads = Reads()
    client: MongoClient[Document] = MongoClient(settings.uri, tz_aware=True, event_listeners=[reads])
    last = _FIRST_DAY + dt.timedelta(days=(number - 1) // (PAGES * STORIES))
    try:
        database = client[settings.database]
        began = time.perf_counter()
        due = list(due_pages(database, SITE, (now - last).days, now))
        seconds = time.perf_counter() - began
        returned, filters = reads.documents, [f for f in reads.filters if "copies.url" in f]
        urls = sorted(
            copy["url"]
            for document in database["articles"].find({}, {"copies.url": 1})
            for copy in document["copies"]
        )
    finally:
        client.close()
    keys = [keys_examined(wanted, urls) for wanted in filters]
    return Measured(due, sum(len(one.days) for one in due), returned, seconds, keys)


def keys_examined(query: Document, urls: list[str]) -> int:
    """Return how many keys of the index of `copies.url` MongoDB examines. urls: all keys, sorted.

    An index of an array intersects two bounds only within $elemMatch. Otherwise it uses one of them, because
    each may hold for another copy ("Multikey index bounds" in MongoDB's manual).
    """
    match: dict[str, Any] = query.get("copies", {}).get("$elemMatch", {})
    bounds = match.get("url") or query["copies.url"]
    low, high = bisect_left(urls, bounds["$gte"]), bisect_left(urls, bounds["$lt"])
    return high - low if "url" in match else min(len(urls) - low, high)


def rows(*, sizes: tuple[int, ...] = (4_000, 40_000)) -> list[Row]:
    """Return a line for each size."""
    now = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
    found = []
    for number in sizes:
        folder = tempfile.mkdtemp(prefix="recheck-")
        archive = Archive(StoreSettings(path=folder))
        try:
            fill(archive, number, now - dt.timedelta(hours=1))
            uri = archive.connection.uri_of(archive.connection.settings.database)
            one = measure(StoreSettings(uri=uri), number, now)
        finally:
            archive.close()
            shutil.rmtree(folder, ignore_errors=True)
        ratio = one.documents / one.needed
        ours = (
            f"{one.documents} documents, at most {max(one.keys, default=0)} keys a page, {one.seconds:.2f} s"
        )
        what, asked = f"recheck of one day, {number:,} stored", f"<= {MOST_READ:g}"
        found.append(Row("r", what, ours, f"{one.needed} needed", f"{ratio:.2f}", asked, ratio <= MOST_READ))
    return found


def main() -> int:
    """Print the lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="*", default=[4_000, 40_000])
    show(rows(sizes=tuple(parser.parse_args().articles)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
