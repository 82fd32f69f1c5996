"""Measure how articles are identified in the real corpus.

The results are how many entries become how many articles, and the cost per story.

python -m bench.identity [--steps N,N,...] stores all of kp-2024 and the years of kcna.co.jp directly, in a
database of its own. It prints the counts, and the milliseconds and commands per story at 1,000, 10,000 and
60,000 stored stories. For review by a person it prints KCNA's own edits, merges of texts that differ, and
near misses: similar texts of the same days that are two stories.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pymongo import monitoring
from rapidfuzz import fuzz

from kcna_spider.items import Article, Fetched, ListingEntry, RawArticle
from kcna_spider.loaders import load_article
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.pipelines.validate import problem
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.model.documents import text_of_document
from kcna_spider.text.similarity import neighbour_keys

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
YEARS = (1997, 2000, 2005, 2008, 2009, 2011, 2014, 2017)
BATCH = 32


class Queries(monitoring.CommandListener):
    """Counter of database commands."""

    count = 0

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Count a command."""
        self.count += event.command_name in ("find", "insert", "update")

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Do nothing."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Do nothing."""


def rows(name: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a corpus file."""
    with gzip.open(CORPUS / name, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def articles(name: str, later: int = 0) -> Iterator[Article]:
    """Yield the sightings of a corpus file, in its order.

    Entries of the same URL get later timestamps, as in a crawl.

    later: years to add to the dates, with another last word, for measurements that need more stories than the
    corpus has.
    """
    site, choices = ("kcna.kp", ("en",)) if name.startswith("kp") else ("kcna.co.jp", ("en", "es"))
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for row in rows(name):
        at += dt.timedelta(seconds=1)
        title, _, body = (
            row["text"].replace("&nbsp;", "\u00a0").partition("\n")
            if site == "kcna.co.jp"
            else (row["listing_title"], "", row["text"])
        )
        raw = RawArticle(
            title.partition("\n")[0],
            body.split("\n"),
            day=row["day"],
            categories=[c] if (c := row.get("category")) else [],
        )
        if later:
            row["url"] += f"?later={later}"
            raw.day = f"{int(row['day'][:4]) + later}{row['day'][4:]}"
            raw.paragraphs.append(f"Edition {later}.")
        fetched = Fetched(row["url"].replace("://kcna", "://www.kcna"), site, "corpus", at)
        article = load_article(fetched, raw, ListingEntry(fetched.url), choices)
        if problem(article) is None:
            article.set_fingerprint()
            article.set_lsh_keys()
            yield article


def store(archive: Archive, source: Iterator[Article], most: int) -> tuple[int, dict[str, int], float]:
    """Store up to `most` sightings; return their number, the outcomes, and the seconds in the store."""
    outcomes: dict[str, int] = {}
    stored, seconds = 0, 0.0
    while stored < most and (
        batch := [article for _, article in zip(range(min(BATCH, most - stored)), source, strict=False)]
    ):
        began = time.perf_counter()
        for outcome in decide_and_write(archive, batch):
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
        seconds += time.perf_counter() - began
        stored += len(batch)
    return stored, outcomes, seconds


def near_misses(archive: Archive, number: int) -> list[str]:
    """Return the most similar pairs of a sample that share a key and a date range but are two stories."""
    documents = list(archive.database["articles"].aggregate([{"$sample": {"size": 1500}}]))
    found = []
    for document in documents:
        for other in archive.database["articles"].find(
            {
                "lsh_keys": {"$in": neighbour_keys(document["lsh_keys"], document["published"].date())},
                "_id": {"$gt": document["_id"]},
            }
        ):
            alike = fuzz.ratio(document["body"], other["body"])
            if other["language"] == document["language"]:
                day = text_of_document(document).published
                found.append(
                    (alike, f"{alike:5.1f} % {day} {document['title'][:70]!r} | {other['title'][:70]!r}")
                )
    return [line for _, line in sorted(found, reverse=True)[:number]]


def differing_merges(archive: Archive, number: int) -> list[str]:
    """Return a random sample of articles with more than one text, seen at several URLs."""
    found = list(archive.database["revisions"].find({"number": 2, "trivial": False}))
    random.Random(1).shuffle(found)
    lines = []
    for revision in found[:number]:
        first = archive.database["revisions"].find_one({"article": revision["article"], "number": 1})
        assert first
        alike = fuzz.ratio(first["body"], revision["body"])
        urls = [source["url"][-24:] for source in (*first["sources"], *revision["sources"])]
        lines.append(f"{alike:5.1f} % {first['title'][:60]!r} -> {revision['title'][:60]!r} {urls}")
    return lines


def _kp_2024(archive: Archive) -> int:
    """Store all of kp-2024, print the outcomes, and return the number of its entries."""
    number, outcomes, seconds = store(archive, articles("kp-2024.jsonl.gz"), 10**9)
    count = archive.database["articles"].count_documents({})
    print(f"kp-2024: {number} entries -> {count} articles {outcomes}, {seconds / number * 1e3:.2f} ms each")
    print("KCNA's own edits (one URL, another text within days):")
    for revision in archive.database["revisions"].find({"number": {"$gt": 1}, "trivial": False}):
        before = {"article": revision["article"], "number": revision["number"] - 1}
        first = archive.database["revisions"].find_one(before)
        assert first
        day = f"{revision['dateline']['date']:%Y-%m-%d}"
        print(f"  {day} {first['title'][:70]!r} -> {revision['title'][:70]!r}")
    return number


def _measure(archive: Archive, queries: Queries, total: int, steps: list[int]) -> None:
    """Store the years of kcna.co.jp and print the cost of 500 stories at each step.

    total: number of entries stored so far.
    """
    source = (
        article for later in (0, 7) for year in YEARS for article in articles(f"cojp-{year}.jsonl.gz", later)
    )
    for step in steps:
        got, outcomes, _ = store(archive, source, max(0, step - total - 500))
        total += got
        before = queries.count
        got, measured, seconds = store(archive, source, 500)
        total += got
        commands = (queries.count - before) / max(got, 1)
        cost = f"{seconds / max(got, 1) * 1e3:.2f} ms and {commands:.2f} commands per story"
        print(f"at {total:6}: {cost}; {measured}; so far {outcomes}")
    print(f"in total {total} entries -> {archive.database['articles'].count_documents({})} articles")


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--steps", default="1000,10000,60000", help="numbers of stored stories at which to measure"
    )
    options = parser.parse_args()
    if not CORPUS.exists():
        print(f"the corpus is not beside this checkout ({CORPUS})")
        return 1
    folder = tempfile.mkdtemp(prefix="identity-")
    queries = Queries()
    monitoring.register(queries)
    archive = Archive(StoreSettings(path=folder))
    try:
        _measure(archive, queries, _kp_2024(archive), list(map(int, options.steps.split(","))))
        print("merges of texts that differ:", *differing_merges(archive, 20), sep="\n")
        print("near misses:", *near_misses(archive, 20), sep="\n")
    finally:
        archive.close()
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
