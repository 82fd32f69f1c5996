"""A crawl ends before its disk is full; on a full disk it gives the reason and keeps acknowledged writes."""

from __future__ import annotations

import os
import re
from pathlib import Path

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from kcna_spider.store.connection.disk import free_bytes, is_disk_full
from tests.conftest import Crawler


def test_a_crawl_ends_while_there_is_room(scrapy: Crawler, archive: Archive, tmp_path: Path) -> None:
    crawl = scrapy(
        "crawl", "kcna_kp", "-s", f"MIN_FREE_DISK_BYTES={10**16}", "-s", f"WARC_DIR={tmp_path / 'a' / 'b'}"
    )
    assert crawl.code == 1
    assert "disk_full: less than 10,000,000,000,000,000 bytes are free for" in crawl.output
    run = archive.runs.find_one()
    assert run
    assert run["finish_reason"] == "disk_full"


def test_a_full_disk_is_the_cause_of_any_error(small_disk: Path) -> None:
    error = ValueError("x")
    assert not is_disk_full(error, [small_disk])
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (free_bytes(small_disk) - 100_000))
    assert is_disk_full(error, [small_disk])
    assert is_disk_full(error, [small_disk / "a" / "b"]), "a folder that does not exist yet"
    filler.unlink()
    assert not is_disk_full(error, [small_disk])


def test_a_full_disk_leaves_what_was_acknowledged(site: SampleSite, small_disk: Path) -> None:
    settings = StoreSettings(path=str(small_disk / "mongodb"))
    keeper = Archive(settings)  # This connection keeps the server running while the disk fills up.
    crawler = Crawler(settings, site.proxy, {"STORE_WAIT_SECONDS": "2"})
    assert crawler("crawl", "kcna_kp", "-a", "limit=3", "-s", "MIN_FREE_DISK_BYTES=0").code == 0
    stored = keeper.database.articles.count_documents({})
    assert stored
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (free - 100_000))
    crawl = crawler("crawl", "kcna_kp", "-s", "MIN_FREE_DISK_BYTES=0")
    keeper.close()
    inserted = sum(map(int, re.findall(r"'store/inserted': (\d+)", crawl.output)))
    assert (
        crawl.code == 0
        or "disk_full" in crawl.output
        or "cannot be reached at" in crawl.output
        or "did not start" in crawl.output
    )
    filler.unlink()
    opened = Archive(settings)
    assert opened.database.articles.count_documents({}) >= stored + inserted
    opened.close()
    assert crawler("crawl", "kcna_kp", "-s", "MIN_FREE_DISK_BYTES=0").code == 0, (
        "a crawl must succeed again once there is space"
    )
