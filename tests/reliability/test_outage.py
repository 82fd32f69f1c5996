"""An outage of the database during a crawl: nothing is lost or duplicated, and the memory does not grow."""

from __future__ import annotations

import time
from pathlib import Path

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from tests.conftest import Crawler, snapshot_of
from tests.reliability.conftest import LONG, Note
from tests.servers import DatabaseServer

SECONDS = 60 if LONG else 15
SITE = ["kcna_co_jp"]


def test_outage(large_site: SampleSite, archive: Archive, tmp_path: Path, note: Note) -> None:
    """Check that back-pressure stops the crawl during the outage, and that the crawl continues afterwards."""
    running = large_site
    running.latency = 0.02
    assert Crawler(archive.connection.settings, running.proxy)("crawl", *SITE, timeout=300).code == 0
    with DatabaseServer(tmp_path / "server") as server:
        settings = server.settings()
        crawler = Crawler(settings, running.proxy, {"STORE_WAIT_SECONDS": str(SECONDS * 4)})
        process = crawler.begin("crawl", *SITE)
        while _articles(settings) < 60:
            time.sleep(0.1)
        before = _memory(process.pid)
        server.kill()
        highest = before
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and process.poll() is None:
            highest = max(highest, _memory(process.pid))
            time.sleep(0.1)
        assert process.poll() is None, "the crawl must wait during the outage"
        server.start()
        output, _ = process.communicate(300)
        assert process.returncode == 0
        assert "became unavailable" in output
        assert "is available again" in output
        shaken = Archive(settings)
        assert snapshot_of(shaken) == snapshot_of(archive)
        grown = (highest - before) / 2**20
        assert grown < 100
        number = shaken.database.articles.count_documents({})
        shaken.close()
    note(
        f"the server unavailable for {SECONDS} s",
        (
            f"{number} articles, as after an undisturbed crawl; memory {before / 2**20:.0f} MB before the "
            f"outage, {grown:+.0f} MB at most; exit code 0"
        ),
    )


def _articles(settings: object) -> int:
    opened = Archive(settings)  # type: ignore[arg-type]
    try:
        return opened.database.articles.count_documents({})
    finally:
        opened.close()


def _memory(pid: int) -> int:
    """Return the bytes in memory, or 0 if the process has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0
