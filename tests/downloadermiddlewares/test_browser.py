"""KCNA Watch in a real Chromium: with its bot check, and with a button that works only in browsers."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import async_playwright
from scrapy.crawler import Crawler as ScrapyCrawler
from scrapy.http import HtmlResponse, Request, Response
from scrapy.utils.test import get_crawler

from kcna_spider.downloadermiddlewares.browser import BrowserMiddleware
from kcna_spider.downloadermiddlewares.chromium import QUIET, find_browser, page_meta, proxy_options
from kcna_spider.downloadermiddlewares.meta_keys import BROWSER_STATUSES
from kcna_spider.exceptions import BrowserMissingError
from kcna_spider.sample_site.kcnawatch_pages import watch_url
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import STORIES
from kcna_spider.spiders.kcnawatch import KcnaWatchSpider
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
def test_clicks_have_the_delay_of_the_site(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    assert scrapy("crawl", "kcnawatch").code == 0
    site.log.clear()
    site.world.ajax_refused = True
    settings = (
        "DOWNLOAD_DELAY=1",
        "RANDOMIZE_DOWNLOAD_DELAY=0",
        "LOG_LEVEL=DEBUG",
        "LOG_FORMAT=%(created)f %(message)s",
    )
    crawl = scrapy(
        "crawl", "kcnawatch", "-a", "full=1", *(part for text in settings for part in ("-s", text))
    )
    assert crawl.code == 0
    sent = [
        asked
        for asked in site.log
        if "admin-ajax" in asked.url and "sec-fetch-mode" in asked.headers and asked.method == "GET"
    ]
    # A page may send its request some time after the click, so the times of the clicks are compared.
    clicks = [float(at) for at in re.findall(r"^([\d.]+) Click ", crawl.output, re.MULTILINE)]
    assert len(clicks) == len(sent) > 2
    assert all(after - before > 0.99 for before, after in pairwise(clicks)), clicks


def test_headers_of_the_page_are_kept(site: SampleSite) -> None:
    """Check Retry-After, which the retry middleware reads, and the headers of conditional requests."""
    middleware = BrowserMiddleware(browser_crawler())
    headers = {"Retry-After": "120", "ETag": '"1"', "Content-Encoding": "gzip", "Content-Type": "text/html"}
    for last, kept in ((429, {"Retry-After", "Etag", "Content-Type"}), (200, {"Content-Type"})):
        request = Request("https://kcnawatch.org/", meta=page_meta(middleware.settings))
        request.meta[BROWSER_STATUSES].append(last)
        response = HtmlResponse(request.url, 429, headers, b"<html>", ["playwright"])
        found = asyncio.run(middleware.process_response(request, response))
        assert isinstance(found, Response)
        assert found.status == last
        assert {name.decode() for name in found.headers} == kept


def browser_crawler() -> ScrapyCrawler:
    """Return a crawler whose spider uses the browser."""
    crawler = get_crawler(KcnaWatchSpider)
    crawler.spider = KcnaWatchSpider.from_crawler(crawler)
    return crawler


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, {}),
        ({"http_proxy": "http://proxy:3128"}, {"server": "http://proxy:3128"}),
        ({"http_proxy": "proxy:3128"}, {"server": "http://proxy:3128"}),
        (
            {"https_proxy": "http://me:p%40ss@proxy:3128", "no_proxy": "localhost,.example.org"},
            {
                "server": "http://proxy:3128",
                "username": "me",
                "password": "p@ss",
                "bypass": "localhost,.example.org",
            },
        ),
    ],
)
def test_the_proxy_of_the_browser(
    environment: dict[str, str], expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_options() == expected


@chromium
def test_the_browser_contacts_only_the_site() -> None:
    """Check the targets of all connections of a browser that stays open, also those of its vendor."""
    assert asyncio.run(contacted("http://plain.test/", seconds=6)) == {"plain.test"}


async def contacted(url: str, seconds: float) -> set[str | None]:
    """Return the hosts that the browser contacts while it shows a page for some seconds."""
    hosts: set[str | None] = set()

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readuntil(b"\r\n\r\n")).split()
        target = line[1].decode()
        hosts.add(urlsplit(f"//{target}" if line[0] == b"CONNECT" else target).hostname)
        status = b"502 No" if line[0] == b"CONNECT" else b"200 OK"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(respond, "127.0.0.1", 0) as server, async_playwright() as play:
        proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        browser = await play.chromium.launch(
            executable_path=find_browser("", play.chromium.executable_path),
            args=QUIET,
            proxy={"server": proxy},
        )
        await (await browser.new_page()).goto(url)
        await asyncio.sleep(seconds)
        await browser.close()
    return hosts


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


@chromium
def test_a_browser_that_does_not_start(scrapy: Crawler, site: SampleSite, tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    scrapy.environment["PLAYWRIGHT_CHROMIUM"] = str(program)
    site.world.bot_check = True
    crawl = scrapy("crawl", "kcnawatch")
    assert crawl.code == 1
    assert f"The site requires a browser, but {program} does not start: " in crawl.output
    assert "Traceback" not in crawl.output


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
