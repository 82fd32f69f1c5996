"""The reads of `recheck`: only what is due and little more, also by the rules of MongoDB's indexes."""

from __future__ import annotations

import datetime as dt

import pytest
from pymongo import UpdateOne

from bench.recheck_reads import PAGES, STORIES, fill, keys_examined, measure
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.write.due_pages import due_pages
from tests.samples import AT, article

AN_HOUR, A_DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def test_a_recheck_of_one_day_reads_what_it_needs(archive: Archive, store: StoreSettings) -> None:
    number = 40 * PAGES * STORIES
    fill(archive, number, AT - AN_HOUR)
    found = measure(store, number, AT)
    assert [len(one.days) for one in found.due] == [STORIES] * PAGES
    assert found.documents <= 2 * found.needed
    assert found.keys == [STORIES] * PAGES


def test_keys_by_the_rules_of_mongodb() -> None:
    urls = [f"http://a/{n}" for n in range(5)] + [f"https://b/{n}" for n in range(5)]
    bounds = {"$gte": "http://a/2", "$lt": "http://a/4"}
    assert keys_examined({"copies": {"$elemMatch": {"url": bounds}}}, urls) == 2
    assert keys_examined({"copies.url": bounds}, urls) == 4


@pytest.mark.parametrize("days", [1, 13])
def test_all_that_is_due_is_found(archive: Archive, days: int) -> None:
    """Compare the schedule of all articles with that of each single article."""
    number = 24 * PAGES * STORIES
    fill(archive, number, AT)
    articles = archive.database["articles"]
    stored = list(articles.find({}, {"published": 1, "copies.url": 1}).sort("published", 1))
    now = stored[-1]["published"] + dt.timedelta(days=100, hours=12)
    pages: dict[str, bool] = {}
    writes = []
    for n, document in enumerate(stored):
        checked = now - A_DAY * (n * 7 % 25)  # This is 0 to 24 days ago.
        change: dict[str, object] = {"copies.$[].last_seen": checked}
        if n % 5 == 0:  # These were gone, and were checked again later.
            checked += A_DAY * (n % 9)
            change["copies.$[].checked_at"] = checked
        writes.append(UpdateOne({"_id": document["_id"]}, {"$set": change}))
        page = document["copies"][0]["url"].partition("#")[0]
        age = now - document["published"]
        always = document["published"].date() >= now.date() - A_DAY * (99 + days)
        # Articles that were seen since the start of the crawl are not due.
        due = checked <= now and (always or now - checked >= max(7 * A_DAY, age / 10))
        pages[page] = pages.get(page, False) or due
    articles.bulk_write(writes)
    found = list(due_pages(archive.database, "kcna.co.jp", 99 + days, now))
    assert sorted(one.page for one in found) == sorted(page for page, due in pages.items() if due)
    assert all(len(one.days) == STORIES for one in found)


def test_what_was_seen_since_the_crawl_began_is_not_due(archive: Archive) -> None:
    fill(archive, STORIES, AT)
    assert list(due_pages(archive.database, "kcna.co.jp", 36_500, AT))
    assert not list(due_pages(archive.database, "kcna.co.jp", 36_500, AT - AN_HOUR))


@pytest.mark.parametrize("source", ["capture", "listing"])
def test_a_date_from_a_capture_is_no_stated_date(archive: Archive, source: str) -> None:
    one = article()
    one.published_from = source
    one.capture = {"at": AT, "url": None} if source == "capture" else None
    decide_and_write(archive, [one])
    (page,) = due_pages(archive.database, one.site, 9_999, AT + A_DAY)
    stated, bound = (None, one.published) if source == "capture" else (one.published, None)
    assert page.days == {one.url: stated}
    assert page.bounds == ({one.url: bound} if bound else {})
