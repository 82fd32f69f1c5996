"""Follow listings page by page, and know when to stop: at their end, or where all is stored without a gap.

The database keeps when a listing was last read without a gap. Only a page whose articles were all stored
before that ends the pagination: after a kill, a limit, or a crawl of another listing with the same articles,
it continues past them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy.http import Request

from kcna_spider.base_spiders.article_requests import Lookup
from kcna_spider.base_spiders.recheck import Recheck
from kcna_spider.items import ListingEntry
from kcna_spider.sites import canonical_url
from kcna_spider.text.dates import parse_day, utc_now

if TYPE_CHECKING:
    from kcna_spider.base_spiders.archive_spider import ArchiveSpider


@dataclass(slots=True)
class ListingCursor:
    """How far one listing was read. key: under which the database remembers it.

    complete_at: when it last had no gap.

    page, offset, count: the position in the listing, as the site counts it. url: of its first page.
    """

    key: str
    name: str
    begun_at: dt.datetime
    complete_at: dt.datetime | None
    page: int = 1
    offset: int = 0
    count: int = 0
    url: str = ""
    finished: bool = False


class Pagination:
    """The listings of a spider, by their keys."""

    def __init__(self, spider: ArchiveSpider, recheck: Recheck) -> None:
        self.spider, self.recheck = spider, recheck
        self.cursors: dict[str, ListingCursor] = {}

    async def later_requests(self) -> AsyncIterator[Request]:
        """Yield requests for URLs that were rejected before, the rechecks, then photo pages left to read."""
        for requests in (
            self.rejected_requests(),
            self.recheck.requests(),
            self.spider.photos.due_requests(),
        ):
            async for request in requests:
                yield request

    async def rejected_requests(self) -> AsyncIterator[Request]:
        """Yield requests for URLs that gave no article before.

        They may be on no listing page that this crawl reads.
        """
        spider = self.spider
        for reject in await asyncio.to_thread(spider.archive.due_rejects, spider.site, utc_now()):
            listed = reject["raw"]["listed"] or {}
            entry = ListingEntry(
                canonical_url(reject["url"]),
                listed.get("title"),
                listed.get("day"),
                list(listed.get("categories") or []),
            )
            if spider.requests.wants(parse_day(entry.day)) and isinstance(
                request := spider.requests.for_entry(entry), Request
            ):
                spider.count("requested_again")
                yield request

    async def begin(self, key: str, name: str) -> ListingCursor:
        """Begin a listing, and note that in the database."""
        begun_at = utc_now()
        complete_at = await asyncio.to_thread(
            self.spider.archive.begin_listing, key, self.spider.site, begun_at
        )
        cursor = self.cursors[key] = ListingCursor(key, name, begun_at, complete_at)
        self.spider.inc("listings/begun")
        return cursor

    def should_continue(
        self,
        cursor: ListingCursor,
        entries: Sequence[ListingEntry],
        lookup: Lookup | None,
        category: str | None = None,
    ) -> bool:
        """Return whether to request the next page, after a page with these entries.

        lookup: of their URLs; None where the listing was never complete.
        """
        self.spider.inc("listings/pages")
        if self.spider.requests.limit_reached():
            return False
        arguments = self.spider.arguments
        days = [day for entry in entries if (day := parse_day(entry.day))]
        if arguments.since and days and max(days) < arguments.since:
            return False
        if arguments.full or (days and self.recheck.covers(max(days))):
            return True
        if lookup is None or not _all_stored(cursor, entries, lookup, category):
            return True
        self.finish(cursor)
        return False

    def finish(self, cursor: ListingCursor) -> None:
        """Mark a listing as read without a gap, unless `limit`, `since` or `until` skipped articles."""
        if not cursor.finished:
            self.spider.inc("listings/done")
        arguments = self.spider.arguments
        cursor.finished = not (self.spider.requests.limit_reached() or arguments.since or arguments.until)

    def close(self, reason: str) -> None:
        """Keep which listings are complete, if the crawl was not interrupted. reason: the finish reason."""
        if reason == "finished" and not self.spider.requests.limit_reached():
            finished = {cursor.key: cursor.begun_at for cursor in self.cursors.values() if cursor.finished}
            self.spider.archive.complete_listings(finished, utc_now())


def _all_stored(
    cursor: ListingCursor, entries: Sequence[ListingEntry], lookup: Lookup, category: str | None
) -> bool:
    """Return whether all entries were stored before the listing was last complete, also in its category."""
    if cursor.complete_at is None:
        return False
    for entry in entries:
        if entry.url in lookup.rejected:
            continue
        known = lookup.known.get(entry.url)
        if (
            known is None
            or known.first_seen >= cursor.complete_at
            or (category and category not in known.categories)
        ):
            return False
    return True
