"""Which listings are queued, and which articles are kept until further listings were read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from kcna_spider.base_spiders.article_requests import Lookup
from kcna_spider.base_spiders.kcna_kp_listings import KcnaKpListings
from kcna_spider.base_spiders.listing_queue import ListingQueue
from kcna_spider.extensions.health import Health
from kcna_spider.items import ListingEntry
from kcna_spider.layouts.base import Link
from kcna_spider.spiders.kcna_kp import KcnaKpSpider

A, B, C = ((Link(f"http://www.kcna.kp/{name}", name), name) for name in "abc")


def story(number: int, *categories: str, title: str | None = None, day: str | None = None) -> ListingEntry:
    """Return one entry of a listing."""
    return ListingEntry(f"http://www.kcna.kp/{number}", title, day, list(categories))


def test_the_lists_of_a_group_follow_each_other() -> None:
    queue = ListingQueue(["en", "ko"])
    queue.add("en", [A, B])
    queue.add("ko", [C])
    assert queue.finish("b") is None, "a listing that has not begun was finished"
    assert queue.finish("a") == B
    assert queue.finish("a") is None, "a finished listing was finished again"
    assert queue.finish("c") is None
    assert queue.finish("b") is None


def test_stories_are_kept_back_until_all_lists_are_through() -> None:
    queue = ListingQueue(["en", "ko"])
    queue.add("en", [A])
    queue.group_loaded("en")
    queue.add_entries([story(1, "World"), story(2, "World", title="T", day="2026-11-01")], Lookup())
    queue.finish("a")
    assert not queue.pop_ready(100)[0], "the listings of another language are not loaded yet"
    queue.add("ko", [C])
    queue.group_loaded("ko")
    queue.add_entries(
        [story(1, "Home", title="S"), story(1, "World"), story(2, "Home", title="other", day="2026-11-02")],
        Lookup(),
    )
    assert not queue.pop_ready(100)[0], "a listing is not finished"
    queue.finish("c")
    assert queue.pop_ready(100)[0] == [
        story(1, "World", "Home", title="S"),
        story(2, "World", "Home", title="T", day="2026-11-01"),
    ]
    assert not queue.pop_ready(100)[0], "an entry was returned twice"


def test_enough_stories_wait_for_no_further_list() -> None:
    queue = ListingQueue(["en"])
    queue.add_entries([story(1), story(2)], Lookup())
    assert not queue.pop_ready(3)[0]
    queue.add_entries([story(3)], Lookup())
    assert len(queue.pop_ready(3)[0]) == 3


def test_what_is_named_stays_as_the_list_gave_it() -> None:
    queue = ListingQueue([])
    first = story(1, "World")
    queue.add_entries([first, story(1, "Home")], Lookup())
    assert first.categories == ["World"]


def test_what_the_store_knows_comes_with_the_entries() -> None:
    queue = ListingQueue([])
    queue.add_entries([story(1)], Lookup(rejected={story(1).url}))
    queue.add_entries([story(2)], Lookup(rejected={story(2).url}))
    assert queue.pop_ready(100)[1] == Lookup(rejected={story(1).url, story(2).url})
    queue.add_entries([story(1)], Lookup(rejected={story(1).url}))
    queue.add_entries([story(2)], None)
    queue.add_entries([story(3)], Lookup(rejected={story(3).url}))
    assert queue.pop_ready(100)[1] is None, "an entry without a lookup must clear the lookups of the others"
    assert queue.pop_ready(100)[1] == Lookup()


class Named(KcnaKpListings):
    """Listings that yield their entries instead of requests."""

    async def merged_articles(self) -> list[Any]:
        return list(self.queue.pop_ready(100)[0])


def test_a_page_that_breaks_us_ends_its_listing_and_keeps_no_article_back() -> None:
    spider = KcnaKpSpider(language="en")
    listings = Named(spider, spider.pagination, ["en"])
    listings.queue.add("en", [A, B])
    listings.queue.group_loaded("en")
    listings.queue.add_entries([story(1)], Lookup())

    async def breaking() -> AsyncIterator[Any]:
        yield "first"
        raise ZeroDivisionError

    async def all_of(key: str, found: list[Any]) -> None:
        async for one in listings.then_merged_articles(key, breaking()):
            found.append(one)  # noqa: PERF401  # The loop must keep its results until the exception.

    found: list[Any] = []
    with pytest.raises(ZeroDivisionError):
        asyncio.run(all_of("a", found))
    assert (found[0], found[1].url, len(found)) == ("first", B[0].url, 2), (
        "the next listing must be requested before the articles"
    )
    with pytest.raises(ZeroDivisionError):
        asyncio.run(all_of("b", found))
    assert found[2:] == ["first", story(1)]


def test_photo_lists_wait_until_the_store_was_asked_for_the_last_articles() -> None:
    spider = KcnaKpSpider(language="en")
    listings = KcnaKpListings(spider, spider.pagination, ["en"])
    listings.queue.group_loaded("en")
    listings.queue.add_entries([story(1)], None)
    order: list[str] = []

    async def slow(entries: Any, lookup: Any = None) -> list[Any]:
        await asyncio.sleep(0.3)
        order.append("articles")
        return []

    async def photo_list() -> None:
        async for request in listings.photo_list_requests({"en": [A[0]]}):
            order.append(request.url)  # noqa: PERF401  # `slow` appends to the same list.

    async def both() -> None:
        spider.requests.for_entries = slow  # type: ignore[method-assign]
        asking = asyncio.ensure_future(listings.merged_articles())
        await asyncio.sleep(0)
        await photo_list()
        await asking

    spider.crawler = get_crawler()
    health = Health(spider.crawler)
    spider.crawler.crawling = True
    spider.crawler.get_extension = lambda _: health  # type: ignore[method-assign, assignment, return-value]
    spider.settings = spider.crawler.settings
    asyncio.run(both())
    assert order == ["articles", A[0].url]
