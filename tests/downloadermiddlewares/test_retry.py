"""The backoff before a request is sent again."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

import pytest

from kcna_spider.downloadermiddlewares.retry import backoff, seconds_asked
from kcna_spider.sample_site.kcna_kp_pages import detail_url
from kcna_spider.sample_site.kcnawatch_pages import watch_url
from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN, STORIES
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler

ON_KP = {detail_url(story) for story in STORIES if story.kp and story.live(1) and story.code == "en"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, 0),
        ("", 0),
        ("7", 7),
        ("soon", 0),
        ("-3", 0),
        ("3600, 3600", 3600),
        ("5.5", 5.5),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
    ],
)
def test_asked_pause(value: str | None, expected: float) -> None:
    assert seconds_asked(value) == expected


def test_asked_pause_as_a_date() -> None:
    assert (
        25
        < seconds_asked(format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30), usegmt=True))
        <= 30
    )


def test_pauses_grow_with_jitter_and_end_somewhere() -> None:
    for tries in range(1, 6):
        values = [backoff(tries, base=1, longest=300) or 0 for _ in range(200)]
        assert 0.5 * 2 ** (tries - 1) <= min(values) < max(values) <= 1.5 * 2 ** (tries - 1)
    assert backoff(20, base=1, longest=300) == 300
    assert backoff(1, base=1, longest=300, retry_after="60") == 60
    assert backoff(1, base=1, longest=300, retry_after="9999") is None, (
        "a request with a Retry-After that is too long must not be sent early"
    )
    assert backoff(9, base=1, longest=300, retry_after="300") == 300


def test_retry_after_is_honoured(scrapy: Crawler, site: SampleSite) -> None:
    url = watch_url(EN[0])
    site.responses[url] = [PageResponse(b"", 429, headers={"Retry-After": "2"})]
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 0
    first, second = (asked.at for asked in site.log if asked.url == url)
    assert second - first >= 2
    assert "'retry/reason_count/429" in crawl.output


@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_that_is_too_long_is_never_undercut(
    status: int, scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    url = watch_url(EN[0])
    for host in (".org/", ".xyz/"):
        site.responses[url.replace(".org/", host)] = [
            PageResponse(b"<html>later</html>", status, headers={"Retry-After": "3600"})
        ] * 9
    crawl = scrapy("crawl", "kcnawatch")
    assert len(site.requested("/newstream/")) > 2, "the other articles must be fetched"
    assert sum(site.requested(url.rpartition("/newstream/")[2]).values()) == 1, (
        "the URL must be requested once, at one host"
    )
    assert "'retry/retry_after_too_long': 1" in crawl.output
    assert f"'retry/reason_count/{status}" not in crawl.output
    reject = archive.rejects.find_one({"url": url})
    assert reject
    assert reject["reason"] == f"http_{status}"


def test_a_site_that_asks_to_wait_for_an_hour(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    """Check a site that sends a long Retry-After for every article: the crawl ends after a few of them.

    All listings of kcna.kp are read before the first article, so that no other response is between these.
    """
    for url in ON_KP:
        site.responses[url] = [PageResponse(b"<html>later</html>", 429, headers={"Retry-After": "3600"})] * 9
    crawl = scrapy("crawl", "kcna_kp", "-s", "CONCURRENT_REQUESTS=1")
    assert crawl.code == 1
    assert "'finish_reason': 'retry_later'" in crawl.output
    assert "the site asks to wait (Retry-After: 3600)" in crawl.output
    assert len(ON_KP) > 10
    assert 5 <= len(site.requested("/article/detail/")) < 9
    site.responses.clear()
    assert scrapy("crawl", "kcna_kp", "-a", "full=1").code == 0
    assert set(archive.known(sorted(ON_KP))) == ON_KP


def test_a_crawl_that_failed_ends_its_pauses(scrapy: Crawler, site: SampleSite) -> None:
    """Check that retries that wait for 250 s do not delay the end of a crawl that has failed."""
    waiting = sorted(ON_KP)[::2]
    for url in ON_KP:
        seconds = "250" if url in waiting else "3600"
        site.responses[url] = [PageResponse(b"<html></html>", 429, headers={"Retry-After": seconds})] * 9
    crawl = scrapy("crawl", "kcna_kp", timeout=120)
    assert "'finish_reason': 'retry_later'" in crawl.output
    assert any(url in waiting for url in site.requested("/article/detail/"))


def test_a_blocked_answer_with_a_retry_after(scrapy: Crawler, site: SampleSite) -> None:
    url = watch_url(EN[0])
    site.responses[url] = [
        PageResponse(b"<html><title>Web Page Blocked</title></html>", headers={"Retry-After": "3600"})
    ] * 9
    crawl = scrapy("crawl", "kcnawatch")
    assert sum(site.requested(url.rpartition("/newstream/")[2]).values()) == 1
    assert "'retry/reason_count/blocked" not in crawl.output


def test_robots_txt_is_named(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    url = watch_url(EN[0])
    robots = f"User-agent: *\nDisallow: {url.partition('kcnawatch.org')[2]}\n".encode()
    site.responses["https://kcnawatch.org/robots.txt"] = [PageResponse(robots, content_type="text/plain")]
    scrapy("crawl", "kcnawatch")
    reject = archive.rejects.find_one({"url": url})
    assert reject
    assert (reject["reason"], reject["detail"]) == (
        "robots_txt",
        "the site's robots.txt does not allow this page",
    )
    assert not site.requested(url)


def test_a_start_page_that_robots_txt_refuses(scrapy: Crawler, site: SampleSite) -> None:
    site.responses["http://www.kcna.kp/robots.txt"] = [
        PageResponse(b"User-agent: *\nDisallow: /\n", content_type="text/plain")
    ]
    crawl = scrapy("crawl", "kcna_kp")
    assert crawl.code == 1
    assert (
        "ERROR: robots_txt: http://www.kcna.kp/en: the site's robots.txt does not allow this page"
        in crawl.output
    )
    assert "Spider closed (robots_txt)" in crawl.output
    assert not site.requested("/en")
