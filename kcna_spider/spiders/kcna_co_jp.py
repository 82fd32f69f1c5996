"""kcna.co.jp: home page -> calendar of each year -> days -> articles, in all generations since 1997."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from kcna_spider.base_spiders.archive_spider import ArchiveSpider
from kcna_spider.base_spiders.priorities import Priority
from kcna_spider.base_spiders.recheck import Recheck
from kcna_spider.downloadermiddlewares.errors import request_of
from kcna_spider.exceptions import LayoutError, NotAnArticleError
from kcna_spider.items import Article, ListedPages, ListingEntry, PhotoSet, RawArticle, Reject
from kcna_spider.layouts.base import Layout, Link, Listing
from kcna_spider.sites.kcna_co_jp import day_of_listing, page_of_day, year_of_calendar
from kcna_spider.text.dates import utc_now

# The articles of a page by fragment, each with the layout that read it
_Parts = dict[str | None, tuple[Layout, RawArticle]]


class KcnaCoJpSpider(ArchiveSpider):
    """Crawl www.kcna.co.jp.

    A day page is not read again once all articles that it listed are stored.
    """

    name = "kcna_co_jp"
    site = "kcna.co.jp"
    start_url = "http://www.kcna.co.jp/index-e.htm"

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.recheck = Recheck(self)

    def later_requests(self) -> AsyncIterator[Request]:
        """Return the requests of the recheck."""
        return self.recheck.requests()

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        """Parse the home page: request the calendars of the wanted years."""
        listing = self.pages.listing(response)
        if isinstance(listing, Reject) or not listing.links:
            self.fail("no_calendars", f"the front page {response.url} is not as expected; see the rejects")
            if isinstance(listing, Reject):
                yield listing
            return
        years = {link.url: year_of_calendar(link.url) or 0 for link in listing.links}
        for url, year in years.items():
            if not year or self._wants_year(year):
                yield self._listing_request(url, self.parse_calendar, latest=year == max(years.values()))

    def _listing_request(self, url: str, callback: Any, **arguments: Any) -> Request:
        return Request(
            url,
            callback,
            errback=self.failed,
            priority=Priority.LISTING,
            cb_kwargs=arguments,
        )

    def _wants_year(self, year: int) -> bool:
        since, until = self.arguments.since, self.arguments.until
        return (since is None or year >= since.year) and (until is None or year <= until.year)

    async def parse_calendar(self, response: Response, *, latest: bool) -> AsyncIterator[Any]:
        """Parse a calendar: request the pages of its wanted days, newest first, except complete ones.

        latest: whether it is the newest calendar, of which the newest day is always read.
        """
        listing = self.pages.listing(response)
        if isinstance(listing, Listing) and not listing.links:
            listing = self.reject(response.url, "empty_listing", "the calendar shows no day", {})
        if isinstance(listing, Reject):
            self.fail_by(listing)
            yield listing
            return
        days = {
            link.url: day for link in listing.links if self.requests.wants(day := day_of_listing(link.url))
        }
        newest = max(days, key=lambda url: days[url] or dt.date.min, default=None) if latest else None
        known = {url: day for url, day in days.items() if url != newest and not self.recheck.covers(day)}
        complete = set() if self.arguments.full else await self.requests.all_stored(known)
        self.count("complete_days", len(complete))
        if complete or not days:
            self.outcome.nothing_due = True
        due = sorted(set(days) - complete, reverse=True)
        # With a limit, each day is requested after the one before it, so that no further days are fetched.
        at_once = len(due) if self.arguments.limit is None else 1
        for url in due[:at_once]:
            yield self._day_request(url, due[at_once:])

    def _day_request(self, url: str, later: Sequence[str]) -> Request:
        request = self._listing_request(url, self.parse_day_page, link=Link(url, ""), later=later)
        return request.replace(errback=self.failed_day)

    def failed_day(self, failure: Failure) -> Iterator[Reject | Request]:
        """Yield the reject of a day page that failed, then the request for the next day in `later`."""
        yield from self.failed(failure)
        later = request_of(failure).cb_kwargs["later"]
        if later and not self.requests.limit_reached():
            yield self._day_request(later[0], later[1:])

    async def parse_day_page(
        self, response: Response, link: Link, later: Sequence[str]
    ) -> AsyncIterator[Any]:
        """Parse a day page: request each page with articles of this day, then the next day in `later`."""
        async for item in self._day(response, link):
            yield item
        if later and not self.requests.limit_reached():
            yield self._day_request(later[0], later[1:])

    async def _day(self, response: Response, link: Link) -> AsyncIterator[Any]:
        listing = self.pages.listing(response)
        if isinstance(listing, Listing) and not listing.entries:
            listing = self.reject(response.url, "empty_listing", "the day shows no article", {})
        if isinstance(listing, Reject):
            self.fail_by(listing)
            yield listing
            return
        entries = self.adapter.entries(link.url, listing, key=link.url)
        if (own := self._own_page(link.url, entries)) is None:
            yield ListedPages(self.site, {link.url: [entry.url for entry in entries]}, utc_now())
        elif not (self.requests.limit_reached() or (await self.requests.look_up([own])).has(own)):
            # Each crawl reads such a day again, so that no article of it is missed.
            self.count("mislinked_days")
            yield self._own_page_request(own, link.url)
        for item in self._by_page(await self.requests.for_entries(entries)):
            yield item

    def _by_page(self, items: Iterable[Any]) -> Iterator[Any]:
        """Yield items; of several requests for articles of one page, only one for all of them."""
        pages: dict[str, Request] = {}
        for item in items:
            page, _, anchor = item.url.partition("#") if isinstance(item, Request) else ("", "", "")
            if not anchor:
                yield item
                continue
            if page not in pages:
                pages[page] = Request(
                    page,
                    self.parse_articles,
                    errback=self.failed_page,
                    priority=item.priority,
                    cb_kwargs={"listed": {}},
                )
            pages[page].cb_kwargs["listed"][anchor] = item.cb_kwargs["listed"]
        yield from pages.values()

    def _own_page(self, listing: str, entries: Sequence[ListingEntry]) -> str | None:
        """Return the URL of the page with all articles of a day, if its listing links to another day's page.

        listing: the URL of the listing. Such listings are errors of the site: that of 4 April 2005 links to
        the articles of 1 April. Return None for other listings.
        """
        day, pages = day_of_listing(listing), [entry.url for entry in entries if "#" in entry.url]
        if day is None or not pages or any(self.adapter.day_in_url(page) == day for page in pages):
            return None
        return page_of_day(pages[0], day)

    def _own_page_request(self, page: str, listing: str) -> Request:
        entry = ListingEntry(page, day=str(day_of_listing(listing)), listing=listing)
        return Request(
            page,
            self.parse_own_page,
            errback=self.failed_page,
            priority=Priority.ARTICLE,
            cb_kwargs={"listed": {"": entry}},
        )

    async def parse_own_page(self, response: Response, listed: dict[str, ListingEntry]) -> AsyncIterator[Any]:
        """Parse the page with all articles of a day: yield all of them that are not stored.

        listed: a listing entry of the page as a whole.
        """
        (entry,) = listed.values()
        found, rejects = self._read(response, [entry])
        urls = {anchor: f"{entry.url}#{anchor}" for anchor in found if anchor}
        if not (urls or rejects):
            rejects = [self._reject_of(entry, "no_article", f"{response.url} shows no article")]
        lookup = await self.requests.look_up(list(urls.values()))
        entries = {
            anchor: one
            for anchor, url in urls.items()
            if not lookup.has(url)
            and isinstance(self.requests.for_entry(one := replace(entry, url=url)), Request)
        }
        for item in (*rejects, *self._load(response, found, entries)):
            yield item

    async def parse_articles(self, response: Response, listed: dict[str, ListingEntry]) -> AsyncIterator[Any]:
        """Parse a page with all articles of a day: yield the wanted ones, with the fragment in their URLs.

        listed: fragment -> listing entry of the wanted articles.
        """
        found, rejects = self._read(response, list(listed.values()))
        for item in rejects or self._load(response, found, listed):
            yield item

    def _read(self, response: Response, entries: Sequence[ListingEntry]) -> tuple[_Parts, list[Reject]]:
        """Return the raw articles of a page by fragment, or a reject for each entry if it cannot be read."""
        try:
            return {raw.anchor: (layout, raw) for layout, raw in self.pages.raw_articles(response)}, []
        except LayoutError as error:
            first, *others = entries
            whole = self.pages.unknown_layout(response, error, first)  # with the HTML, for all of them
            return {}, [whole, *(self._reject_of(entry, "unknown_layout", str(error)) for entry in others)]
        except NotAnArticleError as error:
            return {}, [self._reject_of(entry, "no_article", str(error)) for entry in entries]

    def _load(
        self, response: Response, found: _Parts, listed: dict[str, ListingEntry]
    ) -> Iterator[Article | PhotoSet | Reject | Request]:
        """Yield the articles of a page that are listed, and rejects for those that it lacks."""
        for anchor, entry in listed.items():
            if anchor in found:
                layout, raw = found[anchor]
                yield from self.pages.load(response, layout, raw, entry.url, entry)
            else:
                yield self._reject_of(entry, "no_anchor", f"{response.url} has no article at #{anchor}")

    def _reject_of(self, entry: ListingEntry, reason: str, detail: str) -> Reject:
        return self.reject(entry.url, reason, detail, {"listed": entry.as_raw()})

    def failed_page(self, failure: Failure) -> Iterator[Reject]:
        """Yield a reject for each article of a page that cannot be fetched."""
        yield from self.rejects_of(failure, request_of(failure).cb_kwargs["listed"].values())
