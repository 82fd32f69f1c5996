"""Try another host of the same site if one cannot be reached or is blocked.

The stored URLs do not depend on the host, because they are canonical.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)

from kcna_spider.downloadermiddlewares.meta_keys import (
    BROWSER_SESSION,
    FIRST_FAILURE,
    FIRST_REQUEST,
    RETRY_PAUSE,
    TRIED_HOSTS,
)
from kcna_spider.sites import site_of_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

logger = logging.getLogger(__name__)

# Failures in a row after which all further requests are sent to the next host, once that one has responded
_GIVE_UP = 3
# For the first request, the next host gets one try, so that a dead site is detected within a minute.
_SECONDS, _RETRIES = 8, 0
_NO_CONNECTION = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    OSError,
)
_REFUSED = (403, 451)
_WORD_START = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_RETRY_STATE = ("retry_times", RETRY_PAUSE, BROWSER_SESSION, "cookiejar")


class SiteHostsMiddleware:
    """Repeat a request that failed at one host at the next host of the site (`Site.hosts`)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.given_up: set[str] = set()
        self.failures: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SiteHostsMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        """Return the request at the next host if its own host was given up."""
        if _host(request) not in self.given_up or is_robots(request):
            return None
        return self._moved(request)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the request at the next host after a refusal or a gateway error, else the response."""
        status = response.status
        refused = status in _REFUSED and request.meta.get(FIRST_REQUEST)
        gateway = status in (502, 503, 504) or 520 <= status <= 530  # noqa: PLR2004
        if (refused or gateway) and "Retry-After" not in response.headers:
            return self.at_next_host(request, f"http_{status}") or response
        self._responded(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return the request at the next host if the connection failed."""
        # Scrapy inspects all loaded modules while this one is imported, so that an import at the top of this
        # file would delay every `scrapy` command by 0.2 s. Here the crawl has loaded it already.
        from scrapy.core.downloader.handlers.http11 import TunnelError

        if not isinstance(exception, (*_NO_CONNECTION, TunnelError)):
            return None
        return self.at_next_host(request, error_code(exception))

    def at_next_host(self, request: Request, reason: str) -> Request | None:
        """Return the request at the next host of its site, and log a warning; or None if there is none.

        reason: the reason code of the failure.
        """
        host = _host(request)
        if is_robots(request):
            return None
        self.failures[host] += 1
        moved = self._moved(request)
        if moved is None:
            if self.failures[host] >= _GIVE_UP and (site := site_of_url(request.url)):
                self.given_up.difference_update(site.hosts)  # the first host may respond again
            return None
        if request.meta.get(FIRST_REQUEST):
            moved.meta.update(download_timeout=_SECONDS, max_retry_times=_RETRIES)
        moved.meta.setdefault(FIRST_FAILURE, (host, reason))
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"hosts/tried/{_host(moved)}")
        logger.warning("%s failed (%s): trying the same page at %s", request.url, reason, _host(moved))
        return moved

    def _responded(self, request: Request) -> None:
        """Reset the failures of a host; give up those that failed before it, if they fail repeatedly."""
        self.failures.pop(_host(request), None)
        first = request.meta.get(FIRST_REQUEST)
        for host in request.meta.get(TRIED_HOSTS, ()):
            if first or self.failures[host] >= _GIVE_UP:
                self.given_up.add(host)

    def _moved(self, request: Request) -> Request | None:
        site = site_of_url(request.url)
        tried = [*request.meta.get(TRIED_HOSTS, ()), _host(request)]
        host = (
            next((name for name in site.hosts if name not in tried and name not in self.given_up), None)
            if site
            else None
        )
        if host is None:
            return None
        meta: dict[str, Any] = {
            name: value for name, value in request.meta.items() if name not in _RETRY_STATE
        }
        url = urlsplit(request.url)._replace(netloc=host).geturl()
        return request.replace(url=url, meta={**meta, TRIED_HOSTS: tried})


def error_code(error: BaseException) -> str:
    """Return the reason code of an exception: its class name without "Error", in snake case."""
    name = type(error).__name__.removesuffix("Error").removeprefix("Download")
    return _WORD_START.sub("_", name).lower() or "failed"


def _host(request: Request) -> str:
    return (urlsplit(request.url).hostname or "").lower()


def is_robots(request: Request) -> bool:
    """Return whether a request is for robots.txt."""
    return request.url.endswith("/robots.txt")
