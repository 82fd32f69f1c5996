"""The Wayback Machine: its index of a site, slice by slice -> captures, parsed as pages of the site."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure

from kcna_spider.archives.cdx import HOST, Capture, by_url, index_url, original_of, read_slice
from kcna_spider.base_spiders.archive_spider import ArchiveSpider
from kcna_spider.base_spiders.arguments import PhotoArguments, argument, choice, count, days_back, flag
from kcna_spider.base_spiders.article_requests import Lookup
from kcna_spider.base_spiders.capture_reader import CaptureReader
from kcna_spider.base_spiders.photo_requests import PhotoRequests
from kcna_spider.base_spiders.priorities import Priority
from kcna_spider.downloadermiddlewares.errors import failure_reason, give_up, request_of
from kcna_spider.downloadermiddlewares.meta_keys import FIRST_REQUEST, MAY_BE_EMPTY
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import (
    Article,
    ListedPages,
    ListingEntry,
    ListingUpdate,
    RawArticle,
    RawPhotoPage,
    Reject,
)
from kcna_spider.layouts.base import Listing
from kcna_spider.sites import SITES, canonical_url
from kcna_spider.text.dates import parse_day, utc_now

_ANCHOR = "#"
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
_CAPTURED = sorted(name for name, site in SITES.items() if site.captured)


def archived_site(text: str) -> str:
    """Return the name of a site whose captures can be read. Raise ValueError for any other."""
    if text not in _CAPTURED:
        raise ValueError(f"not one of {', '.join(_CAPTURED)}")
    return text


@dataclasses.dataclass(frozen=True, kw_only=True)
class WaybackArguments(PhotoArguments):
    """The arguments of `wayback`."""

    site: str = argument(archived_site, f"one of {', '.join(_CAPTURED)}", default="")
    versions: str = argument(
        choice("newest", "all"),
        "newest: the newest good capture of a URL; all: each distinct one",
        default="newest",
    )
    page_size: int = argument(count, "rows of the index in one response", default=5000)
    recheck: int | None = argument(days_back, "has no effect: captures do not change")
    full: bool = argument(
        flag,
        "1: request captures that failed before they are due again; the index is always read to its end",
        default=False,
    )
    required: ClassVar[tuple[str, ...]] = ("site",)


class WaybackSpider(ArchiveSpider):
    """Crawl the captures of a site on web.archive.org."""

    name = "wayback"
    arguments_class = WaybackArguments
    distributable = False
    reads_captures = True
    arguments: WaybackArguments
    custom_settings = {
        "DOWNLOAD_DELAY": 2.0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "AUTOTHROTTLE_START_DELAY": 2.0,
        "RETRY_TIMES": 6,
    }

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.site = self.arguments.site
        self.allowed_domains = [HOST]
        self.pages = CaptureReader(self)
        self.photos = PhotoRequests(self, captures=True, each=self.arguments.versions == "all")

    # -- the index

    def first_request(self) -> Request:
        """Return the request for the first slice of the index, of the site's first URL pattern."""
        # The index computes its first slice, which takes longer than a page of a site.
        return self._slice_request(0, None, (), self.reached, self.unreachable, {FIRST_REQUEST: True})

    def _slice_request(
        self,
        part: int,
        resume: str | None,
        kept: tuple[Capture, ...],
        callback: Any,
        errback: Any,
        meta: Any = None,
    ) -> Request:
        return Request(
            index_url(
                self.adapter.site.captured[part], self.arguments.since, self.arguments.page_size, resume
            ),
            callback,
            errback=errback,
            priority=Priority.LISTING,
            meta={"max_retry_times": 3, **(meta or {}), MAY_BE_EMPTY: resume is None},
            cb_kwargs={"part": part, "kept": kept},
        )

    async def parse(
        self, response: Response, part: int = 0, kept: tuple[Capture, ...] = (), **_: Any
    ) -> AsyncIterator[Any]:
        """Parse one slice of the index: request captures of its URLs, then the next slice.

        part: number of the URL pattern. kept: captures of the previous slice's last URL, which may have
        further captures in this slice.
        """
        try:
            found, resume = read_slice(response.text if isinstance(response, TextResponse) else "?")
        except (ValueError, KeyError) as error:
            self.fail("bad_index", f"{response.url}: {error}")
            yield self.reject(
                response.url,
                "bad_index",
                str(error),
                {"text": response.body[:2000].decode("utf-8", "replace")},
            )
            return
        self.inc("captures/index_slices")
        self.inc("captures/indexed", len(found))
        groups = list(by_url([*kept, *found]))
        last = (
            tuple(capture for capture in (*kept, *found) if capture.key == groups[-1][0].key)
            if groups and resume
            else ()
        )
        for request in await self._capture_requests(groups[:-1] if last else groups):
            yield request
        if self.requests.limit_reached():
            return
        if resume:
            yield self._slice_request(part, resume, last, self.parse, self.failed)
        elif part + 1 < len(self.adapter.site.captured):
            yield self._slice_request(part + 1, None, (), self.parse, self.failed)

    async def _capture_requests(self, groups: list[list[Capture]]) -> list[Request]:
        """Return a request for each wanted URL, or capture with versions=all, that was not read before."""
        wanted = [
            group for group in groups if self.requests.wants(self.adapter.day_in_url(group[0].original))
        ]
        self.count("listed", len(wanted))
        self.outcome.listed += len(wanted)
        every = self.arguments.versions == "all"
        done = await self.requests.all_stored(
            {c.url: None for group in wanted for c in (group if every else group[-1:])}
        )
        self.count("known", len(done))
        done |= await self._not_due(
            [capture for group in wanted for capture in group if capture.url not in done]
        )
        requests = []
        for group in wanted:
            left = [capture for capture in group if capture.url not in done] if every else group
            if left and (every or left[-1].url not in done) and not self.requests.limit_reached():
                self.requests.taken += 1
                requests.append(
                    self._capture_request(left[:1], left[1:]) if every else self._capture_request(left[::-1])
                )
        return requests

    async def _not_due(self, captures: Sequence[Capture]) -> set[str]:
        """Return the captures of URLs whose captures failed, if they were made before the last attempt.

        Otherwise each crawl would end as failed because of the same few captures.
        """
        if self.arguments.full:
            return set()
        urls = {capture.url: canonical_url(capture.original) for capture in captures}
        failed = await asyncio.to_thread(self.archive.captures_not_due, list(set(urls.values())), utc_now())
        found = {
            capture.url
            for capture in captures
            if (capture.at or _NEVER) < failed.get(urls[capture.url], _NEVER)
        }
        self.count("not_due", len(found))
        return found

    def later_requests(self) -> AsyncIterator[Request]:
        """Return the requests for captures of unread photo pages."""
        return self.photos.due_requests()

    # -- captures

    def _capture_request(self, candidates: list[Capture], later: Sequence[Capture] = ()) -> Request:
        """Return the request for the first of several captures of a URL.

        candidates: the captures, of which the others are tried if the first one fails. later: captures to
        request afterwards.
        """
        return Request(
            candidates[0].request_url,
            self.parse_capture,
            errback=self.failed_capture,
            priority=Priority.ARTICLE,
            cb_kwargs={"candidates": candidates, "later": later},
        )

    async def parse_capture(
        self, response: Response, candidates: list[Capture], later: Sequence[Capture] = ()
    ) -> AsyncIterator[Any]:
        """Parse a captured page as a page of the site, then request the next capture of the same URL."""
        async for item in self._page(response, candidates):
            yield item
        if later:
            yield self._capture_request([later[0]], later[1:])

    async def _page(self, response: Response, candidates: list[Capture]) -> AsyncIterator[Any]:
        original, _ = (
            original_of(response.url) or original_of(candidates[0].url) or (candidates[0].original, None)
        )
        page = response.replace(url=original)
        try:
            layout, parsed = self.pages.select_layout(page)
            found = self.adapter.read(layout, parsed)
        except LayoutError as error:
            yield self._next_best(candidates) or self.pages.unknown_layout(
                page, error, ListingEntry(canonical_url(original))
            )
            return
        if self._is_empty_article(original, found) and (request := self._next_best(candidates)):
            yield request
            return
        if isinstance(found, Listing):
            entries = self._entries(original, found)
            lookup = await self.requests.look_up([entry.url for entry in entries])
            # Otherwise the next crawl reads this capture again, for articles that are stored by then.
            if all(_is_applied(entry, lookup) for entry in entries):
                yield self._listed(candidates[0].url, [entry.url for entry in entries])
            for update in _updates(entries):
                yield update
            return
        if isinstance(found, RawPhotoPage):
            return  # photo pages are requested for the articles that link to them
        base = canonical_url(original).partition(_ANCHOR)[0]
        urls = {
            f"{base}{_ANCHOR}{raw.anchor}" if raw.anchor else base: raw for raw in found if raw.anchor != ""
        }
        items = {url: list(self.pages.load(page, layout, raw, url, None)) for url, raw in urls.items()}
        other = {url for url, ones in items.items() if any(map(self._is_other, ones))}
        self.count("other_source", len(other))
        # The next crawl does not request a capture of which nothing is wanted.
        kept = [url for url in urls if url not in other]
        for url in kept:
            for item in items[url]:
                yield item
        # After the articles: a capture of which an item is not stored yet must be read again.
        yield self._listed(candidates[0].url, kept)

    def _is_other(self, item: Any) -> bool:
        """Return whether an item is an article of another publisher."""
        return isinstance(item, Article) and not self.adapter.is_kcna(item)

    def _is_empty_article(self, url: str, found: Listing | RawPhotoPage | list[RawArticle]) -> bool:
        """Return whether the capture of an article's URL shows no article, as after a withdrawal."""
        path = self.adapter.site.article_path
        if isinstance(found, Listing | RawPhotoPage):
            return path is not None and path.search(urlsplit(url).path) is not None
        return not any(raw.paragraphs for raw in found)

    def _listed(self, capture: str, urls: list[str]) -> ListedPages:
        """Return the item with the articles that a capture shows."""
        return ListedPages(self.site, {capture: urls}, utc_now())

    def _entries(self, url: str, listing: Listing) -> list[ListingEntry]:
        """Return the entries of a captured listing, which date and categorise stored articles."""
        name = " ".join(listing.name.split()) if listing.name and self.adapter.site.categorised else None
        return self.adapter.entries(url, listing, name)

    def failed_capture(self, failure: Failure) -> Iterator[Request | Reject]:
        """Yield a request for another capture of the same URL, or a reject if there is none.

        Once the crawl is stopping, yield nothing: the next crawl fetches the capture.
        """
        if self.stopping:
            give_up(request_of(failure))
            return
        candidates: list[Capture] = request_of(failure).cb_kwargs["candidates"]
        if later := request_of(failure).cb_kwargs["later"]:
            yield self._capture_request([later[0]], later[1:])
        if request := self._next_best(candidates):
            yield request
            return
        reason, detail = failure_reason(failure)
        yield self.reject(
            canonical_url(candidates[0].original), reason, detail, {"capture": candidates[0].url}
        )

    def _next_best(self, candidates: list[Capture]) -> Request | None:
        if len(candidates) < 2:  # noqa: PLR2004
            return None
        self.inc("captures/older_taken")
        return self._capture_request(candidates[1:])


def _is_applied(entry: ListingEntry, lookup: Lookup) -> bool:
    """Return whether the article of a listing entry is stored with the entry's categories and a date."""
    known = lookup.known.get(entry.url)
    if known is None:
        return entry.url in lookup.rejected
    return known.categories.issuperset(entry.categories) and (known.dated or parse_day(entry.day) is None)


def _updates(entries: Sequence[ListingEntry]) -> Iterator[ListingUpdate]:
    """Yield a listing update for each day and categories of some entries."""
    groups: dict[tuple[tuple[str, ...], str | None], list[str]] = {}
    for entry in entries:
        groups.setdefault((tuple(entry.categories), entry.day), []).append(entry.url)
    for (categories, day), urls in groups.items():
        yield ListingUpdate(urls, list(categories), utc_now(), parse_day(day))
