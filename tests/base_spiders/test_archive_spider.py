"""What a spider does when a callback raises an exception."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from kcna_spider.extensions.health import Health
from kcna_spider.items import ListingEntry
from kcna_spider.spiders.kcna_kp import KcnaKpSpider

URLS = [f"http://www.kcna.kp/en/article/detail/{n}" for n in range(3)]
ENTRIES = [ListingEntry(url) for url in URLS]


@pytest.mark.parametrize("listed", [ENTRIES[0], {"1": ENTRIES[0], "2": ENTRIES[1]}, None])
def test_nothing_waits_for_the_articles_of_the_page(listed: object) -> None:
    """The photo listings waited for them for ever."""
    spider = KcnaKpSpider()
    spider.crawler = get_crawler()
    health = Health(spider.crawler)
    spider.crawler.get_extension = lambda _: health  # type: ignore[method-assign, assignment, return-value]
    spider.requests.pending = dict(zip(URLS, ENTRIES, strict=True))
    request = Request(URLS[0], cb_kwargs={"listed": listed})
    failure = Failure(ZeroDivisionError())  # type: ignore[no-untyped-call]
    spider.callback_failed(failure, Response(URLS[0], request=request))
    number = len(listed) if isinstance(listed, dict) else int(listed is not None)
    assert list(spider.requests.pending) == URLS[number:]
