"""Complete crawls of KCNA Watch against the sample site, in separate processes."""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from kcna_spider.sample_site.kcnawatch_pages import label_of, watch, watch_url
from kcna_spider.sample_site.site_http import PageRequest, PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN, OLD, STORIES
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.held_site import held_once
from tests.processes import wait_until

ON_WATCH = [story for story in STORIES if story.watch and story.live(1)]


def test_every_story_is_one_article(scrapy: Crawler, archive: Archive) -> None:
    assert scrapy("crawl", "kcnawatch", "-a", "full=1").code == 0
    stored = {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}
    assert set(stored) == {watch_url(story) for story in ON_WATCH}
    assert archive.database["articles"].count_documents({}) == len(ON_WATCH)
    for story in ON_WATCH:
        document = stored[watch_url(story)]
        assert document["title"] == story.title
        assert document["published"].date() == story.day, "the date is that of the page's top bar"
        assert document["copies"][0]["source"] == label_of(story)
    bakery = stored[watch_url(EN[0])]
    assert bakery["body"] == (
        "The respected Comrade Kim Jong Un met bakers on March 8.\n\n"
        "He tasted the morning's bread with Kim Jong Un Bakery No. 3 officials.\n\nThe bakers baked on."
    )
    assert bakery["dateline"]["place"] == "Pyongyang"
    assert bakery["copies"][0]["original"] == f"http://www.kcna.kp/en/article/detail/{EN[0].key}"
    assert stored[watch_url(EN[5])]["dateline"] is None, "an anecdote has no dateline"
    assert stored[watch_url(OLD[0])]["dateline"]["raw"] == "PYONGYANG, JANUARY 1 (KCNA) --"


def test_again_fetches_no_article(
    scrapy: Crawler, site: SampleSite, snapshot: Callable[[], dict[str, Any]]
) -> None:
    scrapy("crawl", "kcnawatch")
    before = snapshot()
    site.log.clear()
    assert scrapy("crawl", "kcnawatch").code == 0
    assert not site.requested("/newstream/")
    assert len(site.requested("/article/")) == 2
    assert not site.requested("admin-ajax"), "a second crawl must read only the first page of each listing"
    site.log.clear()
    assert scrapy("crawl", "kcnawatch", "-a", "full=1").code == 0
    assert not site.requested("/newstream/")
    assert site.requested("admin-ajax"), "full=1 must read the complete listings"
    assert snapshot() == before


def test_polite(scrapy: Crawler, site: SampleSite) -> None:
    assert scrapy("crawl", "kcnawatch", "-a", "full=1").code == 0
    assert max(site.requested("/newstream/").values()) == 1, "a page was fetched twice"
    assert site.log[0].url.endswith("/robots.txt")
    assert not [url for url in site.requested("/wp-admin/") if "admin-ajax.php" not in url]
    assert all("kcna_spider/" in asked.headers["user-agent"] for asked in site.log)


def test_pauses_and_contact(scrapy: Crawler, site: SampleSite) -> None:
    scrapy.environment["CONTACT"] = "archive@example.org"
    pace = ["-s", "DOWNLOAD_DELAY=0.5", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "DOWNLOAD_DELAY_JITTER=0"]
    assert scrapy("crawl", "kcnawatch", "-a", "limit=3", *pace, fast=False).code == 0
    # The time of robots.txt includes its connection; later requests may be retries, which have longer pauses.
    times = [asked.at for asked in site.log[1:7]]
    assert len(times) == 6
    assert times[-1] - times[0] > 0.75 * 0.5 * (len(times) - 1), "there must be a pause between the pages"
    assert "archive@example.org" in site.log[-1].headers["user-agent"]


def test_limit_since_until_source(scrapy: Crawler, archive: Archive) -> None:
    assert scrapy("crawl", "kcnawatch", "-a", "limit=2").code == 0
    assert archive.database["articles"].count_documents({}) == 2
    assert scrapy("crawl", "kcnawatch", "-a", "since=1997-01-01", "-a", "until=1997-12-31").code == 0
    assert archive.database["articles"].count_documents({"title": "Editorial on great harvest"}) == 1
    stored = {d["published"].year for d in archive.database["articles"].find()}
    assert 1997 in stored
    assert archive.database["articles"].count_documents({}) <= 3
    assert scrapy("crawl", "kcnawatch", "-a", "source=kcna.co.jp (EN)", "-a", "full=1").code == 0
    assert archive.database["articles"].count_documents({"copies.source": "KCNA.co.jp (En)"}) == 2
    run = archive.runs.find_one(sort=[("started_at", -1)])
    assert run is not None
    assert run["arguments"] == {"source": ["kcna.co.jp (EN)"], "full": True}
    assert run["finish_reason"] == "finished"


