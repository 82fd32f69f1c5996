"""Looking again at stored articles: what a request for one is, and what its answer says.

404 and 410 mean gone, 304 means unchanged; an answer that is no answer (blocked, challenge, 5xx, a timeout) says nothing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from kcna_spider.base_spiders.archive_spider import ArchiveSpider
from kcna_spider.base_spiders.errors import reason_of, request_of
from kcna_spider.downloadermiddlewares.retry import WARC_RECORD
from kcna_spider.exceptions import LayoutError
from kcna_spider.items import ListedStory, Presence
from kcna_spider.store.write.availability import Due
from kcna_spider.text.dates import day_in_pyongyang

_UNCHANGED, _GONE = 304, (404, 410)
_CHUNK = 500  # looks read from the store at once
_AHEAD = 1000  # looks that wait for their answers at most


class RecheckingSpider(ArchiveSpider):
    """A spider that looks again at what it stored, where `recheck` asks for it. look_priority: of those requests."""

    look_priority: ClassVar[int] = 5  # after new stories, before further listing pages

    async def start(self) -> AsyncIterator[Any]:
        """The first request, then the looks."""
        async for request in super().start():
            yield request
        await self.site_reached.wait()
        async for request in self.looks():
            yield request

    def rechecks(self, day: dt.date | None) -> bool:
        """Whether a day lies within `recheck`: its listing pages are looked at again too, for stories that came late."""
        days = self.arguments.recheck
        return bool(days and day and day >= day_in_pyongyang(self.now()) - dt.timedelta(days=days))

    async def looks(self) -> AsyncIterator[Request]:
        """A request for each page that is due. The store is read a little ahead of the crawl, never whole."""
        if self.arguments.recheck:
            due = self.archive.due(self.site, self.arguments.recheck, self.now())
            self.room = asyncio.Semaphore(_AHEAD)
            while chunk := await asyncio.to_thread(lambda: list(itertools.islice(due, _CHUNK))):
                for entry in chunk:
                    await self.room.acquire()
                    yield self._look(entry)

    def _look(self, due: Due) -> Request:
        """Conditional where the server gave something to compare with."""
        headers = {"If-None-Match": due.etag, "If-Modified-Since": due.modified}
        self.stats.inc_value("recheck/asked", len(due.days))
        return Request(
            due.page,
            self.parse_look,
            errback=self.look_failed,
            headers={name: value for name, value in headers.items() if value},
            priority=self.look_priority,
            dont_filter=True,
            cb_kwargs={"days": due.days},
            meta={"handle_httpstatus_list": [_UNCHANGED, *_GONE]},
        )

    def parse_look(self, response: Response, days: dict[str, dt.date | None]) -> Iterator[Any]:
        """What the page shows now of the stories that it showed before."""
        self.room.release()
        record = response.meta.get(WARC_RECORD)
        now = record["at"] if record else self.now()
        if response.status == _UNCHANGED or response.status in _GONE:
            yield from (Presence(url, response.status in _GONE, now) for url in days)
            return
        try:
            found = {raw.anchor: (layout, raw) for layout, raw in self.raw_articles(response)}
        except LookupError as error:
            yield self.reject(response.url, "no_article", str(error), {})
        except LayoutError as error:
            yield self.unknown_layout(response, error)
        else:
            for url, day in days.items():
                anchor = url.partition("#")[2] or None
                if anchor in found:  # the day may stand in the listing only: what it said is kept
                    listed = ListedStory(url, day=day.isoformat() if day else None)
                    yield from self.load(response, *found[anchor], url, listed)
                else:  # the page is sound, this story is no longer in it
                    yield Presence(url, gone=True, at=now)

    def look_failed(self, failure: Failure) -> None:
        """No answer: nothing is marked; the next recheck asks again."""
        self.room.release()
        reason, _ = reason_of(failure)
        self.stats.inc_value(f"recheck/no_answer/{reason}")
        self.logger.info("Looked at again without an answer: %s (%s)", request_of(failure).url, reason)
