"""Hostile and broken responses: nothing breaks, no other host is contacted, other stories are stored."""

from __future__ import annotations

import csv
import gzip
import io
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.sample_site.kcnawatch_pages import watch, watch_url
from kcna_spider.sample_site.site_http import PageRequest, PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.site_state import World
from kcna_spider.sample_site.stories import CATEGORIES, STORIES
from kcna_spider.sample_site.wayback_pages import LIVE_SITES
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler

ON_WATCH = sorted(
    (story for story in STORIES if story.watch and story.live(1)), key=lambda story: story.day, reverse=True
)
SPOILERS = {
    "100,000 nested tags": b"<div>" * 100_000,
    "an attribute of 1 MB": b'<b title="' + b"x" * 1_000_000 + b'"></b>',
}
FORMULA, SCRIPT = '=HYPERLINK("http://evil.example","x")', "<script>alert('KCNA')</script>"


def page_of(story: object) -> bytes:
    """Return the story's own page."""
    return watch(PageRequest("GET", watch_url(story), {}), World()).body  # type: ignore[arg-type]


def titled(story: object, title: bytes) -> bytes:
    """Return the story's page with another title."""
    page = page_of(story)
    return page.replace(story.title.encode(), title)  # type: ignore[attr-defined]


def entities(depth: int = 20) -> bytes:
    """Return a page with exponentially expanding entities."""
    lines = ["<!DOCTYPE html [", '<!ENTITY e0 "KCNA">']
    lines += [f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};&e{n - 1};&e{n - 1};">' for n in range(1, depth)]
    return "\n".join([*lines, "]>", f"<html><body><h1>&e{depth - 1};</h1></body></html>"]).encode()


