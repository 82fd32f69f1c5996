"""Count what `recheck` reads from the database: documents returned, and index keys by MongoDB's rules.

python -m bench.recheck_reads [--articles N ...] measures archives of kcna.co.jp's pages since 1997. Each day
has two pages with four stories each, and every other story is also on kcnawatch.org. All articles were
checked an hour ago, so `recheck` of one day needs only the articles of that day.
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

SITE, PAGES, STORIES = "kcna.co.jp", 2, 4  # Pages per day, and stories per page.
MOST_READ = 2.0  # The limit of returned documents per needed document.
_FIRST_DAY = dt.datetime(1997, 1, 1, tzinfo=dt.UTC)
_AT_ONCE = 500


class Reads(monitoring.CommandListener):
    """Collector of the filters of finds, and counter of the returned documents."""

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
        """Do nothing."""


def documents(number: int, seen: dt.datetime) -> Iterator[Document]:
    """Yield articles, oldest first.

    seen: when they were fetched.
    """
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
    """Store this number of articles."""
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
    """What `recheck` of one day read.

    needed, documents: numbers of articles due and of documents returned.
    keys: index keys that MongoDB examines for the query of each page.
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
    """Return how many keys of the index of `copies.url` MongoDB examines.

    An index of an array intersects two bounds only within $elemMatch. Otherwise it uses one of them, because
    each may match another copy ("Multikey index bounds" in MongoDB's manual).

    urls: all keys, sorted.
    """
    match: dict[str, Any] = query.get("copies", {}).get("$elemMatch", {})
    bounds = match.get("url") or query["copies.url"]
    low, high = bisect_left(urls, bounds["$gte"]), bisect_left(urls, bounds["$lt"])
    return high - low if "url" in match else min(len(urls) - low, high)


def rows(*, sizes: tuple[int, ...] = (4_000, 40_000)) -> list[Row]:
    """Return a row for each size."""
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
            f"{one.documents} documents, at most {max(one.keys, default=0)} keys per page, "
            f"{one.seconds:.2f} s"
        )
        what, asked = f"recheck of one day, {number:,} stored", f"<= {MOST_READ:g}"
        found.append(Row("r", what, ours, f"{one.needed} needed", f"{ratio:.2f}", asked, ratio <= MOST_READ))
    return found


def main() -> int:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="*", default=[4_000, 40_000])
    show(rows(sizes=tuple(parser.parse_args().articles)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
