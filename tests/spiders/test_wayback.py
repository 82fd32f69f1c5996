"""Captures of the sample site: every story once, newest or all versions, in pages of any size."""

from __future__ import annotations

import datetime as dt
import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from kcna_spider.sample_site.kcna_co_jp_pages import cojp_url
from kcna_spider.sample_site.kcna_kp_2022_pages import q_url
from kcna_spider.sample_site.kcna_kp_pages import detail_url
from kcna_spider.sample_site.kcnawatch_pages import watch_url
from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN, STORIES
from kcna_spider.sample_site.wayback_pages import CAPTURED, captures
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler

FIRST, SECOND = (dt.datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC) for stamp in CAPTURED)
INDEX_FIELDS = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest"]
ON_KP = [story for story in STORIES if story.kp]


def by_url(archive: Archive) -> dict[str, dict[str, Any]]:
    """Return the article of each URL."""
    return {
        copy["url"]: document
        for document in archive.database["articles"].find()
        for copy in document["copies"]
    }


@pytest.mark.parametrize("size", ["3", "5000"])
def test_every_captured_story_of_kcna_kp_once(
    scrapy: Crawler, archive: Archive, site: SampleSite, size: str
) -> None:
    assert scrapy("crawl", "wayback", "-a", "site=kcna.kp", "-a", f"page_size={size}").code == 0
    stored = by_url(archive)
    urls = {detail_url(s) for s in ON_KP} | {
        q_url(s, c) for s in ON_KP if s.code == "en" for c in s.categories
    }
    assert set(stored) == urls
    assert archive.database["articles"].count_documents({}) == len(ON_KP)
    for story in ON_KP:
        document = stored[detail_url(story)]
        assert document["title"] == story.title
        if story.code == "en":  # Its older page states the day.
            assert (document["published"].date(), document["published_from"]) == (story.day, "page")
        else:  # Only its dateline and the capture's timestamp limit the day.
            assert document["published_from"] == "capture"
            assert abs(document["published"].date() - story.day) <= dt.timedelta(days=1)
        for copy in document["copies"]:
            assert copy["capture"]["at"] in (FIRST, SECOND)
            assert copy["capture"]["url"].startswith("https://web.archive.org/web/")
            assert copy["first_seen"] == copy["capture"]["at"]
    site.log.clear()
    assert scrapy("crawl", "wayback", "-a", "site=kcna.kp", "-a", f"page_size={size}").code == 0
    assert not site.requested("/web/"), "a capture was read again"


def test_all_versions_show_the_edits_between_captures(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    assert scrapy("crawl", "wayback", "-a", "site=kcnawatch.org", "-a", "versions=all").code == 0
    stored = by_url(archive)
    edited = next(s for s in EN if s.edited and s.watch)
    document = stored[watch_url(edited)]
    assert document["body"].endswith(edited.edited or "?")
    assert document["copies"][0]["history"] == [{"at": SECOND, "before": 1, "revision": 2}]
    assert document["changed_at"] == SECOND
    revisions = list(archive.database["revisions"].find({"article": document["_id"]}).sort("number"))
    assert [(r["seen_at"], r["sources"][0]["capture"]["at"]) for r in revisions] == [
        (FIRST, FIRST),
        (SECOND, SECOND),
    ]
    unchanged = next(s for s in EN if not s.edited and s.watch and not s.withdrawn and not s.late)
    assert stored[watch_url(unchanged)]["copies"][0]["history"] == []
    asked = site.requested("/web/")
    assert max(asked.values()) == 1
    assert scrapy("changes", "--since", "2024-01-01").output.count("edited:") >= 1


def test_pages_of_all_articles_of_a_day(scrapy: Crawler, archive: Archive) -> None:
    assert scrapy("crawl", "wayback", "-a", "site=kcna.co.jp").code == 0
    stored = by_url(archive)
    wanted = {cojp_url(s) for s in STORIES if s.cojp and not s.title.startswith("For Spanish")}
    assert wanted == set(stored)
    stub = archive.rejects.find_one({"reason": "stub"})
    assert stub


def test_days_are_asked_for_by_url(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    assert (
        scrapy(
            "crawl", "wayback", "-a", "site=kcna.co.jp", "-a", "since=1997-01-01", "-a", "until=1997-12-31"
        ).code
        == 0
    )
    assert {d["published"].year for d in archive.database["articles"].find()} == {1997}
    assert all("/1997/" in url for url in site.requested("/web/"))


def test_an_older_capture_where_the_newest_is_no_good(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    story = next(s for s in EN if s.edited and s.watch)
    newest = f"https://web.archive.org/web/{CAPTURED[1]}id_/{watch_url(story).replace('://', ':/')}"
    site.responses[newest] = [PageResponse(b"<html><body><p>no such page</p></body></html>")]
    crawl = scrapy("crawl", "wayback", "-a", "site=kcnawatch.org")
    assert crawl.code == 0
    assert "'captures/older_taken': 1" in crawl.output
    assert by_url(archive)[watch_url(story)]["copies"][0]["capture"]["at"] == FIRST


def test_a_live_page_outranks_its_capture_and_knows_the_day(
    scrapy: Crawler, archive: Archive, site: SampleSite, snapshot: Callable[[], dict[str, Any]]
) -> None:
    """Check that a later crawl of the live site adds the dates that no capture stated."""
    scrapy("crawl", "wayback", "-a", "site=kcna.kp")
    assert archive.database["articles"].count_documents({"published_from": "capture"}) > 0
    assert scrapy("crawl", "kcna_kp", "-a", "language=en,ko,zh,ru,es,ja").code == 0
    stored = by_url(archive)
    for story in ON_KP:
        if story.live(1):
            document = stored[detail_url(story)]
            assert document["published"].date() == story.day
            assert document["published_from"] in ("page", "listing")
            if document["dateline"]:
                assert abs(document["dateline"]["date"].date() - story.day) <= dt.timedelta(days=31)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "argument site is missing (one of kcna.co.jp, kcna.kp, kcnawatch.org)"),
        (
            ["-a", "site=example.org"],
            "argument site=example.org: not one of kcna.co.jp, kcna.kp, kcnawatch.org",
        ),
        (["-a", "site=kcna.kp", "-a", "versions=some"], "argument versions=some: not one of newest, all"),
    ],
)
def test_arguments(scrapy: Crawler, site: SampleSite, arguments: list[str], line: str) -> None:
    crawl = scrapy("crawl", "wayback", *arguments)
    assert crawl.code == 2
    assert line in crawl.output
    assert not site.log


