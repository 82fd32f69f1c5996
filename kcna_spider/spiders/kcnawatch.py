"""KCNA Watch: home page -> listing of each KCNA source -> "More Articles" over plain HTTP, or the search for days far back -> articles."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from kcna_spider.base_spiders.archive_spider import LISTING_PRIORITY
from kcna_spider.base_spiders.arguments import Arguments, argument, choice, words
from kcna_spider.base_spiders.errors import reason_of, request_of
from kcna_spider.base_spiders.kcnawatch_clicks import click_request, clicked_stories
from kcna_spider.base_spiders.kcnawatch_search import FIRST_DAY, SearchReader, SearchUnavailableError
from kcna_spider.base_spiders.pagination import WalkingSpider
from kcna_spider.base_spiders.search_windows import Window
from kcna_spider.base_spiders.source_listing import SourceWalk, same_label
from kcna_spider.downloadermiddlewares.browser import SETTINGS as BROWSER_SETTINGS
from kcna_spider.items import Article, ListedStory, Reject
from kcna_spider.layouts.base import Link, Listing
from kcna_spider.layouts.kcnawatch import LAYOUTS
from kcna_spider.paths import path_setting
from kcna_spider.text.dates import parse_day

_FIRST_PAGES = 3  # of a listing, before older days are read through the search


@dataclasses.dataclass(frozen=True, kw_only=True)
class KcnaWatchArguments(Arguments):
    """`source`: labels as the home page writes them; without it, all that begin with KCNA. `browser`: when one is used."""

    source: tuple[str, ...] | None = argument(words, 'label of a source as the home page shows it, e.g. "KCNA.kp (En)"; several with commas')
    browser: str = argument(choice("auto", "always", "never"), "auto: a browser where the site checks for one; always; never", default="auto")


class KcnaWatchSpider(WalkingSpider):
    """kcnawatch.org."""

    name = "kcnawatch"
    site = "kcnawatch.org"
    start_url = "https://kcnawatch.org/"
    layouts = LAYOUTS
    languages = ("en", "ko", "es", "ru", "zh", "ja")
    mixed = {"en": ("en", "es")}  # Spanish stories stand among the English ones, as on kcna.co.jp
    arguments_class = KcnaWatchArguments
    arguments: KcnaWatchArguments
    custom_settings = BROWSER_SETTINGS
    walks: dict[str, SourceWalk]  # type: ignore[assignment]

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.labels: set[str] = set()  # of the wanted sources

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """The browser's program, where it is named."""
        super().update_settings(settings)
        if program := path_setting(settings, "PLAYWRIGHT_CHROMIUM"):
            settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", {"executable_path": str(program)}, priority="spider")

    @property
    def browser(self) -> str:
        """When a browser may be used: auto, always, never."""
        return self.arguments.browser

    @classmethod
    def concerns(cls, article: Article) -> bool:
        """Whether the label is one of KCNA's."""
        return (article.source or "").startswith("KCNA")

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        """The home page: the listings of the wanted sources, found by their labels."""
        listing = self.read_listing(response)
        if isinstance(listing, Reject):
            self.end("no_sources: the home page is not as expected; see the rejects")
            yield listing
            return
        links = self._wanted(listing)
        if not links:
            labels = ", ".join(link.label for link in listing.links) or "none"
            self.end(f"no_sources: {response.url} links no source that begins with KCNA; it has: {labels}")
        self.labels = {same_label(link.label) for link in links}
        for link in links:
            yield Request(link.url, self.parse_source, errback=self.failed, cb_kwargs={"label": link.label}, dont_filter=True)

    def _wanted(self, listing: Listing) -> list[Link]:
        """Return the links of the wanted sources. Raise CloseSpider where one that was asked for is not there."""
        offered = {same_label(link.label): link for link in listing.links}
        if self.arguments.source is None:
            return [link for label, link in offered.items() if label.startswith("kcna")]
        if missing := [label for label in self.arguments.source if same_label(label) not in offered]:
            names = ", ".join(link.label for link in offered.values()) or "none"
            self.refuse(f"argument source: the site has no {', '.join(missing)}; it has: {names}")
            raise CloseSpider("bad_argument")
        return [offered[same_label(label)] for label in dict.fromkeys(self.arguments.source)]

    async def parse_source(self, response: Response, label: str) -> AsyncIterator[Any]:
        """The first page of a source's listing."""
        listing = self.read_listing(response)
        if isinstance(listing, Listing) and not listing.stories:
            listing = self.reject(response.url, "empty_listing", f"the listing of {label} shows no story", {})
        if isinstance(listing, Reject):
            self.end(f"{listing.reason}: {listing.url}: {listing.detail}")
            yield listing
            return
        begun = await self.begin_walk(f"{self.site}/{label}", label)
        walk = self.walks[begun.key] = SourceWalk(begun.key, label, begun.begun_at, begun.complete_at, url=response.url)
        walk.more, walk.has_button, walk.first = listing.more, listing.has_more, list(listing.stories)
        known = await asyncio.to_thread(self.archive.known, [story.url for story in listing.stories])
        walk.labels = {same_label(source) for one in known.values() for source in one.sources.values()}
        async for item in self._walk_on(response, listing, walk):
            yield item

    async def parse_more(self, response: Response, walk: SourceWalk) -> AsyncIterator[Any]:
        """A further piece of a listing."""
        if walk.clicking:
            return
        listing = self.read_listing(response)
        if isinstance(listing, Reject):
            self.end(f"{listing.reason}: {listing.url}: {listing.detail}")
            yield listing
            return
        if walk.repeats(listing.stories):
            self.end(f"listing_failed: {response.url}: the listing of {walk.name} shows the same stories again")
            return
        for story in listing.stories:
            story.source = walk.name
        if other := await self._stored_source(listing, walk):
            for request in self._other_source(walk, f"{other[0]} is of {other[1]}"):
                yield request
            return
        if not listing.stories and walk.is_doubtful:
            for request in self._other_source(walk, f"nothing is behind the button of {walk.url}, which the page does not explain"):
                yield request
            return
        async for item in self._walk_on(response, listing, walk):
            yield item

    async def _walk_on(self, response: Response, listing: Listing, walk: SourceWalk) -> AsyncIterator[Any]:
        for story in self.stories(response.url, listing):
            story.listing = walk.key
        count = len(listing.stories)
        walk.count = walk.count or count
        walk.pages += 1
        days = [day for story in listing.stories if (day := parse_day(story.day))]
        walk.newest_of_page, walk.oldest_of_page = max(days, default=walk.newest_of_page), min(days, default=walk.oldest_of_page)
        goes_on = bool(count) and await self.goes_on(walk, listing.stories)
        searches = goes_on and self._searches(walk)
        if not count:  # only an empty piece is surely behind the last story
            self.end_walk(walk)
        elif goes_on:
            walk.offset += count
            if not searches:
                yield self._more(response, walk)  # first: it is fetched while this piece's stories are looked up
        for item in await self.story_requests(listing.stories):
            yield item
        if searches:
            async for item in self._search(response, walk):
                yield item

    def _searches(self, walk: SourceWalk) -> bool:
        """Return whether the wanted days lie so far back that the search finds them with fewer requests than the listing."""
        since, until = self.arguments.since, self.arguments.until
        newest, oldest = walk.newest_of_page, walk.oldest_of_page
        if not walk.searchable or newest is None or oldest is None or (since is None and until is None):
            return False
        if until and until < oldest:
            return True
        return walk.pages >= _FIRST_PAGES and (since or FIRST_DAY) < newest

    async def _search(self, response: Response, walk: SourceWalk) -> AsyncIterator[Any]:
        """The days before those that the listing showed. Where the search is of no use, the listing is paged after all."""
        assert walk.newest_of_page  # a page may show a very old story, taken in late, among today's
        first = self.arguments.since or FIRST_DAY
        last = min(self.arguments.until or walk.newest_of_page, walk.newest_of_page)
        reader = SearchReader(self, walk.name, walk.number, walk.first)
        try:
            async for stories in reader.stories(Window(first, last)):
                for item in await self.story_requests(stories):
                    yield item
        except SearchUnavailableError as error:
            self.stats.inc_value("search/unavailable")
            self.logger.warning("%s: the search is of no use, the listing is paged instead: %s", walk.name, error)
            walk.searchable = False
            yield self._more(response, walk)
        else:
            self.end_walk(walk)

    def _more(self, response: Response, walk: SourceWalk) -> Request:
        """The next stories of the listing, asked for as the page's own script does."""
        return Request(
            response.urljoin(walk.next_piece()),
            self.parse_more,
            errback=self.failed_more,
            cb_kwargs={"walk": walk},
            meta={"may_be_empty": True, "max_retry_times": 2},  # an empty piece is most often the end
            priority=LISTING_PRIORITY,
        )

    # -- stories of another source than the listing's

    async def parse_article(self, response: Response, listed: ListedStory | None = None) -> AsyncIterator[Any]:
        """The article of a page, unless it names a source that was not asked for."""
        async for item in super().parse_article(response, listed):
            walk = self.walks.get(listed.listing or "") if listed else None
            if isinstance(item, Article) and listed and walk:
                if listed.source is None:
                    walk.labels.add(same_label(item.source))
                elif walk.is_other(item.source):
                    for request in self._other_source(walk, f"{item.url} is of {item.source}"):
                        yield request
                    if same_label(item.source) not in self.labels:
                        self.not_wanted(item.url, "other_source")
                        continue
            yield item

    async def _stored_source(self, listing: Listing, walk: SourceWalk) -> tuple[str, str] | None:
        """Return (URL, source) of a story of this piece that is stored under another source."""
        known = await asyncio.to_thread(self.archive.known, [story.url for story in listing.stories])
        return next(((url, one.sources[url]) for url, one in known.items() if walk.is_other(one.sources.get(url))), None)

    def _other_source(self, walk: SourceWalk, why: str) -> Iterator[Request]:
        """Say so once, and click the button in a browser instead, which asks for the right stories by itself."""
        self.stats.inc_value("listings/other_source")
        if walk.clicking:
            return
        walk.clicking = True
        detail = f"the listing of {walk.name}: {why}: its button seems to ask by another number"
        if self.browser_is_useless():
            self.end(f"other_source: {detail}, and no browser may be used to click it")
            return
        self.logger.warning("%s; the button is clicked in a browser instead", detail)
        yield click_request(self, walk)

    # -- the button, clicked in a browser

    def browser_is_useless(self) -> bool:
        """Return whether no browser may be used, or it passes the bot check no better."""
        return self.browser == "never" or bool(self.stats.get_value("browser/given_up") or self.stats.get_value("browser/missing"))

    def failed_more(self, failure: Failure) -> Iterator[Any]:
        """Where the address behind the button is refused, the button itself is clicked."""
        walk: SourceWalk = request_of(failure).cb_kwargs["walk"]
        reason, detail = reason_of(failure)
        if self.browser_is_useless() or reason == "http_429" or not (reason == "challenge" or reason.startswith("http_4")):
            yield from self.failed(failure)
            return
        self.logger.info("%s: %s: the listing is read in a browser", walk.name, detail)
        yield click_request(self, walk)

    async def parse_clicks(self, response: Response, walk: SourceWalk) -> AsyncIterator[Any]:
        """A listing in a browser, piece by piece, from its beginning: what is known costs nothing."""
        async for item in clicked_stories(self, response, walk):
            yield item
