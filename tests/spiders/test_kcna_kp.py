"""Complete crawls of kcna.kp, in both layouts, against the sample site."""

from __future__ import annotations

import datetime as dt
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kcna_spider.sample_site import kcna_kp_pages
from kcna_spider.sample_site.kcna_kp_2022_pages import q_url
from kcna_spider.sample_site.kcna_kp_pages import detail_url, kp
from kcna_spider.sample_site.site_http import PageRequest, PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import CATEGORIES, EN, LANGUAGES, NAMES, STORIES, Story
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler

ON_KP = [story for story in STORIES if story.kp and story.live(1)]
ENGLISH = [story for story in ON_KP if story.code == "en"]


def test_six_languages(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    crawl = scrapy("crawl", "kcna_kp", "-a", "language=en,kp,zh,ru,es,ja")
    assert crawl.code == 0
    stored = {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}
    assert set(stored) == {detail_url(story) for story in ON_KP}
    for story in ON_KP:
        document = stored[detail_url(story)]
        assert (document["title"], document["language"]) == (story.title, LANGUAGES[story.code])
        assert document["published"].date() == story.day
        assert sorted(document["categories"]) == sorted(NAMES[story.code][c] for c in story.categories)
        assert document["published_from"] == "listing"
        assert bool(document["dateline"]) == (story.title != "Anecdote about Umbrella")
    assert max(site.requested("/article/detail/").values()) == 1, (
        "a story in two categories was fetched twice"
    )
    kinds = [
        "list" if "/article/list/" in asked.url else "story" for asked in site.log if "/article/" in asked.url
    ]
    assert kinds == sorted(kinds), "all listings must be read before the first story"
    assert f"'item_scraped_count': {len(ON_KP)}" in crawl.output, (
        "an article was written again for a further category"
    )


def test_a_limit_keeps_no_story_back(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    assert scrapy("crawl", "kcna_kp", "-a", "limit=3").code == 0
    assert archive.database["articles"].count_documents({}) == 3
    assert sum(site.requested("/article/detail/").values()) == 3
    assert not archive.listings.count_documents({"complete_at": {"$ne": None}}), (
        "a listing with skipped stories was marked as complete"
    )


def test_again_fetches_first_pages_only(scrapy: Crawler, site: SampleSite) -> None:
    scrapy("crawl", "kcna_kp")
    site.log.clear()
    assert scrapy("crawl", "kcna_kp").code == 0
    assert not site.requested("/article/detail/")
    assert {asked.method for asked in site.log} == {"GET"}
    assert len(site.requested("/article/list/")) == len(CATEGORIES)


def test_one_category_by_name_or_hash(scrapy: Crawler, archive: Archive) -> None:
    assert scrapy("crawl", "kcna_kp", "-a", "category=world").code == 0
    assert {c for d in archive.database["articles"].find() for c in d["categories"]} == {"World"}
    assert scrapy("crawl", "kcna_kp", "-a", f"category={CATEGORIES['Top News']}").code == 0
    assert archive.database["articles"].count_documents({"categories": "Top News"}) == 2
    crawl = scrapy("crawl", "kcna_kp", "-a", "category=Sports")
    assert crawl.code == 2
    assert "it has: Top News, Home News, World, Documents" in crawl.output


def test_a_known_story_gets_its_new_category(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    scrapy("crawl", "kcna_kp", "-a", "category=World")
    site.log.clear()
    scrapy("crawl", "kcna_kp", "-a", "category=Home News")
    url = detail_url(EN[10])
    document = archive.database["articles"].find_one({"copies.url": url})
    assert document is not None
    assert document["categories"] == ["World", "Home News"]
    assert not site.requested(url)


class ForPosts(list[PageResponse | None]):
    """Responses to the POSTs for a URL; a GET gets the site's own response."""

    def __init__(self, site: SampleSite, responses: list[PageResponse | None]) -> None:
        super().__init__(responses)
        self.site = site

    def __bool__(self) -> bool:
        return self.site.log[-1].method == "POST" and len(self) > 0


HOME_NEWS = f"http://www.kcna.kp/en/article/list/{CATEGORIES['Home News']}"
TITLE = "<div class='category_title'>Home News</div>"
MENU = f"<ul><li><a href='/en/article/list/{CATEGORIES['Home News']}'>Home News</a></li></ul>"


@pytest.mark.parametrize(
    ("shown", "lost"),
    [(TITLE, 1), (TITLE, 2), ("<main></main>", 1), (f"{MENU}<main></main>", 1), (f"{MENU}<p>Sorry</p>", 2)],
)
def test_a_session_that_is_lost_is_renewed(
    scrapy: Crawler, archive: Archive, site: SampleSite, shown: str, lost: int
) -> None:
    expired = f"<html><head><title>KCNA | List</title></head><body>{shown}</body></html>".encode()
    site.responses[HOME_NEWS] = ForPosts(site, [PageResponse(expired)] * lost)
    crawl = scrapy("crawl", "kcna_kp")
    assert crawl.code == 0
    assert f"'listings/session_renewed': {lost}" in crawl.output
    assert archive.database["articles"].count_documents({}) == len(ENGLISH)


@pytest.mark.parametrize("posts", [True, False], ids=["further pages", "all pages"])
def test_a_session_that_is_lost_again_and_again(
    scrapy: Crawler, archive: Archive, site: SampleSite, posts: bool
) -> None:
    """Check a site that loses the session of further pages, or after the first page those of all pages."""
    expired = f"<html><head><title>KCNA | List</title></head><body>{TITLE}</body></html>".encode()
    lost: list[PageResponse | None] = [PageResponse(expired)] * 99
    first = kp(PageRequest("GET", HOME_NEWS, {}), site.world)
    site.responses[HOME_NEWS] = ForPosts(site, lost) if posts else [first, *lost]
    crawl = scrapy("crawl", "kcna_kp")
    assert crawl.code == 1
    assert "Spider closed (session_lost)" in crawl.output
    assert [reject["reason"] for reject in archive.rejects.find({"url": HOME_NEWS})] == ["session_lost"]
    assert sum(site.requested(HOME_NEWS).values()) < 40


@pytest.mark.parametrize("entries", [True, False])
def test_a_listing_that_becomes_shorter(
    scrapy: Crawler, archive: Archive, site: SampleSite, entries: bool
) -> None:
    """Check a site that shows its only page, or a page without entries, in place of the second page."""
    served = kp(PageRequest("GET", HOME_NEWS, {}), site.world)
    body, number = re.subn(rb"page_cnt = \d+", b"page_cnt = 1", served.body)
    assert number == 1
    if not entries:
        body = re.sub(rb"<div class=.article.>.*?</h5></div>", b"", body, flags=re.DOTALL)
    shorter = ForPosts(site, [replace(served, body=body)] * 9)
    site.responses[HOME_NEWS] = shorter
    assert scrapy("crawl", "kcna_kp").code == 0
    assert len(shorter) == 8, "the second page must be requested once"
    assert archive.listings.count_documents({"_id": "kcna.kp/en/Home News", "complete_at": {"$ne": None}})
    assert archive.rejects.count_documents({}) == 0


@pytest.mark.parametrize("script", ["", "var total = '{total}', per_page = 4;"])
def test_a_listing_without_its_number_of_pages(
    scrapy: Crawler, archive: Archive, site: SampleSite, script: str
) -> None:
    """Check that a listing is not silently taken for complete after its first page."""
    served = kp(PageRequest("GET", HOME_NEWS, {}), site.world)
    found = re.search(rb"<script>var total = (\d+).*?</script>", served.body)
    assert found
    said = script.format(total=found[1].decode())
    site.responses[HOME_NEWS] = [
        replace(served, body=served.body.replace(found[0], f"<script>{said}</script>".encode()))
    ]
    crawl = scrapy("crawl", "kcna_kp")
    assert crawl.code == (0 if said else 1)
    assert ("but not their number" in crawl.output) == (not said)
    complete = archive.listings.count_documents({"_id": "kcna.kp/en/Home News", "complete_at": {"$ne": None}})
    assert complete == bool(said)
    assert (archive.database["articles"].count_documents({}) == len(ENGLISH)) == bool(said)


def test_spanish_listings_under_another_path(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    home = kp(PageRequest("GET", "http://www.kcna.kp/es", {}), site.world)
    body = re.sub(rb"(href=['\"])/es/", rb"\1/sp/", home.body)
    assert body != home.body
    site.responses["http://www.kcna.kp/es"] = [replace(home, body=body)]
    for key in CATEGORIES.values():
        listing = kp(PageRequest("GET", f"http://www.kcna.kp/es/article/list/{key}", {}), site.world)
        site.responses[f"http://www.kcna.kp/sp/article/list/{key}"] = [listing]
    assert scrapy("crawl", "kcna_kp", "-a", "language=es").code == 0
    wanted = {detail_url(story) for story in ON_KP if story.code == "es"}
    assert {c["url"] for d in archive.database["articles"].find() for c in d["copies"]} == wanted
    assert site.requested("/sp/article/list/")


def test_the_older_layout(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    site.world.era = 2024
    assert scrapy("crawl", "kcna_kp").code == 0
    stored = {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}
    assert set(stored) == {q_url(story, category) for story in ENGLISH for category in story.categories}
    assert archive.database["articles"].count_documents({}) == len(ENGLISH)
    for story in ENGLISH:
        document = stored[q_url(story, story.categories[0])]
        assert sorted(document["categories"]) == sorted(story.categories)
        assert (document["published"].date(), document["published_from"]) == (story.day, "page")
    site.log.clear()
    assert scrapy("crawl", "kcna_kp").code == 0
    assert not site.requested("/article/q/")


def test_a_new_layout_gives_every_story_a_new_address(
    scrapy: Crawler, archive: Archive, site: SampleSite, snapshot: Callable[[], dict[str, Any]]
) -> None:
    site.world.era = 2024
    scrapy("crawl", "kcna_kp")
    site.world.era = 2026
    assert scrapy("crawl", "kcna_kp").code == 0
    assert archive.database["articles"].count_documents({}) == len(ENGLISH)
    document = archive.database["articles"].find_one({"copies.url": detail_url(EN[0])})
    assert document is not None
    assert {c["url"] for c in document["copies"]} == {
        detail_url(EN[0]),
        q_url(EN[0], "Top News"),
        q_url(EN[0], "Home News"),
    }
    assert document["revision"] == 1


@pytest.mark.parametrize(
    ("category", "missing"),
    [
        ("World,Sprots", "Sprots"),
        ("a", "a"),
        ("Top", "Top"),
        ("a1a1a1", "a1a1a1"),
        ("Home News,World,Wrold,b", "Wrold, b"),
    ],
)
def test_every_category_must_be_one_of_the_menu(
    scrapy: Crawler, site: SampleSite, category: str, missing: str
) -> None:
    crawl = scrapy("crawl", "kcna_kp", "-a", f"category={category}")
    assert crawl.code == 2
    (line,) = [line for line in crawl.output.splitlines() if " ERROR: " in line]
    assert (
        f"argument category: the site has no {missing}; it has: Top News, Home News, World, Documents" in line
    )
    assert not site.requested("/article/")


def test_a_category_by_its_name_in_one_of_the_languages(scrapy: Crawler, archive: Archive) -> None:
    """Check a name in one language, because all languages share the hashes of the categories."""
    assert (
        scrapy(
            "crawl", "kcna_kp", "-a", "language=ko,en", "-a", "category=world,\uad6d\ub0b4\uc18c\uc2dd"
        ).code
        == 0
    )
    found = {(d["language"], c) for d in archive.database["articles"].find() for c in d["categories"]}
    assert found == {("en", "World"), ("en", "Home News"), ("ko", "국제소식"), ("ko", "국내소식")}


def test_paragraphs_in_one_more_element(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    url = detail_url(EN[0])
    page = kp(PageRequest("GET", url, {}), site.world)
    page.body = page.body.replace(b"<h1></h1>", b"<h1></h1><div class='text'>").replace(
        b'<div class="caption">', b'</div><div class="caption">'
    )
    site.responses[url] = [page]
    crawl = scrapy("crawl", "kcna_kp")
    assert crawl.code == 0
    document = archive.database["articles"].find_one({"copies.url": url})
    assert document
    assert document["body"].startswith(
        "The respected Comrade Kim Jong Un met bakers on March 8.\n\nHe tasted"
    )
    assert "caption" not in document["body"]
    assert "'fallback/kcna.kp/article_2026/wrapped_paragraphs': 1" in crawl.output


def test_a_korean_page_in_decomposed_characters(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    story = next(story for story in STORIES if story.code == "kp")
    page = kp(PageRequest("GET", detail_url(story), {}), site.world)
    page.body = unicodedata.normalize("NFD", page.body.decode()).encode()
    site.responses[detail_url(story)] = [page]
    assert scrapy("crawl", "kcna_kp", "-a", "language=ko").code == 0
    document = archive.database["articles"].find_one({"copies.url": detail_url(story)})
    assert document
    assert (document["title"], document["dateline"]["place"]) == (story.title, "평양")
    assert document["body"] == "새로 건설된 빵집이 준공되였다.\n\n주민들이 참가하였다."


def test_a_range_without_articles_is_no_failure(scrapy: Crawler, archive: Archive) -> None:
    assert scrapy("crawl", "kcna_kp", "-a", "since=2030-01-01").code == 0
    assert archive.database["articles"].count_documents({}) == 0


@pytest.mark.parametrize("is_last", [False, True])
def test_an_article_is_withdrawn_between_two_pages_of_a_listing(
    scrapy: Crawler, archive: Archive, site: SampleSite, monkeypatch: pytest.MonkeyPatch, is_last: bool
) -> None:
    """The entries after it move up, and the first one of the next page was on no page that was read.

    is_last: the next page is the last one, and its only entry, an old report, moves to the page before.
    """
    real, chosen = kcna_kp_pages.kp_list, random.Random(1)
    words = [word for story in ENGLISH for text in story.paragraphs for word in text.split()]
    listed = sum("Top News" in story.categories for story in ENGLISH)
    number = next(n for n in range(16, 99) if (listed + n) % kcna_kp_pages.PER_LIST == 1)
    last = -(-(listed + number) // kcna_kp_pages.PER_LIST)
    reports = [
        Story(
            f"Report {n} of a factory",
            [f"Pyongyang, July 3 (KCNA) -- {' '.join(chosen.choices(words, k=60))}."],
            dt.date(1997, 1, 2) if is_last else dt.date(2026, 7, 4),
            kp=True,
            categories=["Top News"],
        )
        for n in range(number)
    ]
    before = list(STORIES)
    STORIES[:0] = reports

    def withdrawing(request: PageRequest, *more: Any) -> Any:
        if request.form.get("page_num") == str(last if is_last else 3) and reports[1] in STORIES:
            STORIES.remove(reports[1])
        return real(request, *more)

    monkeypatch.setattr(kcna_kp_pages, "kp_list", withdrawing)
    try:
        crawl = scrapy("crawl", "kcna_kp")
    finally:
        STORIES[:] = before
    assert crawl.code == 0
    assert "'listings/shrunk': 1" in crawl.output
    live = {story.title for story in reports if story is not reports[1]}
    assert live <= {d["title"] for d in archive.database["articles"].find()}


def test_only_gzip_is_accepted(scrapy: Crawler, site: SampleSite) -> None:
    """Of bodies in other compressions, it is unknown whether they are complete."""
    assert scrapy("crawl", "kcna_kp", "-a", "limit=1").code == 0
    assert {asked.headers["accept-encoding"] for asked in site.log} == {"gzip"}
