"""Pauses before a request is sent again."""

from __future__ import annotations

import datetime as dt
import time
from email.utils import format_datetime

import pytest

from kcna_spider.middlewares import asked_pause, pause
from tests.conftest import Crawler
from tests.site.pages import Answer, watch_url
from tests.site.server import SampleSite
from tests.site.stories import EN


@pytest.mark.parametrize(("value", "expected"), [(None, 0), ("", 0), ("7", 7), ("soon", 0), ("-3", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)])
def test_asked_pause(value: str | None, expected: float) -> None:
    assert asked_pause(value) == expected


def test_asked_pause_as_a_date() -> None:
    assert 25 < asked_pause(format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30), usegmt=True)) <= 30


def test_pauses_grow_with_jitter_and_end_somewhere() -> None:
    for tries in range(1, 6):
        values = [pause(tries, base=1, most=300) for _ in range(200)]
        assert 0.5 * 2 ** (tries - 1) <= min(values) < max(values) <= 1.5 * 2 ** (tries - 1)
    assert pause(20, base=1, most=300) == 300
    assert pause(1, base=1, most=300, retry_after="60") == 60
    assert pause(1, base=1, most=300, retry_after="9999") == 300


def test_retry_after_is_honoured(scrapy: Crawler, site: SampleSite) -> None:
    url = watch_url(EN[0])
    site.answers[url] = [Answer(b"", 429, headers={"Retry-After": "2"})]
    began = time.monotonic()
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 0
    assert site.asked(url)[url] == 2
    assert time.monotonic() - began > 2
    assert "'retry/reason_count/429" in crawl.output
