"""Retry requests with blocked responses (bot checks, filter pages, login pages, empty or damaged bodies)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest

from kcna_spider.downloadermiddlewares.damaged_response import DAMAGED
from kcna_spider.downloadermiddlewares.hosts import SiteHostsMiddleware, is_robots
from kcna_spider.downloadermiddlewares.meta_keys import MAY_BE_EMPTY, PHOTO, PHOTO_FILE, RETRY_PAUSE
from kcna_spider.downloadermiddlewares.retry import BackoffRetryMiddleware, backoff, next_retry
from kcna_spider.site_adapter import header
from kcna_spider.text.block_detection import detect_block

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

_OK = 200
_FINAL = ("too_many_pixels",)  # a retry would return the same file
_ANOTHER_HOST_MAY_RESPOND = ("blocked", "challenge", "login", "parked")


class BlockedResponseError(IgnoreRequest):
    """The response is blocked. reason: the reason code. response: the response."""

    def __init__(self, reason: str, response: Response) -> None:
        super().__init__(f"{reason}: {response.url}")
        self.reason, self.response = reason, response


class BlockedResponseMiddleware:
    """Retry blocked responses, then raise BlockedResponseError."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.base = crawler.settings.getfloat("RETRY_PAUSE_SECONDS")
        self.longest = crawler.settings.getfloat("RETRY_PAUSE_MAX_SECONDS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BlockedResponseMiddleware:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the response, or the request to retry. Raise BlockedResponseError after the last retry."""
        damaged = DAMAGED if DAMAGED in response.flags else None
        reason = damaged or detect_block(response.status, response.headers, response.body)
        if request.meta.get(PHOTO) and reason in (None, "binary"):
            reason = await _problem_of_photo(request, response)
        if reason is None or is_robots(request):
            return response
        if self.crawler.stats:
            self.crawler.stats.inc_value(f"blocked/{reason}")
        assert self.crawler.spider
        retry_after = header(response, "Retry-After")
        seconds = backoff(next_retry(request), self.base, self.longest, retry_after)
        # Scrapy counts a retry when it makes the request.
        if (
            seconds is not None
            and reason not in _FINAL
            and (again := get_retry_request(request, spider=self.crawler.spider, reason=reason))
        ):
            again.meta[RETRY_PAUSE] = seconds
            return again
        retry = self.crawler.get_downloader_middleware(BackoffRetryMiddleware)
        if seconds is None and retry:
            retry.note_long_wait(response)
        if reason == "empty" and request.meta.get(MAY_BE_EMPTY):
            return response
        return self._at_next_host(request, response, reason)

    def _at_next_host(self, request: Request, response: Response, reason: str) -> Request:
        """Return the request at another host of its site. Raise BlockedResponseError if that is no option."""
        hosts = self.crawler.get_downloader_middleware(SiteHostsMiddleware)
        may_respond = reason in _ANOTHER_HOST_MAY_RESPOND and "Retry-After" not in response.headers
        if may_respond and hosts and (moved := hosts.at_next_host(request, reason)):
            return moved
        raise BlockedResponseError(reason, response)


async def _problem_of_photo(request: Request, response: Response) -> str | None:
    """Return the reason code of a response that is not a photo, or None.

    Put the metadata of a photo into the request's meta.
    """
    from kcna_spider.photos.image_facts import PhotoError, read_photo

    if response.status != _OK:
        return None
    try:
        request.meta[PHOTO_FILE] = await asyncio.to_thread(
            read_photo, response.body, header(response, "Content-Type")
        )
    except PhotoError as error:
        return error.reason
    return None
