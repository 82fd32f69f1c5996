"""Follow listings page by page, until their end or until all further articles are certainly stored.

The database stores when each listing was last read without a gap. Pagination ends at a page only if all of
its articles were stored before that time. After a kill, a limit, or a crawl of another listing with the same
articles, it therefore continues past stored articles.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from scrapy.http import Request

from kcna_spider.base_spiders.article_requests import Lookup
from kcna_spider.base_spiders.recheck import Recheck
from kcna_spider.items import ListingEntry
from kcna_spider.sites import canonical_url
from kcna_spider.text.dates import parse_day, utc_now

if TYPE_CHECKING:
    from kcna_spider.base_spiders.archive_spider import ArchiveSpider

_MOST_SHRUNK = 8  # how often one listing is followed back because it has fewer entries


@dataclass(slots=True)
class ListingCursor:
    """The position in one listing.

    key: the listing's key in the database. begun_at: when reading it began. complete_at: when it was last
    read without a gap, or None. page: the number of the page. total: number of entries of all pages, as the
    latest page states it. shrunk: how often this number became smaller. finished: whether it was read without
    a gap.
    """

    key: str
    name: str
    begun_at: dt.datetime = field(default_factory=utc_now)
    complete_at: dt.datetime | None = None
    page: int = 1
    total: int = 0
    shrunk: int = 0
    finished: bool = False

    def has_shrunk(self, total: int) -> bool:
        """Return whether the listing has fewer entries than the page before stated, and keep the number.

        Its entries have then moved up, and one of them may be on no page that was read. Return True only
        _MOST_SHRUNK times, because two servers of the site may state different numbers.
        """
        before, self.total = self.total, total
        if not 0 < total < before or self.shrunk >= _MOST_SHRUNK:
            return False
        self.shrunk += 1
        return True


C = TypeVar("C", bound=ListingCursor)


class Pagination:
    """Follow the listings of a spider. cursors: key of a listing -> its cursor."""

    def __init__(self, spider: ArchiveSpider, recheck: Recheck) -> None:
        self.spider, self.recheck = spider, recheck
        self.cursors: dict[str, ListingCursor] = {}

    async def later_requests(self) -> AsyncIterator[Request]:
        """Yield the requests for rejected URLs, the rechecks, then the requests for unread photo pages."""
        for requests in (
            self.rejected_requests(),
            self.recheck.requests(),
            self.spider.photos.due_requests(),
        ):
            async for request in requests:
                yield request

    async def rejected_requests(self) -> AsyncIterator[Request]:
        """Yield requests for rejected URLs that are due again.

        The listing pages that this crawl reads may not list them.
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

    async def begin(self, cursor: C) -> C:
        """Record in the database that reading a listing began; return the cursor with `complete_at`."""
        cursor.complete_at = await asyncio.to_thread(
            self.spider.archive.begin_listing, cursor.key, self.spider.site, cursor.begun_at
        )
        self.cursors[cursor.key] = cursor
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

        lookup: the look-up of their URLs, or None if the listing was never complete. category: the category
        under which all entries must be stored to end the pagination, if any.
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
        cursor.finished = not (
            self.spider.requests.limit_reached()
            or arguments.since
            or arguments.until
            or cursor.shrunk >= _MOST_SHRUNK  # entries that moved up may be missing
        )

    def close(self, reason: str) -> None:
        """Store which listings are complete, if the crawl was not interrupted. reason: the finish reason."""
        if reason == "finished" and not self.spider.requests.limit_reached():
            finished = {cursor.key: cursor.begun_at for cursor in self.cursors.values() if cursor.finished}
            self.spider.archive.complete_listings(finished, utc_now())


def _all_stored(
    cursor: ListingCursor, entries: Sequence[ListingEntry], lookup: Lookup, category: str | None
) -> bool:
    """Return whether all entries were stored, with the category, before the listing was last complete."""
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
