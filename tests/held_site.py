"""Hold the responses of the sample site, so that a crawl is still running when a test kills it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kcna_spider.sample_site.site_http import PageRequest
from kcna_spider.sample_site.site_server import SampleSite


class _HoldingLog(list[PageRequest]):
    """The requests. From the first one after which `condition` is true, none gets a response."""

    def __init__(self, site: SampleSite, condition: Callable[[], bool]) -> None:
        super().__init__(site.log)
        self.site, self.condition = site, condition

    def append(self, request: PageRequest) -> None:
        """Add a request that the site received."""
        super().append(request)
        if self.condition():
            self.site.open.clear()


@contextmanager
def held_once(site: SampleSite, condition: Callable[[], bool]) -> Iterator[None]:
    """Hold the responses from the first request after which the condition is true to the end of the block."""
    site.log = _HoldingLog(site, condition)
    try:
        yield
    finally:
        site.log = list(site.log)
        site.open.set()
