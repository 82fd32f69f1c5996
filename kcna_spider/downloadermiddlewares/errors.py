"""Reason codes and descriptions of failed requests."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from kcna_spider.downloadermiddlewares.blocked_response import BlockedResponseError
from kcna_spider.downloadermiddlewares.hosts import error_code
from kcna_spider.downloadermiddlewares.meta_keys import FIRST_FAILURE, LEASED_REQUEST

_DETAILS = {
    "challenge": (
        "the site responded with a bot check instead of a page; a browser may pass it "
        "(browser=auto, with Chromium installed)"
    )
}


def request_of(failure: Failure) -> Request:
    """Return the request that failed."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
    return request


def requested_url(failure: Failure) -> str:
    """Return the URL that was requested, before redirects."""
    request = request_of(failure)
    return str(request.meta.get("redirect_urls", [request.url])[0])


def failure_reason(failure: Failure) -> tuple[str, str]:
    """Return (reason code, line for people) of a failed request.

    If several hosts of the site were tried, the code is that of the first host, and the line names both.
    """
    code, detail = describe_error(failure.value)
    host, first = request_of(failure).meta.get(FIRST_FAILURE, (None, None))
    if first is None or first == code:
        return code, detail
    return first, f"{_of_code(first)} at {host}, and at {urlsplit(request_of(failure).url).hostname} {detail}"


def describe_error(error: BaseException | None) -> tuple[str, str]:
    """Return (reason code, line for people) of the exception of a failed request."""
    if isinstance(error, BlockedResponseError):
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
        return f"the site responded with HTTP {code.removeprefix('http_')}"
    return _DETAILS.get(code, f"the site responded with {code} instead of a page")


def give_up(request: Request) -> None:
    """Record that a stopping crawl did not finish a request that it leased from a distributed queue."""
    if leased := request.meta.get(LEASED_REQUEST):
        leased.given_up = True
