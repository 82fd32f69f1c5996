"""A browser for pages that want JavaScript: Chromium through scrapy-playwright, started when the first page needs it.

The spider says with its attribute `browser` when it may be used: auto (behind a bot check), always, never. What the browser
was given as cookies goes to all further requests of plain HTTP, so that a handful of pages go through it.
"""

from __future__ import annotations

from typing import Any

STATUS = "browser_status"  # key in a request's meta: the status of the last page that the tab showed
_HANDLER = "kcna_spider.browser.handler.EndingBrowserHandler"
SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
    "PLAYWRIGHT_BROWSER_PROVIDER": "kcna_spider.browser.chromium.BrowserWhenNeeded",
    "PLAYWRIGHT_ABORT_REQUEST": "kcna_spider.browser.chromium.is_no_text",
    "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,  # the browser's own, with our User-Agent from its context
    "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 4,
}
