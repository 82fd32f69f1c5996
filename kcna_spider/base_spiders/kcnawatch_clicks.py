"""A source's listing in a browser: its "More Articles" button is clicked until it is gone. Where a plain request is refused or misled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy.http import HtmlResponse, Request, Response

from kcna_spider.base_spiders.source_listing import SourceWalk
from kcna_spider.items import Reject
from kcna_spider.layouts.kcnawatch import MORE_BUTTON, MORE_STORIES

_MOST_PENDING = 200  # stories that wait before the next click


def click_request(spider: Any, walk: SourceWalk) -> Request:
    """Return the request that opens a listing in the browser."""
    from kcna_spider.downloadermiddlewares.chromium import page_meta

    spider.stats.inc_value("browser/listings_clicked")
    meta = {"playwright_include_page": True, **page_meta(spider.settings)}
    return Request(walk.url, spider.parse_clicks, errback=spider.failed, cb_kwargs={"walk": walk}, meta=meta, dont_filter=True)


async def clicked_stories(spider: Any, response: Response, walk: SourceWalk) -> AsyncIterator[Any]:
    """Yield what the stories of each piece lead to, from the listing's beginning on."""
    from kcna_spider.downloadermiddlewares.chromium import clicked

    page = response.meta["playwright_page"]
    try:
        async for text in clicked(page, MORE_BUTTON, MORE_STORIES):
            listing = spider.read_listing(HtmlResponse(response.url, body=text, encoding="utf-8", request=response.request))
            if isinstance(listing, Reject):
                spider.end(f"{listing.reason}: {listing.url}: {listing.detail}")
                yield listing
                return
            for story in spider.stories(response.url, listing):
                story.listing = walk.key
            goes_on = bool(listing.stories) and await spider.goes_on(walk, listing.stories)
            for item in await spider.story_requests(listing.stories):
                yield item
            await spider.few_pending(_MOST_PENDING)
            if not listing.stories:
                break
            if not goes_on:
                return
        spider.end_walk(walk)  # the button is gone, or its last click brought nothing
    finally:
        await page.close()
