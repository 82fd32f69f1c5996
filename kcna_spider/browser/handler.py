"""The download handler of a crawl that may use the browser. Imported only where one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from kcna_spider.ending import ending_of

if TYPE_CHECKING:
    from scrapy.http import Request, Response


class EndingBrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # it has no types
    """scrapy-playwright's own, which can be ended."""

    async def download_request(self, request: Request) -> Response:
        """The answer; EndingError."""
        return await ending_of(self._crawler).download(request, super().download_request)
