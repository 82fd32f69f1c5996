"""Which articles a worker still waits for once no request is queued."""

from __future__ import annotations

from scrapy import Request

from kcna_spider.distributed.category_updates import CategoryUpdates
from kcna_spider.items import ListingEntry
from kcna_spider.spiders.kcna_kp import KcnaKpSpider

URLS = [f"http://www.kcna.kp/en/article/detail/{n}" for n in range(3)]


def test_nothing_waits_for_requests_that_nobody_will_fetch() -> None:
    """The request of an article that failed and was listed again is dropped by the duplicate filter."""
    spider = KcnaKpSpider()
    updates = CategoryUpdates(spider)
    entries = [ListingEntry(url, categories=["Home"]) for url in URLS]
    requests = [Request(entry.url, cb_kwargs={"listed": entry}) for entry in entries]
    spider.requests.pending = dict(zip(URLS, entries, strict=True))
    for request in requests[:2]:
        updates.queued(request)
    entries[0].categories.append("World")
    updates.nothing_queued([requests[1]])
    assert list(spider.requests.pending) == URLS[1:], "one waits to be queued, and one was never queued"
    assert [(update.urls, update.categories) for update in updates.take()] == [([URLS[0]], ["World"])]
