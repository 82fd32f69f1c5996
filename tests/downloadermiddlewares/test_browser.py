"""KCNA Watch in a real Chromium: with its bot check, and with a button that works only in browsers."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kcna_spider.downloadermiddlewares.chromium import find_browser
from kcna_spider.exceptions import BrowserMissingError
from kcna_spider.sample_site.kcnawatch_pages import watch_url
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import STORIES
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.system import chromium

ON_WATCH = {watch_url(story) for story in STORIES if story.watch and story.live(1)}


def stored(archive: Archive) -> set[str]:
    """Return the URLs in the store."""
    return {copy["url"] for document in archive.database["articles"].find() for copy in document["copies"]}


@chromium
@pytest.mark.parametrize("unnamed", [False, True])
def test_the_bot_check_is_passed_once(
    scrapy: Crawler, archive: Archive, site: SampleSite, tmp_path: Path, unnamed: bool
) -> None:
    site.world.bot_check, site.world.unnamed_check = True, unnamed
    crawl = scrapy("crawl", "kcnawatch", "-s", f"WARC_DIR={tmp_path}")
    assert crawl.code == 0
    assert stored(archive) == ON_WATCH
    assert "'browser/pages': 1" in crawl.output, "the session must continue over plain HTTP"
    by_browser = [asked for asked in site.log if "sec-fetch-mode" in asked.headers]
    assert {asked.host for asked in by_browser} == {"kcnawatch.org"}
    assert len(by_browser) == 2
    assert all("kcna_spider/" in asked.headers["user-agent"] for asked in site.log), (
        "the browser and plain HTTP must send the same User-Agent"
    )
    assert {asked.host for asked in site.log} == {"kcnawatch.org"}, "the browser contacted another host"
    for document in archive.database["articles"].find():
        assert document["copies"][0]["record"]["file"]


@chromium
def test_the_button_is_clicked_where_its_address_is_refused(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    site.world.ajax_refused = True
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 0, crawl.output
    assert stored(archive) == ON_WATCH
    assert "'browser/listings_clicked': 2" in crawl.output
    site.log.clear()
    assert scrapy("crawl", "kcnawatch").code == 0, "a second run must need no click"
    assert not site.requested("/newstream/")
    assert not site.requested("admin-ajax")


@chromium
def test_always(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    crawl = scrapy("crawl", "kcnawatch", "-a", "browser=always", "-a", "limit=3")
    assert crawl.code == 0
    assert archive.database["articles"].count_documents({}) == 3
    pages = [asked for asked in site.log if not asked.url.endswith("/robots.txt")]
    assert all("sec-fetch-mode" in asked.headers for asked in pages)


@chromium
def test_a_session_that_ends_is_renewed(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    """Check that several renewals still leave most pages to plain HTTP."""
    site.world.bot_check, site.world.session_uses = True, 2
    crawl = scrapy("crawl", "kcnawatch", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    assert crawl.code == 0, crawl.output
    assert stored(archive) == ON_WATCH
    pages, checks = (
        int(re.findall(rf"'browser/{name}': (\d+)", crawl.output)[0]) for name in ("pages", "challenges")
    )
    assert pages > 4
    assert pages == checks, "the browser fetched a page that had no bot check"


@chromium
def test_a_bot_check_that_lets_nobody_through(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    scrapy("crawl", "kcnawatch", "-a", "limit=4")
    site.world.bot_check = site.world.stubborn = True
    site.log.clear()
    # A longer wait in the browser would change nothing.
    crawl = scrapy("crawl", "kcnawatch", "-a", "recheck=20000", "-s", "BROWSER_WAIT_SECONDS=0.5")
    assert crawl.code == 1
    assert "bot_check: https://kcnawatch.org/" in crawl.output
    in_browser = Counter(asked.host for asked in site.log if "sec-fetch-mode" in asked.headers)
    assert set(in_browser) == {"kcnawatch.org", "kcnawatch.xyz"}
    assert max(in_browser.values()) <= 2, "the browser must retry a page once per host"
    assert not archive.database["articles"].count_documents({"copies.status": "gone"})


@chromium
def test_a_bot_check_that_lets_nobody_through_any_more(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    """Check that the browser is disabled after a few pages during a crawl that it did not pass."""
    # Listings are fetched first; with a lower number there would be no article.
    site.world.bot_check, site.world.patience = True, 10
    crawl = scrapy("crawl", "kcnawatch", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1", timeout=200)
    assert crawl.code == 1
    assert "blocks the browser like plain HTTP" in crawl.output
    assert 0 < len(stored(archive)) < len(ON_WATCH)
    assert archive.rejects.count_documents({"reason": "challenge"}) >= 3
    shown = [asked.path for asked in site.log if "sec-fetch-mode" in asked.headers]
    assert shown[:2] == ["/", "/"], "the browser must see the check, then the page"
    assert len(shown) <= 2 + 2 * 2, "the browser must retry two pages once each"


def test_never(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    site.world.bot_check = True
    crawl = scrapy("crawl", "kcnawatch", "-a", "browser=never")
    assert crawl.code == 1
    assert "bot_check: https://kcnawatch.org/: the site responded with a bot check" in crawl.output
    run = archive.runs.find_one()
    assert run
    assert run["finish_reason"] == "bot_check"


def test_without_a_browser_it_says_what_to_install(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    scrapy("crawl", "kcnawatch", "-a", "limit=2")
    site.world.ajax_refused = True
    scrapy.environment["PLAYWRIGHT_CHROMIUM"] = "/no/such/browser"
    crawl = scrapy("crawl", "kcnawatch", "-a", "full=1")
    assert crawl.code == 1
    assert "/no/such/browser: there is no such program" in crawl.output
    assert archive.database["articles"].count_documents({}) > 2, "the crawl must continue without the button"
    site.world.bot_check = True
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 1
    assert "The site requires a browser, but PLAYWRIGHT_CHROMIUM=/no/such/browser" in crawl.output


def test_which_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chromium"
    program.touch(mode=0o755)
    assert find_browser(str(program), "") == str(program)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser("", "") == str(program), "the system's browser was not found"
    monkeypatch.setenv("PATH", "")
    assert find_browser("", str(program)) == str(program), (
        "the browser that Playwright downloaded was not found"
    )
    with pytest.raises(BrowserMissingError, match="apt-get install chromium"):
        find_browser("", "/none")
