"""Captures and the browser against the replica."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kcna_spider.archives.warc_files import warc_files
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler, snapshot_of
from tests.replica import truth
from tests.replica.test_replica import Crawl, Start
from tests.system import chromium

NO_SITE = "http://127.0.0.1:9"


def check(folder: Path) -> None:
    """Check every file with `warcio check`."""
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *(str(file.path) for file in warc_files(folder))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def copies_of(archive: Archive) -> dict[str, str]:
    """Return the identifier of the article for each URL."""
    return {copy["url"]: str(d["_id"]) for d in archive.database["articles"].find() for copy in d["copies"]}


@pytest.mark.parametrize(("faults", "size"), [("0", "100"), ("0", "10000"), ("0.2", "100")])
def test_wayback_of_kcna_kp(replica: Start, crawler: Crawl, archive: Archive, faults: str, size: str) -> None:
    running = replica(
        "--cojp-years",
        "",
        "--watch",
        "0",
        "--kp",
        "150",
        "--foreign",
        "10",
        "--faults",
        faults,
        "--seed",
        "3",
    )
    crawl = crawler(running)("crawl", "wayback", "-a", "site=kcna.kp", "-a", f"page_size={size}", timeout=300)
    assert crawl.code == 0, crawl.output[-3000:]
    stories = [
        s
        for s in truth.fetch(running.port, "truth")
        if not s["late"] and (s["urls"].get("kcna.kp") or s["urls"].get("kcna.kp/q"))
    ]
    found = copies_of(archive)
    owners = {
        s["id"]: {found.get(url) for key in ("kcna.kp", "kcna.kp/q") for url in s["urls"].get(key, [])}
        for s in stories
    }
    assert [story for story, some in owners.items() if len(some) != 1 or None in some] == []
    assert (
        len({next(iter(some)) for some in owners.values()})
        == len(stories)
        == archive.database["articles"].count_documents({})
    )
    # The date is not compared if no capture states it.
    unsure = {str(d["_id"]) for d in archive.database["articles"].find({"published_from": "capture"})}
    wrong = truth.problems(archive.database, stories, ("kcna.kp", "kcna.kp/q"))
    by_story = {story: next(iter(some)) for story, some in owners.items()}
    assert [
        line
        for line in wrong
        if by_story[line.split(" ")[0]] not in unsure or not ("published" in line or "date " in line)
    ] == []
    assert len(unsure) < len(stories) / 4


@pytest.mark.parametrize("site", ["kcna.co.jp", "kcnawatch.org"])
def test_wayback_of_the_others(replica: Start, crawler: Crawl, archive: Archive, site: str) -> None:
    running = replica("--cojp-days", "4", "--kp", "120", "--watch", "100")
    assert crawler(running)("crawl", "wayback", "-a", f"site={site}", "-a", "versions=all").code == 0
    stories = truth.live(truth.fetch(running.port, "truth"), (site,), 1)
    assert len(stories) > 50
    assert truth.problems(archive.database, stories, (site,)) == []


def test_warc_with_faults_and_kills(
    replica: Start, crawler: Crawl, archive: Archive, store: StoreSettings, tmp_path: Path
) -> None:
    running = replica("--cojp-days", "6", "--kp", "100", "--watch", "0", "--faults", "0.1")
    scrapy = crawler(running)
    chance = random.Random(5)
    for _ in range(2):
        process = scrapy.begin("crawl", "kcna_co_jp", "-s", f"WARC_DIR={tmp_path}")
        time.sleep(2.5 + chance.random() * 2)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        check(tmp_path)
    assert scrapy("crawl", "kcna_co_jp", "-s", f"WARC_DIR={tmp_path}", timeout=300).code == 0
    check(tmp_path)
    stories = truth.live(truth.fetch(running.port, "truth"), ("kcna.co.jp",), 1)
    assert truth.problems(archive.database, stories, ("kcna.co.jp",)) == []
    again = StoreSettings(uri=store.uri, database=f"{store.database}_2")
    assert Crawler(again, NO_SITE)("reparse", str(tmp_path)).code == 0
    second = Archive(again)
    assert snapshot_of(second)["articles"] == snapshot_of(archive)["articles"]
    assert snapshot_of(second)["revisions"] == snapshot_of(archive)["revisions"]
    second.close()


@chromium
def test_bot_check(replica: Start, crawler: Crawl, archive: Archive) -> None:
    running = replica("--kp", "150", "--watch", "150", "--cojp-days", "4", "--bot-check")
    crawl = crawler(running)("crawl", "kcnawatch", "-a", "full=1")
    assert crawl.code == 0
    stories = truth.live(truth.fetch(running.port, "truth"), ("kcnawatch.org",), 1)
    assert truth.problems(archive.database, stories, ("kcnawatch.org",)) == []
    assert "'browser/pages': 1" in crawl.output
    never = crawler(running)("crawl", "kcnawatch", "-a", "browser=never")
    assert never.code == 1
    assert "bot_check: https://kcnawatch.org/" in never.output
