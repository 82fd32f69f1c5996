"""Downloader middlewares: what failed is asked for again after a pause that grows; an answer that is no page is given up by name."""

from __future__ import annotations

import datetime as dt
import random
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware, MetaRefreshMiddleware, RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware, get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.utils.url import url_is_from_any_domain

from kcna_spider.answers import no_answer
from kcna_spider.ending import ending_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# The list of public suffixes that ships with tldextract is enough for four sites; fetching a newer one asks a stranger's server.
cookies._split_domain.suffix_list_urls = ()  # noqa: SLF001


_ROBOTS_SECONDS = 8
WARC_RECORD = "warc_record"  # key in a request's meta: {"file", "offset", "at"} of the record that holds its answer
_PAUSE = "retry_pause"  # key in a request's meta: seconds to wait before it is sent


def pause(tries: int, base: float, most: float, retry_after: str | None = None) -> float:
    """Seconds before try number `tries` + 1: twice as long each time, with jitter, and never less than the server asks for."""
    grown = base * 2.0 ** (tries - 1) * random.uniform(0.5, 1.5)
    return min(most, max(grown, asked_pause(retry_after)))


def asked_pause(retry_after: str | None) -> float:
    """The seconds that a Retry-After header asks for, given as a number or as a date; 0 for none or nonsense."""
    if not retry_after:
        return 0.0
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds()) if moment.tzinfo else 0.0


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
        if request.url.endswith("/robots.txt"):
            request.meta.update(download_timeout=_ROBOTS_SECONDS, max_retry_times=1)
        await ending_of(self.crawler).pause(request, request.meta.pop(_PAUSE, 0.0))

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The request again after a server's error, or the response."""
        result = super().process_response(request, response)
        retry_after = response.headers.get("Retry-After")
        paused: Request | Response = self._paused(result, retry_after.decode("latin-1") if retry_after else None)
        return paused

    def process_exception(self, request: Request, exception: Exception) -> Any:  # type: ignore[override]
        """The request again after a failed download."""
        return self._paused(super().process_exception(request, exception), None)

    def _paused(self, result: Any, retry_after: str | None) -> Any:
        if isinstance(result, Request):
            result.meta[_PAUSE] = pause(result.meta["retry_times"], self.base, self.most, retry_after)
        return result


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
            again.meta[_PAUSE] = pause(
                again.meta["retry_times"], settings.getfloat("RETRY_PAUSE_SECONDS"), settings.getfloat("RETRY_PAUSE_MAX_SECONDS")
            )
            return again
        if reason == "empty" and request.meta.get("may_be_empty"):
            return response
        raise NoAnswerError(reason, response)
