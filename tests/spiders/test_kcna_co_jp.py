"""Complete crawls of kcna.co.jp, in all its layouts, against the sample site."""

from __future__ import annotations

import datetime as dt
import urllib.request

from kcna_spider.sample_site.kcna_co_jp_pages import cojp_url
from kcna_spider.sample_site.site_http import PageRequest, PageResponse
from kcna_spider.sample_site.site_server import SITES, SampleSite
from kcna_spider.sample_site.stories import OLD, STORIES
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler

ON_COJP = [
    story
    for story in STORIES
    if story.cojp and story.live(1) and story.title != "For Spanish-speaking people"
]


def test_all_generations(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    assert scrapy("crawl", "kcna_co_jp").code == 0
    stored = {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}
    assert set(stored) == {cojp_url(story) for story in ON_COJP}
    assert archive.database["articles"].count_documents({}) == len(ON_COJP)
    for story in ON_COJP:
        document = stored[cojp_url(story)]
        assert (document["title"], document["language"]) == (story.title, story.code)
        assert document["published"].date() == story.cojp
        assert document["dateline"]["place"]
    assert (
        stored[cojp_url(OLD[0])]["body"]
        .split("\n\n")[1]
        .startswith("It says that the granaries are full and that, as the old saying has it, whoever")
    )
    assert stored[cojp_url(OLD[5])]["body"].startswith(
        "A museum of wax figures opened & was visited at once."
    )
    assert max(site.requested("/item/").values()) == 1, "a page was fetched twice"


def test_stubs_are_rejected_for_good(scrapy: Crawler, archive: Archive) -> None:
    scrapy("crawl", "kcna_co_jp")
    reject = archive.rejects.find_one({"reason": "stub"})
    assert reject is not None
    assert (reject["url"], reject["final"]) == (cojp_url(OLD[4]), True)


def test_again_fetches_the_calendars_and_the_newest_day(scrapy: Crawler, site: SampleSite) -> None:
    scrapy("crawl", "kcna_co_jp")
    site.log.clear()
    assert scrapy("crawl", "kcna_co_jp").code == 0
    days = [url for url in site.requested("/item/") if "calendar" not in url]
    assert days == ["http://www.kcna.co.jp/item/2024/202403/2024-03-10ee.html"]
    site.log.clear()
    assert scrapy("crawl", "kcna_co_jp", "-a", "full=1").code == 0
    days = [url for url in site.requested("/item/") if "calendar" not in url]
    assert len(days) == 5
    assert not [url for url in days if "/news" in url], "an article was fetched"


def test_a_day_with_a_story_missing_is_visited_again(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    url = cojp_url(OLD[6])
    site.responses[url] = [PageResponse(b"", 404)]
    scrapy("crawl", "kcna_co_jp")
    assert not archive.known([url])
    assert scrapy("crawl", "kcna_co_jp").code == 0
    assert archive.known([url])


def test_since_until(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    assert scrapy("crawl", "kcna_co_jp", "-a", "since=1997-01-01", "-a", "until=2005-12-31").code == 0
    assert {d["published"].year for d in archive.database["articles"].find()} == {1997, 2005}
    assert not site.requested("calendar-2012e")


def test_an_anchor_that_is_not_there(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    page = cojp_url(OLD[0]).partition("#")[0]
    site.responses[page] = [
        PageResponse(
            b"<html><body><a name='1'></a><h3>Editorial</h3><p>Pyongyang, January 1 (KCNA) -- Text.</p><hr>"
            b"</body></html>"
        )
    ]
    scrapy("crawl", "kcna_co_jp", "-a", "until=1997-12-31")
    reject = archive.rejects.find_one({"reason": "no_anchor"})
    assert reject is not None
    assert reject["url"] == cojp_url(OLD[1])
    assert archive.database["articles"].count_documents({}) == 1


def test_a_story_that_is_added_to_a_day_later(scrapy: Crawler, archive: Archive) -> None:
    scrapy("crawl", "kcna_co_jp")
    url, published = cojp_url(OLD[6]), OLD[6].cojp or dt.date.min
    day = archive.listings.find_one({"urls": url})
    assert day is not None
    archive.listings.update_one(
        {"_id": day["_id"]},
        {"$pull": {"urls": url}, "$set": {"begun_at": dt.datetime.combine(published, dt.time(12), dt.UTC)}},
    )
    archive.database["articles"].delete_one({"copies.url": url})
    assert scrapy("crawl", "kcna_co_jp").code == 0
    assert archive.known([url]), "the day was read when articles could still be added to it"


def test_a_limit_fetches_few_days(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    year = OLD[6].cojp.year if OLD[6].cojp else 0
    base = f"http://www.kcna.co.jp/item/{year}/"
    cells = "".join(
        f'<td><a href="./{year}01/{year}-01-{day:02}ee.html">{day}</a></td>' for day in range(1, 29)
    )
    calendar = PageRequest("GET", f"{base}calendar-{year}e.html", {}, {})
    page = SITES["kcna.co.jp"](calendar, site.world)
    page.body = page.body.replace(b"<tr>", b"<tr>" + cells.encode())
    site.responses[calendar.url] = [page]
    assert (
        scrapy(
            "crawl", "kcna_co_jp", "-a", "limit=1", "-a", f"since={year}-01-01", "-a", f"until={year}-12-31"
        ).code
        == 0
    )
    assert archive.database["articles"].count_documents({}) == 1
    days = [url for url in site.requested(base) if "calendar" not in url and "/news" not in url]
    assert len(days) == 1


def test_dead_links_fail_no_later_crawl(scrapy: Crawler, site: SampleSite) -> None:
    urls = [cojp_url(story) for story in ON_COJP if "#" not in cojp_url(story)]
    for url in urls:
        site.responses[url] = [PageResponse(b"", 404)] * 9
    for _ in range(2):
        scrapy("crawl", "kcna_co_jp")
    site.log.clear()
    crawl = scrapy("crawl", "kcna_co_jp")
    assert crawl.code == 0, crawl.output[-2000:]
    assert not set(urls) & set(site.requested("/item/")), "a link was requested before it was due again"


def test_a_limit_passes_a_day_that_fails(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    year = OLD[6].cojp.year if OLD[6].cojp else 0
    calendar = PageRequest("GET", f"http://www.kcna.co.jp/item/{year}/calendar-{year}e.html", {}, {})
    page = SITES["kcna.co.jp"](calendar, site.world)
    dead = f'<td><a href="./{year}12/{year}-12-31ee.html">31</a></td>'
    page.body = page.body.replace(b"</tr>", dead.encode() + b"</tr>")
    site.responses[calendar.url] = [page]
    span = ("-a", f"since={year}-01-01", "-a", f"until={year}-12-31")
    crawl = scrapy("crawl", "kcna_co_jp", "-a", "limit=1", *span)
    assert "Spider closed (listing_failed)" in crawl.output
    assert archive.database["articles"].count_documents({}) == 1


def test_a_page_of_several_articles_under_a_url_of_one(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    """Check that the articles of such a page are not stored as edits of each other."""
    several = cojp_url(OLD[0]).partition("#")[0]
    proxies = urllib.request.ProxyHandler({"http": site.proxy})
    with urllib.request.build_opener(proxies).open(several) as page:
        body = page.read()
    url = next(cojp_url(story) for story in ON_COJP if "#" not in cojp_url(story))
    site.responses[url] = [PageResponse(body)]
    scrapy("crawl", "kcna_co_jp")
    reject = archive.rejects.find_one({"url": url})
    assert reject is not None
    assert reject["reason"] == "no_anchor"
    assert not archive.known([url])
    assert archive.database["articles"].count_documents({"revision": {"$gt": 1}}) == 0


def test_an_unreadable_page_of_several_articles_counts_once(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    page = cojp_url(OLD[0]).partition("#")[0]
    lost = [cojp_url(story) for story in ON_COJP if cojp_url(story).startswith(page)]
    assert len(lost) > 1
    site.responses[page] = [PageResponse(b"<html><body><p>Something else</p></body></html>")]
    crawl = scrapy("crawl", "kcna_co_jp")
    assert "'layout/unknown/kcna.co.jp': 1" in crawl.output
    rejects = list(archive.rejects.find({"reason": "unknown_layout"}))
    assert {reject["url"] for reject in rejects} >= set(lost)
    assert sum("html" in reject["raw"] for reject in rejects) == 1


def listing(site: SampleSite, path: str) -> tuple[str, bytes]:
    """Return the URL and the body of a listing of the sample site."""
    url = f"http://www.kcna.co.jp/item/{path}"
    return url, SITES["kcna.co.jp"](PageRequest("GET", url, {}), site.world).body


def test_a_day_that_links_to_the_page_of_another_day(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    """The real listing of 4 April 2005 links to the articles of 1 April."""
    url, body = listing(site, "2005/200505/20050518.htm")
    assert b"news05/18.htm" in body
    site.responses[url] = [PageResponse(body.replace(b"news05/18.htm", b"news05/17.htm"))] * 2
    other = url.replace("20050518.htm", "news05/17.htm")
    site.responses[other] = [PageResponse(listing(site, "1997/9701/news1/01.htm")[1])]
    for _ in range(2):
        assert scrapy("crawl", "kcna_co_jp").code == 0
    stored = {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}
    assert set(stored) == {*(cojp_url(story) for story in ON_COJP), f"{other}#1", f"{other}#2"}
    days = {d["published"].date() for u, d in stored.items() if "/news05/18.htm#" in u}
    assert days == {dt.date(2005, 5, 18)}
    assert [r["url"] for r in archive.rejects.find({"reason": "no_anchor"})] == [f"{other}#3"]


def test_a_link_to_another_host_is_rejected(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    url, body = listing(site, "2012/201206/2012-06-13ee.html")
    other = b"http://other.example/item/2012/201206/news13/20120613-99ee.html"
    linked = body.replace(b"<a href", b'<a href="' + other + b'">Other</a> <a href', 1)
    site.responses[url] = [PageResponse(linked)]
    assert scrapy("crawl", "kcna_co_jp").code == 0
    reject = archive.rejects.find_one({"reason": "bad_address"})
    assert reject is not None
    assert reject["url"] == other.decode()
