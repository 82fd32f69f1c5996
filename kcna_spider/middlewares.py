"""Downloader middleware: an answer that is no page is asked for again, and given up by name; nothing else sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest

from kcna_spider.answers import no_answer

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# The list of public suffixes that ships with tldextract is enough for four sites; fetching a newer one asks a stranger's server.
cookies._split_domain.suffix_list_urls = ()  # noqa: SLF001


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
        headers = {name.decode("latin-1").lower(): "" for name in response.headers}
        reason = no_answer(response.status, headers, response.body)
        if reason is None or request.url.endswith("/robots.txt"):
            return response
        assert self.crawler.stats is not None
        assert self.crawler.spider is not None
        self.crawler.stats.inc_value(f"no_answer/{reason}")
        again = get_retry_request(request, spider=self.crawler.spider, reason=reason, give_up_log_level="DEBUG")
        if again is not None:
            return again
        if reason == "empty" and request.meta.get("may_be_empty"):
            return response
        raise NoAnswerError(reason, response)
