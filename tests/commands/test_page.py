"""`scrapy page`: the result of each stage for one page."""

from __future__ import annotations

import json
from pathlib import Path

from kcna_spider.sample_site.kcna_co_jp_pages import cojp_url
from kcna_spider.sample_site.kcna_kp_pages import detail_url
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN, OLD
from kcna_spider.sample_site.wayback_pages import CAPTURED
from kcna_spider.store.archive import Archive
from tests.conftest import ROOT, Crawler

PAGES = ROOT / "tests" / "pages"


def test_a_file(scrapy: Crawler, archive: Archive) -> None:
    shown = scrapy("page", str(PAGES / "kcnawatch" / "article_2016" / "greetings.html"))
    assert shown.code == 0
    lines = shown.output.splitlines()
    assert "layout: kcnawatch.org/article_2016" in lines
    assert "validation: sound" in lines
    assert "store: not known" in lines
    start = shown.output.index("article: ") + len("article: ")
    article = json.JSONDecoder().raw_decode(shown.output[start:])[0]
    assert (article["published"], article["dateline"]["place"]) == ("2024-03-10", "Pyongyang")


def test_an_address_that_is_stored(scrapy: Crawler, archive: Archive) -> None:
    scrapy("crawl", "kcna_kp", "-a", "limit=30")
    shown = scrapy("page", detail_url(EN[0]), "--day", EN[0].day.isoformat())
    assert shown.code == 0
    assert "store: known since " in shown.output
    assert f'"published": "{EN[0].day}"' in shown.output


def test_without_its_listing_a_page_may_have_no_day(scrapy: Crawler) -> None:
    undated = next(s for s in EN if "Anecdote" in s.title)
    shown = scrapy("page", detail_url(undated))
    assert shown.code == 1
    assert "validation: rejected as no_day" in shown.output


def test_a_capture_a_listing_and_a_page_of_many(scrapy: Crawler) -> None:
    capture = scrapy(
        "page", f"https://web.archive.org/web/{CAPTURED[0]}id_/{detail_url(EN[0]).replace('://', ':/')}"
    )
    assert capture.code == 0
    assert f"url: {detail_url(EN[0])}" in capture.output
    assert "capture: 2024-04-01 00:00:00 UTC" in capture.output
    listing = scrapy("page", "http://www.kcna.co.jp/index-e.htm")
    assert listing.code == 0
    assert "layout: kcna.co.jp/index_1997" in listing.output
    many = scrapy("page", cojp_url(OLD[0]).partition("#")[0])
    assert many.output.count("raw fields:") > 1


def test_no_page(scrapy: Crawler, site: SampleSite, tmp_path: Path) -> None:
    site.world.bot_check = True
    assert "no page: challenge" in scrapy("page", "https://kcnawatch.org/").output
    missing = scrapy("page", "http://www.kcna.kp/en/article/detail/none")
    assert missing.code == 1
    assert "status: 404" in missing.output
    assert "layout: none" in missing.output
    for arguments, line in (
        (["http://example.org/"], "no site of this project"),
        ([str(tmp_path / "none.html")], "No such file"),
        ([str(ROOT / "README.md")], "give the URL that it was saved from with --url"),
    ):
        wrong = scrapy("page", *arguments)
        assert wrong.code == 2
        assert line in wrong.output
