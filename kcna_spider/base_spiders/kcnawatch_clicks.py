"""Read a source's listing in a browser by clicking its "More Articles" button until the button is gone.

This is used if the site refuses plain requests, or returns articles of another source.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy.http import HtmlResponse, Request, Response

from kcna_spider.base_spiders.kcnawatch_source import SourceCursor
from kcna_spider.items import Reject
from kcna_spider.layouts.kcnawatch import MORE_BUTTON, MORE_ENTRIES

_MAX_PENDING = 200  # articles that are pending before the next click


def click_request(spider: Any, cursor: SourceCursor) -> Request:
    """Return the request that opens a listing in the browser."""
    from kcna_spider.downloadermiddlewares.chromium import page_meta

    spider.inc("browser/listings_clicked")
    meta = {"playwright_include_page": True, **page_meta(spider.settings)}
    return Request(
        cursor.url,
        spider.parse_clicks,
        errback=spider.failed_clicks,
        cb_kwargs={"cursor": cursor},
        meta=meta,
    )


async def clicked_entries(spider: Any, response: Response, cursor: SourceCursor) -> AsyncIterator[Any]:
    """Yield requests and listing updates for the entries of each piece, from the start of the listing."""
    from kcna_spider.downloadermiddlewares.chromium import ClickError, clicked, close_page

    assert response.request
    page = response.meta["playwright_page"]
    try:
        async for text in clicked(page, MORE_BUTTON, MORE_ENTRIES, spider.crawler, response.request):
            if spider.stopping:
                return
            listing = spider.pages.listing(
                HtmlResponse(response.url, body=text, encoding="utf-8", request=response.request)
            )
            if isinstance(listing, Reject):
                spider.fail_by(listing)
                yield listing
                return
            entries = spider.adapter.entries(response.url, listing, key=cursor.key)
            lookup = await spider.requests.look_up([entry.url for entry in entries])
            onward = bool(entries) and spider.pagination.should_continue(cursor, entries, lookup)
            for item in await spider.requests.for_entries(entries, lookup):
                yield item
            await spider.requests.wait_until_few(_MAX_PENDING)
            if not entries:
                break
            if not onward:
                return
        spider.pagination.finish(cursor)  # the button is gone, or the last click added no entries
    except ClickError as error:
        spider.fail("listing_failed", str(error))
    finally:
        await close_page(response.request)
