"""A crawl whose responses cannot be written into WARC files ends as failed."""

from __future__ import annotations

from pathlib import Path

from kcna_spider.sample_site.site_server import SampleSite
from tests.conftest import Crawler
from tests.held_site import held_once
from tests.processes import wait_until


def test_a_folder_that_is_moved_during_the_crawl(scrapy: Crawler, site: SampleSite, tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    with held_once(site, lambda: len(site.log) == 4):
        # Each response needs a new file, which cannot be created without the folder.
        process = scrapy.begin("crawl", "kcna_kp", "-s", f"WARC_DIR={folder}", "-s", "WARC_MAX_BYTES=1")
        wait_until(lambda: len(site.log) == 4 and list(folder.glob("*.warc.gz")), process)
        folder.rename(tmp_path / "moved")
    output, _ = process.communicate(60)
    assert process.returncode == 1
    assert f"warc_failed: {folder}: [Errno 2]" in output
    assert "Spider closed (warc_failed)" in output
    assert "Traceback" not in output
    assert not folder.exists()
