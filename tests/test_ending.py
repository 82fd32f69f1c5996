"""A crawl that is told to end does so within ten seconds, whatever it waits for, and loses nothing."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler, snapshot_of
from tests.servers import DatabaseServer
from tests.site.pages import Answer, detail_url
from tests.site.server import SampleSite
from tests.site.stories import EN

SECONDS = 10


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def ended(process: Any, number: int = signal.SIGTERM) -> tuple[float, str]:
    """(seconds until it was gone, its output)."""
    begun = time.monotonic()
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    return time.monotonic() - begun, output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_pages_that_wait_for_their_turn(scrapy: Crawler, site: SampleSite, snapshot: Callable[[], Any], store: StoreSettings, number: int) -> None:
    """kcna.kp is asked once in three seconds: what waits for that is dropped, and asked for by the next crawl."""
    calm = Archive(StoreSettings(uri=store.uri, database=store.database + "_calm"))
    assert Crawler(calm.connection.settings, site.proxy)("crawl", "kcna_kp").code == 0
    process = scrapy.begin("crawl", "kcna_kp", "-s", "DOWNLOAD_DELAY=2")
    while not site.asked("/article/detail/"):
        time.sleep(0.1)
    site.log.clear()
    while not site.log:
        time.sleep(0.1)
    seconds, output = ended(process, number)
    assert seconds < SECONDS
    assert process.returncode == 1
    assert "'finish_reason': 'shutdown'" in output
    assert "Traceback" not in output
    assert scrapy("crawl", "kcna_kp").code == 0
    assert snapshot() == snapshot_of(calm)
    calm.close()


def test_answers_that_never_come(scrapy: Crawler, archive: Archive) -> None:
    with silent() as port:
        scrapy.proxy = f"http://127.0.0.1:{port}"
        process = scrapy.begin("crawl", "kcna_co_jp", "-s", "DOWNLOAD_TIMEOUT=600")
        time.sleep(3)
        seconds, output = ended(process)
    assert seconds < SECONDS
    assert "Traceback" not in output
    assert archive.rejects.count_documents({}) == 0, "an end is no failure of an address"


def test_pauses_before_retries(scrapy: Crawler, site: SampleSite, archive: Archive) -> None:
    site.answers[detail_url(EN[0])] = [Answer(b"later", 503, headers={"Retry-After": "200"})] * 9
    process = scrapy.begin("crawl", "kcna_kp")
    while detail_url(EN[0]) not in site.asked("/article/detail/"):
        time.sleep(0.1)
    time.sleep(1.5)
    assert process.poll() is None
    seconds, _ = ended(process)
    assert seconds < SECONDS
    assert archive.rejects.count_documents({}) == 0


def test_while_the_database_is_away(site: SampleSite, tmp_path: Path) -> None:
    """What it holds goes to the spool; the next crawl brings it in."""
    with DatabaseServer(tmp_path) as server:
        crawler = Crawler(server.settings(), site.proxy, {"SPOOL_DIR": str(tmp_path / "spool")})
        process = crawler.begin("crawl", "kcna_kp", "-s", "DOWNLOAD_DELAY=0.1")
        while len(site.asked("/article/detail/")) < 3:
            time.sleep(0.05)
        server.kill()
        time.sleep(2)
        seconds, output = ended(process)
        assert seconds < SECONDS, output[-2000:]
        server.start()
        again = crawler("crawl", "kcna_kp")
        assert again.code == 0, again.output[-2000:]
        assert not list((tmp_path / "spool").glob("*.jsonl"))
        opened = Archive(server.settings())
        assert opened.database.articles.count_documents({}) > 5
        opened.close()
