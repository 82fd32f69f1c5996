"""A request that a worker has taken, and the stories that it is for."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.http import Request

from kcna_spider.items import ListedStory


@dataclass(eq=False, slots=True)
class Held:
    """A request that this worker has taken. data: as Redis has it. given_up: the crawl ended before it was through."""

    data: bytes
    request: Request
    given_up: bool = False


def stories_of(request: Request) -> list[ListedStory]:
    """The stories whose page a request is for."""
    listed = request.cb_kwargs.get("listed")
    return [listed] if isinstance(listed, ListedStory) else list((listed or {}).values())
