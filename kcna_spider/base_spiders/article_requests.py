"""Make the requests for articles: decide which listing entries need one, and track pending articles."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from scrapy.http import Request
from scrapy.utils.url import url_is_from_any_domain

from kcna_spider.base_spiders.priorities import Priority
from kcna_spider.items import ListingEntry, ListingUpdate, Reject
from kcna_spider.store.write.articles import StoredUrl
from kcna_spider.text.dates import in_range, is_settled, parse_day, utc_now

if TYPE_CHECKING:
    from kcna_spider.base_spiders.archive_spider import ArchiveSpider

_MAX_URL_LENGTH = 2_000  # characters; browsers and servers do not accept longer URLs
_CHECK_SECONDS = 0.1


@dataclass(slots=True)
class Lookup:
    """The stored state of URLs when they were looked up. rejected: URLs that are not to be fetched now."""

    known: dict[str, StoredUrl] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)

    def update(self, other: Lookup) -> None:
        """Add the results of another look-up."""
        self.known.update(other.known)
        self.rejected |= other.rejected

    def has(self, url: str) -> bool:
        """Return whether a URL need not be fetched."""
        return url in self.known or url in self.rejected


def entries_of(request: Request) -> list[ListingEntry]:
    """Return the listing entries of the articles that a request fetches."""
    listed = request.cb_kwargs.get("listed")
    return [listed] if isinstance(listed, ListingEntry) else list((listed or {}).values())


class ArticleRequests:
    """Make the requests of a spider for articles.

    pending: URL -> its listing entry until the page is read, then None until the article is stored. taken:
    number of requests made, which the argument `limit` bounds.
    """

    def __init__(self, spider: ArchiveSpider) -> None:
        self.spider = spider
        self.pending: dict[str, ListingEntry | None] = {}
        self.taken = 0

    def wants(self, day: dt.date | None) -> bool:
        """Return whether a date of publication is within `since` and `until`; an unknown date is."""
        return in_range(day, self.spider.arguments.since, self.spider.arguments.until)

    async def look_up(self, urls: Sequence[str]) -> Lookup:
        """Look up URLs in the store: as articles and, if photos are fetched, as photo pages of articles.

        To a spider of the site itself, an article that was read from captures only is not known, and one that
        failed is not to be fetched before it is due again, except with the argument `full`.
        """
        captures = self.spider.reads_captures
        again = captures or self.spider.arguments.full
        look_up = partial(self.spider.archive.look_up, urls, captures=captures, again=again)
        lookup = Lookup(*await asyncio.to_thread(look_up))
        if self.spider.photos.enabled and (rest := [url for url in urls if not lookup.has(url)]):
            pages = await asyncio.to_thread(self.spider.archive.known_photo_pages, rest)
            lookup.known.update({url: StoredUrl(at, frozenset()) for url, at in pages.items()})
        return lookup

    async def all_stored(self, pages: Mapping[str, dt.date | None]) -> set[str]:
        """Return the pages (days or captures) of which no article must be fetched.

        pages: URL -> the day whose articles a page lists. The page must have been read when no more articles
        were added to that day. None: nothing is added to the page.
        """
        found = await asyncio.to_thread(self.spider.archive.listed_pages, list(pages))
        listed = {
            page: one.urls
            for page, one in found.items()
            if (day := pages[page]) is None or is_settled(day, one.at)
        }
        lookup = await self.look_up([url for urls in listed.values() for url in urls])
        return {page for page, urls in listed.items() if all(map(lookup.has, urls))}

    async def for_entries(
        self, entries: Sequence[ListingEntry], lookup: Lookup | None = None
    ) -> list[Request | ListingUpdate | Reject]:
        """Return a request for each new entry, and a ListingUpdate for those that are stored.

        lookup: the look-up of all entries, if it was made already.
        """
        wanted = [entry for entry in entries if self.wants(parse_day(entry.day))]
        if entries and not wanted:
            self.spider.outcome.nothing_due = True
        lookup = lookup or await self.look_up([entry.url for entry in wanted])
        self.spider.count("listed", len(wanted))
        self.spider.outcome.listed += len(wanted)
        found: list[Request | ListingUpdate | Reject] = []
        again: dict[tuple[tuple[str, ...], str | None], list[str]] = {}
        for entry in wanted:
            if lookup.has(entry.url):
                self.spider.count("known")
                self.spider.outcome.listings.known(entry.listing)
                known = lookup.known.get(entry.url)
                missing = [c for c in entry.categories if not known or c not in known.categories]
                day = entry.day if known and not known.dated else None
                if missing or day:
                    again.setdefault((tuple(missing), day), []).append(entry.url)
            elif isinstance(one := self.for_entry(entry), ListingUpdate):
                again.setdefault((tuple(one.categories), None), []).append(entry.url)
            elif one is not None:
                found.append(one)
        now = utc_now()
        return found + [
            ListingUpdate(urls, list(categories), now, parse_day(day))
            for (categories, day), urls in again.items()
        ]

    def for_entry(self, entry: ListingEntry) -> Request | ListingUpdate | Reject | None:
        """Return the request for a new entry, or a reject if its URL is not one of the site.

        If its page was read but is not stored yet, return a ListingUpdate. If its request is pending, or the
        `limit` is reached, return None.
        """
        url, listings = entry.url, self.spider.outcome.listings
        if len(url) > _MAX_URL_LENGTH or not url_is_from_any_domain(url, self.spider.allowed_domains):
            listings.expect(url[:_MAX_URL_LENGTH], entry.listing)
            detail = "a listing leads to another host, or to no URL"
            return self.spider.reject(
                url[:_MAX_URL_LENGTH], "bad_address", detail, {"listed": entry.as_raw()}
            )
        if url in self.pending:
            waiting = self.pending[url]
            listings.expect(url, entry.listing)
            if waiting is None:
                return ListingUpdate([url], entry.categories, utc_now())
            waiting.categories += [c for c in entry.categories if c not in waiting.categories]
            return None
        if self.limit_reached():
            return None
        self.taken += 1
        self.pending[url] = entry
        listings.expect(url, entry.listing)
        spider = self.spider
        return Request(
            url,
            spider.parse_article,
            errback=spider.failed,
            priority=Priority.ARTICLE,
            cb_kwargs={"listed": entry},
        )

    def limit_reached(self) -> bool:
        """Return whether the argument `limit` is reached."""
        return self.spider.arguments.limit is not None and self.taken >= self.spider.arguments.limit

    async def wait_until_few(self, most: int) -> None:
        """Wait until at most `most` articles are pending, or the crawl is stopping.

        This is back-pressure for callbacks that the downloader does not pace.
        """
        # Polling is enough, because articles are stored every few milliseconds.
        while len(self.pending) > most and not self.spider.stopping:  # noqa: ASYNC110
            await asyncio.sleep(_CHECK_SECONDS)

    def newest(self, entry: ListingEntry) -> ListingEntry:
        """Return the entry merged with those of other listings so far."""
        return self.pending.get(entry.url) or entry

    def page_read(self, url: str) -> None:
        """Record that the page of an article was read. Further listing entries become ListingUpdates."""
        if url in self.pending:
            self.pending[url] = None

    def not_wanted(self, url: str, why: str) -> None:
        """Finish an article that was read but is not wanted. why: the stat below `articles/` to count it."""
        self.done(url)
        self.spider.count(why)

    def done(self, url: str, reject: str | None = None) -> None:
        """Record that an article is finished. reject: the reason code, or None if it was not rejected."""
        self.pending.pop(url, None)
        self.spider.outcome.listings.settle(url, reject)
