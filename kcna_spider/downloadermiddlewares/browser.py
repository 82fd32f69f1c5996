"""Fetch pages behind a bot check with Chromium through scrapy-playwright.

The spider's attribute `browser` defines when the browser is used: auto (for a bot check), always, never. It
is started for the first page that needs it. Its cookies are sent with all further plain requests, so that
only a few pages need the browser.
"""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured

from kcna_spider.downloadermiddlewares.hosts import is_robots
from kcna_spider.downloadermiddlewares.meta_keys import BROWSER_SESSION, BROWSER_STATUSES
from kcna_spider.exceptions import BrowserMissingError
from kcna_spider.text.block_detection import detect_block, detect_block_in_browser

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

logger = logging.getLogger(__name__)

# Settings of a spider that may use the browser.
SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {
        **dict.fromkeys(("file", "ftp", "s3", "data")),
        **dict.fromkeys(("http", "https"), "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"),
    },
    "PLAYWRIGHT_BROWSER_PROVIDER": "kcna_spider.downloadermiddlewares.chromium.BrowserWhenNeeded",
    "PLAYWRIGHT_ABORT_REQUEST": "kcna_spider.downloadermiddlewares.chromium.is_no_text",
    "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,  # the browser's own headers; the context has the User-Agent
    "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 4,
}
_MOST_REFUSED = 3  # sessions in a row with refused cookies after which all requests use the browser
_MOST_STUCK = 3  # bot checks in a row that the browser did not pass, after which it is no longer used
# Headers that describe a page whose HTML the browser has changed as well as the page that was sent
_KEPT_HEADERS = ("Retry-After", "ETag", "Last-Modified")
_TRIES_AGAIN = 1  # retries of a page in the browser, each of which may take half a minute


def _chromium() -> ModuleType:
    """Import the browser module, which most crawls do not need. Raise BrowserMissingError if that fails."""
    try:
        return import_module("kcna_spider.downloadermiddlewares.chromium")
    except ModuleNotFoundError as error:
        raise BrowserMissingError(f"it needs {error.name}: pip install 'kcna_spider[browser]'") from None


class BrowserMiddleware:
    """Repeat requests with a bot check in the browser, and send its cookies with further requests."""

    def __init__(self, crawler: Crawler) -> None:
        self.mode = getattr(crawler.spider, "browser", "never")
        if self.mode == "never":
            raise NotConfigured
        self.crawler = crawler
        self.settings = crawler.settings
        self.cookies: dict[str | bytes, str | bytes | bool | float] = {}
        self.session = 0
        self._refused = self._stuck = 0
        self._lock = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BrowserMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Prepare a request for the browser (mode always), or add the cookies of the browser's session."""
        if is_robots(request):
            return
        if self.mode == "always":
            request.meta.update(_chromium().page_meta(self.settings))
        elif not request.meta.get("playwright"):
            request.meta[BROWSER_SESSION] = self.session
            request.cookies = dict(self.cookies)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the response; for a bot check, the page from the browser, or the request to repeat."""
        if "playwright" in response.flags:
            return self._from_browser(request, response)
        if self.mode == "never" or is_robots(request):
            return response
        if detect_block(response.status, response.headers, response.body) != "challenge":
            self._refused = 0
            return response
        async with self._lock:
            if self.mode == "never":  # the browser was disabled while this request waited
                return response
            # Another request passed the bot check meanwhile, so its cookies are tried.
            if self.session > request.meta.get(BROWSER_SESSION, 0):
                return request.copy()
            self._count("browser/challenges")
            if self.session:
                self._refused += 1
            if self._refused >= _MOST_REFUSED:
                self.mode = "always"
            return await self._in_browser(request, response)

    async def _in_browser(self, request: Request, response: Response) -> Response:
        assert self.crawler.engine is not None
        try:
            meta = {**request.meta, **_chromium().page_meta(self.settings), "max_retry_times": _TRIES_AGAIN}
            through = request.replace(meta=meta)
            return await self.crawler.engine.download_async(through)
        except BrowserMissingError as error:
            self.mode = "never"
            # The message states what to do; a traceback would not help.
            logger.error("The site requires a browser, but %s", error)  # noqa: TRY400
            self._count("browser/missing")
            return response

    def _from_browser(self, request: Request, response: Response) -> Response:
        self._count("browser/pages")
        self.cookies = {
            cookie["name"]: cookie["value"]
            for cookie in request.meta["playwright_page_methods"][0].result or ()
        }
        status = [response.status, *request.meta[BROWSER_STATUSES]][-1]
        if detect_block_in_browser(status, response.body) is None:
            self.session += 1
            self._stuck = 0
        else:
            self._stuck += 1
            if self._stuck == _MOST_STUCK:
                self.mode = "never"
                self._count("browser/given_up")
                logger.error(
                    "The bot check blocks the browser like plain HTTP: the browser is no longer used"
                )
        headers = {"Content-Type": response.headers.get("Content-Type") or b"text/html; charset=utf-8"}
        # After a bot check, the headers are those of the check.
        if status == response.status and len(request.meta[BROWSER_STATUSES]) <= 1:
            headers |= {name: value for name in _KEPT_HEADERS if (value := response.headers.get(name))}
        return response.replace(status=status, headers=headers)

    def _count(self, name: str) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(name)
