"""A page of the search of KCNA Watch that has no usable response makes the search incomplete."""

from __future__ import annotations

from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import STORIES
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler

OLD = [story for story in STORIES if story.watch and story.live(1) and story.day.year == 1997]
DAYS = ("-a", "since=1997-01-01", "-a", "until=1998-12-31")


def refuse(site: SampleSite, url: str) -> None:
    """Let a page of the search fail at both hosts of the site."""
    for host in (".org/", ".xyz/"):
        site.responses[url.replace(".org/", host)] = [PageResponse(b"<h1>503</h1>", 503)] * 99


def test_a_window_whose_page_fails_is_split(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    assert scrapy("crawl", "kcnawatch", *DAYS).code == 0
    stored = {copy["url"] for one in archive.database["articles"].find() for copy in one["copies"]}
    refuse(site, [asked.url for asked in site.log if "start=" in asked.url][-1])
    archive.database.client.drop_database(archive.database.name)
    crawl = scrapy("crawl", "kcnawatch", *DAYS)
    assert crawl.code == 0
    assert "'search/requested_again': 1" in crawl.output
    again = Archive(scrapy.store)
    assert {copy["url"] for one in again.database["articles"].find() for copy in one["copies"]} == stored
    again.close()


def test_a_day_whose_page_fails_makes_the_search_incomplete(scrapy: Crawler, site: SampleSite) -> None:
    day = OLD[0].day
    arguments = ("-a", f"since={day}", "-a", f"until={day}")
    assert scrapy("crawl", "kcnawatch", *arguments).code == 0
    refuse(site, [asked.url for asked in site.log if "start=" in asked.url][-1])
    crawl = scrapy("crawl", "kcnawatch", *arguments, "-a", "full=1")
    assert crawl.code == 1
    assert "search_incomplete" in crawl.output
    assert "HTTP 503" in crawl.output