def test_an_index_that_is_none(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    class Index(dict):  # type: ignore[type-arg]  # It has a response for any slice.
        def get(self, url: str, default: Any = None) -> Any:
            return [PageResponse(b"<html><title>Maintenance</title></html>")] if "/cdx/" in url else default

    site.responses = Index()
    crawl = scrapy("crawl", "wayback", "-a", "site=kcna.kp")
    assert crawl.code == 1
    assert "bad_index: https://web.archive.org/cdx/" in crawl.output
    assert archive.rejects.find_one({"reason": "bad_index"})


def test_an_older_capture_where_the_newest_shows_no_article(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    """Check a page that the site shows instead of a withdrawn article, with the status 200."""
    story = next(s for s in ON_KP if s.code == "en")
    captures = [
        f"https://web.archive.org/web/{stamp}id_/{detail_url(story).replace('://', ':/')}"
        for stamp in CAPTURED
    ]
    home = urllib.request.build_opener(urllib.request.ProxyHandler({"http": site.proxy}))
    with home.open("http://www.kcna.kp/en") as page:
        site.responses[captures[1]] = [PageResponse(page.read())]
    site.log.clear()
    crawl = scrapy("crawl", "wayback", "-a", "site=kcna.kp")
    assert crawl.code == 0
    assert set(captures) <= set(site.requested("/web/"))
    copies = by_url(archive)[detail_url(story)]["copies"]
    assert [c["capture"]["at"] for c in copies if c["url"] == detail_url(story)] == [FIRST]


class IndexWith(dict[str, list[PageResponse | None]]):
    """Prepared responses of the site: the whole index of kcna.co.jp, with a row for one more page."""

    def __init__(self, site: SampleSite, page: str) -> None:
        super().__init__()
        rows = [row for row in captures(site.world) if "kcna.co.jp" in row[2]]
        rows.append([page, CAPTURED[1], page, "text/html", "200", "D" * 32])
        self.index = json.dumps([INDEX_FIELDS, *rows]).encode()

    def get(self, url: str, default: Any = None) -> Any:
        """Return the index for any slice of it."""
        if "/cdx/" in url:
            return [PageResponse(self.index, content_type="application/json")]
        return default


def test_a_captured_listing_is_read_until_its_articles_are_stored(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    day = "http://www.kcna.co.jp/item/2024/202403/2024-03-10ee.html"
    site.responses = IndexWith(site, day)
    requested = []
    for _ in range(3):
        site.log.clear()
        crawl = scrapy("crawl", "wayback", "-a", "site=kcna.co.jp")
        assert crawl.code == 0
        requested.append(sorted(site.requested("/web/")))
    assert f"/web/{CAPTURED[1]}id_/{day.replace('://', ':/')}" in "".join(requested[0])
    assert len(requested[1]) <= 1, "an article was requested again"
    assert requested[2] == []
    assert by_url(archive)


def test_a_live_crawl_reads_what_only_captures_showed(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    scrapy("crawl", "wayback", "-a", "site=kcna.kp")
    assert scrapy("crawl", "kcna_kp", "-a", "language=en,kp,cn,ru,es,jp").code == 0
    live = {detail_url(s) for s in ON_KP if s.live(1)}
    captured = {
        copy["url"]
        for document in archive.database["articles"].find()
        for copy in document["copies"]
        if copy["capture"]
    }
    assert not live & captured
    site.log.clear()
    assert scrapy("crawl", "kcna_kp", "-a", "language=en,kp,cn,ru,es,jp").code == 0
    assert not site.requested("/article/detail/")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body><p>Domain moved</p></body></html>", "unknown_layout"),
        (b"<main><article><div class='container'><h1></h1><p>A text.</p></div></article></main>", "no_title"),
    ],
)
def test_captures_that_failed_twice_wait(
    scrapy: Crawler, archive: Archive, site: SampleSite, body: bytes, reason: str
) -> None:
    """Check that a few captures that cannot be read do not let each later crawl end as failed."""
    crawl = ("crawl", "wayback", "-a", "site=kcna.kp")
    scrapy(*crawl)
    pages = [asked.url for asked in site.log if "/web/" in asked.url and "/article/detail/" in asked.url]
    archive.database.client.drop_database(archive.database.name)
    site.responses[pages[0]] = [PageResponse(body)] * 9
    asked = []
    for _ in range(4):
        site.log.clear()
        asked.append((scrapy(*crawl).code, sum(page.url == pages[0] for page in site.log)))
    assert [number for _, number in asked] == [1, 1, 0, 0]
    assert [code for code, _ in asked[2:]] == [0, 0]
    reject = archive.rejects.find_one({"reason": reason})
    assert reject is not None
    assert (reject["times"], reject["resolved_at"]) == (2, None)
