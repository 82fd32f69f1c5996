"""Looking again at stored articles: what a request for one is, and what its answer says.

404 and 410 mean gone, 304 means unchanged; an answer that is no answer (blocked, challenge, 5xx, a timeout) says nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scrapy.http import Request, Response

from kcna_spider.exceptions import LayoutError
from kcna_spider.items import ListedStory, Presence
from kcna_spider.spiders.failures import reason_of, request_of

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from kcna_spider.spiders.base import ArchiveSpider
    from kcna_spider.store.presence import Due

_UNCHANGED, _GONE = 304, (404, 410)
_PRIORITY = 5  # after new stories, before further listing pages


class Recheck:
    """The looks of one crawl. Addresses that are parts of one page (anchors) are looked at with one request."""

    def __init__(self, spider: ArchiveSpider) -> None:
        self.spider = spider

    def request(self, due: Due) -> Request:
        """A look at a page, conditional where the server gave something to compare with."""
        headers = {"If-None-Match": due.etag, "If-Modified-Since": due.modified}
        self.spider.stats.inc_value("recheck/asked", len(due.days))
        return Request(
            due.page,
            self.parse,
            errback=self.failed,
            headers={name: value for name, value in headers.items() if value},
            priority=_PRIORITY,
            dont_filter=True,
            cb_kwargs={"days": due.days},
            meta={"handle_httpstatus_list": [_UNCHANGED, *_GONE]},
        )

    def parse(self, response: Response, days: dict[str, dt.date | None]) -> Iterator[Any]:
        """What the page shows now of the stories that it showed before."""
        now = self.spider.now()
        if response.status == _UNCHANGED or response.status in _GONE:
            yield from (Presence(url, response.status in _GONE, now) for url in days)
            return
        try:
            found = {raw.anchor: (layout, raw) for layout, raw in self.spider.raw_articles(response)}
        except LookupError as error:
            yield self.spider.reject(response.url, "no_article", str(error), {})
        except LayoutError as error:
            yield self.spider.unknown_layout(response, error)
        else:
            for url, day in days.items():
                anchor = url.partition("#")[2] or None
                if anchor in found:  # the day may stand in the listing only: what it said is kept
                    yield from self.spider.load(response, *found[anchor], url, ListedStory(url, day=day.isoformat() if day else None))
                else:  # the page is sound, this story is no longer in it
                    yield Presence(url, gone=True, at=now)

    def failed(self, failure: Failure) -> None:
        """No answer: nothing is marked; the next recheck asks again."""
        reason, _ = reason_of(failure)
        self.spider.stats.inc_value(f"recheck/no_answer/{reason}")
        self.spider.logger.info("Looked at again without an answer: %s (%s)", request_of(failure).url, reason)
