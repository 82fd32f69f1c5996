"""Find and start Chromium, and control its pages. Imported when the first page needs a browser."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from playwright.async_api import Browser, Error, Page
from playwright.async_api import Response as PageResponse
from scrapy.exceptions import IgnoreRequest
from scrapy_playwright.page import PageMethod
from scrapy_playwright.provider import PlaywrightBrowserProvider

from kcna_spider.downloadermiddlewares.meta_keys import BROWSER_STATUSES
from kcna_spider.downloadermiddlewares.retry import sleep_unless_stopping
from kcna_spider.exceptions import BrowserMissingError
from kcna_spider.text.block_detection import detect_block_in_browser

if TYPE_CHECKING:
    from playwright.async_api import Request as BrowserRequest
    from scrapy.crawler import Crawler
    from scrapy.http import Request
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)
logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# By default Chromium contacts hosts of its vendor; a crawler must contact only the sites.
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--no-pings",
    "--component-updater=url-source=http://127.0.0.1:9/",
    "--gaia-url=http://127.0.0.1:9/",
    "--disable-component-extensions-with-background-pages",
    "--disable-client-side-phishing-detection",
]
_CHECK_SECONDS = 0.25
_OK, _REDIRECTS = 200, range(300, 400)
# JavaScript condition: a click has added entries, or the button is gone or hidden.
_PIECE_OR_END = """([piece, button]) => document.querySelector(piece) || !document.querySelector(button)
    || document.querySelector(button).offsetParent === null"""


def find_browser(given: str, own: str) -> str:
    """Return the path of the browser: the given one, the system's, or the one that Playwright downloaded.

    given: the path in the settings, or empty. own: the path of Playwright's browser. Raise
    BrowserMissingError if there is none.
    """
    if given:
        if not Path(given).exists():
            raise BrowserMissingError(f"PLAYWRIGHT_CHROMIUM={given}: there is no such program")
        return given
    for found in (*(shutil.which(name) for name in _NAMES), *_PLACES, own):
        if found and Path(found).exists():
            return found
    raise BrowserMissingError(
        "no browser is installed: install Chromium (Debian: `apt-get install chromium`, or `make system`; "
        "elsewhere: `playwright install chromium`), "
        "or name one in PLAYWRIGHT_CHROMIUM"
    )


def proxy_options() -> dict[str, str]:
    """Return Playwright's options for the proxy of the environment, or nothing if there is none.

    Playwright ignores a user and a password that are part of the URL.
    """
    proxies = getproxies()
    url = proxies.get("https") or proxies.get("http")
    if not url:
        return {}
    parts = urlsplit(url if "://" in url else f"http://{url}")
    options = {"server": parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()}
    if parts.username:
        options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    if bypass := proxies.get("no"):
        options["bypass"] = bypass
    return options


class BrowserWhenNeeded(PlaywrightBrowserProvider):  # type: ignore[misc]  # scrapy-playwright has no types
    """Start Playwright and the browser only when the first page needs it."""

    async def start(self) -> None:
        """Do nothing: `launch_browser` starts Playwright."""

    async def launch_browser(self) -> Browser:
        """Start the browser without background traffic, with the proxy of the environment if there is one.

        Raise BrowserMissingError if it is not installed or does not start.
        """
        await super().start()
        given = self.config.launch_options.get("executable_path", "")
        options: dict[str, Any] = {
            "executable_path": find_browser(given, self.playwright.chromium.executable_path),
            "args": QUIET,
        }
        if proxy := proxy_options():
            options["proxy"] = proxy
        try:
            browser: Browser = await self.browser_type.launch(**options)
        except Error as error:
            raise BrowserMissingError(
                f"{options['executable_path']} does not start: {error.message.splitlines()[0]}"
            ) from None
        return browser


def is_no_text(request: BrowserRequest) -> bool:
    """Return whether a request is for an image, a font or media, none of which is loaded."""
    return request.resource_type in ("image", "font", "media")


async def _note_statuses(page: Page, request: Request) -> None:
    """Keep the status of each page in the tab, because the first one may be the bot check."""

    def note(response: PageResponse) -> None:
        is_page = response.request.is_navigation_request() and not response.frame.parent_frame
        if is_page and response.status not in _REDIRECTS:
            request.meta[BROWSER_STATUSES].append(response.status)

    page.on("response", note)


async def _settled(page: Page, seconds: float, statuses: Sequence[int]) -> list[dict[str, Any]]:
    """Wait until the page is not a bot check, for at most `seconds`; return the cookies."""
    for _ in range(int(seconds / _CHECK_SECONDS)):
        try:
            status = [_OK, *statuses][-1]
            if detect_block_in_browser(status, (await page.content()).encode()) is None:
                break
        except Error:
            pass  # during navigation the page has no content
        await asyncio.sleep(_CHECK_SECONDS)
    return [dict(cookie) for cookie in await page.context.cookies()]


def page_meta(settings: BaseSettings, *, keep_open: bool = False) -> dict[str, Any]:
    """Return the request meta that sends a request through the browser.

    keep_open: keep the page open for clicks, until `close_page`; False leaves the meta of a request as it is.
    """
    statuses: list[int] = []
    return {
        **({"playwright_include_page": True} if keep_open else {}),
        BROWSER_STATUSES: statuses,
        "playwright": True,
        "playwright_context_kwargs": {
            "user_agent": settings["USER_AGENT"],
            "ignore_https_errors": True,  # as Scrapy's own handler does
        },
        "playwright_page_init_callback": _note_statuses,
        "playwright_page_methods": [
            PageMethod(_settled, settings.getfloat("BROWSER_WAIT_SECONDS"), statuses)
        ],
    }


class ClickError(Exception):
    """A click on a button added nothing in time, or the page broke. The message is one line."""


async def close_page(request: Request) -> None:
    """Close the browser's page of a request if there is one: scrapy-playwright leaves it open after an error.

    Retries of the request use the same page.
    """
    if page := request.meta.pop("playwright_page", None):
        with suppress(Error):
            await page.close()


async def _wait_for_delay(crawler: Crawler, request: Request) -> None:
    """Wait as Scrapy's downloader does between two requests to a site, because a click sends a request.

    If the crawl is stopping, return at once.
    """
    assert crawler.engine
    downloader = crawler.engine.downloader
    slot = downloader.slots.get(downloader.get_slot_key(request))
    with suppress(IgnoreRequest):
        while slot and (left := slot.lastseen + slot.download_delay() - time.monotonic()) > 0:
            await sleep_unless_stopping(crawler, request, left)
    if slot:
        slot.lastseen = time.monotonic()  # so that the downloader waits after the click


async def clicked(
    page: Page, button: str, piece: str, crawler: Crawler, request: Request
) -> AsyncIterator[str]:
    """Yield the HTML of the page, then after each click on the button the HTML with the added entries.

    button: CSS selector of the button. piece: CSS selector of the entries, which are removed after they are
    read, so that the page stays small. request: the one that opened the page; clicks have the delay of its
    site. Raise ClickError if a click adds nothing in time.
    """
    while True:
        yield await page.content()
        try:
            await page.evaluate(
                "selector => document.querySelectorAll(selector).forEach(element => element.remove())", piece
            )
            if not await page.locator(button).count() or not await page.locator(button).first.is_visible():
                return
            await _wait_for_delay(crawler, request)
            logger.debug("Click %s of %s", button, page.url)
            await page.click(button)
            await page.wait_for_function(_PIECE_OR_END, arg=[piece, button])
        except Error as error:
            raise ClickError(f"{page.url}: {error.message.splitlines()[0]}") from None
