"""Read a source's listing in a browser by clicking its "More Articles" button until the button is gone.

This is used if the site refuses plain requests, or returns articles of another source.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import HtmlResponse, Request, Response
from twisted.python.failure import Failure

from kcna_spider.base_spiders.kcnawatch_source import SourceCursor
from kcna_spider.downloadermiddlewares.browser import BrowserMiddleware
from kcna_spider.downloadermiddlewares.errors import failure_reason, request_of
from kcna_spider.items import Reject
from kcna_spider.layouts.base import Listing
from kcna_spider.layouts.kcnawatch import MORE_BUTTON, MORE_ENTRIES

_MAX_PENDING = 200  # articles that are pending before the next click


async def clicked_listings(
    spider: Any, response: Response, button: str, entries: str
) -> AsyncIterator[Listing | Reject]:
    """Yield the listing of a page that is open in the browser, then what each click on its button adds.

    button, entries: CSS selectors of the button and of the entries. Raise ClickError if a click adds nothing
    in time.
    """
    from kcna_spider.downloadermiddlewares.chromium import clicked

    page = response.meta["playwright_page"]
    assert response.request
    async for text in clicked(page, button, entries, spider.crawler, response.request):
        yield spider.pages.listing(
            HtmlResponse(response.url, body=text, encoding="utf-8", request=response.request)
        )


class ListingClicks:
    """Read listings by clicks where plain requests do not work. spider: the KCNA Watch spider."""

    def __init__(self, spider: Any) -> None:
        self.spider = spider

    def browser_is_useless(self) -> bool:
        """Return whether no browser may be used, or the browser does not pass the bot check either."""
        middleware = self.spider.crawler.get_downloader_middleware(BrowserMiddleware)
        return middleware is None or middleware.mode == "never"

    def instead_of_other_source(self, cursor: SourceCursor, why: str) -> Iterator[Request]:
        """Yield, once for a listing, the request to click its button, which requests the right source.

        why: the reason for the log.
        """
        self.spider.inc("listings/other_source")
        if cursor.clicking:
            return
        cursor.clicking = True
        detail = f"the listing of {cursor.name}: {why}: its button requests another source"
        if self.browser_is_useless():
            self.spider.fail("other_source", f"{detail}, and no browser may be used to click it")
            return
        self.spider.logger.warning("%s; the button is clicked in a browser instead", detail)
        yield self._request(cursor)

    def failed_more(self, failure: Failure) -> Iterator[Any]:
        """Yield the request to click the button if the site refuses a request for more, else a reject."""
        cursor: SourceCursor = request_of(failure).cb_kwargs["cursor"]
        reason, detail = failure_reason(failure)
        if (
            self.browser_is_useless()
            or reason == "http_429"
            or not (reason == "challenge" or reason.startswith("http_4"))
        ):
            yield from self.spider.failed(failure)
            return
        self.spider.logger.info("%s: %s: the listing is read in a browser", cursor.name, detail)
        yield self._request(cursor)

    def _request(self, cursor: SourceCursor) -> Request:
        """Return the request that opens a listing in the browser."""
        from kcna_spider.downloadermiddlewares.chromium import page_meta

        self.spider.inc("browser/listings_clicked")
        return Request(
            cursor.url,
            self.parse,
            errback=self.failed,
            cb_kwargs={"cursor": cursor},
            meta=page_meta(self.spider.settings, keep_open=True),
        )

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """Close the browser's page of a failed listing, and yield the reject."""
        from kcna_spider.downloadermiddlewares.chromium import close_page

        await close_page(request_of(failure))
        for item in self.spider.failed(failure):
            yield item

    async def parse(self, response: Response, cursor: SourceCursor) -> AsyncIterator[Any]:
        """Yield requests and listing updates for the entries of each piece, from the start of the listing.

        Known articles need no request.
        """
        from kcna_spider.downloadermiddlewares.chromium import ClickError, close_page

        assert response.request
        try:
            async for listing in clicked_listings(self.spider, response, MORE_BUTTON, MORE_ENTRIES):
                if self.spider.stopping:
                    return
                if isinstance(listing, Reject):
                    self.spider.fail_by(listing)
                    yield listing
                    return
                entries = self.spider.adapter.entries(response.url, listing, key=cursor.key)
                lookup = await self.spider.requests.look_up([entry.url for entry in entries])
                onward = bool(entries) and self.spider.pagination.should_continue(cursor, entries, lookup)
                for item in await self.spider.requests.for_entries(entries, lookup):
                    yield item
                await self.spider.requests.wait_until_few(_MAX_PENDING)
                if not entries:
                    break
                if not onward:
                    return
            self.spider.pagination.finish(cursor)  # the button is gone, or the last click added no entries
        except ClickError as error:
            self.spider.fail("listing_failed", str(error))
        finally:
            await close_page(response.request)
