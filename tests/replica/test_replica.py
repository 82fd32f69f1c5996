"""The spiders against the replica: every live story once, every field correct, no needless requests."""

from __future__ import annotations

import itertools
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kcna_spider.store.archive import Archive
from tests.conftest import Crawler, snapshot_of
from tests.replica import truth
from tests.replica.conftest import Replica
from tests.replica.truth import wrong

Start = Callable[..., Replica]
Crawl = Callable[[Replica], Crawler]
WATCH = ("--kp", "300", "--watch", "300", "--cojp-days", "6")


def asked(replica: Replica, part: str) -> Counter[str]:
    """Return the number of requests for each URL since the log was cleared."""
    return Counter(entry["url"] for entry in truth.fetch(replica.port, "log") if part in entry["url"])


WATCH_MODES = {
    "default": ("--seed", "1"),
    "other seed": ("--seed", "7"),
    "other host": ("--seed", "2", "--watch-host", "kcnawatch.xyz"),
    "other ids": ("--seed", "3", "--watch-ids"),
    "other host and ids": ("--seed", "4", "--watch-host", "kcnawatch.xyz", "--watch-ids"),
}


@pytest.mark.parametrize("options", WATCH_MODES.values(), ids=WATCH_MODES)
def test_kcnawatch(replica: Start, crawler: Crawl, archive: Archive, options: tuple[str, ...]) -> None:
    running = replica(*WATCH, *options)
    scrapy = crawler(running)
    assert scrapy("crawl", "kcnawatch", "-a", "full=1").code == 0
    assert wrong(running, archive, ("kcnawatch.org",)) == []
    assert max(asked(running, "/newstream/").values()) == 1
    assert not [url for url in asked(running, "/wp-admin/") if "admin-ajax.php" not in url]
    first = snapshot_of(archive)
    for arguments, pages in ((["-a", "full=1"], None), ([], 2)):
        truth.post(running.port, "forget=1")
        assert scrapy("crawl", "kcnawatch", *arguments).code == 0
        assert not asked(running, "/newstream/")
        assert (
            pages is None
            or sum(asked(running, "/article/").values()) + sum(asked(running, "admin-ajax").values()) == pages
        )
        assert snapshot_of(archive) == first


@pytest.mark.parametrize("options", [*WATCH_MODES.values()][2:], ids=[*WATCH_MODES][2:])
def test_kcnawatch_bot_check(
    replica: Start, crawler: Crawl, archive: Archive, options: tuple[str, ...]
) -> None:
    running = replica(*WATCH, *options, "--bot-check")
    crawl = crawler(running)("crawl", "kcnawatch", "-a", "full=1")
    assert crawl.code == 0
    assert "'browser/challenges': " in crawl.output
    assert wrong(running, archive, ("kcnawatch.org",)) == []


@pytest.mark.parametrize("options", WATCH_MODES.values(), ids=WATCH_MODES)
def test_kcnawatch_far_back(
    replica: Start, crawler: Crawl, archive: Archive, options: tuple[str, ...]
) -> None:
    """Check that the search gives exactly the stories of old days, and that a second crawl fetches none."""
    running = replica("--kp", "300", "--watch", "900", "--cojp-days", "12", *options)
    scrapy = crawler(running)
    days = ("-a", "since=2005-01-01", "-a", "until=2011-12-31")
    assert scrapy("crawl", "kcnawatch", *days).code == 0
    there = [
        s
        for s in truth.live(truth.fetch(running.port, "truth"), ("kcnawatch.org",), 1)
        if "2005-01-01" <= s["published"] <= "2011-12-31"
    ]
    assert len(there) > 30
    assert truth.problems(archive.database, there, ("kcnawatch.org",)) == []
    requests = sum(asked(running, "/?s=").values()) + sum(asked(running, "more_search").values())
    print(
        f"{len(there)} stories of seven years: {requests} requests to the search, "
        f"{sum(asked(running, '/article/').values())} to listings"
    )
    assert not asked(running, "get_cat_by_source"), "a listing was paginated"
    truth.post(running.port, "forget=1")
    assert scrapy("crawl", "kcnawatch", *days).code == 0
    assert not asked(running, "/newstream/")
    assert not asked(running, "s="), "days that are complete were searched again"


