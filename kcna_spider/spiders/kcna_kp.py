"""kcna.kp: home page of each language -> categories of its menu -> listings -> articles."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from kcna_spider.base_spiders.archive_spider import START_META, ArchiveSpider
from kcna_spider.base_spiders.arguments import PhotoArguments, argument, words
from kcna_spider.base_spiders.kcna_kp_listings import KcnaKpListings, ListingPage
from kcna_spider.base_spiders.pagination import Pagination
from kcna_spider.base_spiders.priorities import Priority
from kcna_spider.base_spiders.recheck import Recheck
from kcna_spider.downloadermiddlewares.errors import request_of
from kcna_spider.items import Reject
from kcna_spider.layouts.base import Link
from kcna_spider.sites.kcna_kp import LANGUAGES

_CODES = {**{code: code for code in LANGUAGES}, **{iso: code for code, iso in LANGUAGES.items()}}


def languages(text: str) -> tuple[str, ...]:
    """Return the site's codes for languages that are given as its codes or as ISO 639-1 codes.

    Raise ValueError for an unknown one.
    """
    found = words(text.lower())
    if unknown := [code for code in found if code not in _CODES]:
        raise ValueError(f"no language of the site: {', '.join(unknown)}; it has {', '.join(sorted(_CODES))}")
    return tuple(dict.fromkeys(_CODES[code] for code in found))


@dataclasses.dataclass(frozen=True, kw_only=True)
class KcnaKpArguments(PhotoArguments):
    """The arguments of `kcna_kp`."""

    language: tuple[str, ...] = argument(languages, "languages, e.g. en,kp or en,ko", default=("en",))
    category: tuple[str, ...] | None = argument(
        words, "categories, by the name in the menu or the hash in the URL; separated by commas"
    )


class KcnaKpSpider(ArchiveSpider):
    """Crawl www.kcna.kp."""

    name = "kcna_kp"
    site = "kcna.kp"
    start_url = "http://www.kcna.kp/en"
    arguments_class = KcnaKpArguments
    arguments: KcnaKpArguments
    # The site drops connections of fast crawlers and bans their IP addresses.
    custom_settings = {
        "DOWNLOAD_DELAY": 3.0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "AUTOTHROTTLE_START_DELAY": 3.0,
    }

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        # Listings must not wait for rechecks, because articles wait for listings.
        self.recheck = Recheck(self, Priority.LAST)
        self.pagination = Pagination(self, self.recheck)
        self.listings = KcnaKpListings(self, self.pagination, self.arguments.language)
        self.menus: dict[str, list[Link]] = {}  # language code -> the categories of its menu
        self.photo_lists: dict[str, list[Link]] = {}  # language code -> the listings of photo pages
        self.missing_menus = set(self.arguments.language)

    def first_request(self) -> Request:
        """Return the request for the home page of the first language; the other languages follow in order."""
        return self._home_request(self.arguments.language[0], self.reached, self.unreachable, START_META)

    async def later_requests(self) -> AsyncIterator[Request]:
        """Yield the requests of the pagination, then those for listings of photo pages."""
        async for request in self.pagination.later_requests():
            yield request
        if self.photos.enabled and self.arguments.category is None:
            async for request in self.listings.photo_list_requests(self.photo_lists):
                yield request

    async def closed(self, reason: str) -> None:
        """Store which listings are complete, in a thread, so that a signal can end the crawl meanwhile."""
        await asyncio.to_thread(self.pagination.close, reason)

    def _home_request(self, code: str, callback: Any, errback: Any, meta: Any = None) -> Request:
        url = f"http://www.kcna.kp/{code}"
        return Request(url, callback, errback=errback, cb_kwargs={"code": code}, meta=meta)

    def _next_home(self, code: str) -> Iterator[Request]:
        following = self.arguments.language[self.arguments.language.index(code) + 1 :]
        if following:
            yield self._home_request(following[0], self.parse, self.failed_home)

    async def failed_home(self, failure: Failure) -> AsyncIterator[Any]:
        """Yield the reject of a home page that failed, then the request for the next language."""
        code = request_of(failure).cb_kwargs["code"]
        for one in (*self.failed(failure), *self._next_home(code)):
            yield one
        self._menu_read(code)
        for request in self._first_listings(code):
            yield request
        for item in await self.listings.merged_articles():
            yield item

    async def parse(self, response: Response, code: str = "en", **_: Any) -> AsyncIterator[Any]:
        """Parse the home page of a language: request the listings of the categories in its menu."""
        async for one in self.listings.then_merged_articles("", self._home(response, code)):
            yield one

    async def _home(self, response: Response, code: str) -> AsyncIterator[Any]:
        for request in self._next_home(code):
            yield request
        try:
            listing = self.pages.listing(response)
            if isinstance(listing, Reject):
                self.fail(
                    "no_categories", f"the home page {response.url} is not as expected; see the rejects"
                )
                yield listing
            else:
                self.menus[code] = [link for link in listing.links if _is_of(code, link)]
                self.photo_lists[code] = [link for link in listing.photo_lists if _is_of(code, link)]
        finally:
            self._menu_read(code)
        for request in self._first_listings(code):
            yield request

    def _menu_read(self, code: str) -> None:
        """Record that the menu of a language was read, or cannot be fetched.

        With the argument `category`, all menus are read before any listing.
        """
        self.missing_menus.discard(code)
        if self.arguments.category is None:
            self.listings.queue.group_loaded(code)

    def _first_listings(self, code: str) -> Iterator[Request]:
        """Yield the request for the first listing of a language.

        With the argument `category`, yield one for each language once all menus are read.
        """
        if self.arguments.category is None:
            yield from self._first_listing(code, self.menus.get(code, []))
        elif not self.missing_menus:
            wanted = self._wanted_hashes(self.arguments.category)
            for language in self.arguments.language:
                yield from self._first_listing(
                    language, [link for link in self.menus.get(language, []) if _hash(link) in wanted]
                )
                self.listings.queue.group_loaded(language)

    def _first_listing(self, code: str, links: list[Link]) -> Iterator[Request]:
        if not links and code in self.menus:
            names = ", ".join(link.label for link in self.menus[code]) or "none"
            self.fail(
                "no_categories", f"the menu of /{code} has none of the wanted categories; it has: {names}"
            )
        listings = [(link, f"{self.site}/{code}/{link.label}") for link in links]
        self.listings.queue.add(code, listings)
        if listings:
            yield self.listings.request(ListingPage(*listings[0]))

    def _wanted_hashes(self, names: tuple[str, ...]) -> set[str]:
        """Return the hashes of categories, which are the same in all languages.

        names: names as a menu of any crawled language writes them, or hashes. Raise CloseSpider for a name
        that no menu has.
        """
        offered = [link for links in self.menus.values() for link in links]
        if not offered:
            return set()
        found = {
            name: {_hash(link) for link in offered if name.casefold() in (_name(link.label), _hash(link))}
            for name in names
        }
        if missing := [name for name, hashes in found.items() if not hashes]:
            labels = ", ".join(dict.fromkeys(" ".join(link.label.split()) for link in offered))
            self.abort(
                "bad_argument", f"argument category: the site has no {', '.join(missing)}; it has: {labels}"
            )
        return set().union(*found.values())


def _is_of(code: str, link: Link) -> bool:
    """Return whether a listing is of a language; some pages link to /sp instead of /es."""
    return f"/{code}/" in link.url or (code == "es" and "/sp/" in link.url)


def _name(label: str) -> str:
    return " ".join(label.split()).casefold()


def _hash(link: Link) -> str:
    """Return the last segment of a category's URL, without the file extension of the older layout."""
    return link.url.rstrip("/").rpartition("/")[2].partition(".")[0].casefold()
