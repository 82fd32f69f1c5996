"""The lists of kcna.kp, page by page: a form leads from one to the next, and its token belongs to a session that the site drops at will."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import FormRequest, Request, Response
from twisted.python.failure import Failure

from kcna_spider.base_spiders.archive_spider import LISTING_PRIORITY
from kcna_spider.base_spiders.errors import request_of
from kcna_spider.base_spiders.listing_queue import Lists
from kcna_spider.base_spiders.pagination import Walk, WalkingSpider
from kcna_spider.exceptions import StoreAwayError
from kcna_spider.items import Listed, Reject
from kcna_spider.layouts.base import Link, Listing

_RENEWALS = 8  # requests for one page whose session was dropped, before it is given up
# What follows from a page of a list: the request of its next page, None where it is through; and a reject, if any
Step = tuple[Request | None, Reject | None]


class ListReader(WalkingSpider):
    """Reads the lists of each language one after the other, and asks for the stories that they name."""

    lists: Lists
    look_priority = -1  # after lists and stories: a list must not wait for looks, and stories wait for the lists

    def list_request(self, link: Link, key: str, walk: Walk | None = None, renewals: int = 0) -> Request:
        """A list's first page, with a session of its own: the site ties the form's token to it."""
        session = {"cookiejar": f"{key} {renewals} {walk.page if walk else 1}"}
        return self._page(Request, link.url, {"link": link, "key": key, "walk": walk, "renewals": renewals}, meta=session)

    async def parse_list(self, response: Response, link: Link, key: str, walk: Walk | None, renewals: int = 0) -> AsyncIterator[Any]:
        """One page of a category's list; the next list where this one is through."""
        async for one in self.and_named_stories(key, self._list(response, link, key, walk, renewals)):
            yield one

    async def _list(self, response: Response, link: Link, key: str, walk: Walk | None, renewals: int) -> AsyncIterator[Any]:
        onward, reject = await self._list_page(response, link, key, walk, renewals)
        if onward:
            yield onward
            return
        for one in self._next_list(key):
            yield one
        if reject:
            yield reject

    async def failed_list(self, failure: Failure) -> AsyncIterator[Any]:
        """A page of a list can't be had: its reject, and the next list."""
        key = request_of(failure).cb_kwargs["key"]
        for one in (*self.failed(failure), *self._next_list(key)):
            yield one
        for item in await self.named_stories():
            yield item

    def _next_list(self, key: str) -> Iterator[Request]:
        if following := self.lists.done(key):
            yield self.list_request(*following)

    async def and_named_stories(self, key: str, found: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """What was found, then the stories that lists named, once they are not kept back any more.

        Where a page can't be read for a fault of ours, no story of the other lists waits for it. key: of the list, if it belongs to one.
        """
        try:
            async for one in found:
                yield one
        except StoreAwayError:
            raise
        except Exception:
            for request in self._next_list(key):
                yield request
            for item in await self.named_stories():
                yield item
            raise
        for item in await self.named_stories():
            yield item

    async def named_stories(self) -> list[Request | Listed | Reject]:
        """What stories lead to that lists named, once they are not kept back any more."""
        most, limit = self.crawler.settings.getint("STORIES_KEPT_BACK"), self.arguments.limit
        stories = self.lists.take(most if limit is None else min(most, limit - self.taken))
        return await self.story_requests(stories) if stories else []

    async def _list_page(self, response: Response, link: Link, key: str, walk: Walk | None, renewals: int) -> Step:
        """What follows from a page; `walk`: None at the first one, else its page number is the one that was asked for."""
        listing = self.read_listing(response)
        if isinstance(listing, Reject) or listing.expired or not listing.stories:
            return self._without_stories(response, listing, link, key, walk, renewals)
        if walk is None:
            walk = await self.begin_walk(key, link.label)
        elif listing.form and listing.page != walk.page:
            return self._on_to_its_page(response, listing, link, walk, renewals)
        goes_on = await self.goes_on(walk, listing.stories, link.label)
        stories = self.stories(response.url, listing, link.label)
        for story in stories:
            story.listing = key
        self.lists.name(stories)
        return self._next_page(response, listing, link, walk) if goes_on else None, None

    def _without_stories(self, response: Response, listing: Listing | Reject, link: Link, key: str, walk: Walk | None, renewals: int) -> Step:
        """What follows from an answer that shows no story."""
        if isinstance(listing, Listing) and listing.expired:  # it says nothing: a new session, and the same page again
            self.stats.inc_value("listings/session_renewed")
            return (self.list_request(link, key, walk, renewals + 1), None) if renewals < _RENEWALS else (None, self._lost(link, walk))
        if isinstance(listing, Listing):
            if listing.pages <= 1 and walk is None:  # a category without stories in this language
                self.stats.inc_value("listings/empty")
                return None, None
            listing = self.reject(response.url, "empty_listing", f"page {walk.page if walk else 1} of {link.label} shows no story", {})
        self.end(f"{listing.reason}: {listing.url}: {listing.detail}")
        return None, listing

    def _on_to_its_page(self, response: Response, listing: Listing, link: Link, walk: Walk, renewals: int) -> Step:
        """The first page of a renewed session leads on to the page that was wanted."""
        if listing.pages and walk.page > listing.pages:  # the list has become shorter
            self.end_walk(walk)
            return None, None
        return (self._form_request(response, listing, link, walk, renewals + 1), None) if renewals < _RENEWALS else (None, self._lost(link, walk))

    def _lost(self, link: Link, walk: Walk | None) -> Reject:
        detail = f"page {walk.page if walk else 1} of {link.label}: its session is dropped again and again"
        self.end(f"session_lost: {link.url}: {detail}")
        return self.reject(link.url, "session_lost", detail, {})

    def _next_page(self, response: Response, listing: Listing, link: Link, walk: Walk) -> Request | None:
        walk.page += 1
        if listing.form:
            if walk.page <= listing.pages:
                return self._form_request(response, listing, link, walk, 0)
        elif following := next((one for one in listing.links if one.label == str(walk.page)), None):
            return self._page(Request, following.url, {"link": link, "key": walk.key, "walk": walk})
        self.end_walk(walk)
        return None

    def _form_request(self, response: Response, listing: Listing, link: Link, walk: Walk, renewals: int) -> Request:
        """The form, sent as the site's own buttons do, in the session that its token belongs to."""
        assert listing.form
        url, fields = listing.form
        step = {"link": link, "key": walk.key, "walk": walk, "renewals": renewals}
        session = {"cookiejar": response.meta.get("cookiejar")}
        return self._page(FormRequest, url, step, formdata={**fields, "page_num": str(walk.page)}, meta=session)

    def _page(self, kind: type[Request], url: str, step: dict[str, Any], **more: Any) -> Request:
        return kind(url, self.parse_list, errback=self.failed_list, dont_filter=True, priority=LISTING_PRIORITY, cb_kwargs=step, **more)