def test_after_a_limited_crawl_the_gap_is_filled(scrapy: Crawler, archive: Archive) -> None:
    """Check that a crawl continues past stored pages to a gap of an earlier crawl."""
    scrapy("crawl", "kcnawatch", "-a", "limit=9")
    assert scrapy("crawl", "kcnawatch").code == 0
    assert archive.database["articles"].count_documents({}) == len(ON_WATCH)


def test_killed_in_the_middle_and_run_again(
    scrapy: Crawler, site: SampleSite, archive: Archive, snapshot: Callable[[], dict[str, Any]]
) -> None:
    with held_once(site, lambda: len(site.requested("/newstream/")) > 3):
        process = scrapy.begin("crawl", "kcnawatch", "-s", "CONCURRENT_REQUESTS=1")
        wait_until(lambda: archive.database["articles"].count_documents({}), process)
        process.kill()
        assert process.wait(60) == -signal.SIGKILL
    assert 0 < archive.database["articles"].count_documents({}) < len(ON_WATCH)
    assert scrapy("crawl", "kcnawatch").code == 0
    after_the_kill = snapshot()
    archive.database.client.drop_database(archive.database.name)
    assert scrapy("crawl", "kcnawatch", "-a", "full=1").code == 0
    assert snapshot() == after_the_kill


def test_two_crawls_at_once(
    scrapy: Crawler, archive: Archive, snapshot: Callable[[], dict[str, Any]]
) -> None:
    processes = [scrapy.begin("crawl", "kcnawatch", "-a", "full=1") for _ in range(2)]
    assert [(p.communicate()[0], p.returncode)[1] for p in processes] == [0, 0]
    together = snapshot()
    archive.database.client.drop_database(archive.database.name)
    scrapy("crawl", "kcnawatch", "-a", "full=1")
    assert snapshot() == together


# -- A crawl that finds nothing fails.


def test_a_listing_without_stories(scrapy: Crawler, site: SampleSite) -> None:
    shell = (
        b"<html><head><title>KCNA</title></head><body><div id='latest_article_wrapper'></div></body></html>"
    )
    site.responses["https://kcnawatch.org/article/156/"] = [PageResponse(shell)]
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 1
    assert (
        "empty_listing: https://kcnawatch.org/article/156/: the listing of KCNA.kp (En) shows no article"
        in crawl.output
    )


