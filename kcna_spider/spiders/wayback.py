"""The Wayback Machine: its index of a site, slice by slice -> captures, read as the pages that they were."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, ClassVar

from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure

from kcna_spider.archives.captured_pages import sites
from kcna_spider.archives.cdx import HOST, Capture, by_address, index_url, original_of, read_slice
from kcna_spider.base_spiders.archive_spider import ARTICLE_PRIORITY, LISTING_PRIORITY, START_META, ArchiveSpider
from kcna_spider.base_spiders.arguments import Arguments, argument, choice, count
from kcna_spider.base_spiders.errors import reason_of, request_of
from kcna_spider.base_spiders.site_pages import SitePages
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import Fetched, Listed, ListedStory, RawArticle, Reject
from kcna_spider.layouts.base import Layout, Listing
from kcna_spider.sites import canonical_url

_ANCHOR = "#"


def archived_site(text: str) -> str:
    """A site that captures can be read of."""
    known = {name: pages for name, pages in sites().items() if pages.rules().captured}
    if text not in known:
        raise ValueError(f"not one of {', '.join(sorted(known))}")
    return text


@dataclasses.dataclass(frozen=True, kw_only=True)
class WaybackArguments(Arguments):
    """`site`, `versions`, `page_size`. `recheck` and `full` mean nothing here."""

    site: str = argument(archived_site, "kcna.kp, kcna.co.jp or kcnawatch.org", default="")
    versions: str = argument(choice("newest", "all"), "newest: the newest good capture of an address; all: each distinct one", default="newest")
    page_size: int = argument(count, "rows of the index in one answer", default=5000)
    required: ClassVar[tuple[str, ...]] = ("site",)


class WaybackSpider(ArchiveSpider):
    """web.archive.org."""

    name = "wayback"
    arguments_class = WaybackArguments
    shareable = False
    arguments: WaybackArguments
    custom_settings = {"DOWNLOAD_DELAY": 2.0, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "AUTOTHROTTLE_START_DELAY": 2.0, "RETRY_TIMES": 6}

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        self.site = ""  # type: ignore[misc]  # the one that is asked for
        super().__init__(name, **arguments)
        self.site = self.arguments.site  # type: ignore[misc]
        self.allowed_domains = [HOST]

    @property
    def pages(self) -> type[SitePages]:
        """The captured site's."""
        return sites()[self.site]

    # -- the index

    def first_request(self) -> Request:
        """The first slice of the first part of the site."""
        return self._slice_request(0, None, (), self.reached, self.unreachable, START_META)

    def _slice_request(self, part: int, resume: str | None, held: tuple[Capture, ...], callback: Any, errback: Any, meta: Any = None) -> Request:
        return Request(
            index_url(self.pages.rules().captured[part], self.arguments.since, self.arguments.page_size, resume),
            callback,
            errback=errback,
            dont_filter=True,
            priority=LISTING_PRIORITY,
            meta={"max_retry_times": 3, **(meta or {}), "may_be_empty": True},
            cb_kwargs={"part": part, "held": held},
        )

    async def parse(self, response: Response, part: int = 0, held: tuple[Capture, ...] = ()) -> AsyncIterator[Any]:
        """One slice: the captures of its addresses, then the next slice. The last address goes on in the next: it is held back."""
        try:
            found, resume = read_slice(response.text if isinstance(response, TextResponse) else "?")
        except (ValueError, KeyError) as error:
            self.end(f"bad_index: {response.url}: {error}")
            yield self.reject(response.url, "bad_index", str(error), {"text": response.body[:2000].decode("utf-8", "replace")})
            return
        self.stats.inc_value("captures/index_slices")
        self.stats.inc_value("captures/indexed", len(found))
        groups = list(by_address([*held, *found]))
        last = tuple(capture for capture in (*held, *found) if capture.key == groups[-1][0].key) if groups and resume else ()
        for request in await self._capture_requests(groups[:-1] if last else groups):
            yield request
        if self.full_up():
            return
        if resume:
            yield self._slice_request(part, resume, last, self.parse, self.failed)
        elif part + 1 < len(self.pages.rules().captured):
            yield self._slice_request(part + 1, None, (), self.parse, self.failed)

    async def _capture_requests(self, groups: list[list[Capture]]) -> list[Request]:
        """A request for each address (or, with versions=all, for each of its captures) that is wanted and was not read before."""
        wanted = [group for group in groups if self.arguments.wants(self.pages.day_of_address(group[0].original))]
        self.count("listed", len(wanted))
        every = self.arguments.versions == "all"
        done = await asyncio.to_thread(self._read_before, [c.url for group in wanted for c in (group if every else group[-1:])])
        self.count("known", len(done))
        requests = []
        for group in wanted:
            left = [capture for capture in group if capture.url not in done] if every else group
            if left and (every or left[-1].url not in done) and not self.full_up():
                self.taken += 1
                requests.append(self._capture_request(left[:1], left[1:]) if every else self._capture_request(left[::-1]))
        return requests

    def _read_before(self, urls: list[str]) -> set[str]:
        """The captures all of whose articles are stored."""
        read = self.archive.remembered_days(urls)
        stories = [story for some in read.values() for story in some]
        stored = set(self.archive.known(stories)) | self.archive.settled(stories)
        return {url for url, some in read.items() if some and stored.issuperset(some)}

    # -- captures

    def _capture_request(self, candidates: list[Capture], later: Sequence[Capture] = ()) -> Request:
        """The first of some captures of one address; the others are for where it is no good. later: those that follow it in time."""
        return Request(
            candidates[0].request_url,
            self.parse_capture,
            errback=self.failed_capture,
            priority=ARTICLE_PRIORITY,
            dont_filter=True,
            cb_kwargs={"candidates": candidates, "later": later},
        )

    async def parse_capture(self, response: Response, candidates: list[Capture], later: Sequence[Capture] = ()) -> AsyncIterator[Any]:
        """A captured page, read as the page that it was; then the next of the same address."""
        async for item in self._page(response, candidates):
            yield item
        if later:
            yield self._capture_request([later[0]], later[1:])

    async def _page(self, response: Response, candidates: list[Capture]) -> AsyncIterator[Any]:
        original, _ = original_of(response.url) or original_of(candidates[0].url) or (candidates[0].original, None)
        page = response.replace(url=original)
        try:
            layout, parsed = self.read(page)
            found = self.pages.content(layout, parsed)
        except LayoutError as error:
            yield self._next_best(candidates) or self.unknown_layout(page, error, ListedStory(canonical_url(original)))
            return
        if isinstance(found, Listing):
            for listed in self._listed(original, found):
                yield listed
            return
        base = canonical_url(original).partition(_ANCHOR)[0]
        urls = {f"{base}{_ANCHOR}{raw.anchor}" if raw.anchor else base: raw for raw in found if raw.anchor != ""}
        await asyncio.to_thread(self.archive.remember_day, candidates[0].url, self.site, list(urls), self.now())
        for url, raw in urls.items():
            for item in self._articles(page, layout, raw, url):
                yield item

    def _articles(self, page: Response, layout: Layout, raw: RawArticle, url: str) -> Iterator[Any]:
        for article in self.load(page, layout, raw, url, None):
            if self.pages.concerns(article):
                yield article
            else:
                self.count("other_source")

    def _listed(self, url: str, listing: Listing) -> Iterator[Listed]:
        """A captured listing knows days and categories of stories that are stored."""
        name = " ".join(listing.name.split()) if listing.name and self.pages.categorised else None
        for story in self.pages.stories(url, listing, name):
            yield Listed([story.url], story.categories, self.now(), story.day)

    def fetched(self, response: Response, layout: Layout, url: str) -> Fetched:
        """The moment is the capture's."""
        fetched = super().fetched(response, layout, url)
        capture = self._capture_of(response) or {"at": self.now(), "url": url}
        return dataclasses.replace(fetched, at=capture["at"], etag=None, modified=None, capture=capture)

    def _capture_of(self, response: Response) -> dict[str, Any] | None:
        """Return the moment and URL of the capture that a page is, where a redirect led to it perhaps."""
        assert response.request is not None
        if (found := original_of(response.request.url)) is None:
            return None
        original, at = found
        return {"at": at, "url": Capture("", at.strftime("%Y%m%d%H%M%S"), original, "").url}

    def unknown_layout(self, response: Response, error: LayoutError, story: ListedStory | None = None) -> Reject:
        """The reject names the capture, so that nobody asks the site itself for it."""
        reject = super().unknown_layout(response, error, story)
        reject.raw["capture"] = self._capture_of(response)
        return reject

    def failed_capture(self, failure: Failure) -> Iterator[Request | Reject]:
        """A capture can't be had: an older one of the same address, or a reject."""
        candidates: list[Capture] = request_of(failure).cb_kwargs["candidates"]
        if later := request_of(failure).cb_kwargs["later"]:
            yield self._capture_request([later[0]], later[1:])
        if request := self._next_best(candidates):
            yield request
            return
        reason, detail = reason_of(failure)
        yield self.reject(canonical_url(candidates[0].original), reason, detail, {"capture": candidates[0].url})

    def _next_best(self, candidates: list[Capture]) -> Request | None:
        if len(candidates) < 2:  # noqa: PLR2004
            return None
        self.stats.inc_value("captures/older_taken")
        return self._capture_request(candidates[1:])
