"""Read all results of one query of KCNA Watch's search: its first page, and what its button adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from kcna_spider.base_spiders.kcnawatch_clicks import clicked_listings
from kcna_spider.base_spiders.search_windows import Results, Window
from kcna_spider.downloadermiddlewares.errors import describe_error
from kcna_spider.downloadermiddlewares.meta_keys import MAY_BE_EMPTY
from kcna_spider.items import ListingEntry, Reject
from kcna_spider.layouts.base import Listing
from kcna_spider.layouts.kcnawatch import SEARCH_BUTTON, SEARCH_ENTRIES
from kcna_spider.layouts.more_button import MoreRequest

_MAX_PIECES = 500  # requests for further results of one query


class CrawlStoppingError(Exception):
    """The crawl is stopping before all dates were searched."""


class ResultsUnavailableError(Exception):
    """A page of results cannot be read. The message is one line that says why."""


class SearchQueries:
    """The queries for articles of one source. spider: the KCNA Watch spider. label, number: of the source."""

    def __init__(self, spider: Any, label: str, number: str) -> None:
        self.spider, self.label, self.number = spider, label, number
        self.key = f"{spider.site}/{label}"

    async def ask(self, window: Window, enough: int = 0) -> Results:
        """Return the results for the dates of a window; `cut` says why further ones cannot be read.

        enough: stop after this number of results; 0: read all of them. Raise CrawlStoppingError once the
        crawl is stopping.
        """
        query = {
            "s": "",
            "source": self.number,
            "start": f"{window.first:%d-%m-%Y}",
            "end": f"{window.last:%d-%m-%Y}",
            "sort": "recent",
        }
        results = Results(window)
        self.spider.inc("search/windows")
        request = Request(f"{self.spider.start_url}?{urlencode(query)}")
        try:
            response, listing = await self._fetch(request, "search_2016")
        except ResultsUnavailableError as error:
            results.cut = str(error)
            return results
        new = results.add(self._named(listing))
        if listing.has_more and new and not 0 < enough <= len(results.entries):
            await self._further(request, response, listing, results, enough)
        return results

    async def _further(
        self, first: Request, response: Response, listing: Listing, results: Results, enough: int
    ) -> None:
        """Add further results, from the URL that the page's script names, or else by clicks in a browser."""
        more = listing.more
        why = "its script names no URL"
        if more is not None and more.fields.get("action"):
            try:
                await self._pieces(response, more, len(listing.entries), results, enough)
            except ResultsUnavailableError as error:
                why = str(error)
            else:
                return
        if problem := await self._clicks(first, results):
            results.cut = f"the further results cannot be read: {why}; in a browser: {problem}"

    async def _pieces(
        self, response: Response, more: MoreRequest, shown: int, results: Results, enough: int
    ) -> None:
        """Add further results piece by piece. Raise ResultsUnavailableError if some may be missing."""
        at = more.start or shown
        for number in range(_MAX_PIECES):
            query = urlencode({**more.fields, more.position: at})
            request = Request(
                response.urljoin(f"{more.path}?{query}"), meta={MAY_BE_EMPTY: True, "max_retry_times": 2}
            )
            _, piece = await self._fetch(request, "more_2016")
            if not piece.entries:
                if number:
                    return
                raise ResultsUnavailableError("the button is there, but nothing behind it")
            if not results.add(self._named(piece)):
                raise ResultsUnavailableError("the same results come again, or results of other days")
            if 0 < enough <= len(results.entries):
                return
            at += more.step or len(piece.entries)
        raise ResultsUnavailableError(f"more than {_MAX_PIECES} pages")

    async def _clicks(self, first: Request, results: Results) -> str | None:
        """Add further results by clicking the button in a browser; return the reason if that fails."""
        if self.spider.clicks.browser_is_useless():
            return "no browser may be used"
        from kcna_spider.downloadermiddlewares.chromium import ClickError, close_page, page_meta

        self.spider.inc("browser/searches_clicked")
        requests = [first.replace(meta=page_meta(self.spider.settings, keep_open=True))]
        try:
            response, _ = await self._fetch(requests[0], "search_2016")
            requests += [response.request] if response.request else []  # another one if it was redirected
            async for shown in clicked_listings(self.spider, response, SEARCH_BUTTON, SEARCH_ENTRIES):
                self._raise_if_stopping()
                if isinstance(shown, Reject):
                    return shown.detail
                results.add(self._named(shown))
        except (ResultsUnavailableError, ClickError) as error:
            return str(error)
        finally:
            for request in requests:
                await close_page(request)
        return None

    def _named(self, listing: Listing) -> list[ListingEntry]:
        entries: list[ListingEntry] = self.spider.adapter.entries(
            "", listing, key=self.key, source=self.label
        )
        return entries

    def _raise_if_stopping(self) -> None:
        if self.spider.stopping:
            raise CrawlStoppingError(f"the search of {self.label} is not complete: the crawl is ending")

    async def _fetch(self, request: Request, layout: str) -> tuple[Response, Listing]:
        """Return the response and its listing.

        layout: the layout that must match it. Raise ResultsUnavailableError if there is no such listing.
        """
        self._raise_if_stopping()
        self.spider.inc("search/requests")
        download: Callable[[Request], Any] = self.spider.crawler.engine.download_async
        try:
            response = await download(request)
        except IgnoreRequest as error:
            self._raise_if_stopping()
            raise ResultsUnavailableError(f"{request.url}: {error}") from None
        except Exception as error:  # noqa: BLE001  # whatever failed, the page is not read
            self._raise_if_stopping()
            raise ResultsUnavailableError(f"{request.url}: {describe_error(error)[1]}") from None
        if response.status != 200:  # noqa: PLR2004
            raise ResultsUnavailableError(f"{request.url}: HTTP {response.status}")
        listing = self.spider.pages.listing(response, layout)
        if isinstance(listing, Reject):
            raise ResultsUnavailableError(f"{request.url}: {listing.detail}")
        return response, listing
