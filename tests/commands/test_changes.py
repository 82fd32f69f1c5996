"""`scrapy changes`: edits, withdrawals and restored articles of a second visit to the sample site."""

from __future__ import annotations

import json

from kcna_spider.sample_site.kcna_kp_pages import detail_url
from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.stored_photos import ALTERED, GONE, fill_photos, sha256


def test_changes_of_a_second_visit(scrapy: Crawler, site: SampleSite) -> None:
    scrapy("crawl", "kcna_kp")
    assert scrapy("changes", "--since", "2026-01-01").output.strip() == "0 changes since 2026-01-01: none"
    site.world.epoch = 2
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    table = scrapy("changes", "--since", "2026-01-01").output
    assert "edited: Kim Jong Un Tours New Bakery (2024-03-09, kcna.kp)" in table
    assert "The bakers baked [-on.-]{+on, deeply moved.+}" in table
    assert "withdrawn: Ice Sculptures Shown in Samjiyon" in table
    assert "2 changes since 2026-01-01: 1 edited, 1 withdrawn" in table
    edits = scrapy("changes", "--since", "2026-01-01", "--kind", "edited").output
    assert "1 changes since 2026-01-01: 1 edited" in edits
    assert "withdrawn" not in edits

    found = json.loads(scrapy("changes", "--since", "2026-01-01", "--format", "json").output)
    assert sorted((change["kind"], change["url"]) for change in found) == [
        ("edited", detail_url(EN[0])),
        ("withdrawn", detail_url(EN[6])),
    ]
    assert {"kind": "new", "text": "on, deeply moved."} in next(
        change for change in found if change["kind"] == "edited"
    )["body_diff"]

    site.world.epoch = 1
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    kinds = [
        change["kind"]
        for change in json.loads(scrapy("changes", "--since", "2026-01-01", "--format", "json").output)
    ]
    assert kinds.count("restored") == 1
    assert kinds.count("edited") == 2, "a return to the first text is also an edit"
    assert json.loads(scrapy("changes", "--since", "2999-01-01", "--format", "json").output) == []


def test_html_escapes_what_the_site_wrote(scrapy: Crawler, site: SampleSite) -> None:
    scrapy("crawl", "kcna_kp")
    page = (
        b"<html><body><article><div class='container'><h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>"
        b"<p>Pyongyang, March 8 (KCNA) -- <b>x</b> &lt;img src=y&gt;</p></div></article></body></html>"
    )
    site.responses[detail_url(EN[0])] = [PageResponse(page)]
    scrapy("crawl", "kcna_kp", "-a", "recheck=20000")
    html = scrapy("changes", "--since", "2026-01-01", "--format", "html").output
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert "http" not in html.replace(detail_url(EN[0]), ""), "the page contains another URL"


def test_mistakes_are_one_line(scrapy: Crawler) -> None:
    crawl = scrapy("changes", "--since", "yesterday")
    assert crawl.code == 2
    assert "yesterday: not a day" in crawl.output
    assert scrapy("changes").code == 2
    scrapy.environment["MONGODB_URI"] = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=500"
    crawl = scrapy("changes", "--since", "2024-01-01")
    assert crawl.code == 2
    assert "MongoDB cannot be reached" in crawl.output
    assert "Traceback" not in crawl.output


def test_changes_of_photos(scrapy: Crawler, archive: Archive) -> None:
    fill_photos(archive)
    table = scrapy("changes", "--since", "2026-01-01").output
    assert f"photo_altered: Story 1 (2024-03-09, kcna.kp)\n  {ALTERED}\n" in table
    assert f"  [-{sha256('before')}-]\n  {{+{sha256('after')}+}}\n" in table
    assert f"  {GONE}\n  [-{sha256('gone')}-]\n" in table
    assert "4 changes since 2026-01-01: 1 photo_altered, 2 photo_gone, 1 photo_back" in table
    found = json.loads(scrapy("changes", "--since", "2026-01-01", "--format", "json").output)
    assert {(c["kind"], c["sha256_before"], c["sha256_after"]) for c in found} == {
        ("photo_altered", sha256("before"), sha256("after")),
        ("photo_gone", sha256("gone"), None),
        ("photo_gone", sha256("back"), None),
        ("photo_back", None, sha256("back")),
    }
    page = scrapy("changes", "--since", "2026-01-01", "--format", "html").output
    assert f"SHA-256 before: <del>{sha256('before')}</del>" in page
    assert "<img" not in page