def test_a_page_no_layout_claims_is_kept(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    url = watch_url(EN[0])
    site.responses[url] = [
        PageResponse(
            b"<html><head><title>New design</title></head><body><main>Something else</main></body></html>"
        )
    ]
    crawl = scrapy("crawl", "kcnawatch")
    reject = archive.rejects.find_one({"url": url})
    assert reject is not None
    assert reject["reason"] == "unknown_layout"
    assert "Something else" in reject["raw"]["html"]
    assert archive.database["articles"].count_documents({}) == len(ON_WATCH) - 1
    assert "'drop/unknown_layout': 1" in crawl.output
    assert "'layout/unknown/kcnawatch.org': 1" in crawl.output
    assert scrapy("crawl", "kcnawatch").code == 0
    assert archive.database["articles"].count_documents({}) == len(ON_WATCH), (
        "the next crawl must fetch the page again"
    )


def test_an_article_without_text(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    url = watch_url(EN[0])
    site.responses[url] = [
        PageResponse(b"<html><title>x</title><h1>Only a title</h1><div class='article-content'></div></html>")
    ]
    scrapy("crawl", "kcnawatch")
    reject = archive.rejects.find_one({"url": url})
    assert reject is not None
    assert (reject["reason"], reject["raw"]["title"]) == ("no_body", "Only a title")


def test_a_new_home_page(scrapy: Crawler, site: SampleSite) -> None:
    site.responses["https://kcnawatch.org/"] = [
        PageResponse(b"<html><head><title>New</title></head><body>Welcome</body></html>")
    ]
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 1
    assert "no_sources: the home page https://kcnawatch.org/ is not as expected" in crawl.output


def test_an_unknown_source(scrapy: Crawler) -> None:
    crawl = scrapy("crawl", "kcnawatch", "-a", "source=Pravda")
    assert crawl.code == 2
    assert "it has: KCNA.kp (En), KCNA.co.jp (En), Rodong Sinmun (En)" in crawl.output


@pytest.mark.parametrize("source", ["KCNA.kp (En),Typo (En)", "KCNA", "kp"])
def test_every_source_must_be_one_of_the_home_page(scrapy: Crawler, site: SampleSite, source: str) -> None:
    crawl = scrapy("crawl", "kcnawatch", "-a", f"source={source}")
    assert crawl.code == 2
    (line,) = [line for line in crawl.output.splitlines() if " ERROR: " in line]
    assert (
        f"the site has no {source.rpartition(',')[2]}; it has: KCNA.kp (En), KCNA.co.jp (En), Rodong "
        "Sinmun (En)"
    ) in line
    assert not site.requested("/article/")


def test_a_page_without_its_date_line(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    """Check that the date is never the number in the URL, but the date in the listing."""
    listed, alone = EN[4], EN[2]
    for story in (listed, alone):
        page = watch(PageRequest("GET", watch_url(story), {}), site.world)
        page.body = re.sub(rb"Date: [^|]*[|] ", b"", page.body)
        site.responses[watch_url(story)] = [page]
    listing = watch(PageRequest("GET", "https://kcnawatch.org/article/156/", {}), site.world)
    listing.body = listing.body.replace(f"{alone.day:%B} {alone.day.day}, {alone.day.year}".encode(), b"")
    site.responses["https://kcnawatch.org/article/156/"] = [listing]
    scrapy("crawl", "kcnawatch", "-a", "source=KCNA.kp (En)")
    stored = archive.database["articles"].find_one({"copies.url": watch_url(listed)})
    assert stored
    assert (stored["published"].date(), stored["published_from"]) == (listed.day, "listing")
    reject = archive.rejects.find_one({"url": watch_url(alone)})
    assert reject
    assert reject["reason"] == "no_day"


def test_faults_are_asked_for_again(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    blocked = b"<html><head><title>Web Page Blocked</title></head><body>No</body></html>"
    faults: list[PageResponse | None] = [
        PageResponse(b"<h1>503</h1>", 503), None, PageResponse(b""), PageResponse(bytes(range(256)) * 8),
        PageResponse(blocked),
        PageResponse(b"<html>half", headers={"Content-Length": "900"}),
        PageResponse(b"", 429, headers={"Retry-After": "1"}),
    ]  # fmt: skip
    for story, fault in zip(ON_WATCH, faults, strict=False):
        site.responses[watch_url(story)] = [fault, fault]
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 0
    assert archive.database["articles"].count_documents({}) == len(ON_WATCH)
    assert archive.rejects.count_documents({}) == 0
    for kind in ("binary", "blocked"):
        assert f"'blocked/{kind}': 2" in crawl.output


def test_unreachable(scrapy: Crawler) -> None:
    scrapy.proxy = "http://127.0.0.1:9"
    began = time.monotonic()
    crawl = scrapy("crawl", "kcnawatch")
    assert time.monotonic() - began < 60
    assert crawl.code == 1
    lines = [
        line for line in crawl.output.splitlines() if "ERROR: unreachable: https://kcnawatch.org/" in line
    ]
    assert len(lines) == 1
    assert "make demo" in lines[0]


def test_a_site_that_never_answers_ends_the_crawl_within_a_minute(scrapy: Crawler) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        scrapy.proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        crawl = scrapy("crawl", "kcna_kp", "-a", "language=en,ko,zh", "-s", "RETRY_PAUSE_SECONDS=1")
    assert time.monotonic() - began < 60
    assert crawl.code == 1
    assert "ERROR: unreachable: http://www.kcna.kp/" in crawl.output


def test_an_article_in_place_of_a_listing(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    listing = "https://kcnawatch.org/article/156/"
    shown = watch(PageRequest("GET", watch_url(EN[0]), {}), site.world)
    site.responses[listing] = [shown] * 9
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 1
    assert "Spider closed (no_listing)" in crawl.output
    (reject,) = archive.rejects.find({"url": listing})
    assert reject["reason"] == "no_listing"
    assert "was expected" in reject["detail"]


def test_the_bot_check_has_a_name(scrapy: Crawler, site: SampleSite) -> None:
    site.world.bot_check = True
    crawl = scrapy("crawl", "kcnawatch", "-a", "browser=never")
    assert crawl.code == 1
    assert "challenge" in crawl.output
