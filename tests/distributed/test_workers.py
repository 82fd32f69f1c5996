"""Several workers share a crawl of the sample site through a real Redis."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis

from kcna_spider.sample_site.kcnawatch_pages import watch_url
from kcna_spider.sample_site.sample_photos import ALONE, photos_of
from kcna_spider.sample_site.site_http import PageResponse
from kcna_spider.sample_site.site_server import SampleSite
from kcna_spider.sample_site.stories import EN, STORIES
from kcna_spider.store.archive import Archive
from kcna_spider.store.connection.client import StoreSettings
from tests.conftest import Crawler, snapshot_of
from tests.processes import wait_until
from tests.servers import RedisServer
from tests.system import redis as redis_mark
from tests.workers import Workers, sharing

pytestmark = redis_mark
CRAWLS = (["kcnawatch"], ["kcna_kp", "-a", "language=en,ko"], ["kcna_co_jp"])


def keys(server: RedisServer) -> list[str]:
    """Return the keys in Redis, except the mark of a finished crawl and the state of the rate limiter."""
    with redis.Redis(port=server.port, decode_responses=True) as client:
        return [key for key in client.scan_iter() if not key.endswith(":done") and ":pace:" not in key]


@pytest.mark.parametrize("crawl", CRAWLS, ids=lambda crawl: crawl[0])
def test_two_workers_store_what_one_does(
    scrapy: Crawler,
    site: SampleSite,
    store: StoreSettings,
    archive: Archive,
    redis_server: RedisServer,
    crawl: list[str],
    snapshot: Callable[[], Any],
) -> None:
    with sharing(site, redis_server, 2):
        workers = Workers(scrapy, redis_server, 2, *crawl)
    assert workers.wait() == [0, 0], workers.outputs
    assert sum(workers.stats("distributed/led")) == 1
    together = snapshot()
    assert len(together["articles"]) > 4
    assert keys(redis_server) == [], workers.outputs
    alone = StoreSettings(uri=store.uri, database=store.database + "_alone")
    assert Crawler(alone, site.proxy)("crawl", *crawl).code == 0
    other = Archive(alone)
    assert together == snapshot_of(other)
    assert {
        (d["_id"], bool(d["complete_at"])) for d in archive.listings.find({"complete_at": {"$exists": True}})
    } == {(d["_id"], bool(d["complete_at"])) for d in other.listings.find({"complete_at": {"$exists": True}})}
    other.close()


def test_workers_with_different_databases_share_nothing(
    scrapy: Crawler, site: SampleSite, store: StoreSettings, archive: Archive, redis_server: RedisServer
) -> None:
    other = StoreSettings(uri=store.uri, database=store.database + "_other")
    url = f"DISTRIBUTED_REDIS_URL={redis_server.url}"
    running = [
        Crawler(settings, site.proxy).begin("crawl", "kcna_co_jp", "-s", url) for settings in (store, other)
    ]
    outputs = [crawl.communicate(60)[0] for crawl in running]
    assert [crawl.wait() for crawl in running] == [0, 0], outputs
    second = Archive(other)
    stored = [one.database["articles"].count_documents({}) for one in (archive, second)]
    second.close()
    assert stored[0] == stored[1] > 4, outputs


def test_again_nothing_is_fetched(scrapy: Crawler, site: SampleSite, redis_server: RedisServer) -> None:
    first = Workers(scrapy, redis_server, 1, "kcna_kp")
    assert first.wait() == [0]
    assert site.requested("/article/detail/").total() == first.stats("distributed/taken")[0] > 4
    site.log.clear()
    workers = Workers(scrapy, redis_server, 2, "kcna_kp")
    assert workers.wait() == [0, 0], workers.outputs
    assert not site.requested("/article/detail/")


def test_redirects_of_a_recheck(
    scrapy: Crawler, site: SampleSite, archive: Archive, redis_server: RedisServer
) -> None:
    """Check that a redirect of a request that workers do not share is followed, or ends as a failed recheck.

    A redirect has a higher priority than its request.
    """
    assert scrapy("crawl", "kcnawatch").code == 0
    first, second = (watch_url(story) for story in EN[:2])
    site.responses[first] = [PageResponse(status=302, headers={"Location": "http://evil.example/x"})]
    site.responses[second] = [PageResponse(status=302, headers={"Location": f"{second}?again"})]
    site.log.clear()
    workers = Workers(scrapy, redis_server, 1, "kcnawatch", "-a", "recheck=20000")
    assert workers.wait() == [0], workers.outputs
    assert workers.stats("recheck/no_response/elsewhere") == [1]
    assert site.requested(f"{second}?again")
    assert "Error while handling downloader output" not in workers.outputs[0]
    assert {asked.host for asked in site.log} == {"kcnawatch.org"}


def leased(server: RedisServer) -> int:
    """Return the number of requests that workers have leased and not finished."""
    with redis.Redis(port=server.port, decode_responses=True) as client:
        return sum(client.zcard(key) for key in client.scan_iter() if key.endswith(":leased"))


def test_the_leader_is_told_to_end(
    scrapy: Crawler, site: SampleSite, archive: Archive, redis_server: RedisServer
) -> None:
    """Check that a signal returns the leader's leases at once, and that the other worker then leads."""
    workers = Workers(scrapy, redis_server, 1, "kcna_co_jp", "-s", "DOWNLOAD_DELAY=0.5")
    wait_until(lambda: archive.database["articles"].count_documents({}), *workers.processes)
    first = workers.processes[0]
    site.open.clear()
    # One of the leased requests is being downloaded.
    wait_until(lambda: leased(redis_server) >= 2, *workers.processes)
    second = Workers(scrapy, redis_server, 1, "kcna_co_jp")
    first.send_signal(signal.SIGTERM)
    site.open.set()
    assert second.wait() == [0], second.outputs
    workers.wait()
    assert "'finish_reason': 'shutdown'" in workers.outputs[0]
    assert workers.stats("distributed/returned")[0] > 0
    assert second.stats("distributed/led") == [1]
    assert {d["reason"] for d in archive.rejects.find()} == {"stub"}
    assert keys(redis_server) == []


