"""With JOBDIR, Scrapy keeps the requests that wait. Of those that an earlier run left, only the stories' are taken up again.

A listing's request is a step of a walk that ended with its run: this run walks anew, and stops where all is stored.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from kcna_spider.ending import EndingError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request

_RUN = "run"  # key in a request's meta: the run that made it
_STORIES_ABOVE = 5  # priorities: stories are asked for before anything else, also at a second try


class Resuming:
    """Downloader middleware; NotConfigured without JOBDIR."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.get("JOBDIR"):
            raise NotConfigured
        self.run = uuid.uuid4().hex
        crawler.signals.connect(self.request_scheduled, signal=signals.request_scheduled)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Resuming:
        """For Scrapy."""
        return cls(crawler)

    def request_scheduled(self, request: Request) -> None:
        """Mark it before it is kept."""
        request.meta.setdefault(_RUN, self.run)

    def process_request(self, request: Request) -> None:
        """Drop a step of a walk that has ended."""
        if request.meta.get(_RUN, self.run) != self.run and request.priority <= _STORIES_ABOVE:
            raise EndingError(request)
