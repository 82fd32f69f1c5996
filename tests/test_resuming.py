"""With JOBDIR: what a clean end left is taken up again, what a killed run left is not trusted."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection import StoreSettings
from tests.conftest import Crawler, snapshot_of
from tests.site.server import SampleSite


def cut(scrapy: Crawler, site: SampleSite, jobdir: Path, *, kill: bool) -> None:
    """Begin a crawl and end it at the third story, where further ones wait in the queue."""
    site.log.clear()
    process = scrapy.begin("crawl", "kcna_kp", "-s", f"JOBDIR={jobdir}", "-s", "DOWNLOAD_DELAY=0.4", "-s", "CONCURRENT_REQUESTS=1")
    while len(site.asked("/article/detail/")) < 3:
        time.sleep(0.1)
    process.kill() if kill else process.terminate()
    output, _ = process.communicate(timeout=60)
    print(output)  # shown when the test fails


def test_queues_that_a_kill_left(scrapy: Crawler, site: SampleSite, snapshot: Callable[[], Any], store: StoreSettings, tmp_path: Path) -> None:
    """queuelib's files are empty or cut when their process was killed; Scrapy can't open them."""
    calm = Archive(StoreSettings(uri=store.uri, database=store.database + "_calm"))
    assert Crawler(calm.connection.settings, site.proxy)("crawl", "kcna_kp").code == 0
    jobdir = tmp_path / "job"
    cut(scrapy, site, jobdir, kill=True)
    queues = [file for file in (jobdir / "requests.queue").rglob("*") if file.is_file()]
    assert queues
    for file in queues:
        file.write_bytes(b"")
    (jobdir / "requests.queue" / "active.json").write_text('{"cut')
    crawl = scrapy("crawl", "kcna_kp", "-s", f"JOBDIR={jobdir}")
    assert crawl.code == 0, crawl.output[-2000:]
    assert f"JOBDIR={jobdir}: the run before was killed" in crawl.output
    assert snapshot() == snapshot_of(calm)
    assert not (jobdir / "running").exists()
    calm.close()


def test_queues_that_a_clean_end_left(scrapy: Crawler, site: SampleSite, tmp_path: Path) -> None:
    jobdir = tmp_path / "job"
    cut(scrapy, site, jobdir, kill=False)
    crawl = scrapy("crawl", "kcna_kp", "-s", f"JOBDIR={jobdir}")
    assert crawl.code == 0, crawl.output[-2000:]
    assert "Resuming crawl (" in crawl.output
    assert "was killed" not in crawl.output


def test_categories_met_while_a_story_waits(scrapy: Crawler, site: SampleSite, store: StoreSettings, archive: Archive, tmp_path: Path) -> None:
    """A request in JOBDIR holds what listings said when it was queued; what they said afterwards is added."""
    slow = ("-s", "DOWNLOAD_DELAY=0.05", "-s", "CONCURRENT_REQUESTS=1", "-s", "STORIES_KEPT_BACK=1")
    assert scrapy("crawl", "kcna_kp", *slow, "-s", f"JOBDIR={tmp_path / 'job'}").code == 0
    other = Archive(StoreSettings(uri=store.uri, database=store.database + "_plain"))
    assert Crawler(other.connection.settings, site.proxy)("crawl", "kcna_kp", *slow).code == 0
    assert any(len(article["categories"]) > 1 for article in snapshot_of(other)["articles"].values())
    assert snapshot_of(archive)["articles"] == snapshot_of(other)["articles"]
    assert not archive.listings.count_documents({"complete_at": None}), "a walk that was queued ends like any other"
    other.close()
