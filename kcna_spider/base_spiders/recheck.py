"""Recheck stored articles: fetch known URLs again to detect edits and withdrawals.

404 and 410 mean gone, 304 means unchanged. A failed request (blocked, 5xx, a timeout) changes nothing, and
neither does a redirect to another page, or a 404 of another host after the site's own one failed.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from kcna_spider.base_spiders.priorities import Priority
from kcna_spider.downloadermiddlewares.errors import failure_reason, request_of
from kcna_spider.downloadermiddlewares.meta_keys import TRIED_HOSTS, WARC_RECORD
from kcna_spider.exceptions import LayoutError, NotAnArticleError
from kcna_spider.items import Article, AvailabilityCheck, ListingEntry
from kcna_spider.sites import canonical_url
from kcna_spider.store.write.due_pages import DuePage
from kcna_spider.text.dates import day_in_pyongyang, utc_now
from kcna_spider.text.http_statuses import GONE, UNCHANGED

if TYPE_CHECKING:
    from kcna_spider.base_spiders.archive_spider import ArchiveSpider
    from kcna_spider.base_spiders.photo_requests import StoredPhoto

_CHUNK = 500  # number of due pages that are read from the store at once
_MAX_WAITING = 1000  # largest number of rechecks without a response yet


class Recheck:
    """Make the rechecks of a spider and parse the responses. priority: that of the requests."""

    def __init__(self, spider: ArchiveSpider, priority: Priority = Priority.RECHECK) -> None:
        self.spider, self.priority = spider, priority

    def covers(self, day: dt.date | None) -> bool:
        """Return whether a date is within the last `recheck` days.

        Listing pages of these dates are also read again, because articles may have been added late.
        """
        days = self.spider.arguments.recheck
        return bool(days and day and day >= day_in_pyongyang(utc_now()) - dt.timedelta(days=days))

    async def requests(self) -> AsyncIterator[Request]:
        """Yield a request for each page that is due.

        Due pages are read from the store in chunks, a little ahead of the crawl.
        """
        if not self.spider.arguments.recheck:
            return
        photos = self.spider.photos
        due = self.spider.archive.due_pages(
            self.spider.site, self.spider.arguments.recheck, utc_now(), photos=photos.enabled
        )
        self.waiting = asyncio.Semaphore(_MAX_WAITING)
        while chunk := await asyncio.to_thread(lambda: list(itertools.islice(due, _CHUNK))):
            for page in chunk:
                await self.waiting.acquire()
                yield self._request(page)
                for one in page.photo_pages:
                    url = next(iter(page.days))
                    if one.url not in page.days and (
                        request := photos.page_request(
                            one.url, url, etag=one.etag, modified=one.modified, known=one.photos
                        )
                    ):
                        yield request

    def _request(self, due: DuePage) -> Request:
        """Return the request for a page; it is conditional if the server sent HTTP validators before."""
        headers = {"If-None-Match": due.etag, "If-Modified-Since": due.modified}
        self.spider.inc("recheck/asked", len(due.days))
        return Request(
            due.page,
            self.parse,
            errback=self.failed,
            headers={name: value for name, value in headers.items() if value},
            priority=self.priority,
            cb_kwargs={
                "days": due.days,
                "photos": {one.url: one.photos for one in due.photo_pages},
                "bounds": due.bounds,
            },
            meta={"handle_httpstatus_list": [UNCHANGED, *GONE]},
        )

    def parse(
        self,
        response: Response,
        days: dict[str, dt.date | None],
        photos: Mapping[str, Sequence[StoredPhoto]] | None = None,
        bounds: Mapping[str, dt.date] | None = None,
    ) -> Iterator[Any]:
        """Yield the current articles of the page, and availability checks for unchanged or gone ones.

        days: URL of each article -> the date that the site stated. photos: photo page -> its stored photos.
        bounds: URL -> the date from a capture, of articles of which the site states none.
        """
        known = photos or {}
        self.waiting.release()
        record = response.meta.get(WARC_RECORD)
        now = record["at"] if record else utc_now()
        if reason := _no_statement(response, next(iter(days)).partition("#")[0]):
            self._no_response(response.url, reason)
            return
        if response.status == UNCHANGED or response.status in GONE:
            yield from (AvailabilityCheck(url, response.status in GONE, now) for url in days)
            for url in days:
                if url in known:  # the article's own page shows its photos
                    yield from self.spider.photos.parse(response, url, url, known[url])
            return
        pages = self.spider.pages
        try:
            found = {raw.anchor: (layout, raw) for layout, raw in pages.raw_articles(response)}
        except NotAnArticleError as error:
            yield self.spider.reject(response.url, "no_article", str(error), {})
        except LayoutError as error:
            yield pages.unknown_layout(response, error)
        else:
            for url, day in days.items():
                anchor = url.partition("#")[2] or None
                if anchor in found:  # only the listing may have stated the date, so the stored one is passed
                    listed = ListingEntry(url, day=day.isoformat() if day else None)
                    items = pages.load(response, *found[anchor], url, listed, known.get(url, ()))
                    yield from map(partial(_dated, (bounds or {}).get(url)), items)
                else:  # the page is available, but no longer has this article
                    yield AvailabilityCheck(url, gone=True, at=now)

    def failed(self, failure: Failure) -> None:
        """Leave the article unchanged; the next recheck tries again."""
        self.waiting.release()
        self._no_response(request_of(failure).url, failure_reason(failure)[0])

    def _no_response(self, url: str, reason: str) -> None:
        self.spider.inc(f"recheck/no_response/{reason}")
        self.spider.logger.info("Recheck without a response: %s (%s)", url, reason)


def _dated(bound: dt.date | None, item: Any) -> Any:
    """Return an item; an article without a date gets the stored one from a capture."""
    if bound and isinstance(item, Article) and item.published is None:
        item.published, item.published_from = bound, "capture"
    return item


def _no_statement(response: Response, page: str) -> str | None:
    """Return the reason why a response does not state whether a page is available, or None if it does."""
    if canonical_url(response.url) != canonical_url(Request(page).url):  # a request escapes some characters
        return "redirected"
    if response.status in GONE and TRIED_HOSTS in response.meta:
        return "gone_at_another_host"
    return None
