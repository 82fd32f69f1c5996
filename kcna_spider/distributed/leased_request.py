"""A request that a worker has leased."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.http import Request


@dataclass(eq=False, slots=True)
class LeasedRequest:
    """A request that this worker has leased.

    data: the encoded request in Redis. given_up: whether the crawl stopped before the request was finished.
    """

    data: bytes
    request: Request
    given_up: bool = False
