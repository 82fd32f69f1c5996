"""Read the listings of kcna.kp page by page.

A form requests the next page. Its token belongs to a session, which the site may drop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scrapy.http import FormRequest, Request, Response
from twisted.python.failure import Failure

from kcna_spider.base_spiders.listing_queue import ListingQueue
from kcna_spider.base_spiders.pagination import ListingCursor, Pagination
from kcna_spider.base_spiders.priorities import Priority
from kcna_spider.downloadermiddlewares.errors import request_of
from kcna_spider.exceptions import StoreUnavailableError
from kcna_spider.items import ListingUpdate, Reject
from kcna_spider.layouts.base import Link, Listing

if TYPE_CHECKING:
    from kcna_spider.base_spiders.archive_spider import ArchiveSpider

_CHECK_SECONDS = 0.1
_MAX_RENEWALS = 8  # number of new sessions for one page before it is given up


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A page of a listing to request.

    link, key: the listing's link and its key in the database. cursor: the position, None for the first page.
    renewals: how often the session was renewed for this page.
    """

    link: Link
    key: str
    cursor: ListingCursor | None = None
    renewals: int = 0

    @property
    def number(self) -> int:
        """The number of the page, from 1 on."""
        return self.cursor.page if self.cursor else 1

    def renewed(self) -> ListingPage:
        """Return the same page for a new session."""
        return replace(self, renewals=self.renewals + 1)


# The result of a listing page: the request for its next page or None, and a reject or None.
Step = tuple[Request | None, Reject | None]


