"""kcna.kp: home page of each language -> categories of its menu -> lists, paged by their form -> articles."""

from __future__ import annotations

import dataclasses
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import FormRequest, Request, Response
from twisted.python.failure import Failure

from kcna_spider.items import Reject
from kcna_spider.layouts.base import Link, Listing
from kcna_spider.layouts.kcna_kp import LAYOUTS
from kcna_spider.spiders.arguments import Arguments, argument, words
from kcna_spider.spiders.base import LISTING_PRIORITY, START_META
from kcna_spider.spiders.failures import request_of
from kcna_spider.spiders.walks import Walk, WalkingSpider

# The site's own codes, in the address -> ISO 639-1
LANGUAGES = {"kp": "ko", "en": "en", "cn": "zh", "ru": "ru", "es": "es", "jp": "ja"}
_CODES = {**{code: code for code in LANGUAGES}, **{iso: code for code, iso in LANGUAGES.items()}}
_CODE_IN_PATH = re.compile(r"kcna\.kp/(\w\w)(?:/|$)")
_RENEWALS = 8  # requests for one page whose session was dropped, before it is given up


def languages(text: str) -> tuple[str, ...]:
    """Codes of languages, ISO 639-1 or the site's own; given as the site's."""
    found = words(text.lower())
    if unknown := [code for code in found if code not in _CODES]:
        raise ValueError(f"no language of the site: {', '.join(unknown)}; it has {', '.join(sorted(_CODES))}")
    return tuple(dict.fromkeys(_CODES[code] for code in found))


@dataclasses.dataclass(frozen=True, kw_only=True)
class KcnaKpArguments(Arguments):
    """`language` and `category`."""

    language: tuple[str, ...] = argument(languages, "languages, e.g. en,kp or en,ko", default=("en",))
    category: tuple[str, ...] | None = argument(words, "categories, by the name in the menu or the hash in the address; several with commas")


