"""The database is away for a while in the middle of a crawl: nothing lost, nothing twice, memory as before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from kcna_spider.store.archive import Archive
from tests.conftest import Crawler, snapshot_of
from tests.reliability.conftest import LONG, Note
from tests.replica.conftest import Replica
from tests.servers import DatabaseServer

SECONDS = 60 if LONG else 15
SITE = ["kcna_co_jp"]


def test_outage(replica: Callable[..., Replica], archive: Archive, tmp_path: Path, note: Note) -> None:
    running = replica("--kp", "0", "--watch", "0", "--cojp-days", "12", "--cojp-years", "2009,2011,2014,2017", "--latency", "0.02")
    assert Crawler(archive.connection.settings, running.proxy)("crawl", *SITE, timeout=300).code == 0
    with DatabaseServer(tmp_path / "server") as server:
        settings = server.settings()
        crawler = Crawler(settings, running.proxy, {"SPOOL_DIR": str(tmp_path / "spool"), "STORE_RETRY_SECONDS": "3"})
        process = crawler.begin("crawl", *SITE)
        output: list[str] = []
        reader = threading.Thread(target=lambda: output.append(process.stdout.read() if process.stdout else ""))
        reader.start()
        while _articles(settings) < 400:  # a crawl has its full size after some hundred articles
            time.sleep(0.1)
        before = _memory(process.pid)
        server.kill()
        highest, files = before, 0
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and process.poll() is None:
            highest = max(highest, _memory(process.pid))
            files = max(files, len(list((tmp_path / "spool").glob("*.jsonl"))))
            time.sleep(0.1)
        server.start()
        assert process.wait(300) in (0, 1)
        reader.join()
        process.communicate()
        assert "went away" in output[0]
        assert files, "the outage is longer than a write waits: something must be in the spool"
        code = process.returncode
        spool = crawler("spool")
        assert spool.code == 0, spool.output
        again = crawler("crawl", *SITE)
        assert again.code == 0, again.output[-2000:]
        shaken = Archive(settings)
        assert snapshot_of(shaken) == snapshot_of(archive)
        grown = (highest - before) / 2**20
        assert grown < 100
        number = shaken.database.articles.count_documents({})
        shaken.close()
    found = f"{number} articles as undisturbed; memory {before / 2**20:.0f} MB before, {grown:+.0f} MB at most; {files} files in the spool; exit code {code}"
    note(f"the server away for {SECONDS} s", found)


def _articles(settings: object) -> int:
    opened = Archive(settings)  # type: ignore[arg-type]
    try:
        return opened.database.articles.count_documents({})
    finally:
        opened.close()


def _memory(pid: int) -> int:
    """Bytes in memory; 0 where the process has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0
