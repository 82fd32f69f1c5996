"""Keep the categories that the leader finds for an article after it has queued the article's request.

They are added after a worker has stored the article.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scrapy.http import Request

from kcna_spider.base_spiders.article_requests import entries_of
from kcna_spider.items import ListingEntry, ListingUpdate
from kcna_spider.text.dates import utc_now


class CategoryUpdates:
    """The category updates of one worker. `requests.pending` has the merged entries of pending articles."""

    def __init__(self, spider: Any) -> None:
        self.spider = spider
        self._queued_with: dict[str, int] = {}  # URL -> number of categories in its queued request
        self._ready: list[ListingUpdate] = []

    def __bool__(self) -> bool:
        return bool(self._ready)

    def queued(self, request: Request) -> None:
        """Record that a request is queued with its current categories."""
        for story in entries_of(request):
            self._queued_with[story.url] = len(story.categories)

    def taken(self, request: Request) -> None:
        """Replace the listing entries of a request from the queue by this worker's merged ones."""
        listed = request.cb_kwargs.get("listed")
        if isinstance(listed, ListingEntry):
            request.cb_kwargs["listed"] = self.spider.requests.newest(listed)
        elif listed:
            request.cb_kwargs["listed"] = {
                anchor: self.spider.requests.newest(story) for anchor, story in listed.items()
            }

    def finished(self, urls: Iterable[str]) -> None:
        """Record that workers have finished the requests for these URLs."""
        for url in urls:
            story = self.spider.requests.pending.pop(url, None)
            known = self._queued_with.pop(url, 0)
            if story and (missing := story.categories[known:]):
                self._ready.append(ListingUpdate([url], missing, utc_now()))

    def nothing_queued(self, waiting: Iterable[Request]) -> None:
        """Record that all queued requests are finished, except those that still wait to be queued.

        The duplicate filter drops the request of an article that failed and was listed again, and a message
        that a request is finished may be lost. Otherwise this worker would wait for their articles for ever.
        """
        left = {story.url for request in waiting for story in entries_of(request)}
        self.finished([url for url in self._queued_with if url not in left])

    def take(self) -> list[ListingUpdate]:
        """Return and remove the updates that can be written now."""
        ready, self._ready = self._ready, []
        return ready

    def take_rest(self) -> list[ListingUpdate]:
        """Return all updates once the queue is empty, including those for articles of an earlier leader."""
        self.finished(list(self.spider.requests.pending))
        return self.take()
