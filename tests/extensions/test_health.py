"""Crawls that must not count as successful."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from scrapy import signals
from scrapy.exceptions import CloseSpider
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from kcna_spider.extensions.health import CrawlOutcome, Health, Limits
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler

LIMITS = Limits(least=3, unknown_pages=0.01, missing_fields=0.02, missing_articles=0.2, missing_photos=0.2)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"listed": 3}, None),
        ({}, "nothing_found"),
        ({"nothing_due": True}, None),
        ({"listed": 3, "failed": ("empty_listing", "http://x: no article")}, "empty_listing"),
        ({"listed": 3, "failed": ("store_failed", "no room"), "errors": 1}, "store_failed"),
        ({"listed": 3, "pages": 99, "unknown_pages": 1}, None),
        ({"listed": 3, "pages": 98, "unknown_pages": 2}, None),
        ({"listed": 3, "pages": 97, "unknown_pages": 3}, "unknown_layouts"),
        ({"listed": 3, "errors": 1}, "spider_error"),
        ({"listed": 3, "stored": {"inserted": 98}, "rejects": {"no_body": 2}}, None),
        (
            {"listed": 3, "stored": {"inserted": 50, "copied": 47}, "rejects": {"no_body": 2, "no_day": 1}},
            "fields_lost",
        ),
        ({"listed": 3, "stored": {"inserted": 80}, "rejects": {"http_404": 20, "stub": 30}}, None),
        (
            {"listed": 3, "stored": {"inserted": 70}, "rejects": {"http_404": 20, "timeout": 1}},
            "articles_missing",
        ),
        (
            {"listed": 3, "stored": {"inserted": 70, "reread": 99}, "rejects": {"http_404": 21}},
            "articles_missing",
        ),
    ],
)
def test_reason(fields: dict[str, Any], reason: str | None) -> None:
    outcome = CrawlOutcome()
    for name, value in fields.items():
        setattr(outcome, name, Counter(value) if isinstance(value, dict) else value)
    assert outcome.failure(LIMITS) == reason


def test_an_idle_crawl_that_failed_is_closed() -> None:
    async def idle() -> list[tuple[Any, Any]]:
        crawler = get_crawler(settings_dict={"TELNETCONSOLE_ENABLED": False})
        crawler._apply_settings()  # noqa: SLF001  # Scrapy does this before a crawl.
        health = Health.from_crawler(crawler)
        health.fail("empty_listing", "http://x: no article")
        health.fail("another", "later")
        return crawler.signals.send_catch_log(signals.spider_idle, dont_log=CloseSpider)

    answers = asyncio.run(idle())
    raised = [
        answer.value.reason
        for _, answer in answers
        if isinstance(answer, Failure) and isinstance(answer.value, CloseSpider)
    ]
    assert raised == ["empty_listing"]


@pytest.mark.parametrize("spider", ["kcnawatch", "kcna_kp", "kcna_co_jp"])
def test_nothing_depends_on_the_stats(spider: str, scrapy: Crawler, archive: Archive) -> None:
    dummy = ("-s", "STATS_CLASS=scrapy.statscollectors.DummyStatsCollector")
    assert scrapy("crawl", spider, *dummy).code == 0
    number = archive.database["articles"].count_documents({})
    assert number > 3
    assert scrapy("crawl", spider, *dummy).code == 0, "a crawl that finds nothing new must succeed"
    assert [run["finish_reason"] for run in archive.runs.find()] == ["finished"] * 2
    assert archive.database["articles"].count_documents({}) == number
