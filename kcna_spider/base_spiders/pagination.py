"""Walking through a listing page by page, and knowing when to stop: at its end, or where all is stored without a gap.

The database keeps when a listing was last walked to where it should be. Only a page whose stories were all stored before that
moment ends a walk: after a kill, a limit, or a crawl of another listing with the same stories, the walk goes on past them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from scrapy.http import Request

from kcna_spider.base_spiders.recheck import RecheckingSpider
from kcna_spider.items import ListedStory
from kcna_spider.sites import canonical_url
from kcna_spider.text.dates import parse_day


@dataclass(slots=True)
class Walk:
    """One listing on its way. `key`: under which the database remembers it. `complete_at`: when it last had no gap.

    page, offset, count: how the site counts its pieces (whichever of them it does). url: of its first page.
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


class WalkingSpider(RecheckingSpider):
    """A spider whose listings have pages."""

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self.walks: dict[str, Walk] = {}

    async def looks(self) -> AsyncIterator[Request]:
        """First what failed before, then the stored articles that are due."""
        async for request in self.rejects_again():
            yield request
        async for request in super().looks():
            yield request

    async def rejects_again(self) -> AsyncIterator[Request]:
        """Addresses that gave no article before, first of all: they may be on no listing page that this crawl visits."""
        for reject in await asyncio.to_thread(self.archive.to_ask_again, self.site, self.now()):
            listed = reject["raw"]["listed"] or {}
            story = ListedStory(canonical_url(reject["url"]), listed.get("title"), listed.get("day"), list(listed.get("categories") or []))
            if self.arguments.wants(parse_day(story.day)) and isinstance(request := self.story_request(story), Request):
                self.count("asked_again")
                yield request

    async def begin_walk(self, key: str, name: str) -> Walk:
        """A walk through a listing, noted in the database."""
        begun_at = self.now()
        complete_at = await asyncio.to_thread(self.archive.begin_listing, key, self.site, begun_at)
        walk = self.walks[key] = Walk(key, name, begun_at, complete_at)
        self.stats.inc_value("listings/begun")
        return walk

    async def goes_on(self, walk: Walk, stories: list[ListedStory], category: str | None = None) -> bool:
        """Whether the walk's next page is to be asked for, after a page with these stories."""
        self.stats.inc_value("listings/pages")
        if self.full_up():
            return False
        days = [day for story in stories if (day := parse_day(story.day))]
        if self.arguments.since and days and max(days) < self.arguments.since:
            return False
        if self.arguments.full or (days and self.rechecks(max(days))):
            return True
        if not await self._all_stored(walk, stories, category):
            return True
        self.end_walk(walk)
        return False

    def end_walk(self, walk: Walk) -> None:
        """The listing's end, or what was complete before, is reached. With a limit or days given, stories were passed over: no end."""
        if not walk.finished:
            self.stats.inc_value("listings/done")
        walk.finished = not (self.full_up() or self.arguments.since or self.arguments.until)

    async def _all_stored(self, walk: Walk, stories: list[ListedStory], category: str | None) -> bool:
        if walk.complete_at is None:
            return False
        urls = [canonical_url(story.url) for story in stories]
        known, settled = await asyncio.to_thread(self.archive.looked_up, urls)
        for url in urls:
            if url in settled:
                continue
            one = known.get(url)
            if one is None or one.first_seen >= walk.complete_at or (category and category not in one.categories):
                return False
        return True

    def closed(self, reason: str) -> None:
        """Listings that were walked to where they should be are complete, if nothing broke the crawl off."""
        if reason == "finished" and not self.full_up():
            self.archive.complete_listings({walk.key: walk.begun_at for walk in self.walks.values() if walk.finished}, self.now())
