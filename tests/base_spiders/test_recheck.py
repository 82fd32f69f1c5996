"""Rechecks: edits become revisions, copies are marked gone and live again, and blocks change nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import urllib.request
from typing import Any

import pytest
from scrapy.http import HtmlResponse, Request
from scrapy.utils.test import get_crawler

from kcna_spider.extensions.health import Health
from kcna_spider.items import Article
from kcna_spider.sample_site.kcna_co_jp_pages import cojp_url
from kcna_spider.sample_site.kcna_kp_pages import detail_url, kp
from kcna_spider.sample_site.kcnawatch_pages import watch_url
from kcna_spider.sample_site.site_http import PageRequest, PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN, OLD
from kcna_spider.spiders.kcna_kp import KcnaKpSpider
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler

BAKERY, ICE, MATCH = EN[0], EN[6], EN[8]  # At epoch 2 these are edited, withdrawn and late.


def of(archive: Archive, url: str) -> dict[str, Any]:
    """Return the article of a URL."""
    document = archive.database["articles"].find_one({"copies.url": url})
    assert document is not None
    return document


def copy(archive: Archive, url: str) -> dict[str, Any]:
    """Return the copy at a URL."""
    found: dict[str, Any] = next(c for c in of(archive, url)["copies"] if c["url"] == url)
    return found


def test_edited_withdrawn_late_and_back(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    scrapy("crawl", "kcna_kp")
    site.world.epoch = 2
    site.log.clear()
    crawl = scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    assert crawl.code == 0
    assert max(site.requested("/article/detail/").values()) == 1
    edited = of(archive, detail_url(BAKERY))
    assert (edited["revision"], edited["body"].split("\n\n")[-1]) == (2, "The bakers baked on, deeply moved.")
    assert edited["changed_at"] is not None
    assert edited["published"].date() == BAKERY.day, "the day that only the listing shows was lost"
    gone = of(archive, detail_url(ICE))
    assert gone["copies"][0]["status"] == "gone"
    assert gone["withdrawn_at"] == gone["copies"][0]["gone_at"] is not None
    assert gone["body"].endswith("They stand until they melt."), "the text of a withdrawn article was lost"
    assert of(archive, detail_url(MATCH))["title"] == "Football Match Ends"
    changed = {d["title"] for d in archive.database["articles"].find({"changed_at": {"$ne": None}})}
    assert changed == {BAKERY.title}

    again = scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    assert "'recheck/gone': 1" in again.output
    assert of(archive, detail_url(ICE))["withdrawn_at"] == gone["withdrawn_at"], (
        "a second check changed the time of the withdrawal"
    )
    assert archive.database["revisions"].count_documents({"number": 2}) == 1

    site.world.epoch = 1
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    back = of(archive, detail_url(ICE))
    entry = back["copies"][0]
    assert (entry["status"], back["withdrawn_at"]) == ("live", None)
    assert entry["gone_at"] == gone["copies"][0]["gone_at"] < entry["back_at"], (
        "the times of gone and back are wrong"
    )
    assert of(archive, detail_url(BAKERY))["revision"] == 1, "the first text is not current again"
    assert archive.database["revisions"].count_documents({"article": edited["_id"]}) == 2


def test_an_article_is_withdrawn_when_its_last_copy_is_gone(
    scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    scrapy("crawl", "kcna_kp")
    scrapy("crawl", "kcnawatch")
    site.world.epoch = 2
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    assert copy(archive, detail_url(ICE))["status"] == "gone"
    assert of(archive, detail_url(ICE))["withdrawn_at"] is None, (
        "an article with a live copy counts as withdrawn"
    )
    scrapy("crawl", "kcnawatch", "-a", "recheck=20000")
    assert of(archive, detail_url(ICE))["withdrawn_at"] is not None


def test_no_answer_marks_nothing(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    scrapy("crawl", "kcnawatch")
    blocked = b"<html><head><title>Web Page Blocked</title></head><body>No</body></html>"
    for story, answer in zip(
        EN,
        (
            PageResponse(blocked),
            PageResponse(b"", 503),
            None,
            PageResponse(b""),
            PageResponse(b"<title>Just a moment...</title>", 403),
        ),
        strict=False,
    ):
        for url in (watch_url(story), watch_url(story).replace(".org/", ".xyz/")):
            site.responses[url] = [answer] * 9
    # No page passes its check, so a longer wait in the browser would change nothing.
    crawl = scrapy("crawl", "kcnawatch", "-a", "recheck=20000", "-s", "BROWSER_WAIT_SECONDS=0.5", timeout=300)
    assert crawl.code == 0
    assert not archive.database["articles"].count_documents({"copies.status": "gone"})
    assert not archive.database["articles"].count_documents({"withdrawn_at": {"$ne": None}})
    assert archive.database["revisions"].count_documents({}) == archive.database["articles"].count_documents(
        {}
    )
    assert "'recheck/no_response/blocked': 1" in crawl.output


def test_conditional_requests(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    scrapy("crawl", "kcna_co_jp")
    site.log.clear()
    before = copy(archive, cojp_url(OLD[5]))["last_seen"]
    crawl = scrapy("crawl", "kcna_co_jp", "-a", "recheck=20000")
    looks = [asked for asked in site.log if "/news" in asked.url]
    assert len(looks) == 6, "there are four pages of one article and two of several"
    assert all("if-none-match" in asked.headers for asked in looks)
    assert "'recheck/there': 8" in crawl.output
    assert copy(archive, cojp_url(OLD[5]))["last_seen"] > before


def test_a_story_that_leaves_its_page(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    scrapy("crawl", "kcna_co_jp", "-a", "until=1997-12-31")
    page = cojp_url(OLD[0]).partition("#")[0]
    left = (
        b"<html><body><a name='1'></a><h3>Editorial on great harvest</h3>"
        b"<p>&nbsp;&nbsp;&nbsp; PYONGYANG, JANUARY 1 (KCNA) -- Another text.</p><hr></body></html>"
    )
    site.responses[page] = [PageResponse(left)]
    scrapy("crawl", "kcna_co_jp", "-a", "until=1997-12-31", "-a", "recheck=20000")
    assert copy(archive, cojp_url(OLD[1]))["status"] == "gone"
    assert of(archive, cojp_url(OLD[0]))["body"] == "Another text."


def test_older_articles_are_looked_at_less_often(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    scrapy("crawl", "kcnawatch")
    site.log.clear()
    crawl = scrapy("crawl", "kcnawatch", "-a", "recheck=30")
    assert crawl.code == 0
    assert not site.requested("/newstream/"), "a page was rechecked too soon"


def test_redirects_and_other_hosts_mark_nothing(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    scrapy("crawl", "kcna_kp")
    before = {d["_id"]: d["version"] for d in archive.database["articles"].find()}
    site.responses[detail_url(BAKERY)] = [PageResponse(status=302, headers={"Location": detail_url(EN[1])})]
    site.responses[detail_url(EN[2])] = [
        PageResponse(status=302, headers={"Location": "http://www.kcna.kp/en"})
    ]
    site.responses[detail_url(EN[3])] = [PageResponse(b"", 503)] * 9
    site.responses[detail_url(EN[3]).replace("www.", "")] = [PageResponse(b"", 404)] * 9
    crawl = scrapy("crawl", "kcna_kp", "-a", "recheck=20000", "-s", "RETRY_TIMES=1")
    assert crawl.code == 0
    assert "'recheck/no_response/redirected': 2" in crawl.output
    assert "'recheck/no_response/gone_at_another_host': 1" in crawl.output
    for url in (detail_url(BAKERY), detail_url(EN[2]), detail_url(EN[3])):
        assert of(archive, url)["version"] == before[of(archive, url)["_id"]], url
    assert not archive.database["articles"].count_documents({"events": {"$exists": True}})


def test_a_page_that_arrives_in_part(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    """Check that a gzip stream that is cut off is requested again, and never counts as withdrawals."""
    scrapy("crawl", "kcna_co_jp", "-a", "until=1997-12-31")
    page = cojp_url(OLD[0]).partition("#")[0]
    with urllib.request.build_opener(urllib.request.ProxyHandler({"http": site.proxy})).open(page) as whole:
        packed = gzip.compress(whole.read())
    for answers, code in ((1, 0), (9, 0)):
        site.responses[page] = [
            PageResponse(packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"})
        ] * answers
        site.log.clear()
        crawl = scrapy("crawl", "kcna_co_jp", "-a", "until=1997-12-31", "-a", "recheck=20000")
        assert crawl.code == code
        assert site.requested(page)[page] > 1
        assert not archive.database["articles"].count_documents({"events": {"$exists": True}})
    assert "'recheck/no_response/damaged': 1" in crawl.output


def test_a_host_that_was_given_up_withdraws_nothing(
    scrapy: Crawler, site: SampleSite, archive: Archive
) -> None:
    scrapy("crawl", "kcnawatch")
    site.world.hosts_down = {"kcnawatch.org"}
    for story in EN:
        site.responses[watch_url(story).replace(".org/", ".xyz/")] = [PageResponse(b"", 404)] * 9
    crawl = scrapy("crawl", "kcnawatch", "-a", "recheck=20000", "-s", "HEALTH_MIN_COUNT=100")
    assert "'recheck/no_response/gone_at_another_host'" in crawl.output
    assert not archive.database["articles"].count_documents({"copies.status": "gone"})


@pytest.mark.parametrize("bound", [None, dt.date(2024, 3, 9)])
def test_an_article_dated_by_a_capture_only(site: SampleSite, bound: dt.date | None) -> None:
    """A page of kcna.kp states no date, so a recheck keeps the stored one: the page became a reject."""
    spider = KcnaKpSpider()
    spider.crawler = get_crawler()
    health = Health(spider.crawler)
    spider.crawler.get_extension = lambda _: health  # type: ignore[method-assign, assignment, return-value]
    spider.recheck.waiting = asyncio.Semaphore(0)
    url = detail_url(BAKERY)
    body = kp(PageRequest("GET", url, {}), site.world).body
    response = HtmlResponse(url, body=body, request=Request(url))
    (found,) = spider.recheck.parse(response, {url: None}, bounds={url: bound} if bound else {})
    assert isinstance(found, Article)
    assert (found.published, found.published_from) == (bound, "capture" if bound else None)
