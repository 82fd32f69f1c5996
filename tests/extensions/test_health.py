"""When a crawl must not pass for a good one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from scrapy import signals
from scrapy.exceptions import CloseSpider
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from kcna_spider.extensions.health import Health

SHARES = {"HEALTH_LEAST": 3, "HEALTH_MOST_UNKNOWN": 0.01, "HEALTH_MOST_LOST": 0.02, "HEALTH_MOST_MISSING": 0.2}


@pytest.mark.parametrize(
    ("stats", "reason"),
    [
        ({"stories/listed": 3}, None),
        ({}, "nothing_found"),
        ({"stories/listed": 0, "health/nothing_due": True}, None),
        ({"stories/listed": 3, "health/failed": "empty_listing: http://x: no story"}, "empty_listing"),
        ({"stories/listed": 3, "store/failed": 1}, "store_failed"),
        ({"stories/listed": 3, "layout/kcna.kp/article_2026": 99, "layout/unknown/kcna.kp": 1}, None),
        ({"stories/listed": 3, "layout/kcna.kp/article_2026": 98, "layout/unknown/kcna.kp": 2}, None),
        ({"stories/listed": 3, "layout/kcna.kp/article_2026": 97, "layout/unknown/kcna.kp": 3}, "unknown_layouts"),
        ({"stories/listed": 3, "spider_exceptions/count": 1}, "spider_error"),
        ({"stories/listed": 3, "store/inserted": 98, "drop/no_body": 2}, None),
        ({"stories/listed": 3, "store/inserted": 50, "store/copied": 47, "drop/no_body": 2, "drop/no_day": 1}, "fields_lost"),
        ({"stories/listed": 3, "store/inserted": 80, "drop/http_404": 20, "drop/stub": 30}, None),
        ({"stories/listed": 3, "store/inserted": 70, "drop/http_404": 20, "drop/timeout": 1}, "stories_missing"),
    ],
)
def test_reason(stats: dict[str, Any], reason: str | None) -> None:
    async def idle() -> list[tuple[Any, Any]]:
        crawler = get_crawler(settings_dict={"TELNETCONSOLE_ENABLED": False, **SHARES})
        crawler._apply_settings()
        assert crawler.stats is not None
        health = Health.from_crawler(crawler)
        for name, value in stats.items():
            crawler.stats.set_value(name, value)
        answers = crawler.signals.send_catch_log(signals.spider_idle, dont_log=CloseSpider)
        assert health is not None
        return answers

    answers = asyncio.run(idle())
    raised = [answer.value.reason for _, answer in answers if isinstance(answer, Failure) and isinstance(answer.value, CloseSpider)]
    assert raised == ([reason] if reason else [])
