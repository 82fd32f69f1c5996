"""Categories that the leader found for an article after it had put its request into the queue.

They are added once a worker has stored the article.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scrapy.http import Request

from kcna_spider.distributed.leased_request import entries_of
from kcna_spider.items import ListingEntry, ListingUpdate
from kcna_spider.text.dates import utc_now


class CategoryUpdates:
    """The category updates of one worker. What listings say of a pending article is in `requests.pending`."""

    def __init__(self, spider: Any) -> None:
        self.spider = spider
        self._queued_with: dict[str, int] = {}  # URL -> number of categories in its queued request
        self._ready: list[ListingUpdate] = []

    def __bool__(self) -> bool:
        return bool(self._ready)

    def queued(self, request: Request) -> None:
        """Note that a request is put into the queue with the categories that it has now."""
        for story in entries_of(request):
            self._queued_with[story.url] = len(story.categories)

    def taken(self, request: Request) -> None:
        """Give a request from the queue what this worker knows of its articles by now."""
        listed = request.cb_kwargs.get("listed")
        if isinstance(listed, ListingEntry):
            request.cb_kwargs["listed"] = self.spider.requests.newest(listed)
        elif listed:
            request.cb_kwargs["listed"] = {
                anchor: self.spider.requests.newest(story) for anchor, story in listed.items()
            }

    def finished(self, urls: Iterable[str]) -> None:
        """Note that workers have finished the requests for these URLs."""
        for url in urls:
            story = self.spider.requests.pending.pop(url, None)
            known = self._queued_with.pop(url, 0)
            if story and (missing := story.categories[known:]):
                self._ready.append(ListingUpdate([url], missing, utc_now()))

    def take(self) -> list[ListingUpdate]:
        """Return the updates that can be written now."""
        ready, self._ready = self._ready, []
        return ready

    def take_rest(self) -> list[ListingUpdate]:
        """Return all updates once the queue is empty, also of articles that an earlier leader had queued."""
        self.finished(list(self.spider.requests.pending))
        return self.take()
