"""Rejects: which are due, and when they are resolved."""

from __future__ import annotations

import datetime as dt

from kcna_spider.items import Reject
from kcna_spider.pipelines.mongo import decide_and_write
from kcna_spider.pipelines.validate import ValidatePipeline
from kcna_spider.sample_site.kcna_co_jp_pages import cojp_url
from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import OLD
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler
from tests.samples import AT, article

URL = "http://www.kcna.kp/en/article/detail/1"
LISTED = {"listed": {"title": "T", "day": None, "categories": []}}
A_DAY = dt.timedelta(days=1)


def reject(raw: dict, at: dt.datetime = AT, url: str = URL) -> Reject:  # type: ignore[type-arg]
    """Return a reject of an article."""
    return Reject(url, "kcna.kp", "no_body", "no text was found", raw, at)


def test_captures_and_warc_files_are_never_asked_for_on_the_site(archive: Archive) -> None:
    archive.save_rejects([
        reject({"listed": None}, url=f"{URL}1"),
        reject({**LISTED, "capture": {"at": AT, "url": None}}, url=f"{URL}2"),
        reject({**LISTED, "record": {"file": "a.warc.gz", "offset": 0}}, url=f"{URL}3"),
        reject(LISTED, url=f"{URL}4"),
    ])  # fmt: skip
    assert [r["url"] for r in archive.due_rejects("kcna.kp", AT + A_DAY)] == [f"{URL}4"]


def test_the_reject_of_a_capture_says_so() -> None:
    captured = article(paragraphs=[])
    captured.capture = {"at": AT, "url": None}
    rejected = ValidatePipeline().process_item(captured)
    assert isinstance(rejected, Reject)
    assert rejected.raw["capture"] == {"at": AT, "url": None}


def test_a_capture_replaces_nothing_that_the_site_sent(archive: Archive) -> None:
    archive.save_rejects([reject(LISTED)])
    archive.save_rejects([reject({"listed": None, "capture": {"at": AT, "url": "x"}}, AT + A_DAY)])
    assert len(archive.due_rejects("kcna.kp", AT + A_DAY)) == 1
    archive.save_rejects([reject({"listed": None, "capture": {"at": AT, "url": "x"}}, url=f"{URL}2")])
    archive.save_rejects([reject(LISTED, AT + A_DAY, url=f"{URL}2")])
    assert len(archive.due_rejects("kcna.kp", AT + 2 * A_DAY)) == 2, (
        "a reject of the site must replace that of a capture"
    )


def test_whoever_stores_the_article_resolves_its_reject(archive: Archive) -> None:
    archive.save_rejects([reject(LISTED)])
    decide_and_write(archive, [article(URL, AT + A_DAY)])
    assert list(archive.rejects.find({"resolved_at": None, "reason": {"$ne": "stub"}})) == []


def test_for_every_spider(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    url = cojp_url(OLD[5])
    for host in ("www.kcna.co.jp", "kcna.co.jp"):
        site.responses[url.replace("www.kcna.co.jp", host)] = [PageResponse(b"<h1>503</h1>", 503)] * 6
    scrapy("crawl", "kcna_co_jp")
    assert archive.rejects.count_documents({"url": url, "resolved_at": None}) == 1
    site.responses.clear()
    scrapy("crawl", "kcna_co_jp")
    assert archive.database["articles"].count_documents({"copies.url": url}) == 1
    assert list(archive.rejects.find({"resolved_at": None, "reason": {"$ne": "stub"}})) == []


def test_attempts_at_captures_do_not_count_for_the_site(archive: Archive) -> None:
    captured = {**LISTED, "capture": {"at": AT, "url": "http://archive/1"}}
    for n in range(9):
        archive.save_rejects([reject(captured, AT + n * A_DAY)])
    for n in range(2):
        archive.save_rejects([reject(LISTED, AT + (10 + n) * A_DAY)] * 2)
    found = archive.rejects.find_one({"url": URL})
    assert found is not None
    assert (found["times"], found["first_seen"]) == (2, AT)
