"""A browser for pages that want JavaScript: Chromium through scrapy-playwright, started when the first page needs it.

The spider says with its attribute `browser` when it may be used: auto (behind a bot check), always, never. What the browser
was given as cookies goes to all further requests of plain HTTP, so that a handful of pages go through it.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

from playwright.async_api import Browser, Error, Page
from scrapy.exceptions import NotConfigured
from scrapy_playwright.page import PageMethod
from scrapy_playwright.provider import PlaywrightBrowserProvider

from kcna_spider.answers import no_answer
from kcna_spider.exceptions import KcnaError

if TYPE_CHECKING:
    from playwright.async_api import Request as BrowserRequest
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

logger = logging.getLogger(__name__)
logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)

_HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
    "PLAYWRIGHT_BROWSER_PROVIDER": "kcna_spider.browser.BrowserWhenNeeded",
    "PLAYWRIGHT_ABORT_REQUEST": "kcna_spider.browser.is_no_text",
    "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,  # the browser's own, with our User-Agent from its context
    "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 4,
}
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = ("/snap/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium")
# Chromium calls its maker's hosts by itself; a crawler of these sites shouldn't.
_QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--no-pings",
    "--component-updater=url-source=http://127.0.0.1:9/",
    "--disable-component-extensions-with-background-pages",
    "--disable-client-side-phishing-detection",
    "--disable-features=OptimizationHints,Translate,MediaRouter,NetworkTimeServiceQuerying",
]
_SESSION = "browser_session"  # key in a request's meta: the number of the session with which it was sent
_STATUS = "browser_status"
_SETTLE_SECONDS, _LOOK_SECONDS = 30.0, 0.25
_MOST_REFUSED = 3  # requests with a fresh session that meet the bot check all the same: cookies don't suffice


class BrowserMissingError(KcnaError):
    """No browser can be started; the message says what to install."""


def find_browser(given: str, own: str) -> str:
    """The program to run: the given one, the system's, or the one that Playwright downloaded (`own`); BrowserMissingError without any."""
    if given:
        if not Path(given).exists():
            raise BrowserMissingError(f"PLAYWRIGHT_CHROMIUM={given}: there is no such program")
        return given
    for found in (*(shutil.which(name) for name in _NAMES), *_PLACES, own):
        if found and Path(found).exists():
            return found
    raise BrowserMissingError(
        "no browser is installed: install Chromium (Debian: `apt-get install chromium`, or `make system`; elsewhere: `playwright install chromium`), "
        "or name one in PLAYWRIGHT_CHROMIUM"
    )


class BrowserWhenNeeded(PlaywrightBrowserProvider):  # type: ignore[misc]  # it comes without types
    """Starts nothing before the first page."""

    async def start(self) -> None:
        """Nothing yet."""

    async def launch_browser(self) -> Browser:
        """The browser, quiet, behind the proxy of the environment where there is one."""
        await super().start()
        given = self.config.launch_options.get("executable_path", "")
        options: dict[str, Any] = {"executable_path": find_browser(given, self.playwright.chromium.executable_path), "args": _QUIET}
        if proxy := getproxies().get("https") or getproxies().get("http"):
            options["proxy"] = {"server": proxy}
        try:
            browser: Browser = await self.browser_type.launch(**options)
        except Error as error:
            raise BrowserMissingError(f"{options['executable_path']} does not start: {error.message.splitlines()[0]}") from None
        return browser


def is_no_text(request: BrowserRequest) -> bool:
    """Images, fonts and media are not loaded."""
    return request.resource_type in ("image", "font", "media")


async def _note_status(page: Page, request: Request) -> None:
    """Keep the status of the last page that the tab showed: the first may be the bot check's."""
    page.on(
        "response", lambda r: request.meta.update({_STATUS: r.status}) if r.request.is_navigation_request() and not r.frame.parent_frame else None
    )


