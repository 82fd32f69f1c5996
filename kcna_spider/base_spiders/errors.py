"""What to call a request that got no page, and what to keep of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from kcna_spider.downloadermiddlewares.hosts import FIRST_FAILURE, error_code
from kcna_spider.downloadermiddlewares.retry import NoAnswerError
from kcna_spider.items import ListedStory

_WORDS = {"challenge": "the site answered with a bot check instead of a page; a browser may pass it (browser=auto, with Chromium installed)"}


def request_of(failure: Failure) -> Request:
    """The request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
    return request


def reason_of(failure: Failure) -> tuple[str, str]:
    """Return (reason code, a line for people) of a failed request; where several hosts of its site were tried, those of the first."""
    code, detail = _of_error(failure.value)
    host, first = request_of(failure).meta.get(FIRST_FAILURE, (None, None))
    if first is None or first == code:
        return code, detail
    return first, f"{_of_code(first)} at {host}, and at {urlsplit(request_of(failure).url).hostname} {detail}"


def _of_error(error: BaseException | None) -> tuple[str, str]:
    if isinstance(error, NoAnswerError):
        return error.reason, _of_code(error.reason)
    if isinstance(error, HttpError):
        code = f"http_{error.response.status}"
        return code, _of_code(code)
    if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
        return "robots_txt", "the site's robots.txt does not allow this page"
    error = error or Exception("unknown")
    return error_code(error), f"{type(error).__name__}: {' '.join(str(error).split())[:300]}".rstrip(".: ")


def _of_code(code: str) -> str:
    if code.startswith("http_"):
        return f"the site answered with HTTP {code.removeprefix('http_')}"
    return _WORDS.get(code, f"the site answered with {code} instead of a page")


def listing_entry(listed: ListedStory | None) -> dict[str, Any] | None:
    """What a listing said of a story, for the reject."""
    return listed.entry() if listed else None
