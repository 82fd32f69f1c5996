"""kcna.co.jp: front page -> calendar of each year -> days -> articles, in all generations since 1997."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from kcna_spider.base_spiders.archive_spider import LISTING_PRIORITY
from kcna_spider.base_spiders.errors import listing_entry, request_of
from kcna_spider.base_spiders.recheck import RecheckingSpider
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Article, ListedStory, Reject
from kcna_spider.layouts.base import Link, Listing
from kcna_spider.layouts.kcna_co_jp import LAYOUTS
from kcna_spider.sites.kcna_co_jp import day_of_listing, year_of_calendar


class KcnaCoJpSpider(RecheckingSpider):
    """www.kcna.co.jp. A day is complete when all stories that its page listed are stored; it is not visited again."""

    name = "kcna_co_jp"
    site = "kcna.co.jp"
    start_url = "http://www.kcna.co.jp/index-e.htm"
    layouts = LAYOUTS
    languages = ("en", "es")

    @classmethod
    def stories(cls, url: str, listing: Listing, category: str | None = None) -> list[ListedStory]:
        """The address of a day's page names the day; its heading has misprints."""
        for story in listing.stories:
            if day := day_of_listing(url):
                story.day = str(day)
        return super().stories(url, listing, category)

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        """The front page: the calendars of the wanted years."""
        listing = self.read_listing(response)
        if isinstance(listing, Reject) or not listing.links:
            self.end(f"no_calendars: the front page {response.url} is not as expected; see the rejects")
            if isinstance(listing, Reject):
                yield listing
            return
        years = {link.url: year_of_calendar(link.url) or 0 for link in listing.links}
        for url, year in years.items():
            if not year or self._wants_year(year):
                latest = year == max(years.values())
                yield Request(
                    url, self.parse_calendar, errback=self.failed, priority=LISTING_PRIORITY, dont_filter=True, cb_kwargs={"latest": latest}
                )

    def _wants_year(self, year: int) -> bool:
        since, until = self.arguments.since, self.arguments.until
        return (since is None or year >= since.year) and (until is None or year <= until.year)

    async def parse_calendar(self, response: Response, *, latest: bool) -> AsyncIterator[Any]:
        """A year: its wanted days, newest first; those that are complete in the store are left out, but for the newest of all."""
        listing = self.read_listing(response)
        if isinstance(listing, Listing) and not listing.links:
            listing = self.reject(response.url, "empty_listing", "the calendar shows no day", {})
        if isinstance(listing, Reject):
            self.end(f"{listing.reason}: {listing.url}: {listing.detail}")
            yield listing
            return
        days = {link.url: day_of_listing(link.url) for link in listing.links if self.arguments.wants(day_of_listing(link.url))}
        newest = max(days, key=lambda url: days[url] or dt.date.min, default=None) if latest else None
        complete = (
            set()
            if self.arguments.full
            else await asyncio.to_thread(self._complete_days, [url for url, day in days.items() if url != newest and not self.rechecks(day)])
        )
        self.count("complete_days", len(complete))
        if complete or not days:
            self.stats.set_value("health/nothing_due", True)
        for url in sorted(set(days) - complete, reverse=True):
            yield Request(
                url, self.parse_day_page, errback=self.failed, priority=LISTING_PRIORITY, dont_filter=True, cb_kwargs={"link": Link(url, "")}
            )

    def _complete_days(self, urls: list[str]) -> set[str]:
        """The days all of whose listed stories are stored."""
        days = self.archive.remembered_days(urls)
        listed = [story for stories in days.values() for story in stories]
        known, settled = self.archive.looked_up(listed)
        return {day for day, stories in days.items() if stories and all(url in known or url in settled for url in stories)}

    async def parse_day_page(self, response: Response, link: Link) -> AsyncIterator[Any]:
        """A day: its articles, each page once."""
        listing = self.read_listing(response)
        if isinstance(listing, Listing) and not listing.stories:
            listing = self.reject(response.url, "empty_listing", "the day shows no story", {})
        if isinstance(listing, Reject):
            self.end(f"{listing.reason}: {listing.url}: {listing.detail}")
            yield listing
            return
        stories = self.stories(link.url, listing)
        for story in stories:
            story.listing = link.url
        remembered = asyncio.to_thread(self.archive.remember_day, link.url, self.site, [story.url for story in stories], self.now())
        pages: dict[str, Request] = {}
        for request in (await asyncio.gather(self.story_requests(stories), remembered))[0]:
            if not isinstance(request, Request):
                continue
            page, _, anchor = request.url.partition("#")
            if not anchor:
                yield request
            elif page not in pages:
                pages[page] = Request(page, self.parse_articles, errback=self.failed_page, priority=request.priority, cb_kwargs={"listed": {}})
            if anchor:
                pages[page].cb_kwargs["listed"][anchor] = request.cb_kwargs["listed"]
        for request in pages.values():
            yield request

    async def parse_articles(self, response: Response, listed: dict[str, ListedStory]) -> AsyncIterator[Any]:
        """A page of all articles of a day: one item for each that is wanted, with its anchor in its address."""
        for item in self._articles(response, listed):
            yield item

    def _articles(self, response: Response, listed: dict[str, ListedStory]) -> Iterator[Article | Reject]:
        try:
            found = {raw.anchor: (layout, raw) for layout, raw in self.raw_articles(response)}
        except LayoutError as error:
            yield from (self.unknown_layout(response, error, story) for story in listed.values())
            return
        except LookupError as error:
            yield from (self.reject(story.url, "no_article", str(error), {"listed": listing_entry(story)}) for story in listed.values())
            return
        for anchor, story in listed.items():
            if anchor in found:
                layout, raw = found[anchor]
                yield from self.load(response, layout, raw, story.url, story)
            else:
                yield self.reject(story.url, "no_anchor", f"{response.url} has no article behind #{anchor}", {"listed": listing_entry(story)})

    def failed_page(self, failure: Failure) -> Iterator[Reject]:
        """A page of a day that can't be had: a reject for each of its stories."""
        yield from self.rejects_of(failure, request_of(failure).cb_kwargs["listed"].values())