def test_kcnawatch_two_crawls_at_once(replica: Start, crawler: Crawl, archive: Archive) -> None:
    running = replica(*WATCH)
    processes = [crawler(running).begin("crawl", "kcnawatch", "-a", "full=1") for _ in range(2)]
    assert [(process.communicate()[0], process.returncode)[1] for process in processes] == [0, 0]
    assert wrong(running, archive, ("kcnawatch.org",)) == []


def test_kcnawatch_killed_in_the_middle(replica: Start, crawler: Crawl, archive: Archive) -> None:
    running = replica(*WATCH)
    scrapy = crawler(running)
    chance = random.Random(3)
    for _ in range(3):
        process = scrapy.begin("crawl", "kcnawatch", "-a", "full=1")
        time.sleep(1.2 + chance.random() * 1.5)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert scrapy("crawl", "kcnawatch").code == 0, "a default crawl must fill the gaps"
    assert wrong(running, archive, ("kcnawatch.org",)) == []


@pytest.mark.parametrize(
    "options", [("--seed", "1"), ("--seed", "5", "--kp", "250", "--foreign", "35")], ids=["default", "other"]
)
def test_kcna_kp_2026(replica: Start, crawler: Crawl, archive: Archive, options: tuple[str, ...]) -> None:
    running = replica("--cojp-years", "", "--watch", "0", *options)
    scrapy = crawler(running)
    languages = ("-a", "language=en,kp,cn,ru,es,jp")
    assert scrapy("crawl", "kcna_kp", *languages).code == 0
    assert wrong(running, archive, ("kcna.kp",)) == []
    assert max(asked(running, "/article/detail/").values()) == 1
    truth.post(running.port, "forget=1")
    assert scrapy("crawl", "kcna_kp", *languages).code == 0
    assert not asked(running, "/article/detail/")
    assert {entry["method"] for entry in truth.fetch(running.port, "log")} == {"GET"}


def test_kcna_kp_2024(replica: Start, crawler: Crawl, archive: Archive) -> None:
    running = replica("--cojp-years", "", "--watch", "0", "--era", "2024", "--seed", "3")
    scrapy = crawler(running)
    assert scrapy("crawl", "kcna_kp").code == 0
    assert wrong(running, archive, ("kcna.kp/q",), ("en",)) == []
    assert max(asked(running, "/article/q/").values()) == 1
    truth.post(running.port, "forget=1")
    assert scrapy("crawl", "kcna_kp").code == 0
    assert not asked(running, "/article/q/")
    assert max(asked(running, "/category/").values()) == 1
    assert len(asked(running, "/category/")) == len(truth.listed_categories())


def test_kcna_kp_sessions_dropped(replica: Start, crawler: Crawl, archive: Archive) -> None:
    running = replica("--cojp-years", "", "--watch", "0", program=Path(__file__).with_name("forgetful.py"))
    crawl = crawler(running)("crawl", "kcna_kp")
    assert crawl.code == 0
    assert "listings/session_renewed" in crawl.output
    assert wrong(running, archive, ("kcna.kp",), ("en",)) == []


@pytest.mark.parametrize(("years", "seed"), [("1997,2005,2008,2014", "1"), ("2000,2009,2011,2017", "4")])
def test_kcna_co_jp(replica: Start, crawler: Crawl, archive: Archive, years: str, seed: str) -> None:
    running = replica("--cojp-years", years, "--seed", seed, "--cojp-days", "7")
    scrapy = crawler(running)
    assert scrapy("crawl", "kcna_co_jp").code == 0
    assert wrong(running, archive, ("kcna.co.jp",)) == []
    assert max(asked(running, "/item/").values()) == 1
    truth.post(running.port, "forget=1")
    assert scrapy("crawl", "kcna_co_jp").code == 0
    assert len([url for url in asked(running, "/item/") if "calendar" not in url]) == 1, (
        "only the newest day may be fetched again"
    )


def test_politeness(replica: Start, crawler: Crawl) -> None:
    running = replica(*WATCH)
    pace = ["-s", "DOWNLOAD_DELAY=0.4", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "DOWNLOAD_DELAY_JITTER=0"]
    assert crawler(running)("crawl", "kcnawatch", "-a", "limit=12", *pace, fast=False).code == 0
    log: list[dict[str, Any]] = truth.fetch(running.port, "log")
    assert log[0]["url"].endswith("/robots.txt")
    times = [entry["t"] for entry in log[1:]]
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) > 0.35
    assert all("kcna_spider" in entry["ua"] for entry in log)
