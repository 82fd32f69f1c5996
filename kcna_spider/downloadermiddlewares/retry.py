"""Downloader middlewares: what failed is asked for again after a pause that grows; an answer that is no page is given up by name."""

from __future__ import annotations

import datetime as dt
import logging
import random
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware, MetaRefreshMiddleware, RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware, get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.utils.url import url_is_from_any_domain

from kcna_spider.downloadermiddlewares.hosts import SiteHostsMiddleware, is_further_host
from kcna_spider.ending import ending_of
from kcna_spider.text.block_detection import no_answer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

# The list of public suffixes that ships with tldextract is enough for four sites; fetching a newer one asks a stranger's server.
cookies._split_domain.suffix_list_urls = ()  # noqa: SLF001


_ROBOTS_SECONDS = 5
_BLOCKED = ("blocked", "challenge", "login", "parked")  # another host of the site may answer
WARC_RECORD = "warc_record"  # key in a request's meta: {"file", "offset", "at"} of the record that holds its answer
_PAUSE = "retry_pause"  # key in a request's meta: seconds to wait before it is sent


def pause(tries: int, base: float, most: float, retry_after: str | None = None) -> float | None:
    """Return the seconds before try number `tries` + 1: twice as long each time, with jitter, never less than the server asks for.

    Return None where the server asks for more than `most` seconds: then the request is given up, not sent early.
    """
    asked = asked_pause(retry_after)
    if asked > most:
        return None
    return max(asked, min(most, base * 2.0 ** (tries - 1) * random.uniform(0.5, 1.5)))


def asked_pause(retry_after: str | None) -> float:
    """Return the seconds that a Retry-After header asks for, given as a number or as a date; 0 for none or nonsense."""
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


class PatientRetry(RetryMiddleware):
    """Scrapy's own retries, with pauses."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self.base = crawler.settings.getfloat("RETRY_PAUSE_SECONDS")
        self.most = crawler.settings.getfloat("RETRY_PAUSE_MAX_SECONDS")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetry:
        """For Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait, where this is a request that failed before. A site that never answers shows it soon: robots.txt is asked for first."""
        if _is_robots(request):
            request.meta.update(download_timeout=_ROBOTS_SECONDS, max_retry_times=0 if is_further_host(request.url) else 1)
        await ending_of(self.crawler).pause(request, request.meta.pop(_PAUSE, 0.0))

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the request again after a server's error, or the response."""
        result = super().process_response(request, response)
        if not isinstance(result, Request):
            return result
        if (seconds := self._pause(result, retry_after_of(response))) is None:
            self.crawler.stats.inc_value("retry/retry_after_too_long")
            return response
        result.meta[_PAUSE] = seconds
        return result

    def process_exception(self, request: Request, exception: Exception) -> Any:  # type: ignore[override]
        """Return the request again after a failed download. Raise IgnoreRequest for a robots.txt that cannot be had, without a traceback."""
        result = super().process_exception(request, exception)
        if isinstance(result, Request):
            result.meta[_PAUSE] = self._pause(result, None)
        elif _is_robots(request) and not isinstance(exception, IgnoreRequest):
            logger.info("%s cannot be had (%s)", request.url, type(exception).__name__)
            raise IgnoreRequest(f"{request.url}: {exception}") from None
        return result

    def _pause(self, request: Request, retry_after: str | None) -> float | None:
        return pause(request.meta["retry_times"], self.base, self.most, retry_after)


def retry_after_of(response: Response) -> str | None:
    """Return the Retry-After header of a response, or None."""
    value = response.headers.get("Retry-After")
    return value.decode("latin-1") if value else None


def _is_robots(request: Request) -> bool:
    return request.url.endswith("/robots.txt")


class ElsewhereError(IgnoreRequest):
    """The site sends us to another host, or to no address."""


class _StaysOnSite(BaseRedirectMiddleware):
    """Follows no redirect that leads off the site, and says so: Scrapy itself drops it in silence."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The redirected request, or the response; ElsewhereError."""
        result: Request | Response = super().process_response(request, response)  # type: ignore[misc]
        domains = getattr(self.crawler.spider, "allowed_domains", None)
        if isinstance(result, Request) and domains and not url_is_from_any_domain(result.url, domains):
            raise ElsewhereError(f"it leads to {result.url[:300]}")
        return result


class SiteRedirect(_StaysOnSite, RedirectMiddleware):  # type: ignore[misc]  # Scrapy's two differ in what they say they take
    """By status."""


class SiteMetaRefresh(_StaysOnSite, MetaRefreshMiddleware):  # type: ignore[misc]
    """By a tag in the page."""


class NoAnswerError(IgnoreRequest):
    """The site gave no page. `reason`: the code; `response`: what it gave instead."""

    def __init__(self, reason: str, response: Response) -> None:
        super().__init__(f"{reason}: {response.url}")
        self.reason, self.response = reason, response


class NoAnswerMiddleware:
    """Asks again for what `answers.no_answer` recognises. `meta["may_be_empty"]`: an answer that stays empty is passed on."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> NoAnswerMiddleware:
        """For Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response, or the request again; NoAnswerError once it has been asked often enough."""
        reason = no_answer(response.status, response.headers, response.body)
        if reason is None or request.url.endswith("/robots.txt"):
            return response
        assert self.crawler.stats is not None
        assert self.crawler.spider is not None
        self.crawler.stats.inc_value(f"no_answer/{reason}")
        again = get_retry_request(request, spider=self.crawler.spider, reason=reason, give_up_log_level="DEBUG")
        if again is not None:
            settings = self.crawler.settings
            longest = settings.getfloat("RETRY_PAUSE_MAX_SECONDS")
            seconds = pause(again.meta["retry_times"], settings.getfloat("RETRY_PAUSE_SECONDS"), longest, retry_after_of(response))
            if seconds is not None:
                again.meta[_PAUSE] = seconds
                return again
        if reason == "empty" and request.meta.get("may_be_empty"):
            return response
        return self._at_next_host(request, response, reason)

    def _at_next_host(self, request: Request, response: Response, reason: str) -> Request:
        """Return the request at another host of its site where this one blocks it; raise NoAnswerError where there is none."""
        hosts = self.crawler.get_downloader_middleware(SiteHostsMiddleware)
        blocked = reason in _BLOCKED and "Retry-After" not in response.headers
        if blocked and isinstance(hosts, SiteHostsMiddleware) and (moved := hosts.at_next_host(request, reason)):
            return moved
        raise NoAnswerError(reason, response)
