"""Categories in which the leader met a story after it had put it into the queue.

Added once a worker is through with the story.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scrapy.http import Request

from kcna_spider.clock import utc_now
from kcna_spider.distributed.leased_request import entries_of
from kcna_spider.items import ListingEntry, ListingUpdate


class CategoryUpdates:
    """Of one worker. What the spider knows of a story that waits is in its `pending`."""

    def __init__(self, spider: Any) -> None:
        self.spider = spider
        self._queued_with: dict[
            str, int
        ] = {}  # URL -> how many of its story's categories the queued request has
        self._ready: list[ListingUpdate] = []

    def __bool__(self) -> bool:
        return bool(self._ready)

    def queued(self, request: Request) -> None:
        """The request goes to the others as it is now."""
        for story in entries_of(request):
            self._queued_with[story.url] = len(story.categories)

    def taken(self, request: Request) -> None:
        """Of what this worker itself found it knows more by now than the request says."""
        listed = request.cb_kwargs.get("listed")
        if isinstance(listed, ListingEntry):
            request.cb_kwargs["listed"] = self._newest(listed)
        elif listed:
            request.cb_kwargs["listed"] = {anchor: self._newest(story) for anchor, story in listed.items()}

    def _newest(self, story: ListingEntry) -> ListingEntry:
        newest: ListingEntry = self.spider.requests.pending.get(story.url) or story
        return newest

    def through(self, addresses: Iterable[str]) -> None:
        """Workers are through with these."""
        for url in addresses:
            story = self.spider.requests.pending.pop(url, None)
            known = self._queued_with.pop(url, 0)
            if story and (missing := story.categories[known:]):
                self._ready.append(ListingUpdate([url], missing, utc_now()))

    def take(self) -> list[ListingUpdate]:
        """What is to be added now."""
        ready, self._ready = self._ready, []
        return ready

    def take_rest(self) -> list[ListingUpdate]:
        """The same once the queue is empty: of those stories too that an earlier leader had queued."""
        self.through(list(self.spider.requests.pending))
        return self.take()
