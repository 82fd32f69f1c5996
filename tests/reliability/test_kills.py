"""Kills of crawls and of the embedded server at random times: in the end every article is stored once."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler, snapshot_of
from tests.reliability.conftest import LONG, Note, assert_same
from tests.servers import pid_of

SITES = (["kcna_kp", "-a", "language=en,kp,cn,ru,es,jp"], ["kcna_co_jp"], ["kcnawatch", "-a", "full=1"])
KILLS = 20 if LONG else 6


def test_crawls_killed(
    large_site: SampleSite, archive: Archive, undisturbed: Archive, store: StoreSettings, note: Note
) -> None:
    running = large_site
    running.latency = 0.02
    calm, shaken = Crawler(undisturbed.connection.settings, running.proxy), Crawler(store, running.proxy)
    for site in SITES:
        assert calm("crawl", *site).code == 0
    chance = random.Random(KILLS)
    running.latency = 0.1  # The crawls must last long enough for a kill.
    cut = tries = 0
    while cut < KILLS:
        assert tries < 5 * KILLS, f"only {cut} of {tries} kills hit a running crawl"
        site = SITES[tries % 3]
        process = shaken.begin("crawl", *site)
        time.sleep(0.9 + chance.random() * 2.5)
        cut += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        tries += 1
    running.latency = 0
    for site in SITES:
        crawl = shaken("crawl", *site)
        assert crawl.code == 0, crawl.output[-2000:]
    assert_same(archive, undisturbed)
    number = archive.database.articles.count_documents({})
    note(
        f"{cut} kills of running crawls, {tries - cut} kills after their end",
        f"{number} articles, with the revisions and copies of undisturbed crawls",
    )


def test_server_killed(large_site: SampleSite, tmp_path: Path, note: Note) -> None:
    """Kill the server some tenths of a second after each start."""
    running = large_site
    running.latency = 0.02
    kills = 0
    found = []
    for shaken in (False, True):
        settings = StoreSettings(path=str(tmp_path / str(shaken)))
        keeper = Archive(settings)  # This connection keeps the server running between the crawls.
        crawler = Crawler(settings, running.proxy)
        done, killed = threading.Event(), list[int]()
        killer = threading.Thread(target=_kill, args=(Path(settings.path), done, killed), daemon=True)
        if shaken:
            killer.start()
        inserted = 0
        while len(killed) < KILLS or not inserted:
            for site in SITES:
                crawl = crawler("crawl", *site, timeout=300)
                assert crawl.code == 0, crawl.output[-3000:]
                inserted += sum(map(int, re.findall(r"'store/inserted': (\d+)", crawl.output)))
            if not shaken:
                break
        done.set()
        if shaken:
            killer.join()
            keeper.known(["http://x"])  # This call waits until the server is available again.
        kills = len(killed)
        found.append(snapshot_of(keeper))
        assert len(found[-1]["articles"]) >= inserted, "an acknowledged article was lost"
        keeper.close()
    assert found[0] == found[1]
    note(
        f"{kills} kills of the embedded server",
        f"{len(found[0]['articles'])} articles, equal to an undisturbed run; restarted after each kill",
    )
    shutil.rmtree(tmp_path, ignore_errors=True)


def _kill(path: Path, done: threading.Event, killed: list[int]) -> None:
    chance = random.Random(7)
    while not done.is_set() and len(killed) < KILLS:
        done.wait(0.5 + chance.random())
        with suppress(OSError, ValueError, KeyError):
            pid = pid_of(path)
            if (
                pid not in killed
                and subprocess.run(["kill", "-0", str(pid)], check=False, capture_output=True).returncode == 0
            ):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