class KcnaKpListings:
    """Read the listings of each language one after the other, and request the articles that they list.

    photo_lists: listings of photo pages. They are read last, when it is known which photo pages belong to
    articles.
    """

    def __init__(self, spider: ArchiveSpider, pagination: Pagination, languages: Iterable[str]) -> None:
        self.spider, self.pagination = spider, pagination
        self.queue = ListingQueue(languages)
        self.photo_lists: set[Link] = set()
        self._looked_up = 0  # number of look-ups in progress for articles to request

    async def photo_list_requests(self, lists: Mapping[str, Sequence[Link]]) -> AsyncIterator[Request]:
        """Yield the first request for the photo listings of each language, once all articles are stored.

        lists: language code -> links to photo listings.
        """
        outcome = self.spider.outcome
        # Polling is enough: listings take minutes, and many callbacks may finish them.
        while not (  # noqa: ASYNC110
            (self.queue.done and not self._looked_up)
            or self.spider.stopping
            or outcome.failed
            or outcome.errors
        ):
            await asyncio.sleep(_CHECK_SECONDS)
        await self.spider.requests.wait_until_few(0)
        for code, links in lists.items():
            self.photo_lists.update(links)
            listings = [(link, f"{self.spider.site}/{code}/{link.label}") for link in links]
            self.queue.add(code, listings)
            if listings and not self.spider.requests.limit_reached():
                yield self.request(ListingPage(*listings[0]))

    def request(self, page: ListingPage) -> Request:
        """Return the request for a listing's first page in a new session, to which its form token belongs.

        page: the page that is then requested in this session.
        """
        session = {"cookiejar": f"{page.key} {page.renewals} {page.number}"}
        return self._request(Request, page.link.url, page, meta=session)

    async def parse(self, response: Response, page: ListingPage) -> AsyncIterator[Any]:
        """Parse one page of a listing; after its last page, request the next listing."""
        async for one in self.then_merged_articles(page.key, self._listing(response, page)):
            yield one

    async def _listing(self, response: Response, page: ListingPage) -> AsyncIterator[Any]:
        onward, reject = await self._listing_page(response, page)
        if onward:
            yield onward
            return
        for one in self._next_listing(page.key):
            yield one
        if reject:
            yield reject

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """Yield the reject of a failed listing page, then the request for the next listing."""
        page: ListingPage = request_of(failure).cb_kwargs["page"]
        for one in (*self.spider.failed(failure), *self._next_listing(page.key)):
            yield one
        for item in await self.merged_articles():
            yield item

    def _next_listing(self, key: str) -> Iterator[Request]:
        if following := self.queue.finish(key):
            yield self.request(ListingPage(*following))

    async def then_merged_articles(self, key: str, found: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Yield the results of a page, then the requests for listed articles once these are complete.

        If parsing the page raises an exception, continue with the next listing, so that the articles of other
        listings are not held back. found: the results. key: the listing's key, or empty for another page.
        """
        try:
            async for one in found:
                yield one
        except StoreUnavailableError:
            raise
        except Exception:
            for request in self._next_listing(key):
                yield request
            for item in await self.merged_articles():
                yield item
            raise
        for item in await self.merged_articles():
            yield item

    async def merged_articles(self) -> list[Request | ListingUpdate | Reject]:
        """Return requests and listing updates for the merged entries of all listings, if they are ready."""
        most, limit = self.spider.settings.getint("LISTING_MERGE_LIMIT"), self.spider.arguments.limit
        entries, lookup = self.queue.pop_ready(
            most if limit is None else min(most, limit - self.spider.requests.taken)
        )
        if not entries:
            return []
        self._looked_up += 1
        try:
            return await self.spider.requests.for_entries(entries, lookup)
        finally:
            self._looked_up -= 1

    async def _listing_page(self, response: Response, page: ListingPage) -> Step:
        """Return the request for the next page and a reject, each of which may be None."""
        listing = self.spider.pages.listing(response)
        posted = response.request is not None and response.request.method == "POST"
        if posted and isinstance(listing, Listing) and not (listing.form or listing.entries):
            listing.expired = True  # whatever the page shows instead
        if isinstance(listing, Reject) or listing.expired or not listing.entries:
            return self._without_entries(response, listing, page)
        link, cursor = page.link, page.cursor
        # The label of a photo listing is not a category of articles.
        category = None if link in self.photo_lists else link.label
        if cursor is None:
            cursor = await self.pagination.begin(ListingCursor(page.key, link.label))
        elif listing.form and listing.page != cursor.page:
            return self._to_requested_page(response, listing, page)
        entries = self.spider.adapter.entries(response.url, listing, category, key=page.key)
        # A listing that was never complete is read to its end, so its entries can be looked up later, for
        # many pages at once.
        asked = cursor.complete_at is not None
        lookup = await self.spider.requests.look_up([entry.url for entry in entries]) if asked else None
        self.queue.add_entries(entries, lookup)
        if cursor.has_shrunk(listing.total) and listing.form and cursor.page > 1:
            return self._page_again(response, listing, link, cursor, cursor.page - 1)
        onward = self.pagination.should_continue(cursor, entries, lookup, category)
        return self._next_page(response, listing, link, cursor) if onward else None, None

    def _without_entries(self, response: Response, listing: Listing | Reject, page: ListingPage) -> Step:
        """Return the next request and a reject for a response without entries.

        If the session was dropped, the same page is requested in a new one.
        """
        if isinstance(listing, Listing) and listing.expired:
            self.spider.inc("listings/session_renewed")
            if page.renewals < _MAX_RENEWALS:
                return self.request(page.renewed()), None
            return None, self._lost(page)
        if isinstance(listing, Listing):
            if page.cursor and 0 < listing.pages < page.number:
                return self._shorter(response, listing, page.link, page.cursor)
            if listing.pages <= 1 and page.cursor is None:  # a category without articles in this language
                self.spider.inc("listings/empty")
                return None, None
            detail = f"page {page.number} of {page.link.label} shows no article"
            listing = self.spider.reject(response.url, "empty_listing", detail, {})
        self.spider.fail_by(listing)
        return None, listing

    def _to_requested_page(self, response: Response, listing: Listing, page: ListingPage) -> Step:
        """Return the request for the page at the cursor, from the first page in a renewed session."""
        assert page.cursor
        if listing.pages and page.number > listing.pages:
            return self._shorter(response, listing, page.link, page.cursor)
        if page.renewals < _MAX_RENEWALS:
            return self._form_request(response, listing, page.renewed()), None
        return None, self._lost(page)

    def _shorter(self, response: Response, listing: Listing, link: Link, cursor: ListingCursor) -> Step:
        """Return the request for the last page of a listing that has fewer pages now, or finish the listing.

        The entries that were on the missing page are on the last one.
        """
        if cursor.has_shrunk(listing.total) and listing.form:
            return self._page_again(response, listing, link, cursor, listing.pages)
        self.pagination.finish(cursor)
        return None, None

    def _page_again(
        self, response: Response, listing: Listing, link: Link, cursor: ListingCursor, number: int
    ) -> Step:
        """Return the request for an earlier page, to which entries have moved."""
        self.spider.inc("listings/shrunk")
        cursor.page = number
        return self._form_request(response, listing, ListingPage(link, cursor.key, cursor)), None

    def _lost(self, page: ListingPage) -> Reject:
        detail = f"page {page.number} of {page.link.label}: its session is dropped again and again"
        reject = self.spider.reject(page.link.url, "session_lost", detail, {})
        self.spider.fail_by(reject)
        return reject

    def _next_page(
        self, response: Response, listing: Listing, link: Link, cursor: ListingCursor
    ) -> Request | None:
        cursor.page += 1
        page = ListingPage(link, cursor.key, cursor)
        if listing.form:
            if not listing.pages:
                detail = f"{response.url}: the page has a form for further pages, but not their number"
                self.spider.fail("listing_failed", detail)
                return None
            if cursor.page <= listing.pages:
                return self._form_request(response, listing, page)
        elif following := next((one for one in listing.links if one.label == str(cursor.page)), None):
            return self._request(Request, following.url, page)
        self.pagination.finish(cursor)
        return None

    def _form_request(self, response: Response, listing: Listing, page: ListingPage) -> Request:
        """Return the form request for a page, in the session to which the form's token belongs."""
        assert listing.form
        url, fields = listing.form
        fields = {**fields, "page_num": str(page.number)}
        session = {"cookiejar": response.meta.get("cookiejar")}
        return self._request(FormRequest, url, page, formdata=fields, meta=session)

    def _request(self, kind: type[Request], url: str, page: ListingPage, **more: Any) -> Request:
        return kind(
            url,
            self.parse,
            errback=self.failed,
            priority=Priority.LISTING,
            cb_kwargs={"page": page},
            **more,
        )
