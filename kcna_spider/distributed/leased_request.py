"""A request that a worker has leased, and the articles that it is for."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.http import Request

from kcna_spider.items import ListingEntry


@dataclass(eq=False, slots=True)
class LeasedRequest:
    """A request that this worker has leased. data: as Redis has it.

    given_up: the crawl was stopped before it was finished.
    """

    data: bytes
    request: Request
    given_up: bool = False


def entries_of(request: Request) -> list[ListingEntry]:
    """Return the listing entries whose page a request is for."""
    listed = request.cb_kwargs.get("listed")
    return [listed] if isinstance(listed, ListingEntry) else list((listed or {}).values())
