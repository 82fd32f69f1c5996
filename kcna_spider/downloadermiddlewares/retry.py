"""Retry failed requests after a pause that grows; honour Retry-After."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from kcna_spider.downloadermiddlewares.hosts import is_robots
from kcna_spider.downloadermiddlewares.meta_keys import RETRY_PAUSE
from kcna_spider.extensions.health import health_of, is_stopping
from kcna_spider.site_adapter import header
from kcna_spider.sites import is_further_host

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

_ROBOTS_SECONDS = 5
_MOST_LONG_WAITS = 5  # in a row
_STOP_CHECK_SECONDS = 0.25


def backoff(tries: int, base: float, longest: float, retry_after: str | None = None) -> float | None:
    """Return the seconds to wait before retry number `tries`.

    The pause starts at `base`, doubles each time up to `longest`, with jitter, and is never shorter than the
    server's Retry-After. Return None if that is longer than `longest`: the request is then given up instead
    of being sent early.
    """
    asked = seconds_asked(retry_after)
    if asked > longest:
        return None
    return max(asked, min(longest, base * 2.0 ** (tries - 1) * random.uniform(0.5, 1.5)))


def next_retry(request: Request) -> int:
    """Return the number that the next retry of a request would have, from 1 on."""
    done: int = request.meta.get("retry_times", 0)
    return done + 1


def seconds_asked(retry_after: str | None) -> float:
    """Return the seconds in a Retry-After header, which may be a number or a date.

    Return 0 if there is no header or it is not valid.
    """
    if not retry_after:
        return 0.0
    if seconds := re.match(r"\s*(\d+(?:\.\d*)?)\s*(?:,|$)", retry_after, re.ASCII):
        return float(seconds[1])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds())


async def sleep_unless_stopping(crawler: Crawler, request: Request, seconds: float) -> None:
    """Sleep before a request. Once the crawl is stopping, raise IgnoreRequest: the next crawl fetches it."""
    end = time.monotonic() + seconds
    # Polling is needed, because Scrapy has no signal for the start of a shutdown.
    while (left := end - time.monotonic()) > 0 and not is_stopping(crawler):  # noqa: ASYNC110
        await asyncio.sleep(min(left, _STOP_CHECK_SECONDS))
    if is_stopping(crawler):
        raise IgnoreRequest(f"{request.url}: the crawl is ending")


class BackoffRetryMiddleware(RetryMiddleware):
    """Scrapy's RetryMiddleware with a pause before each retry."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self.base = crawler.settings.getfloat("RETRY_PAUSE_SECONDS")
        self.longest = crawler.settings.getfloat("RETRY_PAUSE_MAX_SECONDS")
        self._long_waits = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BackoffRetryMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait before a retry. Limit the time for robots.txt, so that a dead site is detected soon."""
        if is_robots(request):
            request.meta.update(
                download_timeout=_ROBOTS_SECONDS, max_retry_times=0 if is_further_host(request.url) else 1
            )
        if seconds := request.meta.pop(RETRY_PAUSE, 0.0):
            await sleep_unless_stopping(self.crawler, request, seconds)

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Return the request to retry after a server error, else the response."""
        seconds = self._backoff(request, header(response, "Retry-After"))
        if seconds is None and response.status in self.retry_http_codes:
            self.note_long_wait(response)
            return response
        if response.status not in self.retry_http_codes:
            self._long_waits = 0
        result = super().process_response(request, response)
        if isinstance(result, Request):
            result.meta[RETRY_PAUSE] = seconds
        return result

    def note_long_wait(self, response: Response) -> None:
        """Count a Retry-After that is too long. After several in a row, end the crawl as failed.

        The site then asks for a pause from all requests, not only from those of one page.
        """
        if self.crawler.stats:
            self.crawler.stats.inc_value("retry/retry_after_too_long")
        self._long_waits += 1
        if self._long_waits == _MOST_LONG_WAITS:
            asked = (header(response, "Retry-After") or "")[:100]
            detail = f"{response.url}: the site asks to wait (Retry-After: {asked})"
            health_of(self.crawler).fail("retry_later", detail, close=True)

    def process_exception(self, request: Request, exception: Exception) -> Any:  # type: ignore[override]
        """Return the request to retry after a failed download.

        For a robots.txt that cannot be fetched, raise IgnoreRequest, which Scrapy logs without a traceback.
        """
        result = super().process_exception(request, exception)
        if isinstance(result, Request):
            result.meta[RETRY_PAUSE] = self._backoff(request, None)
        elif is_robots(request) and not isinstance(exception, IgnoreRequest):
            logger.info("%s cannot be fetched (%s)", request.url, type(exception).__name__)
            raise IgnoreRequest(f"{request.url}: {exception}") from None
        return result

    def _backoff(self, request: Request, retry_after: str | None) -> float | None:
        return backoff(next_retry(request), self.base, self.longest, retry_after)