class KcnaKpSpider(WalkingSpider):
    """www.kcna.kp, in both of its layouts."""

    name = "kcna_kp"
    site = "kcna.kp"
    start_url = "http://www.kcna.kp/en"
    layouts = LAYOUTS
    languages = tuple(LANGUAGES.values())
    captured = tuple(f"kcna.kp/{code}/{part}/*" for code in LANGUAGES for part in ("article", "category"))
    categorised = True
    arguments_class = KcnaKpArguments
    arguments: KcnaKpArguments
    # The site drops crawlers that hurry and bans their addresses.
    custom_settings = {"DOWNLOAD_DELAY": 3.0, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "AUTOTHROTTLE_START_DELAY": 3.0}

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        # Lists are walked one after the other, the first is under way: a session that lives only for a few requests is enough.
        self.lists: deque[tuple[Link, str]] = deque()

    def first_request(self) -> Request:
        """The home page of the first language; the others follow one after the other."""
        return self._home_request(self.arguments.language[0], self.reached, self.unreachable)

    def _home_request(self, code: str, callback: Any, errback: Any) -> Request:
        url = f"http://www.kcna.kp/{code}"
        return Request(url, callback, errback=errback, cb_kwargs={"code": code}, meta=START_META, dont_filter=True)

    def _next_home(self, code: str) -> Iterator[Request]:
        following = self.arguments.language[self.arguments.language.index(code) + 1 :]
        if following:
            yield self._home_request(following[0], self.parse, self.failed_home)

    def failed_home(self, failure: Failure) -> Iterator[Any]:
        """A further language's home page can't be had: its reject, and the next language."""
        yield from self.failed(failure)
        yield from self._next_home(request_of(failure).cb_kwargs["code"])

    async def parse(self, response: Response, code: str = "en") -> AsyncIterator[Any]:
        """A language's home page: the categories of its own menu."""
        for request in self._next_home(code):
            yield request
        listing = self.read_listing(response)
        if isinstance(listing, Reject):
            self.end(f"no_categories: the home page {response.url} is not as expected; see the rejects")
            yield listing
            return
        links = [link for link in listing.links if f"/{code}/" in link.url]
        wanted = [link for link in links if self._wanted(link)]
        if not wanted:
            names = ", ".join(link.label for link in links) or "none"
            self.end(f"no_categories: {response.url} has no category {self.arguments.category or ''}; it has: {names}")
        lists = [(link, f"{self.site}/{code}/{link.label}") for link in wanted]
        await self.note_walks([key for _, key in lists])
        idle = not self.lists
        self.lists += lists
        if idle and self.lists:
            yield self._list_request(*self.lists[0])

    def _wanted(self, link: Link) -> bool:
        names = self.arguments.category
        return names is None or any(name.lower() == link.label.lower() or name in link.url for name in names)

    def _list_request(self, link: Link, key: str, walk: Walk | None = None, renewals: int = 0) -> Request:
        """A list's first page, with a session of its own: the site ties the form's token to it."""
        session = {"cookiejar": f"{key} {renewals} {walk.page if walk else 1}"}
        step = {"link": link, "key": key, "walk": walk, "renewals": renewals}
        return Request(link.url, self.parse_list, errback=self.failed_list, dont_filter=True, priority=LISTING_PRIORITY, meta=session, cb_kwargs=step)

    async def parse_list(self, response: Response, link: Link, key: str, walk: Walk | None, renewals: int = 0) -> AsyncIterator[Any]:
        """One page of a category's list; the next list where this one is through."""
        found = self._list_page(response, link, key, walk, renewals)
        onward = await anext(found)
        for request in self._next_list() if onward is None else (onward,):
            yield request
        async for item in found:
            yield item

    def failed_list(self, failure: Failure) -> Iterator[Any]:
        """A page of a list can't be had: its reject, and the next list."""
        yield from self.failed(failure)
        yield from self._next_list()

    def _next_list(self) -> Iterator[Request]:
        self.lists.popleft()
        if self.lists:
            yield self._list_request(*self.lists[0])

    async def _list_page(self, response: Response, link: Link, key: str, walk: Walk | None, renewals: int) -> AsyncIterator[Any]:
        """First the list's next page, or None: it is fetched while this page's stories are looked up. Then what this page gives.

        `walk`: None at the first page; its page number is the one that was asked for.
        """
        listing = self.read_listing(response)
        if onward := self._without_stories(response, listing, link, key, walk, renewals):
            for one in onward:
                yield one
            return
        assert isinstance(listing, Listing)
        if walk is None:
            walk = self.begin_walk(key, link.label)
        elif listing.form and listing.page != walk.page:
            for one in self._on_to_its_page(response, listing, link, walk, renewals):
                yield one
            return
        goes_on = await self.goes_on(walk, listing.stories, link.label)
        yield self._next_page(response, listing, link, walk) if goes_on else None
        for item in await self.story_requests(self.stories(response.url, listing, link.label)):
            yield item

    def _without_stories(
        self, response: Response, listing: Listing | Reject, link: Link, key: str, walk: Walk | None, renewals: int
    ) -> list[Request | Reject | None]:
        """What follows from an answer that shows no story: as `_list_page` gives it. Nothing for one that does."""
        if isinstance(listing, Listing) and listing.expired:  # it says nothing: a new session, and the same page again
            self.stats.inc_value("listings/session_renewed")
            return [self._list_request(link, key, walk, renewals + 1)] if renewals < _RENEWALS else [None, self._lost(link, walk)]
        if isinstance(listing, Listing) and not listing.stories:
            if listing.pages <= 1 and walk is None:  # a category without stories in this language
                self.stats.inc_value("listings/empty")
                self.end_walk(self.begin_walk(key, link.label))
                return [None]
            listing = self.reject(response.url, "empty_listing", f"page {walk.page if walk else 1} of {link.label} shows no story", {})
        if isinstance(listing, Reject):
            self.end(f"{listing.reason}: {listing.url}: {listing.detail}")
            return [None, listing]
        return []

    def _on_to_its_page(self, response: Response, listing: Listing, link: Link, walk: Walk, renewals: int) -> list[Request | Reject | None]:
        """The first page of a renewed session leads on to the page that was wanted; as `_list_page` gives it."""
        if listing.pages and walk.page > listing.pages:  # the list has become shorter
            self.end_walk(walk)
            return [None]
        return [self._page_request(response, listing, link, walk, renewals + 1)] if renewals < _RENEWALS else [None, self._lost(link, walk)]

    def _lost(self, link: Link, walk: Walk | None) -> Reject:
        detail = f"page {walk.page if walk else 1} of {link.label}: its session is dropped again and again"
        self.end(f"session_lost: {link.url}: {detail}")
        return self.reject(link.url, "session_lost", detail, {})

    def _next_page(self, response: Response, listing: Listing, link: Link, walk: Walk) -> Request | None:
        walk.page += 1
        if listing.form:
            if walk.page <= listing.pages:
                return self._page_request(response, listing, link, walk, 0)
        elif following := next((one for one in listing.links if one.label == str(walk.page)), None):
            return Request(
                following.url,
                self.parse_list,
                errback=self.failed_list,
                priority=LISTING_PRIORITY,
                dont_filter=True,
                cb_kwargs={"link": link, "key": walk.key, "walk": walk},
            )
        self.end_walk(walk)
        return None

    def _page_request(self, response: Response, listing: Listing, link: Link, walk: Walk, renewals: int) -> Request:
        """The form, sent as the site's own buttons do, in the session that its token belongs to."""
        assert listing.form
        url, fields = listing.form
        return FormRequest(
            url,
            self.parse_list,
            errback=self.failed_list,
            dont_filter=True,
            formdata={**fields, "page_num": str(walk.page)},
            priority=LISTING_PRIORITY,
            meta={"cookiejar": response.meta.get("cookiejar")},
            cb_kwargs={"link": link, "key": walk.key, "walk": walk, "renewals": renewals},
        )

    @classmethod
    def language_of(cls, url: str) -> str | None:
        """The language by the code in the address."""
        code = _CODE_IN_PATH.search(url)
        return LANGUAGES.get(code[1]) if code else None
