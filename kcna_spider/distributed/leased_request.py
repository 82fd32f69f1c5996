"""A request that a worker has leased, and the articles on its page."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.http import Request

from kcna_spider.items import ListingEntry


@dataclass(eq=False, slots=True)
class LeasedRequest:
    """A request that this worker has leased.

    data: the encoded request in Redis. given_up: whether the crawl stopped before the request was finished.
    """

    data: bytes
    request: Request
    given_up: bool = False


def entries_of(request: Request) -> list[ListingEntry]:
    """Return the listing entries of the articles that a request fetches."""
    listed = request.cb_kwargs.get("listed")
    return [listed] if isinstance(listed, ListingEntry) else list((listed or {}).values())
