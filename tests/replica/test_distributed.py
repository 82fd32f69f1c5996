"""Workers share a crawl of the replica through a real Redis.

Three workers keep the rate of one, also if one is killed. Two workers are faster than one if pages are slow.
"""

from __future__ import annotations

import itertools
import re
import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest

from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler
from tests.replica import truth
from tests.replica.conftest import Replica
from tests.replica.truth import wrong
from tests.servers import RedisServer
from tests.system import redis as redis_mark
from tests.workers import Workers

pytestmark = redis_mark
Start = Callable[..., Replica]
Crawl = Callable[[Replica], Crawler]
KP = ("--cojp-years", "", "--watch", "0", "--foreign", "0")
NO_THROTTLE = ("-s", "AUTOTHROTTLE_ENABLED=0")


def pauses(replica: Replica) -> list[float]:
    """Return the seconds between the requests that the replica received, shortest first."""
    times = sorted(entry["t"] for entry in truth.fetch(replica.port, "log"))
    return sorted(later - earlier for earlier, later in itertools.pairwise(times))


def articles(replica: Replica) -> Counter[str]:
    """Return the number of requests for each article's page."""
    return Counter(
        entry["url"] for entry in truth.fetch(replica.port, "log") if "/article/detail/" in entry["url"]
    )


def test_three_workers_share_and_keep_the_pace(
    replica: Start, crawler: Crawl, archive: Archive, redis_server: RedisServer
) -> None:
    running = replica(*KP, "--kp", "90", "--seed", "3")
    begun = time.monotonic()
    workers = Workers(crawler(running), redis_server, 3, "kcna_kp", "-s", "DOWNLOAD_DELAY=0.15", *NO_THROTTLE)
    assert workers.wait(300) == [0, 0, 0], workers.outputs
    seconds = time.monotonic() - begun
    assert wrong(running, archive, ("kcna.kp",)) == []
    assert max(articles(running).values()) == 1
    taken = workers.stats("distributed/taken")
    assert min(taken) >= 0.2 * sum(taken), taken
    shortest = pauses(running)
    log = truth.fetch(running.port, "log")
    print(
        f"{len(log)} requests in {seconds:.1f} s by three workers, {taken} articles; shortest pauses "
        f"{shortest[:3]}"
    )
    assert len(log) / seconds <= 1 / 0.15
    assert shortest[len(shortest) // 20] >= 0.1, (
        "only few pauses may be shorter, after a delay on a busy machine"
    )


@pytest.mark.parametrize("leads", [True, False], ids=["leader", "other"])
def test_a_worker_is_killed(
    replica: Start, crawler: Crawl, archive: Archive, redis_server: RedisServer, leads: bool
) -> None:
    """Check that all articles are fetched within a minute, without a further run."""
    running = replica(*KP, "--kp", "100", "--seed", "4")
    crawl = ("kcna_kp", "-s", "DOWNLOAD_DELAY=0.1", *NO_THROTTLE)
    leader = Workers(crawler(running), redis_server, 1, *crawl)
    while archive.database["articles"].count_documents({}) < 5:
        time.sleep(0.05)
    others = Workers(crawler(running), redis_server, 2, *crawl)
    while archive.database["articles"].count_documents({}) < 40:
        time.sleep(0.05)
    victim = (leader if leads else others).processes[0]
    victim.send_signal(signal.SIGKILL)
    killed_at = time.time()
    assert sorted(leader.wait(300) + others.wait(300)) == [-signal.SIGKILL, 0, 0], (
        leader.outputs + others.outputs
    )
    assert sum(others.stats("distributed/led")) == leads
    assert wrong(running, archive, ("kcna.kp",)) == []
    times = [entry["t"] for entry in truth.fetch(running.port, "log") if "/article/detail/" in entry["url"]]
    again = sum(times > 1 for times in articles(running).values())
    print(f"the last article was fetched {max(times) - killed_at:.1f} s after the kill, {again} pages twice")
    assert max(times) - killed_at < 60
    assert again <= 20, "pages were fetched again that the killed worker had not leased"


def rate(replica: Replica, store: StoreSettings, redis: RedisServer, number: int) -> float:
    """Return the articles per second of some workers, from the first article's page to the last.

    Each worker has four connections. number: number of workers; 0 is a crawl that is not distributed.
    """
    truth.post(replica.port, "forget=1")
    settings = ("-s", "CONCURRENT_REQUESTS=4", "-s", "DOWNLOAD_DELAY=0", *NO_THROTTLE)
    if number:
        workers = Workers(Crawler(store, replica.proxy), redis, number, "kcna_co_jp", *settings)
        assert workers.wait(300) == [0] * number, workers.outputs
    else:
        assert Crawler(store, replica.proxy)("crawl", "kcna_co_jp", *settings).code == 0
    times = sorted(
        entry["t"]
        for entry in truth.fetch(replica.port, "log")
        if re.search(r"/\d{8}-\d\dee\.html", entry["url"])
    )
    assert len(times) > 100
    return (len(times) - 1) / (times[-1] - times[0])


def test_two_workers_are_faster_where_pages_are_slow(
    replica: Start, store: StoreSettings, redis_server: RedisServer
) -> None:
    running = replica(
        "--kp",
        "0",
        "--watch",
        "0",
        "--cojp-years",
        "2014",
        "--cojp-days",
        "5",
        "--seed",
        "5",
        "--latency",
        "0.2",
    )
    alone, one, two = (
        rate(running, StoreSettings(uri=store.uri, database=f"{store.database}_{n}"), redis_server, n)
        for n in (0, 1, 2)
    )
    print(
        f"articles per second: not distributed {alone:.1f}, one worker {one:.1f}, two workers {two:.1f}, "
        f"ratio {two / one:.2f}"
    )
    assert two >= 1.5 * one
    assert two >= 1.5 * alone