async def _settled(page: Page) -> list[dict[str, Any]]:
    """Wait until the bot check has let the page through; gives the cookies."""
    for _ in range(int(_SETTLE_SECONDS / _LOOK_SECONDS)):
        try:
            if no_answer(200, {}, (await page.content()).encode()) is None:
                break
        except Error:
            pass  # between two pages there is no content
        await asyncio.sleep(_LOOK_SECONDS)
    return [dict(cookie) for cookie in await page.context.cookies()]


def page_meta(user_agent: str) -> dict[str, Any]:
    """What makes a request go through the browser."""
    return {
        "playwright": True,
        "playwright_context_kwargs": {"user_agent": user_agent, "ignore_https_errors": True},  # as plain HTTP does here
        "playwright_page_init_callback": _note_status,
        "playwright_page_methods": [PageMethod(_settled)],
    }


class BrowserMiddleware:
    """Repeats in the browser what met a bot check, and takes its cookies over."""

    def __init__(self, crawler: Crawler) -> None:
        self.mode = getattr(crawler.spider, "browser", "never")
        if self.mode == "never":
            raise NotConfigured
        self.crawler = crawler
        self.user_agent = crawler.settings["USER_AGENT"]
        self.cookies: dict[str | bytes, str | bytes | bool | float] = {}
        self.session = 0
        self._refused = 0
        self._lock = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BrowserMiddleware:
        """For Scrapy; NotConfigured for a spider that has no use for it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Into the browser, or with the session that it got."""
        if request.url.endswith("/robots.txt"):
            return
        if self.mode == "always":
            request.meta.update(page_meta(self.user_agent))
        elif not request.meta.get("playwright"):
            request.meta[_SESSION] = self.session
            request.cookies = dict(self.cookies)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The page behind the bot check."""
        if "playwright" in response.flags:
            return self._from_browser(request, response)
        headers = {name.decode("latin-1").lower(): "" for name in response.headers}
        if self.mode == "never" or request.url.endswith("/robots.txt") or no_answer(response.status, headers, response.body) != "challenge":
            return response
        async with self._lock:
            if self.session > request.meta.get(_SESSION, 0):  # another request was let through meanwhile
                return request.replace(dont_filter=True)
            self._count("browser/challenges")
            if self.session:
                self._refused += 1
            if self._refused >= _MOST_REFUSED:
                self.mode = "always"
            return await self._in_browser(request, response)

    async def _in_browser(self, request: Request, response: Response) -> Response:
        assert self.crawler.engine is not None
        through = request.replace(meta={**request.meta, **page_meta(self.user_agent)}, dont_filter=True)
        try:
            return await self.crawler.engine.download_async(through)
        except BrowserMissingError as error:
            self.mode = "never"
            logger.error("The site wants a browser, and %s", error)  # noqa: TRY400  # what to do, not where it was noticed
            self._count("browser/missing")
            return response

    def _from_browser(self, request: Request, response: Response) -> Response:
        self._count("browser/pages")
        self.cookies = {cookie["name"]: cookie["value"] for cookie in request.meta["playwright_page_methods"][0].result or ()}
        if no_answer(200, {}, response.body) is None:
            self.session += 1
        kind = response.headers.get("Content-Type") or b"text/html; charset=utf-8"
        return response.replace(status=request.meta.get(_STATUS, response.status), headers={"Content-Type": kind})

    def _count(self, name: str) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(name)


async def clicked(page: Page, button: str, piece: str) -> AsyncIterator[str]:
    """The page, then what each click on a button adds to it; `piece`: what is added, taken out once it is read, so that the page stays small."""
    while True:
        yield await page.content()
        await page.evaluate("selector => document.querySelectorAll(selector).forEach(element => element.remove())", piece)
        if not await page.locator(button).count():
            return
        await page.click(button)
        await page.wait_for_function("([piece, button]) => document.querySelector(piece) || !document.querySelector(button)", arg=[piece, button])
