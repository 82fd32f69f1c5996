"""KCNA Watch: home page -> listing of each KCNA source -> "More Articles" over plain HTTP -> articles."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response

from kcna_spider.items import Article, Reject
from kcna_spider.layouts.base import Link, Listing
from kcna_spider.layouts.kcnawatch import LAYOUTS
from kcna_spider.spiders.arguments import Arguments, argument, words
from kcna_spider.spiders.base import LISTING_PRIORITY
from kcna_spider.spiders.walks import Walk, WalkingSpider

_NUMBER = re.compile(r"/article/(\d+)")


@dataclasses.dataclass(frozen=True, kw_only=True)
class KcnaWatchArguments(Arguments):
    """`source`: labels as the home page writes them; without it, all that begin with KCNA."""

    source: tuple[str, ...] | None = argument(words, 'label of a source as the home page shows it, e.g. "KCNA.kp (En)"; several with commas')


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
        for item in await self.story_requests(self.stories(response.url, listing)):
            yield item
        if not count:  # only an empty piece is surely behind the last story
            self.end_walk(walk)
        elif goes_on:
            walk.offset += count
            yield self._more(response, walk)

    def _more(self, response: Response, walk: Walk) -> Request:
        """What the page's own script asks for: the next stories of the listing."""
        if not walk.number and (named := _NUMBER.search(response.url)):
            walk.number = named[1]
        query = {"action": "get_cat_by_source", "die": "true", "from": walk.offset, "to": walk.count, "sort": "", "id": walk.number}
        return Request(
            response.urljoin(f"/wp-admin/admin-ajax.php?{urlencode(query)}"),
            self.parse_more,
            errback=self.failed,
            cb_kwargs={"walk": walk},
            meta={"may_be_empty": True, "max_retry_times": 2},  # an empty piece is most often the end
            priority=LISTING_PRIORITY,
        )
