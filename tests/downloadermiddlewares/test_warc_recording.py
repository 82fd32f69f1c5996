"""Responses that cannot be written into WARC files, and the status of rendered pages."""

from __future__ import annotations

import asyncio
from pathlib import Path

from scrapy.http import HtmlResponse, Request
from scrapy.utils.test import get_crawler

from kcna_spider.archives.warc_files import warc_files
from kcna_spider.archives.warc_reader import records
from kcna_spider.downloadermiddlewares.meta_keys import BROWSER_STATUSES
from kcna_spider.downloadermiddlewares.warc_recording import WarcRecordingMiddleware
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.spiders.kcnawatch import KcnaWatchSpider
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


def test_the_record_of_a_rendered_page_has_the_last_status(tmp_path: Path) -> None:
    """The browser's first response may be the bot check, and the page that follows may be gone."""
    crawler = get_crawler(KcnaWatchSpider, {"WARC_DIR": str(tmp_path), "WARC_MAX_BYTES": 10_000})
    crawler.spider = KcnaWatchSpider()
    middleware = WarcRecordingMiddleware(crawler)
    request = Request("https://kcnawatch.org/x/", meta={BROWSER_STATUSES: [200, 404]})
    page = HtmlResponse(request.url, 200, body=b"<html>gone</html>", flags=["playwright"], request=request)
    asyncio.run(middleware.process_response(request, page))
    middleware.spider_closed()
    (file,) = warc_files(tmp_path)
    assert [record.kind for record in records(file, 10_000) if record.url == request.url] == ["gone"]
