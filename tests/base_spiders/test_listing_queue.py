"""Which lists wait, and which stories are kept back for what further lists say of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from kcna_spider.base_spiders.listing_queue import Lists
from kcna_spider.items import ListedStory
from kcna_spider.layouts.base import Link
from kcna_spider.spiders.kcna_kp import KcnaKpSpider

A, B, C = ((Link(f"http://www.kcna.kp/{name}", name), name) for name in "abc")


def story(number: int, *categories: str, title: str | None = None, day: str | None = None) -> ListedStory:
    """One entry of a list."""
    return ListedStory(f"http://www.kcna.kp/{number}", title, day, list(categories))


def test_the_lists_of_a_group_follow_each_other() -> None:
    lists = Lists(["en", "ko"])
    lists.add("en", [A, B])
    lists.add("ko", [C])
    assert lists.done("b") is None, "not under way"
    assert lists.done("a") == B
    assert lists.done("a") is None, "through already"
    assert lists.done("c") is None
    assert lists.done("b") is None


def test_stories_are_kept_back_until_all_lists_are_through() -> None:
    lists = Lists(["en", "ko"])
    lists.add("en", [A])
    lists.came("en")
    lists.name([story(1, "World"), story(2, "World", title="T", day="2026-11-01")])
    lists.done("a")
    assert not lists.take(100), "another language's lists are still to come"
    lists.add("ko", [C])
    lists.came("ko")
    lists.name([story(1, "Home", title="S"), story(1, "World"), story(2, "Home", title="other", day="2026-11-02")])
    assert not lists.take(100), "a list is under way"
    lists.done("c")
    assert lists.take(100) == [story(1, "World", "Home", title="S"), story(2, "World", "Home", title="T", day="2026-11-01")]
    assert not lists.take(100), "each is given once"


def test_enough_stories_wait_for_no_further_list() -> None:
    lists = Lists(["en"])
    lists.name([story(1), story(2)])
    assert not lists.take(3)
    lists.name([story(3)])
    assert len(lists.take(3)) == 3


def test_what_is_named_stays_as_the_list_gave_it() -> None:
    lists = Lists([])
    first = story(1, "World")
    lists.name([first, story(1, "Home")])
    assert first.categories == ["World"]


class Told(KcnaKpSpider):
    """Gives the stories themselves instead of what they lead to."""

    async def story_requests(self, stories: Sequence[ListedStory]) -> list[Any]:
        return list(stories)

    async def named_stories(self) -> list[Any]:
        return list(self.lists.take(100))


def test_a_page_that_breaks_us_ends_its_list_and_keeps_no_story_back() -> None:
    spider = Told(language="en")
    spider.lists.add("en", [A, B])
    spider.lists.came("en")
    spider.lists.name([story(1)])

    async def breaking() -> AsyncIterator[Any]:
        yield "first"
        raise ZeroDivisionError

    async def all_of(key: str, found: list[Any]) -> None:
        async for one in spider.and_named_stories(key, breaking()):
            found.append(one)  # noqa: PERF401  # until it raises

    found: list[Any] = []
    with pytest.raises(ZeroDivisionError):
        asyncio.run(all_of("a", found))
    assert (found[0], found[1].url, len(found)) == ("first", B[0].url, 2), "the next list is asked for; the stories wait for it"
    with pytest.raises(ZeroDivisionError):
        asyncio.run(all_of("b", found))
    assert found[2:] == ["first", story(1)]
