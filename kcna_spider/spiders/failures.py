"""What to call a request that got no page, and what to keep of it."""

from __future__ import annotations

from typing import Any

from scrapy.http import Request
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from kcna_spider.items import ListedStory
from kcna_spider.middlewares import NoAnswerError

_WORDS = {"challenge": "the site answered with a bot check instead of a page; a browser may pass it (browser=auto, with Chromium installed)"}


def request_of(failure: Failure) -> Request:
    """The request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
    return request


def reason_of(failure: Failure) -> tuple[str, str]:
    """(reason code, a line for people) of a failed request."""
    error = failure.value
    if isinstance(error, NoAnswerError):
        return error.reason, _WORDS.get(error.reason, f"the site answered with {error.reason} instead of a page")
    if isinstance(error, HttpError):
        status = error.response.status
        return f"http_{status}", f"the site answered with HTTP {status}"
    name = type(error).__name__.removesuffix("Error").removeprefix("Download")
    code = "".join("_" + c.lower() if c.isupper() else c for c in name).strip("_") or "failed"
    return code, f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def listing_entry(listed: ListedStory | None) -> dict[str, Any] | None:
    """What a listing said of a story, for the reject."""
    return listed.entry() if listed else None
