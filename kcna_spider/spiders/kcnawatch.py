"""KCNA Watch: home page -> listing of each KCNA source -> "More Articles" over plain HTTP -> articles."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy.http import HtmlResponse, Request, Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from kcna_spider import browser
from kcna_spider.items import Article, Reject
from kcna_spider.layouts.base import Link, Listing
from kcna_spider.layouts.kcnawatch import LAYOUTS, MORE_BUTTON, MORE_STORIES
from kcna_spider.spiders.arguments import Arguments, argument, choice, words
from kcna_spider.spiders.base import LISTING_PRIORITY
from kcna_spider.spiders.failures import reason_of, request_of
from kcna_spider.spiders.walks import Walk, WalkingSpider

_MOST_PENDING = 200  # stories that wait before a browser clicks for more
_NUMBER = re.compile(r"/article/(\d+)")


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
    captured = ("kcnawatch.org/newstream/*",)
    mixed = {"en": ("en", "es")}  # Spanish stories stand among the English ones, as on kcna.co.jp
    arguments_class = KcnaWatchArguments
    arguments: KcnaWatchArguments
    custom_settings = browser.SETTINGS

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """The browser's program, where it is named."""
        super().update_settings(settings)
        if program := settings.get("PLAYWRIGHT_CHROMIUM"):
            settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", {"executable_path": program}, priority="spider")

    @property
    def browser(self) -> str:
        """When a browser may be used: auto, always, never."""
        return self.arguments.browser

    @classmethod
    def concerns(cls, article: Article) -> bool:
        """Whether the label is one of KCNA's."""
        return (article.source or "").startswith("KCNA")

    @classmethod
    def day_of_address(cls, url: str) -> dt.date | None:  # noqa: ARG003
        """None: an address says when KCNA Watch took the story in, for its old archive many years later."""
        return None

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
            self.end(f"no_sources: {response.url} links no source {self.arguments.source or 'that begins with KCNA'}; it has: {labels}")
        for link in links:
            yield Request(link.url, self.parse_source, errback=self.failed, cb_kwargs={"label": link.label}, dont_filter=True)

    def _wanted(self, listing: Listing) -> list[Link]:
        labels = self.arguments.source and {label.lower() for label in self.arguments.source}
        wanted = {link.url: link for link in listing.links if (link.label.lower() in labels if labels else link.label.startswith("KCNA"))}
        return list(wanted.values())

    async def parse_source(self, response: Response, label: str) -> AsyncIterator[Any]:
        """The first page of a source's listing."""
        listing = self.read_listing(response)
        if isinstance(listing, Listing) and not listing.stories:
            listing = self.reject(response.url, "empty_listing", f"the listing of {label} shows no story", {})
        if isinstance(listing, Reject):
            self.end(f"{listing.reason}: {listing.url}: {listing.detail}")
            yield listing
            return
        walk = await self.begin_walk(f"{self.site}/{label}", label)
        walk.url = response.url
        async for item in self._walk_on(response, listing, walk):
            yield item

    async def parse_more(self, response: Response, walk: Walk) -> AsyncIterator[Any]:
        """A further piece of a listing."""
        listing = self.read_listing(response)
        if isinstance(listing, Reject):
            self.end(f"{listing.reason}: {listing.url}: {listing.detail}")
            yield listing
            return
        async for item in self._walk_on(response, listing, walk):
            yield item

    async def _walk_on(self, response: Response, listing: Listing, walk: Walk) -> AsyncIterator[Any]:
        count = len(listing.stories)
        walk.count = walk.count or count
        goes_on = bool(count) and await self.goes_on(walk, listing.stories)
        if not count:  # only an empty piece is surely behind the last story
            self.end_walk(walk)
        elif goes_on:
            walk.offset += count
            yield self._more(response, walk)  # first: it is fetched while this piece's stories are looked up
        for item in await self.story_requests(self.stories(response.url, listing)):
            yield item

    def _more(self, response: Response, walk: Walk) -> Request:
        """What the page's own script asks for: the next stories of the listing."""
        if not walk.number and (named := _NUMBER.search(response.url)):
            walk.number = named[1]
        query = {"action": "get_cat_by_source", "die": "true", "from": walk.offset, "to": walk.count, "sort": "", "id": walk.number}
        return Request(
            response.urljoin(f"/wp-admin/admin-ajax.php?{urlencode(query)}"),
            self.parse_more,
            errback=self.failed_more,
            cb_kwargs={"walk": walk},
            meta={"may_be_empty": True, "max_retry_times": 2},  # an empty piece is most often the end
            priority=LISTING_PRIORITY,
        )

    def failed_more(self, failure: Failure) -> Iterator[Any]:
        """Where the address behind the button is refused, the button itself is clicked."""
        walk: Walk = request_of(failure).cb_kwargs["walk"]
        reason, detail = reason_of(failure)
        useless = self.browser == "never" or self.stats.get_value("browser/given_up")
        if useless or not (reason == "challenge" or reason.startswith("http_4")):
            yield from self.failed(failure)
            return
        self.stats.inc_value("browser/listings_clicked")
        self.logger.info("%s: %s: the listing is read in a browser", walk.name, detail)
        from kcna_spider.browser.chromium import page_meta

        yield Request(
            walk.url,
            self.parse_clicks,
            errback=self.failed,
            cb_kwargs={"walk": walk},
            meta={"playwright_include_page": True, **page_meta(self.settings)},
            dont_filter=True,
        )

    async def parse_clicks(self, response: Response, walk: Walk) -> AsyncIterator[Any]:
        """A listing in a browser, piece by piece, from its beginning: what is known costs nothing."""
        from kcna_spider.browser.chromium import clicked

        page = response.meta["playwright_page"]
        try:
            async for text in clicked(page, MORE_BUTTON, MORE_STORIES):
                listing = self.read_listing(HtmlResponse(response.url, body=text, encoding="utf-8", request=response.request))
                if isinstance(listing, Reject):
                    self.end(f"{listing.reason}: {listing.url}: {listing.detail}")
                    yield listing
                    return
                goes_on = bool(listing.stories) and await self.goes_on(walk, listing.stories)
                for item in await self.story_requests(self.stories(response.url, listing)):
                    yield item
                await self.few_pending(_MOST_PENDING)
                if not listing.stories:
                    break
                if not goes_on:
                    return
            self.end_walk(walk)  # the button is gone, or its last click brought nothing
        finally:
            await page.close()
