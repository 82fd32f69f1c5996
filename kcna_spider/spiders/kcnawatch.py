"""KCNA Watch: home page -> listing of each KCNA source -> "More Articles", or the search -> articles.

"More Articles" is requested over plain HTTP if possible. The search is used for past dates.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import Any

from scrapy.http import Request, Response
from scrapy.settings import BaseSettings

from kcna_spider.base_spiders.archive_spider import ArchiveSpider
from kcna_spider.base_spiders.arguments import PhotoArguments, argument, choice, words
from kcna_spider.base_spiders.article_requests import Lookup
from kcna_spider.base_spiders.kcnawatch_clicks import ListingClicks
from kcna_spider.base_spiders.kcnawatch_queries import CrawlStoppingError
from kcna_spider.base_spiders.kcnawatch_search import FIRST_DAY, SearchReader, SearchUnavailableError
from kcna_spider.base_spiders.kcnawatch_source import SourceCursor, same_label
from kcna_spider.base_spiders.pagination import Pagination
from kcna_spider.base_spiders.priorities import Priority
from kcna_spider.base_spiders.recheck import Recheck
from kcna_spider.base_spiders.search_windows import Window
from kcna_spider.downloadermiddlewares.browser import SETTINGS as BROWSER_SETTINGS
from kcna_spider.downloadermiddlewares.meta_keys import MAY_BE_EMPTY
from kcna_spider.items import Article, ListingEntry, Reject
from kcna_spider.layouts.base import Link, Listing
from kcna_spider.paths import path_setting

_END_CHECKS = 3  # checks of one listing after which its empty pieces are an error of the site
_FIRST_PAGES = 3  # pages of a listing that are read before the search is used for older dates


@dataclasses.dataclass(frozen=True, kw_only=True)
class KcnaWatchArguments(PhotoArguments):
    """The arguments of `kcnawatch`.

    source: labels as the home page writes them; None for all that begin with KCNA. browser: when a browser is
    used.
    """

    source: tuple[str, ...] | None = argument(
        words, 'label of a source as the home page shows it, e.g. "KCNA.kp (En)"; separated by commas'
    )
    browser: str = argument(
        choice("auto", "always", "never"),
        "auto: a browser where the site checks for one; always; never",
        default="auto",
    )


class KcnaWatchSpider(ArchiveSpider):
    """Crawl kcnawatch.org."""

    name = "kcnawatch"
    site = "kcnawatch.org"
    start_url = "https://kcnawatch.org/"
    arguments_class = KcnaWatchArguments
    arguments: KcnaWatchArguments

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.recheck = Recheck(self)
        self.pagination = Pagination(self, self.recheck)
        self.clicks = ListingClicks(self)
        self.labels: set[str] = set()  # labels of the wanted sources

    def later_requests(self) -> AsyncIterator[Request]:
        """Return the requests of the pagination: rejected URLs, rechecks, unread photo pages."""
        return self.pagination.later_requests()

    async def closed(self, reason: str) -> None:
        """Store which listings are complete, in a thread, so that a signal can end the crawl meanwhile."""
        await asyncio.to_thread(self.pagination.close, reason)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Enable the browser if scrapy-playwright is installed, with the program in PLAYWRIGHT_CHROMIUM."""
        super().update_settings(settings)
        if find_spec("scrapy_playwright"):
            settings.update(BROWSER_SETTINGS, priority="spider")
        if program := path_setting(settings, "PLAYWRIGHT_CHROMIUM"):
            settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", {"executable_path": str(program)}, priority="spider")

    @property
    def browser(self) -> str:
        """When a browser may be used: auto, always, never."""
        return self.arguments.browser

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        """Parse the home page: request the listings of the wanted sources, found by their labels."""
        listing = self.pages.listing(response)
        if isinstance(listing, Reject):
            self.fail("no_sources", f"the home page {response.url} is not as expected; see the rejects")
            yield listing
            return
        links = self._wanted(listing)
        if not links:
            labels = ", ".join(link.label for link in listing.links) or "none"
            self.fail("no_sources", f"{response.url} links no source that begins with KCNA; it has: {labels}")
        self.labels = {same_label(link.label) for link in links}
        for link in links:
            yield Request(
                link.url,
                self.parse_source,
                errback=self.failed,
                cb_kwargs={"label": link.label},
            )

    def _wanted(self, listing: Listing) -> list[Link]:
        """Return the links to the wanted sources. Raise CloseSpider if the site lacks one of them."""
        offered = {same_label(link.label): link for link in listing.links}
        if self.arguments.source is None:
            prefix = same_label(self.adapter.site.source_prefix)
            return [link for label, link in offered.items() if label.startswith(prefix)]
        if missing := [label for label in self.arguments.source if same_label(label) not in offered]:
            names = ", ".join(link.label for link in offered.values()) or "none"
            self.abort(
                "bad_argument", f"argument source: the site has no {', '.join(missing)}; it has: {names}"
            )
        return [offered[label] for label in dict.fromkeys(map(same_label, self.arguments.source))]

    async def parse_source(self, response: Response, label: str) -> AsyncIterator[Any]:
        """Parse the first page of a source's listing."""
        listing = self.pages.listing(response)
        if isinstance(listing, Listing) and not listing.entries:
            listing = self.reject(
                response.url, "empty_listing", f"the listing of {label} shows no article", {}
            )
        if isinstance(listing, Reject):
            self.fail_by(listing)
            yield listing
            return
        cursor = await self.pagination.begin(SourceCursor(f"{self.site}/{label}", label, url=response.url))
        entries = self.adapter.entries(response.url, listing, key=cursor.key)
        cursor.more, cursor.has_button, cursor.first = listing.more, listing.has_more, entries
        lookup = await self.requests.look_up([entry.url for entry in entries])
        cursor.labels = {
            same_label(source) for one in lookup.known.values() for source in one.sources.values()
        }
        async for item in self._read_on(response, entries, lookup, cursor):
            yield item

    async def parse_more(self, response: Response, cursor: SourceCursor) -> AsyncIterator[Any]:
        """Parse a further piece of a listing."""
        if cursor.clicking:
            return
        listing = self.pages.listing(response)
        if isinstance(listing, Reject):
            self.fail_by(listing)
            yield listing
            return
        entries = self.adapter.entries(response.url, listing, key=cursor.key, source=cursor.name)
        if cursor.repeats(entries):
            self.fail(
                "listing_failed",
                f"{response.url}: the listing of {cursor.name} shows the same articles again",
            )
            return
        lookup = await self.requests.look_up([entry.url for entry in entries])
        if other := cursor.stored_of_other_source(entries, lookup):
            for request in self.clicks.instead_of_other_source(cursor, f"{other[0]} is of {other[1]}"):
                yield request
            return
        if not entries and cursor.is_doubtful:
            for request in self.clicks.instead_of_other_source(
                cursor, f"nothing is behind the button of {cursor.url}, which the page does not explain"
            ):
                yield request
            return
        if not entries and cursor.ends_at_full_piece:
            yield self._end_check(response, cursor)
            return
        async for item in self._read_on(response, entries, lookup, cursor):
            yield item

    async def parse_end(self, response: Response, cursor: SourceCursor) -> AsyncIterator[Any]:
        """Parse the piece that begins with the last known article. If others follow, request them again."""
        listing = self.pages.listing(response)
        if isinstance(listing, Reject):
            self.fail_by(listing)
            yield listing
        elif len(listing.entries) == 1:
            self.pagination.finish(cursor)
        elif listing.entries and cursor.end_checks < _END_CHECKS:
            yield self._more(response, cursor)
        else:
            self.fail("listing_failed", f"{response.url}: the listing of {cursor.name} ends too early")

    async def _read_on(
        self, response: Response, entries: list[ListingEntry], lookup: Lookup, cursor: SourceCursor
    ) -> AsyncIterator[Any]:
        cursor.count_page(entries)
        onward = bool(entries) and self.pagination.should_continue(cursor, entries, lookup)
        searches = onward and self._searches(cursor)
        if not entries:  # only an empty piece is certainly after the last article
            self.pagination.finish(cursor)
        elif onward:
            cursor.offset += len(entries)
            if not searches:
                # Yielded first, so that it is fetched while this piece's articles are requested.
                yield self._more(response, cursor)
        for item in await self.requests.for_entries(entries, lookup):
            yield item
        if searches:
            async for item in self._search(response, cursor):
                yield item

    def _searches(self, cursor: SourceCursor) -> bool:
        """Return whether the search probably needs fewer requests than the listing for the wanted dates."""
        since, until = self.arguments.since, self.arguments.until
        newest, oldest = cursor.newest_of_page, cursor.oldest_of_page
        if not cursor.searchable or newest is None or oldest is None or (since is None and until is None):
            return False
        if until and until < oldest:
            return True
        return cursor.pages >= _FIRST_PAGES and (since or FIRST_DAY) < newest

    async def _search(self, response: Response, cursor: SourceCursor) -> AsyncIterator[Any]:
        """Search the wanted dates up to the newest one on the last listing page.

        If the search is unusable, page the listing instead.
        """
        assert cursor.newest_of_page  # the oldest date is unreliable: old articles may be imported late
        first = self.arguments.since or FIRST_DAY
        last = min(self.arguments.until or cursor.newest_of_page, cursor.newest_of_page)
        reader = SearchReader(self, cursor.name, cursor.number, cursor.first)
        try:
            async for entries, days in reader.entries(Window(first, last)):
                for item in await self.requests.for_entries(entries):
                    yield item
                if days:
                    yield days
        except CrawlStoppingError as error:
            self.logger.info("%s", error)
        except SearchUnavailableError as error:
            self.inc("search/unavailable")
            self.logger.warning(
                "%s: the search is unusable, the listing is paged instead: %s", cursor.name, error
            )
            cursor.searchable = False
            yield self._more(response, cursor)
        else:
            self.pagination.finish(cursor)

    def _more(self, response: Response, cursor: SourceCursor) -> Request:
        """Return the request for the next articles of a listing, as the page's own script makes it."""
        return Request(
            response.urljoin(cursor.next_piece()),
            self.parse_more,
            errback=self.clicks.failed_more,
            cb_kwargs={"cursor": cursor},
            meta={MAY_BE_EMPTY: True, "max_retry_times": 2},  # an empty piece usually is the end
            priority=Priority.LISTING,
        )

    def _end_check(self, response: Response, cursor: SourceCursor) -> Request:
        """Return the request for the last known article and what follows it, after an empty piece."""
        cursor.end_checks += 1
        return Request(
            response.urljoin(cursor.next_piece(back=1)),
            self.parse_end,
            errback=self.clicks.failed_more,
            cb_kwargs={"cursor": cursor},
        )

    async def parse_article(
        self, response: Response, listed: ListingEntry | None = None
    ) -> AsyncIterator[Any]:
        """Yield the article of a page, unless the page names a source that is not wanted."""
        async for item in super().parse_article(response, listed):
            cursor = self.pagination.cursors.get(listed.listing or "") if listed else None
            if isinstance(item, Article) and listed and isinstance(cursor, SourceCursor):
                if listed.source is None:
                    cursor.labels.add(same_label(item.source))
                elif cursor.is_other(item.source):
                    for request in self.clicks.instead_of_other_source(
                        cursor, f"{item.url} is of {item.source}"
                    ):
                        yield request
                    if same_label(item.source) not in self.labels:
                        self.requests.not_wanted(item.url, "other_source")
                        return  # its photos are not wanted either
            yield item