def test_redis_goes_away_for_a_while(
    scrapy: Crawler, site: SampleSite, redis_server: RedisServer, archive: Archive
) -> None:
    workers = Workers(scrapy, redis_server, 2, "kcna_co_jp", "-s", "DOWNLOAD_DELAY=0.4")
    wait_until(lambda: archive.database["articles"].count_documents({}) >= 2, *workers.processes)
    redis_server.stop()
    time.sleep(3)
    assert all(process.poll() is None for process in workers.processes)
    asked = len(site.log)
    time.sleep(1)
    assert len(site.log) == asked, "a worker sent a request while Redis was unavailable"
    redis_server.start()
    assert workers.wait() == [0, 0], workers.outputs
    assert all("Redis is unavailable" in output and "Redis is back" in output for output in workers.outputs)
    assert max(Counter(entry.url for entry in site.log if "news" in entry.url).values()) <= 2


def test_redis_comes_back_empty(scrapy: Crawler, redis_server: RedisServer, archive: Archive) -> None:
    workers = Workers(scrapy, redis_server, 1, "kcna_co_jp", "-s", "DOWNLOAD_DELAY=0.4")
    wait_until(lambda: archive.database["articles"].count_documents({}) >= 1, *workers.processes)
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
    assert workers.wait() == [1]
    assert "distributed_lost" in workers.outputs[0]


def test_a_request_that_this_version_cannot_read(
    scrapy: Crawler, redis_server: RedisServer, archive: Archive
) -> None:
    workers = Workers(scrapy, redis_server, 1, "kcna_co_jp", "-s", "DOWNLOAD_DELAY=0.4")
    wait_until(lambda: archive.database["articles"].count_documents({}) >= 1, *workers.processes)
    with redis.Redis(port=redis_server.port) as client:
        crawl = next(key for key in client.scan_iter("*:lead")).removesuffix(b":lead")
        client.zadd(crawl + b":requests", {b"no pickle": -100})
    assert workers.wait() == [1]
    assert "distributed_failed" in workers.outputs[0]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (["-s", "DISTRIBUTED_REDIS_URL=http://x"], "DISTRIBUTED_REDIS_URL is no URL of a Redis server"),
        (
            ["-s", "DISTRIBUTED_REDIS_URL=redis://127.0.0.1:1/0", "-s", "JOBDIR=/tmp/x"],
            "JOBDIR is not supported",
        ),
        (["-s", "JOBDIR=/tmp/x"], "JOBDIR is not supported"),
        (["-s", "DISTRIBUTED_REDIS_URL=redis://127.0.0.1:port/0"], "DISTRIBUTED_REDIS_URL is not valid"),
    ],
)
def test_mistakes(scrapy: Crawler, settings: list[str], line: str) -> None:
    done = scrapy("crawl", "kcna_kp", *settings)
    assert done.code == 2
    assert line in done.output


def test_spiders_that_cannot_be_shared(scrapy: Crawler) -> None:
    done = scrapy("crawl", "wayback", "-s", "DISTRIBUTED_REDIS_URL=redis://127.0.0.1:1/0")
    assert done.code == 2
    assert "cannot be shared" in done.output


def test_no_redis(scrapy: Crawler) -> None:
    done = scrapy("crawl", "kcna_kp", "-s", "DISTRIBUTED_REDIS_URL=redis://:secret@127.0.0.1:1/0")
    assert done.code == 1
    assert "redis_unreachable" in done.output
    assert "secret" not in done.output


def test_two_workers_fetch_photos(
    scrapy: Crawler, site: SampleSite, archive: Archive, redis_server: RedisServer, tmp_path: Path
) -> None:
    scrapy.environment["FILES_STORE"] = str(tmp_path)
    with sharing(site, redis_server, 2):
        workers = Workers(scrapy, redis_server, 2, "kcna_kp", "-a", "photos=1")
    assert workers.wait() == [0, 0], workers.outputs
    wanted = {
        photo.url: photo.sha256(1)
        for story in [*STORIES, *ALONE]
        if story.code == "en" and story.live(1)
        for photo in photos_of(story)
    }
    stored = [
        photo for document in archive.database["articles"].find() for photo in document.get("photos", [])
    ]
    assert Counter(photo["url"] for photo in stored) == Counter(wanted.keys())
    assert {photo["url"]: photo["sha256"] for photo in stored} == wanted
    assert len(list(tmp_path.rglob("*.jpg"))) == len(wanted)
    assert keys(redis_server) == [], workers.outputs
