"""A crawl stops within DOWNLOAD_TIMEOUT and ten seconds after a signal, and immediately after a second one.

Nothing is lost.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.sample_site.kcna_kp_pages import detail_url
from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler, snapshot_of
from tests.processes import wait_until
from tests.servers import DatabaseServer

SECONDS = 10  # This is in addition to DOWNLOAD_TIMEOUT.


@contextmanager
def silent() -> Iterator[socket.socket]:
    """Yield a port that accepts connections and never responds."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(30)
        yield listening


def crawl_of(listening: socket.socket, scrapy: Crawler, *arguments: str) -> Any:
    """Start a crawl that waits for a response of the silent port."""
    scrapy.proxy = f"http://127.0.0.1:{listening.getsockname()[1]}"
    process = scrapy.begin("crawl", "kcna_co_jp", *arguments)
    listening.accept()[0].detach()
    return process


def ended(process: Any, number: int = signal.SIGTERM) -> tuple[float, str]:
    """Send a signal; return the seconds until the process ended, and its output."""
    begun = time.monotonic()
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    return time.monotonic() - begun, output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_pages_that_wait_for_their_turn(
    scrapy: Crawler, site: SampleSite, snapshot: Callable[[], Any], store: StoreSettings, number: int
) -> None:
    """Check that queued requests are dropped, and that the next crawl sends them.

    kcna.kp gets one request in three seconds.
    """
    calm = Archive(StoreSettings(uri=store.uri, database=store.database + "_calm"))
    assert Crawler(calm.connection.settings, site.proxy)("crawl", "kcna_kp").code == 0
    process = scrapy.begin("crawl", "kcna_kp", "-s", "DOWNLOAD_DELAY=2")
    wait_until(lambda: site.requested("/article/detail/"), process)
    site.log.clear()
    wait_until(lambda: site.log, process)
    seconds, output = ended(process, number)
    assert seconds < SECONDS
    assert process.returncode == 1
    assert "'finish_reason': 'shutdown'" in output
    assert "Traceback" not in output
    assert scrapy("crawl", "kcna_kp").code == 0
    assert snapshot() == snapshot_of(calm)
    calm.close()


def test_responses_that_never_come(scrapy: Crawler, archive: Archive) -> None:
    with silent() as listening:
        process = crawl_of(listening, scrapy, "-s", "DOWNLOAD_TIMEOUT=5")
        seconds, output = ended(process)
    assert seconds < 5 + SECONDS
    assert "Traceback" not in output
    assert archive.rejects.count_documents({}) == 0, "a stopped request must not be a reject"


def test_a_second_signal_ends_it_at_once(scrapy: Crawler) -> None:
    with silent() as listening:
        process = crawl_of(listening, scrapy, "-s", "DOWNLOAD_TIMEOUT=60")
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        still_running = process.poll() is None
        seconds, output = ended(process)
    assert still_running
    assert seconds < 30, output[-2000:]


def test_pauses_before_retries(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    site.responses[detail_url(EN[0])] = [PageResponse(b"later", 503, headers={"Retry-After": "200"})] * 9
    process = scrapy.begin("crawl", "kcna_kp")
    wait_until(lambda: site.requested(detail_url(EN[0])), process)
    time.sleep(1.5)
    assert process.poll() is None
    seconds, _ = ended(process)
    assert seconds < SECONDS
    assert archive.rejects.count_documents({}) == 0


def test_while_the_database_is_unavailable(site: SampleSite, tmp_path: Path) -> None:
    """Check that the next crawl fetches the articles that were not stored."""
    with DatabaseServer(tmp_path) as server:
        crawler = Crawler(server.settings(), site.proxy)
        process = crawler.begin("crawl", "kcna_kp", "-s", "DOWNLOAD_DELAY=0.1", "-s", "DOWNLOAD_TIMEOUT=10")
        wait_until(lambda: len(site.requested("/article/detail/")) >= 3, process)
        server.kill()
        time.sleep(2)
        seconds, output = ended(process)
        assert seconds < 10 + SECONDS, output[-2000:]
        server.start()
        again = crawler("crawl", "kcna_kp")
        assert again.code == 0, again.output[-2000:]
        opened = Archive(server.settings())
        assert opened.database.articles.count_documents({}) > 5
        opened.close()


def test_an_outage_that_outlasts_the_wait(
    site: SampleSite, tmp_path: Path, snapshot: Callable[[], Any], scrapy: Crawler
) -> None:
    """Check that the crawl fails, and that the next one stores what an undisturbed crawl stores."""
    assert scrapy("crawl", "kcna_kp").code == 0
    with DatabaseServer(tmp_path) as server:
        crawler = Crawler(server.settings(), site.proxy, {"STORE_WAIT_SECONDS": "2"})
        process = crawler.begin("crawl", "kcna_kp", "-s", "DOWNLOAD_DELAY=0.1")
        opened = Archive(server.settings())
        wait_until(lambda: opened.database.articles.count_documents({}) >= 2, process)
        opened.close()
        server.kill()
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "store_unavailable: items cannot be stored: MongoDB at" in output
        assert "Spider closed (store_unavailable)" in output
        assert "Traceback" not in output
        server.start()
        again = crawler("crawl", "kcna_kp")
        assert again.code == 0, again.output[-2000:]
        shaken = Archive(server.settings())
        assert snapshot_of(shaken) == snapshot()
        shaken.close()


def test_while_the_search_is_read(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    """Check the search, whose callback requests its pages and must detect the signal itself."""
    days = ("-a", "since=1997-01-01", "-a", "until=2012-12-31")
    process = scrapy.begin("crawl", "kcnawatch", *days, "-s", "DOWNLOAD_DELAY=1")
    wait_until(lambda: site.requested("/?s="), process)
    seconds, output = ended(process)
    assert seconds < SECONDS
    assert process.returncode == 1
    assert "'finish_reason': 'shutdown'" in output
    assert "the search of " in output
    assert "Traceback" not in output
    assert archive.rejects.count_documents({}) == 0
    assert archive.database.listings.count_documents({"complete_at": {"$type": "date"}}) == 0
    assert scrapy("crawl", "kcnawatch", *days).code == 0


def test_a_store_that_fails_after_something_else_did(site: SampleSite, tmp_path: Path) -> None:
    """Check that the first failure is the finish reason, and that the crawl still ends."""
    shell = (
        b"<html><head><title>KCNA</title></head><body><div id='latest_article_wrapper'></div></body></html>"
    )
    site.responses["https://kcnawatch.org/article/163/"] = [PageResponse(shell)] * 5
    with DatabaseServer(tmp_path) as server:
        crawler = Crawler(server.settings(), site.proxy, {"STORE_WAIT_SECONDS": "1"})
        process = crawler.begin("crawl", "kcnawatch", "-s", "DOWNLOAD_DELAY=0.5")
        wait_until(lambda: len(site.requested("/newstream/")) >= 3, process)
        server.kill()
        asked = len(site.log)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Spider closed (empty_listing)" in output
    assert "store_unavailable: items cannot be stored" in output
    assert len(site.log) - asked < 20, "the crawl continued after the failure"
