"""Articles of other publishers on KCNA Watch: neither they nor their photos are stored."""

from __future__ import annotations

import re
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from kcna_spider.sample_site.kcnawatch_pages import shows_picture, watch_url
from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import STORIES
from kcna_spider.sample_site.wayback_pages import CAPTURED
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler

STORY = next(s for s in STORIES if s.watch and s.live(1) and s.live(2) and shows_picture(s, 2))
CAPTURE = f"https://web.archive.org/web/{CAPTURED[-1]}id_/{watch_url(STORY).replace('://', ':/')}"
SOURCE = "Rodong Sinmun (En)"
CAPTURES = ("crawl", "wayback", "-a", "site=kcnawatch.org", "-a", "photos=1")


def relabel(site: SampleSite, url: str) -> None:
    """Let the site name another publisher on the page of an article."""
    proxies = urllib.request.ProxyHandler({"http": site.proxy})
    with urllib.request.build_opener(proxies).open(url.replace("https:", "http:")) as page:
        body = re.sub(rb"KCNA\.[\w.]+ \(En\)", SOURCE.encode(), page.read())
    site.responses[url] = [PageResponse(body)]
    site.log.clear()


@pytest.fixture(autouse=True)
def _photos(scrapy: Crawler, tmp_path: Path) -> None:
    scrapy.environment["FILES_STORE"] = str(tmp_path / "photos")


def articles(archive: Archive) -> set[str]:
    """Return the URLs of all copies."""
    return {copy["url"] for document in archive.database["articles"].find() for copy in document["copies"]}


def photos(archive: Archive) -> set[str]:
    """Return the SHA-256 of all files of photos."""
    return {str(photo["_id"]) for photo in archive.database["photos"].find()}


def test_a_crawl_of_the_site(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    relabel(site, watch_url(STORY))
    crawl = scrapy("crawl", "kcnawatch", "-a", "photos=1", "-a", "browser=never")
    assert "'articles/other_source': 1" in crawl.output
    assert articles(archive)
    assert watch_url(STORY) not in articles(archive)
    assert not site.requested(f"/uploads/{STORY.number}.jpg")


def test_captures_are_read_once(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    relabel(site, CAPTURE)
    crawl = scrapy(*CAPTURES)
    assert crawl.code == 0
    assert "'articles/other_source': 1" in crawl.output
    assert articles(archive)
    assert watch_url(STORY) not in articles(archive)
    site.log.clear()
    assert scrapy(*CAPTURES).code == 0
    assert not site.requested("/web/")


def test_a_reparse(scrapy: Crawler, archive: Archive, site: SampleSite, tmp_path: Path) -> None:
    relabel(site, CAPTURE)
    warc = str(tmp_path / "warc")
    assert scrapy(*CAPTURES, "-s", f"WARC_DIR={warc}").code == 0
    other = StoreSettings(uri=scrapy.store.uri, database=f"{scrapy.store.database}_2")
    reading = Crawler(other, "http://127.0.0.1:9", scrapy.environment)
    again = reading("reparse", "--photos", warc)
    assert again.code == 0
    assert "'articles/other_source': 1" in again.output
    assert "Photos not stored" not in again.output
    with closing(Archive(other)) as reparsed:
        assert articles(reparsed) == articles(archive)
        assert photos(reparsed) == photos(archive)
        assert reading("reparse", "--photos", "--source", SOURCE.lower(), warc).code == 0
        assert articles(reparsed) == {*articles(archive), watch_url(STORY)}