def test_hostile_answers(scrapy: Crawler, archive: Archive, site: SampleSite, tmp_path: Path) -> None:
    stories = iter(ON_WATCH)
    spoilt: dict[str, str] = {}

    def answers(what: str, *given: PageResponse | None) -> object:
        story = next(stories)
        spoilt[what] = watch_url(story)
        site.responses[watch_url(story)] = [answer for answer in given for _ in range(40)]
        return story

    big = b"<html><body>" + b"<p>word word word</p>" * 2_500_000
    answers("50 MB", PageResponse(big))
    answers("packed 50 MB", PageResponse(gzip.compress(big), headers={"Content-Encoding": "gzip"}))
    answers("endless redirects", PageResponse(status=302, headers={"Location": watch_url(ON_WATCH[2])}))
    answers(
        "to a private address",
        PageResponse(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
    )
    answers("to a file", PageResponse(status=302, headers={"Location": "file:///etc/passwd"}))
    answers(
        "to another host",
        PageResponse(status=301, headers={"Location": "https://evil.example/newstream/1/x/"}),
    )
    answers("entities", PageResponse(entities()))
    story = answers("unknown charset")
    site.responses[spoilt["unknown charset"]] = [
        PageResponse(page_of(story), content_type="text/html; charset=no-such-charset")
    ]
    story = answers("controls")
    site.responses[spoilt["controls"]] = [
        PageResponse(titled(story, "Bakers\u202e of the\u200b \u2066Day\u2069&#xD800;".encode()))
    ]
    story = answers("formula")
    site.responses[spoilt["formula"]] = [PageResponse(titled(story, FORMULA.replace('"', "&quot;").encode()))]
    story = answers("script")
    site.responses[spoilt["script"]] = [PageResponse(titled(story, SCRIPT.replace("<", "&lt;").encode()))]
    crawl = scrapy("crawl", "kcnawatch", "-a", "full=1", "-s", "RETRY_TIMES=1", "-a", "browser=never")
    assert "Traceback" not in crawl.output
    assert "spider_exceptions" not in crawl.output
    stored = {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}
    rejects = {r["url"]: r["reason"] for r in archive.rejects.find()}
    for what in (
        "50 MB",
        "packed 50 MB",
        "endless redirects",
        "to a private address",
        "to a file",
        "to another host",
        "entities",
    ):
        assert spoilt[what] not in stored, what
        assert spoilt[what] in rejects, what
    assert set(stored) == {watch_url(story) for story in ON_WATCH} - set(rejects)
    assert {asked.host for asked in site.log} == {"kcnawatch.org"}
    assert stored[spoilt["unknown charset"]]["title"] in {story.title for story in ON_WATCH}
    assert re.fullmatch(r"Bakers of the Day\ufffd?", stored[spoilt["controls"]]["title"])
    assert stored[spoilt["script"]]["title"] == SCRIPT
    assert (
        len(next(r["raw"].get("html", "") for r in archive.rejects.find({"url": spoilt["entities"]})))
        < 300_000
    )
    outputs_are_harmless(scrapy, tmp_path / "page.html")


def outputs_are_harmless(scrapy: Crawler, page: Path) -> None:
    """Check that a formula is text in CSV, and that a script is text in HTML."""
    rows = list(
        csv.DictReader(io.StringIO(scrapy("export", "--format", "csv", "--excel").output.lstrip("\ufeff")))
    )
    assert f"'{FORMULA}" in {row["title"] for row in rows}
    for command in (["report"], ["changes", "--since", "2020-01-01", "--format", "html"]):
        assert scrapy(*command, "-o", str(page)).code == 0
        assert SCRIPT not in page.read_text(encoding="utf-8")
        page.unlink()


def test_hostile_pages(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    """Check the site's pages with one hostile part each."""
    spoilt = {
        watch_url(story): what
        for story, what in zip(ON_WATCH, [*SPOILERS, "wrong charset", "NUL"], strict=False)
    }
    for story, (url, what) in zip(ON_WATCH, spoilt.items(), strict=False):
        start = b'<div class="article-content">'
        body = page_of(story).replace(start, start + SPOILERS.get(what, b""), 1)
        site.responses[url] = [
            PageResponse(body.replace(b"<p>", b"<p>\x00\x01\x02", 1) if what == "NUL" else body)
        ]
        if what == "wrong charset":
            site.responses[url] = [PageResponse(body, content_type="text/html; charset=euc-kr")]
    crawl = scrapy("crawl", "kcnawatch", "-a", "full=1")
    assert crawl.code == 0, crawl.output[-2000:]
    stored = {c["url"]: d for d in archive.database["articles"].find() for c in d["copies"]}
    rejects = {r["url"] for r in archive.rejects.find()}
    assert {what for url, what in spoilt.items() if url in rejects} <= {"100,000 nested tags"}, (
        "only the deepest page may be rejected"
    )
    assert set(stored) | rejects == {watch_url(story) for story in ON_WATCH}
    for story in ON_WATCH:
        if watch_url(story) in stored:
            assert stored[watch_url(story)]["title"] == story.title, spoilt.get(watch_url(story))
            assert "\x01" not in stored[watch_url(story)]["body"]


def test_a_base_that_is_no_address(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    """Check a page on which Scrapy itself fails, the 89,583rd damaged page of the reliability checks."""
    url = watch_url(ON_WATCH[0])
    assert b"<head>" in page_of(ON_WATCH[0])
    site.responses[url] = [
        PageResponse(
            page_of(ON_WATCH[0]).replace(b"<head>", b'<head><base href="http://[kcnawatch.org/">', 1)
        )
    ] * 9
    crawl = scrapy("crawl", "kcnawatch")
    reject = archive.rejects.find_one({"url": url})
    assert reject, crawl.output[-2000:]
    assert "IPv6" in reject["detail"]
    assert crawl.code == 0, crawl.output[-2000:]
    assert "Traceback" not in crawl.output


def test_links_of_a_listing_lead_nowhere_else(scrapy: Crawler, archive: Archive, site: SampleSite) -> None:
    """Check links to other hosts, private addresses, files and scripts among the stories of a listing."""
    first = next(url for url in _listings(site) if "/article/" in url)
    body = watch(PageRequest("GET", first, {}), World()).body
    story = re.search(rb"https://kcnawatch\.org/newstream/[^\"']+", body)
    assert story
    wrong = [
        b"http://evil.example/newstream/1-2/x/",
        b"http://127.0.0.1:1/newstream/1-2/x/",
        b"http://169.254.169.254/newstream/1-2/x/",
    ]
    wrong += [
        b"file:///etc/passwd",
        b"javascript:alert(1)",
        b"http://[::1/newstream/1-2/x/",
        b"//evil.example/newstream/1-2/x/",
        b"data:text/html,x",
    ]
    wrong += [
        b"http://kcnawatch.org:99999/newstream/1-2/x/",
        b"https://kcnawatch.org/newstream/1-2/" + b"x" * 1_000_000,
    ]
    item = re.search(rb'<div class="article-desc">.*?</div>', body, re.DOTALL)
    assert item
    body = body.replace(item[0], b"".join(item[0].replace(story[0], link) for link in wrong) + item[0], 1)
    site.responses[first] = [PageResponse(body)]
    crawl = scrapy("crawl", "kcnawatch", "-a", "full=1", "-s", "RETRY_TIMES=0")
    assert "Traceback" not in crawl.output
    assert {asked.host for asked in site.log} == {"kcnawatch.org"}
    stored = {c["url"] for d in archive.database["articles"].find() for c in d["copies"]}
    assert story[0].decode() in stored
    assert not [url for url in stored if "/newstream/1-2/" in url]
    assert archive.rejects.count_documents({"reason": "bad_address"}) == 5


@pytest.mark.parametrize(
    ("spider", "page", "before_path"),
    [
        ("kcnawatch", "https://kcnawatch.org/", rb'href="https://kcnawatch\.org(?=/article/)'),
        ("kcna_kp", "http://www.kcna.kp/en", rb'href="(?=/en/article/)'),
        ("kcna_kp", f"http://www.kcna.kp/en/article/list/{CATEGORIES['Home News']}", rb'action="(?=/)'),
        ("kcna_co_jp", "http://www.kcna.co.jp/index-e.htm", rb'href="(?=/item/)'),
    ],
)
def test_no_page_leads_to_another_site(
    spider: str, page: str, before_path: bytes, scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    """Check links to listings, and the form that requests the next page of a listing."""
    host = (urlsplit(page).hostname or "").removeprefix("www.")
    served = LIVE_SITES[host](PageRequest("GET", page, {}), site.world)
    elsewhere = before_path[: before_path.index(b'"') + 1] + b"http://evil.example"
    body = re.sub(before_path, elsewhere, served.body)
    assert body != served.body
    site.responses[page] = [replace(served, body=body)]
    crawl = scrapy("crawl", spider, "-a", "full=1", "-s", "RETRY_TIMES=0")
    assert {asked.host.removeprefix("www.") for asked in site.log} == {host}
    assert "Traceback" not in crawl.output
    assert crawl.code == 1
    assert "listing_failed: http://evil.example/" in crawl.output
    assert "leads to another host" in crawl.output
    assert archive.rejects.count_documents({"reason": "elsewhere"})


def test_a_listing_that_redirects_to_another_site(
    scrapy: Crawler, archive: Archive, site: SampleSite
) -> None:
    """Check that the message and the reject name the listing, not the other site."""
    listing = next(url for url in _listings(site) if "/article/" in url)
    site.responses[listing] = [PageResponse(status=302, headers={"Location": "http://evil.example/x"})]
    crawl = scrapy("crawl", "kcnawatch", "-a", "full=1")
    assert crawl.code == 1
    assert f"listing_failed: {listing}: " in crawl.output
    assert f"{listing} -> http://evil.example/x leads to another host" in crawl.output
    assert archive.rejects.count_documents({"url": listing, "reason": "elsewhere"}) == 1
    assert {asked.host for asked in site.log} == {"kcnawatch.org"}


def _listings(site: SampleSite) -> list[str]:
    body = watch(PageRequest("GET", "https://kcnawatch.org/", {}), site.world).body.decode()
    return re.findall(r"https://kcnawatch\.org/[^\"'#]*article/[^\"'#]*", body)


@pytest.mark.parametrize("key", ["$where", "a.b", "$set.x", "\x00", "", "__proto__", "\ud800"])
def test_keys_that_mongodb_means_something_by(archive: Archive, key: str) -> None:
    from kcna_spider.items import Reject
    from tests.samples import AT

    url = f"http://x/{len(key)}{ord(key[:1] or 'e')}"
    decide_and_write(archive, [Reject(url, "s", "no_body", "a\ud800b", {key: {key: ["\udfff", "\x00"]}}, AT)])
    kept = archive.rejects.find_one({"url": url})
    assert kept
    assert len(kept["raw"]) == 1
