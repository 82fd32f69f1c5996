"""Refuse requests for other hosts with an error. Scrapy would drop them without calling their errbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Request

_SHOWN = 300  # characters of a URL in a message

# The list of public suffixes in tldextract suffices for these sites; a newer one would be fetched from a
# third party.
cookies._split_domain.suffix_list_urls = ()  # noqa: SLF001


class ElsewhereError(IgnoreRequest):
    """A request is for a host that is not in the spider's `allowed_domains`, or for no host."""


class SiteOffsiteMiddleware(OffsiteMiddleware):
    """Scrapy's OffsiteMiddleware with an error for each refused request, also for a retry or a redirect."""

    def request_scheduled(self, request: Request, spider: Spider) -> None:
        """Accept every request: for one that is refused here, Scrapy calls no errback."""

    def process_request(self, request: Request, spider: Spider | None = None) -> None:  # noqa: ARG002
        """Raise ElsewhereError for a request for another host."""
        assert self.crawler.spider
        if not self.should_follow(request, self.crawler.spider):
            came_from = [url[:_SHOWN] for url in request.meta.get("redirect_urls", ())]
            raise ElsewhereError(
                f"{' -> '.join([*came_from, request.url[:_SHOWN]])} leads to another host than the site's"
            )
