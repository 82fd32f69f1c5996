"""Kills of the process that follows the store into the archive file: after the next start, both are equal."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path

from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler
from tests.reliability.conftest import LONG, Note

KILLS = 20 if LONG else 6


def rows(path: Path) -> dict[str, str]:
    """Return the version of each article in the file, after checking its indexes."""
    base = sqlite3.connect(path)
    try:
        for index in ("article_index", "article_words", "revision_index", "revision_words"):
            base.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
        assert base.execute("PRAGMA quick_check").fetchone() == ("ok",)
        return dict(base.execute("SELECT id, version FROM articles"))
    finally:
        base.close()


def test_follower_killed(
    large_site: SampleSite, archive: Archive, store: StoreSettings, tmp_path: Path, note: Note
) -> None:
    path = tmp_path / "archive.sqlite"
    scrapy = Crawler(store, large_site.proxy, {"ARCHIVE_FILE": str(path)})
    large_site.latency = 0.03
    crawls = [["kcna_kp", "-a", "language=en,kp,cn,ru,es,jp"], ["kcna_co_jp"], ["kcnawatch", "-a", "full=1"]]
    crawl = scrapy.begin("crawl", *crawls[0])
    chance = random.Random(KILLS)
    during = 0
    for number in range(1, KILLS + 1):
        if crawl.poll() is not None:
            crawl = scrapy.begin("crawl", *crawls[number % 3], "-a", "recheck=20000")
        follower = scrapy.begin("index", "--follow")
        time.sleep(0.5 + chance.random() * 1.5)
        during += crawl.poll() is None
        assert follower.poll() is None, follower.communicate()[0]
        follower.kill()
        follower.communicate()
    crawl.communicate()
    done = scrapy("index")
    assert done.code == 0, done.output
    stored = {str(d["_id"]): d["version"] for d in archive.database["articles"].find({}, {"version": 1})}
    assert rows(path) == stored
    assert len(stored) > 100
    note(
        f"{KILLS} kills of `scrapy index --follow`, {during} during a crawl",
        f"{len(stored)} articles, equal to the store",
    )
